"""survey/asked.toml and phrases.toml, what stands under a question's id; baseline.toml, an order of ids."""

from __future__ import annotations

from collections.abc import Mapping

from generator.config import toml_line
from generator.model import Place, SurveyPlace
from generator.read.survey.places import Places
from generator.read.survey.problems import error


def read_asked(table: Mapping[str, object], text: str, file: str, places: Places) -> dict[str, tuple[SurveyPlace, ...]]:
    """Question id -> the places that ask it."""
    asked: dict[str, tuple[SurveyPlace, ...]] = {}
    for identity, value in table.items():
        at = Place(file, toml_line(text, "", identity))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            message = f'"{identity}" is not a list of places'
            places.problems.append(error(at, message, 'write id = ["list:position", …]'))
            continue
        asked[identity] = tuple(places.of(value, f'"{identity}"', at))
    return asked


def read_phrases(table: Mapping[str, object], text: str, file: str, places: Places) -> dict[str, tuple[str, ...]]:
    """Question id -> other ways to ask it, which help to find it."""
    phrases: dict[str, tuple[str, ...]] = {}
    for identity, value in table.items():
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            phrases[identity] = tuple(item.strip() for item in value)
        else:
            at = Place(file, toml_line(text, "", identity))
            places.problems.append(error(at, f'"{identity}" is not a list of phrases', 'write id = ["words", …]'))
    return phrases


def read_baseline(table: Mapping[str, object], text: str, file: str, places: Places) -> tuple[str, ...]:
    """The ids of `order`, an order to measure ours by."""
    order = table.get("order")
    if set(table) == {"order"} and isinstance(order, list) and all(isinstance(item, str) for item in order):
        return tuple(dict.fromkeys(order))
    at = Place(file, toml_line(text, "", "order"))
    places.problems.append(error(at, "holds something else than an order of ids", 'write order = ["id", …]'))
    return ()
