"""What the sales company earns by what a member sells in its own name, and the VAT of both. Pure.

The member is the seller, and accounts for the VAT of the sale. Whoever acts in its own name counts as buyer and seller
(ML 2023:200 5 kap. 3 och 27 §§); the sales company acts in the member's, so what it supplies is a service to the member
(förmedling). Its commission is what the customer is charged less the member price, taxed at the standard rate (9 kap.
2 §) of the day of the sale. Who carries, earns the whole fee for it, so that there is no commission on that. Where the
customer pays less and the member does not bear it, or is paid for what costs the customer nothing, it is below nought.

VAT is rounded on the growing sum of an order, as credit notes are (`app/invoicing/remainders.py`): an event has what it
adds to that, which differs from what it would come to alone by an öre at most. So the events of an order that is
invoiced at once come to what stands on its invoice and credit notes, and nobody has an öre that another has paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.money import NOUGHT, Money
from app.vat import VatPart, divided_between


@dataclass(frozen=True, slots=True)
class OwnSale:
    """What an event did to what a member sells in its own name. Below nought for what is taken back."""

    charged: Money
    """The customer, without VAT."""
    sale_vat: Money
    """On that, for the member to account for."""
    commission: Money
    """Ours, without VAT. Below nought where the customer is charged less than the member earns."""
    commission_vat: Money
    rate: int
    """Per cent, of the commission's VAT."""

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
        """What the member is to have of what the customer pays."""
        return self.paid - self.deducted


@dataclass(slots=True)
class OwnSales:
    """What one member sells itself by one order, event by event, in the order in which they happened."""

    _sold: dict[int, Money] = field(default_factory=dict)
    _commission: dict[int, Money] = field(default_factory=dict)
    """Without VAT so far, by rate."""

    def add(self, charged: Money, earned: Money, parts: tuple[VatPart, ...], rate: int) -> OwnSale:
        """One more event. `parts` are how the sale is taxed, `rate` is that of the commission; both of its day."""
        pieces = ((amount, part.rate) for part, amount in divided_between(charged, parts))
        commission = charged - earned
        return OwnSale(
            charged=charged,
            sale_vat=_added(self._sold, pieces),
            commission=commission,
            commission_vat=_added(self._commission, [(commission, rate)]),
            rate=rate,
        )


def _added(sums: dict[int, Money], pieces: Iterable[tuple[Money, int]]) -> Money:
    """By how much the VAT of some sums grows when these pieces are put on them."""
    vat = NOUGHT
    for amount, rate in pieces:
        before = sums.get(rate, NOUGHT)
        sums[rate] = before + amount
        vat += sums[rate].percent(rate) - before.percent(rate)
    return vat
