"""A heading is the question, what follows is its answer; headings above it are its sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from generator.markup.commonmark import CODE_BLOCKS
from generator.read.document import Document, Heading
from generator.read.layouts import clues
from generator.read.layouts.elements import source_of
from generator.read.layouts.outline import Found, Outline, SectionMark
from generator.read.layouts.titles import fold_sections, is_list_by_name, titles

_TOPIC = re.compile(
    r"(?:(?:the )?(?:key |main )?(?:differences?|distinction) (?:between|of)|.{1,60}\bv(?:ersu)?s\b\.?"
    r"|(?:types|kinds|advantages|benefits|uses?|use cases|pros and cons|role|purpose) of)(?!.*:\W*$)",
    re.IGNORECASE,
)
"""What stands among questions without asking: "Difference between …", "A vs B", "Types of …"."""


_Q_LINE = re.compile(r"[ \t>]*(?:[-*+]\s+)?(?:\*\*|__)?(?:q|question|вопрос|问题|問題)\s*\d*\s*[:：]", re.IGNORECASE)
"""A line that says itself that it is the question."""
_META = re.compile(r"\s*(?:[-*+]\s+)?\*\*[^*\n]{1,24}(?:[:：]\*\*|\*\*\s*[:：])\s*\S")
"""`**Difficulty:** easy`"""
_NAMES_QUESTION = re.compile(r"\W*(?:question|problem|题目|問題|问题|题干|frage|pregunta|pergunta|вопрос)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    heading: Heading
    number: int | None
    labelled: bool
    asks: bool
    ends: bool
    """Ends with a question mark."""
    bold: bool
    style: str
    """How it is labelled: `q` (Q, Question …), `n` (a number) or nothing."""
    label: str
    text: str
    """Its words without label and wrapping."""
    said: bool
    """Whether text stands between it and the next heading."""
    bare: bool
    """Whether nothing stands between it and the next heading of its level or above."""
    answered: bool
    """Whether just one answer's label stands between it and the next heading."""
    alone: bool
    """Whether it is a label alone (`Question 1`): the question stands below."""
    about_itself: bool
    """Whether it asks about the document, which is no list by its name."""
    parent: int | None
    """Line of the heading that it stands under."""

    @property
    def level(self) -> int:
        return self.heading.level

    @property
    def evident(self) -> bool:
        """Whether anything says that it is a question."""
        return self.asks or self.labelled or self.answered


def outline(document: Document) -> Outline:
    """The headings of the questions' level, exceptions from it where the evidence is strong."""
    everything = _candidates(document)
    refrains = _refrains(everything)
    candidates = [item for item in everything if item.heading.start not in refrains]
    level = _question_level(_without_title(candidates))
    if level is None:
        return Outline(())
    numbered = _numbered_rule(candidates, level)
    chosen = _without_lead_in(_chosen(_without_title(candidates), level, numbered))
    if not _is_list(document, chosen, candidates):
        return Outline(())
    blocks = {block.map[0]: block.map[1] for block in document.tokens if _is_paragraph(block.type, block.level) and block.map}
    topics = sum(item.asks for item in chosen) * 3 >= len(chosen)
    questions = tuple(_found(document, item, blocks, topics) for item in chosen)
    taken = {item.heading.start for item in chosen}
    following = [*(item.heading.start for item in candidates[1:]), None]
    sections = [
        SectionMark(item.level, item.heading.text, item.heading.start, item.heading.end)
        for item, after in zip(candidates, following, strict=True)
        if item.heading.start not in taken
        and not clues.is_contents(item.heading.text)
        and not (numbered and item.labelled and item.number)
        and (item.level < level or (after in taken and not item.said))
    ]
    ends = [
        SectionMark(9, item.heading.text, item.heading.start, item.heading.end, until=item.heading.end)
        for item in everything
        if item.heading.start in refrains or (item.level <= level and clues.is_contents(item.heading.text))
    ]
    folds = fold_sections(source_of(document), questions)
    return Outline(questions, tuple(sorted([*sections, *ends, *folds], key=lambda mark: mark.start)))


def _without_title(candidates: list[_Candidate]) -> list[_Candidate]:
    """The headings without a lone first one above all others: the document's title, whatever it asks."""
    lone = len(candidates) > 1 and candidates[0].level == 1 and all(item.level > 1 for item in candidates[1:])
    return candidates[1:] if lone and not candidates[0].labelled else candidates


