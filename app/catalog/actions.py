"""What members and staff do with articles and offerings. Every act leaves the search index as true as the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from app import audit
from app.accounts.models import User
from app.catalog.drafts import UNKNOWN_CPV, Draft, Terms, check_price, check_reason, slugify, suggested_price
from app.catalog.models import IN_SWEDISH, ApprovalState, Article, Category, CpvCode, Offering, OfferingArea
from app.catalog.search import reindex
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.money import Money


def propose_article(
    member: Member, draft: Draft, terms: Terms, member_price: Money, *, by: User, now: datetime
) -> Article:
    """A member proposes something new, and says on what terms it can be had from there.

    Raises Refused for what cannot be sold. The customer's price is a suggestion until staff have approved it.
    """
    price = suggested_price(check_price(member_price))
    article = _new_article(draft, price, ApprovalState.PROPOSED, now=now)
    article.proposed_by = member
    _new_offering(article, member, terms, member_price, ApprovalState.PROPOSED, now=now)
    audit.record(article, "proposed", by=by, now=now, member_id=member.id)
    reindex(article)
    return article


def create_article(draft: Draft, price: Money, *, number: str = "", by: User, now: datetime) -> Article:
    """Staff put an article into the catalogue; customers see it once a member makes it. Raises Refused."""
    article = _new_article(draft, price, ApprovalState.APPROVED, number=number, now=now)
    audit.record(article, "created", by=by, now=now, price=article.price.ore)
    reindex(article)
    return article


def edit_article(article: Article, draft: Draft, price: Money, *, number: str, by: User, now: datetime) -> Article:
    """Staff change what is written about an article, or its price. Its address stays, for it stands in others' links.

    Raises Refused, also for another unit while members' prices and capacities are counted in the present one.
    """
    draft, before = _checked(draft), article.price
    if draft.unit != article.unit and article.state != ApprovalState.PROPOSED and article.offerings:
        raise Refused("Enheten kan inte ändras, för medlemmarnas pris och kapacitet räknas i den. Gör en ny artikel.")
    if number.strip() and number.strip() != article.number:
        article.number = _free_number(number)
    _write(article, draft)
    article.price = check_price(price)
    audit.record(article, "edited", by=by, now=now, price_before=before.ore, price=price.ore)
    reindex(article)
    return article


def approve_article(article: Article, price: Money, *, by: User, now: datetime) -> Article:
    """Staff say yes to a proposed article and to its proposer's offering, and set the customer's price.

    Raises Refused when somebody else has decided already.
    """
    _must_be(article, ApprovalState.PROPOSED)
    article.price = check_price(price)
    if article.cpv is None:
        raise Refused("Artikeln saknar CPV-kod. Köpare hittar den på koden, så välj en innan ni godkänner.")
    if any(offering.member_price > article.price for offering in _proposed(article)):
        raise Refused("Kundens pris ligger under medlemmens. Höj det, eller kom överens om ett annat medlemspris.")
    article.state = ApprovalState.APPROVED
    for offering in _proposed(article):
        offering.state = ApprovalState.APPROVED
    audit.record(article, "approved", by=by, now=now, price=price.ore)
    reindex(article)
    return article


def decline_article(article: Article, reason: str, *, by: User, now: datetime) -> Article:
    """Staff say no to a proposed article and its offering; the member reads why. Raises Refused."""
    _must_be(article, ApprovalState.PROPOSED)
    _turn_down(article, reason)
    for offering in _proposed(article):
        _turn_down(offering, reason)
    audit.record(article, "declined", by=by, now=now, reason=article.declined_because)
    reindex(article)
    return article


def withdraw_article(article: Article, *, by: User, now: datetime) -> Article:
    """Staff take an article out of the catalogue. What is ordered already is not touched. Raises Refused."""
    _must_be(article, ApprovalState.APPROVED)
    article.state = ApprovalState.WITHDRAWN
    audit.record(article, "withdrawn", by=by, now=now)
    reindex(article)
    return article


def restore_article(article: Article, *, by: User, now: datetime) -> Article:
    """Staff put an article back into the catalogue. Raises Refused."""
    _must_be(article, ApprovalState.WITHDRAWN)
    article.state = ApprovalState.APPROVED
    audit.record(article, "restored", by=by, now=now)
    reindex(article)
    return article


def propose_offering(
    article: Article, member: Member, terms: Terms, member_price: Money, *, by: User, now: datetime
) -> Offering:
    """A member offers to make an article that is in the catalogue; one that was declined or withdrawn may come again.

    The caller holds the article's row, so that two presses of the button cannot both find nothing.
    Raises Refused when the member makes it already.
    """
    offering = _offer(article, member, terms, member_price, ApprovalState.PROPOSED, now=now)
    audit.record(offering, "proposed", by=by, now=now, member_price=member_price.ore)
    reindex(article)
    return offering


def add_offering(
    article: Article, member: Member, terms: Terms, member_price: Money, *, by: User, now: datetime
) -> Offering:
    """Staff write down what they have agreed with a member; it is approved at once. Raises Refused."""
    offering = _offer(article, member, terms, member_price, ApprovalState.APPROVED, now=now)
    audit.record(offering, "added", by=by, now=now, member_price=member_price.ore)
    reindex(article)
    return offering


def approve_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """Staff say yes to a member's offering. Raises Refused when somebody else has decided already."""
    _must_be(offering, ApprovalState.PROPOSED)
    if offering.article.state != ApprovalState.APPROVED:
        raise Refused("Artikeln finns inte i katalogen. Godkänn den först.")
    offering.state = ApprovalState.APPROVED
    audit.record(offering, "approved", by=by, now=now, member_price=offering.member_price.ore)
    reindex(offering.article)
    return offering


