"""Golden cases that are written, read and extended without Python: `tests/golden/*.md`.

A case is a title, then its input, then what is expected, each closed by a line that holds a single dot:

    A title
    .
    the input
    .
    what is expected
    .

Whatever stands between two cases (headings, remarks) is for readers. Two signs stand for what can't be seen:
`␠` for a blank at a line's end and `⇥` for a tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A golden case."""

    title: str
    source: str
    expected: str


def read_cases(name: str) -> list[Case]:
    """The cases of a file of this folder.

    Raises:
        ValueError: a case has no end or no title of its own.
    """
    cases: list[Case] = []
    blocks: list[list[str]] = [[]]
    for line in (FOLDER / name).read_text(encoding="utf-8").split("\n"):
        if line != ".":
            blocks[-1].append(line)
            continue
        blocks.append([])
        if len(blocks) == 4:
            title = next((text for text in reversed(blocks[0]) if text.strip()), "")
            source, expected = ("\n".join(block).replace("␠", " ").replace("⇥", "\t") for block in blocks[1:3])
            cases.append(Case(title, source, expected))
            blocks = [[]]
    titles = [case.title for case in cases]
    wrong = [title for title in titles if not title or titles.count(title) > 1]
    if wrong or len(blocks) > 1:
        raise ValueError(f"{name}: {f'no or the same title: {wrong}' if wrong else 'the last case is not closed'}")
    return cases
