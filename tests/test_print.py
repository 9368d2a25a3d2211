"""Print as a reader holds it: nothing runs over an edge, chapters are one book, handouts fold, templates are people's own."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator.cli import main
from generator.content import load
from generator.render.markdown import Rendered
from generator.render.print_code import printed_code
from generator.render.print_html import QuestionPrinter, shortened, without_skips
from generator.render.typography import typographic
from tests.conftest import Decks, Write
from tests.pdf_pages import MM, PageText, last_tags, outside, pages_of
from tests.test_pdf import LETTER, dense, labels_of, size_of

INNER, OUTER = 26, 37
"""Margins of study guides in mm, at the fold and outside."""

# --- a bank that tries to burst the pages ----------------------------------------------------------------

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
ADDRESS = "https://example.org/" + "a/very-long_path" * 15
CODE = "\n".join(f"def f_{n}(one, two): return one * {n} + two  # " + "x" * (n % 130) for n in range(200))
LISTS = "\n".join(
    "  " * depth + f"- level {depth} goes on until its line has to break at the edge of the page" for depth in range(12)
)
FENCES = "\n".join(f"{'  ' * n}- {n}\n{'  ' * n}  ```\n{'  ' * n}  {'y' * 150}\n{'  ' * n}  ```" for n in range(5))
SUM = " + ".join(f"\\frac{{a_{{{n}}}}}{{b_{{{n}}}}}" for n in range(50))
QUOTES = "\n".join(f"{'>' * n} depth {n} {'w' * 90}\n{'>' * n}" for n in range(1, 8))


def wide_table(columns: int, rows: int) -> str:
    def row(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |\n"

    head = row([f"column {n}" for n in range(columns)]) + row(["---"] * columns)
    return head + "".join(row([f"value{n}without{line}blank" for n in range(columns)]) for line in range(rows))


STRESS = {
    "words": f"{WORD} and `{WORD}` and <{ADDRESS}>.\n\n| a | b |\n|---|---|\n| {WORD} | `{WORD}` |\n",
    "table": wide_table(15, 40),
    "code": f"```python\n{CODE}\n```\n\n```\n{'z' * 4000}\n```\n",
    "lists": f"{LISTS}\n\n{FENCES}\n",
    "formulas": f"$$\n{SUM}\n$$\n\nText ${SUM}$ goes on.\n",
    "quotes": QUOTES,
    "pictures": "![A wide picture](wide.svg)\n\n![A tall picture](tall.svg)\n\nin ![a line](wide.svg) of text\n",
    "notes": f"Text[^1].\n\n<details><summary>More</summary>\n\n{'word ' * 900}\n\n</details>\n\n[^1]: A note {'n' * 200}\n",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}"><rect width="{0}" height="{1}"/></svg>'


@pytest.fixture(scope="module")
def stress(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDFs of a bank with very long words, wide tables, long code, deep lists and odd pictures; the guide on Letter too."""
    folder = tmp_path_factory.mktemp("stress")
    kinds = dict(zip(STRESS, ("design", "concept"), strict=False))
    questions = [
        f"### Is {name} laid out? {{#{name} kind={kinds.get(name, 'debug')}}}\n\nYes.\n\n#### Key points\n\n"
        f"- A ==marked {name}==.\n\n#### In depth\n\n{text}\n"
        for name, text in STRESS.items()
    ]
    title = f"### Is {WORD} a title? {{#title}}\n\nNo.\n\n#### {WORD}\n\nText.\n\n#### Sources\n\n- [{WORD}]({ADDRESS}), 2024\n"
    (folder / "content").mkdir()
    (folder / "content" / "deck.toml").write_text('bank = "stress"\ntitle = "Stress"\n')
    (folder / "content" / "a.md").write_text(f"# {WORD}\n\n## {WORD}\n\n" + "\n".join([*questions, title]))
    (folder / "content" / "wide.svg").write_text(SVG.format(3000, 100))
    (folder / "content" / "tall.svg").write_text(SVG.format(100, 3000))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["build", "--only", "pdf", "--section", WORD, "--paper", "letter", "-o", "output/letter"]) == 0
        assert main(["build", "--only", "pdf"]) == 0
    (letter,) = (
        path for path in (folder / "output" / "letter").rglob("*.pdf") if "sheet" not in path.name and "cards" not in path.name
    )
    letter.rename(folder / "output" / "pdf" / "letter.pdf")
    return folder / "output" / "pdf"


