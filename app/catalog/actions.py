"""What members and staff do with articles and offerings. Every act leaves the search index as true as the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.catalog.drafts import UNKNOWN_CPV, Draft, Terms, check_price, check_reason, suggested_price
from app.catalog.indexing import reindex
from app.catalog.kinds import FOR_EVERYBODY
from app.catalog.models import ON_SALE, ApprovalState, Article, CpvCode, Offering
from app.catalog.rows import (
    agree,
    checked,
    free_number,
    keeps_unit,
    must_be,
    new_article,
    new_offering,
    offer,
    write,
)
from app.catalog.versions import publish_article, publish_offering
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
    article = new_article(draft, price, ApprovalState.PROPOSED, now=now)
    article.proposed_by = member
    new_offering(article, member, terms, member_price, ApprovalState.PROPOSED, now=now)
    audit.record(article, "proposed", by=by, now=now, member_id=member.id)
    reindex(article)
    return article


def create_article(draft: Draft, price: Money, *, number: str = "", by: User, now: datetime) -> Article:
    """Staff put an article into the catalogue; customers see it once a member makes it. Raises Refused."""
    article = new_article(draft, price, ApprovalState.APPROVED, number=number, now=now)
    publish_article(article, by=by, now=now)
    audit.record(article, "created", by=by, now=now, price=article.price.ore)
    reindex(article)
    return article


def create_agreed(
    draft: Draft, price: Money, makers: Sequence[tuple[Member, Terms, Money]], *, by: User, now: datetime
) -> Article:
    """An article that stands in a framework agreement alone, with who makes it at which member price. Raises Refused.

    Only who may call off from the agreement meets it. There may be hundreds, so the caller writes the index at the end.
    """
    article = new_article(draft, price, ApprovalState.AGREED, now=now)
    publish_article(article, by=by, now=now)
    audit.record(article, "created", by=by, now=now, price=article.price.ore)
    for member, terms, member_price in makers:
        offering = new_offering(article, member, terms, member_price, ApprovalState.APPROVED, now=now)
        publish_offering(offering, by=by, now=now)
    return article


def edit_article(article: Article, draft: Draft, price: Money, *, number: str, by: User, now: datetime) -> Article:
    """Staff change what is written about an article, or its price. Its address stays, for it stands in others' links.

    Raises Refused, also for another unit while members' prices and capacities are counted in the present one.
    """
    draft, before = checked(draft, article), article.price
    keeps_unit(article, draft)
    if number.strip() and number.strip() != article.number:
        article.number = free_number(number)
    write(article, draft)
    article.price = check_price(price)
    if article.version or article.state == ApprovalState.APPROVED:
        publish_article(article, by=by, now=now)
    audit.record(article, "edited", by=by, now=now, price_before=before.ore, price=price.ore)
    reindex(article)
    return article


def hindrances(article: Article, price: Money, cpv: str | None) -> dict[str, str]:
    """Why a proposed article cannot be sold at this price and under this code: by ``price`` and ``cpv``, in words."""
    found = {}
    if not cpv:
        found["cpv"] = "Artikeln saknar CPV-kod. Köpare hittar den på koden, så välj en innan ni godkänner."
    elif cpv != article.cpv and db.session.get(CpvCode, cpv) is None:
        found["cpv"] = UNKNOWN_CPV
    if any(offering.member_price > price for offering in _proposed(article)):
        found["price"] = "Kundens pris ligger under medlemmens. Höj det, eller kom överens om ett annat medlemspris."
    return found


def approve_article(article: Article, price: Money, cpv: str | None = None, *, by: User, now: datetime) -> Article:
    """Staff say yes to a proposed article and to its proposer's offering, and set the customer's price.

    `cpv` is the code that it is to have; None for the one that it has.
    Raises Refused when somebody else has decided already, and when nobody makes it any longer.
    """
    must_be(article, ApprovalState.PROPOSED)
    check_price(price)
    cpv = cpv or article.cpv
    if not _proposed(article):
        raise Refused("Ingen gör artikeln längre, för medlemmen har slutat erbjuda den. Avböj förslaget i stället.")
    for sentence in hindrances(article, price, cpv).values():
        raise Refused(sentence)
    article.price, article.cpv, article.state = price, cpv, ApprovalState.APPROVED
    publish_article(article, by=by, now=now)
    for offering in _proposed(article):
        offering.state = ApprovalState.APPROVED
        publish_offering(offering, by=by, now=now)
    audit.record(article, "approved", by=by, now=now, price=price.ore)
    reindex(article)
    return article


def decline_article(article: Article, reason: str, *, by: User, now: datetime) -> Article:
    """Staff say no to a proposed article and its offering; the member reads why. Raises Refused."""
    must_be(article, ApprovalState.PROPOSED)
    _turn_down(article, reason)
    for offering in _proposed(article):
        _turn_down(offering, reason)
    audit.record(article, "declined", by=by, now=now, reason=article.declined_because)
    reindex(article)
    return article


def withdraw_article(article: Article, *, by: User, now: datetime) -> Article:
    """Staff take an article out of the catalogue. What is ordered already is not touched. Raises Refused."""
    must_be(article, *ON_SALE)
    article.state = ApprovalState.WITHDRAWN
    audit.record(article, "withdrawn", by=by, now=now)
    reindex(article)
    return article


def restore_article(article: Article, *, by: User, now: datetime) -> Article:
    """Staff put an article back into the catalogue. Raises Refused."""
    must_be(article, ApprovalState.WITHDRAWN)
    _must_have_been_sold(article)
    article.state = ApprovalState.APPROVED
    audit.record(article, "restored", by=by, now=now)
    reindex(article)
    return article


def keep_for_members(article: Article, *, by: User, now: datetime) -> Article:
    """Staff let members alone see and buy an article, such as bookkeeping or a training day.

    Raises Refused for what is made for others: a bundle, a single piece, a place to train at work.
    """
    must_be(article, ApprovalState.APPROVED, ApprovalState.WITHDRAWN)
    _must_have_been_sold(article)
    if article.kind in FOR_EVERYBODY:
        raise Refused("Paket, begagnat och arbetsträning säljs inte bara till medlemmar.")
    article.state = ApprovalState.MEMBERS
    audit.record(article, "kept for members", by=by, now=now)
    reindex(article)
    return article


def sell_to_everybody(article: Article, *, by: User, now: datetime) -> Article:
    """Staff put what was for members only into the catalogue. Raises Refused."""
    must_be(article, ApprovalState.MEMBERS)
    article.state = ApprovalState.APPROVED
    audit.record(article, "sold to everybody", by=by, now=now)
    reindex(article)
    return article


def propose_offering(
    article: Article, member: Member, terms: Terms, member_price: Money, *, by: User, now: datetime
) -> Offering:
    """A member offers to make an article that is in the catalogue; one that was declined or withdrawn may come again.

    The caller holds the article's row, so that two presses of the button cannot both find nothing.
    Raises Refused when the member makes it already.
    """
    offering = offer(article, member, terms, member_price, ApprovalState.PROPOSED, now=now)
    audit.record(offering, "proposed", by=by, now=now, member_price=member_price.ore)
    reindex(article)
    return offering


def add_offering(
    article: Article, member: Member, terms: Terms, member_price: Money, *, by: User, now: datetime
) -> Offering:
    """Staff write down what they have agreed with a member; it is approved at once. Raises Refused."""
    offering = offer(article, member, terms, member_price, ApprovalState.APPROVED, now=now)
    publish_offering(offering, by=by, now=now)
    audit.record(offering, "added", by=by, now=now, member_price=member_price.ore)
    reindex(article)
    return offering


def approve_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """Staff say yes to a member's offering. Raises Refused when somebody else has decided already."""
    must_be(offering, ApprovalState.PROPOSED)
    if offering.article.state not in ON_SALE:
        raise Refused("Artikeln finns inte i katalogen. Godkänn den först.")
    offering.state = ApprovalState.APPROVED
    publish_offering(offering, by=by, now=now)
    audit.record(offering, "approved", by=by, now=now, member_price=offering.member_price.ore)
    reindex(offering.article)
    return offering


