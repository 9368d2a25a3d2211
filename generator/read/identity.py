"""Ids of questions that have none: slugs of their words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from generator.markup.inline import plain_text


def stable_ids(questions: Sequence[tuple[str, str]]) -> list[str]:
    """Ids for (question, body) pairs: the slug of the question, plus a hash of the body where slugs repeat.

    Never a position, so that an inserted question changes no other's id.
    """
    slugs = [slug(text) for text, _ in questions]
    repeated = Counter(slugs)
    ids = []
    for base, (text, body) in zip(slugs, questions, strict=True):
        if repeated[base] > 1 or not base:
            digest = hashlib.sha256(f"{text}\n{body}".encode()).hexdigest()[:8]
            ids.append(f"{base[:55]}-{digest}".lstrip("-"))
        else:
            ids.append(base)
    return ids


def slug(text: str, limit: int = 64) -> str:
    """Lower-case words joined by hyphens, at most `limit` characters, cut at a word.

    Letters outside a-z that have no plain form are left out; where few remain (Chinese, Arabic) the slug
    is a hash of the text.
    """
    plain = plain_text(text)
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", folded.replace("'", ""))
    letters = sum(character.isalnum() for character in plain)
    if sum(map(len, words)) * 2 < letters:
        return "q-" + hashlib.sha256(plain.encode()).hexdigest()[:12]
    result = "-".join(words)
    if len(result) > limit:
        result = result[: limit + 1].rsplit("-", 1)[0][:limit]
        # Two long questions that differ only at their ends must not share a slug.
        result = f"{result[: limit - 9].rstrip('-')}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}"
    return result
