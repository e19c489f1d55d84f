"""How what was quoted comes and at what fee, chosen where the quote is accepted as at the checkout."""

from __future__ import annotations

from datetime import date

from app import clock
from app.catalog.pricing.rules import Priced
from app.orders.delivery.preview import Wanted, Whither
from app.orders.quotes.models import QuoteLine, QuoteVersion
from app.orders.quotes.sums import sums_of
from app.orders.windows import joining
from app.orders.windows.joining import Batch
from app.pages.buyer import coming
from app.pages.buyer.coming import Coming


def asked(version: QuoteVersion, day: date | None) -> tuple[list[Wanted], Whither | None]:
    """What was quoted and can come, and whither it goes on a day that can be."""
    batches = joining.batches(version.cart, clock.now())
    rows = [(line, batches.get(line.article_id)) for line in version.lines]
    wanted = [_wanted(line, batch) for line, batch in rows if batch is None or batch.open]
    address = {"street": version.street, "postcode": version.postcode}
    return wanted, coming.whither(day, version.municipality, version.quote.customer, **address)


def look(version: QuoteVersion, day: date | None) -> Coming:
    """The ways to the place for which it was quoted, and what the whole comes to in those that are chosen.

    What was quoted for a place is brought there unless something else is chosen.
    """
    return coming.look_at(*asked(version, day), version.net, sums_of(version, with_vat=False).gross, brings=True)


def _wanted(line: QuoteLine, batch: Batch | None) -> Wanted:
    priced = Priced(line.unit_price, "", line.usual_price)
    return Wanted(line.article, line.quantity, priced, batch.open if batch else None)
