"""Images of the content: only from inside the content folder, checked, cleaned, named by their content."""

from __future__ import annotations

import hashlib
import html
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from PIL import Image, UnidentifiedImageError

MAX_BYTES = 20_000_000
LARGE_BYTES = 5_000_000
"""Phones choke on decks with images beyond this; `check` warns."""
MAX_PIXELS = 40_000_000
MAX_SVG_ELEMENTS = 20_000
MAX_USES = 200
MAX_SVG_DEPTH = 60
MAX_WIDTH = 10_000

_RASTER = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
_SVG = "http://www.w3.org/2000/svg"
_SVG_TAGS = frozenset(
    "svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan textPath marker "
    "linearGradient radialGradient stop clipPath mask pattern".split()
)
_REPEATABLE = frozenset({"defs", "symbol", "pattern", "marker", "mask", "clipPath"})
_SVG_ATTRIBUTE = re.compile(r"(?!on)[a-z][\w-]*", re.IGNORECASE)
_IMG = re.compile(r"<img\b([^>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class MediaError(Exception):
    """The image can't be used; the message says why, `remedy` what to do, `code` which rule."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Media:
    """An image as the outputs get it."""

    name: str
    """File name with the content's hash: letters, digits, `-` and `.` only."""
    data: bytes
    width: int | None
    """CSS pixels, where the file says so."""
    large: bool = False


class MediaStore:
    """Loads and remembers the images of one content folder. Nothing outside the folder is ever opened."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._loaded: dict[Path, Media | MediaError] = {}
        self._missing: set[Path] = set()

    def load(self, source: str) -> Media:
        """The image behind an `src` written in a file of the content folder.

        Raises:
            MediaError: it is remote, outside the folder, missing, not an image, or too large.
        """
        path = self.path(source)
        if path not in self._loaded:
            try:
                self._loaded[path] = _load(path)
            except MediaError as error:
                self._loaded[path] = error
        found = self._loaded[path]
        if isinstance(found, MediaError):
            raise found
        return found

    def seen(self) -> tuple[Path, ...]:
        """Every path inside the folder that was asked for, there or not: what an output depends on."""
        return tuple(sorted({*self._loaded, *self._missing}))

    def path(self, source: str) -> Path:
        """The file behind an `src`, inside the folder and there.

        Raises:
            MediaError: it is remote, outside the folder or missing.
        """
        parts = urlsplit(html.unescape(source))
        if parts.scheme in ("http", "https") or source.startswith("//"):
            raise MediaError("remote-image", f'image "{source}" is on the network', "copy it into the content folder")
        written = unquote(parts.path)
        if parts.scheme or not written or written.startswith(("/", "\\", "~")) or "\x00" in written:
            raise MediaError("missing-image", f'image "{source[:80]}" is no file of the content folder', "use a relative path")
        try:
            path = (self.root / written).resolve()
            inside = path.is_relative_to(self.root)
            exists = inside and path.is_file()
        except (OSError, RuntimeError, ValueError):
            inside, exists = True, False
        if not inside:
            raise MediaError("missing-image", f'image "{source}" lies outside the content folder', "copy it into the folder")
        if not exists:
            self._missing.add(self.root / written)
            raise MediaError("missing-image", f'image "{source}" is not there', "add the file or correct the path")
        return path


def _load(path: Path) -> Media:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MediaError("missing-image", f'image "{path.name}" is over {MAX_BYTES // 1_000_000} MB', "make it smaller")
        data = path.read_bytes()
    except OSError as error:
        raise MediaError("missing-image", f'image "{path.name}" can\'t be read ({error.strerror})', "check the file") from error
    suffix = path.suffix.lower()
    if suffix == ".svg":
        data, width = clean_svg(data, path.name)
    elif suffix in _RASTER:
        width = _raster_width(data, _RASTER[suffix], path.name)
    else:
        raise MediaError("missing-image", f'"{path.name}" is no image that decks can hold', "use PNG, JPEG, GIF, WebP or SVG")
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:40] or "image"
    name = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
    return Media(name, data, width, len(data) > LARGE_BYTES)


def _raster_width(data: bytes, expected: str, name: str) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[expected]) as image:
                width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError("missing-image", f'"{name}" is not a readable {expected} image', "export it anew") from error
    if width * height > MAX_PIXELS:
        raise MediaError("missing-image", f'image "{name}" has {width} × {height} pixels', "scale it down to 40 megapixels")
    return width


def clean_svg(data: bytes, name: str) -> tuple[bytes, int | None]:
    """An SVG with drawing elements only, and its width in CSS pixels.

    Scripts, event handlers, styles, foreign objects, embedded images and references to anything outside
    the file are taken out; document type declarations (entity bombs) and heaps of `<use>` are refused.

    Raises:
        MediaError: it is not a drawing that can be made safe.
    """
    try:
        root = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise MediaError("missing-image", f'SVG "{name}" has a document type declaration', "remove the <!DOCTYPE …>") from error
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise MediaError("missing-image", f'SVG "{name}" is not well-formed ({error})', "export it anew") from error
    if root.tag not in (f"{{{_SVG}}}svg", "svg"):
        raise MediaError("missing-image", f'"{name}" is no SVG', "its first element must be <svg xmlns=…>")
    elements = list(root.iter())
    uses = sum(str(element.tag).endswith("}use") for element in elements)
    if _depth(root) > MAX_SVG_DEPTH:
        raise MediaError("missing-image", f'SVG "{name}" is nested more than {MAX_SVG_DEPTH} deep', "simplify it")
    if len(elements) > MAX_SVG_ELEMENTS or uses > MAX_USES:
        raise MediaError("missing-image", f'SVG "{name}" has {len(elements)} elements, {uses} of them <use>', "simplify it")
    _clean_element(root, repeatable=False)
    view = (root.get("viewBox") or "").replace(",", " ").split()
    width = _pixels(root.get("width")) or (_pixels(view[2]) if len(view) == 4 else None)
    _without_namespaces(root)
    return ElementTree.tostring(root, encoding="utf-8"), width


def _without_namespaces(root: ElementTree.Element) -> None:
    """Plain tag and attribute names: prefixes would depend on what other libraries registered."""
    for element in root.iter():
        element.tag = str(element.tag).rsplit("}", 1)[-1]
        for name in [name for name in element.attrib if "}" in name]:
            element.attrib.setdefault(name.rsplit("}", 1)[-1], element.attrib[name])
            del element.attrib[name]
    root.set("xmlns", _SVG)


def _depth(root: ElementTree.Element) -> int:
    """How deep the elements are nested, found without recursion."""
    depth = 0
    level = [root]
    while level:
        depth += 1
        level = [child for element in level for child in element]
    return depth


def _clean_element(element: ElementTree.Element, repeatable: bool) -> None:
    """Clean an element and all below it; `repeatable` says that some `<use>` may draw it again."""
    for attribute in list(element.attrib):
        local = attribute.rsplit("}", 1)[-1]
        value = element.attrib[attribute]
        reference = local == "href" or "url(" in value.lower()
        inside = re.fullmatch(r"\s*(#[\w.:-]+|url\(\s*['\"]?#[\w.:-]+['\"]?\s*\))\s*", value, re.IGNORECASE)
        if local == "style" or not _SVG_ATTRIBUTE.fullmatch(local) or (reference and not inside):
            del element.attrib[attribute]
    for child in list(element):
        local = str(child.tag).removeprefix(f"{{{_SVG}}}")
        # A <use> that other <use> elements repeat multiplies without bound.
        if local not in _SVG_TAGS or (local == "use" and repeatable):
            _remove(element, child)
        else:
            _clean_element(child, repeatable or "id" in child.attrib or local in _REPEATABLE)


def _remove(parent: ElementTree.Element, child: ElementTree.Element) -> None:
    position = list(parent).index(child)
    if child.tail and position:
        before = parent[position - 1]
        before.tail = (before.tail or "") + child.tail
    elif child.tail:
        parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _pixels(value: str | None) -> int | None:
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(px)?", (value or "").strip())
    width = round(float(match[1])) if match else 0
    return width if 0 < width <= MAX_WIDTH else None


def resolve_images(text: str, store: MediaStore, used: dict[str, Media], prefix: str = "") -> str:
    """HTML whose `<img>` point to loaded media (collected in `used`); what can't be loaded becomes its alt text.

    A remote image becomes a link. `prefix` is put before the names, for outputs with a scheme of their own.
    """

    def one(match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        source, alt = attributes.get("src", ""), attributes.get("alt", "")
        try:
            media = store.load(source)
        except MediaError as error:
            shown = alt or "image"
            if error.code == "remote-image":
                return f'<a href="{source}">{shown}</a>'
            return f'<span class="missing-image">{shown}</span>'
        used[media.name] = media
        width = f' width="{media.width}"' if media.width else ""
        return f'<img src="{prefix}{media.name}" alt="{alt}"{width}>'

    return _IMG.sub(one, text)
