"""What stands around a question's words: its number or label, emoji, bold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.markup.inline import plain_text
from generator.read.layouts import label_words, question_words
from generator.read.layouts.question_words import LONGEST, begins_asking

_KEYCAP = re.compile(r"((?:[0-9]\ufe0f?\u20e3)+)|(\U0001f51f)")
_SYMBOLS = re.compile(r"^(?:[^\w\s\x21-\x7e“‘«¿¡【《「『（…]|\ufe0f)+\s*")
_ANCHORS = re.compile(r"<a\b[^>]*>\s*</a>|<!--.*?-->|\s*\[\[?[^\w\]]*\]?\]\(#[^)]*\)", re.DOTALL)
_OWN_LINK = re.compile(r"<a\b[^<>]*\bhref=[\"']?#[^<>]*>((?:(?!</?a\b).)*)</a>", re.IGNORECASE | re.DOTALL)
"""A link around a heading's words that leads to itself."""
_WHOLE_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]*)\)")
_TRAILING = re.compile(r"(?:<(?:br|p)\s*/?>|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f])$", re.IGNORECASE)
_LEVEL_TAG = re.compile(r"^\[[A-Z]\]\s+(?=\S)")
"""A letter that grades the question: `[E]` easy, `[H]` hard."""
_WRAPPED = re.compile(
    r"^(\*\*\*|\*\*|__|\*|_|<b>|<strong>|<em>|<i>|<u>|<h[1-6][^>]*>|<p[^>]*>|<span[^>]*>)\s*(.*?)\s*(\*\*\*|\*\*|__|\*|_"
    r"|</\w+>)$",
    re.DOTALL | re.IGNORECASE,
)
_MARK_OUTSIDE = re.compile(r"^(\*\*\*|\*\*|__)((?:(?!\1).)+?)\s*(\1)\s*([?？])$")
"""`**What is it**?`"""
_LABEL = re.compile(
    rf"(?:(?:{label_words.QUESTION}|ques|que|q|问|問|prompt|scenario)\s*[.:#№-]?\s*"
    r"(?:no\.?|nr\.?|number)?\s*(?P<word>\d{1,4}(?:\.\d{1,3})*[a-z]?)(?!\s*[-–—]\s*\d)\s*[.):\]\-–—：、|]*|"
    r"(?P<back>\d{1,4})\s*q\b\s*[.):\-–—]*|"
    r"(?P<bare>(?:follow[- ]?up (?:q|question)\s*\d*|"
    rf"{label_words.QUESTION}|ques|q|问|問|质问))"
    r"(?:\s*\([^()\n]{1,20}\)(?=\s*[:：]))?\s*(?:(?:\*\*|__)\s*)?[.:：)]+|"
    r"\[(?P<boxed>\d{1,4})\]\s+|"
    r"(?!\d{4}\s*[-–—]|(?:19|20)\d\d[./]\d)[(（]?(?P<number>\d{1,4}(?:\.\d{1,3})*[a-z]?)(?:\s*\\?[.):\]、．）]+(?!\d)\s*"
    r"|(?:\s+|(?<=\d))[-–—](?:\s+|(?=\*)))|"
    r"(?P<tight>\d{1,3})[-–—](?=(?-i:[A-ZÀ-ÞА-Я]))(?!(?:way|tier|phase|step|layer|level|bit|byte|day|year|hour|node|stage"
    r"|d)\b)|"
    r"(?P<loose>\d{1,3}(?:\.\d{1,3})*)\s+(?=(?-i:[\"'“*_`A-ZÀ-ÞА-Я\u3400-\u9fff])))\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A question's text without its number, label and wrapping."""

    text: str
    label: str | None
    """The number or label as written, e.g. `17b`; `Q` for a label without a number; None without any."""
    bold: bool
    rated: bool = False
    """Marked with an emoji at its end, as lists do that grade their questions."""


def clean(text: str) -> Cleaned:
    """Take number, label, emoji, bold and closing marks off a question."""
    if len(text) > LONGEST:
        head = clean(text[: LONGEST // 2])
        return Cleaned(head.text + text[LONGEST // 2 :].rstrip(), head.label, head.bold, False)
    label: str | None = None
    bold = False
    rated = re.search(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]\ufe0f?[\s*_]*$", text) is not None
    text = re.sub(r"^#{1,6}\s+", "", _KEYCAP.sub(lambda match: f"{re.sub('[^0-9]', '', match[1] or '10')}. ", text.strip()))
    text = _ANCHORS.sub("", _OWN_LINK.sub(r"\1", text)).strip()
    for _ in range(4):
        before = text
        link = _WHOLE_LINK.fullmatch(text)
        if link:
            inner, found = _without_label(link[1], label is not None)
            label = label or found
            text = inner if link[2].startswith("#") else f"[{inner}]({link[2]})"
        text = re.sub(r"^#{1,6}\s+", "", _without_trailing(_SYMBOLS.sub("", text)))
        text = _MARK_OUTSIDE.sub(r"\1\2\4\3", text)
        wrapped = _WRAPPED.match(text)
        if wrapped and not _marker_inside(wrapped):
            bold = bold or wrapped[1].lower() in ("**", "__", "***", "<b>", "<strong>")
            text = wrapped[2].strip()
        text, found = _without_label(text, label is not None)
        label = label or found
        text = _LEVEL_TAG.sub("", text)
        if text == before:
            break
    return Cleaned(re.sub(r"\s+#+$", "", text).strip(), label, bold, rated)


def asks(text: str) -> bool:
    """Whether a text asks behind its number or label."""
    return question_words.asks(clean(text).text)


def _without_trailing(text: str) -> str:
    """The text without line breaks and emoji at its end."""
    text = text.strip()
    while match := _TRAILING.search(text):
        text = text[: match.start()].rstrip()
    return text


def _marker_inside(wrapped: re.Match[str]) -> bool:
    marker = wrapped[1]
    if marker.startswith("<"):
        return not wrapped[3].startswith("</")
    return marker in wrapped[2] or wrapped[3] != marker


def _without_label(text: str, labelled: bool) -> tuple[str, str | None]:
    """The text without the label it begins with; where it had one (`labelled`), further numbers are its own."""
    lead = re.match(r"(?:\*\*|__|<b>|<strong>|\*)?\s*", text)
    opening = lead[0] if lead else ""
    match = _LABEL.match(text, len(opening))
    if match is None or (labelled and (match["number"] or match["loose"])):
        return text, None
    if match["loose"] and "." not in match["loose"] and not begins_asking(plain_text(text[match.end() :])):
        return text, None  # 12 Angry Men
    if match["tight"] and not begins_asking(plain_text(text[match.end() :])):
        return text, None  # 2-Phase Commit
    label = match["word"] or match["back"] or match["number"] or match["boxed"] or match["tight"] or match["loose"] or "Q"
    rest = text[match.end() :]
    marker = opening.strip()
    if marker and marker in match[0]:
        marker = ""  # **Question**: What …
    elif marker and re.match(r"[\s:.)-]*" + re.escape(marker), rest):
        rest = re.sub(r"^[\s:.)-]*" + re.escape(marker) + r"[\s:.)-]*", "", rest, count=1)  # **1.** What …
        marker = ""
    if not rest.strip(" *_") or re.fullmatch(r"\W*\d{4}-\d\d(?:-\d\d)?\W*", rest):
        return text, None
    return f"{marker}{rest.strip()}", label


_ALONE = re.compile(
    rf"[\W_]*(?:(?:{label_words.QUESTION}|ques|que|q|問|问)\s*[.:#№-]?\s*"
    r"(?:no\.?|nr\.?|number)?\s*\d{1,4}[a-z]?(?:\s*(?:of|/|von|de|из)\s*\d{1,4})?"
    r"|question(?:\s*\([^()\n]{1,20}\))?|第\s*\d{1,3}\s*[题題問问])[\W_]*",
    re.IGNORECASE,
)


def label_alone(text: str) -> bool:
    """Whether a text is a question's label and nothing else: `Question 1`."""
    return len(text) < 60 and _ALONE.fullmatch(text) is not None


_TASK_ALONE = re.compile(
    rf"[\W_]*(?:{label_words.TASK})\s*[.:#№-]?\s*(?:no\.?|nr\.?|number)?\s*\d{{1,4}}[a-z]?[\W_]*", re.IGNORECASE
)


def task_alone(text: str) -> bool:
    """Whether a text is a task's label and nothing else: `Problem 1`; a chapter may be called so as well."""
    return len(text) < 60 and _TASK_ALONE.fullmatch(text) is not None


def number_of(label: str | None) -> int | None:
    """The number in a label; of `2.10` the last."""
    digits = re.findall(r"\d+", label or "")
    return int(digits[-1]) if digits else None
