"""The charts of a guide's introduction: how many questions each part has, and how likely those of each section are.

They are drawn by matplotlib as SVG with outlines for letters: the same bytes on every machine, and no font to embed.
What they show stands in the alternative text too.
"""

from __future__ import annotations

import io
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Literal

from generator.fonts import font_files
from generator.glyphs import in_font, printable
from generator.render.book import Book, PrintedQuestion
from generator.render.media import Media
from generator.render.print_html import shortened
from generator.render.printed import ASSET_SCHEME, MM
from generator.render.templates import colour_tokens

if TYPE_CHECKING:  # matplotlib takes half a second to import, so only who draws does it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

WIDTH, COVER_WIDTH = 146.0, 112.0
"""Widths in mm: as wide as the text area, and on the cover."""
ROW, BAR = 6.4, 3.6
"""Height in mm of a row, and of the bar in it."""
AXIS = 6.0
"""Height in mm of the scale below the strips."""
COUNT_ROOM = 12.0
"""Width in mm that is left for the number at the end of a row."""
LABEL_CHARACTERS = 40
"""Characters of a row's name; a longer one is cut."""
MOST_SECTIONS = 24
"""Sections that fit on a page; of more, the most likely are shown."""
SIZE = 9.5
"""Points of the type."""
STEP = 10
"""The scale ends at a multiple of so many percent, and every other one has a mark."""

