"""`decks survey`: add a list to the evidence, judge what the program was not sure of, see gaps, measure the order."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.arguments import Commands, command, content_argument, load_content, positive
from generator.cli.printing import DONE, print_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.content import Content
    from generator.model import SurveyList
    from generator.survey.match import Embed
    from generator.survey.review import Doubt

A_PAGE = 5
"""Questions that are judged at one prompt."""


def add(commands: Commands) -> None:
    """Add the commands."""
    parser = command(commands, "survey", "care for the evidence behind the order", "decks survey gaps --min-authors 2")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _add_add(actions)
    _add_review(actions)
    gaps = command(actions, "gaps", "show what lists ask and the bank lacks", "decks survey gaps --min-authors 2")
    content_argument(gaps)
    gaps.add_argument("--min-authors", type=positive, default=1, metavar="N", help="only what N authors ask or more")
    gaps.add_argument("--all", action="store_true", help="also what was decided to be out of scope")
    gaps.add_argument("--format", choices=("text", "json"), default="text", help="output format (default: text)")
    gaps.set_defaults(run=_gaps)
    text = "measure how well the order predicts what an author asks whose lists it has not seen"
    measure = command(actions, "validate", text, "decks survey validate")
    content_argument(measure)
    measure.add_argument("--format", choices=("text", "json"), default="text", help="output format (default: text)")
    measure.set_defaults(run=_validate)


def _add_add(actions: Commands) -> None:
    parser = command(
        actions, "add", "find the bank's questions that a list asks", "decks survey add their-list.md --list their-list"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the list, a question file in any layout")
    parser.add_argument("--list", required=True, metavar="SLUG", help="its slug in survey/lists.toml")
    parser.add_argument("--content", type=Path, default=Path("content"), help="content folder (default: content)")
    parser.add_argument("--model", type=Path, metavar="DIR", help="folder of a sentence-transformers model, which finds more")
    new = parser.add_argument_group("of a list that is not in lists.toml yet")
    new.add_argument("--author", metavar="NAME", help="who keeps it; an author counts once, however many lists")
    new.add_argument("--address", metavar="URL", help="where it is published")
    new.add_argument("--title", metavar="TEXT", help="its title (default: the file's)")
    new.add_argument("--kind", metavar="FIELD", default="genai", help="its field (default: genai)")
    new.add_argument("--grade", choices=("reported", "curated", "generated"), default="curated", help="(default: curated)")
    new.add_argument("--date", metavar="YYYY-MM", help="when it was read (default: this month)")
    new.add_argument("--rounds", metavar="KINDS", default="concept", help="kinds of question it covers (default: concept)")
    parser.set_defaults(run=_add)


def _add_review(actions: Commands) -> None:
    text = "judge what the program was not sure of, here or in an editor"
    parser = command(actions, "review", text, "decks survey review their-list.review.txt")
    parser.add_argument("file", type=Path, metavar="FILE", help="a review file, as `decks survey add` writes it")
    parser.add_argument("--content", type=Path, default=Path("content"), help="content folder (default: content)")
    parser.set_defaults(run=_review)


# --- add -------------------------------------------------------------------------------------------------


def _add(options: argparse.Namespace) -> int:
    from generator.content import load
    from generator.emit.survey import add_asked, add_list
    from generator.files import write_text
    from generator.model import UsageError
    from generator.survey import review
    from generator.survey.add import judge

    content = _sound_bank(options.content)
    found = load([options.file])
    if not found.bank.questions:
        print_problems(found.problems)
        raise UsageError(f"{options.file} holds no question; see `decks check {options.file}`")
    new = None if options.list in content.survey.lists else _new_list(options, found)
    result = judge(content, options.list, [question.text for question in found.bank.questions], _model(options.model))
    working_paper = Path(f"{options.list}.review.txt")
    if result.doubts and working_paper.exists():
        raise UsageError(f"{working_paper} is still there; finish it with `decks survey review {working_paper}`, or remove it")
    if new:
        add_list(content.root, new)
    add_asked(content.root, result.sure)
    if result.doubts:
        wordings = {question.id: question.text for question in content.bank.questions}
        write_text(working_paper, review.dump(result.doubts, wordings, options.list, working_paper.name))
    written = sum(map(len, result.sure.values()))
    print(f"{len(found.bank.questions)} questions read, {result.known} judged before, {written} written to asked.toml")
    if result.doubts:
        print(f"{len(result.doubts)} to be judged: decks survey review {working_paper}")
    return DONE


def _new_list(options: argparse.Namespace, found: Content) -> SurveyList:
    """The entry of a list that is new.

    Raises:
        UsageError: something that it needs is not given, or is wrong.
    """
    from datetime import date

    from generator.model import KINDS, SurveyList, UsageError
    from generator.read.survey.lists import SLUG

    if not SLUG.fullmatch(options.list):
        raise UsageError(f'"{options.list}" is no slug; write a-z, 0-9 and -')
    missing = [name for name in ("author", "address") if not getattr(options, name)]
    if missing:
        raise UsageError(
            f'"{options.list}" is not in lists.toml; name it as there, or give ' + " and ".join(f"--{name}" for name in missing)
        )
    rounds = frozenset(options.rounds.split(","))
    if unknown := sorted(rounds - set(KINDS)):
        raise UsageError(f'"{unknown[0]}" is no kind of question; kinds are ' + ", ".join(KINDS))
    return SurveyList(
        slug=options.list,
        title=options.title or found.bank.title,
        address=options.address,
        author=options.author,
        kind=options.kind,
        grade=options.grade,
        date=options.date or f"{date.today():%Y-%m}",
        questions=len(found.bank.questions),
        rounds=rounds,
    )


def _model(folder: Path | None) -> Embed | None:
    """The sentence-embedding model in a folder; nothing is ever downloaded.

    Raises:
        UsageError: the folder or the library is not there.
    """
    from generator.model import UsageError
    from generator.survey.embedding import load_model

    if folder is None:
        return None
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; --model names one that holds a sentence-transformers model")
    try:
        return load_model(folder)
    except ImportError:
        raise UsageError("--model needs the library: pip install 'interview-decks[embedding]'") from None
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"{folder} holds no sentence-transformers model ({error})"[:300]) from error


def _sound_bank(folder: Path) -> Content:
    """The content folder whose survey is to be written to.

    Raises:
        DecksError: it has errors, so that writing would build on sand.
    """
    from generator.content import load, stopping
    from generator.model import DecksError, UsageError

    if not folder.is_dir():
        raise UsageError(f"{folder} is no content folder")
    content = load([folder])
    if errors := stopping(content.problems, strict=False):
        raise DecksError(errors)
    return content


# --- review ----------------------------------------------------------------------------------------------


def _review(options: argparse.Namespace) -> int:
    from generator.emit.survey import add_asked, add_gaps
    from generator.files import write_text
    from generator.model import UsageError
    from generator.read import display_name
    from generator.survey import review
    from generator.survey.add import decisions

    content = _sound_bank(options.content)
    try:
        text = options.file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{options.file} is not UTF-8 text") from None
    wordings = {question.id: question.text for question in content.bank.questions}
    doubts = list(review.load(text, display_name(options.file), wordings))
    if sys.stdin.isatty() and any(doubt.decision is None for doubt in doubts):
        _ask(doubts, wordings)
    decided = decisions(content.survey, [doubt for doubt in doubts if doubt.decision])
    add_asked(content.root, decided.asked)
    if decided.gaps or decided.unmatched:
        add_gaps(content.root, decided.gaps, decided.unmatched, content.survey.unmatched)
    left = [doubt for doubt in doubts if doubt.decision is None]
    if left:
        slug = left[0].place.list
        write_text(options.file, review.dump(left, wordings, slug, options.file.name))
    else:
        options.file.unlink()
    print(
        f"{sum(map(len, decided.asked.values()))} written to asked.toml, {sum(map(len, decided.gaps.values()))} to gaps.toml, "
        f"{len(decided.unmatched)} unmatched, {decided.known} judged before, {len(left)} left"
    )
    return DONE


def _ask(doubts: list[Doubt], wordings: dict[str, str]) -> None:
    """Go through the undecided ones at the terminal, some at a time; the list is changed in place."""
    waiting = [number for number, doubt in enumerate(doubts) if doubt.decision is None]
    print("y = the first, a to e = that one, n = none of them, g TOPIC = a gap, s = later; one answer each, or q to stop")
    for start in range(0, len(waiting), A_PAGE):
        page = waiting[start : start + A_PAGE]
        for place, number in enumerate(page, 1):
            print(f"\n{place}. {doubts[number].text}")
            for letter, one in zip("abcde", doubts[number].candidates, strict=False):
                print(f"     {letter} {one.probability:4.0%}  {wordings.get(one.id, one.id)}")
        if not _ask_page(doubts, page):
            return


def _ask_page(doubts: list[Doubt], page: Sequence[int]) -> bool:
    """Take the answers of a page, e.g. `y, n, b, g chunk overlap, s`; False: the user stops."""
    from generator.survey.review import decide

    while True:
        try:
            line = input(f"\n{len(page)} answers, with commas> ").strip()
        except EOFError:
            return False
        if line.lower() == "q":
            return False
        answers = [item.strip() for item in (line.split(",") if "," in line or len(page) == 1 else line.split())]
        decided = [decide(doubts[number], answer) for number, answer in zip(page, answers, strict=False)]
        if len(answers) != len(page) or None in decided:
            print(f"give {len(page)} answers, e.g. " + ", ".join(["y", "n", "b", "g missing topic", "s"][: len(page)]))
            continue
        for number, doubt in zip(page, decided, strict=True):
            if doubt is not None:
                doubts[number] = doubt
        return True


# --- gaps and validate -----------------------------------------------------------------------------------


def _gaps(options: argparse.Namespace) -> int:
    from generator.content import stopping
    from generator.survey.gaps import open_gaps, unjudged

    content = load_content(options)
    print_problems(stopping(content.problems, strict=False))
    found = open_gaps(content.survey, options.min_authors, options.all)
    if options.format == "json":
        rows = [
            {
                "topic": one.gap.topic,
                "authors": list(one.authors),
                "decision": one.gap.decision,
                "why": one.gap.why,
                "places": [str(place) for place in one.gap.places],
            }
            for one in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return DONE
    for one in found:
        why = f"  ({one.gap.why})" if one.gap.why else ""
        print(f"{len(one.authors):3} authors  {one.gap.decision:5}  {one.gap.topic}{why}")
    open_lists = {slug: count for slug, count in unjudged(content.survey).items() if count}
    for slug, count in open_lists.items():
        print(f"{slug}: {count} of {content.survey.lists[slug].questions} questions are not judged yet", file=sys.stderr)
    if not found:
        print("no gap" + (f" that {options.min_authors} authors ask" if options.min_authors > 1 else ""))
    return DONE


def _validate(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from generator.model import UsageError
    from generator.survey.validate import LEAST_AUTHORS, validate

    content = load_content(options)
    rows = validate(content.bank, content.survey, content.config, content.survey.baseline)
    if not rows:
        raise UsageError(f"fewer than {LEAST_AUTHORS} authors have curated or reported lists, so there is nothing to measure")
    if options.format == "json":
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return DONE
    line = "{:26} {:18} {:>7} {:>9} {:>6}  {:15} {:>15}"
    print(line.format("part of the bank", "order", "authors", "questions", "AUC", "95 % interval", "precision at 50"))
    for row in rows:
        figures = (f"{row.auc:.3f}", f"{row.low:.3f} to {row.high:.3f}", f"{row.precision:.3f}")
        print(line.format(row.subset, row.order, row.authors, row.questions, *figures))
    return DONE
