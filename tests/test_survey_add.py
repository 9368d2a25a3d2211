"""A list becomes evidence: `decks survey add` and `review`, what they write, what they leave alone, what they say."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.emit.survey import ranges
from generator.model import DecksError, SurveyPlace
from generator.read.survey import read_survey
from generator.survey.match import Candidate
from generator.survey.review import GAP, NONE, Doubt, decide, dump, load
from tests.conftest import DECK, Decks, Write

BANK = """\
# Retrieval

### How do you cut documents into chunks, and how do you know the size is right? {#chunking}

By headings first, then by a token budget; measure recall.

### What does a re-ranker add after first-stage retrieval? {#reranking}

A cross-encoder reads question and passage together.

### Why does a language model state falsehoods with confidence? {#hallucination}

It is trained to continue, not to abstain.
"""
PHRASES = """\
chunking = ["What is chunking?", "chunk size and overlap", "text splitting"]
reranking = ["What is re-ranking?", "cross-encoder reranker"]
hallucination = ["What are hallucinations?", "How do you reduce hallucination?"]
"""
LISTS = """\
# the lists we know
[[list]]
slug = "known"
title = "Known"
address = "https://example.org/known"
author = "ann"
kind = "genai"
grade = "curated"
date = "2026-01"
questions = 9
rounds = ["concept"]
"""
THEIRS = """\
## What is chunking?

Cutting.

## Which metal melts first in a foundry furnace?

Tin.

## What are hallucinations?

