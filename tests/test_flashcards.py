"""Flash cards: backs meet their fronts, nothing is cut off, everything that must be said is on some back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from generator.cli import main
from generator.config import Config
from tests.conftest import Decks, Write
from tests.pdf_text import Piece, dense, pieces

WIDTH, HEIGHT = 90.0, 62.0
A4, LETTER = (210.0, 297.0), (215.9, 279.4)
EDGE = 3.0
"""Room in mm that text must keep from every cut."""

LONG_POINT = "Point {} of this question names one more thing that has to be said, in words enough for two lines of a card."
QUESTIONS = {
    "plain": ("What is a plain card?", "One that fits.", ["It holds ==one== thing.", "It is short."], ""),
    "full": (
        "What happens to an answer that fills its card to the last line, and which size of type is taken for it?",
        "word " * 70,
        [LONG_POINT.format(number) for number in range(1, 4)],
        "",
    ),
    "too-long": ("What goes on?", "Much text. " * 40, [LONG_POINT.format(number) for number in range(4, 14)], ""),
    "long-word": ("Who needs " + "un" * 90 + "breakable words?", "x" * 300, ["y" * 200], ""),
    "formula": (
        "Why divide by $\\sqrt{d_k}$?",
        "Since $$\\frac{QK^T}{\\sqrt{d_k}}$$ grows.",
        ["Variance is ==$d_k$== then."],
        "",
    ),
    "situation": ("Which would you choose?", "The second.", ["It is ==safer==."], "A team has `two` ways:\n\n- one\n- other\n"),
    "long-situation": (
        "What would you do first in a case that takes long to tell?",
        "Listen.",
        ["Ask first."],
        "\n".join(f"{number}. Step {number} of the case is told here at some length." for number in range(1, 19)),
    ),
    "no-points": ("What has no key points?", "This one.", [], ""),
    "code": (
        "What does it print?",
        "Nothing.",
        ["It prints `None`."],
        "```python\n" + "value = compute(value)\n" * 12 + "```\n",
    ),
    "table": ("What is in the table?", "| a | b |\n| --- | --- |\n" + "| cell | other |\n" * 14, ["Cells."], ""),
}


def bank() -> str:
    text = "# A topic with a name\n\n"
    for identity, (question, answer, points, situation) in QUESTIONS.items():
        text += f"### {question} {{#{identity} level=senior}}\n\n{answer}\n\n"
        if situation:
            text += f"#### Question\n\n{situation}\n\n"
        if points:
            text += "#### Key points\n\n" + "\n".join(f"- {point}" for point in points) + "\n\n"
    return text


@dataclass(frozen=True)
class Cell:
    """What is printed in one place of a sheet."""

    sheet: int
    left: float
    bottom: float
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def label(self) -> str:
        """The number with what follows it, `3 (1/2)`."""
        found = re.search(r"(?:^| )(\d+(?: \(\d/\d\)| continued \(\d/\d\))?)(?= |$)", " ".join(self.heads))
        assert found, self.text
        return found[1]

    @property
    def heads(self) -> list[str]:
        return [piece.text for piece in self.pieces if re.match(r"\d+(?: |$)", piece.text) and piece.size >= 7.9]


@dataclass(frozen=True)
class Sheets:
    """Printed cards: the cells of all fronts and of all backs."""

    path: Path
    size: tuple[float, float]
    fronts: tuple[Cell, ...]
    backs: tuple[Cell, ...]


def read(path: Path, size: tuple[float, float] = A4) -> Sheets:
    cells: list[list[Cell]] = [[], []]
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) % 2 == 0
        for number, page in enumerate(pdf.pages):
            box = [float(str(edge)) * 25.4 / 72 for edge in page.MediaBox]
            assert box[2:] == pytest.approx(size, abs=0.1)
            cells[number % 2] += cells_of(page, number // 2, size)
    return Sheets(path, size, tuple(cells[0]), tuple(cells[1]))


def cells_of(page: pikepdf.Page, sheet: int, size: tuple[float, float]) -> Iterator[Cell]:
    left, bottom = (size[0] - 2 * WIDTH) / 2, (size[1] - 4 * HEIGHT) / 2
    everything = pieces(page)
    for row in range(4):
        for column in range(2):
            x, y = left + column * WIDTH, bottom + (3 - row) * HEIGHT
            inside = [
                piece
                for piece in everything
                if x <= (piece.left + piece.right) / 2 <= x + WIDTH and y <= (piece.bottom + piece.top) / 2 <= y + HEIGHT
            ]
            if inside:
                yield Cell(sheet, x, y, tuple(inside))
    outside = [piece for piece in everything if not left <= piece.left <= left + 2 * WIDTH]
    assert outside == []


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build the bank's PDFs with some options; each set of options once."""
    folder = tmp_path_factory.mktemp("cards")
    (folder / "bank.md").write_text(bank(), encoding="utf-8")
    done: set[str] = set()

    def run(*options: str) -> Path:
        output = "-".join(["output", *options]).replace("--", "")
        if output not in done:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(folder)
                assert main(["build", "bank.md", "--only", "pdf", "-o", output, *options]) == 0
            done.add(output)
        return folder / output / "pdf"

    return run


