"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from generator.content import Content

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

LAYOUT_NAMES = (
    "headings",
    "numbered list",
    "bold paragraphs",
    "labelled paragraphs",
    "forms",
    "folds",
    "tables",
    "quotes",
    "divs",
    "bullet list",
)
"""The names in `generator.read.layouts.LAYOUTS`, here so that `--help` loads nothing heavy; a test compares them."""


def command(commands: Commands, name: str, text: str, example: str) -> argparse.ArgumentParser:
    """A new command: its parser, with a one-line help text and an example."""
    return commands.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def content_argument(parser: argparse.ArgumentParser) -> None:
    """What is read: a content folder or files, and how."""
    parser.add_argument(
        "content", nargs="*", type=Path, metavar="CONTENT", help="content folder or question files (default: content/)"
    )
    parser.add_argument(
        "--layout", choices=LAYOUT_NAMES, metavar="NAME", help="read files without ids this way: " + ", ".join(LAYOUT_NAMES)
    )


def positive(text: str) -> int:
    """A whole number above 0; raises argparse.ArgumentTypeError."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number above 0')
    return int(text)


def load_content(options: argparse.Namespace) -> Content:
    """What the arguments of `content_argument` name, read and checked."""
    from generator.content import load

    return load(options.content or [Path("content")], options.layout)