Falsehoods.
"""


def world(write: Write, **more: str) -> Path:
    return write(
        {
            "content/deck.toml": DECK,
            "content/a.md": BANK,
            "content/survey/lists.toml": LISTS,
            "content/survey/phrases.toml": PHRASES,
            "theirs.md": THEIRS,
            **more,
        }
    )


def toml(folder: Path, name: str) -> dict[str, object]:
    return tomllib.loads((folder / "content" / "survey" / name).read_text(encoding="utf-8"))


# --- add -------------------------------------------------------------------------------------------------


def test_sure_places_are_written_and_the_others_left_to_a_person(write: Write, decks: Decks) -> None:
    folder = world(write)
    run = decks("survey", "add", "theirs.md", "--list", "known")
    assert run.code == 0, run.err
    assert toml(folder, "asked.toml") == {"chunking": ["known:1"], "hallucination": ["known:3"]}
    paper = (folder / "known.review.txt").read_text(encoding="utf-8")
    assert "known:2 Which metal melts first in a foundry furnace?" in paper
    assert "What is chunking?" not in paper
    assert "1 to be judged: decks survey review known.review.txt" in run.out
    assert decks("check").code == 0


def test_adding_again_asks_nothing_twice_and_changes_nothing(write: Write, decks: Decks) -> None:
    folder = world(write)
    decks("survey", "add", "theirs.md", "--list", "known")
    (folder / "known.review.txt").unlink()
    before = (folder / "content/survey/asked.toml").read_bytes()
    run = decks("survey", "add", "theirs.md", "--list", "known")
    assert (run.code, (folder / "content/survey/asked.toml").read_bytes()) == (0, before)
    assert "3 questions read, 2 judged before, 0 written" in run.out


def test_what_people_wrote_in_the_files_stays(write: Write, decks: Decks) -> None:
    asked = '# ours, by hand\nreranking = ["known:7"]  # sure\nchunking = [\n  "known:9",  # by ear\n]\n'
    folder = world(write, **{"content/survey/asked.toml": asked})
    assert decks("survey", "add", "theirs.md", "--list", "known").code == 0
    text = (folder / "content/survey/asked.toml").read_text(encoding="utf-8")
    assert text.startswith(asked.removesuffix("]\n"))
    assert toml(folder, "asked.toml") == {
        "reranking": ["known:7"],
        "chunking": ["known:9", "known:1"],
        "hallucination": ["known:3"],
    }


def test_a_new_list_is_entered_with_its_author(write: Write, decks: Decks) -> None:
    folder = world(write)
    options = ("--author", "ben", "--address", "https://example.org/new", "--rounds", "concept,design", "--date", "2026-11")
    assert decks("survey", "add", "theirs.md", "--list", "new", *options).code == 0
    survey, problems = read_survey(folder / "content", "content")
    assert problems == ()
    new = survey.lists["new"]
    assert (new.author, new.questions, sorted(new.rounds)) == ("ben", 3, ["concept", "design"])
    assert (folder / "content/survey/lists.toml").read_text(encoding="utf-8").startswith(LISTS.rstrip("\n"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("theirs.md", "--list", "new"), '"new" is not in lists.toml; name it as there, or give --author and --address'),
        (("theirs.md", "--list", "New!", "--author", "a", "--address", "https://e.org"), "is no slug"),
        (("theirs.md", "--list", "new", "--author", "a", "--address", "x", "--rounds", "chat"), '"chat" is no kind'),
        (("notes.md", "--list", "known"), "holds no question"),
        (("theirs.md", "--list", "known", "--content", "nowhere"), "nowhere is no content folder"),
        (("theirs.md", "--list", "known", "--model", "nowhere"), "nowhere is no folder"),
    ],
)
def test_wrong_usage_is_said_in_a_line_and_writes_nothing(
    write: Write, decks: Decks, arguments: tuple[str, ...], said: str
) -> None:
    folder = world(write, **{"notes.md": "Some notes.\n"})
    run = decks("survey", "add", *arguments)
    assert run.code == 2
    assert said in run.err.splitlines()[-1]
    assert not (folder / "content/survey/asked.toml").exists()
    assert not (folder / "known.review.txt").exists()


def test_an_unfinished_review_is_not_overwritten(write: Write, decks: Decks) -> None:
    folder = world(write, **{"known.review.txt": "known:2 Which?\n[x] none\n"})
    run = decks("survey", "add", "theirs.md", "--list", "known")
    assert run.code == 2
    assert "is still there" in run.err
    assert (folder / "known.review.txt").read_text(encoding="utf-8") == "known:2 Which?\n[x] none\n"
    assert not (folder / "content/survey/asked.toml").exists()


def test_a_bank_with_errors_gets_no_evidence(write: Write, decks: Decks) -> None:
    folder = world(write, **{"content/survey/asked.toml": 'chunking = ["unknown:1"]\n'})
    run = decks("survey", "add", "theirs.md", "--list", "known")
    assert run.code == 1
    assert "names an unknown list" in run.err
    assert not (folder / "known.review.txt").exists()


def test_a_bank_without_phrases_is_matched_by_its_own_words(write: Write, decks: Decks) -> None:
    folder = world(write, **{"content/survey/phrases.toml": "", "theirs.md": "## Why do models state falsehoods?\n\nIt.\n"})
    assert decks("survey", "add", "theirs.md", "--list", "known").code == 0
    asked = folder / "content/survey/asked.toml"
    paper = folder / "known.review.txt"
    assert "hallucination" in (asked if asked.exists() else paper).read_text(encoding="utf-8")


@pytest.mark.parametrize("bank", ["", "### ??? {#marks}\n\n!\n", "### 什么是切分？ {#split}\n\n切。\n"])
def test_a_bank_that_says_next_to_nothing_leaves_all_to_a_person(write: Write, decks: Decks, bank: str) -> None:
    folder = world(write, **{"content/a.md": bank, "content/survey/phrases.toml": ""})
    run = decks("survey", "add", "theirs.md", "--list", "known")
    assert run.code == 0, run.err
    assert "3 to be judged" in run.out
    assert (folder / "known.review.txt").read_text(encoding="utf-8").count("] none") == 3


def test_a_bank_of_stop_words_only_is_no_reason_to_fail(write: Write, decks: Decks) -> None:
    world(write, **{"content/a.md": "### What is it? {#it}\n\nIt is.\n", "content/survey/phrases.toml": ""})
    assert decks("survey", "add", "theirs.md", "--list", "known").code == 0


def test_a_list_that_is_judged_whole_needs_nothing(write: Write, decks: Decks) -> None:
    world(write, **{"content/survey/asked.toml": 'chunking = ["known:1", "known:2", "known:3"]\n'})
    run = decks("survey", "add", "theirs.md", "--list", "known")
    assert (run.code, run.out) == (0, "3 questions read, 3 judged before, 0 written to asked.toml\n")


# --- review ----------------------------------------------------------------------------------------------


REVIEWED = """\
# words of the tool

known:1 What is chunking?
[x] chunking (62 %) How do you cut documents?
[ ] reranking (20 %) What does it add?
[ ] none
[ ] gap:

known:2 Which metal melts first?
[ ] chunking (18 %) How do you cut documents?
[X] none
[ ] gap:

known:3 How do you tune a prompt?
[ ] none
[x] gap: prompt tuning by search

known:4 What is undecided?
[ ] hallucination (30 %) Why?
[ ] none
[ ] gap:

