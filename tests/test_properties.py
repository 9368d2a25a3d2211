"""What must hold for any text at all, tried on many: arbitrary characters mixed with pieces of Markdown, HTML and TeX."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.config import Config
from generator.markup.math_spans import put_aside
from generator.markup.placeholders import CLOSE, MARK_CLOSE, MARK_OPEN, OPEN, RESERVED, TOKEN, token, without_reserved
from generator.model import Bank, KeyPoint, Part, Place, Question
from generator.read import read_bank
from generator.render.anki_html import anki_html
from generator.render.markdown import Rendered, to_html
from generator.render.media import MediaStore
from generator.render.question import QuestionHtml, render_question
from generator.render.sanitise import ATTRIBUTES, TAGS

few = settings(max_examples=150, derandomize=True, deadline=None, database=None)

PIECES = """
# | ## | ### Why? {#why} | ### So {#so .t kind=design} | #### Key points | #### Sources | {#x} | {#} | - | * | 1. | 3) |   |     |
> | > [!NOTE] | - [ ] | - [x] | ``` | ```python | ~~~ | ` | `` | ``` math | $ | $$ | $x$ | $a_b$ | $5 | \\( | \\) | \\[ | \\] | \\ |
* | ** | _ | __ | ~~ | == | ==m== | ==m\\|h== | [ | ] | ( | ) | [a](b) | [a] | [a]: b | ![a](b) | [^1] | [^1]: n | <https://a.example> |
https://a.example/x_y | www.a.example | \\| | \\| a \\| b \\| | \\|---\\|---\\| | --- | === | ---- | : | ; | & | &amp; | &#960; | &#x10FF00; | &lt |
< | > | <b> | </b> | <br> | <!-- | --> | <details> | </details> | <summary> | <div> | <table> | <td | <pre> | <code> | </code> |
<script> | </script> | <script>alert(1)</script> | <img src=x onerror=alert(1)> | <a href="javascript:alert(1)"> | <svg onload=x()> |
[a](javascript:alert(1)) | ![a](javascript:x) | <a href="jav&#x09;ascript:x"> | [a](data:text/html,x) | <style> | <iframe> | <math> | <path> |
onclick= | style="x" | {{ x }} | {{c1::x}} | {% x %} | [sound:x] | word | two words | é | 文字 | 0 | 60
"""
pieces = st.sampled_from([piece.strip(" \n").replace("\\|", "|") for piece in re.split(r"(?<!\\)\|", PIECES) if piece.strip()])
glue = st.sampled_from(["", "", " ", "\n", "\n", "\n\n", "\n  ", "\n    ", "\t", "\n> ", "\n- ", "\r\n", "\x0b", "\u2028", "\x00"])
snippets = st.one_of(pieces, pieces, pieces, st.text(max_size=8))
texts = st.lists(st.tuples(snippets, glue), max_size=30).map(lambda pairs: "".join(word + gap for word, gap in pairs))
plain_texts = texts.map(without_reserved)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder for the whole module."""
    return tmp_path_factory.mktemp("content")


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
