"""From a version's rows to the values of its paper, and the paper itself once a worker has printed it."""

from __future__ import annotations

import json
from datetime import datetime

from app import clock, jobs, units
from app.catalog import bundles
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.mail import Letter
from app.members.queries import sales_company
from app.orders.quotes.document import PaperLine, QuotePaper
from app.orders.quotes.models import Quote, QuoteLine, QuoteVersion
from app.orders.quotes.sums import QuoteSums, sums_of
from app.papers import party
from bids import canonical

PRINTING = "app.orders.quotes.printing.print_quote"


def freeze(version: QuoteVersion, letter: Letter, link: str) -> QuoteVersion:
    """Keep what is sent as a document of its own; the letter lies until its PDF is made. `link` leads to its page."""
    version.document = json.loads(canonical.dumps(_values(version, link)))
    version.letter = letter
    jobs.enqueue(PRINTING, version_id=version.id)
    return version


def values_of(version: QuoteVersion) -> QuotePaper:
    """The frozen document as values."""
    return canonical.loads(json.dumps(version.document), QuotePaper)


def file_name(version: QuoteVersion) -> str:
    """``offert-1001.pdf``, and later versions with their number."""
    later = f"-version-{version.number}" if version.number > 1 else ""
    return f"offert-{version.quote.number}{later}.pdf"


def printed(quote: Quote, number: int) -> tuple[StoredFile, str]:
    """The PDF of a version that was sent, and its name. Raises NotYours, and Refused while it is being printed."""
    version = next((one for one in quote.sent if one.number == number and one.document is not None), None)
    if version is None:
        raise NotYours
    if version.file is None:
        raise Refused("Offerten skrivs ut just nu. Försök igen om en liten stund.")
    return version.file, file_name(version)


def _values(version: QuoteVersion, link: str) -> QuotePaper:
    customer = version.quote.customer
    sums = sums_of(version, with_vat=customer.sees_vat)
    return QuotePaper(
        number=version.quote.number,
        version=version.number,
        sent_on=clock.local_date(_sent(version)),
        valid_to=version.valid_to,
        seller=party(sales_company()),
        buyer=party(customer),
        text=version.text,
        delivery_day=version.delivery_day,
        delivered_to=f"{version.delivery_name}, {version.street}, {version.postcode} {version.city}",
        payment_days=customer.payment_days,
        with_vat=sums.with_vat,
        lines=tuple(_line(line, version, sums) for line in version.lines),
        vat_sums=sums.vat,
        page=link.partition("?")[0],
        link=link,
        buyer_vat_number=customer.vat_number or "",
    )


def _line(line: QuoteLine, version: QuoteVersion, sums: QuoteSums) -> PaperLine:
    buyer, day = version.quote.customer.vat_buyer, version.delivery_day
    taxed = bundles.taxed(line.article, line.unit_price)
    return PaperLine(
        number=line.number,
        name=line.name,
        quantity=line.quantity,
        unit_name=line.unit_text or units.unit(line.unit).symbol_sv,
        unit_price=sums.units[line.id],
        sum=sums.sums[line.id],
        rates=tuple(bundles.rates_of(taxed, day, buyer)),
        is_reversed=bool(bundles.reversed_of(taxed, day, line.quantity, buyer)),
    )


def _sent(version: QuoteVersion) -> datetime:
    if version.sent_at is None:
        raise ValueError(f"version {version.id} is not sent")
    return version.sent_at
