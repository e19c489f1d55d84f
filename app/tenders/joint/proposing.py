"""A bid as rows -> what the allocation wants to know, and the proposal that comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app import units
from app.apart import reckon_apart
from app.money import NOUGHT, Money
from app.tenders.joint.free import Free, free_of, places_of, source_of
from app.tenders.models import Bid, BidParty, Promise, PromiseState, TenderPriceRow
from app.tenders.offers import key_of
from bids import pricing
from bids.capacity_periods import stretches
from bids.capacity_values import Candidate, Limit, Need, Pool
from bids.offer import Offer, PriceRow
from bids.proposal_values import Proposal
from bids.swedish import listing, number

LONGEST = 60
MOST_TIMES = 4
TOO_SLOW = (
    "Fördelningen gick inte att räkna fram på en minut. Lås några delar med gränser, eller fördela ett anbudsområde i "
    "taget."
)
LotRefs = Mapping[int, str]
FreeOf = Mapping[tuple[int, int], Free]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a proposal rests on: the rows with who can carry them, the parties' limits, and what is free of each."""

    needs: tuple[Need, ...]
    limits: tuple[Limit, ...]
    pools: tuple[Pool, ...]
    free: FreeOf


def ground_of(bid: Bid, offer: Offer, *, now: datetime) -> Ground:
    """Everything that the proposal goes by, read at this moment; as many statements as `free_of` has."""
    covered = {None, *(lot.id for lot in bid.lots)}
    rows = [row for row in bid.tender.rows if row.lot_id in covered]
    free = free_of(bid, rows, now=now)
    parties = [party for party in bid.parties if not party.has_declined]
    values = {(value.lot_ref, value.ref): value for value in offer.rows}
    refs = {lot.id: lot.ref for lot in bid.tender.lots}
    promises = {(one.party_id, one.row_id): one for party in parties for one in party.promises}
    places = {lot_id: municipalities for lot_id, (_place, municipalities) in places_of(bid).items()}
    known = _Known(promises, free, places)
    needs = [_need(row, values[refs.get(row.lot_id or 0), row.ref], parties, known) for row in rows]
    return Ground(tuple(needs), tuple(limits_of(bid, refs)), tuple(_pools(free)), free)


def proposal_on(ground: Ground, offer: Offer) -> Proposal:
    """The cheapest sharing that carries every row within the limits, beside what stands.

    Raises Refused when it is not found in the time that a person waits.
    """
    question = offer, ground.needs, ground.limits, ground.pools
    found: Proposal = reckon_apart("app.tenders.joint.solver", question, seconds=LONGEST, slow=TOO_SLOW)
    return found


def is_same(one: tuple[Ground, Offer], other: tuple[Ground, Offer]) -> bool:
    """Whether a proposal on the one is a proposal on the other: rows as they are shared, prices, limits and pools."""
    (ground, offer), (later, as_later) = one, other
    was = ground.needs, ground.limits, ground.pools, offer.rows, offer.parties
    return was == (later.needs, later.limits, later.pools, as_later.rows, as_later.parties)


def proposal_for(bid: Bid, offer: Offer, *, now: datetime) -> Proposal:
    """The same on how things stand at this moment."""
    return proposal_on(ground_of(bid, offer, now=now), offer)


def short_times(bid: Bid, ground: Ground, found: Proposal) -> list[str]:
    """When a party would have no room for what is proposed, called off evenly: a year is enough and some months not."""
    refs = {lot.id: lot.ref for lot in bid.tender.lots}
    rows = {(refs.get(row.lot_id or 0), row.ref): row for row in bid.tender.rows}
    parties = {key_of(party.member): party for party in bid.parties}
    wanted: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    sources: dict[int, Free] = {}
    for part in found.allocation.parts:
        source = source_of(parties[part.party_key], rows[part.lot_ref, part.ref], ground.free)
        if source is not None:
            sources[source.offering.id] = source
            wanted[part.party_key, source.offering.id] += part.quantity
    told = []
    for (key, offering_id), quantity in wanted.items():
        source = sources[offering_id]
        short = stretches(source.calendar.periods(), quantity)
        if short:
            times = listing([one.label for one in short[:MOST_TIMES]])
            told.append(
                f"{parties[key].member.name} får {number(quantity)} om året av {source.offering.article.name}. Ropas "
                f"det av jämnt räcker det inte {times}{' med flera tider' if len(short) > MOST_TIMES else ''}."
            )
    return told


