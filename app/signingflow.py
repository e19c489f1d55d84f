"""THE STORY of a signature: a party's person reads, signs, and the paper lies in the vault and in the bid."""

from __future__ import annotations

from datetime import datetime

from app import files
from app.accounts.models import User
from app.clock import local_date
from app.db import db
from app.errors import NotYours, Refused
from app.members.models import MemberDocument
from app.members.vault import actions as vault
from app.members.vault.actions import VaultPaper
from app.tenders import paper_actions, queries
from app.tenders.legal import beside
from app.tenders.models import Bid, BidParty, Tender
from app.tenders.offers import key_of, offer_of
from app.tenders.signing import actions, making
from app.tenders.signing import queries as signing
from app.tenders.signing.actions import Hand
from app.tenders.signing.models import PartyPaper
from app.tenders.signing.queries import ToSign
from bids.kinds import DocumentKind
from bids.offer import Offer


def to_sign(party: BidParty, kind: DocumentKind, *, now: datetime, offer: Offer | None = None) -> ToSign:
    """1. What the party is to read. Raises NotYours for a paper that its role does not bring.

    Whoever has read the bid brings its `offer`.
    """
    offer = offer or offer_of(queries.bid_by_id(party.bid_id), now=now)
    own = next((each for each in offer.parties if each.key == key_of(party.member)), None)
    papers = signing.papers_of(party)
    found = signing.to_sign(offer, own, papers) if own is not None else []
    asked = next((one for one in found if one.kind is kind), None)
    if asked is None:
        raise NotYours
    return asked


def sign(
    party: BidParty, kind: DocumentKind, hand: Hand, *, seen: str, address: str, by: User, now: datetime
) -> PartyPaper:
    """2. A person signs. When nobody else must, the paper is printed and goes into the vault and into the bid.

    Where the person is not recorded as signatory it holds all the same, and staff are reminded.
    """
    asked = to_sign(party, kind, now=now)
    if asked.text is None:
        raise Refused(asked.problem)
    paper = actions.sign(party, asked.text, hand, seen=seen, address=address, by=by, now=now)
    if paper.is_complete:
        _put_in_place(party, paper, by=by, now=now)
    db.session.flush()
    beside.look(party.bid, now=now)
    return paper


def blank(party: BidParty, kind: DocumentKind, *, now: datetime, offer: Offer | None = None) -> bytes:
    """2 b. Or it is printed, signed by hand and handed in. Raises Refused where nothing can be written yet."""
    asked = to_sign(party, kind, now=now, offer=offer)
    if asked.text is None:
        raise Refused(asked.problem)
    return making.unsigned(asked.text, party.member.name, party.bid.tender.zone)


def _put_in_place(party: BidParty, paper: PartyPaper, *, by: User, now: datetime) -> None:
    """3. The signed paper takes the place of an older one that was signed for the same bid, there and in the vault."""
    bid = party.bid
    data = making.signed(paper, party.member.name, bid.tender.zone)
    kept = files.save(data, name=f"{paper.kind}.pdf", media_type="application/pdf", now=now)
    words = VaultPaper(paper.kind, _title(paper.kind, bid.tender), local_date(now), None)
    older = _older(bid, party, paper.kind)
    if older is None:
        document = vault.lay_in(party.member, words, kept, by=by, now=now)
    else:
        document = vault.renew(older, words, kept, by=by, now=now)
    document.file_id = kept.id
    document.signed_text, document.for_bid_id, paper.document = paper.sha256, bid.id, document
    shown = next((one for one in bid.appendices if older is not None and one.document_id == older.id), None)
    if shown is None:
        paper_actions.attach_document(bid, party, document, by=by, now=now)
    else:
        paper_actions.exchange(bid, shown, document, by=by, now=now)


def _older(bid: Bid, party: BidParty, kind: DocumentKind) -> MemberDocument | None:
    current = party.member.current_documents
    return next((one for one in reversed(current) if one.kind == kind and one.for_bid_id == bid.id), None)


def _title(kind: DocumentKind, tender: Tender) -> str:
    return f"{kind.label}, {tender.diary_number or tender.title}"[:200]
