"""Headings whose level is not that of their like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from generator.model import Problem, Question
from generator.read.document import Heading
from generator.read.faults.view import View
from generator.read.layouts import header_words, noise, question_labels

CODE = "heading-level"
_GLUED = re.compile(r"[ ]{0,3}(#{1,9})(?=[^\s#])")


def heading_levels(view: View) -> Iterator[Problem]:
    """Question headings off the usual level, headings on it that are none, and those that Markdown does not see."""
    yield from _questions_off_level(view)
    yield from _not_headings(view)
    yield from _others_on_level(view)
    yield from _odd_section(view)


def _questions_off_level(view: View) -> Iterator[Problem]:
    usual = view.usual_level
    seen = {heading.start for heading in view.document.headings}
    for line, level in view.levels.items():
        if usual is not None and level != usual and line in seen:
            same = sum(other == usual for other in view.levels.values())
            message = f"question heading has {level} #, where {same} of {len(view.levels)} have {usual}"
            yield view.warning(line, CODE, message, f"give it {usual} #")


def _not_headings(view: View) -> Iterator[Problem]:
    """Lines that were meant as headings: seven #, or no blank behind them."""
    for block in view.document.tokens:
        if block.type != "paragraph_open" or block.level != 0 or not block.map:
            continue
        line = block.map[0]
        source = view.source(line)
        glued = _GLUED.match(source)
        if re.match(r"[ ]{0,3}#{7,9}[ \t]*\S", source):
            yield view.warning(line, CODE, "line has more than six #, so Markdown sees no heading", "give it six # at most")
        elif glued and not source.lstrip().startswith("#!") and (len(glued[1]) > 1 or line in view.levels):
            message = "no blank behind the #, so Markdown sees no heading"
            yield view.warning(line, CODE, message, "put a blank behind the #")


def _others_on_level(view: View) -> Iterator[Problem]:
    """Headings on the questions' level that were read as part of an answer."""
    known = {name for question in view.questions for name in question.sections}
    others = [item for item in view.document.headings if item.level == view.usual_level and item.start not in view.levels]
    times = Counter(heading.text for heading in others)
    for heading in others:
        name = question_labels.clean(heading.text).text
        if (
            name in known
            or times[heading.text] > 1
            or header_words.OTHER_MATTER.fullmatch(name)
            or noise.is_noise(heading.text)
        ):
            continue  # a section, the label of every answer, or what is no part of a list
        above = view.question_above(heading.start)
        if above is not None and _holds(above, heading):
            message = f'heading "{name[:60]}" has the questions\' level, but is read as part of the answer above it'
            yield view.warning(heading.start, CODE, message, "give it more #, or reword it so that it asks")


def _holds(question: Question, heading: Heading) -> bool:
    return any(heading.text in part.markdown for part in question.parts())


def _odd_section(view: View) -> Iterator[Problem]:
    """The one section that is a level below all others, while the section above it holds questions of its own."""
    names = {name for question in view.questions for name in question.sections}
    sections = [
        heading for heading in view.document.headings if (question_labels.clean(heading.text).text or heading.text) in names
    ]
    levels = Counter(heading.level for heading in sections)
    (usual, count), *_ = levels.most_common(1) or [(0, 0)]
    odd = [heading for heading in sections if heading.level > usual]
    if count < 3 or len(odd) != 1 or view.levels:
        return
    above = max((heading.start for heading in sections if heading.start < odd[0].start), default=None)
    if above is not None and any(above < start < odd[0].start for start in view.starts):
        message = f"section heading has {odd[0].level} #, where the other {count} have {usual}"
        yield view.warning(odd[0].start, CODE, message, f"give it {usual} # if it is no part of the section above")
