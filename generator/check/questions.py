"""Rules on questions as wholes: their ids, what they need, which are alike, whether they ask."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from generator.check.subject import WORD, Finding, Subject, short
from generator.markup.inline import plain_text
from generator.model import Place, Question

NEAR = 90.0
"""Likeness (rapidfuzz ratio) from which two questions are near-duplicates."""
_SMALL = frozenset(
    "a an the of in on for to and or is are do does you we one what's what how it its with by from that this".split()
)
"""Words that tell no questions apart."""


def repeated_ids(subject: Subject) -> Iterator[Finding]:
    """Ids that two questions carry; two files without ids get there by the same question."""
    given = {source.name for source in subject.bank.sources if source.layout == "canonical"}
    first: dict[str, Question] = {}
    for question in subject.bank.questions:
        before = first.setdefault(question.id, question)
        if before.place == question.place:
            continue
        message = f'id "{question.id}" is already taken at {before.place}'
        remedy = "give one of the two another id"
        if question.place.file not in given:
            message = f'question "{short(question.text)}" stands at {before.place} too, so both get the id "{question.id}"'
            remedy = "remove or reword one of the two, or build the files one by one, each as a bank of its own"
            if before.place.file in given:
                remedy = "remove it here, or reword it"
        yield question.place, message, remedy


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
    for identity, place in subject.survey.written:
        if identity not in known:
            yield place, f'"{identity}" is no question of the bank', "correct the id or remove the entry"


def near_duplicates(subject: Subject) -> Iterator[Finding]:
    """Questions nearly alike, in one file or in two; code or options below the question tell them apart."""
    before: dict[str, tuple[list[Question], list[str]]] = {}
    for question in subject.bank.questions:
        body = " ".join(question.body.markdown.split()) if question.body else ""
        others, texts = before.setdefault(body, ([], []))
        text = " ".join(WORD.findall(plain_text(question.text).lower()))
        for known, score, position in process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=NEAR, limit=3):
            other = others[position]
            if other.id != question.id and not _other_subject(set(text.split()), set(known.split())):
                message = f'question is {score:.0f} % like the one at {other.place} ("{short(other.text)}")'
                yield question.place, message, "join them, or say what tells them apart"
                break
        others.append(question)
        texts.append(text)


def _other_subject(left: set[str], right: set[str]) -> bool:
    """Whether one word makes two questions of them: another number (L1, L2), another thing (encoder, decoder)."""
    mine, yours = left - right - _SMALL, right - left - _SMALL
    if any(character.isdigit() for word in mine | yours for character in word):
        return True
    return bool(mine and yours) and any(not any(_same_stem(word, other) for other in yours) for word in mine)


def _same_stem(word: str, other: str) -> bool:
    length = min(4, len(word), len(other))
    return word[:length] == other[:length]
