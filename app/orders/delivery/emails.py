"""The letters about how goods come. Their words are in templates/emails; here is who gets which."""

from __future__ import annotations

from datetime import datetime

from app import mail
from app.members.emails import way_in, write_to
from app.orders.delivery.event_models import GoodsReturn, MissedVisit
from app.orders.delivery.fees import said
from app.orders.delivery.models import Carriage, Parcel
from app.orders.emails import link_to, order_link
from app.orders.models import Order


def ask_carrier(carriage: Carriage, *, now: datetime) -> None:
    """To the member that is to carry: from where, to where, and by when to answer."""
    _to_carrier("carriage_offer", "Kör åt en annan medlem", carriage, now=now)


def tell_carrier_off(carriage: Carriage, *, now: datetime) -> None:
    """To the carrier: it need do nothing more."""
    _to_carrier("carriage_off", "Ni behöver inte köra", carriage, now=now)


def ask_for_way(parcel: Parcel, *, now: datetime) -> None:
    """To the customer: why the parcel cannot come as it was said, and where to choose another way."""
    order = parcel.order
    _to_customer("parcel_asked_again", f"Hur ska det komma? Beställning {order.number}", order, now=now, parcel=parcel)


def ask_after_missed(visit: MissedVisit, *, now: datetime) -> None:
    """To the customer: nobody was there, and where to choose what now."""
    order = visit.assignment.order
    subject = f"Vi kom men fick inte lämna, beställning {order.number}"
    _to_customer("not_home", subject, order, now=now, visit=visit, fee=said(visit.fee, order))


def tell_after_missed(visit: MissedVisit, *, now: datetime) -> None:
    """To whoever drove: what the customer chose."""
    order = visit.assignment.order
    body = mail.words("not_home_answered", visit=visit, order=order, link=way_in(visit.member, link_to("medlem/")))
    subject = f"Kundens svar, beställning {order.number}"
    write_to(visit.member, kind="not_home_answered", subject=subject, body=body, now=now)


def tell_return(one: GoodsReturn, *, now: datetime) -> None:
    """To the member: what comes back to it."""
    order, member = one.assignment.order, one.assignment.member
    link = way_in(member, link_to(f"medlem/returer/{one.id}"))
    body = mail.words("return_registered", one=one, order=order, link=link)
    subject = f"Retur, beställning {order.number}"
    write_to(member, kind="return_registered", subject=subject, body=body, now=now)


def tell_received(one: GoodsReturn, *, now: datetime) -> None:
    """To the customer: it is back, and what it means."""
    order = one.assignment.order
    _to_customer("return_received", f"Din retur, beställning {order.number}", order, now=now, one=one)


def _to_carrier(kind: str, subject: str, carriage: Carriage, *, now: datetime) -> None:
    order = carriage.parcel.order
    lines = [line for line in order.lines if line.id in carriage.parcel.line_ids and line.remaining]
    link = way_in(carriage.carrier, link_to(f"medlem/korningar/{carriage.id}"))
    body = mail.words(kind, carriage=carriage, order=order, lines=lines, link=link)
    write_to(carriage.carrier, kind=kind, subject=f"{subject}, beställning {order.number}", body=body, now=now)


def _to_customer(kind: str, subject: str, order: Order, *, now: datetime, **values: object) -> None:
    body = mail.words(kind, order=order, link=order_link(order), **values)
    mail.write(kind=kind, to=(order.customer.name, order.customer.email), subject=subject, body=body, now=now)
