"""Marking what is to be secret, and asking for the papers about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app import audit, files, jobs
from app.accounts.models import User
from app.clock import local_date
from app.db import db
from app.errors import NotYours, Refused
from app.tenders.bid import Bid
from app.tenders.bid_actions import check_draft
from app.tenders.looks import queries as looks
from app.tenders.papers import BidVersion
from app.tenders.secrecy.claims import claims_of
from app.tenders.secrecy.models import PrintKind, SecrecyPrint
from bids.masking import secrets_of, why_not_masked
from bids.offer import Offer, to_json
from bids.secrecy import SecretKind, harm_problem, until_problem

PRINTING = "app.tenders.secrecy.printing.make"
READING = "app.tenders.secrecy.reading.read"
MOST_CLAIMS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What is secret: a kind, and the ids of what it concerns (none for all prices)."""

    kind: SecretKind
    of: Collection[int] = ()
    what: str
    harm: str
    until: date | None


def mark(bid: Bid, marking: Marking, *, by: User, now: datetime) -> Bid:
    """Mark it; a mark that is there already gets the new words. Raises Refused for a reason that will not do."""
    check_draft(bid)
    check_reason(bid, marking.harm, marking.until)
    if not marking.what.strip():
        raise Refused("Skriv vad som är hemligt, utan att avslöja det.")
    claims = claims_of(bid)
    if marking.kind is SecretKind.ROW and any(one.secret.kind is SecretKind.PRICES for one in claims):
        raise Refused("Alla priser är redan hemliga. Ta bort den markeringen först, om bara några rader ska vara det.")
    subjects: list[int | None] = list(marking.of) if marking.kind is not SecretKind.PRICES else [None]
    kept = [one for one in bid.secrecy if not (one["kind"] == marking.kind and one["of"] in subjects)]
    if len(kept) + len(subjects) > MOST_CLAIMS:
        raise Refused("Så många markeringar går inte. Markera alla priser i stället.")
    first = max((one["id"] for one in bid.secrecy), default=0) + 1
    words = {"kind": str(marking.kind), "what": marking.what.strip(), "harm": marking.harm.strip(), "by": by.name}
    until = marking.until.isoformat() if marking.until else ""
    bid.secrecy = [
        *kept,
        *({**words, "id": first + place, "of": of, "until": until} for place, of in enumerate(subjects)),
    ]
    if marking.kind is SecretKind.REFERENCE:
        jobs.enqueue(READING, bid_id=bid.id)
    audit.record(bid, "marked_secret", by=by, now=now, kind=str(marking.kind), count=len(subjects))
    return bid


def check_reason(bid: Bid, harm: str, until: date | None) -> None:
    """Raises Refused for a general phrase, for no last day, and for one before the last day for bids."""
    deadline = bid.tender.deadline
    problem = harm_problem(harm) or (until_problem(until, local_date(deadline)) if deadline else "")
    if problem:
        raise Refused(problem)


def unmark(bid: Bid, claim_id: int, *, by: User, now: datetime) -> Bid:
    """It may be read after all. Raises NotYours for a mark that is not there."""
    check_draft(bid)
    kept = [one for one in bid.secrecy if one["id"] != claim_id]
    if len(kept) == len(bid.secrecy):
        raise NotYours
    bid.secrecy = kept
    audit.record(bid, "unmarked_secret", by=by, now=now)
    return bid


def ask_for_papers(bid: Bid, offer: Offer, *, by: User, now: datetime) -> list[SecrecyPrint]:
    """Let a worker make the request and the masked copy of the draft as it stands; earlier ones are thrown away.

    Raises Refused when nothing is secret, and when a hidden price could be counted.
    """
    check_draft(bid)
    if not secrets_of(offer):
        raise Refused("Inget i anbudet är markerat som hemligt. Markera det först.")
    problem = why_not_masked(offer)
    if problem:
        raise Refused(problem)
    for older in db.session.scalars(
        select(SecrecyPrint).where(SecrecyPrint.bid_id == bid.id, SecrecyPrint.version_id.is_(None))
    ):
        if older.file is not None:
            files.let_go(older.file)
        db.session.delete(older)
    audit.record(bid, "secrecy_papers_asked", by=by, now=now)
    return _ordered(bid, None, to_json(looks.dressed(offer, bid)), now)


def for_version(bid: Bid, version: BidVersion, offer: Offer, *, now: datetime) -> list[SecrecyPrint]:
    """The papers of what was handed in, made once; none where nothing is secret."""
    return _ordered(bid, version, "", now) if secrets_of(offer) else []


def _ordered(bid: Bid, version: BidVersion | None, text: str, now: datetime) -> list[SecrecyPrint]:
    prints = [
        SecrecyPrint(
            bid_id=bid.id, version_id=version.id if version else None, kind=kind, offer_json=text, asked_at=now
        )
        for kind in PrintKind
    ]
    db.session.add_all(prints)
    db.session.flush()
    for one in prints:
        one.job = jobs.enqueue(PRINTING, print_id=one.id)
    return prints
