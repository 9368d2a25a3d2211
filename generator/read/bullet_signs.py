"""Lists that word processors and note programs paste as text: `•` in front of each line, often behind a tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

_SIGN = re.compile(r"(?P<indent>[ ]*)[\u2022\u25aa\u25e6\u2023\u2219](?:[ \u00a0]*)(?=\S)")


def with_marks(tokens: Sequence[Token], text: str) -> str:
    """The text with `- ` for each such sign, so that it is the list that its author saw; line numbers stay.

    At the margin all of them lose the indent of the least indented: four columns would make code of a list.
    Takes the text with tabs expanded and its tokens. Fences and HTML stay as they are.
    """
    if not _SIGN.search(text):
        return text
    lines = text.split("\n")
    places = _places(tokens, lines)
    outer = [len(match["indent"]) for number, level in places.items() if level == 0 and (match := _SIGN.match(lines[number]))]
    if len(places) < 2:
        return text
    base = min(outer, default=0)
    for number, level in places.items():
        match = _SIGN.match(lines[number])
        if match:
            indent = len(match["indent"]) - (base if level == 0 else 0)
            lines[number] = f"{' ' * indent}- {lines[number][match.end() :]}"
    return "\n".join(lines)


def _places(tokens: Sequence[Token], lines: Sequence[str]) -> dict[int, int]:
    """The lines in paragraphs and in code by indent that begin with a sign, and the level of the block."""
    return {
        number: block.level
        for block in tokens
        if block.type in ("paragraph_open", "code_block") and block.map
        for number in range(*block.map)
        if number < len(lines) and _SIGN.match(lines[number])
    }