_DRAWING = Lock()
"""Guides are made in several threads, and matplotlib's settings are global."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and what it says in words."""

    media: Media
    alt: str

    @property
    def address(self) -> str:
        """What an `<img>` names it by."""
        return f"{ASSET_SCHEME}{self.media.name}"


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of a book; None where there is nothing to show."""

    cover: Chart | None = None
    bands: Chart | None = None
    sections: Chart | None = None

    @property
    def media(self) -> tuple[Media, ...]:
        """The drawings."""
        return tuple(chart.media for chart in (self.cover, self.bands, self.sections) if chart is not None)


@dataclass(frozen=True, slots=True)
class Strip:
    """The likelihoods of a section, in percent."""

    name: str
    count: int
    least: float
    lower: float
    """A quarter of the questions is less likely."""
    median: float
    upper: float
    """A quarter of the questions is more likely."""
    most: float


def charts(book: Book) -> Charts:
    """The charts of a book; none if there is no evidence behind its order."""
    if not book.ranked:
        return Charts()
    colours = colour_tokens()
    rows = [(part.title, len(part.questions)) for part in book.parts]
    alt = "Questions in each part: " + ", ".join(f"{name} {count}" for name, count in rows) + "."
    ink, accent, paper = (colours.get(name, "#000000") for name in ("ink", "accent", "paper"))
    found = strips(book.questions)
    return Charts(
        cover=Chart(Media("chart-cover.svg", _bars(rows, COVER_WIDTH, paper, paper), None), alt),
        bands=Chart(Media("chart-bands.svg", _bars(rows, WIDTH, ink, accent), None), alt),
        sections=Chart(Media("chart-sections.svg", _strips(found, colours), None), _in_words(found)) if found else None,
    )


def strips(questions: Sequence[PrintedQuestion]) -> tuple[Strip, ...]:
    """The likelihoods of each section, the most likely first; empty if there is nothing to compare."""
    groups: dict[str, list[float]] = {}
    for question in questions:
        if question.sections and question.likelihood is not None:
            groups.setdefault(question.sections[0], []).append(100 * question.likelihood)
    found = [_strip(name, values) for name, values in groups.items()]
    found.sort(key=lambda strip: (-strip.median, -strip.most, strip.name))
    return tuple(found[:MOST_SECTIONS]) if len(found) > 1 else ()


def _strip(name: str, values: Sequence[float]) -> Strip:
    lower, median, upper = statistics.quantiles(values, method="inclusive") if len(values) > 1 else (values[0],) * 3
    return Strip(name, len(values), min(values), lower, median, upper, max(values))


def _in_words(found: Sequence[Strip]) -> str:
    rows = (f"{one.name} {one.median:.0f}% ({one.least:.0f} to {one.most:.0f}%)" for one in found)
    return "Likelihood of the questions of each section, median and range: " + "; ".join(rows) + "."


def _bars(rows: Sequence[tuple[str, int]], width: float, ink: str, bar: str) -> bytes:
    """A bar for each row, its name before it and its number behind it."""
    with _DRAWING:
        figure, axes = _sheet(width, ROW * len(rows))
        left = _names(axes, [name for name, _ in rows], ink)
        scale = (width - left - COUNT_ROOM) / max(count for _, count in rows)
        for number, (_, count) in enumerate(rows):
            middle = ROW * (number + 0.5)
            axes.barh(middle, max(count * scale, 0.5), BAR, left, color=bar, linewidth=0)
            _write(axes, left + count * scale + 2, middle, str(count), ink, bold=True)
        return _svg(figure)


def _strips(found: Sequence[Strip], colours: dict[str, str]) -> bytes:
    """A strip for each section: a line over the range, a bar over the middle half, a dot at the median."""
    ink, soft, line, accent, paper = (colours.get(name, "#000000") for name in ("ink", "ink-soft", "line", "accent", "paper"))
    with _DRAWING:
        figure, axes = _sheet(WIDTH, ROW * len(found) + AXIS)
        left = _names(axes, [strip.name for strip in found], ink)
        end = STEP * (int(max(strip.most for strip in found)) // STEP + 1)
        scale = (WIDTH - left - COUNT_ROOM) / end
        for mark in range(0, end + 1, 2 * STEP):
            axes.plot([left + mark * scale] * 2, [0, ROW * len(found)], color=line, linewidth=0.6)
            _write(axes, left + mark * scale, ROW * len(found) + AXIS / 2, f"{mark}%", soft, side="center")
        for number, strip in enumerate(found):
            middle = ROW * (number + 0.5)
            least, lower, median, upper, most = (
                left + value * scale for value in (strip.least, strip.lower, strip.median, strip.upper, strip.most)
            )
            axes.plot([least, most], [middle] * 2, color=soft, linewidth=0.9)
            axes.barh(middle, max(upper - lower, 0.1), BAR, lower, color=line, edgecolor=soft, linewidth=0.6, zorder=3)
            axes.plot([median], [middle], "o", color=accent, markersize=6, markeredgecolor=paper, zorder=4)
            _write(axes, WIDTH, middle, f"{strip.median:.0f}%", ink, bold=True, side="right")
        return _svg(figure)


def _sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A drawing of some size, to be drawn on in mm from its upper left corner."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * MM / 72, height * MM / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_autoscale_on(False)
    return figure, axes


def _names(axes: Axes, names: Sequence[str], ink: str) -> float:
    """Write the names of rows; returns where what stands beside them begins."""
    from matplotlib.textpath import TextPath

    cut = [printable(shortened(name, LABEL_CHARACTERS)) for name in names]
    for number, name in enumerate(cut):
        _write(axes, 0, ROW * (number + 0.5), name, ink)
    return 4.0 + max(TextPath((0, 0), name, SIZE, prop=_font(name)).get_extents().width for name in cut) / MM


def _write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    ink: str,
    *,
    bold: bool = False,
    side: Literal["left", "center", "right"] = "left",
) -> None:
    axes.text(
        x,
        y,
        text,
        color=ink,
        fontproperties=_font(text, bold=bold),
        fontsize=SIZE,
        horizontalalignment=side,
        verticalalignment="center_baseline",
        parse_math=False,
    )


def _font(text: str, *, bold: bool = False) -> FontProperties:
    """The font of headings, or the fallback where that lacks a letter."""
    from matplotlib.font_manager import FontProperties

    file = "SourceSansPro-Semibold.otf" if bold else "SourceSansPro-Regular.otf"
    return FontProperties(fname=str(font_files()[file if in_font(text, file) else "DejaVuSans.ttf"]))


def _svg(figure: Figure) -> bytes:
    """The drawing as SVG without anything that changes from one run to the next."""
    import matplotlib as mpl

    data = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "chart", "svg.fonttype": "path", "path.simplify": False}):
        figure.savefig(data, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return data.getvalue()
