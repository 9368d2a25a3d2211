"""What a build makes: each output's name and the job that writes it, one module per kind of output."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.content import Content
from generator.emit.press import Press
from generator.ledger import Ledger
from generator.model import Problem, Ranked
from generator.render.cards import NoteContent
from generator.render.question import QuestionHtml


@dataclass(frozen=True, slots=True)
class Job:
    """One output file."""

    name: str
    """Below the output folder."""
    write: Callable[[Path], tuple[Problem, ...]]
    """Writes the file to the given path and returns its warnings."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that outputs are made from."""

    content: Content
    chosen: tuple[Ranked, ...]
    """The answered questions that this build prints and packs, in order."""
    rendered: Mapping[str, QuestionHtml]
    """By id."""
    notes: Mapping[str, NoteContent]
    """All notes of the bank by name."""
    ledger: Ledger
    stem: str
    """What tells the outputs of a part of the bank from those of the whole; empty for the whole."""
    section: str | None
    """The section that the build is confined to."""
    press: Press
    """Lays out pages."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """Id -> number in the order of the whole bank, whatever part of it is built."""
        return {identity: number for number, identity in enumerate(self.rendered, 1)}

    @property
    def time(self) -> int:
        """Unix seconds of the newest change."""
        return max(entry.time for entry in self.ledger.notes.values())


def notes_of(plan: Plan, questions: Sequence[Ranked]) -> list[NoteContent]:
    """The notes of some questions, in the bank's order."""
    ids = {ranked.question.id for ranked in questions}
    return [note for note in plan.notes.values() if note.guid_parts[1] in ids]
