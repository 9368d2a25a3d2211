"""What stands below a question without answering it: where it was asked, or the code that it speaks of."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from generator.markup import commonmark
from generator.read.layouts import question_words

Body = tuple[str, str]
"""What stands on a question's front besides its words, and its answer."""
_LABEL = r"[ \t>]*(?:[-*+][ \t]+)?[*_(]{0,3}(?:%s)[*_]{0,2}[ \t]*[:：][*_]{0,2}[ \t]*"
_ASKED = re.compile(
    _LABEL % r"asked (?:at|by|in|on)|(?:asked )?compan(?:y|ies)|frequency|gefragt bei|demandé chez|preguntado en|perguntado em",
    re.IGNORECASE,
)
"""`Asked at: …`"""
ORIGIN_WORDS = "sources?|via|credits?|quelle|fuente|fonte|источник|来源|出处"
_TAKEN_FROM = re.compile(
    _LABEL % f"{ORIGIN_WORDS}|taken from" + r"(?=\S.*(?:\]\(|https?://))",
    re.IGNORECASE,
)
"""`Source: [a page](…)`"""


def without_origins(bodies: Sequence[Body]) -> list[Body]:
    """The bodies; what says no more than where a question was asked or taken from goes to the front.

    Where most questions have nothing but sources below, those are what is to be read as the answer.
    """
    asked = [_says_only(answer, _ASKED) for _, answer in bodies]
    taken = [not known and _says_only(answer, _ASKED, _TAKEN_FROM) for known, (_, answer) in zip(asked, bodies, strict=True)]
    few = 2 * sum(taken) < len(bodies)
    return [
        (f"{front}\n\n{answer}".strip(), "") if known or (few and other) else (front, answer)
        for known, other, (front, answer) in zip(asked, taken, bodies, strict=True)
    ]


def _says_only(text: str, *kinds: re.Pattern[str]) -> bool:
    said = [line for line in text.split("\n") if line.strip()]
    return 0 < len(said) <= 4 and all(any(kind.match(line) for kind in kinds) for line in said)


_SPOKEN_OF = re.compile(
    r"\b(?:following|(?:code|snippet|program|query|commands?|functions?) below|these (?:two |three |four |\d )?\w+s)\b"
    r"|\b(?:folgende\w*|siguientes?|seguintes?|suivante?s?)\b|следующ|以下|下面|下列",
    re.IGNORECASE,
)


def shown_to_front(texts: Sequence[str], bodies: Sequence[Body]) -> list[Body]:
    """The bodies; the one piece of code, or the list of names, that a question speaks of goes to the front."""
    return [
        (answer, "") if answer and not front and _speaks_of_it(text) and _is_shown(answer) else (front, answer)
        for text, (front, answer) in zip(texts, bodies, strict=True)
    ]


_OPEN = re.compile(r"\W*how (?:to|(?:do|would|can|could|should) (?:you|i|we))\b|\W*which\b", re.IGNORECASE)
"""Questions that code, or names taken from a list, may well answer."""


def _speaks_of_it(text: str) -> bool:
    spoken = _SPOKEN_OF.search(text[: question_words.LONGEST]) is not None
    return spoken and _OPEN.match(text) is None and not question_words.instructs(text)


_IN_CODE = re.compile(r"(`{1,3})[^`\n]+\1")
_NAME = re.compile(r"[^\s:.!]+(?: [^\s:.!]+){0,2}")


def _is_shown(text: str) -> bool:
    """Whether a text is one piece of code, or one list with nothing but code or a short name in its items."""
    tokens, _ = commonmark.parse(textwrap.dedent(text))
    outer = [block for block in tokens if block.level == 0 and block.nesting >= 0]
    if len(outer) != 1:
        return False
    if outer[0].type in commonmark.CODE_BLOCKS:
        return True
    words = [block.content for block in tokens if block.type == "inline"]
    listed = outer[0].type in ("bullet_list_open", "ordered_list_open") and len(words) > 1
    return listed and all(_IN_CODE.fullmatch(item) or _NAME.fullmatch(item) for item in words)


_QUESTION_WORD = re.compile(r"(?:what|why|how|when|where|which|who|whose|can|does|do|is|are)\b(?!.*[.:;]\W*$)", re.IGNORECASE)
_ITEM = re.compile(r"[-*+][ \t]+|\d{1,3}[.)][ \t]+")


def further_questions_to_front(bodies: Sequence[Body]) -> list[Body]:
    """The bodies; bullets that each begin with a word of asking, one of them with a question mark, go to the front."""
    return [(answer, "") if answer and not front and _asks_on(answer) else (front, answer) for front, answer in bodies]


def _asks_on(text: str) -> bool:
    said = [line.strip() for line in text.split("\n") if line.strip()]
    items = [_ITEM.sub("", line, count=1).strip("*_ ") for line in said if _ITEM.match(line)]
    if len(items) < max(2, len(said)) or not all(len(item) < 200 and _QUESTION_WORD.match(item) for item in items):
        return False
    return any(question_words.ends_asking(item) for item in items)
