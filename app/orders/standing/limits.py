"""What limits each time of a standing order: the customer's own limit, and the agreements it is called off under."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import clock
from app.catalog.models import Article
from app.catalog.pricing.models import PriceRow
from app.catalog.pricing.rules import Priced
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.agreements.models import Agreement, AgreementList
from app.orders.approvals.queries import limit_for, rule_of
from app.orders.cart import Cart
from app.orders.checks import FARTHEST_DAYS
from app.orders.delivery.preview import Whither
from app.orders.pricing import price_cart
from app.orders.standing.bringing import looked_ahead
from app.orders.standing.models import StandingOrder, StandingVersion
from app.orders.standing.rhythm import times

DAY = timedelta(days=1)


def limit_passed(
    cart: Cart, articles: Collection[Article], customer: Customer, day: date, fees: Money = NOUGHT
) -> Money | None:
    """The customer's limit that one time is above at a day's prices; None when nobody else need approve it.

    `fees` is what it costs to bring, without VAT, where that is known.
    """
    if not customer.has_references:
        return None
    priced = price_cart(articles, cart, customer, day)
    goods = Money.total(priced[id_].unit_price.times(quantity) for id_, quantity in cart.items())
    return limit_for(customer, goods + fees)


def limit_now(standing: StandingOrder, now: datetime) -> Money | None:
    """The same for what holds today, or first, with what its next time would cost to bring as it looks now."""
    today, customer = clock.local_date(now), standing.customer
    version = standing.holds_on(today)
    cart = {line.article_id: line.quantity for line in version.lines}
    articles = [line.article for line in version.lines]
    passed = limit_passed(cart, articles, customer, today)
    if passed is not None or rule_of(customer) is None:
        return passed
    return limit_passed(cart, articles, customer, today, _fees(version, now))


def _fees(version: StandingVersion, now: datetime) -> Money:
    """What the next time costs to bring, without VAT; nothing where none comes for as far as can be ordered."""
    today, customer = clock.local_date(now), version.standing_order.customer
    coming = times(version.rhythm, max(version.valid_from, today + DAY), today + timedelta(days=FARTHEST_DAYS))
    day = next((time.day for time in coming if time.day > today), None)
    if day is None:
        return NOUGHT
    cart = {line.article_id: line.quantity for line in version.lines}
    articles = {line.article_id: line.article for line in version.lines}
    to = Whither(day, version.municipality, version.street, version.postcode, customer.id)
    priced = price_cart(articles.values(), cart, customer, day)
    return looked_ahead(cart, articles, priced, to, now=now).fees({}, version.wished_way)


@dataclass(frozen=True, slots=True)
class Under:
    """A framework agreement under which each time is called off, and what one time counts against its ceiling."""

    agreement: Agreement
    each: Money

    @property
    def is_short(self) -> bool:
        """Whether not even one more time fits."""
        return self.each > self.agreement.left


def under(cart: Cart, priced: Mapping[int, Priced]) -> list[Under]:
    """The agreements whose prices one time has. Where none gave a price, nothing is asked."""
    rows = {one.row_id: id_ for id_, one in priced.items() if one.agreement and one.row_id is not None and id_ in cart}
    if not rows:
        return []
    query = select(PriceRow.id, Agreement).join(AgreementList, AgreementList.price_list_id == PriceRow.price_list_id)
    query = query.join(Agreement, Agreement.id == AgreementList.agreement_id).where(PriceRow.id.in_(rows))
    sums: dict[Agreement, Money] = {}
    for row, agreement in db.session.execute(query.order_by(Agreement.id)):
        id_ = rows[row]
        sums[agreement] = sums.get(agreement, NOUGHT) + priced[id_].unit_price.times(cart[id_])
    return [Under(agreement, each) for agreement, each in sums.items()]


def under_now(standing: StandingOrder, today: date) -> list[Under]:
    """The same for what holds today, or first."""
    if not standing.customer.has_references:
        return []
    version = standing.holds_on(today)
    cart = {line.article_id: line.quantity for line in version.lines}
    return under(cart, price_cart([line.article for line in version.lines], cart, standing.customer, today))
