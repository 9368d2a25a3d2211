"""Bold and formulas whose delimiters have no partner, outside code."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from markdown_it.token import Token

from generator.markup import commonmark, inline
from generator.markup.placeholders import TOKEN
from generator.model import Problem
from generator.read.faults.view import View

CODE = "unbalanced"
_NEAR = 1000
"""So many characters around a delimiter are looked at, so that the time stays linear."""
_OTHER = "\ufffc"
"""Stands for what is no text: code, an image."""
_STARS = re.compile(r"\*{2,}")
_ARGUMENT = re.compile(r"(?:kwargs?|kwds?|options|opts|params|argv|args|dict|config)\b|[a-z_]\w*\s*[),}]")
_C_TYPE = re.compile(r"\b(?:char|int|void|float|double|long|const|struct \w+|\w+_t)\s*$")
_TEX = re.compile(r"\\[A-Za-z]{2,}|[\^_][{\w]|[\w)}]\s*=\s*[\w\\({]")
_OPENER = re.compile(r"\\(?:\\|[(\[]|.)|\$+", re.DOTALL)


def unbalanced(view: View) -> Iterator[Problem]:
    """`**` that Markdown leaves as stars, and `$$`, `\\(`, `\\[` and `$\\…` that begin no formula."""
    for first, token in view.paragraphs():
        if "**" in token.content:
            lines = {first + line for line in _literal_stars(token)}
            for line in sorted(lines):
                message = "** has no partner or a blank on its inside, so stars are shown instead of bold"
                yield view.warning(line, CODE, message, "close the bold next to its last word; write stars as \\*\\*")
        if "\\" in token.content or "$" in token.content:
            for line, delimiter in _lone_math(token.content):
                message = f"{delimiter} begins no formula, since it is not closed in the same paragraph"
                yield view.warning(first + line, CODE, message, "close it, and leave no blank line inside")


def _literal_stars(token: Token) -> Iterator[int]:
    """Lines, counted from the paragraph's first, of stars that are shown but were meant as bold."""
    shown = _shown(token)
    line_of = _lines(shown)
    runs = list(_STARS.finditer(shown))
    for run in runs:
        if _means_bold(shown, run.start(), run.end(), len(runs) > 1):
            yield line_of(run.start())


def _shown(token: Token) -> str:
    """The paragraph as shown, with stars only where they are shown as such and not escaped."""
    children = token.children or []
    if "\\*" in token.content:
        parsed = commonmark.parser().parseInline(token.content.replace("\\*", _OTHER))
        children = parsed[0].children or [] if parsed else []
    pieces = {"softbreak": "\n", "hardbreak": "\n", "code_inline": _OTHER, "image": _OTHER}
    return "".join(child.content if child.type == "text" else pieces.get(child.type, "") for child in children)


def _means_bold(text: str, start: int, end: int, among_others: bool) -> bool:
    """Whether stars were meant as bold: no power (`2**3`, `2 ** 3`), argument (`**kwargs`), pattern or rule of stars."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if end - start > 4:
        return False
    if not before.strip() and not after.strip():
        at_edge = before in ("", "\n") or after in ("", "\n")
        return at_edge and among_others
    if before == "/" or after in ("/", "="):
        return False
    if (before.isalnum() or before in ("_", ")", "]", _OTHER)) and (after.isalnum() or after in ("_", "(", "-", _OTHER)):
        return False
    opens = not before.strip() or before in "([{,"
    return not (opens and (_ARGUMENT.match(text, end) or _C_TYPE.search(text[max(0, start - _NEAR) : start])))


def _lines(text: str) -> Callable[[int], int]:
    """What gives the 0-based line of a position."""
    ends = [match.start() for match in re.finditer("\n", text)]
    return lambda position: bisect_left(ends, position)


def _lone_math(content: str) -> Iterator[tuple[int, str]]:
    """Line and delimiter of what looks like the beginning of a formula; whole formulas are tokens here already."""
    bare = inline.put_aside(content, inline.Stash())
    line_of = _lines(bare)
    for match in _OPENER.finditer(bare):
        delimiter = match[0]
        rest = bare[match.end() : match.end() + _NEAR]
        if (
            (delimiter in ("\\(", "\\[") and _opens_formula(rest, delimiter))
            or (delimiter == "$$" and _opens_display(bare, match.start(), match.end()))
            or (delimiter == "$" and re.match(r"\\[A-Za-z]{2,}", rest))
        ):
            yield line_of(match.start()), delimiter


def _opens_formula(rest: str, delimiter: str) -> bool:
    """Whether `\\(` or `\\[` opens a formula, rather than keeping a bracket from being one of Markdown's."""
    plain = ")" if delimiter == "\\(" else "]"
    inside, closed, _ = rest.partition(plain)
    return not closed or _TEX.search(TOKEN.sub("", inside)) is not None


def _opens_display(text: str, start: int, end: int) -> bool:
    """Whether `$$` stands as a delimiter does, not as a price class between blanks or the end of a sentence."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in ("", "\n") or (after in ("", "\n") and _TEX.search(text[max(0, start - _NEAR) : start])):
        return True
    return bool(after.strip()) and (after.isalnum() or after in "\\({[|-")
