"""What the outputs were made from, so that a second build with nothing changed does no work."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from generator.files import write_text
from generator.render.templates import template_files

_LIBRARIES = (
    "genanki",
    "jinja2",
    "weasyprint",
    "markdown",
    "markdown-it-py",
    "pymdown-extensions",
    "pygments",
    "ziamath",
    "pikepdf",
    "pydyf",
    "matplotlib",
    "font-source-sans-pro",
    "font-source-serif-pro",
    "nh3",
    "smartypants",
)


def fingerprint(files: Sequence[Path], settings: Sequence[str]) -> str:
    """A hash of everything a build depends on but its images: input files, settings, program, libraries."""
    whole = hashlib.sha256()
    program = Path(__file__).parent
    for path in (*files, *sorted(program.rglob("*.py")), *template_files()):
        whole.update("/".join(path.parts[-3:]).encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest() if path.exists() else b"none")
    whole.update("\0".join([*settings, sys.version, *map(_version, _LIBRARIES)]).encode())
    return whole.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


class State:
    """What the last builds into an output folder were made from; a broken file only costs a rebuild."""

    def __init__(self, path: Path, entries: dict[str, dict[str, object]]) -> None:
        self.path = path
        self.entries = entries

    @classmethod
    def read(cls, path: Path) -> State:
        """Read the file; one that is not there or broken is taken as empty."""
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            entries = {}
        valid = isinstance(entries, dict) and all(isinstance(entry, dict) for entry in entries.values())
        return cls(path, entries if valid else {})

    def outputs(self, key: str) -> list[str]:
        """Names of the outputs that the build `key` made, below the output folder."""
        found = self.entries.get(key, {}).get("outputs", {})
        return sorted(found) if isinstance(found, dict) else []

    def remove_stale(self, key: str, written: Sequence[str], output: Path) -> None:
        """Remove what the last build `key` made and this one no longer does (a section that was renamed).

        Left alone: files that changed since, so are somebody's own, and those that another build made too.
        """
        before = self.entries.get(key, {}).get("outputs", {})
        others = {name for other in self.entries if other != key for name in self.outputs(other)}
        for name, value in before.items() if isinstance(before, dict) else ():
            path = output / name
            inside = path.resolve().is_relative_to(output.resolve())
            if name in {*written, *others} or not inside or value is None or _file_hash(path) != value:
                continue
            path.unlink()
            if path.parent != output and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def is_current(self, key: str, fingerprint: str, output: Path) -> bool:
        """True when neither what the build `key` was made from nor what it made has changed since."""
        entry = self.entries.get(key, {})
        outputs, images = entry.get("outputs"), entry.get("images")
        if entry.get("fingerprint") != fingerprint or not isinstance(outputs, dict) or not isinstance(images, dict):
            return False
        made = all(_file_hash(output / name) == value for name, value in outputs.items())
        return made and all(_file_hash(Path(name)) == value for name, value in images.items())

    def record(self, key: str, fingerprint: str, outputs: Sequence[str], images: Sequence[Path], output: Path) -> None:
        """Remember what a build was made from and what it made, and write the file."""
        self.entries[key] = {
            "fingerprint": fingerprint,
            "outputs": {name: _file_hash(output / name) for name in outputs},
            "images": {str(path): _file_hash(path) for path in images},
        }
        write_text(self.path, json.dumps(self.entries, indent=1, sort_keys=True))


def _file_hash(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
