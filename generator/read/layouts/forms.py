"""Labels on lines of their own, as in a form: `Question:`, below it the question, `Solution:`, below it the answer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.markup.commonmark import code_lines_of
from generator.read.document import Document
from generator.read.layouts import answer_words, label_words, noise, question_labels
from generator.read.layouts.outline import Found, Outline
from generator.read.layouts.titles import sections_of

_LABEL = re.compile(
    rf"[ \t]*(?:\*\*|__)?(?:{label_words.QUESTION}|{label_words.TASK})"
    r"\s*[^\sA-Za-z0-9]{1,6}\s*",
    re.IGNORECASE,
)
"""`Question:` and nothing else; the sign may be one that was wrongly decoded."""
_LONGEST = 60
"""Lines of a question with all that belongs to it."""


@dataclass(frozen=True, slots=True)
class _Record:
    start: int
    """Line after the separator, or of the label."""
    label: int | None
    """Line of the question's label."""
    answer: int
    """Line of the answer's label."""
    stop: int | None
    """Line of the separator behind it."""
    parted: bool
    """Whether a separator stands above it."""


def forms(document: Document) -> Outline:
    """The records of a document where most have both labels; in one with separators those without the first label too."""
    records = list(_records(document))
    labelled = [record for record in records if record.label is not None]
    if len(labelled) < 2 or 2 * len(labelled) < len(records):
        return Outline(())
    ruled = 2 * sum(record.parted for record in records) > len(records)
    taken = records if ruled else labelled
    found = [item for record in taken if (item := _found(document, record, ruled))]
    inside = {line for item in found if item.stop is not None for line in range(item.start, item.stop)}
    sections = [mark for mark in sections_of(document, found) if mark.start not in inside]
    return Outline(tuple(_up_to_the_next(document, found)), tuple(sections))


def _up_to_the_next(document: Document, found: list[Found]) -> Iterator[Found]:
    """The questions, each reaching to the next one where nothing but separators stands between the two."""
    borders = [*(item.start for item in found[1:]), len(document.lines)]
    for item, border in zip(found, borders, strict=True):
        said = item.stop is not None and any(not noise.is_noise(line) for line in document.lines[item.stop : border])
        yield item if said else replace(item, stop=None)


def _records(document: Document) -> Iterator[_Record]:
    """Every answer's label with what stands above it, up to the separator or the answer before."""
    code = code_lines_of(document.tokens)
    lines = document.lines
    rules = [number for number, line in enumerate(lines) if number not in code and line.strip() and noise.is_separator(line)]
    after = 0
    for number, line in enumerate(lines):
        if number in code or not _labels_answer(line):
            continue
        first = max(after, number - _LONGEST)
        at = bisect_left(rules, number)
        parted = at > 0 and rules[at - 1] >= first
        above = rules[at - 1] + 1 if parted else first
        labels = [at for at in range(above, number) if at not in code and _labels_question(lines[at])]
        if parted or labels:
            stop = rules[at] if at < len(rules) else None
            start = document.first_line(above, number) if parted else labels[-1]
            yield _Record(start, labels[-1] if labels else None, number, stop, parted)
        after = number + 1


def _labels_answer(line: str) -> bool:
    width = answer_words.answer_label(line)
    return width > 0 and line[:width].rstrip(" \t*_").endswith((":", "：")) and answer_words.option(line) is None


def _labels_question(line: str) -> bool:
    return len(line) < 40 and (_LABEL.fullmatch(line) is not None or question_labels.label_alone(line.rstrip(" *_:")))


def _found(document: Document, record: _Record, ruled: bool) -> Found | None:
    """The question: its first sentence is the text, all else above the answer's label belongs to the front."""
    first = record.start if record.label is None else record.label + 1
    first = document.first_line(first, record.answer)
    end = first
    words: list[str] = []
    while end < record.answer and document.lines[end].strip() and len(words) < 4:
        words.append(document.lines[end].strip())
        end += 1
        if words[-1].endswith((".", "?", "!", ":", "。", "？", "：")):
            break
    text = " ".join(words)
    if len(re.findall(r"\w+", text)) < 2:
        return None
    facts = [
        line
        for line in document.lines[record.start : record.label or record.start]
        if line.strip() and not _labels_question(line)
    ]
    rest = document.markdown(end, record.answer)
    front = "\n\n".join(piece for piece in ("\n".join(facts), rest) if piece.strip())
    stop = record.stop if ruled else None
    return Found(f"Q: {text}", record.start, record.answer, stop=stop, front=front, sure=True)
