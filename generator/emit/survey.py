"""Judged places -> survey/asked.toml, gaps.toml and lists.toml; what people wrote in these files stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import Array, Table

from generator.files import write_text
from generator.model import SurveyList, SurveyPlace
from generator.read.survey import ASKED, GAPS, LISTS
from generator.read.survey.gaps import UNMATCHED

_A_LINE = 4
"""Places on a line of asked.toml."""


def add_list(content: Path, new: SurveyList) -> None:
    """Write another list into `survey/lists.toml`."""
    document = _document(content, LISTS)
    entry = tomlkit.table()
    for key in ("slug", "title", "address", "author", "kind", "grade", "date", "questions"):
        entry[key] = getattr(new, key)
    entry["rounds"] = sorted(new.rounds)
    entries = document.setdefault("list", tomlkit.aot())
    entries.append(entry)
    _write(content, LISTS, document)


def add_asked(content: Path, found: Mapping[str, Sequence[SurveyPlace]]) -> None:
    """Write more places into `survey/asked.toml`: question id -> places."""
    if not found:
        return
    document = _document(content, ASKED)
    for identity, places in sorted(found.items()):
        _extend(document, identity, places)
    _write(content, ASKED, document)


def add_gaps(
    content: Path,
    topics: Mapping[str, Sequence[SurveyPlace]],
    unmatched: Collection[SurveyPlace],
    before: Collection[SurveyPlace],
) -> None:
    """Write into `survey/gaps.toml`.

    Args:
        topics: topic -> more places that ask for it; a new topic is decided "write".
        unmatched: more places that belong to nothing.
        before: those that the file names already.
    """
    document = _document(content, GAPS)
    gaps = document.setdefault("gap", tomlkit.aot())
    known = {str(gap["topic"]): gap for gap in gaps}
    for topic, places in topics.items():
        if topic in known:
            _extend(known[topic], "places", places)
            continue
        gap = tomlkit.table()
        gap["topic"], gap["decision"] = topic, "write"
        _extend(gap, "places", places)
        gaps.append(gap)
    if unmatched:
        table = document.setdefault(UNMATCHED, tomlkit.table())
        for slug in sorted({place.list for place in unmatched}):
            table[slug] = ranges(place.position for place in {*before, *unmatched} if place.list == slug)
    if not gaps:
        document.remove("gap")
    _write(content, GAPS, document)


def ranges(positions: Iterable[int]) -> str:
    """Positions as `1-40, 42`."""
    pieces: list[list[int]] = []
    for position in sorted(set(positions)):
        if pieces and position == pieces[-1][1] + 1:
            pieces[-1][1] = position
        else:
            pieces.append([position, position])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in pieces)


def _extend(table: TOMLDocument | Table, key: str, places: Sequence[SurveyPlace]) -> None:
    """Put more places into an array, which keeps its lines and comments; a new one gets four places a line."""
    texts = [str(place) for place in places]
    array = table.get(key)
    if not isinstance(array, Array):
        table[key] = _array(texts)
    elif "\n" in array.as_string():
        array.add_line(*texts, indent="  ")
    else:
        array.extend(texts)


def _array(texts: Sequence[str]) -> Array:
    array = tomlkit.array()
    for number, text in enumerate(texts):
        first = number % _A_LINE == 0
        array.add_line(text, newline=first and len(texts) > _A_LINE, indent="  " if first else " ")
    if len(texts) > _A_LINE:
        array.add_line(indent="")
    return array


def _document(content: Path, name: str) -> TOMLDocument:
    path = content / "survey" / name
    return tomlkit.parse(path.read_text(encoding="utf-8-sig")) if path.is_file() else tomlkit.document()


def _write(content: Path, name: str, document: TOMLDocument) -> None:
    (content / "survey").mkdir(exist_ok=True)
    write_text(content / "survey" / name, tomlkit.dumps(document))
