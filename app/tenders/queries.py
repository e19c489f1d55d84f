"""Reading tenders and bids: for staff everything, for a member its own part and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.catalog.models import Offering
from app.db import db
from app.errors import NotYours
from app.members.models import Member, MemberDocument, MemberKind
from app.orders.routing_models import CapacityHold
from app.tenders.library.models import AnswerSource
from app.tenders.models import (
    Appendix,
    Bid,
    BidAnswer,
    BidParty,
    BidPreview,
    BidVersion,
    BudgetEntry,
    Evidence,
    Promise,
    PromiseState,
    Tender,
    TenderPriceRow,
    TenderRequirement,
    TenderState,
    bid_hold,
)
from bids.kinds import TenderKind


class HasId(Protocol):
    """Anything with a row of its own."""

    id: Any


Own = TypeVar("Own", bound=HasId)


def tender_by_id(tender_id: int, *, lock: bool = False) -> Tender:
    """The tender with its lots, requirements and rows. Raises NotYours when there is none."""
    query = (
        select(Tender)
        .where(Tender.id == tender_id)
        .options(
            joinedload(Tender.notice_file),
            selectinload(Tender.lots),
            selectinload(Tender.requirements),
            selectinload(Tender.rows),
            selectinload(Tender.criteria),
            selectinload(Tender.deductions),
        )
    )
    found = db.session.scalar(query.with_for_update(of=Tender) if lock else query)
    if found is None:
        raise NotYours
    return found


def bid_of(tender: Tender, *, lock: bool = False) -> Bid | None:
    """Our bid on the tender with everything in it, in a number of statements that does not grow with the bid."""
    query = _whole_bid().where(Bid.tender_id == tender.id)
    found: Bid | None = db.session.scalar(query.with_for_update(of=Bid) if lock else query)
    return found


def bid_by_id(bid_id: int, *, lock: bool = False) -> Bid:
    """The bid with everything in it. Raises NotYours when there is none."""
    tender_id = db.session.scalar(select(Bid.tender_id).where(Bid.id == bid_id))
    found = bid_of(tender_by_id(tender_id, lock=lock), lock=lock) if tender_id is not None else None
    if found is None:
        raise NotYours
    return found


def bid_on(tender_id: int) -> Bid:
    """Our bid on a tender, by itself. Raises NotYours when there is none."""
    found = db.session.scalar(select(Bid).where(Bid.tender_id == tender_id))
    if found is None:
        raise NotYours
    return found


def holds_of(bid: Bid) -> Sequence[CapacityHold]:
    """What is kept back for the bid, with whose it is."""
    offering = joinedload(CapacityHold.offering)
    whole = [offering.joinedload(each) for each in (Offering.member, Offering.article)]
    query = (
        select(CapacityHold)
        .join(bid_hold, bid_hold.c.hold_id == CapacityHold.id)
        .where(bid_hold.c.bid_id == bid.id)
        .options(*whole, offering.lazyload(Offering.areas), joinedload(CapacityHold.price_list))
        .order_by(CapacityHold.id)
    )
    return db.session.scalars(query).all()


def _whole_bid() -> Select[Any]:
    party = selectinload(Bid.parties)
    member = party.joinedload(BidParty.member)
    sources = selectinload(Bid.answers).selectinload(BidAnswer.sources)
    return select(Bid).options(
        selectinload(Bid.lots),
        member.selectinload(Member.head_counts),
        member.selectinload(Member.years),
        member.selectinload(Member.documents).joinedload(MemberDocument.file),
        party.selectinload(BidParty.promises),
        selectinload(Bid.row_prices),
        selectinload(Bid.answers).selectinload(BidAnswer.evidence),
        sources.joinedload(AnswerSource.version),
        sources.joinedload(AnswerSource.entry),
        selectinload(Bid.appendices).joinedload(Appendix.file),
        selectinload(Bid.references),
        selectinload(Bid.budget),
    )


def versions_of(bid: Bid) -> list[BidVersion]:
    """The versions handed in, the latest first, with their PDFs and jobs."""
    query = select(BidVersion).where(BidVersion.bid_id == bid.id).order_by(BidVersion.number.desc())
    return list(db.session.scalars(query.options(joinedload(BidVersion.pdf), joinedload(BidVersion.job))))


def version_of(bid: Bid, number: int) -> BidVersion:
    """One version. Raises NotYours when the bid has none with that number."""
    found = db.session.scalar(select(BidVersion).where(BidVersion.bid_id == bid.id, BidVersion.number == number))
    if found is None:
        raise NotYours
    return found


def preview_of(bid: Bid) -> BidPreview | None:
    """The latest preview, ready or not."""
    query = select(BidPreview).where(BidPreview.bid_id == bid.id).order_by(BidPreview.id.desc()).limit(1)
    return db.session.scalar(query.options(joinedload(BidPreview.pdf), joinedload(BidPreview.job)))


def requirement_of(tender: Tender, requirement_id: int) -> TenderRequirement:
    """The tender's own requirement. Raises NotYours for any other."""
    return _own(tender.requirements, requirement_id)


