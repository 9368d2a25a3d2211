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
        self._all: set[_Layouter] = set()
        self._idle: list[_Layouter] = []
        self._stopped = False
        self._kept: dict[_Order, Future[Sheets]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End all processes, also those at work; what they were to lay out fails with `PdfError`."""
        with self._lock:
            self._stopped = True
            ended = list(self._all)
            self._idle.clear()
        for layouter in ended:
            layouter.stop()

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
            PdfError: layout failed, took more memory or time than allowed, or was stopped.
        """
        layouter = self._take()
        try:
            sheets = layouter.lay_out((document, first_page, tagged, draw), seconds)
        except BaseException:
            self._retire(layouter)
            raise
        if layouter.pages > PAGES_PER_PROCESS:
            self._retire(layouter)
        else:
            with self._lock:
                self._idle.append(layouter)
        return sheets

    def _take(self) -> _Layouter:
        with self._lock:
            if self._stopped:
                raise PdfError("the layout was stopped")
            layouter = self._idle.pop() if self._idle else _Layouter()
            self._all.add(layouter)
        return layouter

    def _retire(self, layouter: _Layouter) -> None:
        with self._lock:
            self._all.discard(layouter)
        layouter.stop()


class _Layouter:
    """A process that lays out one document after another."""

    def __init__(self) -> None:
        from generator.emit.pdf import serve

        context = multiprocessing.get_context("spawn")
        self.pages = 0
        self._folder = tempfile.TemporaryDirectory()
        self._ending = threading.Lock()
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
        with self._ending:  # a thread that waits for an answer gets the pipe's end, and may come here too
            if self._process.is_alive():
                self._process.kill()
            self._process.join()
            self._folder.cleanup()
