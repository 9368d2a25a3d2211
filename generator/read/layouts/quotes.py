"""Block quotes: the quote is the question and what follows its answer, or it holds both with labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.read.document import Document
from generator.read.layouts import clues
from generator.read.layouts.outline import Found, Outline
from generator.read.layouts.titles import sections_of


def quotes(document: Document) -> Outline:
    """Outermost block quotes whose first line asks or is labelled."""
    found = list(_quotes(document))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _quotes(document: Document) -> Iterator[Found]:
    for block in document.tokens:
        if block.type != "blockquote_open" or block.level != 0 or not block.map:
            continue
        start, end = block.map
        lines = [re.sub(r"^[ \t]{0,3}>[ ]?", "", line) for line in document.lines[start:end]]
        while lines and not lines[-1].strip():
            lines.pop()
        first = next((number for number, line in enumerate(lines) if line.strip()), None)
        if first is None:
            continue
        count = first + 1
        text = re.sub(r"^\[![\w-]+\][-+]?[ \t]*(?=\S)", "", lines[first].strip())  # > [!question]- What …
        while count < len(lines) and lines[count].strip() and not _ended(text) and not clues.answer_label(lines[count]):
            text = f"{text} {lines[count].strip()}"
            count += 1
        cleaned = clues.clean(re.sub(r"^#{1,6}\s+", "", text))
        if not (clues.asks(cleaned.text) or cleaned.label) or clues.answer_label(text):
            continue
        rest = "\n".join(lines[count:]).strip("\n")
        above = next((line for line in reversed(document.lines[:start]) if line.strip()), "")
        if above.rstrip(" *_").endswith((":", "：")):
            continue  # a quotation inside an answer
        if rest.strip():
            yield Found(text, start, end, stop=end, inside=rest)
        else:
            yield Found(text, start, end)


def _ended(text: str) -> bool:
    return text.rstrip(" *_").endswith(("?", "？", "؟"))
