"""What a person asks the catalogue for, and what one offering must be to serve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, exists

from app import workdays
from app.catalog.indexing import SOLD, kind_token
from app.catalog.models import ApprovalState, Offering, OfferingArea, OfferingPause


@dataclass(frozen=True, slots=True)
class Due:
    """Something ordered on one day that is to come by another."""

    ordered: date
    by: date

    @property
    def lead_days(self) -> int:
        """The longest lead time in working days that is short enough; -1 when none is."""
        if workdays.working_days_after(self.ordered, 0) > self.by:
            return -1
        return workdays.working_days_between(self.ordered, self.by)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asks the catalogue for. One and the same offering must serve place, member and day."""

    words: tuple[str, ...] = ()
    category_id: int | None = None
    municipality: str | None = None
    member_id: int | None = None
    due: Due | None = None
    kind: str | None = None
    exact: bool = False
    """Whether the words are to be read as they are spelt."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """What the index must say of an article, beside its words."""
        asked = {"fc": self.category_id, "fk": self.municipality, "fm": self.member_id}
        beside = (kind_token(self.kind),) if self.kind else ()
        return (SOLD, *(f"{kind}{value}" for kind, value in asked.items() if value is not None), *beside)


def offering_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What one and the same offering must be."""
    wanted: list[ColumnElement[bool]] = [Offering.state == ApprovalState.APPROVED]
    if filters.member_id is not None:
        wanted.append(Offering.member_id == filters.member_id)
    if filters.due:
        wanted += [Offering.lead_days <= filters.due.lead_days, ~_rests_until(filters.due)]
    if filters.municipality is not None:
        there = (OfferingArea.offering_id == Offering.id, OfferingArea.municipality == filters.municipality)
        wanted.append(exists().where(*there).correlate(Offering))
    return wanted


def days_of_rest(due: Due) -> tuple[date, date]:
    """A pause can only be in the way of a day if it begins on the first or before, and ends on the last or after."""
    latest = workdays.working_days_after(due.ordered, max(0, due.lead_days))
    return latest, workdays.working_days_before(due.by + timedelta(days=1), 1)


def _rests_until(due: Due) -> ColumnElement[bool]:
    """Whether a pause takes up all days from the first on which it could be delivered to the last asked for."""
    leads = range(due.lead_days + 1)
    first = case({lead: workdays.working_days_after(due.ordered, lead) for lead in leads}, value=Offering.lead_days)
    _latest, last = days_of_rest(due)
    rest = (OfferingPause.first_day <= first, OfferingPause.last_day >= last)
    return exists().where(OfferingPause.offering_id == Offering.id, *rest).correlate(Offering)
