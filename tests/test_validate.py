"""Leaving one author out at a time: figures worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config import Config
from generator.model import Bank, Place, Question, Survey, SurveyList, SurveyPlace
from generator.survey.validate import interval, leave_out, score_order, validate


def bank_of(*ids: str) -> Bank:
    questions = tuple(Question(identity, f"What is {identity}?", Place("q.md", 1), ("S",)) for identity in ids)
    return Bank("b", "B", Path(), questions)


def survey_of(asked: dict[str, str]) -> Survey:
    """`asked`: question id -> letters of the authors who ask it."""
    authors = sorted({author for letters in asked.values() for author in letters})
    lists = {
        author: SurveyList(author, author, "https://example.org", author, "genai", "curated", rounds=frozenset(["concept"]))
        for author in authors
    }
    places = {
        identity: tuple(SurveyPlace(author, number) for author in letters)
        for number, (identity, letters) in enumerate(asked.items(), 1)
    }
    return Survey(lists, places)


def test_auc_counts_the_pairs_in_the_right_order() -> None:
    """a and c asked of a b c d: pairs ab, ad, cd are right, cb is wrong."""
    score = score_order(["a", "b", "c", "d"], {"a", "c"})

    assert score is not None
    assert score.auc == 3 / 4
    assert score.precision == 2 / 4


def test_nothing_to_tell_apart_gives_no_score() -> None:
    """An author who asks all or none of the questions says nothing about the order."""
    assert score_order(["a", "b"], {"a", "b"}) is None
    assert score_order(["a", "b"], {"z"}) is None


def test_precision_looks_at_the_first_fifty() -> None:
    """Asked questions beyond the fiftieth don't count."""
    order = [f"q{number}" for number in range(100)]
    score = score_order(order, {"q0", "q49", "q50", "q99"})

    assert score is not None
    assert score.precision == 2 / 50


def test_a_left_out_author_leaves_no_trace() -> None:
    """Neither lists nor places of the author stay."""
    rest = leave_out(survey_of({"a": "xy", "b": "y"}), "y")

    assert set(rest.lists) == {"x"}
    assert {identity: [place.list for place in places] for identity, places in rest.asked.items()} == {"a": ["x"], "b": []}


def test_authors_who_agree_are_predicted_and_alphabet_is_not() -> None:
    """Three authors ask the same two of four questions, which stand last in the alphabet."""
    bank = bank_of("a", "b", "y", "z")
    rows = validate(bank, survey_of({"y": "klm", "z": "klm"}), Config(), sources=["b", "z"])
    whole = {row.order: row for row in rows if row.subset == "whole bank"}

    assert whole["ours"].auc == 1.0
    assert (whole["ours"].low, whole["ours"].high) == (1.0, 1.0)
    assert whole["alphabetical"].auc == 0.0
    assert whole["source documents"].auc == 1 / 4  # b z a y: of four pairs only z before a is right
    assert whole["ours"].authors == 3
    assert 0.2 < whole["random"].auc < 0.8


def test_an_authors_own_list_is_no_evidence_for_them() -> None:
    """Each author asks one question that nobody else asks: without them the order knows nothing of it."""
    bank = bank_of("a", "b", "c", "d")
    rows = validate(bank, survey_of({"b": "k", "c": "l", "d": "m"}), Config())
    ours = next(row for row in rows if (row.subset, row.order) == ("whole bank", "ours"))

    assert ours.auc < 0.5


def test_the_order_with_nothing_left_out_shows_what_is_possible() -> None:
    """Each author asks one question of their own; an order that has seen them has b, c, d before a: 3, 2 and 1 of 3 pairs."""
    bank = bank_of("a", "b", "c", "d")
    rows = validate(bank, survey_of({"b": "k", "c": "l", "d": "m"}), Config())
    seen = next(row for row in rows if (row.subset, row.order) == ("whole bank", "nothing left out"))

    assert seen.auc == pytest.approx((3 + 2 + 1) / 3 / 3)


@pytest.mark.parametrize("values", [[0.7], [0.2, 0.4, 0.9, 0.95]])
def test_the_interval_holds_the_mean(values: list[float]) -> None:
    """A bootstrap interval lies around the mean and within the values."""
    low, high = interval(values)

    assert min(values) <= low <= sum(values) / len(values) + 1e-9
    assert sum(values) / len(values) <= high + 1e-9 <= max(values) + 2e-9


def test_too_few_authors_give_no_figures() -> None:
    """A survey without authors yields an empty table instead of a division by zero."""
    assert validate(bank_of("a", "b"), Survey({}, {}), Config()) == ()
