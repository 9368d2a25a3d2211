"""The allow-list: content is text from strangers. No script, no event handler, no style, no foreign frame."""

from __future__ import annotations

import re

import nh3

from generator.markup.commonmark import FLATTENED

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup "
    "table tbody td tfoot th thead tr u ul var wbr center".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "details": {"open"},
    "abbr": {"title"},
}
SCHEMES = frozenset({"http", "https", "mailto"})
MAX_SPAN = 50
"""A cell that spans more columns or rows than this keeps no span: huge spans hang the page layout."""
MAX_DEPTH = FLATTENED
"""Elements nested deeper lose their tags: page layout is recursive, and fails at about 45 nested tables."""
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^>]*>")
_ANY_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_VOID = frozenset("br hr img col wbr".split())
_ADDRESS = re.compile(r"(https?://|mailto:|#[\w:.-]+$)", re.IGNORECASE)
_FOOTNOTE_ID = re.compile(r"fn(ref)?\d*[:-][\w:-]+")


def sanitise(html: str) -> str:
    """HTML with nothing left but text, structure, safe links and images' sources.

    Relative links lose their address (a deck has no files to point to); `src` stays as written, for
    `media.py` to resolve or drop.
    """
    clean = nh3.clean(
        _known_tags(html),
        tags=set(TAGS),
        attributes={**ATTRIBUTES, "*": {"id"}},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel=None,
        clean_content_tags=set(DROPPED),
        strip_comments=True,
    )
    return _flattened(clean) if clean.count("<") > MAX_DEPTH else clean


def _known_tags(html: str) -> str:
    """HTML without the tags of unknown elements, whose text stays.

    The parser would drop `<int>` or `<path>` with all that follows (it knows those names from MathML and
    SVG), likewise an unclosed `<title>`.
    """
    lower = html.lower()

    def one(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name in TAGS:
            return match[0]
        closed = name in DROPPED and (match[0][1] == "/" or lower.find(f"</{name}", match.end()) >= 0)
        return match[0] if closed else ""

    return _ANY_TAG.sub(one, html)


def _flattened(html: str) -> str:
    """Well-formed HTML without the tags of elements nested deeper than `MAX_DEPTH`; their text stays."""
    stack: list[bool] = []

    def one(match: re.Match[str]) -> str:
        closing, name = match[1], match[2]
        if name in _VOID:
            return match[0]
        if closing:
            return match[0] if not stack or stack.pop() else ""
        stack.append(sum(stack) < MAX_DEPTH)
        return match[0] if stack[-1] else ""

    return _TAG.sub(one, html)


DROPPED = frozenset("script style iframe object embed template noscript title svg math textarea select".split())
"""Elements that go with all they contain."""


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _FOOTNOTE_ID.fullmatch(value) else None
    if name == "href":
        return value if _ADDRESS.match(value) else None
    if name in ("colspan", "rowspan"):
        return value if value.isdigit() and 0 < int(value) <= MAX_SPAN else None
    if name in ("start", "value"):
        return value if re.fullmatch(r"-?\d{1,6}", value) else None
    return value
