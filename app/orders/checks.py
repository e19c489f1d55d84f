"""What an order must satisfy before it is written: the day, the place, the references, who buys what, and consent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from app import clock, places
from app.catalog import bundles
from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.models import ApprovalState, Article
from app.customers.models import Customer, CustomerKind
from app.errors import Refused
from app.members.queries import sales_company
from app.orders.cart import Delivery
from app.workdays import is_working_day

FARTHEST_DAYS = 365


def check_delivery(delivery: Delivery, customer: Customer, now: datetime) -> None:
    """Raises Refused for a day or place that will not do, and without a reference that the invoices need."""
    check_day(delivery.day, now)
    if delivery.municipality not in {place.code for place in places.all_municipalities()}:
        raise Refused("Välj kommunen i listan.")
    check_references(delivery.order_reference, delivery.buyer_reference, customer)


def check_day(day: date, now: datetime) -> None:
    """Raises Refused for a day on which nothing can be delivered."""
    days = (day - clock.local_date(now)).days
    if days < 1:
        raise Refused("Leveransdagen måste vara tidigast i morgon.")
    if days > FARTHEST_DAYS:
        raise Refused("Leveransdagen får ligga högst ett år fram.")
    if not is_working_day(day):
        raise Refused("Vi levererar på vardagar, måndag till fredag. Välj en annan dag.")


def check_references(order_reference: str, buyer_reference: str, customer: Customer) -> None:
    """Raises Refused without a reference that the customer's invoices need."""
    if not customer.has_references:
        return
    if customer.needs_order_reference and not order_reference:
        raise Refused("Ert ordernummer måste stå på fakturan. Fyll i det.")
    if customer.needs_buyer_reference and not buyer_reference:
        raise Refused("Er beställarreferens måste stå på fakturan. Fyll i den.")


def check_audience(articles: Iterable[Article], customer: Customer) -> None:
    """Work training places are for public bodies, and shared services for members. Raises Refused."""
    wanted = list(articles)
    shared = next((article for article in wanted if article.state == ApprovalState.MEMBERS), None)
    if shared is not None and customer.member_id is None:
        raise Refused(f"{shared.name} säljs bara till våra medlemmar. Ta bort den ur varukorgen.")
    closed = next((article for article in wanted if article.kind == ArticleKind.PLACEMENT), None)
    if closed is not None and customer.kind != CustomerKind.PUBLIC:
        raise Refused(f"{closed.name} säljs bara till kommuner, regioner och myndigheter. Ta bort den ur varukorgen.")


def lacking_vat_number(articles: Iterable[Article], customer: Customer, day: date) -> list[Article]:
    """Those on which the customer reckons the VAT, where its number is not known: no invoice can be made of them."""
    if not customer.sells_building or customer.vat_number:
        return []
    return [one for one in articles if bundles.is_reversed_for(one, day, customer.vat_buyer)]


def check_vat_number(articles: Iterable[Article], customer: Customer, day: date) -> None:
    """Raises Refused for what could not be invoiced, because the customer's VAT number is missing (ML 17:24)."""
    theirs = lacking_vat_number(articles, customer, day)
    if theirs:
        raise Refused(f"{vat_number_wanted(theirs)} Inget är beställt.")


def vat_number_wanted(articles: Iterable[Article]) -> str:
    """What the customer reads: what is missing, why it is needed, and how it is mended."""
    house, names = sales_company(), ", ".join(article.name for article in articles)
    ways = f"Mejla det till {house.email}" + (f" eller ring {house.phone}" if house.phone else "")
    return (
        f"Ert momsnummer saknas hos oss. Ni redovisar själva momsen på {names}, och då måste det stå på fakturan."
        f" {ways}, så skriver vi in det, och sedan går det att beställa."
    )


def needing_consent(articles: Iterable[Article], customer: Customer | None) -> list[Article]:
    """The services of which a private person must ask us to begin before the days of withdrawal have passed.

    The right of withdrawal ends with the work only if the person has asked for it expressly, and accepted that it does
    (lagen 2005:59 om distansavtal, 2 kap. 11 § 1). A guest, for whom `customer` is None, is a private person. The day
    of delivery does not matter: a repair is begun before the day on which it is handed over.
    """
    if customer is not None and customer.kind != CustomerKind.PRIVATE:
        return []
    return [article for article in articles if article.withdrawal == Withdrawal.SERVICE]


def consent_to_keep(articles: Iterable[Article], customer: Customer, consent: str) -> str:
    """The words that the person has agreed to, as the order keeps them; none where none are called for.

    Raises Refused when they are called for and missing.
    """
    services = needing_consent(articles, customer)
    if services and not consent.strip():
        names = ", ".join(article.name for article in services)
        raise Refused(f"Kryssa i att vi får börja med arbetet, så kan vi ta emot beställningen. Det gäller {names}.")
    return consent.strip() if services else ""
