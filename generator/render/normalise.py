"""Rewrites Markdown, by the blocks that CommonMark sees, into the form that Python-Markdown reads the same way.

Python-Markdown wants list content indented by four, blank lines before lists and tables, and knows fewer
escapes. So the blocks are written out anew from markdown-it-py's tokens: every list at four spaces, a blank
line between all blocks. Code, HTML and anything else that must not be touched becomes a token in a stash.
Tokens used here: `k` code block, `b` HTML block, `c` code span, `h` HTML tag, `e` nothing, `t` tight paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html.entities import html5

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from generator.markup import inline
from generator.markup.placeholders import token

INDENT = "    "
EMPTY = token("e", 0)
TIGHT = token("t", 0)

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BLOCK_START = re.compile(r"^(#{1,6}|>|[-+*](?=[ \t]|$)|\d+(?=[.)])|:|=+$|-+$)")
_DEFINITION = re.compile(r"^\[[^\[\]]*\]:")
_DELIMITER_ROW = re.compile(r"^[\s|:-]*\|[\s|:-]*$")
_TASK = re.compile(r"^\[([ xX])\][ \t]+")
ALERT = (
    r"\[!(?P<kind>note|abstract|summary|tldr|info|todo|tip|hint|important|success|check|done|question|help|faq|warning"
    r"|caution|attention|failure|fail|missing|danger|error|bug|example|quote|cite|answer|solution|explanation)"
    r"(?:\|[\w -]{0,30})?\][-+]?[ \t]*"
)
"""How a quote begins that GitHub or Obsidian shows as a box; what follows on the line is its title."""
_ALERT = re.compile(rf"^{ALERT}(?P<title>[^\n]*?)(?:[ ]{{2,}}|\\)?(?:\n|$)", re.IGNORECASE)
_IMAGE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\](?=\(|\[[^\]])")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);)?")
_LISTS = ("bullet_list", "ordered_list")
_JOINED = {"bullet_list": _LISTS, "ordered_list": _LISTS, "blockquote": ("blockquote",), "table": ("table",)}
"""Blocks that Python-Markdown would join with a neighbour of these types."""
_FOOTNOTE_SKIPPED = frozenset({"footnote_anchor"})


class Normaliser:
    """Writes CommonMark tokens as Python-Markdown's dialect; keeps what it put aside in `stash`."""

    def __init__(self) -> None:
        self.stash = inline.Stash()

    def document(self, tokens: Sequence[Token], references: Mapping[str, Mapping[str, str]]) -> str:
        """The whole document. `references` are the link definitions by label, as markdown-it-py gives them."""
        lines = self._blocks(SyntaxTreeNode(tokens).children)
        for label, reference in references.items():
            title = str(reference.get("title") or "").replace('"', "&quot;").replace("\n", " ")
            lines += ["", f"[{label}]: <{reference['href']}>" + (f' "{title}"' if title else "")]
        return "\n".join(lines) + "\n"

    def _blocks(self, nodes: Sequence[SyntaxTreeNode], tight: bool = False) -> list[str]:
        lines: list[str] = []
        previous = ""
        for node in nodes:
            block = self._block(node, tight)
            if not block:
                continue
            if lines:
                lines.append("")
            if previous in _JOINED.get(node.type, ()):
                lines += [EMPTY, ""]
            lines += block
            previous = node.type
        return lines

    def _block(self, node: SyntaxTreeNode, tight: bool) -> list[str]:
        match node.type:
            case "paragraph":
                return self._paragraph(node, tight)
            case "heading":
                text = " ".join(self._text(node.children[0].content)) if node.children else ""
                return [f"{'#' * int(node.tag[1])} {re.sub(r'#+$', lambda m: '&#35;' * len(m[0]), text) or EMPTY}"]
            case "bullet_list":
                return self._list(node, lambda _: "-")
            case "ordered_list":
                start = int(str(node.attrs.get("start", 1)))
                return self._list(node, lambda number: f"{start + number}.")
            case "blockquote":
                return [f"> {line}".rstrip() for line in self._quoted(node)]
            case "fence" | "code_block":
                return [self.stash.put("k", f"{node.info.strip() if node.type == 'fence' else ''}\n{node.content}")]
            case "html_block":
                return [self.stash.put("b", node.content.rstrip("\n"))]
            case "table":
                return self._table(node)
            case "hr":
                return ["---"]
            case "footnote_reference":
                return self._footnote(node)
            case "footnote_block":
                return self._blocks(node.children)
            case _ if node.type in _FOOTNOTE_SKIPPED:
                return []
            case _:
                return self._blocks(node.children) if node.children else []

    def _paragraph(self, node: SyntaxTreeNode, tight: bool) -> list[str]:
        lines = self._text(node.children[0].content) if node.children else []
        if tight and lines:
            lines[-1] += f" {TIGHT}"
        return lines

    def _list(self, node: SyntaxTreeNode, marker: Callable[[int], str]) -> list[str]:
        lines: list[str] = []
        tight = _is_tight(node)
        for number, item in enumerate(node.children):
            children = item.children
            content = self._item(children, tight)
            first = f"{marker(number)} ".ljust(len(INDENT)) + content[0]
            lines += ([""] if lines else []) + [first, *(INDENT + line if line else "" for line in content[1:])]
        return lines

    def _item(self, children: Sequence[SyntaxTreeNode], tight: bool) -> list[str]:
        content = self._blocks(children, tight)
        if not children or children[0].type != "paragraph" or not content:
            return [EMPTY, "", *content] if content else [EMPTY]
        task = _TASK.match(content[0])
        if task:
            content[0] = ("\u2610 " if task[1] == " " else "\u2611 ") + content[0][task.end() :]
        return content

    def _quoted(self, node: SyntaxTreeNode) -> list[str]:
        children = node.children
        first = children[0] if children else None
        alert = _ALERT.match(first.children[0].content) if first and first.type == "paragraph" and first.children else None
        if alert is None or first is None:
            return self._blocks(children) or [EMPTY]
        rest = self._text(first.children[0].content[alert.end() :])
        body = self._blocks(children[1:])
        title = " ".join(self._text(alert["title"])) or alert["kind"].capitalize()
        bold = title if "**" in title else f"**{title}**"
        return [bold, *(["", *rest] if rest else []), *(["", *body] if body else [])]

    def _table(self, node: SyntaxTreeNode) -> list[str]:
        rows = [row.children for part in node.children for row in part.children]
        if not rows:
            return []
        styles = [str(cell.attrs.get("style", "")) for cell in rows[0]]
        rules = {"text-align:left": ":---", "text-align:right": "---:", "text-align:center": ":---:"}
        lines = [_row(self._cell(cell) for cell in row) for row in rows]
        return [lines[0], _row(rules.get(style, "---") for style in styles), *lines[1:]]

    def _cell(self, cell: SyntaxTreeNode) -> str:
        text = " ".join(self._text(cell.children[0].content)) if cell.children else ""
        return text.replace("|", "&#124;") or EMPTY

    def _footnote(self, node: SyntaxTreeNode) -> list[str]:
        content = self._blocks(node.children) or [EMPTY]
        return [f"[^{node.meta['label']}]: {content[0]}", *(INDENT + line if line else "" for line in content[1:])]

    def _text(self, source: str) -> list[str]:
        """A paragraph's lines: code and tags put aside; escapes, stray ampersands, would-be block starts made entities."""
        text = _IMAGE.sub(lambda match: f"![{inline.entities(inline.plain_text(match[1]))}]", source)
        text = inline.put_aside(text, self.stash)
        text = _ESCAPE.sub(lambda match: f"&#{ord(match[1])};", text.replace("\\\n", "  \n"))
        text = _AMPERSAND.sub(_ampersand, text)
        lines = [line.strip(" \t") + ("  " if line.endswith("  ") else "") for line in text.split("\n")]
        lines[-1] = lines[-1].rstrip()
        return [_guarded(line) for line in lines if line.strip()]


def _ampersand(match: re.Match[str]) -> str:
    """An ampersand that begins no entity of CommonMark's is text; HTML would read `&copy=1` as ©=1."""
    name = match[1]
    known = name and (name.startswith("#") or f"{name};" in html5)
    return match[0] if known else "&amp;" + match[0][1:]


def _guarded(line: str) -> str:
    """The line with whatever Python-Markdown would take for a block's start turned into entities."""
    start = _BLOCK_START.match(line)
    if start:
        mark = start[1]
        if mark.isdigit():
            return f"{mark}&#{ord(line[len(mark)])};{line[len(mark) + 1 :]}"
        return "".join(f"&#{ord(character)};" for character in mark) + line[len(mark) :]
    if _DEFINITION.match(line):
        return line.replace("]:", "]&#58;", 1)
    return line.replace("|", "&#124;") if _DELIMITER_ROW.match(line) else line


def _is_tight(node: SyntaxTreeNode) -> bool:
    """A list is tight where its items' paragraphs are hidden."""
    return any(child.type == "paragraph" and child.hidden for item in node.children for child in item.children)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