def decline_offering(offering: Offering, reason: str, *, by: User, now: datetime) -> Offering:
    """Staff say no to a member's offering; the member reads why. Raises Refused."""
    must_be(offering, ApprovalState.PROPOSED)
    _turn_down(offering, reason)
    audit.record(offering, "declined", by=by, now=now, reason=offering.declined_because)
    reindex(offering.article)
    return offering


def withdraw_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """The member, or staff for it, stops offering. Work it has said yes to stays with it. Raises Refused."""
    must_be(offering, ApprovalState.PROPOSED, ApprovalState.APPROVED)
    article = offering.article
    offering.state = ApprovalState.WITHDRAWN
    if article.state == ApprovalState.PROPOSED and not _proposed(article):
        article.state = ApprovalState.WITHDRAWN  # Nobody makes what only was proposed.
    audit.record(offering, "withdrawn", by=by, now=now)
    reindex(offering.article)
    return offering


def restore_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """Staff let a withdrawn offering count again. Raises Refused."""
    must_be(offering, ApprovalState.WITHDRAWN)
    _must_have_been_sold(offering)
    offering.state = ApprovalState.APPROVED
    audit.record(offering, "restored", by=by, now=now)
    reindex(offering.article)
    return offering


def change_terms(offering: Offering, terms: Terms, *, by: User, now: datetime) -> Offering:
    """How much, how fast and where, for the next order. Where is published, so a member asks for it first.

    Raises Refused.
    """
    must_be(offering, ApprovalState.PROPOSED, ApprovalState.APPROVED)
    agree(offering, terms.checked(offering.article.unit))
    if offering.state == ApprovalState.APPROVED:
        publish_offering(offering, by=by, now=now)
    capacity = str(offering.capacity_per_week)
    audit.record(offering, "terms changed", by=by, now=now, capacity=capacity, lead_days=offering.lead_days)
    reindex(offering.article)
    return offering


def set_member_price(offering: Offering, member_price: Money, *, by: User, now: datetime) -> Offering:
    """Staff write down the price agreed with the member; it holds from the next order. Raises Refused."""
    before = offering.member_price
    offering.member_price = check_price(member_price)
    if offering.state != ApprovalState.PROPOSED:
        publish_offering(offering, by=by, now=now)
    audit.record(offering, "price set", by=by, now=now, price_before=before.ore, price=member_price.ore)
    return offering


def was_taken_back(article: Article) -> bool:
    """Whether its member took it back before anybody had said yes: it has never been in the catalogue."""
    return article.state == ApprovalState.WITHDRAWN and not article.version and article.proposed_by_id is not None


def _must_have_been_sold(thing: Article | Offering) -> None:
    """Raises Refused for a proposal that was taken back: nobody has said yes to it."""
    if was_taken_back(thing) if isinstance(thing, Article) else not thing.version:
        raise Refused("Det var bara ett förslag, och medlemmen har tagit tillbaka det. Medlemmen kan föreslå det igen.")


def _proposed(article: Article) -> Sequence[Offering]:
    return [offering for offering in article.offerings if offering.state == ApprovalState.PROPOSED]


def _turn_down(thing: Article | Offering, reason: str) -> None:
    thing.declined_because = check_reason(reason)
    thing.state = ApprovalState.DECLINED
