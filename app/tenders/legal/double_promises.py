"""Nothing is promised twice: what other bids, agreements and standing orders count on of each party's year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app import clock, units
from app.db import db
from app.orders.holds import Hold
from app.orders.standing import holding
from app.tenders.bid_holds import WEEKS, named, term
from app.tenders.joint.free import Free, free_of
from app.tenders.models import (
    Bid,
    BidParty,
    BidState,
    Promise,
    PromiseState,
    Tender,
    TenderPriceRow,
    TenderState,
    bid_hold,
)
from app.tenders.offers import key_of
from bids.promised_twice import NONE, Claim, Year

OPEN = (TenderState.BIDDING, TenderState.SUBMITTED)
STANDING = "stående beställningar"


def years_of(bid: Bid, *, now: datetime) -> list[Year]:
    """Each party's year of what the bid asks of it: by article, and by row where no article answers to the row.

    Three statements however large the bid is, none where it asks nothing of anybody.
    """
    covered = {None, *(lot.id for lot in bid.lots)}
    asked = [
        promise
        for party in bid.parties
        if not party.has_declined
        for promise in party.promises
        if promise.state != PromiseState.DECLINED
    ]
    rows = {row.id: row for row in bid.tender.rows if row.lot_id in covered}
    asked = [promise for promise in asked if promise.row_id in rows]
    free = free_of(bid, list(rows.values()), now=now) if asked else {}
    claims = _claims(bid, free, now=now) if free else {}
    parties = {party.id: party for party in bid.parties}
    refs = {lot.id: lot.ref for lot in bid.lots}
    together: dict[tuple[int, str], list[Promise]] = defaultdict(list)
    for promise in asked:
        row = rows[promise.row_id]
        what = f"a{row.article_id}" if (parties[promise.party_id].member_id, row.article_id) in free else f"r{row.id}"
        together[promise.party_id, what].append(promise)
    return [
        _year(parties[party_id], promises, [rows[one.row_id] for one in promises], refs, _Counted(free, claims))
        for (party_id, _what), promises in together.items()
    ]


@dataclass(frozen=True, slots=True)
class _Counted:
    """By member and article: what is free before other open bids, and what everybody else counts on."""

    free: dict[tuple[int, int], Free]
    claims: dict[tuple[int, int], list[Claim]]


def _year(
    party: BidParty,
    promises: Sequence[Promise],
    rows: Sequence[TenderPriceRow],
    refs: dict[int, str],
    counted: _Counted,
) -> Year:
    row = rows[0]
    key = party.member_id, row.article_id or 0
    known = counted.free.get(key)
    held = counted.claims.get(key, []) if known else []
    said = max((one.yearly_capacity for one in promises if one.yearly_capacity is not None), default=None)
    return Year(
        party_key=key_of(party.member),
        name=party.member.name,
        what=known.offering.article.name if known else row.text,
        unit=row.unit_text or units.unit(row.unit).symbol_sv,
        row_refs=tuple(one.ref for one in rows),
        lot_ref=refs.get(row.lot_id or 0),
        able=known.in_all if known else said,
        free=_free(known, held) if known else said,
        claims=tuple(held),
        promised=sum((one.quantity for one in promises), NONE),
    )


def _free(known: Free, held: Sequence[Claim]) -> Decimal:
    """What is left of the weeks, less what other open bids ask for; `Free.left` knows of all else."""
    counted = {*known.kept_for, STANDING}
    return max(NONE, known.left - sum((one.quantity for one in held if one.why not in counted), NONE))


def _claims(bid: Bid, free: dict[tuple[int, int], Free], *, now: datetime) -> dict[tuple[int, int], list[Claim]]:
    """By member and article: what is kept back for others, what comes again, and what other open bids ask for."""
    first = holding.monday_of(term(clock.local_date(bid.tender.deadline or now), bid.tender.term_years)[0])
    found: dict[tuple[int, int], list[Claim]] = defaultdict(list)
    for key, one in free.items():
        found[key] += [Claim(why, quantity) for why, quantity in _kept_back(one.holds, first).items()]
    for key, one in free.items():
        if one.standing:
            found[key].append(Claim(STANDING, one.standing))
    for key, claim in _other_bids(bid, free):
        found[key].append(claim)
    return found


def _kept_back(holds: Iterable[Hold], first: date) -> dict[str, Decimal]:
    """In the contract's first year, by what for."""
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for hold in holds:
        sums[hold.why] += hold.per_week * sum(hold.covers(monday) for monday in mondays)
    return {why: quantity for why, quantity in sums.items() if quantity}


def _other_bids(bid: Bid, free: dict[tuple[int, int], Free]) -> list[tuple[tuple[int, int], Claim]]:
    """What bids that are not yet handed in, or that keep nothing back, ask of these members for these articles."""
    articles, members = {article for _member, article in free}, {member for member, _article in free}
    keeps = select(bid_hold.c.bid_id)
    query = (
        select(Promise, BidParty.member_id, TenderPriceRow.article_id)
        .join(Promise.row)
        .join(Promise.party)
        .join(BidParty.bid)
        .join(Bid.tender)
        .where(
            Bid.id != bid.id,
            Bid.state.in_((BidState.DRAFT, BidState.SUBMITTED)),
            Tender.state.in_(OPEN),
            Bid.id.not_in(keeps),
            Promise.state != PromiseState.DECLINED,
            BidParty.declined_because == "",
            BidParty.member_id.in_(members),
            TenderPriceRow.article_id.in_(articles),
        )
        .options(contains_eager(Promise.party).contains_eager(BidParty.bid).contains_eager(Bid.tender))
        .order_by(Bid.id, Promise.id)
    )
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for promise, member_id, article_id in db.session.execute(query):
        if article_id is not None:
            sums[member_id, article_id, named(promise.party.bid.tender)] += promise.quantity
    return [((member, article), Claim(why, quantity)) for (member, article, why), quantity in sums.items()]
