"""An offer -> its gaps, each in words and with what it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bids.kinds import DocumentKind, GapArea
from bids.offer import Offer, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something missing. ``key`` is stable as long as the gap is open; the references say where it is closed."""

    key: str
    area: GapArea
    blocking: bool
    sentence: str
    requirement_ref: str | None = None
    row_ref: str | None = None
    lot_ref: str | None = None
    party_key: str | None = None
    document: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """One tenderer at the reserved gate (LOU 4:18). ``percent`` is None without a count that can be used."""

    party: Party
    percent: Decimal | None
    passes: bool
    words: str


def gaps(offer: Offer, *, now: datetime | None = None) -> tuple[Gap, ...]:
    """Every gap of the offer, the blocking ones first. With ``now`` a deadline that has passed is one."""
    raise NotImplementedError


def reserved_gate(offer: Offer) -> tuple[GateResult, ...]:
    """Each tenderer's share of occupied persons from the target group, at the deadline."""
    raise NotImplementedError
