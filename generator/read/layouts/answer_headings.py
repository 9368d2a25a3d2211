"""Answers written as headings, each on the line right below its question: `- What is X?`, then `### It is …`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.read.document import Document
from generator.read.layouts import question_labels
from generator.read.layouts.outline import Found

_SIGNS = re.compile(r"[^\w\s]+[ \t]+")


def answers_are_headings(document: Document, found: Sequence[Found]) -> bool:
    """Whether a heading adjoins nearly every question from below and none from above: it answers, it names no section."""
    starts = {heading.start for heading in document.headings}
    ends = {heading.end for heading in document.headings}
    if len(found) < 4 or not starts or min(starts) < found[0].start:
        return False
    below = sum(item.end in starts for item in found)
    return below >= 0.9 * len(found) and not any(item.start in ends for item in found)


def others_above_headings(document: Document, found: Sequence[Found]) -> list[Found]:
    """Lone lines that ask right above a heading, as the questions do: a slip kept them from being items."""
    taken = {item.start for item in found}
    starts = {heading.start for heading in document.headings}
    others = []
    for block in document.tokens:
        if block.type == "paragraph_open" and block.level == 0 and block.map and block.map[1] in starts:
            first, last = block.map
            text = _SIGNS.sub("", document.lines[first].strip(), count=1)
            if last == first + 1 and first not in taken and question_labels.asks(text):
                others.append(Found(text, first, last))
    return others
