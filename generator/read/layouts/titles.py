"""Headings in all forms that people write, and the lines and folds that group questions without being one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from unicodedata import normalize

from generator.markup.inline import plain_text
from generator.read.document import Document, Heading
from generator.read.layouts import answer_words, header_words, noise, question_labels, question_words
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
    """The document's headings, those that open items of numbered lists, lines meant as such, and HTML ones, in order."""
    found = [*document.headings, *_meant(document), *_in_items(document)]
    if any("<h" in line.lower() or "<details" in line.lower() for line in document.lines):
        source = source or source_of(document)
        found += _html(source)
        found = _outside_answers(source, found)
    return sorted(found, key=lambda heading: heading.start)


def _outside_answers(source: Source, found: list[Heading]) -> list[Heading]:
    """The headings that stand in no fold whose summary says that it is the answer."""
    inside: set[int] = set()
    for fold in folds(source):
        if fold.depth == 0 and answer_words.says_here_is_the_answer(
            plain_text(one_line(fold.summary[: question_words.LONGEST]))
        ):
            inside.update(range(fold.inner, fold.end))
    return [heading for heading in found if heading.start not in inside]


def _meant(document: Document) -> Iterator[Heading]:
    for block in document.tokens:
        if block.type != "paragraph_open" or block.level != 0 or not block.map:
            continue
        for number in range(*block.map):
            match = _MEANT.match(document.lines[number])
            if match is None or len(match[2]) > question_words.LONGEST:
                continue
            sure = (
                len(match[1]) > 1 or match[2].startswith(("[", "*", "<")) or question_labels.clean(match[2]).label is not None
            )
            if sure:
                yield Heading(min(len(match[1]), 7), _visible(match[2]), number, number + 1)


def _in_items(document: Document) -> Iterator[Heading]:
    """Headings that open an item of a numbered list at the margin (`4. ### What is …`), with the item's number."""
    for item, opening, inline in zip(document.tokens, document.tokens[1:], document.tokens[2:], strict=False):
        opens = item.type == "list_item_open" and item.level == 1 and item.info and opening.type == "heading_open"
        if opens and item.map and opening.map and opening.map[0] == item.map[0]:
            text = f"{item.info}{item.markup} {' '.join(document.math.restore(inline.content).split())}"
            yield Heading(int(opening.tag[1]), text, opening.map[0], opening.map[1], within=item.map[1])


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


def is_list_by_name(document: Document) -> bool:
    """Whether the first heading, or the first line where there is none, calls the document a question list."""
    first = next((heading.text for heading in titles(document) if heading.level == 1), None)
    title = document.title or first
    if title is not None and first is not None and header_words.LISTED.search(first[: question_words.LONGEST]):
        title = first
    if title is None:
        title = document.lines[document.first_line(0, len(document.lines))] if document.lines else ""
        title = title if not document.headings or title.startswith("#") else document.headings[0].text
    return len(title) < 120 and header_words.LISTED.search(title) is not None


def about_interviews(document: Document) -> bool:
    """Whether the title speaks of interviews."""
    title = document.title or next((heading.text for heading in titles(document)), "")
    return header_words.ABOUT_INTERVIEWS.search(title[: question_words.LONGEST]) is not None


def sections_of(document: Document, found: Sequence[Found]) -> list[SectionMark]:
    """What groups the questions: headings of the levels that hold some right below, bold lines and folds around them."""
    source = source_of(document)
    headings = titles(document, source)
    starts = sorted(item.start for item in found)
    headings = [heading for heading in headings if heading.within is None or heading.start not in set(starts)]
    stops = [*(heading.start for heading in headings[1:]), len(document.lines)]
    levels = {heading.level for heading, stop in zip(headings, stops, strict=False) if _any_within(starts, heading.end, stop)}
    deepest = max(levels, default=0)
    marks = [
        SectionMark(heading.level, heading.text, heading.start, heading.end)
        for heading in headings
        if heading.level <= deepest and not header_words.is_contents(heading.text) and re.search(r"\w", heading.text)
    ]
    marks += _group_names(document, found, marks)
    marks += plain_names(document, found, {mark.start for mark in marks})
    return sorted([*marks, *fold_sections(source, found)], key=lambda mark: mark.start)


def fold_sections(source: Source, found: Sequence[Found]) -> Iterator[SectionMark]:
    """Folds that hold whole questions: their summaries are headings."""
    starts = sorted(item.start for item in found)
    taken = set(starts)
    lines = source.text.split("\n")
    for fold in folds(source):
        text = one_line(fold.summary)
        if not taken.isdisjoint((fold.start, fold.shown)) or not text or answer_words.says_answer(text):
            continue
        closed = source.text[: fold.after].endswith(">")
        # One that is never closed reaches down to whatever follows; it groups questions only if they begin in it.
        first = next((number for number in range(fold.inner, fold.end) if lines[number].strip()), fold.end)
        if _any_within(starts, fold.inner, fold.end) and (closed or first in taken):
            yield SectionMark(FOLD_LEVEL, text, fold.start, fold.inner, until=fold.end)


def _any_within(starts: Sequence[int], first: int, last: int) -> bool:
    position = bisect_left(starts, first)
    return position < len(starts) and starts[position] < last