known:5 What did the editor find elsewhere?
[x] reranking
"""


def test_decisions_of_an_editor_are_written_where_they_belong(write: Write, decks: Decks) -> None:
    folder = world(write, **{"known.review.txt": REVIEWED})
    run = decks("survey", "review", "known.review.txt")
    assert run.code == 0, run.err
    assert toml(folder, "asked.toml") == {"chunking": ["known:1"], "reranking": ["known:5"]}
    gaps = toml(folder, "gaps.toml")
    assert gaps["gap"] == [{"topic": "prompt tuning by search", "decision": "write", "places": ["known:3"]}]
    assert gaps["unmatched"] == {"known": "2"}
    left = (folder / "known.review.txt").read_text(encoding="utf-8")
    assert "known:4 What is undecided?" in left
    assert "known:1" not in left
    assert decks("check").code == 0
    assert "2 written to asked.toml, 1 to gaps.toml, 1 unmatched, 0 judged before, 1 left" in run.out


def test_a_finished_review_file_goes_and_gaps_grow(write: Write, decks: Decks) -> None:
    gaps = (
        '[[gap]]\ntopic = "prompt tuning by search"\ndecision = "write"\nplaces = ["known:8"]\n\n[unmatched]\nknown = "6-7"\n'
    )
    reviewed = REVIEWED.replace("[ ] hallucination", "[x] hallucination")
    folder = world(write, **{"content/survey/gaps.toml": gaps, "known.review.txt": reviewed})
    assert decks("survey", "review", "known.review.txt").code == 0
    assert not (folder / "known.review.txt").exists()
    found = toml(folder, "gaps.toml")
    assert found["gap"] == [{"topic": "prompt tuning by search", "decision": "write", "places": ["known:8", "known:3"]}]
    assert found["unmatched"] == {"known": "2, 6-7"}


def test_a_place_that_was_judged_in_the_meantime_stays_as_it_is(write: Write, decks: Decks) -> None:
    folder = world(write, **{"content/survey/asked.toml": 'reranking = ["known:1"]\n', "known.review.txt": REVIEWED})
    run = decks("survey", "review", "known.review.txt")
    assert run.code == 0
    assert toml(folder, "asked.toml") == {"reranking": ["known:1", "known:5"]}
    assert "1 judged before" in run.out


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("[ ] reranking (20 %)", "[x] reranking (20 %)", 5, "is a second answer to known:1"),
        ("[x] chunking", "[x] chuncking", 4, '"chuncking" is no question of the bank'),
        ("[x] gap: prompt tuning by search", "[x] gap:", 16, "is a gap without a topic"),
        ("known:2 Which", "place 2 Which", 9, "is neither a question nor an answer"),
    ],
)
def test_what_is_wrong_in_a_review_file_is_named_by_line_and_nothing_is_written(
    write: Write, decks: Decks, old: str, new: str, line: int, said: str
) -> None:
    folder = world(write, **{"known.review.txt": REVIEWED.replace(old, new, 1)})
    run = decks("survey", "review", "known.review.txt")
    assert run.code == 1
    assert f"known.review.txt:{line}: error: {said}" in run.err
    assert not (folder / "content/survey/asked.toml").exists()
    assert (folder / "known.review.txt").exists()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Type at a terminal."""

    def type_in(text: str) -> None:
        class Typed(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr("sys.stdin", Typed(text))

    return type_in


OPEN = "".join(
    f"known:{number} Question {number}?\n[ ] chunking (40 %) How?\n[ ] reranking (30 %) What?\n[ ] none\n[ ] gap:\n\n"
    for number in range(1, 8)
)


def test_at_a_terminal_several_are_judged_at_once(write: Write, decks: Decks, terminal: Callable[[str], None]) -> None:
    folder = world(write, **{"known.review.txt": OPEN})
    terminal("y n b s y\nq\n")
    run = decks("survey", "review", "known.review.txt")
    assert run.code == 0, run.err
    assert toml(folder, "asked.toml") == {"chunking": ["known:1", "known:5"], "reranking": ["known:3"]}
    assert toml(folder, "gaps.toml") == {"unmatched": {"known": "2"}}
    left = (folder / "known.review.txt").read_text(encoding="utf-8")
    assert [number for number in range(1, 8) if f"known:{number} " in left] == [4, 6, 7]


def test_a_wrong_answer_at_the_terminal_is_asked_again(write: Write, decks: Decks, terminal: Callable[[str], None]) -> None:
    folder = world(write, **{"known.review.txt": OPEN})
    terminal("y y\ny, n, e, s, s\ny, g chunk overlap, n, s, s\nn n\n")
    run = decks("survey", "review", "known.review.txt")
    assert run.out.count("give 5 answers") == 2
    gaps = toml(folder, "gaps.toml")
    assert gaps["gap"] == [{"topic": "chunk overlap", "decision": "write", "places": ["known:2"]}]
    assert gaps["unmatched"] == {"known": "3, 6-7"}


def test_a_closed_terminal_loses_nothing(write: Write, decks: Decks, terminal: Callable[[str], None]) -> None:
    folder = world(write, **{"known.review.txt": OPEN})
    terminal("y n n n n\n")
    assert decks("survey", "review", "known.review.txt").code == 0
    assert toml(folder, "asked.toml") == {"chunking": ["known:1"]}
    assert (folder / "known.review.txt").read_text(encoding="utf-8").count("known:") == 2


property_test = settings(deadline=None, derandomize=True, database=None)
texts = (
    st.text(min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text.isprintable() and bool(text))
)
answers = st.sampled_from(["y", "a", "b", "n", "s", "g some topic"])


@property_test
@given(st.lists(st.tuples(texts, answers), max_size=8))
def test_a_review_file_is_read_back_as_it_was_written(items: list[tuple[str, str]]) -> None:
    shown = (Candidate("chunking", 0.5), Candidate("reranking", 0.25))
    doubts = []
    for number, (text, answer) in enumerate(items, 1):
        decided = decide(Doubt(SurveyPlace("known", number), text, shown), answer)
        assert decided is not None
        doubts.append(decided)
    written = dump(doubts, {"chunking": "How?"}, "known", "known.review.txt")
    assert list(load(written, "known.review.txt", ["chunking", "reranking"])) == doubts


def test_an_answer_that_is_none_of_those_shown_is_no_answer() -> None:
    doubt = Doubt(SurveyPlace("known", 1), "What?", (Candidate("chunking", 0.5),))
    assert [decide(doubt, answer) for answer in ("", "b", "g", "yes", "?", "1")] == [None] * 6
    assert decide(doubt, " Y ") == Doubt(doubt.place, "What?", doubt.candidates, "chunking")
    chosen = decide(doubt, "g long prompts")
    assert chosen is not None
    assert (chosen.decision, chosen.topic) == (GAP, "long prompts")
    none = decide(doubt, "n")
    assert none is not None
    assert none.decision == NONE


def test_a_review_file_of_any_text_is_read_or_refused_with_lines() -> None:
    with pytest.raises(DecksError) as caught:
        load("[x] chunking\nwords\n", "r.txt", ["chunking"])
    assert [problem.place.line for problem in caught.value.problems] == [1, 2]


@property_test
@given(st.sets(st.integers(1, 400), min_size=1))
def test_ranges_name_every_position_once(positions: set[int]) -> None:
    named: list[int] = []
    for piece in ranges(positions).split(", "):
        first, _, last = piece.partition("-")
        named += range(int(first), int(last or first) + 1)
    assert named == sorted(positions)


# --- gaps ------------------------------------------------------------------------------------------------


SEVERAL = LISTS + "".join(
    f'\n[[list]]\nslug = "{slug}"\ntitle = "T"\naddress = "https://example.org/{slug}"\nauthor = "{author}"\nkind = "genai"\n'
    f'grade = "{grade}"\ndate = "2026-01"\nquestions = 3\nrounds = ["concept"]\n'
    for slug, author, grade in (("second", "ben", "reported"), ("same", "ann", "curated"), ("written", "bot", "generated"))
)
GAPS = """\
[unmatched]
second = "1-2"

[[gap]]
topic = "asked by one, twice"
decision = "write"
places = ["known:1", "same:1", "written:1"]

[[gap]]
topic = "asked by two"
decision = "write"
why = "they do"
places = ["known:2", "second:3"]

[[gap]]
topic = "somebody else's job"
decision = "out"
why = "another role"
places = ["known:3"]
"""


def test_gaps_are_shown_by_number_of_authors_and_generated_lists_do_not_count(write: Write, decks: Decks) -> None:
    world(write, **{"content/survey/lists.toml": SEVERAL, "content/survey/gaps.toml": GAPS})
    run = decks("survey", "gaps")
    assert [line.split()[0] for line in run.out.splitlines()] == ["2", "1"]
    assert "asked by two  (they do)" in run.out
    assert "somebody" not in run.out
    assert "known: 6 of 9 questions are not judged yet" in run.err
    assert "second" not in run.err
    assert "no gap that 3 authors ask" in decks("survey", "gaps", "--min-authors", "3").out
    rows = json.loads(decks("survey", "gaps", "--all", "--format", "json").out)
    assert [(row["topic"], row["authors"]) for row in rows] == [
        ("asked by two", ["ann", "ben"]),
        ("asked by one, twice", ["ann"]),
        ("somebody else's job", ["ann"]),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('decision = "out"', 'decision = "maybe"', 17, "has decision 'maybe'"),
        ('why = "another role"\n', "", 15, "is out of scope without a reason"),
        ('topic = "asked by two"\n', "", 9, "has no topic"),
        ('"asked by two"', '"asked by one, twice"', 10, "is already at content/survey/gaps.toml:4"),
        ('["known:3"]', '["known:99"]', 19, 'place "known:99" is beyond the list\'s 9 questions'),
        ('["known:3"]', '["known:2"]', 19, 'place "known:2" is mapped to gap "asked by two"'),
        ('second = "1-2"', 'second = "1-4"', 1, "is beyond the list's 3 questions"),
        ('second = "1-2"', 'second = "2-1"', 1, "is no range of positions"),
        ('second = "1-2"', 'third = "1"', 1, "names an unknown list"),
        ('second = "1-2"', 'second = "3"', 1, 'place "second:3" is mapped to gap "asked by two" and [unmatched] second'),
        ('second = "1-2"', "second = 1", 1, "[unmatched] holds something else than ranges"),
        ('places = ["known:3"]', 'places = "known:3"', 19, "has no list of places"),
        ('why = "they do"', 'whi = "they do"', 12, 'has the unknown key "whi"'),
    ],
)
def test_a_mistake_in_gaps_toml_is_an_error_at_its_line(
    write: Write, decks: Decks, old: str, new: str, line: int, said: str
) -> None:
    assert old in GAPS
    world(write, **{"content/survey/lists.toml": SEVERAL, "content/survey/gaps.toml": GAPS.replace(old, new)})
    run = decks("check")
    assert run.code == 1
    expected = f"content/survey/gaps.toml:{line}: error"
    assert any(row.startswith(expected) and said in row for row in run.out.splitlines()), run.out


