"""Ranked questions -> the plan of a book: its parts, chapters and printed questions, before any page is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from markupsafe import Markup

from generator.config import Config
from generator.model import Bank, Ranked, Survey
from generator.render.anki_html import plain
from generator.render.markdown import title_html
from generator.render.media import Media
from generator.render.print_html import QuestionPrinter, Term, shortened
from generator.render.printed import About
from generator.render.question import QuestionHtml

CHAPTER_SIZE = 80
"""Most questions that are laid out together: a part of the bank, because a chapter ends in a page that is not full."""

BAND_TITLES = {
    "1-core": ("Core", "Asked by more independent authors than anything else. Know these cold."),
    "2-very-common": ("Very common", "Expect several of these in any loop."),
    "3-common": ("Common", "Often asked, mostly as a second step."),
    "4-occasional": ("Occasional", "Asked now and then; they separate good from very good."),
    "5-rare": ("Rare", "Seldom asked; read them last."),
}


@dataclass(frozen=True, slots=True)
class Need:
    """A question to know first."""

    id: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """What the templates print of one question."""

    id: str
    number: int
    title: Markup
    plain_title: str
    sections: tuple[str, ...]
    """Header and sub-headers above it."""
    badge: str
    """The evidence, e.g. `asked by 7 of 19 authors`; empty without a survey."""
    kind: str
    level: str
    likelihood: float | None
    """0 to 1; None without a survey."""
    tags: tuple[str, ...]
    needs: tuple[Need, ...]
    short: Markup
    body: Markup
    key_points: tuple[Markup, ...]
    key_point_text: Markup
    graded: Markup
    answer: tuple[tuple[Markup, Markup], ...]
    """Title and text of each free part; the title may be empty."""
    follow_ups: Markup
    sources: Markup
    terms: tuple[Term, ...]
    """The marked terms in it."""

    @property
    def head(self) -> str:
        """Number and title, short enough for a running head."""
        return f"{self.number}\N{EM SPACE}{shortened(self.plain_title)}"

    @property
    def task(self) -> str:
        """Its kind, but for concepts, and level in one line."""
        return " · ".join(word for word in ("" if self.kind == "concept" else self.kind, self.level) if word)

    @property
    def section(self) -> str:
        """Header and sub-headers in one line."""
        return " › ".join(self.sections)


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part of a book: all questions of one band."""

    id: str
    number: int
    title: str
    lead: str
    questions: tuple[PrintedQuestion, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is laid out together."""

    part: PrintedPart
    opens: bool
    """It begins its part, on a right-hand page."""
    questions: tuple[PrintedQuestion, ...]
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A study guide, before it has pages."""

    kind: str
    """What it is, e.g. `Study guide`."""
    title: str
    parts: tuple[PrintedPart, ...]
    chapters: tuple[Chapter, ...]
    source_html: Mapping[str, QuestionHtml]
    config: Config
    survey: Survey
    time: int

    @property
    def questions(self) -> tuple[PrintedQuestion, ...]:
        """All questions, in order."""
        return tuple(question for part in self.parts for question in part.questions)

    @property
    def ranked(self) -> bool:
        """True when there is evidence behind the order."""
        return any(part.id != "part-all" for part in self.parts)

    @property
    def about(self) -> About:
        """What the PDF says of itself."""
        title = self.title if self.kind == "Study guide" else f"{self.title}: {self.kind}"
        return About(title, self.config.author, self.config.language, self.time)

    @property
    def date(self) -> str:
        """The day of the newest change, as on the cover."""
        return datetime.fromtimestamp(self.time, UTC).strftime("%-d %B %Y")


def plan_book(
    kind: str,
    bank: Bank,
    ranked: Sequence[Ranked],
    rendered: Mapping[str, QuestionHtml],
    config: Config,
    survey: Survey,
    time: int,
) -> Book:
    """Plan a book of some questions.

    Args:
        kind: what it is, for the cover.
        ranked: the questions to print, in order.
        rendered: their HTML by id.
        time: Unix seconds of the newest change; the cover shows its date.
    """
    questions = printed_questions(ranked, rendered, {item.question.id: number for number, item in enumerate(ranked, 1)})
    groups = [list(group) for _, group in groupby(zip(ranked, questions, strict=True), key=lambda pair: pair[0].band)]
    parts = []
    for number, group in enumerate(groups, 1):
        band = group[0][0].band
        title, lead = BAND_TITLES.get(band or "", ("Questions", ""))
        parts.append(PrintedPart(f"part-{band or 'all'}", number, title, lead, tuple(item for _, item in group)))
    return Book(
        kind=kind,
        title=plain(title_html(bank.title)),
        parts=tuple(parts),
        chapters=tuple(chapter for part in parts for chapter in _chapters(part, rendered)),
        source_html={question.id: rendered[question.id] for question in questions},
        config=config,
        survey=survey,
        time=time,
    )


def _chapters(part: PrintedPart, rendered: Mapping[str, QuestionHtml]) -> Iterator[Chapter]:
    """The part in chapters of even size."""
    pieces = math.ceil(len(part.questions) / CHAPTER_SIZE)
    for number in range(pieces):
        start, end = (len(part.questions) * edge // pieces for edge in (number, number + 1))
        questions = part.questions[start:end]
        yield Chapter(part, number == 0, questions, media_of((question.id for question in questions), rendered))


def media_of(ids: Iterable[str], rendered: Mapping[str, QuestionHtml]) -> tuple[Media, ...]:
    """The images in the questions with some ids, each once."""
    media = {item.name: item for identity in ids for item in rendered[identity].media}
    return tuple(media[name] for name in sorted(media))


def printed_questions(
    ranked: Sequence[Ranked], rendered: Mapping[str, QuestionHtml], numbers: Mapping[str, int]
) -> tuple[PrintedQuestion, ...]:
    """Questions as the templates print them.

    Args:
        ranked: those that stand in the same document.
        numbers: id -> number of every question that may be referred to, theirs included.
    """
    linked = {item.question.id for item in ranked}
    titles = {identity: plain(one.title) for identity, one in rendered.items() if identity in numbers}
    return tuple(_printed(item, rendered[item.question.id], numbers, titles, linked) for item in ranked)


def _printed(
    ranked: Ranked, rendered: QuestionHtml, numbers: Mapping[str, int], titles: Mapping[str, str], linked: set[str]
) -> PrintedQuestion:
    question = ranked.question
    printer = QuestionPrinter(numbers[question.id], numbers, linked)
    return PrintedQuestion(
        id=question.id,
        number=numbers[question.id],
        title=printer.html(rendered.title),
        plain_title=titles[question.id],
        sections=tuple(plain(title_html(section)) for section in question.sections),
        badge=badge(ranked),
        kind=question.kind,
        level=question.level or "",
        likelihood=ranked.likelihood,
        tags=question.tags,
        needs=tuple(Need(need, numbers[need], titles[need]) for need in question.needs if need in linked),
        body=printer.html(rendered.body),
        short=printer.html(rendered.short),
        key_points=tuple(printer.html(point.html) for point in rendered.key_points),
        key_point_text=printer.html(rendered.key_point_text),
        answer=tuple((printer.html(part.title), printer.html(part.html)) for part in rendered.answer),
        graded=printer.html(rendered.graded),
        follow_ups=printer.html(rendered.follow_ups),
        sources=printer.html(rendered.sources),
        terms=tuple(printer.terms),
    )


def badge(ranked: Ranked) -> str:
    """The plain fact of the evidence, e.g. `asked by 7 of 19 authors`; empty without a survey."""
    evidence = ranked.evidence
    if not evidence.covering:
        return ""
    return f"asked by {len(evidence.asking) or 'none'} of {len(evidence.covering)} authors"
