"""What advances the time of a note, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.anki.world import ASKED, DECK_TOML, FRIDAY, build, edit, plain_question, survey, write_content


def times(content: Path) -> dict[str, int]:
    """The time of every note in the ledger."""
    ledger = json.loads((content / "ledger.json").read_text(encoding="utf-8"))
    return {name: time for name, (_, time, _) in ledger["notes"].items()}


def advanced(content: Path) -> list[str]:
    """The notes whose time a build at `FRIDAY` advances, in order."""
    before = times(content)
    build(content, FRIDAY)
    return sorted(name for name, time in times(content).items() if before.get(name) != time)


def test_a_rewording_advances_the_question_and_its_facts_which_show_it(mine: Path) -> None:
    edit(mine, "10-parts.md", "### What does part 3 do?", "### Part three: what is it for?")
    moved = advanced(mine)
    assert [name.split("/")[0] for name in moved] == ["part-03"] * 3


def test_a_move_to_another_section_advances_only_what_moved(mine: Path) -> None:
    text = (mine / "10-parts.md").read_text(encoding="utf-8")
    write_content(mine, {"10-parts.md": text.replace(plain_question(4), ""), "15-more.md": "# More\n\n" + plain_question(4)})
    assert {name.split("/")[0] for name in advanced(mine)} == {"part-04"}


def test_a_new_order_of_questions_and_files_advances_nothing(mine: Path) -> None:
    questions = "\n".join(plain_question(number) for number in range(10, 0, -1))
    (mine / "10-parts.md").unlink()
    write_content(mine, {"90-parts.md": "# Parts\n\n## Inner parts\n\n" + questions})
    assert advanced(mine) == []


@pytest.mark.parametrize(
    "asked", [{**ASKED, "part-01": 6}, {**ASKED, "part-03": 1, "hostile": 0}, {}], ids=["one up", "two down", "no survey"]
)
def test_other_evidence_or_another_band_advances_nothing(mine: Path, asked: dict[str, int]) -> None:
    write_content(mine, survey(asked))
    assert advanced(mine) == []


def test_a_new_author_in_the_survey_advances_nothing(mine: Path) -> None:
    lists = (mine / "survey/lists.toml").read_text(encoding="utf-8")
    more = lists[: lists.index("\n\n")].replace('"ann"', '"zoe"').replace("/ann", "/zoe") + "\n\n"
    asked = (mine / "survey/asked.toml").read_text(encoding="utf-8").replace("part-01 = []", 'part-01 = ["zoe:1"]')
    assert '"zoe:1"' in asked
    write_content(mine, {"survey/lists.toml": more + lists, "survey/asked.toml": asked})
    assert advanced(mine) == []


def test_a_home_page_or_another_version_advances_nothing(mine: Path) -> None:
    write_content(mine, {"deck.toml": DECK_TOML + 'home_page = "https://example.org/"\nversion = "2"\n'})
    assert advanced(mine) == []
