"""The study guide of the real content: bookmarks, links, page numbers, text, fonts and images are right, and bytes repeat."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from generator.cli import main
from generator.markup.inline import plain_text
from tests.conftest import CONTENT, Decks, Write
from tests.pdf_text import STRAIGHT

A4, LETTER = (595, 842), (612, 792)
ROMAN = [f"{tens}{ones}" for tens in ("", "x", "xx") for ones in " i ii iii iv v vi vii viii ix".split(" ")][1:]


class Glyphs:
    """A font's codes as characters, from its ToUnicode map."""

    def __init__(self, font: pikepdf.Object) -> None:
        table = bytes(font.ToUnicode.read_bytes()).decode("ascii")
        self.characters: dict[int, str] = {}
        for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", block):
                self.characters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
        for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    start = bytes.fromhex(text).decode("utf-16-be")
                    self.characters[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)

    def read(self, codes: bytes) -> str:
        pairs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
        return "".join(self.characters.get(pair, "\ufffd") for pair in pairs)


def lines_of(content: pikepdf.Page | pikepdf.Object) -> list[str]:
    """The text of a page or drawing, a line for each text object."""
    resources = content.Resources
    fonts = {name: Glyphs(font) for name, font in resources.get("/Font", pikepdf.Dictionary()).items()}
    lines: list[str] = []
    current: Glyphs | None = None
    for instruction in pikepdf.parse_content_stream(content):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "BT":
            lines.append("")
        elif operator == "Tf":
            current = fonts[str(operands[0])]
        elif operator in ("Tj", "TJ") and current is not None:
            pieces: list[Any] = list(operands[0]) if operator == "TJ" else operands
            lines[-1] += "".join(current.read(bytes(piece)) for piece in pieces if isinstance(piece, pikepdf.String))
        elif operator == "Do" and resources.XObject[str(operands[0])].Subtype == "/Form":
            lines += lines_of(resources.XObject[str(operands[0])])
    return lines


def labels_of(path: Path) -> tuple[str, ...]:
    """The labels of a file's pages, by PDFium."""
    with pypdfium2.PdfDocument(path) as pdf:
        return tuple(pdf.get_page_label(number) for number in range(len(pdf)))


def dense(text: str) -> str:
    """Text without blanks and print's quotation marks, so that line ends and setting do not matter."""
    return "".join(text.translate(STRAIGHT).split())


@dataclass(frozen=True)
class Guide:
    """The study guide of the real content and what the command says of its questions."""

    pdf: pikepdf.Pdf
    path: Path
    settings: dict[str, Any]
    questions: tuple[dict[str, Any], ...]
    text: tuple[list[str], ...]
    """The lines of each page."""
    labels: tuple[str, ...]

    @cached_property
    def places(self) -> dict[tuple[int, int], int]:
        """A page's object -> its index."""
        return {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}

    def page_of(self, target: pikepdf.Object) -> int:
        """The index of the page that a destination shows."""
        return self.places[target[0].objgen]

    def anchors(self) -> dict[str, int]:
        """Named destination -> page index."""
        tree = pikepdf.NameTree(self.pdf.Root.Names.Dests)
        return {str(name): self.page_of(target) for name, target in tree.items()}

    def links(self) -> list[tuple[int, str]]:
        """Page index and name of the destination of every link inside the document."""
        notes = [(number, note) for number, page in enumerate(self.pdf.pages) for note in page.get("/Annots", [])]
        named = [(number, note.Dest if "/Dest" in note else note.A.get("/D")) for number, note in notes]
        return [(number, str(target)) for number, target in named if target is not None]


@pytest.fixture(scope="module")
def guide(built_content: Path) -> Iterator[Guide]:
    """The study guide of the real content."""
    folder = built_content
    path = folder / "output" / "pdf" / "study-guide.pdf"
    settings = tomllib.loads((folder / "content" / "deck.toml").read_text(encoding="utf-8"))
    with pikepdf.open(path) as pdf:
        text = tuple(lines_of(page) for page in pdf.pages)
        yield Guide(pdf, path, settings, listed(folder), text, labels_of(path))


def listed(folder: Path) -> tuple[dict[str, Any], ...]:
    """What `decks list` says of the content, in the order of the guide."""
    from generator.cli.listing import as_json
    from generator.content import load

    content = load([folder / "content"])
    ranking = content.ranking()
    return tuple(json.loads(json.dumps(as_json(item))) for item in ranking.questions if item.question.answered)


# --- bookmarks, links, numbers ---------------------------------------------------------------------------


def test_bookmarks_nest_the_questions_in_parts_by_band_in_the_order_of_likelihood(guide: Guide) -> None:
    with guide.pdf.open_outline() as outline:
        parts = [[plain_text(child.title) for child in item.children] for item in outline.root if item.children]
    bands = list(dict.fromkeys(question["band"] for question in guide.questions))
    expected = [[question for question in guide.questions if question["band"] == band] for band in bands]
    assert [len(part) for part in parts] == [len(part) for part in expected]
    for titles, questions in zip(parts, expected, strict=True):
        for title, question in zip(titles, questions, strict=True):
            assert dense(title).endswith(dense(plain_text(question["question"])))


