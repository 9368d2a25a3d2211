r"""Formulas for each output: MathJax delimiters on cards, vector images in print."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

import ziamath

from generator.markup.math_spans import MathSpan
from generator.markup.placeholders import TOKEN
from generator.render import mathml
from generator.render.templates import colour_tokens

EM = 16.0
"""Size that formulas are drawn at; the result is scaled by `em`, so it fits any text size."""
MAX_EM = 30.0
"""A formula higher than this is no mathematics that a page can show."""

LIVE_MARKUP = re.compile(r"\[(?=\s*/?\s*(?:sound:|latex\]|\$\$?\]|anki:))", re.IGNORECASE)
"""Brackets that Anki acts upon wherever they stand: `[sound:…]`, `[latex]`, `[$]`, `[$$]`, `[anki:…]` and their ends."""

_TAG_OR_TOKEN = re.compile(f"{TOKEN.pattern}|<[^>]*>")
_DISPLAY_PARAGRAPH = re.compile(f"<p>\\s*({TOKEN.pattern})\\s*</p>")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula as SVG; sizes in em of the surrounding text."""

    svg: str
    width: float
    height: float
    depth: float
    """How far it reaches below the baseline."""


@dataclass(frozen=True, slots=True)
class Undrawable:
    """Why a formula can't be drawn."""

    reason: str
    line: int = 0
    """How many lines below the formula's first the fault is."""


def fill(text: str, spans: Sequence[MathSpan], write: Callable[[MathSpan], str]) -> str:
    """HTML with each formula token replaced by what `write` returns; tokens without a formula vanish.

    Inside a tag (an image's alternative text) the formula's source stands as text.
    """

    def one(match: re.Match[str]) -> str:
        if match[0][0] == "<":
            return TOKEN.sub(lambda token: _as_attribute(_source(token, spans)), match[0])
        span = _span(match[1], match[2], spans)
        return write(span) if span else ""

    return _TAG_OR_TOKEN.sub(one, text)


def _span(kind: str, number: str, spans: Sequence[MathSpan]) -> MathSpan | None:
    return spans[int(number)] if kind == "m" and int(number) < len(spans) else None


def _as_attribute(text: str) -> str:
    """Text for an attribute in which nothing is live, neither HTML nor Anki's markup."""
    return re.sub(r"[{}\[\]:]", lambda match: f"&#{ord(match[0])};", html.escape(text))


def _source(token: re.Match[str], spans: Sequence[MathSpan]) -> str:
    span = _span(token[1], token[2], spans)
    return span.source if span else ""


def mathjax(span: MathSpan) -> str:
    r"""A formula as Anki's MathJax reads it, `\(…\)` or `\[…\]`.

    Braces that would close a cloze or open a field are kept apart by a blank, which TeX ignores.
    """
    tex = re.sub(r"\{(?=\{)", "{ ", span.tex)
    tex = re.sub(r"\}(?=\})", "} ", tex)
    tex = LIVE_MARKUP.sub("[{}", tex)  # an empty group is invisible in TeX
    tex = tex.replace("::", ":{}:").replace("\\)", "\\ )").replace("\\]", "\\ ]")
    escaped = html.escape(" ".join(tex.split()) if not span.display else tex, quote=False)
    if not span.display:
        return f"\\({escaped}\\)"
    # The delimiter's own bracket may complete Anki's markup, as in \[sound:a.mp3].
    return f"\\[{'{}' if LIVE_MARKUP.match(f'[{escaped}]') else ''}{escaped}\\]"


def print_image(span: MathSpan) -> str:
    """A formula as an inline vector image on the text's baseline in the text's colour, TeX source as its alternative text."""
    drawing = draw(span.tex, span.display)
    alt = html.escape(span.tex)
    if isinstance(drawing, Undrawable):
        return f'<code class="math-source">{alt}</code>'
    svg = drawing.svg.replace('"black"', f'"{colour_tokens().get("ink", "#000000")}"')
    data = base64.b64encode(svg.encode()).decode()
    style = f"width:{drawing.width:.3f}em;height:{drawing.height:.3f}em;vertical-align:{-drawing.depth:.3f}em"
    kind = "math-display" if span.display else "math"
    return f'<img class="{kind}" style="{style}" src="data:image/svg+xml;base64,{data}" alt="{alt}">'


@lru_cache(maxsize=4096)
def draw(tex: str, display: bool) -> Drawing | Undrawable:
    """Draw a formula, once in a process: the check and all PDF files of a build share the result."""
    ziamath.config.svg2 = False  # glyphs as outlines in place; print has no use for links between them
    try:
        formula = ziamath.Math(mathml.parse(tex, display), size=EM)
        xml = formula.svgxml()
        _, height = formula.getsize()
        depth = -formula.getyofst() / EM
    except mathml.TexError as error:
        return Undrawable(str(error), error.line)
    except Exception as error:  # the drawing library raises whatever it stumbles on
        return Undrawable(f"the drawing library can't lay it out ({type(error).__name__})")
    total_width = float(xml.attrib["width"].removesuffix("px")) / EM
    total_height = float(xml.attrib["height"].removesuffix("px")) / EM
    if total_width <= 0 or height <= 0:
        return Undrawable("it is empty")
    if height / EM > MAX_EM:
        return Undrawable(f"it would be {height / EM:.0f} lines high")
    margin = (total_height - height / EM) / 2
    svg = ElementTree.tostring(xml, encoding="unicode")
    return Drawing(svg, total_width, total_height, depth + margin)


def mark_display_paragraphs(text: str, spans: Sequence[MathSpan]) -> str:
    """HTML in which a paragraph that is nothing but a display formula carries the class `math-block`."""

    def one(match: re.Match[str]) -> str:
        span = spans[int(match[3])] if match[2] == "m" and int(match[3]) < len(spans) else None
        return f'<p class="math-block">{match[1]}</p>' if span is not None and span.display else match[0]

    return _DISPLAY_PARAGRAPH.sub(one, text)
