"""The Anki packages: the whole bank, its Top 50, its drills, and one per section. A note is the same in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from generator.anki_schema import NOTE_TYPES, NoteType
from generator.content import Content
from generator.ledger import Ledger
from generator.model import DecksError, Place, Problem, Ranked, Severity
from generator.outputs import Job, Plan, notes_of
from generator.read.identity import slug
from generator.render import cards
from generator.render.cards import DRILLS, MAIN, TOP, NoteContent
from generator.render.media import Media


@dataclass(frozen=True, slots=True)
class Package:
    """One package: its file and what it holds."""

    name: str
    """Below the folder of packages, without `.apkg`."""
    notes: Sequence[NoteContent]
    deck: tuple[str, str] | None = None
    """Key and name of the one deck that all of it goes to; None: the bank's own decks."""


def jobs(plan: Plan) -> list[Job]:
    """The packages of a build."""
    return [Job(f"anki/{package.name}.apkg", partial(_write, plan, package)) for package in _packages(plan)]


def _packages(plan: Plan) -> Iterator[Package]:
    """The package of what was asked for; of a whole bank also its parts, as far as they are smaller than the whole."""
    bank = plan.content.bank.slug
    if plan.stem:
        header = plan.chosen[0].question.sections[0] if plan.section else ""
        deck = (slug(header) or "section", _section_title(plan, header)) if header else None
        yield Package(f"{bank}-{plan.stem}", notes_of(plan, plan.chosen), deck)
        return
    whole = list(plan.notes.values())
    yield Package(bank, whole)
    if plan.content.ledger is None:  # a list without deck.toml
        return
    if len(plan.chosen) > TOP:
        yield Package(f"{bank}-top-{TOP}", notes_of(plan, plan.chosen[:TOP]))
    drills = [note for note in whole if note.deck == DRILLS]
    if 0 < len(drills) < len(whole):
        yield Package(f"{bank}-drills", drills)
    sections = by_section(plan.chosen)
    if len(sections) > 1:
        for name, questions in sections.items():
            deck = (name, _section_title(plan, questions[0].question.sections[0]))
            yield Package(f"sections/{name}", notes_of(plan, questions), deck)


def by_section(questions: Sequence[Ranked]) -> dict[str, list[Ranked]]:
    """The questions under each top header, by a name for its file: its slug, with a number where two share it."""
    titles = dict.fromkeys(ranked.question.sections[0] for ranked in questions if ranked.question.sections)
    names: dict[str, str] = {}
    for title in sorted(titles):  # not by rank, so that a change of likelihood renames no file
        name, number = slug(title) or "section", 1
        while name in names.values():
            number += 1
            name = f"{slug(title) or 'section'}-{number}"
        names[title] = name
    return {
        names[title]: [ranked for ranked in questions if ranked.question.sections[:1] == (title,)]
        for title in sorted(titles, key=names.__getitem__)
    }


def types_in_use(notes: Iterable[NoteContent]) -> tuple[NoteType, ...]:
    """The note types that some notes have."""
    used = {note.note_type.key for note in notes}
    return tuple(spec for spec in NOTE_TYPES if spec.key in used)


def description(content: Content, ledger: Ledger, deck: str) -> str:
    """The description of a deck, the same in every package that holds the deck."""
    stories = {story.id for story in content.stories}
    changed = max(entry.time for name, entry in ledger.notes.items() if name not in stories)
    date = datetime.fromtimestamp(changed, UTC).date().isoformat()
    return cards.description(content.config, date, stories=deck == DRILLS and bool(stories))


def _section_title(plan: Plan, header: str) -> str:
    return f"{cards.deck_title(plan.content.bank, MAIN)} – {cards.deck_part(header)}"


def _write(plan: Plan, package: Package, path: Path) -> tuple[Problem, ...]:
    """Write and verify a package.

    Raises:
        DecksError: what was written is not what it should be.
    """
    from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, verify_package, write_package

    content, ledger = plan.content, plan.ledger
    types = []
    for spec in types_in_use(package.notes):
        front, back = cards.layout(spec)
        types.append(AnkiType(spec, front, back, cards.styling(), ledger.types[spec.key].time))
    notes = [
        AnkiNote(
            guid_parts=note.guid_parts,
            note_type=note.note_type,
            fields=note.fields,
            tags=tuple(sorted((*note.tags, *note.evidence_tags))),
            deck=note.deck,
            due=ledger.notes[note.name].order,
            time=ledger.notes[note.name].time,
        )
        for note in package.notes
    ]
    decks = [
        AnkiDeck(key, cards.deck_title(content.bank, key), description(content, ledger, key), ledger.decks[key].time)
        for key in sorted({note.deck for note in notes}, reverse=True)
    ]
    if package.deck is not None:
        key, name = package.deck
        decks = [AnkiDeck(key, name, description(content, ledger, MAIN), decks[0].time)]
        notes = [replace(note, deck=key) for note in notes]
    media: dict[str, Media] = {item.name: item for note in package.notes for item in note.media}
    try:
        write_package(path, content.bank.slug, types, decks, notes, list(media.values()))
        verify_package(path, len(notes), list(media.values()))
    except ValueError as error:
        place = Place(f"anki/{package.name}.apkg", 0)
        remedy = "the old package stays; build again, and report it if it happens twice"
        raise DecksError((Problem(place, "package", Severity.ERROR, f"the package is not whole: {error}", remedy),)) from error
    return ()
