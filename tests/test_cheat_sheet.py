"""The cheat sheet: at most four pages, no table cut, numbers with their sources; what does not fit is left out by rank."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from generator.content import load
from generator.render.lead import first_sentence
from tests.conftest import Decks, Write
from tests.pdf_text import dense, pieces

A4 = (210.0, 297.0)
NUMBER = """\
[[number]]
id = "{id}"
group = "{group}"
name = "Thing {id}"
value = "{value}"
note = "a note on {id}"
source = {{ title = "Source of {id}", address = "https://example.org/{id}" }}
"""


def table(name: str, rows: int = 4) -> str:
    head = f"| {name} | Left | Right |\n| --- | --- | --- |\n"
    return head + "".join(f"| {name} row {row} | {name} left {row} | {name} right {row} |\n" for row in range(1, rows + 1))


def question(identity: str, text: str = "", tags: str = "") -> str:
    lines = [
        f"### What is {identity}, and why? {{#{identity}{tags}}}",
        f"The {identity} is a thing of its own kind. More.",
        "#### In depth",
        text or "Text.",
    ]
    return "\n\n".join(lines) + "\n\n"


class Sheet:
    """A cheat sheet as it is read."""

    def __init__(self, path: Path, warnings: str = "") -> None:
        with pikepdf.open(path) as pdf:
            self.pages = [pieces(page) for page in pdf.pages]
            self.size = tuple(round(float(str(edge)) * 25.4 / 72, 1) for edge in list(pdf.pages[0].MediaBox)[2:])
            with pdf.open_metadata() as metadata:
                self.pdfa = metadata.pdfa_status
            self.tagged = "/StructTreeRoot" in pdf.Root
        self.warnings = warnings
        self.text = [dense(" ".join(piece.text for piece in page)) for page in self.pages]
        self.whole = "".join(self.text)


Build = Callable[..., Sheet]


@pytest.fixture
def sheet(write: Write, decks: Decks) -> Build:
    def build(files: dict[str, str | bytes], *options: str) -> Sheet:
        folder = write({"content/deck.toml": 'bank = "small"\ntitle = "Small"\n', **files})
        run = decks("build", "--only", "pdf", *options)
        assert run.code == 0, run.err
        (path,) = (folder / "output" / "pdf").glob("cheat-sheet*.pdf")
        return Sheet(path, run.err)

    return build


def test_the_real_content_fills_no_more_than_four_pages_and_shows_every_question_and_number(
    built_content: Path,
) -> None:
    found = Sheet(built_content / "output" / "pdf" / "cheat-sheet.pdf")
    content = load([built_content / "content"])
    ranked = [item.question for item in content.ranking().questions]
    assert 1 <= len(found.pages) <= 4
    assert found.size == A4
    assert found.pdfa == "3U"
    assert found.tagged
    assert content.numbers
    for number in content.numbers:
        if "$" not in number.name + number.value:
            assert dense(f"{number.name}{number.value}") in found.whole, number.id
        assert dense(number.source) in found.whole
    for one in ranked[:50]:
        if one.answered and "$" not in one.text:
            assert dense(one.text) in found.whole
    assert min(piece.size for page in found.pages for piece in page) >= 7.45
    for page in found.pages:
        for piece in page:
            assert piece.left >= 10, piece
            assert piece.right <= A4[0] - 10, piece
            assert piece.bottom >= 4, piece
            assert piece.top <= A4[1] - 8, piece


def test_more_than_fits_is_left_out_by_rank_and_no_table_is_cut(sheet: Build) -> None:
    names = [f"t{number:02}" for number in range(1, 61)]
    text = "".join(question(name, table(f"{name}x", 8)) for name in names)
    numbers = "\n".join(NUMBER.format(id=f"n-{number}", group=f"G{number // 9}", value=number) for number in range(1, 41))
    found = sheet({"content/a.md": text, "content/numbers.toml": numbers}, "--paper", "letter")
    assert len(found.pages) == 4
    assert found.size == (215.9, 279.4)
    assert all(dense(f"What is {name}, and why?") in found.whole for name in names[:50])
    assert not any(dense(f"What is {name}, and why?") in found.whole for name in names[50:])
    there = [name for name in names if dense(f"{name}x row 1") in found.whole]
    assert 4 <= len(there) < 50
    assert there == names[: len(there)]
    for name in there:
        (page,) = [text for text in found.text if dense(f"{name}x row 1") in text]
        assert all(dense(f"{name}x {side} {row}") in page for row in range(1, 9) for side in ("row", "left", "right"))


def test_a_tag_says_which_questions_give_a_table(sheet: Build) -> None:
    text = question("one", table("first")) + question("two", table("second", 12) + "\n" + table("third"), " .cheat-sheet")
    found = sheet({"content/a.md": text})
    assert dense("second right 12") in found.whole
    assert "firstrow" not in found.whole
    assert "thirdrow" not in found.whole


def test_without_a_tag_the_first_small_table_of_each_question_is_taken(sheet: Build) -> None:
    text = question("one", table("large", 30) + "\n" + table("small")) + question("two", "Text only.")
    found = sheet({"content/a.md": text})
    assert "smallright4" in found.whole
    assert "largerow1" not in found.whole


def test_a_table_higher_than_a_page_is_left_out_even_with_the_tag(sheet: Build) -> None:
    found = sheet(
        {"content/a.md": question("one", table("huge", 200), " .cheat-sheet") + question("two", table("fits"), " .cheat-sheet")}
    )
    assert "hugerow" not in found.whole
    assert "the tables of questions 1 have no room on 4 pages" in found.warnings
    assert "fitsright4" in found.whole


def test_too_many_numbers_are_left_out_from_the_end(sheet: Build) -> None:
    long = NUMBER.replace("a note on {id}", "a note on {id}" + " that says much" * 20)
    numbers = "\n".join(long.format(id=f"n-{number:03}", group="All", value=number) for number in range(1, 181))
    found = sheet({"content/a.md": question("one"), "content/numbers.toml": numbers})
    assert len(found.pages) <= 4
    there = [number for number in range(1, 181) if dense(f"a note on n-{number:03}") in found.whole]
    assert there == list(range(1, len(there) + 1))
    assert 50 < len(there) < 180
    assert f"the last {180 - len(there)} of 180 numbers have no room on 4 pages" in found.warnings


def test_a_plain_list_without_numbers_and_tables_gives_a_page(write: Write, decks: Decks) -> None:
    folder = write(
        {
            "list.md": "".join(
                f"{number}. What is it, {number}?\n\n   It is {number} of many things. Yes.\n\n" for number in range(1, 6)
            )
        }
    )
    assert decks("build", "list.md", "--only", "pdf").code == 0
    found = Sheet(folder / "output" / "pdf" / "cheat-sheet.pdf")
    assert len(found.pages) == 1
    assert all(dense(f"It is {number} of many things.") in found.whole for number in range(1, 6))
    assert "Mostasked" not in found.whole  # there is no survey


def test_an_announcement_or_an_address_is_no_first_sentence(sheet: Build) -> None:
    text = (
        "### What is what? {#what}\n\nThese are the kinds of it that exist:\n\n- https://example.org/list\n- The first kind.\n"
    )
    assert dense("The first kind.") in sheet({"content/a.md": text}).whole


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("A first sentence of a good length, which ends here.", " Second."),
        ("Short. Then a second sentence that is long enough.", " Third."),
        ("Models, e.g. Llama, use about 3.5 bits of memory each.", " Second."),
        ("Neither `a. B` nor $x. Y$ nor **this. That** ends it.", " Second."),
        ("Is this a question that is long enough to stand alone?", " Yes."),
        ('He said that it ends with the quotation "like this."', " Second."),
        ("no end at all", ""),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_end_it(sentence: str, rest: str) -> None:
    assert first_sentence(sentence + rest) == sentence


# --- numbers.toml ------------------------------------------------------------------------------------------

GOOD = NUMBER.format(id="one", group="A", value="1 GB")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GOOD.replace('id = "one"', 'id = "One!"'), 1, "has no valid id"),
        (GOOD + "\n" + GOOD, 9, '"one" is already at line 1'),
        (GOOD.replace('group = "A"\n', ""), 1, '"one" has no group'),
        (GOOD.replace('value = "1 GB"', "value = 1"), 1, '"one" has no value'),
        (GOOD.replace('note = "a note on one"', "note = 3"), 1, "a note that is no text"),
        (GOOD + 'as_of = "2026-11-21"\n', 1, "has as_of = '2026-11-21'"),
        (GOOD + "unit = 1\n", 1, 'unknown key "unit"'),
        (GOOD.replace("https://", "ftp://"), 1, "does not begin with https://"),
        (GOOD.split("source")[0], 1, "has no source with title and address"),
        ("number = 3\n", 0, "holds something else"),
        ("number = [3]\n", 0, "is not a table"),
        (GOOD + "[other]\n", 0, "holds something else"),
        ("[[number\n", 1, "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_number_is_named_with_its_line(
    text: str, line: int, message: str, write: Write, decks: Decks
) -> None:
    write({"content/deck.toml": 'bank = "small"\n', "content/a.md": question("one"), "content/numbers.toml": text})
    run = decks("check")
    assert run.code == 1
    (found,) = [row for row in run.out.splitlines() if "numbers.toml" in row]
    assert found.startswith(f"content/numbers.toml{f':{line}' if line else ''}: error ")
    assert message in found


def test_all_mistakes_of_the_file_are_reported_at_once(write: Write, decks: Decks) -> None:
    text = GOOD.replace('group = "A"\n', "").replace('name = "Thing one"\n', "") + "\n[[number]]\n"
    write({"content/deck.toml": 'bank = "small"\n', "content/a.md": question("one"), "content/numbers.toml": text})
    found = [row for row in decks("check").out.splitlines() if "numbers.toml" in row]
    assert len(found) == 2 + 5


def test_numbers_keep_the_order_of_the_file_and_come_as_written(write: Write) -> None:
    text = GOOD + "as_of = 2026-11-21\n\n" + NUMBER.format(id="two", group="A", value="$6ND$")
    write({"content/deck.toml": 'bank = "small"\n', "content/a.md": question("one"), "content/numbers.toml": text})
    first, second = load([Path("content")]).numbers
    assert (first.id, first.group, first.value, first.as_of) == ("one", "A", "1 GB", "2026-11-21")
    assert (second.id, second.value, second.as_of, second.place.line) == ("two", "$6ND$", "", 10)
    assert first.address == "https://example.org/one"


def test_a_changed_number_makes_a_new_sheet(write: Write, decks: Decks) -> None:
    files: dict[str, str | bytes] = {"content/deck.toml": 'bank = "small"\n', "content/a.md": question("one")}
    folder = write({**files, "content/numbers.toml": GOOD})
    assert decks("build", "--only", "pdf").code == 0
    assert "up to date" in decks("build", "--only", "pdf").out
    write({"content/numbers.toml": GOOD.replace("1 GB", "2 GB")})
    assert decks("build", "--only", "pdf").code == 0
    assert "2GB" in Sheet(folder / "output" / "pdf" / "cheat-sheet.pdf").whole
