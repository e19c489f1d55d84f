"""Reading the rows of a budget."""

from __future__ import annotations

from app.errors import NotYours
from app.tenders.models import Bid, BudgetEntry


def entry_of(bid: Bid, entry_id: int) -> BudgetEntry:
    """The bid's own row. Raises NotYours for any other."""
    found = next((entry for entry in bid.budget if entry.id == entry_id), None)
    if found is None:
        raise NotYours
    return found
