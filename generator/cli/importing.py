"""`decks import`."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.cli.arguments import LAYOUT_NAMES, Commands, command, load_content
from generator.cli.printing import DONE, PROBLEMS, print_problems


def add(commands: Commands) -> None:
    """Add the command."""
    text = "write question lists in any layout as canonical Markdown, losing nothing"
    parser = command(commands, "import", text, "decks import questions.md -o content")
    parser.add_argument("content", nargs="+", type=Path, metavar="FILE", help="question files in any layout")
    parser.add_argument("-o", "--output", type=Path, default=Path("content"), help="content folder (default: content)")
    names = ", ".join(LAYOUT_NAMES)
    parser.add_argument("--layout", choices=LAYOUT_NAMES, metavar="NAME", help=f"read the files this way: {names}")
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from generator.config import load_config
    from generator.content import stopping
    from generator.emit.markdown import import_bank
    from generator.model import DecksError, UsageError
    from generator.read import display_name

    content = load_content(options)
    if content.root.resolve() == options.output.resolve():
        raise UsageError("the files already lie in the content folder; give another one with -o")
    if errors := stopping(content.problems, strict=False):
        raise DecksError(errors)
    if not content.bank.questions:
        print_problems(content.problems)
        return PROBLEMS
    config = load_config(options.output / "deck.toml", f"{display_name(options.output)}/deck.toml")
    if config.bank not in (None, content.bank.slug):
        raise UsageError(
            f'{options.output} holds the bank "{config.bank}", the files are "{content.bank.slug}"; give another folder'
        )
    report = import_bank(content.bank, options.output, config)
    print_problems(report.problems)
    for path in report.files:
        print(path)
    print(
        f"{report.new} questions new, {report.updated} updated, {report.unchanged} unchanged, {len(report.problems)} to look at"
    )
    return DONE
