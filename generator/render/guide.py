"""A planned book -> documents for the PDF writer: its chapters, then the matter behind and before them.

Chapters name other questions by number only, so they can be laid out apart and in any order. Page numbers stand
in the contents and the indexes, which are made when all chapters have pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from generator.render.book import Book, Chapter
from generator.render.chart import charts
from generator.render.index import section_index, term_index
from generator.render.media import Media
from generator.render.print_html import without_skips
from generator.render.printed import PrintDocument, page_css
from generator.render.sources import credited, sources
from generator.render.templates import read_template, render

BACK_MATTER = (
    ("index-sections", "Index by section"),
    ("index-terms", "Index of terms"),
    ("sources", "Sources"),
    ("order", "Where the order comes from"),
    ("licence", "Licence"),
)
"""Id and title of what stands behind the questions; what a bank has nothing for is left out."""


def chapter_document(book: Book, chapter: Chapter, *, tight: bool = False) -> PrintDocument:
    """The questions of a chapter, with the opener of its part where it begins one; with `tight` on a little less room."""
    document = _document(book, "pdf/chapter.html", chapter.media, chapter=chapter)
    return replace(document, css=document.css + read_template("pdf/guide_tight.css")) if tight else document


def back_document(book: Book, pages: Mapping[str, int]) -> PrintDocument:
    """Indexes, sources, credits and licence.

    Args:
        pages: id of an element of the chapters -> number of its page.
    """
    sections = section_index(book.questions, pages)
    terms = term_index(book.questions, pages)
    found = sources(book)
    lists = credited(book.survey) if book.ranked else ()
    there = dict(zip((name for name, _ in BACK_MATTER), (sections, terms, found, lists, True), strict=True))
    return _document(
        book,
        "pdf/back.html",
        (),
        sections=sections,
        terms=terms,
        sources=found,
        lists=lists,
        matter=[(name, title) for name, title in BACK_MATTER if there[name]],
    )


def front_document(book: Book, pages: Mapping[str, int]) -> PrintDocument:
    """Cover, how to read, contents.

    Args:
        pages: id of an element of the chapters and the back matter -> number of its page.
    """
    evidence = [item for item in book.survey.lists.values() if item.counts]
    drawn = charts(book)
    return _document(
        book,
        "pdf/front.html",
        drawn.media,
        charts=drawn,
        pages=pages,
        lists=len(evidence),
        authors=len({item.author for item in evidence}),
        matter=[(name, title) for name, title in BACK_MATTER if name in pages],
    )


def _document(book: Book, template: str, media: Sequence[Media], **values: object) -> PrintDocument:
    about = book.about
    styles = ("tokens.css", "pdf/text.css", "pdf/question.css", "pdf/guide.css")
    return PrintDocument(
        html=without_skips(render(template, book=book, about=about, config=book.config, **values)),
        css=page_css(book.config.paper) + "\n".join(map(read_template, styles)),
        media=tuple(media),
        title=book.title,
        author=about.author,
        language=about.language,
        time=about.time,
    )
