"""The order of a bank: likelihoods worked out by hand, bands, ties, needs, and what `decks rank` says about them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import BANDS, Config, Weights
from generator.model import Bank, Part, Place, Question, Ranked, Survey, SurveyList, SurveyPlace
from generator.rank import band_of, gather_evidence, rank
from tests.conftest import DECK, Decks, Write

property_test = settings(deadline=None, derandomize=True, database=None)


def question(
    identity: str,
    section: str = "Section",
    kind: str = "concept",
    needs: Sequence[str] = (),
    likelihood: float | None = None,
) -> Question:
    place = Place("a.md", 1)
    return Question(
        identity,
        f"What is {identity}?",
        place,
        (section,),
        kind=kind,
        needs=tuple(needs),
        likelihood=likelihood,
        short=Part("", "So.", place),
    )


def a_list(
    slug: str,
    author: str,
    grade: str = "curated",
    rounds: Sequence[str] = ("concept",),
    witnesses: Mapping[int, int] | None = None,
    questions: int = 100,
) -> SurveyList:
    address = f"https://example.org/{slug}"
    return SurveyList(slug, slug, address, author, "k", grade, "2026", questions, frozenset(rounds), witnesses or {})


FIVE = tuple(a_list(f"list-{author}", author) for author in ("ann", "ben", "cid", "dee", "eve"))
"""Five authors with one curated list each."""


def survey_of(lists: Sequence[SurveyList], asked: Mapping[str, Sequence[str]]) -> Survey:
    """`asked` maps a question to its places, written `list:position`."""
    return Survey(
        {item.slug: item for item in lists},
        {
            identity: tuple(
                SurveyPlace(slug, int(position)) for slug, _, position in (place.partition(":") for place in places)
            )
            for identity, places in asked.items()
        },
    )


def ranked(
    questions: Sequence[Question],
    lists: Sequence[SurveyList] = (),
    asked: Mapping[str, Sequence[str]] | None = None,
    config: Config | None = None,
) -> tuple[Ranked, ...]:
    bank = Bank("demo", "Demo", Path(), tuple(questions))
    return rank(bank, survey_of(lists, asked or {}), config or Config()).questions


def order(
    questions: Sequence[Question], lists: Sequence[SurveyList] = (), asked: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    return [one.question.id for one in ranked(questions, lists, asked)]


def likelihood_of(
    lists: Sequence[SurveyList],
    places: Sequence[str],
    weights: Weights | None = None,
    one: Question | None = None,
) -> float | None:
    """The likelihood of one question, `q`; another one keeps the survey from being empty."""
    config = Config(weights=weights or Weights())
    result = ranked([one or question("q"), question("other")], lists, {"q": places, "other": ()}, config)
    return next(entry.likelihood for entry in result if entry.question.id == "q")


# --- the likelihood, by hand: (4 * 0.05 + asking) / (4 + authors), 4 * 0.05 = 0.2 ---------------------------


def test_three_of_five_authors() -> None:
    assert likelihood_of(FIVE, ["list-ann:1", "list-cid:7", "list-eve:100"]) == pytest.approx((0.2 + 3) / (4 + 5))
    assert likelihood_of(FIVE, ["list-ann:1", "list-cid:7", "list-eve:100"]) == pytest.approx(0.355556, abs=1e-6)


def test_no_author_of_five() -> None:
    assert likelihood_of(FIVE, []) == pytest.approx(0.2 / 9)


def test_all_five_authors() -> None:
    assert likelihood_of(FIVE, [f"{item.slug}:1" for item in FIVE]) == pytest.approx(5.2 / 9)


def test_an_author_with_two_lists_counts_once() -> None:
    lists = [a_list("first", "ann"), a_list("second", "ann"), a_list("other", "ben")]
    # ann asks, ben does not: (0.2 + 1) / (4 + 2) = 0.2
    assert likelihood_of(lists, ["first:1", "second:2"]) == pytest.approx(0.2)


def test_an_author_who_asks_twice_in_one_list_counts_once() -> None:
    assert likelihood_of([a_list("first", "ann"), a_list("other", "ben")], ["first:1", "first:2"]) == pytest.approx(0.2)


def test_witnesses_of_a_reported_list_count_each() -> None:
    lists = [a_list("seen", "rex", "reported", witnesses={5: 2}), a_list("other", "ben")]
    # rex counts 2, ben 1: (0.2 + 2) / (4 + 2 + 1) = 2.2 / 7
    assert likelihood_of(lists, ["seen:5"]) == pytest.approx(2.2 / 7)


def test_witnesses_are_capped_at_three() -> None:
    lists = [a_list("seen", "rex", "reported", witnesses={5: 40}), a_list("other", "ben")]
    # (0.2 + 3) / (4 + 3 + 1) = 0.4
    assert likelihood_of(lists, ["seen:5"]) == pytest.approx(0.4)


def test_the_cap_can_be_set() -> None:
    lists = [a_list("seen", "rex", "reported", witnesses={5: 40}), a_list("other", "ben")]
    # (0.2 + 5) / (4 + 5 + 1) = 0.52
    assert likelihood_of(lists, ["seen:5"], Weights(witness_cap=5)) == pytest.approx(0.52)


def test_the_place_with_most_witnesses_counts_for_its_author() -> None:
    lists = [
        a_list("seen", "rex", "reported", witnesses={1: 2, 2: 3}),
        a_list("own", "rex"),
        a_list("other", "ben"),
    ]
    assert likelihood_of(lists, ["own:1", "seen:1", "seen:2"]) == pytest.approx(3.2 / 8)


def test_a_place_without_witnesses_counts_one() -> None:
    lists = [a_list("seen", "rex", "reported", witnesses={5: 3}), a_list("other", "ben")]
    assert likelihood_of(lists, ["seen:6"]) == pytest.approx(0.2)


def test_witnesses_count_only_in_reported_lists() -> None:
    lists = [a_list("chosen", "rex", "curated", witnesses={5: 3}), a_list("other", "ben")]
    assert likelihood_of(lists, ["chosen:5"]) == pytest.approx(0.2)


def test_generated_lists_count_neither_for_nor_against() -> None:
    made = a_list("made", "bot", "generated")
    people = [a_list("first", "ann"), a_list("other", "ben")]
    assert likelihood_of([*people, made], ["first:1"]) == pytest.approx(0.2)
    assert likelihood_of([*people, made], ["first:1", "made:1"]) == pytest.approx(0.2)


def test_lists_for_ties_only_count_neither_for_nor_against() -> None:
    aside = replace(a_list("aside", "bob"), ties_only=True)
    lists = [a_list("first", "ann"), aside]
    assert likelihood_of(lists, ["first:1", "aside:1"]) == likelihood_of([a_list("first", "ann")], ["first:1"])
    both = {"b": ["first:1"], "a": ["first:2", "aside:1"]}
    assert [item.question.id for item in ranked([question("b"), question("a")], lists, both)] == ["a", "b"]


def test_authors_outside_the_kind_count_as_much_as_is_set() -> None:
    """(4 * 0.05 + 1) / (4 + 1 + 0.5 * 2)"""
    lists = [a_list("first", "ann"), a_list("x", "bob", rounds=["coding"]), a_list("y", "cid", rounds=["coding"])]
    assert likelihood_of(lists, ["first:1"], Weights(outside_weight=0.5)) == pytest.approx(1.2 / 6)
    assert likelihood_of(lists, ["first:1"]) == pytest.approx(1.2 / 5)


def test_likelihoods_within_one_step_are_ties() -> None:
    """b is asked by two of five, a by one; in steps of 0.2 both are in the same, and a generated list asks a."""
    lists = [*FIVE, a_list("machine", "bot", "generated")]
    asked = {"b": ["list-ann:1", "list-ben:1"], "a": ["list-ann:2", "machine:1"]}
    bank = Bank("b", "B", Path(), (question("b"), question("a")))
    survey = survey_of(lists, asked)
    wide = Config(weights=Weights(tie_width=0.2), bands=(0.9, 0.8, 0.7, 0.01))
    narrow = replace(wide, weights=Weights())
    orders = [[item.question.id for item in rank(bank, survey, config).questions] for config in (narrow, wide)]
    assert orders == [["b", "a"], ["a", "b"]]


def test_an_author_whose_lists_do_not_cover_the_kind_is_not_among_those_who_could_have_asked() -> None:
    lists = [a_list("first", "ann"), a_list("designs", "ben", rounds=["design"])]
    # only ann could have: (0.2 + 1) / (4 + 1) = 0.24
    assert likelihood_of(lists, ["first:1"]) == pytest.approx(0.24)


def test_an_author_who_asks_nevertheless_counts() -> None:
    lists = [a_list("first", "ann"), a_list("designs", "ben", rounds=["design"])]
    # ben asks, ann could have: (0.2 + 1) / (4 + 2) = 0.2
    assert likelihood_of(lists, ["designs:1"]) == pytest.approx(0.2)


def test_the_kind_of_the_question_decides_who_covers_it() -> None:
    lists = [a_list("first", "ann"), a_list("designs", "ben", rounds=["design"])]
    assert likelihood_of(lists, ["designs:1"], one=question("q", kind="design")) == pytest.approx(0.24)


def test_prior_share_and_strength_can_be_set() -> None:
    # (2 * 0.5 + 1) / (2 + 2) = 0.5
    lists = [a_list("first", "ann"), a_list("other", "ben")]
    assert likelihood_of(lists, ["first:1"], Weights(prior_share=0.5, prior_strength=2)) == pytest.approx(0.5)


def test_the_authors_own_likelihood_overrides_the_survey() -> None:
    assert likelihood_of(FIVE, ["list-ann:1"], one=question("q", likelihood=0.9)) == 0.9


def test_the_authors_own_likelihood_needs_no_survey() -> None:
    low, high = question("low"), question("high", likelihood=0.5)
    # nothing is known of the other: 0.2 / 4 = 0.05
    assert [(one.question.id, one.likelihood) for one in ranked([low, high])] == [("high", 0.5), ("low", pytest.approx(0.05))]


def test_a_likelihood_of_nought_is_an_override_too() -> None:
    assert likelihood_of(FIVE, ["list-ann:1"], one=question("q", likelihood=0.0)) == 0.0


def test_the_evidence_names_who_asks_who_could_have_and_who_only_breaks_ties() -> None:
    lists = [
        a_list("seen", "rex", "reported", witnesses={5: 9}),
        a_list("first", "ann"),
        a_list("other", "ben"),
        a_list("made", "bot", "generated"),
        a_list("also-made", "ann", "generated"),
    ]
    survey = survey_of(lists, {"q": ["seen:5", "first:1", "made:1", "also-made:1"]})
    evidence = gather_evidence(question("q"), survey, Weights())
    assert evidence.asking == {"ann": 1, "rex": 3}
    assert evidence.covering == ("ann", "ben", "rex")
    assert evidence.ties == ("bot",)
    assert [str(place) for place in evidence.places] == ["seen:5", "first:1", "made:1", "also-made:1"]


@property_test
@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 9))
def test_one_more_author_who_asks_makes_a_question_likelier(asking: int, silent: int, witnesses: int) -> None:
    lists = [
        a_list(f"l{number}", f"author-{number}", "reported", witnesses={1: witnesses}) for number in range(asking + silent + 1)
    ]
    fewer = likelihood_of(lists, [f"l{number}:1" for number in range(asking)])
    more = likelihood_of(lists, [f"l{number}:1" for number in range(asking + 1)])
    assert fewer is not None
    assert more is not None
    assert 0 < fewer < more < 1


# --- bands -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (1.0, "1-core"),
        (0.4, "1-core"),
        (0.399, "2-very-common"),
        (0.3, "2-very-common"),
        (0.2, "3-common"),
        (0.1, "4-occasional"),
        (0.099, "5-rare"),
        (0.0, "5-rare"),
    ],
)
def test_a_bound_belongs_to_its_band(value: float, band: str) -> None:
    assert band_of(value, (0.4, 0.3, 0.2, 0.1)) == band


@pytest.mark.parametrize(
    ("value", "last", "band"),
    [
        (0.38, "1-core", "1-core"),
        (0.36, "1-core", "2-very-common"),
        (0.42, "2-very-common", "2-very-common"),
        (0.43, "2-very-common", "1-core"),
        (0.28, "2-very-common", "2-very-common"),
        (0.05, "2-very-common", "5-rare"),
        (0.08, "4-occasional", "4-occasional"),
        (0.12, "5-rare", "5-rare"),
        (0.99, "1-core", "1-core"),
        (0.0, "5-rare", "5-rare"),
        (0.42, "a band of another version", "1-core"),
        (0.42, None, "1-core"),
    ],
)
def test_a_question_leaves_its_band_only_when_it_is_well_beyond_the_bound(value: float, last: str | None, band: str) -> None:
    assert band_of(value, (0.4, 0.3, 0.2, 0.1), last, 0.03) == band


def test_one_more_author_does_not_move_a_question_that_stood_on_a_bound(write: Write, decks: Decks) -> None:
    """(0.2 + 2) / (4 + 2) = 0.367; with a third author who doesn't ask 0.314, with a fourth 0.275."""
    lists = "".join(
        f'[[list]]\nslug = "{name}"\ntitle = "T"\naddress = "https://example.org"\nauthor = "{name}"\n'
        'kind = "k"\ngrade = "curated"\ndate = "2026-11"\nrounds = ["concept"]\n\n'
        for name in ("ann", "ben", "cid", "dee")
    )
    settings = DECK + "[bands]\n1-core = 0.32\n2-very-common = 0.22\n3-common = 0.12\n4-occasional = 0.02\n"
    parts = lists.split("\n\n")
    files: dict[str, str | bytes] = {
        "content/deck.toml": settings,
        "content/a.md": "### What is a? {#a}\n\nIt is.\n",
        "content/survey/asked.toml": 'a = ["ann:1", "ben:1"]\n',
    }
    bands = []
    for count in (2, 3, 4):
        write({**files, "content/survey/lists.toml": "\n\n".join(parts[:count]) + "\n"})
        assert decks("build", "--only", "anki").code == 0
        (row,) = json.loads(decks("list", "--format", "json").out)
        bands.append((row["likelihood"], row["band"]))
    assert bands == [(0.3667, "1-core"), (0.3143, "1-core"), (0.275, "2-very-common")]


