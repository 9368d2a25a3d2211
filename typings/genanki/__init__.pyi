# The parts of genanki that we use; the library has no types of its own.
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

def guid_for(*values: str) -> str: ...

class Model:
    FRONT_BACK: ClassVar[int]
    CLOZE: ClassVar[int]
    def __init__(
        self,
        model_id: int,
        name: str,
        fields: list[dict[str, Any]],
        templates: list[dict[str, Any]],
        css: str = ...,
        model_type: int = ...,
        sort_field_index: int = ...,
    ) -> None: ...
    def to_json(self, timestamp: float, deck_id: int) -> dict[str, object]: ...

class Note:
    def __init__(self, model: Model, fields: list[str], tags: list[str] = ..., guid: str = ..., due: int = ...) -> None: ...
    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None: ...

class Deck:
    notes: list[Note]
    def __init__(self, deck_id: int, name: str, description: str = ...) -> None: ...
    def add_note(self, note: Note) -> None: ...
    def to_json(self) -> dict[str, object]: ...

class Package:
    def __init__(self, deck_or_decks: Sequence[Deck]) -> None: ...
    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None: ...
