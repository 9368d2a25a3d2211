"""Reading takes work that grows as the text does: lines of our own code that run are counted, no clock is used.

What a call of a library costs (a regular expression, the Markdown parser) is not seen here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import generator
from generator.read import layouts
from generator.read.document import parse_document

OURS = str(Path(generator.__file__).parent)
SMALL, TIMES = 40, 4
Shape = Callable[[int], str]

SHAPES: dict[str, Shape] = {
    "headings": lambda n: "".join(f"## {i}. What is {i}?\n\nIt is.\n\n" for i in range(n)),
    "plain headings": lambda n: "".join(f"{'#' * (i % 6 + 1)} Title {i}\n\n" for i in range(n)),
    "bare headings": lambda n: "# Questions\n" + "### Why?\n" * n,
    "html headings": lambda n: "".join(f"<h3>What is {i}?</h3>\n<p>a</p>\n\n" for i in range(n)),
    "meant headings": lambda n: "".join(f"####{i}. What?\ntext\n" for i in range(n)),
    "list": lambda n: "".join(f"{i}. What is {i}?\n   - it\n" for i in range(n)),
    "restarting list": lambda n: "".join(f"{i % 3 + 1}. Item {i}\n" for i in range(n)),
    "bullets": lambda n: "".join(f"- What is {i}?\n\n" for i in range(n)),
    "nested list": lambda n: "".join("  " * (i % 50) + "- a?\n" for i in range(n)),
    "list of lists": lambda n: "".join(f"1. A{i}\n    1. What?\n    2. Why?\n" for i in range(n)),
    "bold": lambda n: "".join(f"**What is {i}?**\n\nIt.\n\n" for i in range(n)),
    "bold group names": lambda n: "".join(f"**Group {i}**\n\n1. Why?\n\n" for i in range(n)),
    "labels": lambda n: "".join(f"Q{i}: What?\nA: It.\n" for i in range(n)),
    "one paragraph": lambda n: "Q1: what\n" * n,
    "answer labels": lambda n: "# Why?\n\n" + "Answer: a\n\n" * n,
    "tables": lambda n: "| Question | Answer |\n|---|---|\n| a? | b |\n\n" * n,
    "one table": lambda n: "| Question | Answer |\n|---|---|\n" + "| a? | b |\n" * n,
    "quotes": lambda n: "> What?\n\nIt.\n\n" * n,
    "folds": lambda n: "<details><summary>Why?</summary>\n\nSo.\n\n</details>\n\n" * n,
    "nested folds": lambda n: "<details><summary>Why?</summary>\n\n" * n,
    "closing tags": lambda n: "# Why?\n\n" + "</details>\n" * n,
    "open tags": lambda n: "<details>" * n + "<summary>" * n,
    "answer folds": lambda n: "# Why?\n\n" + "<details><summary>More</summary>\n\nSo.\n\n</details>\n\n" * n,
    "callouts": lambda n: "> [!question]- What?\n\n> [!answer]\n> It.\n\n" * n,
    "admonitions": lambda n: '??? question "Why?"\n    ??? success "Answer"\n        So.\n\n' * n,
    "hidden answers": lambda n: "It is:\n\n- [ ] a\n\n<details><summary>Answer</summary>\n\nb\n\n</details>\n\n" * n,
    "cards": lambda n: "#flashcards\n\n" + "Why?::So\n\nWhy\n?\nSo\n\n" * n,
    "card lines": lambda n: "#flashcards\n\n" + "?\n" * n + "a::b\n" * n,
    "divs": lambda n: '<div class="question">a?</div>\n<div class="answer">b</div>\n\n' * n,
    "open divs": lambda n: '<div class="question">' * n,
    "definitions": lambda n: "<dl>" + "<dt>Why?<dd>So\n" * n + "</dl>",
    "comments": lambda n: "<!-- " * n,
    "brackets": lambda n: "## Why " + "[" * n + "\n\n" + "[" * n,
    "links": lambda n: "## " + "[a](b)" * n + "?\n",
    "stars": lambda n: "**" + "*" * n + "a?\n\n" + "* " * n,
    "emphasis": lambda n: "**a " * n + "?",
    "blanks": lambda n: "## Why" + " " * n + "x?\n" + " " * n,
    "emoji": lambda n: "## Why? " + "\U0001f600 " * n + "x\n",
    "backticks": lambda n: "`a" * n + "\n\n<details>" + "`` " * n,
    "fences": lambda n: "```\n# Why?\n```\n\n" * n,
    "definitions of links": lambda n: (
        "".join(f"[{i}]: x\n" for i in range(n)) + "\n## Why?\n\n" + "".join(f"[{i}] " for i in range(n))
    ),
    "refrains": lambda n: "".join(f"## What is {i}?\n\nIt.\n\n## Doubts?\n\n" for i in range(n)),
    "long line": lambda n: "Why " * n + "?",
    "question marks": lambda n: "- " + "a? " * n,
    "keycaps": lambda n: "## " + "1\ufe0f\u20e3" * n + " Why?",
}


def lines_run(action: Callable[[], object]) -> int:
    """How many lines of our own code run."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def work(text: str) -> int:
    """The work of reading a text by the layout that it is written in, and by every other."""

    def read() -> None:
        document = parse_document(text, "list.md")
        layouts.read(document, layouts.choose(document))
        for name in layouts.NAMES:
            layouts.read(document, layouts.choose(document, name))

    return lines_run(read)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_four_times_the_text_is_little_more_than_four_times_the_work(shape: Shape) -> None:
    small, large = work(shape(SMALL)), work(shape(SMALL * TIMES))
    assert large < 1.4 * TIMES * small


def test_the_count_sees_work_that_grows_faster() -> None:
    def compare_all(count: int) -> int:
        document = parse_document("a\n" * count, "list.md")
        return lines_run(lambda: [document.place(line) for line in range(count) for _ in range(count)])

    assert compare_all(SMALL * TIMES) > 8 * compare_all(SMALL)
