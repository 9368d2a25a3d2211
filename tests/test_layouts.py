"""Question lists as people write them: every pair of golden/layouts/*.md and what must be read from it (*.txt beside it).

See golden/layouts/README.md for the form of the *.txt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cmarkgfm  # type: ignore[import-untyped]
import pytest

from generator.check import RULES
from generator.content import Content, load
from generator.model import Question
from generator.read import bank_files
from generator.read.admonitions import as_callouts
from generator.read.layouts import NAMES as LAYOUT_NAMES
from tests.golden import FOLDER
from tests.test_golden_markdown import OPTIONS, by_github, by_us, what_a_reader_sees

LAYOUTS = FOLDER / "layouts"
NAMES = sorted(path.stem for path in bank_files(LAYOUTS))
WIDTH = 60
"""That many characters of an answer's first line are compared."""
LABELS = frozenset(
    "q que ques question questions prompt scenario a ans answer answers key solution solutions explanation response "
    "no number correct "
    "show see view click reveal to the for here follow up sample of "
    "frage antwort rechnung lösung rationale pregunta ver respuesta questão resposta réponse "
    "problem soru câu вопрос ответ показать 问题 问 答案 答 第 题 题目 题的答案 查看答案 正确答案".split()
)
"""Words that say what follows, and so need not be kept."""
TO_TOP = re.compile(
    r"\b(?:back|go|return|jump|scroll) (?:up )?(?:back )?to (?:the )?(?:top|contents?|table of contents|index)\b"
)
ARROW_LINK = re.compile(r"\[[⬆↑▲🔝🔼☝↥][^\]]*\]\(#|^\W*\[top\]\(#[^)]*\)\W*$", re.IGNORECASE)
_QUESTION = re.compile(r"line (?P<line>\d+) \| (?P<text>.*?) \| (?P<sections>.*?) \| (?P<answer>.*)")
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
    data = (LAYOUTS / f"{name}.md").read_bytes()
    text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    return text.replace("\r\n", "\n").split("\n")


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
            question = _QUESTION.fullmatch(line)
            assert question, f"{name}.txt: this line has not the form of the others: {line}"
            head = f"line {question['line']} | {question['text']} | {question['sections']}"
            questions.append(f"{head} | {question['answer'][:WIDTH].strip()}")
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
    """The words that a reader may look for, in lower case: no tags, comments, link targets, callouts or punctuation."""
    text = re.sub(r"^([ \t>]*)(?:(?:!!!|\?\?\?\+?) \w+|\[!\w+\])", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^()\s]*\)|<!--[^\n]*?-->|</?[a-zA-Z][^<>]*>|\{#[^{}]*\}|&\w+;", " ", text)
    return re.findall(r"[^\W_]+", text.lower())


def labels_of(lines: list[str]) -> frozenset[str]:
    """Words that need not be kept: of labels, of remarks in them, and those repeated before a colon or on a fold."""
    label = re.compile(r"\W*([^\W\d_]+)\W*[:：]|\s*(?:<details>)?<summary>\W*(\w+)\W*</summary>")
    heads = Counter((found[1] or found[2]).lower() for line in lines if (found := label.match(line)))
    remarks = {found[1].lower() for line in lines if (found := re.match(r"\W*question \((\w+)\):", line, re.IGNORECASE))}
    own = [(found[1].lower(), found[2]) for line in lines if (found := re.match(r"#+ ([^\W\d_]+) ?(\d+):", line))]
    repeated = {word for word, count in Counter(word for word, _ in own).items() if count > 2}
    remarks |= {f"{word}{number}" for word, number in own if word in repeated}
    return LABELS | remarks | {word for word, count in heads.items() if count > 2}


def only_labels(found: list[str], labels: frozenset[str]) -> bool:
    """Whether words are no more than numbers and labels."""
    return all(word in labels or re.fullmatch(r"(?:q|a|ans)?\d+[a-z]?", word) for word in found)


def stands_in(found: list[str], kept: str, labels: frozenset[str]) -> bool:
    """Whether the words stand in the kept text one after the other, a number or label before them left aside."""
    starts = [start for start in range(min(4, len(found))) if only_labels(found[:start], labels)]
    return any(f" {' '.join(found[start:])} " in kept for start in starts)


def kept_texts(content: Content) -> Iterator[str]:
    """What is shown: each question with its sections, the title, placeholders in findings; words with single blanks between."""
    for question in content.bank.questions:
        pieces = [*question.sections, question.text, *(part.markdown for part in question.parts()), question.definitions]
        yield f" {' '.join(words(chr(10).join(pieces)))} "
    yield f" {' '.join(words(content.bank.title))} "
    yield from (f" {' '.join(words(problem.message))} " for problem in content.problems if problem.code == "placeholder")


def vanished(name: str) -> Iterator[str]:
    """Lines whose words are in no question, answer or section, and that no finding names."""
    content, lines = content_of(name), source_of(name)
    kept, labels, lost = "|".join(kept_texts(content)), labels_of(lines), lost_lines(content)
    twice = {problem.place.line for problem in content.problems if problem.code == "duplicate"}
    front_matter = lines.index("---", 1) if lines[0] == "---" and "---" in lines[1:] else -1
    silent = True
    for number in range(len(lines), front_matter + 1, -1):  # from below, since a heading of lost lines need not be kept
        line = lines[number - 1]
        if not line.strip():
            continue
        found = words(line)
        if number in lost | twice or (silent and re.match(r" {0,3}#{1,7}[^#]", line)):
            silent = True
        elif found and not only_labels(found, labels) and not (TO_TOP.search(line.lower()) or ARROW_LINK.search(line)):
            silent = False
            # The cells of a row may stand in another order on the card.
            cells = [words(cell) for cell in line.split("|")] if line.startswith("|") else [found]
            if not stands_in(found, kept, labels) and not all(
                only_labels(cell, labels) or stands_in(cell, kept, labels) for cell in cells
            ):
                yield f"line {number}: {line}"


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


@pytest.mark.parametrize("name", [name for name in NAMES if expected_of(name).questions])
def test_every_line_is_in_a_question_or_named_as_left_out(name: str) -> None:
    assert list(vanished(name)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if not expected_of(name).questions])
