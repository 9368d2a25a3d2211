"""`decks rank`."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING

from generator.cli.arguments import Commands, command, content_argument, load_content
from generator.cli.printing import DONE

if TYPE_CHECKING:
    from generator.content import Content
    from generator.model import Ranked, Ranking


def add(commands: Commands) -> None:
    """Add the command."""
    parser = command(commands, "rank", "show the order and where it comes from", "decks rank --explain self-attention")
    content_argument(parser)
    parser.add_argument("--explain", metavar="ID", help="show the sum and every place behind one question's likelihood")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="output format (default: text)")
    parser.set_defaults(run=_rank)


def _rank(options: argparse.Namespace) -> int:
    from generator.content import stopping
    from generator.model import DecksError

    content = load_content(options)
    if errors := stopping(content.problems, strict=False):
        raise DecksError(errors)
    ranking = content.ranking()
    if options.explain:
        return _explain(options.explain, content, ranking)
    rows = [_row(ranked) for ranked in ranking.questions]
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif options.format == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        _print_table(ranking)
    return DONE


_COLUMNS = ("rank", "id", "likelihood", "band", "authors", "of_authors", "kind", "section", "question")


def _row(ranked: Ranked) -> dict[str, object]:
    question, evidence = ranked.question, ranked.evidence
    values = (
        ranked.rank,
        question.id,
        None if ranked.likelihood is None else round(ranked.likelihood, 4),
        ranked.band,
        len(evidence.asking) if evidence.covering else None,
        len(evidence.covering) or None,
        question.kind,
        question.sections[0] if question.sections else "",
        question.text,
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _print_table(ranking: Ranking) -> None:
    print(f"{'rank':>4}  {'likelihood':>10}  {'band':15}  {'authors':>8}  question")
    for ranked in ranking.questions:
        evidence = ranked.evidence
        value = "-" if ranked.likelihood is None else f"{ranked.likelihood:.3f}"
        authors = f"{len(evidence.asking)}/{len(evidence.covering)}" if evidence.covering else "-"
        print(f"{ranked.rank:4}  {value:>10}  {ranked.band or '-':15}  {authors:>8}  {ranked.question.text}")


def _explain(identity: str, content: Content, ranking: Ranking) -> int:
    from generator.model import UsageError
    from generator.rank import trials_of

    ranked = ranking.by_id().get(identity)
    if ranked is None:
        raise UsageError(f'"{identity}" is no question of the bank; `decks list` shows the ids')
    evidence, weights, lists = ranked.evidence, content.config.weights, content.survey.lists
    print(ranked.question.text, ranked.question.place, sep="\n")
    print(f"rank {ranked.rank} of {len(ranking.questions)}, band {ranked.band or 'none'}")
    if ranked.likelihood is None:
        print("no survey and no likelihood of the author: the order is the files'")
        return DONE
    if evidence.override is not None:
        print(f"likelihood {ranked.likelihood:.3f}, set by the author with likelihood=")
        return DONE
    asking = sum(evidence.asking.values())
    trials = trials_of(evidence, weights)
    strength, share = weights.prior_strength, weights.prior_share
    print(
        f"likelihood = (s*m + k) / (s + n) = ({strength:g}*{share:g} + {asking}) / ({strength:g} + {trials:g})"
        f" = {ranked.likelihood:.3f}"
    )
    kind = ranked.question.kind
    print(f"asked by {len(evidence.asking)} of {len(evidence.covering)} authors whose lists cover {kind} questions:")
    for author, weight in evidence.asking.items():
        print(f"  {author}{f' (counts {weight}: independent reports)' if weight > 1 else ''}")
    if evidence.outside and weights.outside_weight:
        print(f"{evidence.outside} other authors of curated or reported lists count {weights.outside_weight:g} each in n")
    if evidence.ties:
        print("for ties only, authors of lists that do not count: " + ", ".join(evidence.ties))
    print("places:")
    for place in evidence.places:
        known = lists[place.list]
        print(f"  {place}  {known.grade}, {known.author}: {known.title}, {known.address}")
    return DONE
