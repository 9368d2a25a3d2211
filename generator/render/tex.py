r"""TeX as people write it -> TeX that the parser of print knows; Anki gets the TeX unchanged.

The parser (math-core) is strict, which is why we use it: an unknown macro, a missing argument or a brace too many is
an error with its place. A few things that LaTeX and MathJax know are spelt differently for it; they stand here.
"""

from __future__ import annotations

import re

MAX_LENGTH = 4_000
"""Characters of a formula that is drawn."""
MAX_DEPTH = 60
"""Nesting that is drawn; the parser is recursive and would end the process at some thousands."""
MAX_EXPANSIONS = 100
MAX_OWN_DEPTH = 8
"""Nesting in a formula with macros of its own: each expansion may nest as deep again, so 800 at most."""

MACROS = {
    "substack": r"\begin{subarray}{c}#1\end{subarray}",
    "widetilde": r"\tilde{#1}",  # stretched over more than one letter when drawn
    "mbox": r"\text{#1}",
    "hbox": r"\text{#1}",
    "textnormal": r"\text{#1}",
    "ensuremath": "{#1}",
    "pmb": r"\boldsymbol{#1}",
    "smash": "{#1}",
    "mathclap": "{#1}",
    "mathllap": "{#1}",
    "mathrlap": "{#1}",
    "intop": r"\int",
    "centerdot": r"\cdot",
    "hfill": r"\quad",
    "strut": "",
    "mathstrut": "",
    "allowbreak": "",
    "nobreakspace": "~",
    "lbrack": "[",
    "rbrack": "]",
}
"""Macros by what the parser knows; only the missing ones, so that an update of the parser changes nothing."""

ENVIRONMENTS = {
    "split": ("aligned", ""),
    "align": ("aligned", ""),
    "align*": ("aligned", ""),
    "alignat": ("aligned", ""),
    "alignat*": ("aligned", ""),
    "alignedat": ("aligned", ""),
    "equation": ("gathered", ""),
    "equation*": ("gathered", ""),
    "gather": ("gathered", ""),
    "gather*": ("gathered", ""),
    "multline": ("gathered", ""),
    "multline*": ("gathered", ""),
    "eqnarray": ("array", "{rcl}"),
    "eqnarray*": ("array", "{rcl}"),
    "smallmatrix": ("subarray", "{" + "c" * 20 + "}"),
}
"""Environment -> the one it is drawn as and that one's argument. Equation numbers are not drawn: MathJax in Anki has none."""

_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}(?:(?<=at\})\s*\{\d+\}|(?<=at\*\})\s*\{\d+\})?")
_TOKEN = re.compile(r"\\(?:begin|end|left|right)(?![A-Za-z])|\\[A-Za-z]+|\\.|[^\s\\]", re.DOTALL)
_WITH_ARGUMENT = re.compile(r"\\(text(?:rm|bf|it|sf|tt|up|normal)?|mbox|hbox|operatorname\*?)\s*(?=\{)")
_DEFINITION = re.compile(r"\\(?:[egx]?def|let|(?:re)?newcommand|providecommand|DeclareMathOperator|newenvironment)(?![A-Za-z])")
_DOLLAR = re.compile(r"(?<!\\)\$")
_SPACING = re.compile(r"\\[,:;!> ]|~")
_FONT_ONLY = re.compile(r"\\(?:mathrm|text|textrm|mathit|rm|sf|bf|mathsf|mathbf)(?![A-Za-z])|[{}]")


NOT_ON_CARDS = frozenset(
    (
        "Alpha Beta Chi Complex Dagger Epsilon Eta Iota Kappa Mu Nu Omicron Overrightarrow Reals Rho Tau Zeta alef "
        "alefsym angl approxcolon approxcoloncolon arcctg arctg argmax argmin bm bold bull clubs cnums coloncolon "
        "coloncolonapprox coloncolonequals coloncolonminus coloncolonsim colonequals colonminus copyright cosec cotg "
        "ctg cth dag darr ddag degree diamonds emph empty equalscolon equalscoloncolon erfc exist fint harr hearts "
        "image infin isin lBrace lang larr llbracket lrarr medspace minuscolon minuscoloncolon natnums notni oiiint "
        "oiint operatornamewithlimits overgroup overleftharpoon overrightharpoon phase plim plusmn pounds rBrace rang "
        "rarr ratio real reals rrbracket sect simcolon simcoloncolon spades sub sube supe thetasym thickspace uarr "
        "underbar undergroup vcentcolon weierp xlongequal xtofrom xtwoheadleftarrow xtwoheadrightarrow "
    ).split()
)
"""Macros that print knows and MathJax with Anki's packages does not: found by trying every macro of the parser with both."""


def unknown_on_cards(tex: str) -> str:
    """The first macro that a card would show in red, with its backslash; empty if there is none."""
    if _DEFINITION.search(tex):
        return ""  # it may be the author's own
    return next((f"\\{name}" for name in re.findall(r"\\([A-Za-z]+)", tex) if name in NOT_ON_CARDS), "")


