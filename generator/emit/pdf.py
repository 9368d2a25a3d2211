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
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from generator.emit.fonts import font_faces, font_files, fontconfig
from generator.glyphs import printable_html
from generator.render.guide import ASSET_SCHEME, PrintDocument
from generator.render.media import Media

if TYPE_CHECKING:
    import weasyprint

MEMORY_LIMIT = 6_000_000_000
"""Bytes of address space of the writing process (about 2,000 pages take 4 GB)."""
BODY_ANCHOR = "body-start"
"""The element whose page is page 1; the pages before it have roman numerals."""
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}


class PdfError(Exception):
    """The PDF could not be written; the message says why."""


def write_pdf(path: Path, document: PrintDocument, seconds: int) -> tuple[str, ...]:
    """Lay out a document and write it to `path`.

    Args:
        seconds: time after which the layout is given up.

    Returns WeasyPrint's warnings (a style or image it could not use).

    Raises:
        PdfError: layout failed, or took more memory or time than allowed.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        process = context.Process(target=_child, args=(str(path), document, folder, sender), daemon=True)
        process.start()
        sender.close()
        try:
            answer = receiver.recv() if receiver.poll(seconds) else None
        except EOFError:
            answer = ("failed", ("the layout process ended early, probably out of memory",))
        finally:
            if process.is_alive():
                process.join(5)
            if process.is_alive():
                process.kill()
            process.join()
    if answer is None:
        raise PdfError(f"the layout of {path.name} took longer than {seconds} seconds")
    state, messages = answer
    if state != "done":
        raise PdfError("; ".join(messages))
    return tuple(messages)


def _child(path: str, document: PrintDocument, folder: str, sender: object) -> None:
    """Runs in the process of its own: limits first, then fonts, then layout."""
    send = sender.send  # type: ignore[attr-defined]
    try:
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        os.environ["FONTCONFIG_FILE"] = str(fontconfig(Path(folder)))
        gc.set_threshold(200_000, 50, 100)  # layout makes millions of small objects
        warnings = _Warnings()
        data = _layout(document)
        Path(path).write_bytes(data)
        send(("done", tuple(warnings.messages)))
    except MemoryError:
        send(("failed", ("the layout needs more memory than allowed",)))
    except RecursionError:
        send(("failed", ("something is nested too deeply to be laid out",)))
    except Exception as error:  # whatever the layout engine raises becomes one line for the user
        send(("failed", (f"layout failed: {type(error).__name__}: {error}",)))


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self]
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _layout(document: PrintDocument) -> bytes:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher({item.name: _drawable(item) for item in document.media})
    fonts = FontConfiguration()
    css = weasyprint.CSS(string=font_faces(ASSET_SCHEME) + document.css, url_fetcher=fetcher, font_config=fonts)
    # WeasyPrint wants some base address before it fetches a scheme of our own.
    page = weasyprint.HTML(string=printable_html(document.html), url_fetcher=fetcher, base_url=ASSET_SCHEME)
    laid_out = page.render(font_config=fonts, stylesheets=[css], pdf_tags=True, presentational_hints=False)
    front = next((number for number, sheet in enumerate(laid_out.pages) if BODY_ANCHOR in sheet.anchors), 0)
    identifier = hashlib.sha256((document.html + document.css).encode()).digest()[:16]
    raw = laid_out.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    return _finished(raw, front)


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
