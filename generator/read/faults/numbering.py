"""Gaps and repeats in the questions' numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.model import Problem, Question
from generator.read.faults.view import View

CODE = "numbering"
_NUMBER = re.compile(r"((?:\d+\.)*)(\d+)([a-z]?)", re.IGNORECASE)
_LATE = 5
"""A file whose first number is above this is taken for the later part of a longer list."""
_ODD_ENDS = 2
"""So many breaks are reported in any list; more only where they are fewer than the regular steps."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    question: Question
    line: int
    prefix: str
    """What stands before the last number: `2.` of `2.10`."""
    number: int
    suffix: str

    @property
    def shown(self) -> str:
        return f"{self.prefix}{self.number}{self.suffix}"


def numbering(view: View) -> Iterator[Problem]:
    """Numbers that are missing, stand twice or go back; questions without a number where nearly all have one.

    A list may start again with 1 wherever it likes. Numbers that do not count (a site's problem numbers) and the `1.`
    before every item of a Markdown list are no finding.
    """
    labelled = [(question, _numbered(view, question)) for question in view.questions]
    numbered = [item for _, item in labelled if item is not None]
    if len(numbered) < 2 or 2 * len(numbered) < len(labelled):
        return
    first_is_late = labelled[0][1] is not None and labelled[0][1].number > _LATE
    breaks = list(_breaks(numbered, _direction(numbered), first_is_late))
    regular = len(numbered) - len(breaks) - first_is_late
    if regular >= 1 and len(breaks) <= max(_ODD_ENDS, regular):
        for item, message in breaks:
            yield view.warning(item.line, CODE, message, "renumber, or add the question that is missing")
    yield from _unnumbered(view, labelled)
    yield from _without_mark(view, numbered)


def _numbered(view: View, question: Question) -> _Numbered | None:
    line = question.place.line - 1
    label = view.label_at(line)
    match = _NUMBER.fullmatch(label) if label else None
    return _Numbered(question, line, match[1], int(match[2]), match[3].lower()) if match else None


def _direction(numbered: Sequence[_Numbered]) -> int:
    """1 for lists that count up, -1 for those that count down (newest first)."""
    steps = Counter(right.number - left.number for left, right in pairwise(numbered))
    return -1 if steps[-1] > steps[1] else 1


def _breaks(numbered: Sequence[_Numbered], step: int, first_is_late: bool) -> Iterator[tuple[_Numbered, str]]:
    last: dict[str, _Numbered] = {}
    seen: dict[tuple[str, str], int] = {}
    after_break: dict[str, tuple[int, ...]] = {}
    for item in numbered:
        before = last.get(item.prefix)
        if item.number <= 1 or (step < 0 and (before is None or item.number > before.number)):
            seen.clear()
        elif before is None:
            if not first_is_late:
                yield item, f"number {item.shown} comes first, expected {item.prefix}1"
        else:
            expected = before.number + step
            lettered = item.number == before.number and item.suffix != before.suffix
            if not lettered and item.number not in (expected, *after_break.get(item.prefix, ())):
                if before.question.sections != item.question.sections and item.number < before.number:
                    expected = 1
                yield item, _message(item, before, expected, seen.get((item.prefix, f"{item.number}{item.suffix}")))
                after_break[item.prefix] = (expected, expected + step)  # the odd one may stand for one or between two
            else:
                after_break.pop(item.prefix, None)
        last[item.prefix] = item
        seen.setdefault((item.prefix, f"{item.number}{item.suffix}"), item.line)


def _message(item: _Numbered, before: _Numbered, expected: int, earlier: int | None) -> str:
    wanted = f"expected {item.prefix}{expected}"
    if earlier is not None:
        return f"number {item.shown} stands on line {earlier + 1} already, {wanted}"
    return f"number {item.shown} follows {before.shown}, {wanted}"


def _unnumbered(view: View, labelled: Sequence[tuple[Question, _Numbered | None]]) -> Iterator[Problem]:
    count = sum(item is not None for _, item in labelled)
    if count < 5 or count < 0.8 * len(labelled):
        return
    whole = Counter(question.sections for question, _ in labelled)
    bare = Counter(question.sections for question, item in labelled if item is None)
    for question, item in labelled:
        here = question.sections
        if item is None and not 2 <= whole[here] == bare[here]:  # a section may go without numbers
            message = f"question has no number, where {count} of {len(labelled)} have one"
            yield view.warning(question.place.line - 1, CODE, message, "number it as the others")


def _without_mark(view: View, numbered: Sequence[_Numbered]) -> Iterator[Problem]:
    """Numbers that lack the full stop, colon or bracket behind them which nearly all others have."""
    marks = [_mark_behind(view, item) for item in numbered]
    usual, count = Counter(marks).most_common(1)[0]
    if usual and count >= 5 and count >= 0.9 * len(marks):
        for item, mark in zip(numbered, marks, strict=True):
            if not mark:
                message = f'number {item.shown} lacks the "{usual}" that the others have behind theirs'
                yield view.warning(item.line, CODE, message, f'write "{item.shown}{usual}"')


def _mark_behind(view: View, item: _Numbered) -> str:
    behind = view.source(item.line).partition(item.shown)[2].lstrip(" *_`")
    return behind[0] if behind[:1] in (".", ":", ")", "、", "．") else ""
