"""content/stories.toml -> the prompts of My story: what the user shall tell, and what is scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.config import load_toml
from generator.model import ID, DecksError, Place, Problem, Severity, Story
from generator.read.entries import Entry, read_entries

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
    entries, strange = read_entries(table, text, name, "story", "config")
    problems = list(strange)
    seen = dict(taken)
    stories = []
    for entry in entries:
        mistakes = list(_mistakes(entry, seen))
        problems += mistakes
        if not mistakes:
            stories.append(_story(entry))
            seen[stories[-1].id] = entry.place()
    return tuple(stories), tuple(problems)


def _story(entry: Entry) -> Story:
    values: dict[str, Any] = entry.values
    follow_ups = tuple(item.strip() for item in values.get("follow_ups", ()))
    return Story(values["id"], values["prompt"].strip(), values["hint"].strip(), follow_ups, entry.place())


def _mistakes(entry: Entry, seen: Mapping[str, Place]) -> Iterator[Problem]:
    identity = entry.values.get("id")
    if not isinstance(identity, str) or not ID.fullmatch(identity):
        remedy = "give a slug: a-z, 0-9 and -, at most 64 characters"
        yield _error(entry.place("id"), f"story has id {_shown(identity)}", remedy)
    elif identity in seen:
        yield Problem(
            entry.place("id"),
            "repeated-id",
            Severity.ERROR,
            f'id "{identity}" is already taken at {seen[identity]}',
            "give one of the two another id",
        )
    prompt, hint, follow_ups = entry.values.get("prompt"), entry.values.get("hint"), entry.values.get("follow_ups", [])
    if not isinstance(prompt, str) or not prompt.strip() or "\n" in prompt.strip():
        yield _error(entry.place("prompt"), f"story has prompt {_shown(prompt)}", "give one line of text")
    if not isinstance(hint, str) or not hint.strip():
        yield _error(entry.place("hint"), f"story has hint {_shown(hint)}", "say what is scored")
    if not isinstance(follow_ups, list) or not all(isinstance(item, str) and item.strip() for item in follow_ups):
        message = f"story has follow_ups {_shown(follow_ups)}"
        yield _error(entry.place("follow_ups"), message, "give a list of questions in quotes")
    for key in entry.values:
        if key not in _KEYS:
            yield _error(entry.place(key), f'story has the unknown key "{key}"', "known here: " + ", ".join(_KEYS))


def _error(place: Place, message: str, remedy: str) -> Problem:
    return Problem(place, "config", Severity.ERROR, message, remedy)


def _shown(value: object) -> str:
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
