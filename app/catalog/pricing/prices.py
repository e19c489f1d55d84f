"""Prices many articles at once for one viewer, in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, exists, or_, select

from app import clock
from app.catalog.pricing import rules as pricing
from app.catalog.pricing.inside import member_prices
from app.catalog.pricing.models import PriceList, PriceListCustomer, PriceRow
from app.catalog.pricing.prior import PRIOR_DAYS, Shown
from app.catalog.pricing.rules import (
    ANYBODY,
    OPEN,
    Asked,
    Buyer,
    Candidate,
    ListFacts,
    ListKind,
    ListState,
    Priced,
)
from app.catalog.versions import ArticleVersion
from app.customers.groups import CustomerGroup, CustomerGroupMember
from app.db import Question, db
from app.money import Money

ONE = Decimal(1)
_ROW = (
    PriceRow.id,
    PriceRow.price_list_id,
    PriceRow.article_id,
    PriceRow.min_quantity,
    PriceRow.price,
    PriceRow.member_price,
    PriceRow.set_at,
)


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """Which lists have a say for a viewer on a day. Two viewers with the same terms see the same prices."""

    day: date
    buyer: Buyer
    lists: tuple[ListFacts, ...]

    @property
    def are_own(self) -> bool:
        """Whether the viewer has prices that not everybody has."""
        return self.buyer != ANYBODY

    @property
    def agreements(self) -> tuple[ListFacts, ...]:
        """The framework agreements from which the viewer may call off."""
        return tuple(one for one in self.lists if one.kind == ListKind.FRAMEWORK)


def terms_for(customer_id: int | None, day: date, *, member_id: int | None = None) -> PriceTerms:
    """Which lists have a say for a customer, or for anybody when there is none. One statement.

    `member_id` is the member that the customer is: it buys from the others at the member price.
    A customer without lists of its own has the terms that anybody has, and so shares what is drawn for all.
    """
    asked = {"day": day} if customer_id is None else {"day": day, "customer": customer_id}
    rows = db.session.execute(_valid_lists(of_customer=customer_id is not None), asked)
    mine = frozenset() if customer_id is None else frozenset({customer_id})
    found = tuple(facts(one, mine, group_name or "") for one, group_name in rows)
    groups = frozenset(one.group for one in found if one.group is not None)
    named = any(one.kind in {ListKind.CUSTOMER, ListKind.FRAMEWORK} for one in found)
    return PriceTerms(day, Buyer(customer_id if named else None, groups, member_id), found)


def for_page(
    standard: Mapping[int, Money], terms: PriceTerms, quantities: Mapping[int, Decimal] | None = None
) -> dict[int, Priced]:
    """The price of each article (id -> its own price) on the viewer's terms, for one unit unless told otherwise.

    No statement when no list has a say, else one; two more when a campaign gives one of the prices, and one for a
    member. It needs no request: a worker that prints a catalogue for a customer asks the same way.
    """
    quantities = quantities or {}
    rows = _candidates(standard, terms)
    reduced = [id_ for id_, found in rows.items() if any(one.list.kind == ListKind.CAMPAIGN for one in found)]
    history = shown_before(reduced, terms.day) if reduced else {}
    member_id = terms.buyer.member_id
    inside = {} if member_id is None else member_prices(standard, member_id)
    return {
        id_: pricing.price(
            own,
            rows.get(id_, []),
            history.get(id_, []),
            Asked(terms.buyer, quantities.get(id_, ONE), terms.day, inside.get(id_)),
        )
        for id_, own in standard.items()
    }


def shown_before(article_ids: Collection[int], day: date) -> dict[int, list[Shown]]:
    """What everybody could pay for each article lately: its own dated prices, and the rows of lists for everybody.

    Two statements. Everything that could count for a campaign that runs on the day is there; campaigns longer than a
    year are compared with the year before only.
    """
    since = day - timedelta(days=365 + PRIOR_DAYS)
    found = _own_prices(article_ids)
    query = (
        select(*_ROW, PriceRow.gone_at, PriceList.activated_at, PriceList.valid_from, PriceList.valid_to)
        .add_columns(PriceList.ended_on)
        .join(PriceList, PriceList.id == PriceRow.price_list_id)
        .where(PriceRow.article_id.in_(article_ids), PriceList.kind.in_(OPEN), PriceList.activated_at.is_not(None))
        .where(or_(PriceList.valid_to.is_(None), PriceList.valid_to >= since))
    )
    for row in db.session.execute(query):
        first = max(row.valid_from, clock.local_date(row.set_at), clock.local_date(row.activated_at))
        gone = clock.local_date(row.gone_at) if row.gone_at else None
        last = min((day for day in (row.valid_to, row.ended_on, gone) if day is not None), default=None)
        if last is None or last >= first:
            entry = Shown(row.price, first, last, row.min_quantity, row.price_list_id)
            found.setdefault(row.article_id, []).append(entry)
    return found


def facts(one: PriceList, customers: frozenset[int], group_name: str) -> ListFacts:
    """A list as a value for the pure rules, with those of its customers that matter to who asks."""
    named = one.kind in {ListKind.CUSTOMER, ListKind.FRAMEWORK}
    return ListFacts(
        id=one.id,
        kind=one.kind,
        name=one.name,
        first=one.valid_from,
        last=one.valid_to,
        state=one.state,
        customers=customers if named else frozenset(),
        group=one.group_id,
        group_name=group_name,
        agreement=one.agreement,
        only_listed=one.only_listed,
        in_use_since=clock.local_date(one.activated_at) if one.activated_at else None,
    )


def candidate(row: Any, about: ListFacts) -> Candidate:
    """A row, or the columns of one that the rules need, as a value for them."""
    return Candidate(about, row.id, row.min_quantity, row.price, row.member_price, clock.local_date(row.set_at))


def _candidates(article_ids: Iterable[int], terms: PriceTerms) -> dict[int, list[Candidate]]:
    """The rows that have a say, by article."""
    if not terms.lists:
        return {}
    lists = {one.id: one for one in terms.lists}
    query = select(*_ROW).where(PriceRow.article_id.in_(list(article_ids)), PriceRow.price_list_id.in_(lists))
    found: dict[int, list[Candidate]] = {}
    for row in db.session.execute(query.where(PriceRow.gone_at.is_(None))):
        found.setdefault(row.article_id, []).append(candidate(row, lists[row.price_list_id]))
    return found


@cache
def _valid_lists(*, of_customer: bool) -> Question:
    """Put together once: each page with prices asks it."""
    valid = and_(
        PriceList.state == ListState.ACTIVE,
        PriceList.valid_from <= bindparam("day"),
        or_(PriceList.valid_to.is_(None), PriceList.valid_to >= bindparam("day")),
    )
    whose = or_(PriceList.kind.in_(OPEN), *_own()) if of_customer else PriceList.kind.in_(OPEN)
    query = select(PriceList, CustomerGroup.name).outerjoin(CustomerGroup, CustomerGroup.id == PriceList.group_id)
    return query.where(valid, whose).order_by(PriceList.id)


def _own() -> list[Any]:
    """Conditions under which a list is the customer's."""
    its: BindParameter[int] = bindparam("customer")
    named = exists().where(PriceListCustomer.price_list_id == PriceList.id, PriceListCustomer.customer_id == its)
    groups = select(CustomerGroupMember.group_id).where(CustomerGroupMember.customer_id == its)
    return [named, PriceList.group_id.in_(groups)]


def _own_prices(article_ids: Collection[int]) -> dict[int, list[Shown]]:
    """The articles' own prices by the days on which their versions were out. On the day of a change both held."""
    query = select(ArticleVersion).where(ArticleVersion.article_id.in_(article_ids))
    found: dict[int, list[Shown]] = {}
    for version in db.session.scalars(query.order_by(ArticleVersion.article_id, ArticleVersion.number)):
        first = clock.local_date(version.published_at)
        earlier = found.setdefault(version.article_id, [])
        if earlier:
            earlier[-1] = replace(earlier[-1], last=first)
        earlier.append(Shown(Money(version.content["price"]), first))
    return found
