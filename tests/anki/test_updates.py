"""Newer builds imported over a deck that is being studied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from anki.collection import Collection

from generator.anki_schema import QUESTION
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, write_package
from generator.render.cards import layout, styling
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
    fill_with_own_notes,
    import_into,
    listing,
    months_of_study,
    names_of_note_types,
    notes_of,
    plain_question,
    png,
    review_log,
    snapshot,
    state,
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
    log = import_into(col, build(mine, FRIDAY))
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
    log = import_into(col, build(mine, TUESDAY))
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
    log = import_into(col, build(mine, TUESDAY))
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
    log = import_into(col, build(mine, TUESDAY))
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


# --- everything at once: months of study, then a newer build ---------------------------------------------


def change_everything(content: Path) -> None:
    """A newer version of the bank: rewordings, one question less, one more, another likelihood, another section."""
    edit(content, "10-parts.md", "It does job 3.", "It does the third job.")
    edit(content, "10-parts.md", "### What does part 5 do?", "### And part 5, what is it for?")
    edit(content, "10-parts.md", "- Job 7 ends in a ==loud bang==.", "- Job 7 always ends in a ==loud bang==.")
    edit(content, "10-parts.md", plain_question(8), "")
    edit(content, "20-special.md", "# Special cases", "# Particular cases")
    asked = {**ASKED, "part-10": 6, "part-77": 4}
    del asked["part-08"]
    write_content(content, {"50-new.md": "# New\n\n" + plain_question(77), **survey(asked)})


def test_a_newer_build_brings_its_texts_and_leaves_all_that_was_learned(col: Collection, mine: Path, bank: Study) -> None:
    fill_with_own_notes(col)
    import_into(col, bank.package)
    months_of_study(col)
    cards = {identity: state(card) for identity, card in cards_of(col).items()}
    tags = {identity: note.tags for identity, note in notes_of(col).items()}
    reviews, types, whole = review_log(col), names_of_note_types(col), col.note_count()
    kinds = {card[3] for card in cards.values()}
    assert len(reviews) > 20
    assert {0, 2} <= kinds, "the collection must hold new cards and learned ones"
    assert any(card[8] for card in cards.values()), "some card must have been forgotten"
    change_everything(mine)
    import_into(col, build(mine, FRIDAY))
    after = cards_of(col)
    assert {identity: state(after[identity]) for identity in cards} == cards
    assert review_log(col) == reviews
    assert names_of_note_types(col) == types == ["Interview key fact", "Interview question"]
    assert sorted(set(after) - set(cards))[0] == "part-77"
    assert len(set(after) - set(cards)) == 3
    assert col.note_count() == whole + 3
    notes = notes_of(col)
    assert notes["part-03"]["Short answer"] == "<p>It does the third job.</p>"
    assert notes["part-05"]["Question"] == "And part 5, what is it for?"
    assert notes["part-08"]["Question"] == "What does part 8 do?"
    assert notes["picture"]["Section"] == "Particular cases"
    for identity in ("part-09", "part-10/oil"):
        assert notes[identity].tags == tags[identity]
    assert {"my-own-tag", "marked"} <= set(notes["part-09"].tags)


def test_many_builds_later_nothing_is_doubled_and_no_second_note_type_appears(col: Collection, mine: Path) -> None:
    import_into(col, build(mine, MONDAY))
    count = len(notes_of(col))
    text = "### What does part 3 do"
    for step in range(1, 6):
        edit(mine, "10-parts.md", text, text := f"### What does part 3 do, asked {step} times")
        import_into(col, build(mine, MONDAY + step * 86_400))
    assert len(notes_of(col)) == col.note_count() == count
    assert notes_of(col)["part-03"]["Question"].endswith("asked 5 times?")
    assert names_of_note_types(col) == ["Interview key fact", "Interview question"]


# --- whose change wins -----------------------------------------------------------------------------------


def test_a_text_changed_after_the_users_last_edit_arrives(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    own_edit(col, "part-03", moment=TUESDAY)
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    import_into(col, build(mine, FRIDAY))
    assert notes_of(col)["part-03"]["Short answer"] == "<p>It does the third job.</p>"


def test_a_text_changed_before_the_users_last_edit_arrives_only_with_always(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    own_edit(col, "part-03", moment=FRIDAY)
    study(col, MAIN)
    card = state(cards_of(col)["part-03"])
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    package = build(mine, TUESDAY)
    import_into(col, package)
    assert notes_of(col)["part-03"]["Short answer"] == "<p>My own words.</p>"
    import_into(col, package, always=True)
    assert notes_of(col)["part-03"]["Short answer"] == "<p>It does the third job.</p>"
    assert state(cards_of(col)["part-03"]) == card


def own_edit(col: Collection, identity: str, moment: int) -> None:
    """The user writes into a note, as if at a moment."""
    note = notes_of(col)[identity]
    note["Short answer"] = "<p>My own words.</p>"
    col.update_note(note)
    assert col.db is not None
    col.db.execute("UPDATE notes SET mod = ? WHERE id = ?", moment, note.id)


def test_words_of_the_user_in_a_note_that_did_not_change_stay(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    own_edit(col, "part-03", moment=TUESDAY)
    edit(mine, "10-parts.md", "It does job 4.", "It does the fourth job.")
    import_into(col, build(mine, FRIDAY))
    assert notes_of(col)["part-03"]["Short answer"] == "<p>My own words.</p>"
    assert notes_of(col)["part-04"]["Short answer"] == "<p>It does the fourth job.</p>"


def test_a_question_that_was_removed_stays_with_those_who_have_it(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    edit(mine, "10-parts.md", plain_question(8), "")
    asked = {identity: count for identity, count in ASKED.items() if identity != "part-08"}
    write_content(mine, survey(asked))
    import_into(col, build(mine, TUESDAY))
    assert "part-08" in notes_of(col)


def test_a_typo_mended_in_a_key_point_keeps_its_card_and_what_was_learned(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    study(col, MAIN)
    old = next(note for note in notes_of(col).values() if "Job 3 ends" in note.fields[0])
    before = state(old.cards()[0])
    edit(mine, "10-parts.md", "- Job 3 ends in a ==loud bang==.", "- Job 3 ends with a ==loud bang==.")
    log = import_into(col, build(mine, TUESDAY))
    assert len(log.new) == 0
    assert col.get_note(old.id)["Text"] == "Job 3 ends with a {{c1::loud bang}}."
    assert state(col.get_note(old.id).cards()[0]) == before


def test_new_looks_of_the_templates_folder_arrive_over_a_studied_deck(
    col: Collection, mine: Path, bank: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_into(col, bank.package)
    months_of_study(col)
    cards = {identity: state(card) for identity, card in cards_of(col).items()}
    before = {identity: snapshot(note) for identity, note in notes_of(col).items()}
    old = styling()
    monkeypatch.setattr("generator.render.cards.styling", lambda: old + "\n.card { color: teal; }\n")
    import_into(col, build(mine, FRIDAY))
    models = {model["name"]: model for model in col.models.all()}
    assert names_of_note_types(col) == ["Interview key fact", "Interview question"]
    assert all("color: teal" in models[name]["css"] for name in names_of_note_types(col))
    assert {identity: state(card) for identity, card in cards_of(col).items()} == cards
    assert {identity: snapshot(note) for identity, note in notes_of(col).items()} == before
