"""Put one page of every kind that is printed on a contact sheet, for the README and for looking at after a change.

make decks
.venv/bin/python tools/contact_sheet.py output/pdf docs/images/print-contact-sheet.png
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw

WIDTH, GAP, COLUMNS = 400, 14, 5
"""Pixels of a page and between pages; pages in a row."""
CODE = re.compile(r"^(import|def|class|print\()", re.MULTILINE)


def main(folder: Path, target: Path) -> int:
    """Write the contact sheet of the PDFs in a folder."""
    pages = [picture(folder / name, number) for name, number in chosen(folder)]
    height = max(page.height for page in pages)
    rows = -(-len(pages) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (height + GAP) + GAP), "#8a939c")
    for place, page in enumerate(pages):
        row, column = divmod(place, COLUMNS)
        sheet.paste(page, (GAP + column * (WIDTH + GAP), GAP + row * (height + GAP)))
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(target, optimize=True)
    return 0


def chosen(folder: Path) -> Iterator[tuple[str, int]]:
    """File and page index of each kind of page that is there."""
    guide = folder / "study-guide.pdf"
    with pikepdf.open(guide) as pdf:
        place = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        names = {str(name): place[spot[0].objgen] for name, spot in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
        tags = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"]
        tables = [place[tag.Pg.objgen] for tag in tags if tag.S == "/Table"]
        words = [(place[tag.Pg.objgen], str(tag.get("/Alt", ""))) for tag in tags if tag.S == "/Figure"]
        figures = [number for number, alt in words if len(alt) > 40 and "\\" not in alt]
        formulas = [number for number, alt in words if "\\frac" in alt]
    texts = text_of(guide)
    body = range(names["body-start"] + 1, len(texts))
    kinds = [
        0,
        names.get("contents"),
        names["body-start"],
        next((number for number in body if CODE.search(texts[number])), None),
        *(next(iter(sorted(set(numbers) & set(body))), None) for numbers in (tables, figures, formulas)),
        names.get("index-terms"),
        names.get("sources"),
    ]
    yield from ((guide.name, number) for number in dict.fromkeys(kinds) if number is not None)
    handouts = sorted((folder / "handouts").glob("*.pdf"))
    yield from ((f"handouts/{path.name}", number) for path in handouts[:1] for number in (0, 1))
    for name, numbers in (("cheat-sheet.pdf", (0,)), ("flashcards.pdf", (0, 1))):
        if (folder / name).is_file():
            yield from ((name, number) for number in numbers)


def text_of(path: Path) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def picture(path: Path, number: int) -> Image.Image:
    """A page as a picture with a thin edge."""
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[min(number, len(pdf) - 1)]
        image = page.render(scale=2.5 * WIDTH / page.get_size()[0]).to_pil().convert("RGB")
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    ImageDraw.Draw(image).rectangle((0, 0, image.width - 1, image.height - 1), outline="#6b747d")
    return image


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
