"""Bank -> canonical Markdown files, one per section: what `decks import` writes.

Nothing is lost: answers keep their words, code, tables, images and lists; only numbering, answer labels and
heading levels change. Importing again updates what the author has not edited, and leaves edits alone.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rapidfuzz import fuzz

from generator.check import count_words
from generator.config import Config
from generator.files import write_text
from generator.markup import commonmark
from generator.markup.inline import plain_text
from generator.model import Bank, Problem, Question, Severity
from generator.read.canonical import read_canonical
from generator.read.document import parse_document, read_text
from generator.read.identity import slug
from generator.render.media import MediaError, MediaStore

MEMORY = "import.toml"
QUESTION_LEVEL = 3
PART_LEVEL = 4
SAME = 85.0
"""Similarity (rapidfuzz ratio) from which a reworded question of the source keeps its id."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an import wrote for a question."""

    source: str
    """Hash of the question as read from the source."""
    written: str
    """Hash of the Markdown that was written for it."""
    text: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    files: tuple[Path, ...]
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass
class _Target:
    """The files as they are being put together."""

    folder: Path
    lines: dict[str, list[str]] = field(default_factory=dict)
    """File name -> lines."""
    headings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """File name -> the headers that stand last in it."""


def import_bank(bank: Bank, folder: Path, config: Config) -> ImportReport:
    """Write a bank as canonical Markdown into a content folder.

    Args:
        bank: the questions, as any layout gave them; `bank.root` is where their images lie.
        folder: the content folder; made if it is not there.
        config: settings of the folder, if it has any.

    Returns what was written, with a warning for every question that was left alone because its author
    edited it, or that the source no longer holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    memory = _read_memory(folder / MEMORY)
    bank = _with_kept_ids(bank, memory)
    existing = _existing(folder, config)
    target = _Target(folder, {name: lines for name, (lines, _) in existing.items()})
    chunks = {identity: (name, *span) for name, (_, spans) in existing.items() for identity, span in spans.items()}
    problems: list[Problem] = []
    counts = {"new": 0, "updated": 0, "unchanged": 0}
    fresh: dict[str, Remembered] = {}
    replacements: list[tuple[str, int, int, list[str]]] = []
    additions: list[tuple[Question, list[str]]] = []
    for question in bank.questions:
        text = canonical(question)
        source = _hash(text)
        before = memory.get(question.id)
        if question.id not in chunks:
            additions.append((question, text.split("\n")))
            fresh[question.id] = Remembered(source, source, question.text)
            counts["new"] += 1
            continue
        name, start, end = chunks[question.id]
        present = "\n".join(target.lines[name][start:end]).strip()
        if before is None or _hash(present) != before.written:
            if before is None or before.source != source:
                problems.append(_edited(question))
            fresh[question.id] = replace(before, source=source) if before else Remembered(source, "", question.text)
            continue
        changed = source != before.source
        counts["updated" if changed else "unchanged"] += 1
        fresh[question.id] = Remembered(source, source if changed else before.written, question.text)
        if changed:
            replacements.append((name, start, end, [*text.split("\n"), ""]))
    problems += _vanished(bank, memory, chunks, fresh, folder)
    for name, start, end, lines in sorted(replacements, key=lambda item: (item[0], -item[1])):
        target.lines[name][start:end] = lines
    for question, lines in additions:
        _append(target, bank, question, lines)
    _definitions(target, bank)
    _write(target, bank, fresh)
    problems += _copy_images(bank, folder)
    files = tuple(folder / name for name in sorted(target.lines))
    return ImportReport(files, counts["new"], counts["updated"], counts["unchanged"], tuple(problems))


def canonical(question: Question) -> str:
    """A question in the canonical form, without its section headers."""
    heading = re.sub(r"\{(?=#)", r"\\{", question.text)
    blocks = [f"{'#' * QUESTION_LEVEL} {heading} {_attributes(question)}"]
    answer = "\n\n".join(part.markdown for part in question.answer)
    short = question.short.markdown if question.short else ""
    if not short and answer and _is_short(answer):
        short, answer = answer, ""
    if short:
        blocks.append(relevelled(short))
    if question.body:
        blocks += [f"{'#' * PART_LEVEL} Question", relevelled(question.body.markdown)]
    if answer:
        blocks += [f"{'#' * PART_LEVEL} Answer", relevelled(answer)]
    return "\n\n".join(blocks)


def relevelled(markdown: str) -> str:
    """Markdown whose headings lie below a part's: `#` and `##` would end the question."""
    tokens, _ = commonmark.parse(markdown)
    headings = [block for block in tokens if block.type == "heading_open" and block.level == 0 and block.map]
    levels = sorted({int(block.tag[1]) for block in headings})
    lines = markdown.split("\n")
    for block in reversed(headings):
        start, end = block.map or (0, 0)
        text = " ".join(re.sub(r"^\s{0,3}#{1,6}(?=\s|$)|(?<=\s)#+\s*$", "", line).strip() for line in lines[start:end])
        if not block.markup.startswith("#"):
            text = " ".join(line.strip() for line in lines[start : end - 1])
        level = min(6, PART_LEVEL + 1 + levels.index(int(block.tag[1])))
        text = re.sub(r"\{(?=#[^{}]*\}\s*$)", r"\\{", text.strip())
        lines[start:end] = [f"{'#' * level} {text}".rstrip()]
    return "\n".join(lines).strip("\n")


