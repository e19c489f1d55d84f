"""THE STORY of a quote: asked for or begun by staff, sent, reminded of, answered - and accepted, it is an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app import clock, jobs, orderflow
from app.accounts.models import User
from app.catalog.pricing.rules import Priced
from app.customers.models import Customer
from app.orders.cart import Cart, Delivery, LineMark
from app.orders.delivery.parcels import Choices
from app.orders.delivery.states import WayWish
from app.orders.models import Order
from app.orders.quotes import actions as quotes
from app.orders.quotes import emails, paper, queries
from app.orders.quotes.actions import Heard
from app.orders.quotes.models import Quote, QuoteVersion


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What whoever accepts a quote writes: its name, the day, and how deliveries and invoices are to be marked."""

    version: int
    name: str
    day: date
    buyer_reference: str = ""
    order_reference: str = ""
    cost_centre: str = ""
    note: str = ""
    marks: tuple[tuple[int, LineMark], ...] = ()
    consent: str = ""
    choices: Choices | None = None
    """How each parcel comes, as the page showed it; None where nothing was shown, and then as wished."""
    wished_way: WayWish | None = None


def ask(cart: Cart, wish: Delivery, *, customer: Customer, ticket: str, by: User | None, now: datetime) -> Quote:
    """A customer asks for a quote on its basket; staff are told, and the customer that we have got it."""
    quote = quotes.ask(cart, wish, customer=customer, ticket=ticket, by=by, now=now)
    emails.confirm_request(quote, now=now)
    emails.tell_staff(quote, "Ny offertförfrågan", quote.events[-1], now=now)
    return quote


def send(version: QuoteVersion, *, by: User, now: datetime) -> Quote:
    """Staff send a version: it replaces what was sent before. The letter goes when its PDF is printed."""
    quotes.send(version, by=by, now=now)
    paper.freeze(version, emails.quote_letter(version, now=now), emails.quote_link(version.quote))
    return version.quote


@jobs.every_minute
def remind_all(now: datetime) -> None:
    """Look for quotes that soon expire and that nobody has answered; each is a job of its own."""
    for version_id in queries.to_remind(now):
        jobs.enqueue(remind, version_id=version_id)


@jobs.job
def remind(version_id: int) -> None:
    """Write to the customer, once: run twice, it finds that nobody is to be reminded."""
    version, now = queries.version_held(version_id), clock.now()
    if version.remind_at is not None and version.remind_at <= now and quotes.remind(version, now=now):
        emails.remind(version, now=now)


def withdraw(quote: Quote, reason: str, *, by: User, now: datetime) -> Quote:
    """Staff take it back; a customer that knows nothing of it is told nothing."""
    quotes.withdraw(quote, reason, by=by, now=now)
    if quote.is_for_customer:
        emails.tell_withdrawn(quote, reason, now=now)
    return quote


def accept(
    quote: Quote, acceptance: Acceptance, *, by: User | None, now: datetime, heard: Heard | None = None
) -> Order:
    """The customer accepts: an ordinary order at the quoted prices, shared out among members as any other.

    `by` is whoever accepts, None for somebody without an account; `heard` says who of us was told so by telephone or
    e-mail. Raises Refused when the version is not the one that holds, when something in it is no longer sold, or when
    the order itself cannot be, as on a day that has passed or in a way that is not to be had.
    """
    version, name = quotes.to_accept(quote, acceptance.version, acceptance.name, now, heard)
    order = orderflow.checkout(
        version.cart,
        _delivery(version, acceptance),
        customer=quote.customer,
        ticket=f"offert-{quote.number}",
        by=by,
        now=now,
        consent=acceptance.consent,
        quoted=_prices(version),
        choices=acceptance.choices,
        words=f"Offert {quote.number}. {name}: {heard.words}" if heard else "",
    )
    quotes.accept(quote, version, name, order, by=by, now=now, heard=heard)
    emails.tell_staff(quote, "Antagen", quote.events[-1], now=now)
    return order


def decline(quote: Quote, number: int, reason: str, *, by: User | None, now: datetime) -> Quote:
    """The customer says no."""
    quotes.decline(quote, number, reason, by=by, now=now)
    return _tell(quote, "Avböjd", now)


def ask_for_change(quote: Quote, number: int, wish: str, *, by: User | None, now: datetime) -> Quote:
    """The customer wants it otherwise; staff write a new version."""
    quotes.ask_for_change(quote, number, wish, by=by, now=now)
    return _tell(quote, "Önskemål om ändring", now)


def _tell(quote: Quote, subject: str, now: datetime) -> Quote:
    event = quote.events[-1]
    emails.tell_staff(quote, subject, event, now=now)
    emails.tell_answer(quote, event, now=now)
    return quote


def _delivery(version: QuoteVersion, acceptance: Acceptance) -> Delivery:
    """To the place for which it was quoted, on the day that the customer has chosen."""
    return Delivery(
        day=acceptance.day,
        name=version.delivery_name,
        street=version.street,
        postcode=version.postcode,
        city=version.city,
        municipality=version.municipality,
        buyer_reference=acceptance.buyer_reference,
        order_reference=acceptance.order_reference,
        cost_centre=acceptance.cost_centre,
        note=acceptance.note,
        marks=dict(acceptance.marks),
        wished_way=acceptance.wished_way,
    )


def _prices(version: QuoteVersion) -> dict[int, Priced]:
    """The quoted prices as the order keeps them."""
    because = f"Offert {version.quote.number}, version {version.number}"
    return {line.article_id: Priced(line.unit_price, because, line.usual_price) for line in version.lines}
