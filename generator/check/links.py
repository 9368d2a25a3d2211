"""Rules on links and images."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from markdown_it.token import Token

from generator.check.subject import Finding, Subject, place_in, short
from generator.markup import commonmark
from generator.render.media import MediaError, MediaStore

WRONG_PATH = "correct the path, or give the full address"
NO_IMAGE = "copy the image itself into the content folder"
_BLOB = re.compile(r"https?://(?:www\.)?github\.com/[^/]+/[^/]+/blob/(?!.*\braw=)")
"""Where a code host shows a file, rather than the file."""
_NO_WORDS = re.compile(
    r"(?:alt|alt[ _-]?text|images?|img|pictures?|pic|figures?|fig|photo|screen[ _-]?shots?|untitled|null|undefined|[\W\d_]*|"
    r"\S+\.(?:png|jpe?g|gif|svg|webp))(?:[ _-]?\d+)?",
    re.IGNORECASE,
)
"""Texts that describe no image."""


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
            for source, alt, line in _images_of(tokens):
                try:
                    media = store.load(source)
                except MediaError as error:
                    if error.code == code and not _BLOB.match(source):
                        yield place_in(part, line), f"{error}; {_instead(source, alt)}", error.remedy
                else:
                    if code == "large-image" and media.large:
                        message = f'image "{source}" has {len(media.data) / 1e6:.1f} MB'
                        yield place_in(part, line), message, "scale it below 5 MB, phones will thank you"

    return run


def _images_of(tokens: Sequence[Token]) -> Iterator[tuple[str, str, int]]:
    """Address, alt text and 0-based line of every image."""
    for token, line in commonmark.inline_tokens(tokens):
        if token.type == "image":
            yield str(token.attrs.get("src", "")), token.content.strip(), line
        elif token.type == "html_inline":
            yield from ((source, alt, line) for source, alt in _html_images(token.content))
    for token in tokens:
        if token.type == "html_block" and token.map:
            yield from ((source, alt, token.map[0]) for source, alt in _html_images(token.content))


def _html_images(text: str) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r"<img\b[^>]*>?", text, re.IGNORECASE):
        source, alt = (
            re.search(rf"\b{name}\s*=\s*(?:([\"'])(.*?)\1|([^\"'\s>]+))", tag, re.I | re.S) for name in ("src", "alt")
        )
        if source:
            yield source[2] or source[3] or "", (alt[2] or alt[3] or "").strip() if alt else ""


def _says_nothing(source: str, alt: str) -> bool:
    name = PurePosixPath(unquote(source.split("?")[0])).stem
    return _NO_WORDS.fullmatch(alt) is not None or alt.casefold() == name.casefold()


def _instead(source: str, alt: str) -> str:
    if not alt:
        return "it has no alt text that could be shown instead"
    if _says_nothing(source, alt):
        return f'its alt text is shown instead, which says no more than "{short(alt)}"'
    return "its alt text is shown instead"


def blob_images(subject: Subject) -> Iterator[Finding]:
    """Images whose address is a page of a code host that shows the image."""
    for _, part, tokens in subject.parts:
        for source, _, line in _images_of(tokens):
            if _BLOB.match(source):
                yield (
                    place_in(part, line),
                    f'image "{short(source)}" is a web page about the image',
                    NO_IMAGE,
                )


def undescribed_images(subject: Subject) -> Iterator[Finding]:
    """Images that are shown, and whose alt text says nothing: empty, "image", or the name of the file."""
    store = MediaStore(subject.bank.root)
    for _, part, tokens in subject.parts:
        for source, alt, line in _images_of(tokens):
            if not _says_nothing(source, alt):
                continue
            try:
                store.load(source)
            except MediaError:
                continue  # told with what keeps it from being shown
            shown = f'says no more than "{short(alt)}"' if alt else "is missing"
            yield (
                place_in(part, line),
                f"the image's alt text {shown}",
                "say what the image shows, for those who can't see it",
            )
