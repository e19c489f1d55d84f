"""THE STORY of a funder's call: it is entered, its budget is asked for and answered; the rest is as with any bid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.accounts.models import User
from app.tenders import actions, emails
from app.tenders.actions import TenderFacts
from app.tenders.calls import actions as calls
from app.tenders.calls.actions import EntryAnswer, NewEntry, NewTerms
from app.tenders.models import Bid, BidParty, BudgetEntry, Tender


def notice_by_hand(facts: TenderFacts, terms: NewTerms, *, by: User, now: datetime) -> Tender:
    """1. Somebody has read of a call and types it in. It is weighed and begun as a tender is: `bidflow` tells how."""
    return calls.make_call(actions.register(facts, by=by, now=now), terms, by=by, now=now)


def ask(bid: Bid, new: NewEntry, *, by: User, now: datetime) -> BudgetEntry:
    """2. Parties are asked for rows of the budget. Whose answer no longer holds is told."""
    had_answered = new.party is not None and new.party.answered_at is not None
    entry = calls.add_entry(bid, new, by=by, now=now)
    if had_answered and new.party is not None and new.party.invited_at is not None:
        emails.changed(new.party, now=now)
    return entry


def change(bid: Bid, entry: BudgetEntry, new: NewEntry, *, by: User, now: datetime) -> BudgetEntry:
    """2 b. And when a row asks something else of a party, it is told."""
    concerned = [party for party in bid.parties if party.id in {entry.party_id, new.party.id if new.party else None}]
    had_answered = [party for party in concerned if party.answered_at is not None and party.invited_at is not None]
    changed = calls.change_entry(bid, entry, new, by=by, now=now)
    for party in had_answered:
        if party.answered_at is None:
            emails.changed(party, now=now)
    return changed


def answer(
    party: BidParty, rows: Sequence[EntryAnswer], signed_by: str, does: str, *, by: User, now: datetime
) -> BidParty:
    """3. A member answers for its part and its rows, and may do so again until it is handed in."""
    return calls.answer(party, rows, signed_by, does=does, by=by, now=now)


def answer_for(
    party: BidParty, rows: Sequence[EntryAnswer], signed_by: str, does: str, *, by: User, now: datetime
) -> BidParty:
    """3 b. It answers by telephone, and staff write it down."""
    return calls.answer(party, rows, signed_by, does=does, by=by, now=now, for_party=True)
