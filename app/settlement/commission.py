"""What the sales company earns by what a member sells in its own name, and the VAT of both. Pure.

The member is the seller, and accounts for the VAT of the sale. Whoever acts in its own name counts as buyer and seller
(ML 2023:200 5 kap. 3 och 27 §§); the sales company acts in the member's, so what it supplies is a service to the member
(förmedling). Its commission is what the customer is charged less the member price, taxed at the standard rate (9 kap.
2 §) of the day of the sale. Who carries, earns the whole fee for it, so that there is no commission on that. Where the
customer pays less and the member does not bear it, or is paid for what costs the customer nothing, it falls, of each
line to nought at most: no reduction of a price is larger than that. What the member earns beyond what the customer is
charged, the sales company makes good for. That pays for no supply, and so has no VAT: compensation.

VAT is rounded on the growing sum of an order, as credit notes are (`app/invoicing/remainders.py`): an event has what it
adds to that, which differs from what it would come to alone by an öre at most. So the events of an order that is
invoiced at once come to what stands on its invoice and credit notes, and nobody has an öre that another has paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from app.money import NOUGHT, Money
from app.vat import VatPart, divided_between


class Taxable(NamedTuple):
    """What is taxed at one rate, and the VAT on it."""

    rate: int
    base: Money
    vat: Money


@dataclass(frozen=True, slots=True)
class OwnSale:
    """What an event did to what a member sells in its own name. Below nought for what is taken back."""

    charged: Money
    """The customer, without VAT."""
    taxed: tuple[Taxable, ...]
    """The same by rate, with the VAT on it for the member to account for."""
    commission: Money
    """Ours, without VAT. Below nought where some of what the line had so far is given back."""
    commission_vat: Money
    compensation: Money
    """What we make good for beyond what the customer is charged. Below nought where it no longer is needed."""
    rate: int
    """Per cent, of the commission's VAT."""

    @property
    def sale_vat(self) -> Money:
        """On what the customer is charged, for the member to account for."""
        return Money.total(one.vat for one in self.taxed)

    @property
    def paid(self) -> Money:
        """What the customer pays, with VAT."""
        return self.charged + self.sale_vat

    @property
    def deducted(self) -> Money:
        """Our commission with its VAT."""
        return self.commission + self.commission_vat

    @property
    def left(self) -> Money:
        """What the member is to have: of what the customer pays, and beyond that."""
        return self.paid - self.deducted + self.compensation


@dataclass(slots=True)
class OwnSales:
    """What one member sells itself by one order, event by event, in the order in which they happened."""

    _sold: dict[int, Money] = field(default_factory=dict)
    _commission: dict[int, Money] = field(default_factory=dict)
    """Without VAT so far, by rate."""
    _left: dict[int | None, Money] = field(default_factory=dict)
    """Of each line so far, what the customer is charged less what the member earns."""

    def add(
        self, charged: Money, earned: Money, parts: tuple[VatPart, ...], rate: int, *, line: int | None = None
    ) -> OwnSale:
        """One more event of a line of the order, or of what is charged beside them.

        `parts` are how the sale is taxed, `rate` is that of the commission; both of its day.
        """
        pieces = [(amount, part.rate) for part, amount in divided_between(charged, parts)]
        before = self._left.get(line, NOUGHT)
        after = self._left[line] = before + charged - earned
        commission = max(after, NOUGHT) - max(before, NOUGHT)
        (ours,) = _added(self._commission, [(commission, rate)])
        return OwnSale(
            charged=charged,
            taxed=tuple(_added(self._sold, pieces)),
            commission=commission,
            commission_vat=ours.vat,
            compensation=max(-after, NOUGHT) - max(-before, NOUGHT),
            rate=rate,
        )


def _added(sums: dict[int, Money], pieces: Iterable[tuple[Money, int]]) -> list[Taxable]:
    """The pieces, and by how much the VAT of some sums grows when they are put on them."""
    found = []
    for amount, rate in pieces:
        before = sums.get(rate, NOUGHT)
        sums[rate] = before + amount
        found.append(Taxable(rate, amount, sums[rate].percent(rate) - before.percent(rate)))
    return found
