"""The letters about an order. Their words are in templates/emails; here is who gets which."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import bindparam, select

from app import mail
from app.accounts.models import Seat, User
from app.catalog.facets import vat_rules, with_vat
from app.db import db
from app.errors import NotYours
from app.members.emails import send_to, way_in
from app.members.models import Member, Reach
from app.money import Money
from app.orders.complaint_models import Complaint
from app.orders.delivery.fees import said
from app.orders.delivery.queries import charges_in, extras, extras_of, parcels_in
from app.orders.deposits import deposits
from app.orders.handing import groups, handovers
from app.orders.models import Assignment, Order, OrderEvent, OrderLine
from app.orders.prices import shown_prices
from app.orders.question_models import OrderQuestion
from app.orders.states import TO_COME, EventKind
from app.vat import key_of

LINK_LASTS = timedelta(days=14)
"""After the day of delivery; then nobody reports by the link any longer."""


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What a link holds by which one assignment is answered without signing in."""

    assignment_id: int
    member_id: int
    last_day: date
    mark: str
    """Of the address to which it was sent."""

    def fits(self, member: Member, today: date) -> bool:
        """Whether the member still answers by links that go to this address."""
        return member.reached_by == Reach.LINK and self.mark == _mark(member.email) and today <= self.last_day


def confirm_order(order: Order, *, now: datetime) -> None:
    """To the customer: what was ordered, for when, and what we come back about."""
    with_vat = order.customer.sees_vat
    parcels = parcels_in(order)
    approved = next((event.by_name for event in order.events if event.kind == EventKind.APPROVED), "")
    _to_customer(
        "order_confirmation",
        f"Tack för beställning {order.number}",
        order,
        now=now,
        also=orderer_of(order),
        approved_by=approved,
        prices=shown_prices(order, vat_rules(), with_vat=with_vat, extras=extras(order, parcels, charges_in(order))),
        parcels=parcels,
        fees={one.id: said(one.fee, order) for one in parcels},
        deposits=deposits(order, with_vat=with_vat),
    )


def offer_assignment(assignment: Assignment, *, now: datetime) -> None:
    """To the member: what we ask for, and by when to answer."""
    _to_member("assignment_offer", f"Nytt uppdrag, beställning {assignment.order.number}", assignment, now=now)


def tell_receiver(assignment: Assignment, *, now: datetime) -> None:
    """To the member that makes the step before: who has taken the next one, and where to deliver."""
    _to_member("assignment_receiver", f"Lämna till, beställning {assignment.order.number}", assignment, now=now)


def tell_moved(assignment: Assignment, *, now: datetime) -> None:
    """To the member that did not answer, or from whom staff took the work: it need do nothing more."""
    _to_member("assignment_moved", f"Uppdraget har gått vidare, {assignment.order.number}", assignment, now=now)


def tell_delivered(assignment: Assignment, *, now: datetime, rest: str = "", ended: Sequence[str] = ()) -> None:
    """To the customer: this part has been delivered, when the rest comes, and which questions need no answer now."""
    subject = f"Levererat till dig, beställning {assignment.order.number}"
    _to_customer("order_delivered", subject, assignment.order, now=now, assignment=assignment, rest=rest, ended=ended)


def ask_customer(question: OrderQuestion, *, now: datetime) -> None:
    """To the customer: what a member asks, and where to say yes or no."""
    order = question.order_line.order
    subject = f"En fråga om beställning {order.number}"
    facts: dict[str, Any] = {"question": question, "with_vat": order.customer.sees_vat, "sums": question_sums(question)}
    _to_customer("order_question", subject, order, now=now, **facts)


def tell_answer(question: OrderQuestion, *, now: datetime) -> None:
    """To the member: what the customer said."""
    subject = f"Kundens svar, beställning {question.order_line.order.number}"
    _to_member("order_question_answered", subject, question.assignment, now=now, question=question)


def question_sums(question: OrderQuestion) -> tuple[Money, Money]:
    """What the customer pays for the part now, and what it would pay after a yes, as it sees prices."""
    line, new = question.order_line, question.offering.article if question.offering else question.order_line
    share = next((one for one in question.assignment.lines if one.order_line is line), None)
    held = question.quantity if question.offering or share is None else share.quantity
    before, after = line.price_of(held), question.new_net
    if not line.order.customer.sees_vat:
        return before, after
    day = line.order.delivery_day
    key = key_of(new.vat_class, question.offering.article_id if question.offering else line.article_id)
    return with_vat(before, key_of(line.vat_class, line.article_id), day), with_vat(after, key, day)


def tell_called_off(line: OrderLine, reason: str, *, now: datetime) -> None:
    """To the customer: this will not come, and costs nothing."""
    subject = f"Ändring av beställning {line.order.number}"
    _to_customer("order_called_off", subject, line.order, now=now, line=line, reason=reason)


