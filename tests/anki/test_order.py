"""Counts, decks and the order in which the real scheduler shows cards."""

from __future__ import annotations

import json

import pytest
from anki.collection import Collection

from tests.anki.world import (
    DRILLS,
    MAIN,
    MONDAY,
    Study,
    assert_facts_come_late,
    cards_of,
    deck_of,
    fill_with_own_notes,
    import_into,
    notes_of,
    study,
)


def test_every_answered_question_and_every_marked_point_is_one_note_with_one_card(read_only: Collection, bank: Study) -> None:
    notes = notes_of(read_only)
    questions = [identity for identity in notes if "/" not in identity]
    facts = [identity for identity in notes if "/" in identity]
    assert sorted(questions) == sorted(row["id"] for row in bank.rows)
    assert len(questions) == 16
    assert len(facts) == 10 * 2 + 4 + 1 + 8
    assert read_only.card_count() == read_only.note_count() == len(notes)


def test_a_question_without_answer_gets_no_card(read_only: Collection) -> None:
    assert "nothing" not in notes_of(read_only)


def test_questions_for_paper_lie_in_the_drills_deck_and_their_facts_in_the_main_one(read_only: Collection) -> None:
    cards = cards_of(read_only)
    in_drills = [identity for identity, card in cards.items() if card.did == deck_of(read_only, DRILLS)]
    assert sorted(in_drills) == ["cache", "program"]
    assert all(card.did == deck_of(read_only, MAIN) for identity, card in cards.items() if identity not in in_drills)


def test_decks_are_not_nested(read_only: Collection) -> None:
    assert sorted(deck.name for deck in read_only.decks.all_names_and_ids()) == ["Default", MAIN, DRILLS]


def test_the_rank_is_not_the_order_of_the_files(bank: Study) -> None:
    assert [row["id"] for row in bank.rows] == [
        *("part-03", "hostile", "part-07", "formula", "cache", "part-05", "part-09"),
        *("part-02", "program", "part-06", "picture", "part-04", "part-08", "marks", "part-01", "part-10"),
    ]


@pytest.mark.parametrize("filled", [False, True], ids=["empty collection", "collection in use"])
def test_the_scheduler_shows_questions_in_rank_order_and_facts_after_the_question_ten_ranks_on(
    col: Collection, bank: Study, filled: bool
) -> None:
    if filled:
        fill_with_own_notes(col)
    import_into(col, bank.package)
    shown = study(col, MAIN)
    drills = study(col, DRILLS)
    order = [row["id"] for row in bank.rows]
    assert [identity for identity in shown if "/" not in identity] == [i for i in order if i not in ("cache", "program")]
    assert drills == ["cache", "program"]
    assert sorted([*shown, *drills]) == sorted(notes_of(col))
    assert_facts_come_late(shown, order)


def test_the_cards_positions_are_the_ledgers_order_keys(read_only: Collection, bank: Study) -> None:
    ledger = json.loads((bank.content / "ledger.json").read_text(encoding="utf-8"))
    assert {identity: card.due for identity, card in cards_of(read_only).items()} == {
        name: order for name, (_, _, order) in ledger["notes"].items()
    }


@pytest.mark.parametrize("filled", [False, True], ids=["empty collection", "collection in use"])
def test_check_database_reports_nothing_and_moves_no_card(col: Collection, bank: Study, filled: bool) -> None:
    if filled:
        fill_with_own_notes(col)
    import_into(col, bank.package)
    before = {identity: card.due for identity, card in cards_of(col).items()}
    message, ok = col.fix_integrity()
    assert ok, message
    assert {identity: card.due for identity, card in cards_of(col).items()} == before


def test_times_of_notes_are_the_builds(read_only: Collection) -> None:
    assert {note.mod for note in notes_of(read_only).values()} == {MONDAY}
