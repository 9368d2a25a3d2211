r"""What every Anki field goes through: live markup of Anki's own made harmless, formulas for MathJax.

Anki acts on `[sound:…]`, `[latex]`, `[$]`, `[anki:…]` and `{{…}}` wherever they stand, also in code.
"""

from __future__ import annotations

import html
import re

from generator.markup.math_spans import MathSpan
from generator.markup.placeholders import TOKEN
from generator.render.markdown import Rendered
from generator.render.math import LIVE_MARKUP, fill, mark_display_paragraphs, mathjax
from generator.render.question import map_links

_MATHJAX = re.compile(r"\\(?=[()\[\]])")
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<[^>]*>)", re.DOTALL)


_MARKED = re.compile(r'<mark(?: data-hint="([^"]*)")?>(.*?)</mark>', re.DOTALL)


def anki_escape(text: str, cloze: bool = False) -> str:
    r"""HTML in which nothing is live in Anki.

    Args:
        text: sanitised HTML; formulas are still tokens.
        cloze: also keep `::` from being read as a cloze's hint.
    """
    text = LIVE_MARKUP.sub("&#91;", text)
    # Three braces in a row hold two overlapping pairs, so every brace of a run goes.
    # In a cloze a lone brace may come to stand beside the blank's own, so all go.
    braces = r"[{}]" if cloze else r"\{{2,}|\}{2,}"
    text = re.sub(braces, lambda match: f"&#{ord(match[0][0])};" * len(match[0]), text)
    if cloze:
        text = text.replace("::", "&#58;&#58;")
    if "\\" in text:
        pieces = _CODE.split(text)
        # A word joiner keeps MathJax from taking text such as \(x\) for a formula; code it skips by itself.
        pieces[::2] = [_MATHJAX.sub("\\\\\u2060", piece) for piece in pieces[::2]]
        text = "".join(pieces)
    return text


def anki_html(rendered: Rendered, cloze: bool = False) -> str:
    """A rendered piece as it stands in a field."""
    text = map_links(mark_display_paragraphs(rendered.html, rendered.math), _cross_reference)
    text = text.replace("<summary>", '<summary class="tappable">')  # AnkiDroid's tap gestures leave these alone
    return fill(anki_escape(text, cloze), rendered.math, mathjax)


def cloze_text(rendered: Rendered) -> str:
    """A key point whose `<mark>`s are all blank 1, with their hints; formulas inside survive."""
    text = anki_html(rendered, cloze=True)
    return _MARKED.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    hint, text = match[1], match[2]
    if not text.strip():
        return ""
    return f"{{{{c1::{text}{f'::{hint}' if hint else ''}}}}}"


def plain(rendered: Rendered) -> str:
    """The words of a rendered piece, formulas as TeX: for tooltips, bookmarks and plain lists."""

    def tex(span: MathSpan) -> str:
        return span.tex

    text = TOKEN.sub(lambda match: tex(rendered.math[int(match[2])]) if match[1] == "m" else "", rendered.html)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def _cross_reference(target: str, text: str) -> str | None:
    """A card can't link to another card: the words stay. Footnotes stay links."""
    return None if target.startswith("fn") else f'<span class="reference">{text}</span>'
