"""What must hold for any text at all, tried on many: arbitrary characters mixed with pieces of Markdown, HTML and TeX."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.check import RULES, check
from generator.config import Config
from generator.markup.math_spans import put_aside
from generator.markup.placeholders import CLOSE, MARK_CLOSE, MARK_OPEN, OPEN, RESERVED, TOKEN, token, without_reserved
from generator.model import EMPTY_SURVEY, Bank, KeyPoint, Part, Place, Question
from generator.read import read_bank
from generator.render.anki_html import anki_html
from generator.render.markdown import Rendered, to_html
from generator.render.media import MediaStore
from generator.render.question import QuestionHtml, render_question
from generator.render.sanitise import ATTRIBUTES, TAGS

few = settings(max_examples=150, derandomize=True, deadline=None, database=None)

PIECES = r"""
# ¦ ## ¦ ### Why? {#why} ¦ ### So {#so .t kind=design} ¦ #### Key points ¦ #### Sources ¦ {#x} ¦ {#} ¦ --- ¦ === ¦ ----
- ¦ * ¦ 1. ¦ 3) ¦ > ¦ > [!NOTE] ¦ - [ ] ¦ - [x] ¦ ``` ¦ ```python ¦ ```math ¦ ~~~ ¦ ` ¦ `` ¦ \ ¦ : ¦ ; ¦ &
* ¦ ** ¦ _ ¦ __ ¦ ~~ ¦ == ¦ ==m== ¦ ==m|h== ¦ [ ¦ ] ¦ ( ¦ ) ¦ [a](b) ¦ [a] ¦ [a]: b ¦ ![a](b) ¦ [^1] ¦ [^1]: n
$ ¦ $$ ¦ $x$ ¦ $a_b$ ¦ $5 ¦ \( ¦ \) ¦ \[ ¦ \] ¦ | ¦ | a | b | ¦ |---|---| ¦ &amp; ¦ &#960; ¦ &#x10FF00; ¦ &#1114883; ¦ &lt
< ¦ > ¦ <b> ¦ </b> ¦ <br> ¦ <!-- ¦ --> ¦ <details> ¦ </details> ¦ <summary> ¦ <div> ¦ <table> ¦ <td ¦ <pre> ¦ <code> ¦ </code>
<script> ¦ </script> ¦ <script>alert(1)</script> ¦ <img src=x onerror=alert(1)> ¦ <a href="javascript:alert(1)">
[a](javascript:alert(1)) ¦ ![a](javascript:x) ¦ <a href="jav&#x09;ascript:x"> ¦ [a](data:text/html,x) ¦ <style> ¦ <iframe>
<svg onload=x()> ¦ ![$" onerror="alert(1)" x="$](a.svg) ¦ [a](https://a.example/$" onclick="alert(1)$) ¦ onclick= ¦ style="x"
<math> ¦ <path> ¦ <https://a.example> ¦ https://a.example/x_y ¦ www.a.example ¦ {{ x }} ¦ {{c1::x}} ¦ {% x %} ¦ [sound:x]
word ¦ two words ¦ é ¦ 文字 ¦ 0 ¦ 60
"""
pieces = st.sampled_from([piece for line in PIECES.strip().split("\n") for piece in line.split(" ¦ ")])
glue = st.sampled_from(
    ["", "", " ", "\n", "\n", "\n\n", "\n  ", "\n    ", "\t", "\n> ", "\n- ", "\r\n", "\x0b", "\u2028", "\x00"]
)
snippets = st.one_of(pieces, pieces, pieces, st.text(max_size=8))
texts = st.lists(st.tuples(snippets, glue), max_size=30).map(lambda pairs: "".join(word + gap for word, gap in pairs))
plain_texts = texts.map(without_reserved)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder with an image, for the whole module."""
    content = tmp_path_factory.mktemp("content")
    (content / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    return content


def read(folder: Path, data: bytes) -> Bank:
    """The bank of a file with these bytes."""
    path = folder / "questions.md"
    path.write_bytes(data)
    return read_bank([path], folder, Config())


def render(folder: Path, text: str) -> list[Rendered]:
    """Every rendered piece of a question that holds the text wherever a text can stand."""
    place = Place("questions.md", 1)
    part = Part(text, text, place)
    question = Question(
        id="x",
        text=text,
        place=place,
        sections=(text,),
        short=part,
        body=part,
        key_points=(KeyPoint(text, place),),
        key_point_text=part,
        graded=part,
        answer=(part,),
        follow_ups=part,
        sources=part,
        definitions=text,
    )
    return all_pieces(render_question(question, MediaStore(folder)))


def all_pieces(html: QuestionHtml) -> list[Rendered]:
    """What a rendered question consists of."""
    parts = [piece for part in html.answer for piece in (part.title, part.html)]
    points = [point.html for point in html.key_points]
    return [html.title, html.short, html.body, *points, html.key_point_text, html.graded, *parts, html.follow_ups, html.sources]


# --- nothing is too odd to be read and rendered ----------------------------------------------------------


@few
@given(data=st.one_of(texts.map(str.encode), st.binary(max_size=60)))
def test_any_file_is_read_without_an_exception(folder: Path, data: bytes) -> None:
    bank = read(folder, data)
    assert bank.slug
    assert all(problem.message and problem.remedy for problem in bank.problems)


@few
@given(data=texts.map(str.encode))
@example(data=b"1. a?\n\n```\n2. b?\n```\n\n3. c?\n4. **d?\n")
@example(data=b"## a?\n\n####### b?\n\n##c?\n<!-- d\n\n## e?")
def test_any_file_is_checked_without_an_exception_and_findings_stand_in_it(folder: Path, data: bytes) -> None:
    bank = read(folder, data)
    codes = {rule.code: rule.severity for rule in RULES}
    lines = re.sub("\r\n?", "\n", data.decode()).count("\n") + 1
    for problem in check(bank, EMPTY_SURVEY, Config()):
        assert 0 <= problem.place.line <= lines
        assert problem.severity is codes[problem.code]
        assert problem.message
        assert problem.remedy


@few
@given(text=texts, asking=st.sampled_from(["Why", "Latent space", "1. What", "Q3: How"]))
def test_any_question_and_answer_is_checked_without_an_exception(folder: Path, text: str, asking: str) -> None:
    source = "\n\n".join(f"## {asking} {number}{mark}\n\n{text}" for number, mark in enumerate(("?", ":", "** ")))
    bank = read(folder, source.encode())
    found = check(bank, EMPTY_SURVEY, Config())
    assert set(bank.problems) <= set(found)


@few
@given(text=plain_texts)
@example(text="[^1]: n\n    [^1]: n")
@example(text="[^1]\n\n[^1]: n\n\n    [^2]: inner [^1]")
def test_any_text_is_rendered_wherever_it_stands(folder: Path, text: str) -> None:
    for piece in render(folder, text):
        numbers = [int(number) for kind, number in TOKEN.findall(piece.html) if kind == "m"]
        assert all(number < len(piece.math) for number in numbers)
        assert all(kind == "m" for kind, _ in TOKEN.findall(piece.html))


REPEATED = {
    "quotes": ">" * 2000 + "a",
    "lists": "- " * 2000 + "a",
    "list levels": "\n".join("  " * level + "- a" for level in range(200)),
    "stars": "*" * 2000 + "a" + "*" * 2000,
    "emphasis": "*a **b " * 500,
    "brackets": "[" * 500 + "a" + "](b)" * 500,
    "backticks": " ".join("`" * length for length in range(1, 100)),
    "tags": "<b>" * 2000,
    "blocks": "<div>" * 2000 + "\n",
    "details": "<details>\n\n" * 300,
    "dollars": "$" * 2001,
    "open formulas": "$a " * 2000,
    "marks": "==a " * 2000,
    "backslashes": "\\" * 3001,
    "ampersands": "&amp" * 2000,
    "pipes": "|" * 2000 + "\n" + "|-" * 1000 + "|",
    "footnotes": "[^0]\n\n" + "\n".join(f"[^{number}]: a[^{number + 1}]" for number in range(200)),
}


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_text_that_repeats_itself_without_end_is_read_and_rendered(folder: Path, text: str) -> None:
    bank = read(folder, f"### Why? {{#why}}\n\n{text}\n".encode())
    assert [question.id for question in bank.questions] == ["why"]
    assert to_html(text).html


# --- nothing dangerous survives --------------------------------------------------------------------------

FORBIDDEN = frozenset(
    "script style iframe frame object embed svg math form input button link meta base template textarea".split()
)
OURS = {"id", "class", "data-language", "data-hint", "width"}
"""Attributes that we put on ourselves."""


class Audit(HTMLParser):
    """Collects whatever a browser would run or load and must not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = ATTRIBUTES.get(tag, set()) | OURS
        if tag in FORBIDDEN or tag not in TAGS:
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name, _ in attrs if name.startswith("on") or name not in allowed]
        for name, value in attrs:
            scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", value or "", re.IGNORECASE)
            if name in ("href", "src") and scheme and scheme[1].lower() not in ("http", "https", "mailto"):
                self.found.append(f"{tag} {name}={value}")


HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">a</a> <a href="JaVaScRiPt:alert(1)">b</a> <a href="&#106;avascript:alert(1)">c</a>',
    "[a](javascript:alert(1)) [b](<java\tscript:alert(1)>) <javascript:alert(1)> [c][d]\n\n[d]: vbscript:x",
    "![a](javascript:alert(1)) ![b](data:image/svg+xml;base64,AAAA) ![c](a.svg)",
    '<details ontoggle="alert(1)" open>\n\n<summary onclick=x>a</summary>\n\n</details>',
    '![$" onerror="alert(1)" x="$](a.svg) ![a](a.svg "$" onerror="alert(1)" x="$")',
    '[$a$](https://a.example/$" onclick="alert(1)$ "t")',
    '[a](https://a.example "$" onclick="alert(1)" x="$")',
    '<a href="https://a.example" title="&#x10FF00;m0&#x10FF01;">a</a> $" onclick="alert(1)" x="$',
    '<img alt="&#1114880;k0&#1114881;" src="a.svg">\n\n```\n"><script>alert(1)</script>\n```',
    "```html\n<script>alert(1)</script>\n```",
    '``` "onclick=alert(1)\nx\n```',
    "$<script>alert(1)</script>$ and $$<img src=x onerror=alert(1)>$$",
    "==<script>alert(1)</script>|<img src=x onerror=alert(1)>==",
    "[^a]\n\n[^a]: <script>alert(1)</script>",
    '<!-- --><p style="background:url(javascript:x)">a</p> <b/onmouseover=alert(1)>b',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing_on_a_card(folder: Path, text: str) -> None:
    for piece in render(folder, text):
        assert Audit(anki_html(piece)).found == []


@few
@given(text=plain_texts)
def test_nothing_that_a_browser_would_run_survives(folder: Path, text: str) -> None:
    for piece in render(folder, text):
        assert Audit(anki_html(piece)).found == []


def test_the_audit_sees_what_it_looks_for() -> None:
    assert Audit("<p>javascript: onclick=</p>").found == []
    assert Audit('<script>x</script><b onclick="x">y</b><a href=" javascript:x">z</a>').found == [
        "<script>",
        "b onclick",
        "a href= javascript:x",
    ]


# --- lines are true --------------------------------------------------------------------------------------

closed_blocks = st.sampled_from(
    [
        "Text.",
        "Two\nlines.",
        "- a\n  - b\n- c",
        "```python\n### x {#y}\n```",
        "~~~\n\n$$\n~~~",
        "$$\na\n+ b\n$$",
        "so $a +\nb$ and \\[\nc\n\\]",
        "> $$\n> a\n> $$",
        "| a | b |\n|---|---|\n| $x$ | 2 |",
        "<details>\n<summary>S</summary>\n\nText\n\n</details>",
        "<!-- a\n\ncomment -->",
        "[a]: https://a.example\n  'title'",
        "[^1]: a\n\n    b",
        "#### Key points\n\n- $x$ ==y==\n- z",
        "a\x0bb\x0cc\u2028d\x85e\x1ef",
        "\tcode",
        "costs $5\nand $6",
        "",
    ]
)


@few
@given(bodies=st.lists(st.lists(closed_blocks, max_size=4), min_size=1, max_size=6), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_question_between_whole_blocks_is_found_on_its_line(folder: Path, bodies: list[list[str]], end: str) -> None:
    blocks = [block for number, body in enumerate(bodies) for block in (f"### Q{number}? {{#q-{number}}}", *body)]
    lines = "\n\n".join(blocks).split("\n")
    bank = read(folder, end.join(lines).encode())
    expected = [(f"q-{number}", lines.index(f"### Q{number}? {{#q-{number}}}") + 1) for number in range(len(bodies))]
    assert [(question.id, question.place.line) for question in bank.questions] == expected


@few
@given(noise=st.lists(texts.map(lambda text: text.replace("\r", "\n")), min_size=1, max_size=5))
def test_a_question_between_anything_is_on_its_line_if_it_is_found(folder: Path, noise: list[str]) -> None:
    source = "\n".join(f"### Q{number}? {{#q-{number}}}\n{text}" for number, text in enumerate(noise))
    lines = source.split("\n")
    for question in read(folder, source.encode()).questions:
        if question.id.startswith("q-"):
            assert lines[question.place.line - 1] == f"### {question.text} {{#{question.id}}}"
        for part in question.parts():
            assert 1 <= part.place.line <= len(lines)


# --- formulas and tokens ---------------------------------------------------------------------------------


@few
@given(text=plain_texts)
@example(text="> $$\n> a\n> $$ $x$\n\t$b\n  c$")
def test_formulas_that_were_put_aside_come_back(text: str) -> None:
    aside = put_aside(text)
    assert aside.restore(aside.text) == text


@few
@given(text=plain_texts)
@example(text="a\x0bb\u2028c\x85d\n\n$x$")
def test_putting_formulas_aside_keeps_the_number_of_lines(text: str) -> None:
    aside = put_aside(text)
    assert aside.text.count("\n") == text.count("\n")
    for number, span in enumerate(aside.spans):
        assert token("m", number) in aside.text.split("\n")[span.line]


FORGED = [token(kind, number) for kind in "mckhbet" for number in (0, 1)] + [OPEN, CLOSE, MARK_OPEN, MARK_CLOSE]


@few
@given(forged=st.lists(st.sampled_from(FORGED), min_size=1, max_size=4), glue=st.sampled_from(["", " ", "\n\n", "`", "$"]))
def test_our_private_characters_are_taken_off_on_reading(folder: Path, forged: list[str], glue: str) -> None:
    text = f"$x$ `c` <b>h</b> {glue.join(forged)}{glue}\n\n```\nk\n```"
    (question,) = read(folder, f"### {forged[0]}Why? {{#why}}\n\n{text}\n".encode()).questions
    assert question.short
    assert not RESERVED.search(question.text)
    assert question.short.markdown == "".join("\ufffd" if RESERVED.match(character) else character for character in text)


@pytest.mark.parametrize("form", ["&#{};", "&#x{:x};", "&#X{:X};", "&#00{};", "&#{}"])
@pytest.mark.parametrize("forged", [token("m", 0), token("k", 0), token("h", 0), MARK_OPEN, MARK_CLOSE], ids=list("mkh<>"))
def test_our_private_characters_cannot_be_written_as_entities(forged: str, form: str) -> None:
    written = RESERVED.sub(lambda match: form.format(ord(match[0])), forged)
    html = to_html(f"$x$ `c` <b title='{written}'>{written}</b> [{written}](https://a.example/{written})\n\n```\nk\n```").html
    assert TOKEN.findall(html) == [("m", "0")]
    assert not RESERVED.search(TOKEN.sub("", html))
    assert html.count("<pre") == 1
    assert "mark>" not in html
