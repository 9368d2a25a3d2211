"""HTML that swallows what follows, tables that are none, lost list marks and sentences cut in two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_block.html_block import HTML_SEQUENCES
from markdown_it.token import Token

from generator.markup import commonmark
from generator.model import Problem
from generator.read.faults.view import View
from generator.read.layouts import answer_words, tables

_UNTIL_CLOSED = 5
"""The first so many kinds of HTML blocks end at what closes them, the others at a blank line.
https://spec.commonmark.org/0.31.2/#html-blocks"""
_DETAILS = re.compile(r"<(/?)details\b[^<>]*>", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S")
_DASHES = re.compile(r"\|?:?-+:?(?:\|:?-+:?)*\|?")
_GOES_ON = re.compile(r"[a-z][a-z'’-]*,? [a-z]")
_HEADLESS = re.compile(r"(?!etc|eg|ie|vs)[a-z]{3,}\. [A-Z][a-z]")
_FILLED = 80
"""A paragraph of so many characters that ends without a full stop was cut, a shorter one may be an item."""


def html_blocks(view: View) -> Iterator[Problem]:
    """HTML that is never closed, or hides a heading because no blank line stands between."""
    for block in view.document.tokens:
        if block.type != "html_block" or not block.map:
            continue
        first, end = block.map
        kind = next((number for number, entry in enumerate(HTML_SEQUENCES) if entry[0].search(block.content.lstrip(" "))), None)
        if kind is not None and kind < _UNTIL_CLOSED:
            if not HTML_SEQUENCES[kind][1].search(block.content):
                opening = block.content.split()[0][:20]
                message = f"{opening} is never closed, so all down to line {end} is left out"
                yield view.warning(first, "html-block", message, "close it")
        else:
            for number in range(first, end):
                if _HEADING.match(view.source(number)):
                    message = f"the HTML on line {first + 1} swallows this heading"
                    yield view.warning(number, "html-block", message, "put a blank line above the heading")
                    break
    yield from _open_folds(view)


def _open_folds(view: View) -> Iterator[Problem]:
    opened: list[int] = []
    for token, line in _html(view.document.tokens):
        for match in _DETAILS.finditer(token.content):
            if not match[1]:
                opened.append(line + token.content.count("\n", 0, match.start()))
            elif opened:
                opened.pop()
    for line in opened:
        yield view.warning(line, "html-block", "<details> is never closed", "close it with </details>")


def _html(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    for block in tokens:
        if block.type == "html_block" and block.map:
            yield block, block.map[0]
        elif block.type == "inline":
            yield from ((token, line) for token, line in commonmark.inline_tokens([block]) if token.type == "html_inline")


def broken_tables(view: View) -> Iterator[Problem]:
    """Paragraphs that were meant as tables: the line of dashes is missing or does not fit the head."""
    for first, token in view.paragraphs():
        if "|" not in token.content:
            continue
        lines = token.content.split("\n")
        dashes = next(
            (n for n, line in enumerate(lines) if n and "|" in line and _DASHES.fullmatch("".join(line.split()))), None
        )
        if dashes is not None and "|" in lines[dashes - 1]:
            head, below = (commonmark.count_cells(lines[number]) for number in (dashes - 1, dashes))
            message = f"the table's head has {head} cells and the line of dashes {below}, so no table is shown"
            yield view.warning(first + dashes - 1, "broken-table", message, "give both the same number of cells")
        elif len(lines) > 1 and dashes is None and all(_is_row(line.strip()) for line in lines):
            message = "the table has no line of dashes below its head, so no table is shown"
            yield view.warning(first, "broken-table", message, "add a line such as |---|---|")


def _is_row(line: str) -> bool:
    return line.startswith("|") and line.endswith("|") and line.count("|") > 2


def stray_markers(view: View) -> Iterator[Problem]:
    """List marks without an item, items without a mark, and list marks in headings."""
    tokens = view.document.tokens
    for position, block in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if following is None or not block.map:
            continue
        line = block.map[0]
        if block.type == "list_item_open" and following.type == "list_item_close":
            yield view.warning(line, "stray-marker", "list item is empty", "fill or remove it")
        elif block.type == "paragraph_open" and re.match(r"[.)] +\w", following.content):
            message = f'paragraph begins with a lone "{following.content[0]}"'
            yield view.warning(line, "stray-marker", message, "restore the number before it, or remove it")
        elif block.type == "heading_open" and re.match(r"(?:\*\*|__)?[-*+•] +\w", following.content):
            yield view.warning(line, "stray-marker", "heading begins with the mark of a list", "remove the mark")


def second_labels(view: View) -> Iterator[Problem]:
    """Answers that begin with a label once more: `- Answer:`, and below it `**Answer:**`."""
    for question in view.questions:
        for part in question.answer[:1]:
            first = part.markdown.lstrip("\n").split("\n")[0]
            if answer_words.answer_label(first) == len(first) and re.search(r"[^\W\d_]{2}", first):  # "(a)" is an option
                message = f'answer begins with a second label "{first.strip()}"'
                yield view.warning(part.place.line - 1, "stray-marker", message, "remove one of the two")


def cut_sentences(view: View) -> Iterator[Problem]:
    """Sentences that a blank line cuts in two, as conversion from pages leaves them."""
    before = ""
    opened = ""
    for token in view.document.tokens:
        if token.type == "inline" and opened == "paragraph_open":
            line = token.map[0] if token.map else 0
            if _HEADLESS.match(token.content) and token.level == 1:
                message = f'"{_begin(token)}" has lost the beginning of its sentence'
                yield view.warning(line, "cut-sentence", message, "restore it, or remove the rest")
            elif len(before) >= _FILLED and re.search(r"[^\W_],?$", before) and _GOES_ON.match(token.content):
                message = f'"{_begin(token)}" goes on a sentence above the blank line'
                yield view.warning(line, "cut-sentence", message, "join the two paragraphs")
            before = token.content.rstrip()
        elif token.nesting >= 0 and token.type not in ("paragraph_open", "inline"):
            before = ""
        opened = token.type


def _begin(token: Token) -> str:
    line = token.content.split("\n")[0]
    return line if len(line) <= 40 else line[:37] + "..."


def lost_characters(view: View) -> Iterator[Problem]:
    """Lines that hold U+FFFD, the sign for a character that an earlier conversion could not read."""
    for _, token in view.paragraphs():
        for child, line in commonmark.inline_tokens([token]):
            if child.type == "text" and "\ufffd" in child.content:
                message = "the line holds \ufffd in the place of a character that was lost"
                yield view.warning(line, "mojibake", message, "write the right character")


def left_out_columns(view: View) -> Iterator[Problem]:
    """Columns of question tables that go with no answer, and so are shown nowhere."""
    if view.layout == "tables":
        for line, name in tables.columns_left_out(view.document):
            message = f'column "{name}" stands in rows without an answer, where it is left out'
            yield view.warning(line, "lost-text", message, "write the answers, or keep it in the question")
