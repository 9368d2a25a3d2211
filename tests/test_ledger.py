"""What is remembered between builds: fact keys, order keys, times, removed ids, and the file that holds them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import ledger as ledgers
from generator.ledger import (
    HIGHEST,
    Ledger,
    NoteEntry,
    Removed,
    TimedHash,
    dump,
    load,
    match_facts,
    merge,
    order_keys,
    returned_ids,
    split_conflict,
    update,
)
from generator.model import DecksError, Place, Problem
from tests.conftest import DECK, QUESTION, Decks, Write

NOW = 1_700_000_000

property_test = settings(deadline=None, derandomize=True, database=None)
"""The same cases on every run, however slow the machine."""

# --- fact keys -------------------------------------------------------------------------------------------


def keys_of(known: Mapping[str, str], *texts: str) -> tuple[str, ...]:
    return match_facts(known, [(text, None) for text in texts])


def test_new_key_points_get_different_keys() -> None:
    first, second = keys_of({}, "Salt ==dissolves== in water.", "Oil ==floats== on water.")
    assert first != second


def test_a_key_does_not_depend_on_the_other_key_points() -> None:
    (alone,) = keys_of({}, "Oil ==floats== on water.")
    assert keys_of({}, "Salt ==dissolves== in water.", "Oil ==floats== on water.")[1] == alone


def test_an_unchanged_text_keeps_its_key_wherever_it_stands() -> None:
    known = {"salt": "Salt ==dissolves== in water.", "oil": "Oil ==floats== on water."}
    assert keys_of(known, "Oil ==floats== on water.", "Salt ==dissolves== in water.") == ("oil", "salt")


def test_a_reworded_text_keeps_its_key() -> None:
    assert keys_of({"oil": "Oil ==floats== on water."}, "Oil always ==floats== on cold water.") == ("oil",)


def test_seven_letters_of_ten_are_alike_enough() -> None:
    # Indel similarity: 2 * 7 common letters / (10 + 10) = 70 %.
    assert keys_of({"old": "abcdefghij"}, "abcdefgxyz") == ("old",)


def test_six_letters_of_ten_are_not() -> None:
    assert keys_of({"old": "abcdefghij"}, "abcdefwxyz") != ("old",)


def test_an_equal_text_wins_over_an_alike_one() -> None:
    known = {"one": "Oil floats on water", "two": "Oil floats on water!"}
    assert keys_of(known, "Oil floats on water!", "Oil floats on water") == ("two", "one")


def test_the_most_alike_pair_wins() -> None:
    known = {"oil": "Oil floats on cold water."}
    far, near = keys_of(known, "Ice floats on cool water.", "Oil floats on cold waters.")
    assert near == "oil"
    assert far != "oil"


def test_a_dropped_key_is_never_given_to_another_text() -> None:
    (new,) = keys_of({"oil": "Oil ==floats== on water."}, "Lead ==sinks== like a stone.")
    assert new != "oil"


def test_a_text_that_comes_back_finds_its_key() -> None:
    known = {"oil": "Oil ==floats== on water.", "lead": "Lead ==sinks== like a stone."}
    assert keys_of(known, "Lead ==sinks== like a stone.") == ("lead",)


def test_a_new_text_never_gets_a_key_that_another_text_had() -> None:
    (natural,) = keys_of({}, "Oil ==floats== on water.")
    (key,) = keys_of({natural: "Lead ==sinks== like a stone."}, "Oil ==floats== on water.")
    assert key != natural


def test_two_equal_texts_get_two_keys() -> None:
    first, second = keys_of({}, "Oil ==floats==.", "Oil ==floats==.")
    assert first != second
    assert set(keys_of({first: "Oil ==floats==.", second: "Oil ==floats==."}, "Oil ==floats==.", "Oil ==floats==.")) == {
        first,
        second,
    }


def test_a_pinned_key_holds_a_quite_different_text() -> None:
    assert match_facts({"oil": "Oil ==floats== on water."}, [("Zinc ==shines==.", "oil")]) == ("oil",)


def test_a_pinned_key_is_taken_from_the_text_that_had_it() -> None:
    pinned, other = match_facts(
        {"oil": "Oil ==floats== on water."}, [("Zinc ==shines==.", "oil"), ("Oil ==floats== on water.", None)]
    )
    assert pinned == "oil"
    assert other != "oil"


def test_a_key_that_was_pinned_stays_when_the_pin_goes() -> None:
    assert keys_of({"my-key": "Oil ==floats== on water."}, "Oil ==floats== on water.") == ("my-key",)


@property_test
@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text("xy ", max_size=12), max_size=6),
    st.lists(st.text("xy ", max_size=12), max_size=6),
)
def test_keys_are_unique_and_equal_texts_keep_theirs(known: dict[str, str], texts: list[str]) -> None:
    keys = keys_of(known, *texts)
    assert len(set(keys)) == len(texts)
    for text in set(texts):
        had = {key for key, old in known.items() if old == text}
        given_now = {key for key, now in zip(keys, texts, strict=True) if now == text}
        assert len(had & given_now) == min(len(had), texts.count(text))


# --- order keys ------------------------------------------------------------------------------------------


def test_the_first_build_spaces_questions_evenly_and_puts_facts_between() -> None:
    sequence = ["a", "b", "a/x", "c", "b/x", "c/x"]
    assert order_keys(sequence, {"a", "b", "c"}, {}) == {
        "a": 2000,
        "b": 4000,
        "a/x": 5000,
        "c": 6000,
        "b/x": 8000,
        "c/x": 10000,
    }


def test_an_unchanged_sequence_keeps_its_keys() -> None:
    known = {"a": 7, "b": 9, "c": 500_000}
    assert order_keys(["a", "b", "c"], {"a", "b", "c"}, known) == known


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        (["a", "new", "b"], {"a": 2000, "new": 3000, "b": 4000}),
        (["new", "a", "b"], {"new": 1000, "a": 2000, "b": 4000}),
        (["a", "b", "new"], {"a": 2000, "b": 4000, "new": 6000}),
        (["a", "new", "newer", "b"], {"a": 2000, "new": 2666, "newer": 3333, "b": 4000}),
    ],
)
def test_a_new_note_slots_in_and_moves_no_other(sequence: list[str], expected: dict[str, int]) -> None:
    assert order_keys(sequence, set(sequence), {"a": 2000, "b": 4000}) == expected


def test_a_note_that_moved_gets_a_new_key_and_the_longest_run_keeps_its_keys() -> None:
    known = {"a": 2000, "b": 4000, "c": 6000, "d": 8000}
    assert order_keys(["d", "a", "b", "c"], set(known), known) == {"d": 1000, "a": 2000, "b": 4000, "c": 6000}


def test_a_removed_note_leaves_the_others_keys() -> None:
    assert order_keys(["a", "c"], {"a", "c"}, {"a": 2000, "b": 4000, "c": 6000}) == {"a": 2000, "c": 6000}


def test_equal_keys_that_a_merge_left_are_told_apart() -> None:
    keys = order_keys(["a", "b", "c"], {"a", "b", "c"}, {"a": 2000, "b": 2000, "c": 4000})
    assert sorted(keys, key=lambda name: keys[name]) == ["a", "b", "c"]
    assert len(set(keys.values())) == 3
    assert keys["c"] == 4000


def test_where_no_room_is_left_everything_is_numbered_anew() -> None:
    assert order_keys(["a", "new", "b"], {"a", "b", "new"}, {"a": 5, "b": 6}) == {"a": 2000, "new": 4000, "b": 6000}


def test_beyond_the_highest_key_everything_is_numbered_anew() -> None:
    keys = order_keys(["a", "new"], {"a", "new"}, {"a": HIGHEST})
    assert 0 < keys["a"] < keys["new"] <= HIGHEST


def test_a_large_bank_stays_below_a_million() -> None:
    sequence = [f"q{number}" for number in range(5_000)]
    keys = order_keys(sequence, set(sequence), {})
    assert list(keys.values()) == sorted(set(keys.values()))
    assert keys["q0"] >= 1
    assert keys["q4999"] <= HIGHEST


def test_more_notes_than_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="999999"):
        order_keys([str(number) for number in range(HIGHEST + 1)], set(), {})


def test_thirty_insertions_at_one_place_keep_the_order() -> None:
    sequence, keys = ["a", "b"], {"a": 2000, "b": 4000}
    for number in range(30):
        sequence.insert(1, f"new{number}")
        keys = order_keys(sequence, set(sequence), keys)
        assert list(keys) == sequence
        assert list(keys.values()) == sorted(set(keys.values()))


NAMES = st.lists(st.sampled_from([*"abcdefghijklmnop"]), unique=True)


@property_test
@given(
    NAMES,
    st.sets(st.sampled_from([*"abcdefghijklmnop"])),
    st.dictionaries(st.sampled_from([*"abcdefghijklmnop"]), st.integers(1, HIGHEST)),
)
def test_order_keys_are_unique_rising_and_in_range(sequence: list[str], anchors: set[str], known: dict[str, int]) -> None:
    keys = order_keys(sequence, anchors, known)
    assert set(keys) == set(sequence)
    values = [keys[name] for name in sequence]
    assert values == sorted(set(values))
    assert all(1 <= value <= HIGHEST for value in values)


def longest_rising(values: list[int]) -> int:
    best: list[int] = []
    for position, value in enumerate(values):
        best.append(1 + max((best[before] for before in range(position) if values[before] < value), default=0))
    return max(best, default=0)


SPACED = st.dictionaries(st.sampled_from([*"abcdefghijklmnop"]), st.integers(1, 400).map(lambda number: number * 1_000))


@property_test
@given(NAMES, SPACED)
def test_as_many_notes_as_possible_keep_their_keys(sequence: list[str], known: dict[str, int]) -> None:
    keys = order_keys(sequence, set(sequence), known)
    if kept_at_best := longest_rising([known[name] for name in sequence if name in known]):
        assert sum(known.get(name) == key for name, key in keys.items()) >= kept_at_best


@property_test
@given(st.lists(st.integers(1, 400), unique=True, min_size=1), st.data())
def test_insertions_move_no_key(places: list[int], data: st.DataObject) -> None:
    known = {f"old{place}": place * 1_000 for place in sorted(places)}
    sequence = list(known)
    for number in range(data.draw(st.integers(0, 10))):
        sequence.insert(data.draw(st.integers(0, len(sequence))), f"new{number}")
    keys = order_keys(sequence, set(sequence), known)
    assert {name: keys[name] for name in known} == known


# --- times and removals ----------------------------------------------------------------------------------


def ledger(
    notes: Mapping[str, tuple[str, int]] | None = None,
    facts: Mapping[str, Mapping[str, str]] | None = None,
    questions: Mapping[str, str] | None = None,
    removed: Mapping[str, Removed] | None = None,
) -> Ledger:
    entries = {name: NoteEntry(note_hash, time, 2000) for name, (note_hash, time) in (notes or {}).items()}
    wordings = {name: f"What is {name}?" for name in entries if "/" not in name}
    return Ledger("demo", entries, facts or {}, wordings if questions is None else questions, removed=removed or {})


@pytest.mark.parametrize(
    ("old", "new_hash", "now", "expected"),
    [
        (None, "h1", 900, 900),
        (("h1", 500), "h1", 900, 500),
        (("h1", 500), "h2", 900, 900),
        (("h1", 900), "h2", 900, 901),
        (("h1", 950), "h2", 900, 951),
        (("h1", 950), "h1", 900, 950),
    ],
    ids=["new", "unchanged", "changed", "changed in the same second", "changed by a slow clock", "unchanged by a slow clock"],
)
def test_the_time_of_a_note(old: tuple[str, int] | None, new_hash: str, now: int, expected: int) -> None:
    before = ledger({"q": old} if old else {})
    assert update(before, ledger({"q": (new_hash, 0)}), now).notes["q"].time == expected


def test_a_new_place_in_the_order_advances_no_time() -> None:
    fresh = replace(ledger(), notes={"q": NoteEntry("h", 0, 77)}, questions={"q": "What is q?"})
    assert update(ledger({"q": ("h", 500)}), fresh, 900).notes["q"] == NoteEntry("h", 500, 77)


def test_note_types_and_decks_have_times_of_their_own() -> None:
    old = replace(ledger(), types={"question": TimedHash("a", 500)}, decks={"main": TimedHash("b", 500)})
    fresh = replace(
        ledger(),
        types={"question": TimedHash("a", 0), "fact": TimedHash("c", 0)},
        decks={"main": TimedHash("new", 0)},
    )
    new = update(old, fresh, 900)
    assert new.types == {"question": TimedHash("a", 500), "fact": TimedHash("c", 900)}
    assert new.decks == {"main": TimedHash("new", 900)}


def test_a_question_that_vanished_is_remembered_with_its_wording() -> None:
    new = update(ledger({"gone": ("h", 500), "gone/k": ("h", 500), "here": ("h", 500)}), ledger({"here": ("h", 0)}), 900)
    assert new.removed == {"gone": Removed(900, "What is gone?")}
    assert set(new.notes) == {"here"}
    assert set(new.questions) == {"here"}


def test_a_removal_keeps_its_first_time() -> None:
    old = ledger({}, removed={"gone": Removed(500, "What is gone?")})
    assert update(old, ledger(), 900).removed == {"gone": Removed(500, "What is gone?")}


def test_a_question_that_came_back_is_no_longer_removed() -> None:
    old = ledger({}, removed={"gone": Removed(500, "What is gone?")})
    assert update(old, ledger({"gone": ("h", 0)}), 900).removed == {}


def test_a_question_that_came_back_is_newer_than_it_ever_was() -> None:
    first = ledger({"q": ("h1", 950)})
    without = update(first, ledger(), 900)
    assert update(without, ledger({"q": ("h2", 0)}), 901).notes["q"].time > 950


def test_a_partial_build_removes_nothing() -> None:
    old = ledger({"gone": ("h", 500), "here": ("h", 500)}, facts={"gone": {"k": "Text."}})
    new = update(old, ledger({"here": ("h2", 0)}), 900, partial=True)
    assert new.removed == {}
    assert new.notes["gone"] == old.notes["gone"]
    assert new.notes["here"].time == 900
    assert new.questions == old.questions
    assert new.facts == old.facts


def test_the_keys_of_dropped_key_points_stay_known() -> None:
    old = ledger({"q": ("h", 500)}, facts={"q": {"k1": "One.", "k2": "Two."}})
    new = update(old, ledger({"q": ("h", 0)}, facts={"q": {"k2": "Two, reworded."}}), 900)
    assert new.facts == {"q": {"k1": "One.", "k2": "Two, reworded."}}


def test_the_keys_of_a_question_without_answer_or_removed_stay_known() -> None:
    old = ledger({"q": ("h", 500)}, facts={"q": {"k": "One."}})
    emptied = update(old, ledger({}, questions={"q": "What is q?"}), 900)
    removed = update(old, ledger(), 900)
    assert emptied.facts == removed.facts == {"q": {"k": "One."}}


def returned(removed: str, now: str) -> tuple[Problem, ...]:
    old = ledger({}, removed={"q": Removed(500, removed)})
    return returned_ids(old, {"q": now}, "content/ledger.json", {"q": Place("content/a.md", 7)})


def test_a_removed_question_may_come_back() -> None:
    assert returned("What is a hash table?", "What is a hash table?") == ()


def test_a_removed_question_may_come_back_reworded() -> None:
    assert returned("What is a hash table?", "What is a hash table good for?") == ()


def test_the_id_of_a_removed_question_on_another_one_is_an_error_at_its_place() -> None:
    (problem,) = returned("What is a hash table?", "How do you lead a team?")
    assert str(problem.place) == "content/a.md:7"
    assert problem.code == "returned-id"
    assert '"q"' in problem.message
    assert "What is a hash table?" in problem.message


# --- the file --------------------------------------------------------------------------------------------

FULL = Ledger(
    bank="demo",
    notes={"b": NoteEntry("0b", NOW, 4000), "a": NoteEntry("0a", NOW + 1, 2000), "a/k": NoteEntry("0c", NOW, 3000)},
    facts={"a": {"z": "Zwei.", "k": "Fünf ==ist== $5$."}},
    questions={"b": 'What is "b"?', "a": "What is a?"},
    types={"question": TimedHash("0d", NOW)},
    decks={"main": TimedHash("0e", NOW)},
    removed={"c": Removed(NOW, "What was c?")},
    bands={"a": "1-core"},
)


def test_the_file_is_sorted_with_one_entry_a_line() -> None:
    assert dump(FULL) == (
        "{\n"
        '"version": 1,\n'
        '"bank": "demo",\n'
        '"notes": {\n'
        '"a": ["0a", 1700000001, 2000],\n'
        '"a/k": ["0c", 1700000000, 3000],\n'
        '"b": ["0b", 1700000000, 4000]\n'
        "},\n"
        '"facts": {\n'
        '"a": {"k": "Fünf ==ist== $5$.", "z": "Zwei."}\n'
        "},\n"
        '"questions": {\n'
        '"a": "What is a?",\n'
        '"b": "What is \\"b\\"?"\n'
        "},\n"
        '"types": {\n'
        '"question": ["0d", 1700000000]\n'
        "},\n"
        '"decks": {\n'
        '"main": ["0e", 1700000000]\n'
        "},\n"
        '"removed": {\n'
        '"c": [1700000000, "What was c?"]\n'
        "},\n"
        '"bands": {\n'
        '"a": "1-core"\n'
        "}\n"
        "}\n"
    )


def test_the_file_reads_back_as_it_was() -> None:
    assert load(dump(FULL), "ledger.json") == FULL


IDS = st.text("ab-", min_size=1, max_size=4)
TIMES = st.integers(1, 2**33)
TIMED = st.dictionaries(IDS, st.builds(TimedHash, st.text("0f", max_size=3), TIMES), max_size=3)
LEDGERS = st.builds(
    Ledger,
    bank=st.just("demo"),
    notes=st.dictionaries(IDS, st.builds(NoteEntry, st.text("0f", max_size=3), TIMES, st.integers(1, HIGHEST)), max_size=4),
    facts=st.dictionaries(IDS, st.dictionaries(IDS, st.text(max_size=8), min_size=1, max_size=3), max_size=3),
    questions=st.dictionaries(IDS, st.text(max_size=8), max_size=4),
    types=TIMED,
    decks=TIMED,
    removed=st.dictionaries(IDS, st.builds(Removed, TIMES, st.text(max_size=8)), max_size=3),
)


@property_test
@given(LEDGERS)
def test_any_ledger_reads_back_as_it_was(any_ledger: Ledger) -> None:
    assert load(dump(any_ledger), "ledger.json") == any_ledger


def broken(text: str) -> Problem:
    with pytest.raises(DecksError) as caught:
        load(text, "content/ledger.json")
    (problem,) = caught.value.problems
    assert problem.code == "ledger"
    return problem


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "||||||| 1a2b3c4", ">>>>>>> branch"])
def test_a_merge_conflict_is_named_with_its_line_and_the_command_that_solves_it(marker: str) -> None:
    lines = dump(FULL).split("\n")
    lines.insert(5, marker)
    problem = broken("\n".join(lines))
    assert str(problem.place) == "content/ledger.json:6"
    assert "merge conflict" in problem.message
    assert "decks ledger merge" in problem.remedy


def test_broken_json_is_named_with_its_line() -> None:
    problem = broken(dump(FULL).replace('3000],\n"b"', '3000]\n"b"'))
    assert str(problem.place) == "content/ledger.json:7"
    assert "not valid JSON" in problem.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1', '"version": 2'),
        ('"bank": "demo"', '"bank": 5'),
        ('"types": {', '"kinds": {'),
        ('"a": ["0a", 1700000001, 2000]', '"a": ["0a", 0, 2000]'),
        ('"a": ["0a", 1700000001, 2000]', '"a": ["0a", true, 2000]'),
        ('"a": ["0a", 1700000001, 2000]', '"a": ["0a", 1700000001, -3]'),
        ('"a": ["0a", 1700000001, 2000]', '"a": ["0a", 1700000001, 1000000]'),
        ('"a": ["0a", 1700000001, 2000]', '"a": ["0a", 1700000001]'),
        ('"a": ["0a", 1700000001, 2000]', '"a": "0a"'),
        ('"a": {"k": "Fünf ==ist== $5$.", "z": "Zwei."}', '"a": ["k"]'),
        ('"a": {"k": "Fünf ==ist== $5$.", "z": "Zwei."}', '"a": {"k": 5}'),
        ('"a": "What is a?"', '"a": null'),
        ('"main": ["0e", 1700000000]', '"main": [1700000000, "0e"]'),
        ('"c": [1700000000, "What was c?"]', '"c": ["What was c?", 1700000000]'),
    ],
)
def test_a_ledger_out_of_form_is_named_with_its_file(old: str, new: str) -> None:
    text = dump(FULL)
    assert old in text
    assert broken(text.replace(old, new)).place.file == "content/ledger.json"


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "5", '"text"', "[" * 100_000, "1" * 10_000], ids=lambda text: text[:6] or "empty"
)
def test_what_is_no_table_is_no_ledger(text: str) -> None:
    assert broken(text).place.file == "content/ledger.json"


# --- merging ---------------------------------------------------------------------------------------------


def conflict(ours: str, theirs: str, base: bool = False) -> str:
    """What git leaves of two texts: common lines once, the others between markers."""
    left, right = ours.split("\n"), theirs.split("\n")
    lines: list[str] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += left[i1:i2]
        else:
            middle = ["||||||| 1a2b3c4", "what it was"] if base else []
            lines += ["<<<<<<< HEAD", *left[i1:i2], *middle, "=======", *right[j1:j2], ">>>>>>> other"]
    return "\n".join(lines)


OURS = replace(
    FULL,
    notes={"a": NoteEntry("0a", NOW + 9, 2000), "b": NoteEntry("0b", NOW, 4000), "ours": NoteEntry("01", NOW, 5000)},
    facts={"a": {"k": "Short.", "o": "Ours."}},
    questions={"a": "What is a now?", "b": "What is b?", "ours": "What is ours?"},
    removed={},
)
THEIRS = replace(
    FULL,
    notes={"a": NoteEntry("ff", NOW + 5, 2000), "b": NoteEntry("fb", NOW + 7, 4000), "theirs": NoteEntry("02", NOW, 5000)},
    facts={"a": {"k": "Old.", "t": "Theirs."}},
    questions={"a": "What is a?", "b": "What is b now?", "theirs": "What is theirs?"},
    types={"question": TimedHash("new", NOW + 1)},
    removed={"c": Removed(NOW, "What was c?")},
    bands={"a": "1-core"},
)


@pytest.mark.parametrize("base", [False, True], ids=["two sides", "with the base"])
def test_a_conflict_splits_into_both_sides(base: bool) -> None:
    text = conflict(dump(OURS), dump(THEIRS), base)
    assert text.count("<<<<<<<") > 1
    assert split_conflict(text) == (dump(OURS), dump(THEIRS))


def test_a_text_without_conflict_is_both_sides() -> None:
    assert split_conflict(dump(OURS)) == (dump(OURS), dump(OURS))


@property_test
@given(LEDGERS, LEDGERS)
def test_any_conflict_splits_into_its_sides(left: Ledger, right: Ledger) -> None:
    assert split_conflict(conflict(dump(left), dump(right))) == (dump(left), dump(right))


def test_of_each_entry_the_later_is_kept() -> None:
    merged = merge(OURS, THEIRS)
    assert merged.notes["a"] == NoteEntry("0a", NOW + 9, 2000)
    assert merged.notes["b"] == NoteEntry("fb", NOW + 7, 4000)
    assert merged.types == {"question": TimedHash("new", NOW + 1)}
    assert merged.decks == FULL.decks


def test_what_either_side_added_is_kept() -> None:
    merged = merge(OURS, THEIRS)
    assert {"ours", "theirs"} <= set(merged.notes)
    assert {"ours", "theirs"} <= set(merged.questions)
    assert set(merged.facts["a"]) == {"k", "o", "t"}


def test_a_merge_takes_the_wording_of_the_later_side() -> None:
    left = replace(ledger({"q": ("h1", 100), "q/k": ("h1", 100)}), facts={"q": {"k": "Old."}}, questions={"q": "Old?"})
    right = replace(ledger({"q": ("h2", 200), "q/k": ("h2", 200)}), facts={"q": {"k": "New."}}, questions={"q": "New?"})
    for merged in (merge(left, right), merge(right, left)):
        assert merged.questions == {"q": "New?"}
        assert merged.facts == {"q": {"k": "New."}}


def test_what_one_side_removed_is_removed() -> None:
    kept = ledger({"q": ("h", 100), "q/k": ("h", 100)}, facts={"q": {"k": "Text."}})
    gone = ledger({}, removed={"q": Removed(200, "What is q?")})
    for merged in (merge(kept, gone), merge(gone, kept)):
        assert merged.removed == gone.removed
        assert merged.notes == {}
        assert merged.questions == {}


def test_what_one_side_built_after_the_other_removed_it_is_kept() -> None:
    built = ledger({"q": ("h", 300)})
    gone = ledger({}, removed={"q": Removed(200, "What is q?")})
    for merged in (merge(built, gone), merge(gone, built)):
        assert merged.removed == {}
        assert merged.notes == built.notes
        assert merged.questions == built.questions


@property_test
@given(LEDGERS)
def test_merging_a_ledger_with_itself_loses_no_note(one: Ledger) -> None:
    merged = merge(one, one)
    lost = set(one.notes) - set(merged.notes)
    assert lost <= {name for name in one.notes if name in one.removed}
    assert {name: one.notes[name] for name in merged.notes} == merged.notes


@property_test
@given(LEDGERS, LEDGERS)
def test_a_merge_does_not_depend_on_the_side(left: Ledger, right: Ledger) -> None:
    one, other = merge(left, right), merge(right, left)
    assert (one.notes, one.types, one.decks, one.removed) == (other.notes, other.types, other.decks, other.removed)


def test_the_command_merges_both_sides_of_a_conflict(write: Write, decks: Decks, tmp_path: Path) -> None:
    write({"content/ledger.json": conflict(dump(OURS), dump(THEIRS))})
    run = decks("ledger", "merge")
    assert run.code == 0
    assert "merged" in run.out
    assert load((tmp_path / "content/ledger.json").read_text("utf-8"), "x") == merge(OURS, THEIRS)


def test_the_command_takes_the_path_of_a_ledger(write: Write, decks: Decks, tmp_path: Path) -> None:
    write({"elsewhere/demo.ledger.json": conflict(dump(OURS), dump(THEIRS))})
    assert decks("ledger", "merge", "elsewhere/demo.ledger.json").code == 0
    assert load((tmp_path / "elsewhere/demo.ledger.json").read_text("utf-8"), "x") == merge(OURS, THEIRS)


def test_the_command_leaves_a_ledger_without_conflict_alone(write: Write, decks: Decks, tmp_path: Path) -> None:
    write({"content/ledger.json": dump(OURS)})
    run = decks("ledger", "merge")
    assert (run.code, "no merge conflict" in run.out) == (0, True)
    assert (tmp_path / "content/ledger.json").read_text("utf-8") == dump(OURS)


def test_merging_a_ledger_that_is_not_there_is_wrong_usage(write: Write, decks: Decks) -> None:
    write({"content/README.md": ""})
    run = decks("ledger", "merge")
    assert run.code == 2
    assert "content/ledger.json" in run.err


@pytest.mark.parametrize(
    "damaged", [conflict(dump(OURS), dump(THEIRS)).replace('"bank"', '"bank').encode(), b'{\n"version": \xff\xfe\n}\n']
)
def test_a_damaged_ledger_is_named_and_left_as_it_is(write: Write, decks: Decks, tmp_path: Path, damaged: bytes) -> None:
    write({"content/ledger.json": damaged})
    run = decks("ledger", "merge")
    assert run.code == 1
    assert run.err.startswith("content/ledger.json")
    assert (tmp_path / "content/ledger.json").read_bytes() == damaged


# --- builds ----------------------------------------------------------------------------------------------

BANK: dict[str, str | bytes] = {"content/deck.toml": DECK, "content/a.md": QUESTION}
TWO = QUESTION + "\n### What is a card? {#card}\n\nA question and its answer.\n"


def read_ledger(folder: Path) -> Ledger:
    return load((folder / "content/ledger.json").read_text("utf-8"), "ledger.json")


def test_a_build_remembers_notes_facts_wording_types_and_decks(
    write: Write, decks: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(BANK)
    monkeypatch.setattr("generator.cli.build.time", SimpleNamespace(time=lambda: NOW + 0.9))
    assert decks("build", "--only", "anki").code == 0
    found = read_ledger(folder)
    (key,) = found.facts["deck"]
    assert found.bank == "demo"
    assert {name: (entry.time, entry.order) for name, entry in found.notes.items()} == {
        "deck": (NOW, 2000),
        f"deck/{key}": (NOW, 4000),
    }
    assert found.facts == {"deck": {key: "A deck holds ==cards== in an order."}}
    assert found.questions == {"deck": "What is a deck?"}
    assert {name: entry.time for name, entry in found.types.items()} == {"question": NOW, "fact": NOW}
    assert {name: entry.time for name, entry in found.decks.items()} == {"main": NOW}
    assert found.removed == {}


def test_without_deck_toml_the_ledger_lies_beside_the_outputs(write: Write, decks: Decks) -> None:
    folder = write({"notes.md": "# My list\n\n## What is a deck?\n\nA stack.\n"})
    assert decks("build", "notes.md", "-o", "out", "--only", "anki").code == 0
    assert load((folder / "out/my-list.ledger.json").read_text("utf-8"), "x").questions == {"what-is-a-deck": "What is a deck?"}
    assert sorted(path.name for path in folder.iterdir()) == ["notes.md", "out"]


def test_a_partial_build_keeps_what_it_does_not_see(write: Write, decks: Decks) -> None:
    folder = write({**BANK, "content/a.md": TWO})
    decks("build", "--only", "anki")
    before = read_ledger(folder)
    write(BANK)
    assert decks("build", "--only", "anki").code == 0
    assert read_ledger(folder).notes["card"] == before.notes["card"]
    assert read_ledger(folder).removed == {}


def test_a_whole_build_remembers_what_was_removed_and_refuses_its_id_for_another_question(write: Write, decks: Decks) -> None:
    folder = write({**BANK, "content/a.md": TWO})
    assert decks("build", "--only", "anki").code == 0
    write(BANK)
    assert decks("build").code == 0
    assert read_ledger(folder).removed["card"].question == "What is a card?"
    write({"content/a.md": TWO.replace("What is a card?", "How do you shuffle?")})
    outputs = {path: path.read_bytes() for path in folder.glob("output/*/**/*") if path.is_file()}
    run = decks("build")
    assert run.code == 1
    assert 'content/a.md:11: error: id "card" belonged to a removed question' in run.err
    assert {path: path.read_bytes() for path in folder.glob("output/*/**/*") if path.is_file()} == outputs
    write({"content/a.md": TWO})
    assert decks("build", "--only", "anki").code == 0


@pytest.mark.parametrize(
    ("damaged", "place"),
    [
        (dump(FULL).replace('"bank"', '>>>>>>> other\n"bank"'), "content/ledger.json:3: "),
        (dump(FULL).replace('"demo",', '"demo"'), "content/ledger.json:4: "),
        (dump(FULL).replace('"demo"', '"another"'), "content/ledger.json:3: "),
        (dump(FULL).replace('"version": 1', '"version": 9'), "content/ledger.json: "),
    ],
    ids=["conflict", "json", "other bank", "version"],
)
def test_a_build_stops_at_a_broken_ledger_and_writes_nothing(
    write: Write, decks: Decks, tmp_path: Path, damaged: str, place: str
) -> None:
    write({**BANK, "content/ledger.json": damaged})
    run = decks("build", "--only", "anki")
    assert run.code == 1
    assert run.err.startswith(place + "error: ")
    assert not (tmp_path / "output").exists()
    assert (tmp_path / "content/ledger.json").read_text("utf-8") == damaged


def test_a_locked_build_passes_with_the_ledger_of_its_content(write: Write, decks: Decks) -> None:
    write(BANK)
    assert decks("build", "--only", "anki").code == 0
    assert decks("build", "--only", "anki", "--locked", "-o", "again").code == 0


@pytest.mark.parametrize("before", ["built", "never built"])
def test_a_locked_build_fails_where_the_ledger_would_change(write: Write, decks: Decks, before: str) -> None:
    folder = write(BANK)
    if before == "built":
        assert decks("build", "--only", "anki").code == 0
    write({"content/a.md": QUESTION.replace("A stack of cards.", "A pile of cards.")})
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = decks("build", "--only", "anki", "--locked")
    assert run.code == 1
    assert run.err.splitlines()[-1].startswith("content/ledger.json: error: ")
    assert "without --locked" in run.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files


def test_the_ledger_is_plain_json_that_other_tools_can_read(write: Write, decks: Decks) -> None:
    folder = write(BANK)
    assert decks("build", "--only", "anki").code == 0
    data = json.loads((folder / "content/ledger.json").read_text("utf-8"))
    assert sorted(data) == ["bands", "bank", "decks", "facts", "notes", "questions", "removed", "types", "version"]


# --- stories ---------------------------------------------------------------------------------------------


def test_stories_stand_behind_every_question_in_their_own_order() -> None:
    keys = ledgers.story_keys(["a", "b", "c"], {})
    assert keys == {"a": 952_000, "b": 954_000, "c": 956_000}
    assert ledgers.story_keys(["a", "new", "b", "c"], keys) == {**keys, "new": 953_000}


def test_many_stories_stay_below_the_highest_key() -> None:
    names = [f"s{number}" for number in range(500)]
    keys = ledgers.story_keys(names, {})
    assert len(set(keys.values())) == 500
    assert list(keys.values()) == sorted(keys.values())
    assert ledgers.STORIES_FROM < min(keys.values()) < max(keys.values()) <= ledgers.HIGHEST


def test_questions_that_are_added_year_after_year_never_reach_the_stories() -> None:
    known = {"q0": 2_000}
    for count in range(100, 1_300, 100):
        names = [f"q{number}" for number in range(count)]
        known = order_keys(names, set(names), known, ledgers.STORIES_FROM)
    assert len(known) == 1_200
    assert list(known.values()) == sorted(set(known.values()))
    assert max(known.values()) <= ledgers.STORIES_FROM


def test_the_time_of_a_fixed_note_stands_whatever_its_text() -> None:
    entry = NoteEntry("old", 5, 952_000)
    old = Ledger("b", notes={"s": entry}, questions={"s": "A failure"})
    fresh = Ledger("b", notes={"s": replace(entry, hash="new")}, questions={"s": "A failure"})
    assert update(old, fresh, 1_000, fixed=["s"]).notes["s"] == NoteEntry("new", 5, 952_000)
    assert update(old, fresh, 1_000).notes["s"].time == 1_000