def _attributes(question: Question) -> str:
    words = [f"#{question.id}", *(f".{tag}" for tag in question.tags)]
    if question.kind != "concept":
        words.append(f"kind={question.kind}")
    if question.level:
        words.append(f"level={question.level}")
    if question.needs:
        words.append("needs=" + ",".join(question.needs))
    return "{" + " ".join(words) + "}"


def _is_short(answer: str) -> bool:
    tokens, _ = commonmark.parse(answer)
    plain = all(block.type in ("paragraph_open", "paragraph_close", "inline") for block in tokens)
    return plain and count_words(answer) <= 75


def _hash(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def _read_memory(path: Path) -> dict[str, Remembered]:
    if not path.exists():
        return {}
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        identity: Remembered(str(entry.get("source", "")), str(entry.get("written", "")), str(entry.get("text", "")))
        for identity, entry in table.items()
        if isinstance(entry, dict)
    }


def _with_kept_ids(bank: Bank, memory: Mapping[str, Remembered]) -> Bank:
    """The bank with the ids of earlier imports on questions that were only reworded since."""
    present = {question.id for question in bank.questions}
    gone = {identity: entry.text for identity, entry in memory.items() if identity not in present}
    questions = []
    for question in bank.questions:
        if question.id not in memory and gone:
            best = max(gone, key=lambda identity: fuzz.ratio(gone[identity], question.text))
            if fuzz.ratio(gone[best], question.text) >= SAME:
                del gone[best]
                question = replace(question, id=best)
        questions.append(question)
    return replace(bank, questions=tuple(questions))


