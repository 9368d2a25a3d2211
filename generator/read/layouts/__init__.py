"""How people write question lists: a small reader per way, and the table of them.

Each finds the questions that the document would hold if it were written that way. Its score is the share of
the document's non-blank lines that it explains, times the share of its questions that look like one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from generator.read.canonical import Reading
from generator.read.document import Document
from generator.read.layouts import (
    apart,
    beside,
    cards,
    enough,
    folds,
    forms,
    header_words,
    headings,
    left_out,
    lists,
    paragraphs,
    question_words,
    quotes,
    revealed,
    tables,
)
from generator.read.layouts.assemble import assemble
from generator.read.layouts.outline import Outline, quality
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
    topics_too = named or about_interviews(document)
    for layout in LAYOUTS:
        if forced is not None and layout.name != forced:
            continue
        outline = layout.outline(document)
        outlines.append(outline)
        good = quality(outline, layout.numbered_counts, tasks=named)
        share = outline.coverage(document)
        # A list below a heading "Questions" goes with whatever else the document holds, as an exception.
        aside = layout.name == "bullet list" and not named and all(found.sure for found in outline.questions)
        other = best is not None and best[1].layout.name != "revealed answers"  # those are among the plain ones too
        lone = layout.last_resort and len(outline.questions) == 1 and not outline.questions[0].sure
        if (best is not None and aside) or (layout.last_resort and other) or (lone and forced is None):
            continue
        least = _least(layout, outline, topics_too)
        if outline.questions and (forced or (good >= least and enough.enough(document, outline, share, named))):
            score = share * max(good, least) * _weight(len(outline.questions))
            if best is None or score > best[0] + 0.02:
                best = (score, Choice(layout, outline, share))
    if best is None and forced is None and named:
        return _by_name(document)
    if best is None:
        return None
    choice = _by_cards(document, _by_items(best[1], outlines, named), outlines) if forced is None else best[1]
    if forced is not None:
        return choice
    outline = beside.with_exceptions(document, choice.outline, outlines, outlines[LAYOUTS.index(NAMES["cards"])])
    return Choice(choice.layout, outline, outline.coverage(document) if outline is not choice.outline else choice.share)


def _by_cards(document: Document, choice: Choice, outlines: list[Outline]) -> Choice:
    """The choice, or cards where there are more of them: who writes `::` or a line `?` says what each line is."""
    layout = NAMES["cards"]
    outline = outlines[LAYOUTS.index(layout)]
    if choice.layout is layout or len(outline.questions) < 2 * len(choice.outline.questions):
        return choice
    return Choice(layout, outline, outline.coverage(document))


def _least(layout: Layout, outline: Outline, topics_too: bool) -> float:
    """Share of the questions that must look like one: headings of one level in a list by its name are more often topics."""
    topics = layout.name == "headings" and len(outline.questions) >= 6
    return 0.35 if topics and topics_too else layout.least


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
        or (len(outline.questions) >= 5 and all(beside.below_named(document, found) for found in outline.questions))
    ):
        return Choice(layout, outline, outline.coverage(document))
    return _topics(document)


def _topics(document: Document) -> Choice | None:
    """The headings as questions, in a document that calls itself a question list; none where it only lists other files."""
    choice = _choose(document, LAYOUTS[0].name) if len(document.headings) > 2 else None
    index = any(header_words.is_contents(heading.text) for heading in titles(document))
    few = choice is None or len(choice.outline.questions) < 5 or quality(choice.outline, True) < 0.3
    elsewhere = choice is not None and enough.leads_elsewhere(document, choice.outline)
    return None if elsewhere or (index and few) else choice


def _weight(count: int) -> float:
    """Few questions are weak evidence for a layout: 1 counts half, 5 nearly full."""
    return count / (count + 1)


def read(document: Document, choice: Choice | None) -> Reading:
    """The questions of a document by the chosen layout, and the lines that it leaves out."""
    if choice is None:
        return Reading((), (left_out.no_question(document),))
    reading = assemble(document, choice.outline)
    return Reading(reading.questions, (*reading.problems, *left_out.left_out(document, choice.outline)))


NAMES: Mapping[str, Layout] = {layout.name: layout for layout in LAYOUTS}
