"""The note types, ids and names that decks in people's hands depend on. Frozen: tests/test_anki_schema.py fails on any change.

Why nothing here may change once a deck is out: a field or template that is added, renamed or gets another id
makes Anki import a second note type beside the old one and stop updating existing notes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

SPARE = ("Spare 1", "Spare 2", "Spare 3", "Spare 4")


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type: its name, fields in order, and one card template."""

    key: str
    name: str
    fields: tuple[str, ...]
    template: str
    cloze: bool = False


QUESTION = NoteType(
    key="question",
    name="Interview question",
    fields=(
        "Question",
        "Question body",
        "Cue",
        "Short answer",
        "Key points",
        "Graded on",
        "Answer",
        "Follow-ups",
        "Sources",
        "Section",
        "Kind",
        "Level",
        "Asked",
        "Link",
        "Id",
        *SPARE,
    ),
    template="Question",
)
FACT = NoteType(
    key="fact",
    name="Interview key fact",
    fields=("Text", "Topic", "Question", "Extra", "Section", "Link", "Id", *SPARE),
    template="Key fact",
    cloze=True,
)
STORY = NoteType(
    key="story",
    name="My story",
    fields=("Prompt", "Situation", "Decision", "Result", "Change", "Follow-ups", "Hint", "Id", *SPARE),
    template="Story",
)
NOTE_TYPES = (QUESTION, FACT, STORY)

UNHASHED_FIELDS = frozenset({"Asked", "Link", *SPARE})
"""Evidence, link and spare fields: a note's time does not advance when only these change."""

STORY_TIME = 1_577_836_800
"""Time of every story note, 2020-01-01. It never advances and is older than any word a user can have written,
so that Anki's "update if newer" leaves their words alone, whatever happens to the ledger."""

DRILLS_SUFFIX = " \u2013 drills"


def permanent_id(*parts: str) -> int:
    """A positive id below 2**31 that always comes out the same for the same parts."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big")
    return (1 << 30) + number % (1 << 30)


def note_type_id(bank: str, note_type: NoteType) -> int:
    """The id of a bank's note type."""
    return permanent_id(bank, "note type", note_type.key)


def deck_id(bank: str, deck: str) -> int:
    """The id of a bank's deck; `deck` is `main`, `drills` or the name of a section's file."""
    return permanent_id(bank, "deck", deck)


def field_id(note_type: NoteType, field: str) -> int:
    """The id inside a field; Anki follows a renamed field by it."""
    return permanent_id(note_type.key, "field", field)


def template_id(note_type: NoteType) -> int:
    """The id inside a note type's only template."""
    return permanent_id(note_type.key, "template", "1")
