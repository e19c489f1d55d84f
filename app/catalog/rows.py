"""Puts what people have written into rows, under names, numbers and addresses that are free."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.catalog import kind_checks
from app.catalog.drafts import UNKNOWN_CPV, Draft, Terms, check_price, slugify
from app.catalog.kinds import FOR_EVERYBODY, ArticleKind
from app.catalog.models import (
    IN_SWEDISH,
    ON_SALE,
    ApprovalState,
    Article,
    BundlePart,
    Category,
    CpvCode,
    Offering,
    OfferingArea,
)
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.money import Money

WORDS = ("name", "description", "category_id", "cpv", "unit", "unit_text", "vat_class")
TRAITS = (
    "kind",
    "min_quantity",
    "quantity_step",
    "pack_size",
    "content",
    "content_unit",
    "ingredients",
    "withdrawal",
    "deposit",
    "rut",
)
"""What a draft and an article call by the same name; the first are its words, unit and VAT."""


def new_article(draft: Draft, price: Money, state: ApprovalState, *, number: str = "", now: datetime) -> Article:
    """A new article under a free number and address, in the session. Raises Refused for what cannot be sold."""
    draft = checked(draft)
    one_at_a_time()
    chosen = free_number(number) if number.strip() else _next_number(draft.category_id)
    article = Article(number=chosen, slug=_free_slug(draft.name), state=state, created_at=now)
    write(article, draft)
    article.price = check_price(price)
    db.session.add(article)
    return article


def write(article: Article, draft: Draft) -> None:
    """Put all that is written about an article into its row, but its price, number and address."""
    for column, value in columns_of(draft).items():
        setattr(article, column, value)
    article.parts = [
        BundlePart(article_id=part.article_id, quantity=part.quantity, position=place, to_next=part.to_next)
        for place, part in enumerate(draft.parts)
    ]


def columns_of(draft: Draft) -> dict[str, Any]:
    """What is written about an article in its own row: all but the parts of a bundle."""
    said = {column: getattr(draft, column) for column in (*WORDS, *TRAITS)}
    return {**said, "allergens": list(draft.allergens)}


def checked(draft: Draft, article: Article | None = None) -> Draft:
    """The draft, with a category, a CPV code and parts that are there. Raises Refused.

    `article` is the one that the draft is to replace, if there is one.
    """
    draft = kind_checks.check(draft.checked())
    if db.session.get(Category, draft.category_id) is None:
        raise Refused("Välj kategorin i listan.")
    if draft.cpv is not None and db.session.get(CpvCode, draft.cpv) is None:
        raise Refused(UNKNOWN_CPV)
    if article is not None and article.kind != draft.kind:
        _may_change_kind(article, draft.kind)
    return _with_parts(draft, article) if draft.kind == ArticleKind.BUNDLE else draft


def _may_change_kind(article: Article, kind: ArticleKind) -> None:
    if article.state == ApprovalState.MEMBERS and kind in FOR_EVERYBODY:
        raise Refused("Artikeln är bara för medlemmar, och det kan den typen inte vara.")
    if article.state == ApprovalState.SOLD:
        raise Refused("Artikeln är såld och kan inte bli något annat.")
    bundle = db.session.scalar(
        select(Article.name).join(BundlePart, BundlePart.bundle_id == Article.id).where(BundlePart.article == article)
    )
    if bundle is not None:
        raise Refused(f"Artikeln ingår i {bundle}. Ta bort den därifrån först.")


def _with_parts(draft: Draft, article: Article | None) -> Draft:
    """A bundle's parts are sold by themselves too; its VAT class on lists is that of the part that is worth most."""
    if article is not None and article.offerings:
        raise Refused("Artikeln görs av medlemmar och kan inte bli ett paket. Gör en ny artikel.")
    found = {one.id: one for one in db.session.scalars(select(Article).where(Article.id.in_(_ids(draft))))}
    for part in draft.parts:
        row = found.get(part.article_id)
        if row is None or row.state != ApprovalState.APPROVED or row is article:
            raise Refused(f"{row.name if row else 'En del av paketet'} finns inte i katalogen och kan inte ingå.")
        kind_checks.check_part(part, name=row.name, kind=row.kind, unit=row.unit)
    worth = max(draft.parts, key=lambda part: found[part.article_id].price.times(part.quantity))
    return replace(draft, vat_class=found[worth.article_id].vat_class)


def _ids(draft: Draft) -> list[int]:
    return [part.article_id for part in draft.parts]


