"""What a card shows when the real Anki renders it."""

from __future__ import annotations

import re

from anki.collection import Collection

from tests.anki.world import cards_of, notes_of, words


def test_formulas_reach_mathjax_without_braces_that_anki_reads(read_only: Collection) -> None:
    note = notes_of(read_only)["formula"]
    assert note["Question"] == r"What is the slope of \(\frac{1}{x}\)?"
    assert r"\(-\frac{1}{x^{2} }\)" in note["Short answer"]
    assert re.search(r"\\\[\s*\\frac\{d\}\{dx\} \\frac\{1\}\{x\} = -\\frac\{1\}\{x\^\{2\} \}\s*\\\]", note["Answer"])
    shown = cards_of(read_only)["formula"].answer()
    assert r"\(-\frac{1}{x^{2} }\)" in shown
    assert "$" not in words(shown)


def test_code_keeps_its_braces_and_angle_brackets_on_the_card(read_only: Collection) -> None:
    card = cards_of(read_only)["program"]
    assert '<pre class="code" data-language="cpp">' in notes_of(read_only)["program"]["Question body"]
    assert "std::vector<int> v{{3, 1, 2}};" in words(card.question())
    assert "std::sort(v.begin(), v.end());" in words(card.answer())
    assert "std::sort" not in words(card.question())


def test_a_table_is_a_table(read_only: Collection) -> None:
    assert re.search(r"<table>.*<th>Case</th>.*<td>best</td>", notes_of(read_only)["program"]["Answer"], re.DOTALL)


def test_an_image_is_named_by_its_content_and_stays_in_the_card(read_only: Collection) -> None:
    notes = notes_of(read_only)
    assert re.search(r'<img src="the-chart-[0-9a-f]{12}\.png" alt="A rising line"', notes["picture"]["Short answer"])
    assert re.search(r'<img src="flow-[0-9a-f]{12}\.svg"', notes["picture/twice"]["Text"])


def test_the_front_shows_the_question_and_a_cue_and_nothing_of_the_answer(read_only: Collection) -> None:
    cards = cards_of(read_only)
    assert words(cards["part-03"].question()) == "What does part 3 do? Aloud, 90 seconds, 3 points"
    assert words(cards["cache"].question()) == "How would you build a cache? On paper, 10 minutes, 1 point"


def test_the_back_shows_answer_points_section_and_how_often_it_is_asked(read_only: Collection) -> None:
    shown = words(cards_of(read_only)["part-03"].answer())
    assert "It does job 3." in shown
    assert "Job 3 needs oil of grade 3." in shown
    assert "Parts › Inner parts · asked: core" in shown
    assert "==" not in shown
    assert "{#oil}" not in shown


def test_tags_say_section_kind_card_and_band(read_only: Collection) -> None:
    notes = notes_of(read_only)
    assert notes["formula"].tags == [
        "study::asked::1-core",
        "study::card::question",
        "study::kind::concept",
        "study::level::senior",
        "study::section::special-cases",
        "study::tag::calculus",
        "study::top-50",
    ]
    assert notes["part-10/oil"].tags == [
        "study::asked::5-rare",
        "study::card::fact",
        "study::kind::concept",
        "study::section::parts::inner-parts",
        "study::top-50",
    ]
