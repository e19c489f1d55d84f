"""THE STORY of the law in a joint bid: a form is chosen with open eyes, a member leaves, a share falls."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from app import audit, bidflow, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.tenders import queries
from app.tenders.bid_actions import check_draft
from app.tenders.legal import beside, emails, shares, withdrawing
from app.tenders.models import Bid, BidParty, TenderLot, Withdrawal
from app.tenders.noticing.queries import people_of
from app.tenders.offers import key_of, offer_of
from app.tenders.secrecy import reading
from bids.form_choice import roles_in
from bids.gap import Gap
from bids.kinds import BidForm


def change_form(bid: Bid, form: BidForm, lots: Sequence[TenderLot], *, by: User, now: datetime) -> Bid:
    """1. Another legal form, and with it another role for each party; the papers that are wanted follow by themselves.

    Parties that have said no keep the role that they had. Raises Refused as `bidflow.choose_form` does.
    """
    check_draft(bid)
    roles = roles_in(offer_of(bid, now=now), form)
    bidflow.choose_form(bid, form, lots, by=by, now=now)
    for party in bid.parties:
        role = roles.get(key_of(party.member), party.role)
        if role != party.role:
            party.role = role
            audit.record(bid, "role_follows_form", by=by, now=now, member=party.member.name, role=str(role))
    return bid


def leave(party: BidParty, reason: str, *, by: User, now: datetime) -> Withdrawal | None:
    """2. A member takes no part, perhaps the day before. What it had promised is kept, and staff learn what opened.

    An application is not written anew in an hour: there staff learn of every no, also from one that had not answered.
    """
    bid = party.bid
    was_out = party.has_declined
    before, promised = bidflow.gaps_of(bid, now=now), withdrawing.kept(party)
    had_said_yes = any(promise.signed_by for promise in party.promises)
    bidflow.decline_part(party, reason, by=by, now=now)
    if bid.tender.is_call and not was_out:
        found = withdrawing.opened(before, bidflow.gaps_of(bid, now=now))
        opened = [gap for gap in found if gap.row_ref is None]  # Rows that are left have other numbers now.
        for user in people_of(bid):
            if user.id != by.id:
                emails.partner_declined(user, party, opened, now=now)
    if not had_said_yes:
        return None
    gaps = withdrawing.opened(before, bidflow.gaps_of(bid, now=now))
    row = withdrawing.record(party, promised, gaps, reason.strip(), by_name=by.name, now=now)
    steps_in = withdrawing.who_steps_in(bid, party, now=now)
    for user in people_of(bid):
        if user.id != by.id:
            emails.member_left(user, bid, row, steps_in, now=now)
    return row


def what_if_gone(bid: Bid, party: BidParty, *, now: datetime) -> list[Gap]:
    """2 b. What would be missing without a party that is not already; nothing is changed."""
    offer = offer_of(bid, now=now)
    return withdrawing.without(offer, key_of(party.member), now=now)


def take_out(bid: Bid, party: BidParty, reason: str, *, by: User, now: datetime) -> Withdrawal | None:
    """2 c. We take a member out. What it had promised stays readable after it is gone.

    With a reason the member has told us that it leaves. One that has said no itself is recorded since then.
    """
    check_draft(bid)
    row = None
    if party.promises and not party.has_declined:
        gaps = what_if_gone(bid, party, now=now)
        row = withdrawing.record(party, withdrawing.kept(party), gaps, reason, by_name=by.name, now=now)
    bidflow.withdraw(bid, party, reason, by=by, now=now)
    return row


def note_left(bid: Bid, party: BidParty, reason: str, *, by: User, now: datetime) -> Withdrawal:
    """2 d. A member leaves a bid that is handed in or won: that cannot be changed, but it is written down, once.

    Those of us who work with the tender are told who could step in. Raises Refused when it is written down already.
    """
    if any(row.member_id == party.member_id for row in withdrawing.withdrawals_of(bid)):
        raise Refused(f"Det är redan antecknat att {party.member.name} hoppar av.")
    row = withdrawing.record(party, withdrawing.kept(party), (), reason, by_name=by.name, now=now)
    audit.record(bid, "left_after", by=by, now=now, member=party.member.name)
    steps_in = withdrawing.who_steps_in(bid, party, now=now)
    for user in people_of(bid):
        if user.id != by.id:
            emails.member_left(user, bid, row, steps_in, now=now)
    return row


@jobs.every_minute
def look_beside(now: datetime) -> None:
    """3. What members promise elsewhere may leave less for an open bid, and the same may be bid for twice."""
    for bid_id in beside.due(now):
        jobs.enqueue(look_beside_bid, bid_id=bid_id, moment=int(now.timestamp()))


@jobs.job
def look_beside_bid(bid_id: int, moment: int) -> None:
    """Keep with the bid what is found. Run twice in a while, it has looked already."""
    now = datetime.fromtimestamp(moment, tz=UTC)
    if bid_id in beside.due(now):
        bid = beside.look(queries.bid_by_id(bid_id, lock=True), now=now)
        if reading.unread(bid, offer_of(bid, now=now)):
            jobs.enqueue(reading.read, bid_id=bid_id)


def look_anew(bid: Bid, *, now: datetime) -> Bid:
    """3 b. What the bid asks or has been promised has changed: its warnings are reckoned at once, and soon others'."""
    if bid.is_draft and bid.tender.deadline is not None:
        db.session.flush()
        beside.look(bid, now=now)
    look_at_members([party.member_id for party in bid.parties], besides=bid.id, now=now)
    return bid


def look_at_members(members: Collection[int], *, besides: int | None = None, now: datetime) -> None:
    """3 c. What these members can make, or have promised somewhere, has changed: open bids with them are looked at."""
    for bid_id in beside.with_members(members, besides, now=now):
        jobs.enqueue(look_again, bid_id=bid_id, moment=int(now.timestamp()))


@jobs.job
def look_again(bid_id: int, moment: int) -> None:
    """Look at a bid whatever was seen before. Run twice, it finds the same."""
    bid = queries.bid_by_id(bid_id, lock=True)
    if bid.is_draft and bid.tender.deadline is not None:
        beside.look(bid, now=datetime.fromtimestamp(moment, tz=UTC))


@jobs.every_minute
def look_at_shares(now: datetime) -> None:
    """4. While reserved contracts run, look for shares that have fallen or are counted too long ago."""
    for bid, _found in shares.unwarned(now):
        jobs.enqueue(warn_of_shares, bid_id=bid.id, moment=int(now.timestamp()))


@jobs.job
def warn_of_shares(bid_id: int, moment: int) -> None:
    """Tell those of us who work with the tender, once for each count. Run twice, it finds nothing left to tell."""
    now = datetime.fromtimestamp(moment, tz=UTC)
    queries.bid_by_id(bid_id, lock=True)
    for bid, found in shares.unwarned(now):
        if bid.id == bid_id:
            for one in found:
                shares.note(one, now=now)
            for user in people_of(bid):
                emails.share_in_trouble(user, bid, found, now=now)
