"""An eForms notice -> the facts, lots and criteria of a tender."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app import clock, files
from app.errors import Refused
from app.money import Money
from app.tenders.actions import NewLot, TenderFacts
from app.tenders.models import TenderCriterion
from bids.kinds import AwardBasis
from bids.notice import Notice, NoticeRefused, read_notice
from bids.notice_values import BID_DUE, NoticeLot, NoticePeriod

UNTITLED = "Upphandling utan rubrik"
UNKNOWN_BUYER = "Okänd köpare"
DAYS = {"DAY": 1, "WEEK": 7}
MOST_DAYS, MOST_MONTHS = 3660, 120
"""A longer validity than ten years is a slip; a date must not run out of the calendar."""


def read(data: bytes) -> Notice:
    """The notice in a file's bytes. Raises Refused, with a sentence, for a file that is none."""
    try:
        return read_notice(data)
    except NoticeRefused as no:
        raise Refused(str(no)) from no


def facts_of(notice: Notice) -> TenderFacts:
    """What the notice tells of the tender as a whole."""
    buyer = notice.buyers[0] if notice.buyers else None
    deadline = notice.deadline.at if notice.deadline and notice.deadline.what == BID_DUE else None
    return TenderFacts(
        title=notice.title or UNTITLED,
        buyer_name=", ".join(each.name for each in notice.buyers) or UNKNOWN_BUYER,
        buyer_org_number=buyer.org_number if buyer and any(c.isdigit() for c in buyer.org_number) else "",
        diary_number=notice.reference,
        description=notice.description,
        procedure=notice.procedure,
        cpv=", ".join(dict.fromkeys(code for code in (notice.cpv_main, *notice.cpv_additional) if code)),
        place=", ".join(dict.fromkeys(notice.places)),
        deadline=deadline,
        required_validity=_validity(deadline, notice.lots),
        ceiling=_ceiling(notice),
        term_years=_years(notice.lots),
        reserved=any(lot.reserved_participation.startswith("res-") for lot in notice.lots),
        reserved_execution=any(lot.reserved_execution == "yes" for lot in notice.lots),
        above_threshold=True,  # the stricter guess: nearly all eForms notices are, and the notice itself does not say
        award_basis=_basis(notice.lots),
        documents_url=notice.documents_url,
        submission_url=notice.submission_url,
    )


def lot_of(lot: NoticeLot) -> NewLot:
    """A lot as we write it down."""
    return NewLot(
        ref=lot.id, title=lot.title or lot.id, description=lot.description, place=lot.place, cpv=", ".join(lot.cpv)
    )


def criteria_of(lot: NoticeLot) -> list[TenderCriterion]:
    """A lot's criteria of award."""
    return [
        TenderCriterion(
            lot_ref=lot.id,
            kind=criterion.kind,
            name=criterion.name or criterion.description or criterion.kind,
            weight=criterion.weight_words,
        )
        for criterion in lot.criteria
    ]


def _basis(lots: Sequence[NoticeLot]) -> AwardBasis:
    kinds = {criterion.kind for lot in lots for criterion in lot.criteria}
    if "quality" in kinds:
        return AwardBasis.QUALITY_PRICE
    return AwardBasis.COST if "cost" in kinds else AwardBasis.PRICE


def _ceiling(notice: Notice) -> Money | None:
    """The framework's maximum, else the value, where it is in kronor: another currency is for people to convert."""
    for amount in (notice.framework_maximum, notice.value):
        if amount is not None and amount.kronor is not None:
            return amount.kronor
    return None


def _validity(deadline: datetime | None, lots: Sequence[NoticeLot]) -> date | None:
    """The last day on which the bid must bind us: the longest of the lots' periods after the deadline."""
    if deadline is None:
        return None
    due = clock.local_date(deadline)
    return max((_after(due, lot.validity) for lot in lots if lot.validity), default=None)


def _after(day: date, period: NoticePeriod) -> date:
    """A month later is the same day of the month, or that month's last."""
    if period.unit in DAYS:
        return day + timedelta(days=DAYS[period.unit] * min(period.length, MOST_DAYS))
    months = min(period.length, MOST_MONTHS) * (12 if period.unit == "YEAR" else 1) + day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _years(lots: Sequence[NoticeLot]) -> int:
    """The longest term in whole years, rounded up."""
    return max((_whole_years(lot.term) for lot in lots if lot.term), default=0)


def _whole_years(term: NoticePeriod) -> int:
    per_year = {"DAY": 366, "WEEK": 53, "MONTH": 12}.get(term.unit, 1)
    return min(-(-term.length // per_year), 100)


def xml_name(name: str) -> str:
    """A name under which the file can be handed back."""
    tidy = files.tidy_name(name or "annons.xml")
    return tidy if tidy.lower().endswith(".xml") else f"{tidy[:110]}.xml"
