"""The frozen part of a deck, spelled out. A failure here means: decks that people already study would break.

Everything is read from finished packages with nothing but SQLite and JSON, and compared with literals.
Never correct a literal to make a test pass; undo the change that broke it.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.anki_schema import NOTE_TYPES, STORY, UNHASHED_FIELDS, deck_id
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, write_package
from generator.ledger import digest, match_facts, note_name
from generator.render.cards import layout, styling
from tests.conftest import Decks, Write

QUESTION_FIELDS = [
    ("Question", 1489306511),
    ("Question body", 1719295838),
    ("Cue", 1310527030),
    ("Short answer", 1976356184),
    ("Key points", 1572349538),
    ("Graded on", 1729615939),
    ("Answer", 1913644654),
    ("Follow-ups", 1483618594),
    ("Sources", 1489101149),
    ("Section", 1179780400),
    ("Kind", 1492380562),
    ("Level", 1484240655),
    ("Asked", 1333698870),
    ("Link", 2093956484),
    ("Id", 2041239184),
    ("Spare 1", 2110055537),
    ("Spare 2", 1566999678),
    ("Spare 3", 1131856842),
    ("Spare 4", 1869172507),
]
FACT_FIELDS = [
    ("Text", 1433827242),
    ("Topic", 1914851719),
    ("Question", 1568905868),
    ("Extra", 1185147960),
    ("Section", 1129457599),
    ("Link", 2117846735),
    ("Id", 1802092112),
    ("Spare 1", 1079104846),
    ("Spare 2", 1504583506),
    ("Spare 3", 2125763577),
    ("Spare 4", 1817543863),
]
STORY_FIELDS = [
    ("Prompt", 1860872211),
    ("Situation", 1400538226),
    ("Decision", 1644781611),
    ("Result", 1866548228),
    ("Change", 2019274753),
    ("Follow-ups", 1759248881),
    ("Hint", 1843866735),
    ("Id", 1323723484),
    ("Spare 1", 2050510168),
    ("Spare 2", 1076983872),
    ("Spare 3", 1456889481),
    ("Spare 4", 1483842650),
]
FRONT_AND_BACK, CLOZE = 0, 1

DECK_TOML = """\
bank = "frozen-bank"
title = "Frozen: a bank"
home_page = "https://example.org/frozen"
"""
QUESTIONS = """\
# Storage layer

## B-trees & co

### When does a log-structured tree beat a B-tree? {#b-tree-or-lsm kind=tradeoff level=senior likelihood=80 .disk .hot-path}

When writes are many and reads may wait.

#### Key points

