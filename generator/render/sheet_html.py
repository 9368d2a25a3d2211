"""A rendered piece as it stands on cards and the cheat sheet: for small paper, so without links and footnote marks."""

from __future__ import annotations

import re

from markupsafe import Markup

from generator.render.markdown import NOTES, Rendered
from generator.render.math import mark_display_paragraphs
from generator.render.print_html import drawn

_LINK = re.compile(r"</?a\b[^>]*>")
_ID = re.compile(r'(<[a-z][^>]*?) id="[^"]*"')


def sheet_html(piece: Rendered) -> Markup:
    """The HTML of a piece: formulas drawn, images by the scheme of our own; links are text, footnotes left out."""
    text = NOTES.sub("", mark_display_paragraphs(piece.html, piece.math))
    return drawn(_ID.sub(r"\1", _LINK.sub("", text)), piece.math)
