"""The command `decks`: one module a command, their arguments and what they print. The only package that prints.

Exit codes: 0 done, 1 problems in the content, 2 wrong usage. Heavy libraries are loaded by the commands
that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from generator.cli import build, check, importing, ledger, listing, rank, survey
from generator.cli.printing import DONE, PROBLEMS, USAGE, print_problems


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `decks` with the given arguments (default: the process's) and return its exit code."""
    whole = parser()
    options = whole.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] | None = getattr(options, "run", None)
    if run is None:
        whole.print_help(sys.stderr)
        return USAGE
    from generator.model import DecksError, UsageError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with _terminated():
            code = run(options)
            sys.stdout.flush()
            return code
    except DecksError as error:
        print_problems(error.problems)
        return PROBLEMS
    except UsageError as error:
        print(f"decks: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        remedy = "make room on the disk and build again" if full else "check the path and its permissions"
        print(f"decks: {error.filename or 'a file'}: {error.strerror or error}; {remedy}", file=sys.stderr)
        return PROBLEMS
    except _Terminated:
        print("decks: terminated; the last outputs are untouched", file=sys.stderr)
        return 128 + signal.SIGTERM
    except KeyboardInterrupt:
        print("decks: interrupted; the last outputs are untouched", file=sys.stderr)
        return 128 + signal.SIGINT


class _Terminated(BaseException):
    """Somebody ended the process, as CI does with a job that takes too long."""


@contextmanager
def _terminated() -> Iterator[None]:
    """Turn the signal TERM into an exception, so that temporary files are removed as after Ctrl-C."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise _Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="decks",
        description="Turn Markdown banks of interview questions into Anki decks and printed study guides.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  decks build            build everything from content/ into output/",
    )
    commands = whole.add_subparsers(title="commands", metavar="COMMAND")
    for module in (build, listing, check, importing, rank, survey, ledger):
        module.add(commands)
    return whole
