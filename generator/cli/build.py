"""`decks build`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from generator.cli.arguments import Commands, command, content_argument, load_content, positive
from generator.cli.printing import DONE, PROBLEMS, print_problems, print_summary, progress
from generator.config import PAPERS


def add(commands: Commands) -> None:
    """Add the command."""
    parser = command(commands, "build", "build Anki decks and PDFs", "decks build questions.md -o output")
    content_argument(parser)
    parser.add_argument("-o", "--output", type=Path, default=Path("output"), help="output folder (default: output)")
    parser.add_argument("--only", type=_outputs, default=("anki", "pdf"), metavar="anki,pdf", help="build only these outputs")
    parser.add_argument("--top", type=positive, metavar="N", help="only the N most likely questions")
    parser.add_argument("--section", metavar="S", help="only the questions under this header")
    parser.add_argument("--paper", choices=tuple(PAPERS), help="paper size of PDFs (default: deck.toml's)")
    parser.add_argument(
        "--flip", choices=("long", "short"), help="edge at which the printer turns flash cards over (default: deck.toml's)"
    )
    parser.add_argument(
        "--templates", type=Path, metavar="DIR", help="folder with templates of your own, which replace those of the same name"
    )
    parser.add_argument("--strict", action="store_true", help="treat warnings as errors")
    parser.add_argument("--locked", action="store_true", help="fail if the ledger would change (for CI)")
    parser.add_argument("--jobs", type=positive, default=2, metavar="N", help="outputs written at the same time (default: 2)")
    parser.set_defaults(run=_build)


def _outputs(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    unknown = [name for name in names if name not in ("anki", "pdf")]
    if unknown:
        raise argparse.ArgumentTypeError(f'"{unknown[0]}" is no output; outputs are anki and pdf')
    return names


def _build(options: argparse.Namespace) -> int:
    from generator.build import Options, build, ledger_problems
    from generator.content import stopping

    content = load_content(options)
    problems = (*content.problems, *ledger_problems(content))
    print_problems(problems)
    if stopping(problems, options.strict):
        print_summary(problems, "nothing was written")
        return PROBLEMS
    wanted = Options(
        output=options.output,
        only=options.only,
        top=options.top,
        section=options.section,
        paper=options.paper,
        flip=options.flip,
        strict=options.strict,
        locked=options.locked,
        jobs=options.jobs,
        templates=_template_folder(options.templates),
    )
    with progress() as report:
        result = build(content, wanted, int(time.time()), report)
    print_problems([problem for problem in result.problems if problem not in content.problems])
    if not result.outputs:
        found = "no question has an answer" if content.bank.questions else "no question was found"
        print(f"{found}, so there is nothing to build; write questions as headings, answers below them", file=sys.stderr)
        return PROBLEMS
    for path in result.outputs:
        print(f"{path} ({path.stat().st_size / 1000:,.0f} kB){' is up to date' if result.up_to_date else ''}")
    unanswered = sum(problem.code == "no-answer" for problem in content.problems)
    left_out = f", {unanswered} without answer left out" if unanswered else ""
    did = "nothing to do, all outputs are up to date" if result.up_to_date else f"{result.questions} questions built{left_out}"
    print(did)
    return DONE


def _template_folder(folder: Path | None) -> Path | None:
    """The folder of the user's own templates, once it is sure that it replaces something."""
    from generator.model import UsageError
    from generator.render.templates import templates_folder

    if folder is None:
        return None
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; --templates names one with templates of your own")
    ours = {path.relative_to(templates_folder()) for path in templates_folder().rglob("*") if path.is_file()}
    if not any((folder / name).is_file() for name in ours):
        names = ", ".join(sorted(map(str, ours)))
        raise UsageError(f"{folder} holds no file that replaces a template; templates are: {names}")
    return folder.resolve()
