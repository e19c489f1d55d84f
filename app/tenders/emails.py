"""Letters to members about bids. Their words are in templates/emails/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.mail import Letter
from app.tenders import promise_actions
from app.tenders.calls import naming
from app.tenders.models import Bid, BidParty
from app.tenders.working.emails import letter_to_party
from bids.kinds import DocumentKind
from bids.swedish import moment


def invitation(party: BidParty, papers: Sequence[DocumentKind] = (), *, now: datetime) -> Letter:
    """Please tell us what you can do, and at what price; or who has no row, please sign these papers."""
    return _write("bid_invitation", f"Vill ni vara med? {party.bid.tender.title}", party, now, papers=papers)


def reminder(party: BidParty, *, now: datetime) -> Letter:
    """We still wait for your answer."""
    return _write("bid_reminder", f"Påminnelse: {party.bid.tender.title}", party, now)


def changed(party: BidParty, *, now: datetime) -> Letter:
    """What we ask for has changed, so please answer again."""
    return _write("bid_changed", f"Ändrad fråga: {party.bid.tender.title}", party, now)


def shared_anew(party: BidParty, *, had_answered: bool, now: datetime) -> None:
    """The rows were shared in another way: one that was invited is told if none is left, or if it must answer anew."""
    if party.invited_at is None:
        return
    if not party.promises:
        withdrawal(party, now=now)
    elif had_answered:
        changed(party, now=now)


def last_day_moved(bid: Bid, *, now: datetime) -> list[Letter]:
    """The last day is another: to each party that has been asked and has not said no, while it can still answer."""
    asked = [party for party in bid.parties if party.invited_at is not None and not party.has_declined]
    return [_last_day_moved(party, now) for party in asked] if bid.is_draft else []


def _last_day_moved(party: BidParty, now: datetime) -> Letter:
    subject = f"Ny {naming.last_day(party.bid.tender).lower()}: {party.bid.tender.title}"
    return _write("bid_deadline", subject, party, now)


def withdrawal(party: BidParty, *, now: datetime) -> Letter:
    """You need do nothing more; and what you have answered, if you have, holds no longer."""
    answered = promise_actions.has_answered(party)
    what = "Ert svar gäller inte längre" if answered else "Ni behöver inte svara"
    return _write("bid_withdrawal", f"{what}: {party.bid.tender.title}", party, now, answered=answered)


def is_out(party: BidParty, reason: str, *, now: datetime) -> Letter:
    """You have told us that you leave, and it is written down."""
    return _write("bid_is_out", f"Ni är inte längre med: {party.bid.tender.title}", party, now, reason=reason)


def submitted(party: BidParty, *, now: datetime) -> Letter:
    """The bid that you are part of has been handed in."""
    what = "Ansökan är inskickad" if party.bid.tender.is_call else "Anbudet är lämnat"
    return _write("bid_submitted", f"{what}: {party.bid.tender.title}", party, now)


def outcome(party: BidParty, *, now: datetime) -> Letter:
    """What the buyer decided."""
    what = "ansökan" if party.bid.tender.is_call else "anbudet"
    return _write("bid_outcome", f"Besked om {what}: {party.bid.tender.title}", party, now)


def _write(kind: str, subject: str, party: BidParty, now: datetime, **more: object) -> Letter:
    tender = party.bid.tender
    values: dict[str, object] = {
        "bid": party.bid,
        "tender": tender,
        "deadline": moment(tender.deadline, tender.zone) if tender.deadline else "",
        **more,
    }
    return letter_to_party(party, kind, subject, values, f"/medlem/anbud/{party.bid_id}", now=now)
