"""A party's paper as PDF: with the names of those who signed on screen, or with lines to sign by hand."""

from __future__ import annotations

from app.papers import print_apart
from app.tenders.signing.models import PartyPaper
from bids.party_documents import PartySheet, PartyText, Signed

SLOW = "Utskriften tog för lång tid. Försök igen om en stund; inget är ändrat."


def signed(paper: PartyPaper, signer: str, zone: str) -> bytes:
    """The paper with its signatures. Raises Refused when others print, and when it takes long."""
    return printed(sheet_of(paper, signer, zone))


def sheet_of(paper: PartyPaper, signer: str, zone: str) -> PartySheet:
    """What is printed of a signed paper."""
    names = tuple(Signed(one.name, one.right, one.signed_at) for one in paper.signatures)
    return PartySheet(text=paper.text, signer=signer, names=names, zone=zone)


def unsigned(text: PartyText, signer: str, zone: str) -> bytes:
    """The text to print and sign by hand. Raises Refused as `signed` does."""
    return printed(PartySheet(text=text, signer=signer, zone=zone))


def printed(sheet: PartySheet) -> bytes:
    """A sheet as PDF, made in a process of its own. Raises Refused as `signed` does."""
    return print_apart("app.tenders.signing.press", sheet, slow=SLOW)
