"""A heading is the question, what follows is its answer; headings above it are its sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.read.document import Document, Heading
from generator.read.layouts import clues
from generator.read.layouts.assemble import Found, Outline, SectionMark

_LEVEL_7 = re.compile(r"^ {0,3}(#{1,9})(?:(?<=#######)[ \t]*|(?=[^\s#!]))(?=\S)(.+?)\s*#*$")


_TOPIC = re.compile(
    r"(?:(?:the )?(?:key |main )?(?:differences?|distinction) (?:between|of)|.{1,60}\bv(?:ersu)?s\b\.?"
    r"|(?:types|kinds|advantages|benefits|uses?|use cases|pros and cons|role|purpose) of)(?!.*:\W*$)",
    re.IGNORECASE,
)
"""What stands among questions without asking: "Difference between …", "A vs B", "Types of …"."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    heading: Heading
    number: int | None
    labelled: bool
    asks: bool
    bold: bool
    style: str
    """How it is labelled: `q` (Q, Question …), `n` (a number) or nothing."""


def outline(document: Document) -> Outline:
    """The headings of the questions' level, exceptions from it where the evidence is strong."""
    headings = _headings(document)
    refrains = _refrains(document, headings)
    candidates = [_candidate(heading) for heading in headings if heading not in refrains]
    level = _question_level(candidates)
    if level is None:
        return Outline(())
    numbered = _numbered_rule(candidates, level)
    chosen = _without_lead_in(document, _chosen(candidates, level, numbered), headings)
    questions = tuple(Found(item.heading.text, item.heading.start, item.heading.end) for item in chosen)
    taken = {item.heading.start for item in chosen}
    sections = tuple(
        SectionMark(item.heading.level, item.heading.text, item.heading.start, item.heading.end)
        for item in candidates
        if item.heading.start not in taken
        and not (numbered and item.labelled and item.number)
        and (item.heading.level < level or _heads_questions(document, item, candidates, taken))
    )
    ends = (SectionMark(9, heading.text, heading.start, heading.end, until=heading.end) for heading in refrains)
    return Outline(questions, tuple(sorted([*sections, *ends], key=lambda mark: mark.start)))


def _heads_questions(document: Document, item: _Candidate, candidates: Sequence[_Candidate], taken: set[int]) -> bool:
    """Whether a heading among the questions, on their level, stands right above one: then it is a section's."""
    following = next((other for other in candidates if other.heading.start > item.heading.start), None)
    if following is None or following.heading.start not in taken or following.heading.level < item.heading.level:
        return False
    between = document.lines[item.heading.end : following.heading.start]
    return not any(line.strip() and not clues.is_noise(line) for line in between)


def _headings(document: Document) -> list[Heading]:
    """The document's headings, and lines that were meant as such (seven #, no blank after them)."""
    found = [heading for heading in document.headings if not _is_answer_label(heading.text)]
    for block in document.tokens:
        if block.type == "paragraph_open" and block.level == 0 and block.map:
            start = block.map[0]
            match = _LEVEL_7.match(document.lines[start])
            if match and (len(match[1]) > 1 or clues.clean(match[2]).label is not None):
                found.append(Heading(min(len(match[1]), 7), match[2].strip(), start, start + 1))
    return sorted(found, key=lambda heading: heading.start)


def _bare(document: Document, headings: Sequence[Heading]) -> list[bool]:
    """Which of the headings have nothing below them."""
    ends = [
        next((later.start for later in headings[position + 1 :] if later.level <= heading.level), len(document.lines))
        for position, heading in enumerate(headings)
    ]
    return [
        not any(line.strip() and not clues.is_noise(line) for line in document.lines[heading.end : end])
        for heading, end in zip(headings, ends, strict=True)
    ]


def _refrains(document: Document, headings: Sequence[Heading]) -> list[Heading]:
    """Headings without a number that return again and again with nothing below them ("Have a doubt?")."""
    bare = [
        heading
        for heading, empty in zip(headings, _bare(document, headings), strict=True)
        if empty and clues.clean(heading.text).label is None
    ]
    times = Counter(heading.text for heading in bare)
    return [heading for heading in bare if times[heading.text] >= 3]


def _without_lead_in(document: Document, chosen: list[_Candidate], headings: Sequence[Heading]) -> list[_Candidate]:
    """Where the questions have numbers, without an empty heading before the first of them that has none."""
    if not chosen or sum(item.labelled for item in chosen) < 0.8 * len(chosen):
        return chosen
    empty = {heading.start for heading, bare in zip(headings, _bare(document, headings), strict=True) if bare}
    first = next(item.heading.start for item in chosen if item.labelled)
    return [item for item in chosen if item.labelled or item.heading.start > first or item.heading.start not in empty]


def _is_answer_label(text: str) -> bool:
    """Whether a heading says no more than `Answer`, or gives a short one (`Answer: B`)."""
    width = clues.answer_label(text)
    return width > 0 and len(text) - width <= 30


def _candidate(heading: Heading) -> _Candidate:
    cleaned = clues.clean(heading.text)
    number = clues.number_of(cleaned.label)
    link = clues.is_link_only(heading.text) and not clues.asks(heading.text)
    return _Candidate(
        heading,
        number,
        cleaned.label is not None,
        clues.asks(cleaned.text) and not link,
        cleaned.bold,
        _style(heading.text, cleaned.label),
    )


def _style(text: str, label: str | None) -> str:
    if label is None:
        return ""
    return "q" if re.match(r"[^\w]*(?:q|questions?|ques)\b|[^\w]*q\d", text, re.IGNORECASE) else "n"


