"""Reading what calendars show, and which there are. Bounded: the days around today, and no more than `MOST` of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.customers.models import Customer, Site
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.orders.calendars.models import CalendarAddress
from app.orders.calendars.writing import AHEAD, BEHIND
from app.orders.delivery.models import Carriage
from app.orders.models import Assignment, Order, OrderEvent
from app.orders.sheets import ways
from app.orders.sheets.reading import with_all_parts

MOST = 1000
SITES = 50
"""Of one customer, on a page."""
Revision = tuple[int, datetime]
"""How many events an order has, and when the last was."""


def address_marked(mark: str) -> CalendarAddress:
    """The address with this mark. Raises NotYours when it has been renewed or closed."""
    whose = (joinedload(CalendarAddress.member), joinedload(CalendarAddress.site).joinedload(Site.customer))
    found = db.session.scalar(select(CalendarAddress).where(CalendarAddress.mark == mark).options(*whose))
    if found is None:
        raise NotYours
    return found


def address_of(*, member_id: int | None = None, site_id: int | None = None) -> CalendarAddress | None:
    """A member's or a site's address, if it has one."""
    mine = CalendarAddress.member_id == member_id if site_id is None else CalendarAddress.site_id == site_id
    return db.session.scalar(select(CalendarAddress).where(mine))


def sites_of(customer: Customer, number: int) -> Leaf[Site]:
    """A page of the customer's places."""
    return leaf(select(Site).where(Site.customer_id == customer.id).order_by(Site.name, Site.id), number, SITES)


def addresses_of(sites: Sequence[Site]) -> dict[int, CalendarAddress]:
    """Those of the sites that have one, by the site's id."""
    query = select(CalendarAddress).where(CalendarAddress.site_id.in_([site.id for site in sites]))
    return {one.site_id: one for one in db.session.scalars(query) if one.site_id is not None}


def assignments_around(member_id: int, today: date) -> Sequence[Assignment]:
    """The member's, whatever became of them: what is taken back must go from the calendar too."""
    days = Assignment.delivery_day.between(today - BEHIND, today + AHEAD)
    query = select(Assignment).where(Assignment.member_id == member_id, days).options(*with_all_parts())
    return db.session.scalars(query.order_by(Assignment.delivery_day.desc(), Assignment.id).limit(MOST)).all()


def carriages_around(member_id: int, today: date) -> Sequence[Carriage]:
    """What the member has said yes to carry for others."""
    days = Carriage.delivery_day.between(today - BEHIND, today + AHEAD)
    return ways.carriages([Carriage.carrier_id == member_id, days], MOST)


def orders_around(site: Site, today: date) -> Sequence[Order]:
    """The customer's orders to that place: it is known again by street and postcode, which orders keep as they were."""
    there = (Order.customer_id == site.customer_id, Order.street == site.street, Order.postcode == site.postcode)
    days = Order.delivery_day.between(today - BEHIND, today + AHEAD)
    query = (
        select(Order)
        .where(*there, days)
        .options(
            selectinload(Order.lines),
            selectinload(Order.bundles),
            selectinload(Order.assignments).joinedload(Assignment.member),
            selectinload(Order.assignments).selectinload(Assignment.lines),
        )
    )
    return db.session.scalars(query.order_by(Order.delivery_day.desc(), Order.id).limit(MOST)).all()


def revisions(order_ids: Collection[int]) -> dict[int, Revision]:
    """How often each order has changed, and when last: nothing happens to one without an event."""
    columns = (OrderEvent.order_id, func.count(), func.max(OrderEvent.at))
    query = select(*columns).where(OrderEvent.order_id.in_(order_ids)).group_by(OrderEvent.order_id)
    return {order_id: (count, last) for order_id, count, last in db.session.execute(query)}
