"""An answer's Markdown -> clean HTML.

Python-Markdown renders what the normaliser prepared; markdown-it-py, which GitHub's renderer agrees with, is
the referee: where the two see different lists, tables, code or words, its HTML is taken.
Formulas stay tokens (`m<number>`) in the result; `math.py` fills them in for each output.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import markdown as python_markdown
from markdown_it.token import Token

from generator.markup import commonmark, inline, math_spans
from generator.markup.math_spans import MathSpan
from generator.markup.placeholders import MARK_CLOSE, MARK_HINT, MARK_OPEN, TOKEN, token, without_fill, without_reserved
from generator.render.code import code_block
from generator.render.normalise import ALERT, EMPTY, TIGHT, Normaliser
from generator.render.sanitise import sanitise

EXTENSIONS: Mapping[str, Mapping[str, object]] = {
    "sane_lists": {},  # a numbered list may begin at 3; `-` and `1.` are different lists
    "tables": {"use_align_attribute": True},
    "footnotes": {"BACKLINK_TEXT": "\u21a9", "SEPARATOR": "-", "UNIQUE_IDS": False, "USE_DEFINITION_ORDER": False},
    "pymdownx.betterem": {},  # ***a** b* and **a.**b nest as in CommonMark
    "pymdownx.tilde": {"subscript": False},  # ~~deleted~~
}
"""Every extension has a golden case in tests/golden/markdown.md."""

_LINE_START = token("s", 0)
"""Stands before a heading's text while it is parsed as a paragraph."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BLOCK_TOKEN = re.compile(f"<p>({TOKEN.pattern})\\s*(?:{TIGHT})?</p>")
_TIGHT = re.compile(f"<p>((?:(?!</?p>).)*?)\\s*{TIGHT}\\s*</p>", re.DOTALL)
_EMPTY = re.compile(f"<p>{EMPTY}\\s*(?:{TIGHT})?</p>\n?|{EMPTY}|\\s*{TIGHT}")
_TAG = re.compile("<[^>]*>")
_MARK_SIGNS = re.compile(f"[{MARK_OPEN}{MARK_HINT}{MARK_CLOSE}]")
_SIGNED = re.compile(f"{MARK_OPEN}(.*?)(?:{MARK_HINT}(.*?))?{MARK_CLOSE}", re.DOTALL)
_ALERT = re.compile(
    rf"(?P<before><blockquote>\s*<p>){ALERT}(?P<title>(?:(?!</p>|<br)[^\n])*)(?:<br ?/?>)?(?:\n|(?P<alone></p>)|(?=<))",
    re.IGNORECASE,
)
_ALIGNED = re.compile(r'style="text-align:(left|right|center)"')


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML whose formulas are still tokens, and the formulas."""

    html: str
    math: tuple[MathSpan, ...]
    agreed: bool = True
    """False where Python-Markdown disagreed with CommonMark and the referee's HTML was taken."""


EMPTY_HTML = Rendered("", ())


def to_html(text: str, definitions: str = "", one_line: bool = False) -> Rendered:
    """Render a piece of Markdown.

    Args:
        text: the Markdown, as in the source.
        definitions: link and footnote definitions that it may refer to.
        one_line: the text is a heading's: nothing in it begins a list, quote or other block.
    """
    text, definitions = without_reserved(_CONTROL.sub("", text)), without_reserved(_CONTROL.sub("", definitions))
    if one_line:
        text = f"{_LINE_START}{' '.join(text.split())}"
    source = f"{text}\n\n{definitions}" if definitions else text
    put_aside = math_spans.put_aside(source)
    math = list(put_aside.spans)
    tokens, env = _parse(put_aside.text, math)
    references = env.get("references")
    ours = _by_python_markdown(tokens, references if isinstance(references, dict) else {})
    referee = _by_commonmark(_without_notes(tokens), env)
    if skeleton(ours) == skeleton(referee):
        return Rendered(ours, tuple(math))
    if any(block.type == "footnote_reference_open" for block in tokens):
        tokens, env = _parse(put_aside.text, [], notes_at_end=True)
        referee = _by_commonmark(tokens, env)
    return Rendered(referee, tuple(math), agreed=False)


