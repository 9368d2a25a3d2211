"""What a build makes: each output's name and the job that writes it, one module per kind of output."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.content import Content
from generator.emit.pages import PdfError
from generator.emit.press import Press
from generator.ledger import Ledger
from generator.model import DecksError, Place, Problem, Ranked, Severity
from generator.render.cards import NoteContent
from generator.render.question import QuestionHtml
from generator.render.typography import Setting


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
    printed: Setting
    """The same as print sets it."""
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


def printing_job(name: str, write: Callable[[Path], tuple[str, ...]]) -> Job:
    """A job that reports what goes wrong in the page layout as problems."""
    place = Place(name, 0)

    def guarded(path: Path) -> tuple[Problem, ...]:
        try:
            messages = write(path)
        except PdfError as error:
            message = f"the PDF could not be written: {error}"
            remedy = "build with --only anki, or halve the content until the question at fault is found"
            raise DecksError((Problem(place, "pdf", Severity.ERROR, message, remedy),)) from error
        remedy = "look at the page; if it is wrong, write it more simply"
        return tuple(Problem(place, "print", Severity.WARNING, message, remedy) for message in messages)

    return Job(name, guarded)
