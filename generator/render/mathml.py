r"""TeX -> MathML that the drawing library lays out as TeX would.

math-core parses (and refuses what it does not know); ziamath draws. Between them stands this file: math-core writes
for browsers, with CSS and browsers' defaults, of which ziamath knows little, and some things ziamath does differently
from TeX. Each function below puts one such thing right.
"""

from __future__ import annotations

import copy
import html
import re
from xml.etree import ElementTree

import math_core
from defusedxml.ElementTree import fromstring

from generator.glyphs import describe, missing_in_formula
from generator.render import tex as tex_source

Element = ElementTree.Element

MAX_WORK = 4_000
"""Glyphs to lay out, each counted once per pass; ziamath passes over a row twice, so a nested row four times, and so on."""
EM = 0.75
"""ziamath's em, as a share of ours: it takes the font size for points and everything else for pixels."""

_CONVERTER = math_core.LatexToMathML(
    xml_namespace=False, fancy_error=False, macros=tex_source.MACROS, max_expansions=tex_source.MAX_EXPANSIONS
)
_ERROR = re.compile(r"(\d+): (.*)", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\w+);)\w+;")
_LENGTH = re.compile(r"(-?[\d.]+)em")
_NOTHING = {"\u2061", "\u2062", "\u2063", "\u2064", "\u200b"}
"""Signs without a shape: function application, invisible times, separator and plus."""
_VARIATION = re.compile("[\ufe00\ufe01]")
_ROWS = {"math", "mrow", "mtd", "mpadded", "mphantom", "mstyle"}
_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mroot"}
_TO_SIDE = {"munder": "msub", "mover": "msup", "munderover": "msubsup"}
_BARS = {"\u0332", "\u0305", "\u203e", "_"}
_SMALL_ACCENTS = frozenset("ˆ˜¯˙¨˚ˇ˘´`")
_MOVABLE = frozenset("∑∏∐⋃⋂⨄⨆⋁⋀⨁⨂⨀")
_BIG = {"1.2em": 1.2, "1.623em": 1.8, "2.047em": 2.4, "2.470em": 3.0, "2.47em": 3.0}
r"""Heights of `\big`, `\Big`, `\bigg`, `\Bigg` as the parser gives them, and as TeX has them."""
_FENCES = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩⟦⟧⟮⟯↑↓↕⇑⇓⇕")
_BINARY = frozenset("+−±∓×÷·⋅∗∘∙•⋆⋄∩∪⊎⊓⊔⊕⊖⊗⊘⊙⊚⊛⊞⊟⊠⊡∧∨∖∔⊻⊼⊽⋉⋊⋋⋌⋎⋏⋒⋓⊲⊳⨿")
_ORDINARY = frozenset("∀∁∂∃∄∅∆∇∎∏∐∑∕√∛∜∞∟∠∡∢⊤⊥′″‴⋮⋯⋰⋱")
_RELATION = re.compile("[=<>:\u2190-\u22ff\u27c2\u27f0-\u27ff\u2900-\u297f\u2a66-\u2aff]|->|:=|==|!=|<=|>=")


