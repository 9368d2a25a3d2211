"""Which packages a build writes, and what is in them."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from anki.collection import Collection

from generator.anki_schema import QUESTION
from generator.cli import main
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, write_package
from generator.render.cards import layout
from tests.anki.world import (
    DECK_TOML,
    FRIDAY,
    MAIN,
    MONDAY,
    TUESDAY,
    Study,
    build,
    import_into,
    listing,
    notes_of,
    plain_question,
    study,
    write_content,
)


def test_the_media_check_finds_nothing_missing_and_nothing_unused(read_only: Collection) -> None:
    report = read_only.media.check()
    assert list(report.missing) == []
    assert list(report.unused) == []
    names = sorted(path.name for path in Path(read_only.media.dir()).iterdir())
    assert [re.sub(r"-[0-9a-f]{12}\.", "-HASH.", name) for name in names] == ["flow-HASH.svg", "the-chart-HASH.png"]


def test_a_rebuild_of_unchanged_content_has_the_same_bytes(mine: Path, bank: Study) -> None:
    assert build(mine, FRIDAY).read_bytes() == bank.package.read_bytes()


def test_a_package_says_nothing_of_when_and_where_it_was_packed(bank: Study) -> None:
    with zipfile.ZipFile(bank.package) as archive:
        entries = archive.infolist()
        database = archive.read("collection.anki2")
    assert {(entry.date_time, entry.create_system, entry.external_attr >> 16) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o644)
    }
    assert database[92:100] == bytes(8)  # the version of SQLite that wrote it


def test_two_folders_with_the_same_content_and_ledger_give_the_same_bytes(mine: Path, tmp_path: Path) -> None:
    other = shutil.copytree(mine, tmp_path / "a longer way" / "to the content")
    assert build(mine, TUESDAY).read_bytes() == build(other, FRIDAY).read_bytes()


def test_the_top_and_the_whole_deck_share_their_cards(col: Collection, mine: Path) -> None:
    import_into(col, build(mine, MONDAY, "--top", "5"))
    assert sorted(identity for identity in notes_of(col) if "/" not in identity) == [
        *("cache", "formula", "hostile", "part-03", "part-07"),
    ]
    whole = build(mine, TUESDAY)
    import_into(col, whole)
    rows = listing(mine)
    assert sorted(identity for identity in notes_of(col) if "/" not in identity) == sorted(row["id"] for row in rows)
    assert col.note_count() == len(notes_of(col))
    shown = study(col, MAIN)
    assert [identity for identity in shown if "/" not in identity] == [
        row["id"] for row in rows if row["kind"] not in ("design", "coding")
    ]


def test_a_package_of_a_section_has_a_deck_of_its_own_name(col: Collection, mine: Path) -> None:
    import_into(col, build(mine, MONDAY, "--section", "Parts"))
    assert sorted(deck.name for deck in col.decks.all_names_and_ids()) == ["Default", "Study \u2013 Parts"]
    assert len(notes_of(col)) == 30


def test_colons_in_a_section_make_no_nested_deck(col: Collection, tmp_path: Path) -> None:
    content = write_content(
        tmp_path / "content", {"deck.toml": DECK_TOML, "a.md": "# C++: `std::vector`\n\n" + plain_question(1)}
    )
    import_into(col, build(content, MONDAY, "--section", "C++: std::vector"))
    names = [deck.name for deck in col.decks.all_names_and_ids() if deck.name != "Default"]
    assert len(names) == 1
    assert "::" not in names[0]
    assert "vector" in names[0]


def test_two_notes_with_one_guid_are_refused(tmp_path: Path) -> None:
    front, back = layout(QUESTION)
    fields = ("Why?", *[""] * (len(QUESTION.fields) - 1))
    notes = [AnkiNote(("b", "same"), QUESTION, fields, (), "main", due, MONDAY) for due in (1, 2)]
    with pytest.raises(ValueError, match="same guid"):
        write_package(
            tmp_path / "x.apkg",
            "b",
            [AnkiType(QUESTION, front, back, "", MONDAY)],
            [AnkiDeck("main", "B", "", MONDAY)],
            notes,
            [],
        )
    assert not (tmp_path / "x.apkg").exists()


def test_two_key_points_pinned_to_one_key_are_an_error_not_a_lost_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = "# S\n\n## Why? {#why}\n\nSo.\n\n### Key points\n\n- One ==a== here. {#k}\n- Two ==b== there. {#k}\n"
    content = write_content(tmp_path / "content", {"deck.toml": DECK_TOML, "a.md": twice})
    assert main(["build", str(content), "-o", str(tmp_path / "output"), "--only", "anki"]) == 1
    assert re.search(r"a\.md:10: .*k", capsys.readouterr().err)
    assert not (tmp_path / "output" / "anki").exists()
