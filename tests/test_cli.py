"""The command: exit codes, help, bad input, what a failed or interrupted build leaves, what is up to date, every option."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.cli import parser
from tests.conftest import DECK, QUESTION, Decks, Run, Write

BANK = """\
# Cards

### What is a card? {#card level=screen .basics}

A question with an answer.

#### Key points

- A card has ==two== sides.

### What is a stack? {#stack kind=design needs=card}

Many cards.

#### In depth

| one | two |
|-----|-----|
| a   | b   |

```python
print("cards")
```

![A pile](pile.svg)

# Study

### When is a card due? {#due likelihood=80}

When it would soon be forgotten.
"""
PILE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
WORLD: dict[str, str | bytes] = {"content/deck.toml": DECK, "content/bank.md": BANK, "content/pile.svg": PILE}

LIST = """\
# Birds

## Why do birds sing?

To be heard.

## How do birds fly?

With wings.
"""

COMMANDS: tuple[tuple[str, ...], ...] = ((), ("build",), ("list",), ("check",), ("rank",), ("ledger",), ("ledger", "merge"))
HEAVY = "anki genanki jinja2 markdown markdown_it math_core matplotlib nh3 pikepdf PIL pygments pymdownx rapidfuzz weasyprint"
HEAVY += " ziamath"


def notes(package: Path) -> dict[str, tuple[str, str]]:
    """Id -> guid and fields (joined) of every note in a package."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as opened:
        database = sqlite3.connect(opened.extract("collection.anki2", folder))
        try:
            rows = database.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()
        finally:
            database.close()
    return {re.findall(r"\x1f([a-z0-9][a-z0-9/-]*)\x1f*$", fields)[0]: (guid, fields) for guid, fields in rows}


def ids(package: Path) -> list[str]:
    return sorted(notes(package))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def ledger(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "content" / "ledger.json").read_text())
    return found


@pytest.fixture
def world(write: Write) -> Path:
    """A small content folder of three questions."""
    return write(WORLD)


@pytest.fixture
def anki(decks: Decks) -> Decks:
    """Build only the Anki deck; it must work."""

    def run(*arguments: str) -> Run:
        result = decks("build", "--only", "anki", *arguments)
        assert result.code == 0, result.err
        return result

    return run


# --- help and usage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_an_example_that_the_parser_takes(command: tuple[str, ...], decks: Decks) -> None:
    run = decks(*command, "--help")
    assert run.code == 0
    examples = re.findall(r"^  decks (.*?)(?:   .*)?$", run.out.split("example:")[1], re.MULTILINE)
    assert examples
    for example in examples:
        assert parser().parse_args(shlex.split(example)).run
        assert example.startswith(" ".join(command))


def test_every_option_is_explained(decks: Decks) -> None:
    for command in COMMANDS[1:]:
        text = decks(*command, "--help").out
        options = re.findall(r"^  (--?\w[^\n]*)$", text, re.MULTILINE)
        assert options
        for option in options:
            explained = re.search(r" {2,}\S", option) or re.search(re.escape(option) + r"\n {10,}\S", text)
            assert explained, f"{command}: {option}"


