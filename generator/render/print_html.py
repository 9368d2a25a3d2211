"""A question's pieces of HTML as print wants them: references by number, numbered figures, code that breaks with a mark."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from generator.markup.math_spans import MathSpan
from generator.render.anki_html import plain
from generator.render.markdown import Rendered
from generator.render.math import fill, mark_display_paragraphs, print_image
from generator.render.print_code import TAG_OR_ENTITY, printed_code
from generator.render.printed import ASSET_SCHEME, BOOK_SCHEME
from generator.render.question import map_links
from generator.render.templates import safe

HEAD_ROOM = 78
"""Characters in a running head."""
LONG_TABLE = 12
"""Tables of more rows may be broken over pages."""
WIDE_TABLE = 5
"""Tables of more columns are set smaller."""
WHOLE_WORDS = 56
"""Where the longest words of a table's columns have no more characters together, no word in it need be broken."""

_IMAGE = re.compile(r'<img src="([\w.-]+)"')
_FIGURE = re.compile(r'<p>\s*(<img src="[\w.-]+" alt="([^"]*)"[^>]*>)\s*</p>')
_NOTE = re.compile(r'((?:id|href)="#?)fn')
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL)
_LEAD_IN = re.compile(r"<p>(?=<strong>(?:(?!</?(?:strong|p)\b).)*</strong>\s*</p>)", re.DOTALL)
_ANNOUNCING = re.compile(
    r'<p>(?=(?:(?!</?p>).)*:(?:</\w+>)*\s*</p>\s*<(?:table|pre|figure|ul|ol|p class="math-block")\b)', re.DOTALL
)
_MARK = re.compile(r"<mark\b[^>]*>(.*?)</mark>", re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_INNER_SPACE = re.compile(
    r"<pre\b.*?</pre>|(?<=[^\s>])[ \n](?=<(?:a|b|code|del|em|i|img|kbd|mark|s|span|strong|sub|sup)\b)", re.DOTALL
)
_BLOCK_END = re.compile(r"\s+(</(?:p|li|t[dh]|d[dt]|h[1-6])>)")


@dataclass(frozen=True, slots=True)
class Term:
    """A marked term and where it stands."""

    html: Markup
    text: str
    anchor: str


class QuestionPrinter:
    """Prepares the pieces of one question in reading order, counting its figures and marks."""

    def __init__(self, number: int, numbers: Mapping[str, int], linked: Collection[str]) -> None:
        """Say which question it is.

        Args:
            number: its number.
            numbers: id -> number of every question that may be referred to.
            linked: the ids of those that are in the same book.
        """
        self._number = number
        self._numbers = numbers
        self._linked = linked
        self._pieces = 0
        self._figures = 0
        self._marks = 0
        self.terms: list[Term] = []

    def html(self, piece: Rendered) -> Markup:
        """A piece, ready for the template."""
        self._pieces += 1
        text = map_links(mark_display_paragraphs(piece.html, piece.math), self._reference)
        if 'href="#fn' in text:
            text = _NOTE.sub(rf"\g<1>fn{self._number}-{self._pieces}-", text)
        if "<img" in text:
            text = _FIGURE.sub(self._figure, text)
        if "<pre" in text:
            text = printed_code(text)
        if "<table" in text:
            text = _TABLE.sub(_table, text)
        if "<p>" in text:
            text = _ANNOUNCING.sub('<p class="lead-in">', _LEAD_IN.sub('<p class="lead-in">', text))
        if "<mark" in text:
            text = _MARK.sub(lambda match: self._mark(match, piece), text)
        return drawn(text, piece.math)

    def _reference(self, target: str, text: str) -> str | None:
        if target.startswith("fn"):
            return None
        if target not in self._numbers:
            return text
        number = (
            f'<span class="see">\N{NO-BREAK SPACE}\N{RIGHTWARDS ARROW}\N{NARROW NO-BREAK SPACE}{self._numbers[target]}</span>'
        )
        if target not in self._linked:
            return f"{text}{number}"
        return f'<a class="reference" href="{BOOK_SCHEME}q-{html.escape(target)}">{text}</a>{number}'

    def _figure(self, match: re.Match[str]) -> str:
        self._figures += 1
        label = f'<span class="figure-number">Figure {self._number}.{self._figures}</span>'
        caption = f" {match[2]}" if match[2] else ""
        return f"<figure>{match[1]}<figcaption>{label}{caption}</figcaption></figure>"

    def _mark(self, match: re.Match[str], piece: Rendered) -> str:
        self._marks += 1
        anchor = f"t-{self._number}-{self._marks}"
        inside = Rendered(match[1], piece.math)
        self.terms.append(Term(safe(fill(match[1], piece.math, print_image)), plain(inside), anchor))
        return f'<mark id="{anchor}">{match[1]}</mark>'


def drawn(text: str, math: Sequence[MathSpan]) -> Markup:
    """HTML with its images by the scheme of our own and its formulas drawn, whose lines are broken where they are full."""
    if "<img" in text:
        text = _IMAGE.sub(rf'<img src="{ASSET_SCHEME}\1"', text)
    # WeasyPrint counts a space at the end of a text: a line that just fits would be broken behind its first word.
    text = fill(_BLOCK_END.sub(r"\1", text), math, print_image)
    return safe(_INNER_SPACE.sub(lambda match: match[0] if match[0][0] == "<" else "<span> </span>", text))


def shortened(text: str, room: int = HEAD_ROOM) -> str:
    """Text that fits a running head, cut behind a word where it is too long; wide characters count twice."""
    used = 0
    for place, char in enumerate(text):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > room:
            return text[: text.rfind(" ", room // 2, place) if " " in text[room // 2 : place] else place].rstrip(" ,;:") + " …"
    return text


def _table(match: re.Match[str]) -> str:
    rows = [_CELL.findall(row) for row in _ROW.findall(match[1])]
    columns = max(map(len, rows), default=0)
    names = ["long"] if len(rows) > LONG_TABLE else []
    if columns > WIDE_TABLE:
        names.append("wide" if columns <= 2 * WIDE_TABLE else "very-wide")
    words = [[max(map(len, TAG_OR_ENTITY.sub("x", cell).split()), default=0) for cell in row] for row in rows]
    if sum(max(column) for column in zip_longest(*words, fillvalue=0)) <= WHOLE_WORDS:
        names.append("whole-words")
    return f'<table class="{" ".join(names)}">{match[1]}</table>' if names else match[0]


def without_skips(text: str) -> str:
    """HTML in which no heading is more than one level below the one before (PDF/UA-1, 7.4.2).

    The first heading keeps its level.
    """
    before, closing = 0, 0

    def one(match: re.Match[str]) -> str:
        nonlocal before, closing
        if match[1]:
            return f"</h{closing or match[2]}"
        level = int(match[2])
        closing = before = min(level, before + 1) if before else level
        return f"<h{closing}"

    return _HEADING.sub(one, text)
