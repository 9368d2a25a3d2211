"""From what a layout found to questions: answers cut out, sections, ids."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from generator.model import Part, Place, Problem, Question, Severity
from generator.read.canonical import Reading
from generator.read.document import Document
from generator.read.identity import stable_ids
from generator.read.layouts import answer_words, answers, cards, no_answer, question_labels
from generator.read.layouts.outline import Found, Outline, SectionMark


def assemble(document: Document, outline: Outline) -> Reading:
    """Questions with their answers, in the document's order."""
    ranges = outline.ranges(document)
    groups = _section_names(outline)
    drafts = [
        _draft(document, item, end, names) for item, (_, end), names in zip(outline.questions, ranges, groups, strict=True)
    ]
    labelled = sum(bool(answer_words.answer_label(draft.raw.split("\n")[0])) for draft in drafts)
    strongly = sum(answers.strongly_labelled(draft.raw) for draft in drafts)
    given = sum(bool(draft.raw.strip()) for draft in drafts)
    label = answers.common_label([draft.raw for draft in drafts]) if strongly < 0.5 * given else None
    prose_before = labelled >= 0.3 * given or strongly >= 0.5 * given
    repeated = answers.repeated_labels([draft.raw for draft in drafts])
    bodies = [answers.split(draft.raw, label, prose_before, repeated) for draft in drafts]
    bodies = [(_joined(draft.front, front), answer) for draft, (front, answer) in zip(drafts, bodies, strict=True)]
    bodies = no_answer.shown_to_front([draft.text for draft in drafts], no_answer.without_origins(bodies))
    bodies = no_answer.further_questions_to_front(bodies)
    bodies = answers.follow_ups_to_front(answers.code_to_front([draft.text for draft in drafts], bodies))
    ids = stable_ids([(draft.text, "\n".join((*body, *draft.sections))) for draft, body in zip(drafts, bodies, strict=True)])
    questions: list[Question] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for identity, draft, (front, answer) in zip(ids, drafts, bodies, strict=True):
        place = document.place(draft.line)
        if identity in seen:
            message = f"question repeats line {seen[identity] + 1} word for word, answer included; it is taken once"
            problems.append(Problem(place, "duplicate", Severity.WARNING, message, "remove one of the two"))
            continue
        seen[identity] = draft.line
        if answer and answer_words.is_placeholder(answer):
            problems.append(
                Problem(place, "placeholder", Severity.WARNING, f'"{_short(answer)}" is taken as no answer', "write the answer")
            )
            answer = ""
        labelled_above = answer_words.answer_label(draft.raw.split("\n")[0]) > 0
        if answer and not front and not labelled_above and (asked := answers.before_placeholder(answer)):
            front, answer = asked, ""
        questions.append(
            Question(
                id=identity,
                text=draft.text,
                place=place,
                sections=draft.sections,
                body=Part("", front, _place(document, draft, front)) if front else None,
                answer=(Part("", answer, _place(document, draft, answer)),) if answer else (),
                definitions=document.definitions_for(f"{draft.text}\n{front}\n{answer}"),
            )
        )
    return Reading(tuple(questions), tuple(problems))


def _without_title(outline: Outline) -> tuple[SectionMark, ...]:
    """The sections without a lone first header above all others: that is the document's title."""
    marks = outline.sections
    if not marks or any(found.start < marks[0].start for found in outline.questions):
        return marks
    first = marks[0]
    lone = sum(mark.level <= first.level for mark in marks) == 1
    return marks[1:] if lone and first.level == 1 else marks


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    line: int
    body: tuple[int, int]
    """First line of what belongs to it, and the line after the last."""
    raw: str
    front: str
    sections: tuple[str, ...]