def row_of(tender: Tender, row_id: int) -> TenderPriceRow:
    """The tender's own price row. Raises NotYours for any other."""
    return _own(tender.rows, row_id)


def party_of(bid: Bid, party_id: int) -> BidParty:
    """The bid's own party. Raises NotYours for any other."""
    return _own(bid.parties, party_id)


def promise_of(bid: Bid, promise_id: int) -> Promise:
    """A promise of one of the bid's parties. Raises NotYours for any other."""
    return _own([promise for party in bid.parties for promise in party.promises], promise_id)


def appendix_of(bid: Bid, appendix_id: int) -> Appendix:
    """The bid's own appendix. Raises NotYours for any other."""
    return _own(bid.appendices, appendix_id)


def evidence_of(answer: BidAnswer, evidence_id: int) -> Evidence:
    """A proof of that answer. Raises NotYours for any other."""
    return _own(answer.evidence, evidence_id)


def _own(rows: Sequence[Own], row_id: int) -> Own:
    """A row of those that somebody may touch, or NotYours."""
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NotYours
    return found


def possible_parties(bid: Bid) -> list[Member]:
    """The members, and the sales company, that are not in the bid yet."""
    taken = [party.member_id for party in bid.parties]
    query = select(Member).where(Member.id.not_in(taken)).order_by(Member.kind.desc(), Member.name)
    return list(db.session.scalars(query))


def sales_company() -> Member | None:
    """The sales company as a legal entity."""
    return db.session.scalar(select(Member).where(Member.kind == MemberKind.SALES_COMPANY))


def invitations_of(member: Member) -> list[BidParty]:
    """The bids that the member has been invited to, the next deadline first."""
    query = (
        select(BidParty)
        .join(BidParty.bid)
        .join(Bid.tender)
        .where(BidParty.member_id == member.id, BidParty.invited_at.is_not(None))
        .options(
            contains_eager(BidParty.bid).options(contains_eager(Bid.tender), selectinload(Bid.budget)),
            selectinload(BidParty.promises),
        )
        .order_by(Tender.deadline, BidParty.id)
    )
    return list(db.session.scalars(query))


def invitation_of(member: Member, bid_id: int, *, lock: bool = False) -> BidParty:
    """The member's own part of a bid that it has been invited to.

    Raises NotYours for a bid in which it has no part, and for one to which it has not been invited.
    """
    if lock:  # As staff do: what a member answers is not handed in before it is saved.
        db.session.execute(select(Bid.id).where(Bid.id == bid_id).with_for_update())
    query = select(BidParty).where(
        BidParty.bid_id == bid_id, BidParty.member_id == member.id, BidParty.invited_at.is_not(None)
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def promises_of(member: Member, bid_id: int) -> list[Promise]:
    """The member's own rows of a bid, in the buyer's order. Raises NotYours as `invitation_of` does."""
    party = invitation_of(member, bid_id)
    query = (
        select(Promise)
        .join(Promise.row)
        .where(Promise.party_id == party.id)
        .options(contains_eager(Promise.row).joinedload(TenderPriceRow.lot))
        .order_by(TenderPriceRow.position, TenderPriceRow.id)
    )
    return list(db.session.scalars(query))


def unanswered_for(member: Member, now: datetime) -> Mapping[TenderKind, int]:
    """How many invitations wait for the member's answer before their deadlines, to tenders and to calls."""
    columns: list[Any] = [Tender.kind, func.count(func.distinct(BidParty.id))]
    query = (
        select(*columns)
        .join(BidParty.bid)
        .join(Bid.tender)
        .where(
            BidParty.member_id == member.id,
            BidParty.invited_at.is_not(None),
            or_(BidParty.promises.any(Promise.state == PromiseState.ASKED), _waiting_entries()),
            Tender.deadline > now,
            Tender.state == TenderState.BIDDING,
        )
        .group_by(Tender.kind)
    )
    return Counter({kind: many for kind, many in db.session.execute(query)})  # noqa: C416  rows are no pairs to a type checker


def _waiting_entries() -> ColumnElement[bool]:
    """Whether a row of a project's budget waits for the party."""
    waits = (BudgetEntry.party_id == BidParty.id, BudgetEntry.signed_by == "", BudgetEntry.declined.is_(False))
    return select(BudgetEntry.id).where(*waits).correlate(BidParty).exists()
