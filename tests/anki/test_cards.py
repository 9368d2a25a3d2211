"""What a card shows when the real Anki renders it."""

from __future__ import annotations

import re

from anki.collection import Collection

from tests.anki.world import Study, cards_of, import_into, notes_of, words


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


def test_the_back_has_the_answer_the_points_what_is_graded_the_buttons_and_folds_in_this_order(
    col: Collection, real: Study
) -> None:
    import_into(col, real.package)
    cards = cards_of(col)
    for row in real.rows:
        shown = cards[row["id"]].answer()
        parts = [
            *('<div class="question">', '<hr id="answer">', '<div class="short">', "Must say", "Graded on"),
            *('<summary class="tappable">Full answer', '<summary class="tappable">Follow-ups'),
            *(['<summary class="tappable">Sources'] if cards[row["id"]].note()["Sources"] else []),
            *('<div class="buttons"><b>Again:</b>', '<div class="foot">'),
        ]
        places = [shown.find(part) for part in parts]
        assert -1 not in places, (row["id"], parts[places.index(-1)])
        assert places == sorted(places)
        assert shown.count("<summary") == shown.count('<summary class="tappable">')
        assert f"asked: {row['band'].split('-', 1)[1].replace('-', ' ')}" in shown
        assert "<details open" not in shown


def test_the_front_of_every_question_is_the_question_its_body_and_the_cue(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    cards = cards_of(col)
    for row in real.rows:
        card = cards[row["id"]]
        note = card.note()
        assert words(card.question()) == words(f"{note['Question']} {note['Question body']} {note['Cue']}")
        assert re.fullmatch(r"(Aloud, 90 seconds|On paper, (5|10) minutes), \d points", note["Cue"])


def test_a_fact_shows_its_topic_before_and_its_question_only_behind(read_only: Collection) -> None:
    card = cards_of(read_only)["part-03/oil"]
    assert words(card.question()) == "Parts › Inner parts Job 3 needs [...] of grade 3."
    assert "What does part 3 do?" in words(card.answer())
    assert "Job 3 needs oil of grade 3." in words(card.answer())


def test_nothing_on_a_card_is_loaded_from_elsewhere(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    for card in cards_of(col).values():
        shown = card.question() + card.answer()
        assert not re.search(r"""(?:src|srcset|data|poster)\s*=\s*["']?(?:https?:)?//|url\(|@import|<link|<script""", shown)


def test_text_is_17_or_18_pixels_on_lines_of_fewer_than_70_letters(read_only: Collection) -> None:
    """A digit is about 1.13 times as broad as the mean letter in the fonts of the style sheet."""
    model = read_only.models.by_name("Interview question")
    assert model is not None
    size = re.search(r"\.card \{[^}]*font: (\d+)px", model["css"])
    width = re.search(r"#sheet \{ max-width: (\d+)ch", model["css"])
    assert size is not None
    assert width is not None
    assert int(size[1]) in (17, 18)
    assert int(width[1]) * 1.2 < 70
