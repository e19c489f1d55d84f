"""A bid of 12 parties, 400 requirements and 1,500 price rows in six lots, each row promised by four of the parties."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app.db import db
from app.money import Money
from app.tenders import actions, bid_actions
from app.tenders.actions import NewLot, TenderFacts
from app.tenders.models import (
    Bid,
    BidAnswer,
    BidReference,
    Promise,
    PromiseState,
    RowPrice,
    TenderPriceRow,
    TenderRequirement,
    TenderState,
)
from bids.kinds import BidForm, PartyRole, RequirementKind, RequirementStage
from tests import make

PARTIES, REQUIREMENTS, ROWS, LOTS, CARRIERS = 12, 400, 1_500, 6, 4
DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)


def large_bid(now: datetime) -> Bid:
    """The bid with all in it; every party has counts, years and papers, every third row a price of its own."""
    sam = make.make_sam()
    company = make.make_sales_company()
    facts = TenderFacts(title="Allt", buyer_name="Regionen", deadline=DEADLINE, term_years=2, reserved=True)
    tender = actions.register(facts, by=sam, now=now)
    for number in range(1, LOTS + 1):
        actions.add_lot(
            tender, NewLot(ref=str(number), title=f"Område {number}", place=f"Ort {number}"), by=sam, now=now
        )
    db.session.flush()
    bid = bid_actions.start(tender, BidForm.GROUP, company, by=sam, now=now)
    actions.move(tender, TenderState.BIDDING, by=sam, now=now)
    bid_actions.set_percentages(bid, Decimal(2), Decimal("7.5"), by=sam, now=now)
    for _number in range(PARTIES - 1):
        member = make.make_member()
        make.make_head_count(member, counted_on=date(2026, 9, 1))
        bid_actions.add_party(bid, member, PartyRole.TENDERER, does="Levererar", by=sam, now=now)
    bid.references = [BidReference(customer=f"Kund {n}", what="Korgar") for n in range(20)]
    db.session.flush()
    _fill(bid, now)
    db.session.commit()
    return bid


def _fill(bid: Bid, now: datetime) -> None:
    draw, tender_id = Random(12), bid.tender_id  # noqa: S311  made-up figures
    lots = [lot.id for lot in bid.tender.lots]
    _add(TenderRequirement, [_requirement(tender_id, number) for number in range(REQUIREMENTS)])
    _add(TenderPriceRow, [_row(tender_id, lots, number, draw) for number in range(ROWS)])
    rows = db.session.execute(
        select(TenderPriceRow.id, TenderPriceRow.quantity).where(TenderPriceRow.tender_id == tender_id)
    ).all()
    parties = [party.id for party in bid.parties][1:]
    _add(Promise, [one for place, row in enumerate(rows) for one in _promises(row, place, parties, draw, now)])
    _add(
        RowPrice,
        [{"bid_id": bid.id, "row_id": row.id, "transport": Money(150), "hours": Decimal("0.25")} for row in rows[::3]],
    )
    requirements = db.session.scalars(
        select(TenderRequirement.id).where(TenderRequirement.tender_id == tender_id)
    ).all()
    _add(
        BidAnswer,
        [
            {"bid_id": bid.id, "requirement_id": one, "says": True, "text": "Ja, det gör vi.", "saved_at": now}
            for one in requirements[:300]
        ],
    )
    db.session.expire_all()


def _requirement(tender_id: int, number: int) -> dict[str, Any]:
    return {
        "tender_id": tender_id,
        "ref": f"K{number}",
        "kind": RequirementKind.MUST,
        "stage": RequirementStage.AWARD,
        "text": f"Krav nummer {number} med en mening om vad leverantören ska göra.",
        "proof_required": number % 2 == 0,
        "position": number,
    }


def _row(tender_id: int, lots: list[int], number: int, draw: Random) -> dict[str, Any]:
    return {
        "tender_id": tender_id,
        "lot_id": lots[number * LOTS // ROWS],
        "ref": f"R{number}",
        "text": f"Vara nummer {number}",
        "unit": "H87",
        "quantity": Decimal(draw.randint(100, 2000)),
        "position": number,
    }


def _promises(row: Any, place: int, parties: list[int], draw: Random, now: datetime) -> list[dict[str, Any]]:
    price = draw.randint(1_000, 100_000)
    return [
        {
            "party_id": parties[(place + step) % len(parties)],
            "row_id": row.id,
            "state": PromiseState.PROMISED,
            "quantity": max(Decimal(1), row.quantity // CARRIERS),
            "member_price": Money(price * draw.randint(80, 130) // 100),
            "yearly_capacity": Decimal(draw.randint(200, 3000)),
            "signed_by": "Lova Hittepå",
            "signed_at": now,
        }
        for step in range(CARRIERS)
    ]


def _add(kind: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(kind), rows)