def _group_names(document: Document, found: Sequence[Found], marks: Sequence[SectionMark]) -> list[SectionMark]:
    """Lone lines right above a question that name a group: bold, with a colon at the end, or behind a sign.

    Where most questions have an answer such a line may be one, so that there it must stand below other text.
    """
    starts = {item.start for item in found}
    candidates = []
    for block in document.tokens:
        if block.type == "paragraph_open" and block.level == 0 and block.map and block.map[1] == block.map[0] + 1:
            start, end = block.map
            above = document.first_line(end, len(document.lines)) in starts and start not in starts
            if above and _names_a_group(document.lines[start]):
                candidates.append(SectionMark(BOLD_LEVEL, _TAIL.sub("", document.lines[start].strip()), start, end))
    said = [bool(line.strip()) and not noise.is_noise(line) for line in document.lines]
    for mark in (*candidates, *marks):
        said[mark.start : mark.end] = [False] * (mark.end - mark.start)
    total = [0, *accumulate(said)]
    borders = sorted([*starts, len(document.lines)])
    after = {item.end: borders[min(bisect_left(borders, max(item.end, item.start + 1)), len(borders) - 1)] for item in found}
    answered = sum(total[stop] > total[end] for end, stop in after.items())
    ends = sorted([*after, *(mark.end for mark in marks)])
    kept = []
    for mark in candidates:
        at = bisect_left(ends, mark.start + 1) - 1
        before = ends[at] if at >= 0 else 0
        lead_in = before not in after and len(candidates) == 1 and not question_labels.clean(mark.text).bold
        if not lead_in and (answered < 0.3 * len(found) or before not in after or total[mark.start] > total[before]):
            kept.append(mark)
    return kept


def plain_names(document: Document, found: Sequence[Found], taken: set[int]) -> list[SectionMark]:
    """Short lines right above a question, without any mark, that name groups: the first question stands below one.

    Below a question without an answer, or as a paragraph of its own behind one, such a line would be no part of the answer
    to a reader either. A lone one may be anything. Lines with a number must count 1, 2, 3 …
    """
    if len(found) < 4:
        return []
    starts = sorted(item.start for item in found)
    ends = {item.end for item in found} | {heading.end for heading in document.headings}
    first = document.first_line(0, len(document.lines))
    marks: list[SectionMark] = []
    for start in starts:
        line = start - 1
        while line >= 0 and not document.lines[line].strip():
            line -= 1
        nested = document.lines[start].startswith((" ", "\t"))  # an item with questions in it is named elsewhere
        name = _in_plain_letters(document.lines[line]) if line >= 0 else ""
        if line < 0 or nested or line in taken or not _is_plain_name(name):
            continue
        above = document.lines[line - 1].strip() if line else ""
        if above and line not in ends and not noise.is_noise(above):
            continue  # the last line of a paragraph
        below = next((at for at in range(line - 1, -1, -1) if document.lines[at].strip()), -1) + 1
        # Below a title on the first line, only what no answer is above names a group as surely.
        if marks and marks[0].start == first and below not in ends and not re.match(r"\d", marks[0].text):
            continue
        marks.append(SectionMark(BOLD_LEVEL, document.lines[line].strip(), line, line + 1))
    if not 2 <= len(marks) <= 0.5 * len(found) or marks[0].start > starts[0]:
        return []
    numbers = [match[0] if (match := re.match(r"[0-9]+", mark.text)) else None for mark in marks]
    counted = [str(number) for number in range(1, len(marks) + 1)]
    ranges = all(_RANGE.match(mark.text) for mark in marks)
    return marks if numbers == counted or ranges or not any(numbers) else []


def _in_plain_letters(line: str) -> str:
    """The line, letters from the mathematical alphabets (bold without any mark) as the usual ones."""
    return normalize("NFKC", line) if any("\U0001d400" <= character <= "\U0001d7ff" for character in line[:200]) else line


_RANGE = re.compile(r"\d{1,3} ?[-–] ?\d{1,3}\b")
"""`11-20: Locks`: the numbers of the questions below."""
_PLAIN_NAME = re.compile(
    r"(?:\d{1,2}[.)] |\d{1,3} ?[-–] ?\d{1,3}[:.)]? )?(?-i:[A-ZÀ-ÞА-Я])[^\W\d_][\w&/+#'’,() -]{1,56}[\w)]\s*"
)


def _is_plain_name(line: str) -> bool:
    match = _PLAIN_NAME.fullmatch(line)
    if match is None or len(line.split()) > 8 or answer_words.answer_label(line):
        return False
    return not question_labels.asks(line) and not question_labels.label_alone(line)


_TAIL = re.compile(r"\s*[:：](?=(?:\*\*|__)?$)")
_COLON = re.compile(r"[^\s#>|*+-].{1,70}[^\s:：]\s*[:：]\s*(?:\[[^\]]{1,30}\]\([^)\s]*\))?\s*")


def _names_a_group(line: str) -> bool:
    if len(line) > 160:
        return False
    cleaned = question_labels.clean(line)
    plain = plain_text(cleaned.text)
    if answer_words.answer_label(line) or not plain or len(plain) > 100 or plain.endswith((".", "!", "?", "？", ",", ";")):
        return False
    sign = len(plain) <= 60 and ord(line.lstrip()[0]) >= 0x2190 and not line.lstrip()[0].isalnum()
    return cleaned.bold or _COLON.fullmatch(line.strip()) is not None or sign
