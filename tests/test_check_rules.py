"""Rules of `decks check` on questions, links, images and tables: each finds its case, and nothing beside it."""

from __future__ import annotations

import json

import pytest

from tests.conftest import DECK, Decks, Write

CASES = {
    "near-duplicate": (
        "### What is the role of a load balancer? {#a}\n\nIt spreads requests.\n\n"
        "### What is the role of the load balancer? {#b}\n\nTo spread.\n\n### What is a proxy? {#c}\n\nA stand-in.\n",
        [7],
    ),
    "alike-facts": (
        "### Why ports? {#a}\n\nTo tell services apart.\n\n#### Key points\n\n- HTTP servers listen on ==80== by default.\n"
        "- HTTPS servers listen on ==443== by default.\n- Names are resolved by ==DNS==.\n",
        [10],
    ),
    "dead-link": (
        "### Where is it? {#a}\n\nSee [here](notes/gone.md), [there](10-a.md), [web](https://example.org/x) and [me](#a).\n",
        [5],
    ),
    "blob-image": (
        "### How does it look? {#a}\n\nLike ![this](https://github.com/o/r/blob/main/x.png) and "
        "![that](https://github.com/o/r/blob/main/x.png?raw=true).\n",
        [5],
    ),
    "bare-number": (
        "### How large is it? {#a}\n\nOf $80$ GB take $n = 5$.\n\n- Gain $-0.8$.\n\n"
        "Prices: $5, $6 and US$7; $5$6 and `$9$` of $ 3$.\n",
        [5, 7],
    ),
    "wide-row": (
        "### What is in it? {#a}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| `x | y` | 2 |\n| `x \\| y` | 2 |\n",
        [8],
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_the_rule_finds_its_case_and_nothing_beside_it(code: str, write: Write, decks: Decks) -> None:
    text, lines = CASES[code]
    write({"content/deck.toml": DECK, "content/10-a.md": f"# Net\n\n{text}"})
    found = [row for row in json.loads(decks("check", "--format", "json").out) if row["code"] == code]
    assert [(row["file"], row["line"], row["severity"]) for row in found] == [
        ("content/10-a.md", line, "warning") for line in lines
    ]
    assert all(row["message"] and row["remedy"] for row in found)


@pytest.mark.parametrize("code", CASES)
def test_the_rule_can_be_switched_off(code: str, write: Write, decks: Decks) -> None:
    text, _ = CASES[code]
    write({"content/deck.toml": f'{DECK}[check]\noff = ["{code}"]\n', "content/10-a.md": f"# Net\n\n{text}"})
    assert code not in {row["code"] for row in json.loads(decks("check", "--format", "json").out)}
