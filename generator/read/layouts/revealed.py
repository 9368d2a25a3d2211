"""A paragraph is the question because its answer is hidden right below it: in a fold or a callout that says "Answer"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from generator.markup.commonmark import CODE_BLOCKS
from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import answer_words, callouts, question_words
from generator.read.layouts.elements import folds, one_line, source_of
from generator.read.layouts.outline import Found, Outline
from generator.read.layouts.titles import sections_of

_BESIDE = (*CODE_BLOCKS, "bullet_list_open", "ordered_list_open", "table_open")
"""What may stand between a question and its answer: code, options, data."""
_HINT = re.compile(r"\W*(?:hints?|note|tip)\b\W", re.IGNORECASE)


def revealed(document: Document) -> Outline:
    """Paragraphs with nothing but code, options and hints between them and a hidden answer."""
    found = list(_found(document))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _found(document: Document) -> Iterator[Found]:
    reveals = _reveals(document)
    if not reveals:
        return
    above: list[Token] = []
    for block in document.tokens:
        if block.level != 0 or block.nesting < 0 or not block.map:
            continue
        if reveals.isdisjoint(range(*block.map)):
            above = [] if block.type in ("heading_open", "hr") else [*above[-7:], block]
        else:
            question = _question(document, above)
            if question is not None and question.map:
                start, end = question.map
                text = " ".join(line.strip() for line in document.lines[start:end])
                yield Found(text, start, end, sure=True)
            above = []


def _reveals(document: Document) -> set[int]:
    """The lines at the margin on which a hidden answer begins."""
    lines = {number for number, line in enumerate(document.lines) if line.startswith(">") and callouts.is_answer(line)}
    if any("<details" in line.lower() for line in document.lines):
        for fold in folds(source_of(document)):
            if fold.depth == 0 and answer_words.says_here_is_the_answer(
                plain_text(one_line(fold.summary[: question_words.LONGEST]))
            ):
                lines.add(fold.start)
    return lines


def _question(document: Document, above: list[Token]) -> Token | None:
    """The paragraph that the blocks right above an answer belong to."""
    for block in reversed(above):
        if block.type in _BESIDE:
            continue
        if block.type != "paragraph_open" or not block.map:
            return None
        line = document.lines[block.map[0]]
        if _HINT.match(line):
            continue
        text = " ".join(document.lines[block.map[0] : block.map[1]])
        usable = (
            len(text) <= question_words.LONGEST
            and not answer_words.answer_label(line)
            and not line.startswith(("|", "<", "!["))
        )
        return block if usable else None
    return None
