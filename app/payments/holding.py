"""Whether an amount can be held until it is delivered, and whether Stripe is to be believed. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.money import NOUGHT, Money
from app.payments.stripe_values import IntentSeen, SessionSeen

HOLDS = timedelta(days=7)
"""So long a bank holds an amount for us after the customer has paid by card online (Stripe: place a hold)."""
IN_TIME = timedelta(hours=24)
"""So long before it lets go, what has not been drawn is drawn."""
LEAST = Money(300)
"""Stripe takes no smaller amount in kronor."""


def held_until_delivery(last_day: date, today: date) -> bool:
    """Whether all can be delivered before the bank lets go: then the amount is held now and drawn when it has come."""
    return last_day < today + HOLDS


def is_about_to_lapse(held_until: datetime | None, now: datetime) -> bool:
    """Whether it must be drawn now or not at all."""
    return held_until is not None and held_until - now <= IN_TIME


def session_faults(seen: SessionSeen, *, payment_id: int, order_number: int, amount: Money) -> list[str]:
    """In what the page does not agree with what we asked for, in Swedish."""
    found = _common(seen.amount, seen.currency, seen.payment, payment_id, amount)
    if seen.reference != str(order_number):
        found.append(f"gäller beställning {seen.reference or 'utan nummer'}, inte {order_number}")
    return found


def intent_faults(seen: IntentSeen, *, payment_id: int, amount: Money) -> list[str]:
    """In what the amount that is held or drawn does not agree with what we asked for, in Swedish."""
    found = _common(seen.amount, seen.currency, seen.payment, payment_id, amount)
    if not NOUGHT <= seen.drawn <= amount or seen.held > amount:
        found.append(f"drar {max(seen.drawn, seen.held)} i stället för högst {amount}")
    return found


def _common(amount: Money, currency: str, payment: str, payment_id: int, asked: Money) -> list[str]:
    found = []
    if amount != asked:
        found.append(f"gäller {amount} i stället för {asked}")
    if currency != "sek":
        found.append(f"är i {currency.upper()[:3]} i stället för SEK")
    if payment != str(payment_id):
        found.append(f"hör till betalning {payment[:20] or 'utan nummer'}, inte {payment_id}")
    return found
