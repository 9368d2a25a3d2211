"""A heading is the question, what follows is its answer; headings above it are its sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from generator.read.document import Document
from generator.read.layouts import answer_words, groups, header_words, prefaces, question_words, siblings
from generator.read.layouts.candidates import META, NAMES_QUESTION, Candidate, candidates_of
from generator.read.layouts.elements import source_of
from generator.read.layouts.outline import Found, Outline, SectionMark
from generator.read.layouts.titles import fold_sections, is_list_by_name, plain_names


def outline(document: Document) -> Outline:
    """The headings of the questions' level, exceptions from it where the evidence is strong."""
    everything = candidates_of(document)
    refrains = _refrains(everything)
    about = prefaces.about_the_list(document, everything)
    candidates = [item for item in everything if item.heading.start not in refrains | about]
    level = _question_level(_without_title(candidates))
    if level is None:
        return Outline(())
    numbered = _counted_level(candidates) is None and _numbered_rule(candidates, level)
    chosen = _without_lead_in(_chosen(document, _without_title(candidates), level, numbered))
    if groups.name_lists(document, chosen) or not _is_list(document, chosen, candidates):
        return Outline(())
    if sum(item.names_some for item in chosen) > 0.6 * len(chosen):
        return Outline(())
    blocks = {block.map[0]: block.map[1] for block in document.tokens if _is_paragraph(block.type, block.level) and block.map}
    topics = sum(item.asks for item in chosen) * 3 >= len(chosen)
    questions = tuple(_found(document, item, blocks, topics) for item in chosen)
    taken = {item.heading.start for item in chosen}
    following = [*candidates[1:], None]
    lower = [
        item
        for item, after in zip(candidates, following, strict=True)
        if after is not None and after.heading.start in taken and after.level < item.level and not item.said and _is_name(item)
    ]
    sections = [
        SectionMark(item.level, item.heading.text, item.heading.start, item.heading.end)
        for item, after in zip(candidates, following, strict=True)
        if item.heading.start not in taken
        and not header_words.is_contents(item.heading.text)
        and not (numbered and item.labelled and item.number)
        and (item.level < level or _heads(item, after, taken, len(lower)))
    ]
    ends = [
        SectionMark(9, item.heading.text, item.heading.start, item.heading.end, until=item.heading.end)
        for item in everything
        if item.heading.start in refrains or (item.level <= level and header_words.is_contents(item.heading.text))
    ]
    folds = fold_sections(source_of(document), questions)
    names = plain_names(document, questions, {mark.start for mark in sections})
    return Outline(questions, tuple(sorted([*sections, *ends, *folds, *names], key=lambda mark: mark.start)))


def _heads(item: Candidate, after: Candidate | None, taken: set[int], others: int) -> bool:
    """Whether a heading among the questions stands right above one: then it is a section's.

    A deeper one may be the last of an answer, unless there are several (`others`).
    """
    lowest = after is not None and after.level < item.level
    return (
        after is not None
        and after.heading.start in taken
        and not item.said
        and (not lowest or (others >= 2 and _is_name(item)))
    )


def _is_name(item: Candidate) -> bool:
    """Whether a heading is a short name rather than a sentence, as in lists that set their answers as headings."""
    return len(item.text) <= 60 and not item.text.endswith((".", "。"))


def _without_title(candidates: list[Candidate]) -> list[Candidate]:
    """The headings without a lone first one above all others: the document's title, whatever it asks."""
    lone = len(candidates) > 1 and candidates[0].level == 1 and all(item.level > 1 for item in candidates[1:])
    return candidates[1:] if lone and not candidates[0].labelled else candidates


def _is_paragraph(kind: str, level: int) -> bool:
    return kind == "paragraph_open" and level == 0


def _found(document: Document, item: Candidate, blocks: dict[int, int], topics: bool) -> Found:
    sure = item.answered or (topics and question_words.is_topic(item.text))
    start, lead = _question_below(document, item, blocks) if item.alone else (0, "")
    if start not in blocks or not item.alone:
        return _itself(item, sure)
    end = start
    words: list[str] = []
    while end < blocks[start] and not answer_words.answer_label(document.lines[end]):
        words.append(re.sub(r"^[ \t>]+", "", document.lines[end]).strip())
        end += 1
        if not item.answered and question_words.ends_asking(words[-1]):
            break
    text = " ".join(words)
    if not text or len(text) > question_words.LONGEST:
        return _itself(item, sure)
    return Found(f"Q{item.number or 1}: {text}", item.heading.start, end, front=lead, sure=True)


def _itself(item: Candidate, sure: bool) -> Found:
    heading = item.heading
    return Found(heading.text, heading.start, heading.end, within=heading.within, sure=sure)


