"""Highlighted code, by Pygments."""

from __future__ import annotations

import html
import re

from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

CLASS_PREFIX = "hl-"
MAX_HIGHLIGHTED = 50_000
"""Longer code is shown plain: some lexers take time that grows with the square of the length."""


def code_block(source: str, info: str) -> str:
    """A `<pre>` with the code, coloured by CSS classes where the fence names a known language.

    Args:
        source: the code.
        info: the fence's info string, e.g. `python title="x"`; its first word is the language.
    """
    language = re.split(r"[\s,{]", info.strip(), maxsplit=1)[0].lower()
    body = _coloured(source, language)
    label = f' data-language="{html.escape(language)}"' if re.fullmatch(r"[\w+#.-]{1,30}", language) else ""
    return f'<pre class="code"{label}><code>{body}</code></pre>'


def _coloured(source: str, language: str) -> str:
    if not language or len(source) > MAX_HIGHLIGHTED:
        return html.escape(source, quote=False)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return html.escape(source, quote=False)
    return pygments_highlight(source, lexer, HtmlFormatter(nowrap=True, classprefix=CLASS_PREFIX)).rstrip("\n")