def _parse(text: str, math: list[MathSpan], notes_at_end: bool = False) -> tuple[list[Token], dict[str, object]]:
    """Tokens and environment; footnotes that nothing refers to are left out, math fences made formulas."""
    env: dict[str, object] = {}
    tokens = commonmark.parser(notes_at_end, inline.prepare).parse(text, env)
    tokens = _referred_notes(tokens)
    _math_fences(tokens, math)
    return tokens, env


def _mark(match: re.Match[str]) -> str:
    hint = html.escape(html.unescape(_TAG.sub("", match[2] or "")))
    return f'<mark data-hint="{hint}">{match[1]}</mark>' if hint else f"<mark>{match[1]}</mark>"


def _referred_notes(tokens: list[Token]) -> list[Token]:
    """The tokens without the footnotes that the text does not refer to, directly or through another."""
    open_notes: tuple[str, ...] = ()
    owners: list[tuple[str, ...]] = []
    uses: dict[str, set[str]] = {}
    for block in tokens:
        if block.type == "footnote_reference_open":
            open_notes = (*open_notes, str(block.meta["label"]))
        owners.append(open_notes)
        if block.type == "footnote_reference_close":
            open_notes = open_notes[:-1]
        for child in block.children or ():
            if child.type == "footnote_ref":
                uses.setdefault(open_notes[-1] if open_notes else "", set()).add(str(child.meta["label"]))
    reached: set[str] = set()
    waiting = set(uses.get("", ()))
    while waiting:
        label = waiting.pop()
        reached.add(label)
        waiting |= uses.get(label, set()) - reached
    return [block for block, notes in zip(tokens, owners, strict=True) if reached.issuperset(notes)]


def inline_html(text: str, definitions: str = "") -> Rendered:
    """Render Markdown that is one paragraph (a key point) without the paragraph's tags."""
    return _unwrapped(to_html(text, definitions))


def title_html(text: str, definitions: str = "") -> Rendered:
    """Render a heading's text, in which nothing begins a block."""
    return _unwrapped(to_html(text, definitions, one_line=True))


def _unwrapped(rendered: Rendered) -> Rendered:
    single = re.fullmatch(r"\s*<p>((?:(?!</?p>).)*)</p>\s*", rendered.html, re.DOTALL)
    return Rendered(single[1], rendered.math, rendered.agreed) if single else rendered


def _by_python_markdown(tokens: Sequence[Token], references: Mapping[str, Mapping[str, str]]) -> str:
    """Clean HTML by Python-Markdown."""
    normaliser = Normaliser()
    normal = normaliser.document(tokens, references)
    raw = _python_markdown(normal)
    raw = _BLOCK_TOKEN.sub(lambda match: match[1], raw)
    raw = _EMPTY.sub("", _TIGHT.sub(r"\1", raw))
    pieces = normaliser.stash.pieces

    def fill(match: re.Match[str]) -> str:
        kind, number = match[1], int(match[2])
        if kind == "s":
            return ""
        if kind in "mk" or number >= len(pieces):
            return match[0]
        return f"<code>{html.escape(pieces[number], quote=False)}</code>" if kind == "c" else pieces[number]

    return _finish(sanitise(without_fill(TOKEN.sub(fill, raw))), pieces)


def _python_markdown(text: str) -> str:
    converter = _converter()
    converter.reset()
    try:
        return converter.convert(text)
    except RecursionError:
        return ""  # the referee's HTML is taken


@lru_cache(maxsize=1)
def _converter() -> python_markdown.Markdown:
    configs = {name: dict(options) for name, options in EXTENSIONS.items()}
    converter = python_markdown.Markdown(extensions=list(EXTENSIONS), extension_configs=configs, output_format="html")
    # All HTML was put aside: whatever still looks like a tag is text.
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.parser.blockprocessors.deregister("code")
    return converter


