r"""The one scanner for math. Everything after it sees opaque tokens.

Rules: `$…$` as in Pandoc (no blank just inside the dollars, no digit after the closing one), and neither a
letter nor a digit before the opening one, and more than a mere number inside, so that "costs $2–$5" stays
text. `$$…$$`, `\(…\)` and `\[…\]` may span lines but not a blank line. Nothing in code is math.
https://pandoc.org/MANUAL.html#extension-tex_math_dollars
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.markup.commonmark import code_lines
from generator.markup.placeholders import FILL, TOKEN, token

_CANDIDATE = re.compile(r"\$|\\[(\[]")
_SPECIAL = re.compile(r"\\|`+|<|\$\$?|\]\((?:[^()\n]|\([^()\n]*\))*\)|https?://[^\s<>]*")
"""What the scan stops at; link targets and bare addresses are passed over whole."""
_HTML = re.compile(r"<(code|pre|script|style)\b.*?</\1\s*>|<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"[\d.,\s%+-]+")
_BLOCK_START = re.compile(r"\n[ \t>]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\|)")
_PREFIX = re.compile(r"[ \t>]*")


_OPENING = re.compile(r"(?:\$\$?|\\[\[(]|(?:`{3,}|~{3,})[^\n]*)?[\s>]*")


@dataclass(frozen=True, slots=True)
class MathSpan:
    """A formula as it stood in the text."""

    tex: str
    """The TeX between the delimiters, containers' prefixes (`> `, indents) taken off."""
    display: bool
    source: str
    """The formula with its delimiters, as written."""
    line: int
    """0-based line of its first character."""

    @property
    def tex_line(self) -> int:
        """0-based line of the TeX's first character, which may stand below the opening delimiter."""
        opening = _OPENING.match(self.source)
        return self.line + (opening[0].count("\n") if opening else 0)


@dataclass(frozen=True, slots=True)
class MathText:
    """Text with every formula replaced by a token `m<number>`; as many lines as before."""

    text: str
    spans: tuple[MathSpan, ...]

    def restore(self, text: str) -> str:
        """The given piece of the text with its formulas back in their original form."""
        whole = TOKEN.sub(lambda match: self.spans[int(match[2])].source if match[1] == "m" else match[0], text)
        return re.sub(f"\n[ \t>]*{FILL}", "", whole)


def put_aside(text: str) -> MathText:
    """Replace every formula in Markdown text by an opaque token.

    Takes time linear in the length of the text.
    """
    if not _CANDIDATE.search(text):
        return MathText(text, ())
    pieces: list[str] = []
    spans: list[MathSpan] = []
    for chunk, first_line in _chunks(text):
        if first_line < 0 or not _CANDIDATE.search(chunk):
            pieces.append(chunk)
            continue
        position = 0
        for start, end, tex, display in _formulas(chunk):
            source = chunk[start:end]
            span = MathSpan(_without_prefixes(tex), display, source, first_line + chunk.count("\n", 0, start))
            pieces += [chunk[position:start], token("m", len(spans)), _filler(source)]
            spans.append(span)
            position = end
        pieces.append(chunk[position:])
    return MathText("".join(pieces), tuple(spans))


def _chunks(text: str) -> Iterator[tuple[str, int]]:
    """Runs of lines without blank or code lines, with their first line; the rest with -1."""
    code = code_lines(text)
    run: list[str] = []
    run_first = -1
    for number, line in enumerate(re.findall(r"[^\n]*\n|[^\n]+", text)):
        scanned = number not in code and line.strip(" \t>\n") != ""
        if scanned != (run_first >= 0) and run:
            yield "".join(run), run_first
            run = []
        if not run:
            run_first = number if scanned else -1
        run.append(line)
    if run:
        yield "".join(run), run_first


