"""The installed program brings its templates along and works from any folder."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import __version__

ROOT = Path(__file__).parents[1]
LIST = "# Birds\n\n## Why do birds sing?\n\nTo be *heard*.\n\n## How do birds fly?\n\n![A wing](wing.svg)\n"
WING = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path d="M0 10 L10 0 L20 10"/></svg>'


def run(*command: str | Path, folder: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run(
        [sys.executable, *map(str, command)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@dataclass(frozen=True)
class Installed:
    """A wheel, and the folder it was installed into."""

    wheel: Path
    folder: Path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel built from this checkout and installed, without dependencies, into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run("-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist", folder=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    options = ("--quiet", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", "--target")
    done = run("-m", "pip", "install", *options, folder / "site", wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    return Installed(wheel, folder / "site")


def test_the_wheel_holds_the_program_and_every_template_and_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    program = {path.relative_to(ROOT) for path in (ROOT / "generator").rglob("*.py")}
    templates = {"generator" / path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert templates
    assert names == {path.as_posix() for path in program | templates}


def test_the_wheel_names_its_version_command_and_licence(installed: Installed) -> None:
    assert installed.wheel.name == f"interview_decks-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(installed.wheel) as wheel:
        texts = {name.split(".dist-info/")[1]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    assert "decks = generator.cli:main" in texts["entry_points.txt"]
    assert "licenses/LICENSE" in texts
    assert "Requires-Python: >=3.11" in texts["METADATA"]


def test_the_installed_program_builds_a_plain_list_from_any_folder(installed: Installed, tmp_path: Path) -> None:
    lists, work = tmp_path / "lists", tmp_path / "work"
    lists.mkdir()
    work.mkdir()
    (lists / "birds.md").write_text(LIST)
    (lists / "wing.svg").write_text(WING)
    where = run("-c", "import generator; print(generator.__file__)", folder=work, path=installed.folder)
    assert Path(where.stdout.strip()).is_relative_to(installed.folder)

    build = ("-m", "generator", "build", lists / "birds.md", "-o", "out", "--only", "anki")
    done = run(*build, folder=work, path=installed.folder)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "2 questions built"), done.stderr
    files = sorted(path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file())
    assert files == ["out/.state.json", "out/anki/birds.apkg", "out/birds.ledger.json"]

    with zipfile.ZipFile(work / "out" / "anki" / "birds.apkg") as package:
        assert [name.split("-")[0] for name in json.loads(package.read("media")).values()] == ["wing"]
        database = sqlite3.connect(package.extract("collection.anki2", tmp_path))
    try:
        fields = [row[0] for row in database.execute("SELECT flds FROM notes ORDER BY id")]
        (models,) = (json.loads(row[0]) for row in database.execute("SELECT models FROM col"))
    finally:
        database.close()
    assert [text.split("\x1f")[0] for text in fields] == ["Why do birds sing?", "How do birds fly?"]
    assert "<em>heard</em>" in fields[0]
    assert all("{{Question}}" in model["tmpls"][0]["qfmt"] and "--ink" in model["css"] for model in models.values())

    again = run(*build, folder=work, path=installed.folder)
    assert "up to date" in again.stdout


def test_the_installed_program_gives_the_same_package_as_the_checkout(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "birds.md").write_text(LIST)
    (tmp_path / "wing.svg").write_text(WING)
    for name, path in (("one", installed.folder), ("two", ROOT)):
        ledger = tmp_path / name / "birds.ledger.json"
        if name == "two":
            ledger.parent.mkdir()
            ledger.write_bytes((tmp_path / "one" / "birds.ledger.json").read_bytes())
        done = run("-m", "generator", "build", "birds.md", "-o", name, "--only", "anki", folder=tmp_path, path=path)
        assert done.returncode == 0, done.stderr
    one, two = (tmp_path / name / "anki" / "birds.apkg" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
