"""What must be remembered between builds, `content/ledger.json`: hashes, times, order keys, fact keys, removed ids.

Every timestamp in a deck comes from here. A note's time advances only when the note's own fields change,
so that a re-import updates what changed and leaves the user's tags and marks on everything else.
Order keys become the cards' `due`: absolute, spaced, so that a question added later slots in where it belongs.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from generator.model import DecksError, Place, Problem, Severity

VERSION = 1
SPACING = 2_000
"""Distance of the first build's order keys of questions."""
HIGHEST = 999_999
"""Anki's Check Database rewrites `due` from 1,000,000 on."""
STORIES_FROM = 950_000
"""Stories have order keys above this, so that the questions before them have room to grow."""
ALIKE = 70.0
"""Similarity (0 to 100, rapidfuzz ratio) from which a key point counts as the same one, reworded."""


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """What is remembered of one note."""

    hash: str
    time: int
    """Unix time in seconds of the note's last change."""
    order: int


@dataclass(frozen=True, slots=True)
class TimedHash:
    """What is remembered of a note type or deck."""

    hash: str
    time: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A question that left the bank; its id stays taken."""

    time: int
    question: str
    """Its wording when it was last built."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole memory of a bank. Notes and types are keyed by name, facts by question and key."""

    bank: str
    notes: Mapping[str, NoteEntry] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Question id -> fact key -> the key point's text."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """Question id -> its wording."""
    types: Mapping[str, TimedHash] = field(default_factory=dict)
    decks: Mapping[str, TimedHash] = field(default_factory=dict)
    removed: Mapping[str, Removed] = field(default_factory=dict)
    bands: Mapping[str, str] = field(default_factory=dict)
    """Question id -> its band, so that small changes of the evidence don't move it."""


def note_name(question: str, fact: str | None = None) -> str:
    """The name of a question's note, or of one of its facts, in the ledger."""
    return question if fact is None else f"{question}/{fact}"


def digest(parts: Iterable[str]) -> str:
    """A short hash of a note's fields and tags; the parts can't run into each other."""
    whole = json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- fact keys -------------------------------------------------------------------------------------------


def match_facts(known: Mapping[str, str], texts: Sequence[tuple[str, str | None]]) -> tuple[str, ...]:
    """The permanent key of each key point of a question.

    Args:
        known: key -> text, as of the last build.
        texts: the marked key points now, in order, each with the key its author pinned, if any.

    Exact text wins, then the most similar above `ALIKE`; what is left gets a new key.
    """
    keys: list[str | None] = [pinned for _, pinned in texts]
    free = {key: text for key, text in known.items() if key not in keys}
    for position, (text, _) in enumerate(texts):
        exact = next((key for key, old in free.items() if old == text), None)
        if keys[position] is None and exact is not None:
            keys[position] = exact
            del free[exact]
    pairs = sorted(
        (-fuzz.ratio(old, text), position, key)
        for position, (text, _) in enumerate(texts)
        if keys[position] is None
        for key, old in free.items()
    )
    for score, position, key in pairs:
        if -score >= ALIKE and keys[position] is None and key in free:
            keys[position] = key
            del free[key]
    taken = {key for key in keys if key} | set(known)
    for position, (text, _) in enumerate(texts):
        if keys[position] is None:
            keys[position] = _new_key(text, taken)
            taken.add(str(keys[position]))
    return tuple(str(key) for key in keys)


def _new_key(text: str, taken: set[str]) -> str:
    whole = hashlib.sha256(text.encode()).hexdigest()
    return next(key for length in range(4, 65) if (key := "f" + whole[:length]) not in taken)


# --- order keys ------------------------------------------------------------------------------------------


