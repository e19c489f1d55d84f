"""The lines of an invoice for commission, one for each order and rate, with the VAT of its events to the öre. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.invoicing.document import Line, VatRest
from app.money import NOUGHT, Money
from app.vat import VatPart, sums

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Charged:
    """The commission of one event; below nought where it is given back."""

    order_number: int
    day: date
    sold: Money
    """What the customer was charged, without VAT."""
    net: Money
    vat: Money
    rate: int


def lines_of(events: Iterable[Charged], *, back: bool = False) -> tuple[Line, ...]:
    """One line of each order and rate, the oldest order first; of a credit note what it gives `back` is above nought.

    What comes to nothing, as what is earned by carrying does, stands on none.
    """
    heaps: dict[tuple[int, int], list[Charged]] = defaultdict(list)
    for one in events:
        heaps[one.order_number, one.rate].append(one)
    made = (_line(number, rate, heap, back=back) for (number, rate), heap in sorted(heaps.items()))
    return tuple(line for line in made if line.net)


def _line(number: int, rate: int, heap: Sequence[Charged], *, back: bool) -> Line:
    amount, sold = Money.total(one.net for one in heap), Money.total(one.sold for one in heap)
    shown = -amount if back else amount
    return Line(
        number="",
        name=f"Provision på beställning {number}{_said(sold)}",
        quantity=Decimal(1 if shown >= NOUGHT else -1),
        unit="C62",
        unit_text="",
        unit_price=shown if shown >= NOUGHT else -shown,
        delivered_on=max(one.day for one in heap),
        parts=(VatPart(WHOLE, rate, "S" if rate else "E"),),
    )


def _said(sold: Money) -> str:
    if not sold:
        return ""
    return f", såld för {sold} exkl. moms" if sold > NOUGHT else f", där kunden betalar {-sold} mindre exkl. moms"


def rests_of(lines: Sequence[Line], events: Iterable[Charged], *, back: bool = False) -> tuple[VatRest, ...]:
    """What is put on the VAT of each rate, so that it is what the member has been charged event by event.

    Each order's is rounded by itself, so a month of many orders differs from its sum by some öre.
    """
    vat: dict[int, Money] = defaultdict(lambda: NOUGHT)
    for one in events:
        vat[one.rate] += -one.vat if back else one.vat
    return tuple(_rests(lines, vat))


def _rests(lines: Sequence[Line], vat: dict[int, Money]) -> Iterator[VatRest]:
    for one in sums((line.net, line.parts) for line in lines):
        if vat[one.rate] != one.vat:
            yield VatRest(one.rate, one.category, vat[one.rate] - one.vat)
