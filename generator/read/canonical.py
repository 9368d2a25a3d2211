"""Our own format: a heading that ends in `{#id …}` is a question, the headings below it are its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from markdown_it.token import Token

from generator.markup import commonmark
from generator.model import ID, KINDS, LEVELS, RESERVED, KeyPoint, Part, Place, Problem, Question, Severity
from generator.read.document import Document, Heading

_BLOCK = re.compile(r"\s*\{(#[^{}]*)\}\s*$")
_NO_WORD = re.compile(r"[\W_]+")
_PINNED = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]{0,63})\}\s*$")
_TAG = re.compile(r"[^\W_][\w-]*")
_PARTS = {
    "question": "body",
    "key_points": "key_points",
    "graded_on": "graded",
    "follow_ups": "follow_ups",
    "sources": "sources",
}


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the braces at the end of a question's heading say."""

    id: str
    kind: str = "concept"
    level: str | None = None
    needs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    likelihood: float | None = None
    mistakes: tuple[tuple[str, str], ...] = ()
    """Message and remedy of everything that is wrong in them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a document."""

    questions: tuple[Question, ...]
    problems: tuple[Problem, ...] = ()


@dataclass
class _Answer:
    """Collects the parts of one question while reading."""

    short: Part | None = None
    body: Part | None = None
    key_points: Part | None = None
    graded: Part | None = None
    follow_ups: Part | None = None
    sources: Part | None = None
    free: list[Part] = field(default_factory=list)


def is_canonical(document: Document) -> bool:
    """True when headings carry `{#id}`: most of their level, since converters put some on sections of other files.

    Converters also make them of the heading's own words in any script; where all are such, the file is not in our form.
    """
    found = [(heading, match) for heading in document.headings if (match := _BLOCK.search(heading.text))]
    if all(_of_its_words(heading.text[: match.start()], match[1]) for heading, match in found):
        return False
    level = found[0][0].level
    return 2 * len(found) >= sum(heading.level == level for heading in document.headings)


def _of_its_words(title: str, block: str) -> bool:
    """True for a block of words of the title that could be no id of ours."""
    return not block.isascii() and _NO_WORD.sub("", block) in _NO_WORD.sub("", title.casefold())


def read_canonical(document: Document, reserved: Mapping[str, Sequence[str]] = RESERVED) -> Reading:
    """Every question of a document in the canonical form, and what is wrong with it.

    `reserved` maps the parts of `RESERVED` to the headings that name them, in any case of letters.
    """
    level = next(heading.level for heading in document.headings if _BLOCK.search(heading.text))
    names = {name.casefold(): _PARTS[part] for part, variants in reserved.items() for name in variants}
    reader = _Reader(document, level, names)
    reader.read()
    return Reading(tuple(reader.questions), tuple(sorted(reader.problems, key=lambda problem: problem.place)))


class _Reader:
    def __init__(self, document: Document, level: int, names: Mapping[str, str]) -> None:
        self.document = document
        self.level = level
        self.names = names
        self.questions: list[Question] = []
        self.problems: list[Problem] = []

    def read(self) -> None:
        headings = self.document.headings
        self._outside(0, headings[0].start)
        sections: list[tuple[int, str]] = []
        for position, heading in enumerate(headings):
            if heading.level < self.level:
                sections = [entry for entry in sections if entry[0] < heading.level]
                sections.append((heading.level, _BLOCK.sub("", heading.text)))
                self._section(heading)
            elif heading.level == self.level:
                self._question(position, tuple(text for _, text in sections))
            elif _BLOCK.search(heading.text):
                self._wrong_level(heading)

    def _section(self, heading: Heading) -> None:
        if _BLOCK.search(heading.text):
            self._wrong_level(heading)
        self._outside(heading.end, self._next_start(heading.start, 6))

    def _wrong_level(self, heading: Heading) -> None:
        self._problem(
            heading.start,
            "mixed-level",
            f"question heading has {heading.level} # where the file's first question has {self.level}",
            f"give all questions of one file the same level: {'#' * self.level}",
        )

    def _outside(self, start: int, end: int) -> None:
        if self.document.markdown(start, end).strip():
            self._problem(
                self.document.first_line(start, end),
                "lost-text",
                "text outside any question is not used",
                "move it below a question's heading",
                Severity.WARNING,
            )

    def _next_start(self, after: int, level: int) -> int:
        return next(
            (other.start for other in self.document.headings if other.start > after and other.level <= level),
            len(self.document.lines),
        )

    def _question(self, position: int, sections: tuple[str, ...]) -> None:
        heading = self.document.headings[position]
        end = self._next_start(heading.start, self.level)
        block = _BLOCK.search(heading.text)
        if block is None:
            self._problem(
                heading.start,
                "missing-id",
                f'question "{heading.text[:60]}" has no id',
                "end its heading with {#a-short-id}; the id stays its identity for ever",
            )
            return
        attributes = parse_attributes(block[1])
        for message, remedy in attributes.mistakes:
            self._problem(heading.start, "bad-attribute", message, remedy)
        answer = self._answer(heading, end)
        text = heading.text[: block.start()].strip()
        if not text:
            self._problem(heading.start, "empty-question", "the heading holds no question", "write it before the {#id}")
        question = Question(
            id=attributes.id,
            text=text,
            place=self.document.place(heading.start),
            sections=sections,
            kind=attributes.kind,
            level=attributes.level,
            needs=attributes.needs,
            tags=attributes.tags,
            likelihood=attributes.likelihood,
            short=answer.short,
            body=answer.body,
            graded=answer.graded,
            answer=tuple(answer.free),
            follow_ups=answer.follow_ups,
            sources=answer.sources,
        )
        points, rest = read_key_points(answer.key_points) if answer.key_points else ((), None)
        whole = self.document.markdown(heading.start, end)
        self.questions.append(
            replace(question, key_points=points, key_point_text=rest, definitions=self.document.definitions_for(whole))
        )

    def _answer(self, heading: Heading, end: int) -> _Answer:
        parts = [item for item in self.document.headings if heading.start < item.start < end and item.level == self.level + 1]
        answer = _Answer()
        body_end = parts[0].start if parts else end
        answer.short = self._part("", heading.end, body_end)
        for part, following in zip_longest(parts, parts[1:]):
            body = self._part(part.text, part.end, following.start if following else end)
            slot = self.names.get(part.text.casefold().rstrip(":"))
            if slot is not None and getattr(answer, slot) is not None:
                self._problem(
                    part.start,
                    "part-twice",
                    f'the question has two parts "{part.text}"',
                    "join them; the second is treated as ordinary text now",
                    Severity.WARNING,
                )
                slot = None
            if body is None:
                self._empty_part(part)
            elif slot is None:
                answer.free.append(body)
            else:
                setattr(answer, slot, body)
        return answer

    def _empty_part(self, part: Heading) -> None:
        self._problem(
            part.start, "empty-part", f'part "{part.text}" is empty', "fill it or remove its heading", Severity.WARNING
        )

    def _part(self, title: str, start: int, end: int) -> Part | None:
        text = self.document.markdown(start, end)
        if not text.strip():
            return None
        return Part(title, text, self.document.place(self.document.first_line(start, end)))

    def _problem(self, line: int, code: str, message: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(self.document.place(line), code, severity, message, remedy))