def keeps_unit(article: Article, draft: Draft) -> None:
    """Raises Refused for another unit while members' prices and capacities are counted in the present one."""
    if draft.unit != article.unit and article.state != ApprovalState.PROPOSED and article.offerings:
        raise Refused("Enheten kan inte ändras, för medlemmarnas pris och kapacitet räknas i den. Gör en ny artikel.")


def offer(
    article: Article, member: Member, terms: Terms, member_price: Money, state: ApprovalState, *, now: datetime
) -> Offering:
    """The member's offering of the article; one that was declined or withdrawn comes again. Raises Refused."""
    if article.state not in ON_SALE:
        raise Refused("Artikeln finns inte i katalogen.")
    _can_be_made(article, member)
    there = db.session.scalar(select(Offering).where(Offering.article == article, Offering.member == member))
    if there is None:
        return new_offering(article, member, terms, member_price, state, now=now)
    must_be(there, ApprovalState.DECLINED, ApprovalState.WITHDRAWN)
    there.state = ApprovalState.PROPOSED
    there.state, there.declined_because = state, None
    there.member_price = check_price(member_price)
    return agree(there, terms.checked(article.unit))


def new_offering(
    article: Article, member: Member, terms: Terms, member_price: Money, state: ApprovalState, *, now: datetime
) -> Offering:
    """A new offering, in the session. Raises Refused for terms that cannot be."""
    terms = terms.checked(article.unit)
    _can_be_made(article, member)
    offering = Offering(
        article=article, member=member, member_price=check_price(member_price), state=state, created_at=now
    )
    db.session.add(offering)
    return agree(offering, terms)


def _can_be_made(article: Article, member: Member) -> None:
    """A bundle is made by those who make its parts, and a single piece lies with one member."""
    if article.kind == ArticleKind.BUNDLE:
        raise Refused("Ett paket görs av dem som gör delarna. Lägg till medlemmar på delarna i stället.")
    others = [one for one in article.offerings if one.member != member and one.state != ApprovalState.WITHDRAWN]
    if article.kind == ArticleKind.SECOND_HAND and others:
        raise Refused(f"Det finns bara ett exemplar, och det står hos {others[0].member.name}.")


def agree(offering: Offering, terms: Terms) -> Offering:
    """Put checked terms into an offering's row. Raises Refused."""
    kind_checks.check_pieces(offering.article.kind, terms.capacity_per_week)
    offering.capacity_per_week, offering.lead_days = terms.capacity_per_week, terms.lead_days
    there = {area.municipality: area for area in offering.areas}
    offering.areas = [there.get(code) or OfferingArea(municipality=code) for code in sorted(terms.municipalities)]
    return offering


def must_be(thing: Article | Offering, *states: ApprovalState) -> None:
    """Raises Refused when somebody else has decided already."""
    if thing.state not in states:
        raise Refused(f"Någon hann före: den är redan {IN_SWEDISH[thing.state]}. Ladda om sidan.")


def one_at_a_time() -> None:
    """Names and numbers must be free when they are taken: whoever makes an article waits for whoever came first."""
    db.session.execute(select(Category.id).order_by(Category.id).with_for_update()).all()


def _free_slug(name: str) -> str:
    wanted = slugify(name)
    taken = set(db.session.scalars(select(Article.slug).where(Article.slug.startswith(wanted, autoescape=True))))
    if wanted not in taken:
        return wanted
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{wanted}-{number}") not in taken)


def free_number(typed: str) -> str:
    """The typed article number, if nobody has it. Raises Refused."""
    number = typed.strip().upper()
    one_at_a_time()
    if not re.fullmatch(r"[A-ZÅÄÖ0-9-]{1,20}", number):
        raise Refused("Artikelnumret ska ha högst 20 bokstäver, siffror och bindestreck.")
    if db.session.scalar(select(Article.id).where(Article.number == number)) is not None:
        raise Refused(f"Artikelnumret {number} är upptaget.")
    return number


def _next_number(category_id: int) -> str:
    """The category's three letters and the next number: ``FRU-042``."""
    prefix, last = last_number(category_id)
    return f"{prefix}-{last + 1:03d}"


def last_number(category_id: int) -> tuple[str, int]:
    """The category's three letters, and the highest number that is taken; 0 for none."""
    prefix = slugify(db.session.get_one(Category, category_id).slug)[:3].upper()
    taken = select(Article.number).where(Article.number.startswith(f"{prefix}-", autoescape=True))
    longest_first = taken.order_by(func.length(Article.number).desc(), Article.number.desc()).limit(50)
    numbers = (re.fullmatch(rf"{prefix}-(\d+)", number) for number in db.session.scalars(longest_first))
    return prefix, max((int(found[1]) for found in numbers if found), default=0)