def limits_of(bid: Bid, refs: LotRefs) -> Iterator[Limit]:
    """Each party's limits, also of those that have none."""
    for party in bid.parties:
        if not party.has_declined:
            limit, lots = party.limit, areas_of(party)
            yield Limit(
                party_key=key_of(party.member),
                name=party.member.name,
                smallest=limit.smallest if limit else None,
                largest=limit.largest if limit else None,
                wish=limit.wish if limit else None,
                under_line=limit.under_line if limit else False,
                lots=frozenset(refs[lot] for lot in lots) if lots else None,
            )


def areas_of(party: BidParty) -> list[int]:
    """The lots to which a party is kept, by id; none where it works everywhere."""
    return [lot.id for lot in party.limit.areas] if party.limit else []


@dataclass(frozen=True, slots=True)
class _Known:
    """Promises by party and row, what is free by member and article, and each lot's municipalities."""

    promises: Mapping[tuple[int, int], Promise]
    free: FreeOf
    places: Mapping[int | None, frozenset[str]]


def _need(
    row: TenderPriceRow,
    value: PriceRow,
    parties: Sequence[BidParty],
    known: _Known,
) -> Need:
    candidates, out, waiting = [], [], []
    for party in parties:
        promise = known.promises.get((party.id, row.id))
        source = source_of(party, row, known.free)
        if promise is not None and promise.state == PromiseState.DECLINED:
            out.append((key_of(party.member), "har tackat nej till raden"))
        elif promise is not None and promise.member_price is not None:
            most = promise.yearly_capacity or row.quantity
            candidates.append(_candidate(party, promise.member_price, most, source))
        elif source is not None and not source.serves(known.places[row.lot_id]):
            out.append((key_of(party.member), "säljer inte artikeln där raden ska levereras"))
        elif source is not None:
            candidates.append(_candidate(party, source.offering.member_price, source.left, source))
        elif promise is not None:
            out.append((key_of(party.member), "har inte svarat med något pris"))
            waiting.append(key_of(party.member))
    return Need(
        ref=row.ref,
        lot_ref=value.lot_ref,
        text=row.text,
        unit_label=value.unit_label,
        quantity=row.quantity,
        step=Decimal(1).scaleb(-units.unit(row.unit).decimals),
        worth=_worth(value, candidates),
        candidates=tuple(candidates),
        out=tuple(out),
        waiting=tuple(waiting),
    )


def _candidate(party: BidParty, price: Money, most: Decimal, source: Free | None) -> Candidate:
    pool = _pool_key(source) if source is not None else ""
    return Candidate(party_key=key_of(party.member), price=price, most=most, pool=pool)


def _worth(value: PriceRow, candidates: Sequence[Candidate]) -> Money:
    """The bid price that stands, else what it would be at the middle of the prices that are known."""
    standing = pricing.unit_price(value)
    if standing is not None or not candidates:
        return standing or NOUGHT
    mean = Money.total(one.price for one in candidates).divided_by(len(candidates)) + value.transport
    return mean.times(100).divided_by(100 - pricing.taken_percent(value))


def _pool_key(source: Free) -> str:
    return f"offering {source.offering.id}"


def _pools(free: FreeOf) -> Iterator[Pool]:
    for one in free.values():
        when = f" år {one.year} av avtalet" if one.year > 1 else ""
        words = f"har {number(one.left)} kvar per år{when} av sin kapacitet för {one.offering.article.name}"
        yield Pool(_pool_key(one), one.left, words)
