"""Headings that only name the list of questions right below them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from generator.read.document import Document
from generator.read.layouts import question_labels
from generator.read.layouts.candidates import Candidate
from generator.read.layouts.titles import titles

_LISTS = ("ordered_list_open", "bullet_list_open")


def name_lists(document: Document, chosen: Sequence[Candidate]) -> bool:
    """Whether headings that ask nothing are sections: below nearly all stand lists alone, and most of their items ask."""
    if len(chosen) < 2 or any(item.asks or item.answered for item in chosen):
        return False
    tops = [block for block in document.tokens if block.level == 0 and block.nesting >= 0 and block.map]
    starts = [block.map[0] for block in tops if block.map]
    items = [block.map[0] for block in document.tokens if block.type == "list_item_open" and block.level == 1 and block.map]
    borders = [*(heading.start for heading in titles(document)), len(document.lines)]
    named = count = asking = 0
    for item in chosen:
        first = item.heading.end
        stop = borders[bisect_left(borders, first)]
        blocks = tops[bisect_left(starts, first) : bisect_left(starts, stop)]
        if not blocks or any(block.type not in _LISTS for block in blocks):
            continue
        below = items[bisect_left(items, first) : bisect_left(items, stop)]
        if len(below) >= 2:
            named += 1
            count += len(below)
            asking += sum(question_labels.asks(_words(document.lines[line])) for line in below)
    return named >= 0.8 * len(chosen) and asking >= 0.6 * count


def _words(line: str) -> str:
    """An item's first line without its bullet."""
    return line.lstrip(" \t-*+")
