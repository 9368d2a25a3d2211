"""Markdown -> Bank."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from generator.config import Config
from generator.model import Bank, Place, Problem, Question, Severity, SourceFile
from generator.read import layouts
from generator.read.canonical import Reading, is_canonical, read_canonical
from generator.read.document import Document, UnreadableFileError, parse_document, read_text
from generator.read.faults import faults
from generator.read.identity import slug
from generator.read.layouts.titles import titles


def bank_files(content: Path) -> tuple[Path, ...]:
    """The question files of a content folder: its top-level *.md, README.md skipped, in order of name."""
    found = (
        path for path in content.glob("*.md") if path.name.lower() != "readme.md" and (path.is_file() or path.is_symlink())
    )
    return tuple(sorted(found, key=lambda path: path.name))


def read_bank(files: Sequence[Path], root: Path, config: Config, layout: str | None = None) -> Bank:
    """Read question files into one bank.

    Args:
        files: the Markdown files, in the bank's order.
        root: the folder that images may come from.
        config: its settings; without a `bank`, slug and title come from the first file.
        layout: name of the layout that files without ids are read by; None chooses.

    Problems (unreadable files included) are collected in `Bank.problems`, nothing is raised.
    """
    questions: list[Question] = []
    sources: list[SourceFile] = []
    problems: list[Problem] = []
    title = config.title
    for path in files:
        name = display_name(path)
        try:
            text = read_text(path)
            document = parse_document(text, name)
        except UnreadableFileError as error:
            place = Place(name, error.line)
            problems.append(Problem(place, "unreadable", Severity.ERROR, str(error), error.remedy))
            continue
        name_of_layout, share, reading = _read_document(document, config, layout)
        title = title or _title(document)
        questions += reading.questions
        found = faults(document, reading.questions, name_of_layout)
        problems += [*document.problems, *reading.problems, *found]
        sources.append(SourceFile(path, name, name_of_layout, share))
    fallback = files[0].stem if files else root.name
    title = title or fallback
    bank_slug = config.bank or slug(title) or slug(fallback) or "questions"
    return Bank(bank_slug, title, root, tuple(questions), tuple(sources), tuple(problems))


def _read_document(document: Document, config: Config, forced: str | None) -> tuple[str, float, Reading]:
    if forced is None and is_canonical(document):
        return "canonical", 1.0, read_canonical(document, config.reserved)
    choice = layouts.choose(document, forced)
    reading = layouts.read(document, choice)
    return (choice.layout.name, choice.share, reading) if choice else ("none", 0.0, reading)


def _title(document: Document) -> str | None:
    return next((heading.text for heading in titles(document) if heading.level == 1), None)


def display_name(path: Path) -> str:
    """The path as a user would type it: relative to the working folder where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return relative if not relative.startswith("..") else str(path)