def test_an_authors_own_likelihood_moves_at_once() -> None:
    bank = Bank("b", "B", Path(), (question("q", likelihood=0.39),))
    assert rank(bank, survey_of(FIVE, {}), Config(), {"q": "1-core"}).questions[0].band == "2-very-common"


def test_a_computed_likelihood_on_a_bound_belongs_to_its_band() -> None:
    # (0.2 + 1) / (4 + 2) is 0.2, though not in floating point
    lists = [a_list("first", "ann"), a_list("other", "ben")]
    assert ranked([question("q")], lists, {"q": ["first:1"]})[0].band == "3-common"


def test_the_bounds_can_be_set() -> None:
    config = Config(bands=(0.9, 0.8, 0.7, 0.6))
    questions = [question("q1", likelihood=0.95), question("q2", likelihood=0.75), question("q3", likelihood=0.5)]
    assert [one.band for one in ranked(questions, config=config)] == ["1-core", "3-common", "5-rare"]


def test_the_likeliest_comes_first_and_ranks_count_from_one() -> None:
    questions = [question("rare", likelihood=0.05), question("core", likelihood=0.8), question("common", likelihood=0.25)]
    assert [(one.rank, one.question.id, one.band) for one in ranked(questions)] == [
        (1, "core", "1-core"),
        (2, "common", "3-common"),
        (3, "rare", "5-rare"),
    ]


