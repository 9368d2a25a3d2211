"""deck.toml: defaults, every setting, every wrong value with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.config import Config, Limits, Weights, load_config
from generator.model import RESERVED, DecksError, Problem
from tests.conftest import Decks, Write


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "deck.toml"


def loaded(path: Path, text: str) -> Config:
    path.write_text(text, encoding="utf-8")
    return load_config(path, "content/deck.toml")


def mistakes(path: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(DecksError) as caught:
        loaded(path, text)
    return caught.value.problems


# --- what is right ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "", "# only a comment\n"])
def test_without_settings_the_defaults_hold(text: str | None, settings: Path) -> None:
    found = load_config(settings, "deck.toml") if text is None else loaded(settings, text)
    assert found == Config()
    assert (found.bank, found.title, found.language, found.paper) == (None, None, "en", "a4")
    assert (found.version, found.licence, found.home_page, found.author) == ("", "", "", "")
    assert found.bands == (0.40, 0.30, 0.20, 0.10)
    assert found.weights == Weights(prior_share=0.05, prior_strength=4.0, witness_cap=3)
    assert found.limits == Limits(short_words=75, key_point_words=25, mark_words=6)
    assert dict(found.reserved) == RESERVED
    assert found.rules_off == frozenset()


WHOLE = """\
bank = "bird-talk"
title = "Birds: how they live"
language = "de-CH"
version = "1.2"
licence = "CC BY 4.0"
home_page = "https://example.org/birds"
author = "The bird people"
paper = "letter"

[reserved]
key_points = ["Kernpunkte", "Das Wichtigste"]

[bands]
1-core = 0.9
2-very-common = 0.5
3-common = 0.25
4-occasional = 0

[rank]
prior_share = 0.1
prior_strength = 2
witness_cap = 5

[limits]
short_words = 50
key_point_words = 20
mark_words = 4

[check]
off = ["pronoun", "given-away"]
"""


def test_every_setting_is_read(settings: Path) -> None:
    found = loaded(settings, WHOLE)
    assert (found.bank, found.title, found.language, found.version) == ("bird-talk", "Birds: how they live", "de-CH", "1.2")
    assert (found.licence, found.author, found.paper) == ("CC BY 4.0", "The bird people", "letter")
    assert found.home_page == "https://example.org/birds"
    assert found.reserved["key_points"] == ("Key points", "Kernpunkte", "Das Wichtigste")
    assert found.reserved["sources"] == ("Sources",)
    assert found.bands == (0.9, 0.5, 0.25, 0)
    assert found.weights == Weights(0.1, 2, 5)
    assert found.limits == Limits(50, 20, 4)
    assert found.rules_off == {"pronoun", "given-away"}


def test_a_setting_that_is_given_alone_leaves_the_others_at_their_defaults(settings: Path) -> None:
    assert loaded(settings, "[limits]\nmark_words = 3\n").limits == Limits(75, 25, 3)
    assert loaded(settings, "[rank]\nwitness_cap = 1\n").weights == Weights(0.05, 4.0, 1)
    assert loaded(settings, "[bands]\n1-core = 0.8\n").bands == (0.8, 0.3, 0.2, 0.1)


def test_a_table_can_be_written_in_one_line(settings: Path) -> None:
    assert loaded(settings, "limits = { mark_words = 3 }\n").limits.mark_words == 3


# --- what is wrong ---------------------------------------------------------------------------------------

WRONG = [
    "bank = 5",
    'bank = ""',
    'bank = "Birds"',
    'bank = "two words"',
    'bank = "-x"',
    'bank = "' + "x" * 65 + '"',
    'bank = "ab\\n"',
    "title = []",
    'title = "a::b"',
    'title = "two\\nlines"',
    'language = ""',
    'language = "english language"',
    'language = "en\\" onload=\\""',
    "version = 1.2",
    "licence = true",
    'home_page = "example.org"',
    'home_page = "javascript:alert(1)"',
    'home_page = "https://"',
    'home_page = "https://example.org/ x"',
    "home_page = 'https://example.org/\"x'",
    'home_page = "https://example.org/<b>"',
    "author = {}",
    'paper = "A3"',
    'paper = ""',
    "paper = 4",
    'reserved = "Kernpunkte"',
    "bands = [0.5, 0.4]",
    "rank = 3",
    "limits = false",
    'check = "off"',
    'colour = "red"',
    'Bank = "birds"',
]
WRONG_INSIDE = {
    "reserved": [
        'key_points = "Kernpunkte"',
        "key_points = [5]",
        'key_points = [""]',
        'in_depth = ["Tiefe"]',
        "sources = {}",
    ],
    "bands": [
        '1-core = "high"',
        "1-core = 1.5",
        "1-core = -0.1",
        "1-core = true",
        "1-core = nan",
        "5-rare = 0.01",
        "core = 0.5",
    ],
    "rank": [
        "prior_share = 2",
        "prior_strength = 0",
        'prior_strength = "4"',
        "witness_cap = 0",
        "witness_cap = 2.5",
        "witness_cap = inf",
        "prior = 1",
    ],
    "limits": ["short_words = 0", "short_words = 7.5", 'key_point_words = "many"', "mark_words = -1", "words = 5"],
    "check": ['off = "pronoun"', "off = [1]", "on = []"],
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_value_is_reported_with_its_line_and_a_remedy(line: str, settings: Path) -> None:
    (problem,) = mistakes(settings, f"# birds\n\n{line}\n")
    assert (problem.code, problem.severity, problem.place.file, problem.place.line) == (
        "config",
        "error",
        "content/deck.toml",
        3,
    )
    assert line.split(" ")[0] in problem.message
    assert problem.remedy


@pytest.mark.parametrize(("table", "line"), [(table, line) for table, lines in WRONG_INSIDE.items() for line in lines])
def test_a_wrong_value_in_a_table_is_reported_with_its_line_and_a_remedy(table: str, line: str, settings: Path) -> None:
    (problem,) = mistakes(settings, f'bank = "birds"\n\n[{table}]\n# here\n{line}\n')
    assert (problem.code, problem.place.line) == ("config", 5)
    assert problem.remedy


def test_all_wrong_values_come_at_once_in_the_order_of_their_lines(settings: Path) -> None:
    text = """\
