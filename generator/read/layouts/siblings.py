"""Headings that are questions by what stands around them: by the count, or by those before and after them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from generator.read.document import Document
from generator.read.layouts import cards, header_words, noise, question_words
from generator.read.layouts.candidates import Candidate
from generator.read.layouts.titles import about_interviews, is_list_by_name

_COUNT = re.compile(
    r"\W*(?:(?P<chinese>[一二三四五六七八九十]{1,3})[、.．]|(?P<roman>[IVX]{1,5})[.)]|(?P<digit>\d{1,3})[.)、])"
)
_LONGEST_TOPIC = 60
_SENTENCE = re.compile(r"[ \t]*(?:\*\*|__|`)?(?!\d{1,3}[.)]\s)[^\W_].*(?:[.!:。！：；;]|.{60})[\s*_]*$")


def by_their_place(document: Document, candidates: Sequence[Candidate], level: int, marked: bool) -> set[int]:
    """Lines of the headings that are questions for that, where `level` is the questions' level.

    Where they have labels such as `Q1` (`marked`), a topic without one is none.
    """
    topics = set(_topics_between(document, candidates, level))
    listed = is_list_by_name(document) or about_interviews(document)
    if listed and not marked and not cards.has_cards(document):
        topics |= _topics_among(document, candidates, level)
        topics |= _built_alike(document, candidates, level)
    counted = {*in_gaps(candidates, level), *_counted_above(candidates, level)}
    return {*counted, *topics, *_behind_rules(document, candidates, level)}


def in_gaps(candidates: Sequence[Candidate], level: int) -> Iterator[int]:
    """Deeper headings that ask and whose numbers fill a gap of the questions' count up to its end: 2, then 3 to 6, then 7."""
    run: list[Candidate] = []
    last: int | None = None
    for item in candidates:
        if not item.labelled or item.number is None:
            continue
        if item.level == level:
            if last is not None and run and last < (run[0].number or 0) and (run[-1].number or 0) + 1 == item.number:
                yield from (other.heading.start for other in run)
            run, last = [], item.number
        elif item.level > level:
            goes_on = run and item.number == (run[-1].number or 0) + 1 and item.level == run[-1].level
            run = ([*run, item] if goes_on else [item]) if item.asks else []


def _counted_above(candidates: Sequence[Candidate], level: int) -> Iterator[int]:
    """Headings above the questions' level that end with a question mark and are counted as those after them are."""
    for position, item in enumerate(candidates):
        kind = _kind(item)
        if item.level < level and kind and item.ends and item.said and not item.about_itself:
            after = next((other for other in candidates[position + 1 :] if other.level <= item.level), None)
            if after is not None and after.level == item.level and _kind(after) == kind:
                yield item.heading.start


def _kind(item: Candidate) -> str | None:
    match = _COUNT.match(item.heading.text)
    return match.lastgroup if match else None


def _topics_between(document: Document, candidates: Sequence[Candidate], level: int) -> Iterator[int]:
    """Headings that ask nothing, have a sentence below and stand between questions of their level below one heading.

    Nearly all of that level must ask: there such a heading names what is asked for, as people do in speech.
    """
    here = [item for item in candidates if item.level == level]
    asks = {item.heading.start for item in here if item.asks or question_words.is_topic(item.text)}
    if len(asks) < max(4 if is_list_by_name(document) else 8, 0.7 * len(here)):
        return
    labelled = 2 * sum(item.labelled for item in here) > len(here)
    asking: dict[int | None, list[int]] = {}
    for item in here:
        if item.heading.start in asks:
            asking.setdefault(item.parent, []).append(item.heading.start)
    parents = {item.parent for item in candidates}
    for item in here:
        around = asking.get(item.parent, [])
        between = bool(around) and around[0] < item.heading.start < around[-1]
        alike = (
            _says(document, item)
            and not item.text.endswith((":", "："))
            and (item.labelled or not labelled)
            and item.heading.start not in parents
        )
        other = header_words.OTHER_MATTER.fullmatch(item.text) or header_words.CHAPTERS.fullmatch(item.text)
        if between and alike and not other and len(item.text) <= _LONGEST_TOPIC:
            yield item.heading.start


