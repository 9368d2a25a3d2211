"""An item of a numbered list is the question; its answer is the item's children, a lazy line, or what follows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from unicodedata import east_asian_width

from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import answer_headings, answer_words, header_words, noise, question_labels, question_words
from generator.read.layouts.behind import split_behind
from generator.read.layouts.outline import Found, Outline, SectionMark
from generator.read.layouts.titles import is_list_by_name, sections_of, titles

_MARKER = re.compile(r"^[ \t>]*(?:\d{1,9}[.)]|[-*+])[ \t]+(?:\[[ xX]\][ \t]+)?")


def bullets(document: Document) -> Outline:
    """Items of bullet lists at the margin, where nearly all of them ask."""
    hidden = _other_matter(document)
    groups = [_named_questions(document, _askable(document, group, hidden)) for group in _groups(document, "bullet_list_open")]
    if is_list_by_name(document):
        groups = [_entries(document, group) for group in groups]
    asking = [[item.sure or question_labels.asks(item.text) for item in group] for group in groups]
    named = any(item.sure for group in groups for item in group)
    pairs = _among_questions(document, groups, asking, alone=not named)
    if not named:
        pairs = _in_named_section(document, pairs)
    else:  # a list below another heading than "Questions" must ask as a whole
        pairs = [(group, asks) for group, asks in pairs if any(item.sure for item in group) or 2 * sum(asks) > len(asks)]
    found = [item for group, _ in pairs for item in group]
    asks = [ask for _, group in pairs for ask in group]
    most = (0.6 if is_list_by_name(document) else 0.7) * len(found)
    linked = is_list_by_name(document) and all(_leads_to_a_file(item.text) for item in found) and 4 * sum(asks) >= len(asks)
    if sum(asks) < most and sum(question_words.ends_asking(item.text) for item in found) < 3 and not linked:
        return Outline(())
    if sum(asks) >= most:
        chosen = found
    else:
        named = is_list_by_name(document) and sum(asks) >= 0.3 * len(asks)
        chosen = [item for group, said in pairs for item in _questions_of(document, group, said, 0.15 if named else 0.3)]
    chosen = split_behind(document, _counted(chosen))
    if answer_headings.answers_are_headings(document, chosen):
        chosen = [*chosen, *answer_headings.others_above_headings(document, chosen)]
        return Outline(tuple(sorted(chosen, key=lambda item: item.start)))
    sections = [*sections_of(document, chosen), *topics(document, "bullet_list_open")]
    return Outline(tuple(chosen), tuple(sorted(sections, key=lambda mark: mark.start)))


_COUNTED = re.compile(r"\W*([^\W\d_]{3,20})[ \t]*#?[ \t]*(\d{1,3})[ \t]*[.:：)–—-]")


def _counted(found: list[Found]) -> list[Found]:
    """Where nearly all items have one word and a count before them, `Problem 1: …`, those: others stand in answers."""
    heads = [_COUNTED.match(item.text[:60]) for item in found]
    words = Counter(match[1].lower() for match in heads if match)
    word, count = words.most_common(1)[0] if words else ("", 0)
    if count < 3 or count < 0.7 * len(found):
        return found
    kept = [(item, int(match[2])) for item, match in zip(found, heads, strict=True) if match and match[1].lower() == word]
    rising = all(right == left + 1 for (_, left), (_, right) in pairwise(kept))
    return [item for item, _ in kept] if rising else found


def _askable(document: Document, group: list[Found], hidden: set[int]) -> list[Found]:
    """The items that may be questions: no answers, tasks or openings, nothing under Contents or Contributors."""
    if sum(question_words.breaks_off(item.text) for item in group) >= 0.5 * len(group):
        return []
    found = [item for item in group if item.start not in hidden and not answer_words.answer_label(item.text)]
    found = [item for item in found if not re.fullmatch(r"<?https?://\S+", item.text)]
    found = _without_meant_below(document, found)
    return [item for item in found if not _is_task(document, item)]


def _without_meant_below(document: Document, group: list[Found]) -> list[Found]:
    """Without what asks nothing but is indented below a question at the margin: too little for Markdown to nest it."""
    margin = min((_indent(document, item) for item in group), default=0)
    kept: list[Found] = []
    asks = False
    for item in group:
        said = question_labels.asks(item.text)
        deeper = _indent(document, item) > margin
        if deeper and asks and not said:
            continue
        asks = asks if deeper else said
        kept.append(item)
    return kept


def _indent(document: Document, item: Found) -> int:
    line = document.lines[item.start]
    return len(line) - len(line.lstrip())


_QUESTIONS = re.compile(
    r"\W*(?:(?:sample|common|example|possible|typical|practice|interview|technical|behaviou?ral|frequently asked) )*"
    r"questions?\W*",
    re.IGNORECASE,
)


def _named_questions(document: Document, group: list[Found]) -> list[Found]:
    """The items of a list, sure where a heading `Questions` stands right above it and some of them ask."""
    above = bisect_left([heading.start for heading in document.headings], group[0].start) - 1 if len(group) >= 4 else -1
    if above < 0 or not any(question_labels.asks(item.text) for item in group):
        return group
    heading = document.headings[above]
    if not _is_named(heading.text):
        return group
    near = document.first_line(heading.end, len(document.lines)) == group[0].start
    return [replace(item, sure=True) for item in group] if near else group


_ENTRY = re.compile(r"(?P<mark>\*\*|__)[^*\n]{2,120}(?P=mark)\s*")


def _entries(document: Document, group: list[Found]) -> list[Found]:
    """The items of a list, sure where each is a topic in bold with its answer below: a question list by its name asks so."""
    below = all(any(line.strip() for line in document.lines[item.end : item.within or item.end]) for item in group)
    entries = below and all(_ENTRY.fullmatch(item.text) and not _colon(item.text) for item in group)
    return [replace(item, sure=True) for item in group] if entries else group


def _colon(text: str) -> bool:
    return text.rstrip(" *_").endswith((":", "："))


def _among_questions(
    document: Document, groups: list[list[Found]], asking: list[list[bool]], alone: bool = True
) -> list[tuple[list[Found], list[bool]]]:
    """The lists with what asks in them, without those that ask nothing in a section that asks nothing.

    A list of one item stays where it stands `alone`, as about half of them do: an editor parts items so.
    """
    alone = alone and 2 * sum(len(group) == 1 for group in groups) >= len(groups)
    starts = [heading.start for heading in document.headings]
    sections = [bisect_left(starts, group[0].start) if group else 0 for group in groups]
    said: Counter[int] = Counter()
    size: Counter[int] = Counter()
    for section, asks in zip(sections, asking, strict=True):
        said[section] += sum(asks)
        size[section] += len(asks)
    # One of many that begins as questions do ("Are right, a lot") is none.
    asked = {section for section, count in said.items() if count >= 0.15 * size[section] and count}
    whole = zip(groups, asking, sections, strict=True)
    return [(group, asks) for group, asks, section in whole if (alone and len(group) == 1) or section in asked]


def _in_named_section(document: Document, pairs: list[tuple[list[Found], list[bool]]]) -> list[tuple[list[Found], list[bool]]]:
    """The lists; where a section `Interview questions` holds most of what asks, those outside it must ask as a whole."""
    headings = document.headings
    named = [place for place, heading in enumerate(headings) if place and _is_named(heading.text)]
    inside: set[int] = set()
    for place in named:
        level = headings[place].level
        stop = next((heading.start for heading in headings[place + 1 :] if heading.level <= level), len(document.lines))
        inside.update(range(headings[place].start, stop))
    total = sum(sum(asks) for _, asks in pairs)
    if 2 * sum(sum(asks) for group, asks in pairs if group and group[0].start in inside) <= total:
        return pairs
    return [(group, asks) for group, asks in pairs if not group or group[0].start in inside or 2 * sum(asks) > len(asks)]


def _is_named(text: str) -> bool:
    return _QUESTIONS.fullmatch(plain_text(text[: question_words.LONGEST])) is not None


def _questions_of(document: Document, group: list[Found], asks: list[bool], least: float) -> list[Found]:
    """The items of a list that ask; all of them where the document calls itself a question list and none has an answer.

    A share of `least` of them must ask.
    """
    bare = all(not "".join(document.lines[item.end : item.within or item.end]).strip() for item in group)
    if bare and sum(asks) >= least * len(group) and is_list_by_name(document):
        return [replace(item, sure=True) for item in group]
    return [item for item, ask in zip(group, asks, strict=True) if ask]


def numbered_items(document: Document) -> list[Found]:
    """The items of numbered lists: first paragraph as the question, the rest of the item behind it.

    In a document that is no question list by its name, lists in sections where nothing asks are left aside if nearly
    all of the others asks.
    """
    groups = [[item for item in group if not _is_source(item)] for group in _groups(document, "ordered_list_open")]
    groups = [group for group in groups if group]
    asking = [[question_labels.asks(item.text) for item in group] for group in groups]
    found = [item for group in groups for item in group]
    if is_list_by_name(document):
        return found
    pairs = _among_questions(document, groups, asking, alone=False)
    chosen = [item for group, _ in pairs for item in group]
    asks = sum(sum(said) for _, said in pairs)
    return chosen if asks >= 2 and asks >= 0.8 * len(chosen) else found


def _groups(document: Document, kind: str) -> list[list[Found]]:
    """The questions that each top-level list would hold: its items, or what is nested in an item that is a topic."""
    titles = {bare(heading.text) for heading in document.headings}
    nested_too = _lists_of_lists(document, kind)
    groups: list[list[Found]] = []
    links = 0
    opening: list[Found] = []  # links to files that ask nothing, before the first item of their list that does
    named = is_list_by_name(document)
    for position, opens in _outer_items(document, kind):
        if opens:
            _drop_sources(groups, links)
            groups.append([])
            links, opening = 0, []
        item = _item(document, position)
        links += item is None and "](http" in document.lines[(document.tokens[position].map or [0])[0]]
        if item is None and named and groups[-1] and all(_leads_to_a_file(other.text) for other in groups[-1]):
            item = _item(document, position, linked_too=True)
        elif item is None and named and not groups[-1] and (linked := _item(document, position, linked_too=True)):
            opening.append(linked)
        if item is None or bare(item.text) in titles:
            continue
        if opening and not groups[-1] and _leads_to_a_file(item.text):
            groups[-1] += opening
        opening = []
        nested = _nested(document, position)
        groups[-1] += nested if _is_topic(item, nested) or (nested_too and nested) else [item]
    _drop_sources(groups, links)
    return groups


def _drop_sources(groups: list[list[Found]], links: int) -> None:
    """Empty the last list where most of its items are links that ask nothing: then those that ask are titles as well."""
    if groups and links > len(groups[-1]) and all("](http" in item.text for item in groups[-1]):
        groups[-1].clear()


def _outer_items(document: Document, kind: str) -> Iterator[tuple[int, bool]]:
    """Positions of the items of top-level lists, and whether the item is its list's first."""
    inside, first = False, False
    for position, block in enumerate(document.tokens):
        if block.level == 0 and block.type in ("ordered_list_open", "bullet_list_open"):
            inside, first = block.type == kind, True
        elif inside and block.type == "list_item_open" and block.level == 1 and block.map:
            yield position, first
            first = False


