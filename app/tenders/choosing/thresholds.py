"""Up to what amount a buyer may buy without a tender, and from what amount EU's rules hold. Pure.

Sources: LOU 5 kap. 1 § (thresholds, made known every second year), 19 a kap. 2 § (direct award), annex 2 (services for
which more may be bought directly), 5 kap. 3 § (options and extensions count, VAT does not).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from app.money import Money

DATA = Path(__file__).parents[2] / "data"
WORKS = "45"
"""The CPV division of building works."""
STATE_AUTHORITY = "2021"
"""How organisation numbers of state authorities begin; those of municipalities and regions begin otherwise."""
SINCE = date(2022, 2, 1)
"""From this day on what the program brings knows every limit."""
_CODE = re.compile(r"(?<![0-9])([0-9]{8})(?:-[0-9])?(?![0-9])")
DOCUMENTED_FROM = Money(100_000_00)
"""A direct award of more than this must be documented by the buyer (LOU 19 a kap. 11 §)."""


class BuyerKind(StrEnum):
    """For whom the threshold of goods and services is lower."""

    STATE = "state"
    OTHER = "other"


class LimitKind(StrEnum):
    """What an amount limits."""

    DIRECT = "direct"
    STATE = "state"
    OTHER = "other"
    WORKS = "works"
    ANNEX_2 = "annex_2"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the dated table."""

    kind: LimitKind
    valid_from: date
    valid_to: date | None
    """The last day; None where it holds until it is changed."""
    amount: Money | None
    """Kronor without VAT; None where only euro are known."""
    euro: int | None
    source: str
    entered_by: str = ""
    """Who of the staff entered it; empty for what the program brought."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds on a day, where it stands, and whether it is of that day at all."""

    kind: LimitKind
    amount: Money
    row: Row
    day: date
    euro: int | None
    """What is known of the day itself in euro, where the amount is of an earlier year."""
    superseded: bool = False
    """Whether a later row is known of which nobody has entered the kronor."""
    mixed: bool = False
    """Whether only some of the codes are in annex 2: then what most of the purchase is decides."""

    @property
    def is_outdated(self) -> bool:
        """Whether nobody has entered the day's own amount, so that an earlier one stands in and must be checked."""
        return self.superseded or (self.row.valid_to is not None and self.row.valid_to < self.day)

    @property
    def years(self) -> str:
        """For which years the amount was made known: ``2024–2025``, or ``2022–`` where it goes on."""
        last = self.row.valid_to
        first = str(self.row.valid_from.year)
        if last is None:
            return f"{first}–"
        return first if last.year == self.row.valid_from.year else f"{first}–{last.year}"

    @property
    def outdated_years(self) -> str:
        """Those years, when the day lies outside them; else nothing."""
        return self.years if self.is_outdated else ""


@dataclass(frozen=True, slots=True)
class TenderLimits:
    """How a tender lies to both limits."""

    direct: Limit
    threshold: Limit
    buyer: BuyerKind
    buyer_is_known: bool
    value: Money | None
    above: bool
    """What the notice, or whoever entered the tender, says."""

    @property
    def disagrees(self) -> bool:
        """Whether the value lies on the other side of the threshold than is said."""
        return disagrees(self.above, self.value, self.threshold)

    @property
    def could_be_direct(self) -> bool:
        """Whether the buyer could have bought it without a tender."""
        return self.value is not None and self.value < self.direct.amount


def limits_of(
    codes: Sequence[str], org_number: str, *, above: bool, value: Money | None, day: date, rows: Iterable[Row]
) -> TenderLimits:
    """Both limits of a tender under those codes, as they are on a day. Raises LookupError as those do."""
    table, buyer = tuple(rows), buyer_kind(org_number)
    return TenderLimits(
        direct=direct_award_limit(codes, day, table),
        threshold=threshold(codes, buyer, day, table),
        buyer=buyer,
        buyer_is_known=bool(org_number.strip()),
        value=value,
        above=above,
    )


