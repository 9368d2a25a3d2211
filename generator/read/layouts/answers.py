"""From the lines below a question to its front and its answer: labels, folds and noise taken off."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.markup import commonmark
from generator.markup.inline import plain_text
from generator.read.layouts import answer_words, callouts, no_answer, noise, question_words
from generator.read.layouts.elements import folds, source_of_text

_FRAMED = re.compile(r"^\s*(?:<br\s*/?>\s*)*<b>[ \t]*\n?(.*?)\s*</b>\s*$", re.DOTALL | re.IGNORECASE)
"""An answer in a bold frame of HTML."""
_ANSWER_LINE = re.compile(
    rf"^[ \t>]*(?:[-*+]\s+|#{{1,6}}\s+)?(?:\*\*|__|<b>|<strong>)?(?:{answer_words.PLAIN_ANSWER})"
    r"(?:\*\*|__|</b>|</strong>)?[ \t]*(?:[:：]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_OPENER = re.compile(r"(?:show|see|view|click|tap|reveal|expand|open|toggle|read)\b.*|details", re.DOTALL)
_HINT = re.compile(r"\W*hints?\b\W", re.IGNORECASE)


def without_noise(text: str) -> str:
    """The text without separators, empty frames, dangling tags and links to the top at its ends."""
    framed = _FRAMED.match(text)
    lines = (textwrap.dedent(framed[1]).lstrip() if framed else text).split("\n")
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or (noise.is_noise(lines[first]) and "<details" not in lines[first])):
        first += 1
    spare: Counter[str] | None = None
    while first < last:
        line = lines[last - 1]
        if line.strip() and "<" in line:
            spare = _unopened("\n".join(lines[first:last])) if spare is None else spare
            if not (_dangling(line, spare) or (noise.is_noise(line) and "</details" not in line.lower())):
                break
        elif line.strip() and not noise.is_noise(line):
            break
        last -= 1
    return "\n".join(lines[first:last])


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input", "source"})


def _unopened(text: str) -> Counter[str]:
    """How many closing tags of each name have no opening one."""
    count: Counter[str] = Counter()
    for tag in _TAG.finditer(text):
        count[tag[2].lower()] += 1 if tag[1] else -1
    return count


def _dangling(line: str, spare: Counter[str]) -> bool:
    """Whether a last line has nothing but tags that were opened before the text, or are opened for what follows it."""
    tags = _TAG.findall(line)
    if not tags or _TAG.sub("", line).strip() or any(name.lower() in _VOID for _, name in tags):
        return False
    left = spare.copy()
    for closing, name in tags:
        if closing:
            left[name.lower()] -= 1
            if left[name.lower()] < 0:
                return False
        else:
            left[name.lower()] += 1
    spare.clear()
    spare.update(left)
    return True


_PART = re.compile(r"^(?:[-*+]\s+|#{1,6}\s+)?(?:\*\*|__)?([^\W\d_]{1,20})(?:\*\*|__)?[:：]", re.MULTILINE)
"""Words with a colon at the beginning of lines."""


def common_label(answers: Sequence[str]) -> str | None:
    """A word with a colon that heads nearly every answer, in whatever language."""
    heads = Counter(
        match[1].lower()
        for answer in answers
        if (match := re.match(r"\s*(?:[-*+]\s+|#{1,6}\s+)?(?:\*\*|__)?\s*([^\W\d_]{1,20})\s*(?:\*\*|__)?\s*[:：]", answer))
    )
    given = sum(bool(answer.strip()) for answer in answers)
    if not heads or given < 3:
        return None
    word, count = heads.most_common(1)[0]
    if re.fullmatch(no_answer.ORIGIN_WORDS, word):
        return None
    parts = Counter(label for answer in answers for label in set(_PART.findall(answer.lower())))
    several = sum(times >= 0.6 * given for label, times in parts.items() if label != word) >= 2
    return word if count >= 0.8 * given and not several else None  # Situation: … Task: … Action: …


def split(raw: str, common: str | None, prose_before: bool = True, repeated: frozenset[str] = frozenset()) -> tuple[str, str]:
    """What belongs to the question's front, and the answer: parted by an answer label or a fold.

    `common` is a word that heads most answers of the document. `prose_before` allows text before a label; else only
    code and options may stand there. `repeated` are lines that stand below code again and again (`Output:`).
    """
    lines = raw.split("\n")
    if _only_asks(lines):
        return raw, ""
    code = commonmark.code_lines(raw) if "`" in raw or "~" in raw or "    " in raw else set()
    opened = _opened(raw) if "<details" in raw.lower() else {}
    for number, line in enumerate(lines):
        if number in code or not line.strip():
            continue
        width = answer_words.answer_label(line) or _own_label(line, common)
        if width and _is_option(lines, number):
            width = 0
        if not width and callouts.is_answer(line):
            front = without_noise("\n".join(lines[:number]))
            if not front or _may_stand_on_front(front):
                return front, without_noise(callouts.opened(lines[number:]))
        if width:
            front = without_noise("\n".join(lines[:number]))
            if front and not (_may_stand_on_front(front) and (prose_before or not _has_prose(front))):
                return "", raw
            return front, _after_label(lines[number:], width)
        if _label_text(line) in repeated and code and min(code) < number:
            front = without_noise("\n".join(lines[:number]))
            if front and not _has_prose(front):
                kept = number + (_OUTPUT.fullmatch(_label_text(line)) is not None)
                return front, without_noise("\n".join(lines[kept:])) or line
        if number in opened:
            front = without_noise("\n".join(lines[:number]))
            if opened[number].sure or not _has_prose(front):
                more, answer = split(opened[number].inside, common)
                return "\n\n".join(piece for piece in (front, more) if piece), answer
    return "", raw


_LABEL_LINE = re.compile(r"\s*(?:#{1,6}\s+)?(?:\*\*|__)?([^\n*_]{1,60}?)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*$")
_OUTPUT = re.compile(r"(?:expected |console |the )?(?:output|result)s?", re.IGNORECASE)


def _label_text(line: str) -> str:
    match = _LABEL_LINE.match(line) if len(line) < 100 else None
    return match[1].strip().lower() if match else ""


def repeated_labels(bodies: Sequence[str]) -> frozenset[str]:
    """Lines `Output:`, and others with a colon that stand in most of the texts, that may begin the answer below code."""
    given = [body for body in bodies if body.strip()]
    found = Counter(label for body in given for label in {_label_text(line) for line in body.split("\n")} if label)
    return frozenset(
        label for label, count in found.items() if _OUTPUT.fullmatch(label) or (count >= 0.6 * len(given) and count > 1)
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A fold whose summary says that something is inside."""

    sure: bool
    """It says that this is the answer."""
    inside: str
    """What it holds, with what follows it."""


