"""The charts of the introduction: right numbers in words, letters of every script, the same drawing in every process."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from generator.render.typography import typographic
from tests.conftest import Decks, Write
from tests.test_pdf import listed

BANK = {
    "content/deck.toml": 'bank = "demo"\ntitle = "Demo"\n',
    "content/a.md": "# Apples & <pears> $x$\n\n"
    + "".join(f"### What is apple {n}? {{#a-{n} likelihood={n * 10}}}\n\nA fruit.\n\n" for n in range(1, 10)),
    "content/b.md": "# 部分 🚀\n\n### What is one? {#b-1 likelihood=80}\n\nA number.\n\n",
}


def alts_of(path: Path) -> list[str]:
    """What the charts of a guide say in words, in the order of their pages."""
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        found = [(pages[figure.Pg.objgen], str(figure.get("/Alt", ""))) for figure in figures]
    return [alt for _, alt in sorted(found) if re.match("Questions in each part|Likelihood of the questions", alt)]


def test_the_charts_of_the_real_guide_say_what_the_list_says(built_content: Path) -> None:
    questions = listed(built_content)
    cover, bands, sections = alts_of(built_content / "output" / "pdf" / "study-guide.pdf")
    assert cover == bands
    counts = [int(count) for count in re.findall(r" (\d+)[,.]", bands)]
    assert counts == list(Counter(one["band"] for one in questions).values())
    for name in {one["sections"][0] for one in questions}:
        values = [100 * one["likelihood"] for one in questions if one["sections"][0] == name]
        row = f"{typographic(name, 'en')} {statistics.median(values):.0f}% ({min(values):.0f} to {max(values):.0f}%)"
        assert row in sections


def test_sections_stand_in_the_order_of_their_medians(write: Write, decks: Decks) -> None:
    folder = write({**BANK})
    assert decks("build", "--only", "pdf").code == 0
    *_, sections = alts_of(folder / "output" / "pdf" / "study-guide.pdf")
    assert "range: 部分 🚀 80% (80 to 80%); Apples & " in sections
    assert sections.endswith(" 50% (10 to 90%).")


def test_a_bank_of_one_section_has_no_chart_of_sections_and_one_without_a_survey_none(write: Write, decks: Decks) -> None:
    folder = write({**BANK, "plain/list.md": "# Only\n\n## What is red?\n\nA colour.\n\n# Two\n\n## What is up?\n\nHere.\n"})
    assert decks("build", "--only", "pdf", "--section", "部分 🚀", "-o", "one").code == 0
    (guide,) = (path for path in (folder / "one").rglob("*.pdf") if not re.search("sheet|flashcards", path.name))
    assert len(alts_of(guide)) == 2
    assert decks("build", "plain/list.md", "--only", "pdf", "-o", "two").code == 0
    assert alts_of(folder / "two" / "pdf" / "study-guide.pdf") == []


def run_apart(code: str, seed: str = "0", folder: Path | None = None) -> bytes:
    path = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment, cwd=folder).stdout


def test_the_drawings_are_the_same_in_every_process(write: Write) -> None:
    folder = write({**BANK})
    code = "from generator.cli import main; main(['build', '--only', 'pdf', '-o', '{}'])"
    for seed in ("1", "2"):
        run_apart(code.format(seed), seed, folder)
    first, second = ((folder / seed / "pdf" / "study-guide.pdf").read_bytes() for seed in ("1", "2"))
    assert first == second


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["check"], ["rank"]])
def test_commands_that_draw_nothing_do_not_wait_for_the_drawing_library(arguments: list[str], write: Write) -> None:
    folder = write({**BANK})
    code = f"""
import sys
from generator.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
sys.exit("matplotlib" in sys.modules)"""
    run_apart(code, folder=folder)