@pytest.mark.parametrize("name", ["study-guide.pdf", "letter.pdf"])
def test_no_text_of_the_stress_bank_leaves_the_guides_text_area(name: str, stress: Path) -> None:
    pages = pages_of(stress / name)
    assert len(pages) > 15
    for number, page in enumerate(pages[2:], 3):
        assert [char.text for char in outside(page, number, INNER, OUTER, 10, 9)] == [], number


def test_no_text_of_the_stress_bank_leaves_a_handouts_page(stress: Path) -> None:
    (path,) = (stress / "handouts").glob("*.pdf")
    for number, page in enumerate(pages_of(path), 1):
        assert [char.text for char in outside(page, number, 22, 8, 8, 8)] == [], number


def test_no_picture_or_formula_leaves_the_page(stress: Path) -> None:
    with pikepdf.open(stress / "study-guide.pdf") as pdf:
        figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        boxes = [[float(edge) for edge in figure.A.BBox] for figure in figures]
        width, height = size_of(pdf.pages[2])
    assert len(boxes) >= 5
    for left, bottom, right, top in boxes:
        assert INNER * MM - 1 <= left <= right <= width - INNER * MM + 1
        assert right - left <= width - (INNER + OUTER) * MM + 1
        assert 0 < bottom < top < height


def test_the_box_of_a_figures_tag_is_where_the_figure_is(stress: Path) -> None:
    """Its lower edge is a caption's gap above the caption, in points from the page's lower left."""
    pages = pages_of(stress / "study-guide.pdf")
    ((page, caption),) = ((page, char) for page in pages for char in page.find("A wide picture"))
    boxes = [box for box, alt in figures_on(stress / "study-guide.pdf", pages.index(page)) if alt == "A wide picture"]
    ((left, bottom, right, top),) = boxes
    assert caption.top < bottom < caption.top + 6 * MM
    assert left - 1 < min(char.left for char in page.find("Figure"))
    assert (right - left) / (top - bottom) == pytest.approx(30, abs=0.1)


def figures_on(path: Path, index: int) -> list[tuple[list[float], str]]:
    """Box and alternative text of the figures on a page."""
    with pikepdf.open(path) as pdf:
        page = pdf.pages[index].obj.objgen
        figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        return [([float(edge) for edge in figure.A.BBox], str(figure.Alt)) for figure in figures if figure.Pg.objgen == page]


def test_the_head_of_a_long_table_is_repeated_on_every_page_of_it(stress: Path) -> None:
    pages = [page for page in pages_of(stress / "study-guide.pdf") if page.find("value3without")]
    assert len(pages) > 1
    assert all(page.find("column 3") for page in pages)


@pytest.mark.parametrize("name", ["study-guide.pdf", "letter.pdf"])
def test_no_heading_of_the_stress_bank_is_the_last_on_its_page(name: str, stress: Path) -> None:
    assert headings_at_the_foot(stress / name) == []


def headings_at_the_foot(path: Path) -> list[int]:
    """The indexes of pages that end in a heading."""
    with pikepdf.open(path) as pdf:
        return [page for page, tags in last_tags(pdf).items() if any(re.fullmatch(r"/H\d", tag) for tag in tags)]


