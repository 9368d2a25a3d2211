"""The Anki packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from generator.anki_schema import FACT, QUESTION, NoteType
from generator.content import Content
from generator.model import Problem
from generator.outputs import Job, Plan, notes_of
from generator.render import cards
from generator.render.cards import NoteContent
from generator.render.media import Media


def jobs(plan: Plan) -> list[Job]:
    """The packages of a build."""
    wanted = notes_of(plan, plan.chosen)
    section = plan.chosen[0].question.sections[0] if plan.section else None
    slug = plan.content.bank.slug
    package = f"{slug}-{plan.stem}" if plan.stem else slug
    return [Job(f"anki/{package}.apkg", lambda path: _write_package(path, plan, section, wanted))]


def types_in_use(notes: Iterable[NoteContent]) -> tuple[NoteType, ...]:
    """The note types that some notes have."""
    used = {note.note_type.key for note in notes}
    return tuple(spec for spec in (QUESTION, FACT) if spec.key in used)


def description(content: Content, notes: Mapping[str, NoteContent], deck: str) -> str:
    """The description of a deck of the whole bank."""
    count = sum(note.deck == deck and note.note_type is QUESTION for note in notes.values())
    return cards.description(content.bank, content.config, count)


def _write_package(path: Path, plan: Plan, section: str | None, wanted: Sequence[NoteContent]) -> tuple[Problem, ...]:
    from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, verify_package, write_package

    content, ledger = plan.content, plan.ledger
    types = []
    for spec in types_in_use(wanted):
        front, back = cards.layout(spec)
        types.append(AnkiType(spec, front, back, cards.styling(), ledger.types[spec.key].time))
    decks = []
    for key in sorted({note.deck for note in wanted}, reverse=True):
        time = ledger.decks[key].time
        decks.append(AnkiDeck(key, cards.deck_title(content.bank, key), description(content, plan.notes, key), time))
    if section:
        decks = [replace(deck, name=f"{deck.name} – {cards.deck_part(section)}") for deck in decks]
    finished = [
        AnkiNote(
            guid_parts=note.guid_parts,
            note_type=note.note_type,
            fields=note.fields,
            tags=tuple(sorted((*note.tags, *note.evidence_tags))),
            deck=note.deck,
            due=ledger.notes[note.name].order,
            time=ledger.notes[note.name].time,
        )
        for note in wanted
    ]
    media: dict[str, Media] = {item.name: item for note in wanted for item in note.media}
    write_package(path, content.bank.slug, types, decks, finished, list(media.values()))
    verify_package(path, len(finished), list(media.values()))
    return ()