class TexError(Exception):
    """A formula that can't be drawn; the message says why.

    Attributes:
        line: how many lines below its first the fault is.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def parse(tex: str, display: bool) -> Element:
    """The MathML of a formula, ready to be drawn.

    Raises:
        TexError: an unknown macro or environment, unbalanced braces, a missing argument, too much of it.
    """
    if reason := tex_source.too_much(tex):
        raise TexError(reason)
    normal = tex_source.normalise(tex)
    try:
        text = _CONVERTER.convert_with_local_state(normal, displaystyle=display)
    except math_core.LatexError as error:
        match = _ERROR.fullmatch(str(error))
        place, reason = (int(match[1]), match[2]) if match else (0, str(error))
        raise TexError(_plain(reason), normal[:place].count("\n")) from None
    root: Element = fromstring(_VARIATION.sub("", _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)))
    root.set("display", "block" if display else "inline")
    _adapt(root, display)
    if not _drawn(root):
        raise TexError("it is empty")
    if lacking := missing_in_formula("".join(root.itertext())):
        raise TexError(f"no glyph for {describe(lacking[0])}")
    if _work(root, 1) > MAX_WORK:
        raise TexError("it is too large or nested too deeply")
    return root


def _plain(reason: str) -> str:
    reason = reason.rstrip(".").replace('"', "")
    return reason[:1].lower() + reason[1:]


def _drawn(root: Element) -> bool:
    return any((node.text or "").strip() for node in root.iter())


def _work(node: Element, passes: int) -> int:
    if not len(node):
        return passes * max(1, len(node.text or ""))
    inner = passes * 2 if node.tag in _ROWS else passes
    return sum(_work(child, inner) for child in node)


def _adapt(node: Element, display: bool) -> None:
    """Put a subtree right, from the leaves up; `display` is TeX's display style at this place."""
    if "displaystyle" in node.attrib:
        display = node.get("displaystyle") == "true"
    for number, child in enumerate(node):
        # TeX sets what stands in a fraction or script in text style; ziamath would keep display style.
        inner = display and node.tag != "mfrac" and not (node.tag in _SCRIPTS and number)
        if display and not inner and "displaystyle" not in child.attrib:
            child.set("displaystyle", "false")
        _adapt(child, inner)
    _flatten(node)
    if node.tag in ("mover", "munder", "munderover"):
        _over_and_under(node, display)
    elif node.tag in ("msub", "msubsup", "msup"):
        _limits_of_mathop(node, display)
    elif node.tag in _LEAVES:
        _LEAVES[node.tag](node)
    elif node.tag == "mtable":
        _table(node)
    if node.tag in _ROWS or node.tag == "msqrt":
        _space_outside(node)
        _join_dots(node)
    if node.tag in _ROWS and not len(node):
        node.append(Element("mspace", width="0"))  # a row of nothing has a height beyond all bounds in ziamath
    if node.tag != "mtd":  # the table needs its cells' style
        _style(node)


def _flatten(node: Element) -> None:
    """Splice rows without a meaning of their own into their parent: each would double the time of drawing."""
    for child in list(node):
        number = list(node).index(child)
        if child.tag == "mo" and (child.text or "") in _NOTHING:
            space = child.get("lspace", "0") if child.text == "\u2061" else "0"
            node[number : number + 1] = [Element("mspace", width=space)] if space != "0" else _placeholder(node)
        elif child.tag == "mrow" and node.tag in _ROWS and not set(child.attrib) - {"form"} and not _has_fences(child):
            node[number : number + 1] = list(child)
        elif child.tag == "mrow" and len(child) == 1 and not child.attrib:
            node[number] = child[0]


def _join_dots(row: Element) -> None:
    """Three full stops, which the parser writes for TeX's dots, as one sign."""
    for child in list(row):
        at = list(row).index(child) if child in list(row) else len(row)
        if len(dots := row[at : at + 3]) == 3 and all(dot.tag == "mo" and dot.text == "." for dot in dots):
            dots[0].attrib.update(lspace="0", rspace="0")
            dots[0].text = "…"
            del row[at + 1 : at + 3]


def _placeholder(node: Element) -> list[Element]:
    return [] if node.tag in _ROWS else [Element("mspace", width="0")]


def _has_fences(row: Element) -> bool:
    return any(child.tag == "mo" and child.get("stretchy") == "true" for child in row)


def _operator(node: Element) -> None:
    """Spaces as lengths, so that only TeX's rules count, and whether it stretches: ziamath's own table says otherwise."""
    text = (node.text or "").strip()
    if text == "∖":
        node.text = "\u29f5"  # the sign of TeX's height
    before, after = _spaces(text)
    node.set("lspace", _length(node.get("lspace", before)))
    node.set("rspace", _length(node.get("rspace", after)))
    node.set("form", node.get("form", "infix"))
    if node.get("minsize") in _BIG:
        size = _length(_BIG[node.attrib.pop("minsize")])
        node.attrib.update(minsize=size, maxsize=size, stretchy="false")
    elif "stretchy" not in node.attrib:
        node.set("stretchy", "true" if text in _FENCES else "false")


def _spaces(text: str) -> tuple[float, float]:
    """What TeX leaves before and after a sign, in em; the parser names only what differs from browsers' defaults."""
    if text in (",", ";"):
        return 0.0, 3 / 18
    if text in _MOVABLE or text in "∫∬∭∮∯∰":
        return 3 / 18, 3 / 18
    if text in _BINARY:
        return 4 / 18, 4 / 18
    return (5 / 18, 5 / 18) if text not in _ORDINARY and _RELATION.fullmatch(text) else (0.0, 0.0)


