"""Page layout in processes of their own, with limits on memory and time: hostile input can take either without end."""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
from concurrent.futures import Future
from types import TracebackType

from generator.emit.pages import PdfError, Sheets
from generator.render.printed import PrintDocument

_Order = tuple[PrintDocument, int, bool, bool]
"""A document, the number of its first page, whether it gets tags, whether it is drawn."""
PAGES_PER_PROCESS = 1_500
"""After so many pages a layout process is replaced by a fresh one."""


class Press:
    """Lays out documents; its processes start when they are needed, and threads may share one.

    Use it as a context manager: the processes end with it.
    """

    def __init__(self) -> None:
        self._idle: list[_Layouter] = []
        self._kept: dict[_Order, Future[Sheets]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._lock:
            for layouter in self._idle:
                layouter.stop()
            self._idle.clear()

    def lay_out_once(self, document: PrintDocument, seconds: int, first_page: int) -> Sheets:
        """Like `lay_out`, but a document that was laid out before, with the same first page, is not laid out again."""
        order = (document, first_page, True, True)
        with self._lock:
            mine = order not in self._kept
            kept = self._kept.setdefault(order, Future())
        if mine:
            try:
                kept.set_result(self.lay_out(document, seconds, first_page))
            except BaseException as error:
                kept.set_exception(error)
        return kept.result()

    def lay_out(
        self, document: PrintDocument, seconds: int, first_page: int = 1, *, tagged: bool = True, draw: bool = True
    ) -> Sheets:
        """Lay out a document.

        Args:
            seconds: time after which the layout is given up.
            first_page: the number of its first page; an even one is a left-hand page.
            tagged: give the PDF its structure, for readers who hear it.
            draw: write the PDF; without, only the places are found out.

        Raises:
            PdfError: layout failed, or took more memory or time than allowed.
        """
        with self._lock:
            layouter = self._idle.pop() if self._idle else None
        layouter = layouter or _Layouter()
        try:
            sheets = layouter.lay_out((document, first_page, tagged, draw), seconds)
        except BaseException:
            layouter.stop()
            raise
        if layouter.pages > PAGES_PER_PROCESS:
            layouter.stop()
        else:
            with self._lock:
                self._idle.append(layouter)
        return sheets


class _Layouter:
    """A process that lays out one document after another."""

    def __init__(self) -> None:
        from generator.emit.pdf import serve

        context = multiprocessing.get_context("spawn")
        self.pages = 0
        self._folder = tempfile.TemporaryDirectory()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(self._folder.name, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def lay_out(self, order: _Order, seconds: int) -> Sheets:
        try:
            self._pipe.send(order)
            if not self._pipe.poll(seconds):
                raise PdfError(f'the layout of "{order[0].title}" took longer than {seconds} seconds')
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise PdfError("the layout process ended early, probably out of memory") from error
        if not isinstance(answer, Sheets):
            raise PdfError(str(answer))
        self.pages += answer.pages
        return answer

    def stop(self) -> None:
        self._pipe.close()
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._folder.cleanup()
