"""Which outputs exist, what each depends on, what is up to date, workers, atomic replacement."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from pathlib import Path

from generator import ledger as ledgers
from generator.anki_schema import STORY_TIME, NoteType
from generator.content import Content, stopping
from generator.emit.press import Press
from generator.files import write_text
from generator.ledger import Ledger, NoteEntry, TimedHash, digest, note_name
from generator.model import DecksError, Place, Problem, Ranked, Ranking, Severity, UsageError
from generator.outputs import Job, Plan, guides, packages, sheets
from generator.read import display_name
from generator.read.identity import slug
from generator.render import cards
from generator.render.cards import NoteContent
from generator.render.media import MediaStore
from generator.render.question import QuestionHtml, render_question
from generator.render.story import story_note
from generator.render.templates import overridden
from generator.render.typography import set_for_print
from generator.state import State, fingerprint

KINDS: Mapping[str, Callable[[Plan], list[Job]]] = {
    "pdf": lambda plan: [*guides.jobs(plan), *sheets.jobs(plan)],
    "anki": packages.jobs,
}
"""What `--only` chooses from, slowest first."""
OUTPUTS = tuple(sorted(KINDS))
STATE = ".state.json"

Report = Callable[[str, int, int], None]
"""Called with a stage's name, how much is done and how much there is."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked `decks build` for."""

    output: Path
    only: tuple[str, ...] = OUTPUTS
    top: int | None = None
    section: str | None = None
    paper: str | None = None
    flip: str | None = None
    strict: bool = False
    locked: bool = False
    jobs: int = 2
    templates: Path | None = None
    """A folder whose files take the place of templates of the same name."""

    @property
    def partial(self) -> bool:
        """True when a part of the bank or of the outputs is built."""
        return self.top is not None or self.section is not None or set(self.only) != set(OUTPUTS)


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did."""

    outputs: tuple[Path, ...]
    problems: tuple[Problem, ...]
    up_to_date: bool = False
    questions: int = 0
    notes: int = 0


def build(content: Content, options: Options, now: int, report: Report = lambda stage, done, whole: None) -> Result:
    """Build the outputs of a bank.

    Everything is rendered and written to a temporary folder first; only then are the old outputs replaced.

    Args:
        now: Unix time in seconds, for what changed.
        report: called as the work goes on.

    Raises:
        DecksError: the content has errors, or the ledger would change in a locked build.
        UsageError: the section asked for is not there.
    """
    with overridden(options.templates):
        return _build(content, options, now, report)


def _build(content: Content, options: Options, now: int, report: Report) -> Result:
    if stopping(content.problems, options.strict):
        raise DecksError(content.problems)
    if options.paper:
        content = replace(content, config=replace(content.config, paper=options.paper))
    if options.flip:
        flashcards = replace(content.config.flashcards, flip=options.flip)
        content = replace(content, config=replace(content.config, flashcards=flashcards))
    ranking = content.ranking()
    chosen = _chosen(ranking, options, content)
    if not chosen:
        return Result((), content.problems)
    ledger_path = content.ledger or options.output / f"{content.bank.slug}.ledger.json"
    old = read_ledger(ledger_path, content.bank.slug)
    settings = (str(options.top), str(options.section), str(options.paper), str(options.flip), ",".join(sorted(options.only)))
    made_from = fingerprint((*content.files, ledger_path), settings)
    state = State.read(options.output / STATE)
    key = _state_key(content, options)
    if state.is_current(key, made_from, options.output):
        outputs = tuple(options.output / name for name in state.outputs(key))
        return Result(outputs, content.problems, up_to_date=True, questions=len(chosen))
    if returned := _returned_ids(content, old, ledger_path):
        raise DecksError(returned)

    store = MediaStore(content.root)
    rendered = _render_all(ranking, store, report)
    fact_keys = _fact_keys(rendered, old)
    notes = _notes(content, ranking, rendered, fact_keys)
    notes.update({story.id: story_note(content.bank, story, store) for story in content.stories})
    new = _new_ledger(content, options, ranking, rendered, fact_keys, notes, old, now)
    if options.locked and ledgers.dump(new) != ledgers.dump(old):
        place = Place(display_name(ledger_path), 0)
        message = "the ledger does not belong to this content"
        remedy = "run `decks build` without --locked and commit the ledger with the content"
        raise DecksError((Problem(place, "ledger", Severity.ERROR, message, remedy),))

    with Press() as press:
        printed = set_for_print(content.bank, chosen, rendered, content.config.language)
        plan = Plan(content, chosen, rendered, printed, notes, new, _stem(content, options), options.section, press)
        jobs = [job for kind, jobs_of in KINDS.items() if kind in options.only for job in jobs_of(plan)]
        written, warnings = _emit(jobs, options, report, press)
    if ledgers.dump(new) != ledgers.dump(old) or not ledger_path.exists():
        write_text(ledger_path, ledgers.dump(new))
    state.remove_stale(key, written, options.output)
    images = store.seen()
    state.record(key, fingerprint((*content.files, ledger_path), settings), written, images, options.output)
    problems = (*content.problems, *warnings)
    paths = tuple(options.output / name for name in written)
    return Result(paths, problems, questions=len(chosen), notes=len(notes))


# --- ledger ----------------------------------------------------------------------------------------------


def read_ledger(path: Path, bank: str) -> Ledger:
    """The ledger of a bank; an empty one where the file is not there.

    Raises:
        DecksError: it is broken, or belongs to another bank.
    """
    if not path.exists():
        return Ledger(bank)
    name = display_name(path)
    found = ledgers.load(ledger_text(path), name)
    if found.bank != bank:
        message = f'the ledger belongs to bank "{found.bank}", the content is "{bank}"'
        remedy = "set bank in deck.toml back; a bank's slug is permanent"
        raise DecksError((Problem(Place(name, 3), "ledger", Severity.ERROR, message, remedy),))
    return found


def ledger_text(path: Path) -> str:
    """The text of a ledger file.

    Raises:
        DecksError: it can't be read as UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        place = Place(display_name(path), 0)
        message = f"can't read the ledger ({error})"
        raise DecksError((Problem(place, "ledger", Severity.ERROR, message, "restore it from version control"),)) from error


