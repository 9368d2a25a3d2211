"""Structure tags of a PDF as PDF/UA-1 wants them, mended before the file is written."""

from __future__ import annotations

import pydyf

_ITEM_PARTS = ("/Lbl", "/LBody")
POINTS = 0.75
"""PDF points in a CSS pixel."""


def mend_tags(pdf: pydyf.PDF, prefix: str) -> None:
    """Change the structure tree that WeasyPrint made, in place.

    - A list item holds nothing but a label and a body: what else stands in it goes into a body
      (ISO 32000-1, table 336; PDF/UA-1, 7.6).
    - A figure's box is in points from the page's lower left (ISO 32000-1, table 344), not in CSS pixels from the upper.
    - A link over a picture, formula or words set apart belongs to the link's element, not to theirs (PDF/UA-1, 7.18.5).
    - Ids of table heads get a prefix, so that they stay unique when documents are merged.
    """
    elements = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"]
    parents = _parents(pdf)
    for element in elements:
        _lift_links(pdf, element, parents)
        if element["S"] == "/LI":
            _wrap_body(pdf, element)
        elif element["S"] == "/Figure":
            _place(pdf, element)
        elif element["S"] in ("/TH", "/TD"):
            if "ID" in element:
                element["ID"] = _prefixed(element["ID"], prefix)
            headers = element["A"].get("Headers", ()) if "A" in element else ()
            if headers:
                element["A"]["Headers"] = pydyf.Array([_prefixed(header, prefix) for header in headers])


def _prefixed(text: pydyf.String, prefix: str) -> pydyf.String:
    return pydyf.String(f"{prefix}-{text.string}")


def _wrap_body(pdf: pydyf.PDF, item: pydyf.Dictionary) -> None:
    """Put the item's children that are neither label nor body into one body, where the first of them stood."""
    children = list(item["K"])
    kept, moved, place = [], [], None
    for child in children:
        found = _element(pdf, child)
        if found is not None and found.get("S") in _ITEM_PARTS:
            kept.append(child)
            continue
        if place is None:
            place = len(kept)
        moved.append(child)
    if place is None:
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(moved), "P": item.reference})
    if "Pg" in item:
        body["Pg"] = item["Pg"]
    pdf.add_object(body)
    for child in moved:
        found = _element(pdf, child)
        if found is not None and found.get("Type") == "/StructElem":
            found["P"] = body.reference
    kept.insert(place, body.reference)
    item["K"] = pydyf.Array(kept)


def _place(pdf: pydyf.PDF, figure: pydyf.Dictionary) -> None:
    """Give the figure's box in the coordinates of its page."""
    page = _element(pdf, figure.get("Pg"))
    if page is None or "BBox" not in figure.get("A", ()):
        return
    left, top, right, bottom = (edge * POINTS for edge in figure["A"]["BBox"])
    height = page["MediaBox"][3]
    figure["A"]["BBox"] = pydyf.Array([round(edge, 2) for edge in (left, height - bottom, right, height - top)])


def _lift_links(pdf: pydyf.PDF, inner: pydyf.Dictionary, parents: _Parents) -> None:
    """Hand the link annotations of an element to the link that it stands in."""
    if inner["S"] == "/Link":
        return
    children = ((child, _element(pdf, child)) for child in inner["K"])
    annotations = [(child, found) for child, found in children if found is not None and found.get("Type") == "/OBJR"]
    if not annotations:
        return
    link = _element(pdf, inner["P"])
    while link is not None and link.get("S") not in ("/Link", "/Document", None):
        link = _element(pdf, link.get("P"))
    if link is None or link.get("S") != "/Link":
        return
    for child, reference in annotations:
        inner["K"].remove(child)
        link["K"].append(child)
        annotation = _element(pdf, reference["Obj"])
        if annotation is not None and "StructParent" in annotation:
            parents.set(annotation["StructParent"], link)


class _Parents:
    """The tree that leads from annotations to tags."""

    def __init__(self, numbers: list[object]) -> None:
        self._numbers = numbers
        self._places = {key: at + 1 for at, key in enumerate(numbers) if at % 2 == 0}

    def set(self, key: int, element: pydyf.Dictionary) -> None:
        """Say that a key belongs to an element."""
        if key in self._places:
            self._numbers[self._places[key]] = element.reference


def _parents(pdf: pydyf.PDF) -> _Parents:
    """The tree of a PDF; an empty one where the PDF has no tags."""
    roots = (item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructTreeRoot")
    root = next(roots, None)
    tree = _element(pdf, root["ParentTree"]) if root is not None else None
    return _Parents(tree["Nums"] if tree is not None else [])


def _element(pdf: pydyf.PDF, reference: object) -> pydyf.Dictionary | None:
    """The dictionary behind `12 0 R`; None for a marked-content number."""
    if not isinstance(reference, bytes | str):
        return None
    number = int(reference.split()[0])
    found = pdf.objects[number]
    return found if isinstance(found, pydyf.Dictionary) else None
