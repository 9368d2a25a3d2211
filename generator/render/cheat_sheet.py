"""Ranked questions and numbers to know -> the cheat sheet, four pages at most.

The most asked questions with the sentence that opens their answer, the numbers, then comparison tables from the
answers. Tables fill what room is left, by rank; one that does not fit is left out, none is ever cut. Laying out is
the PDF writer's work: `compose` is given a function that does it and says where every element came to stand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from markupsafe import Markup

from generator.config import PAPERS, Config
from generator.model import Bank, KeyNumber, Question, Ranked
from generator.render.anki_html import plain
from generator.render.lead import lead
from generator.render.markdown import Rendered, inline_html, title_html
from generator.render.media import Media
from generator.render.printed import PrintDocument, page_css
from generator.render.question import QuestionHtml
from generator.render.sheet_html import sheet_html
from generator.render.templates import read_template, render
from generator.render.typography import set_piece

QUESTIONS = 50
"""How many questions are printed at most."""
PAGES = 4
TAG = "cheat-sheet"
"""Questions with this tag give the sheet their first table; without any, the small tables by rank do."""
TOP, BOTTOM = 11.0, 13.0
"""Margins in mm; cheat_sheet.css has the same."""
HEADING = 9.5
"""Room in mm for a heading with what is above it."""
GAP = 4.0
"""Room in mm below a table."""
SMALL_ROWS, SMALL_CHARACTERS = 9, 900
"""What a table may have to be taken without a tag."""
NARROW_COLUMNS, NARROW_CHARACTERS = 4, 640
"""What a table may have to stand in half the width."""

LONG_VALUE = 38
"""Characters of a value that fit on a line of the numbers' columns."""
LONG_WORD = 18
"""Characters of a word that fit into a narrow column of a table."""

_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)

Places = Mapping[str, Sequence[tuple[int, float, float]]]
"""Id -> page index, top and bottom in mm, for each page that the element is on."""
Measure = Callable[[PrintDocument], Places]


@dataclass(frozen=True, slots=True)
class Row:
    """A question in one line."""

    number: int
    title: Markup
    lead: Markup
    long_words: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison from an answer."""

    id: str
    number: int
    caption: str
    html: Markup
    wide: bool
    """Takes the whole width."""
    long_words: bool
    """Has words that must be broken anywhere, or they would not fit into a column."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number to know."""

    id: str
    name: Markup
    value: Markup
    long: bool
    """Its value takes more than a line."""
    note: Markup
    source: int
    """The number of its source in the list below."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from."""

    number: int
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A table and where it stands in its region, in mm from the top; `right` is the right half."""

    table: Table
    top: float
    right: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that tables fill."""

    before: bool
    """True for the room between the questions and the numbers."""
    new_page: bool
    """True where nothing stands above it on its page."""
    height: float
    tables: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What could be on the sheet."""

    rows: tuple[Row, ...]
    numbers: tuple[KeyNumber, ...]
    tables: tuple[Table, ...]
    chosen: bool
    """The author chose the tables by their tag."""
    ranked: bool
    """The questions are in the order of their likelihood."""


def contents(
    questions: Sequence[Ranked],
    rendered: Mapping[str, QuestionHtml],
    numbers: Mapping[str, int],
    to_know: Sequence[KeyNumber],
    language: str,
) -> Contents:
    """What could be on the sheet of some questions; `numbers` are the questions' numbers in the study guide."""
    first = questions[:QUESTIONS]
    rows = [_row(item.question, rendered[item.question.id], numbers[item.question.id], language) for item in first]
    tagged = any(TAG in item.question.tags for item in first)
    tables = [
        table
        for item in first
        if not tagged or TAG in item.question.tags
        if (table := _first_table(item.question, rendered[item.question.id], numbers[item.question.id], any_size=tagged))
    ]
    return Contents(tuple(rows), tuple(_by_group(to_know)), tuple(tables), tagged, any(item.band for item in first))


