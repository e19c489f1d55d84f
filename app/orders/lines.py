"""What is written of an article when it is ordered: a line, or the lines of a bundle."""

from __future__ import annotations

from decimal import Decimal

from app.catalog import chains
from app.catalog.kinds import ArticleKind
from app.catalog.models import Article
from app.catalog.pricing.rules import Priced
from app.money import Money
from app.orders.models import OrderBundle, OrderLine


def lines_of(article: Article, quantity: Decimal, priced: Priced) -> list[OrderLine]:
    """What is ordered with an article: one line, or one for each part of a bundle."""
    if article.kind == ArticleKind.BUNDLE:
        return _bundle_lines(article, quantity, priced)
    line = new_line(article, quantity, priced, priced.unit_price)
    line.agreed_cost = priced.cost
    return [line]


def _bundle_lines(article: Article, quantity: Decimal, priced: Priced) -> list[OrderLine]:
    """One line for each part, at its share of the bundle's price. Who makes a part is paid as for the part alone."""
    bundle = OrderBundle(
        article_id=article.id,
        article_version=article.version or None,
        number=article.number,
        name=article.name,
        unit=article.unit,
        unit_text=article.unit_text,
        unit_price=priced.unit_price,
        quantity=quantity,
    )
    shares = chains.price_shares(priced.unit_price, [(part.article.price, part.quantity) for part in article.parts])
    lines = []
    for part, share in zip(article.parts, shares, strict=True):
        line = new_line(part.article, part.quantity * quantity, priced, share)
        line.bundle, line.to_next = bundle, part.to_next
        line.priced_per = line.indivisible = part.quantity
        lines.append(line)
    return lines


def new_line(article: Article, quantity: Decimal, priced: Priced, unit_price: Money) -> OrderLine:
    """The article as it is called now, at a price; nobody has it yet."""
    return OrderLine(
        article_id=article.id,
        article_version=article.version or None,
        number=article.number,
        name=article.name,
        unit=article.unit,
        unit_text=article.unit_text,
        unit_price=unit_price,
        price_row_id=priced.row_id,
        price_because=priced.because,
        priced_per=Decimal(1),
        indivisible=article.pack_size,
        to_next=False,
        agreement_id=None,
        vat_class=article.vat_class,
        quantity=quantity,
        unassigned=quantity,
        called_off=Decimal(0),
    )
