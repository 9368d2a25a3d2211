"""Callouts as GitHub and Obsidian write them: `> [!question]- Title`, the text below quoted with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.markup.inline import plain_text
from generator.read.layouts import answer_words

_CALLOUT = re.compile(r"(?P<quote>[ \t]*(?:>[ \t]?)+)\[!(?P<kind>[\w|-]{1,40})\][-+]?[ \t]*(?P<title>.*)")
_QUESTION_KINDS = frozenset(("question", "faq", "help", "quiz", "exercise", "problem", "flashcard", "q"))
_ANSWER_KINDS = frozenset(("answer", "solution", "response", "explanation", "a"))
_OTHER_KINDS = frozenset(("success", "check", "done", "faq", "tip", "hint", "info", "note", "example", "abstract", "summary"))
"""Kinds that hold an answer where their title says so."""
_TITLE_ONLY = re.compile(
    rf"\W*(?:the )?(?:correct |model |sample |my |show )?(?:{answer_words.ANSWER_WORDS})\b\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Callout:
    """The first line of a quote that says what kind it is."""

    kind: str
    title: str
    """What stands behind the kind, inline Markdown."""
    depth: int
    """How many `>` stand before it."""

    @property
    def asks(self) -> bool:
        """Whether its kind says that a question follows, and its title does not say that it is the answer."""
        return asks_kind(self.kind) and not answers_kind(self.kind, self.title)

    @property
    def answers(self) -> bool:
        """Whether it says that the answer follows."""
        return answers_kind(self.kind, self.title)


def asks_kind(kind: str) -> bool:
    """Whether a callout of this kind holds a question."""
    return kind in _QUESTION_KINDS


def answers_kind(kind: str, title: str) -> bool:
    """Whether a callout of this kind and title holds the answer to what stands above it."""
    named = bool(title) and len(title) <= 60 and _TITLE_ONLY.fullmatch(plain_text(title)) is not None
    return kind in _ANSWER_KINDS or (kind in _OTHER_KINDS and named)


def callout(line: str) -> Callout | None:
    """The callout that begins on a line, if any."""
    match = _CALLOUT.fullmatch(line) if "[!" in line[:200] else None
    if match is None:
        return None
    return Callout(match["kind"].lower().split("|")[0], match["title"].strip(), match["quote"].count(">"))


def is_answer(line: str) -> bool:
    """Whether a callout begins on a line that says that the answer follows."""
    found = callout(line)
    return found is not None and found.answers


def opened(lines: list[str]) -> str:
    """The text of lines that begin with an answer's callout: one quote less, the label taken off, what follows as it is."""
    first = callout(lines[0])
    if first is None:
        return "\n".join(lines)
    named = _TITLE_ONLY.fullmatch(plain_text(first.title)) is not None if first.title else True
    kept = [] if named else [first.title]
    marks = re.compile(r"[ \t]*" + r"(?:>[ \t]?)" * first.depth)
    position = 1
    while position < len(lines) and (match := marks.match(lines[position])):
        kept.append(lines[position][match.end() :])
        position += 1
    return "\n".join([*kept, *([""] if position < len(lines) else []), *lines[position:]])
