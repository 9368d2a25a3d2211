"""What is wrong with the form of a file, beside what its reader stumbles over: one table of rules.

They look at the parsed file with its line numbers, so they run while it is at hand; `generator.check` lists their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from generator.model import Problem, Question
from generator.read.document import Document
from generator.read.faults import blocks, delimiters, fences, levels, numbering
from generator.read.faults.view import View

ANY_FILE: tuple[Callable[[View], Iterator[Problem]], ...] = (
    fences.stray_fences,
    delimiters.unbalanced,
    blocks.html_blocks,
    blocks.broken_tables,
    blocks.stray_markers,
    blocks.cut_sentences,
    blocks.lost_characters,
    blocks.left_out_columns,
)
LISTS: tuple[Callable[[View], Iterator[Problem]], ...] = (
    numbering.numbering,
    levels.heading_levels,
    blocks.second_labels,
)
"""Rules on what a layout guesses; in our own format a question has no number, and its level is the reader's business."""


def faults(document: Document, questions: Sequence[Question], layout: str) -> tuple[Problem, ...]:
    """Warnings about a document from which the given questions were read by the layout of that name."""
    view = View.of(document, questions, layout)
    rules = ANY_FILE if layout == "canonical" else (*ANY_FILE, *LISTS)
    return tuple(dict.fromkeys(problem for rule in rules for problem in rule(view)))
