"""`<details>`: the summary is the question, the inside its answer; or HTML `<div>`s with question and answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.markup.commonmark import code_lines
from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import clues
from generator.read.layouts.assemble import Found, Outline
from generator.read.layouts.lists import sections_of

_DETAILS = re.compile(r"<details\b[^>]*>\s*<summary\b[^>]*>(.*?)</summary>(.*?)</details>", re.DOTALL | re.IGNORECASE)
_DIV = re.compile(
    r"<(div|p|dt|h[1-6]|section)\b[^>]*class=[\"'][^\"']*\b(?:question|q)\b[^\"']*[\"'][^>]*>(.*?)</\1>\s*"
    r"(?:<(div|p|dd|section)\b[^>]*class=[\"'][^\"']*\b(?:answer|a)\b[^\"']*[\"'][^>]*>(.*?)</\3>)?",
    re.DOTALL | re.IGNORECASE,
)
_ANSWER_SUMMARY = re.compile(
    rf"\W*(?:(?:show|see|view|click|reveal|expand|open|toggle|hint)\b.*|(?:the )?(?:{clues.ANSWER_WORDS})\b.{{0,20}})",
    re.IGNORECASE,
)


def details(document: Document) -> Outline:
    """Folds whose summary asks."""
    found = list(_folds(document))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def divs(document: Document) -> Outline:
    """`<div class="question">` followed by `<div class="answer">`."""
    text = "\n".join(document.lines)
    code = code_lines(text) if "<div" in text.lower() or "class=" in text else set()
    found = []
    for match in _DIV.finditer(text):
        start, end = _lines_of(text, match)
        if start not in code:
            question = _one_line(match[2])
            found.append(Found(question, start, end, stop=end, inside=(match[4] or "").strip()))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _folds(document: Document) -> Iterator[Found]:
    text = "\n".join(document.lines)
    if "<details" not in text.lower():
        return
    code = code_lines(text)
    for match in _DETAILS.finditer(text):
        start, end = _lines_of(text, match)
        summary = match[1].strip()
        if start in code or _ANSWER_SUMMARY.fullmatch(plain_text(summary)):
            continue
        question, rest = _summary(summary)
        if question:
            answer = match[2].strip()
            shown = start + text[match.start() : match.start(1)].lower().split("<summary")[0].count("\n")
            yield Found(question, shown, end, stop=end, inside=f"{rest}\nAnswer:\n{answer}" if rest else answer)


def _summary(summary: str) -> tuple[str, str]:
    """The question of a summary, and code or options that stand in it below the question."""
    lines = [line.strip() for line in summary.split("\n")]
    kept = [line for line in lines if line]
    if not kept:
        return "", ""
    if len(kept) == 1:
        return _one_line(kept[0]), ""
    for count in range(1, len(kept) + 1):
        head = _one_line(" ".join(kept[:count]))
        if plain_text(head).rstrip(" *_").endswith(("?", "？", ":")) or (
            count < len(kept) and re.match(r"```|~~~|[-*+] |<(?:pre|ul|ol)", kept[count])
        ):
            rest = summary.split(kept[count - 1], 1)[1] if count < len(kept) else ""
            return head, rest.strip("\n")
    return _one_line(" ".join(kept)), ""


def _one_line(html: str) -> str:
    text = re.sub(r"</?(?:h[1-6]|p|div|span|font|summary|br)\b[^>]*>", " ", html, flags=re.IGNORECASE)
    text = re.sub(r"</?(?:b|strong)\b[^>]*>", "**", text, flags=re.IGNORECASE)
    text = re.sub(r"</?code\b[^>]*>", "`", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _lines_of(text: str, match: re.Match[str]) -> tuple[int, int]:
    start = text.count("\n", 0, match.start())
    return start, start + text.count("\n", match.start(), match.end()) + 1
