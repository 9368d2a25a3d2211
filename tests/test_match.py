"""How well a list's question finds the bank's: measured on pairs judged by hand, in our own words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.content import load
from generator.survey.match import Matcher, Proposal
from tests.conftest import CONTENT

PAIRS = Path(__file__).parent / "golden" / "survey" / "pairs.jsonl"


@dataclass(frozen=True)
class Pair:
    """What a list asks, and which question of the bank answers it."""

    asked: str
    right: str | None
    """The question whose good answer satisfies it best; None: the bank has none."""
    also: tuple[str, ...]
    """Others that a reasonable person accepts."""
    wrong: str | None
    """One that looks near and is wrong."""


@pytest.fixture(scope="module")
def judged() -> list[Pair]:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return [Pair(row["asked"], row["right"], tuple(row["also"]), row["wrong"]) for row in rows]


@pytest.fixture(scope="module")
def proposals(judged: list[Pair]) -> tuple[Proposal, ...]:
    content = load([CONTENT])
    return Matcher(content.bank, content.survey.phrases).propose([pair.asked for pair in judged])


def test_there_are_enough_pairs_and_all_name_questions_of_the_bank(judged: list[Pair]) -> None:
    known = set(load([CONTENT]).bank.by_id())
    named = [name for pair in judged for name in (pair.right, *pair.also, pair.wrong) if name]
    assert len(judged) > 400
    assert len(named) >= 300
    assert set(named) <= known
    assert len({pair.asked for pair in judged}) == len(judged)
    assert not [pair for pair in judged if pair.wrong in (pair.right, *pair.also)]


def test_what_is_written_without_asking_is_nearly_always_right(judged: list[Pair], proposals: tuple[Proposal, ...]) -> None:
    """docs/survey.md states these figures."""
    sure = [(pair, proposal.sure) for pair, proposal in zip(judged, proposals, strict=True) if proposal.sure]
    right = sum(found == pair.right or found in pair.also for pair, found in sure)
    answerable = sum(pair.right is not None for pair in judged)
    assert right / len(sure) >= 0.91
    assert right / answerable >= 0.18


def test_what_is_shown_to_a_person_mostly_holds_the_right_one(judged: list[Pair], proposals: tuple[Proposal, ...]) -> None:
    answerable = [(pair, proposal) for pair, proposal in zip(judged, proposals, strict=True) if pair.right]
    first = sum(proposal.candidates[0].id in (pair.right, *pair.also) for pair, proposal in answerable if proposal.candidates)
    shown = sum(any(one.id in (pair.right, *pair.also) for one in proposal.candidates) for pair, proposal in answerable)
    assert first / len(answerable) >= 0.68
    assert shown / len(answerable) >= 0.82


def test_probabilities_are_probabilities_and_the_likeliest_comes_first(proposals: tuple[Proposal, ...]) -> None:
    for proposal in proposals:
        chances = [one.probability for one in proposal.candidates]
        assert chances == sorted(chances, reverse=True)
        assert all(0 <= chance <= 1 for chance in chances)
        assert sum(chances) <= 1 + 1e-9
        assert len({one.id for one in proposal.candidates}) == len(chances) <= 5
