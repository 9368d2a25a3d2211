"""Questions whose answer stands on their own line, behind the question mark: `1. What is X? It is …`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.read.document import Document
from generator.read.layouts import question_labels, question_words
from generator.read.layouts.outline import Found, Outline, SectionMark
from generator.read.layouts.titles import plain_names

_BEHIND = re.compile(r"(?P<question>[^?？]{3,}[?？])\s*(?P<rest>\S.*)", re.DOTALL)


_BOLD = re.compile(
    r"(?P<number>\d{1,4}[.)]\s+)?(?P<question>(?P<mark>\*\*|__)[^*_\n]{3,200}(?P=mark))\s*(?:[-–—:]\s+|(?=\[))(?P<rest>\S.*)",
    re.DOTALL,
)
"""`**What is it?** - It is …`"""
_WHOLLY_BOLD = re.compile(r"(?:\d{1,4}[.)]\s+)?(?P<mark>\*\*|__)[^*\n]{3,200}(?P=mark)\s*")


def _all_bold(found: Sequence[Found], below: Sequence[bool]) -> list[Found]:
    """The questions in bold parted from what stands behind them, where nearly all are written so and most of them ask.

    Those with text `below` may be written as they like.
    """
    matches = [_BOLD.fullmatch(item.text) if len(item.text) <= question_words.LONGEST else None for item in found]
    matches = [None if match and question_labels.label_alone(match["question"]) else match for match in matches]
    parted = [match for match in matches if match]
    written = sum(
        match is not None or not (said or _WHOLLY_BOLD.fullmatch(item.text[: question_words.LONGEST]))
        for item, match, said in zip(found, matches, below, strict=True)
    )
    if len(parted) < 3 or len(parted) < 0.8 * written:
        return list(found)
    if sum(question_words.asks(match["question"].strip("*_")) for match in parted) < 0.6 * len(parted):
        return list(found)
    return [
        replace(item, text=f"{match['number'] or ''}{match['question']}", lead=match["rest"]) if match else item
        for item, match in zip(found, matches, strict=True)
    ]


def split_behind(document: Document, found: Sequence[Found]) -> list[Found]:
    """The questions, parted from what stands behind their question mark where that is how the list gives its answers."""
    borders = [SectionMark(heading.level, heading.text, heading.start, heading.end) for heading in document.headings]
    borders += plain_names(document, found, {mark.start for mark in borders})
    below = Outline(tuple(found), tuple(borders)).said_below(document)
    found = _all_bold(found, below)
    parted = [None if said else _parted(item) for item, said in zip(found, below, strict=True)]
    if sum(item is not None and _DASH.match(item.lead) is not None for item in parted) >= 2:
        parted = [item or (None if said else _dashed(whole)) for item, whole, said in zip(parted, found, below, strict=True)]
        parted = [item and replace(item, lead=_DASH.sub("", item.lead, count=1)) for item in parted]
    behind = sum(item is not None for item in parted)
    if behind < 0.4 * len(found) and behind + sum(below) < 0.7 * len(found):
        return list(found)
    return [item or whole for item, whole in zip(parted, found, strict=True)]


_DASH = re.compile(r"\A[–—-]\s+")
_AFTER_DASH = re.compile(r"(?P<question>[^?？]{3,300}?[.!])\s+[–—-]\s+(?P<rest>\S.*)", re.DOTALL)


def _dashed(found: Found) -> Found | None:
    """A request parted from its answer by a dash ("Explain X. – It is …"), in a list that parts its questions so."""
    match = _AFTER_DASH.fullmatch(found.text) if not found.lead and found.inside is None else None
    return replace(found, text=match["question"], lead=match["rest"]) if match else None


def _parted(found: Found) -> Found | None:
    if len(found.text) > 10 * question_words.LONGEST or found.lead or found.inside is not None:
        return None
    match = _BEHIND.fullmatch(found.text)
    if match is None:
        return None
    question, rest = match["question"], match["rest"].strip()
    words = re.findall(r"\w+", re.sub(r"\]\([^()\s]*\)", "]", rest))
    says = len(words) >= 2 or "$" in rest  # an arrow that links elsewhere says nothing
    open_mark = (
        question.count("**") % 2
        or question.count("`") % 2
        or any(question.count(mark) > question.count(end) for mark, end in ("()", "[]"))
    )
    if not says or open_mark or rest.startswith(("(", "*", "_")) or question_words.asks(rest) or question_words.instructs(rest):
        return None
    return replace(found, text=question, lead=rest)
