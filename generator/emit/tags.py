"""Structure tags of a PDF as PDF/UA-1 wants them, mended before the file is written."""

from __future__ import annotations

import pydyf

_ITEM_PARTS = ("/Lbl", "/LBody")


def mend_tags(pdf: pydyf.PDF, prefix: str) -> None:
    """Change the structure tree that WeasyPrint made, in place.

    - A list item holds nothing but a label and a body: what else stands in it goes into a body
      (ISO 32000-1, table 336; PDF/UA-1, 7.6).
    - Ids of table heads get a prefix, so that they stay unique when documents are merged.
    """
    elements = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"]
    for element in elements:
        if element["S"] == "/LI":
            _wrap_body(pdf, element)
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


def _element(pdf: pydyf.PDF, reference: object) -> pydyf.Dictionary | None:
    """The dictionary behind `12 0 R`; None for a marked-content number."""
    if not isinstance(reference, bytes | str):
        return None
    number = int(reference.split()[0])
    found = pdf.objects[number]
    return found if isinstance(found, pydyf.Dictionary) else None