FOLLOWERS = {
    "table": "| a | b |\n|---|---|\n| cell{0} | x |\n" + "| x | y |\n" * 8,
    "long": "| a | b |\n|---|---|\n| cell{0} | x |\n" + "| x | y |\n" * 29,
    "figure": "![cell{0}](high.svg)",
    "code": "```python\n" + "cell{0} = 0\n" * 16 + "```",
    "list": "- cell{0}\n- b",
}
"""What a heading may stand before, a third of a page high."""
FILLER = "A line of words.\n\n"
LEADS = ("##### Lead{0}", "**Lead{0}**", "As Lead{0} shows:")
CASES = [(lead, kind) for lead in LEADS for kind in FOLLOWERS] * 6 + [(LEADS[1], "code")] * 31
"""Pairs of what leads to a block, and the block."""


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guide in which leads and what they lead to come at all heights of a page."""
    folder = tmp_path_factory.mktemp("edges")
    pieces = [
        f"{FILLER * (number * 7 % 31)}{lead.format(f'{number}x')}\n\n{FOLLOWERS[kind].format(f'{number}x')}\n\n"
        for number, (lead, kind) in enumerate(CASES)
    ]
    text = "".join(pieces)
    (folder / "content").mkdir()
    (folder / "content" / "high.svg").write_text(SVG.format(100, 300))
    (folder / "content" / "deck.toml").write_text('bank = "edges"\ntitle = "Edges"\n')
    (folder / "content" / "a.md").write_text(f"### What is one? {{#one}}\n\nOne.\n\n#### In depth\n\n{text}")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["build", "--only", "pdf", "--top", "1"]) == 0
    return folder / "output" / "pdf" / "top-1.pdf"


def test_what_leads_to_a_table_figure_code_or_list_is_on_the_same_page(edges: Path) -> None:
    place: dict[str, int] = {}
    for number, page in enumerate(pages_of(edges)):
        for name in re.findall(r"(?:Lead|cell)\d+x", page.text):
            place.setdefault(name, number)
    assert len(place) == 2 * len(CASES)
    assert [number for number in range(len(CASES)) if place[f"Lead{number}x"] != place[f"cell{number}x"]] == []
    assert headings_at_the_foot(edges) == []


def test_of_code_at_least_three_lines_stand_on_a_page(edges: Path) -> None:
    code = {f"cell{number}x" for number, (_, kind) in enumerate(CASES) if kind == "code"}
    pages = [Counter(re.findall(r"cell\d+x", page.text)) for page in pages_of(edges)]
    counts = [count for page in pages for name, count in page.items() if name in code]
    assert sum(counts) == 16 * len(code)
    assert min(counts) >= 3
    assert min(counts) < 8


@pytest.mark.parametrize("inner", ["**bold**", "`code`", "$a^2$", "==mark=="])
def test_a_line_is_not_broken_behind_its_first_word_before_something_inside_it(inner: str, write: Write, decks: Decks) -> None:
    start = "starts a text that is about as long as a line of this paper has room for"
    lines = [
        f"First{number}x {start} {'l' * (number % 20)}{'t' * (number // 20)} {inner} ends.\n\n" for number in range(1, 100)
    ]
    write({"list.md": f"## Is it full?\n\n{''.join(lines)}"})
    assert decks("build", "list.md", "--only", "pdf", "--top", "1").code == 0
    pages = pages_of(Path("output/pdf/top-1.pdf"))
    starts = [(page, number, char) for page in pages for number in range(1, 100) for char in page.find(f"First{number}xs")]
    assert len(starts) >= 99
    for page, number, char in starts:
        assert any(abs(other.bottom - char.bottom) < 8 and other.left > char.right + 90 for other in page.chars), number


# --- the real content ------------------------------------------------------------------------------------

LABELS = ("KEY POINTS", "GRADED ON", "FOLLOW-UPS", "SOURCES", "In depth", "Trade-offs", "asked by")


@pytest.fixture(scope="module")
def real(built_content: Path) -> Path:
    """The PDFs of the real content."""
    return built_content / "output" / "pdf"


def test_no_text_of_the_real_content_leaves_the_text_area(real: Path) -> None:
    for number, page in enumerate(pages_of(real / "study-guide.pdf")[2:], 3):
        assert [char.text for char in outside(page, number, INNER, OUTER, 10, 9)] == [], number
    handouts = sorted((real / "handouts").glob("*.pdf"))
    assert handouts
    for path in handouts:
        for number, page in enumerate(pages_of(path), 1):
            assert [char.text for char in outside(page, number, 22, 8, 8, 8)] == [], (path.name, number)


def lowest_text(page: PageText) -> float:
    """Where the text ends, page number aside."""
    return min((char.bottom for char in page.chars if char.bottom > 24 * MM), default=page.height)


def lowest_figures(path: Path) -> dict[int, float]:
    """Index of a page -> where its last figure or formula ends."""
    with pikepdf.open(path) as pdf:
        places = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        ends: dict[int, float] = {}
        for figure in figures:
            index, bottom = places[figure.Pg.objgen], float(figure.A.BBox[1])
            ends[index] = min(ends.get(index, bottom), bottom)
        return ends


def test_no_heading_label_or_badge_stands_alone_at_the_foot_of_a_page(real: Path) -> None:
    found = 0
    figures = lowest_figures(real / "study-guide.pdf")
    for index, page in list(enumerate(pages_of(real / "study-guide.pdf")))[4:]:
        lowest = min(lowest_text(page), figures.get(index, page.height))
        for label in LABELS:
            for char in page.find(label):
                if 24 * MM < char.bottom < page.height - 24 * MM:
                    found += 1
                    assert lowest < char.bottom - 12, (label, page.text[-200:])
    assert found > 40


def test_no_page_of_the_real_guides_ends_in_a_heading(real: Path) -> None:
    for name in ("study-guide.pdf", "top-50.pdf", "cheat-sheet.pdf"):
        assert headings_at_the_foot(real / name) == [], name


def test_the_cue_column_is_at_the_outer_edge_of_left_and_right_pages(real: Path) -> None:
    sides = set()
    for path in sorted((real / "handouts").glob("*.pdf")):
        for number, page in enumerate(pages_of(path), 1):
            for char in page.find("said aloud"):
                if page.find("Read a question") and char.top > page.height - 60 * MM:
                    continue  # the instructions
                sides.add(number % 2)
                assert char.left > page.width - 60 * MM if number % 2 else char.left < 50 * MM, (path.name, number)
    assert sides == {0, 1}


def test_a_design_question_is_on_a_right_hand_page_with_room_and_its_solution_overleaf(real: Path) -> None:
    found = 0
    for path in sorted((real / "handouts").glob("*.pdf")):
        pages = pages_of(path)
        for number, page in enumerate(pages, 1):
            if page.find("Draw your own design"):
                found += 1
                assert number % 2 == 1
                assert not page.find("KEY POINTS")
                assert not page.find("One solution")
                assert pages[number].find("One solution")
                assert lowest_text(page) > page.height / 2
    questions = load([real.parents[1] / "content"]).bank.questions
    assert found == sum(one.kind == "design" and one.answered for one in questions) > 0


def test_a_handout_begins_with_its_first_question_and_none_of_its_pages_has_ruled_lines_only(real: Path) -> None:
    for path in sorted((real / "handouts").glob("*.pdf")):
        pages = pages_of(path)
        assert pages[0].find("said aloud"), path.name
        for page in pages:
            example = page.find("MY EXAMPLE")
            assert not example or any(char.bottom > 24 * MM and char.top > example[0].top for char in page.chars), path.name


# --- chapters become one book ----------------------------------------------------------------------------

COUNT = 60


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pikepdf.Pdf]:
    """The study guide of sixty questions of one band, each linked to the next and the last to the first."""
    folder = tmp_path_factory.mktemp("book")
    questions = []
    for number in range(1, COUNT + 1):
        other = number % COUNT + 1
        needs = f" needs=q-{number - 1:02}" if number > 1 else ""
        tags = f".tag-{number % 7}x" + " .dozen" * (number <= 12) + " .crowd" * (number <= 13)
        questions.append(
            f"### What is thing {number}? {{#q-{number:02}{needs} likelihood=90 {tags}}}\n\n"
            f"See [thing](#q-{other:02}).\n\n"
            f"#### Key points\n\n- The ==term number {number % 10}x== matters.\n\n"
            f"#### In depth\n\n{'Some words that fill a page. ' * 120}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
            "#### Sources\n\n- [One work](https://example.org/one), Someone, 2020\n"
            f"- [Work {number % 3}](https://example.org/{number % 3})\n"
        )
    (folder / "content").mkdir()
    (folder / "content" / "deck.toml").write_text('bank = "book"\ntitle = "Book"\nlicence = "CC0"\n')
    (folder / "content" / "a.md").write_text("# Things\n\n" + "\n".join(questions))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("generator.render.book.CHAPTER_SIZE", 25)
        assert main(["build", "--only", "pdf"]) == 0
    with pikepdf.open(folder / "output" / "pdf" / "study-guide.pdf") as pdf:
        yield pdf


@pytest.fixture(scope="module")
def labels(book: pikepdf.Pdf) -> tuple[str, ...]:
    """The labels of the book's pages."""
    return labels_of(Path(book.filename))