def _question_level(candidates: Sequence[_Candidate]) -> int | None:
    """The level with most headings that ask or are numbered; a level of plain topics only if it is the only one."""
    if not candidates:
        return None
    weight: Counter[int] = Counter()
    for item in candidates:
        label = (item.asks and 1.0) or (0.0)
        weight[item.heading.level] += round(100 * label) + (40 if item.labelled else 0) + 1
    asking = Counter(item.heading.level for item in candidates if item.asks)
    if asking:
        # Sub-headings of answers often ask too; the outermost level that asks about as much as any wins.
        best = max(asking.values())
        good = [level for level in asking if asking[level] >= 0.5 * best and _share(candidates, level) >= 0.5]
        if good:
            return min(good)
    return max(weight, key=lambda level: (weight[level], -level))


def _share(candidates: Sequence[_Candidate], level: int) -> float:
    """Share of a level's headings that ask or carry a number."""
    here = [item for item in candidates if item.heading.level == level and not clues.OTHER_MATTER.fullmatch(item.heading.text)]
    return sum(item.asks or item.labelled for item in here) / len(here) if here else 0.0


def _numbered_rule(candidates: Sequence[_Candidate], level: int) -> bool:
    """Whether questions are told by their numbers rather than by their level."""
    numbers = [item.number for item in candidates if item.number is not None]
    steps = sum(right == left + 1 for left, right in pairwise(numbers))
    rising = all(left < right for left, right in pairwise(numbers))
    if len(numbers) >= 5 and rising and steps >= 0.85 * (len(numbers) - 1):
        return True  # one sequence over all levels
    here = [item for item in candidates if item.heading.level == level]
    numbered = [item for item in here if item.labelled]
    silent = [item for item in numbered if not item.asks]
    return len(numbered) >= 0.8 * len(here) and len(silent) >= 0.3 * len(numbered)


def _chosen(candidates: Sequence[_Candidate], level: int, numbered: bool) -> list[_Candidate]:
    if numbered:
        bold = [item.bold for item in candidates if item.labelled and item.heading.level == level]
        mostly_bold = sum(bold) >= 0.8 * len(bold)
        plain = not any(
            "." in (clues.clean(item.heading.text).label or "") for item in candidates if item.heading.level == level
        )
        chosen = [
            item
            for item in candidates
            if item.labelled
            and not (plain and "." in (clues.clean(item.heading.text).label or ""))
            and (item.bold or not mostly_bold or item.heading.level == level)
        ]
        return _without_nested_runs(
            [item for item in chosen if not clues.OTHER_MATTER.fullmatch(clues.clean(item.heading.text).text)]
        )
    here = [item for item in candidates if item.heading.level == level]
    evident = sum(item.asks or item.labelled for item in here)
    # Sections may stand on the questions' own level: what tells them is that they neither ask nor have a label.
    strict = evident >= 0.5 * len(here)
    styles = Counter(item.style for item in here if item.asks and item.labelled) or Counter(item.style for item in here)
    style = styles.most_common(1)[0][0]
    bold_share = sum(item.bold for item in here) / len(here)
    chosen = []
    for item in candidates:
        text = clues.clean(item.heading.text).text
        if clues.OTHER_MATTER.fullmatch(text) and not item.asks:
            continue
        if item.heading.level == level:
            if item.asks or (item.labelled and item.style == style) or not strict or _TOPIC.match(text):
                chosen.append(item)
        elif (
            (item.asks and item.style == "q" == style)
            or _goes_on(item, chosen, candidates)
            or (item.heading.level < level and _alike(item, bold_share, here) and text.rstrip(" *_").endswith(("?", "？", "؟")))
            or item.heading.level == 7
        ):
            chosen.append(item)
    return chosen


def _goes_on(item: _Candidate, chosen: Sequence[_Candidate], candidates: Sequence[_Candidate]) -> bool:
    """Whether a heading on another level takes up the questions' count, first of its level since the last one."""
    last = chosen[-1] if chosen else None
    if last is None or last.number is None or not item.asks:
        return False
    between = [
        other
        for other in candidates
        if last.heading.start < other.heading.start < item.heading.start and other.heading.level == item.heading.level
    ]
    return item.number == last.number + 1 and item.style == last.style and not any(other.labelled for other in between)


def _alike(item: _Candidate, bold_share: float, here: Sequence[_Candidate]) -> bool:
    """Whether a heading of another level is written as the questions are: bold or numbered."""
    numbered = sum(other.labelled for other in here) >= 0.5 * len(here)
    return (bold_share >= 0.5 and item.bold) or (numbered and item.labelled)


def _without_nested_runs(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Without numbered headings inside an answer: runs 1, 2 … between n and n + 1, and "1. Title: …"."""
    kept: list[_Candidate] = []
    position = 0
    while position < len(candidates):
        item = candidates[position]
        before = kept[-1].number if kept else None
        if item.number == 1 and before is not None:
            end = _run_end(candidates, position, before)
            if end is not None:
                position = end
                continue
        kept.append(item)
        position += 1
    return kept


def _run_end(candidates: Sequence[_Candidate], start: int, before: int) -> int | None:
    """Position after a run 1, 2, … that is followed by `before` + 1; None where it is a new sequence."""
    expected = 1
    for position in range(start, min(len(candidates), start + 12)):
        number = candidates[position].number
        if number == expected:
            expected += 1
        elif number == before + 1:
            return position
        else:
            return None
    return None
