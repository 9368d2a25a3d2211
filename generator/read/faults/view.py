"""What the rules on a file's form look at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from generator.model import Problem, Question, Severity
from generator.read.document import Document
from generator.read.layouts import question_labels

_HASHES = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(#{1,9})[ \t]*\S")
_BEFORE_LABEL = re.compile(
    r"(?:[ \t>]+|#{1,9}|[-*+][ \t]+|\[[ xX]\][ \t]+|</?(?:details|summary|div|p|dt|h[1-6]|section|br|ul|ol|li)\b[^<>]*>)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class View:
    """A parsed file with what was read from it."""

    document: Document
    questions: tuple[Question, ...]
    layout: str
    """Name of the layout that it was read by."""
    starts: tuple[int, ...]
    """0-based lines of the questions, rising."""
    levels: Mapping[int, int]
    """Line of a question (0-based) that is a heading -> its number of #."""
    usual_level: int | None
    """The level that most of the questions' headings have; None without any, or where no level prevails."""

    @classmethod
    def of(cls, document: Document, questions: Sequence[Question], layout: str) -> View:
        """The view of a document with its questions."""
        levels = dict(_heading_levels(document, questions))
        (level, count), *_ = Counter(levels.values()).most_common(1) or [(0, 0)]
        prevails = count >= 2 and count >= 0.6 * len(levels) and 2 * len(levels) >= len(questions)
        ordered = sorted(questions, key=lambda question: question.place.line)
        starts = tuple(question.place.line - 1 for question in ordered)
        return cls(document, tuple(ordered), layout, starts, levels, level if prevails else None)

    def warning(self, line: int, code: str, message: str, remedy: str) -> Problem:
        """A warning at a 0-based line."""
        return Problem(self.document.place(line), code, Severity.WARNING, message, remedy)

    def source(self, line: int) -> str:
        """A 0-based line as written; empty beyond the end."""
        return self.document.lines[line] if line < len(self.document.lines) else ""

    def label_at(self, line: int) -> str | None:
        """The number or label of the question on a 0-based line; below the line where that holds nothing but tags."""
        for number in range(line, line + 3):
            if text := _without_marks(self.source(number)):
                return question_labels.clean(text).label
        return None

    def question_above(self, line: int) -> Question | None:
        """The last question that begins on a 0-based line or above it."""
        position = bisect_right(self.starts, line)
        return self.questions[position - 1] if position else None

    def number_at(self, line: int) -> int | None:
        """The number of the question on a 0-based line."""
        return question_labels.number_of(self.label_at(line))

    def paragraphs(self) -> Iterator[tuple[int, Token]]:
        """0-based first line and inline token of every piece of running text: paragraphs, headings, table cells."""
        for token in self.document.tokens:
            if token.type == "inline" and token.map:
                yield token.map[0], token


def label_of(line: str) -> str | None:
    """The number or label of a question written on a line, whatever it stands in."""
    return question_labels.clean(_without_marks(line)).label


def _without_marks(line: str) -> str:
    marks = _BEFORE_LABEL.match(line)
    return line[marks.end() :].strip() if marks else line.strip()


def _heading_levels(document: Document, questions: Sequence[Question]) -> Iterator[tuple[int, int]]:
    levels = {heading.start: heading.level for heading in document.headings}
    for question in questions:
        line = question.place.line - 1
        written = _HASHES.match(document.lines[line]) if line < len(document.lines) else None
        if written:
            yield line, len(written[1])
        elif line in levels:
            yield line, levels[line]
