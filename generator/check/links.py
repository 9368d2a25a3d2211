"""Rules on links and images."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token

from generator.check.subject import Finding, Subject, place_in, short
from generator.markup import commonmark
from generator.render.media import MediaError, MediaStore

WRONG_PATH = "correct the path, or give the full address"
NO_IMAGE = "copy the image itself into the content folder"


def unknown_links(subject: Subject) -> Iterator[Finding]:
    """Links `#id` that lead to no question of the bank."""
    known = set(subject.bank.by_id())
    for _, part, tokens in subject.parts:
        for token, line in commonmark.inline_tokens(tokens):
            target = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
            if target.startswith("#") and target[1:] not in known:
                yield place_in(part, line), f'link to "{target}", which is no question of the bank', "correct the id"


def dead_links(subject: Subject) -> Iterator[Finding]:
    """Relative links that lead to no file."""
    for _, part, tokens in subject.parts:
        for token, line in commonmark.inline_tokens(tokens):
            target = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
            path = unquote(target.split("#")[0].split("?")[0])
            if not path or re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
                continue
            if not _is_there(subject.bank.root, path):
                yield (
                    place_in(part, line),
                    f'link to "{short(target)}", which is not there',
                    WRONG_PATH,
                )


def _is_there(root: Path, path: str) -> bool:
    try:
        return (root / path.lstrip("/")).exists()
    except (OSError, ValueError):
        return False


def images(code: str) -> Callable[[Subject], Iterator[Finding]]:
    """The rule for one code of `MediaError`, or for large images."""

    def run(subject: Subject) -> Iterator[Finding]:
        store = MediaStore(subject.bank.root)
        for _, part, tokens in subject.parts:
            for source, line in _image_sources(tokens):
                try:
                    media = store.load(source)
                except MediaError as error:
                    if error.code == code:
                        yield place_in(part, line), f"{error}; its alt text is shown instead", error.remedy
                else:
                    if code == "large-image" and media.large:
                        message = f'image "{source}" has {len(media.data) / 1e6:.1f} MB'
                        yield place_in(part, line), message, "scale it below 5 MB, phones will thank you"

    return run


def _image_sources(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    for token, line in commonmark.inline_tokens(tokens):
        if token.type == "image":
            yield str(token.attrs.get("src", "")), line
        elif token.type == "html_inline":
            yield from ((source, line) for source in _html_sources(token.content))
    for token in tokens:
        if token.type == "html_block" and token.map:
            yield from ((source, token.map[0]) for source in _html_sources(token.content))


def _html_sources(text: str) -> list[str]:
    return re.findall(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", text, re.IGNORECASE)


def blob_images(subject: Subject) -> Iterator[Finding]:
    """Images whose address is a page of a code host that shows the image."""
    for _, part, tokens in subject.parts:
        for source, line in _image_sources(tokens):
            if re.match(r"https?://(?:www\.)?github\.com/[^/]+/[^/]+/blob/", source) and "raw=" not in source:
                yield (
                    place_in(part, line),
                    f'image "{short(source)}" is a web page about the image',
                    NO_IMAGE,
                )
