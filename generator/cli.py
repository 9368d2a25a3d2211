"""The command `decks`: arguments, order of stages, progress, printing, exit codes. The only file that prints.

Exit codes: 0 done, 1 problems in the content, 2 wrong usage. Heavy libraries are loaded by the commands
that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.build import Report
    from generator.content import Content
    from generator.model import Problem, Ranked, Ranking

DONE, PROBLEMS, USAGE = 0, 1, 2
LAYOUT_NAMES = (
    "headings",
    "numbered list",
    "bold paragraphs",
    "labelled paragraphs",
    "folds",
    "tables",
    "quotes",
    "divs",
    "bullet list",
)
"""The names in `generator.read.layouts.LAYOUTS`, here so that `--help` loads nothing heavy; a test compares them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `decks` with the given arguments (default: the process's) and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] | None = getattr(options, "run", None)
    if run is None:
        parser.print_help(sys.stderr)
        return USAGE
    from generator.model import DecksError, UsageError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = run(options)
        sys.stdout.flush()
        return code
    except DecksError as error:
        _print_problems(error.problems)
        return PROBLEMS
    except UsageError as error:
        print(f"decks: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        print(
            f"decks: {error.filename or 'file'}: {error.strerror or error}; check the path and its permissions", file=sys.stderr
        )
        return PROBLEMS
    except KeyboardInterrupt:
        print("decks: interrupted; the last outputs are untouched", file=sys.stderr)
        return 130


# --- arguments -------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="decks",
        description="Turn Markdown banks of interview questions into Anki decks and printed study guides.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  decks build            build everything from content/ into output/",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_build(commands)
    _add_list(commands)
    _add_check(commands)
    _add_import(commands)
    _add_rank(commands)
    _add_ledger(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, example: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _content(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "content", nargs="*", type=Path, metavar="CONTENT", help="content folder or question files (default: content/)"
    )
    parser.add_argument(
        "--layout", choices=LAYOUT_NAMES, metavar="NAME", help="read files without ids this way: " + ", ".join(LAYOUT_NAMES)
    )


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "build", "build Anki decks and PDFs", "decks build questions.md -o output")
    _content(parser)
    parser.add_argument("-o", "--output", type=Path, default=Path("output"), help="output folder (default: output)")
    parser.add_argument("--only", type=_outputs, default=("anki", "pdf"), metavar="anki,pdf", help="build only these outputs")
    parser.add_argument("--top", type=_positive, metavar="N", help="only the N most likely questions")
    parser.add_argument("--section", metavar="S", help="only the questions under this header")
    parser.add_argument("--paper", choices=("a4", "letter"), help="paper size of PDFs (default: deck.toml's)")
    parser.add_argument(
        "--flip", choices=("long", "short"), help="edge at which the printer turns flash cards over (default: deck.toml's)"
    )
    parser.add_argument(
        "--templates", type=Path, metavar="DIR", help="folder with templates of your own, which replace those of the same name"
    )
    parser.add_argument("--strict", action="store_true", help="treat warnings as errors")
    parser.add_argument("--locked", action="store_true", help="fail if the ledger would change (for CI)")
    parser.add_argument("--jobs", type=_positive, default=2, metavar="N", help="outputs written at the same time (default: 2)")
    parser.set_defaults(run=_build)


def _add_list(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "list", "list the questions", "decks list --order source --format json")
    _content(parser)
    parser.add_argument(
        "--order", choices=("rank", "source"), default="rank", help="most asked first, or as in the files (default: rank)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="output format (default: text)")
    parser.set_defaults(run=_list)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands, "check", "say what is wrong with the questions, by file and line", "decks check content --strict"
    )
    _content(parser)
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="output format (default: text)")
    parser.add_argument("--strict", action="store_true", help="exit 1 also for warnings")
    parser.set_defaults(run=_check)


def _add_import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "write question lists in any layout as canonical Markdown, losing nothing"
    parser = _command(commands, "import", text, "decks import questions.md -o content")
    parser.add_argument("content", nargs="+", type=Path, metavar="FILE", help="question files in any layout")
    parser.add_argument("-o", "--output", type=Path, default=Path("content"), help="content folder (default: content)")
    names = ", ".join(LAYOUT_NAMES)
    parser.add_argument("--layout", choices=LAYOUT_NAMES, metavar="NAME", help=f"read the files this way: {names}")
    parser.set_defaults(run=_import)


def _add_rank(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "rank", "show the order and where it comes from", "decks rank --explain self-attention")
    _content(parser)
    parser.add_argument("--explain", metavar="ID", help="show the sum and every place behind one question's likelihood")
    parser.set_defaults(run=_rank)


def _add_ledger(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "ledger", "care for the ledger", "decks ledger merge")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    merge = _command(actions, "merge", "solve a merge conflict in the ledger", "decks ledger merge content/ledger.json")
    merge.add_argument("ledger", nargs="?", type=Path, default=Path("content/ledger.json"), help="default: content/ledger.json")
    merge.set_defaults(run=_ledger_merge)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number above 0')
    return int(text)


