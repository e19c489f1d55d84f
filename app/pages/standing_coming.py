"""How each time of a standing order would come, and at what fee, as it looks for the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app import clock
from app.catalog import facets
from app.catalog.models import Article
from app.catalog.pricing.rules import Priced
from app.customers.models import Customer
from app.money import NOUGHT, Money
from app.orders.delivery.loads import Parcelled
from app.orders.delivery.preview import way_of
from app.orders.delivery.queries import FEES
from app.orders.delivery.ways import Way
from app.orders.standing.actions import Wish
from app.orders.standing.bringing import looked_ahead
from app.pages.buyer.coming import whither


@dataclass(frozen=True, slots=True)
class Comes:
    """What comes at once from one member, and how; no way where none can be said yet."""

    parcel: Parcelled
    what: str
    """The names of what lies in it."""
    way: Way | None
    fee: Money
    """As the customer sees prices."""


@dataclass(frozen=True, slots=True)
class EachTime:
    """How a time would come in the wished way."""

    parcels: tuple[Comes, ...] = ()
    missing: str = ""
    """What nobody can bring or make that day, as it looks now."""
    fee: Money = NOUGHT
    """All of it, as the customer sees prices."""


def look(
    wish: Wish, day: date, articles: Mapping[int, Article], priced: Mapping[int, Priced], customer: Customer
) -> EachTime:
    """Ask who would make and bring it on its first day, if it were ordered now. Nothing for a day too far ahead."""
    to, now = wish.delivery, clock.now()
    place = whither(day, to.municipality, customer, street=to.street, postcode=to.postcode)
    if place is None:
        return EachTime()
    found = looked_ahead(wish.cart, articles, priced, place, now=now)
    parcels = []
    for one in found.parcels:
        chosen = way_of(one, {}, to.wished_way)
        fee = _shown(chosen.fee, day, customer) if chosen else NOUGHT
        names = ", ".join(dict.fromkeys(line.name for line, _quantity in one.parts))
        parcels.append(Comes(one, names, chosen.way if chosen else None, fee))
    missing = ", ".join(dict.fromkeys(one.line.name for one in found.missing))
    return EachTime(tuple(parcels), missing, Money.total(one.fee for one in parcels))


def _shown(fee: Money, day: date, customer: Customer) -> Money:
    return facets.with_vat(fee, FEES, day) if customer.sees_vat else fee
