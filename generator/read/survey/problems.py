"""What all files of the survey say when something is wrong in them."""

from __future__ import annotations

from generator.model import Place, Problem, Severity

CODE = "survey"


def error(place: Place, message: str, remedy: str) -> Problem:
    """A mistake in a file of the survey."""
    return Problem(place, CODE, Severity.ERROR, message, remedy)
