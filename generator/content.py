"""A bank as it lies on the disk: which files make it up, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator import ledger as ledgers
from generator.check import check, wrong_switches
from generator.config import Config, load_config
from generator.model import EMPTY_SURVEY, Bank, DecksError, KeyNumber, Problem, Ranking, Severity, Story, Survey, UsageError
from generator.rank import rank
from generator.read import bank_files, display_name, read_bank
from generator.read.numbers import numbers_files, read_numbers
from generator.read.stories import FILE as STORIES
from generator.read.stories import read_stories
from generator.read.survey import read_survey, survey_files


@dataclass(frozen=True, slots=True)
class Content:
    """A bank as it lies on the disk, read and checked but not judged."""

    root: Path
    config: Config
    bank: Bank
    survey: Survey
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]
    """Every file that was read."""
    ledger: Path | None
    """Where the ledger lies; None: beside the outputs."""
    chosen: frozenset[str] | None = None
    """Source files (as displayed) that a partial build is limited to."""
    stories: tuple[Story, ...] = ()
    """The prompts of My story."""
    numbers: tuple[KeyNumber, ...] = ()
    """The numbers to know, in the file's order."""
    bands: Mapping[str, str] = field(default_factory=dict)
    """Question id -> its band in the last build, as the ledger remembers it."""

    def ranking(self) -> Ranking:
        """The questions in the one order that cards, print and lists share."""
        return rank(self.bank, self.survey, self.config, self.bands)


def load(paths: Sequence[Path], layout: str | None = None) -> Content:
    """Read a content folder, or question files.

    `layout` names the layout that files without ids are read by; None chooses the one that explains most.

    Raises:
        UsageError: a path is not there, or folders and files are mixed.
        DecksError: deck.toml is wrong.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} is not there")
    if len(paths) == 1 and paths[0].is_dir():
        return _load_folder(paths[0], None, layout)
    if any(path.is_dir() for path in paths):
        raise UsageError("give one content folder, or question files, not both")
    paths = list({path.resolve(): path for path in paths}.values())
    parents = {path.resolve().parent for path in paths}
    home = paths[0].parent
    if len(parents) == 1 and (home / "deck.toml").is_file():
        return _load_folder(home, frozenset(display_name(path) for path in paths), layout)
    config = Config()
    bank = read_bank(paths, home, config, layout)
    return Content(home, config, bank, EMPTY_SURVEY, check(bank, EMPTY_SURVEY, config), tuple(paths), None)


def _load_folder(folder: Path, chosen: frozenset[str] | None, layout: str | None) -> Content:
    settings = folder / "deck.toml"
    name = display_name(folder)
    mistakes: list[Problem] = []
    try:
        config = load_config(settings, f"{name}/deck.toml")
    except DecksError as error:  # go on, so that the user sees all that is wrong in one run
        config = Config()
        mistakes += error.problems
    files = bank_files(folder)
    bank = read_bank(files, folder, config, layout)
    mistakes += wrong_switches(config, files, settings, f"{name}/deck.toml")
    survey, wrong_places = read_survey(folder, name)
    mistakes += wrong_places
    stories, wrong_stories = read_stories(folder, name, {question.id: question.place for question in bank.questions})
    numbers, wrong_numbers = read_numbers(folder, name)
    mistakes += [*wrong_stories, *wrong_numbers]
    problems = tuple(sorted([*mistakes, *check(bank, survey, config)], key=lambda problem: problem.place))
    more = (path for path in (settings, folder / STORIES) if path.is_file())
    inputs = (*files, *survey_files(folder), *numbers_files(folder), *more)
    ledger = folder / "ledger.json" if settings.is_file() else None
    bands = _bands(ledger) if ledger else {}
    return Content(folder, config, bank, survey, problems, inputs, ledger, chosen, stories, numbers, bands)


def _bands(ledger: Path) -> Mapping[str, str]:
    """The bands of the last build; none where the ledger can't be read, which `build` and `check` report."""
    try:
        return ledgers.load(ledger.read_text(encoding="utf-8"), ledger.name).bands
    except (OSError, UnicodeDecodeError, DecksError):
        return {}


def stopping(problems: Sequence[Problem], strict: bool) -> tuple[Problem, ...]:
    """The problems that stop a build: errors, with `strict` warnings too."""
    return tuple(problem for problem in problems if strict or problem.severity is Severity.ERROR)