def _opened(raw: str) -> dict[int, _Opened]:
    """The outermost folds that hold the answer, by the line of their beginning."""
    source = source_of_text(raw)
    found: dict[int, _Opened] = {}
    for fold in folds(source):
        if fold.depth or fold.start in found:
            continue
        summary = plain_text(fold.summary[: question_words.LONGEST]).strip(" :.!▶👉").lower()
        sure = answer_words.says_here_is_the_answer(summary)
        if sure or _OPENER.fullmatch(summary):
            found[fold.start] = _Opened(sure, without_noise(f"{fold.inside}\n{raw[fold.after :]}"))
            if sure:
                break  # what follows is part of the answer
    return found


def before_placeholder(answer: str) -> str | None:
    """What stands before a last paragraph "Answer here": it belongs to the question.

    A remark in brackets that names where the text is from, *(Source: …)*, stands below answers.
    """
    before, _, last = answer.rpartition("\n\n")
    if not before.strip() or not re.search(r"\w", plain_text(last)) or _FROM.match(plain_text(last)):
        return None
    return before.rstrip() if answer_words.is_placeholder(last) else None


_FROM = re.compile(
    r"\W*(?:sources?|ref(?:erence)?s?|via|from|see|by|credits?|cf|quelles?|fuentes?|fontes?|источник\w*|来源|出处|参考)\b",
    re.IGNORECASE,
)