def test_every_bookmark_shows_the_page_of_its_question(guide: Guide) -> None:
    anchors = guide.anchors()
    with guide.pdf.open_outline() as outline:
        bookmarks = [child for item in outline.root for child in item.children]
        pages = [guide.page_of(child.destination) for child in bookmarks]  # type: ignore[arg-type]
    assert pages == [anchors[f"q-{question['id']}"] for question in guide.questions]
    assert pages == sorted(pages)


def test_every_link_inside_the_document_has_a_page(guide: Guide) -> None:
    anchors = guide.anchors()
    links = guide.links()
    assert len(links) > len(guide.questions)
    assert {target for _, target in links} <= set(anchors)


def test_links_between_questions_and_what_to_know_first_are_there(guide: Guide) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(CONTENT.glob("*.md")))
    known = {question["id"] for question in guide.questions}
    wanted = set(re.findall(r"\]\(#([a-z0-9-]+)\)", text)) | set(re.findall(r"needs=([a-z0-9-]+)", text))
    first = guide.anchors()["body-start"]
    there = {target for number, target in guide.links() if number >= first}
    assert wanted
    assert {f"q-{identity}" for identity in wanted & known} <= there


def test_the_contents_list_every_question_with_its_true_page(guide: Guide) -> None:
    anchors = guide.anchors()
    first, last = anchors["contents"], anchors["body-start"]
    lines = dense("\n".join(line for page in guide.text[first:last] for line in page).replace("\n", "\N{FIGURE SPACE}|"))
    for number, question in enumerate(guide.questions, 1):
        title = dense(plain_text(question["question"]))
        gap = r"\|?"
        written = re.search(rf"\|{number}{gap}" + gap.join(map(re.escape, title)) + r"[.|]*\|(\d+)\|?", lines + "|")
        assert written, title
        assert written[1] == guide.labels[anchors[f"q-{question['id']}"]]


def test_the_contents_link_to_every_question_and_part(guide: Guide) -> None:
    anchors = guide.anchors()
    there = {target for number, target in guide.links() if anchors["contents"] <= number < anchors["body-start"]}
    assert {f"q-{question['id']}" for question in guide.questions} <= there
    assert len([target for target in there if target.startswith("part-")]) == len({q["band"] for q in guide.questions})


def test_page_labels_are_roman_up_to_the_first_part_and_arabic_from_1_on(guide: Guide) -> None:
    first = guide.anchors()["body-start"]
    assert first >= 2
    assert list(guide.labels[:first]) == ROMAN[:first]
    assert list(guide.labels[first:]) == [str(number) for number in range(1, len(guide.labels) - first + 1)]


def test_pages_print_the_number_that_is_their_label(guide: Guide) -> None:
    printed = [number for number, lines in enumerate(guide.text) if guide.labels[number] in lines]
    with_questions = {guide.anchors()[f"q-{question['id']}"] for question in guide.questions}
    assert with_questions <= set(printed)


def test_every_part_begins_on_a_right_hand_page(guide: Guide) -> None:
    starts = [page for name, page in guide.anchors().items() if name.startswith("part-")]
    assert starts
    labels = [guide.labels[page] for page in starts]
    assert [label for label in labels if int(label) % 2 == 0] == []
    # The cover is a right-hand page, so every second one after it is.
    assert [page for page in starts if page % 2] == []


# --- text ------------------------------------------------------------------------------------------------


def test_every_question_is_printed_on_its_page(guide: Guide) -> None:
    anchors = guide.anchors()
    for question in guide.questions:
        page = dense("".join(guide.text[anchors[f"q-{question['id']}"]]))
        assert dense(plain_text(question["question"])) in page


