"""A list's questions -> places that are sure, and doubts for a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generator.content import Content
from generator.model import Survey, SurveyPlace
from generator.survey.match import Embed, Matcher, Proposal
from generator.survey.review import GAP, NONE, Doubt


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the program makes of a list."""

    sure: Mapping[str, tuple[SurveyPlace, ...]]
    """Question id -> the list's places that surely ask it."""
    doubts: tuple[Doubt, ...]
    known: int
    """How many places were judged before."""


@dataclass(slots=True)
class Decisions:
    """What a person decided."""

    asked: dict[str, list[SurveyPlace]] = field(default_factory=dict)
    gaps: dict[str, list[SurveyPlace]] = field(default_factory=dict)
    """Topic -> places."""
    unmatched: list[SurveyPlace] = field(default_factory=list)
    known: int = 0
    """How many places were judged before; they stay as they are."""


def judge(content: Content, slug: str, texts: Sequence[str], embed: Embed | None = None) -> Judgement:
    """Match the questions of a list, in its order, to the bank's.

    Args:
        texts: the list's questions; the first has position 1.
        embed: a sentence-embedding model, where one is used.
    """
    before = judged(content.survey)
    places = [SurveyPlace(slug, position) for position in range(1, len(texts) + 1)]
    fresh = [(place, text) for place, text in zip(places, texts, strict=True) if place not in before]
    proposals = _propose(content, [text for _, text in fresh], embed)
    sure: dict[str, tuple[SurveyPlace, ...]] = {}
    doubts = []
    for (place, text), proposal in zip(fresh, proposals, strict=True):
        if identity := proposal.sure:
            sure[identity] = (*sure.get(identity, ()), place)
        else:
            doubts.append(Doubt(place, text, proposal.candidates))
    return Judgement(sure, tuple(doubts), len(texts) - len(fresh))


def _propose(content: Content, texts: Sequence[str], embed: Embed | None) -> tuple[Proposal, ...]:
    if not content.bank.questions or not texts:
        return tuple(Proposal(text, ()) for text in texts)
    return Matcher(content.bank, content.survey.phrases, embed).propose(texts)


def judged(survey: Survey) -> frozenset[SurveyPlace]:
    """All places that the survey tells of."""
    asked = (place for places in survey.asked.values() for place in places)
    missing = (place for gap in survey.gaps for place in gap.places)
    return frozenset({*asked, *missing, *survey.unmatched})


def decisions(survey: Survey, doubts: Sequence[Doubt]) -> Decisions:
    """What a person decided, by where it is written; what was judged in the meantime is left alone."""
    before = judged(survey)
    found = Decisions()
    for doubt in doubts:
        if doubt.place in before:
            found.known += 1
        elif doubt.decision == GAP:
            found.gaps.setdefault(doubt.topic, []).append(doubt.place)
        elif doubt.decision == NONE:
            found.unmatched.append(doubt.place)
        elif doubt.decision:
            found.asked.setdefault(doubt.decision, []).append(doubt.place)
    return found
