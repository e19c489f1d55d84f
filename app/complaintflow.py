"""THE STORY of a complaint: made in time, decided by staff, delivered anew or charged less, and told."""

from __future__ import annotations

from datetime import date, datetime

from app import moneyflow, orderflow
from app.accounts.models import User
from app.money import Money
from app.orders import complaints, emails
from app.orders.complaint_models import Complaint
from app.orders.complaint_queries import Delivered
from app.orders.complaints import Told
from app.payments import actions as payments


def complain(part: Delivered, told: Told, *, by: User | None, now: datetime, late: bool = False) -> Complaint:
    """The customer, or staff for it, says what is wrong; the member learns of it at once."""
    complaint = complaints.complain(part, told, by=by, now=now, late=late)
    emails.tell_complaint(complaint, now=now)
    return complaint


def replace(complaint: Complaint, on: date, answer: str, *, borne: Money, by: User, now: datetime) -> Complaint:
    """Something new is delivered at no cost; who makes it is chosen as for any order."""
    line = complaints.replace(complaint, on, answer, borne=borne, by=by, now=now)
    orderflow.share_out(line.order, [line], now=now)
    payments.settle_later(line.order)  # What the member bears may have been passed on to it.
    return _told(complaint, now=now)


def make_cheaper(
    complaint: Complaint, amount: Money, answer: str, *, borne: Money, by: User, now: datetime
) -> Complaint:
    """The customer pays less: on the invoice if it is not made, else it is to be credited."""
    complaints.make_cheaper(complaint, amount, answer, borne=borne, by=by, now=now)
    moneyflow.owe_credit(complaint, amount, by=by, now=now)
    return _told(complaint, now=now)


def decline(complaint: Complaint, answer: str, *, by: User, now: datetime) -> Complaint:
    """Staff say no."""
    complaints.decline(complaint, answer, by=by, now=now)
    return _told(complaint, now=now)


def _told(complaint: Complaint, *, now: datetime) -> Complaint:
    emails.tell_decision(complaint, now=now)
    return complaint