def codes_in(text: str) -> tuple[str, ...]:
    """The CPV codes in a text, as eight digits each, in their order and once each."""
    return tuple(dict.fromkeys(_CODE.findall(text)))


def buyer_kind(org_number: str) -> BuyerKind:
    """What the organisation number tells of a buyer; whoever is no state authority for sure is another."""
    digits = "".join(sign for sign in org_number if sign.isdigit())
    return BuyerKind.STATE if len(digits) == 10 and digits.startswith(STATE_AUTHORITY) else BuyerKind.OTHER


def in_annex_2(code: str) -> bool:
    """Whether a CPV code of eight digits is one of the services in LOU's annex 2."""
    return any(first <= code <= last for first, last, _what in annex_2())


def direct_award_limit(codes: Sequence[str], day: date, rows: Iterable[Row]) -> Limit:
    """Below which amount a purchase under those codes may be awarded directly on a day (LOU 19 a kap. 2 §).

    Annex 2 decides when every code is in it. Without codes the ordinary limit holds. Raises LookupError when the table
    does not reach so far back.
    """
    inside = [in_annex_2(code) for code in codes]
    kind = LimitKind.ANNEX_2 if inside and all(inside) else LimitKind.DIRECT
    return _limit(kind, day, rows, mixed=any(inside) and not all(inside))


def threshold(codes: Sequence[str], buyer: BuyerKind, day: date, rows: Iterable[Row]) -> Limit:
    """From which amount a tender under those codes follows EU's rules (LOU 5 kap. 1 §). Raises LookupError as above.

    Works only when every code is of works; annex 2 only when every code is in it; else goods and services, the lower.
    """
    inside = [in_annex_2(code) for code in codes]
    works = [code.startswith(WORKS) for code in codes]
    if codes and all(inside):
        kind = LimitKind.ANNEX_2
    elif codes and all(works):
        kind = LimitKind.WORKS
    else:
        kind = LimitKind.STATE if buyer == BuyerKind.STATE else LimitKind.OTHER
    some = (any(inside) and not all(inside)) or (any(works) and not all(works))
    return _limit(kind, day, rows, mixed=some)


def disagrees(above: bool, value: Money | None, limit: Limit) -> bool:
    """Whether a tender is said to lie on the other side of the threshold than its value does. Unknown says nothing."""
    return value is not None and above != (value >= limit.amount)


def _limit(kind: LimitKind, day: date, rows: Iterable[Row], *, mixed: bool) -> Limit:
    begun = [row for row in rows if row.kind == kind and row.valid_from <= day]
    known = [(row, row.amount) for row in begun if row.amount is not None]
    if not known:
        raise LookupError(f"no threshold {kind} on {day}")
    # What staff have entered goes before what the program brought for the same day.
    row, amount = max(known, key=lambda one: (one[0].valid_from, bool(one[0].entered_by)))
    latest = max(begun, key=lambda one: (one.valid_from, one.euro is not None))
    superseded = latest.valid_from > row.valid_from
    return Limit(kind, amount, row, day, latest.euro if superseded else row.euro or latest.euro, superseded, mixed)


@lru_cache(maxsize=1)
def annex_2() -> tuple[tuple[str, str, str], ...]:
    """The ranges of codes in LOU's annex 2, which is annex XIV of Directive 2014/24/EU: first, last, what it is."""
    with (DATA / "annex_2.csv").open(encoding="utf-8", newline="") as stream:
        return tuple((row["first"], row["last"], row["what_sv"]) for row in csv.DictReader(stream))


@lru_cache(maxsize=1)
def built_in() -> tuple[Row, ...]:
    """What the program knows by itself."""
    found = tomllib.loads((DATA / "thresholds.toml").read_text(encoding="utf-8"))["threshold"]
    return tuple(
        Row(
            kind=LimitKind(one["kind"]),
            valid_from=one["valid_from"],
            valid_to=one.get("valid_to"),
            amount=Money(one["kronor"] * 100) if "kronor" in one else None,
            euro=one.get("euro"),
            source=one["source"],
        )
        for one in found
    )