def test_help_loads_nothing_heavy() -> None:
    program = f"""
import sys
from generator.cli import main
for arguments in {[[*command, "--help"] for command in COMMANDS]!r}:
    try:
        main(arguments)
    except SystemExit as stop:
        assert stop.code == 0
print("LOADED", sorted(set({HEAVY.split()!r}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    done = run_decks(tmp_path, "list", "nowhere")
    assert done.returncode == 2
    assert done.stderr == "decks: nowhere is not there\n"


def run_decks(
    folder: Path, *arguments: str, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "", **environment},
        check=False,
    )


def test_a_reader_that_closes_the_pipe_early_is_no_error(world: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run_decks(world, "list", stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 0
    assert "BrokenPipe" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_terminal_that_cannot_show_a_letter_gets_a_substitute(write: Write) -> None:
    folder = write({"list.md": "## Was ist 注意力 für ein Käse?\n\nKeiner.\n"})
    for command in (["list", "list.md"], ["list", "list.md", "--format", "json"], ["check", "list.md"], ["rank", "list.md"]):
        done = run_decks(folder, *command, PYTHONIOENCODING="ascii")
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "bake",
        "ledger",
        "ledger mend",
        "build --nonsense",
        "build --only",
        "build --only word",
        "build --only anki,word",
        "build --only ''",
        "build --top 0",
        "build --top -1",
        "build --top ten",
        "build --top ²",
        "build --paper a3",
        "build --jobs 0",
        "build --section Nothing",
        "build nowhere",
        "build nowhere.md",
        "build content nowhere.md",
        "build content content/bank.md",
        "build dangling.md",
        "list nowhere",
        "list --format yaml",
        "list --order size",
        "check nowhere",
        "check --format xml",
        "rank nowhere",
        "rank --explain",
        "rank --explain nothing",
        "ledger merge nowhere.json",
        "ledger merge content",
    ],
)
def test_wrong_usage_ends_with_2_and_one_message_and_writes_nothing(arguments: str, world: Path, decks: Decks) -> None:
    (world / "dangling.md").symlink_to("nowhere.md")
    before = snapshot(world)
    run = decks(*shlex.split(arguments))
    assert run.code == 2
    assert run.out == ""
    assert len(run.err.strip()) > 10
    assert snapshot(world) == before
    assert not (world / "output").exists()


def test_without_a_content_folder_the_message_names_it(write: Write, decks: Decks) -> None:
    write({})
    for command in ("build", "list", "check", "rank"):
        run = decks(command)
        assert (run.code, run.err) == (2, "decks: content is not there\n")


def test_an_unknown_section_is_answered_with_the_known_ones(world: Path, decks: Decks) -> None:
    err = decks("build", "--section", "Nothing").err
    assert "Nothing" in err
    assert "cards" in err
    assert "study" in err


# --- bad input -------------------------------------------------------------------------------------------

BAD_FILES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t\n\n",
    "binary": bytes(range(256)) * 20,
    "zeros": bytes(5_000),
    "latin": "# Käse\n\n## Was ist Käse?\n\nMilch.\n".encode("latin-1"),
    "utf16-without-mark": LIST.encode("utf-16-le"),
    "half-utf16": b"\xff\xfe#",
    "surrogates": b"## Q?\n\n\xed\xa0\x80\n",
    "prose": b"Only a paragraph, no heading at all.\n",
    "title-only": b"# Birds\n",
    "no-answers": b"# Birds\n\n## Why do birds sing?\n\n## How do birds fly?\n",
    "only-definitions": b"[a]: https://example.org\n",
    "only-fence": b"```\n# Birds\n",
    "markers": b"### {#a}\n\n#### {#b}\n",
    "braces": b"### Why? {#}\n\nSo.\n",
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("command", ["build", "list", "check", "rank"])
def test_a_useless_file_gives_no_traceback_and_no_output(command: str, name: str, write: Write, decks: Decks) -> None:
    folder = write({"list.md": BAD_FILES[name]})
    run = decks(command, "list.md")
    assert run.code in ((1,) if command == "build" else (0, 1))
    if run.code:
        assert run.err.strip()
    assert [path for path in snapshot(folder) if path != "list.md"] == []


def test_text_in_a_wrong_encoding_is_reported_with_file_line_and_remedy(write: Write, decks: Decks) -> None:
    write({"list.md": "## Warum?\n\nDarum.\n\n## Was ist Käse?\n".encode("latin-1")})
    run = decks("check", "list.md")
    assert run.code == 1
    assert run.out.startswith("list.md:5: error unreadable: ")
    assert "UTF-8" in run.out


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + LIST.encode(),
        LIST.encode("utf-16"),
        b"\xfe\xff" + LIST.encode("utf-16-be"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        LIST.rstrip("\n").encode(),
    ],
    ids=["utf-8 mark", "utf-16 little", "utf-16 big", "windows", "old mac", "no last line end"],
)
def test_encodings_and_line_ends_do_not_matter(data: bytes, write: Write, decks: Decks, anki: Decks) -> None:
    folder = write({"plain/birds.md": LIST, "other/birds.md": data})
    anki("plain/birds.md", "-o", "one")
    anki("other/birds.md", "-o", "two")
    assert notes(folder / "one/anki/birds.apkg") == notes(folder / "two/anki/birds.apkg")
    assert decks("check", "other/birds.md", "--strict").code == 0


def test_a_folder_that_is_named_like_a_file_is_left_alone(world: Path, anki: Decks) -> None:
    (world / "content" / "more.md").mkdir()
    anki()
    assert len(ids(world / "output/anki/demo.apkg")) == 4


def test_a_question_file_that_cannot_be_opened_is_an_error_and_not_skipped(world: Path, decks: Decks) -> None:
    (world / "content" / "aaa.md").symlink_to("nowhere.md")
    run = decks("build")
    assert run.code == 1
    assert re.search(r"^content/aaa\.md(:\d+)?: error: .+; .+", run.err, re.MULTILINE)


def test_a_content_folder_without_questions_says_so(write: Write, decks: Decks) -> None:
    folder = write({"content/README.md": LIST, "content/notes.txt": LIST})
    run = decks("build")
    assert run.code == 1
    assert run.err.strip()
    assert not (folder / "output").exists()
    assert json.loads(decks("list", "--format", "json").out) == []


def test_questions_without_any_answer_write_nothing_not_even_a_ledger(write: Write, decks: Decks) -> None:
    folder = write({"content/deck.toml": DECK, "content/bank.md": "### Why? {#why}\n\n### How? {#how}\n"})
    before = snapshot(folder)
    run = decks("build")
    assert run.code == 1
    assert run.err.count("no answer") >= 2
    assert snapshot(folder) == before


def test_a_question_without_an_answer_is_left_out_and_counted(world: Path, anki: Decks) -> None:
    (world / "content" / "bank.md").write_text(BANK + "\n### And without an answer? {#without}\n")
    run = anki()
    assert "content/bank.md:" in run.err
    assert "1 without answer" in run.out
    assert "without" not in ids(world / "output/anki/demo.apkg")


def test_a_question_that_has_nothing_but_its_short_answer_gets_a_card(write: Write, anki: Decks) -> None:
    folder = write({"list.md": "### Why? {#why}\n\nBecause.\n"})
    anki("list.md")
    assert ids(folder / "output/anki/list.apkg") == ["why"]


def test_a_question_heading_that_looks_like_a_list_stays_one_line(write: Write, anki: Decks) -> None:
    folder = write({"list.md": "### 1. Why? {#one}\n\nSo.\n\n### - How? {#two}\n\nThus.\n\n### > What? {#three}\n\nThis.\n"})
    anki("list.md")
    fronts = [fields.split("\x1f")[0] for _, fields in notes(folder / "output/anki/list.apkg").values()]
    assert [front for front in fronts if "<" in front] == []


def test_a_file_named_twice_counts_once(write: Write, anki: Decks, decks: Decks) -> None:
    folder = write({"list.md": LIST})
    assert len(json.loads(decks("list", "list.md", "./list.md", "--format", "json").out)) == 2
    run = anki("list.md", "./list.md")
    assert "2 questions built" in run.out
    assert len(ids(folder / "output/anki/birds.apkg")) == 2


CONFIG_MISTAKES = (
    'bank = "Not A Slug"\ntitle = "a::b"\npaper = "a3"\ncolour = "red"\n\n[bands]\n1-core = 7\n\n[rank]\nwitness_cap = "many"\n'
)


def test_every_mistake_in_deck_toml_is_reported_in_one_run_with_its_line(write: Write, decks: Decks) -> None:
    folder = write(WORLD | {"content/deck.toml": CONFIG_MISTAKES})
    for command in ("build", "list", "check", "rank"):
        run = decks(command)
        assert run.code == 1
        text = run.out + run.err
        lines = {int(number) for number in re.findall(r"^content/deck\.toml:(\d+): error", text, re.MULTILINE)}
        assert lines == {1, 2, 3, 4, 7, 10}, command
    assert not (folder / "output").exists()


BROKEN_TOML: dict[str, str | bytes] = {
    "syntax": "bank = \n",
    "quote": 'bank = "demo\n',
    "twice": 'bank = "demo"\nbank = "demo"\n',
    "not text": b"bank = \xff\n",
    "table": "bank = {}\n",
    "deep": "x = " + "[" * 20_000,
    "long number": "x = " + "9" * 5_000,
}


@pytest.mark.parametrize("name", BROKEN_TOML)
def test_a_broken_deck_toml_is_an_error_in_one_line(name: str, write: Write, decks: Decks) -> None:
    write(WORLD | {"content/deck.toml": BROKEN_TOML[name]})
    run = decks("build")
    assert run.code == 1
    assert re.search(r"^content/deck\.toml(:\d+)?: error: .+; .+", run.err, re.MULTILINE)


def test_a_deck_toml_saved_by_a_windows_editor_is_read(write: Write, anki: Decks) -> None:
    folder = write(WORLD | {"content/deck.toml": b"\xef\xbb\xbf" + DECK.replace("\n", "\r\n").encode()})
    anki()
    assert (folder / "output/anki/demo.apkg").is_file()


def test_a_deck_toml_that_is_a_folder_or_a_dangling_link_is_an_error(write: Write, decks: Decks) -> None:
    folder = write({"content/bank.md": BANK, "other/bank.md": BANK})
    (folder / "content" / "deck.toml").mkdir()
    (folder / "other" / "deck.toml").symlink_to("nowhere.toml")
    for name in ("content", "other"):
        run = decks("build", name, "--only", "anki")
        assert run.code == 1, name
        assert f"{name}/deck.toml" in run.err


LISTS = """\
[[list]]
slug = "a-list"
title = "A list"
address = "https://example.org/a"
author = "anna"
kind = "study"
grade = "curated"
date = "2026-01"
questions = 10
rounds = ["concept", "design"]
"""
BROKEN_LISTS: dict[str, tuple[str | bytes, int | None]] = {
    "syntax": (LISTS + "slug\n", 11),
    "grade": (LISTS.replace("curated", "good"), 1),
    "no title": (LISTS.replace('title = "A list"\n', ""), 1),
    "second": (LISTS + "\n" + LISTS.replace("anna", "ben"), 12),
    "unknown": (LISTS + "stars = 5\n", 1),
    "rounds": (LISTS.replace('"design"', '"chat"'), 1),
    "not text": (b"\xff", None),
    "numbers": (LISTS.replace('author = "anna"', "author = 5"), 1),
}


@pytest.mark.parametrize("name", BROKEN_LISTS)
def test_a_broken_list_of_the_survey_is_an_error_with_its_line(name: str, write: Write, decks: Decks) -> None:
    text, line = BROKEN_LISTS[name]
    write(WORLD | {"content/survey/lists.toml": text, "content/survey/asked.toml": ""})
    run = decks("build")
    assert run.code == 1
    assert f"content/survey/lists.toml{f':{line}' if line else ''}: error: " in run.err


def test_a_broken_list_of_the_survey_does_not_blame_every_place_that_names_it(write: Write, decks: Decks) -> None:
    write(WORLD | {"content/survey/lists.toml": "slug", "content/survey/asked.toml": 'card = ["a-list:1", "a-list:2"]\n'})
    assert decks("build").err.count("error:") == 1


ASKED = """\
card = ["a-list:1", "b-list:2"]
due = "a-list:3"
stack = ["a-list:11", "a-list", "a-list:1"]
"""


def test_every_wrong_place_of_the_survey_is_reported_with_its_line(write: Write, decks: Decks) -> None:
    write(WORLD | {"content/survey/lists.toml": LISTS, "content/survey/asked.toml": ASKED})
    run = decks("build")
    assert run.code == 1
    found = re.findall(r"^content/survey/asked\.toml:(\d+): error: ", run.err, re.MULTILINE)
    assert [int(line) for line in found] == [1, 2, 3, 3, 3]


def test_a_survey_entry_of_an_unknown_question_names_the_file_as_the_user_would(write: Write, decks: Decks) -> None:
    folder = write(WORLD | {"content/survey/lists.toml": LISTS, "content/survey/asked.toml": 'gone = ["a-list:1"]\n'})
    assert "\ncontent/survey/asked.toml:" in "\n" + decks("check").out
    os.chdir(folder / "content")
    named = re.findall(r'^([^:\n]+)(?::\d+)?: warning unknown-question: "gone"', decks("check", ".").out, re.MULTILINE)
    assert [Path(name).is_file() for name in named] == [True]


def test_an_id_that_two_files_share_is_reported_with_both_places(write: Write, decks: Decks) -> None:
    folder = write(WORLD | {"content/zoo.md": QUESTION.replace("#deck ", "#card ") + "\n### Another? {#due}\n\nYes.\n"})
    run = decks("build")
    assert run.code == 1
    assert 'content/zoo.md:3: error: id "card" is already taken at content/bank.md:3; ' in run.err
    assert 'content/zoo.md:11: error: id "due" is already taken at content/bank.md:' in run.err
    assert not (folder / "output").exists()


def ledger_text(bank: str = "demo", version: int = 1, **tables: object) -> str:
    names = ("notes", "facts", "questions", "types", "decks", "removed")
    return json.dumps({"version": version, "bank": bank, **{name: tables.get(name, {}) for name in names}})


BROKEN_LEDGERS: dict[str, str | bytes] = {
    "syntax": "{\n",
    "empty": "",
    "not text": b"\xff\xfe\x00",
    "list": "[]",
    "number": "5",
    "null": "null",
    "missing": '{"version": 1, "bank": "demo"}',
    "version": ledger_text(version=99),
    "other bank": ledger_text(bank="other"),
    "table": ledger_text(facts=5),
    "inner table": ledger_text(facts={"card": 5}),
    "entry": ledger_text(notes={"card": 5}),
    "time": ledger_text(notes={"card": ["x", 0, 5]}),
    "huge": ledger_text(notes={"card": ["x", 5, 10**20]}),
    "conflict": "{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n",
    "deep": "[" * 100_000,
    "long number": "9" * 5_000,
}


@pytest.mark.parametrize("name", BROKEN_LEDGERS)
def test_a_broken_ledger_stops_the_build_and_is_left_as_it_is(name: str, write: Write, decks: Decks) -> None:
    folder = write(WORLD | {"content/ledger.json": BROKEN_LEDGERS[name]})
    before = snapshot(folder)
    run = decks("build", "--only", "anki")
    assert run.code == 1
    assert re.search(r"^content/ledger\.json(:\d+)?: error: .+; .+", run.err, re.MULTILINE)
    assert snapshot(folder) == before


def test_a_ledger_that_is_a_folder_is_an_error(world: Path, decks: Decks) -> None:
    (world / "content" / "ledger.json").mkdir()
    run = decks("build", "--only", "anki")
    assert run.code == 1
    assert "content/ledger.json" in run.err


def test_all_problems_of_all_files_come_in_one_run(write: Write, decks: Decks) -> None:
    folder = write(
        {
            "content/deck.toml": 'bank = "demo"\npaper = "a3"\n',
            "content/a.md": "### Why? {#why kind=riddle}\n\n![gone](gone.png)\n\n### How? {#why}\n\n```\ncode\n",
            "content/b.md": b"## K\xe4se?\n",
            "content/survey/lists.toml": LISTS.replace("curated", "good"),
            "content/survey/asked.toml": "why = 5\n",
            "content/ledger.json": "{",
        }
    )
    before = snapshot(folder)
    for command in ("build", "check"):
        run = decks(command)
        assert run.code == 1
        found = set(re.findall(r"^([^:\n]+)(?::\d+)?: (?:error|warning)", run.out + run.err, re.MULTILINE))
        assert found == set(before), command
        for words in ('"kind=riddle"', "gone.png", "already taken", "fence"):
            assert words in run.out + run.err
    assert snapshot(folder) == before


# --- what a failed or interrupted build leaves -----------------------------------------------------------


def repeat_an_id(folder: Path) -> None:
    (folder / "content" / "more.md").write_text("### Again? {#card}\n\nYes.\n")


def break_the_settings(folder: Path) -> None:
    (folder / "content" / "deck.toml").write_text("bank = 5\n")


def break_the_ledger(folder: Path) -> None:
    (folder / "content" / "ledger.json").write_text("{")


def take_the_answers(folder: Path) -> None:
    (folder / "content" / "bank.md").write_text("### What is a card? {#card}\n")


def take_the_questions(folder: Path) -> None:
    (folder / "content" / "bank.md").write_text("")


def remove_the_file(folder: Path) -> None:
    (folder / "content" / "bank.md").unlink()


def reuse_a_removed_id(folder: Path) -> None:
    book = ledger(folder)
    book["removed"] = {"new": [5, "Who was the first emperor of Rome and when did he die?"]}
    (folder / "content" / "ledger.json").write_text(json.dumps(book))
    (folder / "content" / "more.md").write_text("### Why is grass green? {#new}\n\nChlorophyll.\n")


@pytest.mark.parametrize(
    "spoil",
    [
        repeat_an_id,
        break_the_settings,
        break_the_ledger,
        take_the_answers,
        take_the_questions,
        remove_the_file,
        reuse_a_removed_id,
    ],
)
def test_a_failed_build_leaves_the_last_outputs_and_the_ledger(
    spoil: Callable[[Path], None], world: Path, decks: Decks, anki: Decks
) -> None:
    anki()
    spoil(world)
    before = snapshot(world)
    run = decks("build", "--only", "anki")
    assert run.code == 1
    assert run.err.strip()
    assert snapshot(world) == before


@pytest.mark.parametrize("option", ["--strict", "--locked"])
def test_strict_and_locked_builds_that_fail_leave_the_last_outputs(option: str, world: Path, decks: Decks, anki: Decks) -> None:
    anki()
    (world / "content" / "bank.md").write_text(BANK.replace("Many cards.", "A heap of cards.") + "\n### And? {#and}\n")
    before = snapshot(world)
    run = decks("build", "--only", "anki", option)
    assert run.code == 1
    assert snapshot(world) == before


@pytest.mark.parametrize("failure", ["interrupt", "writer", "memory"])
def test_a_build_that_stops_half_way_leaves_everything_as_it_was(
    failure: str, world: Path, decks: Decks, anki: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.emit.pages import PdfError
    from generator.outputs import binding

    def stop(path: Path, *arguments: object) -> None:
        path.write_bytes(b"half a PDF")
        if failure == "interrupt":
            raise KeyboardInterrupt
        if failure == "memory":
            raise OSError(28, "No space left on device", str(path))
        raise PdfError("the ink is empty")

    anki()
    (world / "content" / "bank.md").write_text(BANK.replace("Many cards.", "A heap of cards."))
    before = snapshot(world)
    monkeypatch.setattr(binding, "write_book", stop)
    run = decks("build")
    assert run.code == (130 if failure == "interrupt" else 1)
    assert "Traceback" not in run.err
    assert {"interrupt": "interrupted", "writer": "the ink is empty", "memory": "No space left"}[failure] in run.err
    assert snapshot(world) == before
    assert list((world / "output").glob(".building*")) == []


@pytest.mark.parametrize("code", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_ended_from_outside_leaves_nothing_behind(code: signal.Signals, world: Path, anki: Decks) -> None:
    anki()
    (world / "content" / "bank.md").write_text(BANK.replace("Many cards.", "A heap of cards."))
    before = snapshot(world)
    (world / "temporary").mkdir()
    command = [sys.executable, "-m", "generator", "build", "--jobs", "1"]
    environment = {**os.environ, "TMPDIR": str(world / "temporary"), "CI": "1"}
    # A shell starts what it puts in the background with Ctrl-C ignored, and every child inherits that.
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        build = subprocess.Popen(
            command, cwd=world, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, ignored)
    with build:
        assert build.stderr is not None
        while not (line := build.stderr.readline()).startswith("write pdf/study-guide.pdf: 1 of "):
            assert line, "it ended by itself"
        build.send_signal(code)  # ten outputs are still to be written
        assert "the last outputs are untouched" in build.stderr.read()
    assert build.returncode == 128 + code
    assert list((world / "temporary").iterdir()) == []
    (world / "temporary").rmdir()
    assert snapshot(world) == before
    assert [path.name for path in (world / "output").iterdir() if path.is_dir()] == ["anki"]


def test_print_leaves_no_temporary_file(world: Path, decks: Decks, monkeypatch: pytest.MonkeyPatch) -> None:
    (world / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(world / "temporary"))
    monkeypatch.setenv("TMPDIR", str(world / "temporary"))
    assert decks("build", "--only", "pdf").code == 0
    assert list((world / "temporary").iterdir()) == []


def test_a_full_disk_is_named_and_leaves_the_last_outputs(world: Path, anki: Decks) -> None:
    anki()
    (world / "content" / "bank.md").write_text(BANK.replace("Many cards.", "A heap of cards."))
    before = snapshot(world)
    # No file may grow beyond 2 kB: what writing to a full disk does, without the disk.
    program = (
        "import resource, sys; from generator.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); sys.exit(main(['build', '--only', 'anki']))"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=world, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "make room on the disk" in run.stderr
    assert snapshot(world) == before


def test_an_interrupted_build_is_done_in_full_by_the_next(
    world: Path, anki: Decks, decks: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.emit import anki as writer

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writer, "write_package", stop)
        assert decks("build", "--only", "anki").code == 130
    assert "3 questions built" in anki().out
    assert len(ids(world / "output/anki/demo.apkg")) == 4


def test_an_output_folder_that_is_a_file_is_an_error(world: Path, decks: Decks) -> None:
    (world / "taken").write_text("mine")
    run = decks("build", "--only", "anki", "-o", "taken")
    assert run.code == 1
    assert "taken" in run.err
    assert (world / "taken").read_text() == "mine"


# --- up to date ------------------------------------------------------------------------------------------


def test_a_second_build_does_no_work_and_says_so(world: Path, anki: Decks, monkeypatch: pytest.MonkeyPatch) -> None:
    from generator import build
    from generator.emit import anki as writer

    def work(*arguments: object) -> None:
        pytest.fail("works again")

    anki()
    times = {path: path.stat().st_mtime_ns for path in world.rglob("*")}
    monkeypatch.setattr(build, "render_question", work)
    monkeypatch.setattr(writer, "write_package", work)
    run = anki()
    assert "up to date" in run.out
    assert "output/anki/demo.apkg" in run.out
    assert "built" not in run.out
    assert {path: path.stat().st_mtime_ns for path in world.rglob("*")} == times


def replace_in(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    return change


def remove(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).unlink()

    return change


def add(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "answer": replace_in("content/bank.md", "Many cards.", "A heap of cards."),
    "question": replace_in("content/bank.md", "What is a stack?", "What is a heap?"),
    "attribute": replace_in("content/bank.md", "likelihood=80", "likelihood=20"),
    "order": replace_in("content/bank.md", "# Study", "# Learning"),
    "settings": replace_in("content/deck.toml", 'title = "Demo"', 'title = "Demonstration"'),
    "image": replace_in("content/pile.svg", 'width="20"', 'width="30"'),
    "image gone": remove("content/pile.svg"),
    "new file": add("content/zoo.md", "### New? {#new}\n\nYes.\n"),
    "survey": add("content/survey/lists.toml", LISTS),
    "ledger gone": remove("content/ledger.json"),
    "ledger": replace_in("content/ledger.json", '"questions": {', '"questions": {\n"old": "Old?",'),
    "output gone": remove("output/anki/demo.apkg"),
    "output spoiled": add("output/anki/demo.apkg", "spoiled"),
    "state gone": remove("output/.state.json"),
    "state deep": add("output/.state.json", "[" * 100_000),
    "state spoiled": add("output/.state.json", '{"x": 5'),
    "state nonsense": add("output/.state.json", '{"demo||anki": {"outputs": 5, "images": [], "fingerprint": {}}}'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_any_change_builds_again_and_then_all_is_up_to_date(name: str, world: Path, anki: Decks) -> None:
    anki()
    CHANGES[name](world)
    assert "built" in anki().out
    assert zipfile.is_zipfile(world / "output/anki/demo.apkg")
    assert "up to date" in anki().out


def test_an_image_that_was_missing_and_is_added_builds_again(write: Write, anki: Decks) -> None:
    folder = write({name: text for name, text in WORLD.items() if name != "content/pile.svg"})
    assert "pile.svg" in anki().err
    (folder / "content" / "pile.svg").write_text(PILE)
    assert "built" in anki().out
    assert "pile-" in notes(folder / "output/anki/demo.apkg")["stack"][1]


@pytest.mark.parametrize("options", [("--top", "2"), ("--section", "Cards"), ("-o", "elsewhere"), ("--paper", "letter")])
def test_other_options_build_again(options: tuple[str, ...], world: Path, anki: Decks) -> None:
    anki()
    assert "built" in anki(*options).out
    assert "up to date" in anki(*options).out


def test_builds_of_a_part_and_of_the_whole_do_not_disturb_each_other(world: Path, anki: Decks) -> None:
    anki()
    anki("--top", "1")
    anki("--section", "Cards")
    for options in ((), ("--top", "1"), ("--section", "Cards")):
        assert "up to date" in anki(*options).out


def test_two_banks_in_one_output_folder_do_not_disturb_each_other(write: Write, anki: Decks) -> None:
    folder = write({"birds.md": LIST, "fish.md": LIST.replace("irds", "ish").replace("Birds", "Fish")})
    anki("birds.md")
    anki("fish.md")
    assert "up to date" in anki("birds.md").out
    assert len(list((folder / "output" / "anki").glob("*.apkg"))) == 2


# --- options of build ------------------------------------------------------------------------------------


def test_build_prints_each_output_and_how_many_questions(world: Path, anki: Decks) -> None:
    run = anki()
    assert re.search(r"^output/anki/demo\.apkg \(\d+ kB\)$", run.out, re.MULTILINE)
    assert run.out.endswith("3 questions built\n")


def test_progress_goes_to_stderr_as_plain_lines(world: Path, anki: Decks) -> None:
    run = anki()
    assert "write anki/demo.apkg: 1 of 4\n" in run.err
    assert "\x1b" not in run.err + run.out


PDFS = (
    *("pdf/cheat-sheet.pdf", "pdf/flashcards-test-sheet.pdf", "pdf/flashcards.pdf"),
    *("pdf/handouts/cards.pdf", "pdf/handouts/study.pdf", "pdf/study-guide.pdf", "pdf/top-50.pdf"),
)


def no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs are written at once, with nothing in them."""
    from generator.outputs import binding

    def write(path: Path, *arguments: object) -> tuple[str, ...]:
        path.write_bytes(b"%PDF")
        return ()

    monkeypatch.setattr(binding, "write_book", write)
    monkeypatch.setattr(binding, "write_handout", write)


