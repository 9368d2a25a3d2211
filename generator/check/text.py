"""Rules on what answers hold beside words: nesting, formulas, tables, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import glyphs
from generator.check.subject import Finding, Subject, markdown_parts, place_in, short
from generator.markup import commonmark
from generator.markup.inline import marks_of
from generator.markup.math_spans import put_aside
from generator.model import Place
from generator.render.math import Undrawable, draw
from generator.render.tex import unknown_on_cards

_NUMBER = re.compile(r"(?<![\w$])\$([+-]?\d[\d.,+\s-]*)\$(?![\w$])")


def too_deep(subject: Subject) -> Iterator[Finding]:
    """Lists and quotes nested deeper than outputs show."""
    limit = commonmark.FLATTENED
    for _, part, tokens in subject.parts:
        if any(token.level >= limit for token in tokens):
            yield (
                part.place,
                f"lists or quotes are nested more than {limit // 2} deep; what lies deeper is shown flat",
                "flatten the lists or quotes",
            )


def formulas(subject: Subject) -> Iterator[Finding]:
    """Formulas that print can't draw, or cards can't."""
    for question in subject.bank.questions:
        for part in markdown_parts(question):
            for span in put_aside(part.markdown).spans:
                if isinstance(drawn := draw(span.tex, span.display), Undrawable):
                    message = f"formula can't be drawn in print, {drawn.reason}: {short(' '.join(span.tex.split()))}"
                    yield place_in(part, span.tex_line + drawn.line), message, "correct it, or write it more simply"
                elif macro := unknown_on_cards(span.tex):
                    yield place_in(part, span.line), f"Anki's MathJax does not know {macro}", "write it with a standard macro"


def bare_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers in dollars, which stay text (`generator.markup.math_spans`)."""
    for _, part, tokens in subject.parts:
        if "$" not in part.markdown:
            continue
        for child, line in commonmark.inline_tokens(tokens):
            for match in _NUMBER.finditer(child.content if child.type == "text" else ""):
                message = f"a mere number is no formula, so its dollars are shown: {match[0]}"
                yield place_in(part, line), message, f"write {match[1].replace('-', '−')} without dollars"


def missing_glyphs(subject: Subject) -> Iterator[Finding]:
    """Characters that no font of print has, once per question."""
    found: dict[str, tuple[Place, dict[str, None]]] = {}
    for question, part, tokens in subject.parts:
        for text, line in commonmark.shown_text(tokens):
            if lacking := glyphs.missing(text):
                found.setdefault(question.id, (place_in(part, line), {}))[1].update(dict.fromkeys(lacking))
    for place, signs in found.values():
        named = ", ".join(glyphs.describe(sign) for sign in list(signs)[:3])
        more = f" and {len(signs) - 3} more" if len(signs) > 3 else ""
        yield place, f"print has no glyph for {named}{more}; it shows {glyphs.BOX}", "write a word or a simpler sign"


def wide_rows(subject: Subject) -> Iterator[Finding]:
    """Table rows with more cells than the head."""
    for _, part, tokens in subject.parts:
        lines = part.markdown.split("\n")
        for token in tokens:
            if token.type == "table_open" and token.map:
                first, last = token.map[0], min(token.map[1], len(lines))
                cells = commonmark.count_cells(lines[first]) if first < last else 0
                for number in range(first + 2, last):
                    if (count := commonmark.count_cells(lines[number])) > cells:
                        message = f"table row has {count} cells, its head {cells}; the rest is not shown"
                        yield place_in(part, number), message, "write a | inside code or math as \\|"


def odd_hints(subject: Subject) -> Iterator[Finding]:
    """Marks with more than one `|`, which hardly means a hint then."""
    for question in subject.bank.questions:
        for point in question.key_points:
            for mark in marks_of(point.markdown):
                if mark.hint is not None and "|" in mark.hint:
                    yield (
                        point.place,
                        f'mark "{short(mark.text)}" has more than one |; all behind the first is its hint',
                        "leave one, or put what holds a | into code",
                    )
