"""What staff do with a bid: choose its form and parties, write its texts, set its fee and margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from app import audit
from app.accounts.models import User
from app.db import Quantity, db
from app.errors import Refused
from app.members.models import Member
from app.money import Money
from app.tenders.calls import naming
from app.tenders.models import (
    Bid,
    BidParty,
    BidReference,
    RowPrice,
    Tender,
    TenderLot,
    TenderPriceRow,
)
from bids.kinds import BidForm, PartyRole
from bids.legal_forms import CALL_ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class BidTexts:
    """What the bid says in words, and until when it binds us."""

    offered_validity: date | None
    letter: str
    delivery_plan: str
    quality_plan: str
    price_terms: str
    social_commitments: str
    contact_name: str
    contact_email: str
    contact_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """What a party is and does in the bid, and why it could not bid alone (competition law)."""

    role: PartyRole
    does: str
    why_not_alone: str


LEADERS = {BidForm.GROUP: PartyRole.REPRESENTATIVE, BidForm.APPLICATION: PartyRole.APPLICANT}
"""What the sales company is at first, by the bid's form; else it is the tenderer."""


def check_draft(bid: Bid) -> None:
    """Raises Refused unless the bid is a draft."""
    if not bid.is_draft:
        raise Refused(naming.handed_in(bid))


def start(tender: Tender, form: BidForm, leader: Member | None, *, by: User | None, now: datetime) -> Bid:
    """A draft on all lots, with the sales company as representative of a group, else as tenderer.

    Raises Refused when the tender has no deadline yet.
    """
    if tender.deadline is None:
        raise Refused(f"{naming.last_day(tender)} saknas. Skriv in den först.")
    if (form == BidForm.APPLICATION) != tender.is_call:
        raise Refused("En utlysning besvaras med en ansökan, och en upphandling med ett anbud.")
    bid = Bid(tender=tender, form=form, lots=list(tender.lots), created_at=now)
    bid.parties, bid.row_prices, bid.answers, bid.appendices, bid.references, bid.budget = [], [], [], [], [], []
    if by is not None:
        bid.contact_name, bid.contact_email = by.name, by.email
    db.session.add(bid)
    if leader is not None:
        role = LEADERS.get(form, PartyRole.TENDERER)
        bid.contact_phone = leader.phone
        bid.parties.append(BidParty(member=leader, role=role, promises=[]))
    audit.record(bid, "started", by=by, now=now, form=str(form))
    return bid


def choose_form(bid: Bid, form: BidForm, lots: Sequence[TenderLot], *, by: User, now: datetime) -> list[BidParty]:
    """The legal form, and which lots we bid for. Returns the parties that are no longer asked for all they were.

    Raises Refused when lots are to be had and none is chosen.
    """
    check_draft(bid)
    if (form == BidForm.APPLICATION) != bid.tender.is_call:
        raise Refused("En utlysning besvaras med en ansökan, och en upphandling med ett anbud.")
    if bid.tender.lots and not lots:
        raise Refused("Välj minst ett anbudsområde att lämna anbud på.")
    bid.form, bid.lots = form, list(lots)
    covered = {None, *(lot.id for lot in lots)}
    outside = {row.id for row in bid.tender.rows if row.lot_id not in covered}
    left = [party for party in bid.parties if any(promise.row_id in outside for promise in party.promises)]
    for party in left:
        party.promises = [promise for promise in party.promises if promise.row_id not in outside]
    audit.record(bid, "form_chosen", by=by, now=now, form=str(form))
    return left


def write_texts(bid: Bid, texts: BidTexts, *, by: User | None, now: datetime) -> Bid:
    """The letter, the plans, the contact and the last day on which the bid binds us."""
    check_draft(bid)
    for field in fields(texts):
        setattr(bid, field.name, getattr(texts, field.name))
    audit.record(bid, "texts_written", by=by, now=now)
    return bid


def set_percentages(bid: Bid, fee: Decimal, margin: Decimal, *, by: User | None, now: datetime) -> Bid:
    """The framework fee and our margin, both per cent of the bid price. Raises Refused when nothing would be left."""
    check_draft(bid)
    _check_percentages(fee, margin)
    for price in bid.row_prices:
        if price.margin_percent is not None:
            _check_percentages(fee, price.margin_percent)
    bid.fee_percent, bid.margin_percent = Quantity(fee), Quantity(margin)
    audit.record(bid, "percentages_set", by=by, now=now, fee=str(fee), margin=str(margin))
    return bid


