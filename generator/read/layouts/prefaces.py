"""Headings that ask about the list or its repository: before a table of contents, below "Contributing", "Why use it?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.read.document import Document
from generator.read.layouts import header_words, lists
from generator.read.layouts.candidates import Candidate
from generator.read.layouts.titles import is_list_by_name

_READER = re.compile(r"\b(?:I|me|my)\b")
"""Who asks is the reader of the document."""


def about_the_list(document: Document, candidates: Sequence[Candidate]) -> set[int]:
    """Lines of the headings that ask nothing of a candidate, because they speak of the document they stand in."""
    return _before_contents(document, candidates) | _housekeeping(candidates) | _of_the_reader(document, candidates)


def _before_contents(document: Document, candidates: Sequence[Candidate]) -> set[int]:
    """Headings without a label that ask above a table of contents which does not name them, where most ask below it."""
    contents = next((item for item in candidates if header_words.is_contents(item.heading.text)), None)
    if contents is None:
        return set()
    before = [item for item in candidates if item.heading.start < contents.heading.start and item.level > 1 and item.evident]
    after = sum(item.heading.start > contents.heading.start and item.evident for item in candidates)
    if not before or any(item.labelled for item in before) or after < 2 * len(before):
        return set()
    stop = next((item.heading.start for item in candidates if item.heading.start > contents.heading.start), len(document.lines))
    entries = {lists.bare(line) for line in document.lines[contents.heading.end : stop]}
    return {item.heading.start for item in before if lists.bare(item.heading.text) not in entries}


def _housekeeping(candidates: Sequence[Candidate]) -> set[int]:
    """Headings below one such as "Contributing", which show what a question should look like."""
    inside: set[int] = set()
    below: set[int] = set()
    for item in candidates[1:]:
        if item.parent in inside:
            below.add(item.heading.start)
            inside.add(item.heading.start)
        elif header_words.HOUSEKEEPING.fullmatch(item.text):
            inside.add(item.heading.start)
    return below


def _of_the_reader(document: Document, candidates: Sequence[Candidate]) -> set[int]:
    """What a reader asks himself ("What should I learn?") in a document that also asks about itself and is no list by name."""
    if is_list_by_name(document) or not any(item.about_itself for item in candidates):
        return set()
    return {item.heading.start for item in candidates if item.ends and not item.labelled and _READER.search(item.text)}
