"""content/stories.toml -> the prompts of My story: what the user shall tell, and what is scored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.config import load_toml
from generator.model import ID, DecksError, Place, Problem, Severity, Story

FILE = "stories.toml"
_KEYS = ("id", "prompt", "hint", "follow_ups")


def read_stories(content: Path, display: str, taken: Mapping[str, Place]) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
    """Read `stories.toml` of a content folder; without the file there are no stories.

    Args:
        content: the content folder.
        display: its path for messages.
        taken: ids of the questions and where they stand; stories share their namespace.

    Returns the stories without mistakes, and every mistake with its line.
    """
    path = content / FILE
    if not path.exists() and not path.is_symlink():
        return (), ()
    name = f"{display}/{FILE}"
    try:
        table, text = load_toml(path, name)
    except DecksError as error:
        return (), error.problems
    entries = table.get("story", [])
    problems: list[Problem] = []
    if not isinstance(entries, list) or set(table) - {"story"}:
        problems.append(_error(Place(name, 0), "holds something else than [[story]] entries", "write each story as [[story]]"))
        entries = entries if isinstance(entries, list) else []
    lines = _Lines(text, name)
    seen = dict(taken)
    stories = []
    for position, entry in enumerate(entries):
        mistakes = list(_mistakes(entry, lines, position, seen))
        problems += mistakes
        if not mistakes:
            place = lines.place(position)
            seen[entry["id"]] = place
            follow_ups = tuple(item.strip() for item in entry.get("follow_ups", ()))
            stories.append(Story(entry["id"], entry["prompt"].strip(), entry["hint"].strip(), follow_ups, place))
    return tuple(stories), tuple(problems)


class _Lines:
    """Where the entries of the file stand."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = text.split("\n")
        self.starts = [number for number, line in enumerate(self.lines, 1) if re.match(r"\s*\[\[\s*story\s*\]\]", line)]

    def place(self, position: int, key: str | None = None) -> Place:
        """The line of an entry, or of a key in it."""
        if position >= len(self.starts):
            return Place(self.name, 0)
        start = self.starts[position]
        stop = self.starts[position + 1] - 1 if position + 1 < len(self.starts) else len(self.lines)
        written = re.compile(rf'\s*"?{re.escape(key)}"?\s*=') if key else None
        found = (number for number in range(start + 1, stop + 1) if written and written.match(self.lines[number - 1]))
        return Place(self.name, next(found, start))


def _mistakes(entry: object, lines: _Lines, position: int, seen: Mapping[str, Place]) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield _error(lines.place(position), "story is not a table", "write it as [[story]]")
        return
    identity = entry.get("id")
    if not isinstance(identity, str) or not ID.fullmatch(identity):
        remedy = "give a slug: a-z, 0-9 and -, at most 64 characters"
        yield _error(lines.place(position, "id"), f"story has id {_shown(identity)}", remedy)
    elif identity in seen:
        yield Problem(
            lines.place(position, "id"),
            "repeated-id",
            Severity.ERROR,
            f'id "{identity}" is already taken at {seen[identity]}',
            "give one of the two another id",
        )
    prompt, hint, follow_ups = entry.get("prompt"), entry.get("hint"), entry.get("follow_ups", [])
    if not isinstance(prompt, str) or not prompt.strip() or "\n" in prompt.strip():
        yield _error(lines.place(position, "prompt"), f"story has prompt {_shown(prompt)}", "give one line of text")
    if not isinstance(hint, str) or not hint.strip():
        yield _error(lines.place(position, "hint"), f"story has hint {_shown(hint)}", "say what is scored")
    if not isinstance(follow_ups, list) or not all(isinstance(item, str) and item.strip() for item in follow_ups):
        message = f"story has follow_ups {_shown(follow_ups)}"
        yield _error(lines.place(position, "follow_ups"), message, "give a list of questions in quotes")
    for key in entry:
        if key not in _KEYS:
            yield _error(lines.place(position, key), f'story has the unknown key "{key}"', "known here: " + ", ".join(_KEYS))


def _error(place: Place, message: str, remedy: str) -> Problem:
    return Problem(place, "config", Severity.ERROR, message, remedy)


def _shown(value: object) -> str:
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
