"""`decks import`: any layout becomes canonical Markdown, nothing is lost, and the author's edits are left alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.content import load
from generator.model import Question
from generator.read import bank_files
from generator.render.markdown import skeleton, to_html
from tests.conftest import Decks, Write
from tests.golden import FOLDER

LAYOUTS = FOLDER / "layouts"

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SOURCE = """\
# Bird questions

## Flight

### 1. **How does a bird fly?**

It flaps. See [lift][lift] and note[^n].

#### 1. Wings

- one
  - two
    - three

```python
# 2. is this a question?
x = 1
```

| a | b |
|---|---|
| `1` | $x_1$ |

![a wing](pictures/wing.png)

### 2. **Why do birds sing?**

To be heard.

## Rest

### 3. **Do birds sleep on the wing?**

```text
hint: swifts
```

**Answer:** Some do.

#### Loud heading

More {#not-an-id}

### 4. **What is a nest?**

TODO

[lift]: https://example.org/lift "Lift"
[^n]: A footnote.
"""


@pytest.fixture
def birds(write: Write) -> Path:
    return write({"birds.md": SOURCE, "pictures/wing.png": PNG})


def reading(*paths: str) -> dict[str, Question]:
    return {question.id: question for question in load([Path(path) for path in paths]).bank.questions}


def shown(question: Question) -> tuple[str, ...]:
    """Words and structure of the whole answer, without heading levels."""
    parts = [question.body, question.short, *question.answer]
    whole = "\n\n".join(part.markdown for part in parts if part)
    return tuple(re.sub(r"^(/?)h[1-6]$", r"\1h", piece) for piece in skeleton(to_html(whole, question.definitions).html))


def test_ids_bank_words_and_structure_are_the_same_before_and_after(birds: Path, decks: Decks) -> None:
    run = decks("import", "birds.md", "-o", "content")
    assert run.code == 0
    before, after = reading("birds.md"), reading("content")
    assert list(before) == list(after)
    assert [question.text for question in before.values()] == [question.text for question in after.values()]
    for identity, question in before.items():
        assert shown(question) == shown(after[identity])
    assert load([Path("birds.md")]).bank.slug == load([Path("content")]).bank.slug


@pytest.mark.parametrize("name", sorted(path.stem for path in bank_files(LAYOUTS)))
def test_every_golden_layout_comes_back_from_its_import(name: str, write: Write, decks: Decks) -> None:
    folder = write({"list.md": (LAYOUTS / f"{name}.md").read_bytes()})
    before = reading("list.md")
    run = decks("import", "list.md", "-o", "content")
    if not before:
        assert run.code == 1
        assert not (folder / "content").exists()
        return
    assert run.code == 0, run.err
    after = reading("content")
    # Sections that a list takes up again are brought together in one file.
    assert {identity: question.text for identity, question in before.items()} == {
        identity: question.text for identity, question in after.items()
    }
    for identity, question in before.items():
        assert shown(question) == shown(after[identity]), f"line {question.place.line}"
        assert bool(question.body) == bool(after[identity].body)
        assert question.answered == after[identity].answered
    listed = json.loads(decks("list", "content", "--format", "json").out)
    assert sorted(row["id"] for row in listed) == sorted(before)


def test_guids_of_the_list_and_of_its_import_agree(birds: Path, decks: Decks) -> None:
    import sqlite3
    import zipfile

    decks("import", "birds.md", "-o", "content")
    decks("build", "birds.md", "-o", "one", "--only", "anki")
    decks("build", "content", "-o", "two", "--only", "anki")
    guids = []
    for folder in ("one", "two"):
        with zipfile.ZipFile(next((birds / folder / "anki").iterdir())) as package:
            package.extract("collection.anki2", birds / folder)
        with sqlite3.connect(birds / folder / "collection.anki2") as connection:
            guids.append(sorted(connection.execute("SELECT guid FROM notes").fetchall()))
        connection.close()
    assert guids[0] == guids[1] != []


def test_one_file_a_section_with_code_before_the_answer_on_the_front(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    assert sorted(path.name for path in (birds / "content").iterdir()) == [
        "10-flight.md",
        "20-rest.md",
        "deck.toml",
        "import.toml",
        "pictures",
    ]
    rest = (birds / "content/20-rest.md").read_text()
    assert rest.startswith(
        "# Rest\n\n### Do birds sleep on the wing? {#do-birds-sleep-on-the-wing}\n\n#### Question\n\n```text\n"
    )
    assert "**Answer:**" not in rest
    assert (birds / "content/pictures/wing.png").read_bytes() == PNG


def test_the_import_has_no_finding_that_its_source_has_not(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    found = json.loads(decks("check", "content", "--format", "json").out)
    assert {row["code"] for row in found} <= {"no-answer"}


def test_importing_again_changes_nothing(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    before = {path: path.read_bytes() for path in (birds / "content").rglob("*") if path.is_file()}
    run = decks("import", "birds.md", "-o", "content")
    assert "0 questions new, 0 updated, 4 unchanged" in run.out
    assert {path: path.read_bytes() for path in (birds / "content").rglob("*") if path.is_file()} == before


def test_importing_again_updates_what_nobody_edited_and_leaves_edits_alone(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    flight = birds / "content/10-flight.md"
    flight.write_text(flight.read_text().replace("To be heard.", "My own words."))
    (birds / "birds.md").write_text(SOURCE.replace("To be heard.", "To be seen.").replace("Some do.", "Swifts do."))
    run = decks("import", "birds.md", "-o", "content")
    assert "0 questions new, 1 updated, 2 unchanged, 1 to look at" in run.out
    assert "why-do-birds-sing" in run.err
    assert "My own words." in flight.read_text()
    assert "To be seen." not in flight.read_text()
    assert "Swifts do." in (birds / "content/20-rest.md").read_text()


def test_a_reworded_question_keeps_its_id(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    (birds / "birds.md").write_text(SOURCE.replace("Do birds sleep on the wing?", "Do birds really sleep on the wing?"))
    run = decks("import", "birds.md", "-o", "content")
    assert "0 questions new, 1 updated" in run.out
    rest = (birds / "content/20-rest.md").read_text()
    assert "### Do birds really sleep on the wing? {#do-birds-sleep-on-the-wing}" in rest


def test_a_question_that_vanished_is_reported_and_kept(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    (birds / "birds.md").write_text(SOURCE.replace("### 2. **Why do birds sing?**\n\nTo be heard.\n\n", ""))
    run = decks("import", "birds.md", "-o", "content")
    assert "why-do-birds-sing" in run.err
    assert "no longer" in run.err
    assert "To be heard." in (birds / "content/10-flight.md").read_text()


def test_a_new_question_goes_to_the_end_of_its_section(birds: Path, decks: Decks) -> None:
    decks("import", "birds.md", "-o", "content")
    (birds / "birds.md").write_text(SOURCE.replace("## Rest", "### **Where do birds go?**\n\nSouth.\n\n## Rest"))
    run = decks("import", "birds.md", "-o", "content")
    assert "1 questions new" in run.out
    assert (birds / "content/10-flight.md").read_text().index("Where do birds go?") > 0
    assert list(reading("content")) == list(reading("birds.md"))


def test_another_bank_in_the_folder_is_refused(birds: Path, decks: Decks) -> None:
    (birds / "content").mkdir()
    (birds / "content/deck.toml").write_text('bank = "fish"\n')
    run = decks("import", "birds.md", "-o", "content")
    assert run.code == 2
    assert "fish" in run.err
    assert not (birds / "content/import.toml").exists()


def test_a_file_without_questions_writes_nothing(write: Write, decks: Decks) -> None:
    folder = write({"notes.md": "Some thoughts.\n\nAnd more of them.\n"})
    run = decks("import", "notes.md", "-o", "content")
    assert run.code == 1
    assert "no question" in run.err
    assert not (folder / "content").exists()
