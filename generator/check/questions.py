"""Rules on questions as wholes: their ids, what they need, which are alike, whether they ask."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from generator.check.subject import WORD, Finding, Subject, short
from generator.markup.inline import plain_text
from generator.model import Place

NEAR = 90.0
"""Likeness (rapidfuzz ratio) from which two questions are near-duplicates."""


def repeated_ids(subject: Subject) -> Iterator[Finding]:
    """Ids that two questions carry; two files without ids get there by the same question."""
    first: dict[str, Place] = {}
    for question in subject.bank.questions:
        before = first.setdefault(question.id, question.place)
        if before != question.place:
            yield question.place, f'id "{question.id}" is already taken at {before}', "give one of the two another id"


def repeated_keys(subject: Subject) -> Iterator[Finding]:
    """Keys that two key points of one question carry."""
    for question in subject.bank.questions:
        first: dict[str, Place] = {}
        for point in question.key_points:
            before = first.setdefault(point.pinned_key, point.place) if point.pinned_key else point.place
            if before != point.place:
                yield point.place, f'key "{point.pinned_key}" already pins the key point at {before}', "give one another key"


def no_answer(subject: Subject) -> Iterator[Finding]:
    """Questions without an answer."""
    for question in subject.bank.questions:
        if not question.answered:
            yield (
                question.place,
                f'question "{short(question.text)}" has no answer, so it gets no card',
                "write the answer below it",
            )


def unknown_needs(subject: Subject) -> Iterator[Finding]:
    """Needed ids that are no question."""
    known = subject.bank.by_id()
    for question in subject.bank.questions:
        for need in question.needs:
            if need not in known:
                yield question.place, f'needs "{need}", which is no question of the bank', "correct the id or remove it"


def needs_cycles(subject: Subject) -> Iterator[Finding]:
    """Questions that need each other in a circle."""
    known = subject.bank.by_id()
    settled: set[str] = set()
    for start in subject.bank.questions:
        path: list[str] = []
        stack = [iter((start.id,))]
        while stack:
            identity = next(stack[-1], None)
            if identity is None:
                stack.pop()
                if path:
                    settled.add(path.pop())
            elif identity in path:
                cycle = " → ".join([*path[path.index(identity) :], identity])
                yield known[identity].place, f"questions need each other in a circle: {cycle}", "remove one needs="
            elif identity in known and identity not in settled:
                path.append(identity)
                stack.append(iter(known[identity].needs))


def unknown_survey_ids(subject: Subject) -> Iterator[Finding]:
    """Survey entries for ids that are no question."""
    known = subject.bank.by_id()
    for identity, place in subject.survey.written.items():
        if identity not in known:
            yield place, f'"{identity}" is no question of the bank', "correct the id or remove the entry"


def near_duplicates(subject: Subject) -> Iterator[Finding]:
    """Questions nearly alike, in one file or in two."""
    questions = subject.bank.questions
    texts = [" ".join(WORD.findall(plain_text(question.text).lower())) for question in questions]
    for later, question in enumerate(questions):
        found = process.extractOne(texts[later], texts[:later], scorer=fuzz.ratio, score_cutoff=NEAR) if later else None
        if found is not None and questions[found[2]].id != question.id:
            other = questions[found[2]]
            message = f'question is {found[1]:.0f} % like the one at {other.place} ("{short(other.text)}")'
            yield question.place, message, "join them, or say what tells them apart"
