"""The `[[name]]` tables of a TOML file, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from generator.model import Place, Problem, Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[[name]]` table and where it stands."""

    values: dict[str, object]
    file: str
    start: int
    """The line of its header; 0 if it was not found."""
    lines: tuple[str, ...]
    """The lines below its header, up to the next one."""

    def place(self, key: str | None = None) -> Place:
        """The line of the entry, or of a key in it."""
        written = re.compile(rf'\s*"?{re.escape(key)}"?\s*=') if key else None
        found = (number for number, line in enumerate(self.lines, self.start + 1) if written and written.match(line))
        return Place(self.file, next(found, self.start) if self.start else 0)


def read_entries(
    table: Mapping[str, object], text: str, file: str, name: str, code: str, also: frozenset[str] = frozenset()
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The `[[name]]` tables of a parsed TOML file.

    Args:
        table, text: what was parsed, and from what.
        file: its path for messages.
        name: what the entries are called.
        code: the rule that problems belong to.
        also: top-level keys that are allowed beside the entries.

    Returns the entries in the file's order, and what stands there that is no entry.
    """
    problems: list[Problem] = []
    found = table.get(name, [])
    if not isinstance(found, list) or set(table) - {name} - also:
        message = f"holds something else than [[{name}]] entries"
        problems.append(Problem(Place(file, 0), code, Severity.ERROR, message, f"write each {name} as [[{name}]]"))
    entries: list[Entry] = []
    for entry, (start, lines) in zip(found if isinstance(found, list) else [], _pieces(text, name), strict=False):
        if isinstance(entry, dict):
            entries.append(Entry(entry, file, start, lines))
        else:
            problems.append(
                Problem(Place(file, start), code, Severity.ERROR, f"{name} is not a table", f"write it as [[{name}]]")
            )
    return tuple(entries), tuple(problems)


def _pieces(text: str, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and following lines of every `[[name]]` header; then, without end, of entries written in another way."""
    lines = text.split("\n")
    header = re.compile(rf"\s*\[\[\s*{re.escape(name)}\s*\]\]")
    starts = [number for number, line in enumerate(lines, 1) if header.match(line)]
    for start, after in zip_longest(starts, starts[1:], fillvalue=len(lines) + 1):
        yield start, tuple(lines[start : after - 1])
    while True:
        yield 0, ()
