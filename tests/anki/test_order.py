"""Counts, decks and the order in which the real scheduler shows cards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.world import (
    ASKED,
    DRILLS,
    MAIN,
    MONDAY,
    TUESDAY,
    Study,
    assert_facts_come_late,
    build,
    cards_of,
    deck_of,
    fill_with_own_notes,
    import_into,
    listing,
    notes_of,
    plain_question,
    sleep,
    study,
    survey,
    write_content,
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


def test_over_days_and_over_a_later_import_the_order_goes_on(col: Collection, mine: Path, bank: Study) -> None:
    """Three new cards a day; on the third day a newer build with one more question is imported."""
    fill_with_own_notes(col)
    import_into(col, bank.package)
    shown = []
    for day in range(1, 40):
        if day == 3:
            write_content(mine, {"50-new.md": "# New\n\n" + plain_question(77), **survey({**ASKED, "part-77": 3})})
            import_into(col, build(mine, TUESDAY))
        shown += study(col, MAIN, a_day=3)
        sleep(col)
    order = [row["id"] for row in listing(mine) if row["id"] not in ("cache", "program")]
    assert order.index("part-77") >= 6, "the new question must not belong among those already seen"
    assert [identity for identity in shown if "/" not in identity] == order
    # Facts of the old questions stand where they stood; those of the new one come as late as all others do.
    assert_facts_come_late([identity for identity in shown if "part-77" not in identity], [row["id"] for row in bank.rows])
    whole = [row["id"] for row in listing(mine)]
    before = [identity for identity in whole[: whole.index("part-77") + 11] if identity in shown]
    facts = [identity for identity in shown if identity.startswith("part-77/")]
    assert len(facts) == 2
    assert all(shown.index(fact) > shown.index(identity) for fact in facts for identity in before)


def test_a_question_that_climbs_before_it_was_seen_keeps_its_place_and_no_other_moves(
    col: Collection, mine: Path, bank: Study
) -> None:
    """Anki never moves a card that it has; what is new goes where it belongs among the others."""
    import_into(col, bank.package)
    before = {identity: card.due for identity, card in cards_of(col).items()}
    write_content(mine, survey({**ASKED, "part-10": 6}))
    import_into(col, build(mine, TUESDAY))
    assert {identity: card.due for identity, card in cards_of(col).items()} == before


def test_a_first_import_of_the_build_in_which_a_question_climbed_has_the_new_order(col: Collection, mine: Path) -> None:
    write_content(mine, survey({**ASKED, "part-10": 6}))
    import_into(col, build(mine, TUESDAY))
    order = [row["id"] for row in listing(mine)]
    assert order.index("part-10") < 5
    shown = [identity for identity in study(col, MAIN) if "/" not in identity]
    assert shown == [identity for identity in order if identity not in ("cache", "program")]