def parse_attributes(block: str) -> Attributes:
    """Read the inside of `{#id .tag key=value}`; what is wrong is in `mistakes`, never raised."""
    mistakes: list[tuple[str, str]] = []
    words = block.split()
    identity = words[0][1:]
    if not ID.fullmatch(identity):
        mistakes.append((f'id "{identity}" is out of form', "use a-z, 0-9 and -, at most 64, not beginning with -"))
    result = Attributes(id=identity)
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if word.startswith(".") and _TAG.fullmatch(word[1:]):
            result = replace(result, tags=(*result.tags, word[1:]))
        elif key == "kind" and value in KINDS:
            result = replace(result, kind=value)
        elif key == "level" and value in LEVELS:
            result = replace(result, level=value)
        elif key == "needs" and value and all(ID.fullmatch(item) for item in value.split(",")):
            result = replace(result, needs=(*result.needs, *value.split(",")))
        elif key == "likelihood" and re.fullmatch(r"\d{1,3}(\.\d+)?", value) and float(value) <= 100:
            result = replace(result, likelihood=float(value) / 100)
        else:
            mistakes.append((f'attribute "{word}" is not known or has a wrong value', _remedy(key if equals else "")))
    return replace(result, mistakes=tuple(mistakes))


def _remedy(key: str) -> str:
    return {
        "kind": "kind is one of " + ", ".join(KINDS),
        "level": "level is one of " + ", ".join(LEVELS),
        "needs": "needs takes ids separated by commas, without blanks",
        "likelihood": "likelihood is a number from 0 to 100",
    }.get(key, "allowed are .tag, kind=, level=, needs= and likelihood=")


def read_key_points(part: Part) -> tuple[tuple[KeyPoint, ...], Part | None]:
    """The bullets of a key points part, and whatever else it holds."""
    tokens, _ = commonmark.parse(part.markdown)
    lines = part.markdown.split("\n")
    points: list[KeyPoint] = []
    used: set[int] = set()
    for item in _top_level_items(tokens):
        start, end = item.map or [0, 0]
        text = _item_text(lines[start:end])
        pinned = _PINNED.search(text)
        place = Place(part.place.file, part.place.line + start)
        if text.strip():
            points.append(KeyPoint(text[: pinned.start()] if pinned else text, place, pinned[1] if pinned else None))
        used.update(range(start, end))
    rest = "\n".join(line for number, line in enumerate(lines) if number not in used).strip()
    return tuple(points), replace(part, markdown=rest) if rest else None


def _top_level_items(tokens: Sequence[Token]) -> Iterator[Token]:
    return (item for item in tokens if item.type == "list_item_open" and item.level == 1 and item.map)


def _item_text(lines: Sequence[str]) -> str:
    """The item's own Markdown, marker and indent taken off."""
    first = re.sub(r"^[ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ ]{0,4}", "", lines[0])
    width = len(lines[0]) - len(first)
    rest = [line[width:] if not line[:width].strip() else line.lstrip() for line in lines[1:]]
    return "\n".join([first, *rest]).rstrip()
