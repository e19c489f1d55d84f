"""What a party can make in a year, what others count on already, and what this bid promises more than is free."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bids.gap import Gap
from bids.kinds import GapArea
from bids.swedish import listing, number

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Claim:
    """So much of a year is counted on for something, in words."""

    why: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A party's year of one article, or of one row that no article answers to.

    ``able`` is what it can make, None when nobody has said; ``claims`` are other bids, agreements and standing orders.
    ``free`` is counted week by week, so that a week which is overfull takes nothing from the others.
    """

    party_key: str
    name: str
    what: str
    unit: str
    row_refs: tuple[str, ...]
    lot_ref: str | None
    able: Decimal | None
    free: Decimal | None
    claims: tuple[Claim, ...]
    promised: Decimal

    @property
    def claimed(self) -> Decimal:
        """What others count on."""
        return sum((claim.quantity for claim in self.claims), NONE)

    @property
    def over(self) -> Decimal:
        """How much more the bid promises than is free."""
        return NONE if self.free is None else max(NONE, self.promised - self.free)


def capacity_gap(year: Year) -> Gap | None:
    """A warning where the bid promises more than is free; nothing stops, for an order may be lost and a bid too."""
    if not year.over or year.free is None:
        return None
    rows = "raden" if len(year.row_refs) == 1 else "raderna"
    held = listing([f"{claim.why} ({number(claim.quantity)})" for claim in year.claims])
    why = f" Redan räknat till: {held}." if held else ""
    return Gap(
        key=f"capacity:{year.party_key}:{':'.join(year.row_refs)}",
        area=GapArea.CAPACITY,
        blocking=False,
        sentence=f"{year.name} lovar {number(year.promised)} {year.unit} om året av {year.what} ({rows} "
        f"{listing(year.row_refs)}) men har {number(year.free)} fritt av {number(year.able or NONE)}. "
        f"{number(year.over)} {year.unit} fattas.{why} Fördela om, eller fråga vad som går att öka.",
        row_ref=year.row_refs[0],
        lot_ref=year.lot_ref,
        party_key=year.party_key,
    )
