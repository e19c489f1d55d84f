"""What staff and parties do with a project's budget: rows are asked of a party, and the party answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app import audit
from app.accounts.models import User
from app.db import Quantity, db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.tenders.actions import check_known
from app.tenders.bid_actions import check_draft
from app.tenders.calls.offered import applied_for
from app.tenders.models import Appendix, Bid, BidParty, BidState, BudgetEntry, Tender
from app.tenders.promise_actions import answered_after_all, check_open_for_answers
from bids.kinds import BudgetKind, TenderKind

EARLIEST, LATEST = 2000, 2100
MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerms:
    """What the funder allows of a project."""

    project_from: date | None = None
    project_to: date | None = None
    most_rate: Decimal | None = None
    most_indirect: Decimal | None = None
    least_grant: Money | None = None
    programme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A row to be. Without a party somebody outside pays, and ``source`` says who."""

    party: BidParty | None
    kind: BudgetKind
    text: str
    year: int
    amount: Money | None = None
    percent: Decimal | None = None
    source: str = ""
    appendix: Appendix | None = None


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """What a party says to a row: an amount or a share of its staff's costs, or with neither that it declines it."""

    entry: BudgetEntry
    amount: Money | None = None
    percent: Decimal | None = None

    @property
    def declines(self) -> bool:
        """Whether the party does not take the row."""
        return self.amount is None and self.percent is None


def make_call(tender: Tender, terms: NewTerms, *, by: User | None, now: datetime) -> Tender:
    """It is a funder's call, with what the funder allows. Raises Refused for a call that is over for us."""
    check_known(tender)
    if terms.project_from and terms.project_to and terms.project_to < terms.project_from:
        raise Refused("Projektet kan inte sluta innan det börjar. Kontrollera dagarna.")
    for rate in (terms.most_rate, terms.most_indirect):
        if rate is not None and not 0 <= rate <= 100:
            raise Refused("Skriv en andel mellan 0 och 100 procent.")
    tender.kind = TenderKind.CALL
    tender.project_from, tender.project_to = terms.project_from, terms.project_to
    tender.most_rate = Quantity(terms.most_rate) if terms.most_rate is not None else None
    tender.most_indirect = Quantity(terms.most_indirect) if terms.most_indirect is not None else None
    tender.least_grant, tender.programme = terms.least_grant, " ".join(terms.programme.split())
    audit.record(tender, "call_terms_set", by=by, now=now)
    return tender


def add_entry(bid: Bid, new: NewEntry, *, by: User | None, now: datetime) -> BudgetEntry:
    """One more row; a party must answer for it. Raises Refused for what cannot be."""
    check_draft(bid)
    _check(new)
    if len(bid.budget) >= MOST_ROWS:
        raise Refused(f"Budgeten får ha högst {MOST_ROWS} rader.")
    entry = BudgetEntry(kind=new.kind, year=new.year)
    _write(entry, new)
    bid.budget.append(entry)
    _ask_anew(new.party)
    db.session.flush()
    audit.record(bid, "budget_row_added", by=by, now=now, row=entry.in_words)
    return entry


def change_entry(bid: Bid, entry: BudgetEntry, new: NewEntry, *, by: User, now: datetime) -> BudgetEntry:
    """Put a row right. Where it asks something else of a party, the party must answer for it anew.

    Raises Refused for what cannot be.
    """
    check_draft(bid)
    _check(new)
    asked = _asks(entry)
    was_at = entry.party_id
    _write(entry, new)
    if _asks(entry) != asked:
        entry.signed_by, entry.signed_at, entry.entered_by, entry.declined = "", None, "", False
        for party in bid.parties:
            if party.id in {was_at, entry.party_id}:
                _ask_anew(party)
    audit.record(bid, "budget_row_changed", by=by, now=now, row=entry.in_words)
    return entry


def remove_entry(bid: Bid, entry: BudgetEntry, *, by: User, now: datetime) -> None:
    """The project does without it."""
    check_draft(bid)
    bid.budget.remove(entry)
    for party in bid.parties:
        if party.id == entry.party_id:
            answered_after_all(party)
    audit.record(bid, "budget_row_removed", by=by, now=now, row=entry.in_words)


