"""A question's parts as HTML, the same for every output: images resolved, formulas still tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from generator.model import Part, Question
from generator.render.markdown import EMPTY_HTML, Rendered, inline_html, title_html, to_html
from generator.render.media import Media, MediaStore, resolve_images

MARKED = re.compile(r"<mark[^>]*>(?!\s*</mark>)")
"""A mark with something in it."""
_HEADING = re.compile(r"<(/?)h([1-6])>")
_LINK = re.compile(r'<a href="#([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class PointHtml:
    """A key point."""

    html: Rendered
    marked: bool
    source: str
    """Its Markdown, which the ledger recognises it by."""
    pinned_key: str | None


@dataclass(frozen=True, slots=True)
class PartHtml:
    """A free part of the answer with its heading (empty for text without one)."""

    title: Rendered
    html: Rendered


@dataclass(frozen=True, slots=True)
class QuestionHtml:
    """A question, rendered."""

    question: Question
    title: Rendered
    short: Rendered
    body: Rendered
    key_points: tuple[PointHtml, ...]
    key_point_text: Rendered
    graded: Rendered
    answer: tuple[PartHtml, ...]
    follow_ups: Rendered
    sources: Rendered
    media: tuple[Media, ...]


def render_question(question: Question, store: MediaStore) -> QuestionHtml:
    """Render every part of a question; media are loaded through `store`."""
    used: dict[str, Media] = {}

    def finished(rendered: Rendered, top: int = 4) -> Rendered:
        html = resolve_images(rendered.html, store, used) if "<img" in rendered.html else rendered.html
        return replace(rendered, html=shift_headings(html, top))

    def block(part: Part | None, top: int = 4) -> Rendered:
        return finished(to_html(part.markdown, question.definitions), top) if part else EMPTY_HTML

    def line(text: str) -> Rendered:
        return finished(inline_html(text, question.definitions))

    return QuestionHtml(
        question=question,
        title=finished(title_html(question.text, question.definitions)),
        short=block(question.short),
        body=block(question.body),
        key_points=tuple(
            PointHtml(html, MARKED.search(html.html) is not None, point.markdown, point.pinned_key)
            for point in question.key_points
            for html in (line(point.markdown),)
        ),
        key_point_text=block(question.key_point_text),
        graded=block(question.graded),
        answer=tuple(
            PartHtml(finished(title_html(part.title, question.definitions)) if part.title else EMPTY_HTML, block(part, 5))
            for part in question.answer
        ),
        follow_ups=block(question.follow_ups),
        sources=block(question.sources),
        media=tuple(used[name] for name in sorted(used)),
    )


def shift_headings(html: str, top: int) -> str:
    """HTML whose heading levels begin at `top` and have no gaps (levels beyond 6 become 6)."""
    levels = sorted({int(level) for _, level in _HEADING.findall(html)})
    if not levels:
        return html
    new = {level: min(6, top + position) for position, level in enumerate(levels)}
    return _HEADING.sub(lambda match: f"<{match[1]}h{new[int(match[2])]}>", html)


def map_links(html: str, write: Callable[[str, str], str | None]) -> str:
    """HTML whose links to `#id` are rewritten: `write(id, text)` gives the new HTML, or None to keep the link."""

    def one(match: re.Match[str]) -> str:
        written = write(match[1], match[3])
        return match[0] if written is None else written

    return _LINK.sub(one, html) if 'href="#' in html else html
