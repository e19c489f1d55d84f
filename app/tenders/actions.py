"""What staff do with a tender: enter it, and set down its lots, requirements and price rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.money import Money
from app.tenders.calls import naming
from app.tenders.models import (
    Tender,
    TenderDeduction,
    TenderLot,
    TenderPriceRow,
    TenderRequirement,
    TenderState,
)
from bids.kinds import AwardBasis, RequirementKind, RequirementStage

OPEN = (TenderState.NOTICED, TenderState.BIDDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderFacts:
    """What the buyer's notice says of the tender as a whole. ``options`` are years: ``1+1``."""

    title: str
    buyer_name: str
    buyer_org_number: str = ""
    diary_number: str = ""
    description: str = ""
    procedure: str = ""
    cpv: str = ""
    place: str = ""
    deadline: datetime | None = None
    required_validity: date | None = None
    ceiling: Money | None = None
    term_years: int = 0
    options: str = ""
    reserved: bool = False
    reserved_execution: bool = False
    above_threshold: bool = False
    award_basis: AwardBasis = AwardBasis.PRICE
    documents_url: str = ""
    submission_url: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """A lot to be."""

    ref: str
    title: str
    description: str = ""
    place: str = ""
    cpv: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequirement:
    """A requirement to be."""

    ref: str
    kind: RequirementKind
    stage: RequirementStage
    text: str
    proof_required: bool = False
    followed_up: bool = False
    most_characters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A price row to be. ``unit`` is a Rec 20 code, ``quantity`` per year."""

    ref: str
    text: str
    unit: str
    quantity: Decimal
    unit_text: str = ""


def register(facts: TenderFacts, *, by: User | None, now: datetime) -> Tender:
    """A tender that we have noticed."""
    tender = Tender(created_at=now, **_plain(facts))
    db.session.add(tender)
    audit.record(tender, "noticed", by=by, now=now)
    return tender


def change_facts(tender: Tender, facts: TenderFacts, *, has_bid: bool, by: User, now: datetime) -> Tender:
    """Set the facts, also after the bid is handed in: what was handed in has its own and stays as it was.

    Raises Refused for a tender that is over for us, and when a bid would lose its deadline.
    """
    check_known(tender)
    if has_bid and facts.deadline is None:
        raise Refused(naming.must_have_last_day(tender))
    for name, value in _plain(facts).items():
        setattr(tender, name, value)
    audit.record(tender, "facts_changed", by=by, now=now)
    return tender


def facts_of(tender: Tender) -> TenderFacts:
    """The facts as they are."""
    return TenderFacts(**{field.name: getattr(tender, field.name) for field in fields(TenderFacts)})


def _plain(facts: TenderFacts) -> dict[str, object]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def check_open(tender: Tender) -> None:
    """Raises Refused when the bid is handed in, or the matter is settled."""
    if tender.state not in OPEN:
        what = "Ansökan är inskickad eller avslutad" if tender.is_call else "Anbudet är lämnat eller avslutat"
        raise Refused(f"{what}. Börja ett nytt utkast om något ska ändras.")


def check_known(tender: Tender) -> None:
    """Raises Refused when the tender is called off, or we have turned it down."""
    if not tender.is_known:
        raise Refused(naming.is_over(tender))


def add_lot(tender: Tender, given: NewLot, *, by: User | None, now: datetime) -> TenderLot:
    """Raises Refused for a number that another lot has."""
    check_open(tender)
    if any(lot.ref == given.ref for lot in tender.lots):
        raise Refused(f"Det finns redan ett anbudsområde {given.ref}.")
    lot = TenderLot(
        ref=given.ref,
        title=given.title,
        description=given.description,
        place=given.place,
        cpv=given.cpv,
        position=_next_position(tender.lots),
    )
    tender.lots.append(lot)
    audit.record(tender, "lot_added", by=by, now=now, ref=given.ref)
    return lot


def remove_lot(tender: Tender, lot: TenderLot, *, by: User, now: datetime) -> None:
    """With its rows and requirements, and what was promised and answered to them."""
    check_open(tender)
    tender.rows = [row for row in tender.rows if row.lot_id != lot.id]
    tender.requirements = [requirement for requirement in tender.requirements if requirement.lot_id != lot.id]
    db.session.flush()
    tender.lots.remove(lot)
    audit.record(tender, "lot_removed", by=by, now=now, ref=lot.ref)


def add_requirements(
    tender: Tender, given: Sequence[NewRequirement], lot: TenderLot | None, *, by: User | None, now: datetime
) -> list[TenderRequirement]:
    """Raises Refused, and adds nothing, for a number that the lot already has."""
    check_open(tender)
    lot_id = lot.id if lot else None
    _refuse_doubles([r.ref for r in tender.requirements if r.lot_id == lot_id], [g.ref for g in given], "Krav")
    first = _next_position(tender.requirements)
    made = [
        TenderRequirement(
            lot_id=lot_id,
            ref=new.ref,
            kind=new.kind,
            stage=new.stage,
            text=new.text,
            proof_required=new.proof_required,
            followed_up=new.followed_up,
            most_characters=new.most_characters,
            position=first + place,
        )
        for place, new in enumerate(given)
    ]
    tender.requirements.extend(made)
    audit.record(tender, "requirements_added", by=by, now=now, count=len(made))
    return made


def change_requirement(
    tender: Tender,
    requirement: TenderRequirement,
    given: NewRequirement,
    lot: TenderLot | None,
    *,
    by: User,
    now: datetime,
) -> TenderRequirement:
    """Raises Refused for a number that another requirement of the lot has."""
    check_open(tender)
    lot_id = lot.id if lot else None
    others = [r.ref for r in tender.requirements if r.lot_id == lot_id and r is not requirement]
    _refuse_doubles(others, [given.ref], "Krav")
    requirement.lot_id, requirement.ref, requirement.kind, requirement.stage = (
        lot_id,
        given.ref,
        given.kind,
        given.stage,
    )
    requirement.text, requirement.proof_required = given.text, given.proof_required
    requirement.followed_up, requirement.most_characters = given.followed_up, given.most_characters
    audit.record(tender, "requirement_changed", by=by, now=now, ref=given.ref)
    return requirement


def remove_requirement(tender: Tender, requirement: TenderRequirement, *, by: User, now: datetime) -> None:
    """With our answer to it."""
    check_open(tender)
    tender.requirements.remove(requirement)
    audit.record(tender, "requirement_removed", by=by, now=now, ref=requirement.ref)


def restore_requirement(tender: Tender, requirement: TenderRequirement, *, by: User, now: datetime) -> None:
    """The buyer has not withdrawn it after all: it is in the bid again, with our answer."""
    check_open(tender)
    requirement.withdrawn = False
    audit.record(tender, "requirement_restored", by=by, now=now, ref=requirement.ref)


def add_rows(
    tender: Tender, given: Sequence[NewRow], lot: TenderLot | None, *, by: User | None, now: datetime
) -> list[TenderPriceRow]:
    """Raises Refused, and adds nothing, for a number that the lot already has."""
    check_open(tender)
    lot_id = lot.id if lot else None
    _refuse_doubles([row.ref for row in tender.rows if row.lot_id == lot_id], [new.ref for new in given], "Prisrad")
    first = _next_position(tender.rows)
    made = [
        TenderPriceRow(
            lot_id=lot_id,
            ref=new.ref,
            text=new.text,
            unit=new.unit,
            unit_text=new.unit_text,
            quantity=new.quantity,
            position=first + place,
        )
        for place, new in enumerate(given)
    ]
    tender.rows.extend(made)
    audit.record(tender, "rows_added", by=by, now=now, count=len(made))
    return made


def change_row(
    tender: Tender, row: TenderPriceRow, given: NewRow, lot: TenderLot | None, *, by: User, now: datetime
) -> TenderPriceRow:
    """Promises stay; the gap list tells what no longer fits. Raises Refused for a number that another row has."""
    check_open(tender)
    lot_id = lot.id if lot else None
    _refuse_doubles([r.ref for r in tender.rows if r.lot_id == lot_id and r is not row], [given.ref], "Prisrad")
    row.lot_id, row.ref, row.text = lot_id, given.ref, given.text
    row.unit, row.unit_text, row.quantity = given.unit, given.unit_text, given.quantity
    audit.record(tender, "row_changed", by=by, now=now, ref=given.ref)
    return row


def remove_row(tender: Tender, row: TenderPriceRow, *, by: User, now: datetime) -> None:
    """With what was promised of it."""
    check_open(tender)
    tender.rows.remove(row)
    audit.record(tender, "row_removed", by=by, now=now, ref=row.ref)


def add_deduction(
    tender: Tender, *, name: str, ref: str, max_amount: Money, share_percent: int, by: User | None, now: datetime
) -> TenderDeduction:
    """An added value that the buyer deducts for, with the share of it that we reckon with."""
    check_open(tender)
    deduction = TenderDeduction(name=name, requirement_ref=ref, max_amount=max_amount, share_percent=share_percent)
    tender.deductions.append(deduction)
    audit.record(tender, "deduction_added", by=by, now=now, name=name)
    return deduction


def remove_deduction(tender: Tender, deduction: TenderDeduction, *, by: User, now: datetime) -> None:
    """The buyer does not deduct for it after all."""
    check_open(tender)
    tender.deductions.remove(deduction)
    audit.record(tender, "deduction_removed", by=by, now=now, name=deduction.name)


def move(tender: Tender, to: TenderState, *, by: User | None, now: datetime, because: str = "") -> Tender:
    """To another state. Raises Refused for a move that is none."""
    tender.state = to
    if to == TenderState.DECLINED:
        tender.declined_because = because
    audit.record(tender, str(to), by=by, now=now)
    return tender


def expect_award(tender: Tender, on: date | None, *, by: User | None, now: datetime) -> Tender:
    """When the buyer decides, or None where nobody knows. Raises Refused for a day before the last day for bids."""
    if on is not None and tender.deadline is not None and on < clock.local_date(tender.deadline):
        who, last = ("Finansiären", "ansökningsdag") if tender.is_call else ("Köparen", "anbudsdag")
        raise Refused(f"{who} kan inte besluta före sista {last}. Rätta dagen.")
    tender.award_on = on
    audit.record(tender, "award_expected", by=by, now=now, on=on.isoformat() if on else None)
    return tender


def _refuse_doubles(there: Sequence[str], new: Sequence[str], what: str) -> None:
    seen = set(there)
    for ref in new:
        if ref in seen:
            raise Refused(f"{what} {ref} finns redan i anbudsområdet.")
        seen.add(ref)


def _next_position(rows: Sequence[TenderLot | TenderRequirement | TenderPriceRow]) -> int:
    return max((row.position for row in rows), default=-1) + 1
