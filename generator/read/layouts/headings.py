"""A heading is the question, what follows is its answer; headings above it are its sections."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter

from generator.markup.inline import plain_text
from generator.model import Part, Question
from generator.read.canonical import Reading
from generator.read.document import Document, Heading


def score(document: Document) -> float:
    """Share of the non-blank lines that stand in a question or a section heading."""
    level = question_level(document)
    if level is None:
        return 0.0
    first = next(heading.start for heading in document.headings if heading.level <= level)
    lines = [bool(line.strip()) for line in document.lines]
    return sum(lines[first:]) / max(1, sum(lines))


def read(document: Document) -> Reading:
    """Every heading of the questions' level with the text below it; ids come from the wording."""
    level = question_level(document)
    if level is None:
        return Reading(())
    found: list[tuple[Heading, tuple[str, ...], Part | None]] = []
    sections: list[tuple[int, str]] = []
    for heading in document.headings:
        if heading.level < level:
            sections = [entry for entry in sections if entry[0] < heading.level] + [(heading.level, heading.text)]
        elif heading.level == level:
            found.append((heading, tuple(text for _, text in sections), _body(document, heading, level)))
    ids = stable_ids([(heading.text, part.markdown if part else "") for heading, _, part in found])
    questions = tuple(
        Question(
            id=identity,
            text=heading.text,
            place=document.place(heading.start),
            sections=above,
            answer=(part,) if part else (),
            definitions=document.definitions_for(part.markdown) if part else "",
        )
        for identity, (heading, above, part) in zip(ids, found, strict=True)
    )
    return Reading(questions)


def question_level(document: Document) -> int | None:
    """The heading level that holds the questions: most question-like headings, then most headings."""
    levels = Counter(heading.level for heading in document.headings)
    asking = Counter(heading.level for heading in document.headings if _asks(heading.text))
    if not levels:
        return None
    if len(levels) > 1 and levels[min(levels)] == 1 and not asking[min(levels)]:
        del levels[min(levels)]  # a lone top heading is the document's title
    return max(levels, key=lambda level: (asking[level], levels[level], -level))


def _asks(text: str) -> bool:
    return plain_text(text).rstrip(" *_:.)").endswith(("?", "\uff1f", "\u061f"))


def _body(document: Document, heading: Heading, level: int) -> Part | None:
    end = next(
        (other.start for other in document.headings if other.start > heading.start and other.level <= level),
        len(document.lines),
    )
    text = document.markdown(heading.end, end)
    return Part("", text, document.place(document.first_line(heading.end, end))) if text.strip() else None


def stable_ids(questions: list[tuple[str, str]]) -> list[str]:
    """Ids for (question, body) pairs: the slug of the question, plus a hash of the body where slugs repeat.

    Never a position, so that an inserted question changes no other's id.
    """
    slugs = [slug(text) for text, _ in questions]
    repeated = Counter(slugs)
    ids = []
    for base, (text, body) in zip(slugs, questions, strict=True):
        if repeated[base] > 1 or not base:
            digest = hashlib.sha256(f"{text}\n{body}".encode()).hexdigest()[:8]
            ids.append(f"{base[:55]}-{digest}".lstrip("-"))
        else:
            ids.append(base)
    return ids


def slug(text: str, limit: int = 64) -> str:
    """Lower-case words joined by hyphens, at most `limit` characters, cut at a word.

    Letters outside a-z that have no plain form are left out; where none remain (Chinese, Arabic) the slug
    is a hash of the text.
    """
    plain = plain_text(text)
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", folded.replace("'", ""))
    letters = sum(character.isalnum() for character in plain)
    if sum(map(len, words)) * 2 < letters:
        return "q-" + hashlib.sha256(plain.encode()).hexdigest()[:12]
    result = "-".join(words)
    if len(result) > limit:
        result = result[: limit + 1].rsplit("-", 1)[0][:limit]
        # Two long questions that differ only at their ends must not share a slug.
        result = f"{result[: limit - 9].rstrip('-')}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}"
    return result
