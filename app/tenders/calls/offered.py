"""A call and its budget as the frozen values of bids/."""

from __future__ import annotations

from app.money import NOUGHT, Money
from app.tenders.bid import Bid
from app.tenders.calls.models import BudgetEntry
from app.tenders.tender import Tender
from bids import budget
from bids.budget_values import Budget, BudgetRow, CallTerms


def terms_of(tender: Tender) -> CallTerms:
    """What the funder allows."""
    return CallTerms(
        starts_on=tender.project_from,
        ends_on=tender.project_to,
        most_rate=tender.most_rate,
        most_indirect=tender.most_indirect,
        least_grant=tender.least_grant,
    )


def entries_in(bid: Bid) -> list[BudgetEntry]:
    """The rows that are in the application: not those that a party has said no to."""
    out = {party.id for party in bid.parties if party.has_declined}
    return [entry for entry in bid.budget if not entry.declined and entry.party_id not in out]


def budget_of(bid: Bid, keys: dict[int, str]) -> Budget | None:
    """The budget of an application; None for a bid. ``keys`` are the parties' by id."""
    if not bid.tender.is_call:
        return None
    numbers = {appendix.id: appendix.number for appendix in bid.appendices}
    return Budget(terms_of(bid.tender), tuple(_row(entry, keys, numbers) for entry in entries_in(bid)))


def applied_for(bid: Bid) -> Money:
    """What the funder is asked for: the costs less what others pay."""
    found = budget_of(bid, {party.id: str(party.id) for party in bid.parties})
    return budget.sums(found).sought if found is not None else NOUGHT


def _row(entry: BudgetEntry, keys: dict[int, str], numbers: dict[int, int]) -> BudgetRow:
    return BudgetRow(
        kind=entry.kind,
        text=entry.text,
        year=entry.year,
        party_key=keys.get(entry.party_id) if entry.party_id is not None else None,
        source=entry.source,
        amount=entry.amount,
        percent=entry.percent,
        appendix_number=numbers.get(entry.appendix_id or 0),
        signed_by=entry.signed_by,
        signed_at=entry.signed_at,
    )
