"""My story: prompts, and words of the user that no update touches."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from anki.collection import Collection

from generator.anki_schema import STORY_TIME
from generator.render.cards import styling
from tests.anki.world import (
    DRILLS,
    FRIDAY,
    TUESDAY,
    Study,
    build,
    cards_of,
    deck_of,
    edit,
    fill_with_own_notes,
    import_into,
    notes_of,
    run,
    snapshot,
    state,
    study,
    words,
    write_content,
)
from tests.conftest import Decks, Write

STORIES = """\
[[story]]
id = "disagreed"
prompt = "A time you *disagreed*"
hint = \"\"\"
Says what was **theirs**, see ![the flow](images/flow.svg).
\"\"\"
follow_ups = ["Who was right?", "What does $x^{2^{2}}$ cost?"]

[[story]]
id = "estimated"
prompt = "An estimate {{Hint}} that was wrong [sound:x.mp3]"
hint = "The number, and who planned on it."
"""
OWN = {"Situation": "We had two days.", "Decision": "I asked.", "Result": "It held.", "Change": "Ask sooner."}


@pytest.fixture
def told(bank: Study, tmp_path: Path) -> Path:
    """The synthetic bank with two stories."""
    content = shutil.copytree(bank.content, tmp_path / "told" / "content")
    return write_content(content, {"stories.toml": STORIES})


def write_own_words(
    col: Collection, identity: str, moment: int = TUESDAY
) -> tuple[int, int, str, tuple[str, ...], tuple[str, ...]]:
    """Fill a story's fields as if at a moment; return the note as it is then."""
    note = notes_of(col)[identity]
    for name, text in OWN.items():
        note[name] = text
    note.tags = [*note.tags, "mine", "marked"]
    col.update_note(note)
    assert col.db is not None
    col.db.execute("UPDATE notes SET mod = ? WHERE id = ?", moment, note.id)
    return snapshot(notes_of(col)[identity])


# --- the cards -------------------------------------------------------------------------------------------