def test_without_survey_the_order_is_the_files_and_there_are_no_bands() -> None:
    questions = [question("b", "Second", needs=["c"]), question("a", "First"), question("c", "Second")]
    assert [(one.rank, one.question.id, one.likelihood, one.band) for one in ranked(questions)] == [
        (1, "b", None, None),
        (2, "a", None, None),
        (3, "c", None, None),
    ]


def test_lists_that_ask_nothing_of_ours_are_no_survey() -> None:
    assert ranked([question("a")], FIVE)[0].band is None


# --- ties ------------------------------------------------------------------------------------------------


def tied(
    *questions: Question, places: Mapping[str, Sequence[str]] | None = None, lists: Sequence[SurveyList] = FIVE
) -> list[str]:
    """The order of questions that nobody, or one author each, asks."""
    return order(questions, lists, {"nobody": (), **(places or {})})


def test_of_equals_those_in_more_generated_lists_come_first() -> None:
    lists = [
        *FIVE,
        a_list("bot-1", "bot", "generated"),
        a_list("bot-2", "bat", "generated"),
        a_list("bot-3", "bat", "generated"),
    ]
    places = {"one": ["bot-1:1"], "two": ["bot-1:2", "bot-2:1"], "twice-one-author": ["bot-2:2", "bot-3:1"]}
    questions = (question("none"), question("one"), question("twice-one-author"), question("two"))
    assert tied(*questions, places=places, lists=lists) == ["two", "one", "twice-one-author", "none"]


