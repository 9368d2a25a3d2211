"""What is ready for the PDF writer: HTML, styles, images and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from generator.render.media import Media

MM = 72 / 25.4
"""Points in a mm."""
ASSET_SCHEME = "deck-asset:"
"""Addresses of images and fonts in the HTML; the PDF writer knows no other."""
BOOK_SCHEME = "book:"
"""Begins the address of a link to somewhere else in the finished book: `book:q-some-id`."""


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF says of itself."""

    title: str
    author: str
    language: str
    time: int
    """Unix seconds; written as the time of creation."""


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """A document ready for the PDF writer."""

    html: str
    css: str
    media: tuple[Media, ...]
    title: str
    author: str
    language: str
    time: int

    @property
    def about(self) -> About:
        """What the file says of itself."""
        return About(self.title, self.author, self.language, self.time)


def page_css(paper: str) -> str:
    """The rule for the size of the paper."""
    return f"@page {{ size: {paper} }}\n"
