"""The bank of this repository in the real Anki."""

from __future__ import annotations

import re
import tomllib

from anki.collection import Collection

from tests.anki.world import (
    BLANK,
    LIVE,
    REAL_BANK,
    Study,
    assert_facts_come_late,
    cards_of,
    import_into,
    notes_of,
    study,
    words,
)


def test_the_real_bank_imports_whole_and_in_order_and_passes_ankis_checks(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    notes = notes_of(col)
    order = [row["id"] for row in real.rows]
    stories = [story["id"] for story in tomllib.loads((real.content / "stories.toml").read_text("utf-8"))["story"]]
    assert len(stories) == 20
    assert sorted(identity for identity in notes if "/" not in identity) == sorted([*order, *stories])
    marked = re.findall(r"^- .*==\S.*$", "\n".join(path.read_text("utf-8") for path in real.content.glob("*.md")), re.MULTILINE)
    assert sum("/" in identity for identity in notes) == len(marked)
    assert col.card_count() == len(notes)
    report = col.media.check()
    assert (list(report.missing), list(report.unused)) == ([], [])
    message, ok = col.fix_integrity()
    assert ok, message
    names = [deck.name for deck in col.decks.all_names_and_ids() if deck.name != "Default"]
    main_deck = min(names, key=len)
    shown = study(col, main_deck)
    in_drills = [identity for name in names if name != main_deck for identity in study(col, name)]
    assert [identity for identity in shown if "/" not in identity] == [i for i in order if i not in in_drills]
    assert in_drills == [*(identity for identity in order if identity in in_drills), *stories]
    assert_facts_come_late(shown, order)


def test_nothing_in_the_real_bank_is_live_markup(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    for identity, card in cards_of(col).items():
        note = card.note()
        live = [LIVE.findall(BLANK.sub("", text)) for text in note.fields]
        assert not any(live), (identity, live)
        assert card.question_av_tags() + card.answer_av_tags() == []
        assert ('<span class="cloze"' in card.question()) == ("/" in identity)


def test_the_real_ledger_belongs_to_the_real_bank(real: Study) -> None:
    assert (real.content / "ledger.json").read_bytes() == (REAL_BANK / "ledger.json").read_bytes()


def test_no_marked_word_stands_in_what_its_card_shows(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    facts = {identity: card for identity, card in cards_of(col).items() if "/" in identity}
    assert facts
    for identity, card in facts.items():
        hidden = " ".join(words(text.split("::")[0]) for text in BLANK.findall(card.note()["Text"]))
        shown = re.findall(r"\w{4,}", words(card.question()).casefold())
        given_away = set(re.findall(r"\w{4,}", hidden.casefold())) & set(shown)
        assert not given_away, identity


def test_every_story_says_what_is_scored_and_what_is_asked_next(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    stories = [note for note in notes_of(col).values() if note["Id"].startswith("story-")]
    assert len(stories) == 20
    for note in stories:
        assert 40 <= len(words(note["Hint"]).split()) <= 70, note["Id"]
        assert note["Follow-ups"].count("<li>") == 3
        assert [note[name] for name in ("Situation", "Decision", "Result", "Change")] == [""] * 4
        assert 20 <= len(words(note["Prompt"])) <= 120