def test_generated_lists_never_beat_an_author() -> None:
    lists = [*FIVE, *(a_list(f"bot-{number}", f"bot-{number}", "generated") for number in range(9))]
    places = {"made": [f"bot-{number}:1" for number in range(9)], "asked": ["list-ann:1"]}
    assert tied(question("made"), question("asked"), places=places, lists=lists) == ["asked", "made"]


def test_equals_of_one_section_stay_together() -> None:
    questions = (question("x1", "X"), question("y1", "Y"), question("x2", "X"), question("y2", "Y"))
    assert tied(*questions) == ["x1", "x2", "y1", "y2"]


def test_of_equals_in_one_section_the_one_earlier_in_the_lists_comes_first() -> None:
    places = {"late": ["list-ann:90"], "early": ["list-ben:10"]}
    assert tied(question("late"), question("early"), places=places) == ["early", "late"]


def test_the_section_counts_more_than_the_place_in_the_lists() -> None:
    places = {"x1": ["list-ann:80"], "y1": ["list-ben:10"], "x2": ["list-cid:90"]}
    assert tied(question("x1", "X"), question("y1", "Y"), question("x2", "X"), places=places) == ["x1", "x2", "y1"]


def test_a_place_is_seen_in_relation_to_the_length_of_its_list() -> None:
    lists = [a_list("short", "ann", questions=10), a_list("long", "ben", questions=200)]
    # place 5 of 10 is the middle, place 20 of 200 a tenth
    assert tied(question("half"), question("tenth"), places={"half": ["short:5"], "tenth": ["long:20"]}, lists=lists) == [
        "tenth",
        "half",
    ]