def too_much(tex: str) -> str:
    """Why a formula is not even parsed (too long, nested too deeply); empty when it is fine."""
    if len(tex) > MAX_LENGTH:
        return f"it has {len(tex)} characters, more than {MAX_LENGTH}"
    limit = MAX_OWN_DEPTH if _DEFINITION.search(tex) else MAX_DEPTH
    return f"it is nested more than {limit} deep" if _depth(tex) > limit else ""


def _depth(tex: str) -> int:
    r"""The deepest nesting that TeX can mean: of groups, and of macros that take a macro (`\hat\hat\hat x`)."""
    open_groups: list[int] = []
    deepest = depth = chain = 0
    for match in _TOKEN.finditer(tex):
        token = match[0]
        if token in ("{", r"\left", r"\begin"):
            open_groups.append(chain + 1)
            depth += chain + 1
            chain = 0
        elif token in ("}", r"\right", r"\end"):
            depth -= open_groups.pop() if open_groups else 0
            chain = 0
        elif len(token) > 1 or token in _TAKE_ONE:
            chain += token in _TAKE_ONE
        else:
            chain = 0
        deepest = max(deepest, depth + chain)
    return deepest


_TAKE_ONE = {"^", "_"} | {
    rf"\{name}"
    for name in (
        "sqrt hat bar tilde vec dot ddot dddot check breve acute grave mathring widehat widetilde overline underline "
        "overbrace underbrace overbracket underbracket overleftarrow overrightarrow overleftrightarrow "
        "mathbf mathrm mathbb mathcal mathit mathsf mathtt mathfrak mathscr boldsymbol bm pmb text textbf textit textrm "
        "boxed fbox phantom hphantom vphantom smash cancel bcancel xcancel mathop mathrel mathbin mathord mathopen mathclose "
        "mathpunct mathinner not frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel operatorname substack "
        "xrightarrow xleftarrow mod pmod bmod raisebox textcolor color"
    ).split()
}


_SPELLINGS = (
    (re.compile(r"(\\(?:left|right|middle|[bB]igg?[lrm]?))\s*<"), r"\1\\langle "),
    (re.compile(r"(\\(?:left|right|middle|[bB]igg?[lrm]?))\s*>"), r"\1\\rangle "),
    (re.compile(r"\\hspace\*"), r"\\hspace"),
    (re.compile(r"\}[^\S\n]*\\limits(?![A-Za-z])"), "}"),  # of a \mathop, which takes limits anyway
    (re.compile(r"\\tag\*?\s*\{([^{}]*)\}"), r"\\qquad\\text{(\1)}"),
    (re.compile(r"\\label\s*\{[^{}]*\}"), ""),
    (re.compile(r"(\\begin\{array\}\{[^{}@]*)@\{[^{}]*\}([^{}@]*)(?:@\{[^{}]*\})?(?=\})"), r"\1\2"),
)
"""Spellings that LaTeX takes and the parser does not, as it takes them."""


def normalise(tex: str) -> str:
    r"""TeX with environments, `\operatorname` and formulas inside `\text` as the parser wants them; no line moves."""
    for pattern, spelling in _SPELLINGS:
        tex = pattern.sub(spelling, tex)
    return _arguments(_ENVIRONMENT.sub(_environment, tex))


def _environment(match: re.Match[str]) -> str:
    name, argument = ENVIRONMENTS.get(match[2], (match[2], ""))
    if match[2] not in ENVIRONMENTS:
        return match[0]
    lines = "\n" * match[0].count("\n")
    return f"\\{match[1]}{{{name}}}{argument if match[1] == 'begin' else ''}{lines}"


def _arguments(tex: str) -> str:
    done, at = [], 0
    while (match := _WITH_ARGUMENT.search(tex, at)) is not None:
        end = _group_end(tex, match.end())
        if end < 0:  # unbalanced: the parser says where
            break
        body = tex[match.end() + 1 : end]
        done += [tex[at : match.start()], _operator(match[1], body) if match[1].startswith("op") else _text(match[1], body)]
        at = end + 1
    return "".join([*done, tex[at:]])


def _group_end(tex: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return -1


def _text(macro: str, body: str) -> str:
    r"""`\text{if $x$ is}` as text, formula, text."""
    pieces = _DOLLAR.split(body)
    if len(pieces) % 2 == 0 or len(pieces) == 1:
        return f"\\{macro}{{{body}}}"
    return "".join(
        f"{{{_arguments(piece)}}}" if number % 2 else f"\\{macro}{{{piece}}}" for number, piece in enumerate(pieces) if piece
    )


def _operator(macro: str, body: str) -> str:
    r"""An operator's name, which may only be letters and spaces for the parser; anything else becomes a `\mathop`."""
    name = body if "\\" not in _SPACING.sub("", body) else _FONT_ONLY.sub("", body).strip()
    if "\\" not in _SPACING.sub("", name):
        return f"\\{macro}{{{name}}}"
    return f"\\mathop{{{body}}}" if macro.endswith("*") else f"{{{body}}}"
