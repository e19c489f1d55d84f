"""Freezing a bid, asking for its PDFs, and what the buyer decided."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from app import audit, jobs
from app.accounts.models import User
from app.db import Quantity, db
from app.errors import Refused
from app.money import Money
from app.tenders.bid_actions import check_draft
from app.tenders.looks import queries as looks
from app.tenders.models import Bid, BidPreview, BidState, BidVersion, VersionDocument
from bids.kinds import OfferState
from bids.offer import Offer, to_json

PRINTING = "app.tenders.printing.make_pdf"
PREVIEWING = "app.tenders.printing.make_preview"


def freeze(bid: Bid, offer: Offer, *, by: User, now: datetime) -> BidVersion:
    """Hand the bid in: its offer as text with a hash, who and when. A worker makes the PDF."""
    check_draft(bid)
    text = to_json(replace(looks.dressed(offer, bid), state=OfferState.FROZEN, made_on=now, version=bid.version))
    version = BidVersion(
        bid_id=bid.id,
        number=bid.version,
        offer_json=text,
        sha256=_hash(text.encode()),
        frozen_at=now,
        by_name=by.name,
    )
    bid.state = BidState.SUBMITTED
    db.session.add(version)
    db.session.flush()
    for document_id in {appendix.document_id for appendix in bid.appendices if appendix.document_id is not None}:
        db.session.add(VersionDocument(version_id=version.id, document_id=document_id))
    version.job = jobs.enqueue(PRINTING, version_id=version.id)
    audit.record(bid, "submitted", by=by, now=now, version=version.number, sha256=version.sha256)
    return version


def reopen(bid: Bid, *, by: User, now: datetime) -> Bid:
    """A new draft of a bid that is handed in; what was handed in stays. Raises Refused when the time has run out."""
    if bid.tender.deadline is not None and now > bid.tender.deadline:
        raise Refused("Sista anbudsdag har passerat. Ett lämnat anbud får inte ändras efter den.")
    bid.state = BidState.DRAFT
    bid.version += 1
    audit.record(bid, "reopened", by=by, now=now, version=bid.version)
    return bid


def ask_for_preview(bid: Bid, offer: Offer, *, by: User, now: datetime) -> BidPreview:
    """Let a worker make a PDF of the draft as it stands at this moment."""
    preview = BidPreview(bid_id=bid.id, offer_json=to_json(looks.dressed(offer, bid)), asked_at=now, by_name=by.name)
    db.session.add(preview)
    db.session.flush()
    preview.job = jobs.enqueue(PREVIEWING, preview_id=preview.id)
    return preview


def record_outcome(
    bid: Bid,
    to: BidState,
    *,
    decided_on: date,
    points: Decimal | None,
    winner: str,
    winner_price: Money | None,
    note: str,
    by: User,
    now: datetime,
) -> Bid:
    """What the buyer decided. Raises Refused for a bid that was never handed in, and for points under nought."""
    if points is not None and points < 0:
        raise Refused("Poängen kan inte vara mindre än noll.")
    bid.state = to
    bid.decided_on, bid.points = decided_on, Quantity(points) if points is not None else None
    bid.winner, bid.winner_price, bid.outcome_note = winner, winner_price, note
    audit.record(bid, str(to), by=by, now=now)
    return bid


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
