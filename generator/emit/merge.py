"""Documents laid out apart -> one PDF: pages, links, bookmarks, tags and page labels.

pikepdf copies pages, but not what the catalogue says of them; that is put together here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, OutlineItem, String

from generator.emit.archive import archived
from generator.emit.pages import Bookmark, Sheets, Spot
from generator.render.printed import BOOK_SCHEME, About


def merged(documents: Sequence[Sheets], about: About, roman: int = 0, labels: Mapping[str, str] | None = None) -> bytes:
    """One tagged PDF of all documents, fit for an archive.

    Links to `book:name` become links to the element with the id `name`, in whichever document it stands.

    Args:
        documents: in the order of their pages.
        roman: how many pages at the beginning have roman numerals; the next is page 1.
        labels: id of an element -> what a link to it is called for those who can't see it.
    """
    with pikepdf.new() as pdf:
        tags = _Tags(pdf)
        names: dict[str, Spot] = {}
        marks: list[Bookmark] = []
        for document in documents:
            first = len(pdf.pages)
            with pikepdf.open(io.BytesIO(document.data)) as source:
                _free_links(source)
                pdf.pages.extend(source.pages)
                tags.add(source, first)
            for _ in range(document.pages - len(pdf.pages) + first):
                pdf.add_blank_page(page_size=_size(pdf.pages[-1]))
            for name, spots in document.anchors.items():
                names.setdefault(name, _moved(spots[0], first))
            marks += [Bookmark(mark.level, mark.label, _moved(mark.spot, first)) for mark in document.bookmarks]
        tags.finish()
        _set_names(pdf, names)
        _resolve_links(pdf, names, labels or {})
        _set_outline(pdf, marks)
        _set_labels(pdf, roman)
        return archived(pdf, about)


def padded(document: Sheets, blank: int) -> Sheets:
    """The document with some blank pages behind its last one, which come into being when it is merged."""
    return replace(document, pages=document.pages + blank)


def _free_links(source: pikepdf.Pdf) -> None:
    """Make links to names what links across documents are: the names are those of the whole from now on."""
    if "/Names" in source.Root:
        del source.Root.Names
    for page in source.pages:
        for note in page.get("/Annots", ()):
            if "/Dest" in note:
                note.A = Dictionary(S=Name.URI, URI=String(f"{BOOK_SCHEME}{note.Dest}"))
                del note.Dest


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _moved(spot: Spot, first: int) -> Spot:
    return Spot(spot.page + first, spot.x, spot.y)


class _Tags:
    """The structure tree of the whole, and the tree that leads from pages and links back into it."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root))
        self._children: list[pikepdf.Object] = []
        self._parents: list[pikepdf.Object | int] = []
        self._next = 0

    def add(self, source: pikepdf.Pdf, first: int) -> None:
        """Take over the tags of a document whose pages have been copied, from page `first` on."""
        tree = source.Root.get("/StructTreeRoot")
        if tree is None:
            return
        old = self._pdf.copy_foreign(source.make_indirect(tree))
        for child in _kids(old.K):  # its Document element
            for grandchild in _kids(child.K):
                grandchild.P = self._document
                self._children.append(grandchild)
        offset = self._next
        for page in self._pdf.pages[first:]:
            if "/StructParents" in page:
                page.obj.StructParents = int(page.StructParents) + offset
            for note in page.get("/Annots", ()):
                if "/StructParent" in note:
                    note.StructParent = int(note.StructParent) + offset
        numbers = list(old.ParentTree.Nums)
        for number, parents in zip(numbers[::2], numbers[1::2], strict=True):
            self._parents += [int(number) + offset, parents]
            self._next = max(self._next, int(number) + offset + 1)

    def finish(self) -> None:
        """Write the tree, if any document had tags."""
        if not self._children:
            return
        self._document.K = Array(self._children)
        self._root.K = Array([self._document])
        self._root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(self._parents)))
        self._root.ParentTreeNextKey = self._next
        self._pdf.Root.StructTreeRoot = self._root


def _kids(value: pikepdf.Object) -> list[pikepdf.Object]:
    return list(value) if isinstance(value, Array) else [value]


def _set_names(pdf: pikepdf.Pdf, names: Mapping[str, Spot]) -> None:
    tree = NameTree.new(pdf)
    for name in sorted(names, key=str.encode):
        tree[name] = _destination(pdf, names[name])
    pdf.Root.Names = Dictionary(Dests=tree.obj)


def _destination(pdf: pikepdf.Pdf, spot: Spot) -> Array:
    return Array([pdf.pages[spot.page].obj, Name.XYZ, spot.x, spot.y, 0])


def _resolve_links(pdf: pikepdf.Pdf, names: Mapping[str, Spot], labels: Mapping[str, str]) -> None:
    for page in pdf.pages:
        for note in page.get("/Annots", ()):
            address = str(note.A.URI) if "/A" in note and "/URI" in note.A else ""
            if not address.startswith(BOOK_SCHEME):
                continue
            target = address.removeprefix(BOOK_SCHEME)
            del note.A
            if target in names:
                note.Dest = String(target)
            if target in labels:
                note.Contents = String(labels[target])


def _set_outline(pdf: pikepdf.Pdf, marks: Sequence[Bookmark]) -> None:
    if not marks:
        return
    with pdf.open_outline() as outline:
        # The open item of each level, outermost first; a skipped level is closed up.
        path: list[tuple[int, OutlineItem]] = []
        for mark in marks:
            item = OutlineItem(mark.label, _destination(pdf, mark.spot))
            item.is_closed = mark.level > 1
            while path and path[-1][0] >= mark.level:
                path.pop()
            (path[-1][1].children if path else outline.root).append(item)
            path.append((mark.level, item))
    pdf.Root.PageMode = Name.UseOutlines


def _set_labels(pdf: pikepdf.Pdf, roman: int) -> None:
    labels: list[object] = [0, Dictionary(S=Name.r)] if roman else []
    labels += [roman, Dictionary(S=Name.D, St=1)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(labels))
