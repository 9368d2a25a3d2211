"""Newer builds imported over a deck that is being studied."""

from __future__ import annotations

import shutil
from pathlib import Path

from anki.collection import Collection

from generator.anki_schema import QUESTION
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, write_package
from generator.render.cards import layout
from tests.anki.world import (
    ASKED,
    FRIDAY,
    MAIN,
    MONDAY,
    TUESDAY,
    Study,
    build,
    cards_of,
    edit,
    import_into,
    listing,
    notes_of,
    plain_question,
    png,
    snapshot,
    study,
    survey,
    write_content,
)


def test_importing_an_unchanged_rebuild_changes_nothing(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    note = notes_of(col)["part-03"]
    note.tags = [*note.tags, "my-own-tag", "marked"]
    col.update_note(note)
    before = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    log = import_into(col, build(mine, FRIDAY)).log
    assert len(log.new) == len(log.updated) == len(log.conflicting) == 0
    assert {identity: snapshot(one) for identity, one in notes_of(col).items()} == before
    assert {"my-own-tag", "marked"} <= set(notes_of(col)["part-03"].tags)


def test_importing_after_one_answer_was_edited_updates_that_note_alone(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    for identity in ("part-02", "part-04", "part-03/oil"):
        note = notes_of(col)[identity]
        note.tags = [*note.tags, "my-own-tag", "marked"]
        col.update_note(note)
    before = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    log = import_into(col, build(mine, TUESDAY)).log
    after = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    assert [identity for identity in after if after[identity] != before[identity]] == ["part-03"]
    assert (len(log.new), len(log.updated)) == (0, 1)
    assert notes_of(col)["part-03"].mod == TUESDAY
    assert notes_of(col)["part-03"]["Short answer"] == "<p>It does the third job.</p>"


def test_two_edits_within_one_second_both_arrive(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    import_into(col, build(mine, MONDAY))
    shutil.rmtree(mine.parent / f"output-{MONDAY}")
    edit(mine, "10-parts.md", "It does the third job.", "It does job three.")
    import_into(col, build(mine, MONDAY))
    assert notes_of(col)["part-03"]["Short answer"] == "<p>It does job three.</p>"


def test_a_reworded_question_keeps_its_card_and_what_was_learned(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    study(col, MAIN)
    before = cards_of(col)["part-03"]
    edit(mine, "10-parts.md", "### What does part 3 do?", "### Part three: what is it for?")
    import_into(col, build(mine, TUESDAY))
    after = cards_of(col)["part-03"]
    assert after.note()["Question"] == "Part three: what is it for?"
    assert (after.id, after.nid, after.due, after.ivl, after.reps) == (
        before.id,
        before.nid,
        before.due,
        before.ivl,
        before.reps,
    )
    assert after.reps == 1
    assert col.note_count() == len(notes_of(col))


def test_a_reworded_key_point_keeps_its_card(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    old = next(note for note in notes_of(col).values() if "Job 3 ends" in note.fields[0])
    edit(mine, "10-parts.md", "- Job 3 ends in a ==loud bang==.", "- Job 3 always ends in a ==very loud bang==.")
    log = import_into(col, build(mine, TUESDAY)).log
    assert len(log.new) == 0
    assert col.get_note(old.id)["Text"] == "Job 3 always ends in a {{c1::very loud bang}}."


def test_a_new_question_slots_in_where_it_belongs(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    write_content(mine, {"50-new.md": "# New\n\n" + plain_question(77), **survey({**ASKED, "part-77": 4})})
    import_into(col, build(mine, TUESDAY))
    order = [row["id"] for row in listing(mine)]
    assert order.index("part-77") == 7
    shown = [identity for identity in study(col, MAIN) if "/" not in identity]
    assert shown == [identity for identity in order if identity not in ("cache", "program")]


def test_new_evidence_alone_advances_no_note(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    before = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    write_content(mine, survey({**ASKED, "part-01": 6}))
    import_into(col, build(mine, TUESDAY))
    assert {identity: snapshot(one) for identity, one in notes_of(col).items()} == before


def test_a_changed_image_updates_the_cards_that_show_it_and_leaves_nothing_missing(
    col: Collection, mine: Path, bank: Study
) -> None:
    import_into(col, bank.package)
    write_content(mine, {"images/The chart.png": png("teal")})
    log = import_into(col, build(mine, TUESDAY)).log
    assert len(log.updated) == 1
    assert notes_of(col)["picture"].mod == TUESDAY
    assert list(col.media.check().missing) == []


def test_new_looks_arrive_without_a_second_note_type(col: Collection, tmp_path: Path) -> None:
    front, back = layout(QUESTION)
    note = AnkiNote(("b", "q"), QUESTION, ("Why?", *[""] * (len(QUESTION.fields) - 1)), (), "main", 1, MONDAY)
    deck = AnkiDeck("main", "B", "", MONDAY)
    for name, css, back_now, moment in (("old", "i {}", back, MONDAY), ("new", "b {}", back + "<i>new</i>", TUESDAY)):
        write_package(tmp_path / name, "b", [AnkiType(QUESTION, front, back_now, css, moment)], [deck], [note], [])
        import_into(col, tmp_path / name)
    (model,) = (model for model in col.models.all() if model["name"].startswith("Interview question"))
    assert model["css"] == "b {}"
    assert model["tmpls"][0]["afmt"].endswith("<i>new</i>")
    assert col.note_count() == 1