@pytest.fixture(scope="module")
def cards(build: Callable[..., Path]) -> Sheets:
    return read(build() / "flashcards.pdf")


def behind(cell: Cell, size: tuple[float, float], flip: str) -> tuple[float, float]:
    """Lower left corner of the place behind a cell, as seen on the back's page."""
    if flip == "long":
        return size[0] - cell.left - WIDTH, cell.bottom
    return cell.left, size[1] - cell.bottom - HEIGHT


def meet(sheets: Sheets, flip: str) -> None:
    assert len(sheets.fronts) == len(sheets.backs)
    for front in sheets.fronts:
        x, y = behind(front, sheets.size, flip)
        (back,) = [
            cell
            for cell in sheets.backs
            if cell.sheet == front.sheet and (cell.left, cell.bottom) == pytest.approx((x, y), abs=0.1)
        ]
        assert back.label == front.label


# --- sides and places ------------------------------------------------------------------------------------


def test_a_sheet_turned_over_at_its_long_edge_has_every_back_behind_its_front(cards: Sheets) -> None:
    meet(cards, "long")
    assert all(piece.upright for cell in (*cards.fronts, *cards.backs) for piece in cell.pieces)


def test_a_sheet_turned_over_at_its_short_edge_has_them_so_too_and_upside_down(build: Callable[..., Path]) -> None:
    sheets = read(build("--flip", "short", "--top", "3") / "flashcards-top-3.pdf")
    meet(sheets, "short")
    assert all(piece.upright for cell in sheets.fronts for piece in cell.pieces)
    assert not any(piece.upright for cell in sheets.backs for piece in cell.pieces)


def test_letter_paper_has_room_for_as_many_cards(build: Callable[..., Path]) -> None:
    meet(read(build("--paper", "letter", "--top", "3") / "flashcards-top-3.pdf", LETTER), "long")


def test_text_keeps_off_the_cuts(cards: Sheets) -> None:
    for cell in (*cards.fronts, *cards.backs):
        for piece in cell.pieces:
            assert piece.left >= cell.left + EDGE - 0.1, piece
            assert piece.right <= cell.left + WIDTH - EDGE + 0.1, piece
            assert piece.bottom >= cell.bottom + EDGE - 2, piece
            assert piece.top <= cell.bottom + HEIGHT - EDGE + 1, piece


def test_a_back_is_text_of_one_face_only(cards: Sheets) -> None:
    for cell in (*cards.fronts, *cards.backs):
        assert len({piece.form for piece in cell.pieces}) == 1


# --- what is on them -------------------------------------------------------------------------------------


def sides(cells: Sequence[Cell], number: int) -> str:
    found = [cell for cell in cells if cell.label.split(" ")[0] == str(number)]
    return dense(" ".join(cell.text for cell in found))


def test_every_question_has_its_card_and_continuations_are_counted(cards: Sheets) -> None:
    labels = [cell.label for cell in cards.fronts]
    assert {int(label.split(" ")[0]) for label in labels} == set(range(1, len(QUESTIONS) + 1))
    assert sum("continued" not in label for label in labels) == len(QUESTIONS)
    for label in labels:
        if (counted := re.search(r"\((\d)/(\d)\)", label)) is not None:
            number, whole = label.split(" ")[0], int(counted[2])
            first = f"{number} (1/{whole})"
            assert [one for one in labels if one.split(" ")[0] == number] == [
                first,
                *(f"{number} continued ({part}/{whole})" for part in range(2, whole + 1)),
            ]


def test_every_key_point_and_answer_is_on_some_back(cards: Sheets) -> None:
    for number, (_, answer, points, _) in enumerate(QUESTIONS.values(), 1):
        text = sides(cards.backs, number)
        for point in (answer, *points):
            for words in re.split(r"\$\$.*?\$\$|\$.*?\$|==|`|\||---", point):
                assert dense(words) in text, (number, words)


