"""Flash cards with the sheet that aligns the printer, and the cheat sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.config import PAPERS
from generator.model import Ranked
from generator.outputs import Job, Plan, printing_job
from generator.render import cheat_sheet, flashcards
from generator.render.book import media_of
from generator.render.media import Media
from generator.render.printed import MM, PrintDocument

if TYPE_CHECKING:
    from generator.emit.impose import Grid
    from generator.emit.pages import Sheets

SECONDS = 300
"""Base of the time limit of a layout; every question adds `SECONDS_PER_QUESTION`."""
SECONDS_PER_QUESTION = 3
COLUMNS, ROWS = 2, 4
"""Cards on a sheet; they fit on A4 and on Letter."""


def jobs(plan: Plan) -> list[Job]:
    """The cards and sheets of a build: of its first fifty questions, or of those the user chose."""
    tail = f"-{plan.stem}" if plan.stem else ""
    return [
        printing_job(f"pdf/flashcards{tail}.pdf", lambda path: _write_cards(path, plan)),
        printing_job(f"pdf/cheat-sheet{tail}.pdf", lambda path: _write_cheat_sheet(path, plan)),
        printing_job("pdf/flashcards-test-sheet.pdf", lambda path: _write_test_sheet(path, plan)),
    ]


def _write_cards(path: Path, plan: Plan) -> tuple[str, ...]:
    from generator.emit.impose import impose

    config = plan.content.config
    printed = plan.printed
    questions = printed.chosen if plan.stem else printed.chosen[: flashcards.BY_DEFAULT]
    found = flashcards.cards(questions, printed.rendered, plan.numbers)
    seconds = SECONDS + SECONDS_PER_QUESTION * len(questions)

    def pages_of(document: PrintDocument) -> Mapping[str, int]:
        measured = plan.press.lay_out(document, seconds, draw=False)
        return {name: len(spots) for name, spots in measured.anchors.items()}

    deck = flashcards.fit(found, _media(plan, questions), printed.bank, config, plan.time, pages_of)
    sheets = plan.press.lay_out(deck.document, seconds, tagged=False)
    pages = {(name, part): spot.page for name, spots in sheets.anchors.items() for part, spot in enumerate(spots)}
    sides = [(pages[front], pages[back]) for front, back in deck.sides]
    about = deck.document.about
    path.write_bytes(impose(sheets.data, sides, _grid(plan), about, config.flashcards.flip, config.flashcards.shift))
    return sheets.messages


def _write_test_sheet(path: Path, plan: Plan) -> tuple[str, ...]:
    from generator.emit.impose import Grid, impose

    config = plan.content.config
    document = flashcards.alignment_sheet(plan.printed.bank, config, plan.time, _grid(plan).edges)
    sheets = plan.press.lay_out(document, SECONDS, tagged=False)
    whole = Grid(config.paper, 1, 1, *PAPERS[config.paper])
    path.write_bytes(impose(sheets.data, [(0, 1)], whole, document.about, config.flashcards.flip, config.flashcards.shift))
    return sheets.messages


def _write_cheat_sheet(path: Path, plan: Plan) -> tuple[str, ...]:
    from generator.emit.merge import merged

    content, printed = plan.content, plan.printed
    found = cheat_sheet.contents(printed.chosen, printed.rendered, plan.numbers, content.numbers, content.config.language)
    media = _media(plan, printed.chosen[: cheat_sheet.QUESTIONS])

    def places_of(document: PrintDocument) -> cheat_sheet.Places:
        return _in_millimetres(plan.press.lay_out(document, SECONDS, draw=False), content.config.paper)

    document, left_out = cheat_sheet.compose(found, media, printed.bank, content.config, plan.time, places_of)
    sheets = plan.press.lay_out(document, SECONDS)
    path.write_bytes(merged((sheets,), document.about))
    return (*left_out, *sheets.messages)


def _in_millimetres(sheets: Sheets, paper: str) -> cheat_sheet.Places:
    """Where elements stand, with top and bottom in mm from the page's upper edge."""
    height = PAPERS[paper][1]
    return {
        name: [(spot.page, height - spot.y / MM, height - spot.foot / MM) for spot in spots]
        for name, spots in sheets.anchors.items()
    }


def _media(plan: Plan, questions: Sequence[Ranked]) -> tuple[Media, ...]:
    return media_of((ranked.question.id for ranked in questions), plan.printed.rendered)


def _grid(plan: Plan) -> Grid:
    from generator.emit.impose import Grid

    return Grid(plan.content.config.paper, COLUMNS, ROWS, flashcards.WIDTH, flashcards.HEIGHT)