def _space_outside(row: Element) -> None:
    """Scripts of a sign belong inside its spaces: the space after a sum comes after its limits."""
    for child in list(row):
        sign = child
        while sign.tag in _SCRIPTS and sign.tag != "mroot" and len(sign):
            sign = sign[0]
        if sign is child or sign.tag != "mo":
            continue
        before, after = sign.get("lspace", "0"), sign.get("rspace", "0")
        sign.attrib.update(lspace="0", rspace="0")
        if after != "0":
            row.insert(list(row).index(child) + 1, Element("mspace", width=after))
        if before != "0":
            row.insert(list(row).index(child), Element("mspace", width=before))


def _identifier(node: Element) -> None:
    """Names of several letters, and signs, are text for ziamath; it would pad them with spaces otherwise."""
    if node.text == "∂":
        node.text = "\U0001d715"  # the italic one, as in TeX
    elif not (node.text or "").isalpha() or len(node.text or "") > 1:
        node.tag = "mtext"
        _text(node)


def _length(value: str | float) -> str:
    """A length in ziamath's em."""
    if isinstance(value, str):
        match = _LENGTH.fullmatch(value)
        value = float(match[1]) if match else 0.0
    return f"{value * EM:.4f}em" if value else "0"


def _space(node: Element) -> None:
    margin = re.search(r"margin-left:\s*(-?[\d.]+em)", node.get("style", ""))
    node.set("width", _length(margin[1] if margin else node.get("width", "0")))


def _text(node: Element) -> None:
    """Fonts inside text are HTML for browsers; here they are variants."""
    for tag, variant in (("b", "bold"), ("i", "italic"), ("code", "mono"), ("strong", "bold"), ("em", "italic")):
        if node.find(f".//{tag}") is not None:
            node.set("mathvariant", variant)
    text = "".join(node.itertext())
    for child in list(node):
        node.remove(child)
    node.text = text.replace(" ", "\u00a0").replace("-", "\u2010")  # ziamath draws a hyphen as a rule


def _box(node: Element) -> None:
    """Air inside a frame."""
    if node.get("notation") == "box":
        node.insert(0, Element("mspace", width=_length(0.3), height=_length(1.0), depth=_length(0.35)))
        node.append(Element("mspace", width=_length(0.3)))


_LEAVES = {"mo": _operator, "mspace": _space, "mtext": _text, "mi": _identifier, "menclose": _box}


def _over_and_under(node: Element, display: bool) -> None:
    if _is_labelled_arrow(node):
        _labelled_arrow(node)
        return
    base = node[0]
    if not display and base.tag == "mo" and base.text in _MOVABLE and base.get("movablelimits") != "false":
        node.tag = _TO_SIDE[node.tag]
        return
    accent = node[1] if node.tag != "munderover" else None
    if accent is not None and accent.tag == "mo":
        _accent(node, base, accent)


def _accent(node: Element, base: Element, accent: Element) -> None:
    text = accent.text or ""
    if text in _BARS:
        accent.text = "\u2015"  # the sign that ziamath draws as a rule of the right length
    elif text == "˜" and len("".join(base.itertext())) > 1:
        accent.text = "\u0303"
    elif text in _SMALL_ACCENTS:
        accent.tag = "mi"  # ziamath stretches every operator over a base
    if node.get("accent") or node.get("accentunder"):
        accent.attrib.update(lspace="0", rspace="0", stretchy="true")


def _is_labelled_arrow(node: Element) -> bool:
    return node[0].tag == "mo" and any(
        len(label) == 2 and label[1].tag == "mspace" and label.tag in ("mover", "munder") for label in node[1:]
    )


def _labelled_arrow(node: Element) -> None:
    """An arrow as long as its label: ziamath stretches a sign over its base, so the arrow goes over an invisible label."""
    labels = [label[0] for label in node[1:]]
    widest = max(labels, key=lambda label: len("".join(label.itertext())))
    shadow = Element("mphantom", scriptlevel="1")
    shadow.append(copy.deepcopy(widest))
    flat = Element("mpadded", height="0", depth="0")
    flat.append(shadow)
    arrow = Element("mo", stretchy="true", lspace="0", rspace="0", form="infix")
    arrow.text = node[0].text
    stretched = Element("mover", accent="true")
    stretched.extend([flat, arrow])
    node[0] = stretched
    for number, label in enumerate(labels, 1):
        node[number] = label