def test_a_mistake_in_phrases_or_baseline_is_an_error_at_its_line(write: Write, decks: Decks) -> None:
    phrases = '\nchunking = "words"\nnobody = ["x"]\n'
    world(
        write,
        **{
            "content/survey/phrases.toml": phrases,
            "content/survey/baseline.toml": "order = 3\n",
        },
    )
    out = decks("check").out
    assert 'content/survey/phrases.toml:2: error survey: "chunking" is not a list of phrases' in out
    assert "content/survey/phrases.toml:3: warning unknown-question" in out
    assert "content/survey/baseline.toml:1: error survey: holds something else than an order of ids" in out


# --- validate --------------------------------------------------------------------------------------------


def test_the_order_is_measured_on_authors_it_has_not_seen(write: Write, decks: Decks) -> None:
    lists = "".join(
        f'[[list]]\nslug = "{name}"\ntitle = "T"\naddress = "https://example.org"\nauthor = "{name}"\nkind = "k"\n'
        'grade = "curated"\ndate = "2026-01"\nrounds = ["concept"]\n\n'
        for name in ("ann", "ben", "cid", "dee")
    )
    asked = 'chunking = ["ann:1", "ben:1", "cid:1", "dee:1"]\nreranking = ["ann:2"]\n'
    baseline = 'order = ["hallucination", "reranking"]\n'
    world(
        write,
        **{"content/survey/lists.toml": lists, "content/survey/asked.toml": asked, "content/survey/baseline.toml": baseline},
    )
    rows = {(row["subset"], row["order"]): row for row in json.loads(decks("survey", "validate", "--format", "json").out)}
    assert rows[("whole bank", "ours")]["auc"] > rows[("whole bank", "source documents")]["auc"]
    assert rows[("whole bank", "source documents")]["auc"] < 0.5
    assert "whole bank" in decks("survey", "validate").out


def test_without_enough_authors_there_is_nothing_to_measure(write: Write, decks: Decks) -> None:
    world(write)
    run = decks("survey", "validate")
    assert run.code == 2
    assert "nothing to measure" in run.err
