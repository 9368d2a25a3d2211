"""The CommonMark parser (markdown-it-py) as GitHub sets it up, with the line of every block."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from generator.markup.placeholders import RESERVED, TOKEN

MAX_NESTING = 600
"""The parser drops what is nested deeper, with all that follows; no text that people write gets there."""
FLATTENED = 40
"""Levels of nesting (a list takes two) from which outputs show text flat; `check` warns."""

# The parser and Python-Markdown recurse a few calls for every level of nesting.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 12_000))

_TAG = re.compile(r"<[^>]*>")
CODE_BLOCKS = frozenset({"fence", "code_block"})
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")


@lru_cache(maxsize=4)
def parser(notes_at_end: bool = False, rewrite: Callable[[str], str] | None = None) -> MarkdownIt:
    """CommonMark with GitHub's tables and strikethrough, and with footnotes.

    `notes_at_end` makes its renderer collect the footnotes; else they stay where they are written. `rewrite` is
    applied to every paragraph's text before its inline elements are parsed.
    """
    markdown = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    markdown.enable(["table", "strikethrough"])
    if rewrite is not None:

        def rewrite_paragraphs(state: StateCore) -> None:
            for block in state.tokens:
                if block.type == "inline":
                    block.content = rewrite(block.content)

        markdown.core.ruler.after("block", "rewrite", rewrite_paragraphs)
    # Every address is parsed as a link; `render/sanitise.py` alone decides which stay.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown.use(footnote_plugin, inline=False, move_to_end=notes_at_end)


def parse(text: str) -> tuple[list[Token], dict[str, object]]:
    """Tokens of the text and the parser's environment (`references` holds the link definitions)."""
    env: dict[str, object] = {}
    return parser().parse(text, env), env


@lru_cache(maxsize=1)
def _block_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").disable(["inline", "text_join"])


def code_lines(text: str) -> set[int]:
    """0-based numbers of the lines that stand in fenced or indented code."""
    return code_lines_of(_block_parser().parse(text))


def code_lines_of(tokens: Sequence[Token]) -> set[int]:
    """0-based numbers of the lines that stand in fenced or indented code, of text that is parsed already."""
    return {line for block in tokens if block.type in CODE_BLOCKS and block.map for line in range(*block.map)}


def inline_tokens(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Every inline token (text, image, link …) with the 0-based line its block starts on."""
    for block in tokens:
        if block.type == "inline" and block.children:
            line = block.map[0] if block.map else 0
            for child in block.children:
                yield child, line
                if child.type in ("softbreak", "hardbreak"):
                    line += 1


def count_cells(row: str) -> int:
    """How many cells a line of a table has."""
    bare = re.sub(r"^[\s>]*\|?|\|?\s*$", "", row)
    return len(re.findall(r"(?<!\\)\|", bare)) + 1


def shown_text(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """Every piece of text that outputs show, code too, with its 0-based line; what stands for a formula is left out."""
    for child, line in inline_tokens(tokens):
        if child.type in ("text", "code_inline"):
            yield RESERVED.sub("", TOKEN.sub("", child.content)), line
    for block in tokens:
        if block.map and block.type in CODE_BLOCKS:
            first = block.map[0] + (block.type == "fence")
            yield from ((text, first + number) for number, text in enumerate(block.content.split("\n")))
        elif block.map and block.type == "html_block":
            yield from ((_TAG.sub("", text), block.map[0] + number) for number, text in enumerate(block.content.split("\n")))


def unclosed_fences(text: str, tokens: Sequence[Token]) -> Iterator[int]:
    """0-based lines of code fences that are never closed."""
    lines = text.split("\n")
    for block in tokens:
        if block.type != "fence" or not block.map:
            continue
        first, end = block.map
        last = lines[min(end, len(lines)) - 1] if end > first + 1 else ""
        closing = _FENCE.match(last)
        if closing is None or not closing[1].startswith(block.markup) or last.strip(" \t>").strip(block.markup[0]):
            yield first
