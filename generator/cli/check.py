"""`decks check`."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from generator.cli.arguments import Commands, command, content_argument, load_content
from generator.cli.printing import DONE, PROBLEMS, print_summary

if TYPE_CHECKING:
    from generator.model import Problem


def add(commands: Commands) -> None:
    """Add the command."""
    parser = command(
        commands, "check", "say what is wrong with the questions, by file and line", "decks check content --strict"
    )
    content_argument(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="output format (default: text)")
    parser.add_argument("--strict", action="store_true", help="exit 1 also for warnings")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from generator.build import ledger_problems
    from generator.content import stopping

    content = load_content(options)
    problems = (*content.problems, *ledger_problems(content))
    if options.format == "json":
        rows = [
            {
                "file": problem.place.file,
                "line": problem.place.line,
                "code": problem.code,
                "severity": problem.severity.value,
                "message": problem.message,
                "remedy": problem.remedy,
            }
            for problem in problems
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif options.format == "github":
        for problem in problems:
            print(_github(problem))
    else:
        for problem in problems:
            print(f"{problem.place}: {problem.severity.value} {problem.code}: {problem.message}; {problem.remedy}")
    if options.format == "text":
        questions = content.bank.questions
        answered = sum(question.answered for question in questions)
        print_summary(problems, f"{len(questions)} questions, {answered} answered")
    return PROBLEMS if stopping(problems, options.strict) else DONE


def _github(problem: Problem) -> str:
    """A workflow annotation, https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""

    def escaped(text: str, also: str = "") -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if also else text

    place = f"file={escaped(problem.place.file, 'property')},line={max(1, problem.place.line)}"
    return f"::{problem.severity.value} {place},title={problem.code}::{escaped(f'{problem.message}; {problem.remedy}')}"
