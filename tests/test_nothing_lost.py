"""Whatever layout a document is read by: every word of it is shown, or stands on a line that `check` names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import Config
from generator.model import Bank
from generator.read import read_bank
from generator.read.layouts import NAMES

BLOCKS = r"""
# {w} ¦ ## {w} ¦ ## What is {w}? ¦ ### What is {w}? ¦ ### 1. {w} ¦ ### 2. What is {w}? ¦ ###### {w} ¦ ####Why {w}?
## Question 1 ¦ ### Answer ¦ ### Answer: {w} ¦ {w}\n=== ¦ Why {w}?\n--- ¦ <h3>Why {w}?</h3>\n<p>{w}</p> ¦ <h2>{w}</h2>
**What is {w}?** ¦ **What is {w}?** {w} {w} ¦ **{w}** ¦ **1. {w}** ¦ **{w}:** {w} ¦ *{w}* ¦ __Why {w}__?
Q1: What is {w}?\nA: {w} ¦ Q: Why {w}? ¦ Q2. {w} ¦ A: {w} ¦ Answer: {w} ¦ **Answer:** ¦ 1) Why {w}?\n{w} ¦ 3、{w}？
1. What is {w}? ¦ 2. What is {w}?\n   {w} ¦ 3. {w}\n   - {w}\n   - {w} ¦ 1. {w}\n2. {w} ¦ 4. Why {w}? {w} {w} {w}.
1. ### Why {w}?\n\n   {w} ¦ - What is {w}? ¦ - {w}\n  - Why {w}?\n  - How is {w}? ¦ - Answer: {w} ¦ - [ ] {w}
- A. {w}\n- B. {w} ¦ * {w} ¦ 1. {w}\n    1. Why {w}?\n    2. How is {w}? ¦ {w} ¦ {w} {w}.\n{w}. ¦ {w}: ¦ What is {w}?
{w}\nWhy {w}?\n{w} ¦ ```\n{w}\n``` ¦     {w} ¦ --- ¦ <div>\n\n{w}\n\n</div> ¦ <div>{w}</div>
| Question | Answer |\n|---|---|\n| Why {w}? | {w} | ¦ | No | Question |\n|---|---|\n| 1 | Why {w}? |
| {w} | {w} |\n|---|---|\n| {w} | {w} | ¦ > What is {w}? ¦ > Why {w}?\n>\n> {w} ¦ > **Q:** {w}?\n>\n> **A:** {w} ¦ > {w}
> [!question] Why {w}?\n> {w} ¦ <details>\n<summary>Why {w}?</summary>\n\n{w}\n\n</details>
<details><summary>{w}</summary>{w}</details> ¦ <details>\n<summary>{w}</summary>\n\n### Why {w}?\n\n{w}\n\n</details>
<details>\n<summary>Answer</summary>\n\n{w}\n\n</details>
<details>\n<summary>Why {w}:\n\n- {w}\n- {w}\n\n{w}?</summary><br><b>\n\n{w}\n\n</b></details> ¦ </details>
<details>{w} ¦ <div class="question">Why {w}?</div>\n<div class="answer">{w}</div> ¦ <p class="question">{w}</p>\n\n{w}
<dl>\n<dt>Why {w}?</dt>\n<dd>{w}</dd>\n</dl> ¦ <dl><dt>Why {w}?<dd>{w}</dl>
"""
blocks = st.sampled_from([block.replace("\\n", "\n") for line in BLOCKS.strip().split("\n") for block in line.split(" ¦ ")])
glue = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n"])
documents = st.lists(st.tuples(blocks, glue), min_size=1, max_size=14).map(
    lambda pairs: numbered("".join(block + gap for block, gap in pairs))
)


def numbered(text: str) -> str:
    """The text with a word of its own for every {w}."""
    pieces = text.split("{w}")
    return "".join(f"{piece}word{number}x" for number, piece in enumerate(pieces[:-1])) + pieces[-1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the documents."""
    return tmp_path_factory.mktemp("lists")


def read(folder: Path, text: str, layout: str | None) -> Bank:
    """The bank of a document, by a layout or the one that explains it best."""
    path = folder / "list.md"
    path.write_text(text, encoding="utf-8")
    return read_bank([path], folder, Config(), layout)


def named_lines(bank: Bank) -> set[int]:
    """The lines that findings name."""
    named: set[int] = set()
    for problem in bank.problems:
        run = re.match(r"lines (\d+) to (\d+) are", problem.message)
        named |= set(range(int(run[1]), int(run[2]) + 1)) if run else {problem.place.line}
    return named


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(text=documents, layout=st.sampled_from([None, *NAMES]))
def test_every_word_is_shown_or_its_line_is_named(folder: Path, text: str, layout: str | None) -> None:
    bank = read(folder, text, layout)
    if not bank.questions:
        assert "no-question" in {problem.code for problem in bank.problems}
        return
    pieces = [bank.title, *(problem.message for problem in bank.problems if problem.code == "placeholder")]
    for question in bank.questions:
        pieces += [*question.sections, question.text, *(part.markdown for part in question.parts()), question.definitions]
    kept, named = "\n".join(pieces), named_lines(bank)
    for number, line in enumerate(text.split("\n"), 1):
        for word in re.findall(r"word\d+x", line):
            assert word in kept or number in named, f"line {number}: {line}"
