"""THE STORY of a declaration: the buyer asks, what is known is filled in, the rest is asked, and it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.accounts.models import User
from app.db import db
from app.tenders import queries as queries_of_bids
from app.tenders.espd import actions, placing, queries
from app.tenders.espd.actions import ReadRequest
from app.tenders.espd.models import Declaration, EspdRequest
from app.tenders.espd.queries import Standing
from app.tenders.legal import beside
from app.tenders.models import Appendix, Bid, BidParty, Tender
from app.tenders.offers import offer_of
from bids.kinds import DocumentKind
from bids.offer import Offer


def read(data: bytes, name: str) -> ReadRequest:
    """1. The buyer's ESPD request comes as a file. Raises Refused for a file that is none, or of another version."""
    return actions.read(data, name)


def take_in(
    tender: Tender, bid: Bid | None, found: ReadRequest, *, confirmed: bool = False, by: User, now: datetime
) -> EspdRequest:
    """1 a. It counts from now on; without one, parties sign our own form. Raises Refused when the bid is handed in."""
    made = actions.take_in(tender, bid, found, confirmed=confirmed, by=by, now=now)
    _look(bid, now=now)
    return made


def confirm(asked: EspdRequest, bid: Bid | None, *, by: User, now: datetime) -> EspdRequest:
    """1 c. It names another buyer or number, and is the right one all the same."""
    actions.confirm(asked, by=by, now=now)
    _look(bid, now=now)
    return asked


def leave_request(tender: Tender, bid: Bid | None, *, by: User, now: datetime) -> None:
    """1 b. It was the wrong file, or the buyer wants none."""
    actions.leave_request(tender, bid, by=by, now=now)
    _look(bid, now=now)


def stand(bid: Bid, offer: Offer) -> list[Standing]:
    """2. Who must declare what, what is known of each, and what is left to ask."""
    return queries.standings_of(bid, offer, queries.request_of(bid.tender))


def stand_of(party: BidParty, *, now: datetime) -> list[Standing]:
    """2 b. The same for one party, which sees nothing of the others' answers."""
    bid = party.bid
    if bid.tender.deadline is None:
        return []
    return queries.standings_of(bid, offer_of(bid, now=now), queries.request_of(bid.tender), party)


def answer(standing: Standing, typed: Mapping[str, str], *, revision: int, by: User, now: datetime) -> Declaration:
    """3. Somebody who knows answers, a few questions at a time. Raises Refused for what is no answer."""
    row = actions.answer(standing, typed, revision=revision, by=by, now=now)
    _look(standing.party.bid, now=now)
    return row


def sign(standing: Standing, name: str, *, by: User, now: datetime) -> Declaration:
    """4. The party puts its name to it; a worker makes PDF and XML and lays them in the bid.

    Raises Refused while something is unanswered.
    """
    row = actions.sign(standing, name, by=by, now=now)
    _look(standing.party.bid, now=now)
    return row


def sign_for(standing: Standing, name: str, *, by: User, now: datetime) -> Declaration:
    """4 b. The party has signed by telephone or on paper, and staff write it down."""
    row = actions.sign(standing, name, for_party=True, by=by, now=now)
    _look(standing.party.bid, now=now)
    return row


def _look(bid: Bid | None, *, now: datetime) -> None:
    """What was said may be worth a reminder to us: a ground for exclusion, a figure, somebody else's name."""
    db.session.flush()
    if bid is not None and bid.tender.deadline is not None:
        beside.look(queries_of_bids.bid_by_id(bid.id), now=now)


def reopen(party: BidParty, kind: DocumentKind, *, by: User, now: datetime) -> Declaration:
    """5. Something must be changed before the bid goes: the signature falls."""
    return actions.reopen(party, kind, by=by, now=now)


def lay_in(party: BidParty, row: Declaration, *, by: User, now: datetime) -> Appendix:
    """6. Somebody has taken the paper out of the bid: it goes in again."""
    return placing.place(party, row, by=by, now=now)
