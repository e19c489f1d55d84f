"""The statistics that the buyer wants: by organisation, zero too, and by article."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date

from app import units
from app.orders.agreements import queries
from app.orders.agreements.models import Agreement
from app.orders.agreements.terms import Period
from app.spreadsheets.writing import Sheet, Value

BY_BUYER = ("Organisation", "Organisationsnummer", "Avtal", "Från", "Till", "Avropat exkl. moms")
BY_ARTICLE = ("Organisation", "Organisationsnummer", "Artikel", "Benämning", "Enhet", "Antal", "Värde exkl. moms")
SHOWN = 4


def sheets(agreement: Agreement, period: Period) -> list[Sheet]:
    """Two sheets. Who has called off nothing stands there with nought: zero is a report too."""
    days = period.first.isoformat(), period.last.isoformat()
    buyers: list[list[Value]] = [
        [one.name, one.org_number or "", agreement.number, *days, net]
        for one, net in queries.counted_by_customer(agreement, period.first, period.last)
    ]
    articles: list[list[Value]] = [
        [one.customer, one.org_number, one.number, one.name, _unit(one.unit, one.unit_text), one.quantity, one.net]
        for one in queries.by_article(agreement, period.first, period.last)
    ]
    widths = [34, 20, 18, 30, 14, 14, 20]
    return [
        Sheet("Organisationer", BY_BUYER, buyers, widths[:6]),
        Sheet("Artiklar", BY_ARTICLE, articles, widths),
    ]


def to_show(periods: Sequence[Period], sent: Container[date], today: date) -> list[Period]:
    """What is not sent of what is over, the period that runs, and the last that were sent: the oldest first."""
    begun = [one for one in periods if one.first <= today]
    waiting = [one for one in begun if one.first not in sent]
    done = [one for one in begun if one.first in sent]
    return sorted([*waiting[: 3 * SHOWN], *done[-SHOWN:]], key=lambda one: one.first)


def _unit(code: str, words: str) -> str:
    return words or units.unit(code).symbol_sv
