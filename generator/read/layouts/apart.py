"""Answers that stand together below all questions, each with the number of its question: `Answer 3: …`, or a list "Answers"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.markup.commonmark import code_lines_of
from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import answer_words, question_labels, question_words
from generator.read.layouts.outline import Found, Outline, SectionMark

_HEADER = re.compile(
    r"\W*(?:(?:the|all|model|sample|short|correct|suggested) )?(?:answers|solutions|answer key|answers? sheet|key|antworten"
    r"|lösungen|respuestas|soluciones|réponses|solutions|respostas|risposte|soluzioni|odpowiedzi|ответы|решения"
    r"|відповіді|cevaplar|答案|参考答案|解答)(?: (?:key|section))?\W*",
    re.IGNORECASE,
)
"""What stands above the answers to all questions."""
_MOST_PARTS = 50
"""More headers than that are not looked at."""
_ITEM = r"[ ]{0,3}(?:[-*+][ \t]+)?(?:#{1,6}[ \t]+)?"
_NUMBER = re.compile(rf"{_ITEM}(?:\*\*|__)?(\d{{1,3}})(?:[.):]+(?:\*\*|__)?|(?:\*\*|__)[.):]+)(?=\s|$)[ \t]*")
"""`3. …`, `**3.** …`"""
_LABELLED = re.compile(
    rf"{_ITEM}[`*_\"\[(]*[ ]?(?:{answer_words.ANSWER_WORDS}|a)[ \t]*(?:no\.?|nr\.?)?[.:#-]?[ \t]*(\d{{1,3}})"
    r"(?=[\W_]|$)[`*_\"\]). ]*[:：~–—-]*[`*_]*(?=\s|[^\W_]|$)[ \t]*",
    re.IGNORECASE,
)
"""`Answer 3: …`, `**A3.** …`, `- ```Ans3``` …`"""


@dataclass(frozen=True, slots=True)
class Apart:
    """Answers below all questions, by the number of their question."""

    start: int
    """0-based line of their header, or of the first one."""
    end: int
    """0-based line after the last one."""
    answers: dict[int, Found]
    named: bool
    """Whether they have a header."""


def answers_apart(document: Document) -> tuple[Apart, ...]:
    """The answers that stand together in a document: below a header for each part, or each with a label and its number.

    Fewer than three are left where they are.
    """
    lines = _first_lines(document)
    headings = {heading.start for heading in document.headings}
    headers = [start for start in lines if _is_header(document, start, start in headings)]
    if len(headers) > _MOST_PARTS:  # every question has a header above its own answer
        return ()
    if not headers:
        found = [_collected(document, lines, None)]
    else:
        ends = [min(_end_of_section(document, first), second) for first, second in pairwise([*headers, len(document.lines)])]
        parts = [{line: lines[line] for line in lines if first < line < end} for first, end in zip(headers, ends, strict=True)]
        found = [_collected(document, part, header, end) for header, part, end in zip(headers, parts, ends, strict=True)]
    return tuple(item for item in found if item)


def _end_of_section(document: Document, header: int) -> int:
    """The line of the heading that ends what a header stands above."""
    level = next((heading.level for heading in document.headings if heading.start == header), 7)
    below = (heading.start for heading in document.headings if heading.start > header and heading.level <= level)
    return next(below, len(document.lines))


def _first_lines(document: Document) -> dict[int, int]:
    """The lines on which an answer may begin, with the end of the list item that each is the first line of (else 0)."""
    found: dict[int, int] = {}
    for block in document.tokens:
        if not block.map:
            continue
        if block.type == "list_item_open" and block.level == 1:
            found[block.map[0]] = block.map[1]
        elif block.type in ("paragraph_open", "heading_open") and block.level == 0:
            found.update(dict.fromkeys(range(*block.map), 0))
    return dict(sorted(found.items()))


def _is_header(document: Document, line: int, heading: bool) -> bool:
    """Whether a line, with nothing else in its paragraph or heading, says that the answers follow."""
    text = document.lines[line]
    above = document.lines[line - 1].strip() if line else ""
    marked = heading or text.lstrip().startswith(("*", "_")) or text.rstrip().endswith((":", "："))
    return len(text) < 60 and marked and not above and _HEADER.fullmatch(plain_text(text.lstrip("# "))) is not None


def _collected(document: Document, lines: dict[int, int], header: int | None, end: int | None = None) -> Apart | None:
    entries = list(_entries(document, lines, header is not None))
    if len(entries) < 3:
        return None
    levels = {heading.start: heading.level for heading in document.headings}
    own = {levels.get(found.start) for _, found in entries}
    deepest = max((level for level in own if level is not None), default=0)
    ends = [heading.start for heading in document.headings if not deepest or heading.level < deepest]
    count = len(document.lines) if end is None else end
    stop = next((line for line in ends if entries[-1][1].start < line < count), count)
    if any(entries[0][1].start < line < entries[-1][1].start for line in ends):
        return None
    borders = [*(found.start for _, found in entries[1:]), stop]
    answers = {number: replace(found, stop=border) for (number, found), border in zip(entries, borders, strict=True)}
    return Apart(entries[0][1].start if header is None else header, stop, answers, header is not None)


def _entries(document: Document, lines: dict[int, int], named: bool) -> Iterator[tuple[int, Found]]:
    """Number and beginning of each answer; below a header (`named`) a number alone is enough. Their numbers rise."""
    code = code_lines_of(document.tokens)
    last = 0
    for start, item in lines.items():
        line = document.lines[start]
        match = _LABELLED.match(line) if start not in code else None
        match = match or (_NUMBER.match(line) if named and start not in code else None)
        if match is None or int(match[1]) <= last:
            continue
        last = int(match[1])
        marker = match[0].count("**") % 2
        lead = line[match.end() :]
        lead = lead.replace("**", "", 1) if marker and lead.count("**") % 2 else lead
        yield last, Found(lead, start, start + 1, within=item or None, lead=lead)


def without(document: Document, parts: Sequence[Apart]) -> Document:
    """The document with blank lines in place of the answers."""
    inside = {line for part in parts for line in range(part.start, part.end)}
    kept, hidden = [], False
    for block in document.tokens:
        if block.level == 0 and block.map:
            hidden = block.map[0] in inside
        if not hidden:
            kept.append(block)
    lines = tuple("" if number in inside else line for number, line in enumerate(document.lines))
    headings = tuple(heading for heading in document.headings if heading.start not in inside)
    return replace(document, lines=lines, tokens=tuple(kept), headings=headings)


def joined(outline: Outline, parts: Sequence[Apart], document: Document) -> Outline | None:
    """The questions with their answers; None where they have answers already, or other numbers than the answers.

    `document` is the one without the answers.
    """
    if outline.answered(document) > 0.2:
        return None
    questions: list[Found] = []
    marks = list(outline.sections)
    for part in parts:
        above = [found for found in outline.questions[len(questions) :] if found.start < part.start]
        pairs = _matched(above, part)
        if pairs is None:
            return None
        questions += pairs
        header = part.start + part.named
        marks.append(SectionMark(9, "", part.start, header, until=header))
        for answer in (found.apart for found in pairs if found.apart):
            stop = answer.stop or answer.end
            marks.append(SectionMark(9, "", answer.start, stop, until=stop))
    questions += outline.questions[len(questions) :]
    return Outline(tuple(questions), tuple(sorted(marks, key=lambda mark: mark.start)))


def _matched(questions: Sequence[Found], part: Apart) -> list[Found] | None:
    """The questions above the answers, each with the one that has its number; None where too few have one."""
    cleaned = [question_labels.clean(found.text) for found in questions]
    numbers = [question_labels.number_of(item.label) for item in cleaned]
    given = [number for number in numbers if number is not None]
    matched = sum(number in part.answers for number in given)
    if len(set(given)) < len(given) or matched < 3 or 2 * matched < max(len(part.answers), len(numbers)):
        return None
    if 2 * sum(question_words.asks(item.text) for item in cleaned) < len(numbers):
        return None
    pairs = zip(questions, numbers, strict=True)
    return [found if number is None else replace(found, apart=part.answers.get(number)) for found, number in pairs]