def test_the_long_answer_has_all_its_words_on_its_cards(cards: Sheets) -> None:
    assert sides(cards.backs, 3).count("Muchtext.") == 40
    assert sides(cards.backs, 2).count("word") == 70 + 3  # each point has one more


def test_fronts_say_question_section_level_and_how_many_points_there_are(cards: Sheets) -> None:
    for number, (question, _, points, _) in enumerate(QUESTIONS.values(), 1):
        text = sides(cards.fronts, number)
        for words in re.split(r"\$.*?\$", question):
            assert dense(words) in text
        assert "Atopicwithaname" in text
        assert "senior" in text
        count = f"{len(points)}key{'point' if len(points) == 1 else 'points'}"
        assert (count in text) is bool(points)


def test_a_situation_is_on_the_front_whole(cards: Sheets) -> None:
    assert "twoways" in sides(cards.fronts, 6)
    assert all(f"Step{number}of" in sides(cards.fronts, 7) for number in range(1, 19))
    assert sides(cards.fronts, 9).count("value=compute(value)") == 12


def test_short_answers_are_set_larger_than_long_ones(cards: Sheets) -> None:
    def size(number: int) -> float:
        back = next(cell for cell in cards.backs if cell.label.split(" ")[0] == str(number))
        return max(piece.size for piece in back.pieces if not re.match(rf"{number}(?: |$)", piece.text))

    assert size(1) >= 9.9
    assert 6.9 <= size(2) < 9


def test_a_very_long_situation_is_left_to_the_guide(write: Write, decks: Decks) -> None:
    text = f"### What then? {{#then}}\n\nThis.\n\n#### Question\n\n{'A long tale. ' * 120}\n"
    folder = write({"a.md": text})
    assert decks("build", "a.md", "--only", "pdf").code == 0
    sheets = read(folder / "output" / "pdf" / "flashcards.pdf")
    assert [cell.label for cell in sheets.fronts] == ["1"]
    assert "studyguide,question1" in sides(sheets.fronts, 1)


def test_a_plain_list_without_key_points_and_survey_gives_cards(write: Write, decks: Decks) -> None:
    questions = "\n".join(f"{number}. What is thing {number}?\n\n   It is thing number {number}.\n" for number in range(1, 10))
    folder = write({"list.md": questions})
    assert decks("build", "list.md", "--only", "pdf").code == 0
    sheets = read(folder / "output" / "pdf" / "flashcards.pdf")
    assert len(sheets.fronts) == 9
    meet(sheets, "long")
    assert all(f"thingnumber{number}." in sides(sheets.backs, number) for number in range(1, 10))


# --- which cards -----------------------------------------------------------------------------------------


def test_the_first_fifty_have_cards_unless_more_are_asked_for(write: Write, decks: Decks) -> None:
    sections = "".join(
        f"# Part {part}\n\n" + "".join(f"## Is {part}-{number} so? {{#q-{part}-{number}}}\n\nYes.\n\n" for number in range(27))
        for part in ("one", "two")
    )
    folder = write({"content/deck.toml": 'bank = "many"\n', "content/a.md": sections})
    pdf = folder / "output" / "pdf"
    assert decks("build", "--only", "pdf").code == 0
    assert len(read(pdf / "flashcards.pdf").fronts) == 50
    assert decks("build", "--only", "pdf", "--section", "Part two").code == 0
    assert [cell.label for cell in read(pdf / "flashcards-part-two.pdf").fronts] == [str(number) for number in range(28, 55)]
    assert decks("build", "--only", "pdf", "--top", "52").code == 0
    assert len(read(pdf / "flashcards-top-52.pdf").fronts) == 52


# --- the file --------------------------------------------------------------------------------------------


def test_the_file_says_that_it_is_pdf_a_and_how_it_wants_to_be_printed(build: Callable[..., Path]) -> None:
    for options, name, edge in (
        ((), "flashcards.pdf", "/DuplexFlipLongEdge"),
        (("--flip", "short", "--top", "3"), "flashcards-top-3.pdf", "/DuplexFlipShortEdge"),
        ((), "flashcards-test-sheet.pdf", "/DuplexFlipLongEdge"),
    ):
        with pikepdf.open(build(*options) / name) as pdf:
            with pdf.open_metadata() as metadata:
                assert metadata.pdfa_status == "3U"
            assert len(pdf.Root.OutputIntents) == 1
            assert pdf.Root.ViewerPreferences.Duplex == edge
            assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
            assert str(pdf.Root.Lang) == "en"
            assert "flash cards" in str(pdf.docinfo["/Title"])


