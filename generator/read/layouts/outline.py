"""What a layout finds in a document: questions and sections, and the lines that they explain."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from generator.read.document import Document
from generator.read.layouts import answer_words, label_words, noise, question_labels, question_words

_STRONG_LABEL = re.compile(r"\W*(?:\*\*|__|<b>|<strong>)|\W*q", re.IGNORECASE)
"""A label in bold, or one that says Q, is no mere list number."""
_Q_LABEL = re.compile(rf"[^\w\n]*(?:q\b|q\d|question|(?:{label_words.QUESTION})(?![^\W\d_]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A question as a layout sees it."""

    text: str
    """Inline Markdown, label and wrapping still on it."""
    start: int
    """0-based line it starts on."""
    end: int
    """0-based line after the question itself: what follows belongs to it."""
    stop: int | None = None
    """0-based line before which its answer ends; None: the next question or section."""
    within: int | None = None
    """0-based line after the list item that it stands in."""
    lead: str = ""
    """The beginning of the answer, where it stands on the question's own line."""
    inside: str | None = None
    """Question text's rest or an answer given in place (a table's cell); takes the place of the lines."""
    front: str = ""
    """What stands between the question's words, such as code in a summary: it belongs on the card's front."""
    sure: bool = False
    """Whether more than its words tells that it is a question, such as an answer's label below."""
    apart: Found | None = None
    """Where its answer stands, if not right below it."""


@dataclass(frozen=True, slots=True)
class SectionMark:
    """A heading that groups questions."""

    level: int
    text: str
    start: int
    end: int
    until: int | None = None
    """0-based line before which it ends by itself; None: with the next one of its level."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a layout found in a document."""

    questions: tuple[Found, ...]
    sections: tuple[SectionMark, ...] = ()

    def coverage(self, document: Document) -> float:
        """Share of the non-blank lines that stand in a question, an answer or a section's heading."""
        lines = [bool(line.strip()) for line in document.lines]
        if not self.questions or not any(lines):
            return 0.0
        covered = {number for first, last in self.ranges(document) for number in range(first, last) if lines[number]}
        covered |= {number for mark in self.sections for number in range(mark.start, mark.end) if lines[number]}
        return len(covered) / sum(lines)

    def said_below(self, document: Document) -> list[bool]:
        """For each question whether text stands below it."""
        said = [0, *accumulate(bool(line.strip()) and not noise.is_noise(line) for line in document.lines)]
        return [said[last] > said[found.end] for found, (_, last) in zip(self.questions, self.ranges(document), strict=True)]

    def answered(self, document: Document) -> float:
        """Share of the questions that have text below."""
        return sum(self.said_below(document)) / len(self.questions) if self.questions else 0.0

    def ranges(self, document: Document) -> list[tuple[int, int]]:
        """First line and the line after the last of each question with its answer."""
        starts = sorted({found.start for found in self.questions} | {mark.start for mark in self.sections})
        result = []
        starts.append(len(document.lines))
        for found in self.questions:
            following = starts[min(bisect_left(starts, max(found.start + 1, found.end)), len(starts) - 1)]
            result.append((found.start, max(found.end, min(found.stop or following, following))))
        return _trimmed(document, self.questions, result)


def _trimmed(document: Document, questions: Sequence[Found], ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges without what is no answer: what follows a separator or the last list, where that is not the rule."""
    parted = []
    for found, (_, last) in zip(questions, ranges, strict=True):
        first = document.first_line(found.end, last) if last > found.end else found.end
        ruled = first < last and re.fullmatch(r"[ ]{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*", document.lines[first]) is not None
        more = any(line.strip() and not noise.is_noise(line) for line in document.lines[first:last])
        parted.append(first if ruled and more and found.within is not None else None)
    if sum(line is not None for line in parted) > 0.2 * len(parted) + 1:
        return ranges
    ranges = [(start, end if line is None else line) for (start, end), line in zip(ranges, parted, strict=True)]
    if _only_last_says(document, questions, ranges):
        ranges[-1] = (ranges[-1][0], questions[-1].end)
    tails = [_has_tail(document, found, last) for found, (_, last) in zip(questions, ranges, strict=True)]
    if len(tails) >= 3 and tails[-1] and not any(tails[:-1]) and (within := questions[-1].within):
        ranges[-1] = (ranges[-1][0], within)
    return ranges


def _only_last_says(document: Document, questions: Sequence[Found], ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a line stands below the last of many questions and nothing below all others: it ends the document."""
    said = [
        sum(bool(line.strip()) and not noise.is_noise(line) for line in document.lines[found.end : last])
        for found, (_, last) in zip(questions, ranges, strict=True)
    ]
    plain = all(found.inside is None and found.apart is None and not found.lead for found in questions)
    if len(said) < 10 or not plain or said[-1] != 1 or any(said[:-1]):
        return False
    first = next(line for line in range(questions[-1].end, ranges[-1][1]) if not noise.is_noise(document.lines[line]))
    inside = questions[-1].within is not None and first < questions[-1].within
    return (
        not inside
        and not document.lines[first].startswith((" ", "\t"))
        and not answer_words.answer_label(document.lines[first])
    )


def _has_tail(document: Document, found: Found, last: int) -> bool:
    """Whether text stands behind the list item of a question and before the next question."""
    if found.within is None:
        return False
    tail = document.lines[found.within : last]
    return any(line.strip() and not noise.is_noise(line) and not line.lstrip().startswith(("```", "~~~")) for line in tail)


def quality(outline: Outline, numbered_counts: bool, tasks: bool = False) -> float:
    """Share of the found questions that look like one.

    With `numbered_counts` a number is enough. With `tasks` so is a request such as "Write …"; without it that counts
    only among questions, since steps begin so too.
    """
    if not outline.questions:
        return 0.0
    cleaned = [question_labels.clean(found.text) for found in outline.questions]
    tasks = tasks or any(question_words.ends_asking(item.text) for item in cleaned)
    good = 0
    for item, found in zip(cleaned, outline.questions, strict=True):
        asks = question_words.asks(item.text) and (tasks or not question_words.instructs(item.text))
        strong = numbered_counts or _STRONG_LABEL.match(found.text) is not None or _Q_LABEL.match(found.text) is not None
        labelled = item.label is not None and strong
        good += found.sure or asks or labelled
    return good / len(cleaned)


def says_q(found: Found) -> bool:
    """Whether a question has a label without a number, such as `Q:`."""
    return question_labels.clean(found.text).label == "Q"


def strongly_labelled(found: Found) -> bool:
    """Whether a question has a label that is more than a number, such as `Q:`, and asks."""
    cleaned = question_labels.clean(found.text)
    label = cleaned.label is not None and _Q_LABEL.match(found.text) is not None
    return label and question_words.asks(cleaned.text)