def test_a_story_card_asks_for_the_users_own_words(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    card = cards_of(col)["disagreed"]
    assert words(card.question()).startswith("A time you disagreed Aloud, two minutes")
    shown = card.answer()
    assert "write your own story" in words(shown)
    assert "Says what was <strong>theirs</strong>" in shown
    assert "Who was right?" in words(shown)
    assert shown.count('<summary class="tappable">') == 2
    assert "What I would change" not in shown
    assert "{{" not in shown
    assert card.note().tags == ["study::card::story"]
    assert list(col.media.check().missing) == []


def test_a_prompt_holds_nothing_that_is_live(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    card = cards_of(col)["estimated"]
    assert "An estimate {{Hint}} that was wrong [sound:x.mp3]" in words(card.question())
    assert card.question_av_tags() + card.answer_av_tags() == []


def test_the_users_words_are_on_the_card_and_the_request_is_gone(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    write_own_words(col, "disagreed")
    shown = words(cards_of(col)["disagreed"].answer())
    assert all(text in shown for text in OWN.values())
    assert "What I would changeAsk sooner." in shown
    assert "write your own story" not in shown


def test_stories_lie_in_the_drills_deck_after_the_drills(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    assert study(col, DRILLS) == ["cache", "program", "disagreed", "estimated"]


def test_stories_are_in_the_packages_of_the_whole_and_of_the_drills_only(told: Path) -> None:
    folder = build(told).parent
    holding = {str(path.relative_to(folder)) for path in folder.rglob("*.apkg") if b"disagreed" in database(path)}
    assert holding == {"study.apkg", "study-drills.apkg"}
    assert b"disagreed" not in database(build(told, TUESDAY, "--top", "5"))


def database(package: Path) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return archive.read("collection.anki2")


# --- no update touches them ------------------------------------------------------------------------------


def change_prompts(content: Path) -> None:
    edit(content, "stories.toml", "A time you *disagreed*", "Tell me about a disagreement")
    edit(content, "stories.toml", "The number, and", "The number, when it was given, and")


def test_no_later_import_touches_a_story_the_user_wrote(col: Collection, told: Path) -> None:
    fill_with_own_notes(col)
    import_into(col, build(told))
    mine = write_own_words(col, "disagreed")
    study(col, DRILLS)
    card = state(cards_of(col)["disagreed"])
    change_prompts(told)
    edit(told, "10-parts.md", "It does job 3.", "It does the third job.")
    log = import_into(col, build(told, FRIDAY))
    assert len(log.updated) == 1
    assert snapshot(notes_of(col)["disagreed"]) == mine
    assert state(cards_of(col)["disagreed"]) == card
    assert col.note_count() == 30 + len(notes_of(col))


def test_new_looks_of_stories_arrive_and_the_users_words_stay(
    col: Collection, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_into(col, build(told))
    mine = write_own_words(col, "disagreed")
    old = styling()
    monkeypatch.setattr("generator.render.cards.styling", lambda: old + "\n.card { color: teal; }\n")
    import_into(col, build(told, FRIDAY))
    (model,) = (model for model in col.models.all() if model["name"].startswith("My story"))
    assert "color: teal" in model["css"]
    assert snapshot(notes_of(col)["disagreed"]) == mine


def test_the_users_words_stay_when_the_ledger_was_lost(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    mine = write_own_words(col, "disagreed")
    (told / "ledger.json").unlink()
    change_prompts(told)
    import_into(col, build(told, FRIDAY))
    assert snapshot(notes_of(col)["disagreed"]) == mine


def test_the_users_words_stay_when_a_story_was_removed_and_came_back(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    mine = write_own_words(col, "disagreed")
    (told / "stories.toml").unlink()
    run("build", str(told), "-o", str(told.parent / "whole"), "--only", "anki,pdf", moment=FRIDAY)
    ledger = json.loads((told / "ledger.json").read_text(encoding="utf-8"))
    assert "disagreed" in ledger["removed"]
    assert "disagreed" not in ledger["notes"]
    write_content(told, {"stories.toml": STORIES})
    import_into(col, build(told, FRIDAY + 60))
    assert snapshot(notes_of(col)["disagreed"]) == mine


def test_a_new_story_arrives_behind_the_others(col: Collection, told: Path) -> None:
    import_into(col, build(told))
    mine = write_own_words(col, "disagreed")
    more = '\n[[story]]\nid = "mentored"\nprompt = "Whom did you help?"\nhint = "Evidence."\n'
    write_content(told, {"stories.toml": STORIES + more})
    import_into(col, build(told, FRIDAY))
    assert study(col, DRILLS)[-3:] == ["disagreed", "estimated", "mentored"]
    assert snapshot(notes_of(col)["disagreed"]) == mine


def test_always_replaces_the_users_words_as_the_deck_says_but_not_by_packages_without_stories(
    col: Collection, told: Path
) -> None:
    """What Anki does cannot be changed from a package; the documents and the deck's description warn of it."""
    import_into(col, build(told))
    description = col.decks.get(deck_of(col, DRILLS), default=False)
    assert description is not None
    assert '"Always" would empty the stories you wrote' in description["desc"]
    mine = write_own_words(col, "disagreed")
    import_into(col, build(told, TUESDAY, "--top", "50"), always=True)
    import_into(col, build(told, TUESDAY, "--section", "Parts"), always=True)
    assert snapshot(notes_of(col)["disagreed"]) == mine
    import_into(col, build(told, TUESDAY), always=True)
    assert notes_of(col)["disagreed"]["Situation"] == ""


def test_the_time_of_a_story_is_one_for_all_and_for_ever(told: Path) -> None:
    build(told)
    change_prompts(told)
    build(told, FRIDAY)
    ledger = json.loads((told / "ledger.json").read_text(encoding="utf-8"))
    assert {ledger["notes"][name][1] for name in ("disagreed", "estimated")} == {STORY_TIME}
    assert STORY_TIME == 1_577_836_800


# --- stories.toml ----------------------------------------------------------------------------------------

DECK = 'bank = "demo"\ntitle = "Demo"\n'
QUESTION = "# T\n\n### Why? {#why}\n\nSo.\n"
WRONG = {
    '[[story]]\nid = "A b"\nprompt = "P"\nhint = "H"\n': ":2: error: story has id 'A b'; give a slug",
    '[[story]]\nprompt = "P"\nhint = "H"\n': ":1: error: story has id missing; give a slug",
    '[[story]]\nid = "a"\nhint = "H"\n': ":1: error: story has prompt missing; give one line of text",
    '[[story]]\nid = "a"\nprompt = " "\nhint = "H"\n': ":3: error: story has prompt ' '; give one line of text",
    '[[story]]\nid = "a"\nprompt = "two\\nlines"\nhint = "H"\n': ":3: error: story has prompt",
    '[[story]]\nid = "a"\nprompt = "P"\nhint = 3\n': ":4: error: story has hint 3; say what is scored",
    '[[story]]\nid = "a"\nprompt = "P"\nhint = "H"\nfollow_ups = "F"\n': ":5: error: story has follow_ups 'F'; give a list",
    '[[story]]\nid = "a"\nprompt = "P"\nhint = "H"\ntip = "x"\n': ':5: error: story has the unknown key "tip"; known here',
    '[[story]]\nid = "a"\nprompt = "P"\nhint = "H"\n[[story]]\nid = "a"\nprompt = "P"\nhint = "H"\n': (
        ':6: error: id "a" is already taken at content/stories.toml:1; give one of the two another id'
    ),
    '[[story]]\nid = "why"\nprompt = "P"\nhint = "H"\n': ':2: error: id "why" is already taken at content/a.md:3',
    "story = [1]\n": ": error: story is not a table; write it as [[story]]",
    "stories = 1\n": ": error: holds something else than [[story]] entries",
    "[[story]\n": ":1: error: not valid TOML",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_story_stops_the_build_with_its_line_and_remedy(text: str, write: Write, decks: Decks) -> None:
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION, "content/stories.toml": text})
    for command in ("build", "check"):
        result = decks(command)
        told = re.sub(r" (config|repeated-id): ", ": ", result.out) if command == "check" else result.err
        assert result.code == 1
        assert f"content/stories.toml{WRONG[text]}" in told
    assert not (folder / "output").exists()


def test_a_stories_file_that_cannot_be_read_is_an_error(write: Write, decks: Decks) -> None:
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION, "content/stories.toml": b"\xff\xfe"})
    assert "content/stories.toml: error: can't read the file" in decks("build").err
    (folder / "content/stories.toml").unlink()
    (folder / "content/stories.toml").mkdir()
    assert "content/stories.toml: error: can't read the file" in decks("build").err


def test_the_id_of_a_removed_story_on_another_one_is_an_error(write: Write, decks: Decks) -> None:
    story = '[[story]]\nid = "a"\nprompt = "{}"\nhint = "H"\n'
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION, "content/stories.toml": story.format("A failure")})
    assert decks("build").code == 0
    (folder / "content/stories.toml").unlink()
    assert decks("build").code == 0
    (folder / "content/stories.toml").write_text(story.format("What have you learned lately?"))
    result = decks("build")
    assert result.code == 1
    assert 'content/stories.toml:1: error: id "a" belonged to a removed question ("A failure")' in result.err
    (folder / "content/stories.toml").write_text(story.format("A failure"))
    assert decks("build").code == 0


def test_a_changed_story_file_builds_again(write: Write, decks: Decks) -> None:
    story = '[[story]]\nid = "a"\nprompt = "A failure"\nhint = "H"\n'
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION, "content/stories.toml": story})
    assert decks("build", "--only", "anki").code == 0
    assert "up to date" in decks("build", "--only", "anki").out
    (folder / "content/stories.toml").write_text(story.replace('"H"', '"Another hint"'))
    assert "up to date" not in decks("build", "--only", "anki").out
