"""deck.toml -> Config; every wrong value is reported at once, with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from generator.model import ID, RESERVED, DecksError, Place, Problem, Severity

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Paper, by the name that CSS has for it too -> width and height in mm."""
FLIPS = ("long", "short")
"""The edges that a sheet is turned over at in duplex printing."""
MOST_SHIFT = 10.0
"""A printer whose backs lie further off, in mm, needs another remedy."""
BANDS = ("1-core", "2-very-common", "3-common", "4-occasional", "5-rare")


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the likelihood function (docs/ranking.md has the formula)."""

    prior_share: float = 0.05
    """Share of authors one expects to ask a question before any was read."""
    prior_strength: float = 4.0
    """How many authors that expectation is worth."""
    witness_cap: int = 3
    """Most that one author's reported list counts, however many reports it gives."""
    outside_weight: float = 0.0
    """How much an author counts whose lists hold no question of that kind; 0: not at all, 1: as one who doesn't ask it."""
    tie_width: float = 0.0
    """Likelihoods in one step of this width count as equal in the order, so that other evidence decides."""
    band_margin: float = 0.03
    """How far beyond a band's bound a likelihood must be for a question to leave the band of the last build."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Study-quality limits that `decks check` holds answers to."""

    short_words: int = 75
    key_point_words: int = 25
    mark_words: int = 6


@dataclass(frozen=True, slots=True)
class Flashcards:
    """How flash cards are printed (docs/printing-cards.md)."""

    flip: str = "long"
    """The edge at which the printer turns the sheet over."""
    shift: tuple[float, float] = (0.0, 0.0)
    """How far backs are moved to the right and up, in mm, so that they meet their fronts."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything deck.toml says; the defaults stand where it says nothing."""

    bank: str | None = None
    title: str | None = None
    language: str = "en"
    version: str = ""
    licence: str = ""
    home_page: str = ""
    source: str = ""
    """Address of the folder that the question files are published in; cards then link to their file."""
    author: str = ""
    paper: str = "a4"
    reserved: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType(dict(RESERVED)))
    bands: tuple[float, ...] = (0.40, 0.30, 0.20, 0.10)
    """Lowest likelihood of the first four bands; what is below the last is `5-rare`."""
    weights: Weights = Weights()
    limits: Limits = Limits()
    rules_off: frozenset[str] = frozenset()
    """Codes of warnings that are not wanted."""
    rules_off_in: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """Name of a question file -> codes of warnings that are not wanted in it."""
    flashcards: Flashcards = Flashcards()


class _Reader:
    """Takes values out of a parsed table; remembers every problem and every key that was known."""

    def __init__(self, table: Mapping[str, object], text: str, name: str, header: str = "") -> None:
        self.table = table
        self.text = text
        self.name = name
        self.header = header
        self.problems: list[Problem] = []
        self.known: set[str] = set()

    def take(self, key: str, valid: Callable[[object], bool], expected: str) -> object | None:
        self.known.add(key)
        value = self.table.get(key)
        if value is None:
            return None
        if not valid(value):
            self.problem(key, f"{key} is {_shown(value)}", f"give {expected}")
            return None
        return value

    def problem(self, key: str, message: str, remedy: str) -> None:
        line = toml_line(self.text, self.header, key)
        self.problems.append(Problem(Place(self.name, line), "config", Severity.ERROR, message, remedy))

    def string(self, key: str, pattern: str = r".*", expected: str = "text in quotes") -> str | None:
        def valid(value: object) -> bool:
            return isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None

        value = self.take(key, valid, expected)
        return value if isinstance(value, str) else None

    def number(self, key: str, low: float, high: float) -> float | None:
        def valid(value: object) -> bool:
            return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high

        value = self.take(key, valid, f"a number from {low:g} to {high:g}")
        return value if isinstance(value, int | float) else None

    def whole(self, key: str, low: int, high: int) -> int | None:
        def valid(value: object) -> bool:
            return type(value) is int and low <= value <= high

        value = self.take(key, valid, f"a whole number from {low} to {high}")
        return value if isinstance(value, int) else None

    def section(self, key: str) -> _Reader:
        self.known.add(key)
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, f"{key} is {_shown(value)}", f"make it a table: [{key}]")
            value = {}
        return _Reader(value, self.text, self.name, f"{self.header}.{key}".lstrip("."))

    def unknown(self) -> None:
        for key in self.table:
            if key not in self.known:
                self.problem(key, f'setting "{key}" is not known', "known here: " + ", ".join(sorted(self.known)))


