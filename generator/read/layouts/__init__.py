"""How people write question lists: a small reader per way, and the table of them.

A layout scores how much of a document it explains (0 to 1, a share of the non-blank lines) and reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.read.canonical import Reading
from generator.read.document import Document
from generator.read.layouts import headings


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of writing a question list."""

    name: str
    score: Callable[[Document], float]
    read: Callable[[Document], Reading]


LAYOUTS = (Layout("headings", headings.score, headings.read),)
