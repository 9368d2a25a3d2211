"""Code spans, HTML tags and `==marks==` in the text of one paragraph, found in one pass.

Works on text whose formulas are tokens already (`math_spans`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from linkify_it import LinkifyIt

from generator.markup import math_spans
from generator.markup.placeholders import CLOSE, MARK_CLOSE, MARK_HINT, MARK_OPEN, OPEN, TOKEN, token

_TAG = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?"
    r"|/[A-Za-z][A-Za-z0-9-]*\s*)>"
    r"|<!--.*?-->|<\?.*?\?>|<![A-Z]+\s[^>]*>|<!\[CDATA\[.*?\]\]>",
    re.DOTALL,
)
"""Raw inline HTML, https://spec.commonmark.org/0.31.2/#raw-html"""
_SPECIAL = re.compile(r"\\.|`+|<", re.DOTALL)
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_LINK = re.compile(rf"!?\[[^\[\]]*\](?:{_TARGET}|\[[^\[\]]*\])|\]{_TARGET}")
"""Links and images, or at least a link's target: their addresses are no bare ones, a `==` in them marks nothing."""
_MARK = re.compile(r"(?<!\\)==(?=[^\s=])((?:(?!==)[^\n]|\n(?!\n))*?)(?<=[^\s=\\])==(?!=)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A `==marked==` stretch of a key point."""

    text: str
    hint: str | None


class Stash:
    """Pieces put aside under tokens: `c<number>` (code spans), `h<number>` (HTML tags) and kinds of the caller's."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def put(self, kind: str, piece: str) -> str:
        """Keep the piece and return its token."""
        self.pieces.append(piece)
        return token(kind, len(self.pieces) - 1)


def put_aside(text: str, stash: Stash) -> str:
    """The paragraph's text with code spans and HTML tags replaced by tokens kept in `stash`.

    Backticks that open no code become entities.
    """
    pieces = []
    for kind, source in _pieces(text):
        if kind == "code":
            width = len(source) - len(source.lstrip("`"))
            pieces.append(stash.put("c", code_text(source[width:-width])))
        elif kind == "tag":
            pieces.append(stash.put("h", source))
        else:
            pieces.append(source.replace("`", "&#96;") if kind == "backticks" else source)
    return "".join(pieces)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Code spans, HTML tags, lone backticks and the text between, in order."""
    position = 0
    closers: dict[int, list[int]] | None = None
    while special := _SPECIAL.search(text, position):
        start, found = special.start(), special[0]
        yield "text", text[position:start]
        position = special.end()
        if found[0] == "`":
            closers = _backtick_runs(text) if closers is None else closers
            end = _next_run(closers, len(found), position)
            if end >= 0:
                position = end + len(found)
                yield "code", text[start:position]
            else:
                yield "backticks", found
        elif found == "<" and (tag := _TAG.match(text, start)):
            position = tag.end()
            yield "tag", tag[0]
        else:
            yield "text", found
    yield "text", text[position:]


def code_text(source: str) -> str:
    """What a code span shows: line ends become blanks, one blank is stripped at both ends."""
    shown = source.replace("\n", " ")
    if len(shown) > 2 and shown[0] == shown[-1] == " " and shown.strip():
        return shown[1:-1]
    return shown


def _backtick_runs(text: str) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = {}
    for match in re.finditer("`+", text):
        runs.setdefault(len(match[0]), []).append(match.start())
    for starts in runs.values():
        starts.reverse()
    return runs


def _next_run(runs: dict[int, list[int]], length: int, position: int) -> int:
    starts = runs.get(length, [])
    while starts and starts[-1] < position:
        starts.pop()
    return starts[-1] if starts else -1


def _rewrite(text: str, replace: Callable[[Mark], str]) -> str:
    """Inline Markdown with marks replaced and bare addresses written as links; code, tags and links stay as they are."""
    if "==" not in text and "://" not in text and "www." not in text and "@" not in text:
        return text
    stash = Stash()
    whole = "".join(stash.put("r", source) if kind in ("code", "tag") else source for kind, source in _pieces(text))
    # A link's text may hold marks, its target none; a link with an address as its text is put aside whole.
    whole = _LINK.sub(lambda match: _link_aside(match[0], stash), whole)
    whole = _bare_addresses(whole, stash)

    def one(match: re.Match[str]) -> str:
        marked, _, hint = match[1].partition("|")
        return replace(Mark(marked.strip() or match[1], hint.strip() or None))

    return _restored(_MARK.sub(one, whole), stash)


def _link_aside(source: str, stash: Stash) -> str:
    text, bracket, target = source.partition("]")
    if source.startswith(("!", "]")) or "://" in text or "www." in text or "@" in text:
        return stash.put("r", source)
    return text + stash.put("r", bracket + target)


def _bare_addresses(text: str, stash: Stash) -> str:
    """Text with bare addresses (http, https, www., mail) as links, put aside."""
    pieces: list[str] = []
    position = 0
    for found in _linkifier().match(text) or ():
        shown = re.split(f"[{OPEN}{CLOSE}]|==", text[found.index : found.last_index])[0]
        address = found.url[: len(found.url) - (found.last_index - found.index - len(shown))]
        escaped = text[found.index - 1 : found.index] in ("\\", "<")
        wanted = found.schema in ("http:", "https:", "mailto:") or shown.startswith("www.")
        if wanted and not escaped and not re.search(r"[<>\s]", address):
            link = f"[{entities(shown)}](<{address}>)"
            pieces += [text[position : found.index], stash.put("r", link)]
            position = found.index + len(shown)
    return "".join([*pieces, text[position:]])


@lru_cache(maxsize=1)
def _linkifier() -> LinkifyIt:
    linkifier = LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": False})
    return linkifier.tlds(["[a-z]{2,24}"])  # as GitHub: any top-level domain; what lacks www. is left out above


def entities(text: str) -> str:
    """Text with all punctuation as entities, so that nothing in it is Markdown."""
    return re.sub(r"[!-/:-@\[-`{-~]", lambda match: f"&#{ord(match[0])};", text)


def _restored(text: str, stash: Stash) -> str:
    # A link put aside may hold code put aside before it.
    for _ in range(3):
        text = TOKEN.sub(lambda match: stash.pieces[int(match[2])] if match[1] == "r" else match[0], text)
    return text


def marks_of(text: str) -> tuple[Mark, ...]:
    """The marks of a piece of inline Markdown; what stands in code, formulas or addresses is none."""
    found: list[Mark] = []

    def remember(mark: Mark) -> str:
        found.append(mark)
        return ""

    _rewrite(math_spans.put_aside(text).text, remember)
    return tuple(found)


def prepare(text: str) -> str:
    """Inline Markdown for both libraries: marks fenced by private-use characters, bare addresses written as links."""
    return _rewrite(text, lambda mark: MARK_OPEN + mark.text + (MARK_HINT + mark.hint if mark.hint else "") + MARK_CLOSE)


def plain_text(markdown: str) -> str:
    """Roughly the words of inline Markdown: for headings, bookmarks and messages."""
    # Escaped characters are out of reach of the patterns below while they stand in a private-use area.
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda match: chr(_ESCAPED + ord(match[1])), markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__|~~|==|`|(?<![\w\\])[*_]|[*_](?!\w))", "", text)
    text = re.sub(r"<[^<>]+>", "", text)
    text = re.sub(f"[{chr(_ESCAPED)}-{chr(_ESCAPED + 127)}]", lambda match: chr(ord(match[0]) - _ESCAPED), text)
    return " ".join(TOKEN.sub("", text).split())


_ESCAPED = 0x10FE00
