"""From what a layout found to questions: answers cut out, labels and noise taken off, sections, ids."""

from __future__ import annotations

import hashlib
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.markup import commonmark
from generator.markup.inline import plain_text
from generator.model import Part, Place, Problem, Question, Severity
from generator.read.canonical import Reading
from generator.read.document import Document
from generator.read.layouts import clues

_STRONG_LABEL = re.compile(r"\W*(?:\*\*|__|<b>|<strong>)|\W*q", re.IGNORECASE)
"""A label in bold, or one that says Q, is no mere list number."""
_FRAMED = re.compile(r"^\s*(?:<br\s*/?>\s*)*<b>[ \t]*\n?(.*?)\s*</b>\s*$", re.DOTALL | re.IGNORECASE)
"""An answer in a bold frame of HTML."""


@dataclass(frozen=True, slots=True)
class Found:
    """A question as a layout sees it."""

    text: str
    """Inline Markdown, label and wrapping still on it."""
    start: int
    """0-based line it starts on."""
    end: int
    """0-based line after the question itself: what follows belongs to it."""
    stop: int | None = None
    """0-based line before which its answer ends; None: the next question or section."""
    within: int | None = None
    """0-based line after the list item that it stands in."""
    lead: str = ""
    """The beginning of the answer, where it stands on the question's own line."""
    inside: str | None = None
    """Question text's rest or an answer given in place (a table's cell); takes the place of the lines."""


@dataclass(frozen=True, slots=True)
class SectionMark:
    """A heading that groups questions."""

    level: int
    text: str
    start: int
    end: int
    until: int | None = None
    """0-based line before which it ends by itself; None: with the next one of its level."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a layout found in a document."""

    questions: tuple[Found, ...]
    sections: tuple[SectionMark, ...] = ()

    def coverage(self, document: Document) -> float:
        """Share of the non-blank lines that stand in a question, an answer or a section's heading."""
        lines = [bool(line.strip()) for line in document.lines]
        if not self.questions or not any(lines):
            return 0.0
        covered = {number for first, last in self.ranges(document) for number in range(first, last) if lines[number]}
        covered |= {number for mark in self.sections for number in range(mark.start, mark.end) if lines[number]}
        return len(covered) / sum(lines)

    def ranges(self, document: Document) -> list[tuple[int, int]]:
        """First line and the line after the last of each question with its answer."""
        starts = sorted({found.start for found in self.questions} | {mark.start for mark in self.sections})
        result = []
        for found in self.questions:
            following = next((start for start in starts if start > found.start and start >= found.end), len(document.lines))
            result.append((found.start, max(found.end, min(found.stop or following, following))))
        return _trimmed(document, self.questions, result)