def test_of_two_places_the_mean_counts() -> None:
    # (10 + 90) / 2 = 50 stands behind 40
    places = {"spread": ["list-ann:10", "list-ben:90"], "even": ["list-ann:40", "list-ben:40"]}
    assert tied(question("spread"), question("even"), places=places) == ["even", "spread"]


def test_a_list_of_unknown_length_says_nothing_about_places() -> None:
    lists = [a_list("unknown", "ann", questions=0), a_list("known", "ben", questions=100)]
    places = {"first-of-unknown": ["unknown:1"], "late": ["known:99"]}
    assert tied(question("first-of-unknown"), question("late"), places=places, lists=lists) == ["late", "first-of-unknown"]


def test_last_of_all_the_file_decides() -> None:
    assert tied(question("b"), question("c"), question("a")) == ["b", "c", "a"]


# --- needs -----------------------------------------------------------------------------------------------


def test_in_a_band_a_question_comes_after_what_it_needs() -> None:
    questions = [
        question("top", likelihood=0.9, needs=["base"]),
        question("mid", likelihood=0.6),
        question("base", likelihood=0.5),
    ]
    assert order(questions) == ["base", "top", "mid"]


def test_of_equals_the_needed_comes_first() -> None:
    assert tied(question("a", needs=["b"]), question("b")) == ["b", "a"]


