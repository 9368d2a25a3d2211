"""Where the characters of a PDF stand, by PDFium."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True)
class Char:
    """A character and its box in points from the page's lower left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class PageText:
    """A page's size and visible characters."""

    width: float
    height: float
    chars: tuple[Char, ...]
    text: str

    def find(self, words: str) -> list[Char]:
        """The first character of every place where some words stand."""
        solid = [char for char in self.chars if not char.text.isspace()]
        line = "".join(char.text for char in solid)
        wanted = "".join(words.split())
        places, at = [], line.find(wanted)
        while at >= 0:
            places.append(solid[at])
            at = line.find(wanted, at + 1)
        return places


def pages_of(path: Path) -> tuple[PageText, ...]:
    """The pages of a PDF."""
    pages = []
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            content = page.get_textpage()
            width, height = page.get_size()
            text = content.get_text_bounded()
            chars = []
            for number in range(content.count_chars()):
                left, bottom, right, top = content.get_charbox(number)
                char = content.get_text_range(number, 1)
                if right > left and char.strip():
                    chars.append(Char(char, left, bottom, right, top))
            pages.append(PageText(width, height, tuple(chars), text))
    return tuple(pages)


def outside(page: PageText, number: int, inner: float, outer: float, top: float, bottom: float) -> list[Char]:
    """The characters beyond the margins, given in mm; odd pages are right-hand ones."""
    left, right = (inner, outer) if number % 2 else (outer, inner)
    slack = 3.0  # a j reaches back under the letter before it
    return [
        char
        for char in page.chars
        if char.left < left * MM - slack
        or char.right > page.width - right * MM + slack
        or char.bottom < bottom * MM
        or char.top > page.height - top * MM
    ]


def last_tags(pdf: pikepdf.Pdf) -> dict[int, tuple[str, ...]]:
    """Index of a page -> the tags around the last thing on it that is not its head or foot, outermost first."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    last: dict[int, tuple[str, ...]] = {}
    waiting: list[tuple[pikepdf.Object | int, tuple[str, ...], int]] = [(pdf.Root.StructTreeRoot.K, (), 0)]
    while waiting:  # depth first, in reading order
        item, tags, page = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += [(kid, tags, page) for kid in reversed(list(item))]
        elif isinstance(item, pikepdf.Dictionary):
            page = pages[item.Pg.objgen] if "/Pg" in item else page
            if "/S" in item and "/K" in item:
                waiting.append((item.K, (*tags, str(item.S)), page))
            elif item.get("/Type") == "/MCR":
                last[page] = tags
        else:
            last[page] = tags
    return last
