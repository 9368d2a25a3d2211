"""Jinja environment and the files of `templates/`, from the checkout or from inside the wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup


@lru_cache(maxsize=1)
def templates_folder() -> Path:
    """Where the templates are: inside the installed package, else beside it in the checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def read_template(name: str) -> str:
    """The text of a template file that is not Jinja's (Anki's card layouts, CSS)."""
    return (templates_folder() / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Jinja with escaping always on and undefined names an error. Content is only ever a value, never a template."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **values: object) -> str:
    """Fill a Jinja template; values that are `Markup` stay HTML, all others are escaped."""
    return environment().get_template(name).render(**values).strip()


def safe(html: str) -> Markup:
    """Mark HTML that came out of the sanitiser as not to be escaped again."""
    return Markup(html)  # noqa: S704
