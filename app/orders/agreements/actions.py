"""What can be done to an agreement: made, gone on with, told of, raised by its index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

from app import audit, clock, particulars
from app.accounts.models import User
from app.catalog.models import Article
from app.catalog.pricing import actions as pricing
from app.catalog.pricing.actions import ListDraft, RowDraft
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.members.models import Member, SellerModel
from app.members.selling import with_change
from app.money import NOUGHT, Money
from app.orders import routing_actions as routing
from app.orders.agreements import ceilings, queries, terms
from app.orders.agreements.models import (
    Agreement,
    AgreementList,
    AgreementOption,
    AgreementPart,
    AgreementReport,
    WhoUses,
)
from app.orders.routing_actions import PolicyDraft

MOST_OPTIONS = 8


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """An agreement as staff confirm it. The fields are those of `Agreement`."""

    number: str
    name: str
    buyer_name: str
    ceiling: Money
    first_day: date
    last_day: date
    why_longer: str = ""
    index_name: str = ""
    index_base: Decimal | None = None
    index_threshold: Decimal = Decimal(0)
    index_part: Decimal = Decimal(100)
    index_first: date | None = None
    index_opens: int = 90
    index_closes: int = 30
    report_every: int = 0
    report_within: int = 15
    report_words: str = ""


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """To which day the agreement can go on, until when that can be decided, and by whom."""

    last_day: date
    use_by: date
    whose: WhoUses = WhoUses.BUYER


@dataclass(frozen=True, slots=True)
class PartDraft:
    """What a member makes of an article in a year."""

    member: Member
    article: Article
    ref: str
    yearly: Decimal
    member_price: Money | None


def make(
    draft: AgreementDraft,
    prices: Mapping[Article, RowDraft],
    customers: Sequence[Customer],
    *,
    options: Sequence[OptionDraft],
    parts: Iterable[PartDraft],
    policy: PolicyDraft | None,
    only_listed: bool,
    bid_id: int | None,
    by: User,
    now: datetime,
) -> Agreement:
    """The agreement with its price list, which its buyers may call off from, and who makes what. Raises Refused."""
    draft = _checked(draft, options, customers, now)
    written = ListDraft(draft.name, draft.first_day, draft.last_day, draft.number, only_listed)
    price_list = pricing.create_list(ListKind.FRAMEWORK, written, customers=customers, by=by, now=now)
    pricing.fill_list(price_list, prices, by=by, now=now)
    pricing.activate_list(price_list, by=by, now=now)
    made = on_list(price_list, draft, options, parts, bid_id=bid_id, by=by, now=now)
    if policy is not None and policy.places:
        routing.set_policy(price_list, policy, by=by, now=now)
    return made


def on_list(
    price_list: PriceList,
    draft: AgreementDraft,
    options: Sequence[OptionDraft],
    parts: Iterable[PartDraft],
    *,
    bid_id: int | None = None,
    by: User | None,
    now: datetime,
) -> Agreement:
    """An agreement whose price list is there already. What was ordered before does not count."""
    facts = {one.name: getattr(draft, one.name) for one in fields(draft)}
    name = by.name if by else ""
    made = Agreement(**facts, bid_id=bid_id, price_list=price_list, called_off=NOUGHT, made_at=now, made_by=name)
    made.options = [AgreementOption(last_day=one.last_day, use_by=one.use_by, whose=one.whose) for one in options]
    made.lists = [AgreementList(price_list=price_list)]
    db.session.add(made)
    db.session.flush()
    db.session.add_all(_part(made, one) for one in parts)
    audit.record(made, "made", by=by, now=now, number=made.number, ceiling=made.ceiling.ore, bid=bid_id)
    return made


def use_option(agreement: Agreement, option: AgreementOption, *, by: User, now: datetime) -> Agreement:
    """The agreement goes on: its prices hold as long. The caller holds the agreement. Raises Refused when too late."""
    today = clock.local_date(now)
    if option.used_at is not None:
        raise Refused("Förlängningen är redan använd.")
    earlier = next((one for one in agreement.options if not one.used_at and one.last_day < option.last_day), None)
    if earlier is not None:
        raise Refused("Använd den tidigare förlängningen först.")
    if today > agreement.last_day:
        raise Refused("Avtalet har redan gått ut, så det kan inte förlängas.")
    option.used_at, option.used_by = now, by.name
    before, agreement.last_day = agreement.last_day, option.last_day
    for price_list in queries.lists_from(agreement, today):
        if price_list.valid_to == before:
            pricing.change_list(price_list, _until(price_list, option.last_day), by=by, now=now)
    audit.record(agreement, "option used", by=by, now=now, to=option.last_day.isoformat())
    return agreement


def change_ceiling(agreement: Agreement, ceiling: Money, reason: str, *, by: User, now: datetime) -> Agreement:
    """The buyer has changed the ceiling, or it was entered wrong. The caller holds the agreement. Raises Refused."""
    why = particulars.line(reason, "Skälet", longest=300)
    if ceiling <= NOUGHT:
        raise Refused("Takvärdet måste vara mer än noll.")
    if ceiling < agreement.called_off:
        raise Refused(f"Så mycket som {agreement.called_off} är redan avropat. Takvärdet kan inte vara lägre.")
    before, agreement.ceiling = agreement.ceiling, ceiling
    ceilings.measure_anew(agreement, now=now)
    audit.record(agreement, "ceiling changed", by=by, now=now, before=before.ore, ceiling=ceiling.ore, why=why)
    return agreement


def say_who_sells(
    agreement: Agreement, model: SellerModel | None, reason: str, *, by: User, now: datetime
) -> Agreement:
    """Who sells what is called off, from the next delivery on; None for as each member has it. Raises Refused."""
    why = particulars.line(reason, "Skälet", longest=300)
    before, agreement.seller_model = agreement.seller_model, model
    if before != model:
        agreement.sold_before = with_change(agreement.sold_before, before, now)
    audit.record(agreement, "seller decided", by=by, now=now, before=before or "", model=model or "", why=why)
    return agreement


def end(agreement: Agreement, last_day: date, reason: str, *, by: User, now: datetime) -> Agreement:
    """It ends before its time, as when it is called off. The caller holds the agreement. Raises Refused."""
    why, today = particulars.line(reason, "Skälet", longest=300), clock.local_date(now)
    if not today <= last_day < agreement.last_day:
        raise Refused("Den sista dagen måste vara tidigast i dag och före den som avtalet har.")
    for price_list in queries.lists_from(agreement, today):
        if price_list.valid_from > last_day:
            pricing.end_list(price_list, by=by, now=now)
        elif price_list.valid_to is None or price_list.valid_to > last_day:
            pricing.change_list(price_list, _until(price_list, last_day), by=by, now=now)
    before, agreement.last_day = agreement.last_day, max(last_day, agreement.first_day)
    audit.record(agreement, "ended", by=by, now=now, before=before.isoformat(), last=last_day.isoformat(), why=why)
    return agreement


def belongs(price_list: PriceList, copied_from: PriceList | None = None) -> None:
    """A list that staff have made by hand is an agreement's too: where it is copied from one, or bears its number.

    Else what is called off from it would not count.
    """
    link = db.session.get(AgreementList, copied_from.id) if copied_from is not None else None
    agreement_id = link.agreement_id if link else queries.numbered(price_list.agreement)
    if price_list.kind == ListKind.FRAMEWORK and agreement_id is not None:
        db.session.add(AgreementList(agreement_id=agreement_id, price_list_id=price_list.id))


def record_report(agreement: Agreement, first: date, *, by: User, now: datetime) -> AgreementReport:
    """Statistics of the period that begins on a day have been sent; twice is once. Raises Refused for no such period.

    The caller holds the agreement.
    """
    period = next((one for one in queries.periods_of(agreement) if one.first == first), None)
    if period is None:
        raise Refused("Avtalet har ingen sådan period.")
    if period.last >= clock.local_date(now):
        raise Refused("Perioden är inte slut än, så statistiken kan ändras.")
    there = queries.reports_of(agreement).get(first)
    if there is not None:
        return there
    value = Money.total(amount for _one, amount in queries.counted_by_customer(agreement, period.first, period.last))
    made = AgreementReport(
        agreement_id=agreement.id, first_day=first, last_day=period.last, value=value, sent_at=now, by_name=by.name
    )
    db.session.add(made)
    audit.record(agreement, "statistics sent", by=by, now=now, period=first.isoformat(), ore=value.ore)
    return made


def _checked(
    draft: AgreementDraft, options: Sequence[OptionDraft], customers: Sequence[Customer], now: datetime
) -> AgreementDraft:
    if draft.ceiling <= NOUGHT:
        raise Refused("Skriv takvärdet, det mesta som får avropas på avtalet.")
    if draft.last_day < draft.first_day:
        raise Refused("Avtalets sista dag ligger före den första.")
    if draft.last_day < clock.local_date(now):
        raise Refused("Avtalets sista dag har redan varit.")
    if not customers:
        raise Refused("Välj vilka som får avropa på avtalet. Lägg in köparen som kund först, om den inte finns.")
    last = _check_options(draft, options)
    if terms.is_longer_than_law_lets(draft.first_day, last) and not draft.why_longer.strip():
        raise Refused(
            "Med förlängningar blir avtalet längre än fyra år. Det får det bara bli av särskilda skäl "
            "(LOU 7 kap. 2 §). Skriv köparens skäl, eller ändra dagarna."
        )
    _check_index(draft)
    return draft


def _check_options(draft: AgreementDraft, options: Sequence[OptionDraft]) -> date:
    """The last day with all of them. Raises Refused."""
    if len(options) > MOST_OPTIONS:
        raise Refused(f"Ett avtal kan ha högst {MOST_OPTIONS} förlängningar.")
    last = draft.last_day
    for place, one in enumerate(options, 1):
        which, before = f"Förlängning {place}, till och med {_on(one.last_day)},", _on(last)
        if one.last_day <= last:
            raise Refused(f"{which} måste sluta senare än {before}, då det som går före slutar.")
        if not draft.first_day <= one.use_by <= last:
            raise Refused(
                f"{which} måste användas innan avtalet har gått ut, senast {before}. Ändra sista dag att använda den."
            )
        last = one.last_day
    return last


def _on(day: date) -> str:
    return swedish_day(day, date.min)


def _check_index(draft: AgreementDraft) -> None:
    if not draft.index_name:
        if draft.index_base is not None or draft.index_first is not None:
            raise Refused("Skriv vilket index priserna följer, eller töm bastalet och dagen.")
        return
    if draft.index_base is None or draft.index_base <= 0 or draft.index_first is None:
        raise Refused("Skriv indexets bastal och den första dag då priserna får ändras.")
    if not 0 <= draft.index_part <= 100 or not 0 <= draft.index_threshold <= 100:
        raise Refused("Tröskeln och den del av priset som följer index skrivs i procent, från 0 till 100.")
    if not draft.index_opens >= draft.index_closes >= 0:
        raise Refused("Den första dagen att begära nya priser måste ligga före den sista.")


def _part(agreement: Agreement, one: PartDraft) -> AgreementPart:
    return AgreementPart(
        agreement_id=agreement.id,
        member=one.member,
        article=one.article,
        ref=one.ref,
        yearly=one.yearly,
        member_price=one.member_price,
        first_day=agreement.first_day,
    )


def _until(price_list: PriceList, last: date) -> ListDraft:
    """What is written about a list, but for another last day."""
    one = price_list
    return ListDraft(one.name, one.valid_from, last, one.agreement, one.only_listed, one.note)


def ends_before(price_list: PriceList, day: date, *, by: User, now: datetime) -> PriceList:
    """Another version of the prices begins on the day."""
    return pricing.change_list(price_list, _until(price_list, day - timedelta(days=1)), by=by, now=now)
