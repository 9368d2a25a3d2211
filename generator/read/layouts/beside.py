"""Questions of other layouts beside those of the chosen one: where it has none, and they say themselves what they are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from generator.read.document import Document
from generator.read.layouts import header_words, lists, question_labels, question_words, quotes
from generator.read.layouts.outline import Found, Outline, says_q, strongly_labelled
from generator.read.layouts.titles import is_list_by_name


def with_exceptions(document: Document, outline: Outline, others: Sequence[Outline], cards: Outline) -> Outline:
    """The outline with questions of other layouts that stand where it has none and that say themselves what they are.

    `others` are the outlines of all layouts; `cards`, one of them, may add questions inside answers too.
    """
    for _ in others:
        more = _with_those_of_another(document, outline, others, cards)
        if more is outline:
            break
        outline = more
    return outline


def _with_those_of_another(document: Document, outline: Outline, others: Sequence[Outline], cards: Outline) -> Outline:
    """The outline with the questions of the one layout that adds most to it."""
    covered = {line for first, last in outline.ranges(document) for line in range(first, last)}
    borders = sorted(item.start for item in outline.questions)
    starts = set(borders)
    named = is_list_by_name(document)
    asked = {lists.bare(item.text) for item in outline.questions}
    best = outline
    opening = borders[0] if outline.questions else 0
    numbers = {found.start: _number(found) for found in outline.questions}
    for other in others:
        inside = other is cards  # a card says itself where it ends, in an answer too
        free = [
            item
            for item in other.questions
            if item.start not in covered or ((inside or quotes.labelled_on_both_sides(item)) and item.start not in starts)
        ]
        free = [item for item in free if inside or item.inside or lists.bare(item.text) not in asked]  # tables of contents
        free = [item for item in free if (border := _next(borders, item.start + 1)) is None or border >= item.end]
        asking = sum(_asks(item) for item in free if item.within is not None)
        listed = named and len(free) >= 3 and asking >= 0.9 * len(free)
        listed = listed or (named and len(free) >= 2 and all(_says_itself(item) for item in free))
        announced = _announced(document, free)
        alike = sum(strongly_labelled(item) for item in free) >= 2
        more = [
            item
            for item in free
            if listed
            or inside
            or strongly_labelled(item)
            or (alike and says_q(item))
            or ((item.start in announced or below_named(document, item, opening)) and _asks(item))
        ]
        missing = _missing(free, numbers) if len(more) < 2 else []
        more = missing or more
        if (len(more) >= 2 or missing) and len(more) > len(best.questions) - len(outline.questions):
            taken = {mark.start for mark in outline.sections} | starts
            added = [mark for mark in other.sections if mark.start not in taken and mark.until is None]
            added = [mark for mark in added if inside or mark.start not in covered]  # no part of an answer
            if inside:  # what holds the cards ends with the next question of the others
                added = [replace(mark, until=_next(borders, mark.start)) for mark in added]
            marks = [*outline.sections, *added]
            questions = sorted([*outline.questions, *more], key=lambda item: item.start)
            best = Outline(tuple(questions), tuple(sorted(marks, key=lambda mark: mark.start)))
    return best


def _announced(document: Document, items: Sequence[Found]) -> set[int]:
    """Lines of the items of lists right below a line that promises questions ("Here are a few interview questions:")."""
    announced: set[int] = set()
    ends: set[int] = set()
    headings = {heading.start for heading in document.headings}
    for item in items:
        above = next((number for number in range(item.start - 1, -1, -1) if document.lines[number].strip()), None)
        line = document.lines[above].rstrip(" *_") if above is not None else ""
        promised = len(line) < 300 and line.endswith((":", "：")) and header_words.LISTED.search(line) is not None
        if item.start in ends or (promised and above not in headings and item.within is not None):
            announced.add(item.start)
            ends.add(document.first_line(item.within or item.end, len(document.lines)))
    return announced


def _missing(items: Sequence[Found], numbers: Mapping[int, int | None]) -> list[Found]:
    """The items that ask and have the one number missing between two questions, or before the first.

    `numbers` are those of the questions, by the lines that they begin on.
    """
    if len(numbers) < 3:
        return []
    starts = sorted(numbers)
    missing = []
    for item in items:
        at, number = bisect_left(starts, item.start), _number(item)
        before = numbers[starts[at - 1]] if at else 0
        if number is not None and at < len(starts) and numbers[starts[at]] == number + 1 and before == number - 1:
            missing += [item] if question_labels.asks(item.text) else []
    return missing


def _number(found: Found) -> int | None:
    return question_labels.number_of(question_labels.clean(found.text).label)


_SCENARIO = re.compile(r"\W*scenario\s*\d", re.IGNORECASE)


def _says_itself(found: Found) -> bool:
    """Whether a question is bold, numbered and asks, or is a numbered scenario: beside others in a list that is enough."""
    cleaned = question_labels.clean(found.text)
    asks = cleaned.bold and cleaned.label is not None and question_words.asks(cleaned.text)
    return asks or _SCENARIO.match(found.text) is not None


def _asks(found: Found) -> bool:
    return found.sure or question_labels.asks(found.text)


def _next(borders: list[int], line: int) -> int | None:
    position = bisect_left(borders, line)
    return borders[position] if position < len(borders) else None


def below_named(document: Document, found: Found, opening: int = 0) -> bool:
    """Whether a question stands right under a heading that speaks of questions.

    What stands under the first heading, before the line where the others begin (`opening`), introduces the list.
    """
    above = bisect_left([heading.start for heading in document.headings], found.start) - 1
    if above == 0 and found.start < opening:
        return False
    return above >= 0 and header_words.LISTED.search(document.headings[above].text[: question_words.LONGEST]) is not None