def _trimmed(document: Document, questions: Sequence[Found], ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges without what is no answer: what follows a separator or the last list, where that is not the rule."""
    parted = []
    for found, (_, last) in zip(questions, ranges, strict=True):
        first = document.first_line(found.end, last) if last > found.end else found.end
        ruled = first < last and re.fullmatch(r"[ ]{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*", document.lines[first]) is not None
        more = any(line.strip() and not clues.is_noise(line) for line in document.lines[first:last])
        parted.append(first if ruled and more and found.within is not None else None)
    if sum(line is not None for line in parted) > 0.2 * len(parted) + 1:
        return ranges
    ranges = [(start, end if line is None else line) for (start, end), line in zip(ranges, parted, strict=True)]
    tails = [_has_tail(document, found, last) for found, (_, last) in zip(questions, ranges, strict=True)]
    if len(tails) >= 3 and tails[-1] and not any(tails[:-1]) and (within := questions[-1].within):
        ranges[-1] = (ranges[-1][0], within)
    return ranges


def _has_tail(document: Document, found: Found, last: int) -> bool:
    """Whether text stands behind the list item of a question and before the next question."""
    if found.within is None:
        return False
    tail = document.lines[found.within : last]
    return any(line.strip() and not clues.is_noise(line) and not line.lstrip().startswith(("```", "~~~")) for line in tail)


def quality(outline: Outline, numbered_counts: bool) -> float:
    """Share of the found questions that look like one (or, with `numbered_counts`, carry a number)."""
    if not outline.questions:
        return 0.0
    cleaned = [clues.clean(found.text) for found in outline.questions]
    good = sum(
        clues.asks(item.text) or (item.label is not None and (numbered_counts or _STRONG_LABEL.match(found.text) is not None))
        for item, found in zip(cleaned, outline.questions, strict=True)
    )
    return good / len(cleaned)


def assemble(document: Document, outline: Outline) -> Reading:
    """Questions with their answers, in the document's order."""
    sections = _without_title(outline)
    drafts = []
    for found, (_, last) in zip(outline.questions, outline.ranges(document), strict=True):
        drafts.append(_draft(document, found, last, sections))
    label = _common_label([draft.raw for draft in drafts])
    labelled = sum(bool(clues.answer_label(draft.raw.split("\n")[0])) for draft in drafts)
    prose_before = labelled >= 0.3 * sum(bool(draft.raw.strip()) for draft in drafts)
    bodies = [_split(draft.raw, label, prose_before) for draft in drafts]
    bodies = _code_to_front(bodies)
    ids = stable_ids([(draft.text, "\n".join((*body, *draft.sections))) for draft, body in zip(drafts, bodies, strict=True)])
    questions: list[Question] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for identity, draft, (front, answer) in zip(ids, drafts, bodies, strict=True):
        place = document.place(draft.line)
        if identity in seen:
            message = f"question repeats line {seen[identity] + 1} word for word, answer included; it is taken once"
            problems.append(Problem(place, "duplicate", Severity.WARNING, message, "remove one of the two"))
            continue
        seen[identity] = draft.line
        if answer and clues.is_placeholder(answer):
            problems.append(
                Problem(place, "placeholder", Severity.WARNING, f'"{_short(answer)}" is taken as no answer', "write the answer")
            )
            answer = ""
        if answer and not front and (asked := _before_placeholder(answer)):
            front, answer = asked, ""
        questions.append(
            Question(
                id=identity,
                text=draft.text,
                place=place,
                sections=draft.sections,
                body=Part("", front, _place(document, draft, front)) if front else None,
                answer=(Part("", answer, _place(document, draft, answer)),) if answer else (),
                definitions=document.definitions_for(f"{draft.text}\n{front}\n{answer}"),
            )
        )
    return Reading(tuple(questions), tuple(problems))


def _without_title(outline: Outline) -> tuple[SectionMark, ...]:
    """The sections without a lone first header above all others: that is the document's title."""
    marks = outline.sections
    if not marks or any(found.start < marks[0].start for found in outline.questions):
        return marks
    first = marks[0]
    lone = sum(mark.level <= first.level for mark in marks) == 1
    return marks[1:] if lone and first.level == 1 else marks


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    line: int
    body: tuple[int, int]
    """First line of what belongs to it, and the line after the last."""
    raw: str
    sections: tuple[str, ...]


def _draft(document: Document, found: Found, last: int, sections: Sequence[SectionMark]) -> _Draft:
    raw = found.inside if found.inside is not None else _dedented(document, found.end, last)
    raw = f"{found.lead}\n{raw}" if found.lead else raw
    above: list[SectionMark] = []
    for mark in sections:
        if mark.start < found.start:
            above = [other for other in above if other.level < mark.level] + [mark]
    above = [mark for mark in above if mark.until is None or found.start < mark.until]
    names = tuple(clues.clean(mark.text).text or mark.text for mark in above)
    text = clues.clean(found.text).text or found.text
    start = found.start if found.lead or found.inside is not None else found.end
    return _Draft(text, found.start, (start, max(last, found.end)), _without_noise(raw), names)


def _place(document: Document, draft: _Draft, markdown: str) -> Place:
    """Where a piece of a question begins: labels and frames before it were taken off."""
    first, last = draft.body
    beginning = markdown.lstrip().split("\n")[0].strip()
    line = next((number for number in range(first, last) if beginning in document.lines[number]), None)
    return document.place(document.first_line(first, last) if line is None else line)


def _dedented(document: Document, start: int, end: int) -> str:
    """The lines with the indent that they all share taken off, blank and definition lines left aside."""
    # A less indented link to the top at the end would keep the answer from coming to the margin.
    text = _without_noise(document.markdown(start, end)) if end > start else ""
    first, newline, rest = text.partition("\n")
    common = textwrap.dedent(text)
    if common == text and newline and not first.startswith((" ", "\t")) and re.match(r"[ \t]+\S", rest):
        return text
    return common


def _without_noise(text: str) -> str:
    framed = _FRAMED.match(text)
    lines = (textwrap.dedent(framed[1]).lstrip() if framed else text).split("\n")
    while lines and (not lines[0].strip() or (clues.is_noise(lines[0]) and "<details" not in lines[0])):
        lines.pop(0)
    while lines and (not lines[-1].strip() or (clues.is_noise(lines[-1]) and "</details" not in lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _common_label(answers: Sequence[str]) -> str | None:
    """A word with a colon that heads nearly every answer, in whatever language."""
    heads = Counter(
        match[1].lower()
        for answer in answers
        if (match := re.match(r"\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*([^\W\d_]{1,20})\s*(?:\*\*|__)?\s*[:：]", answer))
    )
    given = sum(bool(answer.strip()) for answer in answers)
    if not heads or given < 3:
        return None
    word, count = heads.most_common(1)[0]
    return word if count >= 0.8 * given else None


def _split(raw: str, common: str | None, prose_before: bool = True) -> tuple[str, str]:
    """What belongs to the question's front, and the answer: parted by an answer label or a fold.

    `prose_before` allows text before a label; else only code and options may stand there.
    """
    lines = raw.split("\n")
    if _only_asks(lines):
        return raw, ""
    code = commonmark.code_lines(raw) if "`" in raw or "~" in raw or "    " in raw else set()
    for number, line in enumerate(lines):
        if number in code or not line.strip():
            continue
        width = clues.answer_label(line) or _own_label(line, common)
        if width and _is_option(lines, number):
            width = 0
        if width:
            front = _without_noise("\n".join(lines[:number]))
            if front and not (_may_stand_on_front(front) and (prose_before or not _has_prose(front))):
                return "", raw
            return front, _after_label(lines[number:], width)
        if re.match(r"\s*<details\b", line, re.IGNORECASE):
            front = _without_noise("\n".join(lines[:number]))
            opened = _answer_fold(lines, number, front)
            if opened is not None:
                more, answer = _split(opened, common)
                return "\n\n".join(piece for piece in (front, more) if piece), answer
    return "", raw


def _before_placeholder(answer: str) -> str | None:
    """What stands before a last paragraph "Answer here": it belongs to the question."""
    before, _, last = answer.rpartition("\n\n")
    return before.rstrip() if before.strip() and re.search(r"\w", plain_text(last)) and clues.is_placeholder(last) else None


def _code_to_front(bodies: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """In a list without answers, code, pictures, hints and what asks on below a question belong to the question."""
    silent = sum(not answer.strip() for _, answer in bodies)
    if silent < 0.7 * len(bodies):
        return bodies
    return [(answer, "") if not front and _asks_on(answer) else (front, answer) for front, answer in bodies]


_HINT = re.compile(r"\W*hints?\b\W", re.IGNORECASE)


def _asks_on(text: str) -> bool:
    """Whether a text says no more than the question: code, pictures, a hint, or words that end with a question mark."""
    tokens, _ = commonmark.parse(textwrap.dedent(text))
    blocks = [block for block in tokens if block.level == 0 and block.nesting >= 0]
    if any(block.type not in (*commonmark.CODE_BLOCKS, "paragraph_open", "html_block") for block in blocks):
        return False
    said = [
        block.content
        for block in tokens
        if block.type in ("inline", "html_block") and not _HINT.match(block.content) and not _is_picture(block.content)
    ]
    return bool(blocks) and (not said or clues.ends_asking(said[-1]))


def _is_picture(content: str) -> bool:
    return "<img" in content.lower() or not plain_text(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", content)).strip()


def _is_option(lines: Sequence[str], number: int) -> bool:
    """Whether a line `A) …` is the first of several options, not an answer's label."""
    first, second = (rf"\s*(?:[-*+]\s+)?\W{{0,3}}{letter}\W{{0,3}}[:.)]" for letter in "ab")
    if not re.match(first, lines[number], re.IGNORECASE):
        return False
    return any(re.match(second, line, re.IGNORECASE) for line in lines[number + 1 : number + 12])


def _only_asks(lines: Sequence[str]) -> bool:
    """Whether nothing but further questions follows, as bullets: they go with the question."""
    filled = [line.strip() for line in lines if line.strip()]
    return bool(filled) and all(re.match(r"(?:[-*+]|\d{1,3}[.)])\s", line) and clues.ends_asking(line) for line in filled)


def _own_label(line: str, common: str | None) -> int:
    if common is None:
        return 0
    match = re.match(
        rf"\s*(?:[-*+]\s+)?(?:\*\*|__)?\s*{re.escape(common)}\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*", line, re.IGNORECASE
    )
    return match.end() if match else 0


def _may_stand_on_front(front: str) -> bool:
    """Code, options or a few lines may come before an answer label; a long text is an answer that has the word in it."""
    words = len(re.sub(r"(?ms)^(```|~~~).*?^\1", "", front).split())
    return words <= 150


def _after_label(lines: Sequence[str], width: int) -> str:
    first = lines[0][width:]
    if lines[0][:width].count("**") % 2 and first.count("**") % 2:
        first = first[::-1].replace("**", "", 1)[::-1]  # the label's own bold ends behind the answer
    rest = "\n".join(lines[1:])
    if re.match(r"\s*[-*+]\s", lines[0]):
        rest = _dedent_children(rest)
    text = f"{first}\n{rest}" if first.strip() else rest
    return _without_noise(text)


def _dedent_children(text: str) -> str:
    """Children of a list item whose own text was a label only, brought to the margin."""
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    if not indents:
        return text
    width = indents[0]
    return "\n".join(line[min(width, len(line) - len(line.lstrip())) :] for line in lines)


def _answer_fold(lines: Sequence[str], number: int, front: str) -> str | None:
    """The inside of a `<details>` whose summary says no more than that the answer is inside."""
    whole = "\n".join(lines[number:])
    match = re.match(
        r"\s*<details\b[^>]*>\s*<summary\b[^>]*>(.*?)</summary>(.*?)(?:</details>(.*))?$", whole, re.DOTALL | re.IGNORECASE
    )
    if match is None:
        return None
    summary = plain_text(match[1]).strip(" :.!▶👉").lower()
    inside = _without_noise(f"{match[2]}\n{match[3] or ''}")
    if re.search(rf"\b(?:{clues.ANSWER_WORDS})\b", summary) and len(summary) <= 40:
        return inside
    opener = re.fullmatch(r"(?:show|see|view|click|reveal|expand|open|toggle|read)\b.*|details", summary)
    return inside if opener and not _has_prose(front) else None


def _has_prose(text: str) -> bool:
    tokens, _ = commonmark.parse(text)
    return any(block.type == "paragraph_open" and block.level == 0 for block in tokens)


def stable_ids(questions: Sequence[tuple[str, str]]) -> list[str]:
    """Ids for (question, body) pairs: the slug of the question, plus a hash of the body where slugs repeat.

    Never a position, so that an inserted question changes no other's id.
    """
    slugs = [slug(text) for text, _ in questions]
    repeated = Counter(slugs)
    ids = []
    for base, (text, body) in zip(slugs, questions, strict=True):
        if repeated[base] > 1 or not base:
            digest = hashlib.sha256(f"{text}\n{body}".encode()).hexdigest()[:8]
            ids.append(f"{base[:55]}-{digest}".lstrip("-"))
        else:
            ids.append(base)
    return ids


def slug(text: str, limit: int = 64) -> str:
    """Lower-case words joined by hyphens, at most `limit` characters, cut at a word.

    Letters outside a-z that have no plain form are left out; where few remain (Chinese, Arabic) the slug
    is a hash of the text.
    """
    plain = plain_text(text)
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", folded.replace("'", ""))
    letters = sum(character.isalnum() for character in plain)
    if sum(map(len, words)) * 2 < letters:
        return "q-" + hashlib.sha256(plain.encode()).hexdigest()[:12]
    result = "-".join(words)
    if len(result) > limit:
        result = result[: limit + 1].rsplit("-", 1)[0][:limit]
        # Two long questions that differ only at their ends must not share a slug.
        result = f"{result[: limit - 9].rstrip('-')}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}"
    return result


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:37] + "..."


def with_stop(found: Found, stop: int) -> Found:
    """The same question with its answer ending before the given line."""
    return replace(found, stop=stop)