def test_every_answer_is_printed(guide: Guide) -> None:
    whole = re.sub(r"[-\u00ad\u2010\s]", "", "".join("".join(page) for page in guide.text))
    words = 0
    for path in sorted(CONTENT.glob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.match(r"[-*] [^$`<\[=*|_\\!\"']+$", line):
                words += 1
                assert re.sub(r"[-\u00ad\u2010\s]", "", line[2:]).replace("'", "\u2019") in whole.replace("'", "\u2019"), line
    assert words > len(guide.questions)


def test_every_character_has_a_glyph(guide: Guide) -> None:
    assert [line for page in guide.text for line in page if "\ufffd" in line or "\x00" in line] == []


def test_the_cover_shows_title_author_and_version(guide: Guide) -> None:
    cover = "\n".join(guide.text[0])
    for key in ("title", "author", "version"):
        assert dense(guide.settings[key]) in dense(cover)


# --- the file --------------------------------------------------------------------------------------------


def test_title_language_and_author_are_the_banks(guide: Guide) -> None:
    assert str(guide.pdf.Root.Lang) == guide.settings["language"]
    assert str(guide.pdf.docinfo["/Title"]) == guide.settings["title"]
    assert str(guide.pdf.docinfo["/Author"]) == guide.settings["author"]
    assert bool(guide.pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert guide.pdf.Root.PageMode == "/UseOutlines"


def test_the_document_is_tagged(guide: Guide) -> None:
    assert bool(guide.pdf.Root.MarkInfo.Marked)
    assert "/StructTreeRoot" in guide.pdf.Root


def test_every_font_is_embedded(guide: Guide) -> None:
    used = [font for page in guide.pdf.pages for font in page.Resources.get("/Font", pikepdf.Dictionary()).values()]
    everywhere = [item for item in guide.pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in everywhere if font.Subtype == "/Type0"]
    assert used
    assert {str(font.Subtype) for font in used} == {"/Type0"}
    assert descriptors
    files = [{"/FontFile", "/FontFile2", "/FontFile3"} & set(dict(item.items())) for item in descriptors]
    assert all(files)


def test_nothing_is_attached(guide: Guide) -> None:
    assert len(guide.pdf.attachments) == 0


def test_every_figure_and_formula_has_its_words(guide: Guide) -> None:
    figures = [item for item in guide.pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
    words = {dense(str(item.get("/Alt", ""))) for item in figures}
    assert "" not in words
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(CONTENT.glob("*.md")))
    images = re.findall(r"!\[([^\]]+)\]\(", text)
    formulas = re.findall(r"^\$\$\n(.+?)\n\$\$$", text, re.MULTILINE | re.DOTALL)
    assert images
    assert formulas
    assert {dense(image) for image in images} <= words
    assert {dense(formula) for formula in formulas} <= words


def test_the_words_inside_every_figure_are_printed(guide: Guide) -> None:
    whole = dense("".join(line for page in guide.text for line in page))
    drawings = sorted((CONTENT / "images").glob("*.svg"))
    assert drawings
    for path in drawings:
        words = [element.text for element in ElementTree.parse(path).iter() if element.tag.endswith("}text") and element.text]
        assert words
        assert [word for word in words if dense(word) not in whole] == []


def test_pages_are_a4(guide: Guide) -> None:
    assert {size_of(page) for page in guide.pdf.pages} == {A4}


def size_of(page: pikepdf.Page) -> tuple[int, int]:
    left, bottom, right, top = (float(str(edge)) for edge in page.MediaBox)
    return round(right - left), round(top - bottom)


def test_builds_in_two_folders_give_the_same_bytes(guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for name, zone, jobs in (("one", "UTC", "2"), ("another folder", "Pacific/Kiritimati", "1")):
        folder = tmp_path / name
        shutil.copytree(guide.path.parents[2] / "content", folder / "content")
        monkeypatch.chdir(folder)
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", "C")
        assert main(["build", "--top", "20", "--jobs", jobs, "--locked"]) == 0
        files = [path for path in (folder / "output").rglob("*.*") if path.suffix in (".pdf", ".apkg")]
        written.append({path.relative_to(folder): path.read_bytes() for path in files})
    first, second = written
    assert {path.suffix for path in first} == {".pdf", ".apkg"}
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


# --- a small bank ----------------------------------------------------------------------------------------


def test_letter_paper_and_a_raster_image(write: Write, decks: Decks) -> None:
    folder = write({"list.md": "# Small\n\n## What is red?\n\n![A red field](red.png)\n\nThis is.\n"})
    Image.new("RGB", (40, 30), "red").save(folder / "red.png")
    assert decks("build", "list.md", "--only", "pdf", "--paper", "letter").code == 0
    with pikepdf.open(folder / "output" / "pdf" / "study-guide.pdf") as pdf:
        assert {size_of(page) for page in pdf.pages} == {LETTER}
        images = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"]
        assert (40, 30) in {(int(image.Width), int(image.Height)) for image in images}
        with pdf.open_outline() as outline:
            assert any("What is red?" in child.title for item in outline.root for child in item.children)


def test_paper_in_deck_toml_holds_unless_the_option_says_otherwise(write: Write, decks: Decks) -> None:
    settings = 'bank = "small"\npaper = "letter"\n'
    folder = write(
        {"content/deck.toml": settings, "content/list.md": "### What is red? {#red}\n\nA colour.\n\n#### More\n\nText.\n"}
    )
    for options, size in ((("-o", "one"), LETTER), (("-o", "two", "--paper", "a4"), A4)):
        assert decks("build", "--only", "pdf", *options).code == 0
        with pikepdf.open(folder / options[1] / "pdf" / "study-guide.pdf") as pdf:
            assert {size_of(page) for page in pdf.pages} == {size}