def test_only_limits_the_kinds_of_output(world: Path, anki: Decks, decks: Decks, monkeypatch: pytest.MonkeyPatch) -> None:
    anki()
    assert not (world / "output" / "pdf").exists()
    no_layout(monkeypatch)
    assert decks("build", "--only", "pdf", "-o", "second").code == 0
    assert sorted(snapshot(world / "second")) == [".state.json", *PDFS]
    assert decks("build", "--only", "pdf,anki", "-o", "third").code == 0
    third = sorted(snapshot(world / "third"))
    assert [name for name in third if name.startswith("anki/")] == [
        *("anki/demo-drills.apkg", "anki/demo.apkg", "anki/sections/cards.apkg", "anki/sections/study.apkg"),
    ]
    assert [name for name in third if name.startswith("pdf/")] == list(PDFS)


def test_top_takes_the_most_likely_questions_into_a_package_of_its_own(world: Path, anki: Decks) -> None:
    anki("--top", "1")
    assert ids(world / "output/anki/demo-top-1.apkg") == ["due"]
    assert not (world / "output/anki/demo.apkg").exists()


def test_top_larger_than_the_bank_takes_all(world: Path, anki: Decks) -> None:
    anki("--top", "500")
    assert len(ids(world / "output/anki/demo-top-500.apkg")) == 4


