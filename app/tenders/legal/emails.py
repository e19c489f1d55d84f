"""Letters to those of us who work on a bid, about what the law makes of it. Their words are in templates/emails/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from app import mail
from app.accounts.models import User
from app.mail import Letter
from app.tenders.legal.shares import Troubled
from app.tenders.legal.withdrawing import StepsIn
from app.tenders.models import Bid, BidParty, Tender, Withdrawal
from bids.gap import Gap
from bids.swedish import moment


def share_in_trouble(user: User, bid: Bid, found: Sequence[Troubled], *, now: datetime) -> Letter:
    """A share has fallen, or is counted too long ago, while a reserved contract runs."""
    link = f"{current_app.config['BASE_URL']}/personal/upphandlingar/{bid.tender_id}"
    body = mail.words("share_in_trouble", user=user, tender=bid.tender, found=found, link=link)
    subject = f"Andelen sysselsatta måste ses över: {bid.tender.title}"
    return mail.write(kind="share_in_trouble", to=(user.name, user.email), subject=subject, body=body, now=now)


def member_left(user: User, bid: Bid, row: Withdrawal, steps_in: Sequence[StepsIn], *, now: datetime) -> Letter:
    """A member is in the bid no longer: what opened, and who could step in."""
    words = {"withdrawal": row, "steps_in": steps_in, "link": _page(bid.tender, "avhopp")}
    told = f"{row.member.name} är inte längre med"
    return _without_a_member("member_left_bid", user, bid.tender, told, words, now=now)


def partner_declined(user: User, party: BidParty, opened: Sequence[Gap], *, now: datetime) -> Letter:
    """A party of an application has said no: why, and what is missing now."""
    tender = party.bid.tender
    words = {"party": party, "opened": opened, "link": _page(tender, "budget")}
    told = f"{party.member.name} vill inte vara med"
    return _without_a_member("partner_declined", user, tender, told, words, now=now)


def _without_a_member(
    kind: str, user: User, tender: Tender, told: str, words: Mapping[str, Any], *, now: datetime
) -> Letter:
    deadline = moment(tender.deadline, tender.zone) if tender.deadline else ""
    body = mail.words(kind, user=user, tender=tender, deadline=deadline, **words)
    subject = f"{told}: {tender.title}"
    return mail.write(kind=kind, to=(user.name, user.email), subject=subject, body=body, now=now)


def _page(tender: Tender, name: str) -> str:
    return f"{current_app.config['BASE_URL']}/personal/upphandlingar/{tender.id}/{name}"
