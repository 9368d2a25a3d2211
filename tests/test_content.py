"""The bank itself: what it promises to its readers, held on the real content."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import defusedxml.ElementTree
import pytest

from generator.content import Content, load
from generator.markup.inline import marks_of
from generator.model import LEVELS
from generator.survey.gaps import open_gaps, unjudged
from generator.survey.validate import validate

CONTENT = Path(__file__).parents[1] / "content"
LEAST = {"design": 20, "estimate": 20, "debug": 15, "tradeoff": 25, "coding": 12}
"""Least number of questions of a kind: an architect's interview is no quiz."""
STORIES = ("behavioural", "project")
MOST_FACTS = 600
SECONDS = 60
"""After which a code block is given up; each takes a second or so."""
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@cache
def bank() -> Content:
    """The real content, read and checked."""
    return load([CONTENT])


def blocks() -> list[tuple[str, str]]:
    """Id of a question and code, for every Python block of every answer."""
    return [
        (f"{question.id}-{number}", code)
        for question in bank().bank.questions
        for number, code in enumerate(_PYTHON.findall("\n".join(part.markdown for part in question.parts())), 1)
    ]


def figures() -> list[Path]:
    return sorted((CONTENT / "images").glob("*.svg"))


@pytest.mark.parametrize(("name", "code"), blocks(), ids=[name for name, _ in blocks()])
def test_every_python_block_runs_or_at_least_compiles(name: str, code: str, tmp_path: Path) -> None:
    """A block whose first line says what it needs is only compiled; the others run on the standard library and NumPy."""
    ast.parse(code)
    if code.startswith("# needs:"):
        return
    command = [sys.executable, "-I", "-c", code]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert run.returncode == 0, run.stderr


def test_the_bank_has_no_finding() -> None:
    assert [str(problem) for problem in bank().problems] == []


def test_every_topic_of_the_documents_it_grew_from_is_answered() -> None:
    covered = tomllib.loads((CONTENT / "coverage.toml").read_text(encoding="utf-8"))
    known = bank().bank.by_id()
    assert len(covered) == 231
    assert [topic for topic, ids in covered.items() if not ids or not all(known[identity].answered for identity in ids)] == []


def test_older_matter_keeps_its_place() -> None:
    assert sum("classic" in question.tags for question in bank().bank.questions) <= 25


def test_there_are_enough_questions_of_each_kind() -> None:
    questions = bank().bank.questions
    kinds = Counter(question.kind for question in questions)
    assert 240 <= len(questions) <= 320
    assert {kind: kinds[kind] for kind, least in LEAST.items() if kinds[kind] < least} == {}
    assert sum(kinds[kind] for kind in STORIES) >= 20


def test_every_answer_has_its_parts() -> None:
    for question in bank().bank.questions:
        assert question.short is not None, question.id
        assert 3 <= len(question.key_points) <= 5, question.id
        assert question.level in LEVELS, question.id
        assert question.follow_ups is not None, question.id
        assert question.follow_ups.markdown.count("\n- **") == 2, question.id
        assert question.graded is not None, question.id
        assert all(f"**{word}:**" in question.graded.markdown for word in ("Pass", "Strong", "Red flag")), question.id
        assert question.sources is not None or question.kind in STORIES, question.id
        assert question.body is not None or question.kind not in LEAST, question.id


def test_facts_are_few_enough_to_be_learnt() -> None:
    marked = [point for question in bank().bank.questions for point in question.key_points if marks_of(point.markdown)]
    assert len(marked) <= MOST_FACTS


def test_every_figure_is_used_and_says_what_it_shows() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in CONTENT.glob("*.md"))
    assert len(figures()) >= 40
    for path in figures():
        root = defusedxml.ElementTree.fromstring(path.read_bytes())
        names = {element.tag.split("}")[-1] for element in root.iter()}
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert f"](images/{path.name})" in text, path.name
        assert title is not None, path.name
        assert len(title.text or "") > 20, path.name
        assert root.get("viewBox", "").startswith("0 0 720 "), path.name
        assert names & {"script", "style", "foreignObject", "image", "a", "filter"} == set(), path.name


def test_no_part_is_too_small_or_too_large() -> None:
    content = bank()
    ranking = content.ranking()
    shares = Counter(ranked.band for ranked in ranking.questions)
    assert len(shares) == 5
    assert all(0.05 <= count / len(ranking.questions) <= 0.40 for count in shares.values()), shares


def test_numbers_to_know_are_dated_or_timeless_and_have_a_source() -> None:
    assert len(bank().numbers) >= 40
    assert all(number.address.startswith("https://") for number in bank().numbers)


def test_every_place_of_every_list_is_judged() -> None:
    survey = bank().survey
    assert len(survey.lists) >= 43
    assert all(item.questions for item in survey.lists.values())
    assert {slug: count for slug, count in unjudged(survey).items() if count} == {}


def test_what_three_authors_ask_has_an_answer() -> None:
    assert [one.gap.topic for one in open_gaps(bank().survey, least=3)] == []


def test_every_question_is_found_by_phrases_of_its_own() -> None:
    content = bank()
    assert set(content.survey.phrases) == set(content.bank.by_id())
    assert all(len(phrases) >= 5 for phrases in content.survey.phrases.values())


def test_the_order_predicts_authors_it_has_not_seen_better_than_the_first_documents_do() -> None:
    """docs/ranking.md shows the table."""
    content = bank()
    rows = {
        (row.subset, row.order): row for row in validate(content.bank, content.survey, content.config, content.survey.baseline)
    }
    ours, documents = rows["whole bank", "ours"], rows["whole bank", "source documents"]
    assert ours.auc >= 0.67
    assert ours.auc > documents.auc + 0.08
    assert ours.precision > documents.precision + 0.1
    assert rows["whole bank", "random"].auc == pytest.approx(0.5, abs=0.02)