@pytest.mark.parametrize("name", ["Cards", "cards", "CARDS"])
def test_section_takes_the_questions_below_that_header(name: str, world: Path, anki: Decks) -> None:
    anki("--section", name)
    package = world / "output/anki/demo-cards.apkg"
    assert {identity.split("/")[0] for identity in notes(package)} == {"card", "stack"}


def test_section_and_top_together(world: Path, anki: Decks) -> None:
    anki("--section", "Cards", "--top", "1")
    package = world / "output/anki/demo-cards-top-1.apkg"
    assert {identity.split("/")[0] for identity in notes(package)} == {"card"}


def test_a_part_has_the_same_notes_as_the_whole(world: Path, anki: Decks) -> None:
    anki()
    whole = notes(world / "output/anki/demo.apkg")
    anki("--top", "2")
    anki("--section", "Study")
    for name in ("demo-top-2.apkg", "demo-study.apkg"):
        part = notes(world / "output" / "anki" / name)
        assert part.items() <= whole.items()
        assert part


@pytest.mark.parametrize("options", [("--top", "1"), ("--section", "Study"), ("content/zoo.md",)])
def test_a_build_of_a_part_takes_nothing_from_the_ledger(options: tuple[str, ...], world: Path, anki: Decks) -> None:
    (world / "content" / "zoo.md").write_text("### Who lives in a zoo? {#zoo}\n\nAnimals.\n")
    anki()
    before = ledger(world)
    assert set(before["questions"]) == {"card", "stack", "due", "zoo"}
    anki(*options)
    assert ledger(world) == before


