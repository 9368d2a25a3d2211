"""Ranked questions -> flash cards: their faces as small pages, each in the largest type that needs the fewest cards.

A face that is too long even in the smallest type goes on on another card; nothing is cut off. Laying out is the PDF
writer's work: `fit` is given a function that does it and only counts pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from generator.config import Config
from generator.markup.inline import plain_text
from generator.model import Bank, Ranked
from generator.render.anki_html import plain
from generator.render.markdown import title_html
from generator.render.media import Media
from generator.render.printed import PrintDocument, page_css
from generator.render.question import QuestionHtml
from generator.render.sheet_html import sheet_html
from generator.render.templates import read_template, render

WIDTH, HEIGHT = 90.0, 62.0
"""Size of a card in mm; flashcard.css has the same."""
SIZES = (0, 1, 2, 3)
"""The sizes of type, largest first; flashcard.css says how large they are."""
LONG_TITLE = 180
"""Characters from which a question begins at the top of its card, so that it can go on on another one."""
SHORT_BODY = 1200
"""Characters of a situation that still goes on a card; a longer one is left to the study guide."""
BY_DEFAULT = 50
"""How many questions get a card unless the user says which."""

Look = tuple[int, bool]
"""A size of type, and whether the key points begin on a card of their own."""
WHOLE: tuple[Look, ...] = tuple((size, False) for size in SIZES)
APART: tuple[Look, ...] = tuple((size, True) for size in SIZES)

Spot = tuple[str, int]
"""Where a printed face is found in the layout: the id of its element and which of its pages, from 0."""
Measure = Callable[[PrintDocument], Mapping[str, int]]
"""Lays a document out and says on how many pages each id is."""


@dataclass(frozen=True, slots=True)
class Face:
    """One side of a card, whatever its length."""

    id: str
    side: str
    """`front` or `back`."""
    number: int
    section: str
    foot: str
    """What stands at the foot: how many key points there are to name."""
    kind: str
    title: Markup
    html: Markup
    points: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A question's card."""

    front: Face
    back: Face


@dataclass(frozen=True, slots=True)
class Printed:
    """A face, or what stands for one on a continuation card, with its type."""

    face: Face
    id: str
    look: Look
    number: str
    """The number as printed, `12 continued (2/2)` where the face does not say so itself."""
    cards: int
    """On how many cards it is."""
    empty: bool
    """True where the other side is longer: only the head is printed."""


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards ready for the layout: the document of their faces, and the two sides of each card of paper."""

    document: PrintDocument
    sides: tuple[tuple[Spot, Spot], ...]


def cards(questions: Sequence[Ranked], rendered: Mapping[str, QuestionHtml], numbers: Mapping[str, int]) -> list[Card]:
    """The cards of some questions, in their order; `numbers` are the questions' numbers in the study guide."""
    return [_card(ranked, rendered[ranked.question.id], numbers[ranked.question.id]) for ranked in questions]


def fit(found: Sequence[Card], media: Sequence[Media], bank: Bank, config: Config, time: int, measure: Measure) -> Deck:
    """Choose the size of each face's type and lay the deck out: the fewest cards, then the largest type."""
    faces = [face for card in found for face in (card.front, card.back)]

    def pages_of(looks: Mapping[str, Look]) -> dict[str, int]:
        trial = [Printed(face, face.id, looks[face.id], str(face.number), 1, False) for face in faces if face.id in looks]
        return dict(measure(_document(trial, media, bank, config, time, heads=False))) if trial else {}

    chosen = _looks(faces, pages_of)
    printed: list[Printed] = []
    sides: list[tuple[Spot, Spot]] = []
    for card in found:
        fronts, backs = _sides(card, chosen)
        printed += {one.id: one for one, _ in (*fronts, *backs)}.values()
        sides += [((front.id, one), (back.id, other)) for (front, one), (back, other) in zip(fronts, backs, strict=True)]
    return Deck(_document(printed, media, bank, config, time), tuple(sides))


def alignment_sheet(bank: Bank, config: Config, time: int, edges: tuple[Sequence[float], Sequence[float]]) -> PrintDocument:
    """The sheet that shows how a printer places backs behind fronts: one page for each side.

    `edges` are the cuts between the cards in mm: x of the vertical ones from the left, y of the others from the top.
    """
    text = render(
        "pdf/flashcard_test.html",
        config=config,
        title=f"{plain(title_html(bank.title))}: test sheet for flash cards",
        paper="A4" if config.paper == "a4" else "Letter",
        shift=config.flashcards.shift,
        flip=config.flashcards.flip,
        xs=edges[0],
        ys=edges[1],
    )
    css = read_template("tokens.css") + page_css(config.paper)
    return PrintDocument(
        html=text,
        css=css + read_template("pdf/flashcard_test.css"),
        media=(),
        title=f"{plain(title_html(bank.title))}: test sheet for flash cards",
        author=config.author,
        language=config.language,
        time=time,
    )


