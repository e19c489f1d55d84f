"""What becomes of a notice's file, in a word and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.tenders.models import Tender
from app.tenders.noticing.models import TenderChange


class Outcome(StrEnum):
    """The one thing that became of a file."""

    REFUSED = "refused"
    """Nothing was stored; the sentence says why."""
    NEW = "new"
    CHANGED = "changed"
    RESULT = "result"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    """A later notice that says nothing new of what we keep."""
    OLDER = "older"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A notice that has been taken care of."""

    outcome: Outcome
    tender: Tender
    words: str
    changes: tuple[TenderChange, ...] = ()
    """What people must know, deadlines first."""
