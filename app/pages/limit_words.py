"""What limits of direct award and thresholds are called on screens, and for whom they are read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app import clock
from app.customers.models import Customer, CustomerKind
from app.pages import web
from app.tenders.choosing import purchases, queries, thresholds
from app.tenders.choosing.purchases import DirectPurchases
from app.tenders.choosing.same_kind import Level
from app.tenders.choosing.thresholds import Limit, LimitKind, TenderLimits
from app.tenders.models import Tender

KINDS = {
    LimitKind.DIRECT: _l("Direct award"),
    LimitKind.STATE: _l("Goods and services, state authorities"),
    LimitKind.OTHER: _l("Goods and services, all other buyers"),
    LimitKind.WORKS: _l("Building works"),
    LimitKind.ANNEX_2: _l("Services of annex 2"),
}
LEVELS = {
    Level.FINE: (_l("below the limit"), "good"),
    Level.NEAR: (_l("near the limit"), "wait"),
    Level.OVER: (_l("at the limit or over it"), "bad"),
}


def direct_award(cpv: str | None) -> Limit | None:
    """Up to what an article may be bought directly, for public buyers and for staff who talk with them; else None."""
    viewer = web.viewer()
    is_public = viewer.customer is not None and viewer.customer.kind == CustomerKind.PUBLIC
    if not (is_public or viewer.is_staff):
        return None
    codes = thresholds.codes_in(cpv or "")
    return thresholds.direct_award_limit(codes, clock.local_date(clock.now()), queries.table())


def limits_of_tender(tender: Tender) -> TenderLimits:
    """How a tender lies to the limits of the day on which we noticed it."""
    written = " ".join([tender.cpv, *(lot.cpv for lot in tender.lots)])
    return thresholds.limits_of(
        thresholds.codes_in(written),
        tender.buyer_org_number,
        above=tender.above_threshold,
        value=tender.ceiling,
        day=max(clock.local_date(tender.created_at), thresholds.SINCE),
        rows=queries.table(),
    )


def purchases_of(customer: Customer, year: int | None = None) -> DirectPurchases | None:
    """A public customer's direct purchases from us in a year, the present one where none is named; else None."""
    if customer.kind != CustomerKind.PUBLIC:
        return None
    today = clock.local_date(clock.now())
    return purchases.direct_purchases(customer, year or today.year, today)
