"""Rows of made-up price lists, and questions about what they cost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from app.catalog.pricing.rules import Asked, Buyer, Candidate, ListFacts, ListKind
from app.money import Money

TODAY = date(2026, 11, 23)
NORDBYN, SOLSTRALEN = 7, 8
HOUSING = 3
STANDARD = Money(21200)

days = st.integers(-60, 60).map(lambda n: TODAY + timedelta(days=n))
amounts = st.integers(1, 50_000).map(Money)
quantities = st.integers(1, 200).map(Decimal)


def listed(kind=ListKind.STANDARD, ident=1, **values) -> ListFacts:
    """A list in use for whom its kind says: Nordbyn, or the housing associations."""
    fixed = {
        ListKind.CUSTOMER: {"customers": frozenset({NORDBYN})},
        ListKind.FRAMEWORK: {"customers": frozenset({NORDBYN}), "agreement": "INK 2026/114"},
        ListKind.GROUP: {"group": HOUSING, "group_name": "Bostadsrättsföreningar"},
    }.get(kind, {})
    return ListFacts(
        **{
            "id": ident,
            "kind": kind,
            "name": f"Lista {ident}",
            "first": date(2026, 1, 1),
            "last": None,
            **fixed,
            **values,
        }
    )


def row(kind=ListKind.STANDARD, ore=20000, ident=1, least=0, cost=None, **values) -> Candidate:
    return Candidate(listed(kind, ident, **values), ident, Decimal(least), Money(ore), cost)


def asked(quantity=1, buyer=None, day=TODAY) -> Asked:
    return Asked(buyer or Buyer(NORDBYN, frozenset({HOUSING})), Decimal(quantity), day)
