"""Formulas: what people write is drawn, stands on the line, reaches cards unchanged; what is wrong is named with its line."""

from __future__ import annotations

import html
import json
import re

import pytest

from generator.markup.math_spans import put_aside
from generator.render.math import Drawing, Undrawable, draw, mathjax, print_image
from generator.render.tex import unknown_on_cards
from tests.conftest import DECK, Decks, Write
from tests.golden import Formula, read_formulas

FORMULAS = read_formulas()


def drawn(tex: str, display: bool = True) -> Drawing:
    """The drawing of a formula that can be drawn."""
    drawing = draw(tex, display)
    assert isinstance(drawing, Drawing), drawing
    return drawing


def reason(tex: str) -> Undrawable:
    """Why a formula can't be drawn."""
    answer = draw(tex, True)
    assert isinstance(answer, Undrawable)
    return answer


def test_the_sheet_holds_more_formulas_than_a_paper() -> None:
    assert len(FORMULAS) > 100
    assert {formula.display for formula in FORMULAS} == {True, False}


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.title)
def test_a_formula_of_the_sheet_is_drawn_at_a_sane_size(formula: Formula) -> None:
    drawing = drawn(formula.tex, formula.display)
    assert "<text" not in drawing.svg
    assert drawing.svg.count("<path") + drawing.svg.count("<rect") >= 1
    assert 0.4 < drawing.height < (8 if formula.display else 2.6)
    assert 0.4 < drawing.width < 40
    assert -0.1 < drawing.depth < drawing.height


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.title)
def test_a_formula_of_the_sheet_reaches_cards_as_it_was_written(formula: Formula) -> None:
    mark = "$$" if formula.display else "$"
    [span] = put_aside(f"{mark}{formula.tex}{mark}").spans
    card = html.unescape(mathjax(span))
    assert "".join(card[2:-2].split()) == "".join(formula.tex.split())
    assert unknown_on_cards(formula.tex) == ""


