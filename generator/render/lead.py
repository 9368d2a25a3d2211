"""The sentence that opens an answer, for where only one line of it fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from generator.markup import commonmark
from generator.markup.inline import plain_text
from generator.model import Question
from generator.render.markdown import EMPTY_HTML, Rendered, inline_html

SHORTEST, LONGEST = 40, 260
"""Characters: a sentence below (such as "Yes.") takes the next one along, one above is not taken where another is."""

_ATOM = re.compile(r"`[^`]+`|\$\$?[^$]+\$\$?|\*\*.+?\*\*|\[[^\]]*\]\([^)]*\)|==.+?==")
"""What no sentence ends in: code, formulas, bold text, links, marks."""
_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？]")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|al|fig|no|dr|mr|ms|z\.b|d\.h|bzw)|\b[A-Z])$", re.IGNORECASE)


def lead(question: Question) -> Rendered:
    """The first sentence of the 30-second answer; without one of a key point (a marked one first), then of the answer."""
    candidates = [sentence for text in _texts(question) if (sentence := first_sentence(text))]
    if not candidates:
        return EMPTY_HTML
    chosen = next((text for text in candidates if _says_something(text)), min(candidates, key=len))
    return inline_html(chosen, question.definitions)


def _says_something(sentence: str) -> bool:
    """True for a sentence that stands alone: not too long, no mere announcement of a list, no address."""
    text = plain_text(sentence)
    return len(text) <= LONGEST and not text.endswith((":", "：")) and "://" not in text


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph of Markdown, with the following ones while it is very short."""
    text = " ".join(text.split())
    masked = _ATOM.sub(lambda match: "x" * len(match[0]), text)
    for end in _END.finditer(masked):
        following = masked[end.end() :].lstrip()[:1]
        if _ABBREVIATED.search(masked[: end.start()]) or following.islower():
            continue
        if len(plain_text(text[: end.end()])) >= SHORTEST:
            return text[: end.end()]
    return text


def _texts(question: Question) -> Iterator[str]:
    if question.short:
        yield from _paragraphs(question.short.markdown)
    points = [point.markdown for point in question.key_points]
    yield from sorted(points, key=lambda point: "==" not in point)
    for part in question.answer:
        yield from _paragraphs(part.markdown)


def _paragraphs(markdown: str) -> Iterator[str]:
    """The text of the first paragraph or list item, and of the next ones."""
    tokens = commonmark.parse(markdown)[0]
    for before, token in pairwise(tokens):
        if token.type == "inline" and before.type == "paragraph_open" and not token.content.startswith(("!", "$$")):
            yield token.content