def test_a_question_that_left_is_remembered_only_by_a_build_of_everything(
    world: Path, anki: Decks, decks: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    anki()
    (world / "content" / "bank.md").write_text(BANK.split("# Study")[0])
    anki("--top", "1")
    assert ledger(world)["removed"] == {}
    no_layout(monkeypatch)
    assert decks("build").code == 0
    assert list(ledger(world)["removed"]) == ["due"]


def test_strict_makes_warnings_stop_the_build(world: Path, anki: Decks, decks: Decks) -> None:
    (world / "content" / "bank.md").write_text(BANK + "\n### And? {#and}\n")
    run = decks("build", "--only", "anki", "--strict")
    assert run.code == 1
    assert "nothing was written" in run.err
    assert not (world / "output").exists()
    anki()


def test_locked_fails_until_the_ledger_belongs_to_the_content(world: Path, anki: Decks, decks: Decks) -> None:
    def locked() -> int:
        return decks("build", "--only", "anki", "--locked", "-o", "locked").code

    assert locked() == 1
    assert not (world / "content" / "ledger.json").exists()
    anki()
    assert locked() == 0
    (world / "content" / "bank.md").write_text(BANK.replace("Many cards.", "A heap of cards."))
    before = snapshot(world)
    assert locked() == 1
    assert snapshot(world) == before
    anki()
    assert locked() == 0


def test_locked_fails_also_where_the_outputs_are_up_to_date_but_the_ledger_is_gone(
    world: Path, anki: Decks, decks: Decks
) -> None:
    anki()
    (world / "content" / "ledger.json").unlink()
    assert decks("build", "--only", "anki", "--locked").code == 1
    assert not (world / "content" / "ledger.json").exists()


def test_the_number_of_jobs_changes_no_byte(world: Path, anki: Decks) -> None:
    for jobs in ("1", "4"):
        anki("--jobs", jobs, "-o", jobs)
    assert snapshot(world / "1" / "anki") == snapshot(world / "4" / "anki")


def test_the_output_folder_is_made_with_its_parents(world: Path, anki: Decks) -> None:
    anki("-o", "deep/er/still")
    assert (world / "deep/er/still/anki/demo.apkg").is_file()


def test_content_can_be_named_by_an_absolute_path(world: Path, anki: Decks, monkeypatch: pytest.MonkeyPatch) -> None:
    anki("-o", "here")
    (world / "elsewhere").mkdir()
    monkeypatch.chdir(world / "elsewhere")
    anki(str(world / "content"), "-o", "there")
    assert (world / "elsewhere/there/anki/demo.apkg").read_bytes() == (world / "here/anki/demo.apkg").read_bytes()


# --- list ------------------------------------------------------------------------------------------------

FIELDS = [
    "id",
    "question",
    "sections",
    "kind",
    "level",
    "line",
    "file",
    "answered",
    "tags",
    "likelihood",
    "band",
    "code_blocks",
    "tables",
    "images",
]


def test_list_gives_every_field_of_every_question(world: Path, decks: Decks) -> None:
    (world / "content" / "zoo.md").write_text("### And a question with no answer? {#open}\n")
    run = decks("list", "--format", "json", "--order", "source")
    assert run.code == 0
    rows = json.loads(run.out)
    assert [list(row) for row in rows] == [FIELDS] * 4
    assert [row["id"] for row in rows] == ["card", "stack", "due", "open"]
    assert rows[0] == {
        "id": "card",
        "question": "What is a card?",
        "sections": ["Cards"],
        "kind": "concept",
        "level": "screen",
        "line": 3,
        "file": "content/bank.md",
        "answered": True,
        "tags": ["basics"],
        "likelihood": rows[0]["likelihood"],
        "band": "5-rare",
        "code_blocks": 0,
        "tables": 0,
        "images": 0,
    }
    assert (rows[1]["kind"], rows[1]["level"]) == ("design", None)
    assert (rows[1]["code_blocks"], rows[1]["tables"], rows[1]["images"]) == (1, 1, 1)
    assert (rows[2]["likelihood"], rows[2]["band"], rows[2]["sections"]) == (0.8, "1-core", ["Study"])
    assert (rows[3]["answered"], rows[3]["sections"]) == (False, [])


def test_list_has_no_likelihood_and_no_band_without_a_survey(write: Write, decks: Decks) -> None:
    write({"list.md": LIST})
    rows = json.loads(decks("list", "list.md", "--format", "json").out)
    assert [(row["likelihood"], row["band"], row["file"], row["line"]) for row in rows] == [
        (None, None, "list.md", 3),
        (None, None, "list.md", 7),
    ]


def test_list_is_ordered_by_rank_unless_told_otherwise(world: Path, decks: Decks) -> None:
    def order(*options: str) -> list[str]:
        return [row["id"] for row in json.loads(decks("list", "--format", "json", *options).out)]

    assert order() == order("--order", "rank")
    assert order()[0] == "due"
    assert order("--order", "source") == ["card", "stack", "due"]


def test_list_says_on_stderr_which_layout_each_file_has(write: Write, decks: Decks) -> None:
    write({"a.md": BANK, "b.md": LIST, "pile.svg": PILE})
    run = decks("list", "a.md", "b.md")
    assert re.search(r"^a\.md: layout: canonical, .*100", run.err, re.MULTILINE)
    assert re.search(r"^b\.md: layout: headings, .*100", run.err, re.MULTILINE)
    assert "layout" not in run.out


def test_list_as_text_shows_id_question_and_what_has_no_answer(write: Write, decks: Decks) -> None:
    write({"list.md": LIST + "\n## Do fish sleep?\n"})
    lines = decks("list", "list.md").out.splitlines()
    assert len(lines) == 3
    assert all("no answer" not in line for line in lines[:2])
    assert re.search(r"why-do-birds-sing\s+Why do birds sing\?", lines[0])
    assert "no answer" in lines[2]


def test_list_of_content_with_errors_still_lists_and_ends_with_1(write: Write, decks: Decks) -> None:
    write({"content/a.md": "### Why? {#why}\n\nSo.\n\n### How? {#why}\n\nThus.\n"})
    run = decks("list", "--format", "json")
    assert run.code == 1
    assert len(json.loads(run.out)) == 2
    assert "content/a.md:5: error: " in run.err


def test_list_of_one_file_of_a_folder_shows_that_files_questions(world: Path, decks: Decks) -> None:
    (world / "content" / "zoo.md").write_text("### Who lives in a zoo? {#zoo}\n\nAnimals.\n")
    rows = json.loads(decks("list", "content/zoo.md", "--format", "json").out)
    assert [row["id"] for row in rows] == ["zoo"]


def test_list_and_check_and_rank_write_nothing(world: Path, decks: Decks) -> None:
    before = snapshot(world)
    for command in (["list"], ["check"], ["rank"], ["rank", "--explain", "due"], ["list", "--format", "json"]):
        assert decks(*command).code == 0
    assert snapshot(world) == before


# --- check -----------------------------------------------------------------------------------------------

FAULTY = """\
### Why? {#why needs=nothing}

![gone](gone.png)

### How 100%, a: b? {#how}

### How? {#how}

Thus.
"""


def test_check_as_text_gives_place_severity_code_message_and_remedy(write: Write, decks: Decks) -> None:
    write({"content/a.md": FAULTY})
    run = decks("check")
    assert run.code == 1
    lines = run.out.splitlines()
    assert all(re.fullmatch(r"content/a\.md:\d+: (error|warning) [a-z-]+: [^;]+.*; .+", line) for line in lines)
    assert [line.split(":")[1] + line.split(":")[2] for line in lines] == [
        "1 warning unknown-needs",
        "3 warning missing-image",
        "5 warning no-answer",
        "7 error repeated-id",
    ]
    assert run.err == "3 questions, 2 answered; 1 errors, 3 warnings\n"


def test_check_as_json_has_the_same_findings_and_nothing_else_on_stdout(write: Write, decks: Decks) -> None:
    write({"content/a.md": FAULTY})
    run = decks("check", "--format", "json")
    assert run.code == 1
    rows = json.loads(run.out)
    assert all(list(row) == ["file", "line", "code", "severity", "message", "remedy"] for row in rows)
    assert [(row["file"], row["line"], row["code"], row["severity"]) for row in rows] == [
        ("content/a.md", 1, "unknown-needs", "warning"),
        ("content/a.md", 3, "missing-image", "warning"),
        ("content/a.md", 5, "no-answer", "warning"),
        ("content/a.md", 7, "repeated-id", "error"),
    ]
    assert all(row["message"] and row["remedy"] for row in rows)


def test_check_for_github_gives_escaped_annotations(write: Write, decks: Decks) -> None:
    write({"content/a,b:c.md": FAULTY, "content/z.md": b"\xff"})
    run = decks("check", "--format", "github")
    assert run.code == 1
    lines = run.out.splitlines()
    assert len(lines) == 5
    pattern = r"::(error|warning) file=content/(a%2Cb%3Ac|z)\.md,line=[1-9]\d*,title=[a-z-]+::.+; .+"
    assert all(re.fullmatch(pattern, line) for line in lines)
    assert "How 100%25, a: b?" in run.out


def test_check_ends_with_1_for_warnings_only_when_strict(write: Write, decks: Decks) -> None:
    write({"content/a.md": "### Why? {#why}\n"})
    assert decks("check").code == 0
    assert decks("check", "--strict").code == 1
    write({"content/a.md": "### Why? {#why}\n\nSo.\n"})
    assert decks("check", "--strict").code == 0


def test_check_of_clean_content_prints_an_empty_list_as_json(world: Path, decks: Decks) -> None:
    run = decks("check", "--format", "json")
    assert (run.code, json.loads(run.out)) == (0, [])


def test_check_finds_a_broken_ledger_too(write: Write, decks: Decks) -> None:
    write(WORLD | {"content/ledger.json": "{"})
    run = decks("check")
    assert run.code == 1
    assert "content/ledger.json:" in run.out + run.err


def test_a_rule_that_is_switched_off_is_silent(write: Write, decks: Decks) -> None:
    write({"content/a.md": "### Why? {#why}\n", "content/deck.toml": DECK + '[check]\noff = ["no-answer"]\n'})
    assert decks("check", "--strict").code == 0


# --- rank ------------------------------------------------------------------------------------------------

SURVEY: dict[str, str | bytes] = {
    "content/survey/lists.toml": LISTS + "\n" + LISTS.replace("a-list", "b-list").replace("anna", "ben"),
    "content/survey/asked.toml": 'card = ["a-list:1", "b-list:2"]\nstack = ["a-list:3"]\n',
}


def test_rank_prints_every_question_with_likelihood_and_band(write: Write, decks: Decks) -> None:
    write(WORLD | SURVEY)
    run = decks("rank")
    assert run.code == 0
    rows = run.out.splitlines()
    assert [row.split()[0] for row in rows] == ["rank", "1", "2", "3"]
    assert re.match(r"\s+1\s+0\.800\s+1-core\s+\S+\s+When is a card due\?", rows[1])
    # (4 * 0.05 + 2) / (4 + 2) and (4 * 0.05 + 1) / (4 + 2)
    assert re.match(r"\s+2\s+0\.367\s+2-very-common\s+2/2\s+What is a card\?", rows[2])
    assert re.match(r"\s+3\s+0\.200\s+3-common\s+1/2\s+What is a stack\?", rows[3])


def test_rank_explains_one_question_with_its_sum_and_places(write: Write, decks: Decks) -> None:
    write(WORLD | SURVEY)
    run = decks("rank", "--explain", "stack")
    assert run.code == 0
    assert "(4*0.05 + 1) / (4 + 2) = 0.200" in run.out
    for words in ("What is a stack?", "content/bank.md:11", "rank 3 of 3", "anna", "a-list:3", "https://example.org/a"):
        assert words in run.out
    assert "ben" not in run.out


def test_rank_explains_an_authors_own_number_and_a_bank_without_survey(write: Write, decks: Decks) -> None:
    write(WORLD | {"list.md": LIST})
    assert "set by the author" in decks("rank", "--explain", "due").out
    run = decks("rank", "list.md", "--explain", "why-do-birds-sing")
    assert run.code == 0
    assert "the order is the files'" in run.out


def test_rank_of_content_with_errors_ends_with_1(write: Write, decks: Decks) -> None:
    write({"content/a.md": FAULTY})
    run = decks("rank")
    assert (run.code, run.out) == (1, "")
    assert "already taken" in run.err


# --- ledger merge ----------------------------------------------------------------------------------------


def conflict(ours: str, theirs: str) -> str:
    """Two texts as a version control system joins them: equal lines once, others between markers."""
    import difflib

    left, right = ours.splitlines(), theirs.splitlines()
    lines: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += left[a:b]
        else:
            lines += ["<<<<<<< HEAD", *left[a:b], "=======", *right[c:d], ">>>>>>> branch"]
    return "\n".join(lines) + "\n"


def test_a_merge_conflict_in_the_ledger_is_solved_and_the_build_goes_on(world: Path, anki: Decks, decks: Decks) -> None:
    path = world / "content" / "ledger.json"
    anki()
    base = path.read_text()
    (world / "content" / "zoo.md").write_text("### Who lives in a zoo? {#zoo}\n\nAnimals.\n")
    anki()
    ours = path.read_text()
    (world / "content" / "zoo.md").unlink()
    path.write_text(base)
    (world / "content" / "ant.md").write_text("### How strong is an ant? {#ant}\n\nVery.\n")
    anki()
    theirs = path.read_text()
    (world / "content" / "zoo.md").write_text("### Who lives in a zoo? {#zoo}\n\nAnimals.\n")
    path.write_text(conflict(ours, theirs))

    assert "ledger merge" in decks("build", "--only", "anki").err
    run = decks("ledger", "merge")
    assert run.code == 0
    assert "content/ledger.json" in run.out
    assert set(ledger(world)["questions"]) == {"card", "stack", "due", "zoo", "ant"}
    anki()
    assert {"zoo", "ant"} < set(ids(world / "output/anki/demo.apkg"))


def test_merging_a_ledger_without_a_conflict_changes_nothing(world: Path, anki: Decks, decks: Decks) -> None:
    anki()
    before = snapshot(world)
    run = decks("ledger", "merge", "content/ledger.json")
    assert run.code == 0
    assert "no merge conflict" in run.out
    assert snapshot(world) == before


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< a\n{\n=======\n}\n>>>>>>> b\n",
        "<<<<<<< a\n",
        b"<<<<<<< a\n\xff\n=======\n\xfe\n>>>>>>> b\n",
        "{",
        "",
        "<<<<<<< a\n[]\n=======\n5\n>>>>>>> b\n",
    ],
)
def test_a_conflict_that_cannot_be_solved_is_an_error_and_the_file_stays(text: str | bytes, write: Write, decks: Decks) -> None:
    folder = write(WORLD | {"content/ledger.json": text})
    before = snapshot(folder)
    run = decks("ledger", "merge")
    assert run.code == 1
    assert "content/ledger.json" in run.err
    assert snapshot(folder) == before