def test_a_file_without_questions_gives_one_finding_that_says_what_to_do(name: str) -> None:
    problems = content_of(name).problems
    assert [problem.code for problem in problems if problem.code in ("no-question", "lost-text")] == ["no-question"]
    assert all(problem.remedy for problem in problems)


def test_questions_in_code_are_none_but_their_fence_is_named() -> None:
    (problem,) = content_of("none-questions-in-a-fence").problems
    assert (problem.code, problem.place.line) == ("no-question", 3)
    assert "code" in problem.message
    assert "fence" in problem.remedy


@each_name
def test_separators_and_links_to_the_top_are_neither_shown_nor_called_lost(name: str) -> None:
    content, lines = content_of(name), source_of(name)
    for question in content.bank.questions:
        for part in question.parts():
            last = last_line(part.markdown)
            assert not (TO_TOP.search(last.lower()) and re.search(r"\]\(#|href=.#", last)), last
    for problem in content.problems:
        if problem.code == "lost-text":
            run = re.match(r"lines (\d+) to (\d+) are", problem.message)
            named = lines[int(run[1]) - 1 : int(run[2])] if run else [lines[problem.place.line - 1]]
            assert any(re.search(r"\w|!\[|<img", re.sub(r"<(?!img)[^<>]*>", "", line)) for line in named), named


def last_line(markdown: str) -> str:
    """The last line that has words."""
    return next((line for line in reversed(markdown.split("\n")) if words(line)), "")


def code_of(html: str) -> list[str]:
    """The text of every code block."""
    return [re.sub(r"<[^<>]*>", "", code).strip() for code in re.findall(r"<pre\b.*?</pre>", html, re.DOTALL)]


@each_name
def test_fenced_code_stays_code_and_keeps_its_text(name: str) -> None:
    content, lines = content_of(name), source_of(name)
    lost = {lines[number - 1].strip() for number in lost_lines(content)}
    parts = [part for question in content.bank.questions for part in question.parts()]
    kept = {code for part in parts for code in code_of(by_github(part.markdown))}
    placeholders = [problem.message for problem in content.problems if problem.code == "placeholder"]
    # What is indented below a line `??? note` is text of MkDocs, which GitHub takes for code.
    whole = cmarkgfm.github_flavored_markdown_to_html(as_callouts("\n".join(lines)), options=OPTIONS)
    for code in code_of(whole) if parts else []:
        named = any(code in remark for remark in placeholders)
        assert code in kept or named or not {line.strip() for line in code.split("\n")}.isdisjoint(lost)


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
