"""A paragraph is the question: bold, or with a label such as `Q1:`; what follows is its answer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import answer_words, header_words, label_words, lists, noise, question_labels, question_words
from generator.read.layouts.behind import split_behind
from generator.read.layouts.candidates import META
from generator.read.layouts.outline import Found, Outline, strongly_labelled
from generator.read.layouts.revealed import revealed
from generator.read.layouts.titles import is_list_by_name, sections_of

_BOLD = re.compile(r"^(?:\*\*|__|<b>|<strong>)", re.IGNORECASE)
_INTERROGATIVE = re.compile(r"(?:what|why|how|when|where|which|who|whose|is|are|do|does|can)\b", re.IGNORECASE)
_ANSWER_BEHIND = re.compile(
    r"^(?P<open>\*\*|__|<b>|<strong>)(?P<question>.+?)(?:\*\*|__|</b>|</strong>)(?:\s*<br\s*/?>)?\s*[:–—-]?\s+(?P<rest>[^\s].*)$",
    re.IGNORECASE,
)
_MARKER = re.compile(r"^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+(?=\*\*))?(?:#{1,6}[ \t]+)?")
_FRAME = re.compile(r"\s*(?:</?(?:p|br|div|center)\b[^<>]*>\s*)+", re.IGNORECASE)
"""A line of nothing but empty frames, which makes HTML of the lines below it."""
_CHOICE = re.compile(r"[ \t]*[-*+][ \t]+\[[ xX]\][ \t]")
_Q_WORDS = f"{label_words.QUESTION}|ques|q|问|問"
_Q_LABEL = re.compile(
    rf"^[^\w\n]*(?:(?:{_Q_WORDS})(?:\s*\([^()\n]{{1,20}}\)(?=\s*[:：]))?\s*[.:#-]?\s*\d*[a-z]?\s*[.:)\]\-–—：]|\d{{1,4}}\s*q\b"
    r"|\d{1,4}\ufe0f?\u20e3|\d{1,4}\\?[.)、．]|[（(]\d{1,4}[)）]|\d{1,3}\s*[-–—](?=[\s*]|(?-i:[A-ZÀ-ÞА-Я])))",
    re.IGNORECASE,
)


def bold(document: Document) -> Outline:
    """Paragraphs that are bold from their beginning, and ask or are numbered."""
    found = _consistent([item for item in _found(document, _bold_question) if not _names_one(document, item)])
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _consistent(found: list[Found]) -> list[Found]:
    """Without the bold lead-ins of answers: those that do neither where most are numbered or end with a question mark."""
    cleaned = [question_labels.clean(item.text) for item in found]
    marked = [item.label is not None or item.rated or "?" in item.text for item in cleaned]
    if sum(marked) < 0.6 * len(found):
        return found
    numbered = sum(item.label is not None for item in cleaned) >= 0.6 * len(found)
    return [
        item
        for item, text, mark in zip(found, cleaned, marked, strict=True)
        if mark or not (numbered or _INTERROGATIVE.match(text.text))
    ]


def labelled(document: Document) -> Outline:
    """Paragraphs that begin with a label: `Q1:`, `Q.`, `72Q.`, `Question 17b.`, a number."""
    found = [item for item in _found(document, _labelled_question, lists_too=False) if not _names_one(document, item)]
    found = lists.without_enumerations(found, [heading.start for heading in document.headings])
    found = [_with_facts(document, item) for item in split_behind(document, found)]
    return Outline(tuple(found), tuple(sections_of(document, found)))


def numbered(document: Document) -> Outline:
    """Items of numbered lists and paragraphs that begin with a number, which mix in one file."""
    items = lists.without_other_matter(document, lists.numbered_items(document))
    if not items:
        return Outline(())
    taken = {line for item in items for line in range(item.start, item.end)}
    labelled = lists.without_other_matter(document, list(_found(document, _labelled_question)))
    more = [found for found in labelled if found.start not in taken]
    found = sorted([*items, *more], key=lambda item: item.start)
    found = lists.without_enumerations(_without_group_names(document, found), [heading.start for heading in document.headings])
    found = split_behind(document, _with_topics(found))
    sections = [*sections_of(document, found), *lists.topics(document, "ordered_list_open")]
    return Outline(tuple(found), tuple(sorted(sections, key=lambda mark: mark.start)))


def _with_topics(found: list[Found]) -> list[Found]:
    """The items, those sure that name a topic as questions do ("A vs B") in a list where others ask."""
    cleaned = [question_labels.clean(item.text).text for item in found]
    if 3 * sum(question_words.asks(text) for text in cleaned) < len(found):
        return found
    return [replace(item, sure=item.sure or question_words.is_topic(text)) for item, text in zip(found, cleaned, strict=True)]


def plain(document: Document) -> Outline:
    """Paragraphs without any mark that ask, in a document or below a heading that speaks of questions."""
    bare = _nothing_but_questions(document)
    named = bare or is_list_by_name(document)
    starts = [heading.start for heading in document.headings]
    hidden = {item.start: item for item in revealed(document).questions}
    above_options = _above_options(document)
    found = []
    for block in document.tokens:
        if block.type != "paragraph_open" or block.level != 0 or not block.map:
            continue
        start, end = block.map
        if start in hidden:
            found.append(hidden[start])
            continue
        if (last := _above_answer(document, start, end)) is not None:
            found.append(last)
            continue
        above = bisect_left(starts, start) - 1
        if not named and (above < 0 or not header_words.LISTED.search(document.headings[above].text[: question_words.LONGEST])):
            continue
        if bare or _each_line_asks(document.lines[start:end]):
            asking = [line for line in range(start, end) if _plain_question([document.lines[line].strip()], 1)]
            # In a document of bare questions the few other lines are names of groups rather than answers.
            found += [Found(document.lines[line].strip(), line, line + 1, stop=line + 1 if bare else None) for line in asking]
            continue
        count = _plain_question([line.strip() for line in document.lines[start : min(end, start + 4)]], end - start)
        if not count and end in above_options and end - start <= 3:
            found.append(Found(" ".join(line.strip() for line in document.lines[start:end]), start, end, sure=True))
        elif count:
            text = " ".join(line.strip() for line in document.lines[start : start + count])
            found.append(Found(text, start, start + count))
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _nothing_but_questions(document: Document) -> bool:
    """Whether nearly every line of a document ends with a question mark: then it needs no title that says what it is."""
    lines = [line for line in document.lines if line.strip() and not noise.is_noise(line)]
    return len(lines) >= 5 and sum(question_words.ends_asking(line) for line in lines) >= 0.7 * len(lines)


def _above_answer(document: Document, start: int, end: int) -> Found | None:
    """The question that is a paragraph's last line, right above a paragraph `Answer: …`, behind the answer before it."""
    below = document.first_line(end, len(document.lines))
    line = document.lines[end - 1].strip()
    if (
        not end <= below < len(document.lines)
        or not answer_words.answer_label(document.lines[below])
        or not question_words.ends_asking(line)
    ):
        return None
    if len(line) > 300 or answer_words.answer_label(line) or not question_words.asks(line):
        return None
    if end - start > 1 and answer_words.answer_label(document.lines[start]) == 0 and not _ended_above(document.lines[end - 2]):
        return None  # the end of a longer question
    return Found(line, end - 1, end, sure=True)


