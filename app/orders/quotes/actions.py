"""What can be done to a quote; the order of the steps is told in `app/quoteflow.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from app import audit, clock, numbering, particulars
from app.accounts.models import User
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.actions import articles_in
from app.orders.cart import MOST_LINES, Cart, Delivery
from app.orders.checks import check_audience, check_day
from app.orders.models import Order
from app.orders.pricing import price_cart
from app.orders.quotes.checks import check_heard, check_open, check_sendable, check_still_sold, name_of, words_of
from app.orders.quotes.models import Quote, QuoteEvent, QuoteLine, QuoteVersion
from app.orders.quotes.reminding import remind_at
from app.orders.quotes.states import HOW_IN_SWEDISH, AcceptedHow, QuoteEventKind, QuoteState

USUAL_DAYS = 30
"""So long a quote holds when nobody says otherwise."""
PLACE = ("street", "postcode", "city", "municipality")


@dataclass(frozen=True, slots=True)
class Wording:
    """What staff write in a version. Lines are article id -> (quantity, price per unit without VAT)."""

    lines: Mapping[int, tuple[Decimal, Money]]
    text: str
    valid_to: date
    delivery_day: date


@dataclass(frozen=True, slots=True)
class Heard:
    """That the customer said yes by telephone or e-mail: to whom of us, when, and what else there is to know."""

    how: AcceptedHow
    at: datetime
    by: User
    note: str = ""

    @property
    def words(self) -> str:
        """As the time line says it."""
        return f"Sa ja {HOW_IN_SWEDISH[self.how]}. Inskrivet av {self.by.name}. {self.note}".strip()


def ask(cart: Cart, wish: Delivery, *, customer: Customer, ticket: str, by: User | None, now: datetime) -> Quote:
    """A customer asks what a basket would cost. The first version is begun at today's prices, for staff to write on.

    Raises Refused for an empty basket, something that is not sold to it, or a day that will not do.
    """
    check_day(wish.day, now)
    articles = articles_in(cart)
    check_audience(articles.values(), customer)
    quote = Quote(state=QuoteState.REQUESTED, message=wish.note, wished_day=wish.day, customer=customer)
    return _make(quote, ticket, (articles, cart), wish, by=by, now=now)


def begin(customer: Customer, wish: Delivery, *, ticket: str, by: User, now: datetime) -> Quote:
    """Staff begin a quote of their own accord, still without lines."""
    quote = Quote(state=QuoteState.DRAFT, customer=customer)
    return _make(quote, ticket, ({}, {}), wish, by=by, now=now)


def new_version(quote: Quote, *, by: User, now: datetime) -> QuoteVersion:
    """Begin another version from the last one, or give back the one that is begun. Raises Refused when accepted."""
    if quote.state == QuoteState.ACCEPTED:
        raise Refused("Offerten är redan antagen. Ändra beställningen i stället.")
    if quote.draft is not None:
        return quote.draft
    last = quote.versions[-1]
    kept = {name: getattr(last, name) for name in ("text", "delivery_day", "delivery_name", *PLACE)}
    version = QuoteVersion(number=last.number + 1, valid_to=_usual_end(now), **kept)
    version.lines = [_copy(line) for line in last.lines]
    quote.versions.append(version)
    audit.record(quote, "version begun", by=by, now=now, version=version.number)
    return version


def put(version: QuoteVersion, article: Article, quantity: Decimal, *, by: User, now: datetime) -> QuoteVersion:
    """Put an article into what is being written, at the customer's own price. Raises Refused when it lies there."""
    _must_be_unsent(version)
    if article.id in version.cart:
        raise Refused(f"{article.name} finns redan i offerten. Ändra antalet i stället.")
    if len(version.lines) >= MOST_LINES:
        raise Refused(f"En offert kan ha högst {MOST_LINES} rader. Dela upp den i två.")
    check_audience([article], version.quote.customer)
    version.lines.extend(_lines({article.id: article}, {article.id: quantity}, version.quote.customer, now))
    audit.record(version.quote, "line added", by=by, now=now, article=article.number)
    return version


