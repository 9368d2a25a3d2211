"""Answers that stand together below all questions, each with the number of its question: `Answer 3: …`, or a list "Answers"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

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


def answers_apart(document: Document) -> Apart | None:
    """The answers that stand together in a document: below one header, or each with a label and its number.

    None where there are fewer than three.
    """
    lines = _first_lines(document)
    headers = [start for start in lines if _is_header(document, start)]
    if len(headers) == 1:
        return _collected(document, {start: end for start, end in lines.items() if start > headers[0]}, headers[0])
    return None if headers else _collected(document, lines, None)


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


def _is_header(document: Document, line: int) -> bool:
    """Whether a line, with nothing else in its paragraph or heading, says that the answers follow."""
    text = document.lines[line]
    above = document.lines[line - 1].strip() if line else ""
    marked = text.lstrip().startswith(("#", "*", "_")) or text.rstrip().endswith((":", "："))
    marked = marked or any(heading.start == line for heading in document.headings if len(text) < 60)
    return len(text) < 60 and marked and not above and _HEADER.fullmatch(plain_text(text.lstrip("# "))) is not None


def _collected(document: Document, lines: dict[int, int], header: int | None) -> Apart | None:
    entries = list(_entries(document, lines, header is not None))
    if len(entries) < 3 or len({number for number, _ in entries}) < len(entries):
        return None
    levels = {heading.start: heading.level for heading in document.headings}
    own = {levels.get(found.start) for _, found in entries}
    deepest = max((level for level in own if level is not None), default=0)
    ends = [heading.start for heading in document.headings if not deepest or heading.level < deepest]
    count = len(document.lines)
    stop = next((line for line in ends if line > entries[-1][1].start), count)
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


def without(document: Document, apart: Apart) -> Document:
    """The document with blank lines in place of the answers."""
    lines = ["" if apart.start <= number < apart.end else line for number, line in enumerate(document.lines)]
    kept, hidden = [], False
    for block in document.tokens:
        if block.level == 0 and block.map:
            hidden = apart.start <= block.map[0] < apart.end
        if not hidden:
            kept.append(block)
    headings = tuple(heading for heading in document.headings if not apart.start <= heading.start < apart.end)
    return replace(document, lines=tuple(lines), tokens=tuple(kept), headings=headings)


def joined(outline: Outline, apart: Apart, document: Document) -> Outline | None:
    """The questions with their answers; None where they have answers already, or other numbers than the answers."""
    numbers = [question_labels.number_of(question_labels.clean(found.text).label) for found in outline.questions]
    given = [number for number in numbers if number is not None]
    matched = [number for number in given if number in apart.answers]
    if len(set(given)) < len(given) or len(matched) < 3 or 2 * len(matched) < max(len(apart.answers), len(numbers)):
        return None
    if outline.answered(document) > 0.2 or any(found.start >= apart.start for found in outline.questions):
        return None
    if sum(question_words.asks(question_labels.clean(found.text).text) for found in outline.questions) < 0.5 * len(numbers):
        return None
    questions = tuple(
        replace(found, apart=apart.answers.get(number)) if number is not None else found
        for found, number in zip(outline.questions, numbers, strict=True)
    )
    above = apart.start + apart.named
    marks = [SectionMark(9, "", apart.start, above, until=above)]
    for number in matched:
        found = apart.answers[number]
        stop = found.stop or found.end
        marks.append(SectionMark(9, "", found.start, stop, until=stop))
    return Outline(questions, tuple(sorted([*outline.sections, *marks], key=lambda mark: mark.start)))
