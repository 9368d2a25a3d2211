"""Jinja environment and the files of `templates/`, from the checkout or from inside the wheel, or the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import jinja2
import jinja2.sandbox
from markupsafe import Markup

from generator.model import DecksError, Place, Problem, Severity

_OWN: ContextVar[Path | None] = ContextVar("templates of the user", default=None)


@lru_cache(maxsize=1)
def templates_folder() -> Path:
    """Where the program's templates are: inside the installed package, else beside it in the checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@contextmanager
def overridden(folder: Path | None) -> Iterator[None]:
    """Inside the block, files of this folder take the place of the program's templates of the same name."""
    token = _OWN.set(folder)
    try:
        yield
    finally:
        _OWN.reset(token)


def template_files() -> tuple[Path, ...]:
    """Every file that an output may be made with, the user's included."""
    folders = [folder for folder in (templates_folder(), _OWN.get()) if folder is not None]
    return tuple(path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def read_template(name: str) -> str:
    """The text of a template file that is not Jinja's (Anki's card layouts, CSS).

    Raises:
        DecksError: the user's file is not UTF-8 text.
    """
    own = _OWN.get()
    if own is not None and (own / name).is_file():
        try:
            return (own / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _failure(own / name, 0, f"can't be read ({error})", "save it as UTF-8 text") from error
    return (templates_folder() / name).read_text(encoding="utf-8")


def colour_tokens() -> dict[str, str]:
    """The colours of tokens.css by name, as `#rrggbb`."""
    return _colours(read_template("tokens.css"))


@lru_cache(maxsize=4)
def _colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,8})\s*;", css))


@lru_cache(maxsize=4)
def environment(own: Path | None = None) -> jinja2.Environment:
    """Jinja, sandboxed, with escaping always on and undefined names an error. Content is only ever a value.

    Args:
        own: a folder of the user's, searched first.
    """
    folders = [folder for folder in (own, templates_folder()) if folder is not None]
    return jinja2.sandbox.ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **values: object) -> str:
    """Fill a Jinja template; values that are `Markup` stay HTML, all others are escaped.

    Raises:
        DecksError: a template of the user's is wrong; says in which line.
    """
    own = _OWN.get()
    if own is None:
        return environment().get_template(name).render(**values).strip()
    try:
        return environment(own).get_template(name).render(**values).strip()
    except jinja2.TemplateSyntaxError as error:
        raise _failure(Path(error.filename or name), error.lineno, str(error.message), "correct the template") from error
    except (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        path, line = _where(error, own)
        remedy = "docs/templates.md has the names that each template knows"
        raise _failure(path or own / name, line, f"the template fails: {error}", remedy) from error


def _where(error: Exception, own: Path) -> tuple[Path | None, int]:
    """File and line of the innermost template in an error's traceback, of the user's where there is one."""
    found: list[tuple[Path, int]] = []
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith((".html", ".css")):
            found.append((Path(name), trace.tb_lineno))
        trace = trace.tb_next
    mine = [place for place in found if place[0].is_relative_to(own)]
    return next(reversed(mine or found), (None, 0))


def _failure(path: Path, line: int, message: str, remedy: str) -> DecksError:
    return DecksError((Problem(Place(str(path), line), "template", Severity.ERROR, message, remedy),))


def safe(html: str) -> Markup:
    """Mark HTML that came out of the sanitiser as not to be escaped again."""
    return Markup(html)  # noqa: S704
