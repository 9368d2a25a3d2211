"""content/survey/*.toml -> Survey: which public lists ask which question. Facts only, never their sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from generator.config import load_toml, toml_line
from generator.model import DecksError, Gap, Place, Problem, Survey, SurveyPlace
from generator.read.entries import read_entries
from generator.read.survey.asked import read_asked, read_baseline, read_phrases
from generator.read.survey.gaps import UNMATCHED, read_gaps, read_unmatched
from generator.read.survey.lists import read_lists
from generator.read.survey.places import Places
from generator.read.survey.problems import CODE

LISTS, ASKED, GAPS, PHRASES, BASELINE = "lists.toml", "asked.toml", "gaps.toml", "phrases.toml", "baseline.toml"
_Parsed = tuple[Mapping[str, object], str, str]
"""Table, text and displayed name of a file."""


def survey_files(content: Path) -> tuple[Path, ...]:
    """The survey's files that exist."""
    return tuple(path for name in (LISTS, ASKED, GAPS, PHRASES, BASELINE) if (path := content / "survey" / name).is_file())


def read_survey(content: Path, display: str) -> tuple[Survey, tuple[Problem, ...]]:
    """Read the files in `survey/` of a content folder.

    Args:
        content: the content folder.
        display: its path for messages.

    Returns the survey (empty where there is none) and everything that is wrong in the files.
    """
    problems: list[Problem] = []
    parsed: dict[str, _Parsed] = {}
    for path in survey_files(content):
        name = f"{display}/survey/{path.name}"
        try:
            parsed[path.name] = (*load_toml(path, name), name)
        except DecksError as error:
            problems += error.problems
    places = _places(parsed, problems, readable=LISTS in parsed or not (content / "survey" / LISTS).is_file())
    asked = read_asked(*parsed[ASKED], places) if ASKED in parsed else {}
    phrases = read_phrases(*parsed[PHRASES], places) if PHRASES in parsed else {}
    gaps: tuple[Gap, ...] = ()
    unmatched: frozenset[SurveyPlace] = frozenset()
    if GAPS in parsed:
        table, text, name = parsed[GAPS]
        entries, strange = read_entries(table, text, name, "gap", CODE, also=frozenset({UNMATCHED}))
        problems += strange
        gaps = read_gaps(entries, places)
        unmatched = read_unmatched(table.get(UNMATCHED, {}), name, toml_line(text, "", UNMATCHED), places)
    written = tuple(
        (identity, Place(parsed[file][2], toml_line(parsed[file][1], "", identity)))
        for file, found in ((ASKED, asked), (PHRASES, phrases))
        for identity in found
    )
    baseline = read_baseline(*parsed[BASELINE], places) if BASELINE in parsed else ()
    survey = Survey(places.lists, asked, written, gaps, unmatched, phrases, baseline)
    return survey, tuple(problems)


def _places(parsed: Mapping[str, _Parsed], problems: list[Problem], readable: bool) -> Places:
    """The lists, ready to judge the places of the other files by."""
    if LISTS not in parsed:
        return Places({}, set() if readable else None, problems)
    table, text, name = parsed[LISTS]
    entries, strange = read_entries(table, text, name, "list", CODE)
    lists, mistakes = read_lists(entries)
    problems += [*strange, *mistakes]
    written = set(re.findall(r"""^\s*slug\s*=\s*["']([^"']*)["']""", text, re.MULTILINE))
    return Places(lists, written - set(lists), problems)
