"""HTML and CSS -> laid out pages. The only file that imports weasyprint.

`serve` runs in a process of its own (`press.py`). It reads nothing but what it is given: no file, no network.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import resource
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from generator.emit.pages import Bookmark, Sheets, Spot
from generator.emit.tags import POINTS, mend_tags
from generator.fonts import font_faces, font_files, fontconfig
from generator.glyphs import printable_html
from generator.render.media import Media
from generator.render.printed import ASSET_SCHEME, PrintDocument

if TYPE_CHECKING:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

MEMORY_LIMIT = 6_000_000_000
"""Bytes of address space of a layout process (about 2,000 pages take 4 GB)."""
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}


def serve(folder: str, pipe: Connection) -> None:
    """Limits first, then fonts, then one layout after another until the other end closes.

    Args:
        folder: a temporary one, for the font settings and whatever WeasyPrint writes; who starts the process removes it.
        pipe: gives documents (with first page, whether tagged, whether drawn), takes `Sheets` or a reason why not.
    """
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    gc.set_threshold(200_000, 50, 100)  # layout makes millions of small objects
    # WeasyPrint unpacks its fonts into a temporary folder, which a process that is killed leaves behind.
    tempfile.tempdir = folder
    try:
        os.environ["FONTCONFIG_FILE"] = str(fontconfig(Path(folder)))
        while True:
            pipe.send(_answer(*pipe.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _answer(document: PrintDocument, first_page: int, tagged: bool, draw: bool) -> Sheets | str:
    """The pages, or why there are none."""
    try:
        return _layout(document, first_page, tagged, draw)
    except MemoryError:
        return "the layout needs more memory than allowed"
    except RecursionError:
        return "something is nested too deeply to be laid out"
    except Exception as error:  # whatever the layout engine raises becomes one line for the user
        return f"layout failed: {type(error).__name__}: {error}"


def _layout(document: PrintDocument, first_page: int, tagged: bool, draw: bool) -> Sheets:
    import weasyprint

    warnings = _Warnings()
    fetcher = _fetcher({item.name: _drawable(item) for item in document.media})
    fonts = _fonts()
    side = "html { break-before: left }" if first_page % 2 == 0 else ""
    text = f"{font_faces(ASSET_SCHEME)}{document.css}@page :first {{ counter-reset: page {first_page} }}{side}"
    css = weasyprint.CSS(string=text, url_fetcher=fetcher, font_config=fonts)
    # WeasyPrint wants some base address before it fetches a scheme of our own.
    page = weasyprint.HTML(string=printable_html(document.html), url_fetcher=fetcher, base_url=ASSET_SCHEME)
    laid_out = page.render(font_config=fonts, stylesheets=[css], pdf_tags=tagged, presentational_hints=False)
    name = hashlib.sha256(f"{document.html}{text}".encode()).hexdigest()[:16]
    data = b""
    if draw:
        data = laid_out.write_pdf(pdf_identifier=name.encode(), pdf_tags=tagged, finisher=lambda _, pdf: mend_tags(pdf, name))
    return Sheets(
        data=data,
        pages=len(laid_out.pages),
        anchors=_anchors(laid_out),
        bookmarks=tuple(
            Bookmark(level, label, _spot(number, sheet, point))
            for number, sheet in enumerate(laid_out.pages)
            for level, label, point, _ in sheet.bookmarks
        ),
        messages=tuple(warnings.messages),
    )


@cache
def _fonts() -> FontConfiguration:
    """The fonts of this process, unpacked once."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _anchors(laid_out: weasyprint.Document) -> Mapping[str, tuple[Spot, ...]]:
    found: dict[str, tuple[Spot, ...]] = {}
    for number, sheet in enumerate(laid_out.pages):
        for name, (left, top, _, bottom) in sheet.anchors.items():
            found[name] = (*found.get(name, ()), _spot(number, sheet, (left, top), bottom))
    return found


def _spot(number: int, sheet: weasyprint.Page, point: tuple[float, float], bottom: float | None = None) -> Spot:
    """A place in PDF's coordinates: points, from the lower left."""
    left, top = point
    lower = top if bottom is None else bottom
    x, y, foot = left * POINTS, (sheet.height - top) * POINTS, (sheet.height - lower) * POINTS
    return Spot(number, round(x, 2), round(y, 2), round(foot, 2))


def _drawable(item: Media) -> bytes:
    """An image's data; a drawing's text has only characters that can be printed."""
    return printable_html(item.data.decode()).encode() if item.name.endswith(".svg") else item.data


class _Warnings(logging.Handler):
    """Collects what WeasyPrint logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self]
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


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
