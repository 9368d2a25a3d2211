"""What the page layout hands on: a tagged PDF, and where everything stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class PdfError(Exception):
    """The PDF could not be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page."""

    page: int
    """0-based, inside its own document."""
    x: float
    """Points from the page's left edge."""
    y: float
    """Points from the page's lower edge."""
    foot: float = 0.0
    """Where the box that begins here ends on this page: points from the page's lower edge."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline."""

    level: int
    """1 for the outermost."""
    label: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Sheets:
    """A document, laid out."""

    data: bytes
    """The PDF; empty where only places were asked for."""
    pages: int
    anchors: Mapping[str, tuple[Spot, ...]]
    """Id of an element -> upper left corner of its box on every page that it is on."""
    bookmarks: tuple[Bookmark, ...]
    messages: tuple[str, ...]
    """What the layout warned of."""
