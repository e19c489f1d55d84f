"""What a quote must satisfy before it is sent, and before it is accepted."""

from __future__ import annotations

from datetime import date, datetime

from app import clock, particulars
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article
from app.catalog.quantities import allowed
from app.errors import Refused
from app.formats import moment, swedish_day
from app.money import Money
from app.orders.cart import MOST_LINES
from app.orders.checks import FARTHEST_DAYS, check_audience, check_day
from app.orders.quotes.models import Quote, QuoteLine, QuoteVersion
from app.orders.quotes.states import IN_SWEDISH, OPEN, QuoteState
from app.orders.quotes.sums import sums_of
from app.treatments import MISSING_NUMBER

LARGEST_PRICE = Money(1_000_000_000)
"""Ten million kronor a unit: more is a slip of the hand."""


def check_sendable(version: QuoteVersion, now: datetime) -> None:
    """Raises Refused for a version without lines, or with a line, day or validity that cannot be.

    So it does for a buyer who reckons the VAT and has no VAT number: what it orders could not be invoiced.
    """
    today = clock.local_date(now)
    if not version.lines:
        raise Refused("Offerten har inga rader. Lägg till en artikel först.")
    if len(version.lines) > MOST_LINES:
        raise Refused(f"En offert kan ha högst {MOST_LINES} rader. Dela upp den i två.")
    check_day(version.delivery_day, now)
    if version.valid_to < today:
        raise Refused("Giltighetstiden har redan gått ut. Välj en dag från och med i dag.")
    if (version.valid_to - today).days > FARTHEST_DAYS:
        raise Refused("En offert får gälla högst ett år.")
    for line in version.lines:
        check_line(line)
    check_audience([line.article for line in version.lines], version.quote.customer)
    if lacks_vat_number(version):
        raise Refused(MISSING_NUMBER)


def lacks_vat_number(version: QuoteVersion) -> bool:
    """Whether the customer reckons the VAT on some of it, and could not be invoiced: its number is not known."""
    return not version.quote.customer.vat_number and bool(sums_of(version, with_vat=False).reversed)


def check_line(line: QuoteLine) -> None:
    """Raises Refused for what is no longer sold, or not in that quantity."""
    if not _is_sold(line.article):
        raise Refused(f"{line.name} säljs inte längre. Ta bort raden, eller välj något annat.")
    if line.unit_price > LARGEST_PRICE:
        raise Refused(f"{line.name}: priset är större än vi kan skriva. Kontrollera det.")
    try:
        allowed(line.quantity, line.article)
    except ValueError as wrong:
        raise Refused(f"{line.name}: {wrong}") from wrong


def check_open(quote: Quote, number: int, today: date) -> QuoteVersion:
    """The version with that number, if it is the one that holds. Raises Refused, saying why it is not."""
    offered = quote.offered
    if offered is None:
        raise Refused("Offerten är inte skickad än. Vi skriver till dig när den är klar.")
    if quote.state == QuoteState.ACCEPTED:
        raise Refused(f"Offerten är redan antagen av {offered.accepted_by}.")
    if quote.state not in OPEN:
        raise Refused(f"Offerten är {IN_SWEDISH[quote.state]} och kan inte besvaras. Be oss om en ny om du vill.")
    if offered.number != number:
        raise Refused(f"Version {number} har ersatts av version {offered.number}. Läs den nya, och svara sedan.")
    if not offered.is_valid(today):
        day = swedish_day(offered.valid_to, today)
        raise Refused(f"Offerten gällde till och med {day}. Be oss om en ny, så svarar vi så fort vi kan.")
    return offered


def check_heard(version: QuoteVersion, said_at: datetime, now: datetime) -> None:
    """Raises Refused for a yes that was said before the version was sent, or has not been said yet."""
    if said_at > now:
        raise Refused("Tidpunkten ligger framåt i tiden. Skriv när kunden sa ja.")
    if version.sent_at is not None and said_at < version.sent_at.replace(second=0, microsecond=0):
        raise Refused(
            f"Version {version.number} skickades {moment(version.sent_at)}. Kunden kan inte ha sagt ja före det."
        )


def check_still_sold(version: QuoteVersion) -> None:
    """Raises Refused when something in the quote can no longer be had."""
    gone = [line.name for line in version.lines if not _is_sold(line.article)]
    if gone:
        raise Refused(f"{', '.join(gone)} säljs inte längre, så offerten kan inte antas. Be oss om en ny.")


def name_of(typed: str) -> str:
    """The name of whoever accepts. Raises Refused without one."""
    return particulars.line(typed, "Namnet")


def words_of(typed: str, missing: str) -> str:
    """A reason or a wish. Raises Refused, with that sentence, without one."""
    text = particulars.paragraphs(typed, "Texten", longest=1000)
    if not text:
        raise Refused(missing)
    return text


def _is_sold(article: Article) -> bool:
    """A bundle is sold while all its parts are."""
    parts = [part.article for part in article.parts] if article.kind == ArticleKind.BUNDLE else []
    return all(one.state == ApprovalState.APPROVED for one in (article, *parts))
