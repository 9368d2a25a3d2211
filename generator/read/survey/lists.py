"""survey/lists.toml -> the public question lists that the order rests on."""

from __future__ import annotations

import re
from typing import Any

from generator.model import KINDS, Problem, SurveyList
from generator.read.entries import Entry
from generator.read.survey.problems import error

GRADES = ("reported", "curated", "generated")
_KEYS = frozenset("slug title address author kind date grade rounds questions witnesses ties_only".split())
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def read_lists(entries: tuple[Entry, ...]) -> tuple[dict[str, SurveyList], list[Problem]]:
    """The sound lists by slug, and every mistake with its line."""
    lists: dict[str, SurveyList] = {}
    problems: list[Problem] = []
    for entry in entries:
        mistakes = _mistakes(entry.values, lists)
        problems += [error(entry.place(), f"list {message}", remedy) for message, remedy in mistakes]
        if not mistakes:
            item = _survey_list(entry.values)
            lists[item.slug] = item
    return lists, problems


def _mistakes(entry: dict[str, object], seen: dict[str, SurveyList]) -> list[tuple[str, str]]:
    slug = entry.get("slug")
    label = f'"{slug}" ' if isinstance(slug, str) else ""
    mistakes = []
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
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
    if not isinstance(entry.get("ties_only", False), bool):
        mistakes.append((f"{label}has ties_only = {entry['ties_only']!r}", "write true or false"))
    unknown = set(entry) - _KEYS
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
        ties_only=entry.get("ties_only", False),
    )
