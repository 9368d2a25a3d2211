"""The scanner for math: which formulas it finds (golden/math.md), and that it loses nothing."""

from __future__ import annotations

import pytest

from generator.markup.math_spans import MathSpan, put_aside
from generator.markup.placeholders import TOKEN, token
from tests.golden import Case, read_cases

CASES = read_cases("math.md")
each_case = pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])


def described(span: MathSpan) -> str:
    """A formula as golden/math.md writes it."""
    tex = " ⏎ ".join(line.strip() for line in span.tex.split("\n"))
    return f"line {span.line + 1}, {'display' if span.display else 'inline'}: {tex}"


@each_case
def test_exactly_these_formulas_are_found(case: Case) -> None:
    found = [described(span) for span in put_aside(case.source).spans]
    assert "\n".join(found or ["none"]) == case.expected


@each_case
def test_the_text_comes_back_as_it_was(case: Case) -> None:
    aside = put_aside(case.source)
    assert aside.restore(aside.text) == case.source


@each_case
def test_lines_stay_where_they_are(case: Case) -> None:
    aside = put_aside(case.source)
    assert aside.text.count("\n") == case.source.count("\n")
    for number, span in enumerate(aside.spans):
        assert token("m", number) in aside.text.split("\n")[span.line]


@each_case
def test_tokens_are_numbered_in_the_order_of_the_formulas(case: Case) -> None:
    aside = put_aside(case.source)
    assert TOKEN.findall(aside.text) == [("m", str(number)) for number in range(len(aside.spans))]


def test_a_formula_keeps_its_source_and_its_tex() -> None:
    (span,) = put_aside("> so $$a\n> + b$$.").spans
    assert span == MathSpan(tex="a\n+ b", display=True, source="$$a\n> + b$$", line=0)


def test_text_without_a_dollar_or_backslash_is_left_alone() -> None:
    text = "No formula, only 5 < 6 and [a](b).\n"
    assert put_aside(text).text == text


def test_a_piece_of_the_text_is_restored_on_its_own() -> None:
    aside = put_aside("$a$ and $b$\n$c$")
    last = aside.text.split("\n")[1]
    assert aside.restore(last) == "$c$"


def test_restoring_leaves_other_tokens_alone() -> None:
    aside = put_aside("$a$")
    assert aside.restore(token("m", 0) + token("c", 0)) == "$a$" + token("c", 0)
