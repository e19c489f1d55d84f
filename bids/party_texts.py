"""What a paper that a party signs is made of, and what is printed of it: frozen values."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from bids.canonical import LATER
from bids.kinds import DocumentKind


@dataclass(frozen=True, slots=True)
class Fact:
    """One line at the top of a paper."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyText:
    """A paper as it is signed: facts, paragraphs, a list, and paragraphs after it."""

    kind: DocumentKind
    title: str
    facts: tuple[Fact, ...]
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The whole as plain text, composed and with single spaces, so that equal papers have equal bytes."""
        lines = [
            self.title,
            *(f"{fact.name}: {fact.value}" for fact in self.facts),
            *self.paragraphs,
            *(f"– {item}" for item in self.items),
            *self.closing,
        ]
        return "".join(f"{' '.join(unicodedata.normalize('NFC', line).split())}\n" for line in lines)

    @property
    def sha256(self) -> str:
        """Of `plain` in UTF-8."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signed:
    """Who has signed on screen: the name, by what right, and when (aware)."""

    name: str
    right: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySheet:
    """A paper to print: signed on screen by these, or by nobody yet and with lines for as many hands."""

    text: PartyText
    signer: str
    """The legal person that signs, by name."""
    names: tuple[Signed, ...] = ()
    lines: int = 2
    zone: str = "Europe/Stockholm"
    is_copy: bool = field(default=False, metadata={LATER: True})
    """A masked copy: it says so, and has no hash of the text."""