def test_ledgers_of_two_banks_are_not_merged(write: Write, decks: Decks) -> None:
    tables = '"notes": {},\n"facts": {},\n"questions": {},\n"types": {},\n"decks": {},\n"removed": {}\n}\n'
    text = '{\n"version": 1,\n<<<<<<< a\n"bank": "demo",\n=======\n"bank": "other",\n>>>>>>> b\n' + tables
    folder = write(WORLD | {"content/ledger.json": text})
    run = decks("ledger", "merge")
    assert run.code in (1, 2)
    assert '"demo"' in run.err
    assert '"other"' in run.err
    assert (folder / "content" / "ledger.json").read_text() == text


# --- plain lists -----------------------------------------------------------------------------------------


def test_a_plain_list_builds_from_another_folder_with_its_ledger_beside_the_outputs(
    write: Write, anki: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"lists/birds.md": LIST + "\n![A pile](pile.svg)\n", "lists/pile.svg": PILE, "work/keep": ""})
    before = snapshot(folder / "lists")
    monkeypatch.chdir(folder / "work")
    run = anki("../lists/birds.md", "-o", "made")
    assert "2 questions built" in run.out
    assert sorted(snapshot(folder / "work")) == ["keep", "made/.state.json", "made/anki/birds.apkg", "made/birds.ledger.json"]
    assert snapshot(folder / "lists") == before
    assert "pile-" in notes(folder / "work/made/anki/birds.apkg")["how-do-birds-fly"][1]
    assert "up to date" in anki("../lists/birds.md", "-o", "made").out


