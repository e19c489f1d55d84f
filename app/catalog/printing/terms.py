"""Which prices a printed catalogue shows: those that last, for everybody or for the buyers of one price list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import places
from app.catalog.models import Article
from app.catalog.pricing import prices
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.prices import PriceTerms
from app.catalog.pricing.rules import OPEN, Buyer, ListKind, ListState, Priced
from app.catalog.printing.values import PrintedList, PrintOptions
from app.customers.groups import CustomerGroupMember
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.errors import Refused

CHUNK = 500
"""Articles that are priced by one question."""
MOST_OFFERED = 300
"""Price lists to choose among; the others are chosen from their own pages."""
MOST_NAMED = 3
"""More buyers than so many are told as a number."""
NOT_FOR = {
    CustomerKind.PUBLIC: "inga offentliga köpare",
    CustomerKind.COMPANY: "inga företag",
    CustomerKind.PRIVATE: "inga privatpersoner",
}


@dataclass(frozen=True, slots=True)
class PrintTerms:
    """The lists that have a say in a catalogue, and what its cover tells of the one that was chosen."""

    terms: PriceTerms
    listed: PrintedList | None = None


def terms_of(options: PrintOptions, day: date) -> PrintTerms:
    """What everybody pays, without campaigns: paper outlives them; and before that the chosen list's prices, if any.

    Raises Refused for a list that cannot be printed for this audience on this day.
    """
    everybody = prices.terms_for(None, day)
    lasting = tuple(one for one in everybody.lists if one.kind != ListKind.CAMPAIGN)
    if options.price_list_id is None:
        return PrintTerms(replace(everybody, lists=lasting))
    chosen = _chosen(options.price_list_id, day)
    _must_suit(chosen, options.audience)
    customer_id = chosen.customers[0].id if chosen.customers else None
    facts = prices.facts(
        chosen,
        frozenset() if customer_id is None else frozenset({customer_id}),
        chosen.group.name if chosen.group else "",
    )
    buyer = Buyer(customer_id, frozenset() if chosen.group_id is None else frozenset({chosen.group_id}))
    return PrintTerms(PriceTerms(day, buyer, (*lasting, facts)), _told(chosen))


def priced(articles: Sequence[Article], terms: PriceTerms) -> dict[int, Priced]:
    """What one unit of each article costs, and more of it. One question for so many articles at a time."""
    found: dict[int, Priced] = {}
    for start in range(0, len(articles), CHUNK):
        found |= prices.for_page({one.id: one.price for one in articles[start : start + CHUNK]}, terms)
    return found


def own_lists(day: date, wanted: int | None = None) -> Sequence[PriceList]:
    """The lists for some buyers that hold on a day, by name: those of which a catalogue can be printed.

    So many as anybody looks through; the one that is wanted is always among them.
    """
    first = PriceList.id != (wanted or 0)
    query = select(PriceList).where(*_printable(day)).order_by(first, PriceList.name).limit(MOST_OFFERED)
    return sorted(db.session.scalars(query), key=lambda one: places.swedish_order(one.name))


def list_named(name: str) -> int:
    """The id of the list that is called so. Raises Refused."""
    found = db.session.scalar(select(PriceList.id).where(PriceList.name == name.strip()))
    if found is None:
        raise Refused(f"Prislistan {name} finns inte.")
    return found


def suits(price_list: PriceList) -> CustomerKind:
    """A kind of customers that a list is for; companies, where nobody has it yet."""
    kinds = _kinds(price_list) or {CustomerKind.COMPANY}
    return next(kind for kind in (CustomerKind.PUBLIC, CustomerKind.COMPANY, CustomerKind.PRIVATE) if kind in kinds)


def _chosen(list_id: int, day: date) -> PriceList:
    query = select(PriceList).where(PriceList.id == list_id, PriceList.kind.not_in(OPEN))
    found = db.session.scalar(query.options(joinedload(PriceList.group), selectinload(PriceList.customers)))
    if found is None:
        raise Refused("Välj en prislista som är någras egen: de andra är redan med i katalogen.")
    if db.session.scalar(select(PriceList.id).where(PriceList.id == list_id, *_printable(day))) is None:
        raise Refused(f"Prislistan {found.name} gäller inte i dag, och en katalog trycks med priser som gäller.")
    return found


def _printable(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        PriceList.kind.not_in(OPEN),
        PriceList.state == ListState.ACTIVE,
        PriceList.valid_from <= day,
        or_(PriceList.valid_to.is_(None), PriceList.valid_to >= day),
    )


def _must_suit(price_list: PriceList, audience: CustomerKind) -> None:
    kinds = _kinds(price_list)
    if kinds and audience not in kinds:
        raise Refused(f"Prislistan {price_list.name} gäller {NOT_FOR[audience]}. Välj andra kunder.")


def _kinds(price_list: PriceList) -> set[CustomerKind]:
    """What kinds of customers have the list; none for a group that is empty."""
    if price_list.group_id is None:
        return {one.kind for one in price_list.customers}
    members = select(Customer.kind).join(CustomerGroupMember, CustomerGroupMember.customer_id == Customer.id)
    return set(db.session.scalars(members.where(CustomerGroupMember.group_id == price_list.group_id).distinct()))


def _told(price_list: PriceList) -> PrintedList:
    if price_list.kind == ListKind.FRAMEWORK:
        words, mark = f"ramavtal {price_list.agreement}", "avtalspris"
    else:
        words, mark = f"prislistan {price_list.name}", "eget pris"
    names = [price_list.group.name] if price_list.group else [one.name for one in price_list.customers]
    buyers = tuple(names) if len(names) <= MOST_NAMED else (f"{len(names)} köpare",)
    return PrintedList(price_list.name, words, mark, buyers, price_list.valid_to)
