"""docs/studying.md: every search in it works in the real Anki and finds what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.world import MAIN, TUESDAY, Study, build, cards_of, edit, forget_one, import_into, notes_of, sleep, study

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "studying.md").read_text(encoding="utf-8")
SEARCHES = re.findall(r"^\| [^|]+ \| `(tag:[^`]+)` \|$", PAGE, re.MULTILINE)


def found(col: Collection, search: str) -> set[str]:
    """The `Id`s that a search of the page finds in the synthetic bank."""
    assert search in PAGE
    search = search.replace("genai-architect", "study")
    return {col.get_card(identity).note()["Id"] for identity in col.find_cards(search)}


def test_the_page_has_searches() -> None:
    assert len(SEARCHES) == 13


@pytest.mark.parametrize("search", SEARCHES)
def test_anki_understands_every_search(read_only: Collection, search: str) -> None:
    read_only.find_cards(search)


def test_new_core_questions(col: Collection, bank: Study) -> None:
    import_into(col, bank.package)
    core = {row["id"] for row in bank.rows if row["band"] == "1-core"}
    search = "tag:genai-architect::asked::1-core is:new"
    assert {identity for identity in found(col, search) if "/" not in identity} == core
    seen = study(col, MAIN, a_day=1, ease=3)
    assert seen[0] in core
    assert seen[0] not in found(col, search)


def test_what_was_forgotten_yesterday_and_not_seen_today(col: Collection, bank: Study) -> None:
    import_into(col, bank.package)
    study(col, MAIN, a_day=3, ease=3)
    sleep(col, 5)
    forgotten = forget_one(col)
    search = "tag:genai-architect prop:rated=-1:1 -rated:1"
    assert found(col, search) == set()
    sleep(col)
    assert col.db is not None
    col.db.execute("UPDATE revlog SET id = id - 86400000")
    assert found(col, search) == {forgotten}
    study(col, MAIN, a_day=0, ease=3)
    assert found(col, search) == set()


def test_seen_questions_of_the_top(col: Collection, bank: Study) -> None:
    import_into(col, bank.package)
    seen = study(col, MAIN, a_day=4, ease=3)
    assert found(col, "tag:genai-architect::top-50 tag:genai-architect::card::question -is:new") == set(seen)
    assert found(col, "tag:genai-architect -is:new prop:ivl<=10") == set(seen)


def test_kinds_to_leave_out(read_only: Collection) -> None:
    assert found(read_only, "tag:genai-architect::kind::design") == {"cache", "cache/eviction"}
    assert all("/" in identity for identity in found(read_only, "tag:genai-architect::card::fact"))
    assert not any("/" in identity for identity in found(read_only, "tag:genai-architect::card::question"))


def test_stories_that_are_not_written_yet(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    search = "tag:genai-architect::card::story Situation:"
    assert search in PAGE
    assert len(col.find_cards(search)) == 20
    note = notes_of(col)["story-hiring"]
    note["Situation"] = "We were three."
    col.update_note(note)
    assert len(col.find_cards(search)) == 19


def test_a_reset_brings_the_order_back(col: Collection, bank: Study) -> None:
    import_into(col, bank.package)
    before = {identity: card.due for identity, card in cards_of(col).items()}
    study(col, MAIN)
    col.sched.schedule_cards_as_new([card.id for card in cards_of(col).values()], restore_position=True, reset_counts=True)
    assert {identity: card.due for identity, card in cards_of(col).items()} == before


def test_a_deleted_note_comes_back_and_a_suspended_card_stays_suspended(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    col.remove_notes([notes_of(col)["part-04"].id])
    col.sched.suspend_cards([cards_of(col)["part-05"].id])
    edit(mine, "10-parts.md", "It does job 5.", "It does the fifth job.")
    import_into(col, build(mine, TUESDAY))
    assert "part-04" in notes_of(col)
    assert notes_of(col)["part-05"]["Short answer"] == "<p>It does the fifth job.</p>"
    assert cards_of(col)["part-05"].queue == -1
