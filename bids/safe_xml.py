"""XML from strangers: no DTD, no entities, no network, and a limit before anything is parsed."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from lxml import etree

LARGEST = 10 * 1024 * 1024
ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
"""Encodings in which the letters of ``<!DOCTYPE`` are what they look like, so that it cannot hide."""

DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["']""")

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class XmlRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The file cannot be read. The message is a Swedish sentence to show as it stands."""


class NoticeRefused(XmlRefused):
    """The file cannot be imported as a notice."""


@dataclass(frozen=True, slots=True)
class Says:
    """How a reader says no, for each thing that can be wrong with a file before its contents are looked at."""

    refused: type[XmlRefused]
    empty: str
    large: str
    no_xml: str
    encoding: str
    doctype: str
    broken: str


NOTICE = Says(
    refused=NoticeRefused,
    empty="Filen är tom. Hämta annonsen på nytt och försök igen.",
    large="Filen är större än 10 MB. Så stor är ingen annons. Kontrollera att du valde rätt fil.",
    no_xml="Filen är inte XML. Välj filen som slutar på .xml.",
    encoding="Filens teckenkodning stöds inte. Spara annonsen som UTF-8 och försök igen.",
    doctype="Filen har en DOCTYPE, som kan användas för att lura ut uppgifter. Riktiga annonser har ingen. Hämta "
    "annonsen från annonsdatabasen och försök igen.",
    broken="Filen är inte välformad XML. Den är kanske avbruten eller ändrad. Hämta annonsen på nytt.",
)


def parse(data: bytes, says: Says = NOTICE) -> etree._Element:
    """The root of the document. Raises what `says` names for what is empty, too large, hostile or not well-formed."""
    if not data.strip():
        raise says.refused(says.empty)
    if len(data) > LARGEST:
        raise says.refused(says.large)
    data = _narrow(data, says)
    _refuse_hidden_letters(data, says)
    if b"<!doctype" in data.lower():
        raise says.refused(says.doctype)
    return _parse(data, says)


def _narrow(data: bytes, says: Says) -> bytes:
    """What is written in two bytes a letter as UTF-8, so that it is looked through as all else is."""
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data
    try:
        return DECLARATION.sub("", data.decode("utf-16"), count=1).encode()
    except UnicodeError as wrong:
        raise says.refused(says.encoding) from wrong


def _refuse_hidden_letters(data: bytes, says: Says) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = DECLARED.match(text)
    encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    if not text.startswith(b"<"):
        raise says.refused(says.no_xml)
    if b"\x00" in data or encoding not in ENCODINGS:
        raise says.refused(says.encoding)


def _parse(data: bytes, says: Says) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise says.refused(says.broken) from wrong
    if root.getroottree().docinfo.internalDTD is not None:
        raise says.refused(says.doctype)
    return root
