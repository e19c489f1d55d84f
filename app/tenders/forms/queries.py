"""Reading buyers' forms; that of another tender is as good as not there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select, union
from sqlalchemy.orm import joinedload, selectinload

from app import files
from app.audit import AuditEvent
from app.db import db
from app.errors import NotYours
from app.jobs import JobState
from app.tenders import versions
from app.tenders.actions import NewRequirement, NewRow
from app.tenders.forms.columns import from_plain as columns_from_plain
from app.tenders.forms.filled import Filling, Key
from app.tenders.forms.models import BuyerForm, FilledForm, FormPlace, FormState, FormTable, Takes
from app.tenders.forms.plan import Standing
from app.tenders.forms.sheets import FormFile, from_plain
from app.tenders.models import (
    Bid,
    BidAnswer,
    BidReceipt,
    BidVersion,
    Promise,
    RowPrice,
    Tender,
    TenderPriceRow,
    TenderRequirement,
)
from app.tenders.whole import tender_with_bid
from bids.forms.entries import Table
from bids.kinds import RequirementKind

MOST = 20
"""So many forms of a tender are listed, the newest first."""


def forms_of(tender_id: int) -> Sequence[BuyerForm]:
    """The tender's forms, the newest first, with what has been taken in of them."""
    query = select(BuyerForm).where(BuyerForm.tender_id == tender_id).order_by(BuyerForm.id.desc()).limit(MOST)
    return db.session.scalars(query.options(joinedload(BuyerForm.file), selectinload(BuyerForm.tables))).all()


def form_of(tender_id: int, form_id: int, *, lock: bool = False) -> BuyerForm:
    """The tender's own form. Raises NotYours for any other."""
    query = (
        select(BuyerForm)
        .where(BuyerForm.id == form_id, BuyerForm.tender_id == tender_id)
        .options(
            joinedload(BuyerForm.file),
            joinedload(BuyerForm.read_file),
            joinedload(BuyerForm.job),
            selectinload(BuyerForm.tables).joinedload(FormTable.lot),
        )
    )
    found = db.session.scalar(query.with_for_update(of=BuyerForm) if lock else query)
    if found is None:
        raise NotYours
    return found


def tender_with_lots(tender_id: int, *, lock: bool = False) -> Tender:
    """The tender and its lots, without the rest. Raises NotYours."""
    query = select(Tender).where(Tender.id == tender_id).options(selectinload(Tender.lots))
    found = db.session.scalar(query.with_for_update(of=Tender) if lock else query)
    if found is None:
        raise NotYours
    return found


def contents(form: BuyerForm) -> FormFile:
    """What was read. Raises NotYours while nothing has been."""
    if form.state is not FormState.READ or form.read_file is None:
        raise NotYours
    return from_plain(json.loads(files.read(form.read_file)))


def has_failed(form: BuyerForm) -> bool:
    """Whether its job has been given up; staff see why among the jobs."""
    return form.state is FormState.READING and form.job is not None and form.job.state is JobState.FAILED


def earlier_tables(tender_id: int, form: BuyerForm) -> Sequence[FormTable]:
    """What has been taken in from other forms and still holds, the newest first."""
    query = (
        select(FormTable)
        .join(FormTable.form)
        .where(BuyerForm.tender_id == tender_id, FormTable.form_id != form.id)
        .where(FormTable.replaced.is_(False))
        .options(joinedload(FormTable.form).joinedload(BuyerForm.file))
    )
    return db.session.scalars(query.order_by(FormTable.id.desc()).limit(MOST)).all()


def numbers_in(tables: Collection[FormTable]) -> dict[int, set[str]]:
    """The buyer's numbers of what was taken in from each table, by its id; one statement."""
    ref = func.coalesce(TenderRequirement.ref, TenderPriceRow.ref)
    query = (
        select(FormPlace.table_id, ref)
        .outerjoin(TenderRequirement, TenderRequirement.id == FormPlace.requirement_id)
        .outerjoin(TenderPriceRow, TenderPriceRow.id == FormPlace.price_row_id)
        .where(FormPlace.table_id.in_([table.id for table in tables]))
    )
    found: dict[int, set[str]] = {table.id: set() for table in tables}
    for table_id, number in db.session.execute(query):
        found[table_id].add(number)
    return found


def standing(tender: Tender, takes: Takes) -> list[Standing]:
    """What the tender has already, and which of it may not be lost."""
    if takes is Takes.ROWS:
        own = select(TenderPriceRow.id).where(TenderPriceRow.tender_id == tender.id)
        promised = union(*(select(kind.row_id).where(kind.row_id.in_(own)) for kind in (Promise, RowPrice)))
        kept = set(db.session.scalars(promised))
        rows = db.session.scalars(select(TenderPriceRow).where(TenderPriceRow.tender_id == tender.id))
        return [Standing(row.id, row.lot_id, _row(row), row.id in kept) for row in rows]
    asked = TenderRequirement.tender_id == tender.id
    answered = set(db.session.scalars(select(BidAnswer.requirement_id).join(BidAnswer.requirement).where(asked)))
    found = db.session.scalars(select(TenderRequirement).where(asked))
    return [Standing(each.id, each.lot_id, _requirement(each), each.id in answered, each.withdrawn) for each in found]