def _limits_of_mathop(node: Element, display: bool) -> None:
    r"""In display style the scripts of a `\mathop` stand above and below it."""
    base = node[0]
    if base.tag == "mpadded" and len(base) and base[-1].tag == "mspace":
        base.remove(base[-1])
        if display:
            node.tag = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}[node.tag]


def _style(node: Element) -> None:
    """CSS paddings become spaces; only a colour stays, which ziamath reads."""
    style = node.attrib.pop("style", "")
    if node.tag == "mpadded" and style:
        left, right = (re.search(rf"padding-{side}:\s*([\d.]+em)", style) for side in ("left", "right"))
        if left:
            node.insert(0, Element("mspace", width=_length(left[1])))
        if right:
            node.append(Element("mspace", width=_length(right[1])))
    if colour := re.search(r"(?:^|;)\s*color:\s*(#[0-9A-Fa-f]{3,8})", style):
        node.set("mathcolor", colour[1])
    node.attrib.pop("class", None)


def _table(table: Element) -> None:
    """Alignment and spaces of columns and rows from the CSS of the cells; rules between columns become signs."""
    rows = [row for row in table if row.tag == "mtr"]
    if len(rows) > 1 and not _drawn(rows[-1]):
        table.remove(rows.pop())  # a line break at the end opens no row
    styles = [[cell.get("style", "") for cell in row] for row in rows]
    if any("border-top" in style or "border-bottom" in style for row in styles for style in row):
        raise TexError(r"a table's \hline can't be drawn")
    width = max(len(row) for row in rows)
    for row in rows:
        for _ in range(width - len(row)):
            ElementTree.SubElement(ElementTree.SubElement(row, "mtd"), "mspace", width="0")
        for cell in row:
            style = cell.attrib.pop("style", "")
            align = re.search(r"text-align:\s*(left|right|center)", style)
            cell.set("columnalign", align[1] if align else "center")
    small = table.get("scriptlevel") == "1"
    first = max(styles, key=len)
    gaps = [_padding(first[left], "right") + _padding(first[left + 1], "left") for left in range(width - 1)]
    shrink = 0.5 if small else 1.0
    table.set("columnspacing", " ".join(_length(gap * shrink) for gap in gaps) or "0")
    table.set("rowspacing", _length(0.12 if small else 0.45 if table.get("displaystyle") == "true" else 0.3))
    rules = [column for column, style in enumerate(first[:-1]) if "border-right" in style]
    if rules:
        _split_at_rules(table, rows, rules, gaps)


def _padding(style: str, side: str) -> float:
    match = re.search(rf"padding-{side}:\s*([\d.]+)(?:em)?", style)
    return float(match[1]) if match else 0.5


def _split_at_rules(table: Element, rows: list[Element], rules: list[int], gaps: list[float]) -> None:
    """Tables side by side with a stretched bar between; an invisible copy of the whole row keeps their rows level."""
    parts: list[Element] = []
    starts = [0, *(column + 1 for column in rules)]
    for start, end in zip(starts, [*starts[1:], len(rows[0])], strict=True):
        part = Element("mtable", dict(table.attrib))
        part.set("columnspacing", " ".join(_length(gap) for gap in gaps[start : end - 1]) or "0")
        for row in rows:
            copied = Element("mtr")
            copied.extend(copy.deepcopy(cell) for cell in row[start:end])
            copied[0].insert(0, _shadow(row))
            part.append(copied)
        parts.append(part)
    table.tag = "mrow"
    table.attrib = {}
    for row in rows:
        table.remove(row)
    for number, part in enumerate(parts):
        if number:
            bar = Element("mo", stretchy="true", form="infix", lspace=_length(0.4), rspace=_length(0.4))
            bar.text = "|"
            table.append(bar)
        table.append(part)


def _shadow(row: Element) -> Element:
    flat = Element("mpadded", width="0")
    phantom = ElementTree.SubElement(flat, "mphantom")
    for cell in row:
        phantom.extend(copy.deepcopy(list(cell)))
    return flat
