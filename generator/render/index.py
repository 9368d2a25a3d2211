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
EVERYDAY = 5
"""A marked word that more questions use is of everyday language."""
_MONEY = re.compile(r"(?:USD|EUR|GBP)\b")
_TERM = re.compile(r"\W*[^\W\d_]{2}")
"""A term begins with two letters: numbers, with units too, are no use in an index."""
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_NO_WORDS = re.compile(r"<(pre|code)\b.*?</\1>|<[^>]*>|&[#\w]+;", re.DOTALL)


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
    """Tags and marked terms with their pages, in groups by first letter.

    Left out are tags of very many questions, and marked words of everyday language, which as many questions use. Tags are
    written as the text writes their words; a plural stands with its singular.
    """
    shown: dict[str, Markup] = {}
    places: dict[str, list[tuple[str, int]]] = {}
    words = Words(questions)
    uses = Counter(tag for question in questions for tag in question.tags)
    for question in questions:
        found = [(tag.replace("-", " "), f"q-{question.id}") for tag in question.tags if uses[tag] <= MOST_PLACES]
        entries = [(name, escape(words.written(name)), anchor) for name, anchor in found]
        for term in question.terms:
            if not words.everyday(term.text):
                plain = term.html == escape(term.text)
                entries.append((term.text, escape(words.written(term.text)) if plain else term.html, term.anchor))
        for text, html, anchor in entries:
            if not _TERM.match(text) or anchor not in pages:
                continue
            key = " ".join(text.split()).casefold()
            shown.setdefault(key, html)
            places.setdefault(key, []).append((anchor, pages[anchor]))
    for key in [key for key in shown if key.endswith("s") and key[:-1] in shown]:
        places[key[:-1]] += places.pop(key)
        del shown[key]
    groups: dict[str, list[TermEntry]] = {}
    for key in sorted(shown, key=_sort_key):
        first = _sort_key(key)[0][:1].upper()
        groups.setdefault(first if first.isalpha() else "#", []).append(TermEntry(shown[key], _each_page_once(places[key])))
    return tuple((letter, tuple(entries)) for letter, entries in sorted(groups.items(), key=lambda item: item[0] != "#"))


def _each_page_once(places: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    first = {page: (anchor, page) for anchor, page in reversed(places)}
    return tuple(first[page] for page in sorted(first))


class Words:
    """How the questions of a book use words."""

    def __init__(self, questions: Sequence[PrintedQuestion]) -> None:
        self._forms: dict[str, Counter[str]] = {}
        self._questions: Counter[str] = Counter()
        for question in questions:
            pieces = (
                question.title,
                question.short,
                question.body,
                *question.key_points,
                *(text for _, text in question.answer),
            )
            forms = Counter(form for piece in pieces for form in _WORD.findall(_NO_WORDS.sub(" ", piece)))
            for form, count in forms.items():
                self._forms.setdefault(form.casefold(), Counter())[form] += count
            self._questions.update({form.casefold() for form in forms})

    def written(self, text: str) -> str:
        """Text with each word as the questions write it most often, e.g. `gpu memory` as `GPU memory`."""

        def form(match: re.Match[str]) -> str:
            forms = self._forms.get(match[0].casefold())
            if not forms:
                return match[0]
            small = match[0].casefold()
            most = max(forms, key=lambda one: (forms[one], one))
            return small if most == small.capitalize() and small in forms else most  # sentences begin with capitals

        return _WORD.sub(form, text)

    def everyday(self, text: str) -> bool:
        """True for a sum of money, and for a single small-letter word, article aside, that many questions use."""
        word = _ARTICLE.sub("", text)
        common = word.islower() and _WORD.fullmatch(word) is not None and self._questions[word] > EVERYDAY
        return common or _MONEY.match(text) is not None


def _sort_key(text: str) -> tuple[str, str]:
    """Letters before anything else, accents and case aside."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()
    return re.sub(r"^\W+", "", plain), text
