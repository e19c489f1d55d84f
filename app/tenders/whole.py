"""A tender with our bid and all that both hold, for a page that shows them: seven statements, however large they are.

What the buyer asks and what we answer to it are read together: requirements with answers, rows with prices. Short lists
that have nothing to do with each other are read one below the other, in one statement too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, false, literal_column, select, union_all
from sqlalchemy.orm import joinedload, lazyload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.db import db
from app.errors import NotYours
from app.members.models import Member, MemberDocument
from app.tenders.library.models import AnswerSource
from app.tenders.models import (
    Appendix,
    Bid,
    BidAnswer,
    BidParty,
    BidReference,
    BudgetEntry,
    RowPrice,
    Tender,
    TenderFigure,
    TenderLot,
    TenderPriceRow,
    TenderRequirement,
    bid_lot,
    party_area,
)
from app.tenders.noticing.models import TenderChange
from app.tenders.noticing.queries import newest_first, unseen_in
from app.tenders.working.addenda import TenderAddendum


def tender_with_bid(tender_id: int, *, lock: bool = False) -> tuple[Tender, Bid | None, Sequence[TenderChange]]:
    """Both with everything in them, and what notices have said anew that nobody has acknowledged, newest first.

    With `lock` nobody else changes them meanwhile. Raises NotYours for no tender.
    """
    if lock:
        db.session.execute(select(Tender.id).where(Tender.id == tender_id).with_for_update())
        db.session.execute(select(Bid.id).where(Bid.tender_id == tender_id).with_for_update())
    found = db.session.execute(_both().where(Tender.id == tender_id)).unique().one_or_none()
    if found is None:
        raise NotYours
    tender: Tender = found[0]
    bid: Bid | None = found[1]
    if bid is not None:
        set_committed_value(bid, "tender", tender)
    _read_requirements(tender, bid)
    _read_rows(tender, bid)
    return tender, bid, _read_short_lists(tender, bid)


def _both() -> Select[Tender, Bid]:
    party = selectinload(Bid.parties)
    member = party.joinedload(BidParty.member)
    return (
        select(Tender, Bid)
        .outerjoin(Bid, Bid.tender_id == Tender.id)
        .options(
            joinedload(Tender.notice_file),
            lazyload(Tender.figures),
            joinedload(Tender.deductions),
            joinedload(Bid.reckoning),
            member.joinedload(Member.head_counts),
            member.joinedload(Member.years),
            member.selectinload(Member.documents).joinedload(MemberDocument.file),
            party.joinedload(BidParty.limit),
            party.selectinload(BidParty.promises),
        )
    )


def _read_requirements(tender: Tender, bid: Bid | None) -> None:
    source = joinedload(BidAnswer.sources)
    query = (
        select(TenderRequirement, BidAnswer)
        .outerjoin(BidAnswer, _ours(bid, BidAnswer.requirement_id == TenderRequirement.id, BidAnswer.bid_id))
        .where(TenderRequirement.tender_id == tender.id)
        .order_by(TenderRequirement.position, TenderRequirement.id)
        .options(
            joinedload(BidAnswer.evidence),
            source.joinedload(AnswerSource.version),
            source.joinedload(AnswerSource.entry),
        )
    )
    found = db.session.execute(query).unique().all()
    set_committed_value(tender, "requirements", [requirement for requirement, _answer in found])
    if bid is not None:
        answers = [answer for _requirement, answer in found if answer is not None]
        set_committed_value(bid, "answers", sorted(answers, key=lambda answer: answer.id))


def _read_rows(tender: Tender, bid: Bid | None) -> None:
    query = (
        select(TenderPriceRow, RowPrice)
        .outerjoin(RowPrice, _ours(bid, RowPrice.row_id == TenderPriceRow.id, RowPrice.bid_id))
        .where(TenderPriceRow.tender_id == tender.id)
        .order_by(TenderPriceRow.position, TenderPriceRow.id)
    )
    found = db.session.execute(query).all()
    set_committed_value(tender, "rows", [row for row, _price in found])
    if bid is not None:
        set_committed_value(bid, "row_prices", [price for _row, price in found if price is not None])


def _read_short_lists(tender: Tender, bid: Bid | None) -> Sequence[TenderChange]:
    """Lots, figures, addenda, appendices, references, budget, parties' areas, and changes, which are returned.

    A row for each, of one list; so their lengths are added and not multiplied.
    """
    rows = db.session.execute(_short_lists(tender.id, bid)).unique().all()
    lots, figures, addenda, appendices, references, changes, budget = (
        [row[place] for row in rows if row[place] is not None] for place in range(7)
    )
    for name, found in (("lots", lots), ("figures", figures), ("addenda", addenda)):
        set_committed_value(tender, name, found)
    if bid is not None:
        covered = {row.covered for row in rows}
        set_committed_value(bid, "lots", [lot for lot in lots if lot.id in covered])
        set_committed_value(bid, "appendices", appendices)
        set_committed_value(bid, "references", references)
        set_committed_value(bid, "budget", budget)
        _set_areas(tender, bid, {(row.party_id, row.lot_id) for row in rows})
    return changes


def _short_lists(tender_id: int, bid: Bid | None) -> Select[Any]:
    which = union_all(*(select(literal_column(str(number)).label("list")) for number in range(8))).subquery()
    ours = select(BidParty.id).where(BidParty.bid_id == bid.id) if bid is not None else ()
    lists = (TenderLot, TenderFigure, TenderAddendum, Appendix, BidReference, TenderChange, BudgetEntry)
    return (
        select(*lists, bid_lot.c.lot_id.label("covered"), party_area)
        .select_from(which)
        .outerjoin(TenderLot, and_(which.c.list == 0, TenderLot.tender_id == tender_id))
        .outerjoin(bid_lot, _ours(bid, bid_lot.c.lot_id == TenderLot.id, bid_lot.c.bid_id))
        .outerjoin(TenderFigure, and_(which.c.list == 1, TenderFigure.tender_id == tender_id))
        .outerjoin(TenderAddendum, and_(which.c.list == 2, TenderAddendum.tender_id == tender_id))
        .outerjoin(Appendix, _ours(bid, which.c.list == 3, Appendix.bid_id))
        .outerjoin(BidReference, _ours(bid, which.c.list == 4, BidReference.bid_id))
        .outerjoin(TenderChange, and_(which.c.list == 5, TenderChange.id.in_(unseen_in(tender_id))))
        .outerjoin(BudgetEntry, _ours(bid, which.c.list == 7, BudgetEntry.bid_id))
        .outerjoin(party_area, and_(which.c.list == 6, party_area.c.party_id.in_(ours)))
        .options(joinedload(Appendix.file), joinedload(Appendix.declaration), joinedload(TenderChange.notice))
        .order_by(which.c.list, TenderLot.position, TenderLot.id, TenderFigure.id, TenderAddendum.number)
        .order_by(Appendix.number, BidReference.id, BudgetEntry.id, *newest_first())
    )


def _set_areas(tender: Tender, bid: Bid, areas: Collection[tuple[int, int]]) -> None:
    for party in bid.parties:
        if party.limit is not None:
            kept_to = [lot for lot in tender.lots if (party.id, lot.id) in areas]
            set_committed_value(party.limit, "areas", kept_to)


def _ours(bid: Bid | None, same: Any, bid_id: Any) -> Any:
    """What is joined is our bid's; without a bid nothing is."""
    return and_(same, bid_id == bid.id) if bid is not None else false()