def decline_offering(offering: Offering, reason: str, *, by: User, now: datetime) -> Offering:
    """Staff say no to a member's offering; the member reads why. Raises Refused."""
    _must_be(offering, ApprovalState.PROPOSED)
    _turn_down(offering, reason)
    audit.record(offering, "declined", by=by, now=now, reason=offering.declined_because)
    reindex(offering.article)
    return offering


def withdraw_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """The member, or staff for it, stops offering. Work it has said yes to stays with it. Raises Refused."""
    _must_be(offering, ApprovalState.PROPOSED, ApprovalState.APPROVED)
    offering.state = ApprovalState.WITHDRAWN
    audit.record(offering, "withdrawn", by=by, now=now)
    reindex(offering.article)
    return offering


def restore_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """Staff let a withdrawn offering count again. Raises Refused."""
    _must_be(offering, ApprovalState.WITHDRAWN)
    offering.state = ApprovalState.APPROVED
    audit.record(offering, "restored", by=by, now=now)
    reindex(offering.article)
    return offering


def change_terms(offering: Offering, terms: Terms, *, by: User, now: datetime) -> Offering:
    """A member changes how much, how fast and where; it holds for the next order. The price is agreed with staff.

    Raises Refused.
    """
    _must_be(offering, ApprovalState.PROPOSED, ApprovalState.APPROVED)
    _agree(offering, terms.checked(offering.article.unit))
    capacity = str(offering.capacity_per_week)
    audit.record(offering, "terms changed", by=by, now=now, capacity=capacity, lead_days=offering.lead_days)
    reindex(offering.article)
    return offering


def set_member_price(offering: Offering, member_price: Money, *, by: User, now: datetime) -> Offering:
    """Staff write down the price agreed with the member; it holds from the next order. Raises Refused."""
    before = offering.member_price
    offering.member_price = check_price(member_price)
    audit.record(offering, "price set", by=by, now=now, price_before=before.ore, price=member_price.ore)
    return offering


def _new_article(draft: Draft, price: Money, state: ApprovalState, *, number: str = "", now: datetime) -> Article:
    draft = _checked(draft)
    _one_at_a_time()
    chosen = _free_number(number) if number.strip() else _next_number(draft.category_id)
    article = Article(number=chosen, slug=_free_slug(draft.name), state=state, created_at=now)
    _write(article, draft)
    article.price = check_price(price)
    db.session.add(article)
    return article