def answer(
    party: BidParty,
    rows: Sequence[EntryAnswer],
    signed_by: str,
    *,
    does: str | None = None,
    by: User | None,
    now: datetime,
    for_party: bool = False,
) -> BidParty:
    """Say yes or no row by row, in the name of whoever signs; ``does`` is the party's own words for its part.

    Raises Refused when the application is handed in, or for an amount that is none.
    """
    check_open_for_answers(party.bid, now)
    name = signed_by.strip()
    if not name:
        raise Refused("Skriv namnet på den som svarar för budgeten.")
    for row in rows:
        _answer_row(row, name, now)
        row.entry.entered_by = by.name if for_party and by is not None else ""
    if does is not None:
        party.does = does.strip()
    party.declined_because, party.answered_at = "", now
    audit.record(party.bid, "budget_answered", by=by, now=now, member=party.member.name, signed_by=name)
    return party


def record_grant(bid: Bid, to: BidState, granted: Money | None, *, by: User, now: datetime) -> None:
    """What the funder gives of what was applied for: all of it where no amount is named, nothing where it refused.

    The caller holds the bid. Raises Refused for an amount that cannot be.
    """
    if to not in {BidState.WON, BidState.LOST}:
        bid.applied_for = bid.granted = None
        return
    sought = bid.applied_for = applied_for(bid)
    if to is BidState.LOST:
        bid.granted = NOUGHT
        return
    amount = sought if granted is None else granted
    if amount > sought:
        raise Refused(f"Mer kan inte beviljas än de {sought} som söktes. Kontrollera beloppet.")
    if amount.ore <= 0:
        raise Refused("Är inget beviljat blev det avslag. Välj avslag, eller skriv beloppet.")
    bid.granted = amount
    audit.record(bid, "granted", by=by, now=now, ore=amount.ore, of=sought.ore)


def _answer_row(row: EntryAnswer, name: str, now: datetime) -> None:
    entry = row.entry
    if row.declines:
        entry.declined, entry.signed_by, entry.signed_at = True, "", None
        return
    _check_amount(entry.kind, row.amount, row.percent)
    entry.set_amount(row.amount, row.percent)
    entry.declined, entry.signed_by, entry.signed_at = False, name, now


def _asks(entry: BudgetEntry) -> tuple[object, ...]:
    return (entry.party_id, entry.kind, entry.text, entry.year, entry.amount, entry.percent)


def _ask_anew(party: BidParty | None) -> None:
    if party is not None:
        party.answered_at = None


def _write(entry: BudgetEntry, new: NewEntry) -> None:
    entry.party_id = new.party.id if new.party is not None else None
    entry.kind, entry.text, entry.year = new.kind, new.text.strip(), new.year
    entry.source = new.source.strip() if new.party is None else ""
    entry.appendix_id = new.appendix.id if new.appendix is not None else None
    entry.set_amount(new.amount, new.percent)


def _check(new: NewEntry) -> None:
    if new.party is None and new.kind.is_cost:
        raise Refused("En kostnad måste ligga hos en part. Välj vilken.")
    if new.party is None and not new.source.strip():
        raise Refused("Skriv vem som betalar, när pengarna kommer utifrån.")
    if not EARLIEST <= new.year <= LATEST:
        raise Refused(f"Skriv ett år mellan {EARLIEST} och {LATEST}.")
    _check_amount(new.kind, new.amount, new.percent)


def _check_amount(kind: BudgetKind, amount: Money | None, percent: Decimal | None) -> None:
    if amount is not None and percent is not None:
        raise Refused("Skriv ett belopp eller en andel av personalkostnaderna, inte båda.")
    if percent is not None and kind is not BudgetKind.INDIRECT:
        raise Refused("Bara indirekta kostnader räknas som andel av personalkostnaderna. Skriv ett belopp.")
    if amount is not None and amount.ore < 0:
        raise Refused("Ett belopp kan inte vara mindre än noll.")
    if percent is not None and not 0 <= percent <= 100:
        raise Refused("Skriv en andel mellan 0 och 100 procent.")
