"""What a day's papers hold, as frozen values: parcels, the stops they go to, and sums by article. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.money import Money
from app.orders.sheets.labels import LabelSheet
from app.papers import Party


class SheetKind(StrEnum):
    """Which paper."""

    DAY = "day"
    BY_CUSTOMER = "by_customer"
    BY_ARTICLE = "by_article"
    ROUTE = "route"
    NOTES = "notes"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel goes, or where it comes from."""

    name: str
    street: str
    postcode: str
    city: str
    municipality: str
    """SCB's four digits; they put neighbours beside each other, because the first two are the county's."""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """So much of one order line in a parcel."""

    number: str
    name: str
    unit: str
    """What one is called."""
    quantity: Decimal
    ordered: Decimal
    """Of the whole line, without what is called off."""
    earlier: Decimal
    """Of the line, delivered by whomever before this parcel."""
    unit_price: Money
    """Of `per` units, without VAT."""
    per: Decimal = Decimal(1)
    deposit: bool = False
    """Whether the box or the basket is to come back."""

    @property
    def left(self) -> Decimal:
        """What the customer waits for when this parcel has been handed over."""
        return max(Decimal(0), self.ordered - self.earlier - self.quantity)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is taken along from a stop: what was not as it should be, and is delivered anew."""

    name: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class How:
    """How a parcel leaves whoever made it, where that is not simply driven to the customer by the maker."""

    collect: str = ""
    """Where and when the customer collects it."""
    carrier: str = ""
    """The member that drives it for the maker."""
    unsettled: bool = False
    """Whether the customer has to choose the way anew."""
    pick_up: Place | None = None
    """On the carrier's own papers: where it fetches the goods."""
    carriage: int = 0
    """The carrier's assignment, on its own papers."""

    @property
    def stays(self) -> bool:
        """Whether whose papers these are drives nowhere with it."""
        return self.pick_up is None and bool(self.collect or self.carrier or self.unsettled)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one member hands over at one place on one day."""

    assignment: int
    order: int
    """The order's number."""
    ordered_on: date
    day: date
    member: str
    customer: str
    org_number: str
    to: Place
    to_member: bool
    """Whether it goes to whoever makes the next step, and not to the customer."""
    own: bool
    """Whether the member makes the next step itself, so that nothing is driven anywhere."""
    items: tuple[Item, ...]
    done: bool
    """Whether it is reported as handed over."""
    note: str = ""
    """What the customer wrote to whoever delivers, and what is known of the door."""
    order_reference: str = ""
    buyer_reference: str = ""
    cost_centre: str = ""
    window: str = ""
    """Between which hours, in words; none where the whole day will do."""
    waits_for: tuple[str, ...] = ()
    """Whose step before must come first, and with what."""
    fetched: tuple[Fetched, ...] = ()
    how: How = How()

    @property
    def driver(self) -> str:
        """Who hands it over."""
        return self.how.carrier or self.member

    @property
    def deposits(self) -> tuple[str, ...]:
        """What has boxes or baskets that come back empty."""
        return tuple(dict.fromkeys(item.name for item in self.items if item.deposit))


@dataclass(frozen=True, slots=True)
class Stop:
    """One place at which all that goes there is left."""

    place: Place
    window: str
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """How much of an article the day's parcels hold together."""

    number: str
    name: str
    unit: str
    quantity: Decimal
    parcels: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper, ready to be printed."""

    kind: SheetKind
    day: date
    whose: str
    """The member's name; the sales company's when it shows all members'."""
    all_members: bool
    seller: Party
    parcels: tuple[Parcel, ...]
    sums: tuple[Sum, ...] = ()
    prices: bool = False
    """Whether a delivery note says what the goods cost."""
    labels: LabelSheet | None = None


def stops(parcels: Iterable[Parcel]) -> list[Stop]:
    """What is to be driven, place by place: neighbours beside each other, and what must come early first."""
    found: dict[tuple[str, ...], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        if not parcel.own and not parcel.how.stays:
            found[(*_way(parcel.to), parcel.window, parcel.to.name)].append(parcel)
    return [Stop(group[0].to, group[0].window, tuple(group)) for _key, group in sorted(found.items())]


def fetched_here(parcels: Iterable[Parcel]) -> list[Parcel]:
    """What others fetch, or what nobody knows yet how it comes: no stop, but it must be ready."""
    return sorted((one for one in parcels if one.how.stays), key=lambda one: (one.day, one.order, one.assignment))


def by_customer(parcels: Iterable[Parcel]) -> list[tuple[str, list[Parcel]]]:
    """The parcels under the name that stands on them, in the order in which they are driven."""
    found: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in sorted(parcels, key=lambda one: (*_way(one.to), one.window, one.order)):
        found[parcel.to.name if parcel.to_member else parcel.customer].append(parcel)
    return list(found.items())


def _way(place: Place) -> tuple[str, ...]:
    """Sorts places as one drives: by municipality, then by postcode, whose figures follow the postman's way."""
    return place.municipality, place.postcode.replace(" ", ""), place.street.casefold()
