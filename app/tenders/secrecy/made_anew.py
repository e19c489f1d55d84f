"""The bid's own papers among its appendices, printed again without what is secret: declarations, and signed texts.

Each was printed from values when it was signed. Where those are at hand it is printed from them; where somebody has
declared anew since, the page for a secret appendix takes its place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import clock, files
from app.db import db
from app.files import StoredFile
from app.members.models import MemberDocument
from app.tenders.espd.models import Declaration, VersionDeclaration
from app.tenders.papers import BidVersion
from app.tenders.signing import making
from app.tenders.signing.models import PartyPaper
from bids.canonical import loads
from bids.espd.document import to_pdf
from bids.espd.snapshot import Sheet
from bids.masked_papers import masked_declaration, masked_sheet
from bids.masking import hidden_appendices, secrets_of
from bids.offer import Offer

PDF = "application/pdf"


def printed_anew(bid_id: int, offer: Offer, blank: str) -> dict[int, str]:
    """By the appendix' number the hash of what stands in its place, for those that would show something secret.

    The files are kept among the others, where the press finds all appendices. ``blank`` is the hash of the page that
    says that an appendix is masked.
    """
    hidden = hidden_appendices(offer)
    of_file = {one.sha256: one.number for one in offer.appendices if one.number not in hidden}
    if not of_file or not secrets_of(offer):
        return {}
    known = {**_declarations(bid_id, offer, of_file), **_texts(bid_id, offer, of_file)}
    gone = {digest: blank for digest in _declared_before(bid_id, of_file) if digest not in known}
    found = {digest: _kept(data) for digest, data in known.items() if data is not None} | gone
    return {one.number: found[one.sha256] for one in offer.appendices if one.sha256 in found}


def _declarations(bid_id: int, offer: Offer, of_file: Mapping[str, int]) -> dict[str, bytes | None]:
    """Declarations by their PDF's hash: printed without what is secret, or None where they show nothing of it."""
    query = (
        select(StoredFile.sha256, Declaration)
        .join(Declaration, Declaration.pdf_id == StoredFile.id)
        .where(Declaration.bid_id == bid_id, StoredFile.sha256.in_(of_file))
        .options(undefer(Declaration.signed_json))
    )
    found: dict[str, bytes | None] = {}
    for digest, row in db.session.execute(query):
        signed = loads(row.signed_json or "", Sheet).signed
        masked = masked_declaration(offer, signed)
        found[digest] = None if masked == signed else to_pdf(masked, is_copy=True)
    return found


def _texts(bid_id: int, offer: Offer, of_file: Mapping[str, int]) -> dict[str, bytes | None]:
    """Powers of attorney, commitments and other texts that were signed on screen, in the same way."""
    query = (
        select(StoredFile.sha256, PartyPaper)
        .join(MemberDocument, MemberDocument.file_id == StoredFile.id)
        .join(PartyPaper, PartyPaper.document_id == MemberDocument.id)
        .where(PartyPaper.bid_id == bid_id, StoredFile.sha256.in_(of_file))
    )
    found: dict[str, bytes | None] = {}
    for digest, paper in db.session.execute(query):
        sheet = making.sheet_of(paper, paper.member.name, offer.zone)
        masked = masked_sheet(offer, sheet)
        found[digest] = None if masked == sheet else making.printed(replace(masked, is_copy=True))
    return found


def _declared_before(bid_id: int, of_file: Mapping[str, int]) -> list[str]:
    """Declarations that lie in versions; what they said is no longer kept once somebody has declared anew."""
    query = (
        select(StoredFile.sha256)
        .join(VersionDeclaration, VersionDeclaration.pdf_id == StoredFile.id)
        .join(BidVersion, BidVersion.id == VersionDeclaration.version_id)
        .where(BidVersion.bid_id == bid_id, StoredFile.sha256.in_(of_file))
    )
    return list(db.session.scalars(query))


def _kept(data: bytes) -> str:
    return files.save(data, name="maskerad-bilaga.pdf", media_type=PDF, now=clock.now()).sha256


def let_go(digests: Collection[str]) -> None:
    """The copy is pressed and holds them: they are needed no longer."""
    for file in db.session.scalars(select(StoredFile).where(StoredFile.sha256.in_(digests))):
        files.let_go(file)