def _is_source(item: Found) -> bool:
    """Whether an item is an address or a link to something to read, with a remark at most, and asks nothing."""
    bare = re.sub(r"^\d{1,9}[.)]\s+", "", item.text)
    if re.fullmatch(r"<?https?://\S+", bare):
        return True
    return re.match(r"\[[^\[\]]+\]\(https?://", bare) is not None and not question_labels.asks(bare)


def _lists_of_lists(document: Document, kind: str) -> bool:
    """Whether every item of the numbered lists is a short name of the numbered questions nested in it."""
    if kind != "ordered_list_open":
        return False
    count = asking = 0
    for position, _ in _outer_items(document, kind):
        item = _item(document, position)
        nested = _nested(document, position)
        if item is None or len(nested) < 2 or question_words.asks(item.text) or len(item.text) > 60:
            return False
        if not all(re.match(r"\s*\d", document.lines[other.start]) for other in nested):
            return False
        count += len(nested)
        asking += sum(question_labels.asks(other.text) for other in nested)
    return count >= 4 and (asking >= 0.5 * count or (is_list_by_name(document) and asking >= 0.2 * count))


def _is_task(document: Document, found: Found) -> bool:
    """Whether an item is a task of a to-do list: a box, and no question mark."""
    return re.match(r"\s*[-*+]\s+\[[ xX]\]", document.lines[found.start]) is not None and not question_words.ends_asking(
        found.text
    )


