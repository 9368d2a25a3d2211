"""Packages in the real Anki: its importer, scheduler, renderer, media check and database check."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.decks import DeckId
from PIL import Image

from generator.anki_schema import QUESTION, STORY
from generator.cli import main
from generator.emit.anki import AnkiDeck, AnkiNote, AnkiType, write_package
from generator.render.cards import layout, styling

if TYPE_CHECKING:  # imported first, anki.cards ends in a circle
    from anki.cards import Card
    from anki.notes import Note

MONDAY, TUESDAY, FRIDAY = 1_700_000_000, 1_700_086_400, 1_700_345_600
"""Moments of builds, all long past."""
MAIN, DRILLS = "Study", "Study \u2013 drills"
REAL_BANK = Path(__file__).resolve().parent.parent / "content"

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
        patch.setattr("generator.cli.time", SimpleNamespace(time=lambda: moment))
        code = main(arguments)
    assert code == 0, err.getvalue()
    return out.getvalue()


def build(content: Path, moment: int = MONDAY, *arguments: str) -> Path:
    """Build the Anki package of a content folder anew and return its path."""
    output = content.parent / f"output-{moment}{''.join(arguments)}"
    run("build", str(content), "-o", str(output), "--only", "anki", *arguments, moment=moment)
    (package,) = (output / "anki").glob("*.apkg")
    return package


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


@pytest.fixture
def col(tmp_path: Path) -> Iterator[Collection]:
    with anki(tmp_path) as collection:
        yield collection


def import_into(col: Collection, package: Path) -> ImportLogWithChanges:
    """Import with the options of a fresh profile: update what is newer, keep the user's scheduling."""
    return col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))


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


def study(col: Collection, deck: str) -> list[str]:
    """Answer every card of a deck with Easy, in the scheduler's order; return their `Id`s."""
    identity = deck_of(col, deck)
    config = col.decks.config_dict_for_deck_id(identity)
    config["new"]["perDay"] = 9999
    col.decks.update_config(config)
    col.decks.select(identity)
    shown: list[str] = []
    while (card := col.sched.getCard()) is not None:
        shown.append(card.note()["Id"])
        col.sched.answerCard(card, 4)
    return shown


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


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Study:
    content = study_bank(tmp_path_factory.mktemp("study") / "content")
    return Study(content, build(content), listing(content))


