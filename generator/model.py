"""The data that travels between the stages: frozen, plain, and importing nothing of ours.

read -> Bank -> check -> rank -> Ranking -> render -> emit. No stage changes what it was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """How bad a finding is: an error stops the build, a warning only with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a source file."""

    file: str
    """Path as the user would type it (relative to the working folder where possible)."""
    line: int
    """Line number, 1-based; 0 when the whole file is meant."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about the input: where, what, and what to do."""

    place: Place
    code: str
    """Short name of the rule, e.g. `repeated-id`; the table of rules is in `generator.check`."""
    severity: Severity
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.remedy}"


class DecksError(Exception):
    """The work can't go on; carries every problem that was found, never just the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UsageError(Exception):
    """The command was called wrongly (exit code 2): a path or an id that does not exist, a bad value."""


KINDS = (
    "concept",
    "tradeoff",
    "design",
    "estimate",
    "debug",
    "coding",
    "behavioural",
    "project",
)
"""What a question asks for; also the rounds that a survey list covers."""

DRILL_KINDS = frozenset({"design", "coding", "debug", "estimate"})
"""Kinds that are practised on paper or screen and so live in the drills deck."""

LEVELS = ("screen", "senior", "principal")

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""Form of a question's id and of a bank's slug."""

RESERVED = {
    "question": ("Question",),
    "key_points": ("Key points",),
    "graded_on": ("Graded on",),
    "follow_ups": ("Follow-ups",),
    "sources": ("Sources",),
}
"""Part -> its heading; `[reserved]` in deck.toml adds names in other languages."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer: a heading and the Markdown below it."""

    title: str
    """The heading's text; empty for the 30-second answer."""
    markdown: str
    """The body, without its heading, as written."""
    place: Place
    """The first line of the body."""


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One must-say bullet."""

    markdown: str
    """Inline Markdown; `==marks==` included, a pinned `{#key}` taken off."""
    place: Place
    pinned_key: str | None = None
    """The fact key the author fixed with `{#key}` at the end of the bullet."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the bank with everything its answer holds."""

    id: str
    """Identity for ever: `[a-z0-9][a-z0-9-]{0,63}`, unique in the bank."""
    text: str
    """The question itself, one line of inline Markdown."""
    place: Place
    sections: tuple[str, ...]
    """Header and sub-headers above it, outermost first; may be empty."""
    kind: str = "concept"
    level: str | None = None
    needs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    likelihood: float | None = None
    """The author's own likelihood (0 to 1), which overrides the survey."""
    short: Part | None = None
    """The 30-second answer."""
    body: Part | None = None
    """Code, options or a situation that belongs on the front."""
    key_points: tuple[KeyPoint, ...] = ()
    key_point_text: Part | None = None
    """Whatever the key points part holds besides its bullets."""
    graded: Part | None = None
    answer: tuple[Part, ...] = ()
    """The free parts, in order."""
    follow_ups: Part | None = None
    sources: Part | None = None
    definitions: str = ""
    """Link and footnote definitions of the file that this question uses, as Markdown."""

    @property
    def answered(self) -> bool:
        """True when there is something to put on a card's back."""
        texts = [self.short, *self.answer]
        return bool(self.key_points) or any(part is not None and part.markdown.strip() for part in texts)

    def parts(self) -> tuple[Part, ...]:
        """Every part that holds free Markdown, in reading order."""
        candidates = (self.short, self.body, self.key_point_text, self.graded, *self.answer, self.follow_ups, self.sources)
        return tuple(part for part in candidates if part is not None)


