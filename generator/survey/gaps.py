"""What lists ask and the bank lacks, and how far the lists are judged. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from generator.model import Gap, Survey


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap and who asks it."""

    gap: Gap
    authors: tuple[str, ...]
    """Authors of curated and reported lists."""


def open_gaps(survey: Survey, least: int = 1, decided: bool = False) -> tuple[OpenGap, ...]:
    """The gaps that at least so many authors of curated or reported lists ask, those of most authors first.

    Args:
        decided: also those that are out of scope.
    """
    found = (OpenGap(gap, _authors(survey, gap)) for gap in survey.gaps if decided or gap.decision == "write")
    return tuple(
        sorted((one for one in found if len(one.authors) >= least), key=lambda one: (-len(one.authors), one.gap.topic))
    )


def _authors(survey: Survey, gap: Gap) -> tuple[str, ...]:
    lists = (survey.lists[place.list] for place in gap.places if place.list in survey.lists)
    return tuple(sorted({item.author for item in lists if item.counts}))


def unjudged(survey: Survey) -> dict[str, int]:
    """Slug -> how many of a list's questions are neither mapped, nor a gap, nor unmatched; lists of unknown length count 0."""
    places = [place for group in survey.asked.values() for place in group]
    places += [place for gap in survey.gaps for place in gap.places]
    judged = Counter(place.list for place in {*places, *survey.unmatched})
    return {slug: max(0, item.questions - judged[slug]) for slug, item in survey.lists.items()}
