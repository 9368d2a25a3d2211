"""File -> text -> math put aside -> tokens that know their source line."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import ftfy
from markdown_it.token import Token

from generator.markup import commonmark, math_spans
from generator.markup.placeholders import without_reserved
from generator.model import Place, Problem, Severity
from generator.read.admonitions import as_callouts
from generator.read.bullet_signs import with_marks

MAX_BYTES = 20_000_000
"""A question file larger than this is refused."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LABEL = re.compile(r"\[(\^?[^\[\]]+)\]")


class UnreadableFileError(Exception):
    """The file can't be read as text; the message says why, `remedy` what to do, `line` where (0: the whole file)."""

    def __init__(self, message: str, remedy: str, line: int = 0) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.line = line


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document's top level, or one that opens an item of a numbered list there."""

    level: int
    text: str
    """Inline Markdown as written."""
    start: int
    """0-based line of the heading."""
    end: int
    """0-based line after the heading."""
    within: int | None = None
    """0-based line after the list item that it opens."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A link or footnote definition, `[label]: …`."""

    label: str
    """Upper-case, with a leading `^` for footnotes; empty for one that an earlier one overrules."""
    lines: tuple[int, int]
    markdown: str


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file, parsed."""

    name: str
    lines: tuple[str, ...]
    """The source as written, formulas included."""
    math: math_spans.MathText
    tokens: tuple[Token, ...]
    headings: tuple[Heading, ...]
    definitions: tuple[Definition, ...]
    problems: tuple[Problem, ...]
    title: str | None = None
    """The title that the front matter gives."""
    front_matter: str = ""
    """As written; `lines` has blank lines in its place."""

    def place(self, line: int) -> Place:
        """The place of a 0-based line."""
        return Place(self.name, line + 1)

    def markdown(self, start: int, end: int) -> str:
        """The source of the 0-based lines [start, end) without definitions and blank ends."""
        hidden = {line for item in self.definitions for line in range(*item.lines)}
        kept = [_container(self.lines[number]) if number in hidden else self.lines[number] for number in range(start, end)]
        return "\n".join(kept).strip("\n").rstrip()

    def first_line(self, start: int, end: int) -> int:
        """0-based number of the first non-blank line in [start, end), else `start`."""
        return next((number for number in range(start, end) if self.lines[number].strip()), start)

    def definitions_for(self, markdown: str) -> str:
        """The definitions that the given Markdown refers to, footnotes' own references included."""
        by_label = {item.label: item for item in self.definitions}
        wanted: dict[str, str] = {}
        texts = [markdown]
        while texts:
            for match in _LABEL.finditer(texts.pop()):
                label = " ".join(match[1].split()).upper()
                item = by_label.get(label)
                if item and label not in wanted:
                    wanted[label] = item.markdown
                    texts.append(item.markdown)
        return "\n\n".join(wanted[label] for label in sorted(wanted))


