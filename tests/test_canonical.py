"""The canonical Markdown: every pair of golden/canonical/*.md and what must be read from it (*.txt beside it).

A file `name.toml` beside them is the pair's deck.toml. See golden/canonical/README.md for the form of the *.txt.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.check import RULES
from generator.config import Config, load_config
from generator.model import Bank, Part, Problem, Question, Severity
from generator.read import bank_files, document, read_bank
from generator.render.markdown import to_html
from tests.conftest import Write
from tests.golden import FOLDER

NAMES = sorted(path.stem for path in bank_files(FOLDER / "canonical"))
PARTS = {
    "short": "30-second answer",
    "body": "question part",
    "graded": "graded on",
    "follow_ups": "follow-ups",
    "sources": "sources",
    "key_point_text": "beside the key points",
}


def read(name: str) -> Bank:
    """The bank of one golden file."""
    folder = FOLDER / "canonical"
    return read_bank([folder / f"{name}.md"], folder, load_config(folder / f"{name}.toml", f"{name}.toml"))


def described(bank: Bank) -> str:
    """A bank as the *.txt files write it."""
    blocks = ["\n".join(line.rstrip() for line in _question(question)) for question in bank.questions]
    problems = sorted(bank.problems, key=lambda problem: problem.place)
    blocks += ["\n".join(_problem(problem) for problem in problems)] if problems else []
    return "\n\n".join(blocks) + "\n"


def _question(question: Question) -> Iterator[str]:
    yield f"line {question.place.line}: question {question.id}: {question.text}"
    if question.sections:
        yield f"    sections: {' > '.join(question.sections)}"
    if question.kind != "concept":
        yield f"    kind: {question.kind}"
    if question.level:
        yield f"    level: {question.level}"
    if question.needs:
        yield f"    needs: {', '.join(question.needs)}"
    if question.tags:
        yield f"    tags: {', '.join(question.tags)}"
    if question.likelihood is not None:
        yield f"    likelihood: {question.likelihood:.1%}"
    yield from (f"    {line}" for line in _parts(question))


def _parts(question: Question) -> Iterator[str]:
    found: list[tuple[int, list[str]]] = []
    for field, label in PARTS.items():
        part: Part | None = getattr(question, field)
        if part is not None:
            found.append((part.place.line, [f"line {part.place.line}: {label}", *_quoted(part.markdown)]))
    for part in question.answer:
        found.append((part.place.line, [f'line {part.place.line}: part "{part.title}"', *_quoted(part.markdown)]))
    for point in question.key_points:
        pinned = f" (pinned: {point.pinned_key})" if point.pinned_key else ""
        found.append((point.place.line, [f"line {point.place.line}: key point{pinned}", *_quoted(point.markdown)]))
    for _, lines in sorted(found, key=lambda entry: entry[0]):
        yield from lines
    if question.definitions:
        yield "definitions"
        yield from _quoted(question.definitions)


def _quoted(markdown: str) -> Iterator[str]:
    return (f"    | {line}" for line in markdown.split("\n"))


def _problem(problem: Problem) -> str:
    return f"line {problem.place.line}: {problem.severity} {problem.code}: {problem.message}"


each_name = pytest.mark.parametrize("name", NAMES)


@each_name
def test_exactly_this_is_read(name: str) -> None:
    assert described(read(name)) == (FOLDER / "canonical" / f"{name}.txt").read_text(encoding="utf-8")


@each_name
def test_problems_have_the_severity_of_the_table_of_rules_and_a_remedy(name: str) -> None:
    severities = {rule.code: rule.severity for rule in RULES}
    for problem in read(name).problems:
        assert problem.severity is severities[problem.code]
        assert problem.remedy


@each_name
def test_places_name_the_line_that_the_source_has(name: str) -> None:
    lines = (FOLDER / "canonical" / f"{name}.md").read_text(encoding="utf-8").split("\n")
    for question in read(name).questions:
        for part in question.parts():
            if part is not question.key_point_text:
                assert lines[part.place.line - 1].strip() == part.markdown.split("\n")[0].strip()
        for point in question.key_points:
            assert point.markdown.split("\n")[0] in lines[point.place.line - 1]


def test_every_expectation_belongs_to_a_question_file() -> None:
    beside = {path.stem for path in (FOLDER / "canonical").iterdir() if path.suffix in (".txt", ".toml")}
    assert beside == set(NAMES)


def test_every_problem_that_reading_finds_has_a_case() -> None:
    by_other_stages = {"config", "survey", "ledger", "template", "pdf", "print", "returned-id"}
    by_layouts = {"edited", "vanished", "image-differs", "mojibake", "no-question", "duplicate", "placeholder"}
    by_reading = {rule.code for rule in RULES if rule.run is None} - by_other_stages - by_layouts
    shown = {problem.code for name in NAMES for problem in read(name).problems}
    assert shown == by_reading - {"unreadable"}  # shown below, because such files can't lie here


GOOD = "# Head\n\n### Why é? {#why}\n\nBecause.\n\n### And? {#and}\n\nSo.\n"


def read_bytes(write: Write, data: bytes) -> Bank:
    """The bank of a file with these bytes."""
    folder = write({"questions.md": data})
    return read_bank([Path("questions.md")], folder, Config())


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        b"\xfe\xff" + GOOD.encode("utf-16-be"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.rstrip("\n").encode(),
    ],
    ids=[
        "byte-order mark",
        "UTF-16 little-endian",
        "UTF-16 big-endian",
        "Windows line ends",
        "old Mac line ends",
        "no last line end",
    ],
)
def test_encodings_and_line_ends_make_no_difference(write: Write, data: bytes) -> None:
    bank = read_bytes(write, data)
    assert described(bank) == described(read_bytes(write, GOOD.encode()))
    assert [question.text for question in bank.questions] == ["Why é?", "And?"]


@pytest.mark.parametrize(
    ("data", "line", "encoding"),
    [(b"# Head\n\n### Caf\xe9? {#a}\n", 3, "UTF-8"), (b"\xff\xfe#\x00\n\x00\x00", 2, "UTF-16")],
    ids=["Latin-1", "half a UTF-16 character"],
)
def test_text_in_no_known_encoding_is_an_error_on_its_line(write: Write, data: bytes, line: int, encoding: str) -> None:
    bank = read_bytes(write, data)
    (problem,) = bank.problems
    assert (problem.code, problem.severity) == ("unreadable", Severity.ERROR)
    assert (problem.place.file, problem.place.line) == ("questions.md", line)
    assert encoding in problem.message
    assert bank.questions == ()


def test_a_missing_file_is_an_error_and_the_others_are_read(write: Write) -> None:
    folder = write({"there.md": GOOD})
    bank = read_bank([Path("gone.md"), Path("there.md")], folder, Config())
    assert [(problem.code, problem.place.file) for problem in bank.problems] == [("unreadable", "gone.md")]
    assert [question.id for question in bank.questions] == ["why", "and"]


def test_a_huge_file_is_an_error(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", len(GOOD.encode()) - 1)
    assert [problem.code for problem in read_bytes(write, GOOD.encode()).problems] == ["unreadable"]


def test_files_come_in_the_order_of_their_names_without_the_readme(write: Write) -> None:
    names = ["20-b.md", "10-a.md", "README.md", "notes.txt", "sub/30-c.md"]
    folder = write({f"content/{name}": GOOD for name in names})
    assert [path.name for path in bank_files(folder / "content")] == ["10-a.md", "20-b.md"]


def short_answer(write: Write, markdown: str) -> str:
    """The HTML of the first question's short answer."""
    question = read_bytes(write, markdown.encode()).questions[0]
    assert question.short
    return to_html(question.short.markdown, question.definitions).html


def test_definitions_and_footnotes_at_the_end_serve_an_earlier_question(write: Write) -> None:
    html = short_answer(write, "### A? {#a}\n\n[P][p] and[^n].\n\n### B? {#b}\n\nB.\n\n[p]: https://a.example\n\n[^n]: Note.\n")
    assert '<a href="https://a.example">P</a>' in html
    assert 'href="#fn-n"' in html
    assert "<p>Note." in html


@pytest.mark.parametrize(
    "definition", ["> [p]: https://a.example", "1. x\n\n   - y\n\n     [p]: https://a.example"], ids=["in a quote", "in a list"]
)
def test_a_definition_inside_another_block_serves_an_earlier_question(write: Write, definition: str) -> None:
    html = short_answer(write, f"### A? {{#a}}\n\nSee [p].\n\n### B? {{#b}}\n\nB.\n\n{definition}\n")
    assert html == '<p>See <a href="https://a.example">p</a>.</p>'


def test_of_two_definitions_the_first_counts(write: Write) -> None:
    html = short_answer(write, "[p]: https://first.example\n\n### A? {#a}\n\nSee [p].\n\n[p]: https://second.example\n")
    assert html == '<p>See <a href="https://first.example">p</a>.</p>'
