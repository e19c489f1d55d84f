"""Asking parties for their share of the price rows, and what they promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app import audit, units
from app.accounts.models import User
from app.db import Quantity
from app.errors import Refused
from app.money import Money
from app.tenders.articles import point_at_offerings
from app.tenders.bid_actions import check_draft
from app.tenders.calls import naming
from app.tenders.models import Bid, BidParty, BudgetEntry, Promise, PromiseState, TenderPriceRow


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What a party says to one row: a price and a yearly capacity, or with neither that it declines the row."""

    promise: Promise
    member_price: Money | None
    yearly_capacity: Decimal | None

    @property
    def declines(self) -> bool:
        """Whether the party does not want the row."""
        return self.member_price is None


def ask(party: BidParty, row: TenderPriceRow, quantity: Decimal, *, by: User | None, now: datetime) -> Promise:
    """Ask a party to deliver so much of a row in a year. A promise of another quantity has to be given anew.

    Raises Refused for a quantity that the unit does not allow or the row does not have.
    """
    check_draft(party.bid)
    try:
        units.check_quantity(row.unit, quantity)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    if quantity > row.quantity:
        raise Refused(f"Rad {row.ref} är på {_plain(row.quantity)} per år. Be inte om mer än så.")
    promise = next((promise for promise in party.promises if promise.row_id == row.id), None)
    if promise is None:
        promise = Promise(row_id=row.id, row=row, quantity=Quantity(quantity))
        party.promises.append(promise)
    elif promise.quantity != quantity or promise.state == PromiseState.DECLINED:
        promise.quantity, promise.state = Quantity(quantity), PromiseState.ASKED
        promise.signed_by, promise.signed_at, promise.entered_by = "", None, ""
        party.answered_at = None
    audit.record(party.bid, "asked", by=by, now=now, member=party.member.name, ref=row.ref, quantity=str(quantity))
    return promise


def stop_asking(party: BidParty, promise: Promise, *, by: User, now: datetime) -> None:
    """The row goes to somebody else."""
    check_draft(party.bid)
    party.promises.remove(promise)
    answered_after_all(party)
    audit.record(party.bid, "not_asked", by=by, now=now, member=party.member.name, ref=promise.row.ref)


def answer(
    party: BidParty,
    rows: Sequence[RowAnswer],
    signed_by: str,
    *,
    by: User | None,
    now: datetime,
    for_party: bool = False,
) -> BidParty:
    """Give or decline what was asked, row by row, in the name of whoever signs. ``for_party``: staff write it down.

    Raises Refused when the bid is handed in, a price is no price, or a capacity is less than nought.
    """
    check_open_for_answers(party.bid, now)
    for row in rows:
        _answer_row(row, signed_by.strip(), now)
        row.promise.entered_by = by.name if for_party and by is not None else ""
    point_at_offerings(party, now=now)
    party.declined_because = ""
    party.answered_at = now
    audit.record(party.bid, "promised", by=by, now=now, member=party.member.name, signed_by=signed_by.strip())
    return party


def _answer_row(row: RowAnswer, signed_by: str, now: datetime) -> None:
    promise = row.promise
    if row.declines:
        promise.state = PromiseState.DECLINED
        promise.signed_by, promise.signed_at = "", None
        return
    if not signed_by:
        raise Refused("Skriv namnet på den som svarar för löftet.")
    if row.member_price is None or row.member_price.ore <= 0:
        raise Refused(f"Priset på rad {promise.row.ref} måste vara större än noll.")
    if row.yearly_capacity is None or row.yearly_capacity <= 0:
        raise Refused(f"Skriv hur mycket ni klarar per år på rad {promise.row.ref}.")
    try:
        units.check_quantity(promise.row.unit, row.yearly_capacity)
    except ValueError as wrong:
        raise Refused(f"{promise.row.text}: {wrong}") from wrong
    promise.member_price, promise.yearly_capacity = row.member_price, Quantity(row.yearly_capacity)
    promise.signed_by, promise.signed_at, promise.state = signed_by, now, PromiseState.PROMISED


def decline(party: BidParty, reason: str, *, by: User | None, now: datetime) -> BidParty:
    """The party does not take part. Its rows wait for somebody else."""
    check_open_for_answers(party.bid, now)
    for promise in party.promises:
        promise.state = PromiseState.DECLINED
        promise.signed_by, promise.signed_at, promise.entered_by = "", None, ""
    for entry in entries_of(party):
        entry.declined, entry.signed_by, entry.signed_at, entry.entered_by = True, "", None, ""
    party.declined_because, party.answered_at = reason.strip(), now
    audit.record(party.bid, "declined", by=by, now=now, member=party.member.name)
    return party


def check_open_for_answers(bid: Bid, now: datetime) -> None:
    """Raises Refused when the bid is handed in, or its time has run out."""
    if not bid.is_draft:
        raise Refused(naming.too_late_to_answer(bid))
    if bid.tender.deadline is not None and now > bid.tender.deadline:
        raise Refused(f"{naming.last_day(bid.tender)} har passerat, så svaret kan inte ändras.")


def is_asked(party: BidParty) -> bool:
    """Whether there is anything that we ask the party for."""
    return bool(party.promises or entries_of(party))


def entries_of(party: BidParty) -> list[BudgetEntry]:
    """The party's rows of a project's budget; none in a bid."""
    return [entry for entry in party.bid.budget if entry.party_id == party.id] if party.bid.tender.is_call else []


def waits_for(party: BidParty) -> bool:
    """Whether the party still owes us an answer."""
    return any(promise.state == PromiseState.ASKED for promise in party.promises) or any(
        entry.waits for entry in entries_of(party)
    )


def has_answered(party: BidParty) -> bool:
    """Whether the party has said yes to something, also where it must answer anew."""
    said = [one.signed_by for one in party.promises] + [one.signed_by for one in entries_of(party)]
    return party.answered_at is not None or any(said)


def answered_after_all(party: BidParty) -> None:
    """A row is gone that the party should have answered anew; what is left it has answered, if nothing waits."""
    if party.answered_at is None and not waits_for(party):
        signed = [one.signed_at for one in party.promises] + [one.signed_at for one in entries_of(party)]
        party.answered_at = max((at for at in signed if at is not None), default=None)


def mark_invited(party: BidParty, *, signs: bool = False, by: User | None, now: datetime) -> BidParty:
    """From now on the party sees its part. Raises Refused when there is nothing to ask it for, nor to be signed."""
    check_draft(party.bid)
    if not (signs or is_asked(party)):
        what = "har ingen rad i budgeten än. Lägg in" if party.bid.tender.is_call else "har inga prisrader än. Fördela"
        amounts = "partens kostnader" if party.bid.tender.is_call else "mängder"
        raise Refused(f"{party.member.name} {what} {amounts} innan ni bjuder in.")
    party.invited_at, party.declined_because = now, ""
    audit.record(party.bid, "invited", by=by, now=now, member=party.member.name)
    return party


def _plain(number: Decimal) -> str:
    return f"{number:,f}".replace(",", "\u00a0").replace(".", ",")