def _ended_above(line: str) -> bool:
    """Whether a line is a sentence's last, or a name: what stands below it begins anew."""
    return line.rstrip().endswith((".", ":", "!")) or len(line.split()) <= 6


def _above_options(document: Document) -> set[int]:
    """The lines on which lists begin, at the margin, whose items all have a box or a letter: what stands above them asks."""
    found: set[int] = set()
    first, items = -1, 0
    for block in document.tokens:
        if block.level == 0 and block.type == "bullet_list_open" and block.map:
            first, items = block.map[0], 0
        elif block.level == 0 and block.type == "bullet_list_close" and first >= 0:
            found |= {first, first - 1} if items >= 2 else set()
            first = -1
        elif first >= 0 and block.type == "list_item_open" and block.level == 1 and block.map:
            line = document.lines[block.map[0]]
            first, items = (first, items + 1) if _CHOICE.match(line) or answer_words.option(line) else (-1, 0)
    return found


def _each_line_asks(lines: Sequence[str]) -> bool:
    """Whether a paragraph is a list of questions without marks: every line of it asks, nearly all with a question mark."""
    ends = sum(question_words.ends_asking(line) for line in lines)
    return len(lines) >= 3 and ends >= 0.8 * len(lines) and all(_plain_question([line.strip()], 1) for line in lines)


def _plain_question(lines: list[str], whole: int) -> int:
    """How many lines of a paragraph of so many (`whole`) are its question; 0 if it has none."""
    if answer_words.answer_label(lines[0]) or lines[0].startswith(("|", "<", "![", "[")):
        return 0
    for count in range(1, min(len(lines), 3) + 1):
        text = " ".join(lines[:count])
        if len(text) <= 300 and question_words.ends_asking(text) and question_words.asks(text):
            return count
    # "Ready for more? These lists go on." only leads in.
    asks = question_words.asks(lines[0]) and ("?" not in lines[0] or question_words.begins_asking(plain_text(lines[0])))
    return 1 if whole == 1 and len(lines[0]) <= 120 and asks and not lines[0].endswith(":") else 0


