"""Letters to members about bids. Their words are in templates/emails/."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, render_template

from app.mail import Letter
from app.members.emails import way_in, write_to
from app.tenders.models import BidParty
from bids.swedish import moment


def invitation(party: BidParty, *, now: datetime) -> Letter:
    """Please tell us what you can do, and at what price."""
    return _write("bid_invitation", f"Vill ni vara med? {party.bid.tender.title}", party, now)


def reminder(party: BidParty, *, now: datetime) -> Letter:
    """We still wait for your answer."""
    return _write("bid_reminder", f"Påminnelse: {party.bid.tender.title}", party, now)


def changed(party: BidParty, *, now: datetime) -> Letter:
    """What we ask for has changed, so please answer again."""
    return _write("bid_changed", f"Ändrad fråga: {party.bid.tender.title}", party, now)


def deadline_moved(party: BidParty, *, now: datetime) -> Letter:
    """The buyer has moved the last day."""
    return _write("bid_deadline", f"Ny sista anbudsdag: {party.bid.tender.title}", party, now)


def withdrawal(party: BidParty, *, now: datetime) -> Letter:
    """You need do nothing more."""
    return _write("bid_withdrawal", f"Ni behöver inte svara: {party.bid.tender.title}", party, now)


def submitted(party: BidParty, *, now: datetime) -> Letter:
    """The bid that you are part of has been handed in."""
    return _write("bid_submitted", f"Anbudet är lämnat: {party.bid.tender.title}", party, now)


def outcome(party: BidParty, *, now: datetime) -> Letter:
    """What the buyer decided."""
    return _write("bid_outcome", f"Besked om anbudet: {party.bid.tender.title}", party, now)


def _write(kind: str, subject: str, party: BidParty, now: datetime) -> Letter:
    tender = party.bid.tender
    body = render_template(
        f"emails/{kind}.txt",
        party=party,
        bid=party.bid,
        tender=tender,
        deadline=moment(tender.deadline, tender.zone) if tender.deadline else "",
        link=way_in(party.member, f"{current_app.config['BASE_URL']}/medlem/anbud/{party.bid_id}"),
    )
    return write_to(party.member, kind=kind, subject=subject, body=body, now=now, name=party.member.contact_name)