def _question_below(document: Document, item: Candidate, blocks: dict[int, int]) -> tuple[int, str]:
    """The line of the paragraph that is the question of a label alone, and what stands between the two."""
    headings = {heading.start: heading for heading in document.headings}
    position = document.first_line(item.heading.end, len(document.lines))
    lead: list[str] = []
    for _ in range(4):
        heading = headings.get(position)
        if heading is not None and NAMES_QUESTION.fullmatch(heading.text):
            position = document.first_line(heading.end, len(document.lines))
        elif position in blocks and NAMES_QUESTION.fullmatch(document.lines[position][:100]):
            position = document.first_line(position + 1, len(document.lines))
        elif position in blocks and all(META.match(line) for line in document.lines[position : blocks[position]]):
            lead += document.lines[position : blocks[position]]
            position = document.first_line(blocks[position], len(document.lines))
        else:
            break
    return position, "\n".join(lead)


def _refrains(candidates: Sequence[Candidate]) -> set[int]:
    """Lines of headings that ask nothing: without words, or returning bare and without a number ("Have a doubt?")."""
    wordless = {item.heading.start for item in candidates if not item.alone and re.search(r"\w", item.text) is None}
    bare = [item for item in candidates if item.bare and not item.labelled]
    times = Counter(item.heading.text for item in bare)
    return wordless | {item.heading.start for item in bare if times[item.heading.text] >= 3}


def _without_lead_in(chosen: list[Candidate]) -> list[Candidate]:
    """Where the questions have numbers, without an empty heading before the first of them that has none."""
    if not chosen or sum(item.labelled for item in chosen) < 0.8 * len(chosen):
        return chosen
    first = next(item.heading.start for item in chosen if item.labelled)
    return [item for item in chosen if item.labelled or item.heading.start > first or not item.bare]


def _is_list(document: Document, chosen: Sequence[Candidate], candidates: Sequence[Candidate]) -> bool:
    """Whether the headings are questions at all; numbers alone head the chapters of a manual just as well."""
    asking = sum(
        (item.asks and not question_words.instructs(item.text)) or item.answered or question_words.is_topic(item.text)
        for item in chosen
    )
    if asking >= 0.5 * len(chosen):
        return True
    if is_list_by_name(document):
        other = sum(header_words.OTHER_MATTER.fullmatch(item.text) is not None for item in candidates)
        empty = all(item.bare for item in chosen) and len({item.parent for item in chosen}) > 1
        said = sum(item.said for item in chosen)
        most = said == len(chosen) or (len(chosen) >= 12 and said >= 0.7 * len(chosen))
        topics = len(chosen) >= 5 and not other and (empty or most)
        return any(item.evident for item in chosen) or topics
    levels = {item.level for item in chosen}
    chapters = any(item.labelled and item.level in levels and header_words.CHAPTERS.fullmatch(item.text) for item in candidates)
    bold = all(item.bold and item.labelled for item in chosen)
    return not chapters and (bold or asking >= 0.15 * len(chosen))


def _counted_level(candidates: Sequence[Candidate]) -> int | None:
    """The level of headings `Question 1. What is …?`, `Question 2. …`: all ask, and they count without a gap."""
    counted = [item for item in candidates if item.style == "q" and item.number is not None and not item.alone]
    numbers = [item.number or 0 for item in counted]
    gapless = all(right == left + 1 for left, right in pairwise(numbers))
    one = len({item.level for item in counted}) == 1 and all(item.asks for item in counted)
    return counted[0].level if len(counted) >= 2 and gapless and one else None


def _question_level(candidates: Sequence[Candidate]) -> int | None:
    """The level with most headings that ask or are numbered; a level of plain topics only if it is the only one."""
    if not candidates:
        return None
    if (counted := _counted_level(candidates)) is not None:
        return counted
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


def _share(candidates: Sequence[Candidate], level: int) -> float:
    """Share of a level's headings that ask or carry a number."""
    here = [item for item in candidates if item.level == level and not header_words.OTHER_MATTER.fullmatch(item.heading.text)]
    return sum(item.evident for item in here) / len(here) if here else 0.0


def _numbered_rule(candidates: Sequence[Candidate], level: int) -> bool:
    """Whether questions are told by their numbers rather than by their level."""
    numbers = [item.number for item in candidates if item.number is not None]
    steps = sum(right == left + 1 for left, right in pairwise(numbers))
    rising = all(left < right for left, right in pairwise(numbers))
    if len(numbers) >= 5 and rising and steps >= 0.85 * (len(numbers) - 1):
        return True  # one sequence over all levels
    here = [item for item in candidates if item.level == level]
    numbered = [item for item in here if item.labelled]
    silent = [item for item in numbered if not item.asks]
    styles = {item.style for item in numbered if item.asks}
    if "q" in styles and not any(item.style in styles for item in silent):
        return False  # `Q. What …?` below `1. Basics`
    return len(numbered) >= 0.8 * len(here) and len(silent) >= 0.3 * len(numbered)


def _chosen(document: Document, candidates: Sequence[Candidate], level: int, numbered: bool) -> list[Candidate]:
    if not numbered:
        return _by_level(document, candidates, level)
    starts = {item.heading.start for item in _numbered(candidates, level)} | set(siblings.in_gaps(candidates, level))
    return [item for item in candidates if item.heading.start in starts]


