"""What stands on an order line, what is charged and what is earned: the sum of what its events did. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.money import NOUGHT, Money


class Entry(Protocol):
    """What one event did to one line, as signed figures."""

    @property
    def order_line_id(self) -> int: ...  # noqa: D102
    @property
    def member_id(self) -> int | None: ...  # noqa: D102
    @property
    def ordered(self) -> Decimal: ...  # noqa: D102
    @property
    def called_off(self) -> Decimal: ...  # noqa: D102
    @property
    def delivered(self) -> Decimal: ...  # noqa: D102
    @property
    def charged(self) -> Money: ...  # noqa: D102
    @property
    def earned(self) -> Money: ...  # noqa: D102


class Charge(Protocol):
    """What one event charged beside the lines."""

    @property
    def charged(self) -> Money: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Account:
    """Where a line, or a whole order, stands."""

    ordered: Decimal = Decimal(0)
    called_off: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    charged: Money = NOUGHT
    earned: Money = NOUGHT

    @property
    def to_come(self) -> Decimal:
        """What is neither delivered nor called off."""
        return self.ordered - self.called_off - self.delivered


def account(entries: Iterable[Entry]) -> Account:
    """The sum of all that happened."""
    rows = list(entries)
    return Account(
        sum((row.ordered for row in rows), Decimal(0)),
        sum((row.called_off for row in rows), Decimal(0)),
        sum((row.delivered for row in rows), Decimal(0)),
        Money.total(row.charged for row in rows),
        Money.total(row.earned for row in rows),
    )


def by_line(entries: Iterable[Entry]) -> dict[int, Account]:
    """The same, line by line."""
    rows = list(entries)
    lines = dict.fromkeys(row.order_line_id for row in rows)
    return {line: account(row for row in rows if row.order_line_id == line) for line in lines}


def beside(charges: Iterable[Charge]) -> Money:
    """What is charged beside the lines, in all."""
    return Money.total(one.charged for one in charges)


def earnings(entries: Iterable[Entry]) -> dict[int, Money]:
    """What each member has earned, by its id."""
    rows = [row for row in entries if row.member_id is not None]
    members = dict.fromkeys(row.member_id for row in rows if row.member_id is not None)
    return {one: Money.total(row.earned for row in rows if row.member_id == one) for one in members}
