"""Flash cards of note programs: `Question::Answer` on one line, or the two parted by a line `?`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.markup.commonmark import code_lines_of
from generator.read.document import Document
from generator.read.layouts import answer_words, noise, question_words
from generator.read.layouts.outline import Found, Outline
from generator.read.layouts.titles import sections_of

_BETWEEN = re.compile(r"(?<!:):::?(?!:)")
"""What parts the sides of a card on one line."""
_MARKER = re.compile(r"^[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+)?")
_SCHEDULE = re.compile(r"<!--SR:[^\n]*?-->")
"""What Obsidian notes about a card's repetitions."""
_TAG = re.compile(r"(?:^|\s)#flash-?cards?\b", re.IGNORECASE)
_NAMED = re.compile(r"\bflash[ -]?cards?\b", re.IGNORECASE)
_PARTING = frozenset(("?", "??"))
_CODE_SPAN = re.compile(r"(`+)[^`\n]+\1")
_BOX = re.compile(r"[ \t]*[-*+][ \t]+\[[ xX]\][ \t]")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")


def cards(document: Document) -> Outline:
    """Cards, in a document that says that it holds some; else only those that ask, if there are several."""
    if not any("::" in line or line.strip() in _PARTING for line in document.lines):
        return Outline(())
    found = sorted([*_one_line(document), *_parted(document)], key=lambda item: item.start)
    if not has_cards(document):
        found = [item for item in found if question_words.ends_asking(item.text)]
        found = found if len(found) >= 2 else []
    starts = {item.start for item in found}
    return Outline(tuple(found), tuple(mark for mark in sections_of(document, found) if mark.start not in starts))


def without_parting(text: str) -> str:
    """An answer without the line `?` that it begins with."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if first.strip() in _PARTING and rest.strip() else text


def without_schedule(text: str) -> str:
    """The text without the comments in which a program notes when a card is due."""
    return _SCHEDULE.sub("", text) if "<!--SR:" in text else text


def has_cards(document: Document) -> bool:
    """Whether a document says that it holds cards: by a tag, a heading, or what a program notes about them."""
    if _NAMED.search(document.front_matter) or any(
        _NAMED.search(item.text[: question_words.LONGEST]) for item in document.headings
    ):
        return True
    code = code_lines_of(document.tokens)
    said = (line for number, line in enumerate(document.lines) if number not in code and len(line) < question_words.LONGEST)
    return any(_TAG.search(line) or re.search(r"<!--SR:[^\n]*-->\s*$", line) for line in said)


def _one_line(document: Document) -> Iterator[Found]:
    """Lines `front::back` of paragraphs and list items."""
    for block in document.tokens:
        if block.type != "paragraph_open" or block.level > 2 or not block.map:
            continue
        for number in range(*block.map):
            line = document.lines[number]
            if "::" not in line or len(line) > 4 * question_words.LONGEST or line.lstrip().startswith((">", "|")):
                continue
            line = _MARKER.sub("", without_schedule(line), count=1).rstrip()
            between = _BETWEEN.search(_CODE_SPAN.sub(lambda match: "`" * len(match[0]), line))
            if between is None:
                continue
            front, back = line[: between.start()].strip(), line[between.end() :].strip()
            if front and back and not _is_field(front, back):
                yield Found(front, number, number + 1, stop=number + 1, inside=back, sure=True)


def _is_field(front: str, back: str) -> bool:
    """Whether `up:: [[Home]]` is a property of a note rather than a card."""
    return re.fullmatch(r"[\w-]+", front) is not None and (back.startswith("[[") or front.islower())


def _parted(document: Document) -> Iterator[Found]:
    """Cards whose sides are parted by a line `?`: they reach to the next blank line, or to the next heading below one."""
    code = code_lines_of(document.tokens)
    lines = document.lines
    below = 0
    for number, line in enumerate(lines):
        if line.strip() not in _PARTING or number in code or number == 0:
            continue
        start = number
        while start > below and start - 1 not in code and not _is_border(lines[start - 1]):
            start -= 1
        heading = start == number and start > below and _HEADING.match(lines[start - 1]) is not None
        start -= heading
        end = number + 1
        while end < len(lines) and (end in code or not _is_border(lines[end])):
            end += 1
        below = end
        if start < number < end - 1:
            yield _card([*lines[start:number]], start, number, None if heading else end)


def _is_border(line: str) -> bool:
    """Whether no card reaches over a line: blank, a heading, a separator, another `?`."""
    return not line.strip() or line.strip() in _PARTING or _HEADING.match(line) is not None or noise.is_noise(line)


def _card(front: list[str], start: int, parting: int, stop: int | None) -> Found:
    """A card whose front has the given lines: the first of them are its words, options stand on its front."""
    count = next((at for at, line in enumerate(front) if _BOX.match(line) or answer_words.option(line)), len(front)) or len(
        front
    )
    text = " ".join(_MARKER.sub("", line, count=1).strip() for line in front[:count])
    return Found(text, start, parting + 1, stop=stop, front="\n".join(front[count:]), sure=True)
