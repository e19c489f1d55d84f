"""Reading what was learnt of one bid. Bounded: no more than `MOST_RIVALS` a lot and `MOST_REQUESTS` a bid."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.tenders.bid import Bid
from app.tenders.debrief.models import GivenGround, PaperRequest, RivalResult
from app.tenders.tender import TenderLot

MOST_RIVALS = 30
MOST_REQUESTS = 20


def rivals_of(bid: Bid, lot: TenderLot | None) -> Sequence[RivalResult]:
    """What others got in a lot, or in the whole tender: the best place first, then the most points, then by name."""
    mine = RivalResult.lot_id == lot.id if lot else RivalResult.lot_id.is_(None)
    query = select(RivalResult).where(RivalResult.bid_id == bid.id, mine)
    order = (RivalResult.place.nulls_last(), RivalResult.points.desc().nulls_last(), RivalResult.name)
    return db.session.scalars(query.order_by(*order).limit(MOST_RIVALS)).all()


def grounds_of(bid: Bid) -> dict[str, GivenGround]:
    """The grounds that the buyer gave."""
    query = select(GivenGround).where(GivenGround.bid_id == bid.id)
    return {str(one.ground): one for one in db.session.scalars(query)}


def requests_of(bid: Bid) -> Sequence[PaperRequest]:
    """The letters in which we asked for papers, the newest first."""
    query = select(PaperRequest).where(PaperRequest.bid_id == bid.id).options(joinedload(PaperRequest.letter))
    return db.session.scalars(query.order_by(PaperRequest.id.desc()).limit(MOST_REQUESTS)).all()


def request_of(bid: Bid, request_id: int) -> PaperRequest:
    """The bid's own letter, held. Raises NotYours for any other."""
    query = select(PaperRequest).where(PaperRequest.id == request_id, PaperRequest.bid_id == bid.id)
    found = db.session.scalar(query.with_for_update())
    if found is None:
        raise NotYours
    return found