def test_the_same_input_gives_the_same_bytes(build: Callable[..., Path]) -> None:
    first = build("--top", "2")
    (ledger,) = first.parent.glob("*.ledger.json")  # its times are the dates that a PDF names
    other = first.parents[1] / "output-top-2-jobs-1"
    other.mkdir()
    shutil.copy(ledger, other)
    second = build("--top", "2", "--jobs", "1")
    for name in ("flashcards-top-2.pdf", "flashcards-test-sheet.pdf", "cheat-sheet-top-2.pdf"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


# --- the test sheet and what is corrected by it ------------------------------------------------------------


def found(page: pikepdf.Page, text: str) -> list[Piece]:
    return [piece for piece in pieces(page) if piece.text == text]


def middle(piece: Piece) -> tuple[float, float]:
    return (piece.left + piece.right) / 2, (piece.bottom + piece.top) / 2


def test_the_test_sheets_ruler_is_100_mm_and_its_scales_are_centred(build: Callable[..., Path]) -> None:
    with pikepdf.open(build() / "flashcards-test-sheet.pdf") as pdf:
        front, back = pdf.pages
        (zero,), (hundred,) = found(front, "0"), found(front, "100")
        assert middle(hundred)[0] - middle(zero)[0] == pytest.approx(100, abs=0.2)
        across = {number: min(found(back, str(number)), key=lambda piece: abs(middle(piece)[1] - 143)) for number in (-10, 10)}
        assert sum(middle(piece)[0] for piece in across.values()) / 2 == pytest.approx(A4[0] / 2, abs=0.3)
        text = dense(" ".join(piece.text for piece in pieces(front)))
        assert dense("this side up") in text
        assert dense("--flip short") in text
        assert "shift=" in text


@pytest.mark.parametrize(("flip", "sign"), [("long", 1), ("short", -1)])
def test_shift_moves_backs_as_their_reader_sees_it(flip: str, sign: int, write: Write, decks: Decks) -> None:
    settings = f'bank = "small"\n[flashcards]\nflip = "{flip}"\nshift = [1.5, -0.5]\n'
    folder = write({"content/deck.toml": settings, "content/a.md": "### What? {#what}\n\nThis.\n"})
    assert decks("build", "--only", "pdf").code == 0
    sheets = read(folder / "output" / "pdf" / "flashcards.pdf")
    (front,), (back,) = sheets.fronts, sheets.backs
    inset = min(piece.left for piece in front.pieces) - front.left
    if flip == "long":
        assert min(piece.left for piece in back.pieces) - back.left == pytest.approx(inset + 1.5, abs=0.05)
    else:
        right = max(piece.right for piece in back.pieces)
        assert back.left + WIDTH - right == pytest.approx(inset + 1.5, abs=0.05)
    with pikepdf.open(folder / "output" / "pdf" / "flashcards-test-sheet.pdf") as pdf:
        front_page, back_page = pdf.pages
        (zero,), (hundred,) = found(front_page, "0"), found(front_page, "100")
        assert (middle(zero)[0] + middle(hundred)[0]) / 2 == pytest.approx(A4[0] / 2, abs=0.3)
        ends = [piece for piece in pieces(back_page) if piece.text in ("-10", "10")]
        across = sorted(ends, key=lambda piece: middle(piece)[0])
        assert (middle(across[0])[0] + middle(across[-1])[0]) / 2 == pytest.approx(A4[0] / 2 + 1.5 * sign, abs=0.3)
        upward = sorted(middle(piece)[1] for piece in ends)
        assert (upward[0] + upward[-1]) / 2 == pytest.approx(A4[1] / 2 - 0.5 * sign, abs=0.6)


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ('flip = "top"', 3),
        ("shift = 2", 3),
        ("shift = [1]", 3),
        ("shift = [11, 0]", 3),
        ('shift = ["1", 0]', 3),
        ("turn = 1", 3),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(setting: str, line: int, write: Write, decks: Decks) -> None:
    write({"content/deck.toml": f'bank = "small"\n[flashcards]\n{setting}\n', "content/a.md": "### What? {#what}\n\nThis.\n"})
    run = decks("check")
    assert run.code == 1
    assert f"content/deck.toml:{line}: error config: " in run.out


def test_the_long_edge_is_expected_unless_the_settings_say_otherwise() -> None:
    assert Config().flashcards.flip == "long"
    assert Config().flashcards.shift == (0.0, 0.0)
