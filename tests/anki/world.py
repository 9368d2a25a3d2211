"""A synthetic bank, its builds, and the real Anki: what the tests in this folder share."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.decks import DeckId
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition
from PIL import Image

from generator.cli import main

if TYPE_CHECKING:  # imported first, anki.cards ends in a circle
    from anki.cards import Card
    from anki.notes import Note

MONDAY, TUESDAY, FRIDAY = 1_700_000_000, 1_700_086_400, 1_700_345_600
"""Moments of builds, all long past."""
ALWAYS = ImportAnkiPackageUpdateCondition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS
NEW = 0
"""Type of a card that was never studied."""
MAIN, DRILLS = "Study", "Study \u2013 drills"
REAL_BANK = Path(__file__).resolve().parents[2] / "content"

DECK_TOML = 'bank = "study"\ntitle = "Study"\n'

AUTHORS = ("ann", "ben", "cid", "dee", "eve", "fay")
ASKED = {
    "part-01": 0,
    "part-02": 3,
    "part-03": 6,
    "part-04": 1,
    "part-05": 4,
    "part-06": 2,
    "part-07": 5,
    "part-08": 1,
    "part-09": 4,
    "part-10": 0,
    "formula": 5,
    "program": 3,
    "picture": 2,
    "hostile": 6,
    "marks": 1,
    "cache": 5,
    "nothing": 6,
}
"""How many authors ask each question."""

SPECIAL = r"""# Special cases

### What is the slope of $\frac{1}{x}$? {#formula level=senior .calculus}

It is $-\frac{1}{x^{2}}$, so it falls as $x$ grows.

#### Key points