def compose(
    found: Contents, media: Sequence[Media], bank: Bank, config: Config, time: int, measure: Measure
) -> tuple[PrintDocument, tuple[str, ...]]:
    """The sheet with as many tables as have room on its pages, in their order, and what was left out that should not be.

    Where the questions and numbers alone take more than the pages, numbers are left out from the end, then questions.
    """

    def sheet(
        some: Contents, regions: Sequence[Region] = (), trial: Sequence[Table] = (), numbers_apart: bool = True
    ) -> PrintDocument:
        return _document(some, regions, trial, numbers_apart, media, bank, config, time)

    wanted = found
    places = measure(sheet(found, trial=found.tables))
    if _last(places) >= PAGES:
        bound = sum(name.startswith("number-") and spots[-1][0] < PAGES for name, spots in places.items())
        found = _shortened(found, bound, lambda some: _last(measure(sheet(some))) < PAGES)
        places = {**places, **measure(sheet(found))}
    apart, rooms = _rooms(places, PAPERS[config.paper][1] - BOTTOM)
    regions = _filled(found.tables, places, rooms)
    return sheet(found, regions, numbers_apart=apart), tuple(_left_out(wanted, found, regions))


def _left_out(wanted: Contents, found: Contents, regions: Sequence[Region]) -> Iterator[str]:
    """What the author counts on and the sheet has no room for."""
    for what, before, after in (("numbers", wanted.numbers, found.numbers), ("questions", wanted.rows, found.rows)):
        if len(after) < len(before):
            yield f"the last {len(before) - len(after)} of {len(before)} {what} have no room on {PAGES} pages"
    there = {placed.table.id for region in regions for placed in region.tables}
    if wanted.chosen and (missing := [str(table.number) for table in wanted.tables if table.id not in there]):
        yield f"the tables of questions {', '.join(missing)} have no room on {PAGES} pages"


def _shortened(found: Contents, bound: int, fits: Callable[[Contents], bool]) -> Contents:
    """The contents with as many numbers as fit (`bound` at most), and where none does with as many questions."""
    kept = _most(bound, lambda count: fits(replace(found, numbers=found.numbers[:count])))
    shorter = replace(found, numbers=found.numbers[:kept])
    if kept or fits(shorter):
        return shorter
    kept = _most(len(found.rows), lambda count: fits(replace(shorter, rows=found.rows[:count])))
    return replace(shorter, rows=found.rows[:kept])


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to a limit that fits, by halving; 0 where none does."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _last(places: Places) -> int:
    """Index of the last page that questions and numbers take."""
    return max(spots[-1][0] for name, spots in places.items() if name in ("questions", "numbers"))


def _rooms(places: Places, floor: float) -> tuple[bool, list[Region]]:
    """Whether the numbers begin a page of their own, and what room that leaves for tables, empty still.

    `places` are those of a sheet whose numbers begin a page; `floor` is the foot of a page's text in mm. The numbers
    follow the questions on their page where they fit there whole.
    """
    page, _, bottom = places["questions"][-1]
    numbers = places.get("numbers", ())
    height = sum(low - high for _, high, low in numbers)
    apart = bool(numbers) and (len(numbers) > 1 or bottom + height + HEADING > floor)
    rooms = [Region(True, False, floor - bottom - HEADING, ())] if apart else []
    if apart:
        page, _, bottom = numbers[-1]
    else:
        bottom += height + (HEADING if numbers else 0)
    rooms.append(Region(False, False, floor - bottom - HEADING, ()))
    rooms += [Region(False, True, floor - TOP - HEADING, ()) for _ in range(page + 1, PAGES)]
    return apart, rooms


def _filled(tables: Sequence[Table], places: Places, rooms: Sequence[Region]) -> list[Region]:
    """The rooms with each table in the first one that has place for it, and cut to what is in them."""
    columns = [[0.0, 0.0] for _ in rooms]
    placed: list[list[Placed]] = [[] for _ in rooms]
    for table in tables:
        spots = places[table.id]
        if len(spots) > 1:
            continue  # higher than a page
        height = spots[0][2] - spots[0][1] + GAP
        for room, heights, inside in zip(rooms, columns, placed, strict=True):
            right = not table.wide and heights[1] < heights[0]
            top = max(heights) if table.wide else heights[right]
            if top + height - GAP <= room.height:
                inside.append(Placed(table, round(top, 2), right))
                heights[:] = [top + height] * 2 if table.wide else heights
                heights[right] = top + height
                break
    return [
        replace(room, height=round(max(heights) - GAP, 2), tables=tuple(inside))
        for room, heights, inside in zip(rooms, columns, placed, strict=True)
        if inside
    ]


