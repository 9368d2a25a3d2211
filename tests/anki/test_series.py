"""A hundred random series of edits, builds and re-imports: no review is lost, no note is doubled."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.collection import Collection
from anki.decks import DeckId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.build import KINDS, Options
from generator.build import build as build_bank
from generator.content import load
from tests.anki.world import (
    DECK_TOML,
    MONDAY,
    anki,
    import_into,
    names_of_note_types,
    review_log,
    sleep,
    state,
    write_content,
)

if TYPE_CHECKING:
    from anki.cards import Card, CardId

WORDS = ("queue", "index", "cache", "shard", "token", "batch")
DAY = 86_400


@dataclass(frozen=True)
class Item:
    """A question as an author has it in mind."""

    id: str
    text: str
    points: tuple[str, ...]
    section: int = 0
    kind: str = "concept"
    likelihood: int = 50
    alive: bool = True
    written: int = 2
    """How many points it ever had; a reworded one is no new one."""

    def markdown(self) -> str:
        points = "".join(f"- {point}\n" for point in self.points)
        head = f"### {self.text} {{#{self.id} kind={self.kind} likelihood={self.likelihood}}}"
        return f"{head}\n\nIt is {self.text.lower()}\n\n#### Key points\n\n{points}\n"


@dataclass
class Author:
    """The content folder and what its author does to it; a choice is any whole number."""

    folder: Path
    items: list[Item] = field(default_factory=list)

    def pick(self, choice: int, alive: bool = True) -> int | None:
        found = [position for position, item in enumerate(self.items) if item.alive == alive]
        return found[choice % len(found)] if found else None

    def change(self, choice: int, **values: object) -> None:
        position = self.pick(choice)
        if position is not None:
            self.items[position] = replace(self.items[position], **values)  # type: ignore[arg-type]

    def add(self, choice: int) -> None:
        number = len(self.items)
        word = WORDS[choice % len(WORDS)]
        points = (
            f"The {word} number {number} holds =={word}s== in order.",
            f"It fails when {number} of them =={choice % 97}== wait.",
        )
        self.items.append(Item(f"q-{number}", f"What does {word} {number} do?", points, choice % 3, likelihood=choice % 100))

    def remove(self, choice: int) -> None:
        if sum(item.alive for item in self.items) > 1:
            self.change(choice, alive=False)

    def bring_back(self, choice: int) -> None:
        position = self.pick(choice, alive=False)
        if position is not None:
            self.items[position] = replace(self.items[position], alive=True)

    def reword(self, choice: int) -> None:
        position = self.pick(choice)
        if position is not None:
            item = self.items[position]
            self.items[position] = replace(item, text=f"{item.text.split(', ')[0]}, {WORDS[choice % len(WORDS)]}?")

    def reword_point(self, choice: int) -> None:
        position = self.pick(choice)
        if position is not None and self.items[position].points:
            first, *rest = self.items[position].points
            self.items[position] = replace(self.items[position], points=(first.replace(" in order", " in good order"), *rest))

    def turn_points(self, choice: int) -> None:
        position = self.pick(choice)
        if position is not None:
            self.items[position] = replace(self.items[position], points=self.items[position].points[::-1])

    def drop_point(self, choice: int) -> None:
        position = self.pick(choice)
        if position is not None:
            self.items[position] = replace(self.items[position], points=self.items[position].points[1:])

    def add_point(self, choice: int) -> None:
        position = self.pick(choice)
        if position is not None:
            points = (*self.items[position].points, f"Point {choice} names a =={WORDS[choice % len(WORDS)]}== too.")
            self.items[position] = replace(self.items[position], points=points, written=self.items[position].written + 1)

    def move(self, choice: int) -> None:
        self.change(choice, section=choice % 3)

    def make_drill(self, choice: int) -> None:
        self.change(choice, kind=("design", "coding", "concept")[choice % 3])

    def rank_anew(self, choice: int) -> None:
        self.change(choice, likelihood=choice % 101)

    def turn_files(self, choice: int) -> None:
        self.items.reverse()

    def write(self) -> None:
        for section in range(3):
            items = [item for item in self.items if item.alive and item.section == section]
            path = self.folder / f"{section}.md"
            path.unlink(missing_ok=True)
            if items:
                write_content(self.folder, {path.name: f"# Section {section}\n\n" + "".join(map(Item.markdown, items))})


EDITS = (
    *("add", "add", "remove", "bring_back", "reword", "reword_point", "turn_points"),
    *("drop_point", "add_point", "move", "make_drill", "rank_anew", "turn_files"),
)
STEPS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 999)), min_size=1, max_size=5),
        st.integers(0, 4),
        st.integers(1, 9),
    ),
    min_size=3,
    max_size=3,
)


def answer_some(col: Collection, count: int) -> None:
    """Answer up to so many cards of each deck, every third with Again."""
    for deck in col.decks.all_names_and_ids():
        col.decks.select(DeckId(deck.id))
        for number in range(count):
            card = col.sched.getCard()
            if card is None:
                break
            col.sched.answerCard(card, 1 if number % 3 == 2 else 3)


@pytest.fixture(scope="module", autouse=True)
def _without_print() -> Iterator[None]:
    """Builds of everything, so that what was removed is remembered, but no PDF is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, "pdf", lambda plan: [])
        yield


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_series_of_edits_and_imports_loses_a_review_or_doubles_a_note(
    steps: list[tuple[list[tuple[str, int]], int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        author = Author(write_content(folder / "content", {"deck.toml": DECK_TOML}))
        for number in range(4):
            author.add(number * 7)
        with anki(folder) as col:
            moment = MONDAY
            for edits, answers, days in ([], 3, 1), *steps:
                for edit_name, choice in edits:
                    getattr(author, edit_name)(choice)
                author.write()
                build_bank(load([author.folder]), Options(folder / "out"), moment)
                learned = {card.id: state(card) for card in all_cards(col)}
                reviews = review_log(col)
                import_into(col, folder / "out" / "anki" / "study.apkg")
                assert_nothing_lost(col, learned, reviews, author)
                answer_some(col, answers)
                sleep(col, days)
                moment += days * DAY


def all_cards(col: Collection) -> list[Card]:
    return [col.get_card(identity) for identity in col.find_cards("")]


def assert_nothing_lost(
    col: Collection, learned: dict[CardId, tuple[int, ...]], reviews: list[list[int]], author: Author
) -> None:
    cards = {card.id: state(card) for card in all_cards(col)}
    assert {identity: cards.get(identity) for identity in learned} == learned
    assert review_log(col) == reviews
    names = [col.get_note(identity)["Id"] for identity in col.find_notes("")]
    assert len(set(names)) == len(names) == len(cards)
    assert names_of_note_types(col) == ["Interview key fact", "Interview question"]
    for item in author.items:
        if item.alive:
            (note,) = (col.get_note(identity) for identity in col.find_notes(f'"Id:{item.id}"'))
            assert note["Question"] == item.text
            assert note["Kind"] == item.kind
            facts = [col.get_note(identity)["Text"] for identity in col.find_notes(f'"Id:{item.id}/*"')]
            assert {point.replace("==", "{{c1::", 1).replace("==", "}}", 1) for point in item.points} <= set(facts)
            assert len(facts) <= item.written