- The slope of $\ln x$ is ==one over x==. {#log}

#### In depth

$$
\frac{d}{dx} \frac{1}{x} = -\frac{1}{x^{2}}
$$

### How do you sort a vector? {#program kind=coding}

Call the library.

#### Question

```cpp
std::vector<int> v{{3, 1, 2}};
```

#### Key points

- The library sorts in ==n log n== steps. {#steps}

#### Answer

```cpp
std::sort(v.begin(), v.end());
```

| Case | Steps |
|------|-------|
| best | n     |

### What does the chart show? {#picture}

![A rising line](<images/The chart.png>)

#### Key points

- The line rises ==twice==, see ![the flow](images/flow.svg). {#twice}

### How would you build a cache? {#cache kind=design needs=part-04}

Keep what was used last.

#### Key points

- An old entry leaves ==first==. {#eviction}

### What is nothing? {#nothing}
"""

HOSTILE = r"""# Traps {{Section}} [sound:section.mp3]

### Does {{Question}} or [sound:title.mp3] play? {#hostile}

No: [sound:short.mp3], [latex]a^2[/latex], [\$]b[/\$], [\$\$]c[/\$\$],
[anki:tts lang=en_US]hello[/anki:tts], {{Answer}}, {{{Question}}},
{{c1::gone}}, {{#Link}}when{{/Link}}, {{cloze:Text}}, {% raw %} and [SOUND:loud.mp3] are words.

#### Question

`[sound:body.mp3]` and `{{Id}}` are code.

#### Key points

- Beside [sound:point.mp3] and {{c2::other}} stands ==a {{c3::blank}} [sound:mark.mp3]== as words. {#trap}

#### Graded on

- **Pass:** [sound:graded.mp3] {{Kind}}

#### In depth

```html
{{Front}} [sound:code.mp3] [latex]d[/latex] [$]f[/$] [$$]g[/$$] [anki:play:q:0] {{c1::code}}
```

A formula, $[sound:formula.mp3] + [latex]e[/latex] + {{z}}$, and [a link](https://example.org/{{Level}}/[sound:link.mp3]).

![{{Kind}} [sound:alt.mp3]](images/flow.svg)

#### Follow-ups

- [anki:play:a:0] {{Follow-ups}}

#### Sources

- [{{Sources}} [sound:source.mp3]](https://example.org/)
"""

MARKS = r"""# Marks

### What may a mark hold? {#marks}

Anything on one line.

#### Key points

- The slope is ==$-\frac{1}{x^{2}}$== for all x. {#math}
- Beside $\frac{1}{y^{2}}$ the ==word== is hidden. {#beside-math}
- A list of numbers is ==`std::vector<int>`== in that language. {#code}
- Call `std::sort` or `{{c1::x}}` on a ==container==. {#beside-code}
- An end such as ==`}}`== or `{{` closes nothing. {#braces}
- Both ==day== and ==night== are one card. {#both}
- The name ==a::b== holds colons. {#colons}
- A byte holds ==eight|how many?== bits. {#hint}
"""

LIVE = re.compile(r"\{\{|\}\}|\[\s*sound:|\[/?latex\]|\[/?\$\$?\]|\[/?anki:", re.IGNORECASE)
BLANK = re.compile(r"\{\{c1::((?:(?!\}\}).)*)\}\}", re.DOTALL)


# --- the bank and its builds -----------------------------------------------------------------------------


def png(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (12, 8), colour).save(data, "PNG")
    return data.getvalue()


def plain_question(number: int) -> str:
    return f"""\
### What does part {number} do? {{#part-{number:02}}}

It does job {number}.

#### Key points

- Job {number} needs ==oil== of grade {number}. {{#oil}}
- Job {number} ends in a ==loud bang==.
- A point without any mark is no card.
"""


def survey(asked: Mapping[str, int]) -> dict[str, str]:
    """Six authors with one list each; the first n of them ask a question, in the order of `asked`."""
    lists = "".join(
        f'[[list]]\nslug = "{author}"\ntitle = "T"\naddress = "https://example.org/{author}"\nauthor = "{author}"\n'
        'kind = "k"\ngrade = "curated"\ndate = "2026-01"\nquestions = 99\nrounds = ["concept", "design", "coding"]\n\n'
        for author in AUTHORS
    )
    entries = [
        f"{identity} = {json.dumps([f'{author}:{position}' for author in AUTHORS[:count]])}\n"
        for position, (identity, count) in enumerate(asked.items(), 1)
    ]
    return {"survey/lists.toml": lists, "survey/asked.toml": "".join(entries)}


def write_content(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def study_bank(folder: Path) -> Path:
    """Sixteen answered questions and one without an answer."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="9"><path d="M0 9 20 0" stroke="black"/></svg>'
    return write_content(
        folder,
        {
            "deck.toml": DECK_TOML,
            "10-parts.md": "# Parts\n\n## Inner parts\n\n" + "\n".join(plain_question(number) for number in range(1, 11)),
            "20-special.md": SPECIAL,
            "30-hostile.md": HOSTILE,
            "40-marks.md": MARKS,
            "images/The chart.png": png("navy"),
            "images/unused.png": png("red"),
            "images/flow.svg": svg,
            **survey(ASKED),
        },
    )


def run(*arguments: str, moment: int = MONDAY) -> str:
    """What a successful `decks` command prints, run as if at a moment."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr("generator.cli.build.time", SimpleNamespace(time=lambda: moment))
        code = main(arguments)
    assert code == 0, err.getvalue()
    return out.getvalue()


def build(content: Path, moment: int = MONDAY, *arguments: str) -> Path:
    """Build the Anki packages of a content folder anew and return the one of all that was asked for."""
    output = content.parent / f"output-{moment}{''.join(arguments)}"
    run("build", str(content), "-o", str(output), "--only", "anki", *arguments, moment=moment)
    return min((output / "anki").glob("*.apkg"), key=lambda path: len(path.name))


def listing(content: Path) -> list[dict[str, Any]]:
    """The answered questions as `decks list` orders them."""
    rows: list[dict[str, Any]] = json.loads(run("list", str(content), "--format", "json"))
    return [row for row in rows if row["answered"]]


def edit(content: Path, name: str, old: str, new: str) -> None:
    path = content / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- Anki ------------------------------------------------------------------------------------------------


@contextmanager
def anki(folder: Path) -> Iterator[Collection]:
    """A new, empty collection."""
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield collection
    finally:
        collection.close()


def import_into(col: Collection, package: Path, always: bool = False) -> ImportLogWithChanges.Log:
    """Import with the options of a fresh profile (update what is newer, keep the user's scheduling), check the database.

    `always`: with "Update notes: Always".
    """
    options = ImportAnkiPackageOptions(update_notes=ALWAYS) if always else ImportAnkiPackageOptions()
    col.fix_integrity()  # Anki "repairs" answers given at the turn of a second: its own, not to be laid on the import
    log = col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log
    col.models._clear_cache()  # as the desktop does after an import
    message, ok = col.fix_integrity()
    assert ok, message
    return log


def notes_of(col: Collection) -> dict[str, Note]:
    """The notes of our three types by their field `Id`."""
    notes = [col.get_note(identity) for identity in col.find_notes("Id:_*")]
    return {note["Id"]: note for note in notes}


def cards_of(col: Collection) -> dict[str, Card]:
    """The only card of each of our notes, by its `Id`."""
    cards = {}
    for identity, note in notes_of(col).items():
        (cards[identity],) = note.cards()
    return cards


def deck_of(col: Collection, name: str) -> DeckId:
    identity = col.decks.id_for_name(name)
    assert identity is not None, f"no deck {name} among {[deck.name for deck in col.decks.all_names_and_ids()]}"
    return identity


def study(col: Collection, deck: str, a_day: int = 9999, ease: Literal[1, 2, 3, 4] = 4) -> list[str]:
    """Answer what a deck shows today (Easy, unless told otherwise), in the scheduler's order.

    `a_day`: the limit of new cards. Returns the `Id`s of the cards that were new, in order.
    """
    identity = deck_of(col, deck)
    config = col.decks.config_dict_for_deck_id(identity)
    config["new"]["perDay"] = a_day
    config["rev"]["perDay"] = 9999  # Anki shows no more new cards than it would reviews
    col.decks.update_config(config)
    col.decks.select(identity)
    shown: list[str] = []
    while (card := col.sched.getCard()) is not None:
        if card.type == NEW:
            shown.append(card.note()["Id"])
        col.sched.answerCard(card, ease)
    return shown


def sleep(col: Collection, days: int = 1) -> None:
    """Let days pass: the collection becomes that much older."""
    assert col.db is not None
    col.db.execute("UPDATE col SET crt = crt - ?, scm = scm - 1", days * 86_400)
    col.close()
    col.reopen()


def snapshot(note: Note) -> tuple[int, int, str, tuple[str, ...], tuple[str, ...]]:
    """Everything about a note that an import may touch."""
    return note.id, note.mod, note.guid, tuple(note.fields), tuple(note.tags)


def words(text: str) -> str:
    """What a reader sees of a rendered card, styles left out; the joiner that keeps MathJax away is invisible."""
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\u2060", "").split())


def fill_with_own_notes(col: Collection) -> None:
    """What a user may have before: own notes, some studied, and another deck."""
    basic = col.models.by_name("Basic")
    assert basic is not None
    other = col.decks.id("Other")
    assert other is not None
    for number in range(30):
        note = col.new_note(basic)
        note["Front"], note["Back"] = f"own {number}", "mine"
        col.add_note(note, other if number % 3 else DeckId(1))
    col.decks.select(other)
    for _ in range(4):
        card = col.sched.getCard()
        assert card is not None
        col.sched.answerCard(card, 3)


@dataclass(frozen=True)
class Study:
    """The synthetic bank, built once. Tests must not change it."""

    content: Path
    package: Path
    rows: list[dict[str, Any]]


def assert_facts_come_late(shown: list[str], order: list[str]) -> None:
    """Facts of rank r stand after every question up to rank r + 10, and before that of rank r + 11."""
    place = {identity: position for position, identity in enumerate(shown)}
    facts = [identity for identity in shown if "/" in identity]
    assert facts
    for fact in facts:
        rank = order.index(fact.split("/")[0])
        before = [identity for identity in order[: rank + 11] if identity in place]
        after = [identity for identity in order[rank + 11 :] if identity in place]
        assert all(place[identity] < place[fact] for identity in before), fact
        assert all(place[identity] > place[fact] for identity in after), fact


# --- months of study ------------------------------------------------------------------------------------


def state(card: Card) -> tuple[int, ...]:
    """All that the scheduler knows of a card, and what the user did to it."""
    return (
        card.id,
        card.nid,
        card.did,
        card.type,
        card.queue,
        card.due,
        card.ivl,
        card.reps,
        card.lapses,
        card.flags,
        card.odid,
    )


def review_log(col: Collection) -> list[list[int]]:
    assert col.db is not None
    return [list(row) for row in col.db.all("SELECT * FROM revlog ORDER BY id")]


def names_of_note_types(col: Collection) -> list[str]:
    return sorted(model["name"] for model in col.models.all() if model["name"].startswith(("Interview", "My story")))


def months_of_study(col: Collection) -> None:
    """Some cards learned, forgotten, due, suspended, flagged, buried, moved to an own deck, tagged and marked; some new."""
    for day in range(12):
        if day % 4 == 3:
            forget_one(col)
        study(col, MAIN, a_day=2, ease=3)
        sleep(col, 1 + day % 3)
    cards = cards_of(col)
    col.sched.suspend_cards([cards["part-03"].id, cards["part-10"].id])
    col.set_user_flag_for_cards(3, [cards["hostile"].id, cards["part-01/oil"].id])
    own = col.decks.id("My own deck")
    assert own is not None
    col.set_deck([cards["part-07"].id, cards["part-10/oil"].id], own)
    for identity in ("formula", "part-09", "part-10/oil"):
        note = notes_of(col)[identity]
        note.tags = [*note.tags, "my-own-tag", "marked"]
        col.update_note(note)


def forget_one(col: Collection) -> str:
    """Answer a card that was learned before with Again; return its `Id`."""
    col.decks.select(deck_of(col, MAIN))
    identity = col.find_cards(f'deck:"{MAIN}" is:review is:due')[0]
    card = col.get_card(identity)
    card.start_timer()
    col.sched.answerCard(card, 1)
    return card.note()["Id"]
