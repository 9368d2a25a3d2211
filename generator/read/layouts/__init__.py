"""How people write question lists: a small reader per way, and the table of them.

Each finds the questions that the document would hold if it were written that way. Its score is the share of
the document's non-blank lines that it explains, times the share of its questions that look like one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.model import Problem, Severity
from generator.read.canonical import Reading
from generator.read.document import Document
from generator.read.layouts import clues, folds, headings, lists, paragraphs, quotes, tables
from generator.read.layouts.assemble import assemble
from generator.read.layouts.outline import Outline, quality


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of writing a question list."""

    name: str
    outline: Callable[[Document], Outline]
    numbered_counts: bool = False
    """Whether a number or label alone is evidence for a question."""
    least: float = 0.6
    """Share of the found questions that must look like one."""


LAYOUTS = (
    Layout("headings", headings.outline, numbered_counts=True),
    Layout("bold paragraphs", paragraphs.bold, numbered_counts=True),
    Layout("labelled paragraphs", paragraphs.labelled),
    Layout("numbered list", paragraphs.numbered),
    Layout("folds", folds.details, least=0.5),
    Layout("tables", tables.tables, least=0.0),
    Layout("quotes", quotes.quotes),
    Layout("divs", folds.divs, least=0.0),
    Layout("bullet list", lists.bullets),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The layout that a document is read by."""

    layout: Layout
    outline: Outline
    share: float
    """Share of the non-blank lines that it explains."""


def choose(document: Document, forced: str | None = None) -> Choice | None:
    """The layout that explains a document best; None where none finds questions.

    `forced` names one of `LAYOUTS` to be taken whatever it explains.
    """
    best: tuple[float, Choice] | None = None
    named = headings.is_list_by_name(document)
    for layout in LAYOUTS:
        if forced is not None and layout.name != forced:
            continue
        outline = layout.outline(document)
        good = quality(outline, layout.numbered_counts, tasks=named)
        share = outline.coverage(document)
        few = len(outline.questions) == 1 and (share < 0.5 or quality(outline, False) == 0)
        if outline.questions and ((good >= layout.least and not few) or forced):
            score = share * max(good, layout.least) * _weight(len(outline.questions))
            if best is None or score > best[0] + 0.02:
                best = (score, Choice(layout, outline, share))
    if best is None and forced is None and named:
        return _by_name(document)
    return best[1] if best else None


def _by_name(document: Document) -> Choice | None:
    """What a document that calls itself a question list is read by where nothing in it asks: its topics are the questions."""
    outline = NAMES["numbered list"].outline(document)
    if len(outline.questions) >= 3 and outline.answered(document) >= 0.8:
        return Choice(NAMES["numbered list"], outline, outline.coverage(document))
    return choose(document, LAYOUTS[0].name) if len(document.headings) > 2 else None


def _weight(count: int) -> float:
    """Few questions are weak evidence for a layout: 1 counts half, 5 nearly full."""
    return count / (count + 1)


def read(document: Document, choice: Choice | None) -> Reading:
    """The questions of a document by the chosen layout, and the lines that it leaves out."""
    if choice is None:
        place = document.place(0)
        remedy = "write each question as a heading with its answer below, or see docs/format.md"
        return Reading((), (Problem(place, "no-question", Severity.WARNING, "no question was found in this file", remedy),))
    reading = assemble(document, choice.outline)
    return Reading(reading.questions, (*reading.problems, *left_out(document, choice.outline)))


def left_out(document: Document, outline: Outline) -> tuple[Problem, ...]:
    """A warning for every run of lines that is in no question, answer or section heading."""
    covered = {number for first, last in outline.ranges(document) for number in range(first, last)}
    shown = [mark for mark in outline.sections if not clues.CONTENTS.fullmatch(mark.text)]
    covered |= {number for mark in shown for number in range(mark.start, mark.end)}
    runs: list[list[int]] = []
    open_run = False
    for number, line in enumerate(document.lines):
        if number in covered:
            open_run = False
        elif line.strip() and not clues.is_noise(line):
            if not open_run:
                runs.append([])
            runs[-1].append(number)
            open_run = True
    return tuple(_lost(document, run) for run in runs)


def _lost(document: Document, run: list[int]) -> Problem:
    count = f"lines {run[0] + 1} to {run[-1] + 1} are" if run[-1] > run[0] else "the line is"
    message = f"{count} in no question and left out"
    return Problem(document.place(run[0]), "lost-text", Severity.WARNING, message, "move what matters below a question")


NAMES: Mapping[str, Layout] = {layout.name: layout for layout in LAYOUTS}