def _draft(document: Document, found: Found, last: int, sections: tuple[str, ...]) -> _Draft:
    piece = found.apart or found
    last = (piece.stop or piece.end) if found.apart else last
    raw = piece.inside if piece.inside is not None else _below(document, piece, last)
    if piece.lead:
        parted = piece.end < len(document.lines) and not document.lines[piece.end].strip()
        raw = f"{piece.lead}\n\n{raw}" if parted else f"{piece.lead}\n{raw}"
    raw = cards.without_schedule(raw)
    text = " ".join((question_labels.clean(found.text).text or found.text).split())
    start = piece.start if piece.lead or piece.inside is not None else piece.end
    raw = cards.without_parting(answers.without_noise(raw))
    return _Draft(text, found.start, (start, max(last, piece.end)), raw, found.front, sections)


def _joined(*pieces: str) -> str:
    return "\n\n".join(piece for piece in pieces if piece)


def _section_names(outline: Outline) -> list[tuple[str, ...]]:
    """The names of the sections, outermost first, that each question stands in."""
    return [tuple(_name(mark.text) for mark in marks) for marks in _sections_above(outline, _without_title(outline))]


def sections_shown(outline: Outline) -> set[int]:
    """The lines of the sections that hold a question, the document's title among them."""
    above = _sections_above(outline, outline.sections)
    return {mark.start for marks in above for mark in marks}


def _sections_above(outline: Outline, marks: Sequence[SectionMark]) -> list[list[SectionMark]]:
    """For each question the sections that it stands in, outermost first."""
    result: list[list[SectionMark]] = [[]] * len(outline.questions)
    above: list[SectionMark] = []
    position = 0
    for number in sorted(range(len(outline.questions)), key=lambda at: outline.questions[at].start):
        start = outline.questions[number].start
        while position < len(marks) and marks[position].start < start:
            mark = marks[position]
            above = [*_going_on(above, mark.start, mark.level), mark]
            position += 1
        above = _going_on(above, start)
        result[number] = above
    return result


def _name(text: str) -> str:
    """A section's words, without number, anchors, HTML and the id that a converter gave it."""
    bare = re.sub(r"\s*\{#[^{}]*\}\s*$|</?(?:samp|kbd|mark|a|font|span|div|center|u|small|big)\b[^<>]*>", "", text)
    return question_labels.clean(bare).text or text


def _going_on(above: list[SectionMark], line: int, level: int = 10) -> list[SectionMark]:
    """The sections that hold the line: without those that ended and what is inside them, and those a new one ends."""
    ended = next((at for at, mark in enumerate(above) if mark.until is not None and mark.until <= line), len(above))
    return [mark for mark in above[:ended] if mark.level < level or mark.until is not None]


def _below(document: Document, found: Found, last: int) -> str:
    """The lines below a question, its list item's own lines and those behind the item each brought to the margin."""
    whole = _dedented(document, found.end, last)
    if found.within is None or not found.end < found.within < last:
        return whole
    tail = document.markdown(found.within, last)
    margin = min((len(line) - len(line.lstrip()) for line in tail.split("\n") if line.strip()), default=1)
    item = _dedented(document, found.end, found.within)
    # Code that is indented for the item would else keep its indent, since what follows the item has none.
    if margin or not re.match(r"[ \t]+(?:```|~~~)", document.lines[document.first_line(found.end, last)]):
        return whole
    return answers.without_noise(f"{item}\n\n{tail}")


def _place(document: Document, draft: _Draft, markdown: str) -> Place:
    """Where a piece of a question begins: labels and frames before it were taken off."""
    first, last = draft.body
    beginning = markdown.lstrip().split("\n")[0].strip()
    line = next((number for number in range(first, last) if beginning in document.lines[number]), None)
    return document.place(document.first_line(first, last) if line is None else line)


def _dedented(document: Document, start: int, end: int) -> str:
    """The lines with the indent that they all share taken off, blank and definition lines left aside."""
    # A less indented link to the top at the end would keep the answer from coming to the margin.
    text = answers.without_noise(document.markdown(start, end)) if end > start else ""
    first, newline, rest = text.partition("\n")
    common = textwrap.dedent(text)
    if common == text and newline and not first.startswith((" ", "\t")) and re.match(r"[ \t]+\S", rest):
        return text
    return common


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:37] + "..."
