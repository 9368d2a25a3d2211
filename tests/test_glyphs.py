"""Characters in print: symbols, arrows and Greek have glyphs, what has none is replaced and named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from generator.glyphs import BOX, SIGNS, describe, missing, printable, printable_html
from tests.conftest import DECK, Decks, Write
from tests.test_pdf import dense, lines_of

PRINTED = "αβγΔΩ ∈ℝ∑∫∂∇≤≥≠≈∞√ ←→⇒⇔↦⟶ ⟨x⟩⌊x⌋ 𝒪𝔼 ✓✗☐☑ ①Ⓐ ─│└█▁ ½€₹ Привет"
LACKING = "🚀🧠中한ह"


def test_symbols_arrows_greek_and_cyrillic_are_all_there() -> None:
    assert missing(PRINTED) == ()
    assert printable(PRINTED) == PRINTED


def test_what_no_font_has_is_found_once_in_its_order() -> None:
    assert missing("a 🚀 b 中 c 🚀") == ("🚀", "中")
    assert [printable(sign) for sign in LACKING] == [BOX] * len(LACKING)


@pytest.mark.parametrize("sign", SIGNS)
def test_an_emoji_with_a_plain_sign_becomes_one_that_is_there(sign: str) -> None:
    assert missing(sign) == ()
    assert missing(SIGNS[sign]) == ()
    assert printable(f"a {sign} b") == f"a {SIGNS[sign]} b"


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("✅ done", "✔ done"),
        ("⚠️ care", "⚠ care"),
        ("👩‍💻 she", "□ she"),
        ("👍🏽 ok", "□ ok"),
        ("1️⃣ one", "1 one"),
        ("می\u200dخوا", "می\u200dخوا"),
        ("soft­hyphen, zero\u200bwidth, a\u00a0b", "soft­hyphen, zero\u200bwidth, a\u00a0b"),
        ("&#128640; &#x2192; &amp; &#38;", "□ → &amp; &#38;"),
        ("plain", "plain"),
    ],
)
def test_a_text_is_made_printable(text: str, becomes: str) -> None:
    assert printable(text) == becomes


def test_in_html_only_what_is_drawn_changes() -> None:
    page = '<title>中</title><h2 data-title="🚀 x" data-label="🚀" id="中"><img alt="中" src="中.png"> 中 ✅</h2>'
    assert printable_html(page) == (
        '<title>中</title><h2 data-title="□ x" data-label="□" id="中"><img alt="中" src="中.png"> □ ✔</h2>'
    )


def test_a_character_is_described_by_sign_name_and_number() -> None:
    assert describe("🚀") == "🚀 (rocket, U+1F680)"
    assert describe("中") == "中 (U+4E2D)"


BANK = """\
# Net

### What runs? {#a}

A 🚀 → B, if α ∈ ℝ, ✅.

#### In depth

```text
x ← 中 🧠 한
```

### And $中$ there? {#b}

Nothing odd: `λ x → y`, [a](https://example.org/中), $\\text{Straße}$.

### Why? {#c}

<details><summary>More 日</summary>

Text.

</details>
"""


def test_the_check_names_each_question_once_with_file_and_line(write: Write, decks: Decks) -> None:
    write({"content/deck.toml": DECK, "content/10-a.md": BANK})
    rows = [row for row in json.loads(decks("check", "--format", "json").out) if row["code"] in ("glyph", "formula")]
    assert [(row["code"], row["file"], row["line"], row["severity"]) for row in rows] == [
        ("glyph", "content/10-a.md", 5, "warning"),
        ("formula", "content/10-a.md", 13, "warning"),
        ("glyph", "content/10-a.md", 19, "warning"),
    ]
    assert "🚀 (rocket, U+1F680), 中 (U+4E2D), 🧠 (brain, U+1F9E0) and 1 more" in rows[0]["message"]
    assert "no glyph for 中 (U+4E2D)" in rows[1]["message"]


def test_the_rule_can_be_switched_off(write: Write, decks: Decks) -> None:
    write({"content/deck.toml": f'{DECK}[check]\noff = ["glyph"]\n', "content/10-a.md": BANK})
    assert "glyph" not in {row["code"] for row in json.loads(decks("check", "--format", "json").out)}


def test_the_pdf_holds_no_character_without_a_glyph(write: Write, decks: Decks) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text x="1" y="15">中 ∑</text></svg>'
    folder = write(
        {
            "content/deck.toml": DECK,
            "content/images/x.svg": drawing,
            "content/10-a.md": f"{BANK}\n![A sum](images/x.svg)\n\n`{PRINTED}`\n\n**{PRINTED}**\n\n{PRINTED}\n",
        }
    )
    assert decks("build", "--only", "pdf").code == 0
    [path] = Path(folder / "output" / "pdf").glob("study-guide.pdf")
    with pikepdf.open(path) as pdf:
        text = dense("".join("".join(lines_of(page)) for page in pdf.pages))
    assert {sign for sign in f"{LACKING}日✅" if sign in text} == set()
    assert text.count(dense(PRINTED)) == 3
    assert dense("A □ → B, if α ∈ ℝ, ✔.") in text
    assert "□∑" in text
