"""What a book rests on: the sources its answers name, and the lists its order comes from."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from generator.markup.placeholders import TOKEN
from generator.model import Survey, SurveyList
from generator.render.anki_html import plain
from generator.render.book import Book
from generator.render.markdown import Rendered
from generator.render.question import QuestionHtml

_ITEM = re.compile(r"<(?:li|p)>(.*?)(?=</(?:li|p)>|<li>|<p>)", re.DOTALL)
_LINK = re.compile(r'<a href="(https?://[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """A linked work."""

    title: str
    more: str
    """What stands behind the link: authors, year."""
    address: str
    numbers: tuple[tuple[str, int], ...]
    """Id and number of the questions that name it."""


def sources(book: Book) -> tuple[Source, ...]:
    """Every work that an answer links to by a title, once per address, by title.

    What the parts "Sources" say of a work goes before what running text calls it.
    """
    named: dict[str, tuple[bool, str, str]] = {}
    numbers: dict[str, list[tuple[str, int]]] = {}
    for question in book.questions:
        one = book.source_html[question.id]
        listed = [(True, *link) for link in _links(one.sources)]
        running = [(False, *link) for piece in _running(one) for link in _links(piece)]
        for first, address, title, more in listed + running:
            known = named.get(address)
            if known is None or (first and not known[0]):
                named[address] = (first, title, more)
            place = (question.id, question.number)
            if place not in numbers.setdefault(address, []):
                numbers[address].append(place)
    works = [Source(title, more, address, tuple(numbers[address])) for address, (_, title, more) in named.items()]
    return tuple(sorted(works, key=lambda work: (re.sub(r"^\W+", "", work.title).casefold(), work.address)))


def _running(one: QuestionHtml) -> tuple[Rendered, ...]:
    answer = tuple(part.html for part in one.answer)
    return (one.body, one.short, *(point.html for point in one.key_points), one.key_point_text, *answer, one.follow_ups)


def _links(piece: Rendered) -> list[tuple[str, str, str]]:
    """Address, title and what follows of each link that has a title."""
    if "<a href=" not in piece.html:
        return []
    found = []
    items = _ITEM.findall(piece.html) or [piece.html]
    for item in items:
        links = list(_LINK.finditer(item))
        for link in links:
            address, title = html.unescape(link[1]), plain(Rendered(link[2], piece.math))
            if not title or "://" in title or TOKEN.search(address):
                continue
            rest = plain(Rendered(item[link.end() :], piece.math)) if len(links) == 1 else ""
            found.append((address, title, re.sub(r"^[\s,;:–—-]+|[\s.;,]+$", "", rest)[:120]))
    return found


def credited(survey: Survey) -> tuple[tuple[bool, tuple[SurveyList, ...]], ...]:
    """The lists of a survey: those that count and those that only break ties, each group by author."""
    groups = []
    for counts in (True, False):
        lists = [item for item in survey.lists.values() if item.counts is counts]
        if lists:
            groups.append((counts, tuple(sorted(lists, key=lambda item: (item.author.casefold(), item.title, item.slug)))))
    return tuple(groups)