def write(version: QuoteVersion, wording: Wording, *, by: User, now: datetime) -> QuoteVersion:
    """Change what is being written; a line that is left out goes. Raises Refused when it has been sent."""
    _must_be_unsent(version)
    version.text = particulars.paragraphs(wording.text, "Texten")
    version.valid_to, version.delivery_day = wording.valid_to, wording.delivery_day
    for line in list(version.lines):
        if line.article_id not in wording.lines:
            version.lines.remove(line)
            continue
        line.quantity, line.unit_price = wording.lines[line.article_id]
    audit.record(version.quote, "written", by=by, now=now, version=version.number)
    return version


def send(version: QuoteVersion, *, by: User, now: datetime) -> QuoteVersion:
    """From now on this is what the customer may accept, and nobody can change it. Raises Refused."""
    _must_be_unsent(version)
    check_sendable(version, now)
    quote = version.quote
    quote.state = QuoteState.SENT
    version.sent_at, version.sent_by = now, by.name
    version.remind_at = remind_at(clock.local_date(now), version.valid_to)
    _note(quote, QuoteEventKind.SENT, version.number, by=by.name, now=now)
    audit.record(quote, "sent", by=by, now=now, version=version.number)
    return version


def remind(version: QuoteVersion, *, now: datetime) -> bool:
    """Whether the customer is to be reminded now; asked once. Who has answered, or can no longer, is not."""
    quote, version.remind_at = version.quote, None
    valid = version.is_valid(clock.local_date(now))
    if quote.state != QuoteState.SENT or version is not quote.offered or not valid:
        return False
    _note(quote, QuoteEventKind.REMINDED, version.number, by="", now=now)
    audit.record(quote, "reminded", by=None, now=now, version=version.number)
    return True


def withdraw(quote: Quote, reason: str, *, by: User, now: datetime) -> Quote:
    """Staff take the quote back: it can no longer be accepted. Raises Refused without a reason, or when accepted."""
    words = words_of(reason, "Skriv varför offerten tas tillbaka. Kunden läser det.")
    quote.state = QuoteState.WITHDRAWN
    _note(quote, QuoteEventKind.WITHDRAWN, _number(quote), by=by.name, now=now, words=words)
    audit.record(quote, "withdrawn", by=by, now=now)
    return quote


def accept(
    quote: Quote,
    version: QuoteVersion,
    name: str,
    order: Order,
    *,
    by: User | None,
    now: datetime,
    heard: Heard | None = None,
) -> Quote:
    """Keep who accepted which version when, and the order that came of it; and who of us was told so, if one was."""
    quote.state, quote.order = QuoteState.ACCEPTED, order
    version.accepted_at, version.accepted_by = now, name
    kept: dict[str, str | int] = {"version": version.number, "name": name, "order": order.number}
    if heard is not None:
        version.accepted_at, version.accepted_how, version.recorded_by = heard.at, heard.how, heard.by.name
        kept |= {"how": heard.how.value, "said": heard.at.isoformat(), "note": heard.note}
        audit.record(order, "recorded", by=heard.by, now=now, quote=quote.number, name=name, how=heard.how.value)
    words = heard.words if heard else ""
    _note(quote, QuoteEventKind.ACCEPTED, version.number, by=name, now=now, words=words)
    audit.record(quote, "accepted", by=heard.by if heard else by, now=now, **kept)
    return quote


def to_accept(
    quote: Quote, number: int, name: str, now: datetime, heard: Heard | None = None
) -> tuple[QuoteVersion, str]:
    """The version that is accepted, and the name in good order. Raises Refused when it cannot be accepted.

    What was said while it held can be written down when it no longer does.
    """
    said_at = heard.at if heard else now
    version = check_open(quote, number, clock.local_date(said_at))
    if heard is not None:
        check_heard(version, heard.at, now)
    check_still_sold(version)
    return version, name_of(name)