def _check_percentages(fee: Decimal, margin: Decimal) -> None:
    if min(fee, margin) < 0 or fee + margin >= 100:
        raise Refused(
            "Avgift och påslag räknas på anbudspriset och ska tillsammans vara minst 0 och under 100 procent."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCost:
    """What differs for one row from the bid's fee and margin, and what it costs beside the member price; per unit."""

    margin: Decimal | None = None
    fixed: Money | None = None
    transport: Money | None = None
    hours: Decimal | None = None


def price_row(bid: Bid, row: TenderPriceRow, cost: RowCost, *, by: User, now: datetime) -> RowPrice:
    """A row's own margin or fixed unit price, its transport, and its hours of work. None takes a difference away.

    Raises Refused for what cannot be.
    """
    check_draft(bid)
    if cost.margin is not None:
        _check_percentages(bid.fee_percent, cost.margin)
    if cost.fixed is not None and cost.fixed.ore <= 0:
        raise Refused("Ett fast pris måste vara större än noll.")
    if (cost.transport is not None and cost.transport.ore < 0) or (cost.hours is not None and cost.hours < 0):
        raise Refused("Transport och timmar kan inte vara mindre än noll.")
    own = _own_price(bid, row)
    own.margin_percent = Quantity(cost.margin) if cost.margin is not None else None
    own.fixed_unit_price, own.transport = cost.fixed, cost.transport
    own.hours = Quantity(cost.hours) if cost.hours is not None else None
    audit.record(bid, "row_priced", by=by, now=now, ref=row.ref)
    return own


def decide_loss(
    bid: Bid, row: TenderPriceRow, price: Money | None, reason: str, *, by: User, now: datetime
) -> RowPrice:
    """The row may run at a loss at this unit price or a higher one, for a reason; None takes the decision back.

    Raises Refused without a reason.
    """
    check_draft(bid)
    if price is not None and not reason.strip():
        raise Refused("Skriv varför raden får gå med förlust.")
    own = _own_price(bid, row)
    own.loss_from, own.loss_reason = price, reason.strip() if price is not None else ""
    audit.record(bid, "loss_decided", by=by, now=now, ref=row.ref, price=str(price or ""), reason=own.loss_reason)
    return own


def _own_price(bid: Bid, row: TenderPriceRow) -> RowPrice:
    own = next((price for price in bid.row_prices if price.row_id == row.id), None)
    if own is None:
        own = RowPrice(row_id=row.id)
        bid.row_prices.append(own)
    return own


def add_party(bid: Bid, member: Member, role: PartyRole, *, does: str = "", by: User | None, now: datetime) -> BidParty:
    """Raises Refused for one that is in the bid already."""
    check_draft(bid)
    if any(party.member_id == member.id for party in bid.parties):
        raise Refused(f"{member.name} är redan med.")
    _check_role(bid, role)
    party = BidParty(member=member, member_id=member.id, role=role, does=does, promises=[])
    bid.parties.append(party)
    audit.record(bid, "party_added", by=by, now=now, member=member.name, role=str(role))
    return party


def change_party(party: BidParty, facts: PartyFacts, *, by: User | None, now: datetime) -> BidParty:
    """What the party is and does, and why it could not bid alone."""
    check_draft(party.bid)
    _check_role(party.bid, facts.role)
    party.role, party.does, party.why_not_alone = facts.role, facts.does, facts.why_not_alone
    audit.record(party.bid, "party_changed", by=by, now=now, member=party.member.name)
    return party


def _check_role(bid: Bid, role: PartyRole) -> None:
    if (role in CALL_ROLES) != (bid.form == BidForm.APPLICATION):
        raise Refused(f"{role.label} är ingen roll här. Välj en annan.")


def remove_party(bid: Bid, party: BidParty, *, by: User, now: datetime) -> None:
    """With all it has promised. Whoever was invited must be told; the story does that."""
    check_draft(bid)
    for answer in bid.answers:
        if answer.responsible_id == party.id:
            answer.responsible_id = None
    for appendix in bid.appendices:
        if appendix.party_id == party.id:
            appendix.party_id = None
    for reference in bid.references:
        if reference.party_id == party.id:
            reference.party_id = None
    bid.parties.remove(party)
    if bid.tender.is_call:
        bid.budget = [entry for entry in bid.budget if entry.party_id != party.id]
    audit.record(bid, "party_removed", by=by, now=now, member=party.member.name)


def add_reference(
    bid: Bid,
    *,
    customer: str,
    what: str,
    period: str = "",
    value: Money | None = None,
    contact: str = "",
    party: BidParty | None = None,
    by: User | None,
    now: datetime,
) -> BidReference:
    """An earlier delivery that shows what we can do (LOU 15:11)."""
    check_draft(bid)
    reference = BidReference(
        customer=customer, what=what, period=period, value=value, contact=contact, party_id=party.id if party else None
    )
    bid.references.append(reference)
    audit.record(bid, "reference_added", by=by, now=now, customer=customer)
    return reference


def remove_reference(bid: Bid, reference: BidReference, *, by: User, now: datetime) -> None:
    """We do not refer to it after all."""
    check_draft(bid)
    bid.references.remove(reference)
    audit.record(bid, "reference_removed", by=by, now=now, customer=reference.customer)