def tell_changed(order: Order, events: Sequence[OrderEvent], *, now: datetime) -> None:
    """To the customer: what has been changed, by whomever, and what the order comes to now."""
    extras = extras_of([order])[order.id]
    prices = shown_prices(order, vat_rules(), with_vat=order.customer.sees_vat, extras=extras)
    subject = f"Ändring av beställning {order.number}"
    _to_customer("order_changed", subject, order, now=now, events=events, prices=prices)


def tell_less(assignment: Assignment, less: Sequence[str], *, now: datetime) -> None:
    """To the member: what it need not deliver after all, as ``2 st Fruktkorg``, and what is left."""
    subject = f"Ändrat uppdrag, beställning {assignment.order.number}"
    _to_member("assignment_less", subject, assignment, now=now, less=less)


def tell_complaint(complaint: Complaint, *, now: datetime) -> None:
    """To the member: what the customer says is wrong."""
    subject = f"Reklamation, beställning {complaint.order_line.order.number}"
    _to_member("complaint_made", subject, complaint.assignment, now=now, complaint=complaint)


def tell_decision(complaint: Complaint, *, now: datetime) -> None:
    """To the customer and to the member: what we do about it, and why."""
    order = complaint.order_line.order
    subject = f"Svar på reklamation, beställning {order.number}"
    _to_customer("complaint_decided", subject, order, now=now, complaint=complaint)
    _to_member("complaint_decided_member", subject, complaint.assignment, now=now, complaint=complaint)


def orderer_of(order: Order) -> User | None:
    """Who ordered, of those who act for the customer: a person of its own, not whoever helped it."""
    customer = order.customer
    asked = {"user": order.placed_by_id, "customer": customer.id, "member": customer.member_id}
    if order.placed_by_id is None or db.session.scalar(_SEAT, asked) is None:
        return None
    user = db.session.get(User, order.placed_by_id)  # Who orders has been read already.
    return user if user is not None and user.active else None


_SEAT = (
    select(Seat.id)
    .where(Seat.user_id == bindparam("user"))
    .where((Seat.customer_id == bindparam("customer")) | (Seat.member_id == bindparam("member")))
    .limit(1)
)
"""Put together once: each order asks it. No seat is of no member at all."""


def both(order: Order, user: User | None) -> list[tuple[str, str]]:
    """The customer's own address and the person's, each once."""
    found = [(order.customer.name, order.customer.email)]
    if user is not None and user.email.casefold() != order.customer.email.casefold():
        found.append((user.name, user.email))
    return found


def order_link(order: Order) -> str:
    """The order's page. A guest's link carries a key; whoever has an account signs in."""
    page = link_to(f"bestallningar/{order.number}")
    return f"{page}?nyckel={order_key(order.number)}" if order.placed_by_id is None else page


def link_to(path: str) -> str:
    """The whole address of a page of ours."""
    return f"{current_app.config['BASE_URL']}/{path}"


def order_key(number: int) -> str:
    """The key by which a guest opens an order."""
    return str(_keys().dumps(number))


def opens(key: str, number: int) -> bool:
    """Whether the key is this order's."""
    try:
        return bool(_keys().loads(key) == number)
    except BadSignature:
        return False


def answer_key(assignment: Assignment) -> str:
    """The key by which a member without a login answers one assignment, and no other."""
    last_day = assignment.delivery_day + LINK_LASTS
    held = [assignment.id, assignment.member_id, last_day.toordinal(), _mark(assignment.member.email)]
    return str(_answer_keys().dumps(held))


def read_answer_key(key: str) -> AnswerKey:
    """What a key holds. Raises NotYours for one that is not of our making."""
    try:
        assignment_id, member_id, last_day, mark = _answer_keys().loads(key)
    except BadSignature as wrong:
        raise NotYours from wrong
    return AnswerKey(assignment_id, member_id, date.fromordinal(last_day), mark)


def _mark(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:16]


def _answer_keys() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="answer")


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="order")


def _to_customer(
    kind: str, subject: str, order: Order, *, now: datetime, also: User | None = None, **values: object
) -> None:
    body = mail.words(kind, order=order, groups=groups(order), link=order_link(order), **values)
    for to in both(order, also):
        mail.send(kind=kind, to=to, subject=subject, body=body, now=now)


def _to_member(kind: str, subject: str, assignment: Assignment, *, now: datetime, **values: object) -> None:
    given = {"assignment": assignment, "order": assignment.order, "handovers": handovers(assignment)}
    body = mail.words(kind, **given, link=_assignment_link(assignment), **values)
    send_to(assignment.member, kind=kind, subject=subject, body=body, now=now)


def _assignment_link(assignment: Assignment) -> str:
    member = assignment.member
    if member.is_sales_company:
        return link_to(f"personal/bestallningar/{assignment.order.number}")
    if member.reached_by == Reach.LINK and assignment.state in TO_COME:
        return link_to(f"svar/{answer_key(assignment)}")
    return way_in(member, link_to(f"medlem/uppdrag/{assignment.id}"))
