"""`decks list`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from generator.cli.arguments import Commands, command, content_argument, load_content
from generator.cli.printing import DONE, PROBLEMS, print_problems

if TYPE_CHECKING:
    from generator.model import Ranked


def add(commands: Commands) -> None:
    """Add the command."""
    parser = command(commands, "list", "list the questions", "decks list --order source --format json")
    content_argument(parser)
    parser.add_argument(
        "--order", choices=("rank", "source"), default="rank", help="most asked first, or as in the files (default: rank)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="output format (default: text)")
    parser.set_defaults(run=_list)


def _list(options: argparse.Namespace) -> int:
    from generator.content import stopping

    content = load_content(options)
    ranking = content.ranking()
    rows = [item for item in ranking.questions if content.chosen is None or item.question.place.file in content.chosen]
    if options.order == "source":
        position = {question.id: number for number, question in enumerate(content.bank.questions)}
        rows.sort(key=lambda ranked: position[ranked.question.id])
    for source in content.bank.sources:
        print(f"{source.name}: layout: {source.layout}, explains {source.share:.0%}", file=sys.stderr)
    if options.format == "json":
        print(json.dumps([as_json(ranked) for ranked in rows], ensure_ascii=False, indent=1))
    else:
        for ranked in rows:
            mark = "" if ranked.question.answered else "  (no answer)"
            print(f"{ranked.rank:4}  {ranked.question.id:40}  {ranked.question.text}{mark}")
    errors = stopping(content.problems, strict=False)
    print_problems(errors)
    return PROBLEMS if errors else DONE


def as_json(ranked: Ranked) -> dict[str, object]:
    """A question and what was counted in its answer, as `--format json` shows it."""
    from generator.markup.commonmark import parse

    question = ranked.question
    blocks = [token for part in question.parts() for token in parse(part.markdown)[0]]
    inline = [child for token in blocks for child in token.children or ()]
    return {
        "id": question.id,
        "question": question.text,
        "sections": list(question.sections),
        "kind": question.kind,
        "level": question.level,
        "line": question.place.line,
        "file": question.place.file,
        "answered": question.answered,
        "tags": list(question.tags),
        "likelihood": None if ranked.likelihood is None else round(ranked.likelihood, 4),
        "band": ranked.band,
        "code_blocks": sum(token.type in ("fence", "code_block") for token in blocks),
        "tables": sum(token.type == "table_open" for token in blocks),
        "images": sum(token.type == "image" for token in inline),
    }
