"""Text that Anki could take for its own markup stays text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.world import BLANK, DECK_TOML, LIVE, build, cards_of, import_into, notes_of, words, write_content


def test_no_field_of_a_hostile_question_holds_live_markup(read_only: Collection) -> None:
    live = {name: LIVE.findall(text) for name, text in notes_of(read_only)["hostile"].items()}
    assert {name: found for name, found in live.items() if found} == {}


def test_a_hostile_fact_holds_its_own_blank_and_nothing_else_live(read_only: Collection) -> None:
    note = notes_of(read_only)["hostile/trap"]
    assert len(BLANK.findall(note["Text"])) == 1
    live = {name: LIVE.findall(BLANK.sub("", text)) for name, text in note.items()}
    assert {name: found for name, found in live.items() if found} == {}


@pytest.mark.parametrize("identity", ["hostile", "hostile/trap"])
def test_a_hostile_card_plays_no_sound_and_draws_no_latex(read_only: Collection, identity: str) -> None:
    card = cards_of(read_only)[identity]
    assert card.question_av_tags() == []
    assert card.answer_av_tags() == []
    assert not re.search(r"\[anki:|class=.?latex", card.question() + card.answer())


@pytest.mark.parametrize(
    "text",
    [
        "Does {{Question}} or [sound:title.mp3] play?",
        "No: [sound:short.mp3], [latex]a^2[/latex], [$]b[/$], [$$]c[/$$],",
        "[anki:tts lang=en_US]hello[/anki:tts], {{Answer}}, {{{Question}}},",
        "{{c1::gone}}, {{#Link}}when{{/Link}}, {{cloze:Text}}, {% raw %} and [SOUND:loud.mp3] are words.",
        "[sound:body.mp3] and {{Id}} are code.",
        "Beside [sound:point.mp3] and {{c2::other}} stands a {{c3::blank}} [sound:mark.mp3] as words.",
        "Pass: [sound:graded.mp3] {{Kind}}",
        "{{Front}} [sound:code.mp3] [latex]d[/latex] [$]f[/$] [$$]g[/$$] [anki:play:q:0] {{c1::code}}",
        "[anki:play:a:0] {{Follow-ups}}",
        "{{Sources}} [sound:source.mp3]",
        "Traps {{Section}} [sound:section.mp3]",
    ],
)
def test_a_hostile_card_shows_the_text_as_it_was_written(read_only: Collection, text: str) -> None:
    assert text in words(cards_of(read_only)["hostile"].answer())


def test_a_hostile_fact_shows_the_text_as_it_was_written(read_only: Collection) -> None:
    card = cards_of(read_only)["hostile/trap"]
    assert words(card.question()).endswith("Beside [sound:point.mp3] and {{c2::other}} stands [...] as words.")
    shown = words(card.answer())
    assert "Beside [sound:point.mp3] and {{c2::other}} stands a {{c3::blank}} [sound:mark.mp3] as words." in shown
    assert "A point of: Does {{Question}} or [sound:title.mp3] play?" in shown


@pytest.mark.parametrize(
    ("key", "front", "back"),
    [
        ("math", "The slope is [...] for all x.", r"The slope is \(-\frac{1}{x^{2} }\) for all x."),
        (
            "beside-math",
            r"Beside \(\frac{1}{y^{2} }\) the [...] is hidden.",
            r"Beside \(\frac{1}{y^{2} }\) the word is hidden.",
        ),
        ("code", "A list of numbers is [...] in that language.", "A list of numbers is std::vector<int> in that language."),
        ("beside-code", "Call std::sort or {{c1::x}} on a [...].", "Call std::sort or {{c1::x}} on a container."),
        ("braces", "An end such as [...] or {{ closes nothing.", "An end such as }} or {{ closes nothing."),
        ("both", "Both [...] and [...] are one card.", "Both day and night are one card."),
        ("colons", "The name [...] holds colons.", "The name a::b holds colons."),
        ("hint", "A byte holds [how many?] bits.", "A byte holds eight bits."),
    ],
)
def test_a_mark_is_blank_on_the_front_and_whole_on_the_back(read_only: Collection, key: str, front: str, back: str) -> None:
    card = cards_of(read_only)[f"marks/{key}"]
    assert words(card.question()) == f"Marks {front}"
    assert words(card.answer()).startswith(f"Marks {back}")


def test_the_hidden_and_the_shown_words_of_a_mark_stand_in_ankis_own_cloze(read_only: Collection) -> None:
    card = cards_of(read_only)["marks/code"]
    assert re.search(r'<span class="cloze"[^>]*>\[\.\.\.\]</span>', card.question())
    assert re.search(r'<span class="cloze"[^>]*><code>std(&#58;|:){2}vector&lt;int&gt;</code></span>', card.answer())


def test_a_key_point_whose_only_equals_signs_stand_in_a_formula_is_no_card(col: Collection, tmp_path: Path) -> None:
    question = "# S\n\n## Why? {#why}\n\nSo.\n\n### Key points\n\n- A test is $a==b==c$.\n- A ==mark== is one.\n"
    content = write_content(tmp_path / "content", {"deck.toml": DECK_TOML, "a.md": question})
    import_into(col, build(content))
    notes = notes_of(col)
    assert r"\(a==b==c\)" in notes.pop("why")["Key points"]
    assert [note["Text"] for note in notes.values()] == ["A {{c1::mark}} is one."]


def bank_of_point(folder: Path, point: str) -> Path:
    """A bank of one question, `why`, with one key point."""
    question = f"# S\n\n## Why? {{#why}}\n\nSo.\n\n### Key points\n\n- {point}\n"
    return write_content(folder / "content", {"deck.toml": DECK_TOML, "a.md": question})


@pytest.mark.parametrize(
    "point",
    [
        r"Before \[sound:a.mp3]x\] stands ==a mark==.",
        r"Before \[latex]x\] and \[/latex]x\] stands ==a mark==.",
        r"Before \(\$]x[/\$]\) stands ==a mark==.",
        r"A hint holds ==a mark|${{c2::z}}$==.",
        r"A hint holds ==a mark|$a}}b$==.",
        r"A hint holds ==a mark|`{{x}}::[sound:a.mp3]`==.",
        "Beside <mark></mark> stands ==a mark==.",
        "<mark>Text</mark> beside ==a mark==.",
        "An end }} beside ==a mark}==} and }.",
        "[a link](https://example.org/}}) with {{==a mark==}}.",
    ],
)
def test_whatever_stands_in_a_key_point_its_card_has_a_blank_and_nothing_live(
    col: Collection, tmp_path: Path, point: str
) -> None:
    import_into(col, build(bank_of_point(tmp_path, point)))
    notes = notes_of(col)
    (fact,) = (note for identity, note in notes.items() if identity != "why")
    (card,) = fact.cards()
    assert 'class="cloze"' in card.question()
    assert "a mark" not in words(card.question())
    assert "a mark" in words(card.answer())
    live = [LIVE.findall(text) for text in (BLANK.sub("", fact["Text"]), *fact.fields[1:], *notes["why"].fields)]
    assert not any(live), live
    assert card.question_av_tags() + card.answer_av_tags() == []
    assert list(col.media.check().missing) == []


def test_a_key_point_with_an_empty_mark_in_html_is_no_card(col: Collection, tmp_path: Path) -> None:
    import_into(col, build(bank_of_point(tmp_path, "Nothing is <mark></mark> marked.")))
    assert list(notes_of(col)) == ["why"]