def test_needs_do_not_reach_into_another_band() -> None:
    questions = [question("core", likelihood=0.9, needs=["rare"]), question("rare", likelihood=0.01)]
    assert order(questions) == ["core", "rare"]


def test_needs_reach_through_several_questions() -> None:
    questions = [
        question("c", likelihood=0.9, needs=["b"]),
        question("b", likelihood=0.8, needs=["a"]),
        question("a", likelihood=0.7),
    ]
    assert order(questions) == ["a", "b", "c"]


@pytest.mark.parametrize("needs", [["low", "high"], ["high", "low"]])
def test_of_several_needed_the_likelier_comes_first(needs: list[str]) -> None:
    questions = [
        question("top", likelihood=0.9, needs=needs),
        question("low", likelihood=0.5),
        question("high", likelihood=0.6),
    ]
    assert order(questions) == ["high", "low", "top"]


def test_two_that_need_the_same_follow_it() -> None:
    questions = [
        question("d", likelihood=0.9, needs=["b", "c"]),
        question("b", likelihood=0.6, needs=["a"]),
        question("c", likelihood=0.7, needs=["a"]),
        question("a", likelihood=0.5),
    ]
    assert order(questions) == ["a", "c", "b", "d"]


@pytest.mark.parametrize(
    "needs",
    [{"a": ["b"], "b": ["a"]}, {"a": ["a"]}, {"a": ["b"], "b": ["c"], "c": ["a"]}, {"a": ["unknown"]}],
    ids=["two", "itself", "three", "unknown"],
)
def test_circles_and_unknown_needs_lose_no_question(needs: Mapping[str, Sequence[str]]) -> None:
    questions = [question(identity, likelihood=0.5, needs=needs.get(identity, ())) for identity in "abcd"]
    found = order(questions)
    assert sorted(found) == ["a", "b", "c", "d"]
    assert found[-1] == "d"


def test_a_chain_of_thousands_of_needs_is_followed() -> None:
    questions = [question(f"q{number}", likelihood=0.5, needs=[f"q{number + 1}"]) for number in range(3_000)]
    assert order(questions) == [f"q{number}" for number in reversed(range(3_000))]


IDS = [*"abcdefgh"]
NEEDS = st.dictionaries(st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=3), max_size=8)
VALUES = st.lists(st.sampled_from([0.05, 0.15, 0.25, 0.45, 0.46, 0.9]), min_size=8, max_size=8)


@property_test
@given(NEEDS, VALUES)
def test_every_order_is_complete_falls_by_bands_and_heeds_needs(needs: dict[str, list[str]], values: list[float]) -> None:
    # Only later ids are needed, so there is no circle.
    later = {identity: [need for need in wanted if need > identity] for identity, wanted in needs.items()}
    questions = [
        question(identity, likelihood=value, needs=later.get(identity, ())) for identity, value in zip(IDS, values, strict=True)
    ]
    found = ranked(questions)
    assert sorted(one.question.id for one in found) == IDS
    assert [one.rank for one in found] == list(range(1, 9))
    bands = [BANDS.index(one.band or "") for one in found]
    assert bands == sorted(bands)
    place = {one.question.id: one for one in found}
    for one in found:
        for need in one.question.needs:
            assert place[need].band != one.band or place[need].rank < one.rank


