"""How people write question lists: a small reader per way, and the table of them.

Each finds the questions that the document would hold if it were written that way. Its score is the share of
the document's non-blank lines that it explains, times the share of its questions that look like one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.markup.commonmark import CODE_BLOCKS
from generator.model import Problem, Severity
from generator.read.canonical import Reading
from generator.read.document import Document
from generator.read.layouts import (
    answer_words,
    apart,
    callouts,
    cards,
    folds,
    forms,
    header_words,
    headings,
    lists,
    noise,
    paragraphs,
    question_labels,
    question_words,
    quotes,
    revealed,
    tables,
)
from generator.read.layouts.assemble import assemble, sections_shown
from generator.read.layouts.outline import Found, Outline, quality, says_q, strongly_labelled
from generator.read.layouts.titles import about_interviews, is_list_by_name, titles


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of writing a question list."""

    name: str
    outline: Callable[[Document], Outline]
    numbered_counts: bool = False
    """Whether a number or label alone is evidence for a question."""
    least: float = 0.6
    """Share of the found questions that must look like one."""
    last_resort: bool = False
    """Whether it is taken only where no other layout finds questions."""


LAYOUTS = (
    Layout("headings", headings.outline, numbered_counts=True),
    Layout("bold paragraphs", paragraphs.bold, numbered_counts=True),
    Layout("forms", forms.forms),
    Layout("labelled paragraphs", paragraphs.labelled),
    Layout("numbered list", paragraphs.numbered),
    Layout("folds", folds.details, least=0.5),
    Layout("tables", tables.tables, least=0.0),
    Layout("quotes", quotes.quotes),
    Layout("revealed answers", revealed.revealed),
    Layout("divs", folds.divs, least=0.0),
    Layout("cards", cards.cards, least=0.0),
    Layout("bullet list", lists.bullets),
    Layout("plain paragraphs", paragraphs.plain, last_resort=True),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The layout that a document is read by."""

    layout: Layout
    outline: Outline
    share: float
    """Share of the non-blank lines that it explains."""


def choose(document: Document, forced: str | None = None) -> Choice | None:
    """The layout that explains a document best; None where none finds questions.

    `forced` names one of `LAYOUTS` to be taken whatever it explains.
    """
    found = apart.answers_apart(document)
    rest = apart.without(document, found) if found else document
    choice = _choose(rest, forced) if found else None
    if found and choice and (outline := apart.joined(choice.outline, found, rest)):
        return Choice(choice.layout, outline, outline.coverage(document))
    return _choose(document, forced)


def _choose(document: Document, forced: str | None = None) -> Choice | None:
    best: tuple[float, Choice] | None = None
    outlines: list[Outline] = []
    named = is_list_by_name(document)
    for layout in LAYOUTS:
        if forced is not None and layout.name != forced:
            continue
        outline = layout.outline(document)
        outlines.append(outline)
        good = quality(outline, layout.numbered_counts, tasks=named)
        share = outline.coverage(document)
        # A list below a heading "Questions" goes with whatever else the document holds, as an exception.
        beside = layout.name == "bullet list" and not named and all(found.sure for found in outline.questions)
        other = best is not None and best[1].layout.name != "revealed answers"  # those are among the plain ones too
        lone = layout.last_resort and len(outline.questions) == 1 and not outline.questions[0].sure
        if (best is not None and beside) or (layout.last_resort and other) or (lone and forced is None):
            continue
        least = _least(document, layout, outline)
        if outline.questions and (forced or (good >= least and _enough(document, outline, share, named))):
            score = share * max(good, least) * _weight(len(outline.questions))
            if best is None or score > best[0] + 0.02:
                best = (score, Choice(layout, outline, share))
    if best is None and forced is None and named:
        return _by_name(document)
    if best is None:
        return None
    choice = _by_cards(document, _by_items(best[1], outlines, named), outlines) if forced is None else best[1]
    outline = choice.outline if forced else _with_exceptions(document, choice.outline, outlines)
    return Choice(choice.layout, outline, outline.coverage(document) if outline is not choice.outline else choice.share)


def _by_cards(document: Document, choice: Choice, outlines: list[Outline]) -> Choice:
    """The choice, or cards where there are more of them: who writes `::` or a line `?` says what each line is."""
    layout = NAMES["cards"]
    outline = outlines[LAYOUTS.index(layout)]
    if choice.layout is layout or len(outline.questions) < 2 * len(choice.outline.questions):
        return choice
    return Choice(layout, outline, outline.coverage(document))


def _least(document: Document, layout: Layout, outline: Outline) -> float:
    """Share of the questions that must look like one: headings of one level in a list by its name are more often topics."""
    topics = layout.name == "headings" and len(outline.questions) >= 6
    return 0.35 if topics and (is_list_by_name(document) or about_interviews(document)) else layout.least


def _enough(document: Document, outline: Outline, share: float, named: bool) -> bool:
    """Whether there are enough questions for the document that calls itself a list (`named`) or does not."""
    if quality(outline, False) < 0.3 and _leads_elsewhere(document, outline):
        return False
    if not named:
        return not _weak(document, outline, share)
    lead_in = len(outline.questions) == 1 and outline.questions[0].lead  # "New here? Begin with …"
    few = lead_in or (len(outline.questions) <= 2 and share < 0.25)
    return not few or any(found.sure or strongly_labelled(found) for found in outline.questions)


def _by_items(choice: Choice, outlines: list[Outline], named: bool) -> Choice:
    """The choice, or bullets where bold ones were read by what they ask and the others of their lists are bold as well."""
    layout = NAMES["bullet list"]
    outline = outlines[LAYOUTS.index(layout)]
    if not named or choice.layout is not NAMES["bold paragraphs"]:
        return choice
    bold = tuple(found for found in outline.questions if found.text.lstrip().startswith("**"))
    starts = {found.start for found in bold}
    kept = sum(found.start in starts for found in choice.outline.questions)
    whole = len(bold) > len(choice.outline.questions) and kept >= 0.95 * len(choice.outline.questions)
    if not whole or len(bold) < 0.8 * len(outline.questions) or quality(outline, False) < layout.least:
        return choice
    return replace(choice, layout=layout, outline=replace(outline, questions=bold))


def _with_exceptions(document: Document, outline: Outline, others: list[Outline]) -> Outline:
    """The outline with questions of other layouts that stand where it has none and that say themselves what they are."""
    for _ in others:
        more = _with_those_of_another(document, outline, others)
        if more is outline:
            break
        outline = more
    return outline


def _with_those_of_another(document: Document, outline: Outline, others: list[Outline]) -> Outline:
    """The outline with the questions of the one layout that adds most to it."""
    covered = {line for first, last in outline.ranges(document) for line in range(first, last)}
    borders = sorted(item.start for item in outline.questions)
    starts = set(borders)
    named = is_list_by_name(document)
    asked = {lists.bare(item.text) for item in outline.questions}
    best = outline
    opening = borders[0] if outline.questions else 0
    beside = others[LAYOUTS.index(NAMES["cards"])]
    for other in others:
        inside = other is beside  # a card says itself where it ends, in an answer too
        free = [
            item
            for item in other.questions
            if item.start not in covered or ((inside or quotes.labelled_on_both_sides(item)) and item.start not in starts)
        ]
        free = [item for item in free if inside or item.inside or lists.bare(item.text) not in asked]  # tables of contents
        free = [item for item in free if (border := _next(borders, item.start + 1)) is None or border >= item.end]
        asking = sum(item.sure or _asks(item) for item in free if item.within is not None)
        listed = named and len(free) >= 3 and asking >= 0.9 * len(free)
        listed = listed or (named and len(free) >= 2 and all(_says_itself(item) for item in free))
        announced = _announced(document, free)
        alike = sum(strongly_labelled(item) for item in free) >= 2
        more = [
            item
            for item in free
            if listed
            or inside
            or strongly_labelled(item)
            or (alike and says_q(item))
            or ((item.start in announced or _below_named(document, item, opening)) and (item.sure or _asks(item)))
        ]
        missing = _missing(free, outline) if len(more) < 2 else []
        more = missing or more
        if (len(more) >= 2 or missing) and len(more) > len(best.questions) - len(outline.questions):
            taken = {mark.start for mark in outline.sections} | starts
            added = [mark for mark in other.sections if mark.start not in taken and mark.until is None]
            added = [mark for mark in added if inside or mark.start not in covered]  # no part of an answer
            if inside:  # what holds the cards ends with the next question of the others
                added = [replace(mark, until=_next(borders, mark.start)) for mark in added]
            marks = [*outline.sections, *added]
            questions = sorted([*outline.questions, *more], key=lambda item: item.start)
            best = Outline(tuple(questions), tuple(sorted(marks, key=lambda mark: mark.start)))
    return best


def _announced(document: Document, items: Sequence[Found]) -> set[int]:
    """Lines of the items of lists right below a line that promises questions ("Here are a few interview questions:")."""
    announced: set[int] = set()
    ends: set[int] = set()
    headings = {heading.start for heading in document.headings}
    for item in items:
        above = next((number for number in range(item.start - 1, -1, -1) if document.lines[number].strip()), None)
        line = document.lines[above].rstrip(" *_") if above is not None else ""
        promised = len(line) < 300 and line.endswith((":", "：")) and header_words.LISTED.search(line) is not None
        if item.start in ends or (promised and above not in headings and item.within is not None):
            announced.add(item.start)
            ends.add(document.first_line(item.within or item.end, len(document.lines)))
    return announced


def _missing(items: Sequence[Found], outline: Outline) -> list[Found]:
    """The items that ask and have the one number missing between two of the outline's questions, or before the first."""
    if len(outline.questions) < 3:
        return []
    numbers = {found.start: _number(found) for found in outline.questions}
    starts = sorted(numbers)
    missing = []
    for item in items:
        at, number = bisect_left(starts, item.start), _number(item)
        before = numbers[starts[at - 1]] if at else 0
        if number is not None and at < len(starts) and numbers[starts[at]] == number + 1 and before == number - 1:
            missing += [item] if _asks(item) else []
    return missing


def _number(found: Found) -> int | None:
    return question_labels.number_of(question_labels.clean(found.text).label)


_SCENARIO = re.compile(r"\W*scenario\s*\d", re.IGNORECASE)


def _says_itself(found: Found) -> bool:
    """Whether a question is bold, numbered and asks, or is a numbered scenario: beside others in a list that is enough."""
    cleaned = question_labels.clean(found.text)
    asks = cleaned.bold and cleaned.label is not None and question_words.asks(cleaned.text)
    return asks or _SCENARIO.match(found.text) is not None


def _asks(found: Found) -> bool:
    return question_words.asks(question_labels.clean(found.text).text)


def _next(borders: list[int], line: int) -> int | None:
    position = bisect_left(borders, line)
    return borders[position] if position < len(borders) else None


def _weak(document: Document, outline: Outline, share: float) -> bool:
    """Whether the questions found are too few, or explain too little, for a document that nowhere calls itself a list."""
    count = len(outline.questions)
    if all(_is_callout(document, found) for found in outline.questions):
        return False
    if any(header_words.LISTED.search(mark.text[: question_words.LONGEST]) for mark in outline.sections):
        return count == 1 and not _certain(document, outline) and share < 0.5
    cleaned = [question_labels.clean(found.text) for found in outline.questions]
    marked = sum(
        question_words.ends_asking(item.text) or found.sure for item, found in zip(cleaned, outline.questions, strict=True)
    )
    labelled = sum(item.label is not None for item in cleaned)
    if count > 1 and share >= 0.9 and _are_the_titles(document, outline):
        return False
    if count <= 2 and len(document.headings) > 3 * count + 2 and not about_interviews(document):
        return not all(found.sure for found in outline.questions) and not _certain(document, outline)
    if count == 1:
        return not _certain(document, outline) and (share < 0.5 or not marked)
    if share < 0.15:
        return marked < 0.8 * count or count < 3
    return count < 4 and not marked and not labelled and not about_interviews(document)


def _are_the_titles(document: Document, outline: Outline) -> bool:
    """Whether the questions are all headings of the first level, each with a question mark and others below it."""
    found = {item.start for item in outline.questions if "?" in item.text or "？" in item.text}
    levels = [heading.level for heading in document.headings]
    parted = all(left != 1 or right != 1 for left, right in pairwise([*levels, 1]))
    return bool(found) and parted and found == {heading.start for heading in document.headings if heading.level == 1}


def _is_callout(document: Document, found: Found) -> bool:
    """Whether a question stands in a callout that says so, with its answer in it or right below."""
    kind = callouts.callout(document.lines[found.start])
    if kind is None or not kind.asks or not found.sure:
        return False
    below = document.first_line(found.end, len(document.lines))
    return found.inside is not None or (below < len(document.lines) and callouts.is_answer(document.lines[below]))


def _certain(document: Document, outline: Outline) -> bool:
    """Whether a lone question has a label, and an answer's label below."""
    found = outline.questions[0]
    first = document.first_line(found.end, len(document.lines))
    below = first < len(document.lines) and answer_words.answer_label(document.lines[first]) > 0
    return below and question_labels.clean(found.text).label is not None and quality(outline, True) == 1


def _by_name(document: Document) -> Choice | None:
    """What a document that calls itself a question list is read by where little in it asks: its topics are the questions."""
    layout = NAMES["numbered list"]
    outline = layout.outline(document)
    if sum(
        header_words.LISTED.search(found.text[: question_words.LONGEST]) is not None for found in outline.questions
    ) >= 0.5 * len(outline.questions):
        return _topics(document)  # a list of lists
    if len(outline.questions) >= 3 and (
        outline.answered(document) >= 0.8
        or quality(outline, False) >= 0.3
        or (len(outline.questions) >= 5 and all(_below_named(document, found) for found in outline.questions))
    ):
        return Choice(layout, outline, outline.coverage(document))
    return _topics(document)


def _topics(document: Document) -> Choice | None:
    """The headings as questions, in a document that calls itself a question list; none where it only lists other files."""
    choice = _choose(document, LAYOUTS[0].name) if len(document.headings) > 2 else None
    index = any(header_words.is_contents(heading.text) for heading in titles(document))
    few = choice is None or len(choice.outline.questions) < 5 or quality(choice.outline, True) < 0.3
    elsewhere = choice is not None and _leads_elsewhere(document, choice.outline)
    return None if elsewhere or (index and few) else choice


_ELSEWHERE = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t].*\]\((?!#|https?:)[^()\s]+\)\W*")


def _leads_elsewhere(document: Document, outline: Outline) -> bool:
    """Whether what stands below the questions is links to other files: then they name what those hold."""
    lines = [line for first, last in outline.ranges(document) for line in document.lines[first + 1 : last]]
    said = [line for line in lines if line.strip() and not noise.is_noise(line)]
    return bool(said) and sum(_ELSEWHERE.fullmatch(line) is not None for line in said) >= 0.8 * len(said)


def _below_named(document: Document, found: Found, opening: int = 0) -> bool:
    """Whether a question stands right under a heading that speaks of questions.

    What stands under the first heading, before the line where the others begin (`opening`), introduces the list.
    """
    above = bisect_left([heading.start for heading in document.headings], found.start) - 1
    if above == 0 and found.start < opening:
        return False
    return above >= 0 and header_words.LISTED.search(document.headings[above].text[: question_words.LONGEST]) is not None


def _weight(count: int) -> float:
    """Few questions are weak evidence for a layout: 1 counts half, 5 nearly full."""
    return count / (count + 1)


def read(document: Document, choice: Choice | None) -> Reading:
    """The questions of a document by the chosen layout, and the lines that it leaves out."""
    if choice is None:
        return Reading((), (_no_question(document),))
    reading = assemble(document, choice.outline)
    return Reading(reading.questions, (*reading.problems, *left_out(document, choice.outline)))


def _no_question(document: Document) -> Problem:
    """The finding on a document without questions; text in code is no structure, but may be what was meant."""
    line, message = 0, "no question was found in this file"
    remedy = "write each question as a heading with its answer below, or see docs/format.md"
    for block in document.tokens:
        if block.type in CODE_BLOCKS and block.map:
            lines = block.content.split("\n")
            if (
                sum(
                    question_words.ends_asking(text) and question_words.asks(question_labels.clean(text).text)
                    for text in lines
                    if text.strip()
                )
                >= 2
            ):
                line = block.map[0]
                message += ", but code that asks questions, and code is never read as questions"
                remedy = "remove the fence around them" if block.type == "fence" else "take their indent off"
                break
    return Problem(document.place(line), "no-question", Severity.WARNING, message, remedy)


def left_out(document: Document, outline: Outline) -> tuple[Problem, ...]:
    """A warning for every run of lines that is in no question, answer or heading of a section with questions."""
    covered = {number for first, last in outline.ranges(document) for number in range(first, last)}
    used = sections_shown(outline) | {heading.start for heading in titles(document)[:1] if heading.level == 1}
    refrains = {mark.start for mark in outline.sections if mark.until == mark.end and not header_words.is_contents(mark.text)}
    shown = [mark for mark in outline.sections if mark.start in used | refrains]
    covered |= {number for mark in shown for number in range(mark.start, mark.end)}
    runs: list[list[int]] = []
    open_run = False
    for number, line in enumerate(document.lines):
        if number in covered:
            open_run = False
        elif line.strip() and not noise.is_noise(line):
            if not open_run:
                runs.append([])
            runs[-1].append(number)
            open_run = True
    return tuple(_lost(document, run) for run in runs)


def _lost(document: Document, run: list[int]) -> Problem:
    count = f"lines {run[0] + 1} to {run[-1] + 1} are" if run[-1] > run[0] else "the line is"
    message = f"{count} in no question and left out"
    return Problem(document.place(run[0]), "lost-text", Severity.WARNING, message, "move what matters below a question")


NAMES: Mapping[str, Layout] = {layout.name: layout for layout in LAYOUTS}