def _says(document: Document, item: Candidate) -> bool:
    """Whether the first line below a heading is a sentence, not a list, a table or a card."""
    line = document.lines[document.first_line(item.heading.end, item.stop)] if item.said else ""
    return _SENTENCE.match(line) is not None and "::" not in line


def _topics_among(document: Document, candidates: Sequence[Candidate], level: int) -> set[int]:
    """Lines of headings that ask nothing but stand between questions of their level, with text and no question below them.

    Where there are several of them, those after a section's last question are meant so too. Behind a question with
    nothing of its own below they are the parts of its answer.
    """
    here = [item for item in candidates if item.level == level]
    parents = {item.parent for item in candidates if item.evident}
    found: set[int] = set()
    waiting: list[Candidate] = []
    last: list[Candidate] = []
    before: Candidate | None = None
    for item in here:
        if before is not None and item.parent != before.parent:
            last += waiting
            before, waiting = None, []
        if item.asks:
            found |= {topic.heading.start for topic in waiting}
            before, waiting = item, []
        elif before is not None and before.said and item.heading.start not in parents and _may_be_topic(document, item):
            waiting.append(item)
    return found | {topic.heading.start for topic in (*last, *waiting)} if len(found) >= 2 else found


def _built_alike(document: Document, candidates: Sequence[Candidate], level: int) -> set[int]:
    """Lines of headings below which the same blocks follow in the same order as below all that ask beside them.

    At least three must ask, and the blocks be of two kinds at least: a picture, a quote, a paragraph.
    """
    blocks = [
        block for block in document.tokens if block.level == 0 and block.map and block.nesting >= 0 and block.type != "hr"
    ]
    starts = [block.map[0] if block.map else 0 for block in blocks]
    beside: dict[int | None, list[tuple[Candidate, tuple[str, ...]]]] = {}
    for item in candidates:
        if item.level == level and item.said:
            first, last = bisect_left(starts, item.heading.end), bisect_left(starts, item.stop)
            beside.setdefault(item.parent, []).append((item, tuple(block.type for block in blocks[first:last])))
    found: set[int] = set()
    for group in beside.values():
        shapes = {shape for item, shape in group if item.asks}
        shape = shapes.pop() if len(shapes) == 1 else ()
        alike = [item for item, other in group if other == shape]
        asking = sum(item.asks for item in alike)
        if len(shape) >= 3 and len({*shape}) >= 2 and asking >= 3 and 2 * asking >= len(alike):
            found |= {item.heading.start for item in alike if _may_be_topic(document, item)}
    return found


def _may_be_topic(document: Document, item: Candidate) -> bool:
    part = item.text.endswith((":", "：")) or re.match(r"[A-Za-z][.)]\s", item.text) is not None
    first = document.lines[document.first_line(item.heading.end, item.stop)] if item.said else ""
    table = first.lstrip().startswith("|")
    return item.said and not part and not table and not header_words.CHAPTERS.fullmatch(item.text)


def _behind_rules(document: Document, candidates: Sequence[Candidate], level: int) -> Iterator[int]:
    """Deeper headings that ask right below a separator, where that parts the questions and nothing else."""
    asking = [item for item in candidates if item.asks and not question_words.instructs(item.text)]
    parted = [item for item in asking if _below_a_rule(document, item)]
    deeper = [item for item in candidates if item.level > level]
    inside = [item for item in deeper if not item.asks and _below_a_rule(document, item)]
    here = sum(item.level == level for item in parted)
    if here >= 2 and 2 * here > sum(item.level == level for item in asking) and not inside:
        levels = Counter(item.level for item in parted if item.level > level)
        yield from (item.heading.start for item in parted if item.level > level)
        yield from (item.heading.start for item in asking if levels[item.level] >= 3 and item.ends)


def _below_a_rule(document: Document, item: Candidate) -> bool:
    above = next(
        (line for line in reversed(document.lines[max(0, item.heading.start - 4) : item.heading.start]) if line.strip()), ""
    )
    return noise.is_separator(above)
