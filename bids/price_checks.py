"""The gaps that lie in the price rows: priced, in the right lot, and carried in full."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.money import NOUGHT, Money
from bids import pricing
from bids.cost_checks import cost_gaps
from bids.gap import Gap
from bids.kinds import GapArea
from bids.offer import Offer, PriceRow
from bids.swedish import listing, much, number

UNTAKABLE = (
    "har en ramavtalsavgift och ett påslag som inte går att ta ut. De räknas på anbudspriset och ska tillsammans vara "
    "minst 0 och under 100 procent. Rätta dem."
)
UNPRICED = (
    "saknar pris. Ett tomt pris eller noll kronor gör att anbudet förkastas. Begär pris av den medlem som ska "
    "leverera, eller sätt ett fast pris."
)


def price_gaps(offer: Offer) -> Iterator[Gap]:
    """Every lot has rows, every row a price above nought, a quantity, and members that can carry all of it."""
    yield from _empty_lots(offer)
    lots = {lot.ref for lot in offer.lots}
    whole, all_count = NOUGHT, True
    for row in offer.rows:
        yield from _row_gaps(row, lots)
        try:
            parts = pricing.breakdown(row)
        except ValueError:
            all_count = False
            yield _gap(row, "percent", UNTAKABLE)
        else:
            if parts is None:
                yield _gap(row, "unpriced", UNPRICED)
            else:
                whole += parts.unit_price.times(row.quantity)
                yield from cost_gaps(offer, row, parts)
        yield from _carrying_gaps(offer, row)
        yield from _beyond(row)
    if all_count:
        yield from _over_ceiling(offer, whole)


def carried(row: PriceRow) -> Decimal:
    """How much of the row the signed promises carry in a year, none of them beyond its capacity."""
    return sum(
        (max(Decimal(0), min(share.quantity, share.yearly_capacity)) for share in row.shares if share.is_signed),
        Decimal(0),
    )


def _empty_lots(offer: Offer) -> Iterator[Gap]:
    for lot in offer.lots:
        if not pricing.rows_of(offer, lot.ref):
            sentence = (
                f"Anbudsområde {lot.ref} {lot.title} har inga prisrader. Utan pris kan området inte utvärderas. Lägg "
                "till raderna ur köparens prisbilaga."
            )
            key = f"price:{lot.ref}:empty"
            yield Gap(key=key, area=GapArea.PRICE, blocking=True, sentence=sentence, lot_ref=lot.ref)
    if not offer.lots and not offer.rows:
        sentence = "Anbudet har inga prisrader. Utan pris kan det inte utvärderas. Lägg till raderna."
        yield Gap(key="price::empty", area=GapArea.PRICE, blocking=True, sentence=sentence)


def _gap(row: PriceRow, problem: str, sentence: str) -> Gap:
    return Gap(
        key=f"price:{row.lot_ref or ''}:{row.ref}:{problem}",
        area=GapArea.PRICE,
        blocking=True,
        sentence=f"Prisrad {row.ref} {row.text} {sentence}",
        row_ref=row.ref,
        lot_ref=row.lot_ref,
    )


def _row_gaps(row: PriceRow, lots: set[str]) -> Iterator[Gap]:
    if row.lot_ref is not None and row.lot_ref not in lots:
        sentence = (
            f"hör till anbudsområde {row.lot_ref}, som anbudet inte omfattar. Pris i fel område kan fälla anbudet. "
            "Ta med området eller ta bort raden."
        )
        yield _gap(row, "lot", sentence)
    if row.quantity <= 0:
        sentence = "saknar mängd. Då blir radens summa noll kronor. Skriv köparens mängd per år."
        yield _gap(row, "quantity", sentence)


def _carrying_gaps(offer: Offer, row: PriceRow) -> Iterator[Gap]:
    missing = row.quantity - carried(row)
    if missing > 0:
        sentence = (
            f"bärs inte fullt ut: {number(missing)} av {much(row.quantity, row.unit_label)} per år har ingen "
            f"medlem med kapacitet lovat.{_unsigned(offer, row)} Vinner vi kan vi inte leverera allt. Fördela resten "
            "eller be medlemmarna om svar."
        )
        yield _gap(row, "carried", sentence)


def _beyond(row: PriceRow) -> Iterator[Gap]:
    """No fault of the bid, but a member who is promised more than there is will ask for it."""
    more = sum((share.quantity for share in row.shares), Decimal(0)) - row.quantity
    if more > 0:
        sentence = (
            f"Prisrad {row.ref} {row.text} delas ut med {much(more, row.unit_label)} per år mer än de "
            f"{number(row.quantity)} som köparen frågar efter. Minska någons del, så att ingen räknar med mer."
        )
        key = f"price:{row.lot_ref or ''}:{row.ref}:beyond"
        yield Gap(key=key, area=GapArea.PRICE, blocking=False, sentence=sentence, row_ref=row.ref, lot_ref=row.lot_ref)


def _unsigned(offer: Offer, row: PriceRow) -> str:
    names = {party.key: party.name for party in offer.parties}
    waiting = [names.get(s.party_key, s.party_key) for s in row.shares if s.quantity > 0 and not s.is_signed]
    return f" {listing(waiting)} har inte skrivit under sitt löfte." if waiting else ""


def _over_ceiling(offer: Offer, whole: Money) -> Iterator[Gap]:
    """The agreement ends when its ceiling is reached (C-23/20), so a dearer bid cannot be delivered in full."""
    years = offer.term_years + sum(offer.option_years)
    worth = whole.times(years)
    if offer.ceiling and worth > offer.ceiling:
        sentence = (
            f"Anbudet är värt {worth} på {years} år, men takvärdet är {offer.ceiling}. När taket är nått upphör "
            "avtalet. Kontrollera mängderna och priserna."
        )
        yield Gap(key="price:ceiling", area=GapArea.PRICE, blocking=False, sentence=sentence)
