"""Golden cases that are written, read and extended without Python: `tests/golden/*.md`.

A case is a title, then its input, then what is expected, each closed by a line that holds a single dot:

    A title
    .
    the input
    .
    what is expected
    .

`formulas.md` is simpler: a heading and a formula, again and again.

Whatever stands between two cases (headings, remarks) is for readers. Two signs stand for what can't be seen:
`␠` for a blank at a line's end and `⇥` for a tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.markup.math_spans import put_aside

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


@dataclass(frozen=True)
class Formula:
    """A formula of `formulas.md`."""

    title: str
    tex: str
    display: bool


def read_formulas() -> list[Formula]:
    """The formulas of `formulas.md`, read as any file of a bank is.

    Raises:
        ValueError: a heading has not exactly one formula, or two headings are the same.
    """
    formulas: dict[str, Formula] = {}
    for section in (FOLDER / "formulas.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        title = section.partition("\n")[0]
        spans = put_aside(section.partition("\n")[2]).spans
        if len(spans) != 1 or title in formulas:
            raise ValueError(f"formulas.md: {title}: one formula under one heading, please")
        formulas[title] = Formula(title, spans[0].tex, spans[0].display)
    return list(formulas.values())