def names_of(pdf: pikepdf.Pdf) -> dict[str, int]:
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    return {str(name): pages[target[0].objgen] for name, target in pikepdf.NameTree(pdf.Root.Names.Dests).items()}


def notes_of(pdf: pikepdf.Pdf) -> list[tuple[int, Any]]:
    return [(number, note) for number, page in enumerate(pdf.pages) for note in page.get("/Annots", ())]


def test_links_reach_over_the_borders_of_chapters(book: pikepdf.Pdf) -> None:
    names = names_of(book)
    there = {(number, str(note.Dest)) for number, note in notes_of(book) if "/Dest" in note}
    for number in range(1, COUNT + 1):
        page = names[f"q-q-{number:02}"]
        target = f"q-q-{number % COUNT + 1:02}"
        assert any((place, target) in there for place in (page, page + 1)), number


def test_every_link_leads_somewhere_and_says_where(book: pikepdf.Pdf) -> None:
    names = names_of(book)
    for _, note in notes_of(book):
        assert ("/Dest" in note) != ("/A" in note)
        if "/Dest" in note:
            assert str(note.Dest) in names
        else:
            assert str(note.A.URI).startswith("https://")
    labels = {str(note.Contents) for _, note in notes_of(book) if "/Dest" in note}
    assert "Question 60: What is thing 60?" in labels