def read_text(path: Path) -> str:
    """The file's text with `\\n` line ends, byte-order mark removed.

    Raises:
        UnreadableFileError: it is not there, is too large, or is not UTF-8 or UTF-16 text.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFileError(f"the file is larger than {MAX_BYTES // 1_000_000} MB", "split it into several files")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"can't read the file ({error.strerror})", "check the path and its permissions") from error
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(f"the line is not {encoding.upper()} text", "save the file as UTF-8", line) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return without_reserved(text)


def parse_document(text: str, name: str) -> Document:
    """Parse Markdown text; `name` is the file's name in messages."""
    text, repaired = _repaired(text, name)
    text = text.expandtabs(4) if _tabs_matter(text) else text
    # Line ends that only Python knows (form feed, U+2028 …) would shift every line number.
    text = re.sub("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text)
    front_matter = match[0] if (match := _FRONT_MATTER.match(text)) else ""
    title = _front_title(text)
    text, blanked = _without_front_matter(text, name)
    text = as_callouts(text)
    math = math_spans.put_aside(text)
    tokens, env = commonmark.parse(math.text)
    mended = with_marks(tokens, text)
    if gaps := _gaps(tokens, mended):
        mended = _without_gaps(mended, gaps)
    if mended != text:
        text = mended
        math = math_spans.put_aside(text)
        tokens, env = commonmark.parse(math.text)
    lines = tuple(text.split("\n"))
    fences = tuple(
        Problem(
            Place(name, line + 1),
            "unclosed-fence",
            Severity.WARNING,
            "code fence is never closed, so all that follows is code",
            "add a closing fence of the same length",
        )
        for line in commonmark.unclosed_fences(math.text, tokens)
    )
    return Document(
        name=name,
        lines=lines,
        math=math,
        tokens=tuple(tokens),
        headings=tuple(_headings(tokens, math)),
        definitions=tuple(_definitions(tokens, env, lines)),
        problems=(*repaired, *blanked, *fences),
        title=title,
        front_matter=front_matter,
    )


_FRONT_MATTER = re.compile(
    r"\A(---[ \t]*\n(?:(?:[ \t]+\S[^\n]*|[ \t]*|#[^\n]*|- [^\n]*|[\w.-]+[ \t]*:[^\n]*)\n)*?(?:---|\.\.\.)[ \t]*)(?:\n|\Z)"
)
_NO_SETTING = re.compile(r"#{2,6}[ \t]+\S|(?:[#-][ \t]+)?(?:(?:question|q):)?[^:#]*\?[\"']?$", re.IGNORECASE)
"""A heading or a question, which front matter hides; a single # begins a comment there."""


def _without_front_matter(text: str, name: str) -> tuple[str, tuple[Problem, ...]]:
    """Text with YAML front matter blanked, so that its last line makes no heading of it.

    Settings are nobody's loss; a warning names lines in it that a reader would miss.
    """
    match = _FRONT_MATTER.match(text)
    if match is None or not re.search(r"^[\w.-]+[ \t]*:", match[1], re.MULTILINE):
        return text, ()  # no front matter, or rules around a list
    lost = [number for number, line in enumerate(match[1].split("\n"), 1) if _NO_SETTING.match(line.strip()[:1000])]
    message = "the line stands in the front matter, between two ---, and is left out"
    remedy = "move what matters below the front matter"
    problems = tuple(Problem(Place(name, number), "lost-text", Severity.WARNING, message, remedy) for number in lost)
    return "\n" * match[1].count("\n") + text[match.end(1) :], problems


def _front_title(text: str) -> str | None:
    match = _FRONT_MATTER.match(text)
    line = re.search(r"^title[ \t]*:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", match[1], re.MULTILINE) if match else None
    return line[1] if line else None


_GAP = re.compile(r"([ ]*(?:[-*+]|\d{1,9}[.)]))[ ]*\t[ \t]*(?=\S)")
"""An item's mark and tabs behind it."""


def _gaps(tokens: list[Token], text: str) -> list[int]:
    """The lines of list items whose words stand so many tabs behind the mark that they would be code.

    Note programs export lists so (`*`, two tabs, the words); nobody indents code by a tab behind a bullet.
    """
    lines = text.split("\n")
    starts = [block.map[0] for before, block in pairwise(tokens) if _is_code_item(before, block) and block.map]
    return [number for number in starts if _GAP.match(lines[number])]


def _is_code_item(before: Token, block: Token) -> bool:
    return before.type == "list_item_open" and block.type == "code_block"


def _without_gaps(text: str, numbers: list[int]) -> str:
    lines = text.split("\n")
    for number in numbers:
        lines[number] = _GAP.sub(r"\1 ", lines[number], count=1)
    return "\n".join(lines)


_MOJIBAKE = re.compile(
    "[\u00c2\u00c3\u00e2\u00d0\u00d1\u00e0\u00e3\u00e5\u00e6\u00f0][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


def _repaired(text: str, name: str) -> tuple[str, tuple[Problem, ...]]:
    """Text with mojibake (UTF-8 read as something else and saved again) repaired, and a warning per line."""
    if not _MOJIBAKE.search(text):
        return text, ()
    lines = text.split("\n")
    problems = []
    for number, line in enumerate(lines):
        fixed = ftfy.fix_encoding(line) if _MOJIBAKE.search(line) else line
        if fixed != line and "\n" not in fixed:
            lines[number] = fixed
            remedy = "save the file as UTF-8 with the right characters"
            message = f"the line holds wrongly decoded characters, repaired for the outputs ({_excerpt(line, fixed)})"
            problems.append(Problem(Place(name, number + 1), "mojibake", Severity.WARNING, message, remedy))
    return "\n".join(lines), tuple(problems)


def _excerpt(line: str, fixed: str) -> str:
    start = next((at for at, (left, right) in enumerate(zip(line, fixed, strict=False)) if left != right), 0)
    return f"{line[start : start + 6]!r} is {fixed[start : start + 3]!r}"


def _container(line: str) -> str:
    """What is left of a definition's line: the marks of the quote or list it stands in."""
    prefix = re.match(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])?(?=[ \t]+\[)|[ \t>]*", line)
    return prefix[0].rstrip() if prefix else ""


def _tabs_matter(text: str) -> bool:
    return re.search(r"^[ >]*\t", text, re.MULTILINE) is not None


def _headings(tokens: list[Token], math: math_spans.MathText) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            text = " ".join(math.restore(inline.content).split())
            if opening.markup == "-" and _is_sentence(inline.content):
                continue  # a line drawn right below a paragraph, not a heading
            yield Heading(int(opening.tag[1]), text, opening.map[0], opening.map[1])


def _is_sentence(text: str) -> bool:
    return text.rstrip().endswith((".", "!", ";", ":", ",")) or (
        "\n" in text.strip() and not text.rstrip().endswith(("?", "\uff1f"))
    )


def _definitions(tokens: list[Token], env: dict[str, object], lines: tuple[str, ...]) -> Iterator[Definition]:
    references = env.get("references")
    if isinstance(references, dict):
        for label, reference in references.items():
            start, end = reference["map"]
            written = "\n".join(lines[start:end])
            if not re.match(r" {0,3}\[", written):  # inside a quote or list
                title = str(reference.get("title") or "").replace('"', "&quot;").replace("\n", " ")
                written = f"[{label}]: <{reference['href']}>" + (f' "{title}"' if title else "")
            yield Definition(label, (start, end), written)
    duplicates = env.get("duplicate_refs")
    for reference in duplicates if isinstance(duplicates, list) else ():
        yield Definition("", tuple(reference["map"]), "")  # the first one counts
    for opening in tokens:
        if opening.type == "footnote_reference_open" and opening.map:
            start, end = opening.map
            yield Definition(
                "^" + str(opening.meta["label"]).upper(), (start, end), textwrap.dedent("\n".join(lines[start:end])).rstrip()
            )