def topics(document: Document, kind: str) -> Iterator[SectionMark]:
    """Items that only say what the questions nested in them are about."""
    nested_too = _lists_of_lists(document, kind)
    for position, _ in _outer_items(document, kind):
        item = _item(document, position)
        nested = _nested(document, position)
        if item is not None and nested and (nested_too or _is_topic(item, nested)):
            until = document.tokens[position].map
            yield SectionMark(9, item.text, item.start, nested[0].start, until=until[1] if until else None)


def _nested(document: Document, position: int) -> list[Found]:
    """The items of the lists right below a top-level item."""
    found = []
    first = document.tokens[position + 1]
    if first.type == "paragraph_open" and first.map:
        # Only a list that starts with 1 may interrupt a paragraph: `    4. Why …` right below the item stays text.
        for line in range(first.map[0] + 1, first.map[1]):
            if re.match(r"[ \t]+\d{1,3}[.)][ \t]+\S", document.lines[line]):
                found.append(Found(document.lines[line].strip(), line, line + 1))
    for inner in range(position + 1, len(document.tokens)):
        block = document.tokens[inner]
        if block.level == 1:
            break
        if block.type == "list_item_open" and block.level == 3:
            item = _item(document, inner)
            if item is not None:
                found.append(item)
    whole = document.tokens[position].map
    return [replace(item, within=whole[1] if whole else None) for item in found]


