"""What staff read of price lists: the list of them, their rows beside what members are paid, and why a price is so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import language, search
from app.catalog.drafts import Margin, margin
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.pricing import prices, rules
from app.catalog.pricing.inside import member_prices
from app.catalog.pricing.models import PriceList, PriceListCustomer, PriceRow
from app.catalog.pricing.rules import Asked, Buyer, Judged, ListKind, ListState, Priced
from app.catalog.quantities import first_amount
from app.customers.groups import CustomerGroup, CustomerGroupMember
from app.customers.models import Customer
from app.db import db, holds
from app.errors import NotYours
from app.leaves import Leaf, leaf, nearest
from app.money import Money

ROWS = 50
FEW = 20
"""So many are offered to choose from."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a price list with all that stands beside it. Amounts are per unit and without VAT."""

    article_id: int
    number: str
    name: str
    unit: str
    unit_text: str
    min_quantity: Decimal
    price: Money
    standard: Money
    """The article's own price."""
    agreed_cost: Money | None
    """What the member is paid by agreement for this list."""
    usual_cost: Money | None
    """The highest that a member is paid else; None when nobody makes the article."""
    row_id: int
    article_version: int | None

    @property
    def cost(self) -> Money | None:
        """What the member is paid."""
        return self.usual_cost if self.agreed_cost is None else self.agreed_cost

    @property
    def margin(self) -> Margin | None:
        """What is left for the sales company, where the cost is known."""
        return None if self.cost is None else margin(self.price, self.cost)

    @property
    def below_cost(self) -> bool:
        """Whether each unit is sold for less than the member is paid."""
        return self.cost is not None and self.price < self.cost


@dataclass(frozen=True, slots=True)
class Answer:
    """Which price a customer gets, and what each row that could have given it says."""

    priced: Priced
    judged: Sequence[Judged]


def list_page(
    text: str, kind: ListKind | None, state: ListState | None, customer: Customer | None, number: int
) -> Leaf[PriceList]:
    """Price lists, those in use first and then by name; at most four statements."""
    conditions = _list_conditions(text, kind, state, customer)
    query = select(PriceList).where(*conditions).options(joinedload(PriceList.group), selectinload(PriceList.customers))
    return leaf(query.order_by(PriceList.state == ListState.ENDED, PriceList.name, PriceList.id), number, ROWS)


def list_with(list_id: int, *, lock: bool = False) -> PriceList:
    """A price list by id with its audience, for staff. Raises NotYours."""
    query = select(PriceList).where(PriceList.id == list_id)
    found = db.session.scalar(query.with_for_update() if lock else query.options(selectinload(PriceList.customers)))
    if found is None:
        raise NotYours
    return found


def price_list_rows(price_list: PriceList, article_ids: Collection[int] | None = None) -> list[ListedRow]:
    """All rows that hold, or those of some articles, by article number and quantity. Two statements."""
    query = (
        select(PriceRow, Article)
        .join(Article, Article.id == PriceRow.article_id)
        .where(PriceRow.price_list_id == price_list.id, PriceRow.gone_at.is_(None))
        .order_by(Article.number, PriceRow.min_quantity)
    )
    if article_ids is not None:
        query = query.where(PriceRow.article_id.in_(article_ids))
    rows = db.session.execute(query).all()
    costs = usual_costs({article.id for _row, article in rows})
    return [_listed(row, article, costs.get(article.id)) for row, article in rows]


def row_page(price_list: PriceList, text: str, number: int) -> Leaf[ListedRow]:
    """One page of the list's articles with all their steps; what is counted are the articles."""
    mine = select(PriceRow.article_id).where(PriceRow.price_list_id == price_list.id, PriceRow.gone_at.is_(None))
    conditions: list[ColumnElement[bool]] = [Article.id.in_(mine)]
    if text:
        columns = (Article.name, Article.number)
        conditions.append(or_(*(holds(column, text) for column in columns)))
    total = db.session.scalar(select(func.count()).select_from(Article).where(*conditions)) or 0
    number = nearest(number, total, ROWS)
    query = select(Article.id).where(*conditions).order_by(Article.number)
    ids = db.session.scalars(query.offset((number - 1) * ROWS).limit(ROWS)).all()
    return Leaf(price_list_rows(price_list, ids) if ids else [], number, total, ROWS)


def usual_costs(article_ids: Collection[int]) -> dict[int, Money]:
    """The highest that a member is paid for a unit of each article: with that the margin is never shown too large."""
    if not article_ids:
        return {}
    approved = (Offering.article_id.in_(article_ids), Offering.state == ApprovalState.APPROVED)
    query = select(Offering.article_id, func.max(Offering.member_price)).where(*approved)
    return {article: highest for article, highest in db.session.execute(query.group_by(Offering.article_id))}  # noqa: C416


def articles_found(typed: str) -> Sequence[Article]:
    """A few articles in the catalogue that a search finds, or that have the number; none for no words."""
    words = language.query_words(typed)
    if not words:
        return []
    numbered = holds(Article.number, typed.strip())
    fits = or_(search.matches(words), numbered)
    query = select(Article).where(Article.state == ApprovalState.APPROVED, fits)
    return db.session.scalars(query.order_by(Article.sort_name, Article.id).limit(FEW)).all()