@dataclass(frozen=True, slots=True)
class Story:
    """A prompt for a round about the user's own past, with room for their words."""

    id: str
    """Identity for ever, in one namespace with the questions' ids."""
    prompt: str
    """One line of inline Markdown."""
    hint: str
    """What is scored, as Markdown."""
    follow_ups: tuple[str, ...]
    """What an interviewer asks next, each a line of inline Markdown."""
    place: Place


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read, for reports and for finding what is up to date."""

    path: Path
    name: str
    layout: str
    share: float
    """Part of the document's non-blank lines that the layout explains, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Bank:
    """All questions of one bank in the order of the files."""

    slug: str
    """Permanent name; every guid and id derives from it."""
    title: str
    root: Path
    """The folder that images and links may come from; nothing outside it is ever read."""
    questions: tuple[Question, ...]
    sources: tuple[SourceFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    def by_id(self) -> dict[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.questions}


@dataclass(frozen=True, slots=True)
class SurveyList:
    """One public question list: facts about it, never its sentences."""

    slug: str
    title: str
    address: str
    author: str
    kind: str
    grade: str
    """`reported` (what candidates say they were asked), `curated` or `generated`."""
    date: str = ""
    questions: int = 0
    """How many questions it has; 0 if unknown."""
    rounds: frozenset[str] = frozenset()
    """The kinds of question it covers; an author who covers none counts only where they ask."""
    witnesses: Mapping[int, int] = field(default_factory=dict)
    """Position -> number of independent reports the list gives for it, where it says so."""
    ties_only: bool = False
    """A list of a neighbouring field, say: it breaks ties and does not count."""

    @property
    def counts(self) -> bool:
        """Whether its author counts among those who ask or could have asked."""
        return self.grade != "generated" and not self.ties_only


@dataclass(frozen=True, slots=True)
class SurveyPlace:
    """The place of a question in a list."""

    list: str
    position: int

    def __str__(self) -> str:
        return f"{self.list}:{self.position}"


DECISIONS = ("write", "out")
"""What becomes of a gap: a question will be written, or it is out of scope."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What lists ask and the bank does not answer."""

    topic: str
    """In our own words."""
    decision: str
    """One of `DECISIONS`."""
    why: str
    places: tuple[SurveyPlace, ...]
    place: Place
    """Where the survey's file says so."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known about who asks what."""

    lists: Mapping[str, SurveyList]
    asked: Mapping[str, tuple[SurveyPlace, ...]]
    """Question id -> the places that ask it."""
    written: tuple[tuple[str, Place], ...] = ()
    """Question ids that the survey's files speak of, and where."""
    gaps: tuple[Gap, ...] = ()
    unmatched: frozenset[SurveyPlace] = frozenset()
    """Places that were looked at and belong to no question and no gap."""
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Question id -> other ways to ask it, in our own words, by which it is found."""
    baseline: tuple[str, ...] = ()
    """Ids in the order of the documents that the bank grew from, to measure ours by."""


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A number to know, as `numbers.toml` gives it."""

    id: str
    group: str
    """The heading it is printed under."""
    name: str
    """What it is the number of: inline Markdown, as are value and note."""
    value: str
    note: str
    as_of: str
    """The day it was checked, `2026-11-21`; empty for what does not age."""
    source: str
    """Title of the source."""
    address: str
    place: Place


EMPTY_SURVEY = Survey(lists={}, asked={})


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a likelihood came about; everything `decks rank --explain` prints."""

    asking: Mapping[str, int]
    """Author -> weight (1, or the capped number of witnesses) of those who ask it and count."""
    covering: tuple[str, ...]
    """Authors whose curated or reported lists cover this kind of question, or who ask it."""
    ties: tuple[str, ...]
    """Authors of lists that do not count and ask it; they only break ties."""
    places: tuple[SurveyPlace, ...]
    override: float | None = None
    outside: int = 0
    """How many other authors have curated or reported lists."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question with its place in the order."""

    question: Question
    rank: int
    """1 for the most likely."""
    likelihood: float | None
    """0 to 1; None when there is neither a survey nor a number of the author."""
    band: str | None
    """`1-core` … `5-rare`; None without a likelihood."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ranking:
    """The bank in the order of likelihood."""

    bank: Bank
    questions: tuple[Ranked, ...]

    def by_id(self) -> dict[str, Ranked]:
        """The ranked questions by id."""
        return {ranked.question.id: ranked for ranked in self.questions}