def test_ids_of_a_plain_list_do_not_depend_on_the_position(write: Write, anki: Decks) -> None:
    folder = write({"birds.md": LIST})
    anki("birds.md", "-o", "one")
    head, first, second = LIST.split("## ")
    new = "## Do birds dream?\n\nPerhaps.\n\n"
    (folder / "birds.md").write_text(f"{head}{new}## {second}\n## {first}")
    anki("birds.md", "-o", "one")
    anki("birds.md", "-o", "two")
    changed, fresh = notes(folder / "one/anki/birds.apkg"), notes(folder / "two/anki/birds.apkg")
    assert set(changed) == {"why-do-birds-sing", "how-do-birds-fly", "do-birds-dream"}
    assert {name: guid for name, (guid, _) in changed.items()} == {name: guid for name, (guid, _) in fresh.items()}


def test_questions_with_the_same_words_get_ids_of_their_own(write: Write, decks: Decks, anki: Decks) -> None:
    first, second = ("## Why is that?\n\nBecause of the air.\n", "## Why is that?\n\nBecause of the light.\n")
    folder = write({"a.md": f"{LIST}\n{first}\n{second}", "b.md": f"{LIST}\n{second}\n{first}"})
    one, two = (
        [row["id"] for row in json.loads(decks("list", name, "--order", "source", "--format", "json").out)]
        for name in ("a.md", "b.md")
    )
    assert len(set(one)) == 4
    assert two == [*one[:2], one[3], one[2]]
    anki("a.md")
    assert len(ids(folder / "output/anki/birds.apkg")) == 4


