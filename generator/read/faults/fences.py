"""Code fences that open where they look like closing, or close where nothing else would."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from generator.model import Problem
from generator.read.faults.view import View, label_of
from generator.read.layouts import question_labels

CODE = "stray-fence"
_INFO = re.compile(r"[\w+#.-]+(?:[ \t]*\{[^{}]*\}|[ \t]+[\w-]+=.*)?")
"""What an opening fence says of its code: a language, perhaps with attributes."""
_SHOWS_TEXT = ("markdown", "md", "mdx", "text", "txt", "plain", "console", "output", "html", "yaml")
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")


def stray_fences(view: View) -> Iterator[Problem]:
    """Fences with text where they should close, and those that swallow the next fence or question."""
    open_to_the_end = {problem.place.line - 1 for problem in view.document.problems if problem.code == "unclosed-fence"}
    for block in view.document.tokens:
        if block.type != "fence" or not block.map:
            continue
        found = _inner_fence(view, block, block.map[0])
        if found is None and block.map[0] not in open_to_the_end:  # else it is told already
            found = _swallowed_question(view, block, block.map, bool(open_to_the_end))
        if found is not None:
            yield found


def _inner_fence(view: View, block: Token, first: int) -> Problem | None:
    marker = re.escape(block.markup)
    inner = re.compile(rf"[ ]{{0,3}}{marker}{block.markup[0]}*[ \t]*([^\s`].*)")
    for number, line in enumerate(block.content.split("\n"), first + 1):
        match = inner.fullmatch(line)
        if match is None:
            continue
        if _INFO.fullmatch(match[1].strip()):
            message = f"the code that this fence opens runs over the next opening fence, on line {number + 1}"
            remedy = "close it before that line, or remove it if it was meant to close"
            return view.warning(first, CODE, message, remedy)
        message = f"text behind the fence keeps it from closing the code that began on line {first + 1}"
        return view.warning(number, CODE, message, "put the text on a line of its own")
    return None


def _swallowed_question(view: View, block: Token, span: Sequence[int], odd: bool) -> Problem | None:
    """A question inside the code, where fences are `odd` in number or its number is missing outside.

    An example of Markdown in an answer may hold questions as well.
    """
    if block.info.strip().lower().startswith(_SHOWS_TEXT):
        return None
    missing = _missing_number(view, span)
    lines = block.content.split("\n")
    for number, line in enumerate(lines):
        if number and lines[number - 1].strip():
            continue
        if (missing is not None and _fills_gap(view, line, missing)) or (odd and _is_question_heading(view, line)):
            message = f"the code that this fence opens swallows the question on line {span[0] + number + 2}"
            remedy = "close it above the question, or remove it if it was meant to close"
            return view.warning(span[0], CODE, message, remedy)
    return None


def _is_question_heading(view: View, line: str) -> bool:
    """Whether a line of code is a heading as this file's questions are; in code, `# Why?` is a comment."""
    heading = _HEADING.match(line)
    if heading is None or len(heading[1]) != view.usual_level:
        return False
    return question_labels.asks(heading[2]) and (len(heading[1]) > 1 or label_of(line) is not None)


def _missing_number(view: View, span: Sequence[int]) -> int | None:
    """The number that is missing between the questions around some lines, if any."""
    position = bisect_right(view.starts, span[0])
    above = view.number_at(view.starts[position - 1]) if position else None
    below = view.number_at(view.starts[position]) if position < len(view.starts) else None
    return above + 1 if above is not None and below != above + 1 else None


def _fills_gap(view: View, line: str, missing: int) -> bool:
    """Whether a line of code asks as the file's questions do, with the number that is missing."""
    heading = _HEADING.match(line)
    written_so = len(heading[1]) == view.usual_level if heading else view.usual_level is None
    return written_so and question_labels.number_of(label_of(line)) == missing and question_labels.asks(line)
