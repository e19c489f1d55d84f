"""What staff read of policies, wishes and holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind, ListState
from app.customers.models import Customer
from app.db import db, holds
from app.errors import NotYours
from app.orders.routing_models import CapacityHold, CustomerWish, RoutingPlace, RoutingPolicy

MOST = 200
FEW = 50
Row = TypeVar("Row")


def agreements() -> Sequence[tuple[PriceList, RoutingPolicy | None]]:
    """The framework agreements that have not ended, each with its policy when it has one of its own."""
    query = (
        select(PriceList, RoutingPolicy)
        .outerjoin(RoutingPolicy, RoutingPolicy.price_list_id == PriceList.id)
        .where(PriceList.kind == ListKind.FRAMEWORK, PriceList.state != ListState.ENDED)
        .order_by(PriceList.name)
        .limit(MOST)
    )
    return [(price_list, policy) for price_list, policy in db.session.execute(query)]


def house_policy() -> RoutingPolicy | None:
    """The house's own policy, when one is written."""
    return db.session.scalar(_with_places().where(RoutingPolicy.house.is_(True)))


def policy_with_places(price_list: PriceList) -> RoutingPolicy | None:
    """An agreement's own policy."""
    return db.session.scalar(_with_places().where(RoutingPolicy.price_list_id == price_list.id))


def wishes_of(customer: Customer) -> Sequence[CustomerWish]:
    """Whom the customer would rather have, and whom it is not to have."""
    query = select(CustomerWish).where(CustomerWish.customer_id == customer.id).options(joinedload(CustomerWish.member))
    return db.session.scalars(query.order_by(CustomerWish.wish.desc(), CustomerWish.since)).all()


def holds_from(today: date) -> Sequence[CapacityHold]:
    """What is kept back today or later, the first to end first."""
    offering = joinedload(CapacityHold.offering)
    query = (
        select(CapacityHold)
        .where(CapacityHold.last_day >= today)
        .options(offering.joinedload(Offering.member), offering.joinedload(Offering.article))
        .options(joinedload(CapacityHold.price_list))
        .order_by(CapacityHold.last_day, CapacityHold.id)
    )
    return db.session.scalars(query.limit(MOST)).all()


def hold_with(hold_id: int) -> CapacityHold:
    """A hold by id, for staff. Raises NotYours."""
    return _found(db.session.get(CapacityHold, hold_id))


def offering_to_hold(offering_id: int, *, lock: bool = False) -> Offering:
    """An approved offering by id. Raises NotYours."""
    wanted = (Offering.id == offering_id, Offering.state == ApprovalState.APPROVED)
    query = select(Offering).where(*wanted).options(joinedload(Offering.article), joinedload(Offering.member))
    return _found(db.session.scalar(query.with_for_update(of=Offering) if lock else query))


def offerings_found(text: str) -> Sequence[Offering]:
    """A few approved offerings of articles with that name or number; none for no text."""
    if not text:
        return []
    query = (
        select(Offering)
        .join(Offering.article)
        .where(Offering.state == ApprovalState.APPROVED, holds(Article.name, text) | holds(Article.number, text))
        .options(joinedload(Offering.article), joinedload(Offering.member))
        .order_by(Article.sort_name, Offering.id)
    )
    return db.session.scalars(query.limit(FEW)).all()


def _with_places() -> Select[RoutingPolicy]:
    return select(RoutingPolicy).options(selectinload(RoutingPolicy.places).joinedload(RoutingPlace.member))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotYours
    return row
