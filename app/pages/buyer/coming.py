"""How what lies in the basket would come: looked up for a place and a day, and chosen in the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock, places
from app.catalog import facets
from app.catalog.models import ApprovalState, Offering
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.checks import FARTHEST_DAYS
from app.orders.delivery.models import DeliveryWay
from app.orders.delivery.parcels import Choice, Choices
from app.orders.delivery.preview import Preview, Wanted, Whither, nearest_day, preview
from app.orders.delivery.queries import FEES, brought_last, promised_fees
from app.orders.delivery.ways import Possible
from app.orders.models import Order
from app.orders.states import HELD
from app.orders.windows.joining import Batch
from app.pages import web
from app.pages.buyer.baskets import Basket

_KEY = re.compile(r"[0-9]{1,9}(\.[0-9]{4}-[0-9]{2}-[0-9]{2})?", re.ASCII)
_CHOICE = re.compile(r"([0-9.]{1,40}):([0-9]{1,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coming:
    """What the page shows of it. Sums are those of the whole order."""

    found: Preview | None
    """None while the place is not known."""
    choices: Choices
    fee: Money
    """As the viewer sees prices."""
    fees_net: Money
    net: Money
    gross: Money
    nearest: date | None = None
    """The first day on which all of it can come, where something cannot on the chosen one."""

    @property
    def goods(self) -> Money:
        """What lies in the basket, as the viewer sees prices."""
        return (self.gross if web.viewer().sees_vat else self.net) - self.fee

    def chosen(self, key: str) -> Possible | None:
        """The way that is marked for a parcel."""
        if self.found is None:
            return None
        one = next(each for each in self.found.parcels if each.key == key)
        choice = self.choices.get(key)
        return (one.answer.by_key(choice.key) if choice else None) or one.answer.best

    def window(self, key: str) -> str:
        """The time that is marked."""
        return self.choices[key].window if key in self.choices else ""

    def shown(self, fee: Money) -> Money:
        """A fee as the viewer sees prices."""
        return _shown(fee, self.found.whither.day) if self.found else fee


def look(basket: Basket, whither: Whither | None, batches: Mapping[int, Batch]) -> Coming:
    """How the basket comes, with what was chosen in the page. Without a place only the goods are summed up."""
    return look_at(wanted_of(basket, batches), whither, basket.net, basket.gross)


def wanted_of(basket: Basket, batches: Mapping[int, Batch]) -> list[Wanted]:
    """What of the basket can come.

    What is made in batches comes by itself, as if its window closed now; without an open one it is left out.
    """
    rows = [(row, batches.get(row.article.id)) for row in basket.rows]
    return [
        Wanted(row.article, row.quantity, row.priced, batch.open if batch else None)
        for row, batch in rows
        if batch is None or batch.open
    ]


def look_at(
    wanted: Sequence[Wanted], whither: Whither | None, net: Money, gross: Money, *, brings: bool | None = None
) -> Coming:
    """How some goods of this sum come, with what was chosen in the page.

    `brings` says whether they are to be brought or collected, where that is known; else the customer's habit does.
    """
    choices = read_choices()
    if whither is None or not wanted:
        return Coming(None, choices, NOUGHT, NOUGHT, net, gross)
    found = preview(wanted, whither, now=clock.now())
    choices = _marked(found, choices, brings)
    fees = found.fees(choices)
    gross += facets.with_vat(fees, FEES, whither.day)
    nearest = nearest_day(wanted, found, now=clock.now())
    return Coming(found, choices, _shown(fees, whither.day), fees, net + fees, gross, nearest)


def _marked(found: Preview, choices: Choices, brings: bool | None) -> dict[str, Choice]:
    """What was chosen and still can be, and what the page proposes for each other parcel."""
    parcels = {one.key: one for one in found.parcels}
    kept = {key: one for key, one in choices.items() if key in parcels and parcels[key].answer.by_key(one.key)}
    left = {key: one for key, one in parcels.items() if key not in kept}
    if brings is None and any(len(one.answer.possible) > 1 for one in left.values()):
        brings = _chose_last(found)
    proposed = {key: one.answer.proposed(brings, one.load.municipality) for key, one in left.items()}
    return kept | {key: Choice(one.way.key, one.fee) for key, one in proposed.items() if one is not None}


def _chose_last(found: Preview) -> bool | None:
    to = found.whither
    return None if to.customer_id is None else brought_last(to.customer_id, to.street, to.postcode)


def check_fees(order: Order, choices: Choices, again: Callable[[], Coming]) -> None:
    """The button said a sum. Raises Refused when it comes to something else in the ways that were chosen since.

    What waits to be approved or paid is promised no way yet: then what it costs is looked up again, as for the page.
    """
    said = request.form.get("fees", "")
    if not said.isdecimal() or (said == "0" and not choices):
        return  # what costs something is not ordered unless it was chosen
    fees = again().fees_net if order.state in HELD else promised_fees(order)
    if fees != Money(int(said[:15])):
        raise Refused(_("The sum is another in the ways that you have chosen. Look at it, and order if it suits you."))


def read_choices() -> dict[str, Choice]:
    """What the page's form says of each parcel: ``way-5=12:4900``, and ``window-5``."""
    found = {}
    for name, value in request.form.items():
        key, read = name.removeprefix("way-"), _CHOICE.fullmatch(value)
        if name.startswith("way-") and _KEY.fullmatch(key) and read:
            window = request.form.get(f"window-{key}", "")[:20]
            found[key] = Choice(read[1], Money(int(read[2])), window)
    return found


def whither(day: date | None, municipality: str, customer: Customer | None, **address: str) -> Whither | None:
    """A place and a day that can be; None when there is none yet."""
    if day is None or municipality not in {place.code for place in places.all_municipalities()}:
        return None
    if not 0 < (day - clock.local_date(clock.now())).days <= FARTHEST_DAYS:
        return None
    return Whither(day, municipality, customer_id=customer.id if customer else None, **address)


def is_said(basket: Basket) -> bool:
    """Whether anybody that makes what lies in the basket has said how it delivers."""
    articles = [one.id for row in basket.rows for one in (row.article, *(part.article for part in row.article.parts))]
    made = select(Offering.member_id).where(Offering.article_id.in_(articles), Offering.state == ApprovalState.APPROVED)
    return db.session.scalar(select(DeliveryWay.id).where(DeliveryWay.member_id.in_(made)).limit(1)) is not None


def _shown(fee: Money, day: date) -> Money:
    return facets.with_vat(fee, FEES, day) if web.viewer().sees_vat else fee
