"""The survey's files: what is read from them, and every mistake in them by file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.model import SurveyList, SurveyPlace
from generator.read.survey import read_survey, survey_files
from tests.conftest import DECK, Decks, Run, Write

QUESTIONS = "# Hashing\n\n### What is a hash? {#hash}\n\nA number.\n\n### What is a collision? {#collision}\n\nA pair.\n"
ALPHA = """\
[[list]]
slug = "alpha"
title = "Alpha's questions"
address = "https://example.org/alpha"
author = "ann"
kind = "backend"
grade = "reported"
date = "2026-01"
questions = 50
rounds = ["concept", "debug"]
witnesses = {3 = 2, 50 = 7}
"""
BETA = """\
[[list]]
slug = "beta"
title = "Beta"
address = "https://example.org/beta"
author = "ben"
kind = "backend"
grade = "curated"
date = "2026-02"
"""
LISTS = ALPHA + "\n" + BETA
BETA_LINE = LISTS[: LISTS.rindex("[[list]]")].count("\n") + 1
ASKED = 'hash = ["alpha:3", "beta:700"]\ncollision = ["alpha:50"]\n'


def write_survey(write: Write, lists: str | bytes = LISTS, asked: str | bytes = ASKED) -> Path:
    return write(
        {
            "content/deck.toml": DECK,
            "content/a.md": QUESTIONS,
            "content/survey/lists.toml": lists,
            "content/survey/asked.toml": asked,
        }
    )


def findings(run: Run) -> list[tuple[str, str, str]]:
    """Place, code and message of everything that `decks check --format json` found."""
    return [(f"{row['file']}:{row['line']}", row["code"], row["message"]) for row in json.loads(run.out)]


# --- what is read ----------------------------------------------------------------------------------------


def test_lists_and_places_are_read_whole(write: Write) -> None:
    folder = write_survey(write)
    survey, problems = read_survey(folder / "content", "content")
    assert problems == ()
    assert survey.lists == {
        "alpha": SurveyList(
            slug="alpha",
            title="Alpha's questions",
            address="https://example.org/alpha",
            author="ann",
            kind="backend",
            grade="reported",
            date="2026-01",
            questions=50,
            rounds=frozenset({"concept", "debug"}),
            witnesses={3: 2, 50: 7},
        ),
        "beta": SurveyList("beta", "Beta", "https://example.org/beta", "ben", "backend", "curated", "2026-02"),
    }
    assert survey.asked == {
        "hash": (SurveyPlace("alpha", 3), SurveyPlace("beta", 700)),
        "collision": (SurveyPlace("alpha", 50),),
    }


def test_a_sound_survey_has_no_findings(write: Write, decks: Decks) -> None:
    write_survey(write)
    run = decks("check", "--strict", "--format", "json")
    assert (run.code, json.loads(run.out)) == (0, [])


def test_without_a_survey_nothing_is_read_and_nothing_is_wrong(tmp_path: Path) -> None:
    survey, problems = read_survey(tmp_path, "content")
    assert (dict(survey.lists), dict(survey.asked), problems) == ({}, {}, ())
    assert survey_files(tmp_path) == ()


def test_an_entry_may_run_over_several_lines(write: Write, decks: Decks) -> None:
    write_survey(write, asked='hash = [\n  "alpha:3",  # seen twice\n  "beta:7",\n]\n')
    assert decks("check", "--strict").code == 0


# --- mistakes in lists.toml ------------------------------------------------------------------------------


def test_the_second_list_begins_where_the_tests_say() -> None:
    assert LISTS.split("\n")[BETA_LINE - 1] == "[[list]]"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "beta"\n', "", "slug"),
        ('slug = "beta"', 'slug = "Beta!"', "slug"),
        ('slug = "beta"', "slug = 5", "slug"),
        ('slug = "beta"', 'slug = "alpha"', "twice"),
        ('title = "Beta"\n', "", "title"),
        ('address = "https://example.org/beta"\n', "", "address"),
        ('author = "ben"\n', "", "author"),
        ('author = "ben"', 'author = ""', "author"),
        ('author = "ben"', 'author = ["ben"]', "author"),
        ('kind = "backend"\n', "", "kind"),
        ('date = "2026-02"\n', "", "date"),
        ('grade = "curated"\n', "", "grade"),
        ('grade = "curated"', 'grade = "good"', "'good'"),
        ('date = "2026-02"', 'date = "2026-02"\nrounds = ["concepts"]', "concepts"),
        ('date = "2026-02"', 'date = "2026-02"\nrounds = "concept"', "rounds"),
        ('date = "2026-02"', 'date = "2026-02"\nrounds = 5', "rounds"),
        ('date = "2026-02"', 'date = "2026-02"\nquestions = -1', "questions = -1"),
        ('date = "2026-02"', 'date = "2026-02"\nquestions = "60"', "questions = '60'"),
        ('date = "2026-02"', 'date = "2026-02"\nquestions = true', "questions = True"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = [3]', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = {first = 3}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = {1 = "3"}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = {1 = true}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = {1 = -3}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = {0 = 3}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nwitnesses = {"²" = 3}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nquestions = 9\nwitnesses = {10 = 3}', "witnesses"),
        ('date = "2026-02"', 'date = "2026-02"\nautor = "ben"', '"autor"'),
    ],
)
def test_a_mistake_in_a_list_is_an_error_at_that_list(write: Write, decks: Decks, old: str, new: str, said: str) -> None:
    assert BETA.count(old) == 1
    write_survey(write, ALPHA + "\n" + BETA.replace(old, new), 'hash = ["alpha:3"]\n')
    run = decks("check", "--format", "json")
    assert run.code == 1
    ((place, code, message),) = findings(run)
    assert (place, code) == (f"content/survey/lists.toml:{BETA_LINE}", "survey")
    assert said in message


def test_all_mistakes_of_all_lists_are_told_at_once(write: Write, decks: Decks) -> None:
    lists = (
        ALPHA.replace('author = "ann"\n', "").replace('"reported"', '"told"') + "\n" + BETA.replace('kind = "backend"\n', "")
    )
    write_survey(write, lists, "")
    found = findings(decks("check", "--format", "json"))
    assert sorted((place, message) for place, _, message in found) == [
        ("content/survey/lists.toml:1", "list \"alpha\" has grade 'told'"),
        ("content/survey/lists.toml:1", 'list "alpha" has no author'),
        ("content/survey/lists.toml:12", 'list "beta" has no kind'),
    ]


@pytest.mark.parametrize("text", ['lists = "none"\n', "[list]\nslug = 5\n", "list = [5]\n", "version = 1\n" + LISTS])
def test_anything_but_lists_in_lists_toml_is_an_error(write: Write, decks: Decks, text: str) -> None:
    write_survey(write, text, "")
    run = decks("check", "--format", "json")
    assert run.code == 1
    assert {(place.rsplit(":")[0], code) for place, code, _ in findings(run)} == {("content/survey/lists.toml", "survey")}


# --- mistakes in asked.toml ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('["gamma:1"]', '"gamma:1" names an unknown list'),
        ('["alpha"]', '"alpha" is out of form'),
        ('["alpha:x"]', "out of form"),
        ('["alpha:0"]', "out of form"),
        ('["alpha:-1"]', "out of form"),
        ('["alpha:03"]', "out of form"),
        ('["Alpha:3"]', "out of form"),
        ('[" alpha:3"]', "out of form"),
        ('["alpha: 3"]', "out of form"),
        ('["alpha:3\\n"]', "out of form"),
        ('["alpha:51"]', "beyond the list's 50 questions"),
        ('["alpha:4", "alpha:4"]', '"alpha:4" is mapped to "collision"'),
        ('["alpha:3"]', '"alpha:3" is mapped to "hash" and "collision"'),
        ('"alpha:4"', "not a list of places"),
        ("[4]", "not a list of places"),
        ("{alpha = 4}", "not a list of places"),
    ],
)
def test_a_mistake_in_a_place_is_an_error_at_its_line(write: Write, decks: Decks, entry: str, said: str) -> None:
    write_survey(write, asked=f'# who asks what\nhash = ["alpha:3"]\n\ncollision = {entry}\n')
    run = decks("check", "--format", "json")
    assert run.code == 1
    ((place, code, message),) = findings(run)
    assert (place, code) == ("content/survey/asked.toml:4", "survey")
    assert said in message


def test_the_last_question_of_a_list_is_in_range(write: Write, decks: Decks) -> None:
    write_survey(write, asked='hash = ["alpha:50"]\n')
    assert decks("check", "--strict").code == 0


def test_an_entry_for_an_unknown_question_is_a_warning_at_its_line(write: Write, decks: Decks) -> None:
    write_survey(write, asked='hash = ["alpha:3"]\n\nhush = ["alpha:4"]\n')
    run = decks("check", "--format", "json")
    assert run.code == 0
    assert findings(run) == [("content/survey/asked.toml:3", "unknown-question", '"hush" is no question of the bank')]
    assert decks("check", "--strict").code == 1


def test_places_are_named_with_the_whole_path_of_the_content_folder(write: Write, decks: Decks) -> None:
    write(
        {
            "banks/one/deck.toml": DECK,
            "banks/one/a.md": QUESTIONS,
            "banks/one/survey/lists.toml": LISTS,
            "banks/one/survey/asked.toml": 'hash = ["alpha:51"]\nhush = ["alpha:4"]\n',
        }
    )
    assert [place for place, _, _ in findings(decks("check", "banks/one", "--format", "json"))] == [
        "banks/one/survey/asked.toml:1",
        "banks/one/survey/asked.toml:2",
    ]


def test_all_mistakes_of_an_entry_are_told_at_once(write: Write, decks: Decks) -> None:
    write_survey(write, asked='hash = ["gamma:1", "alpha:99", "alpha:3", "alpha"]\n')
    assert len(findings(decks("check", "--format", "json"))) == 3


# --- files that can't be read ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lists.toml", "asked.toml"])
def test_broken_toml_is_an_error_at_its_line(write: Write, decks: Decks, name: str) -> None:
    write_survey(write, asked="")
    write({f"content/survey/{name}": "# a comment\n\nhash = [\n"})
    run = decks("check", "--format", "json")
    assert run.code == 1
    ((place, _, message),) = findings(run)
    assert place.startswith(f"content/survey/{name}:")
    assert int(place.rsplit(":")[-1]) in (3, 4)
    assert "not valid TOML" in message


def test_a_key_twice_is_an_error_at_its_line(write: Write, decks: Decks) -> None:
    write_survey(write, asked='hash = ["alpha:3"]\nhash = ["alpha:4"]\n')
    ((place, _, _),) = findings(decks("check", "--format", "json"))
    assert place == "content/survey/asked.toml:2"


@pytest.mark.parametrize("name", ["lists.toml", "asked.toml"])
def test_a_file_that_is_no_utf8_is_an_error(write: Write, decks: Decks, name: str) -> None:
    write_survey(write, asked="")
    write({f"content/survey/{name}": b"# caf\xe9\n"})
    run = decks("check", "--format", "json")
    assert run.code == 1
    ((place, _, message),) = findings(run)
    assert place.startswith(f"content/survey/{name}")
    assert "can't read" in message


# --- what stops and what does not -------------------------------------------------------------------------


def test_a_wrong_survey_stops_a_build_before_it_writes(write: Write, decks: Decks) -> None:
    folder = write_survey(write, asked='hash = ["gamma:1"]\n')
    run = decks("build", "--only", "anki")
    assert run.code == 1
    assert run.err.startswith('content/survey/asked.toml:1: error: "hash": place "gamma:1" names an unknown list; ')
    assert not (folder / "output").exists()
    assert not (folder / "content/ledger.json").exists()


def test_a_wrong_list_hides_no_mistake_in_the_places_of_other_lists(write: Write, decks: Decks) -> None:
    write_survey(write, LISTS.replace('author = "ben"\n', ""), 'hash = ["alpha:51", "beta:1"]\ncollision = ["gamma:1"]\n')
    assert [(place, message) for place, _, message in findings(decks("check", "--format", "json"))] == [
        ("content/survey/asked.toml:1", '"hash": place "alpha:51" is beyond the list\'s 50 questions'),
        ("content/survey/asked.toml:2", '"collision": place "gamma:1" names an unknown list'),
        (f"content/survey/lists.toml:{BETA_LINE}", 'list "beta" has no author'),
    ]


def test_every_finding_says_what_to_do(write: Write, decks: Decks) -> None:
    write_survey(write, asked='hash = ["alpha:51", "alpha"]\nhush = ["gamma:1"]\n')
    rows = json.loads(decks("check", "--format", "json").out)
    assert len(rows) == 4
    assert all(row["remedy"] for row in rows)
