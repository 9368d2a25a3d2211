"""Notes -> an `.apkg` package, the same bytes for the same input. The only file that imports genanki."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import genanki

from generator.anki_schema import STORY, NoteType, deck_id, field_id, note_type_id, template_id
from generator.render.media import Media

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SQLITE_VERSION_OFFSET = 92
"""Header bytes 92-99 hold the version of the library that wrote the file, https://www.sqlite.org/fileformat2.html"""


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """A note, ready to be written."""

    guid_parts: tuple[str, ...]
    note_type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    due: int
    time: int
    """Unix seconds of its last change."""


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck: the key its id derives from, its name, description and time."""

    key: str
    name: str
    description: str
    time: int


@dataclass(frozen=True, slots=True)
class AnkiType:
    """A note type with its looks and time."""

    note_type: NoteType
    front: str
    back: str
    css: str
    time: int


class _Model(genanki.Model):
    """genanki's model with fixed ids in fields and template, and a time of its own."""

    def __init__(self, bank: str, spec: AnkiType) -> None:
        kind = spec.note_type
        super().__init__(
            note_type_id(bank, kind),
            kind.name,
            fields=[{"name": name, "id": field_id(kind, name)} for name in kind.fields],
            templates=[{"name": kind.template, "qfmt": spec.front, "afmt": spec.back, "id": template_id(kind)}],
            css=spec.css,
            model_type=genanki.Model.CLOZE if kind.cloze else genanki.Model.FRONT_BACK,
            sort_field_index=0,
        )
        self.time = spec.time

    def to_json(self, _timestamp: float, deck: int) -> dict[str, object]:
        return super().to_json(self.time, deck)


class _Note(genanki.Note):
    """genanki's note with a time of its own instead of the package's."""

    def __init__(self, note: AnkiNote, model: _Model) -> None:
        super().__init__(
            model=model,
            fields=list(note.fields),
            tags=list(note.tags),
            guid=genanki.guid_for(*note.guid_parts),
            due=note.due,
        )
        self.time = note.time

    def write_to_db(self, cursor: sqlite3.Cursor, _timestamp: float, deck: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.time, deck, id_gen)


class _Deck(genanki.Deck):
    """genanki's deck with a time of its own."""

    def __init__(self, identity: int, name: str, description: str, time: int) -> None:
        super().__init__(identity, name, description)
        self.time = time

    def to_json(self) -> dict[str, object]:
        return {**super().to_json(), "mod": self.time}


def guid(parts: Sequence[str]) -> str:
    """The guid of a note."""
    return genanki.guid_for(*parts)


def write_package(
    path: Path,
    bank: str,
    types: Sequence[AnkiType],
    decks: Sequence[AnkiDeck],
    notes: Sequence[AnkiNote],
    media: Sequence[Media],
) -> None:
    """Write an Anki package.

    Args:
        path: the file to write; its folder must exist.
        bank: the slug that note type and deck ids derive from.
        types: the note types in use.
        decks: the decks; those without notes are left out.
        notes: all notes; their decks and types must be among the above.
        media: the images that fields refer to, by unique name.

    Raises:
        ValueError: two notes have the same guid (Anki would make two notes of them).
    """
    guids = [guid(note.guid_parts) for note in notes]
    if len(set(guids)) != len(guids):
        raise ValueError("two notes have the same guid")
    database = _database(bank, types, decks, notes)
    names = sorted({item.name: item for item in media}.items())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        _add(package, "collection.anki2", database)
        _add(package, "media", json.dumps({str(number): name for number, (name, _) in enumerate(names)}).encode())
        for number, (_, item) in enumerate(names):
            _add(package, str(number), item.data)


def _add(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    package.writestr(entry, data)


def _database(bank: str, types: Sequence[AnkiType], decks: Sequence[AnkiDeck], notes: Sequence[AnkiNote]) -> bytes:
    models = {spec.note_type.key: _Model(bank, spec) for spec in types}
    written = {}
    for deck in decks:
        written[deck.key] = _Deck(deck_id(bank, deck.key), deck.name, deck.description, deck.time)
    for note in sorted(notes, key=lambda item: item.due):
        written[note.deck].add_note(_Note(note, models[note.note_type.key]))
    package = genanki.Package([deck for deck in written.values() if deck.notes])
    # Note ids are milliseconds; they only have to be unique and in the past. A story's time says nothing of its age.
    times = [note.time for note in notes if note.note_type.key != STORY.key] or [note.time for note in notes]
    first_id = min(times, default=1) * 1000
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA temp_store = MEMORY")
        package.write_to_db(connection.cursor(), first_id // 1000, itertools.count(first_id))
        connection.commit()
        connection.execute("VACUUM")
        data = bytearray(connection.serialize())
    data[_SQLITE_VERSION_OFFSET : _SQLITE_VERSION_OFFSET + 8] = bytes(8)
    return bytes(data)


def verify_package(path: Path, notes: int, media: Sequence[Media]) -> None:
    """Open a package as Anki would and count.

    Raises:
        ValueError: it does not hold exactly these notes and images, or a field names an image it lacks,
            or no field names an image it has.
    """
    try:
        names, fields, cards = _read_back(path)
    except (zipfile.BadZipFile, zlib.error, sqlite3.Error, KeyError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"it can't be read back ({error})") from error
    if sorted(names) != sorted({item.name for item in media}):
        raise ValueError("it does not hold its images")
    if len(fields) != notes or cards != notes:
        raise ValueError(f"it holds {len(fields)} notes with {cards} having cards, expected {notes}")
    used = {name for text in fields for name in re.findall(r'<img src="([^"]+)"', text)}
    if used - set(names):
        raise ValueError(f"it lacks {sorted(used - set(names))}")
    if set(names) - used:
        raise ValueError(f"no field shows {sorted(set(names) - used)}")


def _read_back(path: Path) -> tuple[list[str], list[str], int]:
    """The names of a package's images, the fields of its notes, and how many notes have cards."""
    with zipfile.ZipFile(path) as package, closing(sqlite3.connect(":memory:")) as connection:
        names = json.loads(package.read("media"))
        if damaged := package.testzip():
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        connection.deserialize(package.read("collection.anki2"))
        fields = [row[0] for row in connection.execute("SELECT flds FROM notes")]
        cards = connection.execute("SELECT count(DISTINCT nid) FROM cards").fetchone()[0]
    return list(names.values()), fields, cards