def _requirement(row: TenderRequirement) -> NewRequirement:
    return NewRequirement(
        ref=row.ref,
        kind=row.kind,
        stage=row.stage,
        text=row.text,
        proof_required=row.proof_required,
        followed_up=row.followed_up,
        most_characters=row.most_characters,
    )


def _row(row: TenderPriceRow) -> NewRow:
    return NewRow(ref=row.ref, text=row.text, unit=row.unit, quantity=row.quantity, unit_text=row.unit_text)


def ids_in(table: FormTable) -> set[int]:
    """What has been taken in from a table: ids of requirements, or of price rows."""
    column = FormPlace.price_row_id if table.takes is Takes.ROWS else FormPlace.requirement_id
    return {found for found in db.session.scalars(select(column).where(FormPlace.table_id == table.id)) if found}


def places_in(form_id: int) -> dict[int, int]:
    """How many lines have been taken in of each table, by its id."""
    query = select(FormPlace.table_id, func.count().label("lines")).join(FormTable, FormPlace.table_id == FormTable.id)
    rows = db.session.execute(query.where(FormTable.form_id == form_id).group_by(FormPlace.table_id))
    return {row.table_id: row.lines for row in rows}


def fillings(form: BuyerForm, tender: Tender) -> list[Filling]:
    """Which lines of the form take which answer. The tender has its lots, requirements and rows."""
    lots = {lot.id: lot.ref for lot in tender.lots}
    asked = {each.id: (lots.get(each.lot_id or 0), each.ref) for each in tender.requirements}
    priced = {each.id: (lots.get(each.lot_id or 0), each.ref) for each in tender.rows}
    questions = frozenset(asked[each.id] for each in tender.requirements if each.kind is RequirementKind.QUESTION)
    lines: dict[int, list[tuple[int, Key]]] = {table.id: [] for table in form.tables}
    query = select(FormPlace).where(FormPlace.table_id.in_(lines)).order_by(FormPlace.line)
    for place in db.session.scalars(query):
        key = asked.get(place.requirement_id or 0) or priced.get(place.price_row_id or 0)
        if key is not None:
            lines[place.table_id].append((place.line, key))
    return [
        Filling(
            Table(table.position, table.title),
            columns_from_plain(table.mapping, table.takes, table.lot_id),
            lines[table.id],
            questions,
        )
        for table in form.tables
    ]


def has_bid(tender_id: int) -> bool:
    """Whether we have begun a bid, so that there are answers."""
    return db.session.scalar(select(Bid.id).where(Bid.tender_id == tender_id)) is not None


def bid_as_it_says(tender_id: int) -> Bid:
    """The bid with its answers and prices, and the tender with what it asks. Raises NotYours where there is none."""
    _tender, bid, _unseen = tender_with_bid(tender_id)
    if bid is None:
        raise NotYours
    return bid


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A version that was handed in, with the forms filled in for it."""

    version: BidVersion
    despite: Mapping[str, str] | None
    """The ``reason`` for which it left in spite of ``warnings``; None where nothing warned."""
    is_received: bool = False
    """Whether the buyer's receipt for it holds, and locks the bid."""
    filled: list[FilledForm] = field(default_factory=list)


def handed_in(bid: Bid) -> list[HandedIn]:
    """The versions, the latest first, with PDFs and jobs; one statement."""
    query = (
        select(BidVersion, AuditEvent.details, BidReceipt.id.is_not(None), FilledForm)
        .outerjoin(AuditEvent, versions.tells_despite())
        .outerjoin(BidReceipt, and_(BidReceipt.version_id == BidVersion.id, BidReceipt.withdrawn_at.is_(None)))
        .outerjoin(FilledForm, FilledForm.version_id == BidVersion.id)
        .where(BidVersion.bid_id == bid.id)
        .options(joinedload(BidVersion.pdf), joinedload(BidVersion.job), joinedload(FilledForm.file))
        .order_by(BidVersion.number.desc(), FilledForm.id)
    )
    found: dict[BidVersion, HandedIn] = {}
    for version, despite, is_received, filled in db.session.execute(query):
        one = found.setdefault(version, HandedIn(version, despite, is_received))
        one.filled.extend([filled] if filled is not None else [])
    return list(found.values())


def filled_of(version_id: int, filled_id: int) -> FilledForm:
    """A form of that version. Raises NotYours for any other."""
    found = db.session.scalar(select(FilledForm).where(FilledForm.id == filled_id, FilledForm.version_id == version_id))
    if found is None:
        raise NotYours
    return found