def order_keys(sequence: Sequence[str], anchors: set[str], known: Mapping[str, int], highest: int = HIGHEST) -> dict[str, int]:
    """Order keys for notes in the given sequence: unique, rising, from 1 to `highest`.

    Args:
        sequence: note names in the order their cards shall come.
        anchors: the names (questions) that the first build spaces evenly; the others go between them.
        known: the keys of the last build.

    The longest run that is already in order keeps its keys, the others are spread between their
    neighbours. Only where no room is left is everything numbered anew.
    """
    kept = _longest_rising({name: known[name] for name in sequence if name in known}, sequence)
    if not kept:
        placed = [name for name in sequence if name in anchors]
        step = max(1, min(SPACING, (highest - 1) // (len(sequence) + 2)))
        kept = {name: step * number for number, name in enumerate(placed, 1)}
    spread = _spread(sequence, kept, highest)
    if spread is None:
        step = highest // (len(sequence) + 1)
        if step < 1:
            raise ValueError(f"more than {highest} notes")
        spread = {name: min(SPACING, step) * number for number, name in enumerate(sequence, 1)}
    return spread


def story_keys(sequence: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Order keys for stories in the given sequence: as `order_keys`, all above `STORIES_FROM`."""
    before = {name: known[name] - STORIES_FROM for name in sequence if known.get(name, 0) > STORIES_FROM}
    keys = order_keys(sequence, set(sequence), before, HIGHEST - STORIES_FROM)
    return {name: STORIES_FROM + key for name, key in keys.items()}


def _longest_rising(keys: Mapping[str, int], sequence: Sequence[str]) -> dict[str, int]:
    """The longest subsequence whose keys rise strictly (patience sorting, O(n log n))."""
    names = [name for name in sequence if name in keys]
    tails: list[int] = []
    tail_positions: list[int] = []
    before: list[int] = []
    for position, name in enumerate(names):
        slot = bisect_left(tails, keys[name])
        before.append(tail_positions[slot - 1] if slot else -1)
        tails[slot : slot + 1] = [keys[name]]
        tail_positions[slot : slot + 1] = [position]
    chosen: list[str] = []
    position = tail_positions[-1] if tail_positions else -1
    while position >= 0:
        chosen.append(names[position])
        position = before[position]
    return {name: keys[name] for name in reversed(chosen)}


def _spread(sequence: Sequence[str], kept: Mapping[str, int], highest: int) -> dict[str, int] | None:
    """Keys for all, those in `kept` unchanged; None where two kept ones are too close for what lies between."""
    result: dict[str, int] = {}
    low = 0
    waiting: list[str] = []
    for name in sequence:
        if name not in kept:
            waiting.append(name)
            continue
        high = kept[name]
        if not _fill(result, waiting, low, high):
            return None
        result[name] = low = high
        waiting = []
    high = min(highest + 1, low + SPACING * (len(waiting) + 1))
    return result if _fill(result, waiting, low, high) else None


def _fill(result: dict[str, int], names: Sequence[str], low: int, high: int) -> bool:
    if names and high - low <= len(names):
        return False
    for number, name in enumerate(names, 1):
        result[name] = low + (high - low) * number // (len(names) + 1)
    return True


# --- times -----------------------------------------------------------------------------------------------


def advance(old: NoteEntry | TimedHash | None, new_hash: str, now: int) -> int:
    """The time of a note, note type or deck: the old one while its hash stays, else max(old + 1, now)."""
    if old is None:
        return now
    return old.time if old.hash == new_hash else max(old.time + 1, now)


def update(old: Ledger, fresh: Ledger, now: int, partial: bool = False, fixed: Collection[str] = ()) -> Ledger:
    """The ledger after a build: times advanced where hashes changed, vanished questions remembered as removed.

    Args:
        old: the ledger of the last build.
        fresh: what this build found; its times are ignored.
        now: Unix time in seconds.
        partial: a build of a part of the bank; it removes nothing.
        fixed: names of notes whose time in `fresh` stands.
    """
    notes = {
        name: entry if name in fixed else replace(entry, time=_note_time(old, name, entry.hash, now))
        for name, entry in fresh.notes.items()
    }
    # Fact keys are permanent: those of a question that is gone or unanswered today are kept for its return.
    facts = {
        question: {**old.facts.get(question, {}), **fresh.facts.get(question, {})} for question in {*old.facts, *fresh.facts}
    }
    questions = dict(fresh.questions)
    removed = {name: entry for name, entry in old.removed.items() if name not in questions}
    if partial:
        notes = {**old.notes, **notes}
        questions = {**old.questions, **questions}
    else:
        gone = [name for name in old.questions if name not in questions]
        removed.update({name: Removed(max(now, _last_time(old, name)), old.questions[name]) for name in gone})
    return Ledger(
        bank=fresh.bank,
        notes=notes,
        facts={question: keys for question, keys in facts.items() if keys},
        questions=questions,
        types=timed(old.types, fresh.types, now),
        decks={**old.decks, **timed(old.decks, fresh.decks, now)},
        removed=removed,
        bands=fresh.bands,
    )


def _note_time(old: Ledger, name: str, new_hash: str, now: int) -> int:
    """The time of a note; one whose question was removed for a while comes back newer than it ever was."""
    removed = old.removed.get(name.split("/")[0])
    time = advance(old.notes.get(name), new_hash, now)
    return max(time, removed.time + 1) if removed and name not in old.notes else time


def _last_time(old: Ledger, question: str) -> int:
    return max((entry.time for name, entry in old.notes.items() if name.split("/")[0] == question), default=0)


def timed(old: Mapping[str, TimedHash], fresh: Mapping[str, TimedHash], now: int) -> dict[str, TimedHash]:
    """Note types or decks with their times advanced where their hashes changed."""
    return {name: replace(entry, time=advance(old.get(name), entry.hash, now)) for name, entry in fresh.items()}


def returned_ids(old: Ledger, questions: Mapping[str, str], name: str, places: Mapping[str, Place]) -> tuple[Problem, ...]:
    """Removed ids that come back for a question with quite another wording."""
    return tuple(
        Problem(
            places.get(identity, Place(name, 0)),
            "returned-id",
            Severity.ERROR,
            f'id "{identity}" belonged to a removed question ("{entry.question[:60]}")',
            'give the new question an id of its own, or delete the id\'s entry under "removed" in the ledger',
        )
        for identity, entry in old.removed.items()
        if identity in questions and fuzz.token_set_ratio(entry.question, questions[identity]) < ALIKE
    )


# --- file ------------------------------------------------------------------------------------------------


def dump(ledger: Ledger) -> str:
    """The ledger as JSON: sorted, one entry a line, so that a version control system merges it line by line."""
    tables: dict[str, Mapping[str, object]] = {
        "notes": {name: [entry.hash, entry.time, entry.order] for name, entry in ledger.notes.items()},
        "facts": ledger.facts,
        "questions": ledger.questions,
        "types": {name: [entry.hash, entry.time] for name, entry in ledger.types.items()},
        "decks": {name: [entry.hash, entry.time] for name, entry in ledger.decks.items()},
        "removed": {name: [entry.time, entry.question] for name, entry in ledger.removed.items()},
        "bands": ledger.bands,
    }
    lines = ["{", f'"version": {VERSION},', f'"bank": {json.dumps(ledger.bank)}']
    for title, table in tables.items():
        lines[-1] += ","
        lines.append(f'"{title}": {{')
        entries = [f"{_json(name)}: {_json(value)}" for name, value in sorted(table.items())]
        lines += [entry + "," for entry in entries[:-1]] + entries[-1:]
        lines.append("}")
    return "\n".join([*lines, "}"]) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(", ", ": "))


def load(text: str, name: str) -> Ledger:
    """Read a ledger.

    Raises:
        DecksError: the text is no ledger; every message has file and line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("<<<<<<<", ">>>>>>>", "|||||||")):
            raise _broken(name, number, "the ledger holds a merge conflict", "run `decks ledger merge`")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        remedy = "restore it from version control"
        raise _broken(name, error.lineno, f"the ledger is not valid JSON: {error.msg}", remedy) from error
    except (ValueError, RecursionError) as error:
        raise _broken(name, 0, f"the ledger is not valid JSON: {error}", "restore it from version control") from error
    try:
        return _ledger(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"the ledger is out of form ({type(error).__name__}: {error})"
        raise _broken(name, 0, message, "restore it from version control") from error


def _broken(name: str, line: int, message: str, remedy: str) -> DecksError:
    return DecksError((Problem(Place(name, line), "ledger", Severity.ERROR, message, remedy),))


def _ledger(data: dict[str, object]) -> Ledger:
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}, this program writes {VERSION}")
    tables = {key: data[key] for key in ("notes", "facts", "questions", "types", "decks", "removed")}
    tables["bands"] = data.get("bands", {})  # ledgers of the first builds have none
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise ValueError(f'"{key}" is not a table')
    notes, facts, questions, types, decks, removed, bands = (dict(table) for table in tables.values())  # type: ignore[call-overload]
    return Ledger(
        bank=_string(data["bank"]),
        notes={name: NoteEntry(_string(h), _time(t), _order(o)) for name, (h, t, o) in notes.items()},
        facts={name: {key: _string(text) for key, text in keys.items()} for name, keys in facts.items()},
        questions={name: _string(text) for name, text in questions.items()},
        types={name: TimedHash(_string(h), _time(t)) for name, (h, t) in types.items()},
        decks={name: TimedHash(_string(h), _time(t)) for name, (h, t) in decks.items()},
        removed={name: Removed(_time(t), _string(text)) for name, (t, text) in removed.items()},
        bands={name: _string(band) for name, band in bands.items()},
    )


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    return value


def _time(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{value!r} is not a whole number above 0")
    return value


def _order(value: object) -> int:
    key = _time(value)
    if key > HIGHEST:
        raise ValueError(f"order key {key} is above {HIGHEST}")
    return key


def merge(ours: Ledger, theirs: Ledger) -> Ledger:
    """One ledger of two that diverged: of each entry the later; a build settles the rest.

    An id that one side removed and the other still builds is kept as built when that side's entry is later.
    """

    def later(left: Mapping[str, TimedHash], right: Mapping[str, TimedHash]) -> dict[str, TimedHash]:
        return {name: max((table[name] for table in (left, right) if name in table), key=_when) for name in {*left, *right}}

    notes = {
        name: max((side.notes[name] for side in (ours, theirs) if name in side.notes), key=_when)
        for name in {*ours.notes, *theirs.notes}
    }
    removed = {
        name: max((side.removed[name] for side in (ours, theirs) if name in side.removed), key=_when)
        for name in {*ours.removed, *theirs.removed}
    }
    built = {*ours.questions, *theirs.questions}
    back = {name for name in removed if name in built and name in notes and notes[name].time > removed[name].time}
    gone = set(removed) - back
    return Ledger(
        bank=ours.bank,
        notes={name: entry for name, entry in notes.items() if name.split("/")[0] not in gone},
        facts={
            question: {key: _of_later(ours, theirs, note_name(question, key), facts) for key in _all_keys(facts)}
            for question in {*ours.facts, *theirs.facts}
            for facts in [(ours.facts.get(question, {}), theirs.facts.get(question, {}))]
        },
        questions={name: _of_later(ours, theirs, name, (ours.questions, theirs.questions)) for name in built - gone},
        types=later(ours.types, theirs.types),
        decks=later(ours.decks, theirs.decks),
        removed={name: entry for name, entry in removed.items() if name in gone},
        bands={
            name: min(side.bands[name] for side in (ours, theirs) if name in side.bands)
            for name in {*ours.bands, *theirs.bands}
        },
    )


def _all_keys(tables: tuple[Mapping[str, str], Mapping[str, str]]) -> set[str]:
    return {*tables[0], *tables[1]}


def _of_later(ours: Ledger, theirs: Ledger, note: str, tables: tuple[Mapping[str, str], Mapping[str, str]]) -> str:
    """The text that the side with the later entry of the note has; neither side is preferred."""
    name = note.split("/")[-1] if "/" in note else note
    found = [
        (entry.time if (entry := side.notes.get(note)) else 0, table[name])
        for side, table in zip((ours, theirs), tables, strict=True)
        if name in table
    ]
    return max(found)[1]


def _when(entry: NoteEntry | TimedHash | Removed) -> tuple[int, str]:
    return entry.time, repr(entry)


def split_conflict(text: str) -> tuple[str, str]:
    """Both sides of a text with git's conflict markers (the base of a diff3 conflict is left out)."""
    sides: tuple[list[str], list[str]] = ([], [])
    state = "both"
    for line in text.split("\n"):
        marker = line[:7]
        if marker == "<<<<<<<":
            state = "ours"
        elif marker == "|||||||" and state == "ours":
            state = "base"
        elif marker == "=======" and state in ("ours", "base"):
            state = "theirs"
        elif marker == ">>>>>>>" and state == "theirs":
            state = "both"
        else:
            if state in ("both", "ours"):
                sides[0].append(line)
            if state in ("both", "theirs"):
                sides[1].append(line)
    return "\n".join(sides[0]), "\n".join(sides[1])
