"""Rules of `decks check` on the form of files: every golden/check/*.md and all that is found in it (*.txt beside it).

See golden/check/README.md for the form of the *.txt.
"""

from __future__ import annotations

import json

import pytest

from generator.check import RULES
from generator.content import load
from generator.read import bank_files
from tests.conftest import DECK, Decks, Write
from tests.golden import FOLDER

CHECKS = FOLDER / "check"
NAMES = sorted(path.stem for path in bank_files(CHECKS))
FINE = [name for name in NAMES if name.endswith("-fine")]
CODES = frozenset(
    "numbering heading-level suspicious-question stray-fence unbalanced html-block broken-table stray-marker "
    "cut-sentence".split()
)
"""What only reading a file as its author wrote it can find."""

each_name = pytest.mark.parametrize("name", NAMES)


def found_in(name: str) -> list[str]:
    """The findings in a golden file, as the *.txt write them."""
    problems = sorted(load([CHECKS / f"{name}.md"]).problems, key=lambda problem: (problem.place, problem.code))
    return [f"line {problem.place.line}: {problem.code}: {problem.message}" for problem in problems]


@each_name
def test_exactly_this_is_found(name: str) -> None:
    assert found_in(name) == (CHECKS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@each_name
def test_findings_have_a_line_of_the_file_and_the_severity_of_the_table(name: str) -> None:
    count = len((CHECKS / f"{name}.md").read_text(encoding="utf-8").split("\n"))
    severities = {rule.code: rule.severity for rule in RULES}
    for problem in load([CHECKS / f"{name}.md"]).problems:
        assert 1 <= problem.place.line <= count
        assert problem.severity is severities[problem.code]
        assert problem.remedy


def test_every_expectation_belongs_to_a_file_and_every_rule_has_a_case() -> None:
    assert {path.stem for path in CHECKS.glob("*.txt")} == set(NAMES)
    texts = [(CHECKS / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES]
    assert all(not text for name, text in zip(NAMES, texts, strict=True) if name in FINE)
    assert {line.split(": ")[1] for text in texts for line in text.splitlines()} >= CODES
    assert len(FINE) >= 8


@pytest.mark.parametrize("name", FINE)
def test_a_file_without_a_fault_passes_strictly(name: str, decks: Decks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKS)
    assert decks("check", f"{name}.md", "--strict").code == 0


# --- switching off per file ------------------------------------------------------------------------------

TWO = {
    "content/10-a.md": "### Latent space {#space}\n\nA room.\n\n### Deep **nets {#nets}\n\nMany layers.\n",
    "content/20-b.md": "### Loose ends {#ends}\n\nNone.\n",
}
"""Files with three suspicious questions and one unbalanced bold."""


def rows(decks: Decks) -> list[tuple[str, int, str]]:
    return [(row["file"], row["line"], row["code"]) for row in json.loads(decks("check", "--format", "json").out)]


def test_rules_can_be_switched_off_for_one_file(write: Write, decks: Decks) -> None:
    write({"content/deck.toml": DECK, **TWO})
    assert rows(decks) == [
        ("content/10-a.md", 1, "suspicious-question"),
        ("content/10-a.md", 5, "suspicious-question"),
        ("content/10-a.md", 5, "unbalanced"),
        ("content/20-b.md", 1, "suspicious-question"),
    ]
    write({"content/deck.toml": f'{DECK}[check.files]\n"10-a.md" = ["suspicious-question"]\n'})
    assert rows(decks) == [("content/10-a.md", 5, "unbalanced"), ("content/20-b.md", 1, "suspicious-question")]
    write({"content/deck.toml": f'{DECK}[check]\noff = ["unbalanced"]\n[check.files]\n"20-b.md" = ["suspicious-question"]\n'})
    assert rows(decks) == [("content/10-a.md", 1, "suspicious-question"), ("content/10-a.md", 5, "suspicious-question")]


def test_a_build_of_one_file_obeys_the_settings_beside_it(write: Write, decks: Decks) -> None:
    write({"content/deck.toml": f'{DECK}[check.files]\n"20-b.md" = ["suspicious-question"]\n', **TWO})
    assert decks("check", "content/20-b.md", "--format", "json").code == 0
    assert not [row for row in rows(decks) if row[0] == "content/20-b.md"]


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ('"30-c.md" = ["unbalanced"]', 4, ("30-c.md", "10-a.md, 20-b.md")),
        ('"10-a.md" = ["unbalanced"]\n"20-b.md" = ["no-such-rule"]', 5, ("no-such-rule", "docs/checks.md")),
        ("'20-b.md' = [\"repeated-id\"]", 4, ("repeated-id", "switched off")),
        ('"20-b.md" = "unbalanced"', 4, ("20-b.md", "a list of rule codes")),
        ('"content/10-a.md" = ["unbalanced"]', 4, ("content/10-a.md", "without the folder")),
    ],
)
def test_a_wrong_file_or_code_is_an_error_with_its_line(
    lines: str, line: int, words: tuple[str, ...], write: Write, decks: Decks
) -> None:
    write({"content/deck.toml": f"{DECK}[check.files]\n{lines}\n", **TWO})
    run = decks("check")
    assert run.code == 1
    (error,) = [row for row in run.out.splitlines() if ": error config: " in row]
    assert error.startswith(f"content/deck.toml:{line}: ")
    assert all(word in error for word in words)


# --- several files ---------------------------------------------------------------------------------------


