"""Lines that say nothing: separators, links to the top, empty frames, entries of a table of contents."""

from __future__ import annotations

import re

_SEPARATOR = re.compile(
    r"(?:[-*_][ \t]*){3,}|[⸻—―─━═]+|&nbsp;|#{1,6}(?:[ \t]+[-–—*.·•]*)?|:{3,}[ \t]*[\w-]*|#-{5,}#|<!--SR:[^\n]*-->"
)
"""What parts paragraphs and says nothing; `<!--SR:` notes when a flash card is due."""
_SHORTCODE = re.compile(r":[a-z][a-z_]*:")
_TAGS = re.compile(r"</?(?:div|p|dl|center|details|a|b|strong|sub|sup|i|em|small|span|br|hr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_ARROWS = re.compile("[⬆↑▲🔝🔼☝↥⤴🔙⏫⇧⇪△]")
_BACK = ("back", "go", "return", "jump", "scroll")
_TO_TOP = re.compile(
    rf"\W*(?:(?:{'|'.join(_BACK)}) ?(?:up |back )?to )?(?:the )?"
    r"(?:top|contents?|table of contents?|toc|index|questions?|start|menu)"
    r"(?: of (?:the )?(?:page|list|document|questions?))?\W*",
    re.IGNORECASE,
)
_ANCHOR_LINK = re.compile(r"^\W*\[[^\]]*\]\(\s*#[^)]*\)\W*$|^\W*\[[^\]]+\]\([^)]*\)\W*$")


def is_separator(line: str) -> bool:
    """Whether a line does nothing but part what stands above it from what follows."""
    return len(line) <= 400 and _SEPARATOR.fullmatch(line.strip()) is not None


def is_noise(line: str) -> bool:
    """Whether a line is a separator, a back-to-top link or an empty frame."""
    line = line.strip()
    if not line or len(line) > 400:
        return not line
    bare = _SHORTCODE.sub("", _TAGS.sub("", line)).strip()
    if not bare or _SEPARATOR.fullmatch(line):
        return True
    linked = "](#" in line or re.search(r"href=.#", line) is not None
    bare = re.sub(r"\]\([^()\s]*\)", "", bare)
    words = re.findall(r"\w+", bare)
    if _ARROWS.search(bare) and (not words or (linked and len(words) <= 6)):
        return True
    return bool(words) and _TO_TOP.fullmatch(bare) is not None and (linked or words[0].lower() in _BACK)


def is_link_only(text: str) -> bool:
    """Whether a list item or heading is nothing but a link: an entry of a table of contents."""
    return _ANCHOR_LINK.match(text.strip()) is not None
