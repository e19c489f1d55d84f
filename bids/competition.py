"""Competition law on joint bids: each member's reason lot by lot, and whoever has another bid beside this one.

Enterprises that could not bid alone may bid together, since that adds a bid; what counts is whether each could
realistically do it, lot by lot where lots may be bid for singly (guidelines on horizontal agreements, 1 June 2023).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bids.gap import Gap
from bids.kinds import BidForm, GapArea, PartyRole
from bids.legal_forms import performs, with_role
from bids.legal_values import QualificationKind, ReasonKind
from bids.offer import Offer, PriceRow
from bids.parties import Party
from bids.qualification import standings
from bids.swedish import listing

_FIGURES: Mapping[ReasonKind, QualificationKind] = {
    ReasonKind.TURNOVER: QualificationKind.TURNOVER,
    ReasonKind.INSURANCE: QualificationKind.INSURANCE,
}
"""Which of the buyer's figures a reason can be held against."""


def competition_gaps(offer: Offer) -> Iterator[Gap]:
    """Nothing of it stops a bid; all of it may cost the contract, or worse."""
    for party in with_role(offer, PartyRole.TENDERER, PartyRole.RELIED_ON, PartyRole.SUBCONTRACTOR):
        if not party.is_sales_company:
            yield from _reason_gaps(offer, party)
            yield from _doubted(offer, party)
            yield from _own_bid_gaps(party)


def lots_without_reason(offer: Offer, party: Party) -> tuple[str | None, ...]:
    """The lots in which the party does something and nothing says why it could not bid alone; None without lots.

    Words in general are enough where there is one lot to bid for, and say nothing of one among several.
    """
    given = {reason.lot_ref for reason in party.reasons if reason.kinds}
    if None in given or (party.reason_not_alone.strip() and len(offer.lots) <= 1):
        return ()
    if not offer.lots:
        return (None,)
    wanted: list[str | None] = [lot.ref for lot in offer.lots if performs(offer, party, lot.ref)]
    return tuple(ref for ref in wanted or [None] if ref not in given)


def _reason_gaps(offer: Offer, party: Party) -> Iterator[Gap]:
    left = [ref for ref in lots_without_reason(offer, party) if ref is not None]
    if not lots_without_reason(offer, party):
        return
    said = party.reasons or party.reason_not_alone.strip()
    where = f" om anbudsområde {listing(left)}" if left and said else ""
    yield _gap(
        f"alone:{party.key}",
        party,
        f"Det saknas ett skäl till att {party.name} inte kan lämna eget anbud{where}. Konkurrensreglerna tillåter "
        "gemensamma anbud av företag som inte klarar det ensamma. Skriv skälet, till exempel kapacitet eller område.",
    )


def _doubted(offer: Offer, party: Party) -> Iterator[Gap]:
    """A reason that the bid's own figures speak against: whoever could bid alone may not bid jointly."""
    for reason in party.reasons:
        doubts = [kind.label for kind in reason.kinds if _speaks_against(offer, party, reason.lot_ref, kind)]
        if doubts:
            where = f" för anbudsområde {reason.lot_ref}" if reason.lot_ref else ""
            yield _gap(
                f"doubt:{party.key}:{reason.lot_ref or ''}",
                party,
                f"{party.name} har angett att {listing(doubts)}{where}, men uppgifterna i anbudet visar att det "
                "räcker. Ett företag som klarar uppdraget ensamt får inte lämna gemensamt anbud. Se över skälet.",
            )


def _speaks_against(offer: Offer, party: Party, lot_ref: str | None, kind: ReasonKind) -> bool:
    if kind is ReasonKind.CAPACITY:
        rows = [row for row in offer.rows if lot_ref is None or row.lot_ref == lot_ref]
        return bool(rows) and all(_carries(party, row) for row in rows)
    asked = _FIGURES.get(kind)
    alone = replace(offer, form=BidForm.SUBCONTRACTORS, parties=(replace(party, role=PartyRole.TENDERER),))
    weighed = [
        one
        for one in standings(alone)
        if one.qualification.kind is asked and one.qualification.lot_ref in {None, lot_ref}
    ]
    return bool(weighed) and all(one.is_met for one in weighed)


def _carries(party: Party, row: PriceRow) -> bool:
    """Whether the party has said that it can make all of the row."""
    return any(share.party_key == party.key and share.yearly_capacity >= row.quantity for share in row.shares)


def _own_bid_gaps(party: Party) -> Iterator[Gap]:
    if party.bids_too:
        where = f", i anbudsområde {listing(party.bids_too_lots)}" if party.bids_too_lots else ""
        yield _gap(
            f"bids_too:{party.key}",
            party,
            f"{party.name} lämnar ett annat anbud i samma upphandling{where}: ”{party.bids_too_words}” Samordnade "
            "anbud som lämnas var för sig kan förkastas och strida mot konkurrenslagen. Reda ut det innan någon ser "
            "priser.",
        )


def other_bid_gap(party: Party, lot_refs: tuple[str, ...], title: str) -> Gap:
    """The warning for a party that is in another bid of ours for the same lots."""
    where = f" i anbudsområde {listing(lot_refs)}" if lot_refs else ""
    return _gap(
        f"other_bid:{party.key}",
        party,
        f"{party.name} är också part i vårt anbud ”{title}”{where}. Samma företag i två anbud om samma sak gör att "
        "båda kan förkastas. Låt företaget stå i det ena.",
    )


def _gap(key: str, party: Party, words: str) -> Gap:
    return Gap(key=f"party:{key}", area=GapArea.COMPETITION, blocking=False, sentence=words, party_key=party.key)
