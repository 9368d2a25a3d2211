"""Whether what a layout finds is enough to call a document a question list."""

from __future__ import annotations

import re
from itertools import pairwise

from generator.read.document import Document
from generator.read.layouts import answer_words, callouts, header_words, noise, question_labels, question_words
from generator.read.layouts.outline import Found, Outline, quality, strongly_labelled
from generator.read.layouts.titles import about_interviews


def enough(document: Document, outline: Outline, share: float, named: bool) -> bool:
    """Whether there are enough questions for the document that calls itself a list (`named`) or does not."""
    if quality(outline, False) < 0.3 and leads_elsewhere(document, outline):
        return False
    if not named:
        return not _weak(document, outline, share)
    lead_in = len(outline.questions) == 1 and outline.questions[0].lead  # "New here? Begin with …"
    few = lead_in or (len(outline.questions) <= 2 and share < 0.25)
    return not few or any(found.sure or strongly_labelled(found) for found in outline.questions)


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


_ELSEWHERE = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t].*\]\((?!#|https?:)[^()\s]+\)\W*")


def leads_elsewhere(document: Document, outline: Outline) -> bool:
    """Whether what stands below the questions is links to other files: then they name what those hold."""
    lines = [line for first, last in outline.ranges(document) for line in document.lines[first + 1 : last]]
    said = [line for line in lines if line.strip() and not noise.is_noise(line)]
    return bool(said) and sum(_ELSEWHERE.fullmatch(line) is not None for line in said) >= 0.8 * len(said)
