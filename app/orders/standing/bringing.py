"""How one time of a standing order would come to its place, as it looks today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.catalog.models import Article
from app.catalog.pricing.rules import Priced
from app.orders.cart import Cart
from app.orders.delivery.preview import Preview, Wanted, Whither, preview
from app.orders.windows import joining


def looked_ahead(
    cart: Cart, articles: Mapping[int, Article], priced: Mapping[int, Priced], whither: Whither, *, now: datetime
) -> Preview:
    """Ask who would make and bring it, were it ordered now. What is made in batches comes only with an open window."""
    batches = joining.batches(cart, now)
    rows = [(articles[id_], quantity, batches.get(id_)) for id_, quantity in cart.items()]
    wanted = [
        Wanted(article, quantity, priced[article.id], batch.open if batch else None)
        for article, quantity, batch in rows
        if batch is None or batch.open
    ]
    return preview(wanted, whither, now=now)
