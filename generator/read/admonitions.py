"""MkDocs admonitions as block quotes with a callout, so that one reader does for both ways to write them.

`!!! note "Title"` and `??? question "Title"` with a body indented by four become `> [!question]- Title` with a quoted
body: line for line, so that places in messages stay true. Without this the body is a code block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from generator.read.layouts.callouts import answers_kind, asks_kind

_OPENING = re.compile(
    r"(?P<sign>!!!|\?\?\?\+?)[ ]+(?P<kind>[A-Za-z][\w-]*)(?:[ ]+[A-Za-z][\w-]*)*"
    r"(?:[ ]+\"(?P<title>.*)\")?[ ]*(?:\{[^{}]*\})?[ ]*"
)
_FENCE = re.compile(r"(`{3,}|~{3,})")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ ]")
_INDENT = 4


@dataclass
class _State:
    """Where in the document a line stands."""

    indents: list[int] = field(default_factory=list)
    """Of the admonitions that are open, outermost first."""
    fence: str = ""
    fence_depth: int = 0
    in_list: bool = False


def as_callouts(text: str) -> str:
    """The text with admonitions written as callouts; as many lines as before."""
    if "!!! " not in text and "???" not in text:
        return text
    lines = text.split("\n")
    following = _following_indents(lines)
    state = _State()
    return "\n".join(_line(line, following[number], state) for number, line in enumerate(lines))


def _following_indents(lines: list[str]) -> list[int]:
    """For each line the indent of the next one that is not blank; -1 at the end."""
    indents = [-1] * len(lines)
    following = -1
    for number in range(len(lines) - 1, -1, -1):
        indents[number] = following
        if lines[number].strip():
            following = _indent(lines[number])
    return indents


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line(line: str, following: int, state: _State) -> str:
    blank = not line.strip()
    reach = following if blank else _indent(line)
    while state.indents and reach < state.indents[-1] + _INDENT:
        state.indents.pop()
    if len(state.indents) < state.fence_depth:
        state.fence, state.fence_depth = "", 0  # its container has ended
    prefix, base = _prefix(state.indents)
    if blank:
        return prefix.rstrip()
    rest = line[base:]
    if state.fence:
        if rest.strip().startswith(state.fence) and not rest.strip().strip(state.fence[0]):
            state.fence, state.fence_depth = "", 0
        return prefix + rest
    fence = _FENCE.match(rest.lstrip(" "))
    if fence:
        state.fence, state.fence_depth = fence[1], len(state.indents)
        return prefix + rest
    own = _indent(rest)
    if _ITEM.match(rest.lstrip(" ")) and own < _INDENT:
        state.in_list = True
    elif own == 0 and not state.indents:
        state.in_list = False
    opening = _OPENING.fullmatch(rest.strip()) if own == 0 or state.in_list else None
    if opening is None or following < base + own + _INDENT:
        return prefix + rest
    state.indents.append(base + own)
    return f"{prefix}{' ' * own}> {_callout(opening)}"


def _prefix(indents: list[int]) -> tuple[str, int]:
    """What stands before a line inside the open admonitions, and how many characters of the line it replaces."""
    prefix, base = "", 0
    for indent in indents:
        prefix += " " * (indent - base) + "> "
        base = indent + _INDENT
    return prefix, base


def _callout(opening: re.Match[str]) -> str:
    """The first line of the quote: a callout where its kind says that it asks or answers, else the title in bold."""
    kind, title = opening["kind"].lower(), (opening["title"] or "").strip()
    if asks_kind(kind) or answers_kind(kind, title):
        fold = {"???": "-", "???+": "+"}.get(opening["sign"], "")
        return f"[!{kind}]{fold} {title}".rstrip()
    return f"**{title or kind.capitalize()}**  "
