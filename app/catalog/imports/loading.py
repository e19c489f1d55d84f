"""Loads what an assortment is compared with: the lists of the house, and what the member makes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.catalog import facets, start
from app.catalog.changing import queries as change_queries
from app.catalog.drafts import Terms, draft_of
from app.catalog.imports.models import OwnNumber
from app.catalog.imports.plan import Known, Standing
from app.catalog.imports.rows import Wish
from app.catalog.imports.values import Lists
from app.catalog.models import ON_SALE, ApprovalState, Article, CatalogEdition, CpvCode, Offering
from app.db import db
from app.members.models import Member
from app.vat import VatClass

BATCH = 500
Item = TypeVar("Item")


def lists() -> Lists:
    """What values may be chosen among now."""
    names = {vat_class: name.name_sv for vat_class, name in start.vat_class_names().items()}
    categories = {shelf.name_sv: shelf.id for shelf in facets.shelves()}
    return Lists(categories, names, frozenset(db.session.scalars(select(CpvCode.code))), _rates())


def _rates() -> dict[VatClass, int]:
    """Per cent of VAT today, for the classes that have one rate. A rate alone never means building: that is said."""
    today = facets.vat_parts(clock.local_date(clock.now()))
    return {
        kind: parts[0].rate
        for kind, parts in today.items()
        if isinstance(kind, VatClass) and kind != VatClass.BUILDING and len(parts) == 1
    }


def known(member_id: int, wishes: Iterable[Wish]) -> Known:
    """What the member makes, and the articles of the catalogue that the rows name."""
    member = db.session.get_one(Member, member_id)
    own_numbers = own_numbers_of(member)
    mine = list(offerings(member))
    open_to_change = _may_change(member, mine)
    found = {one.article.number: standing(one, own_numbers, open_to_change) for one in mine}
    named = {str(wish.values["number"]).upper() for wish in wishes if wish.values.get("number")}
    there = {one.article_id for one in found.values()}
    missing = {article_id for article_id in own_numbers if article_id not in there}
    for article in _articles(named - set(found), missing):
        found[article.number] = _of_others(article, own_numbers)
    return Known(
        by_number=found,
        by_own_number={one.own_number.casefold(): one for one in found.values() if one.own_number},
        by_name={one.draft.name.casefold(): one for one in found.values() if one.is_own},
    )


def edition() -> int:
    """The number of the catalogue's edition. Whatever changes an article or an offering makes a new one."""
    return db.session.scalar(select(CatalogEdition.number)) or 0


def offerings(member: Member, *, only_own: bool = False) -> Iterator[Offering]:
    """All that the member offers or has offered, by article number, with all that a row says about it."""
    query = select(Offering).join(Offering.article).where(Offering.member_id == member.id)
    if only_own:
        query = query.where(Offering.state.in_((ApprovalState.PROPOSED, ApprovalState.APPROVED)))
    whole = joinedload(Offering.article).selectinload(Article.parts)
    yield from db.session.scalars(query.options(whole).order_by(Article.number))


def own_numbers_of(member: Member) -> dict[int, str]:
    """The member's own numbers by article."""
    query = select(OwnNumber.article_id, OwnNumber.number).where(OwnNumber.member_id == member.id)
    return {row.article_id: row.number for row in db.session.execute(query)}


def _may_change(member: Member, mine: Sequence[Offering]) -> frozenset[int]:
    """Ids of the articles whose words the member may ask to change."""
    return frozenset().union(*(change_queries.may_change(member, some) for some in in_batches(mine)))


def standing(offering: Offering, own_numbers: dict[int, str], open_to_change: Container[int] = ()) -> Standing:
    """One of the member's offerings as a value."""
    article = offering.article
    return Standing(
        article_id=article.id,
        number=article.number,
        draft=draft_of(article),
        on_sale=article.state in ON_SALE,
        offering_state=offering.state,
        terms=Terms(offering.capacity_per_week, offering.lead_days, offering.municipalities),
        member_price=offering.member_price,
        own_number=own_numbers.get(article.id, ""),
        may_change=article.id in open_to_change,
        offering_id=offering.id,
    )


def _of_others(article: Article, own_numbers: dict[int, str]) -> Standing:
    on_sale = article.state == ApprovalState.APPROVED
    own = own_numbers.get(article.id, "")
    return Standing(article.id, article.number, draft_of(article), on_sale, None, None, None, own)


def _articles(numbers: set[str], ids: set[int]) -> Iterator[Article]:
    with_parts = select(Article).options(selectinload(Article.parts))
    queries: list[Select[Article]] = [
        with_parts.where(Article.number.in_(some)) for some in in_batches(sorted(numbers))
    ]
    queries += [with_parts.where(Article.id.in_(some)) for some in in_batches(sorted(ids))]
    for query in queries:
        yield from db.session.scalars(query)


def in_batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    """So many at a time as a statement can name."""
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some


def hold(member: Member) -> None:
    """Whoever changes the member's assortment meanwhile waits: its row, what it makes and its offerings are locked.

    The articles before the offerings, as everybody does who needs both.
    """
    db.session.execute(select(Member.id).where(Member.id == member.id).with_for_update()).all()
    made = select(Article.id).join(Offering).where(Offering.member_id == member.id).order_by(Article.id)
    db.session.execute(made.with_for_update(of=Article)).all()
    db.session.execute(
        select(Offering.id).where(Offering.member_id == member.id).order_by(Offering.id).with_for_update()
    ).all()
    db.session.expire_all()