def test_near_duplicates_are_found_in_one_file_and_across_files(write: Write, decks: Decks) -> None:
    first = "### What is the role of a load balancer? {#a}\n\nIt spreads requests.\n"
    second = "### What is a proxy? {#p}\n\nA stand-in.\n\n### What's the role of a load balancer? {#b}\n\nTo spread.\n"
    write({"content/deck.toml": DECK, "content/10-a.md": first, "content/20-b.md": second})
    (found,) = [row for row in json.loads(decks("check", "--format", "json").out) if row["code"] == "near-duplicate"]
    assert (found["file"], found["line"]) == ("content/20-b.md", 5)
    assert "content/10-a.md:1" in found["message"]


def test_one_word_can_make_another_question(write: Write, decks: Decks) -> None:
    pairs = [
        ("L1 regularisation", "L2 regularisation"),
        ("supervised learning", "unsupervised learning"),
        ("an encoder", "a decoder"),
    ]
    texts = [f"What makes {thing} useful in practice?" for pair in pairs for thing in pair]
    write({"a.md": "".join(f"### {text} {{#q-{number}}}\n\nMuch.\n\n" for number, text in enumerate(texts))})
    assert rows_of(decks, "a.md") == []


def test_questions_alike_but_for_the_code_below_them_are_no_near_duplicates(write: Write, decks: Decks) -> None:
    question = "### What does this print? {{#{}}}\n\n#### Question\n\n```python\nprint({})\n```\n\n#### Why\n\nSo.\n\n"
    write({"a.md": "# Code\n\n" + question.format("one", "1 + 1") + question.format("two", "'1' + '1'")})
    assert "near-duplicate" not in decks("check", "a.md").out
    write({"a.md": "# Code\n\n" + question.format("one", "1 + 1") + question.format("two", "1 + 1")})
    assert "a.md:15: warning near-duplicate" in decks("check", "a.md").out


def test_a_question_of_two_plain_files_says_where_both_stand_and_what_to_do(write: Write, decks: Decks) -> None:
    text = "# {}\n\n## What is a {}?\n\nA tool.\n\n## What is a vice?\n\n{} holds.\n\n## What is a file?\n\nIt smooths.\n"
    write({"a.md": text.format("A", "saw", "It"), "b.md": text.format("B", "drill", "That")})
    run = decks("build", "a.md", "b.md", "--only", "anki")
    assert run.code == 1
    assert (
        'b.md:7: error: question "What is a vice?" stands at a.md:7 too, so both get the id "what-is-a-vice"; remove or reword '
        "one of the two, or build the files one by one, each as a bank of its own" in run.err
    )


# --- marks and images ------------------------------------------------------------------------------------


def test_a_mark_with_two_bars_is_found_and_one_with_a_hint_is_not(write: Write, decks: Decks) -> None:
    points = "- A ==pipe|what?== joins ==`a|b`==.\n- Write ==a|b|c== for three.\n- A norm is ==$|x|$==.\n"
    write({"a.md": f"### How are they joined? {{#join}}\n\nSo.\n\n#### Key points\n\n{points}"})
    assert [row[1:] for row in rows_of(decks, "a.md")] == [(8, "odd-hint")]


def test_an_alt_text_that_says_nothing_is_found_once(write: Write, decks: Decks) -> None:
    image = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    images = "![](x.svg) ![alt text](x.svg) ![x](x.svg)\n\n![A red cross](x.svg) ![image](gone.svg) ![Gone too](gone.svg)"
    write({"a.md": f"### How does it look? {{#look}}\n\n{images}\n", "x.svg": image})
    found = rows_of(decks, "a.md")
    assert [row[1:] for row in found] == [(3, "alt-text")] * 3 + [(5, "missing-image")] * 2
    out = decks("check", "a.md").out
    assert 'its alt text is shown instead, which says no more than "image"' in out
    assert out.count("; its alt text is shown instead; ") == 1


def test_a_blob_page_is_one_finding_not_two(write: Write, decks: Decks) -> None:
    address = "https://github.com/o/r/blob/main/x.png"
    write({"a.md": f"### How? {{#how}}\n\nLike ![a heron]({address}).\n"})
    assert [row[1:] for row in rows_of(decks, "a.md")] == [(3, "blob-image")]


def rows_of(decks: Decks, name: str) -> list[tuple[str, int, str]]:
    return [(row["file"], row["line"], row["code"]) for row in json.loads(decks("check", name, "--format", "json").out)]


# --- places and tables -----------------------------------------------------------------------------------


def test_findings_in_an_answer_behind_a_label_stand_on_their_own_line(write: Write, decks: Decks) -> None:
    item = "{0}. What is part {0}?\n- Answer:\n\n    Text.\n\n    ![A plan](gone-{0}.png)\n\n"
    write({"a.md": "# Parts\n\n" + "".join(item.format(number) for number in (1, 2, 3))})
    assert rows_of(decks, "a.md") == [("a.md", line, "missing-image") for line in (8, 15, 22)]


def test_further_columns_of_a_table_are_kept_below_the_answer() -> None:
    questions = load([CHECKS / "table-columns.md"]).bank.questions
    assert [[part.markdown for part in question.answer] for question in questions] == [
        ["The price of money.\n\n**Level:** easy\n\n**Example:** 5 % a year"],
        ["A loan in pieces.\n\n**Level:** hard"],
        [],
    ]
