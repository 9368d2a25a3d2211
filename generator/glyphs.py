"""Which characters print has a glyph for, and what is printed for the others.

A PDF in which a character has no glyph is no valid archive file, and its reader sees an empty box anyway. So a few
emoji become the plain sign that they mean, every other character without a glyph becomes □, and `decks check` says so.
The fallback families are the measure: any text may use them, in regular and bold.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from generator.fonts import FACES, FALLBACKS, MATH_FILE, font_files

BOX = "□"
SIGNS = {
    **dict.fromkeys("✅", "✔"),
    **dict.fromkeys("❌❎", "✘"),
    **dict.fromkeys("🌟", "★"),
    **dict.fromkeys("👉", "☞"),
    **dict.fromkeys("👈", "☜"),
    **dict.fromkeys("👆", "☝"),
    **dict.fromkeys("👇", "☟"),
    **dict.fromkeys("❓❔", "?"),
    **dict.fromkeys("❗❕", "!"),
    **dict.fromkeys("➕", "+"),
    **dict.fromkeys("➖", "−"),
    **dict.fromkeys("➗", "÷"),
    **dict.fromkeys("🔴🟠🟡🟢🔵🟣🟤", "●"),
    **dict.fromkeys("🟥🟧🟨🟩🟦🟪🟫", "■"),
    **dict.fromkeys("🔶🔷🔸🔹", "◆"),
    **dict.fromkeys("🔺", "▲"),
    **dict.fromkeys("🔻", "▼"),
    **dict.fromkeys("📝", "✎"),
    **dict.fromkeys("📧📨📩", "✉"),
    **dict.fromkeys("📞", "☎"),
    **dict.fromkeys("🔄🔁", "↻"),
    **dict.fromkeys("🚫", "⊘"),
    **dict.fromkeys("🚩", "⚑"),
}
"""Emoji -> the plain sign that print has and that means the same."""

_INVISIBLE = re.compile("[\ufe00-\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""What only changes the emoji before it: variation selectors, joiners, keycaps, skin tones, tags."""
_ENTITY = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_PIECE = re.compile(r"<title\b.*?</title>|<style\b.*?</style>|<[^>]*>|[^<]+", re.DOTALL | re.IGNORECASE)
_DRAWN_ATTRIBUTE = re.compile(r'(\sdata-[a-z]+=")([^"]*)')


@cache
def _cmap(file: str) -> frozenset[int]:
    with TTFont(font_files()[file], lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _in_text() -> frozenset[int]:
    families = [[_cmap(file) for family, _, _, _, file in FACES if family == fallback] for fallback in FALLBACKS]
    return frozenset().union(*(frozenset.intersection(*faces) for faces in families))


def missing(text: str) -> tuple[str, ...]:
    """The characters of a text for which print has neither a glyph nor a sign that means the same; each once."""
    if text.isascii():
        return ()
    return tuple(dict.fromkeys(sign for sign in text if not _printable(sign) and sign not in SIGNS))


def missing_in_formula(text: str) -> tuple[str, ...]:
    """The characters of a text that the font of formulas lacks; each once."""
    return tuple(dict.fromkeys(sign for sign in text if ord(sign) not in _cmap(MATH_FILE) and not _shapeless(sign)))


def in_font(text: str, file: str) -> bool:
    """True if a font file of print has all characters of a text."""
    return all(ord(sign) in _cmap(file) for sign in text)


def describe(sign: str) -> str:
    """A character as a message names it, e.g. `🚀 (rocket, U+1F680)`."""
    name = unicodedata.name(sign, "").lower()
    number = f"U+{ord(sign):04X}"
    return f"{sign} ({name}, {number})" if name and f"{ord(sign):x}" not in name else f"{sign} ({number})"


def _printable(sign: str) -> bool:
    return sign.isascii() or _shapeless(sign) or ord(sign) in _in_text()


def _shapeless(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp") or _INVISIBLE.match(sign) is not None


def printable(text: str) -> str:
    """A text of which every character can be printed."""
    text = _ENTITY.sub(_decoded, text) if "&#" in text else text
    if text.isascii() or all(_printable(sign) and not _INVISIBLE.match(sign) for sign in set(text)):
        return text
    out: list[str] = []
    emoji = joined = False
    for sign in text:
        if _INVISIBLE.match(sign):
            joined = sign == "\u200d" and emoji
            out.append(sign if sign == "\u200d" and not emoji else "")
            continue
        if not (_printable(sign) or joined):
            out.append(SIGNS.get(sign, BOX))
        elif not joined:
            out.append(sign)
        emoji, joined = joined or unicodedata.category(sign) == "So", False
    return "".join(out)


def _decoded(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return chr(number) if 0x80 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else match[0]


def printable_html(text: str) -> str:
    """HTML or SVG of which all that is drawn can be printed; titles, alternative texts and addresses stay as they are."""
    return _PIECE.sub(_printable_piece, text)


def _printable_piece(match: re.Match[str]) -> str:
    piece = match[0]
    if piece[0] != "<":
        return printable(piece)
    if piece.isascii():
        return piece
    return _DRAWN_ATTRIBUTE.sub(lambda attribute: attribute[1] + printable(attribute[2]), piece)
