"""What staff set and take over: limits, a proposed sharing, what they reckon with, and rivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, insert

from app import audit
from app.accounts.models import User
from app.db import Quantity, db, plain
from app.errors import Refused
from app.money import Money
from app.tenders import promise_actions
from app.tenders.bid_actions import check_draft
from app.tenders.models import (
    Bid,
    BidParty,
    BidReckoning,
    BidRival,
    PartyLimit,
    PromiseState,
    TenderLot,
    TenderPriceRow,
    party_area,
)
from bids.evaluation import Model

MOST_RIVALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitDraft:
    """What a party may have, in per cent of the bid's worth; None where nothing is said."""

    smallest: Decimal | None = None
    largest: Decimal | None = None
    wish: Decimal | None = None
    under_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDraft:
    """An index clause, and the values of the index that we assume."""

    name: str = ""
    base: Decimal | None = None
    threshold: Decimal = Decimal(2)
    part: Decimal = Decimal(100)
    fixed_years: int = 1
    values: Sequence[Decimal] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDraft:
    """The buyer's evaluation model, and what we believe that our quality gets."""

    model: Model
    price_weight: Decimal = Decimal(100)
    full_at: Money | None = None
    none_at: Money | None = None
    our_quality: Decimal = Decimal(0)


def set_limit(
    party: BidParty, draft: LimitDraft, lots: Sequence[TenderLot], *, by: User | None, now: datetime
) -> PartyLimit:
    """What the party may have, and the lots that it works in; no lots means all. Raises Refused for what cannot be."""
    check_draft(party.bid)
    given = [each for each in (draft.smallest, draft.largest, draft.wish) if each is not None]
    if any(not 0 <= each <= 100 for each in given):
        raise Refused("Skriv delarna i procent, från 0 till 100.")
    if draft.smallest is not None and draft.largest is not None and draft.smallest > draft.largest:
        raise Refused("Den minsta delen kan inte vara större än den största.")
    if draft.under_line and draft.smallest is not None and draft.smallest > 10:
        raise Refused("Den minsta delen är över 10 procent, där sanktionsförsäkran krävs. Välj det ena.")
    limit = party.limit
    if limit is None:
        limit = party.limit = PartyLimit()
    limit.smallest, limit.largest, limit.wish = draft.smallest, draft.largest, draft.wish
    limit.under_line = draft.under_line
    db.session.flush()
    db.session.execute(delete(party_area).where(party_area.c.party_id == party.id))
    if lots:
        db.session.execute(insert(party_area), [{"party_id": party.id, "lot_id": lot.id} for lot in lots])
    db.session.expire(limit, ["areas"])
    audit.record(party.bid, "limit set", by=by, now=now, member=party.member.name)
    return limit


def share_out(
    party: BidParty, wanted: Mapping[int, Decimal], rows: Mapping[int, TenderPriceRow], *, by: User, now: datetime
) -> bool:
    """Ask the party for just so much of these rows, by id, and for nothing else of them. Whether anything changed.

    What it has declined stays declined, unless it is asked again.
    """
    changed = False
    for promise in list(party.promises):
        if promise.row_id in rows and promise.row_id not in wanted and promise.state != PromiseState.DECLINED:
            promise_actions.stop_asking(party, promise, by=by, now=now)
            changed = True
    asked = {promise.row_id: promise.quantity for promise in party.promises if promise.state != PromiseState.DECLINED}
    for row_id, quantity in wanted.items():
        if asked.get(row_id) != quantity:
            promise_actions.ask(party, rows[row_id], quantity, by=by, now=now)
            changed = True
    return changed


def set_labour_floor(bid: Bid, floor: Money | None, *, by: User, now: datetime) -> BidReckoning:
    """What an hour of work costs at least; None takes the check away. Raises Refused for nought and less."""
    check_draft(bid)
    if floor is not None and floor.ore <= 0:
        raise Refused("Skriv ett timpris som är större än noll, eller lämna fältet tomt.")
    reckoning = _reckoning(bid)
    reckoning.labour_floor = floor
    audit.record(bid, "labour floor set", by=by, now=now, floor=str(floor) if floor else "")
    return reckoning


def set_index(bid: Bid, draft: IndexDraft, *, by: User, now: datetime) -> BidReckoning:
    """The clause that the prices would follow. Raises Refused for an index or a part that cannot be."""
    check_draft(bid)
    if any(value <= 0 for value in draft.values) or (draft.base is not None and draft.base <= 0):
        raise Refused("Ett index måste vara större än noll.")
    if not 0 <= draft.part <= 100 or not 0 <= draft.threshold <= 100 or not 0 <= draft.fixed_years <= 20:
        raise Refused("Kontrollera indexvillkoret: procent från 0 till 100 och högst 20 år.")
    reckoning = _reckoning(bid)
    reckoning.index_name, reckoning.index_base = draft.name, draft.base
    reckoning.index_threshold, reckoning.index_part = Quantity(draft.threshold), Quantity(draft.part)
    reckoning.index_fixed_years = draft.fixed_years
    reckoning.index_values = " ".join(f"{plain(value):f}" for value in draft.values)
    audit.record(bid, "index set", by=by, now=now, index=draft.name)
    return reckoning


def set_terms(bid: Bid, draft: TermsDraft, *, by: User, now: datetime) -> BidReckoning:
    """How the buyer compares bids. Raises Refused for a weight, points or a scale that cannot be."""
    check_draft(bid)
    if not 0 <= draft.price_weight <= 100 or not 0 <= draft.our_quality <= 100:
        raise Refused("Skriv vikt och poäng från 0 till 100.")
    scale = draft.full_at, draft.none_at
    if draft.model == Model.WEIGHTS and (None in scale or scale[0] >= scale[1] or scale[0].ore < 0):  # type: ignore[operator,union-attr]
        raise Refused("Skriv vid vilket pris köparen ger full poäng, och vid vilket högre pris den ger noll.")
    reckoning = _reckoning(bid)
    reckoning.model, reckoning.price_weight = draft.model, Quantity(draft.price_weight)
    reckoning.full_at, reckoning.none_at = scale
    reckoning.our_quality = Quantity(draft.our_quality)
    audit.record(bid, "evaluation set", by=by, now=now, model=str(draft.model))
    return reckoning


def add_rival(
    bid: Bid, name: str, price: Money, *, deductions: Money, quality: Decimal, by: User, now: datetime
) -> BidRival:
    """Somebody else's bid, as we believe it to be. Raises Refused for what cannot be, and for more than twenty."""
    check_draft(bid)
    if price.ore <= 0 or deductions.ore < 0 or not 0 <= quality <= 100:
        raise Refused("Skriv ett pris som är större än noll, och kvalitet från 0 till 100 poäng.")
    if len(bid.rivals) >= MOST_RIVALS:
        raise Refused(f"Räkna med högst {MOST_RIVALS} andra anbud.")
    rival = BidRival(name=name, price=price, deductions=deductions, quality=Quantity(quality))
    bid.rivals.append(rival)
    audit.record(bid, "rival added", by=by, now=now, name=name)
    return rival


def remove_rival(bid: Bid, rival: BidRival, *, by: User, now: datetime) -> None:
    """We no longer reckon with that bid."""
    check_draft(bid)
    bid.rivals.remove(rival)
    audit.record(bid, "rival removed", by=by, now=now, name=rival.name)


def _reckoning(bid: Bid) -> BidReckoning:
    if bid.reckoning is None:
        bid.reckoning = BidReckoning()
    return bid.reckoning
