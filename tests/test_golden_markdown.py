"""Every case of golden/markdown.md: its exact HTML, the structure that GitHub sees, and Python-Markdown's own work."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import cmarkgfm  # type: ignore[import-untyped]
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]

from generator.markup.math_spans import put_aside
from generator.markup.placeholders import TOKEN, without_fill
from generator.render import markdown
from generator.render.markdown import EXTENSIONS, inline_html, skeleton, to_html
from tests.golden import Case, read_cases

CASES = read_cases("markdown.md")
DIFFERS = re.compile(r" \(differs from GitHub: [^)]+\)$")
BLOCKS = "blockquote|br|details|div|h[1-6]|hr|li|ol|p|pre|summary|table|tbody|td|th|thead|tr|ul"
OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES

each_case = pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])


def tidy(html: str) -> str:
    """HTML without the blanks and line ends that no reader can see; what stands in `<pre>` is left alone."""
    pieces = re.split(r"(<pre\b.*?</pre>)", html, flags=re.DOTALL)
    for number in range(0, len(pieces), 2):
        text = re.sub(r"[ \t\n]+", " ", pieces[number])
        pieces[number] = re.sub(rf" ?(</?(?:{BLOCKS})\b[^>]*>) ?", r"\1", text).strip(" ")
    return "".join(pieces)


def readable(html: str) -> str:
    """HTML whose formula tokens are written as golden/markdown.md has them: «m0»."""
    return TOKEN.sub(lambda match: f"«{match[1]}{match[2]}»", html)


class Addresses(HTMLParser):
    """Collects the web addresses of links, and the sources and alternative texts of images."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img":
            self.found.append(f"{values.get('src')}|{values.get('alt')}")
        elif tag == "a" and (values.get("href") or "").startswith(("http:", "https:", "mailto:")):
            self.found.append(str(values["href"]))


def what_a_reader_sees(html: str) -> tuple[tuple[str, ...], list[str]]:
    """Structure, words, link addresses and images."""
    return skeleton(html), Addresses(html).found


def by_github(source: str) -> str:
    """What GitHub's library makes of Markdown whose formulas are put aside, with our way of boxes, marks and footnotes."""
    html = without_fill(cmarkgfm.github_flavored_markdown_to_html(put_aside(source).text, options=OPTIONS))
    html = html.replace('<input type="checkbox" disabled="" />', "☐").replace(
        '<input type="checkbox" checked="" disabled="" />', "☑"
    )
    return re.sub(r'<a href="#fnref[^>]*>.*?</a>', "", html)


def by_us(source: str) -> str:
    """Our HTML, as far as it must show what GitHub shows."""
    html = to_html(source).html
    html = re.sub(r'(&nbsp;)?<a href="#fnref[^>]*>.*?</a>', "", html)
    html = re.sub(r' id="fn[^"]*"', "", html)  # else `skeleton` leaves footnotes out
    return re.sub("</?mark[^>]*>", "==", html) if "==" in source else html


@each_case
def test_the_html_is_exactly_as_expected(case: Case) -> None:
    html = readable(to_html(case.source).html)
    assert tidy(html) == tidy(case.expected), f"\n{html}"


@each_case
def test_python_markdown_itself_made_the_html(case: Case) -> None:
    assert to_html(case.source).agreed


@pytest.mark.parametrize("case", [case for case in CASES if not DIFFERS.search(case.title)], ids=lambda case: case.title)
def test_github_shows_the_same(case: Case) -> None:
    assert what_a_reader_sees(by_us(case.source)) == what_a_reader_sees(by_github(case.source))


@pytest.mark.parametrize("case", [case for case in CASES if DIFFERS.search(case.title)], ids=lambda case: case.title)
def test_a_case_said_to_differ_from_github_does_differ(case: Case) -> None:
    assert what_a_reader_sees(by_us(case.source)) != what_a_reader_sees(by_github(case.source))


@pytest.mark.parametrize("name", EXTENSIONS)
def test_each_extension_is_named_by_a_case_that_needs_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case for case in CASES if f"({name})" in case.title]
    before = [to_html(case.source) for case in cases]
    monkeypatch.setattr(markdown, "EXTENSIONS", {other: EXTENSIONS[other] for other in EXTENSIONS if other != name})
    markdown._converter.cache_clear()
    try:
        without = [to_html(case.source) for case in cases]
    finally:
        markdown._converter.cache_clear()
    assert cases
    assert all(old != new for old, new in zip(before, without, strict=True))


def test_the_comparison_sees_structure_words_and_addresses() -> None:
    seen = Counter(
        what_a_reader_sees(html)[0] + tuple(what_a_reader_sees(html)[1])
        for html in (
            "<p>a</p>",
            "<p>b</p>",
            "<ul><li>a</li></ul>",
            "<p><em>a</em></p>",
            '<p><a href="https://a.example">a</a></p>',
            '<p><a href="https://b.example">a</a></p>',
            '<p><img src="a.png" alt="a"></p>',
        )
    )
    assert max(seen.values()) == 1


def test_a_footnote_shows_only_where_it_is_referred_to() -> None:
    notes = "[^1]: The note."
    assert to_html("Short.", notes).html == "<p>Short.</p>"
    assert "The note." in to_html("Long[^1].", notes).html


def test_definitions_given_apart_serve_the_text() -> None:
    html = to_html("See [the paper][p].", "[p]: https://a.example").html
    assert html == '<p>See <a href="https://a.example">the paper</a>.</p>'


def test_one_paragraph_is_rendered_inline_without_its_tags() -> None:
    assert inline_html("Why **now**?").html == "Why <strong>now</strong>?"
    assert inline_html("See [p] and[^1].", "[p]: https://a.example\n\n[^2]: Other.").html == (
        'See <a href="https://a.example">p</a> and[^1].'
    )


def test_several_blocks_stay_blocks_when_rendered_inline() -> None:
    assert inline_html("One\n\nTwo").html == "<p>One</p>\n<p>Two</p>"


def test_the_formulas_come_along_in_the_order_of_their_tokens() -> None:
    rendered = to_html("$b$ then\n\n```math\nc\n```\n\nand $$a$$")
    found = [rendered.math[int(number)].tex for _, number in TOKEN.findall(rendered.html)]
    assert found == ["b", "c", "a"]
    assert [span.display for span in sorted(rendered.math, key=lambda span: span.tex)] == [True, False, True]
