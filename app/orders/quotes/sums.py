"""What a version of a quote comes to as its reader sees prices: private people with VAT, organisations without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import vat
from app.catalog import bundles, facets
from app.money import Money
from app.orders.quotes.models import QuoteVersion


@dataclass(frozen=True, slots=True)
class QuoteSums:
    """Unit price and sum by line id as they are shown, and the whole both without and with VAT."""

    with_vat: bool
    units: Mapping[int, Money]
    sums: Mapping[int, Money]
    net: Money
    vat: tuple[vat.VatSum, ...]
    """By rate."""

    @property
    def reversed(self) -> Money:
        """What of it the buyer reckons the VAT on itself."""
        return Money.total(one.base for one in self.vat if one.category == "AE")

    @property
    def gross(self) -> Money:
        """The whole with VAT."""
        return self.net + Money.total(one.vat for one in self.vat)

    @property
    def total(self) -> Money:
        """The whole as it is shown."""
        return self.gross if self.with_vat else self.net


def sums_of(version: QuoteVersion, *, with_vat: bool) -> QuoteSums:
    """Prices with the VAT of the day of delivery, counted per rate on the sum and rounded once."""
    day, buyer = version.delivery_day, version.quote.customer.vat_buyer
    rates = facets.vat_parts_for(buyer, day)
    taxed = {line.id: bundles.taxed(line.article, line.unit_price) for line in version.lines}
    parts = [
        (share.times(line.quantity), rates[vat_class]) for line in version.lines for vat_class, share in taxed[line.id]
    ]
    net, by_rate = version.net, tuple(vat.sums(parts))
    if not with_vat:
        units = {line.id: line.unit_price for line in version.lines}
        return QuoteSums(with_vat, units, {line.id: line.net for line in version.lines}, net, by_rate)
    units = {line.id: bundles.gross(taxed[line.id], day, buyer=buyer) for line in version.lines}
    whole = {line.id: bundles.gross(taxed[line.id], day, line.quantity, buyer) for line in version.lines}
    return QuoteSums(with_vat, units, whole, net, by_rate)