def test_all_chapters_of_a_part_are_below_its_bookmark(book: pikepdf.Pdf) -> None:
    with book.open_outline() as outline:
        titles = [item.title for item in outline.root]
        (part,) = [item for item in outline.root if item.children]
    assert titles == ["How to read this", "Contents", "Core", "Index by section", "Index of terms", "Sources", "Licence"]
    assert [item.title.split(".")[0] for item in part.children] == [str(number) for number in range(1, COUNT + 1)]


def test_page_numbers_go_on_over_the_borders_of_chapters(book: pikepdf.Pdf, labels: tuple[str, ...], tmp_path: Path) -> None:
    book.save(tmp_path / "copy.pdf")
    pages = pages_of(tmp_path / "copy.pdf")
    starts = [names_of(book)[f"q-q-{number:02}"] for number in range(1, COUNT + 1)]
    for place in starts:
        footer = [char for char in pages[place].chars if char.bottom < 20 * MM]
        assert "".join(char.text for char in footer) == labels[place]
        # odd numbers stand outside on right-hand pages
        assert (footer[0].left > pages[place].width / 2) == (int(labels[place]) % 2 == 1)


def test_every_page_and_link_finds_its_tags(book: pikepdf.Pdf) -> None:
    numbers = list(book.Root.StructTreeRoot.ParentTree.Nums)
    parents = {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
    assert len(parents) == len(numbers) // 2
    for page in book.pages:
        if "/StructParents" in page:
            marked = parents[int(page.StructParents)]
            assert all(element.Pg.objgen == page.obj.objgen for element in marked)
    for _, note in notes_of(book):
        element = parents[int(note.StructParent)]
        assert any("/Obj" in kid and kid.Obj.objgen == note.objgen for kid in element.K if isinstance(kid, pikepdf.Dictionary))


def test_ids_of_table_heads_are_unique_and_cells_name_them(book: pikepdf.Pdf) -> None:
    cells = [item for item in book.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") in ("/TH", "/TD")]
    heads = [str(item.ID) for item in cells if "/ID" in item]
    named = {str(head) for item in cells if item.S == "/TD" for head in item.A.get("/Headers", ())}
    assert len(heads) == len(set(heads)) == 2 * COUNT
    assert named == set(heads)


def test_a_list_item_holds_a_label_and_a_body_only(book: pikepdf.Pdf) -> None:
    items = [item for item in book.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/LI"]
    assert len(items) > COUNT
    assert {str(kid.S) for item in items for kid in item.K} <= {"/Lbl", "/LBody"}


def test_a_picture_or_formula_in_a_link_leaves_the_link_to_the_link(write: Write, decks: Decks) -> None:
    folder = write(
        {"list.md": "## Is it linked?\n\n[![A dot](dot.svg)](https://example.org) and [$a^2$](https://example.com).\n"}
    )
    (folder / "dot.svg").write_text(SVG.format(9, 9))
    assert decks("build", "list.md", "--only", "pdf", "--top", "1").code == 0
    with pikepdf.open(folder / "output" / "pdf" / "top-1.pdf") as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
        outward = [note for _, note in notes_of(pdf) if "/A" in note]
        assert {str(note.A.URI) for note in outward} >= {"https://example.org", "https://example.com"}
        assert {str(parents[int(note.StructParent)].S) for note in outward} == {"/Link"}
        for note in outward:
            kids = [kid for kid in parents[int(note.StructParent)].K if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid]
            assert note.objgen in [kid.Obj.objgen for kid in kids]


def text_between(pdf: pikepdf.Pdf, tmp_path: Path, first: str, last: str) -> str:
    pdf.save(tmp_path / "text.pdf")
    names = names_of(pdf)
    return "\n".join(page.text for page in pages_of(tmp_path / "text.pdf")[names[first] : names[last]])


def test_the_index_of_terms_names_the_pages_where_they_stand(
    book: pikepdf.Pdf, labels: tuple[str, ...], tmp_path: Path
) -> None:
    names = names_of(book)
    text = " ".join(text_between(book, tmp_path, "index-terms", "sources").split())
    for digit in range(10):
        places = [names[f"t-{number}-1"] for number in range(1, COUNT + 1) if number % 10 == digit]
        pages = ", ".join(labels[place] for place in places)
        assert f"term number {digit}x, {pages}" in text
    assert "tag 3x, " in text


def test_the_index_leaves_out_a_tag_of_more_questions_than_anyone_looks_up(book: pikepdf.Pdf, tmp_path: Path) -> None:
    entries = " ".join(text_between(book, tmp_path, "index-terms", "sources").split())
    assert "dozen, " in entries
    assert "crowd" not in entries


def test_a_source_is_printed_once_with_every_question_that_names_it(book: pikepdf.Pdf, tmp_path: Path) -> None:
    text = " ".join(text_between(book, tmp_path, "sources", "licence").split())
    assert text.count("example.org/one") == 1
    numbers = ", ".join(map(str, range(1, COUNT + 1)))
    assert dense(f"One work, Someone, 2020. example.org/one → {numbers}") in dense(text)


def test_the_file_says_that_it_is_archival_and_accessible(book: pikepdf.Pdf) -> None:
    metadata = bytes(book.Root.Metadata.read_bytes()).decode()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert book.Root.OutputIntents[0].S == "/GTS_PDFA1"
    date = re.search(r"<xmp:CreateDate>(.*?)</xmp:CreateDate>", metadata)
    assert date
    assert re.sub(r"\D", "", date[1]) == re.sub(r"\D", "", str(book.docinfo["/CreationDate"]))


def test_a_chapter_that_would_end_in_a_few_lines_is_set_tighter(write: Write, decks: Decks) -> None:
    questions = [
        f"### What is thing {band}{number}? {{#q-{band}-{number} likelihood={likelihood}}}\n\n#### In depth\n\n"
        + "Some words.\n\n" * (9 + number if number < 5 else 8 + 2 * band)
        for band, likelihood in enumerate((80, 35, 25, 15, 1))
        for number in range(6)
    ]
    folder = write(
        {
            "content/deck.toml": 'bank = "demo"\ntitle = "Demo"\n',
            "content/a.md": "# Things\n\n" + "\n".join(questions),
            "loose/pdf/guide_tight.css": "",
        }
    )

    def lines_at_the_end(*options: str) -> list[int]:
        """How many lines the last page of each part has."""
        assert decks("build", "--only", "pdf", "--section", "things", *options).code == 0
        path = folder / "output" / "pdf" / "things.pdf"
        lines = [page.text.count("Some words.") for page in pages_of(path)]
        with pikepdf.open(path) as pdf:
            names = names_of(pdf)
        edges = [*sorted(page for name, page in names.items() if name.startswith("part-")), names["index-sections"]]
        return [[count for count in lines[start:end] if count][-1] for start, end in pairwise(edges)]

    loose, usual = lines_at_the_end("--templates", "loose"), lines_at_the_end()
    short = [part for part in range(5) if loose[part] < 5]
    assert short
    assert all(usual[part] > loose[part] for part in short)
    assert all(usual[part] == loose[part] for part in range(5) if part not in short)


# --- banks of every kind ---------------------------------------------------------------------------------


def test_the_short_guide_has_the_first_fifty(book: pikepdf.Pdf) -> None:
    folder = Path(str(book.filename)).parent
    with pikepdf.open(folder / "top-50.pdf") as pdf:
        printed = [name for name in names_of(pdf) if re.fullmatch(r"q-q-\d\d", name)]
        title = str(pdf.docinfo["/Title"])
    assert printed == [f"q-q-{number:02}" for number in range(1, 51)]
    assert title == "Book: Top 50"


SHEETS = ("cheat-sheet.pdf", "flashcards-test-sheet.pdf", "flashcards.pdf")


def test_a_plain_list_without_sections_or_survey(write: Write, decks: Decks) -> None:
    folder = write({"list.md": "## What is red?\n\nA colour.\n\n## What is blue?\n\n## What is up?\n\nA direction.\n"})
    assert decks("build", "list.md", "--only", "pdf").code == 0
    made = sorted(path.relative_to(folder / "output" / "pdf").as_posix() for path in (folder / "output" / "pdf").rglob("*.pdf"))
    assert [name for name in made if name not in SHEETS] == ["handouts/list.pdf", "study-guide.pdf", "top-50.pdf"]
    with pikepdf.open(folder / "output" / "pdf" / "study-guide.pdf") as pdf:
        names = names_of(pdf)
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["How to read this", "Contents", "Questions", "Licence"]
    assert [name for name in names if name.startswith("q-")] == ["q-what-is-red", "q-what-is-up"]
    text = "".join(page.text for page in pages_of(folder / "output" / "pdf" / "study-guide.pdf"))
    assert "asked by" not in text
    assert "What is blue?" not in text


def test_one_question_on_letter_paper(write: Write, decks: Decks) -> None:
    folder = write({"list.md": "# Only\n\n## What is red?\n\nA colour.\n"})
    assert decks("build", "list.md", "--only", "pdf", "--paper", "letter").code == 0
    for path in (folder / "output" / "pdf").rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            assert {size_of(page) for page in pdf.pages} == {LETTER}, path.name
    assert any(page.find("1 question") for page in pages_of(folder / "output" / "pdf" / "study-guide.pdf"))


def test_a_part_of_the_bank_is_one_guide(write: Write, decks: Decks) -> None:
    folder = write({"list.md": "# One\n\n## What is red?\n\nA colour.\n\n# Two\n\n## What is up?\n\nA direction.\n"})
    assert decks("build", "list.md", "--only", "pdf", "--section", "two").code == 0
    made = {path.name for path in (folder / "output" / "pdf").rglob("*.pdf")}
    assert made == {"two.pdf", "cheat-sheet-two.pdf", "flashcards-two.pdf", "flashcards-test-sheet.pdf"}


def test_the_handout_of_a_section_that_is_gone_goes_unless_someone_changed_it(write: Write, decks: Decks) -> None:
    text = (
        "# One\n\n## What is red?\n\nA colour.\n\n# Two\n\n## What is up?\n\nA direction.\n\n# Six\n\n## What is in?\n\nHere.\n"
    )
    folder = write({"list.md": text})
    assert decks("build", "list.md", "--only", "pdf").code == 0
    handouts = folder / "output" / "pdf" / "handouts"
    assert sorted(path.name for path in handouts.iterdir()) == ["one.pdf", "six.pdf", "two.pdf"]
    (handouts / "six.pdf").write_bytes(b"my notes")
    (folder / "list.md").write_text(text.replace("# Two", "# Three").replace("# Six", "# Seven"))
    assert decks("build", "list.md", "--only", "pdf").code == 0
    assert sorted(path.name for path in handouts.iterdir()) == ["one.pdf", "seven.pdf", "six.pdf", "three.pdf"]


# --- templates of one's own ------------------------------------------------------------------------------

TINY = {"list.md": "# Only\n\n## What is red?\n\nA colour.\n"}


def test_a_colour_changes_in_one_place_in_print_and_on_cards(write: Write, decks: Decks) -> None:
    tokens = (Path(__file__).parents[1] / "templates" / "tokens.css").read_text(encoding="utf-8")
    folder = write({**TINY, "mine/tokens.css": tokens.replace("#0b5c8e", "#ff0000")})
    assert decks("build", "list.md", "--templates", "mine").code == 0
    with pikepdf.open(folder / "output" / "pdf" / "study-guide.pdf") as pdf:
        assert b"1 0 0 rg" in pdf.pages[0].Contents.read_bytes()
    with zipfile.ZipFile(folder / "output" / "anki" / "only.apkg") as package:
        assert b"--accent: #ff0000" in package.read("collection.anki2")


def test_one_template_is_replaced_and_the_others_stay(write: Write, decks: Decks) -> None:
    chapter = '{% extends "pdf/base.html" %}{% block content %}{% for q in chapter.questions %}<article id="q-{{ q.id }}">'
    chapter += '<h1 id="{{ chapter.part.id }}">MINE {{ q.title }}</h1></article>{% endfor %}{% endblock %}'
    folder = write({**TINY, "mine/pdf/chapter.html": chapter})
    assert decks("build", "list.md", "--only", "pdf", "--templates", "mine").code == 0
    text = "".join(page.text for page in pages_of(folder / "output" / "pdf" / "study-guide.pdf"))
    assert "MINE What is red?" in text
    assert "How to read this" in text


def test_a_changed_template_makes_the_outputs_anew(write: Write, decks: Decks) -> None:
    folder = write({**TINY, "mine/pdf/chart.html": "<p>one</p>"})
    command = ("build", "list.md", "--only", "pdf", "--templates", "mine")
    assert "built" in decks(*command).out
    assert "up to date" in decks(*command).out
    (folder / "mine" / "pdf" / "chart.html").write_text("<p>two</p>")
    assert "questions built" in decks(*command).out
    assert "questions built" in decks(*command[:-2]).out


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("{% block content %}\n{{ book.colour }}{% endblock %}", 2, "colour"),
        ("{% block content %}\n\n{{ nothing }}{% endblock %}", 3, "'nothing' is undefined"),
        ("\n{% blok %}", 2, "unknown tag 'blok'"),
        ("{% block content %}\n{{ ''.__class__.__mro__ }}{% endblock %}", 2, "unsafe"),
        ("{% include 'pdf/none.html' %}", 1, "pdf/none.html"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
    ],
)
def test_a_wrong_template_is_named_by_file_and_line(template: str, line: int, said: str, write: Write, decks: Decks) -> None:
    base = '{% extends "pdf/base.html" %}' if "block" in template else ""
    folder = write({**TINY, "mine/pdf/back.html": base + template})
    run = decks("build", "list.md", "--only", "pdf", "--templates", "mine")
    assert run.code == 1
    assert f"mine/pdf/back.html:{line}: error: " in run.err
    assert said in run.err
    assert "Traceback" not in run.err
    assert not (folder / "output" / "pdf").exists()


@pytest.mark.parametrize("files", [{}, {"mine/pdf/guid.css": "p {}"}])
def test_a_folder_that_replaces_nothing_is_refused(files: dict[str, str | bytes], write: Write, decks: Decks) -> None:
    write({**TINY, **files})
    run = decks("build", "list.md", "--templates", "mine")
    assert run.code == 2
    assert "mine" in run.err


# --- small pieces ----------------------------------------------------------------------------------------


def test_a_long_line_of_code_can_carry_the_mark_of_a_broken_one_and_a_short_one_not() -> None:
    def printed(code: str) -> str:
        return printed_code(f'<pre class="code"><code>{code}</code></pre>')

    html = printed(f"short\n\n{'&lt;' * 30}\n    {'x' * 60}\n")
    assert re.findall(r'class="line([ a-z]*)"(?: style="([^"]*)")?', html) == [
        ("", ""),
        (" gap", "--gap: 1"),
        (" long", "--indent: 4"),
    ]
    assert printed("a &lt; b") == '<pre class="code"><code><span class="line">a &lt; b</span></code></pre>'
    assert ["fine" in printed("x " * (length // 2)) for length in (78, 80, 90, 92)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("It's \"so\", isn't it?", "It\u2019s \u201cso\u201d, isn\u2019t it?"),
        ('the <em>"x"</em> of \'24', "the <em>\u201cx\u201d</em> of \u201824"),
        ('<code>"a" 5 GB</code> and <pre>it\'s</pre>', '<code>"a" 5 GB</code> and <pre>it\'s</pre>'),
        (
            '<a title="it\'s 5 GB" href="x">80 GB in 3 ms, 5 Grams</a>',
            '<a title="it\'s 5 GB" href="x">80\u00a0GB in 3\u00a0ms, 5 Grams</a>',
        ),
    ],
)
def test_quotation_marks_are_set_and_units_stay_with_their_numbers(text: str, printed: str) -> None:
    assert typographic(text, "en-GB") == printed
    assert typographic(text, "de") == text


def test_no_space_is_left_at_the_end_of_a_block_and_short_words_of_a_table_stay_whole() -> None:
    table = "<table><tr><td>Churn</td><td>{}</td></tr></table>"
    piece = Rendered(f"<ul>\n<li>one\n</li>\n</ul>{table.format('a b')}{table.format('x' * 60)}", ())
    html = QuestionPrinter(1, {}, ()).html(piece)
    assert "<li>one</li>" in html
    assert re.findall(r"<table([^>]*)>", html) == [' class="whole-words"', ""]


def test_headings_that_skip_a_level_are_raised() -> None:
    assert without_skips("<h2>a</h2><h5>b</h5><h6>c</h6><h3>d</h3>") == "<h2>a</h2><h3>b</h3><h4>c</h4><h3>d</h3>"


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("short", "short"),
        ("one two three four", "one two …"),
        ("x" * 30, "x" * 10 + " …"),
        ("日本語の長い題名", "日本語の長 …"),
    ],
)
def test_a_running_head_is_cut_behind_a_word(text: str, head: str) -> None:
    assert shortened(text, 10) == head
