"""Bank + survey -> likelihood, band and order. Pure: the same input gives the same order.

The likelihood of a question is the smoothed share of independent authors who ask it,

    likelihood = (s * m + k) / (s + n)

with m the prior share, s the prior's strength in authors, n the authors whose curated or reported lists
cover that kind of question (each counts 1, one who asks counts its witnesses; the other authors count
`outside_weight`), and k the weight of those among them who ask it. This is the posterior mean of a Beta(s*m, s*(1-m)) prior.
https://en.wikipedia.org/wiki/Beta_distribution#Bayesian_inference
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.config import BANDS, Config, Weights
from generator.model import Bank, Evidence, Question, Ranked, Ranking, Survey, SurveyPlace

NO_BANDS: Mapping[str, str] = MappingProxyType({})
_NO_EVIDENCE = Evidence(asking={}, covering=(), ties=(), places=())


@dataclass(frozen=True, slots=True)
class _Entry:
    question: Question
    likelihood: float
    band: str
    evidence: Evidence
    key: tuple[float, int, float, int, float, int]


def rank(bank: Bank, survey: Survey, config: Config, before: Mapping[str, str] = NO_BANDS) -> Ranking:
    """Put the questions of a bank in the order of their likelihood.

    Args:
        before: question id -> its band in the last build, which it leaves only when its likelihood is `band_margin`
            beyond the bound, so that one more list doesn't move half of the parts.

    Without a survey and without any `likelihood=` of the author, the order is the files' and there are no
    bands. Inside a band, a question comes after those it needs.
    """
    if not survey.asked and all(question.likelihood is None for question in bank.questions):
        unranked = (Ranked(question, number, None, None, _NO_EVIDENCE) for number, question in enumerate(bank.questions, 1))
        return Ranking(bank, tuple(unranked))
    entries = _entries(bank, survey, config, before)
    ordered: list[_Entry] = []
    for band in BANDS:
        inside = sorted((entry for entry in entries if entry.band == band), key=lambda entry: entry.key)
        ordered += _after_needs(inside)
    ranked = (
        Ranked(entry.question, number, entry.likelihood, entry.band, entry.evidence) for number, entry in enumerate(ordered, 1)
    )
    return Ranking(bank, tuple(ranked))


def likelihood(evidence: Evidence, weights: Weights) -> float:
    """The posterior mean share of authors who ask it, 0 to 1 (formula: module docstring)."""
    if evidence.override is not None:
        return evidence.override
    asking = sum(evidence.asking.values())
    trials = trials_of(evidence, weights)
    strength = weights.prior_strength
    # Rounded once, so that a share shown as 0.200 is not below a bound of 0.20.
    return round((strength * weights.prior_share + asking) / (strength + trials), 9)


def trials_of(evidence: Evidence, weights: Weights) -> float:
    """n of the formula: how many authors could have asked it."""
    silent = sum(author not in evidence.asking for author in evidence.covering)
    return sum(evidence.asking.values()) + silent + weights.outside_weight * evidence.outside


def gather_evidence(question: Question, survey: Survey, weights: Weights) -> Evidence:
    """Who asks a question and who could have: authors count once, however many lists they keep."""
    places = survey.asked.get(question.id, ())
    counted = {slug: item for slug, item in survey.lists.items() if item.counts}
    asking: dict[str, int] = {}
    for place in places:
        if place.list in counted:
            author = counted[place.list].author
            asking[author] = max(asking.get(author, 0), _witnesses(place, survey, weights))
    covering = {item.author for item in counted.values() if question.kind in item.rounds} | set(asking)
    authors = {item.author for item in counted.values()}
    ties = {survey.lists[place.list].author for place in places if place.list in survey.lists} - set(asking)
    return Evidence(
        asking=dict(sorted(asking.items())),
        covering=tuple(sorted(covering)),
        outside=len(authors - covering),
        ties=tuple(sorted(ties)),
        places=places,
        override=question.likelihood,
    )


def band_of(value: float, bounds: Sequence[float], last: str | None = None, margin: float = 0.0) -> str:
    """The band of a likelihood.

    Args:
        bounds: the lowest likelihoods of the first four bands.
        last: the band of the last build; it holds while the likelihood is within `margin` of it.
    """
    if last in BANDS:
        number = BANDS.index(last)
        highest = bounds[number - 1] if number else float("inf")
        lowest = bounds[number] if number < len(bounds) else 0.0
        if round(lowest - margin, 9) <= value < round(highest + margin, 9):
            return last
    return next((band for band, bound in zip(BANDS, bounds, strict=False) if value >= bound), BANDS[-1])


def _witnesses(place: SurveyPlace, survey: Survey, weights: Weights) -> int:
    source = survey.lists[place.list]
    if source.grade != "reported":
        return 1
    return max(1, min(source.witnesses.get(place.position, 1), weights.witness_cap))


def _entries(bank: Bank, survey: Survey, config: Config, before: Mapping[str, str]) -> list[_Entry]:
    sections = _first_seen(question.sections[:1] for question in bank.questions)
    entries = []
    for number, question in enumerate(bank.questions):
        evidence = gather_evidence(question, survey, config.weights)
        value = likelihood(evidence, config.weights)
        # Ties: more lists that do not count first, then one section together, the place in the lists, file order.
        key = (
            -_step(value, config.weights.tie_width),
            -len(evidence.ties),
            -value,
            sections[question.sections[:1]],
            _mean_place(evidence, survey),
            number,
        )
        last = before.get(question.id) if evidence.override is None else None
        band = band_of(value, config.bands, last, config.weights.band_margin)
        entries.append(_Entry(question, value, band, evidence, key))
    return entries


def _step(value: float, width: float) -> float:
    """The step that a likelihood belongs to; itself where steps have no width."""
    return round(value / width) if width else value


def _first_seen(keys: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, ...], int]:
    order: dict[tuple[str, ...], int] = {}
    for key in keys:
        order.setdefault(key, len(order))
    return order


def _mean_place(evidence: Evidence, survey: Survey) -> float:
    """Mean relative position (0 first, 1 last) in the lists that ask it; 1 where none does."""
    shares = [
        place.position / survey.lists[place.list].questions
        for place in evidence.places
        if place.list in survey.lists and survey.lists[place.list].questions
    ]
    return round(sum(shares) / len(shares), 9) if shares else 1.0


def _after_needs(entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries in the given order, but each after those of them that it needs (cycles: given order)."""
    by_id = {entry.question.id: entry for entry in entries}
    done: set[str] = set()
    ordered: list[_Entry] = []
    for entry in entries:
        # Depth first without recursion: chains of needs may be long.
        stack: list[tuple[_Entry, bool]] = [(entry, False)]
        waiting: set[str] = set()
        while stack:
            current, ready = stack.pop()
            identity = current.question.id
            if identity in done:
                continue
            if ready:
                done.add(identity)
                ordered.append(current)
                continue
            waiting.add(identity)
            stack.append((current, True))
            needed = [by_id[need] for need in current.question.needs if need in by_id and need not in waiting]
            stack += [(need, False) for need in sorted(needed, key=lambda item: item.key, reverse=True)]
    return ordered