@property_test
@given(VALUES)
def test_without_needs_likelihoods_never_rise_down_the_order(values: list[float]) -> None:
    found = ranked([question(identity, likelihood=value) for identity, value in zip(IDS, values, strict=True)])
    assert all((left.likelihood or 0) >= (right.likelihood or 0) for left, right in pairwise(found))


def test_the_order_of_a_surveys_tables_does_not_matter() -> None:
    places = {"a": ["list-ann:5", "list-ben:7"], "b": ["list-cid:9", "list-ann:1"], "c": ["list-eve:3"]}
    questions = [question(identity) for identity in "abc"]
    turned = {identity: places[identity][::-1] for identity in reversed(places)}
    one, other = ranked(questions, FIVE, places), ranked(questions, FIVE[::-1], turned)
    assert [(entry.question.id, entry.likelihood) for entry in one] == [
        (entry.question.id, entry.likelihood) for entry in other
    ]


def test_ranking_leaves_the_bank_as_it_is() -> None:
    bank = Bank("demo", "Demo", Path(), (question("a"), question("b", likelihood=0.9)))
    before = replace(bank)
    assert rank(bank, survey_of(FIVE, {}), Config()).bank == before


# --- the command -----------------------------------------------------------------------------------------

QUESTIONS = """\
# Hashing

### What is a hash? {#hash}

A number made from data.

### What is a collision? {#collision needs=hash}

Two keys with one hash.

### Tell of a hard day {#hard-day kind=behavioural likelihood=12.5}

It rained.
"""
LISTS = """\
[[list]]
slug = "seen"
title = "Seen in the wild"
address = "https://example.org/seen"
author = "rex"
kind = "k"
grade = "reported"
date = "2026-01"
questions = 50
rounds = ["concept"]
witnesses = {5 = 9}

[[list]]
slug = "chosen"
title = "Chosen by hand"
address = "https://example.org/chosen"
author = "ann"
kind = "k"
grade = "curated"
date = "2026-01"
questions = 20
rounds = ["concept", "design"]

[[list]]
slug = "made"
title = "Made by a machine"
address = "https://example.org/made"
author = "bot"
kind = "k"
grade = "generated"
date = "2026-01"
"""
FILES: dict[str, str | bytes] = {
    "content/deck.toml": DECK,
    "content/a.md": QUESTIONS,
    "content/survey/lists.toml": LISTS,
    "content/survey/asked.toml": 'hash = ["chosen:3"]\ncollision = ["seen:5", "made:1"]\n',
}


def rows(text: str) -> list[list[str]]:
    return [line.split(maxsplit=4) for line in text.splitlines()]


def test_rank_shows_order_likelihood_band_and_authors(write: Write, decks: Decks) -> None:
    write(FILES)
    run = decks("rank")
    # collision: rex counts 3, ann covers: (0.2 + 3) / (4 + 3 + 1) = 0.4; hash: (0.2 + 1) / (4 + 2) = 0.2
    assert (run.code, run.err) == (0, "")
    assert rows(run.out) == [
        ["rank", "likelihood", "band", "authors", "question"],
        ["1", "0.400", "1-core", "1/2", "What is a collision?"],
        ["2", "0.200", "3-common", "1/2", "What is a hash?"],
        ["3", "0.125", "4-occasional", "-", "Tell of a hard day"],
    ]


def test_rank_heeds_the_settings_of_the_bank(write: Write, decks: Decks) -> None:
    write({**FILES, "content/deck.toml": DECK + "[bands]\n1-core = 0.9\n\n[rank]\nwitness_cap = 1\n"})
    # both: (0.2 + 1) / (4 + 2) = 0.2, one section, collision needs hash
    assert rows(decks("rank").out)[1:3] == [
        ["1", "0.200", "3-common", "1/2", "What is a hash?"],
        ["2", "0.200", "3-common", "1/2", "What is a collision?"],
    ]


