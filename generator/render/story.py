"""A story's prompt -> the content of its Anki note; the fields for the user's own words stay empty."""

from __future__ import annotations

from generator.anki_schema import STORY
from generator.ledger import note_name
from generator.model import Bank, KeyPoint, Part, Question, Story
from generator.render.anki_html import anki_html
from generator.render.cards import DRILLS, NoteContent
from generator.render.media import MediaStore
from generator.render.question import render_question
from generator.render.templates import render, safe


def story_note(bank: Bank, story: Story, store: MediaStore) -> NoteContent:
    """The note of a story."""
    # Rendered as a question whose short answer is the hint, so that images and links are treated alike.
    rendered = render_question(
        Question(
            id=story.id,
            text=story.prompt,
            place=story.place,
            sections=(),
            short=Part("", story.hint, story.place),
            key_points=tuple(KeyPoint(text, story.place) for text in story.follow_ups),
        ),
        store,
    )
    follow_ups = [safe(anki_html(point.html)) for point in rendered.key_points]
    fields = {
        "Prompt": anki_html(rendered.title),
        "Follow-ups": render("anki/key_points.html", points=follow_ups, rest="") if follow_ups else "",
        "Hint": anki_html(rendered.short),
        "Id": story.id,
    }
    return NoteContent(
        name=note_name(story.id),
        guid_parts=(bank.slug, story.id),
        note_type=STORY,
        fields=tuple(fields.get(name, "") for name in STORY.fields),
        tags=(f"{bank.slug}::card::story",),
        evidence_tags=(),
        deck=DRILLS,
        media=rendered.media,
    )
