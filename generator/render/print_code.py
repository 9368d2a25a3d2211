"""Blocks of code as print wants them: lines that can be broken, show it, and keep their indent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

LONG_LINE = 40
"""Only code lines of more characters can reach the edge of a page and need the mark of a broken line."""
FULL_LINE, FINE_LINE = 78, 91
"""Characters of code that fit on a line of a guide on A4, and in the smaller size."""
LONG_WORD, LONGEST_WORD = 24, 48
"""Words of code with more characters may be broken: the first behind a sign of `BREAK_BEHIND`, the second anywhere."""
BREAK_BEHIND = dict.fromkeys("([{,;/=|&", 2) | dict.fromkeys("_.:-", LONG_WORD)
"""How many characters of the word there must be up to the sign."""
MOST_BLANK = 3
"""Blank lines that are shown of more."""
MOST_INDENT = 24
"""Characters of indent that the further rows of a broken line of code keep at most."""

_CODE = re.compile(r'<pre class="code"([^>]*)><code>(.*?)</code></pre>', re.DOTALL)
TAG_OR_ENTITY = re.compile(r"<[^>]*>|&[#\w]+;")
_PIECE = re.compile(r"<[^>]*>|&[#\w]+;|.")


def printed_code(text: str) -> str:
    """HTML whose blocks of code have an element around each line, and are set smaller where all lines fit then.

    A line that is broken can show it by that. Blank lines become room above the next line, which is left out at the top
    of a page.
    """
    return _CODE.sub(_code, text)


def _code(match: re.Match[str]) -> str:
    lines = match[2].removesuffix("\n").split("\n")
    texts = [_shown(line) for line in lines]
    longest = max(map(len, texts))
    fine = " fine" if FULL_LINE < longest <= FINE_LINE else ""
    shown: list[str] = []
    gap = 0
    for line, text in zip(lines, texts, strict=True):
        if not line.strip() and shown:
            gap = min(gap + 1, MOST_BLANK)
            continue
        shown.append(_line(line, text, gap))
        gap = 0
    return f'<pre class="code{fine}"{match[1]}><code>{"".join(shown)}</code></pre>'


def _line(line: str, text: str, gap: int) -> str:
    long = len(text) > LONG_LINE
    style = [f"--gap: {gap}"] if gap else []
    style += [f"--indent: {min(len(text) - len(text.lstrip(' ')), MOST_INDENT)}"] if long else []
    names = "line" + " gap" * bool(gap) + " long" * long
    return f'<span class="{names}"{_style(style)}>{_breakable(line) if long else line or " "}</span>'


def _style(rules: Sequence[str]) -> str:
    return f' style="{"; ".join(rules)}"' if rules else ""


def _shown(line: str) -> str:
    """A line of highlighted code as it is read; an `x` stands for each entity."""
    return TAG_OR_ENTITY.sub(lambda match: "x" if match[0][0] == "&" else "", line)


def _breakable(line: str) -> str:
    """Highlighted code with places to break its long words: WeasyPrint breaks no word that several elements share."""
    pieces = _PIECE.findall(line)
    signs = [piece for piece in pieces if piece[0] != "<"]
    lengths = [len(word) for _, run in groupby(signs, str.isspace) for word in [list(run)] for _ in word]
    broken, since, sign = [], 0, 0
    for piece in pieces:
        broken.append(piece)
        if piece[0] == "<":
            continue
        since = 0 if piece.isspace() else since + 1
        if lengths[sign] > LONG_WORD and since >= BREAK_BEHIND.get(piece, LONGEST_WORD):
            broken.append("<wbr>")
            since = 0
        sign += 1
    return "".join(broken)
