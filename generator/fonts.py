"""The fonts of print, from installed packages: nothing depends on what the machine has."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

_SERIF = ("font_source_serif_pro", "files")
_SANS = ("font_source_sans_pro", "files")
_MONO = ("matplotlib", "mpl-data/fonts/ttf")
_MATH = ("ziamath", "fonts")
MATH_FILE = "STIXTwoMath-Regular.ttf"
"""The font of formulas; in text it helps out with signs that the others lack."""

FACES: tuple[tuple[str, str, str, tuple[str, str], str], ...] = (
    ("Book Serif", "400", "normal", _SERIF, "SourceSerifPro-Regular.otf"),
    ("Book Serif", "400", "italic", _SERIF, "SourceSerifPro-It.otf"),
    ("Book Serif", "700", "normal", _SERIF, "SourceSerifPro-Bold.otf"),
    ("Book Serif", "700", "italic", _SERIF, "SourceSerifPro-BoldIt.otf"),
    ("Book Sans", "400", "normal", _SANS, "SourceSansPro-Regular.otf"),
    ("Book Sans", "400", "italic", _SANS, "SourceSansPro-It.otf"),
    ("Book Sans", "600", "normal", _SANS, "SourceSansPro-Semibold.otf"),
    ("Book Sans", "700", "normal", _SANS, "SourceSansPro-Bold.otf"),
    # Figures name this family; a figure looks the same here and in a browser that has it.
    ("Source Sans 3", "400", "normal", _SANS, "SourceSansPro-Regular.otf"),
    ("Source Sans 3", "600", "normal", _SANS, "SourceSansPro-Semibold.otf"),
    ("Source Sans 3", "700", "normal", _SANS, "SourceSansPro-Bold.otf"),
    ("Book Mono", "400", "normal", _MONO, "DejaVuSansMono.ttf"),
    ("Book Mono", "700", "normal", _MONO, "DejaVuSansMono-Bold.ttf"),
    ("Book Mono", "400", "italic", _MONO, "DejaVuSansMono-Oblique.ttf"),
    ("Book Symbols", "400", "normal", _MONO, "DejaVuSans.ttf"),
    ("Book Symbols", "700", "normal", _MONO, "DejaVuSans-Bold.ttf"),
    ("Book Math", "400", "normal", _MATH, MATH_FILE),
)
"""Family, weight, style, package and folder, file."""

FALLBACKS = ("Book Symbols", "Book Math")
"""Families that are asked, in this order, for a character that those of the style sheet lack."""


@cache
def _folder(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {package}, which brings fonts, is not installed")
    return Path(spec.submodule_search_locations[0]) / inside


def font_files() -> dict[str, Path]:
    """File name -> path of every font face.

    Raises:
        FileNotFoundError: a package that brings fonts is not installed.
    """
    return {file: _folder(*source) / file for _, _, _, source, file in FACES}


def font_faces(scheme: str) -> str:
    """The `@font-face` rules; addresses are `scheme` plus the file name."""
    rule = '@font-face {{ font-family: "{}"; font-weight: {}; font-style: {}; src: url("{}{}") }}'
    return "\n".join(rule.format(family, weight, style, scheme, file) for family, weight, style, _, file in FACES)


def fontconfig(folder: Path) -> Path:
    """Write a fontconfig file into `folder` that knows only the bundled fonts, and return its path."""
    (folder / "fonts").mkdir(exist_ok=True)
    for name, path in font_files().items():
        link = folder / "fonts" / name
        if not link.exists():
            link.symlink_to(path)
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{folder / 'fonts'}</dir><cachedir>{folder / 'cache'}</cachedir>"
        '<match target="pattern"><edit name="family" mode="append_last" binding="weak">'
        f"{''.join(f'<string>{family}</string>' for family in FALLBACKS)}</edit></match></fontconfig>",
        encoding="utf-8",
    )
    return file