def code_to_front(texts: Sequence[str], bodies: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """In a list without answers, code, pictures, hints and what asks on below a question belong to the question.

    So does a list below a question (its words are in `texts`) that ends with a colon or in the middle.

    So do options where nothing but them stands below a third of the questions, and lettered words below a question
    that ends with a colon ("Define these words: a. Lock b. Queue").
    """
    options = [not front and _only_options(answer) for front, answer in bodies]
    if sum(options) >= 0.3 * len(bodies):
        bodies = [(body[1], "") if only else body for body, only in zip(bodies, options, strict=True)]
    else:
        bodies = [
            (body[1], "") if only and _COLON_END.search(text[-20:]) and _only_words(body[1]) else body
            for text, body, only in zip(texts, bodies, options, strict=True)
        ]
    silent = sum(not answer.strip() for _, answer in bodies)
    if silent < 0.5 * len(bodies):
        return bodies
    open_ones = [
        not front and bool(answer.strip()) and (_asks_on(answer) or (question_words.left_open(text) and _goes_on(answer)))
        for text, (front, answer) in zip(texts, bodies, strict=True)
    ]
    if silent < 0.7 * (len(bodies) - sum(open_ones)):
        return bodies
    return [(body[1], "") if undecided else body for body, undecided in zip(bodies, open_ones, strict=True)]


def follow_ups_to_front(bodies: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where nothing but further questions stands below most questions, those that ask without a question mark as well."""
    given = [body for body in bodies if any(body)]
    asking = sum(not answer and _only_asks(front.split("\n")) for front, answer in given)
    if asking < 0.6 * len(given):
        return bodies
    return [(answer, "") if answer and not front and _all_ask(answer) else (front, answer) for front, answer in bodies]


_BULLET = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+")


def _all_ask(text: str) -> bool:
    """Whether a text is bullets that all ask, each of one line or wrapped."""
    items: list[str] = []
    for line in text.split("\n"):
        if _BULLET.match(line):
            items.append(_BULLET.sub("", line, count=1))
        elif items:
            items[-1] += " " + line.strip()
        elif line.strip():
            return False
    return bool(items) and all(question_words.asks(item) for item in items)


_EMPTY_BOX = re.compile(r"[ \t]*[-*+][ \t]+\[ \][ \t]")


_COLON_END = re.compile(r"[:：][\s*_]*\Z")


def _only_words(text: str) -> bool:
    """Whether the options in a text are a few words each, without anything that explains them."""
    lines = [line for line in text.split("\n") if line.strip()]
    return all(len(line.split()) <= 8 and re.search(r"[:：=–—]|\s-\s", line) is None for line in lines)


def _only_options(text: str) -> bool:
    """Whether a text is code, pictures and at least two options A, B … or boxes without a tick, and nothing else."""
    lines = text.split("\n")
    code = commonmark.code_lines(text)
    said = [line for number, line in enumerate(lines) if number not in code and line.strip() and not noise.is_noise(line)]
    letters = [answer_words.option(line) for line in said]
    marked = [letter for letter in letters if letter]
    pictures = sum(_is_picture(line) for line in said)
    if 1 <= len(said) <= 4 and _inline_letters(" ".join(said))[:3] == ["a", "b", "c"] and letters[0] == "a":
        return True
    if len(said) - pictures >= 2 and sum(_EMPTY_BOX.match(line) is not None for line in said) == len(said) - pictures:
        return True
    return len(marked) >= 2 and marked[:2] == ["a", "b"] and len(marked) + pictures == len(said)


def _goes_on(text: str) -> bool:
    """Whether a text is nothing but lists, code, tables, and paragraphs that ask ("Also explain …")."""
    tokens, _ = commonmark.parse(textwrap.dedent(text))
    parts = (*commonmark.CODE_BLOCKS, "bullet_list_open", "ordered_list_open", "table_open", "paragraph_open")
    said = [block.content for before, block in pairwise(tokens) if before.type == "paragraph_open" and before.level == 0]
    asking = all(question_words.asks(_ALSO.sub("", words[: question_words.LONGEST])) for words in said)
    return asking and all(block.type in parts for block in tokens if block.level == 0 and block.nesting >= 0)


_ALSO = re.compile(r"^\W*(?:also|and|then|next|please|additionally)\b[\s,]*", re.IGNORECASE)


def _inline_letters(text: str) -> list[str]:
    """The letters of options that stand on one line: `a) one b) two c) three`."""
    return [letter.lower() for letter in re.findall(r"(?:^|\s)\(?([a-hA-H])[).](?=\s)", text[: question_words.LONGEST])]


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
    return bool(blocks) and (not said or question_words.ends_asking(said[-1]))


def _is_picture(content: str) -> bool:
    return "<img" in content.lower() or not plain_text(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", content)).strip()


def _is_option(lines: Sequence[str], number: int) -> bool:
    """Whether a line `A) …` is the first of several options, not an answer's label."""
    first, second = (rf"\s*(?:[-*+]\s+)?\W{{0,3}}{letter}\W{{0,3}}[:.)]" for letter in "ab")
    if not re.match(first, lines[number], re.IGNORECASE):
        return False
    if _inline_letters(lines[number])[:2] == ["a", "b"]:
        return True
    return any(re.match(second, line, re.IGNORECASE) for line in lines[number + 1 : number + 12])


def _only_asks(lines: Sequence[str]) -> bool:
    """Whether nothing but further questions follows, as bullets: they go with the question."""
    filled = [line.strip() for line in lines if line.strip()]
    return bool(filled) and all(
        re.match(r"(?:[-*+]|\d{1,3}[.)])\s", line)
        and question_words.ends_asking(line)
        and not answer_words.answer_label(line)  # `- Answer: [What is it?](…)` links to one
        for line in filled
    )


def _own_label(line: str, common: str | None) -> int:
    if common is None:
        return 0
    match = re.match(
        rf"\s*(?:[-*+]\s+|#{{1,6}}\s+)?(?:\*\*|__)?\s*{re.escape(common)}\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*",
        line,
        re.IGNORECASE,
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
    return without_noise(text)


def _dedent_children(text: str) -> str:
    """Children of a list item whose own text was a label only, brought to the margin."""
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    if not indents:
        return text
    width = indents[0]
    return "\n".join(line[min(width, len(line) - len(line.lstrip())) :] for line in lines)


def _has_prose(text: str) -> bool:
    """Whether a text holds paragraphs that are no options."""
    tokens, _ = commonmark.parse(text)
    lines = text.split("\n")
    paragraphs = [block.map for block in tokens if block.type == "paragraph_open" and block.level == 0 and block.map]
    return any(answer_words.option(lines[number]) is None for first, last in paragraphs for number in range(first, last))


def strongly_labelled(raw: str) -> bool:
    """Whether a line in it says `Answer:`."""
    return _ANSWER_LINE.search(raw) is not None