_CONTEXT = re.compile(r"(?:assume|suppose|imagine|given|consider|say|let)\b", re.IGNORECASE)


def _is_topic(item: Found, nested: list[Found]) -> bool:
    """Whether an item asks nothing itself, but all that is nested in it does."""
    text = question_labels.clean(item.text).text
    if len(nested) < 2 or "?" in text or (question_words.asks(text) and not _CONTEXT.match(text)):
        return False
    asking = [question_labels.asks(other.text) for other in nested]
    return sum(asking) >= 0.8 * len(nested) and any("?" in other.text or "？" in other.text for other in nested)


def bare(text: str) -> str:
    """A question's words alone, for finding it again in a table of contents, wherever its links lead."""
    return re.sub(r"\W+", " ", plain_text(question_labels.clean(text).text)).strip().casefold()


_TO_A_FILE = re.compile(r"(?:\d{1,9}[.)]\s+)?\[[^\[\]]+\]\((?!#|https?:)[^()\s]+\)\W*")


def _leads_to_a_file(text: str) -> bool:
    """Whether an item is a link to another file of its folder: so lists name questions that have a file each."""
    return _TO_A_FILE.fullmatch(text) is not None


def _item(document: Document, position: int, linked_too: bool = False) -> Found | None:
    """The question that an item would be; a link that asks nothing only if it leads to a file, `linked_too`."""
    opening = document.tokens[position]
    first = document.tokens[position + 1] if position + 1 < len(document.tokens) else None
    if first is None or first.type not in ("paragraph_open", "heading_open") or not first.map or not opening.map:
        return None
    start, end = first.map
    text = _MARKER.sub("", document.lines[start]).strip()
    marker = document.lines[start].strip()
    number = re.match(r"\d{1,9}[.)]", marker)
    last = start + 1
    # A question may run over several lines; a line after its question mark is the answer.
    rest = document.lines[start + 1 : end]
    whole = "?" not in "".join(rest) and (_stops_short(text) or (number is not None and _heads_text(text, rest)))
    while last < end and not whole and not _ends(text) and not answer_words.answer_label(document.lines[last]):
        text = f"{text} {document.lines[last].strip()}"
        last += 1
    if not re.search(r"\w", text) or (
        noise.is_link_only(text)
        and ("](#" in text or not (question_labels.asks(text) or (linked_too and _leads_to_a_file(text))))
    ):
        return None
    return Found(f"{number[0]} {text}" if number else text, start, last, within=opening.map[1])