def _returned_ids(content: Content, old: Ledger, path: Path) -> tuple[Problem, ...]:
    places = {question.id: question.place for question in content.bank.questions}
    places.update({story.id: story.place for story in content.stories})
    return ledgers.returned_ids(old, _wordings(content), display_name(path), places)


def ledger_problems(content: Content) -> tuple[Problem, ...]:
    """What is wrong with the ledger of a content folder, and between it and the content."""
    if content.ledger is None or not content.ledger.exists():
        return ()
    try:
        if any(problem.code == "config" for problem in content.problems):  # the bank's name may be wrong
            ledgers.load(ledger_text(content.ledger), display_name(content.ledger))
            return ()
        return _returned_ids(content, read_ledger(content.ledger, content.bank.slug), content.ledger)
    except DecksError as error:
        return error.problems


def _fact_keys(rendered: Mapping[str, QuestionHtml], old: Ledger) -> dict[str, tuple[str, ...]]:
    """The permanent keys of each question's marked key points, in order."""
    return {
        identity: ledgers.match_facts(
            old.facts.get(identity, {}),
            [(point.source, point.pinned_key) for point in one.key_points if point.marked],
        )
        for identity, one in rendered.items()
    }


def _new_ledger(
    content: Content,
    options: Options,
    ranking: Ranking,
    rendered: Mapping[str, QuestionHtml],
    fact_keys: Mapping[str, tuple[str, ...]],
    notes: Mapping[str, NoteContent],
    old: Ledger,
    now: int,
) -> Ledger:
    built = [ranked for ranked in ranking.questions if ranked.question.id in rendered]
    facts = {identity: [note_name(identity, key) for key in keys] for identity, keys in fact_keys.items()}
    sequence = cards.card_sequence(built, facts)
    stories = [note_name(story.id) for story in content.stories]
    anchors = {note_name(ranked.question.id) for ranked in built}
    known = {name: entry.order for name, entry in old.notes.items()}
    order = ledgers.order_keys(sequence, anchors, known, ledgers.STORIES_FROM) | ledgers.story_keys(stories, known)
    texts = {
        identity: dict(zip(keys, (point.source for point in rendered[identity].key_points if point.marked), strict=True))
        for identity, keys in fact_keys.items()
    }
    types = {spec.key: TimedHash(_type_hash(spec), 0) for spec in packages.types_in_use(notes.values())}
    fresh = Ledger(
        bank=content.bank.slug,
        notes={name: NoteEntry(note.hash, STORY_TIME, order[name]) for name, note in notes.items()},
        facts=texts,
        questions=_wordings(content),
        types=types,
        bands={ranked.question.id: ranked.band for ranked in ranking.questions if ranked.band},
    )
    new = ledgers.update(old, fresh, now, partial=options.partial, fixed=stories)
    decks = {
        key: TimedHash(digest([cards.deck_title(content.bank, key), packages.description(content, new, key)]), 0)
        for key in sorted({note.deck for note in notes.values()})
    }
    return replace(new, decks={**old.decks, **ledgers.timed(old.decks, decks, now)})


