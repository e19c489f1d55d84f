"""What the agreement would be, read off the bid as it was handed in: prices, ceiling, term, options, who makes what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import or_, select

from app import clock
from app.catalog.models import Article
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.errors import Refused
from app.members.models import Member, MemberKind
from app.money import Money
from app.orders.agreements.actions import OptionDraft
from app.orders.agreements.handover import WHOLE
from app.tenders import bid_holds
from app.tenders.models import Bid, TenderPriceRow
from app.tenders.offers import key_of
from app.tenders.packing.queries import with_the_buyer
from bids.offer import Offer, from_json
from bids.pricing import grand_total, unit_price, value_per_party

BEFORE_END = timedelta(days=90)
"""An option is thought to be used so long before the agreement ends, until staff write what the buyer says."""
FEW = 20


@dataclass(frozen=True, slots=True)
class Share:
    """What a member has promised of a row in a year."""

    member: Member
    yearly: Decimal
    price: Money | None
    capacity: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the price schedule with the price that we have bid."""

    row: TenderPriceRow
    price: Money | None
    shares: Sequence[Share]
    article: Article | None

    @property
    def unit_differs(self) -> bool:
        """Whether the article that it points at is sold in another unit."""
        return self.article is not None and bid_holds.unit_word(self.article) != bid_holds.unit_word(self.row)

    @property
    def member_price(self) -> Money | None:
        """What whoever makes it is paid: the highest that has been promised, so that nobody gets less than its own."""
        return max((one.price for one in self.shares if one.price is not None), default=None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The agreement as it would be."""

    version: int
    rows: Sequence[Row]
    shares: Mapping[int, int]
    """Per member id its share of the value, in per mille; 1 000 together, or empty."""
    members: Mapping[int, Member]
    yearly: Money
    first_day: date
    last_day: date
    options: Sequence[OptionDraft]
    ceiling: Money
    ceiling_is_guess: bool
    """Whether the tender has none, so that it is a year's sum for every year with the options."""
    customers: Sequence[Customer]
    """Who may be the buyer: the same organisation number or name."""

    @property
    def told_shares(self) -> list[tuple[Member, Decimal]]:
        """The same by member, in per cent."""
        return [(self.members[member], Decimal(share) / 10) for member, share in self.shares.items()]

    @property
    def own(self) -> list[Row]:
        """Rows that no article answers to: they become articles of this agreement."""
        return [one for one in self.rows if one.article is None]


def proposal_of(bid: Bid, *, now: datetime, lots: frozenset[str] | None = None) -> Proposal:
    """What the bid would become, as it lies with the buyer, in these lots or all. Raises Refused where it never was."""
    handed_in = with_the_buyer(bid)
    if handed_in is None:
        raise Refused("Anbudet är inte lämnat, så det finns inget att göra ett avtal av.")
    offer, tender = _in_lots(from_json(handed_in.offer_json), lots), bid.tender
    first, last = bid_holds.term(bid.decided_on or clock.local_date(now), tender.term_years)
    yearly = grand_total(offer)
    parties = {key_of(one.member): one.member for one in bid.parties}
    return Proposal(
        version=handed_in.number,
        rows=_rows(bid, offer, parties),
        shares=_shares(offer, parties),
        members={one.id: one for one in parties.values()},
        yearly=yearly,
        first_day=first,
        last_day=last,
        options=_options(last, tender.option_years),
        ceiling=tender.ceiling or yearly.times(max(tender.whole_term, 1)),
        ceiling_is_guess=tender.ceiling is None,
        customers=_buyers(tender.buyer_org_number, tender.buyer_name),
    )


def _in_lots(offer: Offer, lots: frozenset[str] | None) -> Offer:
    """The offer with the rows of these lots, and of no lot."""
    if lots is None:
        return offer
    return replace(offer, rows=tuple(row for row in offer.rows if row.lot_ref is None or row.lot_ref in lots))


def _rows(bid: Bid, offer: Offer, parties: Mapping[str, Member]) -> list[Row]:
    refs = {lot.id: lot.ref for lot in bid.tender.lots}
    rows = {(refs.get(row.lot_id or 0), row.ref): row for row in bid.tender.rows}
    ids = {row.article_id for row in rows.values() if row.article_id is not None}
    articles = {one.id: one for one in db.session.scalars(select(Article).where(Article.id.in_(ids)))} if ids else {}
    found = []
    for given in offer.rows:
        row = rows.get((given.lot_ref, given.ref))
        if row is not None:
            shares = [
                Share(parties[one.party_key], one.quantity, one.member_price, one.yearly_capacity)
                for one in given.shares
                if one.party_key in parties and one.quantity > 0
            ]
            found.append(Row(row, unit_price(given), shares, articles.get(row.article_id or 0)))
    return found


def _shares(offer: Offer, parties: Mapping[str, Member]) -> dict[int, int]:
    """Each making member's part of the value, in per mille, the largest remainder first."""
    values = value_per_party(offer)
    making = [
        (member.id, values[key].amount.ore)
        for key, member in parties.items()
        if key in values and values[key].amount.ore > 0 and member.kind == MemberKind.MEMBER
    ]
    if not making:
        return {}
    parts = Money(WHOLE).share([worth for _member, worth in making])
    return {member: part.ore for (member, _worth), part in zip(making, parts, strict=True) if part.ore > 0}


def _options(last: date, years: Sequence[int]) -> list[OptionDraft]:
    found = []
    for each in years:
        use_by, last = last - BEFORE_END, _years_later(last, each)
        found.append(OptionDraft(last, use_by))
    return found


def _years_later(day: date, years: int) -> date:
    ahead = day.year + years
    return day.replace(year=ahead) if (day.month, day.day) != (2, 29) else date(ahead, 2, 28)


def _buyers(org_number: str, name: str) -> Sequence[Customer]:
    same = [Customer.name == name]
    if org_number.strip():
        same.append(Customer.org_number == org_number.strip())
    query = select(Customer).where(or_(*same), Customer.kind != CustomerKind.PRIVATE)
    return db.session.scalars(query.order_by(Customer.name).limit(FEW)).all()