def _numbered(candidates: Sequence[Candidate], level: int) -> list[Candidate]:
    """Questions told by their numbers, on whatever level."""
    here = [item for item in candidates if item.labelled and item.level == level]
    mostly_bold = sum(item.bold for item in here) >= 0.8 * len(here)
    plain = not any("." in item.label for item in here)
    chosen = [
        item
        for item in candidates
        if item.labelled and not (plain and "." in item.label) and (item.bold or not mostly_bold or item.level == level)
    ]
    return _without_nested_runs([item for item in chosen if not header_words.OTHER_MATTER.fullmatch(item.text)])


def _by_level(document: Document, candidates: Sequence[Candidate], level: int) -> list[Candidate]:
    """Questions told by their level, with those on others that are written as they are."""
    here = [item for item in candidates if item.level == level]
    # Sections may stand on the questions' own level: what tells them is that they neither ask nor have a label.
    strict = sum(item.evident for item in here) >= 0.5 * len(here)
    counted = not strict and _counted_level(candidates) == level  # among the sub-headings of their answers
    strict = strict or counted
    styles = Counter(item.style for item in here if item.asks and item.labelled) or Counter(item.style for item in here)
    style = styles.most_common(1)[0][0]
    asking = [item for item in here if item.asks]
    marked = counted or (sum(item.style == "q" for item in asking) >= 0.6 * len(asking) if asking else False)
    bold_share = sum(item.bold for item in here) / len(here)
    # Where nothing stands below the questions, what asks nothing among them is a question too.
    silent = strict and sum(item.bare for item in asking) >= 0.7 * len(asking) and len(asking) >= 3
    placed = siblings.by_their_place(document, candidates, level, marked)
    chosen: list[Candidate] = []
    taken: set[int] = set()
    labelled_since: set[int] = set()
    for item in candidates:
        if header_words.OTHER_MATTER.fullmatch(item.text) or item.about_itself:
            continue
        if item.heading.start in placed:
            take = True
        elif item.level == level:
            asks = item.asks and (not marked or item.labelled or (item.ends and not counted))
            good = asks or item.answered or (item.labelled and item.style == style)
            take = good or not strict or (silent and item.bare) or (question_words.is_topic(item.text) and not marked)
        else:
            take = (
                (item.asks and item.style == "q" and (style == "q" or item.answered))
                or item.level == 7
                or _goes_on(item, chosen, labelled_since)
                or (item.level < level and item.ends and bool(chosen) and _alike(item, bold_share, here))
                or (item.level > level and item.parent not in taken and _asks_alike(item, style, bold_share))
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


def _goes_on(item: Candidate, chosen: Sequence[Candidate], labelled_since: set[int]) -> bool:
    """Whether a heading on another level takes up the questions' count, first of its level since the last one."""
    last = chosen[-1] if chosen else None
    if last is None or last.number is None or not item.asks:
        return False
    first = item.level not in labelled_since or item.level == last.level
    return item.number == last.number + 1 and item.style == last.style and first


def _asks_alike(item: Candidate, style: str, bold_share: float) -> bool:
    """Whether a deeper heading is written as the questions are and asks: with a question mark, or behind a number."""
    asks = item.ends or (item.labelled and item.asks and not question_words.instructs(item.text))
    return asks and item.style == style and item.bold == (bold_share >= 0.5)


def _alike(item: Candidate, bold_share: float, here: Sequence[Candidate]) -> bool:
    """Whether a heading of another level is written as the questions are: bold or numbered, or plain with its own text."""
    numbered = sum(other.labelled for other in here) >= 0.5 * len(here)
    if bold_share < 0.5 and not numbered:
        return item.said and not item.bold
    return (bold_share >= 0.5 and item.bold) or (numbered and item.labelled)


def _without_nested_runs(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without numbered headings inside an answer: a count 1, 2 … of deeper headings, or one between n and n + 1."""
    kept: list[Candidate] = []
    position = 0
    while position < len(candidates):
        item = candidates[position]
        last = kept[-1] if kept else None
        if item.number == 1 and last is not None and last.number is not None:
            end = _run_end(candidates, position, last.number)
            if item.level > last.level and item.heading.start < last.stop:
                end = max(end or 0, _end_inside(candidates, position, last.stop))
            if end is not None:
                position = end
                continue
        kept.append(item)
        position += 1
    return kept


def _end_inside(candidates: Sequence[Candidate], start: int, stop: int) -> int:
    """Position after the headings that count on from the one at `start` before the line `stop`."""
    position = start + 1
    while position < len(candidates):
        item = candidates[position]
        if item.heading.start >= stop or item.level < candidates[start].level:
            break
        if item.level == candidates[start].level and item.number != (candidates[position - 1].number or 0) + 1:
            break
        position += 1
    return position


def _run_end(candidates: Sequence[Candidate], start: int, before: int) -> int | None:
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
