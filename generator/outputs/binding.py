"""Planned books and handouts -> PDF. Of a book the chapters are laid out first, then what stands behind and before them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from generator.emit.merge import merged, padded
from generator.emit.pages import Sheets
from generator.emit.press import Press
from generator.render.book import Book, Chapter
from generator.render.guide import back_document, chapter_document, front_document
from generator.render.handout import Handout, handout_document

BASE_SECONDS = 300
"""Base of the time limit for a document; every question adds `SECONDS_PER_QUESTION`."""
SECONDS_PER_QUESTION = 3
FEW_LINES = 5 * 15.5
"""Points: what stands on less of a chapter's last page looks lost there."""


def write_book(path: Path, book: Book, press: Press) -> tuple[str, ...]:
    """Lay out a book, put it together and write it to `path`; returns what the page layout warned of.

    Raises:
        PdfError: a document could not be laid out.
    """
    seconds = BASE_SECONDS + SECONDS_PER_QUESTION * len(book.questions)
    body: list[Sheets] = []
    pages: dict[str, int] = {}

    def add(right: bool, lay_out: Callable[[int], Sheets]) -> None:
        """Put the next document into the body; with `right` it begins on a right-hand page, which has an odd number."""
        if right and body:
            body[-1] = padded(body[-1], sum(sheets.pages for sheets in body) % 2)
        first = 1 + sum(sheets.pages for sheets in body)
        sheets = lay_out(first)
        pages.update({name: first + spots[0].page for name, spots in sheets.anchors.items()})
        body.append(sheets)

    for chapter in book.chapters:
        add(chapter.opens, partial(_chapter, book, chapter, press, seconds))
    add(True, lambda first: press.lay_out(back_document(book, pages), seconds, first))
    front = press.lay_out(front_document(book, pages), seconds)
    front = padded(front, front.pages % 2)
    labels = {f"q-{question.id}": f"Question {question.number}: {question.plain_title}" for question in book.questions}
    path.write_bytes(merged((front, *body), book.about, roman=front.pages, labels=labels))
    return tuple(dict.fromkeys(message for sheets in (front, *body) for message in sheets.messages))


def _chapter(book: Book, chapter: Chapter, press: Press, seconds: int, first: int) -> Sheets:
    """A chapter from page `first` on; where its last page has a few lines only, set tighter if that saves the page.

    Two guides may share it, so it is laid out once.
    """
    sheets = press.lay_out_once(chapter_document(book, chapter), seconds, first)
    if not _ends_in_few_lines(sheets):
        return sheets
    tight = press.lay_out_once(chapter_document(book, chapter, tight=True), seconds, first)
    return tight if tight.pages < sheets.pages else sheets


def _ends_in_few_lines(sheets: Sheets) -> bool:
    last = [spot for spots in sheets.anchors.values() for spot in spots if spot.page == sheets.pages - 1]
    return sheets.pages > 1 and bool(last) and max(spot.y for spot in last) - min(spot.foot for spot in last) < FEW_LINES


def write_handout(path: Path, handout: Handout, press: Press) -> tuple[str, ...]:
    """Lay out a handout, its cue column at the outer edge of every page, and write it to `path`.

    Returns what the page layout warned of.

    Raises:
        PdfError: it could not be laid out.
    """
    seconds = BASE_SECONDS + SECONDS_PER_QUESTION * len(handout.questions)
    left = _on_left_pages(press.lay_out(handout_document(handout, frozenset()), seconds, draw=False))
    sheets = press.lay_out(handout_document(handout, left), seconds)
    path.write_bytes(merged((sheets,), handout.about))
    return sheets.messages


def _on_left_pages(sheets: Sheets) -> frozenset[str]:
    """Ids of the elements that begin on left-hand pages; the first page is a right-hand one."""
    return frozenset(name for name, spots in sheets.anchors.items() if spots[0].page % 2)