def _without_group_names(document: Document, found: list[Found]) -> list[Found]:
    """Without numbered lines that ask nothing right above a question with the number 1: they name what follows."""
    numbers = [question_labels.number_of(question_labels.clean(item.text).label) for item in found]
    kept = []
    for position, item in enumerate(found):
        following = found[position + 1] if position + 1 < len(found) else None
        above = following is not None and numbers[position + 1] == 1 and item.within is None
        if above and following is not None and not question_labels.asks(item.text):
            between = document.lines[item.end : following.start]
            if not any(line.strip() and not noise.is_noise(line) for line in between):
                continue
        kept.append(item)
    return kept


def _with_facts(document: Document, item: Found) -> Found:
    """The question with a line such as `**Scenario:** …` between it and the heading above: that belongs on its front."""
    if not strongly_labelled(item):
        return item
    starts = {heading.end: heading for heading in document.headings}
    start = item.start
    while start > 0 and item.start - start < 12 and start not in starts:
        line = document.lines[start - 1]
        if line.strip() and (not META.match(line) or strongly_labelled(Found(line.strip(), start, start))):
            return item
        start -= 1
    front = document.markdown(start, item.start)
    first = document.first_line(start, item.start)
    return replace(item, front=front, start=first) if start in starts and front.strip() else item


def _names_one(document: Document, item: Found) -> bool:
    """Whether a line that ends with a colon stands right above a question with a label of words (`Question: …`)."""
    if not question_labels.clean(item.text).text.rstrip(" *_").endswith((":", "：")):
        return False
    below = document.first_line(item.end, len(document.lines))
    line = document.lines[below].strip() if item.end <= below < len(document.lines) else ""
    return strongly_labelled(Found(_MARKER.sub("", line), below, below + 1))


def _found(document: Document, take: Callable[[list[str]], int], lists_too: bool = True) -> Iterator[Found]:
    inside = ""
    for block in document.tokens:
        if block.level == 0:
            inside = block.type
        # Items of numbered lists are another layout's.
        outer = block.level == 0 or (lists_too and block.level == 2 and inside == "bullet_list_open")
        if not outer or not block.map or block.type not in ("paragraph_open", "html_block"):
            continue
        start, end = block.map
        if block.type == "html_block" and not _FRAME.fullmatch(document.lines[start]):
            continue
        position = start
        stripped = [_MARKER.sub("", line) for line in document.lines[start:end]]
        while position < end:
            lines = stripped[position - start : position - start + 8]  # no question is longer
            count = take(lines)
            behind = None if count else _answer_behind(lines[0], take)
            if behind is not None:
                yield Found(behind[0], position, position + 1, lead=behind[1])
                position += 1
            elif count:
                yield Found(" ".join(line.strip() for line in lines[:count]), position, position + count)
                position += count
            else:
                position += 1


def _answer_behind(line: str, take: Callable[[list[str]], int]) -> tuple[str, str] | None:
    """Question and beginning of the answer of a line `**What is it?** It is …`."""
    match = _ANSWER_BEHIND.match(line.strip())
    if match is None or not (question_words.ends_asking(match["question"]) or strongly_labelled(Found(line.strip(), 0, 1))):
        return None
    question = match["open"] + match["question"] + match["open"].replace("<", "</")
    return (question, match["rest"]) if take([question]) else None


def _bold_question(lines: list[str]) -> int:
    """How many lines the bold question at the beginning takes; 0 if there is none."""
    if not _BOLD.match(lines[0].lstrip()):
        return 0
    for count in range(1, min(len(lines), 4) + 1):
        text = " ".join(line.strip() for line in lines[:count])
        cleaned = question_labels.clean(text)
        if cleaned.bold and not answer_words.answer_label(text):
            return count if question_words.asks(cleaned.text) or cleaned.label or cleaned.rated else 0
    return 0


def _labelled_question(lines: list[str]) -> int:
    text = lines[0].strip()
    bare = re.sub(r"^(?:\*\*|__|<b>|<strong>|\*)+\s*", "", text)
    if not _Q_LABEL.match(bare) or answer_words.answer_label(text):
        return 0
    count = 1
    while (
        count < len(lines)
        and (not _ended(text) or (count == 1 and question_labels.label_alone(text)))
        and not answer_words.answer_label(lines[count])
        and not _Q_LABEL.match(lines[count].strip())
        and not _ARROW.match(lines[count])
    ):
        text = f"{text} {lines[count].strip()}"
        count += 1
        if count > 6:
            return 2 if question_labels.label_alone(lines[0]) else 1
    return count if question_labels.clean(text).label is not None else 0


_ARROW = re.compile(r"[ \t]*(?:[-=]+>|[→⇒➜➡⟶])")
"""What an answer may begin with."""
_ASKED = re.compile(r"[?？؟][ *_]*(?:\([^()\n]{1,60}\)[ *_]*)?\Z")
"""The end of a question, a remark in parentheses behind its mark."""
_LINE_ENDS = ("**", "  ", "<br>", "<br/>", "<br />", "</b>", "</strong>")


def _ended(text: str) -> bool:
    return _ASKED.search(text[-100:]) is not None or text.lower().endswith(_LINE_ENDS)
