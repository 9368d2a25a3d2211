"""Code spans, HTML tags and `==marks==` in the text of one paragraph, found in one pass.

Works on text whose formulas are tokens already (`math_spans`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from generator.markup import math_spans
from generator.markup.placeholders import MARK_CLOSE, MARK_HINT, MARK_OPEN, TOKEN, token

_TAG = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?"
    r"|/[A-Za-z][A-Za-z0-9-]*\s*)>"
    r"|<!--.*?-->|<\?.*?\?>|<![A-Z]+\s[^>]*>|<!\[CDATA\[.*?\]\]>",
    re.DOTALL,
)
"""Raw inline HTML, https://spec.commonmark.org/0.31.2/#raw-html"""
_SPECIAL = re.compile(r"\\.|`+|<", re.DOTALL)
_MARK = re.compile(r"==(?=[^\s=])((?:(?!==)[^\n]|\n(?!\n))*?)(?<=[^\s=])==(?!=)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A `==marked==` stretch of a key point."""

    text: str
    hint: str | None


class Stash:
    """Pieces put aside under tokens `c<number>` (code spans) and `h<number>` (HTML tags)."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def put(self, kind: str, piece: str) -> str:
        """Keep the piece and return its token."""
        self.pieces.append(piece)
        return token(kind, len(self.pieces) - 1)


def put_aside(text: str, stash: Stash) -> str:
    """The paragraph's text with code spans and HTML tags replaced by tokens kept in `stash`."""
    pieces: list[str] = []
    position = 0
    closers: dict[int, list[int]] | None = None
    while special := _SPECIAL.search(text, position):
        start, found = special.start(), special[0]
        pieces.append(text[position:start])
        position = special.end()
        if found[0] == "`":
            if closers is None:
                closers = _backtick_runs(text)
            end = _next_run(closers, len(found), position)
            if end >= 0:
                pieces.append(stash.put("c", code_text(text[position:end])))
                position = end + len(found)
                continue
        elif found == "<" and (tag := _TAG.match(text, start)):
            pieces.append(stash.put("h", tag[0]))
            position = tag.end()
            continue
        pieces.append(found)
    pieces.append(text[position:])
    return "".join(pieces)


def code_text(source: str) -> str:
    """What a code span shows: line ends become blanks, one blank is stripped at both ends."""
    shown = source.replace("\n", " ")
    if len(shown) > 2 and shown[0] == shown[-1] == " " and shown.strip():
        return shown[1:-1]
    return shown


def _backtick_runs(text: str) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = {}
    for match in re.finditer("`+", text):
        runs.setdefault(len(match[0]), []).append(match.start())
    for starts in runs.values():
        starts.reverse()
    return runs


def _next_run(runs: dict[int, list[int]], length: int, position: int) -> int:
    starts = runs.get(length, [])
    while starts and starts[-1] < position:
        starts.pop()
    return starts[-1] if starts else -1


def replace_marks(text: str, replace: Callable[[Mark], str]) -> str:
    """The text with each `==mark==` or `==mark|hint==` replaced; code must be put aside before."""
    if "==" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        marked, _, hint = match[1].partition("|")
        return replace(Mark(marked.strip() or match[1], hint.strip() or None))

    return _MARK.sub(one, text)


def marks_of(text: str) -> tuple[Mark, ...]:
    """The marks of a piece of inline Markdown, those in code left out."""
    found: list[Mark] = []

    def remember(mark: Mark) -> str:
        found.append(mark)
        return ""

    replace_marks(put_aside(math_spans.put_aside(text).text, Stash()), remember)
    return tuple(found)


def tokenize_marks(text: str) -> str:
    """The text with marks fenced by private-use characters that both Markdown libraries leave alone."""
    return replace_marks(text, lambda mark: MARK_OPEN + mark.text + (MARK_HINT + mark.hint if mark.hint else "") + MARK_CLOSE)


def plain_text(markdown: str) -> str:
    """Roughly the words of inline Markdown: for headings, bookmarks and messages."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(\*\*|__|~~|==|`|(?<![\w\\])[*_]|[*_](?!\w))", "", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    text = re.sub(r"<[^<>]+>", "", text)
    return " ".join(TOKEN.sub("", text).split())
