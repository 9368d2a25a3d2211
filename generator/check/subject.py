"""What the rules look at, parsed once, and what they share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from generator.config import Config
from generator.markup import commonmark
from generator.markup.math_spans import put_aside
from generator.model import Bank, Part, Place, Question, Survey

Finding = tuple[Place, str, str]
"""Place, message and remedy of one finding."""
WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at; parsing is done once."""

    bank: Bank
    survey: Survey
    config: Config
    parts: tuple[tuple[Question, Part, tuple[Token, ...]], ...]
    """Every piece of Markdown of every question, with its tokens."""

    @classmethod
    def of(cls, bank: Bank, survey: Survey, config: Config) -> Subject:
        """The subject of a bank."""
        return cls(bank, survey, config, tuple(_parsed_parts(bank)))


def _parsed_parts(bank: Bank) -> Iterator[tuple[Question, Part, tuple[Token, ...]]]:
    for question in bank.questions:
        for part in markdown_parts(question):
            text = put_aside(part.markdown).text
            if question.definitions:
                text += "\n\n" + question.definitions
            yield question, part, tuple(commonmark.parse(text)[0])


def markdown_parts(question: Question) -> tuple[Part, ...]:
    """Everything of a question that is Markdown: its text, its parts, its key points."""
    points = (Part("", point.markdown, point.place) for point in question.key_points)
    return (Part("", question.text, question.place), *question.parts(), *points)


def place_in(part: Part, line: int) -> Place:
    """The place of a 0-based line of a part."""
    return Place(part.place.file, part.place.line + line)


def short(text: str) -> str:
    """The text cut for a message."""
    return text if len(text) <= 60 else text[:57] + "..."
