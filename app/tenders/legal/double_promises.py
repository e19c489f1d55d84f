"""Nothing is promised twice: what other bids, agreements and standing orders count on of each party's year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app import units
from app.tenders.joint.free import Free, free_of, places_of, source_of
from app.tenders.models import Bid, BidParty, Promise, PromiseState, TenderPriceRow
from app.tenders.offers import key_of
from app.tenders.watching.whereabouts import in_words
from bids.promised_twice import NONE, Elsewhere, Untied, Year


def years_of(bid: Bid, *, now: datetime) -> list[Year]:
    """Each party's year of what the bid asks of it: by article, and by row where no article answers to the row.

    As many statements as `free_of` has, however large the bid is; none where it asks nothing of anybody.
    """
    covered = {None, *(lot.id for lot in bid.lots)}
    asked = [
        promise
        for party in bid.parties
        if not party.has_declined
        for promise in party.promises
        if promise.state != PromiseState.DECLINED
    ]
    rows = {row.id: row for row in bid.tender.rows if row.lot_id in covered}
    asked = [promise for promise in asked if promise.row_id in rows]
    free = free_of(bid, list(rows.values()), now=now) if asked else {}
    known = _Known(free, {lot.id: lot.ref for lot in bid.lots}, places_of(bid))
    parties = {party.id: party for party in bid.parties}
    together: dict[tuple[int, str], list[Promise]] = defaultdict(list)
    for promise in asked:
        row = rows[promise.row_id]
        what = f"a{row.article_id}" if known.source(parties[promise.party_id], row) is not None else f"r{row.id}"
        together[promise.party_id, what].append(promise)
    return [
        _year(parties[party_id], promises, [rows[one.row_id] for one in promises], known)
        for (party_id, _what), promises in together.items()
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is free by member and article, the lots' numbers, and where each is: the place and its municipalities."""

    free: Mapping[tuple[int, int], Free]
    refs: Mapping[int, str]
    places: Mapping[int | None, tuple[str, frozenset[str]]]

    def source(self, party: BidParty, row: TenderPriceRow) -> Free | None:
        """The party's own offering of the row's article, where both count in the same unit."""
        return source_of(party, row, self.free)


def _year(party: BidParty, promises: Sequence[Promise], rows: Sequence[TenderPriceRow], known: _Known) -> Year:
    row = rows[0]
    source = known.source(party, row)
    said = max((one.yearly_capacity for one in promises if one.yearly_capacity is not None), default=None)
    return Year(
        party_key=key_of(party.member),
        name=party.member.name,
        what=source.offering.article.name if source else row.text,
        unit=row.unit_text or units.unit(row.unit).symbol_sv,
        row_refs=tuple(one.ref for one in rows),
        lot_ref=known.refs.get(row.lot_id or 0),
        able=source.in_all if source else said,
        free=source.left if source else said,
        claims=source.claims if source else (),
        promised=sum((one.quantity for one in promises), NONE),
        calendar=source.calendar if source else None,
        rests=source.rests if source else False,
        not_sold_in=_not_sold_in(source, promises, rows, known) if source else (),
        sold_in=_sold_in(source, rows, known) if source else (),
        party_id=party.id,
        row_id=row.id,
        untied=None if source else _why_untied(party, row, known),
    )


def _why_untied(party: BidParty, row: TenderPriceRow, known: _Known) -> Untied:
    if row.article_id is None:
        return Untied.NO_ARTICLE
    return Untied.OTHER_UNIT if (party.member_id, row.article_id) in known.free else Untied.NOT_MADE


def _not_sold_in(
    source: Free, promises: Sequence[Promise], rows: Sequence[TenderPriceRow], known: _Known
) -> tuple[Elsewhere, ...]:
    by_lot: dict[int | None, list[tuple[Promise, TenderPriceRow]]] = defaultdict(list)
    for promise, row in zip(promises, rows, strict=True):
        if not source.serves(known.places[row.lot_id][1]):
            by_lot[row.lot_id].append((promise, row))
    return tuple(
        Elsewhere(
            in_words(known.places[lot_id][0]),
            tuple(row.ref for _promise, row in some),
            known.refs.get(lot_id or 0),
            sum((promise.quantity for promise, _row in some), NONE),
        )
        for lot_id, some in by_lot.items()
    )


def _sold_in(source: Free, rows: Sequence[TenderPriceRow], known: _Known) -> tuple[str, ...]:
    places = [known.places[row.lot_id] for row in rows]
    served = [in_words(place) for place, codes in places if codes and source.serves(codes)]
    return tuple(dict.fromkeys(served))