WRONG = {
    "unknown macro": (r"\foo + 1", r"unknown command \foo", 0),
    "unknown macro below": ("a\n+ b\n+ \\foo", r"unknown command \foo", 2),
    "unknown macro in text": (r"\text{a $\foo$ b}", r"unknown command \foo", 0),
    "unknown environment": (r"\begin{foo} a \end{foo}", "unknown environment foo", 0),
    "open brace": (r"\frac{a}{b", "expected closing token }", 0),
    "brace too many": ("a\n}", "unmatched closing token: }", 1),
    "left without right": (r"\left( a", r"expected closing token \right", 0),
    "right without left": (r"a \right)", r"unmatched closing token: \right", 0),
    "argument missing": (r"\frac{a}", "expected argument", 0),
    "superscript missing": ("x^", "expected argument", 0),
    "superscript twice": ("x^a^b", "duplicate subscript or superscript", 0),
    "environment left open": (r"\begin{cases} a & b", "expected closing token", 0),
    "environment closed by another": (r"\begin{cases} a \end{aligned}", "", 0),
    "ampersand outside a table": ("a & b", "table-like environment", 0),
    "macro that calls itself": (r"\def\a{\a\a}\a", "too many expansions", 0),
    "rule in a table": (r"\begin{array}{c} a \\ \hline b \end{array}", r"\hline", 0),
    "nothing": ("{}", "it is empty", 0),
    "too long": ("x+" * 5000, "it has 10000 characters, more than 4000", 0),
    "braces without end": ("{" * 3000, "nested more than 60 deep", 0),
    "roots in roots": (r"\sqrt{" * 500 + "x" + "}" * 500, "nested more than 60 deep", 0),
    "accents on accents": (r"\hat" * 900 + " x", "nested more than 60 deep", 0),
    "roots in macros": (r"\def\a#1{\sqrt{#1}}" + r"\a{" * 100 + "x" + "}" * 100, "nested more than 8 deep", 0),
    "fences in fences": (r"\left(" * 20 + "x" + r"\right)" * 20, "too large or nested too deeply", 0),
    "tower": (r"\begin{gathered}" + r"x \\" * 60 + r"\end{gathered}", "lines high", 0),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_formula_is_said(case: str) -> None:
    tex, words, line = WRONG[case]
    found = reason(tex)
    assert words in found.reason
    assert "\n" not in found.reason
    assert found.line == line


def test_the_check_names_file_and_line(write: Write, decks: Decks) -> None:
    text = (
        "# Net\n\n### Why? {#a}\n\nThe scale is $\\sqrt{d}$, not $\\squirt{d}$.\n\n$$\n\\begin{aligned}\n"
        "a &= b \\\\\n c &= \\wrong{d}\n\\end{aligned}\n$$\n\nAnd $\\argmax_x f$, $x_{i$.\n"
    )
    write({"content/deck.toml": DECK, "content/10-a.md": text})
    rows = [row for row in json.loads(decks("check", "--format", "json").out) if row["code"] == "formula"]
    assert [(row["line"], row["severity"]) for row in rows] == [
        (5, "warning"),
        (10, "warning"),
        (14, "warning"),
        (14, "warning"),
    ]
    messages = " ".join(row["message"] for row in rows)
    for words in (r"unknown command \squirt", r"unknown command \wrong", r"does not know \argmax", "expected closing token }"):
        assert words in messages


def test_a_macro_of_the_author_is_no_unknown_one() -> None:
    assert unknown_on_cards(r"\bm{x}") == r"\bm"
    assert unknown_on_cards(r"\def\bm#1{\boldsymbol{#1}} \bm{x}") == ""


@pytest.mark.parametrize(
    ("tex", "same"),
    [
        (r"\begin{split} a &= b \\ c &= d \end{split}", r"\begin{aligned} a &= b \\ c &= d \end{aligned}"),
        (r"\begin{align} a &= b \end{align}", r"\begin{aligned} a &= b \end{aligned}"),
        (r"\begin{alignat*}{2} a &= b \end{alignat*}", r"\begin{aligned} a &= b \end{aligned}"),
        (r"\begin{equation} a \end{equation}", r"\begin{gathered} a \end{gathered}"),
        (r"\text{if $x > 0$ holds}", r"\text{if }{x > 0}\text{ holds}"),
        (r"\operatorname*{\mathrm{argmax}}_x f", r"\operatorname*{argmax}_x f"),
        (r"\operatorname{\text{softmax}}(x)", r"\operatorname{softmax}(x)"),
        (r"\mbox{a b}", r"\text{a b}"),
        ("a \\\\\n% a remark with $ and {\n b", "a b"),
        (r"\left< x \right>", r"\left\langle x \right\rangle"),
        (r"\mathop{\mathrm{argmax}}\limits_x f", r"\mathop{\mathrm{argmax}}_x f"),
        (r"\begin{array}{@{}lr@{}} a & b \end{array}", r"\begin{array}{lr} a & b \end{array}"),
        (r"x \label{eq} = \hspace*{1em} y", r"x = \hspace{1em} y"),
        (r"\begin{aligned} a &= b \\ c \\ \end{aligned}", r"\begin{aligned} a &= b \\ c & \end{aligned}"),
        (r"x \tag{1}", r"x \qquad\text{(1)}"),
    ],
)
def test_two_ways_to_write_the_same_look_the_same(tex: str, same: str) -> None:
    assert drawn(tex).svg == drawn(same).svg


@pytest.mark.parametrize(
    ("smaller", "larger", "side"),
    [
        (r"\lVert x \rVert_2", r"\left\lVert \frac{\sqrt{x}}{y} \right\rVert_2", "height"),
        (r"\bigl( x \bigr)", r"\Bigl( x \Bigr)", "height"),
        (r"\Bigl( x \Bigr)", r"\biggl( x \biggr)", "height"),
        (r"\biggl( x \biggr)", r"\Biggl( x \Biggr)", "height"),
        (r"x \xrightarrow{a} y", r"x \xrightarrow{a + b + c + d} y", "width"),
        (r"\overline{a}", r"\overline{abc}", "width"),
        (r"\begin{array}{cc} 1 & 2 \end{array}", r"\begin{array}{c|c} 1 & 2 \end{array}", "width"),
        (r"\begin{smallmatrix} a & b \\ c & d \end{smallmatrix}", r"\begin{matrix} a & b \\ c & d \end{matrix}", "width"),
        (r"\tfrac{a}{b}", r"\dfrac{a}{b}", "height"),
        (r"E_{x}", r"\mathop{E}_{x}", "height"),
        (r"E_{x \sim p}", r"\operatorname*{\mathbb{E}}_{x \sim p}", "height"),
        ("a!b", "a=b", "width"),
        ("{=}", "a = b", "width"),
        ("1{,}024", "1, 024", "width"),
        (r"a \! b", "a b", "width"),
        ("x", r"\boxed{x}", "width"),
        (r"\underbrace{a}", r"\underbrace{a}_{\text{b}}", "height"),
    ],
)  # fmt: skip
def test_the_second_is_larger_than_the_first(smaller: str, larger: str, side: str) -> None:
    assert getattr(drawn(smaller), side) < getattr(drawn(larger), side)


def test_limits_stand_below_in_a_display_and_beside_in_a_line_and_a_fraction() -> None:
    for tex in (r"\sum_{i=1}^n x_i", r"\max_x f", r"\operatorname*{argmax}_x f", r"\lim_{n \to \infty} f"):
        assert drawn(tex, True).depth > drawn(tex, False).depth + 0.1
        assert drawn(tex, True).width < drawn(tex, False).width
    assert drawn(r"\frac{\sum_{i=1}^n x_i}{2}").height < drawn(r"\frac{\displaystyle\sum_{i=1}^n x_i}{2}").height


@pytest.mark.parametrize(("tex", "least", "most"), [("x", -0.02, 0.1), ("y", 0.18, 0.35), (r"\frac{1}{2}", 0.3, 0.6)])
def test_an_inline_formula_reaches_below_the_line_as_far_as_its_letters(tex: str, least: float, most: float) -> None:
    assert least < drawn(tex, False).depth < most


def test_in_print_the_source_is_the_alternative_text() -> None:
    spans = put_aside('a $x<\\text{"b"}$ and $$\\sum_i x_i$$ and $\\foo$').spans
    inline, display, wrong = (print_image(span) for span in spans)
    assert 'alt="x&lt;\\text{&quot;b&quot;}"' in inline
    assert inline.startswith('<img class="math" ')
    assert re.search(r"vertical-align:-?0\.\d+em", inline)
    assert 'alt="\\sum_i x_i"' in display
    assert display.startswith('<img class="math-display" ')
    assert wrong == '<code class="math-source">\\foo</code>'
