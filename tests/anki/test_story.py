"""My story: prompts, and words of the user that no update touches."""

from __future__ import annotations

from pathlib import Path

from anki.collection import Collection

from generator.anki_schema import STORY
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, write_package
from generator.render.cards import layout, styling
from tests.anki.world import DRILLS, FRIDAY, MONDAY, cards_of, deck_of, import_into, notes_of, words


def story_package(path: Path, moment: int = MONDAY) -> Path:
    front, back = layout(STORY)
    values = {"Prompt": "A time you disagreed", "Hint": "<p>Says what was <b>theirs</b>.</p>", "Id": "disagreed"}
    fields = tuple(values.get(name, "") for name in STORY.fields)
    note = AnkiNote(("study", "disagreed"), STORY, fields, ("study::card::story",), "drills", 500, MONDAY)
    write_package(
        path, "study", [AnkiType(STORY, front, back, styling(), moment)], [AnkiDeck("drills", DRILLS, "", MONDAY)], [note], []
    )
    return path


def test_a_story_card_asks_for_the_users_own_words(col: Collection, tmp_path: Path) -> None:
    import_into(col, story_package(tmp_path / "story.apkg"))
    card = cards_of(col)["disagreed"]
    assert words(card.question()).startswith("A time you disagreed")
    shown = card.answer()
    assert "write your own story" in words(shown)
    assert "Says what was <b>theirs</b>." in shown
    assert "What I would change" not in shown
    assert "{{" not in shown
    assert card.did == deck_of(col, DRILLS)
    assert col.fix_integrity()[1]


def test_no_later_import_touches_a_story_the_user_wrote(col: Collection, tmp_path: Path) -> None:
    import_into(col, story_package(tmp_path / "story.apkg"))
    note = notes_of(col)["disagreed"]
    note["Situation"], note["Change"] = "We had two days.", "Ask sooner."
    col.update_note(note)
    import_into(col, story_package(tmp_path / "later.apkg", FRIDAY))
    card = cards_of(col)["disagreed"]
    shown = words(card.answer())
    assert "We had two days." in shown
    assert "What I would changeAsk sooner." in shown
    assert "write your own story" not in shown