@pytest.fixture(scope="module")
def read_only(bank: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection with the bank, for tests that only look."""
    with anki(tmp_path_factory.mktemp("anki")) as collection:
        import_into(collection, bank.package)
        yield collection


@pytest.fixture
def mine(bank: Study, tmp_path: Path) -> Path:
    """A copy of the bank's content, ledger included, that a test may edit."""
    return shutil.copytree(bank.content, tmp_path / "copy" / "content")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Study:
    content = shutil.copytree(REAL_BANK, tmp_path_factory.mktemp("real") / "content")
    return Study(content, build(content), listing(content))


# --- counts, order, checks -------------------------------------------------------------------------------


def test_every_answered_question_and_every_marked_point_is_one_note_with_one_card(read_only: Collection, bank: Study) -> None:
    notes = notes_of(read_only)
    questions = [identity for identity in notes if "/" not in identity]
    facts = [identity for identity in notes if "/" in identity]
    assert sorted(questions) == sorted(row["id"] for row in bank.rows)
    assert len(questions) == 16
    assert len(facts) == 10 * 2 + 4 + 1 + 8
    assert read_only.card_count() == read_only.note_count() == len(notes)


def test_a_question_without_answer_gets_no_card(read_only: Collection) -> None:
    assert "nothing" not in notes_of(read_only)


def test_questions_for_paper_lie_in_the_drills_deck_and_their_facts_in_the_main_one(read_only: Collection) -> None:
    cards = cards_of(read_only)
    in_drills = [identity for identity, card in cards.items() if card.did == deck_of(read_only, DRILLS)]
    assert sorted(in_drills) == ["cache", "program"]
    assert all(card.did == deck_of(read_only, MAIN) for identity, card in cards.items() if identity not in in_drills)


def test_decks_are_not_nested(read_only: Collection) -> None:
    assert sorted(deck.name for deck in read_only.decks.all_names_and_ids()) == ["Default", MAIN, DRILLS]


def test_the_rank_is_not_the_order_of_the_files(bank: Study) -> None:
    assert [row["id"] for row in bank.rows] == [
        *("part-03", "hostile", "part-07", "formula", "cache", "part-05", "part-09"),
        *("part-02", "program", "part-06", "picture", "part-04", "part-08", "marks", "part-01", "part-10"),
    ]


@pytest.mark.parametrize("filled", [False, True], ids=["empty collection", "collection in use"])
def test_the_scheduler_shows_questions_in_rank_order_and_facts_after_the_question_ten_ranks_on(
    col: Collection, bank: Study, filled: bool
) -> None:
    if filled:
        fill_with_own_notes(col)
    import_into(col, bank.package)
    shown = study(col, MAIN)
    drills = study(col, DRILLS)
    order = [row["id"] for row in bank.rows]
    assert [identity for identity in shown if "/" not in identity] == [i for i in order if i not in ("cache", "program")]
    assert drills == ["cache", "program"]
    assert sorted([*shown, *drills]) == sorted(notes_of(col))
    assert_facts_come_late(shown, order)


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


def test_the_cards_positions_are_the_ledgers_order_keys(read_only: Collection, bank: Study) -> None:
    ledger = json.loads((bank.content / "ledger.json").read_text(encoding="utf-8"))
    assert {identity: card.due for identity, card in cards_of(read_only).items()} == {
        name: order for name, (_, _, order) in ledger["notes"].items()
    }


def test_the_media_check_finds_nothing_missing_and_nothing_unused(read_only: Collection) -> None:
    report = read_only.media.check()
    assert list(report.missing) == []
    assert list(report.unused) == []
    names = sorted(path.name for path in Path(read_only.media.dir()).iterdir())
    assert [re.sub(r"-[0-9a-f]{12}\.", "-HASH.", name) for name in names] == ["flow-HASH.svg", "the-chart-HASH.png"]


@pytest.mark.parametrize("filled", [False, True], ids=["empty collection", "collection in use"])
def test_check_database_reports_nothing_and_moves_no_card(col: Collection, bank: Study, filled: bool) -> None:
    if filled:
        fill_with_own_notes(col)
    import_into(col, bank.package)
    before = {identity: card.due for identity, card in cards_of(col).items()}
    message, ok = col.fix_integrity()
    assert ok, message
    assert {identity: card.due for identity, card in cards_of(col).items()} == before


def test_times_of_notes_are_the_builds(read_only: Collection) -> None:
    assert {note.mod for note in notes_of(read_only).values()} == {MONDAY}


# --- what the cards show ---------------------------------------------------------------------------------


def test_formulas_reach_mathjax_without_braces_that_anki_reads(read_only: Collection) -> None:
    note = notes_of(read_only)["formula"]
    assert note["Question"] == r"What is the slope of \(\frac{1}{x}\)?"
    assert r"\(-\frac{1}{x^{2} }\)" in note["Short answer"]
    assert re.search(r"\\\[\s*\\frac\{d\}\{dx\} \\frac\{1\}\{x\} = -\\frac\{1\}\{x\^\{2\} \}\s*\\\]", note["Answer"])
    shown = cards_of(read_only)["formula"].answer()
    assert r"\(-\frac{1}{x^{2} }\)" in shown
    assert "$" not in words(shown)


def test_code_keeps_its_braces_and_angle_brackets_on_the_card(read_only: Collection) -> None:
    card = cards_of(read_only)["program"]
    assert '<pre class="code" data-language="cpp">' in notes_of(read_only)["program"]["Question body"]
    assert "std::vector<int> v{{3, 1, 2}};" in words(card.question())
    assert "std::sort(v.begin(), v.end());" in words(card.answer())
    assert "std::sort" not in words(card.question())


def test_a_table_is_a_table(read_only: Collection) -> None:
    assert re.search(r"<table>.*<th>Case</th>.*<td>best</td>", notes_of(read_only)["program"]["Answer"], re.DOTALL)


def test_an_image_is_named_by_its_content_and_stays_in_the_card(read_only: Collection) -> None:
    notes = notes_of(read_only)
    assert re.search(r'<img src="the-chart-[0-9a-f]{12}\.png" alt="A rising line"', notes["picture"]["Short answer"])
    assert re.search(r'<img src="flow-[0-9a-f]{12}\.svg"', notes["picture/twice"]["Text"])


def test_the_front_shows_the_question_and_a_cue_and_nothing_of_the_answer(read_only: Collection) -> None:
    cards = cards_of(read_only)
    assert words(cards["part-03"].question()) == "What does part 3 do? Aloud, 90 seconds, 3 points"
    assert words(cards["cache"].question()) == "How would you build a cache? On paper, 10 minutes, 1 point"


def test_the_back_shows_answer_points_section_and_how_often_it_is_asked(read_only: Collection) -> None:
    shown = words(cards_of(read_only)["part-03"].answer())
    assert "It does job 3." in shown
    assert "Job 3 needs oil of grade 3." in shown
    assert "Parts › Inner parts · asked: core" in shown
    assert "==" not in shown
    assert "{#oil}" not in shown


def test_tags_say_section_kind_card_and_band(read_only: Collection) -> None:
    notes = notes_of(read_only)
    assert notes["formula"].tags == [
        "study::asked::1-core",
        "study::card::question",
        "study::kind::concept",
        "study::level::senior",
        "study::section::special-cases",
        "study::tag::calculus",
        "study::top-50",
    ]
    assert notes["part-10/oil"].tags == [
        "study::asked::5-rare",
        "study::card::fact",
        "study::kind::concept",
        "study::section::parts::inner-parts",
        "study::top-50",
    ]


# --- text that Anki could take for its own ----------------------------------------------------------------


def test_no_field_of_a_hostile_question_holds_live_markup(read_only: Collection) -> None:
    live = {name: LIVE.findall(text) for name, text in notes_of(read_only)["hostile"].items()}
    assert {name: found for name, found in live.items() if found} == {}


def test_a_hostile_fact_holds_its_own_blank_and_nothing_else_live(read_only: Collection) -> None:
    note = notes_of(read_only)["hostile/trap"]
    assert len(BLANK.findall(note["Text"])) == 1
    live = {name: LIVE.findall(BLANK.sub("", text)) for name, text in note.items()}
    assert {name: found for name, found in live.items() if found} == {}


@pytest.mark.parametrize("identity", ["hostile", "hostile/trap"])
def test_a_hostile_card_plays_no_sound_and_draws_no_latex(read_only: Collection, identity: str) -> None:
    card = cards_of(read_only)[identity]
    assert card.question_av_tags() == []
    assert card.answer_av_tags() == []
    assert not re.search(r"\[anki:|class=.?latex", card.question() + card.answer())


@pytest.mark.parametrize(
    "text",
    [
        "Does {{Question}} or [sound:title.mp3] play?",
        "No: [sound:short.mp3], [latex]a^2[/latex], [$]b[/$], [$$]c[/$$],",
        "[anki:tts lang=en_US]hello[/anki:tts], {{Answer}}, {{{Question}}},",
        "{{c1::gone}}, {{#Link}}when{{/Link}}, {{cloze:Text}}, {% raw %} and [SOUND:loud.mp3] are words.",
        "[sound:body.mp3] and {{Id}} are code.",
        "Beside [sound:point.mp3] and {{c2::other}} stands a {{c3::blank}} [sound:mark.mp3] as words.",
        "Pass: [sound:graded.mp3] {{Kind}}",
        "{{Front}} [sound:code.mp3] [latex]d[/latex] [$]f[/$] [$$]g[/$$] [anki:play:q:0] {{c1::code}}",
        "[anki:play:a:0] {{Follow-ups}}",
        "{{Sources}} [sound:source.mp3]",
        "Traps {{Section}} [sound:section.mp3]",
    ],
)
def test_a_hostile_card_shows_the_text_as_it_was_written(read_only: Collection, text: str) -> None:
    assert text in words(cards_of(read_only)["hostile"].answer())


def test_a_hostile_fact_shows_the_text_as_it_was_written(read_only: Collection) -> None:
    card = cards_of(read_only)["hostile/trap"]
    assert words(card.question()).endswith("Beside [sound:point.mp3] and {{c2::other}} stands [...] as words.")
    shown = words(card.answer())
    assert "Beside [sound:point.mp3] and {{c2::other}} stands a {{c3::blank}} [sound:mark.mp3] as words." in shown
    assert "A point of: Does {{Question}} or [sound:title.mp3] play?" in shown


@pytest.mark.parametrize(
    ("key", "front", "back"),
    [
        ("math", "The slope is [...] for all x.", r"The slope is \(-\frac{1}{x^{2} }\) for all x."),
        (
            "beside-math",
            r"Beside \(\frac{1}{y^{2} }\) the [...] is hidden.",
            r"Beside \(\frac{1}{y^{2} }\) the word is hidden.",
        ),
        ("code", "A list of numbers is [...] in that language.", "A list of numbers is std::vector<int> in that language."),
        ("beside-code", "Call std::sort or {{c1::x}} on a [...].", "Call std::sort or {{c1::x}} on a container."),
        ("braces", "An end such as [...] or {{ closes nothing.", "An end such as }} or {{ closes nothing."),
        ("both", "Both [...] and [...] are one card.", "Both day and night are one card."),
        ("colons", "The name [...] holds colons.", "The name a::b holds colons."),
        ("hint", "A byte holds [how many?] bits.", "A byte holds eight bits."),
    ],
)
def test_a_mark_is_blank_on_the_front_and_whole_on_the_back(read_only: Collection, key: str, front: str, back: str) -> None:
    card = cards_of(read_only)[f"marks/{key}"]
    assert words(card.question()) == f"Marks {front}"
    assert words(card.answer()).startswith(f"Marks {back}")


def test_the_hidden_and_the_shown_words_of_a_mark_stand_in_ankis_own_cloze(read_only: Collection) -> None:
    card = cards_of(read_only)["marks/code"]
    assert re.search(r'<span class="cloze"[^>]*>\[\.\.\.\]</span>', card.question())
    assert re.search(r'<span class="cloze"[^>]*><code>std(&#58;|:){2}vector&lt;int&gt;</code></span>', card.answer())


def test_a_key_point_whose_only_equals_signs_stand_in_a_formula_is_no_card(col: Collection, tmp_path: Path) -> None:
    question = "# S\n\n## Why? {#why}\n\nSo.\n\n### Key points\n\n- A test is $a==b==c$.\n- A ==mark== is one.\n"
    content = write_content(tmp_path / "content", {"deck.toml": DECK_TOML, "a.md": question})
    import_into(col, build(content))
    notes = notes_of(col)
    assert r"\(a==b==c\)" in notes.pop("why")["Key points"]
    assert [note["Text"] for note in notes.values()] == ["A {{c1::mark}} is one."]


def bank_of_point(folder: Path, point: str) -> Path:
    """A bank of one question, `why`, with one key point."""
    question = f"# S\n\n## Why? {{#why}}\n\nSo.\n\n### Key points\n\n- {point}\n"
    return write_content(folder / "content", {"deck.toml": DECK_TOML, "a.md": question})


@pytest.mark.parametrize(
    "point",
    [
        r"Before \[sound:a.mp3]x\] stands ==a mark==.",
        r"Before \[latex]x\] and \[/latex]x\] stands ==a mark==.",
        r"Before \(\$]x[/\$]\) stands ==a mark==.",
        r"A hint holds ==a mark|${{c2::z}}$==.",
        r"A hint holds ==a mark|$a}}b$==.",
        r"A hint holds ==a mark|`{{x}}::[sound:a.mp3]`==.",
        "Beside <mark></mark> stands ==a mark==.",
        "<mark>Text</mark> beside ==a mark==.",
        "An end }} beside ==a mark}==} and }.",
        "[a link](https://example.org/}}) with {{==a mark==}}.",
    ],
)
def test_whatever_stands_in_a_key_point_its_card_has_a_blank_and_nothing_live(
    col: Collection, tmp_path: Path, point: str
) -> None:
    import_into(col, build(bank_of_point(tmp_path, point)))
    notes = notes_of(col)
    (fact,) = (note for identity, note in notes.items() if identity != "why")
    (card,) = fact.cards()
    assert 'class="cloze"' in card.question()
    assert "a mark" not in words(card.question())
    assert "a mark" in words(card.answer())
    live = [LIVE.findall(text) for text in (BLANK.sub("", fact["Text"]), *fact.fields[1:], *notes["why"].fields)]
    assert not any(live), live
    assert card.question_av_tags() + card.answer_av_tags() == []
    assert list(col.media.check().missing) == []


def test_a_key_point_with_an_empty_mark_in_html_is_no_card(col: Collection, tmp_path: Path) -> None:
    import_into(col, build(bank_of_point(tmp_path, "Nothing is <mark></mark> marked.")))
    assert list(notes_of(col)) == ["why"]


# --- updates of a deck that is being studied --------------------------------------------------------------


def test_a_rebuild_of_unchanged_content_has_the_same_bytes(mine: Path, bank: Study) -> None:
    assert build(mine, FRIDAY).read_bytes() == bank.package.read_bytes()


def test_a_package_says_nothing_of_when_and_where_it_was_packed(bank: Study) -> None:
    with zipfile.ZipFile(bank.package) as archive:
        entries = archive.infolist()
        database = archive.read("collection.anki2")
    assert {(entry.date_time, entry.create_system, entry.external_attr >> 16) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o644)
    }
    assert database[92:100] == bytes(8)  # the version of SQLite that wrote it


