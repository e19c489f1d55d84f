"""What makes the bound file one to keep and to have read: PDF/A-3a and PDF/UA-1, with the offer inside as JSON."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PRODUCER = "Samsälj"
UA_SCHEMA = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
"""PDF/A wants every name in the metadata explained that it does not know itself; here the one that says PDF/UA."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file says of itself. ``made_at`` is aware; ``offer`` is the attached JSON."""

    title: str
    author: str
    made_at: datetime
    offer: bytes
    offer_name: str = "anbud.json"
    offer_words: str = "Anbudet som uppgifter: JSON"


def seal(pdf: pikepdf.Pdf, facts: Facts) -> bytes:
    """The finished file: the same book and facts always give the same bytes."""
    root = pdf.Root
    root.Lang = String("sv")
    root.Metadata = pdf.make_stream(_xmp(facts).encode())
    root.Metadata.Type, root.Metadata.Subtype = Name.Metadata, Name.XML
    pdf.docinfo["/Title"] = String(facts.title)
    pdf.docinfo["/Author"] = String(facts.author)
    pdf.docinfo["/Producer"] = String(PRODUCER)
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = String(_pdf_time(facts.made_at))
    root.OutputIntents = Array([_colours(pdf)])
    _attach(pdf, facts)
    for page in pdf.pages:
        page.obj.Tabs = Name.S
        for note in page.obj.get("/Annots", Array()).as_list():
            note.F = 4
    finished = BytesIO()
    pdf.save(
        finished,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        min_version="1.7",
        fix_metadata_version=False,
    )
    return finished.getvalue()


def _colours(pdf: pikepdf.Pdf) -> Any:
    """What red, green and blue mean in this file: sRGB, by the profile that comes with the press."""
    profile = pdf.make_stream((resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    profile.N = 3
    name = String("sRGB2014")
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=name, Info=name)
    intent.DestOutputProfile = profile
    return pdf.make_indirect(intent)


def _attach(pdf: pikepdf.Pdf, facts: Facts) -> None:
    moment = String(_pdf_time(facts.made_at))
    file = pdf.make_stream(facts.offer)
    file.Type, file.Subtype = Name.EmbeddedFile, Name("/application/json")
    digest = String(hashlib.md5(facts.offer, usedforsecurity=False).digest())
    file.Params = Dictionary(Size=len(facts.offer), ModDate=moment, CreationDate=moment, CheckSum=digest)
    spec = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(facts.offer_name),
            UF=String(facts.offer_name),
            Desc=String(facts.offer_words),
            AFRelationship=Name.Data,
            EF=Dictionary(F=file, UF=file),
        )
    )
    names = Dictionary(Names=Array([String(facts.offer_name), spec]))
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(names)
    pdf.Root.AF = Array([spec])


def _xmp(facts: Facts) -> str:
    moment = facts.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title, author = escape(facts.title), escape(facts.author)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>"
        f"<pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>{UA_SCHEMA}</rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    )


def _pdf_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
