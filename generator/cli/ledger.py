"""`decks ledger`."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.cli.arguments import Commands, command
from generator.cli.printing import DONE


def add(commands: Commands) -> None:
    """Add the command."""
    parser = command(commands, "ledger", "care for the ledger", "decks ledger merge")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    merge = command(actions, "merge", "solve a merge conflict in the ledger", "decks ledger merge content/ledger.json")
    merge.add_argument("ledger", nargs="?", type=Path, default=Path("content/ledger.json"), help="default: content/ledger.json")
    merge.set_defaults(run=_ledger_merge)


def _ledger_merge(options: argparse.Namespace) -> int:
    from generator import ledger as ledgers
    from generator.build import ledger_text
    from generator.files import write_text
    from generator.model import DecksError, Place, Problem, Severity, UsageError
    from generator.read import display_name

    path: Path = options.ledger
    if not path.is_file():
        raise UsageError(f"{path} is not there")
    text = ledger_text(path)
    ours, theirs = ledgers.split_conflict(text)
    if ours == theirs:
        ledgers.load(text, display_name(path))
        print(f"{path} holds no merge conflict")
        return DONE
    name = display_name(path)
    sides = ledgers.load(ours, name), ledgers.load(theirs, name)
    if sides[0].bank != sides[1].bank:
        message = f'the two sides belong to different banks, "{sides[0].bank}" and "{sides[1].bank}"'
        raise DecksError(
            (Problem(Place(name, 3), "ledger", Severity.ERROR, message, "keep the side of the bank in deck.toml"),)
        )
    merged = ledgers.merge(*sides)
    write_text(path, ledgers.dump(merged))
    print(f"{path}: both sides merged, {len(merged.notes)} notes; now run `decks build`")
    return DONE
