"""Rules on how well an answer can be learned: lengths, key points, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from generator.check.subject import WORD, Finding, Subject
from generator.markup.inline import marks_of, plain_text
from generator.markup.math_spans import put_aside

ALIKE = 85.0
"""Likeness from which two key facts are mixed up."""
CONFUSED = "learners mix them up; compare them in a table"
PRONOUNS = frozenset("it its this that these those they them he she there such here both".split())


def long_short_answers(subject: Subject) -> Iterator[Finding]:
    """30-second answers over the limit of words."""
    limit = subject.config.limits.short_words
    for question in subject.bank.questions:
        if question.short and (words := count_words(question.short.markdown)) > limit:
            yield (
                question.short.place,
                f"30-second answer has {words} words, more than {limit}",
                "say the core, move the rest below",
            )


def long_key_points(subject: Subject) -> Iterator[Finding]:
    """Key points over the limit of words."""
    limit = subject.config.limits.key_point_words
    for question in subject.bank.questions:
        for point in question.key_points:
            if (words := count_words(point.markdown)) > limit:
                yield point.place, f"key point has {words} words, more than {limit}", "cut it to one thing"


def pronoun_points(subject: Subject) -> Iterator[Finding]:
    """Key points whose first word is a pronoun."""
    for question in subject.bank.questions:
        for point in question.key_points:
            words = WORD.findall(plain_text(point.markdown))
            if words and words[0].lower() in PRONOUNS:
                yield point.place, f'key point begins with "{words[0]}"', "name the thing; the card stands alone"


def long_marks(subject: Subject) -> Iterator[Finding]:
    """Marks over the limit of words."""
    limit = subject.config.limits.mark_words
    for question in subject.bank.questions:
        for point in question.key_points:
            for mark in marks_of(point.markdown):
                if (words := count_words(mark.text)) > limit:
                    yield point.place, f"mark has {words} words, more than {limit}", "mark only what must be exact"


def given_away(subject: Subject) -> Iterator[Finding]:
    """Marked words that stand in the topic or elsewhere in the key point."""
    for question in subject.bank.questions:
        topic = plain_text(" ".join(question.sections)) or subject.bank.title
        for point in question.key_points:
            marks = marks_of(point.markdown)
            rest = point.markdown
            for mark in marks:
                rest = rest.replace(f"=={mark.text}", " ", 1)
            visible = {word.lower() for word in WORD.findall(plain_text(f"{topic} {rest}"))}
            hidden = {word.lower() for mark in marks for word in WORD.findall(plain_text(mark.text)) if len(word) > 3}
            for word in sorted(hidden & visible):
                yield (
                    point.place,
                    f'marked word "{word}" also stands in what the card shows',
                    "reword the point or move the mark",
                )


def alike_facts(subject: Subject) -> Iterator[Finding]:
    """Key facts that are told apart by their marks only."""
    points = [
        (point, question.id, _outside_marks(point.markdown))
        for question in subject.bank.questions
        for point in question.key_points
        if marks_of(point.markdown)
    ]
    texts = [text for _, _, text in points]
    for later, (point, identity, text) in enumerate(points):
        found = process.extractOne(text, texts[:later], scorer=fuzz.ratio, score_cutoff=ALIKE) if later else None
        if found is not None:
            other, other_id, _ = points[found[2]]
            where = f"at {other.place}" if other_id != identity else f"on line {other.place.line}"
            yield (
                point.place,
                f"key fact is {found[1]:.0f} % like the one {where} outside its mark",
                CONFUSED,
            )


def _outside_marks(markdown: str) -> str:
    for mark in marks_of(markdown):
        markdown = markdown.replace(f"=={mark.text}", " ", 1)
    return " ".join(WORD.findall(plain_text(markdown).lower()))


def count_words(markdown: str) -> int:
    """Words as a reader counts them; a formula counts as one."""
    text = plain_text(re.sub("\U0010ff00m[0-9]+\U0010ff01", " formula ", put_aside(markdown).text))
    return len(WORD.findall(text))