def _is_paragraph(kind: str, level: int) -> bool:
    return kind == "paragraph_open" and level == 0


def _found(document: Document, item: _Candidate, blocks: dict[int, int], topics: bool) -> Found:
    sure = item.answered or (topics and _TOPIC.match(item.text) is not None)
    start, lead = _question_below(document, item, blocks) if item.alone else (0, "")
    if start not in blocks or not item.alone:
        return Found(item.heading.text, item.heading.start, item.heading.end, sure=sure)
    end = start
    words: list[str] = []
    while end < blocks[start] and not clues.answer_label(document.lines[end]):
        words.append(re.sub(r"^[ \t>]+", "", document.lines[end]).strip())
        end += 1
        if not item.answered and clues.ends_asking(words[-1]):
            break
    text = " ".join(words)
    if not text or len(text) > clues.LONGEST:
        return Found(item.heading.text, item.heading.start, item.heading.end, sure=sure)
    return Found(f"Q{item.number or 1}: {text}", item.heading.start, end, front=lead, sure=True)


def _question_below(document: Document, item: _Candidate, blocks: dict[int, int]) -> tuple[int, str]:
    """The line of the paragraph that is the question of a label alone, and what stands between the two."""
    headings = {heading.start: heading for heading in document.headings}
    position = document.first_line(item.heading.end, len(document.lines))
    lead: list[str] = []
    for _ in range(3):
        heading = headings.get(position)
        if heading is not None and _NAMES_QUESTION.fullmatch(heading.text):
            position = document.first_line(heading.end, len(document.lines))
        elif position in blocks and all(_META.match(line) for line in document.lines[position : blocks[position]]):
            lead += document.lines[position : blocks[position]]
            position = document.first_line(blocks[position], len(document.lines))
        else:
            break
    return position, "\n".join(lead)


def _candidates(document: Document) -> list[_Candidate]:
    """The headings that are more than an answer's label, with all that tells questions."""
    every = titles(document)
    labels = [heading for heading in every if _is_answer_label(heading.text)]
    headings = [heading for heading in every if not _is_answer_label(heading.text)]
    count = len(document.lines)
    said = [0, *accumulate(bool(line.strip()) and not clues.is_noise(line) for line in document.lines)]
    code = {line for block in document.tokens if block.type in CODE_BLOCKS and block.map for line in range(*block.map)}
    marks = [number not in code and _labels_answer(line) for number, line in enumerate(document.lines)]
    for heading in labels:
        marks[heading.start] = True
    labelled = [0, *accumulate(marks)]
    asked = [0, *accumulate(_Q_LINE.match(line) is not None for line in document.lines)]
    named = is_list_by_name(document)
    result = []
    stops = _stops(headings, count)
    parents = _parents(headings)
    for position, heading in enumerate(headings):
        after = headings[position + 1].start if position + 1 < len(headings) else count
        stop = stops[position]
        result.append(
            _candidate(
                heading,
                said=said[after] > said[heading.end],
                bare=said[stop] == said[heading.end],
                answered=labelled[after] - labelled[heading.end] == 1 and asked[after] == asked[heading.end],
                below=any(_NAMES_QUESTION.fullmatch(later.text) for later in headings[position + 1 : position + 2]),
                named=named,
                parent=parents[position],
            )
        )
    return result


def _labels_answer(line: str) -> bool:
    """Whether a line says that the answer begins: a label, or a fold that is opened for it."""
    if clues.answer_label(line):
        return clues.option(line) is None
    summary = re.search(r"<summary\b[^<>]*>(.{1,80})", line, re.IGNORECASE)
    return summary is not None and clues.says_answer(re.sub(r"<[^<>]*>", "", summary[1]).strip())


def _stops(headings: Sequence[Heading], count: int) -> list[int]:
    """For each heading the line of the next one of its level or above."""
    stops = [count] * len(headings)
    waiting: list[int] = []
    for position, heading in enumerate(headings):
        while waiting and headings[waiting[-1]].level >= heading.level:
            stops[waiting.pop()] = heading.start
        waiting.append(position)
    return stops


def _parents(headings: Sequence[Heading]) -> list[int | None]:
    """For each heading the line of the one it stands under."""
    parents: list[int | None] = []
    above: list[Heading] = []
    for heading in headings:
        while above and above[-1].level >= heading.level:
            above.pop()
        parents.append(above[-1].start if above else None)
        above.append(heading)
    return parents


