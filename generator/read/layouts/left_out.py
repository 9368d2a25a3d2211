"""What of a document no card shows, and a document without any question: the findings that say so."""

from __future__ import annotations

from generator.markup.commonmark import CODE_BLOCKS
from generator.model import Problem, Severity
from generator.read.document import Document
from generator.read.layouts import header_words, noise, question_labels, question_words
from generator.read.layouts.assemble import sections_shown
from generator.read.layouts.outline import Outline
from generator.read.layouts.titles import titles


def no_question(document: Document) -> Problem:
    """The finding on a document without questions; text in code is no structure, but may be what was meant."""
    line, message = 0, "no question was found in this file"
    remedy = "write each question as a heading with its answer below, or see docs/format.md"
    for block in document.tokens:
        if block.type in CODE_BLOCKS and block.map:
            lines = block.content.split("\n")
            if sum(question_words.ends_asking(text) and question_labels.asks(text) for text in lines if text.strip()) >= 2:
                line = block.map[0]
                message += ", but code that asks questions, and code is never read as questions"
                remedy = "remove the fence around them" if block.type == "fence" else "take their indent off"
                break
    return Problem(document.place(line), "no-question", Severity.WARNING, message, remedy)


def left_out(document: Document, outline: Outline) -> tuple[Problem, ...]:
    """A warning for every run of lines that is in no question, answer or heading of a section with questions."""
    covered = {number for first, last in outline.ranges(document) for number in range(first, last)}
    used = sections_shown(outline) | {heading.start for heading in titles(document)[:1] if heading.level == 1}
    refrains = {mark.start for mark in outline.sections if mark.until == mark.end and not header_words.is_contents(mark.text)}
    shown = [mark for mark in outline.sections if mark.start in used | refrains]
    covered |= {number for mark in shown for number in range(mark.start, mark.end)}
    runs: list[list[int]] = []
    open_run = False
    for number, line in enumerate(document.lines):
        if number in covered:
            open_run = False
        elif line.strip() and not noise.is_noise(line):
            if not open_run:
                runs.append([])
            runs[-1].append(number)
            open_run = True
    return tuple(_lost(document, run) for run in runs)


def _lost(document: Document, run: list[int]) -> Problem:
    count = f"lines {run[0] + 1} to {run[-1] + 1} are" if run[-1] > run[0] else "the line is"
    message = f"{count} in no question and left out"
    return Problem(document.place(run[0]), "lost-text", Severity.WARNING, message, "move what matters below a question")