def test_the_bank_of_a_plain_list_is_named_by_its_first_header_or_its_file(write: Write, anki: Decks) -> None:
    folder = write({"one.md": LIST, "My List.md": "## Why?\n\nSo.\n"})
    anki("one.md")
    anki("My List.md")
    assert sorted(path.name for path in (folder / "output/anki").iterdir()) == ["birds.apkg", "my-list.apkg"]


def test_several_plain_files_make_one_bank(write: Write, anki: Decks) -> None:
    folder = write({"birds.md": LIST, "fish.md": "# Fish\n\n## Do fish sleep?\n\nYes.\n"})
    assert "3 questions built" in anki("birds.md", "fish.md").out
    assert len(ids(folder / "output/anki/birds.apkg")) == 3


def test_a_file_of_a_folder_with_settings_belongs_to_that_bank(world: Path, anki: Decks) -> None:
    (world / "content" / "zoo.md").write_text("### Who lives in a zoo? {#zoo}\n\nAnimals.\n")
    anki()
    whole = notes(world / "output/anki/demo.apkg")
    anki("content/zoo.md")
    assert notes(world / "output/anki/demo-zoo.apkg") == {"zoo": whole["zoo"]}
    assert not list((world / "output").glob("*.ledger.json"))


def test_a_file_of_a_folder_with_settings_is_the_same_from_inside_that_folder(
    world: Path, anki: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    anki("content/bank.md", "-o", "out")
    monkeypatch.chdir(world / "content")
    anki("bank.md", "-o", "../inside")
    assert notes(world / "out/anki/demo-bank.apkg") == notes(world / "inside/anki/demo-bank.apkg")
