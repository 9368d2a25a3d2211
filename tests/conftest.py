"""A small world in one call: content folders with the files a test names, and the command run inside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.cli import main

DECK = 'bank = "demo"\ntitle = "Demo"\n'

QUESTION = """\
# Topic

### What is a deck? {#deck level=screen}

A stack of cards.

#### Key points

- A deck holds ==cards== in an order.
"""

CONTENT = Path(__file__).parents[1] / "content"

LONG = "verapdf print pdf cheat_sheet series hostile flashcards content".split()
"""The test files that take longest. They begin, so that the workers end together."""

Write = Callable[[dict[str, str | bytes]], Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; workers take files in this order."""
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in LONG)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write files (name -> text or bytes) below a temporary folder, which becomes the working folder."""

    def write_files(files: dict[str, str | bytes]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return write_files


@pytest.fixture(scope="session")
def built_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the real content and everything built from it; to be read only."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(CONTENT, folder / "content")
    if (made := CONTENT.parent / "output").is_dir():  # where `make decks` has just run, the build below has nothing to do
        shutil.copytree(made, folder / "output", ignore=shutil.ignore_patterns(".building-*"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["build"]) == 0
    return folder


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str


Decks = Callable[..., Run]


@pytest.fixture
def decks(capsys: pytest.CaptureFixture[str]) -> Decks:
    """Run `decks` with the given arguments in this process."""

    def run(*arguments: str) -> Run:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run