def _write(article: Article, draft: Draft) -> None:
    article.name, article.description = draft.name, draft.description
    article.category_id, article.cpv = draft.category_id, draft.cpv
    article.unit, article.unit_text, article.vat_class = draft.unit, draft.unit_text, draft.vat_class


def _checked(draft: Draft) -> Draft:
    draft = draft.checked()
    if db.session.get(Category, draft.category_id) is None:
        raise Refused("Välj kategorin i listan.")
    if draft.cpv is not None and db.session.get(CpvCode, draft.cpv) is None:
        raise Refused(UNKNOWN_CPV)
    return draft


def _offer(
    article: Article, member: Member, terms: Terms, member_price: Money, state: ApprovalState, *, now: datetime
) -> Offering:
    if article.state != ApprovalState.APPROVED:
        raise Refused("Artikeln finns inte i katalogen.")
    there = db.session.scalar(select(Offering).where(Offering.article == article, Offering.member == member))
    if there is None:
        return _new_offering(article, member, terms, member_price, state, now=now)
    _must_be(there, ApprovalState.DECLINED, ApprovalState.WITHDRAWN)
    there.state = ApprovalState.PROPOSED
    there.state, there.declined_because = state, None
    there.member_price = check_price(member_price)
    return _agree(there, terms.checked(article.unit))


def _new_offering(
    article: Article, member: Member, terms: Terms, member_price: Money, state: ApprovalState, *, now: datetime
) -> Offering:
    terms = terms.checked(article.unit)
    offering = Offering(
        article=article, member=member, member_price=check_price(member_price), state=state, created_at=now
    )
    db.session.add(offering)
    return _agree(offering, terms)


def _agree(offering: Offering, terms: Terms) -> Offering:
    offering.capacity_per_week, offering.lead_days = terms.capacity_per_week, terms.lead_days
    there = {area.municipality: area for area in offering.areas}
    offering.areas = [there.get(code) or OfferingArea(municipality=code) for code in sorted(terms.municipalities)]
    return offering


def _proposed(article: Article) -> Iterable[Offering]:
    return [offering for offering in article.offerings if offering.state == ApprovalState.PROPOSED]


def _turn_down(thing: Article | Offering, reason: str) -> None:
    thing.declined_because = check_reason(reason)
    thing.state = ApprovalState.DECLINED


def _must_be(thing: Article | Offering, *states: ApprovalState) -> None:
    if thing.state not in states:
        raise Refused(f"Någon hann före: den är redan {IN_SWEDISH[thing.state]}. Ladda om sidan.")


def _one_at_a_time() -> None:
    """Names and numbers must be free when they are taken: whoever makes an article waits for whoever came first."""
    db.session.execute(select(Category.id).order_by(Category.id).with_for_update()).all()


def _free_slug(name: str) -> str:
    wanted = slugify(name)
    taken = set(db.session.scalars(select(Article.slug).where(Article.slug.startswith(wanted, autoescape=True))))
    if wanted not in taken:
        return wanted
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{wanted}-{number}") not in taken)


def _free_number(typed: str) -> str:
    number = typed.strip().upper()
    if not re.fullmatch(r"[A-ZÅÄÖ0-9-]{1,20}", number):
        raise Refused("Artikelnumret ska ha högst 20 bokstäver, siffror och bindestreck.")
    if db.session.scalar(select(Article.id).where(Article.number == number)) is not None:
        raise Refused(f"Artikelnumret {number} är upptaget.")
    return number


def _next_number(category_id: int) -> str:
    """The category's three letters and the next number: ``FRU-042``."""
    prefix = slugify(db.session.get_one(Category, category_id).slug)[:3].upper()
    taken = select(Article.number).where(Article.number.startswith(f"{prefix}-", autoescape=True))
    longest_first = taken.order_by(func.length(Article.number).desc(), Article.number.desc()).limit(50)
    numbers = (re.fullmatch(rf"{prefix}-(\d+)", number) for number in db.session.scalars(longest_first))
    last = max((int(found[1]) for found in numbers if found), default=0)
    return f"{prefix}-{last + 1:03d}"