def _existing(folder: Path, config: Config) -> dict[str, tuple[list[str], dict[str, tuple[int, int]]]]:
    """File name -> its lines and the line span of every question in it."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        if path.name.lower() == "readme.md":
            continue
        document = parse_document(read_text(path), path.name)
        headings = document.headings
        questions = read_canonical(document, config.reserved).questions if headings else ()
        spans = {}
        for question in questions:
            start = question.place.line - 1
            level = next(heading.level for heading in headings if heading.start == start)
            ends = [heading.start for heading in headings if heading.start > start and heading.level <= level]
            marker = _definitions_start(document.lines)
            end = min([*ends, marker if marker > start else len(document.lines), len(document.lines)])
            spans[question.id] = (start, end)
        found[path.name] = (list(document.lines), spans)
    return found


_MARKER = "<!-- definitions of the imported answers -->"


def _definitions_start(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip() == _MARKER), len(lines))


def _section_file(question: Question, bank: Bank, target: _Target) -> tuple[str, tuple[str, ...]]:
    """The file that a question goes to, and the headers that it stands under."""
    headers = question.sections or (bank.title,)
    wanted = slug(plain_text(headers[0]), 40) or "questions"
    for name in target.lines:
        if re.fullmatch(rf"\d*-?{re.escape(wanted)}\.md", name):
            return name, headers
    return f"{10 * (len(target.lines) + 1):02}-{wanted}.md", headers


def _append(target: _Target, bank: Bank, question: Question, lines: list[str]) -> None:
    name, headers = _section_file(question, bank, target)
    content = target.lines.setdefault(name, [f"# {headers[0]}", ""])
    sub = " › ".join(headers[1:])
    position = _definitions_start(content)
    known = target.headings.get(name)
    if known is None:
        known = tuple(line[3:].strip() for line in content[:position] if line.startswith("## "))[-1:]
    inserted = []
    if sub and known != (sub,):
        inserted += [f"## {sub}", ""]
    elif not sub and known:
        # Back to the section itself: questions without a sub-header stand before all sub-headers.
        position = next(number for number, line in enumerate(content) if line.startswith("## "))
    if sub:
        target.headings[name] = (sub,)
    else:
        target.headings[name] = known
    content[position:position] = [*inserted, *lines, ""]


def _definitions(target: _Target, bank: Bank) -> None:
    """Put the link and footnote definitions that answers use at the end of their file, each once."""
    for lines in target.lines.values():
        text = "\n".join(lines)
        wanted = []
        for question in bank.questions:
            if f"{{#{question.id}" in text and question.definitions:
                wanted += [piece for piece in question.definitions.split("\n\n") if piece not in text and piece not in wanted]
        if wanted:
            marker = [] if _MARKER in text else [_MARKER, ""]
            while lines and not lines[-1].strip():
                lines.pop()
            lines += ["", *marker, *"\n\n".join(wanted).split("\n")]


def _write(target: _Target, bank: Bank, fresh: Mapping[str, Remembered]) -> None:
    for name, lines in target.lines.items():
        write_text(target.folder / name, "\n".join(lines).rstrip() + "\n")
    settings = target.folder / "deck.toml"
    if not settings.exists():
        title = plain_text(bank.title).replace("\\", "").replace('"', "'")
        write_text(settings, f'bank = "{bank.slug}"\ntitle = "{title}"\n')
    write_text(target.folder / MEMORY, "\n".join(_memory_lines(fresh)))


def _memory_lines(fresh: Mapping[str, Remembered]) -> Iterator[str]:
    yield "# What `decks import` read and wrote; it tells your edits from its own text. Commit it with the content.\n"
    for identity, entry in sorted(fresh.items()):
        text = entry.text.replace("\\", "\\\\").replace('"', '\\"')
        yield f'["{identity}"]\nsource = "{entry.source}"\nwritten = "{entry.written}"\ntext = "{text}"\n'


def _edited(question: Question) -> Problem:
    message = f'"{question.id}" was edited after its import, so the source\'s text was not taken over'
    return Problem(question.place, "edited", Severity.WARNING, message, "compare the two and edit by hand")


def _vanished(
    bank: Bank,
    memory: Mapping[str, Remembered],
    chunks: Mapping[str, tuple[str, int, int]],
    fresh: dict[str, Remembered],
    folder: Path,
) -> Iterator[Problem]:
    present = {question.id for question in bank.questions}
    sources = {source.name for source in bank.sources}
    for identity, entry in memory.items():
        if identity in present:
            continue
        fresh[identity] = entry
        if identity in chunks:
            place = replace(bank.questions[0].place, line=0) if bank.questions else None
            message = (
                f'"{identity}" is no longer in {", ".join(sorted(sources))}; it was kept in {folder / chunks[identity][0]}'
            )
            if place is not None:
                yield Problem(place, "vanished", Severity.WARNING, message, "remove it there if it shall go")


def _copy_images(bank: Bank, folder: Path) -> Iterator[Problem]:
    """Copy local images to the same relative place below the content folder."""
    store = MediaStore(bank.root)
    for question in bank.questions:
        for part in question.parts():
            for source in _image_sources(part.markdown):
                try:
                    store.load(source)
                    origin = store.path(source)
                except MediaError:
                    continue  # `check` names it
                goal = folder / origin.relative_to(store.root)
                if goal.exists() and goal.read_bytes() != origin.read_bytes():
                    message = f'image "{source}" is already in {folder} with other content; it was left alone'
                    yield Problem(part.place, "image-differs", Severity.WARNING, message, "rename one of the two")
                elif not goal.exists():
                    goal.parent.mkdir(parents=True, exist_ok=True)
                    goal.write_bytes(origin.read_bytes())


def _image_sources(markdown: str) -> Iterator[str]:
    tokens, _ = commonmark.parse(markdown)
    for token, _line in commonmark.inline_tokens(tokens):
        if token.type == "image":
            yield str(token.attrs.get("src", ""))
    yield from re.findall(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", markdown, re.IGNORECASE)
