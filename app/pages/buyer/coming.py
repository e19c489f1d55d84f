"""How what lies in the basket would come: looked up for a place and a day, and chosen in the page."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy import select

from app import clock, places
from app.catalog import facets
from app.catalog.models import ApprovalState, Offering
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.checks import FARTHEST_DAYS
from app.orders.delivery.models import DeliveryWay
from app.orders.delivery.parcels import Choice
from app.orders.delivery.preview import Preview, Wanted, Whither, nearest_day, preview
from app.orders.delivery.queries import FEES
from app.orders.delivery.ways import Possible
from app.pages import web
from app.pages.buyer.baskets import Basket

_CHOICE = re.compile(r"([0-9.]{1,40}):([0-9]{1,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coming:
    """What the page shows of it. Sums are those of the whole order."""

    found: Preview | None
    """None while the place is not known."""
    choices: Mapping[int, Choice]
    fee: Money
    """As the viewer sees prices."""
    fees_net: Money
    net: Money
    gross: Money
    nearest: date | None = None
    """The first day on which all of it can come, where something cannot on the chosen one."""

    def chosen(self, member: int) -> Possible | None:
        """The way that is marked for a member's parcel."""
        if self.found is None:
            return None
        one = next(each for each in self.found.parcels if each.member == member)
        choice = self.choices.get(member)
        return (one.answer.by_key(choice.key) if choice else None) or one.answer.best

    def window(self, member: int) -> str:
        """The time that is marked."""
        return self.choices[member].window if member in self.choices else ""

    def shown(self, fee: Money) -> Money:
        """A fee as the viewer sees prices."""
        return _shown(fee, self.found.whither.day) if self.found else fee


def look(basket: Basket, whither: Whither | None, batches: Collection[int]) -> Coming:
    """How the basket comes, with what was chosen in the page. Without a place only the goods are summed up.

    What is made in batches is left out: who makes it, and so how it comes, is not known before its window closes.
    """
    choices, wanted = read_choices(), wanted_of(basket, batches)
    if whither is None or not wanted:
        return Coming(None, choices, NOUGHT, NOUGHT, basket.net, basket.gross)
    found = preview(wanted, whither, now=clock.now())
    fees = found.fees(choices)
    gross = basket.gross + facets.with_vat(fees, FEES, whither.day)
    nearest = nearest_day(wanted, found, now=clock.now())
    return Coming(found, choices, _shown(fees, whither.day), fees, basket.net + fees, gross, nearest)


def wanted_of(basket: Basket, batches: Collection[int]) -> list[Wanted]:
    """What of the basket is to come on the day that is chosen."""
    return [Wanted(row.article, row.quantity, row.priced) for row in basket.rows if row.article.id not in batches]


def read_choices() -> dict[int, Choice]:
    """What the page's form says of each member's parcel: ``way-5=12:4900``, and ``window-5``."""
    found = {}
    for name, value in request.form.items():
        member, read = name.removeprefix("way-"), _CHOICE.fullmatch(value)
        if name.startswith("way-") and member.isdecimal() and len(member) < 10 and read:
            window = request.form.get(f"window-{member}", "")[:20]
            found[int(member)] = Choice(read[1], Money(int(read[2])), window)
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
