"""The budget of a project as frozen values: what the call allows, and the rows of costs and of others' money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.money import Money
from bids.kinds import BudgetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTerms:
    """What the funder allows; None where nobody has said.

    ``most_rate`` is how many per cent of the costs the funder pays at most, ``most_indirect`` how many per cent of the
    staff costs the indirect costs may be. ``least_grant`` is the least that one can apply for.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    most_rate: Decimal | None = None
    most_indirect: Decimal | None = None
    least_grant: Money | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years in which the project goes on; none while its days are not known."""
        if self.starts_on is None or self.ends_on is None:
            return ()
        return tuple(range(self.starts_on.year, self.ends_on.year + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """A row of the budget, for a calendar year.

    ``party_key`` is None where the money comes from ``source``, somebody outside the project. Indirect costs are an
    ``amount``, or ``percent`` of what the party's staff costs that year. ``appendix_number`` shows who pays.
    """

    kind: BudgetKind
    text: str
    year: int
    party_key: str | None = None
    source: str = ""
    amount: Money | None = None
    percent: Decimal | None = None
    appendix_number: int | None = None
    signed_by: str = ""
    signed_at: datetime | None = None

    @property
    def is_signed(self) -> bool:
        """A row counts when somebody at the party has put a name to it. Nobody outside the project signs here."""
        return self.party_key is None or bool(self.signed_by.strip())


@dataclass(frozen=True, slots=True)
class Budget:
    """All of it."""

    terms: CallTerms = CallTerms()
    rows: tuple[BudgetRow, ...] = ()
