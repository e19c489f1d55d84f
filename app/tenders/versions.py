"""Freezing a bid, and the PDFs that a worker makes of it: never in a request, and of a frozen version only once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app import audit, clock, files, jobs
from app.accounts.models import User
from app.db import Quantity, db
from app.errors import Refused
from app.money import Money
from app.tenders.bid_actions import check_draft
from app.tenders.models import Bid, BidPreview, BidState, BidVersion
from bids.appendices import AppendixRefused
from bids.document import to_pdf
from bids.kinds import OfferState
from bids.offer import Offer, from_json, to_json


def freeze(bid: Bid, offer: Offer, *, by: User, now: datetime) -> BidVersion:
    """Hand the bid in: its offer as text with a hash, who and when. A worker makes the PDF."""
    check_draft(bid)
    text = to_json(replace(offer, state=OfferState.FROZEN, made_on=now, version=bid.version))
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
    version.job = jobs.enqueue(make_pdf, version_id=version.id)
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
    preview = BidPreview(bid_id=bid.id, offer_json=to_json(offer), asked_at=now, by_name=by.name)
    db.session.add(preview)
    db.session.flush()
    preview.job = jobs.enqueue(make_preview, preview_id=preview.id)
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
    """What the buyer decided. Raises Refused for a bid that was never handed in."""
    bid.state = to
    bid.decided_on, bid.points = decided_on, Quantity(points) if points is not None else None
    bid.winner, bid.winner_price, bid.outcome_note = winner, winner_price, note
    audit.record(bid, str(to), by=by, now=now)
    return bid


@jobs.job
def make_pdf(version_id: int) -> None:
    """Make a frozen version's PDF, once."""
    version = db.session.scalars(select(BidVersion).where(BidVersion.id == version_id).with_for_update()).one()
    if version.pdf_id is not None:
        return
    offer = from_json(version.offer_json)
    data = to_pdf(offer, appendix_bytes(offer, version.bid_id))
    version.pdf = files.save(data, name=pdf_name(offer), media_type="application/pdf", now=clock.now())
    version.pdf_sha256 = version.pdf.sha256


@jobs.job
def make_preview(preview_id: int) -> None:
    """Make a draft's PDF. What the bid itself is to blame for is told in words and not tried again."""
    preview = db.session.scalars(select(BidPreview).where(BidPreview.id == preview_id).with_for_update()).one()
    if preview.pdf_id is not None or preview.problem:
        return
    offer = from_json(preview.offer_json)
    try:
        data = to_pdf(offer, appendix_bytes(offer, preview.bid_id))
    except AppendixRefused as no:
        preview.problem = str(no)
        return
    preview.pdf = files.save(data, name=pdf_name(offer), media_type="application/pdf", now=clock.now())


def appendix_bytes(offer: Offer, bid_id: int) -> dict[int, bytes]:
    """The appendices' bytes by number, found by the hash that the offer names, also when the bid has changed since.

    Raises FileNotFoundError when the disk has lost one.
    """
    wanted = {appendix.sha256 for appendix in offer.appendices}
    stored = db.session.scalars(select(files.StoredFile).where(files.StoredFile.sha256.in_(wanted)))
    by_hash = {file.sha256: file for file in stored}
    missing = wanted - by_hash.keys()
    if missing:
        raise FileNotFoundError(f"bid {bid_id} lacks {', '.join(sorted(missing))}")
    return {appendix.number: files.read(by_hash[appendix.sha256]) for appendix in offer.appendices}


def draft_pdf(offer: Offer, bid_id: int) -> bytes:
    """A draft's PDF at once, for the command line."""
    return to_pdf(offer, appendix_bytes(offer, bid_id))


def pdf_name(offer: Offer) -> str:
    """``anbud-INK-2026-114-v2.pdf``, with ``utkast`` for a draft."""
    mark = "".join(letter if letter.isalnum() else "-" for letter in offer.diary_number or offer.title)[:60].strip("-")
    kind = "anbud" if offer.state is OfferState.FROZEN else "utkast"
    return f"{kind}-{mark}-v{offer.version}.pdf"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
