"""The marks on rows, appendices and references: kept with the bid as JSON, read as `bids.secrecy.Secret`.

Each has the keys ``id`` (counted up within the bid), ``kind`` (a `SecretKind`), ``of`` (the row's, appendix's or
reference's id, null for all prices), ``what``, ``harm``, ``until`` (ISO day) and ``by``. What has since been removed
from the bid is marked no longer. Secret answers carry their mark themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.tenders.bid import Bid
from bids.secrecy import Secret, SecretKind


@dataclass(frozen=True, slots=True)
class Claim:
    """A mark with its number, for a page that shows it."""

    id: int
    of: int | None
    by: str
    secret: Secret


def claims_of(bid: Bid) -> list[Claim]:
    """The marks of what is still in the bid, in the order in which they were made."""
    return list(_read(bid))


def secrets_in(bid: Bid) -> tuple[Secret, ...]:
    """The same as values."""
    return tuple(claim.secret for claim in _read(bid))


def _read(bid: Bid) -> Iterator[Claim]:
    if not bid.secrecy:
        return
    places = _places(bid)
    for kept in bid.secrecy:
        kind = SecretKind(kept["kind"])
        where = places.get((kind, kept["of"]))
        if where is not None:
            said = {"what": kept["what"], "harm": kept["harm"], "until": date.fromisoformat(kept["until"])}
            yield Claim(kept["id"], kept["of"], kept["by"], Secret(kind=kind, **said, **where))


def _places(bid: Bid) -> dict[tuple[SecretKind, int | None], dict[str, Any]]:
    """How the offer names each thing that can be marked."""
    refs = {lot.id: lot.ref for lot in bid.lots}
    places: dict[tuple[SecretKind, int | None], dict[str, Any]] = {(SecretKind.PRICES, None): {}}
    for row in bid.tender.rows:
        if row.lot_id is None or row.lot_id in refs:
            places[SecretKind.ROW, row.id] = {"ref": row.ref, "lot_ref": refs.get(row.lot_id or 0)}
    for appendix in bid.appendices:
        places[SecretKind.APPENDIX, appendix.id] = {"number": appendix.number}
    for number, reference in enumerate(bid.references, 1):
        places[SecretKind.REFERENCE, reference.id] = {"number": number}
    return places
