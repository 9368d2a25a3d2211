"""Opaque tokens that stand in for text no Markdown parser may touch (math, code, HTML).

A token is a private-use character, a kind letter, a number and a closing private-use character. Both
Markdown libraries treat it as one word. A source that uses these characters loses them on reading, so that
no text of a stranger can forge a token.
"""

from __future__ import annotations

import re

OPEN = "\U0010ff00"
CLOSE = "\U0010ff01"
FILL = "\U0010ff02"
"""Fills the further lines of a token that stood for several, so that line numbers stay true."""
MARK_OPEN = "\U0010ff03"
MARK_HINT = "\U0010ff04"
MARK_CLOSE = "\U0010ff05"

RESERVED = re.compile("[\U0010fe00-\U0010ff0f]")
TOKEN = re.compile(f"{OPEN}([a-z])([0-9]+){CLOSE}")
_ENTITY = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,8})|0*([0-9]{1,9}))(?![0-9a-fA-F]);?")
_FILL_LINES = re.compile(f"\n?[ \t>]*{FILL}")


def token(kind: str, number: int) -> str:
    """The token of the given kind (one small letter) and number."""
    return f"{OPEN}{kind}{number}{CLOSE}"


def without_reserved(text: str) -> str:
    """The text with characters that could forge a token, also written as entities, replaced by U+FFFD."""
    text = _ENTITY.sub(lambda match: "\ufffd" if _is_reserved(match) else match[0], text) if "&#" in text else text
    return RESERVED.sub("\ufffd", text)


def _is_reserved(match: re.Match[str]) -> bool:
    return 0x10FE00 <= (int(match[1], 16) if match[1] else int(match[2])) <= 0x10FF0F


def without_fill(text: str) -> str:
    """The text with the filler lines of multi-line tokens taken out."""
    return _FILL_LINES.sub("", text) if FILL in text else text
