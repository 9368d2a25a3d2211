"""The printed outputs."""

from __future__ import annotations

from pathlib import Path

from generator.model import DecksError, Place, Problem, Severity
from generator.outputs import Job, Plan
from generator.render.guide import PrintDocument, study_guide

SECONDS_FOR_PDF = 300
"""Base of the time limit of a PDF; every question adds `SECONDS_PER_QUESTION`."""
SECONDS_PER_QUESTION = 3


def jobs(plan: Plan) -> list[Job]:
    """The PDFs of a build."""
    time = max(entry.time for entry in plan.ledger.notes.values())
    document = study_guide(plan.content.bank, plan.chosen, plan.rendered, plan.content.config, time)
    seconds = SECONDS_FOR_PDF + SECONDS_PER_QUESTION * len(plan.chosen)
    name = f"{plan.stem or 'study-guide'}.pdf"
    return [Job(f"pdf/{name}", lambda path: _write_pdf(path, name, document, seconds))]


def _write_pdf(path: Path, name: str, document: PrintDocument, seconds: int) -> tuple[Problem, ...]:
    from generator.emit.pdf import PdfError, write_pdf

    try:
        messages = write_pdf(path, document, seconds)
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
