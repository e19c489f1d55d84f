"""The gaps that lie in what a row costs: a price that loses money, and a member price that cannot pay for the work."""

from __future__ import annotations

from collections.abc import Iterator

from app.money import NOUGHT, Money
from bids import pricing
from bids.gap import Gap
from bids.kinds import GapArea
from bids.offer import Offer, PriceRow, Share
from bids.pricing import Breakdown
from bids.swedish import listing, number


def cost_gaps(offer: Offer, row: PriceRow, parts: Breakdown) -> Iterator[Gap]:
    """Reminders only: a row may be sold at a loss with open eyes, and a member may know how to work faster."""
    if is_at_loss(row, parts) and not (row.loss_from and parts.unit_price >= row.loss_from):
        yield from _loss(row, parts.unit_price)
    yield from _labour(offer, row)


def is_at_loss(row: PriceRow, parts: Breakdown) -> bool:
    """Whether fee and costs take more than the price, counted on the whole row where the price is a fixed one."""
    lowest = pricing.lowest_price(row)
    below = lowest is not None and parts.unit_price < lowest
    return below and (parts.margin < NOUGHT or row.fixed_unit_price is not None)


def _gap(row: PriceRow, problem: str, sentence: str) -> Gap:
    return Gap(
        key=f"price:{row.lot_ref or ''}:{row.ref}:{problem}",
        area=GapArea.PRICE,
        blocking=False,
        sentence=f"Prisrad {row.ref} {row.text} {sentence}",
        row_ref=row.ref,
        lot_ref=row.lot_ref,
    )


def _loss(row: PriceRow, price: Money) -> Iterator[Gap]:
    lowest = pricing.lowest_price(row)
    if lowest is not None and price < lowest:
        yield _gap(
            row,
            "loss",
            f"ger förlust: priset är {price} per {row.unit_label}, men {_costs(row)} kräver minst {lowest}. Varje såld "
            f"enhet kostar oss {lowest - price}. Höj priset, eller bestäm att raden får gå med förlust.",
        )


def _costs(row: PriceRow) -> str:
    """What the lowest price is made of, by name and amount."""
    parts = [f"medlemspris {pricing.member_price(row)}"]
    if row.transport:
        parts.append(f"transport {row.transport}")
    if row.fee_percent:
        parts.append(f"ramavtalsavgift {number(row.fee_percent)}\u00a0%")
    return listing(parts)


def short_of_labour(offer: Offer, row: PriceRow) -> list[Share]:
    """The shares whose price is less than the work costs at the lowest cost of an hour that staff have set."""
    if offer.labour_floor is None or row.hours <= 0:
        return []
    floor = offer.labour_floor.times(row.hours)
    return [share for share in pricing.priced_shares(row) if share.member_price and share.member_price < floor]


def _labour(offer: Offer, row: PriceRow) -> Iterator[Gap]:
    """An abnormally low bid must be explained (LOU 16:7), and work is paid for by the collective agreement (17:2)."""
    names = {party.key: party.name for party in offer.parties}
    short = short_of_labour(offer, row)
    if short and offer.labour_floor is not None:
        told = listing([f"{names.get(share.party_key, share.party_key)} {share.member_price}" for share in short])
        yield _gap(
            row,
            "labour",
            f"har ett medlemspris som inte täcker arbetet: {number(row.hours)} timmar à {offer.labour_floor} är "
            f"{offer.labour_floor.times(row.hours)} per {row.unit_label}, men priset är {told}. Köparen kan kräva en "
            "förklaring till ett onormalt lågt anbud. Gå igenom tiden och priset med medlemmen.",
        )
