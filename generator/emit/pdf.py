"""HTML -> PDF, the same bytes for the same input. The only file that imports weasyprint.

The writer runs in a process of its own with limits on memory and time, because page layout of hostile
input can take either without end. It reads nothing but what it is given: no file, no network.
"""

from __future__ import annotations

import gc
import hashlib
import io
import logging
import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pikepdf

from generator.emit.fonts import font_faces, font_files, fontconfig
from generator.glyphs import printable_html
from generator.render.guide import ASSET_SCHEME, PrintDocument
from generator.render.media import Media

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import weasyprint

MEMORY_LIMIT = 6_000_000_000
"""Bytes of address space of the writing process (about 2,000 pages take 4 GB)."""
MM_PER_PIXEL = 25.4 / 96
BODY_ANCHOR = "body-start"
"""The element whose page is page 1; the pages before it have roman numerals."""
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}


class PdfError(Exception):
    """The PDF could not be written; the message says why."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A laid out document."""

    pdf: bytes
    anchors: Mapping[str, tuple[tuple[int, float, float], ...]]
    """Id of an element -> page index (from 0), top and bottom in mm from the page's top, for each page that it is on."""
    warnings: tuple[str, ...]


class Layouter:
    """A process of its own that lays out one document after the other; use it with `with`."""

    def __init__(self, seconds: int) -> None:
        """`seconds` is the time after which a layout is given up."""
        self.seconds = seconds

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("spawn")
        self._folder = tempfile.TemporaryDirectory()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_child, args=(theirs, self._folder.name), daemon=True)
        self._process.start()
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._folder.cleanup()

    def lay_out(self, document: PrintDocument, tagged: bool = True) -> LaidOut:
        """Lay out a single sheet or a few as PDF/A-3u, and say where every element with an id came to stand.

        Args:
            tagged: give the PDF its structure, for readers who hear it.

        Raises:
            PdfError: layout failed, or took more memory or time than allowed.
        """
        return self.run(partial(_sheets, tagged), document)

    def measure(self, document: PrintDocument) -> LaidOut:
        """Only find out where every element with an id would come to stand; no PDF is written.

        Raises:
            PdfError: as `lay_out`.
        """
        return self.run(_places, document)

    def run(self, task: Callable[[PrintDocument], LaidOut], document: PrintDocument) -> LaidOut:
        """Do a task with a document in the process."""
        try:
            self._pipe.send((task, document))
            answer = self._pipe.recv() if self._pipe.poll(self.seconds) else None
        except (EOFError, ConnectionError):
            answer = "the layout process ended early, probably out of memory"
        if answer is None:
            self._process.kill()
            raise PdfError(f'the layout of "{document.title}" took longer than {self.seconds} seconds')
        if not isinstance(answer, LaidOut):
            raise PdfError(answer)
        return answer


def write_pdf(path: Path, document: PrintDocument, seconds: int) -> tuple[str, ...]:
    """Lay out a document and write it to `path`.

    Args:
        seconds: time after which the layout is given up.

    Returns WeasyPrint's warnings (a style or image it could not use).

    Raises:
        PdfError: layout failed, or took more memory or time than allowed.
    """
    with Layouter(seconds) as layouter:
        laid_out = layouter.run(_book, document)
    path.write_bytes(laid_out.pdf)
    return laid_out.warnings


def _child(pipe: Connection, folder: str) -> None:
    """Runs in the process of its own: limits first, then fonts, then one layout after the other."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    gc.set_threshold(200_000, 50, 100)  # layout makes millions of small objects
    while True:
        try:
            task, document = pipe.recv()
        except EOFError:
            return
        pipe.send(_done(task, document, Path(folder)))


def _done(task: Callable[[PrintDocument], LaidOut], document: PrintDocument, folder: Path) -> LaidOut | str:
    """What a task gives, or why it failed."""
    try:
        os.environ["FONTCONFIG_FILE"] = str(fontconfig(folder))
        warnings = _Warnings()
        return replace(task(document), warnings=tuple(warnings.messages))
    except MemoryError:
        return "the layout needs more memory than allowed"
    except RecursionError:
        return "something is nested too deeply to be laid out"
    except Exception as error:  # whatever the layout engine raises becomes one line for the user
        return f"layout failed: {type(error).__name__}: {error}"


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self]
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _book(document: PrintDocument) -> LaidOut:
    laid_out = _rendered(document)
    front = next((number for number, sheet in enumerate(laid_out.pages) if BODY_ANCHOR in sheet.anchors), 0)
    raw = laid_out.write_pdf(pdf_identifier=_identifier(document), pdf_tags=True)
    return LaidOut(_finished(raw, front), _anchors(laid_out), ())


def _sheets(tagged: bool, document: PrintDocument) -> LaidOut:
    laid_out = _rendered(document)
    pdf = laid_out.write_pdf(pdf_identifier=_identifier(document), pdf_tags=tagged, pdf_variant="pdf/a-3u")
    return LaidOut(pdf, _anchors(laid_out), ())


def _places(document: PrintDocument) -> LaidOut:
    return LaidOut(b"", _anchors(_rendered(document)), ())


def _rendered(document: PrintDocument) -> weasyprint.Document:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher({item.name: _drawable(item) for item in document.media})
    fonts = FontConfiguration()
    css = weasyprint.CSS(string=font_faces(ASSET_SCHEME) + document.css, url_fetcher=fetcher, font_config=fonts)
    # WeasyPrint wants some base address before it fetches a scheme of our own.
    page = weasyprint.HTML(string=printable_html(document.html), url_fetcher=fetcher, base_url=ASSET_SCHEME)
    return page.render(font_config=fonts, stylesheets=[css], pdf_tags=True, presentational_hints=False)


def _identifier(document: PrintDocument) -> bytes:
    return hashlib.sha256((document.html + document.css).encode()).digest()[:16]


def _anchors(laid_out: weasyprint.Document) -> dict[str, tuple[tuple[int, float, float], ...]]:
    found: dict[str, tuple[tuple[int, float, float], ...]] = {}
    for number, page in enumerate(laid_out.pages):
        for name, (_, top, _, bottom) in page.anchors.items():
            found[name] = (*found.get(name, ()), (number, top * MM_PER_PIXEL, bottom * MM_PER_PIXEL))
    return found


def _drawable(item: Media) -> bytes:
    """An image's data; a drawing's text has only characters that can be printed."""
    return printable_html(item.data.decode()).encode() if item.name.endswith(".svg") else item.data


def _fetcher(images: Mapping[str, bytes]) -> weasyprint.urls.URLFetcher:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    files = font_files()

    class Confined(URLFetcher):
        """Knows the document's own images and fonts by name, and inline data; refuses all else."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            name = url.removeprefix(ASSET_SCHEME)
            if url.startswith(ASSET_SCHEME) and name in images:
                return URLFetcherResponse(url, images[name], {"Content-Type": _TYPES.get(Path(name).suffix, "image/webp")})
            if url.startswith(ASSET_SCHEME) and name in files:
                return URLFetcherResponse(url, files[name].read_bytes(), {"Content-Type": "font/otf"})
            raise ValueError(f"refused: {url[:100]}")

    return Confined(allowed_protocols=("data",))


def _finished(raw: bytes, front_pages: int) -> bytes:
    """The PDF with page labels: roman for the front matter, then 1, 2, 3."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        labels = [0, pikepdf.Dictionary(S=pikepdf.Name.r)] if front_pages else []
        labels += [front_pages, pikepdf.Dictionary(S=pikepdf.Name.D, St=1)]
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(labels))
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()