def decline(quote: Quote, number: int, reason: str, *, by: User | None, now: datetime) -> Quote:
    """The customer says no to a version, and why. Raises Refused when it is not the one that holds."""
    words = words_of(reason, "Skriv varför du avböjer. Det hjälper oss att göra ett bättre erbjudande.")
    version = check_open(quote, number, clock.local_date(now))
    quote.state = QuoteState.DECLINED
    return _answered(quote, QuoteEventKind.DECLINED, version, words, by=by, now=now)


def ask_for_change(quote: Quote, number: int, wish: str, *, by: User | None, now: datetime) -> Quote:
    """The customer wants it otherwise. What was sent holds until something else is sent. Raises Refused."""
    words = words_of(wish, "Skriv vad du vill ändra.")
    version = check_open(quote, number, clock.local_date(now))
    if quote.state != QuoteState.CHANGE_ASKED:
        quote.state = QuoteState.CHANGE_ASKED
    return _answered(quote, QuoteEventKind.CHANGE_ASKED, version, words, by=by, now=now)


def _answered(
    quote: Quote, kind: QuoteEventKind, version: QuoteVersion, words: str, *, by: User | None, now: datetime
) -> Quote:
    name = by.name if by else quote.customer.name
    _note(quote, kind, version.number, by=name, now=now, words=words)
    audit.record(quote, kind.value, by=by, now=now, version=version.number)
    return quote


def _make(
    quote: Quote,
    ticket: str,
    content: tuple[Mapping[int, Article], Cart],
    wish: Delivery,
    *,
    by: User | None,
    now: datetime,
) -> Quote:
    quote.number, quote.ticket, quote.made_at = numbering.draw("quote"), ticket, now
    place = {name: getattr(wish, name) for name in PLACE}
    version = QuoteVersion(number=1, valid_to=_usual_end(now), delivery_day=wish.day, delivery_name=wish.name, **place)
    version.lines = _lines(*content, quote.customer, now)
    quote.versions.append(version)
    db.session.add(quote)
    asked = quote.state == QuoteState.REQUESTED
    kind = QuoteEventKind.REQUESTED if asked else QuoteEventKind.BEGUN
    name = by.name if by else quote.customer.name
    _note(quote, kind, None, by=name, now=now, words=quote.message)
    audit.record(quote, kind.value, by=by, now=now)
    return quote


def _lines(articles: Mapping[int, Article], cart: Cart, customer: Customer, now: datetime) -> list[QuoteLine]:
    priced = price_cart(articles.values(), cart, customer, clock.local_date(now))
    return [_line(articles[id_], quantity, priced[id_].unit_price) for id_, quantity in cart.items()]


def _line(article: Article, quantity: Decimal, price: Money) -> QuoteLine:
    named = {name: getattr(article, name) for name in ("number", "name", "unit", "unit_text")}
    return QuoteLine(
        article=article, article_id=article.id, quantity=quantity, unit_price=price, usual_price=price, **named
    )


def _copy(line: QuoteLine) -> QuoteLine:
    names: Iterable[str] = ("article", "article_id", "number", "name", "unit", "unit_text", "quantity")
    return QuoteLine(
        **{name: getattr(line, name) for name in names}, unit_price=line.unit_price, usual_price=line.usual_price
    )


def _note(
    quote: Quote, kind: QuoteEventKind, version: int | None, *, by: str, now: datetime, words: str = ""
) -> QuoteEvent:
    event = QuoteEvent(at=now, kind=kind, version=version, by_name=by, words=words)
    quote.events.append(event)
    return event


def _number(quote: Quote) -> int | None:
    return quote.offered.number if quote.offered else None


def _must_be_unsent(version: QuoteVersion) -> None:
    if version.sent_at is not None:
        raise Refused(f"Version {version.number} är skickad och kan inte ändras. Skriv en ny version.")


def _usual_end(now: datetime) -> date:
    return clock.local_date(now) + timedelta(days=USUAL_DAYS)
