"""content/numbers.toml -> the numbers to know, each with its source."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from generator.config import load_toml
from generator.model import ID, DecksError, KeyNumber, Place, Problem, Severity
from generator.read.entries import read_entries

CODE = "numbers"
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_TEXTS = {"group": "the heading it is printed under", "name": "what it is the number of", "value": "the number, as printed"}
_KEYS = frozenset({"id", *_TEXTS, "note", "as_of", "source"})


def numbers_files(content: Path) -> tuple[Path, ...]:
    """The file, where it exists."""
    path = content / "numbers.toml"
    return (path,) if path.is_file() else ()


def read_numbers(content: Path, display: str) -> tuple[tuple[KeyNumber, ...], tuple[Problem, ...]]:
    """Read `numbers.toml` of a content folder.

    Args:
        content: the content folder.
        display: its path for messages.

    Returns the numbers in the file's order (none where there is no file) and everything that is wrong in it.
    """
    problems: list[Problem] = []
    numbers: dict[str, KeyNumber] = {}
    for path in numbers_files(content):
        name = f"{display}/numbers.toml"
        try:
            table, text = load_toml(path, name)
        except DecksError as error:
            problems += error.problems
            continue
        entries, strange = read_entries(table, text, name, "number", CODE)
        problems += strange
        for entry in entries:
            mistakes = _mistakes(entry.values, numbers)
            problems += [_error(entry.place(), f"number {message}", remedy) for message, remedy in mistakes]
            if not mistakes:
                number = _number(entry.values, entry.place())
                numbers[number.id] = number
    return tuple(numbers.values()), tuple(problems)


def _error(place: Place, message: str, remedy: str) -> Problem:
    return Problem(place, CODE, Severity.ERROR, message, remedy)


def _mistakes(entry: dict[str, object], seen: dict[str, KeyNumber]) -> list[tuple[str, str]]:
    identity = entry.get("id")
    label = f'"{identity}" ' if isinstance(identity, str) else ""
    mistakes = []
    if not isinstance(identity, str) or not ID.fullmatch(identity):
        mistakes.append((f"{label}has no valid id", "give id = a-z, 0-9 and -, at most 64"))
    elif identity in seen:
        mistakes.append((f"{label}is already at line {seen[identity].place.line}", "remove one or give it another id"))
    for key, meaning in _TEXTS.items():
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            mistakes.append((f"{label}has no {key}", f"add {key} = in quotes, one line: {meaning}"))
    if not isinstance(entry.get("note", ""), str):
        mistakes.append((f"{label}has a note that is no text", "put the note in quotes"))
    as_of = entry.get("as_of")
    if as_of is not None and (not isinstance(as_of, date) or isinstance(as_of, datetime)):
        mistakes.append((f"{label}has as_of = {as_of!r}", "give the day it was checked, without quotes: as_of = 2026-11-21"))
    mistakes += [(f"{label}{message}", remedy) for message, remedy in _source_mistakes(entry.get("source"))]
    mistakes += [(f'{label}has the unknown key "{key}"', "remove it") for key in sorted(set(entry) - _KEYS)]
    return mistakes


def _source_mistakes(source: object) -> list[tuple[str, str]]:
    form = 'write source = { title = "…", address = "https://…" }'
    if not isinstance(source, dict) or set(source) != {"title", "address"}:
        return [("has no source with title and address", form)]
    title, address = source["title"], source["address"]
    if not isinstance(title, str) or not title.strip():
        return [("has a source without title", form)]
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return [("has a source whose address does not begin with https://", form)]
    return []


def _number(entry: dict[str, object], place: Place) -> KeyNumber:
    source = entry["source"]
    title, address = (str(source["title"]), str(source["address"])) if isinstance(source, dict) else ("", "")
    as_of = entry.get("as_of")
    return KeyNumber(
        id=str(entry["id"]),
        group=str(entry["group"]).strip(),
        name=str(entry["name"]).strip(),
        value=str(entry["value"]).strip(),
        note=" ".join(str(entry.get("note", "")).split()),
        as_of=as_of.isoformat() if isinstance(as_of, date) else "",
        source=title.strip(),
        address=address,
        place=place,
    )
