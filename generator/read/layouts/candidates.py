"""A document's headings with all that tells which of them are questions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from generator.markup.commonmark import code_lines_of
from generator.read.document import Document, Heading
from generator.read.layouts import answer_words, callouts, label_words, noise, question_labels, question_words
from generator.read.layouts.titles import is_list_by_name, titles

_Q_LINE = re.compile(rf"[ \t>]*(?:[-*+]\s+)?(?:\*\*|__)?(?:q|{label_words.QUESTION})\s*\d*\s*[:：]", re.IGNORECASE)
"""A line that says itself that it is the question."""
META = re.compile(r"\s*(?:[-*+]\s+)?\*\*[^*\n]{1,24}(?:[:：]\*\*|\*\*\s*[:：])\s*\S")
"""`**Difficulty:** easy`"""
NAMES_QUESTION = re.compile(rf"\W*(?:(?!questions){label_words.QUESTION}|problem|题干)\W*", re.IGNORECASE)
"""A heading that only says that the question stands below."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A heading that may be a question."""

    heading: Heading
    number: int | None
    labelled: bool
    asks: bool
    ends: bool
    """Ends with a question mark."""
    bold: bool
    style: str
    """How it is labelled: `q` (Q, Question …), `n` (a number) or nothing."""
    label: str
    text: str
    """Its words without label and wrapping."""
    said: bool
    """Whether text stands between it and the next heading."""
    bare: bool
    """Whether nothing stands between it and the next heading of its level or above."""
    answered: bool
    """Whether just one answer's label stands between it and the next heading."""
    alone: bool
    """Whether it is a label alone (`Question 1`): the question stands below."""
    stop: int
    """Line of the next heading of its level or above."""
    about_itself: bool
    """Whether it asks about the document, which is no list by its name."""
    parent: int | None
    """Line of the heading that it stands under."""
    names_some: bool = False
    """Whether it asks nothing, but a question with a label of words (`Question: …`) stands below it."""

    @property
    def level(self) -> int:
        """Its level, 1 to 7."""
        return self.heading.level

    @property
    def evident(self) -> bool:
        """Whether anything says that it is a question."""
        return self.asks or self.labelled or self.answered


def candidates_of(document: Document) -> list[Candidate]:
    """The headings that are more than an answer's label, with all that tells questions."""
    every = _with_series(titles(document))
    labels = [heading for heading in every if _is_answer_label(heading.text)]
    above = dict(zip((heading.start for heading in every), _parents(every), strict=True))
    levels = {heading.start: heading.level for heading in every}
    headings = [
        heading
        for heading in every
        if not _is_answer_label(heading.text)
        and not (NAMES_QUESTION.fullmatch(heading.text) and levels.get(above[heading.start] or -1, 1) > 1)
    ]
    problems = [heading.start for heading in every if NAMES_QUESTION.fullmatch(heading.text)]
    count = len(document.lines)
    said = [0, *accumulate(bool(line.strip()) and not noise.is_noise(line) for line in document.lines)]
    code = code_lines_of(document.tokens)
    marks = [number not in code and _labels_answer(line) for number, line in enumerate(document.lines)]
    marks = [mark and not _is_reply(document.lines, number) for number, mark in enumerate(marks)]
    for heading in labels:
        marks[heading.start] = True
    labelled = [0, *accumulate(marks)]
    asked = [0, *accumulate(_Q_LINE.match(line) is not None for line in document.lines)]
    named = is_list_by_name(document)
    result = []
    stops = _stops(headings, count)
    parents = _parents(headings)
    # Of a lone "What is it?" below a title, what the title names is asked.
    chaptered = (
        sum(not question_words.asks(heading.text) or question_words.asks_about_it(heading.text) for heading in headings[1:]) > 1
    )
    for position, heading in enumerate(headings):
        after = headings[position + 1].start if position + 1 < len(headings) else count
        stop = stops[position]
        result.append(
            _candidate(
                heading,
                said=said[after] > said[heading.end],
                bare=said[stop] == said[heading.end],
                stop=stop,
                answered=labelled[after] - labelled[heading.end] == 1 and asked[after] == asked[heading.end],
                below=bisect_left(problems, heading.end) < bisect_left(problems, after),
                named=named,
                parent=parents[position],
                named_below=asked[after] > asked[heading.end],
                top=chaptered and parents[position] in (None, headings[0].start),
            )
        )
    return result


_SERIES = re.compile(
    r"[^\w]*(?P<word>[^\W\d_]{1,12})[ .#-]?(?P<number>\d{1,3})\s*(?:[:：.)]|[–—-](?=\s))\s*(?P<text>\S.*)", re.DOTALL
)


_PARTS = re.compile(
    "step|stage|phase|day|week|month|part|chapter|section|level|lesson|unit|module|round|tip|rule|version|figure|table|note|area"
    "|paso|etapa|d[ií]a|semana|parte|secci[oó]n|nivel|lecci[oó]n|módulo|cap[ií]tulo|passo|fase|schritt|tag|woche|teil|kapitel"
    "|stufe|étape|jour|semaine|partie|chapitre|niveau|leçon|шаг|этап|день|неделя|часть|глава|раздел|уровень|урок|модуль|krok|dzień"
)
"""Words that count steps and chapters."""


def _asks_for_words(text: str) -> bool:
    return question_words.asks(text) and not question_words.instructs(text)