def _refrains(candidates: Sequence[_Candidate]) -> set[int]:
    """Lines of headings without a number that return again and again with nothing below them ("Have a doubt?")."""
    bare = [item for item in candidates if item.bare and not item.labelled]
    times = Counter(item.heading.text for item in bare)
    return {item.heading.start for item in bare if times[item.heading.text] >= 3}


def _without_lead_in(chosen: list[_Candidate]) -> list[_Candidate]:
    """Where the questions have numbers, without an empty heading before the first of them that has none."""
    if not chosen or sum(item.labelled for item in chosen) < 0.8 * len(chosen):
        return chosen
    first = next(item.heading.start for item in chosen if item.labelled)
    return [item for item in chosen if item.labelled or item.heading.start > first or not item.bare]


def _is_answer_label(text: str) -> bool:
    """Whether a heading says no more than `Answer`, or gives a short one (`Answer: B`)."""
    width = clues.answer_label(text)
    return width > 0 and len(text) - width <= 30


def _candidate(
    heading: Heading, said: bool, bare: bool, answered: bool, below: bool, named: bool, parent: int | None
) -> _Candidate:
    cleaned = clues.clean(heading.text)
    link = clues.is_link_only(heading.text) and not clues.asks(heading.text)
    alone = clues.label_alone(heading.text) and (said or below) and (answered or re.search(r"\d", heading.text) is not None)
    return _Candidate(
        heading=heading,
        number=clues.number_of(cleaned.label or (heading.text if alone else None)),
        labelled=cleaned.label is not None or alone,
        asks=alone or (clues.asks(cleaned.text) and not link),
        ends=alone or clues.ends_asking(cleaned.text),
        bold=cleaned.bold,
        style="q" if alone else _style(heading.text, cleaned.label),
        label=cleaned.label or "",
        text=cleaned.text,
        said=said,
        bare=bare,
        answered=answered,
        alone=alone,
        about_itself=not named and clues.asks_about_itself(cleaned.text),
        parent=parent,
    )


def _style(text: str, label: str | None) -> str:
    if label is None:
        return ""
    return "q" if re.match(r"[^\w]*(?:q|questions?|ques)\b|[^\w]*q\d", text, re.IGNORECASE) else "n"


def _is_list(document: Document, chosen: Sequence[_Candidate], candidates: Sequence[_Candidate]) -> bool:
    """Whether the headings are questions at all; numbers alone head the chapters of a manual just as well."""
    asking = sum(
        (item.asks and not clues.instructs(item.text)) or item.answered or _TOPIC.match(item.text) is not None
        for item in chosen
    )
    if asking >= 0.5 * len(chosen):
        return True
    if is_list_by_name(document):
        other = sum(clues.OTHER_MATTER.fullmatch(item.text) is not None for item in candidates)
        topics = len(chosen) >= 5 and not other and all(item.said for item in chosen)
        return any(item.evident for item in chosen) or topics
    levels = {item.level for item in chosen}
    chapters = any(item.labelled and item.level in levels and clues.CHAPTERS.fullmatch(item.text) for item in candidates)
    bold = all(item.bold and item.labelled for item in chosen)
    return not chapters and (bold or asking >= 0.15 * len(chosen))


def _question_level(candidates: Sequence[_Candidate]) -> int | None:
    """The level with most headings that ask or are numbered; a level of plain topics only if it is the only one."""
    if not candidates:
        return None
    weight: Counter[int] = Counter()
    for item in candidates:
        weight[item.level] += (100 if item.asks or item.answered else 0) + (40 if item.labelled else 0) + 1
    asking = Counter(item.level for item in candidates if item.asks or item.answered)
    if asking:
        # Sub-headings of answers often ask too; the outermost level that asks about as much as any wins.
        best = max(asking.values())
        good = [level for level in asking if asking[level] >= 0.5 * best and _share(candidates, level) >= 0.5]
        if good:
            return min(good)
    return max(weight, key=lambda level: (weight[level], -level))


def _share(candidates: Sequence[_Candidate], level: int) -> float:
    """Share of a level's headings that ask or carry a number."""
    here = [item for item in candidates if item.level == level and not clues.OTHER_MATTER.fullmatch(item.heading.text)]
    return sum(item.evident for item in here) / len(here) if here else 0.0


