"""Headings in all forms that people write, and the lines and folds that group questions without being one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from generator.markup.inline import plain_text
from generator.read.document import Document, Heading
from generator.read.layouts import clues
from generator.read.layouts.elements import Source, elements, folds, one_line, source_of
from generator.read.layouts.outline import Found, SectionMark

FOLD_LEVEL = 8
"""Level of a fold that groups questions: below every heading."""
BOLD_LEVEL = 7
"""Level of a bold line that groups questions."""
_MEANT = re.compile(r"^ {0,3}(#{1,9})(?:(?<=#######)[ \t]*|(?=[^\s#!]))(?=\S)(.+?)\s*#*$")
"""A line meant as a heading: more than six #, or no blank after them."""
_FRAMES = re.compile(r"[ ]{0,3}(?:<(?:div|center|a|p|br|font|span)\b[^<>]*>\s*)*", re.IGNORECASE)


def titles(document: Document, source: Source | None = None) -> list[Heading]:
    """The document's headings, lines meant as such, and HTML ones, in order."""
    found = [*document.headings, *_meant(document)]
    if any("<h" in line.lower() for line in document.lines):
        found += _html(source or source_of(document))
    return sorted(found, key=lambda heading: heading.start)


def _meant(document: Document) -> Iterator[Heading]:
    for block in document.tokens:
        if block.type != "paragraph_open" or block.level != 0 or not block.map:
            continue
        for number in range(*block.map):
            match = _MEANT.match(document.lines[number])
            if match is None or len(match[2]) > clues.LONGEST:
                continue
            sure = len(match[1]) > 1 or match[2].startswith(("[", "*", "<")) or clues.clean(match[2]).label is not None
            if sure:
                yield Heading(min(len(match[1]), 7), _visible(match[2]), number, number + 1)


def _visible(text: str) -> str:
    """A heading's words without anchors and links back to the top."""
    return re.sub(r"\[\[?[^\w\]]*\]?\]\(#[^)]*\)|</?a\b[^>]*>", "", text).strip() or text


def _html(source: Source) -> Iterator[Heading]:
    hidden = {line for fold in folds(source) for line in range(fold.start, fold.inner)}
    lines = source.text.split("\n")
    for element in elements(source.visible, "h[1-6]"):
        first, last = source.line(element.start), source.line(max(element.end - 1, element.start))
        framed = _FRAMES.fullmatch(lines[first][: _column(source, element.start)]) is not None
        text = one_line(source.text[element.inner_start : element.inner_end])
        if framed and first not in hidden and plain_text(text) and last - first < 6:
            yield Heading(int(element.name[1]), text, first, last + 1)


def _column(source: Source, offset: int) -> int:
    return offset - (source.text.rfind("\n", 0, offset) + 1)


def sections_of(document: Document, found: Sequence[Found]) -> list[SectionMark]:
    """What groups the questions: headings of the levels that hold some right below, bold lines and folds around them."""
    source = source_of(document)
    headings = titles(document, source)
    starts = sorted(item.start for item in found)
    stops = [*(heading.start for heading in headings[1:]), len(document.lines)]
    levels = {heading.level for heading, stop in zip(headings, stops, strict=False) if _any_within(starts, heading.end, stop)}
    deepest = max(levels, default=0)
    marks = [
        SectionMark(heading.level, heading.text, heading.start, heading.end)
        for heading in headings
        if heading.level <= deepest and not clues.CONTENTS.fullmatch(heading.text)
    ]
    marks += _bold_lines(document, found, marks)
    return sorted([*marks, *fold_sections(source, found)], key=lambda mark: mark.start)


def fold_sections(source: Source, found: Sequence[Found]) -> Iterator[SectionMark]:
    """Folds that hold whole questions: their summaries are headings."""
    starts = sorted(item.start for item in found)
    taken = set(starts)
    for fold in folds(source):
        text = one_line(fold.summary)
        if not taken.isdisjoint((fold.start, fold.shown)) or not text or clues.says_answer(text):
            continue
        if _any_within(starts, fold.inner, fold.end):
            yield SectionMark(FOLD_LEVEL, text, fold.start, fold.inner, until=fold.end)


def _any_within(starts: Sequence[int], first: int, last: int) -> bool:
    position = bisect_left(starts, first)
    return position < len(starts) and starts[position] < last


def _bold_lines(document: Document, found: Sequence[Found], marks: Sequence[SectionMark]) -> Iterator[SectionMark]:
    """Bold lines right above a question that are no answer to the one before."""
    first_lines = {item.start: item for item in found}
    ends = sorted([*(item.end for item in found), *(mark.end for mark in marks)])
    question_ends = {item.end for item in found}
    for block in document.tokens:
        if block.type != "paragraph_open" or block.level != 0 or not block.map or block.map[1] != block.map[0] + 1:
            continue
        start, end = block.map
        following = document.first_line(end, len(document.lines))
        if following not in first_lines or start in first_lines or not _names_a_group(document.lines[start]):
            continue
        before = ends[bisect_left(ends, start + 1) - 1] if ends and ends[0] <= start else 0
        said = any(line.strip() and not clues.is_noise(line) for line in document.lines[before:start])
        if said or before not in question_ends:
            yield SectionMark(BOLD_LEVEL, document.lines[start].strip(), start, end)


def _names_a_group(line: str) -> bool:
    if len(line) > 120:
        return False
    cleaned = clues.clean(line)
    plain = plain_text(cleaned.text)
    return cleaned.bold and not clues.answer_label(line) and not plain.endswith((".", "!", "?", "？", ",", ";")) and bool(plain)