def load_config(path: Path, name: str) -> Config:
    """Read deck.toml; a file that is not there gives the defaults.

    Raises:
        DecksError: with every unknown setting and wrong value of the file.
    """
    if not path.exists() and not path.is_symlink():
        return Config()
    table, text = load_toml(path, name)
    top = _Reader(table, text, name)
    texts = {
        "bank": top.string("bank", ID.pattern, "a slug: a-z, 0-9 and -, at most 64 characters"),
        "title": top.string("title", r"[^:\n]*(?::[^:\n]+)*", 'a title without "::"'),
        "language": top.string("language", r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", 'a language tag such as "en"'),
        "version": top.string("version"),
        "licence": top.string("licence"),
        "home_page": top.string("home_page", r"(https?://[^\s\"'<>]+)?", "an address that begins with https://"),
        "source": top.string("source", r"(https?://[^\s\"'<>]+)?", "an address that begins with https://"),
        "author": top.string("author"),
        "paper": top.string("paper", "|".join(PAPERS), "one of " + ", ".join(PAPERS)),
    }
    values: dict[str, object] = {key: value for key, value in texts.items() if value is not None}
    readers = [top]
    for key, build in (
        ("reserved", _reserved),
        ("bands", _bands),
        ("rank", _weights),
        ("limits", _limits),
        ("flashcards", _flashcards),
    ):
        section = top.section(key)
        readers.append(section)
        values[{"rank": "weights"}.get(key, key)] = build(section)
    rules = top.section("check")
    by_file = rules.section("files")
    values["rules_off"], values["rules_off_in"] = _rules(rules), _rules_of_files(by_file)
    readers += [rules, by_file]
    for reader in readers:
        reader.unknown()
    problems = tuple(problem for reader in readers for problem in reader.problems)
    if problems:
        raise DecksError(tuple(sorted(problems, key=lambda problem: problem.place)))
    return replace(Config(), **values)  # type: ignore[arg-type]


def load_toml(path: Path, name: str) -> tuple[dict[str, object], str]:
    """The parsed table and the text of a TOML file.

    Raises:
        DecksError: it can't be read or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text), text
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(Place(name, 0), "config", Severity.ERROR, f"can't read the file ({error})", "save it as UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = Place(name, int(line[1]) if line else text.count("\n") + 1)
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        problem = Problem(place, "config", Severity.ERROR, f"not valid TOML: {reason}", "see https://toml.io for the form")
    except (ValueError, RecursionError) as error:
        problem = Problem(
            Place(name, 0), "config", Severity.ERROR, f"not valid TOML: {error}"[:200], "see https://toml.io for the form"
        )
    raise DecksError((problem,))


_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_.-]+))\s*=""")


def toml_line(text: str, header: str, key: str) -> int:
    """1-based line on which a key stands in the table `header` (empty: the top); 0 if it isn't found."""
    tables, keys = _toml_index(text)
    found = (tables.get(key), tables.get(f"{header}.{key}"), keys.get((header, key)))
    return min((line for line in found if line), default=0)


@lru_cache(maxsize=8)
def _toml_index(text: str) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Name of a table -> its line; table and key -> the key's line. One pass, as a survey's file has hundreds of keys."""
    tables: dict[str, int] = {}
    keys: dict[tuple[str, str], int] = {}
    current = ""
    for number, line in enumerate(text.split("\n"), 1):
        if table := _TABLE.match(line):
            current = table[1].strip('"')
            tables.setdefault(current, number)
        elif key := _KEY.match(line):
            keys.setdefault((current, key[1] or key[2] or key[3]), number)
    return tables, keys


def _reserved(section: _Reader) -> Mapping[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for part, default in RESERVED.items():
        value = section.take(part, _strings, "a list of headings in quotes")
        extra = tuple(value) if isinstance(value, list) else ()
        names[part] = (*default, *extra)
        for heading in names[part]:
            other = taken.setdefault(heading.casefold(), part)
            if other != part:
                named = part if part in section.table else other
                section.problem(named, f'heading "{heading}" already names {other}', "use another heading")
    return MappingProxyType(names)


def _bands(section: _Reader) -> tuple[float, ...]:
    defaults = Config().bands
    found = [section.number(band, 0, 1) for band in BANDS[:-1]]
    bounds = tuple(default if value is None else value for value, default in zip(found, defaults, strict=True))
    if list(bounds) != sorted(set(bounds), reverse=True):
        named = [band for band in BANDS if band in section.table]
        section.problem(
            named[0] if named else BANDS[0],
            f"band bounds {bounds} do not fall",
            "give each band a lower bound than the one before",
        )
    return bounds


def _weights(section: _Reader) -> Weights:
    share = section.number("prior_share", 0, 1)
    strength = section.number("prior_strength", 0.01, 1000)
    cap = section.whole("witness_cap", 1, 100)
    outside = section.number("outside_weight", 0, 1)
    tie = section.number("tie_width", 0, 0.5)
    margin = section.number("band_margin", 0, 0.5)
    base = Weights()
    return Weights(
        base.prior_share if share is None else share,
        base.prior_strength if strength is None else strength,
        base.witness_cap if cap is None else cap,
        base.outside_weight if outside is None else outside,
        base.tie_width if tie is None else tie,
        base.band_margin if margin is None else margin,
    )


def _limits(section: _Reader) -> Limits:
    base = Limits()
    values = {key: section.whole(key, 1, 10_000) for key in ("short_words", "key_point_words", "mark_words")}
    return replace(base, **{key: value for key, value in values.items() if value is not None})


def _rules(section: _Reader, key: str = "off") -> frozenset[str]:
    value = section.take(key, _strings, "a list of rule codes in quotes")
    return frozenset(value) if isinstance(value, list) else frozenset()


def _rules_of_files(section: _Reader) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({file: _rules(section, file) for file in section.table})


def _flashcards(section: _Reader) -> Flashcards:
    flip = section.string("flip", "|".join(FLIPS), "one of " + ", ".join(FLIPS))
    shift = section.take("shift", _is_shift, f"two numbers of mm, right and up, from {-MOST_SHIFT:g} to {MOST_SHIFT:g}")
    right, up = shift if isinstance(shift, list) else Flashcards().shift
    return Flashcards(flip or Flashcards().flip, (float(right), float(up)))


def _is_shift(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(item, int | float) and not isinstance(item, bool) and abs(item) <= MOST_SHIFT for item in value)
    )


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