def _by_commonmark(tokens: Sequence[Token], env: dict[str, object]) -> str:
    """Clean HTML by markdown-it-py."""
    normaliser = Normaliser()
    stash = normaliser.stash
    prepared = []
    for block in tokens:
        if block.type in commonmark.CODE_BLOCKS:
            copy = block.copy()
            copy.type, copy.tag, copy.children = "html_block", "", None
            copy.content = (
                f"<p>{stash.put('k', (block.info.strip() if block.type == 'fence' else '') + chr(10) + block.content)}</p>\n"
            )
            prepared.append(copy)
        else:
            prepared.append(block)
    raw = str(commonmark.parser().renderer.render(prepared, commonmark.parser().options, env))
    raw = re.sub(f"<p>({TOKEN.pattern})</p>", r"\1", raw)
    raw = re.sub(r"(<li>(?:\s*<p>)?)\[([ xX])\]\s", lambda m: m[1] + ("\u2610 " if m[2] == " " else "\u2611 "), raw)
    raw = _ALERT.sub(_alert, raw)
    raw = _ALIGNED.sub(r'align="\1"', raw)
    return _finish(sanitise(without_fill(raw)), stash.pieces)


def _alert(match: re.Match[str]) -> str:
    """The first line of a box: its title in bold, else its kind."""
    title = match["title"].strip() or match["kind"].capitalize()
    bold = title if "<strong>" in title else f"<strong>{title}</strong>"
    return f"{match['before']}{bold}</p>" + ("" if match["alone"] else "\n<p>")


def _without_notes(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without footnotes and references to them, which the two libraries render differently."""
    kept = []
    depth = 0
    for block in tokens:
        if block.type.startswith("footnote_reference"):
            depth += 1 if block.type.endswith("open") else -1
        elif depth == 0:
            children = block.children
            if children and any(child.type == "footnote_ref" for child in children):
                block = block.copy()
                block.children = [child for child in children if child.type != "footnote_ref"]
            kept.append(block)
    return kept


def _math_fences(tokens: Sequence[Token], math: list[MathSpan]) -> None:
    """Turn ```` ```math ```` fences into display formulas, as GitHub does."""
    for block in tokens:
        if block.type == "fence" and block.info.strip().lower() == "math" and block.content.strip():
            math.append(MathSpan(block.content.strip(), True, block.content, block.map[0] if block.map else 0))
            block.type, block.tag, block.info = "html_block", "", ""
            block.content = f"<p>{token('m', len(math) - 1)}</p>"


def _finish(clean: str, pieces: Sequence[str]) -> str:
    """Code blocks and marks filled into sanitised HTML."""

    def fill(match: re.Match[str]) -> str:
        if match[1] == "s":
            return ""
        if match[1] != "k" or int(match[2]) >= len(pieces):
            return match[0]
        info, _, source = pieces[int(match[2])].partition("\n")
        return code_block(source, info)

    filled = TOKEN.sub(fill, clean)
    if MARK_OPEN in filled:
        filled = _TAG.sub(lambda match: _MARK_SIGNS.sub("", match[0]), filled)
        filled = _SIGNED.sub(_mark, filled)
    return filled.strip()


_PIECE = re.compile(
    r"<(/?)(ul|ol|li|table|tr|th|td|pre|code|blockquote|h[1-6]|img|strong|em|del|s|details)\b[^>]*>|<[^>]*>|([^<]+)"
)
NOTES = re.compile(r'<sup id="fnref.*?</sup>|<div>\s*<hr>\s*<ol>\s*<li id="fn-.*?</ol>\s*</div>', re.DOTALL)
"""Footnotes and the marks that lead to them."""
_SAME = {"del": "s", "strike": "s"}


def skeleton(text: str) -> tuple[str, ...]:
    """What a reader sees, for comparing two renderers: structure tags and words, footnotes left out."""
    pieces: list[str] = []
    words: list[str] = []
    for match in _PIECE.finditer(NOTES.sub("", text) if "fnref" in text else text):
        if match[2]:
            if words:
                pieces.append("".join("".join(words).split()))
                words = []
            pieces.append(match[1] + _SAME.get(match[2], match[2]))
        elif match[3]:
            words.append(html.unescape(match[3]))
    if words:
        pieces.append("".join("".join(words).split()))
    return tuple(piece for piece in pieces if piece)
