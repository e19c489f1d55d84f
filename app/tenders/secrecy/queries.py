"""The papers about secrecy that a bid has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.tenders.bid import Bid
from app.tenders.papers import BidVersion
from app.tenders.secrecy.models import SecrecyPrint


def prints_of(bid: Bid) -> list[tuple[SecrecyPrint, int | None]]:
    """The papers of the draft and of every version, with the version's number; the draft's first, then the latest."""
    query = (
        select(SecrecyPrint, BidVersion.number)
        .outerjoin(BidVersion, BidVersion.id == SecrecyPrint.version_id)
        .where(SecrecyPrint.bid_id == bid.id)
        .options(joinedload(SecrecyPrint.job), joinedload(SecrecyPrint.file))
        .order_by(BidVersion.number.is_not(None), BidVersion.number.desc(), SecrecyPrint.kind.desc())
    )
    return [(found, number) for found, number in db.session.execute(query)]


def print_of(bid: Bid, print_id: int) -> SecrecyPrint:
    """One of the bid's papers. Raises NotYours for any other."""
    query = select(SecrecyPrint).where(SecrecyPrint.id == print_id, SecrecyPrint.bid_id == bid.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def numbers_of(prints: Sequence[tuple[SecrecyPrint, int | None]]) -> list[int | None]:
    """The versions that have papers, and None for the draft, in their order."""
    return list(dict.fromkeys(number for _one, number in prints))
