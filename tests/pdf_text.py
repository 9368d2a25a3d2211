"""What a PDF shows and where: pieces of text with their places in mm from the lower left corner of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

POINTS = 72 / 25.4
Matrix = tuple[float, float, float, float, float, float]
FontOf = Callable[[pikepdf.Object], "Font"]
STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
"""Print's quotation marks -> those of the source."""
UNIT: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Piece:
    """Text that was drawn in one go."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    """In points, as it appears."""
    upright: bool
    form: str
    """Name of the form that it stands in; empty on the page itself."""


class Font:
    """Characters and widths of a font's codes."""

    def __init__(self, font: pikepdf.Object) -> None:
        self.characters: dict[int, str] = {}
        table = bytes(font.ToUnicode.read_bytes()).decode("ascii")
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
                self.characters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
        for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                start = bytes.fromhex(text).decode("utf-16-be")
                for step in range(int(last, 16) - int(first, 16) + 1):
                    self.characters[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
        self.widths: dict[int, float] = {}
        entries: list[Any] = list(font.DescendantFonts[0].get("/W", []))
        while entries:
            first, following = int(entries.pop(0)), entries.pop(0)
            if isinstance(following, pikepdf.Array):
                widths = list(following)
                self.widths |= {first + step: float(width) for step, width in enumerate(widths)}
            else:
                width = float(entries.pop(0))
                self.widths |= dict.fromkeys(range(first, int(following) + 1), width)

    def read(self, codes: bytes) -> tuple[str, float]:
        """Text and width in thousandths of the size."""
        pairs = [int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)]
        text = "".join(self.characters.get(pair, "\ufffd") for pair in pairs)
        return text, sum(self.widths.get(pair, 1000.0) for pair in pairs)


def pieces(page: pikepdf.Page) -> list[Piece]:
    """Every piece of text of a page."""
    fonts: dict[tuple[int, int], Font] = {}

    def font_of(font: pikepdf.Object) -> Font:
        if font.objgen not in fonts:
            fonts[font.objgen] = Font(font)
        return fonts[font.objgen]

    return list(_drawn(page, UNIT, "", font_of))


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(item) for item in operands)
    return a, b, c, d, e, f


def _drawn(content: pikepdf.Page | pikepdf.Object, start: Matrix, form: str, font_of: FontOf) -> Iterator[Piece]:
    resources = content.Resources
    stack: list[Matrix] = []
    here = start
    line = text_at = UNIT
    font: Font | None = None
    size = 0.0
    for instruction in pikepdf.parse_content_stream(content):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "q":
            stack.append(here)
        elif operator == "Q":
            here = stack.pop()
        elif operator == "cm":
            here = _product(_matrix(operands), here)
        elif operator == "BT":
            line = text_at = UNIT
        elif operator == "Tm":
            line = text_at = _matrix(operands)
        elif operator in ("Td", "TD"):
            line = text_at = _product((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
        elif operator == "Tf":
            font, size = font_of(resources.Font[str(operands[0])]), float(operands[1])
        elif operator in ("Tj", "TJ") and font is not None:
            text, width = "", 0.0
            for item in list(operands[0]) if operator == "TJ" else operands:
                if isinstance(item, pikepdf.String):
                    more, wide = font.read(bytes(item))
                    text, width = text + more, width + wide
                else:
                    width -= float(item)
            at = _product(text_at, here)
            ends = [(x * size * at[0] + y * size * at[2] + at[4], x * size * at[1] + y * size * at[3] + at[5])
                    for x, y in ((0, 0), (width / 1000, 0.7))]  # fmt: skip
            xs, ys = sorted(x for x, _ in ends), sorted(y for _, y in ends)
            scale = abs(at[3])
            box = xs[0] / POINTS, ys[0] / POINTS, xs[1] / POINTS, ys[1] / POINTS
            yield Piece(text, *box, size * scale, at[0] > 0 and at[3] > 0, form)
            text_at = _product((1, 0, 0, 1, width / 1000 * size, 0), text_at)
        elif operator == "Do" and resources.XObject[str(operands[0])].get("/Subtype") == "/Form":
            inner = resources.XObject[str(operands[0])]
            placed = _product(_matrix(list(inner.get("/Matrix", pikepdf.Array(list(UNIT))))), here)
            yield from _drawn(inner, placed, form or str(operands[0]), font_of)


def dense(text: str) -> str:
    """Text without blanks, hyphens and print's quotation marks, so that line ends and setting do not matter."""
    return re.sub(r"[-\u00ad\u2010\s]", "", text.translate(STRAIGHT))
