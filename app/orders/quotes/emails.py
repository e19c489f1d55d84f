"""The letters about a quote. Their words are in templates/emails; here is who gets which."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app import mail
from app.accounts import queries as people
from app.catalog.house import house
from app.mail import Letter
from app.orders.quotes.models import Quote, QuoteEvent, QuoteVersion
from app.orders.quotes.sums import sums_of


def confirm_request(quote: Quote, *, now: datetime) -> None:
    """To the customer: we have got the question."""
    _to_customer("quote_requested", f"Vi har fått din offertförfrågan {quote.number}", quote, now=now)


def tell_staff(quote: Quote, subject: str, event: QuoteEvent, *, now: datetime) -> None:
    """To the sales company: the customer asks, or has answered."""
    link = f"{current_app.config['BASE_URL']}/personal/offerter/{quote.number}"
    body = mail.words("quote_news", quote=quote, event=event, link=link)
    to = (house().name, house().email)
    mail.write(kind="quote_news", to=to, subject=f"{subject}, offert {quote.number}", body=body, now=now)


def quote_letter(version: QuoteVersion, *, now: datetime) -> Letter:
    """To the customer: what we offer, until when, and where to answer. It lies until its PDF is made."""
    quote = version.quote
    sums = sums_of(version, with_vat=quote.customer.sees_vat)
    subject = f"Offert {quote.number}" if version.number == 1 else f"Offert {quote.number}, version {version.number}"
    return _to_customer("quote_sent", subject, quote, now=now, send=False, version=version, sums=sums)


def remind(version: QuoteVersion, *, now: datetime) -> None:
    """To the customer: it has not answered, and until when it can."""
    quote = version.quote
    sums = sums_of(version, with_vat=quote.customer.sees_vat)
    subject = f"Offert {quote.number} går snart ut"
    _to_customer("quote_reminder", subject, quote, now=now, version=version, sums=sums)


def tell_withdrawn(quote: Quote, reason: str, *, now: datetime) -> None:
    """To the customer: the quote no longer holds."""
    _to_customer("quote_withdrawn", f"Offert {quote.number} gäller inte längre", quote, now=now, reason=reason)


def tell_answer(quote: Quote, event: QuoteEvent, *, now: datetime) -> None:
    """To the customer: what it has answered, as we have understood it."""
    _to_customer("quote_answered", f"Ditt svar på offert {quote.number}", quote, now=now, event=event)


def quote_link(quote: Quote) -> str:
    """The quote's page. It carries a key where the customer has nobody who can sign in."""
    page = f"{current_app.config['BASE_URL']}/offerter/{quote.number}"
    signs_in = any(user.active and not user.is_waiting for user in people.people_of(customer_id=quote.customer_id))
    return page if signs_in else f"{page}?nyckel={quote_key(quote.number)}"


def quote_key(number: int) -> str:
    """The key by which a guest opens a quote."""
    return str(_keys().dumps(number))


def opens(key: str, number: int) -> bool:
    """Whether the key is this quote's."""
    try:
        return bool(_keys().loads(key) == number)
    except BadSignature:
        return False


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="quote")


def _to_customer(
    kind: str, subject: str, quote: Quote, *, now: datetime, send: bool = True, **values: object
) -> Letter:
    body = mail.words(kind, quote=quote, link=quote_link(quote), **values)
    to = (quote.customer.name, quote.customer.email)
    return mail.write(kind=kind, to=to, subject=subject, body=body, now=now, send=send)
