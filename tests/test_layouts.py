"""Question lists as people write them: every pair of golden/layouts/*.md and what must be read from it (*.txt beside it).

See golden/layouts/README.md for the form of the *.txt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from generator.check import RULES
from generator.content import Content, load
from generator.model import Question
from generator.read import bank_files
from generator.read.layouts import NAMES as LAYOUT_NAMES
from tests.golden import FOLDER
from tests.test_golden_markdown import by_github, by_us, what_a_reader_sees

LAYOUTS = FOLDER / "layouts"
NAMES = sorted(path.stem for path in bank_files(LAYOUTS))
WIDTH = 60
"""That many characters of an answer's first line are compared."""
LABELS = frozenset(
    "q question questions a answer answers ans solution explanation response prompt no number "
    "frage antwort pregunta respuesta réponse вопрос ответ 问题 问 答案 答".split()
)
"""Words that say which part of a question follows, and so need not be kept."""
TO_TOP = re.compile(r"\b(?:back|go|return|jump|scroll)\b.{0,12}\bto\b.{0,5}\b(?:top|contents?|table of contents|index|start)\b")
_PAIR = re.compile(r"line (?P<line>\d+) \| (?P<text>.*?) \| (?P<sections>.*?) \| (?P<answer>.*)")
_FRONT = re.compile(r"front of line (\d+): (.*)")
_LEFT_OUT = re.compile(r"left out: line (\d+)")

each_name = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Expected:
    """A *.txt file, its lines brought to the form of `described`."""

    layout: str
    questions: list[str]
    fronts: list[str]
    left_out: frozenset[int]


@cache
def content_of(name: str) -> Content:
    """What the program makes of a golden file."""
    return load([LAYOUTS / f"{name}.md"])


def source_of(name: str) -> list[str]:
    """The lines of a golden file, as an editor numbers them."""
    return (LAYOUTS / f"{name}.md").read_text(encoding="utf-8-sig").split("\n")


def expected_of(name: str) -> Expected:
    """What a golden file's author says must be read."""
    first, *lines = (LAYOUTS / f"{name}.txt").read_text(encoding="utf-8").strip("\n").split("\n")
    assert first.startswith("layout: "), f'{name}.txt begins with "layout: NAME"'
    questions, fronts, left_out = [], [], []
    for line in filter(None, map(str.strip, lines)):
        if front := _FRONT.fullmatch(line):
            fronts.append(f"front of line {front[1]}: {front[2][:WIDTH].strip()}")
        elif left := _LEFT_OUT.fullmatch(line):
            left_out.append(int(left[1]))
        else:
            pair = _PAIR.fullmatch(line)
            assert pair, f"{name}.txt: this line has not the form of the others: {line}"
            head = f"line {pair['line']} | {pair['text']} | {pair['sections']}"
            questions.append(f"{head} | {pair['answer'][:WIDTH].strip()}")
    return Expected(first.removeprefix("layout: "), questions, fronts, frozenset(left_out))


def described(question: Question) -> str:
    """A question as the *.txt files write it."""
    sections = " > ".join(question.sections) or "-"
    answer = first_line("\n".join(part.markdown for part in question.answer)) or "(none)"
    return f"line {question.place.line} | {question.text} | {sections} | {answer}"


def first_line(markdown: str) -> str:
    """The beginning of the first line that is not blank."""
    return next((line.strip() for line in markdown.split("\n") if line.strip()), "")[:WIDTH].strip()


def lost_lines(content: Content) -> frozenset[int]:
    """The lines that findings of `check` name as left out."""
    lost: set[int] = set()
    for problem in content.problems:
        if problem.code == "lost-text":
            run = re.match(r"lines (\d+) to (\d+) are", problem.message)
            lost |= set(range(int(run[1]), int(run[2]) + 1)) if run else {problem.place.line}
    return frozenset(lost)


def words(text: str) -> list[str]:
    """The words that a reader may look for, in lower case: no tags, link targets, bare addresses or punctuation."""
    text = re.sub(r"\]\([^()\s]*\)|<[^<>]*>|&\w+;", " ", text)
    return re.findall(r"[^\W_]+", text.lower())


def says_no_more_than_a_label(found: list[str]) -> bool:
    """Whether words are only a number, a label, or a table's head made of such."""
    return all(word in LABELS or re.fullmatch(r"q?\d+[a-z]?", word) for word in found)


def stands_in(found: list[str], kept: str) -> bool:
    """Whether the words stand in the kept text one after the other, a number or label before them left aside."""
    for start in range(min(4, len(found))):
        if f" {' '.join(found[start:])} " in kept:
            return True
        if not says_no_more_than_a_label(found[start : start + 1]):
            return False
    return not found


def kept_texts(content: Content) -> Iterator[str]:
    """What cards and pages show of each question, its sections first, as words with single blanks between."""
    for question in content.bank.questions:
        pieces = [*question.sections, question.text, *(part.markdown for part in question.parts()), question.definitions]
        yield f" {' '.join(words(chr(10).join(pieces)))} "


@each_name
def test_exactly_this_is_read(name: str) -> None:
    content, expected = content_of(name), expected_of(name)
    assert [described(question) for question in content.bank.questions] == expected.questions
    assert [
        f"front of line {question.place.line}: {first_line(question.body.markdown)}"
        for question in content.bank.questions
        if question.body
    ] == expected.fronts
    assert [source.layout for source in content.bank.sources] == [expected.layout]
    if expected.questions:
        assert expected.left_out <= lost_lines(content)


@each_name
def test_every_line_is_in_a_question_or_named_as_left_out(name: str) -> None:
    content = content_of(name)
    if not content.bank.questions:
        return  # the next test
    lost, kept = lost_lines(content), "|".join(kept_texts(content))
    twice = {problem.place.line for problem in content.problems if problem.code in ("duplicate", "placeholder")}
    vanished = []
    for number, line in enumerate(source_of(name), start=1):
        found = words(line)
        noise = says_no_more_than_a_label(found) or TO_TOP.search(line.lower())
        if number not in lost | twice and not noise and not stands_in(found, kept):
            vanished.append(f"line {number}: {line}")
    assert vanished == []


@pytest.mark.parametrize("name", [name for name in NAMES if not expected_of(name).questions])
def test_a_file_without_questions_gives_one_finding_that_says_what_to_do(name: str) -> None:
    problems = content_of(name).problems
    assert [problem.code for problem in problems if problem.code in ("no-question", "lost-text")] == ["no-question"]
    assert all(problem.remedy for problem in problems)


@each_name
def test_rendered_answers_show_what_github_shows(name: str) -> None:
    for question in content_of(name).bank.questions:
        for part in question.parts():
            source = f"{part.markdown}\n\n{question.definitions}" if question.definitions else part.markdown
            assert what_a_reader_sees(by_us(source)) == what_a_reader_sees(by_github(source)), f"line {question.place.line}"


@each_name
def test_every_finding_names_a_line_of_the_file_and_a_rule(name: str) -> None:
    codes = {rule.code: rule.severity for rule in RULES}
    for problem in content_of(name).problems:
        assert problem.severity is codes[problem.code]
        assert problem.place.line <= len(source_of(name))


def test_every_expectation_belongs_to_a_document() -> None:
    assert {path.stem for path in LAYOUTS.glob("*.txt")} == set(NAMES)


def test_every_layout_has_a_case() -> None:
    assert {expected_of(name).layout for name in NAMES} == {*LAYOUT_NAMES, "none"}
