"""How long a study guide takes in chapters that are merged, beside the same questions in one document.

The bank's questions are multiplied. CPU seconds of the layout processes are counted, which other work on the machine
changes little. Options: number of questions.

    .venv/bin/python benchmarks/print.py 250
"""

from __future__ import annotations

import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf

from generator.content import load
from generator.emit.merge import merged
from generator.emit.press import Press
from generator.model import Ranked
from generator.outputs.binding import write_book
from generator.render.book import Book, plan_book
from generator.render.guide import chapter_document
from generator.render.media import MediaStore
from generator.render.question import render_question

CONTENT = Path(__file__).parents[1] / "content"
SECONDS = 3_000


def large_book(count: int) -> Book:
    """A book of that many questions: those of the content again and again, with ids of their own."""
    content = load([CONTENT])
    store = MediaStore(content.root)
    originals = [ranked for ranked in content.ranking().questions if ranked.question.answered]
    rendered = {ranked.question.id: render_question(ranked.question, store) for ranked in originals}
    copies: list[Ranked] = []
    html = {}
    for number in range(count):
        ranked = originals[number * len(originals) // count]
        identity = f"copy-{number}"
        copies.append(replace(ranked, question=replace(ranked.question, id=identity, needs=())))
        html[identity] = rendered[ranked.question.id]
    return plan_book("Study guide", content.bank, copies, html, content.config, content.survey, 1_700_000_000)


def in_chapters(book: Book, path: Path) -> None:
    """As the program does it."""
    with Press() as press:
        write_book(path, book, press)


def in_one(book: Book, path: Path) -> None:
    """All chapters as one document, without contents and indexes."""
    documents = [chapter_document(book, chapter) for chapter in book.chapters]
    bodies = [re.sub(r"(?s)^.*?<body[^>]*>|</body>.*$", "", document.html) for document in documents]
    media = tuple({item.name: item for document in documents for item in document.media}.values())
    html = re.sub(r"(?s)(<body[^>]*>).*(</body>)", lambda match: match[1] + "\n".join(bodies) + match[2], documents[0].html)
    with Press() as press:
        sheets = press.lay_out(replace(documents[0], html=html, media=media), SECONDS)
    path.write_bytes(merged((sheets,), book.about))


def cost(work: Callable[[Book, Path], None], book: Book, path: Path) -> tuple[float, float]:
    """CPU seconds (this process and those it started) and wall seconds."""

    def used() -> float:
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    cpu, wall = used(), time.perf_counter()
    work(book, path)
    return used() - cpu, time.perf_counter() - wall


def main(count: int = 250) -> None:
    """Time both and print the ratio."""
    book = large_book(count)
    with tempfile.TemporaryDirectory() as folder:
        totals = {}
        for name, work in (("chapters, merged", in_chapters), ("one document", in_one)):
            path = Path(folder) / "book.pdf"
            cpu, wall = cost(work, book, path)
            with pikepdf.open(path) as pdf:
                pages = len(pdf.pages)
            totals[name] = cpu
            print(
                f"{name:18} {count} questions, {pages} pages, {path.stat().st_size / 1e6:.1f} MB: {cpu:.1f} s CPU, {wall:.1f} s"
            )
    print(f"ratio of CPU time {totals['chapters, merged'] / totals['one document']:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
