"""Which packages a build writes, and what is in them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from generator.anki_schema import QUESTION
from generator.cli import main
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, verify_package, write_package
from generator.render.cards import layout
from generator.render.media import Media
from tests.anki.world import (
    DECK_TOML,
    DRILLS,
    FRIDAY,
    MAIN,
    MONDAY,
    SPECIAL,
    TUESDAY,
    Study,
    anki,
    build,
    cards_of,
    deck_of,
    edit,
    import_into,
    listing,
    names_of_note_types,
    notes_of,
    plain_question,
    png,
    run,
    study,
    words,
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


# --- which packages there are ----------------------------------------------------------------------------


def packages(content: Path, moment: int = MONDAY, *arguments: str) -> dict[str, Path]:
    """Every package of a build by its name below the folder of packages."""
    folder = build(content, moment, *arguments).parent
    return {str(path.relative_to(folder))[: -len(".apkg")]: path for path in sorted(folder.rglob("*.apkg"))}


def contents(package: Path, folder: Path) -> dict[str, tuple[str, str, int, int]]:
    """Id -> guid, deck, position and time of every note of a package, and that Anki imports it whole."""
    with anki(Path(tempfile.mkdtemp(dir=folder))) as col:
        log = import_into(col, package)
        cards = cards_of(col)
        assert len(log.new) == len(cards) == col.card_count()
        assert list(col.media.check().missing) == list(col.media.check().unused) == []
        return {
            identity: (card.note().guid, col.decks.name(card.did), card.due, card.note().mod)
            for identity, card in cards.items()
        }


def long_bank(folder: Path, count: int) -> Path:
    """As many questions as asked for, each with one fact; every tenth is a design."""
    questions = [
        f"### What is number {n}? {{#n-{n:03} likelihood={99 - n}{' kind=design' if n % 10 == 9 else ''}}}\n\nIt is {n}.\n\n"
        f"#### Key points\n\n- After {n} comes =={n + 1}==. {{#next}}\n"
        for n in range(count)
    ]
    return write_content(folder, {"deck.toml": DECK_TOML, "a.md": "# Low\n\n" + "\n".join(questions)})


def test_a_build_writes_the_whole_the_drills_and_every_section(mine: Path) -> None:
    assert list(packages(mine)) == [
        *("sections/marks", "sections/parts", "sections/special-cases", "sections/traps-section-sound-section-mp3"),
        *("study-drills", "study"),
    ]


@pytest.mark.parametrize(("count", "written"), [(50, False), (51, True)])
def test_the_top_50_is_written_where_there_are_more_than_fifty_questions(tmp_path: Path, count: int, written: bool) -> None:
    assert ("study-top-50" in packages(long_bank(tmp_path / "content", count))) == written


def test_the_top_50_holds_the_fifty_most_asked_of_all_kinds_with_their_facts_in_the_decks_of_the_whole(tmp_path: Path) -> None:
    found = packages(long_bank(tmp_path / "content", 60))
    whole, top = contents(found["study"], tmp_path), contents(found["study-top-50"], tmp_path)
    ids = {f"n-{n:03}" for n in range(50)}
    assert set(top) == ids | {f"{identity}/next" for identity in ids}
    assert top == {identity: whole[identity] for identity in top}
    assert {deck for _, deck, _, _ in top.values()} == {MAIN, DRILLS}


def test_the_drills_hold_the_questions_for_paper_and_none_of_their_facts(mine: Path, tmp_path: Path) -> None:
    found = packages(mine)
    whole, drills = contents(found["study"], tmp_path), contents(found["study-drills"], tmp_path)
    assert drills == {identity: whole[identity] for identity in ("cache", "program")}
    assert whole["cache/eviction"][1] == MAIN


def test_a_section_holds_all_kinds_in_a_deck_of_its_own_with_the_guids_of_the_whole(mine: Path, tmp_path: Path) -> None:
    found = packages(mine)
    whole, section = contents(found["study"], tmp_path), contents(found["sections/special-cases"], tmp_path)
    assert {"cache", "program", "formula", "picture", "cache/eviction"} < set(section)
    assert {deck for _, deck, _, _ in section.values()} == {"Study \u2013 Special cases"}
    for identity, (guid, _, due, time) in section.items():
        assert (guid, due, time) == (whole[identity][0], *whole[identity][2:])


@pytest.mark.parametrize("whole_first", [True, False])
def test_all_packages_together_double_nothing(col: Collection, mine: Path, whole_first: bool) -> None:
    found = packages(mine)
    for name in sorted(found, reverse=whole_first):
        import_into(col, found[name])
    assert len(notes_of(col)) == col.note_count()
    assert names_of_note_types(col) == ["Interview key fact", "Interview question"]
    assert sorted(identity for identity in notes_of(col) if "/" not in identity) == sorted(row["id"] for row in listing(mine))


def test_the_package_of_a_section_is_the_same_built_alone(mine: Path, tmp_path: Path) -> None:
    alone = packages(mine, MONDAY, "--section", "Special cases")
    assert list(alone) == ["study-special-cases"]
    assert alone["study-special-cases"].read_bytes() == packages(mine, TUESDAY)["sections/special-cases"].read_bytes()


def test_the_top_built_alone_is_the_same_as_from_the_whole(tmp_path: Path) -> None:
    content = long_bank(tmp_path / "content", 55)
    whole = packages(content)["study-top-50"].read_bytes()
    assert packages(content, TUESDAY, "--top", "50")["study-top-50"].read_bytes() == whole


def test_a_list_without_settings_gives_one_package(tmp_path: Path) -> None:
    plain = write_content(tmp_path / "lists", {"list.md": "# A\n\n## Why?\n\nSo.\n\n# B\n\n## How?\n\nThus.\n"})
    assert list(packages(plain / "list.md")) == ["a"]


def test_sections_whose_names_look_alike_get_a_file_and_a_deck_each(tmp_path: Path) -> None:
    content = write_content(
        tmp_path / "content",
        {
            "deck.toml": DECK_TOML,
            "a.md": "# C++\n\n### Why? {#why}\n\nSo.\n",
            "b.md": "# C\n\n### How? {#how}\n\nThus.\n",
            "c.md": "# \u6570\u636e\n\n### What? {#what}\n\nThat.\n",
        },
    )
    found = packages(content)
    assert [set(contents(found[name], tmp_path)) for name in ("sections/c", "sections/c-2")] == [{"how"}, {"why"}]
    assert len(found) == 4
    alone = build(content, MONDAY, "--section", "C++")
    assert set(contents(alone, tmp_path)) == {"why"}


# --- descriptions ----------------------------------------------------------------------------------------


def test_a_deck_says_version_date_source_licence_and_how_to_update(col: Collection, mine: Path) -> None:
    settings = 'version = "2.1"\nlicence = "CC BY 4.0"\nhome_page = "https://example.org/bank"\n'
    write_content(mine, {"deck.toml": DECK_TOML + settings})
    import_into(col, build(mine, TUESDAY))
    for name in (MAIN, DRILLS):
        shown = col.decks.get(deck_of(col, name), default=False)
        assert shown is not None
        text = words(shown["desc"])
        assert "Version 2.1, last change 2023-11-14." in text, "no note changed since Monday"
        assert "https://example.org/bank" in text
        assert "Licence: CC BY 4.0." in text
        assert "To update, import the newer package over this one" in text


def test_a_newer_description_arrives(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    import_into(col, build(mine, FRIDAY))
    shown = col.decks.get(deck_of(col, MAIN), default=False)
    assert shown is not None
    assert "Last change 2023-11-18." in shown["desc"]


@pytest.mark.parametrize(
    ("settings", "link"),
    [
        ("", ""),
        ('home_page = "https://example.org/bank/"\n', "https://example.org/bank#formula"),
        ('source = "https://example.org/x/content/"\n', "https://example.org/x/content/20%20special.md"),
        (
            'home_page = "https://example.org/"\nsource = "https://example.org/x"\n',
            "https://example.org/x/20%20special.md",
        ),
    ],
)
def test_a_card_links_to_the_questions_file_or_page_without_a_line(
    col: Collection, tmp_path: Path, settings: str, link: str
) -> None:
    content = write_content(tmp_path / "content", {"deck.toml": DECK_TOML + settings, "20 special.md": SPECIAL})
    import_into(col, build(content))
    card = cards_of(col)["formula"]
    assert card.note()["Link"] == link
    assert (f'<a href="{link}">formula</a>' in card.answer()) == bool(link)


# --- old files -------------------------------------------------------------------------------------------


def rebuild(content: Path, output: Path) -> list[str]:
    run("build", str(content), "-o", str(output), "--only", "anki")
    return sorted(str(path.relative_to(output)) for path in output.rglob("*") if path.is_file() and path.suffix != ".json")


def test_the_package_of_a_section_that_was_renamed_is_removed_and_nobody_elses_file(mine: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    before = rebuild(mine, output)
    (output / "anki/sections/mine.apkg").write_bytes(b"mine")
    edit(mine, "20-special.md", "# Special cases", "# Odd ones")
    after = rebuild(mine, output)
    assert set(before) - set(after) == {"anki/sections/special-cases.apkg"}
    assert set(after) - set(before) == {"anki/sections/odd-ones.apkg", "anki/sections/mine.apkg"}


def test_an_old_package_that_somebody_replaced_is_left_alone(mine: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    rebuild(mine, output)
    (output / "anki/sections/special-cases.apkg").write_bytes(b"mine")
    edit(mine, "20-special.md", "# Special cases", "# Odd ones")
    assert "anki/sections/special-cases.apkg" in rebuild(mine, output)


def test_the_outputs_of_a_part_are_not_removed_by_a_build_of_the_whole(mine: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run("build", str(mine), "-o", str(output), "--only", "anki", "--section", "Marks")
    rebuild(mine, output)
    edit(mine, "40-marks.md", "# Marks", "# Signs")
    assert "anki/study-marks.apkg" in rebuild(mine, output)


def test_a_state_that_names_files_outside_the_output_folder_removes_none(mine: Path, tmp_path: Path) -> None:
    output, outside = tmp_path / "out", tmp_path / "keep.txt"
    rebuild(mine, output)
    outside.write_text("keep")
    state = json.loads((output / ".state.json").read_text())
    for entry in state.values():
        entry["fingerprint"] = ""
        entry["outputs"]["../keep.txt"] = hashlib.sha256(b"keep").hexdigest()
    (output / ".state.json").write_text(json.dumps(state))
    rebuild(mine, output)
    assert outside.read_text() == "keep"


# --- nothing broken is ever written ----------------------------------------------------------------------


def spoil(change: Callable[[Path], None]) -> Callable[..., None]:
    """A writer of packages whose result is spoiled afterwards."""

    def write(path: Path, *arguments: Any) -> None:
        write_package(path, *arguments)
        change(path)

    return write


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-400])


def lose_an_image(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, b"{}" if name == "media" else data)


def lose_a_note(path: Path) -> None:
    with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory() as folder:
        parts = {name: package.read(name) for name in package.namelist()}
        connection = sqlite3.connect(package.extract("collection.anki2", folder))
        connection.execute("DELETE FROM notes WHERE id = (SELECT max(id) FROM notes)")
        connection.commit()
        connection.close()
        parts["collection.anki2"] = (Path(folder) / "collection.anki2").read_bytes()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


@pytest.mark.parametrize("change", [cut_short, lose_an_image, lose_a_note])
def test_a_package_that_is_not_whole_replaces_none(
    mine: Path,
    tmp_path: Path,
    change: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out"
    rebuild(mine, output)
    before = {path: path.read_bytes() for path in sorted(output.rglob("*.apkg"))}
    edit(mine, "20-special.md", "Keep what was used last.", "Keep what was used lately.")
    monkeypatch.setattr("generator.emit.anki.write_package", spoil(change))
    assert main(["build", str(mine), "-o", str(output), "--only", "anki"]) == 1
    assert re.search(
        r"^anki/study\.apkg: error: the package is not whole: .*; the old package stays", capsys.readouterr().err, re.M
    )
    assert {path: path.read_bytes() for path in sorted(output.rglob("*.apkg"))} == before


def test_an_image_that_no_field_shows_is_found(tmp_path: Path) -> None:
    front, back = layout(QUESTION)
    note = AnkiNote(("b", "q"), QUESTION, ("Why?", *[""] * (len(QUESTION.fields) - 1)), (), "main", 1, MONDAY)
    deck, image = AnkiDeck("main", "B", "", MONDAY), Media("x.png", png("red"), 12)
    write_package(tmp_path / "x.apkg", "b", [AnkiType(QUESTION, front, back, "", MONDAY)], [deck], [note], [image])
    with pytest.raises(ValueError, match=r"no field shows \['x\.png'\]"):
        verify_package(tmp_path / "x.apkg", 1, [image])
