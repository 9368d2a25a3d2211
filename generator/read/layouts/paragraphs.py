"""A paragraph is the question: bold, or with a label such as `Q1:`; what follows is its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from generator.read.document import Document
from generator.read.layouts import clues, lists
from generator.read.layouts.assemble import Found, Outline
from generator.read.layouts.lists import sections_of

_BOLD = re.compile(r"^(?:\*\*|__|<b>|<strong>)", re.IGNORECASE)
_Q_LABEL = re.compile(
    r"^[^\w\n]*(?:(?:questions?|ques|q|pregunta|frage|вопрос|问题|問題|问|問)\s*[.:#-]?\s*\d*[a-z]?\s*[.:)\]\-–—：]|\d{1,4}\s*q\b|\d{1,4}\ufe0f?\u20e3|\d{1,4}[.)])",
    re.IGNORECASE,
)


def bold(document: Document) -> Outline:
    """Paragraphs that are bold from their beginning, and ask or are numbered."""
    return _paragraphs(document, _bold_question)


def labelled(document: Document) -> Outline:
    """Paragraphs that begin with a label: `Q1:`, `Q.`, `72Q.`, `Question 17b.`, a number."""
    return _paragraphs(document, _labelled_question)


def numbered(document: Document) -> Outline:
    """Items of numbered lists and paragraphs that begin with a number, which mix in one file."""
    items = list(lists.items(document, "ordered_list_open"))
    taken = {line for item in items for line in range(item.start, item.end)}
    more = [found for found in _found(document, _labelled_question) if found.start not in taken]
    found = sorted([*items, *more], key=lambda item: item.start)
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _paragraphs(document: Document, take: Callable[[list[str]], int]) -> Outline:
    found = list(_found(document, take))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _found(document: Document, take: Callable[[list[str]], int]) -> Iterator[Found]:
    for block in document.tokens:
        outer = block.level == 0 or (block.level == 2 and block.type == "paragraph_open")
        if not outer or not block.map or block.type not in ("paragraph_open", "heading_open"):
            continue
        start, end = block.map
        position = start
        while position < end:
            lines = [
                re.sub(r"^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+(?=\*\*))?(?:#{1,6}[ \t]+)?", "", line)
                for line in document.lines[position:end]
            ]
            count = take(lines)
            if count:
                yield Found(" ".join(line.strip() for line in lines[:count]), position, position + count)
                position += count
            else:
                position += 1


def _bold_question(lines: list[str]) -> int:
    """How many lines the bold question at the beginning takes; 0 if there is none."""
    if not _BOLD.match(lines[0].lstrip()):
        return 0
    for count in range(1, min(len(lines), 4) + 1):
        text = " ".join(line.strip() for line in lines[:count])
        cleaned = clues.clean(text)
        if cleaned.bold and not clues.answer_label(text):
            return count if clues.asks(cleaned.text) or cleaned.label else 0
    return 0


def _labelled_question(lines: list[str]) -> int:
    text = lines[0].strip()
    bare = re.sub(r"^(?:\*\*|__|<b>|<strong>|\*)+\s*", "", text)
    if not _Q_LABEL.match(bare) or clues.answer_label(text):
        return 0
    count = 1
    while (
        count < len(lines)
        and not _ended(text)
        and not clues.answer_label(lines[count])
        and not _Q_LABEL.match(lines[count].strip())
    ):
        text = f"{text} {lines[count].strip()}"
        count += 1
        if count > 6:
            return 1
    return count if clues.clean(text).label is not None else 0


def _ended(text: str) -> bool:
    return text.rstrip(" *_").endswith(("?", "？", "؟")) or text.endswith(("**", "  "))
