"""Which papers of a bid are signed, and where else they lie to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from app.errors import NotYours
from app.tenders.bid import Bid, BidParty
from app.tenders.offers import key_of
from app.tenders.signing.models import PartyPaper, SigningLink
from bids import party_documents
from bids.gap import Gap
from bids.kinds import DocumentKind
from bids.legal_forms import duties_of
from bids.offer import Offer
from bids.parties import Party
from bids.party_checks import missing_documents
from bids.party_documents import SIGNED_KINDS, PartyText
from bids.signer_checks import signer_gap


@dataclass(frozen=True, slots=True)
class ToSign:
    """A paper that a party is to sign: the text as it reads now, and who has signed it or an older one.

    ``text`` is None, and ``problem`` says why, where nothing can be written yet. ``is_there``: the bid holds one,
    signed on screen or handed in.
    """

    kind: DocumentKind
    law: str
    text: PartyText | None
    problem: str
    paper: PartyPaper | None
    outdated: PartyPaper | None
    """The last that was signed while the text was another."""
    is_there: bool

    @property
    def can_be_signed(self) -> bool:
        """Whether a signature is still wanted on it."""
        return self.text is not None and (self.paper is None or not self.paper.is_complete)

    @property
    def is_half(self) -> bool:
        """Whether one has signed, and another must sign too."""
        return self.paper is not None and bool(self.paper.signatures) and not self.paper.is_complete

    @property
    def has_changed(self) -> bool:
        """Whether somebody has signed another text than the bid has now, and nothing has come in its place."""
        if self.outdated is None or (self.paper is not None and self.paper.signatures):
            return False
        return not (self.is_there and self.outdated.is_complete)


def to_sign(offer: Offer, party: Party, papers: Sequence[PartyPaper]) -> list[ToSign]:
    """What of a party's papers we can write for it, with their signatures; ``papers`` are that member's."""
    missing = missing_documents(offer, party)
    found = []
    for duty in duties_of(offer, party):
        if duty.document in SIGNED_KINDS:
            problem = party_documents.why_not(offer, party, duty.document)
            text = None if problem else party_documents.text_of(offer, party, duty.document)
            own = [paper for paper in papers if paper.kind is duty.document]
            same = next((paper for paper in own if text is not None and paper.sha256 == text.sha256), None)
            older = next((paper for paper in reversed(own) if paper is not same and paper.signatures), None)
            is_there = duty.document not in missing
            found.append(ToSign(duty.document, duty.law, text, problem, same, older, is_there))
    return found


def begun(offer: Offer, party: Party, papers: Sequence[PartyPaper]) -> dict[DocumentKind, ToSign]:
    """Of a party's papers those that another must sign too, or that must be signed anew because the text changed."""
    return {one.kind: one for one in to_sign(offer, party, papers) if one.is_half or one.has_changed}


def papers_in(bid: Bid) -> dict[int, list[PartyPaper]]:
    """All papers of a bid by member, the oldest first, with their signatures; two statements."""
    query = select(PartyPaper).where(PartyPaper.bid_id == bid.id).order_by(PartyPaper.id)
    found: dict[int, list[PartyPaper]] = {}
    for paper in db.session.scalars(query.options(selectinload(PartyPaper.signatures))):
        found.setdefault(paper.member_id, []).append(paper)
    return found


def signer_gaps(bid: Bid, offer: Offer) -> list[Gap]:
    """Reminders of papers that hold and that somebody else than the recorded signatories has signed."""
    papers, parties = papers_in(bid), {party.key: party for party in offer.parties}
    signed = [
        (parties[key_of(each.member)], paper)
        for each in bid.parties
        for paper in papers.get(each.member_id, [])
        if key_of(each.member) in parties
    ]
    found = [
        signer_gap(party, paper.kind, [one.name for one in paper.signatures])
        for party, paper in signed
        if paper.sha256 == party_documents.text_hash(offer, party, paper.kind)
    ]
    return [gap for gap in found if gap is not None]


def papers_of(party: BidParty) -> Sequence[PartyPaper]:
    """A party's papers in its bid, the oldest first."""
    query = select(PartyPaper).where(PartyPaper.bid_id == party.bid_id, PartyPaper.member_id == party.member_id)
    return db.session.scalars(query.order_by(PartyPaper.id).options(selectinload(PartyPaper.signatures))).all()


def paper_with(party: BidParty, text: PartyText) -> PartyPaper | None:
    """The paper with exactly this text, once somebody has signed it."""
    return next((one for one in papers_of(party) if one.sha256 == text.sha256 and one.kind is text.kind), None)


def links_in(bid: Bid) -> dict[tuple[int, DocumentKind], list[SigningLink]]:
    """The links to providers of e-signatures by member and paper."""
    query = select(SigningLink).where(SigningLink.bid_id == bid.id).order_by(SigningLink.id)
    found: dict[tuple[int, DocumentKind], list[SigningLink]] = {}
    for link in db.session.scalars(query):
        found.setdefault((link.member_id, link.kind), []).append(link)
    return found


def link_of(bid: Bid, link_id: int) -> SigningLink:
    """One of the bid's links. Raises NotYours for any other."""
    found = db.session.scalar(select(SigningLink).where(SigningLink.id == link_id, SigningLink.bid_id == bid.id))
    if found is None:
        raise NotYours
    return found
