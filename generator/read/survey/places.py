"""Places in lists, `list:position`: what they must be, and that each is told of only once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from generator.model import Place, Problem, SurveyList, SurveyPlace
from generator.read.survey.problems import error

_PLACE = re.compile(r"([a-z0-9][a-z0-9-]*):([1-9][0-9]{0,5})")
_RANGE = re.compile(r"([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?")
_MOST = 100_000
"""Positions that one list of ranges may hold."""


@dataclass(slots=True)
class Places:
    """The places that the survey's files tell of."""

    lists: Mapping[str, SurveyList]
    unsure: Collection[str] | None
    """Slugs of lists that are wrong themselves; None: lists.toml can't be read. Places in them are not blamed too."""
    problems: list[Problem]
    owner: dict[SurveyPlace, str] = field(default_factory=dict)

    def of(self, texts: list[str], owner: str, at: Place) -> Iterator[SurveyPlace]:
        """The sound places among `list:position` texts; `owner` is what they are mapped to."""
        for text in texts:
            mistake = self._mistake(text)
            if mistake:
                self.problems.append(error(at, f"{owner}: place {_quoted(text)} {mistake[0]}", mistake[1]))
                continue
            slug, _, position = text.partition(":")
            yield from self._claimed(SurveyPlace(slug, int(position)), owner, at)

    def of_ranges(self, slug: str, text: str, owner: str, at: Place) -> Iterator[SurveyPlace]:
        """The places that ranges of one list name: `1-40, 42`."""
        for piece in filter(None, (item.strip() for item in text.split(","))):
            match = _RANGE.fullmatch(piece)
            first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
            if not match or not first <= last < first + _MOST:
                remedy = 'write positions and ranges, as in "1-40, 42"'
                self.problems.append(error(at, f"{owner}: {_quoted(piece)} is no range of positions", remedy))
                continue
            mistake = self._mistake(f"{slug}:{last}")
            if mistake:
                self.problems.append(error(at, f'{owner}: place "{slug}:{last}" {mistake[0]}', mistake[1]))
                continue
            for position in range(first, last + 1):
                yield from self._claimed(SurveyPlace(slug, position), owner, at)

    def _claimed(self, place: SurveyPlace, owner: str, at: Place) -> Iterator[SurveyPlace]:
        other = self.owner.get(place)
        if other is None:
            self.owner[place] = owner
            yield place
        else:
            self.problems.append(error(at, f'place "{place}" is mapped to {other} and {owner}', "keep one of them"))

    def _mistake(self, text: str) -> tuple[str, str] | None:
        match = _PLACE.fullmatch(text)
        if match is None:
            return "is out of form", "write list:position"
        if self.unsure is None or match[1] in self.unsure:
            return None
        known = self.lists.get(match[1])
        if known is None:
            return "names an unknown list", "add the list to lists.toml"
        if known.questions and int(match[2]) > known.questions:
            return f"is beyond the list's {known.questions} questions", "correct the position"
        return None


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:57]}..."'
