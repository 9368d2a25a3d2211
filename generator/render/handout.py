"""Ranked questions -> handouts, one per section: the question in a cue column at the outer edge, the answer beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.config import Config
from generator.model import DRILL_KINDS, Bank, Ranked
from generator.render.anki_html import plain
from generator.render.book import PrintedQuestion, media_of, printed_questions
from generator.render.markdown import title_html
from generator.render.media import Media
from generator.render.print_html import shortened, without_skips
from generator.render.printed import About, PrintDocument, page_css
from generator.render.question import QuestionHtml
from generator.render.templates import read_template, render

CUE_CHARACTERS, CUE_LINE, CUE_BASE = 21, 5, 24
"""Characters in a line of the cue column, height of such a line, height of what stands below it, in mm."""
HANDOUT_ROOM = 64
"""Characters in a running head."""
EXAMPLE_LINES = 3
"""Ruled lines for the reader's own example."""


@dataclass(frozen=True, slots=True)
class Handout:
    """The questions of one section."""

    section: str
    about: About
    bank_title: str
    questions: tuple[PrintedQuestion, ...]
    media: tuple[Media, ...]
    config: Config

    @property
    def heads(self) -> tuple[str, str]:
        """Section and bank, short enough for a running head."""
        return shortened(self.section, HANDOUT_ROOM), shortened(self.bank_title, HANDOUT_ROOM)

    def cue_height(self, question: PrintedQuestion) -> int:
        """Room in mm that the question takes in the cue column, on the safe side."""
        lines = len(question.plain_title) // CUE_CHARACTERS + 2
        return CUE_BASE + CUE_LINE * lines

    def whole(self, question: PrintedQuestion) -> bool:
        """True where the full answer is printed, not only what must be said: for tasks, and where there are no key points."""
        return question.kind in DRILL_KINDS or not question.key_points


def plan_handout(
    section: str,
    bank: Bank,
    ranked: Sequence[Ranked],
    rendered: Mapping[str, QuestionHtml],
    numbers: Mapping[str, int],
    config: Config,
    time: int,
) -> Handout:
    """Plan the handout of a section.

    Args:
        section: its header; empty for a bank without headers.
        ranked: its questions, in order.
        rendered: the HTML of all questions by id.
        numbers: id -> number in the study guide.
        time: Unix seconds of the newest change.
    """
    bank_title = plain(title_html(bank.title))
    name = plain(title_html(section)) or bank_title
    questions = printed_questions(ranked, rendered, numbers)
    about = About(f"{bank_title}: {name}" if section else bank_title, config.author, config.language, time)
    return Handout(name, about, bank_title, questions, media_of((question.id for question in questions), rendered), config)


def handout_document(handout: Handout, left: frozenset[str]) -> PrintDocument:
    """A handout's pages.

    Args:
        left: ids of the elements in the cue column that stand on left-hand pages. It is known only when the pages
            have been laid out once; the text beside them keeps its place whichever side they are on.
    """
    text = render("pdf/handout.html", handout=handout, config=handout.config, left=left, example_lines=EXAMPLE_LINES)
    about = handout.about
    return PrintDocument(
        html=without_skips(text),
        css=page_css(handout.config.paper)
        + "\n".join(map(read_template, ("tokens.css", "pdf/text.css", "pdf/question.css", "pdf/handout.css"))),
        media=handout.media,
        title=about.title,
        author=about.author,
        language=about.language,
        time=about.time,
    )
