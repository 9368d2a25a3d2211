"""Print's finer points: quotation marks, apostrophes, and numbers that stay with their units. Cards keep what was typed.

Quotation marks differ by language; these are English, so texts in other languages are left alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from smartypants import Attr, smartypants

from generator.model import Bank, Ranked
from generator.render.markdown import Rendered
from generator.render.question import QuestionHtml

_QUOTES = Attr.q | Attr.u | Attr.w
_UNITS = "B kB MB GB TB PB KiB MiB GiB TiB kbit Mbit Gbit ns µs ms s min h W kW MW kWh USD EUR tokens FLOP TFLOPS".split()
_UNIT = re.compile(rf"<(pre|code|kbd|samp)\b.*?</\1>|<[^>]*>|(?<=\d) (?=(?:{'|'.join(map(re.escape, _UNITS))})\b|%)", re.DOTALL)
_ALT = re.compile(r'(?<= alt=")[^"]*')


def typographic(text: str, language: str) -> str:
    """HTML with typographic quotation marks and apostrophes, and no line break between a number and its unit.

    Code is left as it is.

    Args:
        text: HTML; formulas are tokens.
        language: of the text, e.g. `en-GB`.
    """
    if language.split("-")[0].lower() != "en":
        return text
    if "'" in text or '"' in text or "&quot;" in text or "&#" in text:
        text = _ALT.sub(lambda match: smartypants(match[0], _QUOTES), smartypants(text, _QUOTES))
    return _UNIT.sub(lambda match: "\N{NO-BREAK SPACE}" if match[0] == " " else match[0], text)


def typographic_words(text: str, language: str) -> str:
    """Like `typographic`, for text that is no HTML."""
    return html.unescape(typographic(html.escape(text, quote=False), language))


def set_piece(piece: Rendered, language: str) -> Rendered:
    """A rendered piece as print sets it."""
    return replace(piece, html=typographic(piece.html, language))


@dataclass(frozen=True, slots=True)
class Setting:
    """A bank as print sets it; ids, numbers and evidence are the bank's own."""

    bank: Bank
    chosen: tuple[Ranked, ...]
    """The questions to print, in order."""
    rendered: Mapping[str, QuestionHtml]
    """By id."""


def set_for_print(bank: Bank, chosen: Sequence[Ranked], rendered: Mapping[str, QuestionHtml], language: str) -> Setting:
    """Titles, sections and text as print sets them in a language."""

    def ranked(one: Ranked) -> Ranked:
        sections = tuple(typographic_words(section, language) for section in one.question.sections)
        return replace(one, question=replace(one.question, sections=sections))

    return Setting(
        bank=replace(bank, title=typographic_words(bank.title, language)),
        chosen=tuple(map(ranked, chosen)),
        rendered={identity: _question(one, language) for identity, one in rendered.items()},
    )


def _question(one: QuestionHtml, language: str) -> QuestionHtml:
    def set_(piece: Rendered) -> Rendered:
        return set_piece(piece, language)

    return replace(
        one,
        title=set_(one.title),
        short=set_(one.short),
        body=set_(one.body),
        key_points=tuple(replace(point, html=set_(point.html)) for point in one.key_points),
        key_point_text=set_(one.key_point_text),
        graded=set_(one.graded),
        answer=tuple(replace(part, title=set_(part.title), html=set_(part.html)) for part in one.answer),
        follow_ups=set_(one.follow_ups),
        sources=set_(one.sources),
    )
