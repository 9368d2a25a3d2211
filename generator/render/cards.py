"""Ranked questions -> the content of Anki notes: fields, tags and deck of each. Times and order keys come later."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from generator.anki_schema import DRILLS_SUFFIX, FACT, QUESTION, UNHASHED_FIELDS, NoteType
from generator.config import Config
from generator.ledger import digest, note_name
from generator.model import DRILL_KINDS, Bank, Ranked
from generator.render.anki_html import anki_escape, anki_html, cloze_text, plain
from generator.render.markdown import title_html
from generator.render.media import Media
from generator.render.question import PartHtml, QuestionHtml
from generator.render.templates import read_template, render, safe

TOP = 50
"""How many questions the Top 50 holds."""
FACT_DELAY = 10
"""A question's facts come after the question this many ranks later, so that no answer was just read."""
MAIN, DRILLS = "main", "drills"


@dataclass(frozen=True, slots=True)
class NoteContent:
    """One note, but for its time and order key."""

    name: str
    """Its name in the ledger."""
    guid_parts: tuple[str, ...]
    note_type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    evidence_tags: tuple[str, ...]
    """Tags that follow from the survey; a note's time does not advance when only these change."""
    deck: str
    """`main` or `drills`; in the package of a section, the name of its file."""
    media: tuple[Media, ...]

    @property
    def hash(self) -> str:
        """Changes when and only when the note's own content changes."""
        fields = zip(self.note_type.fields, self.fields, strict=True)
        kept = [text for name, text in fields if name not in UNHASHED_FIELDS]
        return digest([self.note_type.key, self.deck, *kept, *sorted(self.tags)])


def deck_title(bank: Bank, deck: str) -> str:
    """The name of a deck in Anki."""
    title = deck_part(bank.title)
    return title + DRILLS_SUFFIX if deck == DRILLS else title


def deck_part(text: str) -> str:
    """Inline Markdown as plain words of a deck's name; `::` would make it a deck within a deck."""
    return re.sub(r":{2,}", ":", plain(title_html(text))) or "Questions"


def question_note(bank: Bank, ranked: Ranked, rendered: QuestionHtml, config: Config) -> NoteContent:
    """The note of a question."""
    question = ranked.question
    fields = {
        "Question": anki_html(rendered.title),
        "Question body": anki_html(rendered.body),
        "Cue": cue(ranked, rendered),
        "Short answer": anki_html(rendered.short),
        "Key points": _key_points(rendered),
        "Graded on": anki_html(rendered.graded),
        "Answer": _answer(rendered.answer),
        "Follow-ups": anki_html(rendered.follow_ups),
        "Sources": anki_html(rendered.sources),
        "Section": _escaped(" › ".join(question.sections)),
        "Kind": question.kind,
        "Level": question.level or "",
        "Asked": asked_label(ranked),
        "Link": link(config, ranked),
        "Id": question.id,
    }
    return NoteContent(
        name=note_name(question.id),
        guid_parts=(bank.slug, question.id),
        note_type=QUESTION,
        fields=_in_order(QUESTION, fields),
        tags=_tags(bank, ranked, "question"),
        evidence_tags=_evidence_tags(bank, ranked),
        deck=DRILLS if question.kind in DRILL_KINDS else MAIN,
        media=rendered.media,
    )


def fact_notes(
    bank: Bank, ranked: Ranked, rendered: QuestionHtml, keys: Sequence[str], config: Config
) -> tuple[NoteContent, ...]:
    """The notes of a question's marked key points; `keys` are their permanent keys, in order."""
    question = ranked.question
    marked = [point for point in rendered.key_points if point.marked]
    notes = []
    for point, key in zip(marked, keys, strict=True):
        text = cloze_text(point.html)
        fields = {
            "Text": text,
            "Topic": _escaped(" › ".join(question.sections) or bank.title),
            "Question": anki_html(rendered.title),
            "Extra": "",
            "Section": _escaped(" › ".join(question.sections)),
            "Link": link(config, ranked),
            "Id": f"{question.id}/{key}",
        }
        media = tuple(item for item in rendered.media if item.name in text)
        notes.append(
            NoteContent(
                name=note_name(question.id, key),
                guid_parts=(bank.slug, question.id, key),
                note_type=FACT,
                fields=_in_order(FACT, fields),
                tags=_tags(bank, ranked, "fact"),
                evidence_tags=_evidence_tags(bank, ranked),
                deck=MAIN,
                media=media,
            )
        )
    return tuple(notes)


