"""The documents agree with the program: checks, commands, settings, and every example of the format."""

from __future__ import annotations

import re
import shlex
import zipfile
from dataclasses import fields
from pathlib import Path

import jinja2
import jinja2.meta
import pytest

from generator.check import RULES, Rule
from generator.cli import parser
from generator.config import BANDS, Config, Flashcards, Limits, Weights
from generator.model import KINDS, LEVELS, RESERVED
from generator.render.book import Book, Chapter, Need, PrintedPart, PrintedQuestion
from generator.render.handout import Handout
from tests.conftest import Decks, Write

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDES = (README, *sorted((ROOT / "docs").glob("*.md")))
DOCUMENTS = (*GUIDES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def command_lines(path: Path) -> list[str]:
    """Every `decks …` of a document, in code blocks and in running text, without comments."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|bash|console|text)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [re.sub(r"^(?:\$ |\.venv/bin/)", "", line.strip()) for block in blocks for line in block.splitlines()]
    lines += re.findall(r"(?<!`)`(decks[^`]*)`(?!`)", text)
    return [line.split("  #")[0].split(" # ")[0].strip() for line in lines if re.match(r"decks\b", line)]


TEMPLATE_NAMES: dict[type, str] = {
    Book: "book",
    PrintedPart: "part",
    Chapter: "chapter",
    PrintedQuestion: "question",
    Need: "need",
    Handout: "handout",
}
COMMANDS = [(path.name, line) for path in GUIDES for line in command_lines(path)]


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_check_is_documented_with_severity_and_text(rule: Rule) -> None:
    assert f"| `{rule.code}` | {rule.severity} | {rule.finds} |" in text_of("docs/checks.md").splitlines()


def test_the_documented_checks_are_those_of_the_program_in_its_order() -> None:
    documented = re.findall(r"^\| `([a-z-]+)` \| (?:error|warning) \|", text_of("docs/checks.md"), re.MULTILINE)
    assert documented == [rule.code for rule in RULES]


def test_every_code_that_the_program_reports_is_in_the_table_of_rules() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "generator").rglob("*.py")))
    reported = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)",\s*Severity\.', source))
    reported |= set(re.findall(r'MediaError\(\s*"([a-z-]+)"', source))
    reported |= set(re.findall(r'_problem\(\s*[\w.]+,\s*"([a-z-]+)"', source))
    assert {"unreadable", "missing-image", "missing-id"} <= reported
    assert reported <= {rule.code for rule in RULES}


def test_the_readme_shows_the_two_commands() -> None:
    text = text_of("README.md")
    assert re.search(r"^make decks\b", text, re.MULTILINE)
    assert re.search(r"^make test\b", text, re.MULTILINE)


def test_documents_show_command_lines_at_all() -> None:
    assert len([line for name, line in COMMANDS if name == "README.md"]) >= 5
    names = {line.split()[1] for _, line in COMMANDS if len(line.split()) > 1}
    assert {"build", "list", "check", "rank", "ledger"} <= names


@pytest.mark.parametrize(("document", "line"), COMMANDS)
def test_every_command_line_in_the_documents_is_understood(
    document: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        parser().parse_args(shlex.split(line)[1:])
    except SystemExit as stop:
        assert stop.code == 0, f"{document}: {line}: {capsys.readouterr().err}"  # noqa: PT017  argparse leaves this way


def test_make_targets_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"`make ([a-z]+)`", text)) | set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE))
        assert named <= targets, path.name


def test_make_help_lists_every_target_that_a_user_calls() -> None:
    text = text_of("Makefile")
    phony = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()
    explained = re.findall(r"^([a-z]+):.*?## \S", text, re.MULTILINE)
    assert {"decks", "test", "clean", "help"} <= set(phony)
    assert [target for target in phony if target not in explained and f"\n{target}:" in text] == []


def test_every_link_between_documents_leads_to_a_file() -> None:
    found = 0
    for path in DOCUMENTS:
        text = re.sub(r"^````?.*?^````?$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        text = re.sub(r"`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)#\s]+)\)", text):
            if not re.match(r"https?:", target):
                found += 1
                assert (path.parent / target).exists(), f"{path.name}: {target}"
    assert found > 5


def test_every_setting_is_documented_with_its_default() -> None:
    text = text_of("docs/settings.md")
    names = {"weights": "[rank]", "rules_off": "off", "rules_off_in": "[check.files]"}
    names |= {section: f"[{section}]" for section in ("reserved", "bands", "limits", "flashcards")}
    for field in fields(Config):
        assert f"`{names.get(field.name, field.name)}`" in text, field.name
    inside = [field.name for group in (Weights, Limits, Flashcards) for field in fields(group)]
    for name in (*inside, *RESERVED, *BANDS[:-1]):
        assert f"`{name}`" in text, name
    for value in (*Config().bands, Limits().short_words, Limits().key_point_words, Limits().mark_words):
        assert re.search(rf"\b{value:.2f}\b" if isinstance(value, float) else rf"\b{value}\b", text), value


def test_every_template_is_documented_with_the_names_that_it_knows() -> None:
    text = text_of("docs/templates.md")
    rows = dict(re.findall(r"^\| (`[^|]+`) \|[^|]+\|([^|]*)\|$", text, re.MULTILINE))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = path.relative_to(ROOT / "templates").as_posix()
        if re.fullmatch(r"anki/\w+\.(front|back)\.html", name):
            continue
        assert f"`{name}`" in rows, name
        if path.suffix == ".html":
            known = jinja2.meta.find_undeclared_variables(jinja2.Environment(autoescape=True).parse(path.read_text("utf-8")))
            macros = set(re.findall(r"{% import \S+ as (\w+) %}", path.read_text("utf-8")))
            assert [word for word in sorted(known - macros) if f"`{word}`" not in rows[f"`{name}`"]] == [], name


@pytest.mark.parametrize("kind", [Book, PrintedPart, Chapter, PrintedQuestion, Need, Handout], ids=lambda kind: kind.__name__)
def test_everything_that_a_template_can_print_is_documented(kind: type) -> None:
    (row,) = re.findall(rf"^\| `?{TEMPLATE_NAMES[kind]}`? \| (.*) \|$", text_of("docs/templates.md"), re.MULTILINE)
    names = {name for name in dir(kind) if not name.startswith("_")}
    assert set(re.findall(r"`(\w+)(?:\(question\))?`", row)) == names


def test_the_format_names_every_kind_level_and_reserved_heading() -> None:
    text = text_of("docs/format.md")
    for word in (*KINDS, *LEVELS, *(heading for headings in RESERVED.values() for heading in headings)):
        assert f"`{word}`" in text, word


@pytest.mark.parametrize("name", ["README.md", "docs/format.md"])
def test_the_example_of_the_format_is_read_without_an_error(name: str, write: Write, decks: Decks) -> None:
    (example,) = re.findall(r"^````markdown\n(.*?)^````$", text_of(name), re.MULTILINE | re.DOTALL)
    write({"example.md": example})
    run = decks("check", "example.md")
    assert run.code == 0, run.out
    assert "1 questions, 1 answered" in run.err
    assert re.findall(r"warning (?!unknown-)\S+", run.out) == []


def test_the_hint_that_the_format_promises_is_on_the_card(write: Write, decks: Decks) -> None:
    assert "==mark|hint==" in text_of("docs/format.md")
    folder = write({"a.md": "### Why? {#why}\n\nSo.\n\n#### Key points\n\n- It is ==blue|a colour== here.\n"})
    assert decks("build", "a.md", "--only", "anki").code == 0
    with zipfile.ZipFile(folder / "output" / "anki" / "a.apkg") as package:
        assert b"{{c1::blue::a colour}}" in package.read("collection.anki2")


def test_the_ledgers_entries_are_documented() -> None:
    text = text_of("docs/ledger.md")
    for name in ("notes", "facts", "questions", "types", "decks", "removed"):
        assert f"`{name}`" in text, name


def test_the_licences_and_the_files_for_contributors_are_there() -> None:
    assert "MIT" in text_of("LICENSE")
    assert "Creative Commons" in text_of("content/LICENSE") or "CC BY 4.0" in text_of("content/LICENSE")
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        assert len(text_of(name)) > 200


def test_the_readme_has_pictures_of_a_card_and_a_page() -> None:
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+\.png)\)", text_of("README.md"))
    assert len(pictures) >= 2
    assert all((ROOT / target).read_bytes().startswith(b"\x89PNG") for _, target in pictures)