def _outputs(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    unknown = [name for name in names if name not in ("anki", "pdf")]
    if unknown:
        raise argparse.ArgumentTypeError(f'"{unknown[0]}" is no output; outputs are anki and pdf')
    return names


# --- commands --------------------------------------------------------------------------------------------


def _load(options: argparse.Namespace) -> Content:
    from generator.content import load

    return load(options.content or [Path("content")], options.layout)


def _build(options: argparse.Namespace) -> int:
    from generator.build import Options, build, ledger_problems
    from generator.content import stopping

    content = _load(options)
    problems = (*content.problems, *ledger_problems(content))
    _print_problems(problems)
    if stopping(problems, options.strict):
        _summary(problems, "nothing was written")
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
    with _progress() as report:
        result = build(content, wanted, int(time.time()), report)
    _print_problems([problem for problem in result.problems if problem not in content.problems])
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


def _list(options: argparse.Namespace) -> int:
    from generator.rank import rank

    content = _load(options)
    ranking = rank(content.bank, content.survey, content.config)
    rows = [item for item in ranking.questions if content.chosen is None or item.question.place.file in content.chosen]
    if options.order == "source":
        position = {question.id: number for number, question in enumerate(content.bank.questions)}
        rows.sort(key=lambda ranked: position[ranked.question.id])
    for source in content.bank.sources:
        print(f"{source.name}: layout: {source.layout}, explains {source.share:.0%}", file=sys.stderr)
    if options.format == "json":
        print(json.dumps([_as_json(ranked) for ranked in rows], ensure_ascii=False, indent=1))
    else:
        for ranked in rows:
            mark = "" if ranked.question.answered else "  (no answer)"
            print(f"{ranked.rank:4}  {ranked.question.id:40}  {ranked.question.text}{mark}")
    errors = [problem for problem in content.problems if problem.severity.value == "error"]
    _print_problems(errors)
    return PROBLEMS if errors else DONE


def _as_json(ranked: Ranked) -> dict[str, object]:
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


def _check(options: argparse.Namespace) -> int:
    from generator.build import ledger_problems
    from generator.content import stopping

    content = _load(options)
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
        _summary(problems, f"{len(questions)} questions, {answered} answered")
    return PROBLEMS if stopping(problems, options.strict) else DONE


def _github(problem: Problem) -> str:
    """A workflow annotation, https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""

    def escaped(text: str, also: str = "") -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if also else text

    place = f"file={escaped(problem.place.file, 'property')},line={max(1, problem.place.line)}"
    return f"::{problem.severity.value} {place},title={problem.code}::{escaped(f'{problem.message}; {problem.remedy}')}"


def _import(options: argparse.Namespace) -> int:
    from generator.config import load_config
    from generator.emit.markdown import import_bank
    from generator.model import DecksError, UsageError
    from generator.read import display_name

    content = _load(options)
    if content.root.resolve() == options.output.resolve():
        raise UsageError("the files already lie in the content folder; give another one with -o")
    errors = tuple(problem for problem in content.problems if problem.severity.value == "error")
    if errors:
        raise DecksError(errors)
    if not content.bank.questions:
        _print_problems(content.problems)
        return PROBLEMS
    config = load_config(options.output / "deck.toml", f"{display_name(options.output)}/deck.toml")
    if config.bank not in (None, content.bank.slug):
        raise UsageError(
            f'{options.output} holds the bank "{config.bank}", the files are "{content.bank.slug}"; give another folder'
        )
    report = import_bank(content.bank, options.output, config)
    _print_problems(report.problems)
    for path in report.files:
        print(path)
    print(
        f"{report.new} questions new, {report.updated} updated, {report.unchanged} unchanged, {len(report.problems)} to look at"
    )
    return DONE


def _rank(options: argparse.Namespace) -> int:
    from generator.content import stopping
    from generator.model import DecksError
    from generator.rank import rank

    content = _load(options)
    if stopping(content.problems, strict=False):
        raise DecksError(tuple(problem for problem in content.problems if problem.severity.value == "error"))
    ranking = rank(content.bank, content.survey, content.config)
    if options.explain:
        return _explain(options.explain, content, ranking)
    print(f"{'rank':>4}  {'likelihood':>10}  {'band':15}  {'authors':>8}  question")
    for ranked in ranking.questions:
        evidence = ranked.evidence
        value = "-" if ranked.likelihood is None else f"{ranked.likelihood:.3f}"
        authors = f"{len(evidence.asking)}/{len(evidence.covering)}" if evidence.covering else "-"
        print(f"{ranked.rank:4}  {value:>10}  {ranked.band or '-':15}  {authors:>8}  {ranked.question.text}")
    return DONE


def _explain(identity: str, content: Content, ranking: Ranking) -> int:
    from generator.model import UsageError

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
    trials = asking + len(set(evidence.covering) - set(evidence.asking))
    strength, share = weights.prior_strength, weights.prior_share
    print(
        f"likelihood = (s*m + k) / (s + n) = ({strength:g}*{share:g} + {asking}) / ({strength:g} + {trials})"
        f" = {ranked.likelihood:.3f}"
    )
    kind = ranked.question.kind
    print(f"asked by {len(evidence.asking)} of {len(evidence.covering)} authors whose lists cover {kind} questions:")
    for author, weight in evidence.asking.items():
        print(f"  {author}{f' (counts {weight}: independent reports)' if weight > 1 else ''}")
    if evidence.generated:
        print("for ties only, authors of generated lists: " + ", ".join(evidence.generated))
    print("places:")
    for place in evidence.places:
        known = lists[place.list]
        print(f"  {place}  {known.grade}, {known.author}: {known.title}, {known.address}")
    return DONE


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


# --- printing --------------------------------------------------------------------------------------------


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"{problem.place}: {problem.severity.value}: {problem.message}; {problem.remedy}", file=sys.stderr)


def _summary(problems: Sequence[Problem], what: str) -> None:
    errors = sum(problem.severity.value == "error" for problem in problems)
    print(f"{what}; {errors} errors, {len(problems) - errors} warnings", file=sys.stderr)


@contextmanager
def _progress() -> Iterator[Report]:
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