def card_sequence(questions: Sequence[Ranked], facts: Mapping[str, Sequence[str]]) -> list[str]:
    """Note names in the order of their cards: questions by rank, the facts of rank r after rank r + `FACT_DELAY`.

    `facts` maps a question's id to the names of its fact notes.
    """
    sequence: list[str] = []
    for position, ranked in enumerate(questions):
        sequence.append(note_name(ranked.question.id))
        if position >= FACT_DELAY:
            sequence += facts.get(questions[position - FACT_DELAY].question.id, ())
    for ranked in questions[max(0, len(questions) - FACT_DELAY) :]:
        sequence += facts.get(ranked.question.id, ())
    return sequence


def cue(ranked: Ranked, rendered: QuestionHtml) -> str:
    """The small line on the front: how to answer, how long, how many points."""
    kind = ranked.question.kind
    count = len(rendered.key_points)
    points = f", {count} point{'s' if count != 1 else ''}" if count else ""
    if kind in ("design", "coding", "debug", "estimate"):
        return f"On paper, 10 minutes{points}" if kind == "design" else f"On paper, 5 minutes{points}"
    return f"Aloud, 90 seconds{points}"


def asked_label(ranked: Ranked) -> str:
    """How often it is asked, in words, e.g. `very common`."""
    return ranked.band.split("-", 1)[1].replace("-", " ") if ranked.band else ""


def link(config: Config, ranked: Ranked) -> str:
    """The address of the question's file or page, where deck.toml names a source or a home page."""
    if config.source:
        return html.escape(f"{config.source.rstrip('/')}/{quote(Path(ranked.question.place.file).name)}")
    return html.escape(f"{config.home_page.rstrip('/')}#{ranked.question.id}") if config.home_page else ""


def styling() -> str:
    """The CSS of all note types."""
    return read_template("tokens.css") + "\n" + read_template("anki/cards.css")


def layout(note_type: NoteType) -> tuple[str, str]:
    """The front and back of a note type's card, in Anki's template language."""
    return read_template(f"anki/{note_type.key}.front.html"), read_template(f"anki/{note_type.key}.back.html")


def description(config: Config, date: str, stories: bool) -> str:
    """A deck's description as Anki shows it (HTML).

    Args:
        date: of the last change, as ISO writes it.
        stories: the deck holds My story.
    """
    return render("anki/description.html", config=config, date=date, stories=stories)


def tag_word(text: str) -> str:
    """Text as one level of a tag: no blanks, no `::`, no quotes."""
    words = re.sub(r"[\s\"'“”‘’:*\\()]+", "-", text.strip().lower())
    return re.sub(r"-{2,}", "-", words).strip("-") or "untitled"


def _tags(bank: Bank, ranked: Ranked, card: str) -> tuple[str, ...]:
    question = ranked.question
    tags = [f"{bank.slug}::kind::{question.kind}", f"{bank.slug}::card::{card}"]
    if question.sections:
        tags.append(
            f"{bank.slug}::section::" + "::".join(tag_word(plain(title_html(section))) for section in question.sections)
        )
    if question.level:
        tags.append(f"{bank.slug}::level::{question.level}")
    tags += [f"{bank.slug}::tag::{tag_word(tag)}" for tag in question.tags]
    return tuple(sorted(tags))


def _evidence_tags(bank: Bank, ranked: Ranked) -> tuple[str, ...]:
    tags = [f"{bank.slug}::asked::{ranked.band}"] if ranked.band else []
    if ranked.band and ranked.rank <= TOP:
        tags.append(f"{bank.slug}::top-50")
    return tuple(tags)


def _in_order(note_type: NoteType, fields: dict[str, str]) -> tuple[str, ...]:
    unknown = set(fields) - set(note_type.fields)
    if unknown:
        raise KeyError(f"{note_type.name} has no field {sorted(unknown)}")
    return tuple(fields.get(name, "") for name in note_type.fields)


def _key_points(rendered: QuestionHtml) -> str:
    points = [safe(anki_html(point.html)) for point in rendered.key_points]
    rest = safe(anki_html(rendered.key_point_text))
    return render("anki/key_points.html", points=points, rest=rest) if points or rest else ""


def _answer(parts: Sequence[PartHtml]) -> str:
    shown = [(safe(anki_html(part.title)), safe(anki_html(part.html))) for part in parts]
    return render("anki/answer.html", parts=shown) if shown else ""


def _escaped(text: str) -> str:
    """Inline Markdown as plain words in a field."""
    return anki_escape(html.escape(plain(title_html(text)), quote=False), cloze=True)
