"""How well the order predicts what an author asks whose lists it has not seen. Pure: same input, same figures.

One author at a time is left out, lists and all; the bank is ranked on the rest; then the order is held against
what the left-out author asks. Reported are, as means over the authors,

- AUC: the chance that a question they ask stands before one they don't, 0.5 for an order that knows nothing.
  It is the Mann-Whitney U statistic over the number of pairs, https://doi.org/10.1148/radiology.143.1.7063747
- precision at 50: the share of the order's first fifty that they ask.

The same order with nothing left out, judged on authors that it has seen, shows what one order for all of them could
reach at most, about: authors ask different things.

The interval is the 95 % percentile bootstrap over authors, https://doi.org/10.1214/aos/1176344552
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from generator.config import Config
from generator.model import KINDS, Bank, Ranking, Survey
from generator.rank import rank

TOP = 50
RESAMPLES = 2000
SHUFFLES = 20
SEED = 20261121
LEAST_AUTHORS = 3
"""A subset that fewer authors ask anything of is not reported."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well an order predicts one left-out author."""

    auc: float
    precision: float
    """Share of the first `TOP` questions (or of all, if fewer) that the author asks."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: one order on one part of the bank."""

    subset: str
    order: str
    authors: int
    """Left-out authors who ask some, but not all, of the part's questions."""
    questions: int
    """Mean number of questions in the part."""
    auc: float
    low: float
    high: float
    precision: float


Keep = Callable[[Ranking], Collection[str]]
"""The ids that a part of the bank holds, given the order without the left-out author."""


def validate(bank: Bank, survey: Survey, config: Config, sources: Sequence[str] = ()) -> tuple[Row, ...]:
    """The table of how well the order, and simpler orders beside it, predict left-out authors.

    Args:
        sources: ids in the order of the documents that the bank grew from; the rest of the bank follows.

    Returns no rows where fewer than `LEAST_AUTHORS` authors have curated or reported lists.
    """
    authors = sorted({item.author for item in survey.lists.values() if item.counts})
    reported = {item.author for item in survey.lists.values() if item.grade == "reported"}
    without = {author: rank(bank, leave_out(survey, author), config) for author in authors}
    seen = rank(bank, survey, config)
    asks = {author: _asked_by(survey, author) for author in authors}
    rows: list[Row] = []
    for subset, keep, chosen in _subsets(bank, authors, reported):
        for order, ids in _orders(bank, without, seen, sources):
            scores, sizes = [], []
            for author in chosen:
                inside = set(keep(without[author]))
                orders = [[identity for identity in one if identity in inside] for one in ids(author)]
                found = [score for one in orders if (score := score_order(one, asks[author])) is not None]
                if found:
                    scores.append(Score(fmean(item.auc for item in found), fmean(item.precision for item in found)))
                    sizes.append(len(inside))
            if len(scores) >= min(LEAST_AUTHORS, len(chosen)) and scores:
                low, high = interval([score.auc for score in scores])
                auc, precision = fmean(score.auc for score in scores), fmean(score.precision for score in scores)
                rows.append(Row(subset, order, len(scores), round(fmean(sizes)), auc, low, high, precision))
    return tuple(rows)


def leave_out(survey: Survey, author: str) -> Survey:
    """The survey as if an author's lists, of whatever grade, had never been found."""
    lists = {slug: item for slug, item in survey.lists.items() if item.author != author}
    asked = {identity: tuple(place for place in places if place.list in lists) for identity, places in survey.asked.items()}
    return replace(survey, lists=lists, asked=asked)


def score_order(order: Sequence[str], asked: Collection[str]) -> Score | None:
    """How well an order of ids predicts the ids asked; None where all of them or none are asked."""
    hits = [identity in asked for identity in order]
    positives = sum(hits)
    negatives = len(hits) - positives
    if not positives or not negatives:
        return None
    before = wins = 0
    for hit in reversed(hits):  # a hit wins against every miss that stands after it
        if hit:
            wins += before
        else:
            before += 1
    first = hits[:TOP]
    return Score(wins / (positives * negatives), sum(first) / len(first))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean; both ends the value itself where there is only one."""
    draw = random.Random(SEED)  # noqa: S311 - statistics, not secrets
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def _asked_by(survey: Survey, author: str) -> frozenset[str]:
    """What the author's curated and reported lists ask."""
    own = {slug for slug, item in survey.lists.items() if item.author == author and item.counts}
    return frozenset(identity for identity, places in survey.asked.items() if any(place.list in own for place in places))


def _subsets(bank: Bank, authors: list[str], reported: set[str]) -> Iterator[tuple[str, Keep, list[str]]]:
    everything = [question.id for question in bank.questions]
    yield "whole bank", lambda ranking: everything, authors
    yield "at least one other author", _asked_by_others, authors
    for kind in KINDS:
        ids = [question.id for question in bank.questions if question.kind == kind]
        if len(ids) > 1:
            yield f"kind: {kind}", lambda ranking, ids=ids: ids, authors  # type: ignore[misc]
    yield "authors of reported lists", lambda ranking: everything, sorted(reported)


def _asked_by_others(ranking: Ranking) -> list[str]:
    return [item.question.id for item in ranking.questions if item.evidence.asking]


def _orders(
    bank: Bank, without: dict[str, Ranking], seen: Ranking, sources: Sequence[str]
) -> Iterator[tuple[str, Callable[[str], list[list[str]]]]]:
    """Each order's name and, given the left-out author, the ids in that order (several for a random one)."""
    ranked = {author: [[item.question.id for item in ranking.questions]] for author, ranking in without.items()}
    yield "ours", lambda author: ranked[author]
    everything = [item.question.id for item in seen.questions]
    yield "nothing left out", lambda author: [everything]
    ids = [question.id for question in bank.questions]
    if sources:
        first = [identity for identity in sources if identity in set(ids)]
        rest = sorted(set(ids) - set(first))
        yield "source documents", lambda author: [first + rest]
    alphabetical = [question.id for question in sorted(bank.questions, key=lambda question: question.text.casefold())]
    yield "alphabetical", lambda author: [alphabetical]
    draw = random.Random(SEED)  # noqa: S311 - statistics, not secrets
    shuffled = [draw.sample(sorted(ids), len(ids)) for _ in range(SHUFFLES)]
    yield "random", lambda author: shuffled
