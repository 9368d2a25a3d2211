"""Ranked questions -> the HTML of the printed study guide, with its images."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, groupby

from markupsafe import Markup

from generator.config import Config
from generator.model import Bank, Ranked
from generator.render.anki_html import plain
from generator.render.markdown import Rendered, title_html
from generator.render.math import fill, mark_display_paragraphs, print_image
from generator.render.media import Media
from generator.render.question import QuestionHtml, map_links
from generator.render.templates import read_template, render, safe

ASSET_SCHEME = "deck-asset:"
"""Addresses of images and fonts in the HTML; the PDF writer knows no other."""

_IMAGE = re.compile(r'<img src="([\w.-]+)"')
_NOTE = re.compile(r'((?:id|href)="#?)fn')


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """What the template prints of one question."""

    id: str
    number: int
    title: Markup
    plain_title: str
    section: str
    badge: str
    kind: str
    level: str
    needs: tuple[tuple[str, int, str], ...]
    """Id, number and title of the questions to know first."""
    short: Markup
    body: Markup
    key_points: tuple[Markup, ...]
    key_point_text: Markup
    graded: Markup
    answer: tuple[tuple[Markup, Markup], ...]
    follow_ups: Markup
    sources: Markup


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part of the guide: all questions of one band."""

    id: str
    title: str
    lead: str
    questions: tuple[PrintedQuestion, ...]


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """A document ready for the PDF writer."""

    html: str
    css: str
    media: tuple[Media, ...]
    title: str
    author: str
    language: str
    time: int


BAND_TITLES = {
    "1-core": ("Core", "Asked by more independent authors than anything else. Know these cold."),
    "2-very-common": ("Very common", "Expect several of these in any loop."),
    "3-common": ("Common", "Often asked, mostly as a second step."),
    "4-occasional": ("Occasional", "Asked now and then; they separate good from very good."),
    "5-rare": ("Rare", "Seldom asked; read them last."),
}


def study_guide(
    bank: Bank, ranked: Sequence[Ranked], rendered: Mapping[str, QuestionHtml], config: Config, time: int
) -> PrintDocument:
    """The study guide: all answered questions, most asked first, in parts by band.

    Args:
        ranked: the questions to print, in order.
        rendered: their HTML by id.
        time: Unix seconds of the newest change; the cover shows its date.
    """
    numbers = {item.question.id: number for number, item in enumerate(ranked, 1)}
    titles = {item.question.id: plain(rendered[item.question.id].title) for item in ranked}
    notes = count(1)
    title = plain(title_html(bank.title))
    parts = []
    for band, group in groupby(ranked, key=lambda item: item.band):
        name, lead = BAND_TITLES.get(band or "", ("Questions", ""))
        printed = tuple(_printed(item, rendered[item.question.id], numbers, titles, notes) for item in group)
        parts.append(PrintedPart(f"part-{band or 'all'}", name, lead, printed))
    text = render(
        "pdf/guide.html",
        title=title,
        config=config,
        parts=parts,
        total=len(ranked),
        ranked=any(item.band for item in ranked),
        figures=sum(len(rendered[item.question.id].media) for item in ranked),
        authors=len({author for item in ranked for author in item.evidence.covering}),
        date=datetime.fromtimestamp(time, UTC).strftime("%-d %B %Y"),
        date_iso=datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d"),
    )
    media = {item.name: item for one in ranked for item in rendered[one.question.id].media}
    paper = f"@page {{ size: {config.paper.upper() if config.paper == 'a4' else 'letter'} }}\n"
    return PrintDocument(
        html=text,
        css=read_template("tokens.css") + paper + read_template("pdf/guide.css"),
        media=tuple(media[name] for name in sorted(media)),
        title=title,
        author=config.author,
        language=config.language,
        time=time,
    )


def _printed(
    ranked: Ranked, rendered: QuestionHtml, numbers: Mapping[str, int], titles: Mapping[str, str], notes: count[int]
) -> PrintedQuestion:
    question = ranked.question

    def html_of(piece: Rendered) -> Markup:
        return safe(_print_html(piece, numbers, f"fn{next(notes)}"))

    return PrintedQuestion(
        id=question.id,
        number=numbers[question.id],
        title=html_of(rendered.title),
        plain_title=titles[question.id],
        section=" › ".join(plain(title_html(section)) for section in question.sections),
        badge=badge(ranked),
        kind=question.kind,
        level=question.level or "",
        needs=tuple((need, numbers[need], titles[need]) for need in question.needs if need in numbers),
        short=html_of(rendered.short),
        body=html_of(rendered.body),
        key_points=tuple(html_of(point.html) for point in rendered.key_points),
        key_point_text=html_of(rendered.key_point_text),
        graded=html_of(rendered.graded),
        answer=tuple((html_of(part.title), html_of(part.html)) for part in rendered.answer),
        follow_ups=html_of(rendered.follow_ups),
        sources=html_of(rendered.sources),
    )


def badge(ranked: Ranked) -> str:
    """The plain fact of the evidence, e.g. `asked by 7 of 19 authors`; empty without a survey."""
    evidence = ranked.evidence
    if not evidence.covering:
        return ""
    return f"asked by {len(evidence.asking)} of {len(evidence.covering)} authors"


def _print_html(piece: Rendered, numbers: Mapping[str, int], note_prefix: str) -> str:
    """A piece for print: links to questions, formulas drawn, images by the scheme of our own."""

    def reference(target: str, text: str) -> str | None:
        if target.startswith("fn"):
            return None
        if target in numbers:
            return f'<a class="reference" href="#q-{html.escape(target)}">{text}</a>'
        return text

    text = map_links(mark_display_paragraphs(piece.html, piece.math), reference)
    text = _NOTE.sub(rf"\g<1>{note_prefix}", text) if 'href="#fn' in text else text
    text = _IMAGE.sub(rf'<img src="{ASSET_SCHEME}\1"', text)
    return fill(text, piece.math, print_image)