title = "a::b"
bank = "B"
nonsense = 1

[limits]
mark_words = 0

[reserved]
key_points = 5

[bands]
2-very-common = "often"
"""
    assert [problem.place.line for problem in mistakes(settings, text)] == [1, 2, 3, 6, 9, 12]


def test_a_key_that_stands_in_two_tables_is_reported_where_it_is_wrong(settings: Path) -> None:
    text = "[rank]\nprior_share = 0.1\n\n[limits]\nprior_share = 0.1\n\n[check]\noff = []\n"
    (problem,) = mistakes(settings, text)
    assert problem.place.line == 5


def test_an_unknown_setting_is_answered_with_the_known_ones(settings: Path) -> None:
    (problem,) = mistakes(settings, "[limits]\nwords = 5\n")
    assert problem.message == 'setting "words" is not known'
    assert all(name in problem.remedy for name in ("short_words", "key_point_words", "mark_words"))


@pytest.mark.parametrize(
    ("bands", "line"),
    [
        ("1-core = 0.2\n", 2),
        ("1-core = 0.5\n2-very-common = 0.5\n", 2),
        ("4-occasional = 0.9\n", 2),
        ("3-common = 0.35\n4-occasional = 0.05\n", 2),
    ],
)
def test_bands_must_fall(bands: str, line: int, settings: Path) -> None:
    (problem,) = mistakes(settings, f"[bands]\n{bands}")
    assert problem.place.line == line
    assert "bound" in problem.message
    assert problem.remedy


def test_a_long_value_is_shortened_in_the_message(settings: Path) -> None:
    (problem,) = mistakes(settings, f'bank = "{"long " * 500}"\n')
    assert len(problem.message) < 100


@pytest.mark.parametrize(
    ("text", "line"), [('bank = "a"\ntitle = \n', 2), ('bank = "a"\nbank = "b"\n', 2), ("\n\n[bands\n", 3), ('bank = "a', 1)]
)
def test_a_file_that_is_no_toml_is_reported_with_its_line(text: str, line: int, settings: Path) -> None:
    (problem,) = mistakes(settings, text)
    assert problem.place.line == line
    assert "TOML" in problem.message


@pytest.mark.parametrize("data", [b"bank = '\xff'", b"\xff\xfeb\x00", bytes(range(256))])
def test_a_file_that_is_no_text_is_one_error(data: bytes, settings: Path) -> None:
    settings.write_bytes(data)
    with pytest.raises(DecksError) as caught:
        load_config(settings, "content/deck.toml")
    (problem,) = caught.value.problems
    assert problem.place.file == "content/deck.toml"


@pytest.mark.parametrize("code", ["no-such-rule", "repeated-id"])
def test_only_warnings_that_exist_can_be_switched_off(code: str, write: Write, decks: Decks) -> None:
    text = f'bank = "birds"\n[check]\noff = ["pronoun", "{code}"]\n'
    write({"content/deck.toml": text, "content/a.md": "### Why? {#why}\n\nSo.\n"})
    run = decks("check")
    assert run.code == 1
    assert re.search(rf"^content/deck\.toml:3: error[^\n]*{code}", run.out + run.err, re.MULTILINE)


# --- reserved headings -----------------------------------------------------------------------------------

GERMAN = """\
### Warum singen Vögel? {#singen}

Damit man sie hört.

#### KERNPUNKTE

- Sie werben um ==Partner==.

#### Key points:

- Das ist ein zweiter Teil.

#### Quellen

- Ein Buch.
"""


def test_headings_of_another_language_name_the_parts_in_any_case_of_letters(write: Write, decks: Decks) -> None:
    folder = write(
        {
            "content/deck.toml": 'bank = "vogel"\n[reserved]\nkey_points = ["Kernpunkte"]\nsources = ["Quellen"]\n',
            "content/a.md": GERMAN,
        }
    )
    run = decks("check")
    assert re.findall(r"^content/a\.md:(\d+): warning (\S+):", run.out, re.MULTILINE) == [("9", "part-twice")]
    (folder / "content" / "deck.toml").write_text('bank = "vogel"\n')
    assert "part-twice" not in decks("check").out


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('key_points = ["Punkte"]\nsources = ["punkte"]', 3),
        ('sources = ["Key Points"]', 2),
        ('follow_ups = ["Sources"]', 2),
        ('question = ["Fragen", "GRADED ON"]', 2),
    ],
)
def test_one_heading_cannot_name_two_parts(text: str, line: int, settings: Path) -> None:
    problems = mistakes(settings, f"[reserved]\n{text}\n")
    assert len(problems) == 1
    assert "already names" in problems[0].message
    assert problems[0].place.line == line


def test_a_heading_that_is_given_twice_for_the_same_part_is_fine(settings: Path) -> None:
    found = loaded(settings, '[reserved]\nsources = ["Sources", "Quellen", "quellen"]\n')
    assert "Quellen" in found.reserved["sources"]