def _wordings(content: Content) -> dict[str, str]:
    """The wording of every question and story by id."""
    questions = {question.id: question.text for question in content.bank.questions}
    return {**questions, **{story.id: story.prompt for story in content.stories}}


def _type_hash(spec: NoteType) -> str:
    return digest([*cards.layout(spec), cards.styling()])


# --- rendering -------------------------------------------------------------------------------------------


def _render_all(ranking: Ranking, store: MediaStore, report: Report) -> dict[str, QuestionHtml]:
    answered = [ranked.question for ranked in ranking.questions if ranked.question.answered]
    rendered = {}
    for number, question in enumerate(answered, 1):
        rendered[question.id] = render_question(question, store)
        report("render", number, len(answered))
    return rendered


def _notes(
    content: Content, ranking: Ranking, rendered: Mapping[str, QuestionHtml], fact_keys: Mapping[str, tuple[str, ...]]
) -> dict[str, NoteContent]:
    notes: dict[str, NoteContent] = {}
    for ranked in ranking.questions:
        one = rendered.get(ranked.question.id)
        if one is None:
            continue
        question = cards.question_note(content.bank, ranked, one, content.config)
        facts = cards.fact_notes(content.bank, ranked, one, fact_keys[ranked.question.id], content.config)
        notes.update({note.name: note for note in (question, *facts)})
    return notes


def _chosen(ranking: Ranking, options: Options, content: Content) -> tuple[Ranked, ...]:
    """The answered questions that this build prints and packs, in order."""
    questions = [ranked for ranked in ranking.questions if ranked.question.answered]
    if content.chosen is not None:
        questions = [ranked for ranked in questions if ranked.question.place.file in content.chosen]
    if options.section is not None:
        headers = {ranked.question.sections[0] for ranked in questions if ranked.question.sections}
        same = {header for header in headers if header.casefold() == options.section.casefold()}
        wanted = same or {header for header in headers if slug(header) == slug(options.section or "")}
        if not wanted:
            known = ", ".join(sorted({slug(header) for header in headers})) or "none"
            raise UsageError(f'there is no section "{options.section}"; sections are: {known}')
        questions = [ranked for ranked in questions if not wanted.isdisjoint(ranked.question.sections[:1])]
    return tuple(questions[: options.top] if options.top else questions)


def _stem(content: Content, options: Options) -> str:
    """What tells the outputs of a part of the bank from those of the whole."""
    parts = []
    if content.chosen is not None:
        parts.append("-".join(sorted(Path(name).stem for name in content.chosen)))
    if options.section:
        parts.append(slug(options.section))
    if options.top:
        parts.append(f"top-{options.top}")
    return "-".join(parts)


# --- emitting ----------------------------------------------------------------------------------------


def _emit(jobs: Sequence[Job], options: Options, report: Report, press: Press) -> tuple[list[str], list[Problem]]:
    """Write all outputs to a temporary folder, then move them to their places; return their names and warnings."""
    options.output.mkdir(parents=True, exist_ok=True)
    with _temporary_folder(options.output) as folder:
        targets = [(job.name, folder / f"{number}-{Path(job.name).name}", job.write) for number, job in enumerate(jobs)]
        failures: list[Problem] = []
        warnings: list[Problem] = []
        with _workers(options.jobs, press) as workers:
            # A thread does not know by itself whose templates are used.
            running = [workers.submit(copy_context().run, write, target) for _, target, write in targets]
            for number, (future, (name, _, _)) in enumerate(zip(running, targets, strict=True), 1):
                try:
                    warnings += future.result()
                except DecksError as error:
                    failures += error.problems
                report(f"write {name}", number, len(targets))
        if failures:
            raise DecksError(tuple(dict.fromkeys(failures)))
        for name, target, _ in targets:
            (options.output / name).parent.mkdir(parents=True, exist_ok=True)
            target.replace(options.output / name)
    return [name for name, _, _ in targets], warnings


@contextmanager
def _workers(number: int, press: Press) -> Iterator[ThreadPoolExecutor]:
    """Threads that write outputs; when the build fails or is interrupted, what they still do or wait for is given up."""
    with ThreadPoolExecutor(max(1, number)) as workers:
        try:
            yield workers
        except BaseException:
            workers.shutdown(wait=False, cancel_futures=True)
            press.stop()
            raise


@contextmanager
def _temporary_folder(output: Path) -> Iterator[Path]:
    """A folder on the outputs' file system, removed at the end whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=".building-", dir=output))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _state_key(content: Content, options: Options) -> str:
    return "|".join([content.bank.slug, _stem(content, options), *sorted(options.only)])
