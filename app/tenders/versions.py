"""Freezing a bid, asking for its PDFs, and what the buyer decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, String, and_, cast

from app import audit, jobs
from app.accounts.models import User
from app.audit import AuditEvent
from app.clock import local_date
from app.db import Quantity, db
from app.errors import Refused
from app.money import Money
from app.tenders.bid_actions import check_draft
from app.tenders.calls import naming
from app.tenders.espd import frozen
from app.tenders.looks import queries as looks
from app.tenders.models import Bid, BidPreview, BidState, BidVersion, VersionDocument
from app.tenders.packing.actions import check_unlocked
from app.tenders.secrecy import actions as secrecy
from app.tenders.word_files import check_none
from bids.gap import Gap
from bids.kinds import OfferState
from bids.offer import Offer, to_json

PRINTING = "app.tenders.printing.make_pdf"
DESPITE = "submitted_despite"
PREVIEWING = "app.tenders.printing.make_preview"


def freeze(bid: Bid, offer: Offer, *, by: User, now: datetime) -> BidVersion:
    """Hand the bid in: its offer as text with a hash, who and when. A worker makes the PDF, and what secrecy needs."""
    check_draft(bid)
    check_unlocked(bid)
    check_none(bid)
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
    frozen.keep(version, bid)
    version.job = jobs.enqueue(PRINTING, version_id=version.id)
    secrecy.for_version(bid, version, offer, now=now)
    audit.record(bid, "submitted", by=by, now=now, version=version.number, sha256=version.sha256)
    return version


def note_despite(
    bid: Bid, version: BidVersion, warnings: Sequence[Gap], reason: str, *, by: User, now: datetime
) -> None:
    """Keep what was read before the version was handed in, and why it was handed in all the same."""
    told = "\n".join(gap.sentence for gap in warnings)
    audit.record(bid, DESPITE, by=by, now=now, version=version.number, reason=reason, warnings=told)


def tells_despite() -> ColumnElement[bool]:
    """That an event tells the ``reason`` for which a version left in spite of ``warnings``."""
    return and_(
        AuditEvent.subject_kind == Bid.__name__,
        AuditEvent.subject_id == BidVersion.bid_id,
        AuditEvent.what == DESPITE,
        AuditEvent.details["version"].as_string() == cast(BidVersion.number, String),
    )


def reopen(bid: Bid, *, by: User, now: datetime) -> Bid:
    """A new draft of a bid that is handed in; what was handed in stays.

    Raises Refused while a draft is open, when the time has run out, and while the buyer's receipt locks it.
    """
    if bid.is_draft:
        raise Refused(f"Version {bid.version} är redan ett utkast. Det går att ha ett utkast i taget.")
    if bid.tender.deadline is not None and now > bid.tender.deadline:
        what = "En inskickad ansökan" if bid.tender.is_call else "Ett lämnat anbud"
        raise Refused(f"{naming.last_day(bid.tender)} har passerat. {what} får inte ändras efter den.")
    check_unlocked(bid)
    bid.state = BidState.DRAFT
    bid.version += 1
    audit.record(bid, "reopened", by=by, now=now, version=bid.version)
    return bid


def throw_away(bid: Bid, *, by: User, now: datetime) -> BidVersion:
    """A draft was begun by mistake: what was handed in last stands again, and the next draft gets the same number.

    So it is after the last day too, when the draft can no longer be handed in. What was typed stays where it was
    typed. Raises Refused where there is no draft, and for the first one: nothing was handed in before it.
    """
    if not bid.is_draft:
        raise Refused("Det finns inget utkast att kasta.")
    last = max(bid.versions, key=lambda one: one.number, default=None)
    if last is None:
        raise Refused("Det första utkastet kan inte kastas: ingen version är fastställd som kan gälla i stället.")
    audit.record(bid, "draft_thrown_away", by=by, now=now, version=bid.version, stands=last.number)
    bid.state, bid.version = BidState.SUBMITTED, last.number
    return last


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
    """What the buyer decided. Raises Refused for what cannot be, such as points under nought."""
    if points is not None and points < 0:
        raise Refused("Poängen kan inte vara mindre än noll.")
    last = bid.tender.deadline
    if to in {BidState.WON, BidState.LOST} and last is not None and decided_on < local_date(last):
        who = "Finansiären" if bid.tender.is_call else "Köparen"
        raise Refused(f"{who} kan inte ha beslutat före {naming.last_day(bid.tender).lower()}. Kontrollera dagen.")
    bid.state = to
    bid.decided_on, bid.points = decided_on, Quantity(points) if points is not None else None
    bid.winner, bid.winner_price, bid.outcome_note = winner, winner_price, note
    audit.record(bid, str(to), by=by, now=now)
    return bid


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
