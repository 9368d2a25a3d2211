"""A rendered piece as it stands on cards and the cheat sheet: for small paper, so without links and footnote marks."""

from __future__ import annotations

import re

from markupsafe import Markup

from generator.render.markdown import Rendered
from generator.render.math import fill, mark_display_paragraphs, print_image
from generator.render.printed import ASSET_SCHEME
from generator.render.templates import safe

_LINK = re.compile(r"</?a\b[^>]*>")
_NOTES = re.compile(r'<sup id="fnref.*?</sup>|<div>\s*<hr>\s*<ol>\s*<li id="fn-.*?</ol>\s*</div>', re.DOTALL)
_ID = re.compile(r'(<[a-z][^>]*?) id="[^"]*"')
_IMAGE = re.compile(r'<img src="([\w.-]+)"')


def sheet_html(piece: Rendered) -> Markup:
    """The HTML of a piece: formulas drawn, images by the scheme of our own; links are text, footnotes left out."""
    text = _NOTES.sub("", mark_display_paragraphs(piece.html, piece.math))
    text = _ID.sub(r"\1", _LINK.sub("", text))
    text = _IMAGE.sub(rf'<img src="{ASSET_SCHEME}\1"', text)
    return safe(fill(text, piece.math, print_image))
