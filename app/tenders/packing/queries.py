"""The packages of a bid's versions, and its receipts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.tenders.bid import Bid
from app.tenders.packing.models import BidPackage, BidReceipt
from app.tenders.papers import BidVersion


def packages_of(bid: Bid) -> list[tuple[BidVersion, BidPackage | None]]:
    """Every version with its package, the latest first."""
    query = (
        select(BidVersion, BidPackage)
        .outerjoin(BidPackage, BidPackage.version_id == BidVersion.id)
        .where(BidVersion.bid_id == bid.id)
        .options(joinedload(BidPackage.job), joinedload(BidPackage.file), joinedload(BidVersion.pdf))
        .order_by(BidVersion.number.desc())
    )
    return [(version, package) for version, package in db.session.execute(query)]


def package_of(bid: Bid, number: int) -> BidPackage:
    """A version's package. Raises NotYours where there is none."""
    query = select(BidPackage).join(BidVersion, BidVersion.id == BidPackage.version_id)
    found = db.session.scalar(query.where(BidVersion.bid_id == bid.id, BidVersion.number == number))
    if found is None:
        raise NotYours
    return found


def receipts_of(bid: Bid) -> Sequence[BidReceipt]:
    """All receipts, the latest first."""
    query = select(BidReceipt).where(BidReceipt.bid_id == bid.id).order_by(BidReceipt.id.desc())
    return db.session.scalars(query.options(joinedload(BidReceipt.file))).all()


def receipt_that_holds(bid_id: int) -> BidReceipt | None:
    """The receipt that locks the bid, if one does."""
    query = select(BidReceipt).where(BidReceipt.bid_id == bid_id, BidReceipt.withdrawn_at.is_(None))
    return db.session.scalar(query)


def with_the_buyer(bid: Bid) -> BidVersion | None:
    """The version that lies with the buyer: the one whose receipt holds, else the last; None where none is frozen."""
    query = (
        select(BidVersion)
        .outerjoin(BidReceipt, and_(BidReceipt.version_id == BidVersion.id, BidReceipt.withdrawn_at.is_(None)))
        .where(BidVersion.bid_id == bid.id)
        .order_by(BidReceipt.id.is_(None), BidVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def receipt_of(bid: Bid, receipt_id: int) -> BidReceipt:
    """One of the bid's receipts. Raises NotYours for any other."""
    found = db.session.scalar(select(BidReceipt).where(BidReceipt.id == receipt_id, BidReceipt.bid_id == bid.id))
    if found is None:
        raise NotYours
    return found
