"""A table with a column of questions and one of answers, or with questions only.

Further columns (level, topic, example …) go with the answer, each as a line that its head labels; on the card's front
where the table has no answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import answer_words, label_words, question_words
from generator.read.layouts.outline import Found, Outline, SectionMark
from generator.read.layouts.titles import sections_of, titles

_QUESTION_HEAD = re.compile(rf"\W*(?:interview )?(?:{label_words.QUESTION}|q|ques|prompt|front)\b.*", re.IGNORECASE)
_LONGER_HEAD = re.compile(r"\W*(?:[^\W\d_][\w-]{2,20} ){1,2}questions?\W*", re.IGNORECASE)
"""`Sample question`: only if the rows ask."""
_ANSWER_HEAD = re.compile(
    rf"\W*(?:(?:short |sample |model |suggested )?(?:{answer_words.ANSWER_WORDS})|a|back|details?|description)\b.*",
    re.IGNORECASE,
)
_COUNT_HEAD = re.compile(r"\W*|(?:s|sr|sl|ser)?\W*(?:no|nr|num|number|id|index)\W*|q\W*(?:no|nr|id)?\W*#?", re.IGNORECASE)


def tables(document: Document) -> Outline:
    """The rows of tables whose head names questions."""
    read = list(_tables(document))
    found = [question for table in read for question in _rows(table)]
    heads = (SectionMark(9, "", table.line, table.line + 2, until=table.line + 2) for table in read if table.rows)
    sections = sorted([*sections_of(document, found), *heads], key=lambda mark: mark.start)
    return Outline(tuple(found), tuple(sections))


def columns_left_out(document: Document) -> Iterator[tuple[int, str]]:
    """0-based line and name of further columns whose rows have no answer that they could go with."""
    for table in _tables(document):
        for column in table.others if table.answer is not None else ():
            if any(column < len(row.cells) and row.cells[column].strip() and not table.answer_of(row) for row in table.rows):
                yield table.line, table.head[column]


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    line: int
    head: tuple[str, ...]
    question: int
    answer: int | None
    others: tuple[int, ...]
    """Columns that are neither question nor answer, nor count the rows."""
    rows: tuple[_Row, ...]

    def answer_of(self, row: _Row) -> str:
        """The answer's cell, its line breaks as such; empty without one."""
        if self.answer is None or self.answer >= len(row.cells):
            return ""
        return re.sub(r"<br\s*/?>", "\n", row.cells[self.answer], flags=re.IGNORECASE)

    def inside(self, row: _Row) -> str:
        """The answer with the row's further cells below it."""
        answer = self.answer_of(row)
        return "\n\n".join([answer, *(self._further(row) if answer.strip() else [])])

    def front(self, row: _Row) -> str:
        """The row's further cells, in a table without answers."""
        return "" if self.answer is not None else "\n\n".join(self._further(row))

    def _further(self, row: _Row) -> list[str]:
        more = [(self.head[column], row.cells[column]) for column in self.others if column < len(row.cells)]
        return [f"**{name}:** {cell}" for name, cell in more if cell.strip()]


def _rows(table: _Table) -> Iterator[Found]:
    for row in table.rows:
        inside, front = table.inside(row), table.front(row)
        yield Found(row.cells[table.question], row.start, row.end, stop=row.end, inside=inside, front=front)


def _tables(document: Document) -> Iterator[_Table]:
    if not any(block.type == "table_open" for block in document.tokens):
        return
    for node in SyntaxTreeNode(document.tokens).walk():
        if node.type == "table" and (table := _table(document, node)) is not None:
            yield table


def _table(document: Document, node: SyntaxTreeNode) -> _Table | None:
    """The table with the rows that hold a question; None where its head names no questions."""
    rows = [row for part in node.children for row in part.children]
    if len(rows) < 2:
        return None
    head = tuple(plain_text(_cell(document, cell)) for cell in rows[0].children)
    heads = (_QUESTION_HEAD, _LONGER_HEAD)
    question = next((number for form in heads for number, name in enumerate(head) if form.fullmatch(name)), None)
    answer = next((number for number, name in enumerate(head) if number != question and _ANSWER_HEAD.fullmatch(name)), None)
    if question is None:
        return None
    read = [_Row(row.map[0], row.map[1], tuple(_cell(document, cell) for cell in row.children)) for row in rows[1:] if row.map]
    held = tuple(row for row in read if question < len(row.cells) and _says(row.cells[question]))
    if not _QUESTION_HEAD.fullmatch(head[question]) and 2 * sum(question_words.asks(row.cells[question]) for row in held) < len(
        held
    ):
        return None
    if answer is None and _is_contents(document, [row.cells[question] for row in held], rows[-1]):
        return None
    others = tuple(
        number
        for number, name in enumerate(head)
        if number not in (question, answer) and not _COUNT_HEAD.fullmatch(name) and not _counts(held, number)
    )
    return _Table(node.map[0] if node.map else 0, head, question, answer, others, held)


_NUMBERS = re.compile(r"(?:[\W\d_]|\b(?:q|qs|questions?|to|and|of)(?=\b|\d))*", re.IGNORECASE)
"""`Q87–Q117`, `30+ questions`: how many there are, or which."""


def _says(cell: str) -> bool:
    """Whether a cell holds more than numbers of questions."""
    return _NUMBERS.fullmatch(plain_text(cell[: question_words.LONGEST])) is None


_INTO_IT = re.compile(r"\W*\[.+\]\(#[^()]*\)\W*")
"""Nothing but a link into the same document."""


def _is_contents(document: Document, cells: Sequence[str], last: SyntaxTreeNode) -> bool:
    """Whether nearly all cells only lead to what stands below the table."""
    leading = sum(_INTO_IT.fullmatch(cell[: question_words.LONGEST]) is not None for cell in cells)
    below = last.map is not None and any(heading.start >= last.map[1] for heading in titles(document))
    return below and len(cells) > 0 and leading >= 0.8 * len(cells)


def _counts(rows: Sequence[_Row], column: int) -> bool:
    """Whether a column holds nothing but numbers of rows."""
    cells = [row.cells[column].strip(" .)#") for row in rows if column < len(row.cells)]
    return all(cell.isdigit() or not cell for cell in cells)


def _cell(document: Document, cell: SyntaxTreeNode) -> str:
    return document.math.restore(cell.children[0].content) if cell.children else ""
