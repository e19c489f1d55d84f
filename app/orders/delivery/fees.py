"""What is charged beside the lines as its reader sees prices: private people with VAT, organisations without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.catalog import facets
from app.money import Money
from app.orders.delivery.queries import FEES
from app.orders.models import Order
from app.vat import VatClass


@dataclass(frozen=True, slots=True)
class ShownFees:
    """How a page about an order shows them, with the VAT of the day of delivery when it is wanted."""

    with_vat: bool
    day: date

    def of(self, amount: Money, vat_class: VatClass = FEES) -> Money:
        """An amount without VAT, as it is shown."""
        return facets.with_vat(amount, vat_class, self.day) if self.with_vat else amount


def said(fee: Money, order: Order) -> str:
    """``150,00 kr inkl. moms`` in letters and events for the order's own customer."""
    fees = ShownFees(order.customer.sees_vat, order.delivery_day)
    return f"{fees.of(fee)} {'inkl.' if fees.with_vat else 'exkl.'} moms"
