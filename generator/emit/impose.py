"""Small pages -> sheets: the faces of cards side by side, backs where they meet their fronts, with crop marks.

The sheets are PDF/A-3u; they keep the fonts of the faces and have no tags.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf

from generator.config import PAPERS
from generator.emit.archive import archived
from generator.render.printed import MM, About

MARK_GAP, MARK_LENGTH = 2.0, 6.0
"""Crop marks in mm: how far from the cards they begin and how long they are."""
CROSS = 1.5
"""Length in mm of the arms of the crosses where four cards meet."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How cards lie on a sheet, in the middle of it; sizes in mm."""

    paper: str
    columns: int
    rows: int
    width: float
    height: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        return PAPERS[self.paper]

    @property
    def edges(self) -> tuple[list[float], list[float]]:
        """Where the cuts go: x of the vertical ones from the left, y of the horizontal ones from the top."""
        left = (self.size[0] - self.columns * self.width) / 2
        top = (self.size[1] - self.rows * self.height) / 2
        return [left + self.width * n for n in range(self.columns + 1)], [top + self.height * n for n in range(self.rows + 1)]


def impose(
    pdf: bytes,
    sides: Sequence[tuple[int, int]],
    grid: Grid,
    about: About,
    flip: str = "long",
    shift: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """Put cards on sheets for duplex printing, fronts on odd pages, backs on even ones.

    A sheet turned over at its long edge shows the back of column c at column `columns - 1 - c`. One turned over at its
    short edge shows that page upside down, so the whole page is turned by 180 degrees.

    Args:
        pdf: the faces, a page each, all of the grid's card size.
        sides: for each card the pages (from 0) of its front and back.
        about: what the file says of itself.
        flip: the edge at which the sheet is turned over, `long` or `short`.
        shift: how far the backs are moved to the right and up, in mm, as seen by who reads them.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        faces = [page.as_form_xobject() for page in document.pages]
        count = len(document.pages)
        for start in range(0, len(sides), grid.columns * grid.rows):
            sheet = list(enumerate(sides[start : start + grid.columns * grid.rows]))
            fronts = [(place % grid.columns, place // grid.columns, front) for place, (front, _) in sheet]
            backs = [(grid.columns - 1 - place % grid.columns, place // grid.columns, back) for place, (_, back) in sheet]
            turn = "" if flip == "long" else f"-1 0 0 -1 {_points(grid.size[0])} {_points(grid.size[1])} cm "
            move = f"1 0 0 1 {_points(shift[0])} {_points(shift[1])} cm"
            _add_page(document, grid, "q", fronts, faces)
            _add_page(document, grid, f"q {turn}{move}", backs, faces)
        del document.pages[:count]
        _finish(document, flip)
        return archived(document, about, ua=False)


def _add_page(
    document: pikepdf.Pdf, grid: Grid, begin: str, cells: Sequence[tuple[int, int, int]], faces: Sequence[pikepdf.Object]
) -> None:
    xs, ys = grid.edges
    height = grid.size[1]
    drawing = [begin, _marks(grid)]
    for column, row, face in cells:
        drawing.append(f"q 1 0 0 1 {_points(xs[column])} {_points(height - ys[row + 1])} cm /Face{face} Do Q")
    drawing.append("Q")
    used = {f"/Face{face}": faces[face] for _, _, face in cells}
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, float(_points(grid.size[0])), float(_points(height))],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(used)),
        Contents=document.make_stream("\n".join(drawing).encode("ascii")),
    )
    document.pages.append(pikepdf.Page(document.make_indirect(page)))


def _marks(grid: Grid) -> str:
    """Crop marks around the cards, and small crosses where four of them meet."""
    if grid.columns == grid.rows == 1:
        return ""
    xs, ys = grid.edges
    far = MARK_GAP + MARK_LENGTH
    lines = [(x, y, x, y + sign * MARK_LENGTH) for x in xs for y, sign in ((ys[0] - far, 1), (ys[-1] + far, -1))]
    lines += [(x, y, x + sign * MARK_LENGTH, y) for y in ys for x, sign in ((xs[0] - far, 1), (xs[-1] + far, -1))]
    crosses = [(x, y) for x in xs[1:-1] for y in ys[1:-1]]
    lines += [(x - CROSS, y, x + CROSS, y) for x, y in crosses] + [(x, y - CROSS, x, y + CROSS) for x, y in crosses]
    height = grid.size[1]
    drawn = [f"{_points(a)} {_points(height - b)} m {_points(c)} {_points(height - d)} l S" for a, b, c, d in lines]
    return "\n".join(["q 0.25 w 0.45 G", *drawn, "Q"])


def _points(millimetres: float) -> str:
    return f"{millimetres * MM:.3f}"


def _finish(document: pikepdf.Pdf, flip: str) -> None:
    """What belonged to the faces' pages is taken out; viewers are told how to print the sheets."""
    for key in ("/StructTreeRoot", "/MarkInfo", "/Outlines", "/PageLabels", "/PageMode", "/Names", "/Dests", "/OpenAction"):
        if key in document.Root:
            del document.Root[key]
    document.Root.ViewerPreferences = pikepdf.Dictionary(
        PrintScaling=pikepdf.Name("/None"),
        Duplex=pikepdf.Name.DuplexFlipLongEdge if flip == "long" else pikepdf.Name.DuplexFlipShortEdge,
    )