- A log-structured tree turns random writes into ==sequential== ones. {#write-path}

# Systems

### Design a store for sensor readings {#sensor-store kind=design likelihood=5}

Partition by sensor and day.

#### Key points

- One partition holds ==one day== of one sensor. {#partition}
"""


@dataclass(frozen=True)
class Package:
    """What a package holds, as plain data."""

    models: dict[str, dict[str, Any]]
    """By name."""
    decks: dict[str, dict[str, Any]]
    """By name."""
    notes: list[sqlite3.Row]
    """Columns guid, mid, mod, tags, flds, sfld, did, due, ord, card_mod."""

    def note(self, identity: str) -> sqlite3.Row:
        return next(note for note in self.notes if identity in note["flds"].split("\x1f"))

    def tags(self, identity: str) -> list[str]:
        return str(self.note(identity)["tags"]).split()


def unpack(path: Path, folder: Path) -> Package:
    with zipfile.ZipFile(path) as archive:
        database = archive.extract("collection.anki2", folder)
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        models, decks = connection.execute("SELECT models, decks FROM col").fetchone()
        notes = connection.execute(
            "SELECT guid, mid, notes.mod, tags, flds, sfld, did, due, ord, cards.mod AS card_mod"
            " FROM notes JOIN cards ON cards.nid = notes.id"
        ).fetchall()
    finally:
        connection.close()
    return Package(
        models={model["name"]: model for model in json.loads(models).values()},
        decks={deck["name"]: deck for deck in json.loads(decks).values() if deck["name"] != "Default"},
        notes=notes,
    )


@pytest.fixture
def package(write: Write, decks: Decks, tmp_path: Path) -> Package:
    """The package of a bank with the permanent slug `frozen-bank`."""
    write({"content/deck.toml": DECK_TOML, "content/questions.md": QUESTIONS})
    assert decks("build", "--only", "anki").code == 0
    return unpack(tmp_path / "output/anki/frozen-bank.apkg", tmp_path)


def story_package(tmp_path: Path) -> Package:
    """A package with one note of the user's own story."""
    front, back = layout(STORY)
    fields = ("A conflict", *[""] * (len(STORY.fields) - 1))
    note = AnkiNote(("frozen-bank", "conflict"), STORY, fields, (), "drills", 1, 1_700_000_000)
    path = tmp_path / "story.apkg"
    write_package(
        path,
        "frozen-bank",
        [AnkiType(STORY, front, back, styling(), 1_700_000_000)],
        [AnkiDeck("drills", "Frozen \u2013 drills", "", 1_700_000_000)],
        [note],
        [],
    )
    return unpack(path, tmp_path)


def fields_of(model: dict[str, Any]) -> list[tuple[str, int]]:
    fields = sorted(model["flds"], key=lambda field: int(field["ord"]))
    return [(field["name"], field["id"]) for field in fields]


def templates_of(model: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [(template["name"], template["ord"], template["id"]) for template in model["tmpls"]]


def test_a_package_holds_exactly_these_note_types(package: Package) -> None:
    assert sorted(package.models) == ["Interview key fact", "Interview question"]


def test_there_are_exactly_three_note_types() -> None:
    assert [(spec.key, spec.name) for spec in NOTE_TYPES] == [
        ("question", "Interview question"),
        ("fact", "Interview key fact"),
        ("story", "My story"),
    ]


def test_the_question_type_keeps_id_fields_template_and_sort_field(package: Package) -> None:
    model = package.models["Interview question"]
    assert int(model["id"]) == 1840861265
    assert model["type"] == FRONT_AND_BACK
    assert model["sortf"] == 0
    assert fields_of(model) == QUESTION_FIELDS
    assert templates_of(model) == [("Question", 0, 1791954960)]


def test_the_fact_type_keeps_id_fields_template_and_sort_field_and_is_a_cloze(package: Package) -> None:
    model = package.models["Interview key fact"]
    assert int(model["id"]) == 1286134471
    assert model["type"] == CLOZE
    assert model["sortf"] == 0
    assert fields_of(model) == FACT_FIELDS
    assert templates_of(model) == [("Key fact", 0, 1656993216)]


def test_the_story_type_keeps_id_fields_template_and_sort_field(tmp_path: Path) -> None:
    model = story_package(tmp_path).models["My story"]
    assert int(model["id"]) == 1377113528
    assert model["type"] == FRONT_AND_BACK
    assert model["sortf"] == 0
    assert fields_of(model) == STORY_FIELDS
    assert templates_of(model) == [("Story", 0, 1201645910)]


def test_notes_carry_the_ids_of_their_types(package: Package) -> None:
    assert package.note("b-tree-or-lsm")["mid"] == 1840861265
    assert package.note("b-tree-or-lsm/write-path")["mid"] == 1286134471


def test_decks_keep_their_names_and_ids(package: Package) -> None:
    ids = {name: deck["id"] for name, deck in package.decks.items()}
    assert ids == {"Frozen: a bank": 1109510548, "Frozen: a bank \u2013 drills": 1917692474}


def test_a_section_would_get_this_deck_id() -> None:
    assert deck_id("frozen-bank", "storage-engines") == 2106832478


def test_questions_lie_in_the_main_deck_designs_in_the_drills_and_all_facts_in_the_main_deck(package: Package) -> None:
    assert package.note("b-tree-or-lsm")["did"] == 1109510548
    assert package.note("sensor-store")["did"] == 1917692474
    assert package.note("b-tree-or-lsm/write-path")["did"] == 1109510548
    assert package.note("sensor-store/partition")["did"] == 1109510548


def test_the_guids_of_a_question_and_of_a_fact_stay(package: Package) -> None:
    assert package.note("b-tree-or-lsm")["guid"] == "!m`a?A}Ud"
    assert package.note("b-tree-or-lsm/write-path")["guid"] == "s.gQYaR6Pb"


def test_a_guid_rests_on_nothing_but_bank_and_id(write: Write, decks: Decks, tmp_path: Path, package: Package) -> None:
    other = QUESTIONS.replace("# Storage layer", "# Disks").replace("When does a log-structured tree beat", "LSM tree or")
    write({"content/deck.toml": DECK_TOML.replace("Frozen: a bank", "New title"), "content/questions.md": other})
    assert decks("build", "--only", "anki").code == 0
    assert unpack(tmp_path / "output/anki/frozen-bank.apkg", tmp_path).note("b-tree-or-lsm")["guid"] == "!m`a?A}Ud"


def test_the_tags_of_a_question_keep_their_scheme(package: Package) -> None:
    assert package.tags("b-tree-or-lsm") == [
        "frozen-bank::asked::1-core",
        "frozen-bank::card::question",
        "frozen-bank::kind::tradeoff",
        "frozen-bank::level::senior",
        "frozen-bank::section::storage-layer::b-trees-&-co",
        "frozen-bank::tag::disk",
        "frozen-bank::tag::hot-path",
        "frozen-bank::top-50",
    ]


def test_the_tags_of_a_fact_keep_their_scheme(package: Package) -> None:
    assert package.tags("sensor-store/partition") == [
        "frozen-bank::asked::5-rare",
        "frozen-bank::card::fact",
        "frozen-bank::kind::design",
        "frozen-bank::section::systems",
        "frozen-bank::top-50",
    ]


@pytest.mark.parametrize(
    ("likelihood", "band", "asked"),
    [
        (40, "1-core", "core"),
        (30, "2-very-common", "very common"),
        (20, "3-common", "common"),
        (10, "4-occasional", "occasional"),
        (9, "5-rare", "rare"),
    ],
)
def test_bands_keep_their_tags_and_words(
    write: Write, decks: Decks, tmp_path: Path, likelihood: int, band: str, asked: str
) -> None:
    write({"content/deck.toml": DECK_TOML, "content/q.md": f"# S\n\n## Why? {{#why likelihood={likelihood}}}\n\nSo.\n"})
    assert decks("build", "--only", "anki").code == 0
    built = unpack(tmp_path / "output/anki/frozen-bank.apkg", tmp_path)
    assert f"frozen-bank::asked::{band}" in built.tags("why")
    assert built.note("why")["flds"].split("\x1f")[12] == asked


def test_plain_fields_hold_what_the_schema_promises(package: Package) -> None:
    names = [name for name, _ in QUESTION_FIELDS]
    values = dict(zip(names, package.note("b-tree-or-lsm")["flds"].split("\x1f"), strict=True))
    shown = {
        name: values[name] for name in ("Question", "Section", "Kind", "Level", "Asked", "Link", "Id", "Spare 1", "Spare 4")
    }
    assert shown == {
        "Question": "When does a log-structured tree beat a B-tree?",
        "Section": "Storage layer › B-trees &amp; co",
        "Kind": "tradeoff",
        "Level": "senior",
        "Asked": "core",
        "Link": "https://example.org/frozen#b-tree-or-lsm",
        "Id": "b-tree-or-lsm",
        "Spare 1": "",
        "Spare 4": "",
    }


def test_a_fact_holds_one_blank_its_topic_and_its_question(package: Package) -> None:
    names = [name for name, _ in FACT_FIELDS]
    values = dict(zip(names, package.note("b-tree-or-lsm/write-path")["flds"].split("\x1f"), strict=True))
    assert values == {
        "Text": "A log-structured tree turns random writes into {{c1::sequential}} ones.",
        "Topic": "Storage layer › B-trees &amp; co",
        "Question": "When does a log-structured tree beat a B-tree?",
        "Extra": "",
        "Section": "Storage layer › B-trees &amp; co",
        "Link": "https://example.org/frozen#b-tree-or-lsm",
        "Id": "b-tree-or-lsm/write-path",
        **dict.fromkeys(("Spare 1", "Spare 2", "Spare 3", "Spare 4"), ""),
    }


def test_the_sort_field_is_the_question_and_the_text(package: Package) -> None:
    assert package.note("b-tree-or-lsm")["sfld"] == "When does a log-structured tree beat a B-tree?"
    assert str(package.note("b-tree-or-lsm/write-path")["sfld"]).startswith("A log-structured tree")


def test_every_note_has_one_card(package: Package) -> None:
    assert [note["ord"] for note in package.notes] == [0, 0, 0, 0]


def test_every_time_in_a_package_is_the_ledgers(package: Package, tmp_path: Path) -> None:
    ledger = json.loads((tmp_path / "content/ledger.json").read_text(encoding="utf-8"))
    for name, (_, time, _) in ledger["notes"].items():
        note = package.note(name)
        assert (note["mod"], note["card_mod"]) == (time, time)
    models = package.models
    assert models["Interview question"]["mod"] == ledger["types"]["question"][1]
    assert models["Interview key fact"]["mod"] == ledger["types"]["fact"][1]
    assert package.decks["Frozen: a bank"]["mod"] == ledger["decks"]["main"][1]
    assert package.decks["Frozen: a bank \u2013 drills"]["mod"] == ledger["decks"]["drills"][1]


def test_evidence_link_and_spare_fields_never_advance_a_note() -> None:
    assert sorted(UNHASHED_FIELDS) == ["Asked", "Link", "Spare 1", "Spare 2", "Spare 3", "Spare 4"]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (lambda: digest(["question", "main", "x"]), "83ed5ff1371d417c"),
        (lambda: match_facts({}, [("A ==cache== keeps what is near.", None)]), ("f9ed9",)),
        (lambda: note_name("b-tree-or-lsm", "write-path"), "b-tree-or-lsm/write-path"),
    ],
)
def test_hashes_and_keys_in_ledgers_keep_their_scheme(scheme: Callable[[], object], expected: object) -> None:
    assert scheme() == expected