def _numbered_rule(candidates: Sequence[_Candidate], level: int) -> bool:
    """Whether questions are told by their numbers rather than by their level."""
    numbers = [item.number for item in candidates if item.number is not None]
    steps = sum(right == left + 1 for left, right in pairwise(numbers))
    rising = all(left < right for left, right in pairwise(numbers))
    if len(numbers) >= 5 and rising and steps >= 0.85 * (len(numbers) - 1):
        return True  # one sequence over all levels
    here = [item for item in candidates if item.level == level]
    numbered = [item for item in here if item.labelled]
    silent = [item for item in numbered if not item.asks]
    return len(numbered) >= 0.8 * len(here) and len(silent) >= 0.3 * len(numbered)


def _chosen(candidates: Sequence[_Candidate], level: int, numbered: bool) -> list[_Candidate]:
    return _numbered(candidates, level) if numbered else _by_level(candidates, level)


def _numbered(candidates: Sequence[_Candidate], level: int) -> list[_Candidate]:
    """Questions told by their numbers, on whatever level."""
    here = [item for item in candidates if item.labelled and item.level == level]
    mostly_bold = sum(item.bold for item in here) >= 0.8 * len(here)
    plain = not any("." in item.label for item in here)
    chosen = [
        item
        for item in candidates
        if item.labelled and not (plain and "." in item.label) and (item.bold or not mostly_bold or item.level == level)
    ]
    return _without_nested_runs([item for item in chosen if not clues.OTHER_MATTER.fullmatch(item.text)])


def _by_level(candidates: Sequence[_Candidate], level: int) -> list[_Candidate]:
    """Questions told by their level, with those on others that are written as they are."""
    here = [item for item in candidates if item.level == level]
    # Sections may stand on the questions' own level: what tells them is that they neither ask nor have a label.
    strict = sum(item.evident for item in here) >= 0.5 * len(here)
    styles = Counter(item.style for item in here if item.asks and item.labelled) or Counter(item.style for item in here)
    style = styles.most_common(1)[0][0]
    asking = [item for item in here if item.asks]
    marked = sum(item.style == "q" for item in asking) >= 0.6 * len(asking) if asking else False
    bold_share = sum(item.bold for item in here) / len(here)
    # Where nothing stands below the questions, what asks nothing among them is a question too.
    silent = strict and sum(item.bare for item in asking) >= 0.7 * len(asking) and len(asking) >= 3
    chosen: list[_Candidate] = []
    taken: set[int] = set()
    labelled_since: set[int] = set()
    for item in candidates:
        if clues.OTHER_MATTER.fullmatch(item.text) or item.about_itself:
            continue
        if item.level == level:
            asks = item.asks and (not marked or item.labelled or item.ends)
            good = asks or item.answered or (item.labelled and item.style == style)
            take = good or not strict or (silent and item.bare) or (_TOPIC.match(item.text) is not None and not marked)
        else:
            take = (
                (item.asks and item.style == "q" == style)
                or item.level == 7
                or _goes_on(item, chosen, labelled_since)
                or (item.level < level and item.ends and bool(chosen) and _alike(item, bold_share, here))
                or (item.level > level and item.ends and item.parent not in taken and _written_alike(item, style, bold_share))
            )
        if take:
            chosen.append(item)
            taken.add(item.heading.start)
            labelled_since = set()
        elif item.parent in taken:
            taken.add(item.heading.start)  # a part of an answer, with all below it
        if item.labelled:
            labelled_since.add(item.level)
    return chosen


def _goes_on(item: _Candidate, chosen: Sequence[_Candidate], labelled_since: set[int]) -> bool:
    """Whether a heading on another level takes up the questions' count, first of its level since the last one."""
    last = chosen[-1] if chosen else None
    if last is None or last.number is None or not item.asks:
        return False
    first = item.level not in labelled_since or item.level == last.level
    return item.number == last.number + 1 and item.style == last.style and first


def _written_alike(item: _Candidate, style: str, bold_share: float) -> bool:
    return item.style == style and item.bold == (bold_share >= 0.5)


def _alike(item: _Candidate, bold_share: float, here: Sequence[_Candidate]) -> bool:
    """Whether a heading of another level is written as the questions are: bold or numbered, or plain with its own text."""
    numbered = sum(other.labelled for other in here) >= 0.5 * len(here)
    if bold_share < 0.5 and not numbered:
        return item.said and not item.bold
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