def _with_series(headings: Sequence[Heading]) -> list[Heading]:
    """The headings, with `Q` for a word of the author's own that stands with a rising number before most questions (`P41:`)."""
    bare = [question_labels.clean(heading.text).label is None for heading in headings]
    matches = [
        _SERIES.match(heading.text[: question_words.LONGEST]) if alone else None
        for heading, alone in zip(headings, bare, strict=True)
    ]
    series: dict[tuple[str, int], list[re.Match[str]]] = {}
    for heading, match in zip(headings, matches, strict=True):
        if match:
            series.setdefault((match["word"].casefold(), heading.level), []).append(match)
    known = {
        key
        for key, found in series.items()
        if len(found) >= 3
        and len({match["number"] for match in found}) >= 0.8 * len(found)
        and not _PARTS.fullmatch(key[0])
        and sum(_asks_for_words(match["text"]) for match in found) >= 0.5 * len(found)
    }
    return [
        replace(heading, text=f"Q{match['number']}: {heading.text[match.start('text') :]}")
        if match and (match["word"].casefold(), heading.level) in known
        else heading
        for heading, match in zip(headings, matches, strict=True)
    ]


_REPLY = re.compile(
    r"[ \t]*(?P<item>[-*+][ \t]+)?(?:\*\*|__)?(?:responses?|respuesta|réponse|reponse|resposta|risposta|ответ|odpowiedź)"
    r"\W*(?:\([^()\n]{0,30}\))?\W*",
    re.IGNORECASE,
)
_DATA = re.compile(r"[ \t]*(?:(?:```|~~~)[ \t]*(?:json|http|xml)\b|\{)", re.IGNORECASE)
_FACT = re.compile(r"[ \t]*[-*+][ \t]+(?:\*\*|__)?[^\W\d_]")


def _is_reply(lines: Sequence[str], number: int) -> bool:
    """Whether a line `Response:` says what a server sends, above data or as one of several facts, rather than an answer."""
    match = _REPLY.fullmatch(lines[number]) if len(lines[number]) < 100 else None
    if match is None:
        return False
    below = next((line for line in lines[number + 1 : number + 4] if line.strip()), "")
    above = lines[number - 1] if number else ""
    return _DATA.match(below) is not None or (match["item"] is not None and _FACT.match(above) is not None)


def _labels_answer(line: str) -> bool:
    """Whether a line says that the answer begins: a label, or a fold that is opened for it."""
    if line.lstrip().startswith(">"):
        return callouts.is_answer(line)
    if answer_words.answer_label(line):
        return answer_words.option(line) is None
    summary = re.search(r"<summary\b[^<>]*>(.{1,80})", line, re.IGNORECASE)
    said = re.sub(r"<[^<>]*>", "", summary[1]).strip() if summary else ""
    return (
        answer_words.says_answer(said)
        and re.fullmatch(r"\W*(?:click|tap) (?:here |me )?to (?:expand|open)\W*", said, re.I) is None
    )


def _stops(headings: Sequence[Heading], count: int) -> list[int]:
    """For each heading the line of the next one of its level or above."""
    stops = [count] * len(headings)
    waiting: list[int] = []
    for position, heading in enumerate(headings):
        while waiting and headings[waiting[-1]].level >= heading.level:
            stops[waiting.pop()] = heading.start
        waiting.append(position)
    return stops


def _parents(headings: Sequence[Heading]) -> list[int | None]:
    """For each heading the line of the one it stands under."""
    parents: list[int | None] = []
    above: list[Heading] = []
    for heading in headings:
        while above and above[-1].level >= heading.level:
            above.pop()
        parents.append(above[-1].start if above else None)
        above.append(heading)
    return parents


def _is_answer_label(text: str) -> bool:
    """Whether a heading says no more than `Answer`, or gives a short one (`Answer: B`)."""
    width = answer_words.answer_label(text)
    return width > 0 and len(text) - width <= 30


def _candidate(
    heading: Heading,
    stop: int,
    said: bool,
    bare: bool,
    answered: bool,
    below: bool,
    named: bool,
    parent: int | None,
    named_below: bool,
    top: bool,
) -> Candidate:
    cleaned = question_labels.clean(heading.text)
    link = noise.is_link_only(heading.text) and not question_words.asks(heading.text)
    alone = (
        question_labels.label_alone(heading.text)
        and (said or below)
        and (answered or re.search(r"\d", heading.text) is not None)
    )
    alone = alone or (answered and said and re.fullmatch(r"\W*\d{1,3}\W*", heading.text) is not None)
    alone = alone or ((answered or named) and said and question_labels.task_alone(heading.text))
    return Candidate(
        heading=heading,
        number=question_labels.number_of(cleaned.label or (heading.text if alone else None)),
        labelled=cleaned.label is not None or alone,
        asks=alone or (question_words.asks(cleaned.text) and not link),
        ends=alone or question_words.ends_asking(cleaned.text),
        bold=cleaned.bold,
        style="q" if alone else _style(heading.text, cleaned.label),
        label=cleaned.label or "",
        text=cleaned.text,
        said=said,
        bare=bare,
        stop=stop,
        answered=answered,
        alone=alone,
        about_itself=not named
        and (question_words.asks_about_itself(cleaned.text) or (top and question_words.asks_about_it(cleaned.text))),
        parent=parent,
        names_some=named_below and not alone and not question_words.asks(cleaned.text),
    )


_Q_STYLE = re.compile(rf"[^\w]*(?:(?:q|ques|{label_words.QUESTION})\b|q\d|follow[- ]?up q)", re.IGNORECASE)


def _style(text: str, label: str | None) -> str:
    if label is None:
        return ""
    return "q" if _Q_STYLE.match(text) else "n"
