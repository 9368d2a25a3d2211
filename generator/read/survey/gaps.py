"""survey/gaps.toml: what lists ask and the bank does not, and the places that nobody matched."""

from __future__ import annotations

from generator.model import DECISIONS, Gap, Place, SurveyPlace
from generator.read.entries import Entry
from generator.read.survey.places import Places
from generator.read.survey.problems import error

UNMATCHED = "unmatched"
_KEYS = frozenset({"topic", "decision", "why", "places"})


def read_gaps(entries: tuple[Entry, ...], places: Places) -> tuple[Gap, ...]:
    """The sound `[[gap]]` entries, in the file's order."""
    gaps: dict[str, Gap] = {}
    for entry in entries:
        values = entry.values
        mistakes = _mistakes(values, gaps)
        places.problems += [error(entry.place(key), f"gap {message}", remedy) for key, message, remedy in mistakes]
        if not mistakes:
            topic, texts = str(values["topic"]).strip(), values["places"]
            found = tuple(places.of(texts if isinstance(texts, list) else [], f'gap "{topic}"', entry.place("places")))
            why = str(values.get("why", "")).strip()
            gaps[topic] = Gap(topic, str(values["decision"]), why, found, entry.place())
    return tuple(gaps.values())


def _mistakes(values: dict[str, object], seen: dict[str, Gap]) -> list[tuple[str, str, str]]:
    topic, decision, why, places = (values.get(key) for key in ("topic", "decision", "why", "places"))
    mistakes = []
    if not isinstance(topic, str) or not topic.strip() or "\n" in topic.strip():
        mistakes.append(("topic", "has no topic", "add topic = in quotes, one line, in your own words"))
    elif topic.strip() in seen:
        mistakes.append(("topic", f'"{topic}" is already at {seen[topic.strip()].place}', "put both into one"))
    if decision not in DECISIONS:
        mistakes.append(("decision", f"has decision {decision!r}", "give one of " + ", ".join(DECISIONS)))
    if not isinstance(why, str | None) or (decision == "out" and not (why or "").strip()):
        mistakes.append(("why", "is out of scope without a reason", "add why = in quotes"))
    if not isinstance(places, list) or not all(isinstance(item, str) for item in places):
        mistakes.append(("places", "has no list of places", 'add places = ["list:position", …]'))
    mistakes += [(key, f'has the unknown key "{key}"', "remove it") for key in sorted(set(values) - _KEYS)]
    return mistakes


def read_unmatched(table: object, file: str, line: int, places: Places) -> frozenset[SurveyPlace]:
    """The places that were looked at and belong to nothing: `list = "1-40, 42"`."""
    at = Place(file, line)
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        places.problems.append(error(at, "[unmatched] holds something else than ranges", 'write list = "1-40, 42"'))
        return frozenset()
    return frozenset(place for slug, text in table.items() for place in places.of_ranges(slug, text, f"[unmatched] {slug}", at))
