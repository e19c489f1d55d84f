"""A member that leaves a bid: what it had promised stays readable, and who could step in is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from app.catalog.models import ApprovalState, Offering
from app.db import db
from app.money import Money
from app.tenders.bid_holds import unit_word
from app.tenders.joint.free import Free, free_of
from app.tenders.models import Bid, BidParty, Promise, PromiseState, TenderPriceRow, Withdrawal
from bids import checks
from bids.gap import Gap
from bids.offer import Answer, Offer

MOST_PER_ROW = 5
FreeOf = Mapping[tuple[int, int], Free]


@dataclass(frozen=True, slots=True)
class StepsIn:
    """Somebody who could carry a row that a member leaves. ``yearly`` is what it has free in a year, if known."""

    row: TenderPriceRow
    name: str
    is_party: bool
    yearly: Decimal | None


def kept(party: BidParty) -> list[dict[str, Any]]:
    """What the party had promised or was asked for, as text: rows and prices may change, what was said may not."""
    return [_kept(promise) for promise in party.promises]


def _kept(promise: Promise) -> dict[str, Any]:
    return {
        "ref": promise.row.ref,
        "text": promise.row.text,
        "quantity": str(promise.quantity),
        "unit": promise.row.unit,
        "unit_text": promise.row.unit_text,
        "state": promise.state.value,
        "price": promise.member_price.ore if promise.member_price is not None else None,
        "capacity": str(promise.yearly_capacity) if promise.yearly_capacity is not None else None,
        "signed_by": promise.signed_by,
        "signed_at": promise.signed_at.isoformat() if promise.signed_at else None,
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of what was promised, read again."""

    ref: str
    text: str
    quantity: Decimal
    unit: str
    unit_text: str
    state: PromiseState
    price: Money | None
    capacity: Decimal | None
    signed_by: str

    @classmethod
    def read(cls, told: dict[str, Any]) -> Kept:
        """As `kept` wrote it."""
        return cls(
            ref=told["ref"],
            text=told["text"],
            quantity=Decimal(told["quantity"]),
            unit=told["unit"],
            unit_text=told["unit_text"],
            state=PromiseState(told["state"]),
            price=Money(told["price"]) if told["price"] is not None else None,
            capacity=Decimal(told["capacity"]) if told["capacity"] is not None else None,
            signed_by=told["signed_by"],
        )


def opened(before: Sequence[Gap], after: Sequence[Gap]) -> list[Gap]:
    """What is missing now and was not before."""
    known = {gap.key for gap in before}
    return [gap for gap in after if gap.key not in known]


def without(offer: Offer, key: str, *, now: datetime) -> list[Gap]:
    """What would be missing without a party and its shares, and is not missing now."""
    rows = tuple(
        replace(row, shares=tuple(share for share in row.shares if share.party_key != key)) for row in offer.rows
    )
    references = tuple(replace(one, party_key=None) if one.party_key == key else one for one in offer.references)
    brought = {paper.appendix_number for party in offer.parties if party.key == key for paper in party.documents}
    left = replace(
        offer,
        rows=rows,
        answers=tuple(_without(one, key, brought) for one in offer.answers),
        references=references,
        parties=tuple(party for party in offer.parties if party.key != key),
        appendices=tuple(one for one in offer.appendices if one.number not in brought),
    )
    return opened(checks.gaps(offer, now=now), checks.gaps(left, now=now))


def _without(answer: Answer, key: str, brought: Collection[int | None]) -> Answer:
    """The answer when a party has left, and its papers with it."""
    evidence = tuple(
        piece for piece in answer.evidence if piece.appendix_number is None or piece.appendix_number not in brought
    )
    responsible = None if answer.responsible == key else answer.responsible
    return replace(answer, responsible=responsible, evidence=evidence)


def record(
    party: BidParty, promised: list[dict[str, Any]], gaps: Sequence[Gap], reason: str, *, by_name: str, now: datetime
) -> Withdrawal:
    """Keep what the party had promised, and what its leaving opened."""
    row = Withdrawal(
        bid_id=party.bid_id,
        member_id=party.member_id,
        at=now,
        by_name=by_name,
        role=str(party.role),
        reason=reason,
        promised=promised,
        opened=[gap.sentence for gap in gaps],
    )
    db.session.add(row)
    db.session.flush()
    return row


def withdrawals_of(bid: Bid) -> Sequence[Withdrawal]:
    """Who has left the bid, the latest first."""
    query = select(Withdrawal).where(Withdrawal.bid_id == bid.id).options(joinedload(Withdrawal.member))
    return db.session.scalars(query.order_by(Withdrawal.id.desc()).limit(50)).all()


def who_steps_in(bid: Bid, left: BidParty, *, now: datetime) -> list[StepsIn]:
    """For each row that a member leaves: parties that have said they can do more of it, then makers of its article.

    What they have promised elsewhere, or in this bid, is taken off; whoever has nothing left is not named.
    """
    rows = [promise.row for promise in left.promises]
    makers = _makers({row.article_id for row in rows if row.article_id is not None})
    free = free_of(bid, rows, others=[one.member_id for one in makers], now=now)
    parties = {party.member_id: party for party in bid.parties if party is not left and not party.has_declined}
    found: list[StepsIn] = []
    for row in rows:
        spare = [(party, _spare_of(party, row, free)) for party in parties.values()]
        able = [StepsIn(row, party.member.name, True, much) for party, much in spare if much]
        known = {left.member_id, *(party.member_id for party, much in spare if much is not None)}
        made = [one for one in makers if one.article_id == row.article_id and one.member_id not in known]
        makes = [
            StepsIn(row, one.member.name, one.member_id in parties, much)
            for one in made
            if (much := _left_of(free, one.member_id, row, parties.get(one.member_id))) is None or much > 0
        ]
        found += [*able, *makes[:MOST_PER_ROW]]
    return found


def _spare_of(party: BidParty, row: TenderPriceRow, free: FreeOf) -> Decimal | None:
    """What more of the row the party has said it can make, and has free; None where it has said nothing of it."""
    said = [
        one.yearly_capacity - one.quantity
        for one in party.promises
        if one.row_id == row.id and one.state == PromiseState.PROMISED and one.yearly_capacity is not None
    ]
    if not said:
        return None
    left = _left_of(free, party.member_id, row, party)
    return max(Decimal(0), min(said[0], left) if left is not None else said[0])


def _left_of(free: FreeOf, member_id: int, row: TenderPriceRow, party: BidParty | None) -> Decimal | None:
    """What a member has left of its own offering when this bid has had its part; None where nothing is known."""
    source = free.get((member_id, row.article_id or 0))
    if source is None or unit_word(source.offering.article) != unit_word(row):
        return None
    promises = party.promises if party is not None else ()
    here = [
        one.quantity for one in promises if one.row.article_id == row.article_id and one.state != PromiseState.DECLINED
    ]
    return max(Decimal(0), source.left - sum(here, Decimal(0)))


def _makers(articles: set[int]) -> Sequence[Offering]:
    if not articles:
        return ()
    query = (
        select(Offering)
        .where(Offering.article_id.in_(articles), Offering.state == ApprovalState.APPROVED)
        .options(joinedload(Offering.member), lazyload(Offering.areas))
        .order_by(Offering.capacity_per_week.desc(), Offering.id)
        .limit(200)
    )
    return db.session.scalars(query).all()
