"""What a book rests on: the sources its answers name, and the lists its order comes from."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from markupsafe import Markup

from generator.markup.placeholders import TOKEN
from generator.model import Survey, SurveyList
from generator.render.anki_html import plain
from generator.render.book import Book
from generator.render.markdown import Rendered
from generator.render.print_html import drawn
from generator.render.question import QuestionHtml

MOST_WORDS = 160
"""Characters behind a link that can be authors and year; more is running text."""
_ITEM = re.compile(r"<(?:li|p)>(.*?)(?=</(?:li|p)>|<li>|<p>)", re.DOTALL)
_LINK = re.compile(r'<a href="(https?://[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A linked work."""

    title: Markup
    more: Markup
    """What stands behind the link: authors, year."""
    name: str
    """The title as plain text."""
    address: str
    numbers: tuple[tuple[str, int], ...]
    """Id and number of the questions that name it."""


def sources(book: Book) -> tuple[Source, ...]:
    """Every work that an answer links to by a title, once per address, by title.

    What the parts "Sources" say of a work goes before what running text calls it.
    """
    named: dict[str, tuple[bool, _Link]] = {}
    numbers: dict[str, list[tuple[str, int]]] = {}
    for question in book.questions:
        one = book.source_html[question.id]
        listed = [(True, link) for link in _links(one.sources)]
        running = [(False, link) for piece in _running(one) for link in _links(piece)]
        for first, link in listed + running:
            known = named.get(link.address)
            if known is None or (first and not known[0]):
                named[link.address] = (first, link)
            place = (question.id, question.number)
            if place not in numbers.setdefault(link.address, []):
                numbers[link.address].append(place)
    works = [
        Source(_words(link.title), _words(link.more), plain(link.title), address, tuple(numbers[address]))
        for address, (_, link) in named.items()
    ]
    return tuple(sorted(works, key=lambda work: (re.sub(r"^\W+", "", work.name).casefold(), work.address)))


def _running(one: QuestionHtml) -> tuple[Rendered, ...]:
    answer = tuple(part.html for part in one.answer)
    return (one.body, one.short, *(point.html for point in one.key_points), one.key_point_text, *answer, one.follow_ups)


@dataclass(frozen=True, slots=True)
class _Link:
    """A link with its title and what follows."""

    address: str
    title: Rendered
    more: Rendered


def _words(piece: Rendered) -> Markup:
    """The words of a piece, its formulas drawn."""
    return drawn(re.sub(r"<[^>]+>", "", piece.html), piece.math)


def _links(piece: Rendered) -> list[_Link]:
    """Every link that has a title."""
    if "<a href=" not in piece.html:
        return []
    found = []
    items = _ITEM.findall(piece.html) or [piece.html]
    for item in items:
        links = list(_LINK.finditer(item))
        for link in links:
            address, title = html.unescape(link[1]), Rendered(link[2], piece.math)
            if not (name := plain(title)) or "://" in name or TOKEN.search(address):
                continue
            rest = re.sub(r"<[^>]+>", "", item[link.end() :]) if len(links) == 1 else ""
            rest = re.sub(r"^[\s,;:–—-]+|[\s.;,]+$", "", rest)
            found.append(_Link(address, title, Rendered(rest if len(rest) <= MOST_WORDS else "", piece.math)))
    return found


def credited(survey: Survey) -> tuple[tuple[bool, tuple[SurveyList, ...]], ...]:
    """The lists of a survey: those that count and those that only break ties, each group by author."""
    groups = []
    for counts in (True, False):
        lists = [item for item in survey.lists.values() if item.counts is counts]
        if lists:
            groups.append((counts, tuple(sorted(lists, key=lambda item: (item.author.casefold(), item.title, item.slug)))))
    return tuple(groups)
