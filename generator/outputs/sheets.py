"""Flash cards with the sheet that aligns the printer, and the cheat sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.model import DecksError, Place, Problem, Ranked, Severity
from generator.outputs import Job, Plan
from generator.render import cheat_sheet, flashcards
from generator.render.guide import PrintDocument
from generator.render.media import Media

if TYPE_CHECKING:
    from generator.emit.impose import Grid

SECONDS = 300
"""Base of the time limit of a layout; every question adds `SECONDS_PER_QUESTION`."""
SECONDS_PER_QUESTION = 3
COLUMNS, ROWS = 2, 4
"""Cards on a sheet; they fit on A4 and on Letter."""


def jobs(plan: Plan) -> list[Job]:
    """The cards and sheets of a build: of its first fifty questions, or of those the user chose."""
    tail = f"-{plan.stem}" if plan.stem else ""
    cards, test, sheet = f"flashcards{tail}.pdf", "flashcards-test-sheet.pdf", f"cheat-sheet{tail}.pdf"
    return [
        Job(f"pdf/{cards}", lambda path: _guarded(cards, lambda: _write_cards(path, plan))),
        Job(f"pdf/{sheet}", lambda path: _guarded(sheet, lambda: _write_cheat_sheet(path, plan))),
        Job(f"pdf/{test}", lambda path: _guarded(test, lambda: _write_test_sheet(path, plan))),
    ]


def _guarded(name: str, write: Callable[[], tuple[str, ...]]) -> tuple[Problem, ...]:
    from generator.emit.pdf import PdfError

    try:
        messages = write()
    except PdfError as error:
        problem = Problem(
            Place(name, 0),
            "pdf",
            Severity.ERROR,
            f"the PDF could not be written: {error}",
            "build with --only anki, or halve the content until the question at fault is found",
        )
        raise DecksError((problem,)) from error
    remedy = "look at the page; if it is wrong, write it more simply"
    return tuple(Problem(Place(name, 0), "print", Severity.WARNING, message, remedy) for message in messages)


def _write_cards(path: Path, plan: Plan) -> tuple[str, ...]:
    from generator.emit.impose import impose
    from generator.emit.pdf import Layouter

    config = plan.content.config
    questions = plan.chosen if plan.stem else plan.chosen[: flashcards.BY_DEFAULT]
    found = flashcards.cards(questions, plan.rendered, plan.numbers)
    with Layouter(SECONDS + SECONDS_PER_QUESTION * len(questions)) as layouter:

        def pages_of(document: PrintDocument) -> Mapping[str, int]:
            return {name: len(spots) for name, spots in layouter.measure(document).anchors.items()}

        deck = flashcards.fit(found, _media(plan, questions), plan.content.bank, config, _time(plan), pages_of)
        laid_out = layouter.lay_out(deck.document, tagged=False)
    pages = {(name, part): spot[0] for name, spots in laid_out.anchors.items() for part, spot in enumerate(spots)}
    sides = [(pages[front], pages[back]) for front, back in deck.sides]
    path.write_bytes(impose(laid_out.pdf, sides, _grid(plan), config.flashcards.flip, config.flashcards.shift))
    return laid_out.warnings


def _write_test_sheet(path: Path, plan: Plan) -> tuple[str, ...]:
    from generator.emit.impose import PAPERS, Grid, impose
    from generator.emit.pdf import Layouter

    config = plan.content.config
    document = flashcards.alignment_sheet(plan.content.bank, config, _time(plan), _grid(plan).edges)
    with Layouter(SECONDS) as layouter:
        laid_out = layouter.lay_out(document, tagged=False)
    whole = Grid(config.paper, 1, 1, *PAPERS[config.paper])
    path.write_bytes(impose(laid_out.pdf, [(0, 1)], whole, config.flashcards.flip, config.flashcards.shift))
    return laid_out.warnings


def _write_cheat_sheet(path: Path, plan: Plan) -> tuple[str, ...]:
    from generator.emit.pdf import Layouter

    content = plan.content
    found = cheat_sheet.contents(plan.chosen, plan.rendered, plan.numbers, content.numbers)
    media = _media(plan, plan.chosen[: cheat_sheet.QUESTIONS])

    with Layouter(SECONDS) as layouter:

        def places_of(document: PrintDocument) -> cheat_sheet.Places:
            return layouter.measure(document).anchors

        document, left_out = cheat_sheet.compose(found, media, content.bank, content.config, _time(plan), places_of)
        laid_out = layouter.lay_out(document)
    path.write_bytes(laid_out.pdf)
    return (*left_out, *laid_out.warnings)


def _media(plan: Plan, questions: Sequence[Ranked]) -> list[Media]:
    media = {item.name: item for ranked in questions for item in plan.rendered[ranked.question.id].media}
    return [media[name] for name in sorted(media)]


def _grid(plan: Plan) -> Grid:
    from generator.emit.impose import Grid

    return Grid(plan.content.config.paper, COLUMNS, ROWS, flashcards.WIDTH, flashcards.HEIGHT)


def _time(plan: Plan) -> int:
    return max(entry.time for entry in plan.ledger.notes.values())