def _row(question: Question, rendered: QuestionHtml, number: int, language: str) -> Row:
    opening = set_piece(lead(question), language)
    words = f"{plain(rendered.title)} {plain(opening)}"
    return Row(number, sheet_html(rendered.title), sheet_html(opening), _long_words(words))


def _long_words(text: str) -> bool:
    return any(len(word) > LONG_WORD for word in text.split())


def _first_table(question: Question, rendered: QuestionHtml, number: int, any_size: bool) -> Table | None:
    for piece in (rendered.short, rendered.key_point_text, *(part.html for part in rendered.answer)):
        for match in _TABLE.finditer(piece.html):
            text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", match[0])).split())
            columns = max(len(re.findall(r"<t[hd]\b", row)) for row in match[0].split("<tr")) if match[0] else 0
            if not any_size and (match[0].count("<tr") > SMALL_ROWS or len(text) > SMALL_CHARACTERS or "<img" in match[0]):
                continue
            wide = columns > NARROW_COLUMNS or len(text) > NARROW_CHARACTERS
            caption = plain(title_html(question.sections[-1])) if len(question.sections) > 1 else plain(rendered.title)
            return Table(
                f"table-{number}", number, caption, sheet_html(Rendered(match[0], piece.math)), wide, _long_words(text)
            )
    return None


def _document(
    found: Contents,
    regions: Sequence[Region],
    trial: Sequence[Table],
    numbers_apart: bool,
    media: Sequence[Media],
    bank: Bank,
    config: Config,
    time: int,
) -> PrintDocument:
    title = plain(title_html(bank.title))
    sources = _sources(found.numbers)
    day = datetime.fromtimestamp(time, UTC)
    text = render(
        "pdf/cheat_sheet.html",
        title=title,
        config=config,
        rows=found.rows,
        ranked=found.ranked,
        groups=[
            (group, [_printed(number, sources, config.language) for number in members])
            for group, members in groupby(found.numbers, key=lambda number: number.group)
        ],
        sources=tuple(sources.values()),
        checked=min((number.as_of for number in found.numbers if number.as_of), default=""),
        regions=regions,
        trial=trial,
        numbers_apart=numbers_apart,
        date=day.strftime("%-d %B %Y"),
    )
    return PrintDocument(
        html=text,
        css=read_template("tokens.css") + page_css(config.paper) + read_template("pdf/cheat_sheet.css"),
        media=tuple(media),
        title=f"{title}: cheat sheet",
        author=config.author,
        language=config.language,
        time=time,
    )


def _by_group(numbers: Sequence[KeyNumber]) -> list[KeyNumber]:
    """The numbers with those of a group together, groups in the order in which they begin."""
    order = {group: place for place, group in enumerate(dict.fromkeys(number.group for number in numbers))}
    return sorted(numbers, key=lambda number: order[number.group])


def _sources(numbers: Sequence[KeyNumber]) -> dict[tuple[str, str], Source]:
    keys = dict.fromkeys((number.source, number.address) for number in numbers)
    return {key: Source(place, *key) for place, key in enumerate(keys, 1)}


def _printed(number: KeyNumber, sources: Mapping[tuple[str, str], Source], language: str) -> PrintedNumber:
    def html_of(text: str) -> Markup:
        return sheet_html(set_piece(inline_html(text), language))

    return PrintedNumber(
        id=f"number-{number.id}",
        name=html_of(number.name),
        value=html_of(number.value),
        long=len(plain(inline_html(number.value))) > LONG_VALUE,
        note=html_of(number.note) if number.note else Markup(),
        source=sources[number.source, number.address].number,
    )