def test_two_folders_with_the_same_content_and_ledger_give_the_same_bytes(mine: Path, tmp_path: Path) -> None:
    other = shutil.copytree(mine, tmp_path / "a longer way" / "to the content")
    assert build(mine, TUESDAY).read_bytes() == build(other, FRIDAY).read_bytes()


def test_importing_an_unchanged_rebuild_changes_nothing(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    note = notes_of(col)["part-03"]
    note.tags = [*note.tags, "my-own-tag", "marked"]
    col.update_note(note)
    before = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    log = import_into(col, build(mine, FRIDAY)).log
    assert len(log.new) == len(log.updated) == len(log.conflicting) == 0
    assert {identity: snapshot(one) for identity, one in notes_of(col).items()} == before
    assert {"my-own-tag", "marked"} <= set(notes_of(col)["part-03"].tags)


def test_importing_after_one_answer_was_edited_updates_that_note_alone(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    for identity in ("part-02", "part-04", "part-03/oil"):
        note = notes_of(col)[identity]
        note.tags = [*note.tags, "my-own-tag", "marked"]
        col.update_note(note)
    before = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    log = import_into(col, build(mine, TUESDAY)).log
    after = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    assert [identity for identity in after if after[identity] != before[identity]] == ["part-03"]
    assert (len(log.new), len(log.updated)) == (0, 1)
    assert notes_of(col)["part-03"].mod == TUESDAY
    assert notes_of(col)["part-03"]["Short answer"] == "<p>It does the third job.</p>"


def test_two_edits_within_one_second_both_arrive(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    edit(mine, "10-parts.md", "It does job 3.", "It does the third job.")
    import_into(col, build(mine, MONDAY))
    shutil.rmtree(mine.parent / f"output-{MONDAY}")
    edit(mine, "10-parts.md", "It does the third job.", "It does job three.")
    import_into(col, build(mine, MONDAY))
    assert notes_of(col)["part-03"]["Short answer"] == "<p>It does job three.</p>"


def test_a_reworded_question_keeps_its_card_and_what_was_learned(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    study(col, MAIN)
    before = cards_of(col)["part-03"]
    edit(mine, "10-parts.md", "### What does part 3 do?", "### Part three: what is it for?")
    import_into(col, build(mine, TUESDAY))
    after = cards_of(col)["part-03"]
    assert after.note()["Question"] == "Part three: what is it for?"
    assert (after.id, after.nid, after.due, after.ivl, after.reps) == (
        before.id,
        before.nid,
        before.due,
        before.ivl,
        before.reps,
    )
    assert after.reps == 1
    assert col.note_count() == len(notes_of(col))


def test_a_reworded_key_point_keeps_its_card(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    old = next(note for note in notes_of(col).values() if "Job 3 ends" in note.fields[0])
    edit(mine, "10-parts.md", "- Job 3 ends in a ==loud bang==.", "- Job 3 always ends in a ==very loud bang==.")
    log = import_into(col, build(mine, TUESDAY)).log
    assert len(log.new) == 0
    assert col.get_note(old.id)["Text"] == "Job 3 always ends in a {{c1::very loud bang}}."


def test_a_new_question_slots_in_where_it_belongs(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    write_content(mine, {"50-new.md": "# New\n\n" + plain_question(77), **survey({**ASKED, "part-77": 4})})
    import_into(col, build(mine, TUESDAY))
    order = [row["id"] for row in listing(mine)]
    assert order.index("part-77") == 7
    shown = [identity for identity in study(col, MAIN) if "/" not in identity]
    assert shown == [identity for identity in order if identity not in ("cache", "program")]


def test_new_evidence_alone_advances_no_note(col: Collection, mine: Path, bank: Study) -> None:
    import_into(col, bank.package)
    before = {identity: snapshot(one) for identity, one in notes_of(col).items()}
    write_content(mine, survey({**ASKED, "part-01": 6}))
    import_into(col, build(mine, TUESDAY))
    assert {identity: snapshot(one) for identity, one in notes_of(col).items()} == before


def test_a_changed_image_updates_the_cards_that_show_it_and_leaves_nothing_missing(
    col: Collection, mine: Path, bank: Study
) -> None:
    import_into(col, bank.package)
    write_content(mine, {"images/The chart.png": png("teal")})
    log = import_into(col, build(mine, TUESDAY)).log
    assert len(log.updated) == 1
    assert notes_of(col)["picture"].mod == TUESDAY
    assert list(col.media.check().missing) == []


def test_the_top_and_the_whole_deck_share_their_cards(col: Collection, mine: Path) -> None:
    import_into(col, build(mine, MONDAY, "--top", "5"))
    assert sorted(identity for identity in notes_of(col) if "/" not in identity) == [
        *("cache", "formula", "hostile", "part-03", "part-07"),
    ]
    whole = build(mine, TUESDAY)
    import_into(col, whole)
    rows = listing(mine)
    assert sorted(identity for identity in notes_of(col) if "/" not in identity) == sorted(row["id"] for row in rows)
    assert col.note_count() == len(notes_of(col))
    shown = study(col, MAIN)
    assert [identity for identity in shown if "/" not in identity] == [
        row["id"] for row in rows if row["kind"] not in ("design", "coding")
    ]


def test_a_package_of_a_section_has_a_deck_of_its_own_name(col: Collection, mine: Path) -> None:
    import_into(col, build(mine, MONDAY, "--section", "Parts"))
    assert sorted(deck.name for deck in col.decks.all_names_and_ids()) == ["Default", "Study \u2013 Parts"]
    assert len(notes_of(col)) == 30


def test_colons_in_a_section_make_no_nested_deck(col: Collection, tmp_path: Path) -> None:
    content = write_content(
        tmp_path / "content", {"deck.toml": DECK_TOML, "a.md": "# C++: `std::vector`\n\n" + plain_question(1)}
    )
    import_into(col, build(content, MONDAY, "--section", "C++: std::vector"))
    names = [deck.name for deck in col.decks.all_names_and_ids() if deck.name != "Default"]
    assert len(names) == 1
    assert "::" not in names[0]
    assert "vector" in names[0]


def test_new_looks_arrive_without_a_second_note_type(col: Collection, tmp_path: Path) -> None:
    front, back = layout(QUESTION)
    note = AnkiNote(("b", "q"), QUESTION, ("Why?", *[""] * (len(QUESTION.fields) - 1)), (), "main", 1, MONDAY)
    deck = AnkiDeck("main", "B", "", MONDAY)
    for name, css, back_now, moment in (("old", "i {}", back, MONDAY), ("new", "b {}", back + "<i>new</i>", TUESDAY)):
        write_package(tmp_path / name, "b", [AnkiType(QUESTION, front, back_now, css, moment)], [deck], [note], [])
        import_into(col, tmp_path / name)
    (model,) = (model for model in col.models.all() if model["name"].startswith("Interview question"))
    assert model["css"] == "b {}"
    assert model["tmpls"][0]["afmt"].endswith("<i>new</i>")
    assert col.note_count() == 1


def test_two_notes_with_one_guid_are_refused(tmp_path: Path) -> None:
    front, back = layout(QUESTION)
    fields = ("Why?", *[""] * (len(QUESTION.fields) - 1))
    notes = [AnkiNote(("b", "same"), QUESTION, fields, (), "main", due, MONDAY) for due in (1, 2)]
    with pytest.raises(ValueError, match="same guid"):
        write_package(
            tmp_path / "x.apkg",
            "b",
            [AnkiType(QUESTION, front, back, "", MONDAY)],
            [AnkiDeck("main", "B", "", MONDAY)],
            notes,
            [],
        )
    assert not (tmp_path / "x.apkg").exists()


def test_two_key_points_pinned_to_one_key_are_an_error_not_a_lost_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = "# S\n\n## Why? {#why}\n\nSo.\n\n### Key points\n\n- One ==a== here. {#k}\n- Two ==b== there. {#k}\n"
    content = write_content(tmp_path / "content", {"deck.toml": DECK_TOML, "a.md": twice})
    assert main(["build", str(content), "-o", str(tmp_path / "output"), "--only", "anki"]) == 1
    assert re.search(r"a\.md:10: .*k", capsys.readouterr().err)
    assert not (tmp_path / "output" / "anki").exists()


# --- the user's own stories -------------------------------------------------------------------------------


def story_package(path: Path, moment: int = MONDAY) -> Path:
    front, back = layout(STORY)
    values = {"Prompt": "A time you disagreed", "Hint": "<p>Says what was <b>theirs</b>.</p>", "Id": "disagreed"}
    fields = tuple(values.get(name, "") for name in STORY.fields)
    note = AnkiNote(("study", "disagreed"), STORY, fields, ("study::card::story",), "drills", 500, MONDAY)
    write_package(
        path, "study", [AnkiType(STORY, front, back, styling(), moment)], [AnkiDeck("drills", DRILLS, "", MONDAY)], [note], []
    )
    return path


def test_a_story_card_asks_for_the_users_own_words(col: Collection, tmp_path: Path) -> None:
    import_into(col, story_package(tmp_path / "story.apkg"))
    card = cards_of(col)["disagreed"]
    assert words(card.question()).startswith("A time you disagreed")
    shown = card.answer()
    assert "write your own story" in words(shown)
    assert "Says what was <b>theirs</b>." in shown
    assert "What I would change" not in shown
    assert "{{" not in shown
    assert card.did == deck_of(col, DRILLS)
    assert col.fix_integrity()[1]


def test_no_later_import_touches_a_story_the_user_wrote(col: Collection, tmp_path: Path) -> None:
    import_into(col, story_package(tmp_path / "story.apkg"))
    note = notes_of(col)["disagreed"]
    note["Situation"], note["Change"] = "We had two days.", "Ask sooner."
    col.update_note(note)
    import_into(col, story_package(tmp_path / "later.apkg", FRIDAY))
    card = cards_of(col)["disagreed"]
    shown = words(card.answer())
    assert "We had two days." in shown
    assert "What I would changeAsk sooner." in shown
    assert "write your own story" not in shown


# --- the bank of this repository --------------------------------------------------------------------------


def test_the_real_bank_imports_whole_and_in_order_and_passes_ankis_checks(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    notes = notes_of(col)
    order = [row["id"] for row in real.rows]
    assert sorted(identity for identity in notes if "/" not in identity) == sorted(order)
    marked = re.findall(r"^- .*==\S.*$", "\n".join(path.read_text("utf-8") for path in real.content.glob("*.md")), re.MULTILINE)
    assert sum("/" in identity for identity in notes) == len(marked)
    assert col.card_count() == len(notes)
    report = col.media.check()
    assert (list(report.missing), list(report.unused)) == ([], [])
    message, ok = col.fix_integrity()
    assert ok, message
    names = [deck.name for deck in col.decks.all_names_and_ids() if deck.name != "Default"]
    main_deck = min(names, key=len)
    shown = study(col, main_deck)
    in_drills = [identity for name in names if name != main_deck for identity in study(col, name)]
    assert [identity for identity in shown if "/" not in identity] == [i for i in order if i not in in_drills]
    assert in_drills == [identity for identity in order if identity in in_drills]
    assert_facts_come_late(shown, order)


def test_nothing_in_the_real_bank_is_live_markup(col: Collection, real: Study) -> None:
    import_into(col, real.package)
    for identity, card in cards_of(col).items():
        note = card.note()
        live = [LIVE.findall(BLANK.sub("", text)) for text in note.fields]
        assert not any(live), (identity, live)
        assert card.question_av_tags() + card.answer_av_tags() == []
        assert ("[...]" in card.question()) == ("/" in identity)


def test_the_real_ledger_belongs_to_the_real_bank(real: Study) -> None:
    assert (real.content / "ledger.json").read_bytes() == (REAL_BANK / "ledger.json").read_bytes()
