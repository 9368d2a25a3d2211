"""What every command prints the same way: problems, sums, progress. On stderr, so that stdout stays clean."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.build import Report
    from generator.model import Problem

DONE, PROBLEMS, USAGE = 0, 1, 2
"""Exit codes."""


def print_problems(problems: Sequence[Problem]) -> None:
    """Every problem on one line of stderr."""
    for problem in problems:
        print(f"{problem.place}: {problem.severity.value}: {problem.message}; {problem.remedy}", file=sys.stderr)


def print_summary(problems: Sequence[Problem], what: str) -> None:
    """What was done, and how many problems there are."""
    errors = sum(problem.severity.value == "error" for problem in problems)
    print(f"{what}; {errors} errors, {len(problems) - errors} warnings", file=sys.stderr)


@contextmanager
def progress() -> Iterator[Report]:
    """A bar on a terminal, plain lines elsewhere; on stderr, so that stdout stays clean."""
    if not sys.stderr.isatty() or os.environ.get("CI"):
        yield _plain_report
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, whole: int) -> None:
            name = stage.split(" ")[0]
            if name not in tasks:
                tasks[name] = bar.add_task(stage, total=whole)
            bar.update(tasks[name], description=stage, completed=done, total=whole)  # type: ignore[arg-type]

        yield report


def _plain_report(stage: str, done: int, whole: int) -> None:
    if done == whole or stage.startswith("write") or done % 100 == 0:
        print(f"{stage}: {done} of {whole}", file=sys.stderr)