def _formulas(chunk: str) -> Iterator[tuple[int, int, str, bool]]:
    """Start, end, TeX and display flag of each formula in one chunk."""
    position = 0
    ends = _Closings(chunk)
    while special := _SPECIAL.search(chunk, position):
        start, mark = special.start(), special[0]
        position = special.end()
        if mark == "\\":
            opener = chunk[start + 1 : start + 2]
            close = {"(": r"\)", "[": r"\]"}.get(opener)
            end = ends.after(close, start + 2) if close else -1
            if end > start + 2 and chunk[start + 2 : end].strip():
                yield start, end + 2, chunk[start + 2 : end], opener == "["
                position = end + 2
            else:
                position = start + 2
        elif mark[0] == "`":
            end = ends.backticks(mark, position)
            position = end if end >= 0 else position
        elif mark[0] in "]h":
            continue
        elif mark == "<":
            tag = _HTML.match(chunk, start) if ends.has_after(">", start) else None
            position = tag.end() if tag else position
        elif mark == "$$":
            end = ends.after("$$", position)
            if end > position and chunk[position:end].strip():
                yield start, end + 2, chunk[position:end], True
                position = end + 2
        else:
            end = _inline_end(chunk, start, ends)
            if end >= 0:
                yield start, end + 1, chunk[start + 1 : end].strip("`"), False
                position = end + 1


class _Closings:
    """Looks for closing delimiters; remembers which do not occur again, so that scanning stays linear."""

    def __init__(self, chunk: str) -> None:
        self.chunk = chunk
        self._gone: dict[str, int] = {}
        self._runs: dict[int, list[int]] | None = None

    def after(self, delimiter: str | None, position: int) -> int:
        """Position of the next unescaped delimiter, or -1."""
        if delimiter is None or position >= self._gone.get(delimiter, len(self.chunk) + 1):
            return -1
        search = position
        while (found := self.chunk.find(delimiter, search)) >= 0:
            if delimiter[0] == "\\" or not _escaped(self.chunk, found):
                return found
            search = found + 1
        self._gone[delimiter] = position
        return -1

    def has_after(self, text: str, position: int) -> bool:
        """Whether the text occurs after the position."""
        return self.after(text, position) >= 0

    def backticks(self, run: str, position: int) -> int:
        """End of the code span that a run of backticks opens, or -1."""
        if self._runs is None:
            self._runs = {}
            for match in re.finditer("`+", self.chunk):
                self._runs.setdefault(len(match[0]), []).append(match.start())
            for starts in self._runs.values():
                starts.reverse()
        starts = self._runs.get(len(run), [])
        while starts and starts[-1] < position:
            starts.pop()
        return starts[-1] + len(run) if starts else -1


def _escaped(chunk: str, position: int) -> bool:
    backslashes = 0
    while position > backslashes and chunk[position - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _inline_end(chunk: str, start: int, ends: _Closings) -> int:
    """Position of the dollar that closes the one at `start`, or -1."""
    before = chunk[start - 1 : start]
    first = chunk[start + 1 : start + 2]
    if before.isalnum() or not first or first.isspace():
        return -1
    end = ends.after("$", start + 1)
    if end < 0:
        return -1
    inside = chunk[start + 1 : end]
    after = chunk[end + 1 : end + 2]
    github = inside.startswith("`") and inside.endswith("`") and len(inside) > 2
    in_table = chunk[chunk.rfind("\n", 0, start) + 1 : start].lstrip(" \t>").startswith("|")
    refused = (
        inside[-1:].isspace()
        or inside == ""
        or after.isdigit()
        or _NUMBER.fullmatch(inside) is not None
        or ("`" in inside and not github)
        or _BLOCK_START.search(inside) is not None
        or (in_table and re.search(r"(?<!\\)\|", inside) is not None)
    )
    return -1 if refused else end


def _without_prefixes(tex: str) -> str:
    lines = tex.split("\n")
    return "\n".join([lines[0], *(line[_PREFIX.match(line).end() :] for line in lines[1:])]).strip()  # type: ignore[union-attr]


def _filler(source: str) -> str:
    """As many further lines as the formula had, each with its container's prefix."""
    prefixes = (_PREFIX.match(line) for line in source.split("\n")[1:])
    return "".join(f"\n{prefix[0] if prefix else ''}{FILL}" for prefix in prefixes)