def customers_found(typed: str) -> Sequence[Customer]:
    """A few customers whose name or number holds the text; none for no text."""
    if not typed:
        return []
    columns = (Customer.name, Customer.org_number, Customer.email)
    fits = or_(*(holds(column, typed) for column in columns))
    return db.session.scalars(select(Customer).where(fits).order_by(Customer.name, Customer.id).limit(FEW)).all()


def paid_anyway(price_list: PriceList, article: Article, today: date) -> Money | None:
    """What everybody pays at the first of a campaign's steps that is no lower, or None when all of them are.

    Other campaigns do not count: they pass, and this one may be what holds then.
    """
    day = max(today, price_list.valid_from)
    terms = prices.terms_for(None, day)
    lasting = replace(terms, lists=tuple(one for one in terms.lists if one.kind != ListKind.CAMPAIGN))
    for row in price_list_rows(price_list, [article.id]):
        quantity = max(row.min_quantity, first_amount(article))
        usual = prices.for_page({article.id: article.price}, lasting, {article.id: quantity})[article.id].unit_price
        if row.price >= usual:
            return usual
    return None


def lists_of(customer: Customer) -> Sequence[PriceList]:
    """The lists that are a customer's own, its groups' or its agreements', without those that have ended."""
    named = select(PriceListCustomer.price_list_id).where(PriceListCustomer.customer_id == customer.id)
    groups = select(CustomerGroupMember.group_id).where(CustomerGroupMember.customer_id == customer.id)
    mine = or_(PriceList.id.in_(named), PriceList.group_id.in_(groups))
    query = select(PriceList).where(mine, PriceList.state != ListState.ENDED).options(joinedload(PriceList.group))
    return db.session.scalars(query.order_by(PriceList.name)).all()


def lists_of_group(group: CustomerGroup) -> Sequence[PriceList]:
    """The lists of a group."""
    query = select(PriceList).where(PriceList.group_id == group.id).options(joinedload(PriceList.group))
    return db.session.scalars(query.order_by(PriceList.name)).all()


def explain(article: Article, customer: Customer | None, quantity: Decimal, day: date) -> Answer:
    """Which price a customer gets and why, and why every other row that names the article does not give it."""
    query = (
        select(PriceRow, PriceList)
        .join(PriceList, PriceList.id == PriceRow.price_list_id)
        .options(joinedload(PriceList.group), selectinload(PriceList.customers))
        .where(PriceRow.article_id == article.id, PriceRow.gone_at.is_(None))
    )
    candidates = []
    for row, from_list in db.session.execute(query.order_by(PriceRow.id)):
        group_name = from_list.group.name if from_list.group else ""
        about = prices.facts(from_list, frozenset(one.id for one in from_list.customers), group_name)
        candidates.append(prices.candidate(row, about))
    buyer = _buyer(customer)
    inside = {} if buyer.member_id is None else member_prices([article.id], buyer.member_id)
    asked = Asked(buyer, quantity, day, inside.get(article.id))
    history = prices.shown_before([article.id], day).get(article.id, [])
    return Answer(rules.price(article.price, candidates, history, asked), rules.judge(article.price, candidates, asked))


def _buyer(customer: Customer | None) -> Buyer:
    if customer is None:
        return rules.ANYBODY
    groups = select(CustomerGroupMember.group_id).where(CustomerGroupMember.customer_id == customer.id)
    return Buyer(customer.id, frozenset(db.session.scalars(groups)), customer.member_id)


def _listed(row: PriceRow, article: Article, usual: Money | None) -> ListedRow:
    return ListedRow(
        article_id=article.id,
        number=article.number,
        name=article.name,
        unit=article.unit,
        unit_text=article.unit_text,
        min_quantity=row.min_quantity,
        price=row.price,
        standard=article.price,
        agreed_cost=row.member_price,
        usual_cost=usual,
        row_id=row.id,
        article_version=row.article_version,
    )


def _list_conditions(
    text: str, kind: ListKind | None, state: ListState | None, customer: Customer | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if kind is not None:
        conditions.append(PriceList.kind == kind)
    if state is not None:
        conditions.append(PriceList.state == state)
    if customer is not None:
        named = select(PriceListCustomer.price_list_id).where(PriceListCustomer.customer_id == customer.id)
        groups = select(CustomerGroupMember.group_id).where(CustomerGroupMember.customer_id == customer.id)
        conditions.append(or_(PriceList.id.in_(named), PriceList.group_id.in_(groups)))
    if text:
        named = (
            select(PriceListCustomer.price_list_id)
            .join(Customer, Customer.id == PriceListCustomer.customer_id)
            .where(holds(Customer.name, text))
        )
        columns = (PriceList.name, PriceList.agreement)
        found = [holds(column, text) for column in columns]
        conditions.append(or_(*found, PriceList.id.in_(named)))
    return conditions


def article_counts(lists: Collection[PriceList]) -> dict[int, int]:
    """How many articles each list holds, by its id; those that are empty are left out."""
    if not lists:
        return {}
    counted = select(PriceRow.price_list_id, func.count(PriceRow.article_id.distinct()))
    now = counted.where(PriceRow.price_list_id.in_([one.id for one in lists]), PriceRow.gone_at.is_(None))
    return {one: count for one, count in db.session.execute(now.group_by(PriceRow.price_list_id))}  # noqa: C416