def test_rank_without_survey_shows_the_order_of_the_files(write: Write, decks: Decks) -> None:
    write({"content/deck.toml": DECK, "content/a.md": QUESTIONS.replace(" likelihood=12.5", "")})
    assert rows(decks("rank").out)[1] == ["1", "-", "-", "-", "What is a hash?"]


def test_explain_shows_the_sum_the_authors_and_every_place(write: Write, decks: Decks) -> None:
    write(FILES)
    run = decks("rank", "--explain", "collision")
    assert run.code == 0
    assert run.out.splitlines() == [
        "What is a collision?",
        "content/a.md:7",
        "rank 1 of 3, band 1-core",
        "likelihood = (s*m + k) / (s + n) = (4*0.05 + 3) / (4 + 4) = 0.400",
        "asked by 1 of 2 authors whose lists cover concept questions:",
        "  rex (counts 3: independent reports)",
        "for ties only, authors of lists that do not count: bot",
        "places:",
        "  seen:5  reported, rex: Seen in the wild, https://example.org/seen",
        "  made:1  generated, bot: Made by a machine, https://example.org/made",
    ]


def test_explain_says_that_the_author_set_the_likelihood(write: Write, decks: Decks) -> None:
    write(FILES)
    assert decks("rank", "--explain", "hard-day").out.splitlines()[2:] == [
        "rank 3 of 3, band 4-occasional",
        "likelihood 0.125, set by the author with likelihood=",
    ]


def test_explain_says_that_there_is_no_survey(write: Write, decks: Decks) -> None:
    write({"content/deck.toml": DECK, "content/a.md": QUESTIONS.replace(" likelihood=12.5", "")})
    assert decks("rank", "--explain", "hash").out.splitlines()[2:] == [
        "rank 1 of 3, band none",
        "no survey and no likelihood of the author: the order is the files'",
    ]


def test_explaining_an_unknown_question_is_wrong_usage(write: Write, decks: Decks) -> None:
    write(FILES)
    run = decks("rank", "--explain", "hush")
    assert (run.code, run.out) == (2, "")
    assert '"hush"' in run.err


def test_rank_stops_at_a_wrong_survey(write: Write, decks: Decks) -> None:
    write({**FILES, "content/survey/asked.toml": 'hash = ["chosen:99"]\n'})
    run = decks("rank")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("content/survey/asked.toml:1: error: ")


def test_list_gives_the_same_order_likelihood_and_band(write: Write, decks: Decks) -> None:
    write(FILES)
    found = json.loads(decks("list", "--format", "json").out)
    assert [(row["id"], row["likelihood"], row["band"]) for row in found] == [
        ("collision", 0.4, "1-core"),
        ("hash", 0.2, "3-common"),
        ("hard-day", 0.125, "4-occasional"),
    ]


def test_the_order_as_json_and_csv_is_that_of_the_table(write: Write, decks: Decks) -> None:
    text = '### What is a? {#a likelihood=10}\n\nIt.\n\n### What, "really", is b? {#b likelihood=90 kind=design}\n\nThat.\n'
    write({"content/deck.toml": DECK, "content/a.md": "# Letters\n\n" + text})
    rows = json.loads(decks("rank", "--format", "json").out)
    assert [(row["rank"], row["id"], row["likelihood"], row["band"]) for row in rows] == [
        (1, "b", 0.9, "1-core"),
        (2, "a", 0.1, "4-occasional"),
    ]
    assert rows[0]["kind"] == "design"
    assert rows[0]["section"] == "Letters"
    table = list(csv.DictReader(decks("rank", "--format", "csv").out.splitlines()))
    assert [row["question"] for row in table] == [row["question"] for row in rows]
    assert [float(row["likelihood"]) for row in table] == [0.9, 0.1]
    assert [line.split("  ")[-1] for line in decks("rank").out.splitlines()[1:]] == [row["question"] for row in rows]
