"""XML from strangers: no DTD, no entities, no network, and a limit before anything is parsed."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from lxml import etree

LARGEST = 10 * 1024 * 1024
ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
"""Encodings in which the letters of ``<!DOCTYPE`` are what they look like, so that it cannot hide."""

DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["']""")

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class NoticeRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The file cannot be imported. The message is a Swedish sentence to show as it stands."""


def parse(data: bytes) -> etree._Element:
    """The root of the document. Raises NoticeRefused for what is empty, too large, hostile or not well-formed."""
    if not data.strip():
        raise NoticeRefused("Filen är tom. Hämta annonsen på nytt och försök igen.")
    if len(data) > LARGEST:
        raise NoticeRefused("Filen är större än 10 MB. Så stor är ingen annons. Kontrollera att du valde rätt fil.")
    data = _narrow(data)
    _refuse_hidden_letters(data)
    if b"<!doctype" in data.lower():
        raise NoticeRefused(
            "Filen har en DOCTYPE, som kan användas för att lura ut uppgifter. Riktiga annonser har ingen. Hämta "
            "annonsen från annonsdatabasen och försök igen."
        )
    return _parse(data)


def _narrow(data: bytes) -> bytes:
    """What is written in two bytes a letter as UTF-8, so that it is looked through as all else is."""
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data
    try:
        return DECLARATION.sub("", data.decode("utf-16"), count=1).encode()
    except UnicodeError as wrong:
        raise NoticeRefused("Filens tecken går inte att läsa. Spara annonsen som UTF-8 och försök igen.") from wrong


def _refuse_hidden_letters(data: bytes) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = DECLARED.match(text)
    encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    if not text.startswith(b"<"):
        raise NoticeRefused("Filen är inte XML. Välj filen som slutar på .xml.")
    if b"\x00" in data or encoding not in ENCODINGS:
        raise NoticeRefused("Filens teckenkodning stöds inte. Spara annonsen som UTF-8 och försök igen.")


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise NoticeRefused(
            "Filen är inte välformad XML. Den är kanske avbruten eller ändrad. Hämta annonsen på nytt."
        ) from wrong
    if root.getroottree().docinfo.internalDTD is not None:
        raise NoticeRefused("Filen har en DOCTYPE och tas inte emot.")
    return root