def _card(ranked: Ranked, rendered: QuestionHtml, number: int) -> Card:
    question = ranked.question
    sections = [plain(title_html(section)) for section in question.sections]
    count = len(rendered.key_points)
    foot = f"{count} key {'point' if count == 1 else 'points'}" if count else ""
    body = sheet_html(rendered.body)
    if question.body and len(plain_text(question.body.markdown)) > SHORT_BODY:
        body = Markup('<p class="elsewhere">{}</p>').format(f"The situation is in the study guide, question {number}.")
    kind = " · ".join(word for word in (question.kind if question.kind != "concept" else "", question.level or "") if word)
    section = sections[0] if sections else ""
    title = sheet_html(rendered.title)
    front = Face(f"front-{number}", "front", number, section, foot, kind, title, body, ())
    answer = sheet_html(rendered.short)
    points = tuple(sheet_html(point.html) for point in rendered.key_points) + tuple(
        extra for extra in (sheet_html(rendered.key_point_text),) if extra
    )
    if not answer and not points and rendered.answer:
        answer = sheet_html(rendered.answer[0].html)
    topic = sections[-1] if sections else ""
    return Card(front, Face(f"back-{number}", "back", number, topic, "", "", title, answer, points))


def _looks(faces: Sequence[Face], pages_of: Callable[[Mapping[str, Look]], Mapping[str, int]]) -> dict[str, tuple[Look, int]]:
    """Each face's look and on how many pages it is: the fewest, with the key points together, in the largest type.

    `pages_of` says on how many pages faces are in some looks; it is asked once for each step that a face is not settled.
    """
    largest = pages_of(dict.fromkeys((face.id for face in faces), WHOLE[0]))
    crowded = [face for face in faces if largest[face.id] > 1]
    smallest = pages_of(dict.fromkeys((face.id for face in crowded), WHOLE[-1]))
    settled = {face.id: (WHOLE[0], 1) for face in faces if largest[face.id] == 1}
    orders = {face.id: _order(face, smallest[face.id]) for face in crowded}
    for step in range(len(APART + WHOLE)):
        tried = {name: looks[step] for name, looks in orders.items() if name not in settled and step < len(looks)}
        for name, count in pages_of(tried).items():
            if name in tried and count <= smallest[name]:
                settled[name] = (tried[name], count)
    return settled


def _order(face: Face, fewest: int) -> tuple[Look, ...]:
    """The looks in which a face may have the fewest pages, the best first; the last one has them for certain."""
    return (*APART, *WHOLE) if fewest > 1 and face.html and face.points else WHOLE


def _sides(card: Card, chosen: Mapping[str, tuple[Look, int]]) -> tuple[list[tuple[Printed, int]], list[tuple[Printed, int]]]:
    """Fronts and backs of a question's cards of paper: what is printed, and which page of it."""
    whole = max(chosen[face.id][1] for face in (card.front, card.back))
    sides = []
    for face in (card.front, card.back):
        look, own = chosen[face.id]
        printed = Printed(face, face.id, look, str(face.number), whole, empty=False)
        side = [(printed, page) for page in range(own)]
        for part in range(own + 1, whole + 1):
            label = f"{face.number} continued ({part}/{whole})"
            side.append((Printed(face, f"{face.id}-more-{part}", WHOLE[0], label, 1, empty=True), 0))
        sides.append(side)
    return sides[0], sides[1]


def _document(
    printed: Sequence[Printed], media: Sequence[Media], bank: Bank, config: Config, time: int, heads: bool = True
) -> PrintDocument:
    """The document of some faces; without their heads it is laid out in half the time and breaks at the same places."""
    title = f"{plain(title_html(bank.title))}: flash cards"
    return PrintDocument(
        html=render("pdf/flashcard.html", title=title, config=config, faces=printed, long_title=LONG_TITLE),
        css=read_template("tokens.css")
        + read_template("pdf/flashcard.css")
        + (read_template("pdf/flashcard_heads.css") if heads else ""),
        media=tuple(media),
        title=title,
        author=config.author,
        language=config.language,
        time=time,
    )
