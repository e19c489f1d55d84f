"""What a party can make, what others count on already, and what this bid promises more than is free: when and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from bids.capacity_periods import Calendar, Stretch, stretches
from bids.gap import Gap
from bids.kinds import GapArea
from bids.swedish import listing, number

NONE = Decimal(0)
MOST_STRETCHES = 4
UNTIED = "untied"
"""How the key of a gap begins that is closed by tying its row to an article."""
MOST_ROWS = 10
"""So many rows are spoken of one by one."""


@dataclass(frozen=True, slots=True)
class Claim:
    """So much of a year is counted on for something, in words."""

    why: str
    quantity: Decimal


class Untied(Enum):
    """Why a row cannot be held against what others count on of a party: what is the matter, and what to do."""

    NO_ARTICLE = "hör inte till någon artikel", "Koppla raden till en artikel."
    OTHER_UNIT = "räknas i en annan enhet än sin artikel", "Koppla raden till en artikel i samma enhet."
    NOT_MADE = (
        "hör till en artikel som parten inte har i sitt sortiment",
        "Låt parten ta upp artikeln, eller koppla raden till en annan.",
    )

    @property
    def matter(self) -> str:
        """Goes on after the row's name."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """A sentence."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A party's year of one article, or of one row that no article answers to.

    ``able`` is what it can make, None when nobody has said; ``claims`` are other bids, agreements and standing orders.
    ``free`` is counted week by week, so that a week which is overfull takes nothing from the others. With a
    ``calendar`` they are those of the contract's weakest year. ``not_sold_in`` are the lots' places in which the
    article is not sold, each with the rows and how much of them.
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
    calendar: Calendar | None = None
    rests: bool = False
    not_sold_in: tuple[Elsewhere, ...] = ()
    sold_in: tuple[str, ...] = ()
    """The other lots' places, where they say one."""
    party_id: int = 0
    row_id: int = 0
    untied: Untied | None = None
    """Why it cannot be held against what others count on; None where it is."""

    @property
    def claimed(self) -> Decimal:
        """What others count on."""
        return sum((claim.quantity for claim in self.claims), NONE)

    @property
    def over(self) -> Decimal:
        """How much more the bid promises than is free."""
        return NONE if self.free is None else max(NONE, self.promised - self.free)

    @property
    def short(self) -> list[Stretch]:
        """When there is no room for it, called off evenly over the contract."""
        return stretches(self.calendar.periods(), self.promised) if self.calendar is not None else []

    @property
    def in_trouble(self) -> bool:
        """Whether there is anything to be warned of."""
        return bool(self.over or self.short or self.not_sold_in)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place in which a party does not sell an article, and what of it is asked for there."""

    place: str
    row_refs: tuple[str, ...]
    lot_ref: str | None
    quantity: Decimal


def capacity_gaps(year: Year) -> Iterator[Gap]:
    """Warnings where the bid promises more than is free; nothing stops, for an order may be lost and a bid too."""
    if year.over and year.free is not None:
        yield _gap(year, "", _over(year, year.free))
    elif year.short:
        yield _gap(year, ":when", _when(year, year.short))
    for one in year.not_sold_in:
        sentence = (
            f"{year.name} lovar {number(one.quantity)} {year.unit} om året av {year.what} ({_rows(one.row_refs)}) i "
            f"{one.place}, men säljer inte artikeln där. Fråga om parten kan leverera dit, eller fördela om."
        )
        yield _gap(year, f":where:{one.lot_ref or ''}", sentence, one.row_refs[0], one.lot_ref)


def _gap(year: Year, kind: str, sentence: str, row_ref: str = "", lot_ref: str | None = None) -> Gap:
    return Gap(
        key=f"capacity:{year.party_key}:{':'.join(year.row_refs)}{kind}",
        area=GapArea.CAPACITY,
        blocking=False,
        sentence=sentence,
        row_ref=row_ref or year.row_refs[0],
        lot_ref=lot_ref if row_ref else year.lot_ref,
        party_key=year.party_key,
    )


def _over(year: Year, free: Decimal) -> str:
    held = listing([f"{claim.why} ({number(claim.quantity)})" for claim in year.claims])
    why = f" Redan räknat till: {held}." if held else ""
    weakest = year.calendar.weakest if year.calendar is not None else 1
    when = f" under avtalets år {weakest}" if weakest > 1 else ""
    rests = " Uppehåll och frånvaro är avdragna." if year.rests else ""
    return (
        f"{year.name} lovar {number(year.promised)} {year.unit} om året av {year.what} ({_rows(year.row_refs)}) men "
        f"har {number(free)} fritt av {number(year.able or NONE)}{when}. {number(year.over)} {year.unit} "
        f"fattas.{rests}{why} Fördela om, eller fråga vad som går att öka."
    )


def _when(year: Year, short: Sequence[Stretch]) -> str:
    told = [f"{one.label} ({number(one.free)} fritt, {number(one.wanted)} går åt)" for one in short[:MOST_STRETCHES]]
    more = f" och {len(short) - MOST_STRETCHES} tider till" if len(short) > MOST_STRETCHES else ""
    return (
        f"{year.name} lovar {number(year.promised)} {year.unit} om året av {year.what} ({_rows(year.row_refs)}). Det "
        f"räcker över året, men inte när det ropas av jämnt: {', '.join(told)}{more}. Låt någon annan ta de tiderna, "
        "eller fråga parten."
    )


def _rows(refs: tuple[str, ...]) -> str:
    return f"{'raden' if len(refs) == 1 else 'raderna'} {listing(refs)}"


def untied_gaps(years: Sequence[Year]) -> Iterator[Gap]:
    """Rows of which somebody is asked for something, while nobody knows what else is asked of the same weeks."""
    by_row: dict[tuple[str | None, str, Untied], list[Year]] = {}
    for year in years:
        if year.untied is not None:
            by_row.setdefault((year.lot_ref, year.row_refs[0], year.untied), []).append(year)
    for place, ((lot_ref, ref, why), some) in enumerate(by_row.items()):
        more = len(by_row) - MOST_ROWS
        if place < MOST_ROWS:
            names = listing([one.name for one in some])
            yield _untied_gap(
                f"{lot_ref or ''}:{ref}:{why.name}",
                f"Prisrad {ref} {some[0].what} {why.matter}, så det som {names} lovar av den kan inte räknas mot "
                f"kapaciteten, och ingenting hålls undan för den. {why.advice}",
                ref,
                lot_ref,
            )
        elif place == MOST_ROWS:
            yield _untied_gap(
                "more",
                f"{number(more)} {'prisrad' if more == 1 else 'prisrader'} till kan inte räknas mot kapaciteten, och "
                "ingenting hålls undan för dem. Koppla dem till artiklar.",
                ref,
                lot_ref,
            )


def _untied_gap(key: str, sentence: str, ref: str, lot_ref: str | None) -> Gap:
    return Gap(
        key=f"{UNTIED}:{key}",
        area=GapArea.PRICE,
        blocking=False,
        sentence=sentence,
        row_ref=ref,
        lot_ref=lot_ref,
    )
