"""What a gap is."""

from __future__ import annotations

from dataclasses import dataclass

from bids.kinds import DocumentKind, GapArea


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something missing. ``key`` is stable as long as the gap is open; the references say where it is closed.

    ``sentence`` tells in Swedish what is missing, what it means and what to do. No bid may leave while a blocking
    gap is open.
    """

    key: str
    area: GapArea
    blocking: bool
    sentence: str
    requirement_ref: str | None = None
    row_ref: str | None = None
    lot_ref: str | None = None
    party_key: str | None = None
    document: DocumentKind | None = None
