"""A table with a column of questions and one of answers, or with questions only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.tree import SyntaxTreeNode

from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import clues
from generator.read.layouts.outline import Found, Outline
from generator.read.layouts.titles import sections_of

_QUESTION_HEAD = re.compile(
    r"\W*(?:interview )?(?:questions?|q|ques|pregunta|frage|вопрос|问题|問題|prompt|front)\b.*", re.IGNORECASE
)
_ANSWER_HEAD = re.compile(
    rf"\W*(?:(?:short |sample |model |suggested )?(?:{clues.ANSWER_WORDS})|a|back|details?|description)\b.*", re.IGNORECASE
)


def tables(document: Document) -> Outline:
    """The rows of tables whose head names questions."""
    found = list(_rows(document))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _rows(document: Document) -> Iterator[Found]:
    if not any(block.type == "table_open" for block in document.tokens):
        return
    for node in SyntaxTreeNode(document.tokens).walk():
        if node.type == "table":
            yield from _table(document, node)


def _table(document: Document, node: SyntaxTreeNode) -> Iterator[Found]:
    rows = [row for part in node.children for row in part.children]
    if len(rows) < 2:
        return
    head = [plain_text(_cell(document, cell)) for cell in rows[0].children]
    question = next((number for number, name in enumerate(head) if _QUESTION_HEAD.fullmatch(name)), None)
    answer = next((number for number, name in enumerate(head) if number != question and _ANSWER_HEAD.fullmatch(name)), None)
    if question is None:
        return
    for row in rows[1:]:
        cells = [_cell(document, cell) for cell in row.children]
        if row.map and question < len(cells) and cells[question].strip():
            text = (
                re.sub(r"<br\s*/?>", "\n", cells[answer], flags=re.IGNORECASE)
                if answer is not None and answer < len(cells)
                else ""
            )
            yield Found(cells[question], row.map[0], row.map[1], stop=row.map[1], inside=text)


def _cell(document: Document, cell: SyntaxTreeNode) -> str:
    return document.math.restore(cell.children[0].content) if cell.children else ""
