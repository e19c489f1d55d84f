"""Reading one element of a notice: text in the chosen language, codes and links, cut to sensible lengths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from bids.safe_xml import NoticeRefused

LONGEST_TEXT = 10_000
NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efext": "http://data.europa.eu/p27/eforms-ubl-extensions/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """An element, and the language to read it in."""

    element: etree._Element
    language: str

    def find(self, path: str) -> list[etree._Element]:
        """The elements at an XPath of ours."""
        found: Any = self.element.xpath(path, namespaces=NAMES)
        return list(found)

    def each(self, path: str, most: int) -> Iterator[Reader]:
        """A reader for each element. Raises NoticeRefused when there are more than anybody would write."""
        found = self.find(path)
        if len(found) > most:
            raise NoticeRefused(f"Annonsen har fler än {most} delar av samma slag och tas inte emot.")
        return (Reader(element, self.language) for element in found)

    def text(self, path: str, longest: int = LONGEST_TEXT) -> str:
        """The text in the chosen language, else Swedish, English or the first; cut when it is too long."""
        by_language: dict[str, str] = {}
        for element in self.find(path):
            words = "\n".join(" ".join(line.split()) for line in _words(element).splitlines())
            if words:
                by_language.setdefault(element.get("languageID", ""), words)
        for language in (self.language, "SWE", "ENG", *by_language):
            if language in by_language:
                return _cut(by_language[language], longest)
        return ""

    def codes(self, path: str) -> list[str]:
        """All codes and identifiers there, each on one line."""
        return [code for code in (" ".join(_words(element).split())[:200] for element in self.find(path)) if code]

    def code(self, path: str) -> str:
        """The first code there, or nothing."""
        return next(iter(self.codes(path)), "")

    def link(self, path: str) -> str:
        """The first web address there that a person can be sent to."""
        return next((_words(element) for element in self.find(path) if _is_web_address(_words(element))), "")


def _words(element: etree._Element) -> str:
    return (element.text or "").strip()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _is_web_address(text: str) -> bool:
    """Only http and https, with a host and nothing that could break out of an attribute."""
    if not text.isprintable() or len(text) > 2000 or set(text) & set(" \"'<>\\`"):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
