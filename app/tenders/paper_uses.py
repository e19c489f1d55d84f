"""In which bids a paper of a member's vault is used: one fact, many bids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from app.tenders.models import Appendix, Bid, BidState, BidVersion, Tender, VersionDocument


@dataclass(frozen=True, slots=True)
class Use:
    """A bid that has the paper: in its draft or latest state, in versions that were handed in, or both."""

    tender_id: int
    bid_id: int
    title: str
    buyer: str
    state: BidState
    now: bool
    """Whether it is an appendix of the bid as it stands."""
    versions: tuple[int, ...]
    """The numbers of the versions that were handed in with it."""


def uses_of(document_ids: Collection[int]) -> dict[int, list[Use]]:
    """Where each of the papers is used, the latest bid first; two statements, however many papers."""
    frozen: dict[tuple[int, int], list[int]] = {}
    in_versions = select(VersionDocument.document_id, BidVersion.bid_id, BidVersion.number).join(
        BidVersion, BidVersion.id == VersionDocument.version_id
    )
    for document_id, bid_id, number in db.session.execute(
        in_versions.where(VersionDocument.document_id.in_(document_ids)).order_by(BidVersion.number)
    ):
        frozen.setdefault((document_id, bid_id), []).append(number)
    standing = select(Appendix.document_id, Appendix.bid_id).where(Appendix.document_id.in_(document_ids))
    now = {(document_id, bid_id) for document_id, bid_id in db.session.execute(standing) if document_id is not None}
    return _told(frozen, now)


def _told(frozen: dict[tuple[int, int], list[int]], now: set[tuple[int, int]]) -> dict[int, list[Use]]:
    pairs = frozen.keys() | now
    bids = select(Bid.id, Bid.state, Tender.id, Tender.title, Tender.buyer_name).join(Bid.tender)
    told = {row[0]: row for row in db.session.execute(bids.where(Bid.id.in_({bid_id for _document, bid_id in pairs})))}
    found: dict[int, list[Use]] = {}
    for document_id, bid_id in sorted(pairs, reverse=True):
        _bid, state, tender_id, title, buyer = told[bid_id]
        versions = tuple(frozen.get((document_id, bid_id), ()))
        found.setdefault(document_id, []).append(
            Use(tender_id, bid_id, title, buyer, state, (document_id, bid_id) in now, versions)
        )
    return found
