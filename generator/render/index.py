"""The two indexes of a book: by section, and of terms."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from generator.render.book import PrintedQuestion

MOST_PLACES = 12
"""An entry with more page numbers helps nobody to find something: a tag on more questions says too little."""
_TERM = re.compile(r"\W*[^\W\d_]{2}")
"""A term begins with two letters: numbers, with units too, are no use in an index."""


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A header or sub-header and the questions right below it."""

    title: str
    depth: int
    """0 for a header, 1 for its sub-header."""
    questions: tuple[tuple[PrintedQuestion, int], ...]
    """With the numbers of their pages."""


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term and where it stands."""

    html: Markup
    places: tuple[tuple[str, int], ...]
    """Id of an element and number of its page; each page once."""


def section_index(questions: Sequence[PrintedQuestion], pages: Mapping[str, int]) -> tuple[SectionEntry, ...]:
    """The questions of each section, sections by name; empty if there are none."""
    groups: dict[tuple[str, ...], list[PrintedQuestion]] = {}
    for question in questions:
        for depth in range(1, len(question.sections) + 1):
            groups.setdefault(question.sections[:depth], [])
        if question.sections:
            groups[question.sections].append(question)
    return tuple(
        SectionEntry(path[-1], len(path) - 1, tuple((question, pages[f"q-{question.id}"]) for question in groups[path]))
        for path in sorted(groups, key=lambda path: [_sort_key(name) for name in path])
    )


def term_index(questions: Sequence[PrintedQuestion], pages: Mapping[str, int]) -> tuple[tuple[str, tuple[TermEntry, ...]], ...]:
    """Tags and marked terms with their pages, in groups by first letter; tags of very many questions are left out."""
    shown: dict[str, Markup] = {}
    places: dict[str, list[tuple[str, int]]] = {}
    uses = Counter(tag for question in questions for tag in question.tags)
    for question in questions:
        names = [tag.replace("-", " ") for tag in question.tags if uses[tag] <= MOST_PLACES]
        found = [(name, escape(name), f"q-{question.id}") for name in names]
        found += [(term.text, term.html, term.anchor) for term in question.terms]
        for text, html, anchor in found:
            if not _TERM.match(text) or anchor not in pages:
                continue
            key = " ".join(text.split()).casefold()
            shown.setdefault(key, html)
            there = places.setdefault(key, [])
            if all(page != pages[anchor] for _, page in there):
                there.append((anchor, pages[anchor]))
    groups: dict[str, list[TermEntry]] = {}
    for key in sorted(shown, key=_sort_key):
        first = _sort_key(key)[0][:1].upper()
        entry = TermEntry(shown[key], tuple(sorted(places[key], key=lambda place: place[1])))
        groups.setdefault(first if first.isalpha() else "#", []).append(entry)
    return tuple((letter, tuple(entries)) for letter, entries in sorted(groups.items(), key=lambda item: item[0] != "#"))


def _sort_key(text: str) -> tuple[str, str]:
    """Letters before anything else, accents and case aside."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()
    return re.sub(r"^\W+", "", plain), text
