"""What stands below a question without answering it: where it was asked, or the code that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