def _heads_text(line: str, rest: Sequence[str]) -> bool:
    """Whether a line is the topic of lines below: an editor that wraps text as wide would have put more words on it."""
    topic = not line.rstrip().endswith((",", "，", ":", "：")) and not question_labels.asks(line)
    if not topic or len(rest) < 3:
        return False
    word = re.match(r"[!-\u2e7f]*", rest[0].strip()[:40])  # Chinese may be wrapped behind any letter
    return _width(line) + (len(word[0]) if word else 0) < 0.6 * max(_width(other) for other in rest)


def _width(line: str) -> int:
    """Columns that a line takes; Chinese and Japanese letters take two."""
    return sum(1 + (east_asian_width(character) in "WF") for character in line.strip()[:400])


def _stops_short(line: str) -> bool:
    """Whether a line asks and ends long before an editor would have wrapped it."""
    wide = sum(east_asian_width(character) in "WF" for character in line[:60])
    return (len(line) < 50 or 2 * wide > min(len(line), 60)) and question_labels.asks(line)


def _ends(text: str) -> bool:
    bare = text.rstrip(" *_")
    return bare.endswith(("?", "？", "؟", ".")) or (text.startswith("**") and text.endswith("**")) or text.endswith("  ")


def without_other_matter(document: Document, found: list[Found]) -> list[Found]:
    """The questions without what stands under a header such as Contents or Contributors."""
    hidden = _other_matter(document)
    return [item for item in found if item.start not in hidden]


def _other_matter(document: Document) -> set[int]:
    """The lines below headers such as Contents or Contributors."""
    hidden: set[int] = set()
    headings = titles(document)
    stops = [*(heading.start for heading in headings[1:]), len(document.lines)]
    for heading, stop in zip(headings, stops, strict=False):
        name = question_labels.clean(heading.text).text
        if header_words.OTHER_MATTER.fullmatch(name) or header_words.is_contents(name):
            hidden.update(range(heading.start, stop))
    return hidden


def without_enumerations(found: list[Found], headings: Sequence[int]) -> list[Found]:
    """Without what is counted inside an answer: a run 1, 2 … that asks nothing, after which the questions' count goes on."""
    cleaned = [question_labels.clean(item.text) for item in found]
    asks = [question_words.asks(item.text) for item in cleaned]
    numbers = [question_labels.number_of(item.label) for item in cleaned]
    if sum(asks) < 0.5 * len(found):
        return found
    dropped: set[int] = set()
    position = 1
    while position < len(found):
        end = position
        while end < len(found) and not asks[end] and numbers[end] == end - position + 1:
            end += 1
        before = numbers[position - 1]
        if end == position or not asks[position - 1] or before is None:
            position = max(end, position + 1)
            continue
        following = numbers[end] if end < len(found) else None
        own = 0  # items at the run's end that carry on the questions' count themselves
        if following is not None and following > before + 1 and following - 1 == end - position:
            own = following - before - 1
        goes_on = following is None or following == before + 1 + own
        apart = bisect_left(headings, found[position].start) > bisect_left(headings, found[position - 1].start)
        if goes_on and end - position - own >= 2 and not apart:
            dropped |= set(range(position, end - own))
        position = end
    return [item for number, item in enumerate(found) if number not in dropped]
