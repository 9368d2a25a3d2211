"""Block quotes: the quote is the question and what follows its answer, or it holds both, with labels or as a callout."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.read.document import Document
from generator.read.layouts import answer_words, header_words, noise, question_labels, question_words
from generator.read.layouts.callouts import Callout, callout
from generator.read.layouts.outline import Found, Outline, strongly_labelled
from generator.read.layouts.titles import sections_of

_MARK = re.compile(r"^[ \t]{0,3}>[ ]?")
_LONG = 8
"""Words of a callout's title that describe a case rather than name a topic."""


def quotes(document: Document) -> Outline:
    """Outermost block quotes whose first line asks or is labelled, and callouts that say that they ask."""
    found = _without_tail(document, list(_quotes(document)))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _without_tail(document: Document, found: list[Found]) -> list[Found]:
    """The questions; where nothing stands in or below any but the last, what follows that one is no answer either."""
    borders = sorted([*(item.start for item in found[1:]), *(heading.start for heading in document.headings)])
    below = []
    for item in found:
        position = bisect_left(borders, item.end)
        stop = borders[position] if position < len(borders) else len(document.lines)
        below.append(any(not noise.is_noise(line) for line in document.lines[item.end : stop]))
    plain = [said for item, said in zip(found, below, strict=True) if item.inside is None]
    bare = len(plain) >= 3 and found[-1].inside is None and plain[-1] and not any(plain[:-1])
    return [*found[:-1], replace(found[-1], stop=found[-1].end)] if bare else found


def labelled_on_both_sides(found: Found) -> bool:
    """Whether a quote holds a question and its answer, each with its label."""
    inside = (found.inside or "").lstrip()
    return strongly_labelled(found) and answer_words.answer_label(inside.split("\n")[0]) > 0


def _quotes(document: Document) -> Iterator[Found]:
    for block in document.tokens:
        if block.type != "blockquote_open" or block.level != 0 or not block.map:
            continue
        start, end = block.map
        lines = [_MARK.sub("", line) for line in document.lines[start:end]]
        while lines and not lines[-1].strip():
            lines.pop()
        first = next((number for number, line in enumerate(lines) if line.strip()), None)
        if first is None:
            continue
        kind = callout(document.lines[start + first])
        if kind is not None:
            yield from _of_callout(kind, lines, start, end)
        elif not _is_quotation(document.lines[:start]):
            borders = _borders(lines, first)
            for begin, stop in zip(borders, [*borders[1:], len(lines)], strict=True):
                last = end if stop == len(lines) else start + stop
                yield from _of_quote(lines[begin:stop], start + begin, last)


def _is_quotation(before: Sequence[str]) -> bool:
    """Whether the line above a quote announces it, as inside an answer."""
    above = next((line for line in reversed(before) if line.strip()), "")
    asks = question_words.asks(above) or header_words.LISTED.search(above[: question_words.LONGEST]) is not None
    return above.rstrip(" *_").endswith((":", "：")) and not asks


def _borders(lines: list[str], first: int) -> list[int]:
    """The lines of a quote that begin a question: those with a label where there are several, else its first."""
    labelled = [
        number
        for number, line in enumerate(lines)
        if line.strip() and strongly_labelled(Found(line.strip(), number, number + 1))
    ]
    answered = sum(answer_words.answer_label(line) > 0 for line in lines)
    several = len(labelled) >= 2 and answered >= 0.5 * len(labelled) and labelled[0] == first
    return labelled if several else [first]


def _of_quote(lines: list[str], start: int, end: int) -> Iterator[Found]:
    count = 1
    text = lines[0].strip()
    while count < len(lines) and lines[count].strip() and not _ended(text) and not answer_words.answer_label(lines[count]):
        text = f"{text} {lines[count].strip()}"
        count += 1
    cleaned = question_labels.clean(re.sub(r"^#{1,6}\s+", "", text))
    if not (question_words.asks(cleaned.text) or cleaned.label) or answer_words.answer_label(text):
        return
    rest = "\n".join(lines[count:]).strip("\n")
    yield Found(text, start, end, stop=end, inside=rest) if rest.strip() else Found(text, start, end)


def _of_callout(kind: Callout, lines: list[str], start: int, end: int) -> Iterator[Found]:
    """The question of a callout: its title, or the first paragraph below a title that only names it."""
    cleaned = question_labels.clean(kind.title)
    if not kind.asks:
        if not kind.answers and question_words.asks(cleaned.text):
            yield from _of_quote([kind.title, *lines[1:]], start, end)
        return
    text, rest = kind.title, lines[1:]
    if not (question_words.asks(cleaned.text) or cleaned.label or len(re.findall(r"\w+", kind.title)) >= _LONG):
        while rest and not rest[0].strip():
            rest = rest[1:]
        count = next((number for number, line in enumerate(rest) if not line.strip() or line.startswith(">")), len(rest))
        text, rest = " ".join(line.strip() for line in rest[:count]), rest[count:]
        if not question_labels.asks(text) or len(text) > question_words.LONGEST or re.match(r"\||[-*+] |\d+[.)] ", text):
            return
    inside = "\n".join(rest).strip("\n")
    found = Found(text, start, end, stop=end, inside=inside, sure=True)
    yield found if inside.strip() else Found(text, start, end, sure=True)


def _ended(text: str) -> bool:
    return text.rstrip(" *_").endswith(("?", "？", "؟"))
