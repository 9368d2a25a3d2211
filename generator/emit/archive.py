"""The finish that makes a PDF fit for an archive (PDF/A-3u, ISO 19005-3) and for a screen reader (PDF/UA-1, ISO 14289-1)."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from generator.render.printed import About

PRODUCER = "Interview Decks"
_PROFILE = "sRGB2014.icc"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PRINTED = 4
"""Annotation flag 3, "print": PDF/A wants it on every annotation (ISO 19005-3, 6.3.2)."""

_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>{creator}
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreatorTool>{producer}</xmp:CreatorTool><pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
</rdf:Description>{ua}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
_CREATOR = "\n<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
# PDF/A allows properties of other standards only with a description of their schema (ISO 19005-3, 6.6.2.3).
_UA = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def archived(pdf: pikepdf.Pdf, about: About, ua: bool = True) -> bytes:
    """The bytes of a PDF with all that PDF/A-3u asks for beside its pages: metadata, colour profile, annotation flags.

    Args:
        pdf: fonts embedded with their Unicode maps, nothing encrypted, no script; it is changed.
        ua: the file is tagged, and says that it conforms to PDF/UA-1 too.

    The same input gives the same bytes; the file's id is a hash of its content.
    """
    pdf.Root.Metadata = _metadata(pdf, about, ua)
    pdf.Root.OutputIntents = Array([_output_intent(pdf)])
    pdf.Root.Lang = String(about.language)
    preferences = pdf.Root.get("/ViewerPreferences", Dictionary())
    preferences.DisplayDocTitle = True
    pdf.Root.ViewerPreferences = preferences
    if ua:
        pdf.Root.MarkInfo = Dictionary(Marked=True)
    for page in pdf.pages:
        for note in page.get("/Annots", ()):
            note.F = _PRINTED
    _set_info(pdf, about)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, force_version="1.7")
    return out.getvalue()


def _metadata(pdf: pikepdf.Pdf, about: About, ua: bool) -> pikepdf.Object:
    text = _XMP.format(
        title=_xml(about.title),
        language=_xml(about.language),
        creator=_CREATOR.format(author=_xml(about.author)) if about.author else "",
        producer=PRODUCER,
        date=datetime.fromtimestamp(about.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        ua=_UA if ua else "",
    )
    stream = pdf.make_stream(text.encode(), Type=Name.Metadata, Subtype=Name.XML)
    return pdf.make_indirect(stream)


def _output_intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The meaning of all RGB colours: sRGB."""
    profile = pdf.make_stream(_profile(), N=3)
    return pdf.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String(_PROFILE),
            DestOutputProfile=profile,
        )
    )


@cache
def _profile() -> bytes:
    """The sRGB profile of the International Color Consortium, a data file of WeasyPrint's."""
    spec = find_spec("weasyprint")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package weasyprint, which brings the colour profile, is not installed")
    return (Path(spec.submodule_search_locations[0]) / "pdf" / _PROFILE).read_bytes()


def _set_info(pdf: pikepdf.Pdf, about: About) -> None:
    """The document information dictionary; its values must be those of the metadata."""
    date = datetime.fromtimestamp(about.time, UTC).strftime("D:%Y%m%d%H%M%SZ")
    values = {"/Title": about.title, "/Creator": PRODUCER, "/Producer": PRODUCER, "/CreationDate": date, "/ModDate": date}
    if about.author:
        values["/Author"] = about.author
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, value in values.items():
        pdf.docinfo[key] = String(_CONTROL.sub("", value))


def _xml(text: str) -> str:
    return escape(_CONTROL.sub("", text))
