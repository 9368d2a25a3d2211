"""HTML elements in Markdown: balanced, none of them in code or in comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from generator.markup.commonmark import code_lines, code_lines_of
from generator.read.document import Document

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^`\n]+(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the source; positions are offsets into the text."""

    name: str
    opening: str
    """The opening tag as written."""
    start: int
    inner_start: int
    inner_end: int
    end: int
    depth: int
    """How many elements of the names that were asked for are around it."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A `<details>` with its summary."""

    start: int
    """0-based line of its opening tag."""
    shown: int
    """0-based line of its summary."""
    inner: int
    """0-based line after the summary."""
    end: int
    """0-based line after the closing tag."""
    summary: str
    inside: str
    before: int
    """Offset of the opening tag."""
    after: int
    """Offset behind the closing tag."""
    depth: int


class Source:
    """A text with its visible markup (code and comments blanked, every offset kept) and the line of each offset."""

    def __init__(self, text: str, code: set[int]) -> None:
        self.text = text
        self.visible = _without_comments(_without_code(text, code))
        self._breaks = [-1, *(match.start() for match in re.finditer("\n", text))]

    def line(self, offset: int) -> int:
        """0-based line of an offset."""
        return bisect_left(self._breaks, offset) - 1


def source_of(document: Document) -> Source:
    """The document's source; code is what its tokens say."""
    return Source("\n".join(document.lines), code_lines_of(document.tokens))


def source_of_text(text: str) -> Source:
    """A piece of Markdown as a source of its own."""
    return Source(text, code_lines(text))


def _without_code(text: str, code: set[int]) -> str:
    lines = text.split("\n")
    for number in code:
        if number < len(lines):
            lines[number] = " " * len(lines[number])
    return _CODE_SPAN.sub(lambda match: " " * len(match[0]), "\n".join(lines))


def _without_comments(text: str) -> str:
    pieces = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        pieces += [text[position:start], re.sub(r"[^\n]", " ", text[start : end + 3])]
        position = end + 3
    return "".join([*pieces, text[position:]])


def elements(visible: str, names: str) -> list[Element]:
    """All elements with one of the names (`details|summary`), in the order of their beginnings.

    One that is never closed ends where the next of its name begins, or with the text.
    """
    found: list[Element] = []
    waiting: list[re.Match[str]] = []
    depth_of: dict[str, int] = {}
    for tag in re.finditer(rf"<(/?)({names})\b[^<>]*>", visible, re.IGNORECASE):
        name = tag[2].lower()
        if not tag[1]:
            waiting.append(tag)
            depth_of[name] = depth_of.get(name, 0) + 1
        elif depth_of.get(name):
            while waiting:
                opening = waiting.pop()
                own = opening[2].lower()
                depth_of[own] -= 1
                closed = own == name
                end = tag.end() if closed else tag.start()
                found.append(_element(opening, tag.start(), end, len(waiting)))
                if closed:
                    break
    following: dict[str, int] = {}
    for depth in range(len(waiting) - 1, -1, -1):
        opening = waiting[depth]
        end = following.get(opening[2].lower(), len(visible))
        following[opening[2].lower()] = opening.start()
        found.append(_element(opening, end, end, depth))
    return sorted(found, key=lambda element: element.start)


def _element(opening: re.Match[str], inner_end: int, end: int, depth: int) -> Element:
    return Element(opening[2].lower(), opening[0], opening.start(), opening.end(), inner_end, end, depth)


def folds(source: Source) -> Iterator[Fold]:
    """Every `<details>` that has a summary, nested ones too."""
    if "<details" not in source.visible.lower():
        return
    summaries = elements(source.visible, "summary")
    position = 0
    for element in elements(source.visible, "details"):
        while position < len(summaries) and summaries[position].start < element.start:
            position += 1
        if position == len(summaries):
            return
        summary = summaries[position]
        if source.visible[element.inner_start : summary.start].strip():
            continue
        end = max(element.inner_end, summary.end)
        yield Fold(
            start=source.line(element.start),
            shown=source.line(summary.start),
            inner=source.line(summary.end - 1) + 1,
            end=source.line(max(element.end, summary.end) - 1) + 1,
            summary=source.text[summary.inner_start : summary.inner_end].strip(),
            inside=source.text[summary.end : end],
            before=element.start,
            after=max(element.end, summary.end),
            depth=element.depth,
        )


def one_line(html: str) -> str:
    """Inline HTML as one line of Markdown: frames taken off, bold and code as Markdown writes them."""
    text = re.sub(r"</?(?:h[1-6]|p|div|span|font|summary|br|center)\b[^>]*>", " ", html, flags=re.IGNORECASE)
    text = re.sub(r"</?(?:b|strong)\b[^>]*>", "**", text, flags=re.IGNORECASE)
    text = re.sub(r"</?code\b[^>]*>", "`", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<![\w`\\])__(\w+)__(?![\w`])", r"\\_\\_\1\\_\\_", text)  # a name, not bold
    return " ".join(text.split())
