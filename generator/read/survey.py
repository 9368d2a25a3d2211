"""content/survey/*.toml -> Survey: which public lists ask which question. Facts only, never their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.config import load_toml, toml_line
from generator.model import KINDS, DecksError, Place, Problem, Severity, Survey, SurveyList, SurveyPlace

GRADES = ("reported", "curated", "generated")
_PLACE = re.compile(r"([a-z0-9][a-z0-9-]*):([1-9][0-9]{0,5})")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def survey_files(content: Path) -> tuple[Path, ...]:
    """The survey's files that exist."""
    return tuple(path for name in ("lists.toml", "asked.toml") if (path := content / "survey" / name).is_file())


def read_survey(content: Path, display: str) -> tuple[Survey, tuple[Problem, ...]]:
    """Read `survey/lists.toml` and `survey/asked.toml` of a content folder.

    Args:
        content: the content folder.
        display: its path for messages.

    Returns the survey (empty where there is none) and everything that is wrong in the files.
    """
    problems: list[Problem] = []
    lists: dict[str, SurveyList] = {}
    asked: dict[str, tuple[SurveyPlace, ...]] = {}
    written: dict[str, Place] = {}
    unsure: set[str] | None = set()  # lists that are wrong themselves: places that name them are not blamed too
    for path in survey_files(content):
        name = f"{display}/survey/{path.name}"
        try:
            table, text = load_toml(path, name)
        except DecksError as error:
            problems += error.problems
            unsure = None
            continue
        if path.name == "lists.toml":
            for item in _lists(table, text, name, problems):
                lists[item.slug] = item
            unsure = set(re.findall(r"""^\s*slug\s*=\s*["']([^"']*)["']""", text, re.MULTILINE)) - set(lists)
        else:
            asked = _asked(table, text, name, lists, unsure, problems)
            written = {identity: Place(name, toml_line(text, "", identity)) for identity in asked}
    return Survey(lists, asked, written), tuple(problems)


def _error(place: Place, message: str, remedy: str) -> Problem:
    return Problem(place, "survey", Severity.ERROR, message, remedy)


def _lists(table: dict[str, object], text: str, name: str, problems: list[Problem]) -> Iterator[SurveyList]:
    entries = table.get("list", [])
    starts = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r"\s*\[\[\s*list\s*\]\]", line)]
    seen: set[str] = set()
    if not isinstance(entries, list) or set(table) - {"list"}:
        problems.append(_error(Place(name, 0), "holds something else than [[list]] entries", "write each list as [[list]]"))
        entries = entries if isinstance(entries, list) else []
    for position, entry in enumerate(entries):
        place = Place(name, starts[position] if position < len(starts) else 0)
        mistakes = _list_mistakes(entry, seen) if isinstance(entry, dict) else [("is not a table", "write it as [[list]]")]
        problems += [_error(place, f"list {message}", remedy) for message, remedy in mistakes]
        if not mistakes:
            seen.add(entry["slug"])
            yield _survey_list(entry)


def _list_mistakes(entry: dict[str, object], seen: set[str]) -> list[tuple[str, str]]:
    slug = entry.get("slug")
    label = f'"{slug}" ' if isinstance(slug, str) else ""
    mistakes = []
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        mistakes.append((f"{label}has no valid slug", "give slug = a-z, 0-9 and -"))
    elif slug in seen:
        mistakes.append((f"{label}is there twice", "remove one or rename it"))
    for key in ("title", "address", "author", "kind", "date"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            mistakes.append((f"{label}has no {key}", f"add {key} = in quotes"))
    if entry.get("grade") not in GRADES:
        mistakes.append((f"{label}has grade {entry.get('grade')!r}", "give one of " + ", ".join(GRADES)))
    rounds = entry.get("rounds", [])
    if not isinstance(rounds, list) or not all(item in KINDS for item in rounds):
        mistakes.append((f"{label}has rounds {rounds!r}", "give a list of " + ", ".join(KINDS)))
    questions = entry.get("questions", 0)
    if type(questions) is not int or questions < 0:
        mistakes.append((f"{label}has questions = {questions!r}", "give how many questions the list has"))
        questions = 0
    if not _witnesses_valid(entry.get("witnesses", {}), questions or 999_999):
        mistakes.append((f"{label}has wrong witnesses", "give position = number of reports, positions within the list"))
    unknown = set(entry) - {"slug", "title", "address", "author", "kind", "date", "grade", "rounds", "questions", "witnesses"}
    mistakes += [(f'{label}has the unknown key "{key}"', "remove it") for key in sorted(unknown)]
    return mistakes


def _witnesses_valid(witnesses: object, questions: int) -> bool:
    return isinstance(witnesses, dict) and all(
        re.fullmatch(r"[1-9][0-9]{0,5}", position) and int(position) <= questions and type(count) is int and count >= 1
        for position, count in witnesses.items()
    )


def _survey_list(entry: dict[str, Any]) -> SurveyList:
    witnesses = entry.get("witnesses", {})
    rounds = entry.get("rounds", [])
    questions = entry.get("questions", 0)
    return SurveyList(
        slug=str(entry["slug"]),
        title=str(entry["title"]),
        address=str(entry["address"]),
        author=str(entry["author"]),
        kind=str(entry["kind"]),
        grade=str(entry["grade"]),
        date=str(entry["date"]),
        questions=questions,
        rounds=frozenset(rounds),
        witnesses={int(position): int(count) for position, count in witnesses.items()},
    )


def _asked(
    table: dict[str, object],
    text: str,
    name: str,
    lists: dict[str, SurveyList],
    unsure: set[str] | None,
    problems: list[Problem],
) -> dict[str, tuple[SurveyPlace, ...]]:
    asked: dict[str, tuple[SurveyPlace, ...]] = {}
    owner: dict[SurveyPlace, str] = {}
    for identity, value in table.items():
        at = Place(name, toml_line(text, "", identity))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            problems.append(_error(at, f'"{identity}" is not a list of places', 'write id = ["list:position", …]'))
            continue
        places = []
        for item in value:
            mistake = _place_mistake(item, lists, unsure)
            if mistake:
                problems.append(_error(at, f'"{identity}": place "{item}" {mistake[0]}', mistake[1]))
                continue
            slug, _, position = item.partition(":")
            place = SurveyPlace(slug, int(position))
            other = owner.setdefault(place, identity)
            if other != identity or place in places:
                problems.append(_error(at, f'place "{item}" is mapped to "{other}" and "{identity}"', "keep one of them"))
                continue
            places.append(place)
        asked[identity] = tuple(places)
    return asked


def _place_mistake(item: str, lists: dict[str, SurveyList], unsure: set[str] | None) -> tuple[str, str] | None:
    match = _PLACE.fullmatch(item)
    if match is None:
        return "is out of form", "write list:position"
    if unsure is None or match[1] in unsure:
        return None
    known = lists.get(match[1])
    if known is None:
        return "names an unknown list", "add the list to lists.toml"
    if known.questions and int(match[2]) > known.questions:
        return f"is beyond the list's {known.questions} questions", "correct the position"
    return None
