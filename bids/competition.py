"""Competition law on joint bids: each member's reason lot by lot, and whoever has another bid beside this one.

Enterprises that could not bid alone may bid together, since that adds a bid; what counts is whether each could
realistically do it, lot by lot where lots may be bid for singly (guidelines on horizontal agreements, 1 June 2023).
"""

from __future__ import annotations

from collections.abc import Iterator

from bids.gap import Gap
from bids.kinds import GapArea, PartyRole
from bids.legal_forms import performs, with_role
from bids.offer import Offer, Party
from bids.swedish import listing


def competition_gaps(offer: Offer) -> Iterator[Gap]:
    """Nothing of it stops a bid; all of it may cost the contract, or worse."""
    for party in with_role(offer, PartyRole.TENDERER, PartyRole.RELIED_ON, PartyRole.SUBCONTRACTOR):
        if not party.is_sales_company:
            yield from _reason_gaps(offer, party)
            yield from _own_bid_gaps(party)


def lots_without_reason(offer: Offer, party: Party) -> tuple[str | None, ...]:
    """The lots in which the party does something and nothing says why it could not bid alone; None without lots."""
    given = {reason.lot_ref for reason in party.reasons if reason.kinds}
    if party.reason_not_alone.strip() or None in given:
        return ()
    if not offer.lots:
        return (None,)
    wanted: list[str | None] = [lot.ref for lot in offer.lots if performs(offer, party, lot.ref)]
    return tuple(ref for ref in wanted or [None] if ref not in given)


def _reason_gaps(offer: Offer, party: Party) -> Iterator[Gap]:
    left = [ref for ref in lots_without_reason(offer, party) if ref is not None]
    if not lots_without_reason(offer, party):
        return
    where = f" om anbudsområde {listing(left)}" if left and party.reasons else ""
    yield _gap(
        f"alone:{party.key}",
        party,
        f"Det saknas ett skäl till att {party.name} inte kan lämna eget anbud{where}. Konkurrensreglerna tillåter "
        "gemensamma anbud av företag som inte klarar det ensamma. Skriv skälet, till exempel kapacitet eller område.",
    )


def _own_bid_gaps(party: Party) -> Iterator[Gap]:
    if party.bids_too:
        yield _gap(
            f"bids_too:{party.key}",
            party,
            f"{party.name} lämnar ett annat anbud i samma upphandling: ”{party.bids_too_words}” Samordnade anbud som "
            "lämnas var för sig kan förkastas och strida mot konkurrenslagen. Reda ut det innan någon ser priser.",
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
