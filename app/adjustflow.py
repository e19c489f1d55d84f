"""THE STORY of a member's own part: weighed, sold out, delivered in two, something else when the customer says yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from app import orderflow
from app.accounts.models import User
from app.audit import Actor
from app.orders import adjusting, answers, emails, handing, questions
from app.orders.approvals import actions as approvals
from app.orders.approvals import emails as approval_emails
from app.orders.delivery import proofs
from app.orders.delivery.proofs import Shown
from app.orders.delivery.rules import needs_of
from app.orders.models import Assignment, AssignmentLine, Order
from app.orders.question_models import OrderQuestion
from app.orders.questions import Instead


def weigh(share: AssignmentLine, quantity: Decimal, why: str, *, by: Actor, now: datetime) -> OrderQuestion | None:
    """What was weighed is what is charged. When it is more than may be, the customer is asked; returns the question."""
    adjusting.check_going_on(share.assignment)
    if adjusting.is_weighed(share.order_line) and quantity > adjusting.room(share)[1]:
        return _asked(questions.ask_for_more(share, quantity, why, by=by, now=now), now=now)
    adjusting.weigh(share, quantity, by=by, now=now)
    return None


def sold_out(share: AssignmentLine, left: Decimal, why: str, *, by: Actor, now: datetime) -> Order:
    """The member cannot make all that it promised; others are asked before the customer notices."""
    line = adjusting.report_sold_out(share, left, why, by=by, now=now)
    orderflow.share_out(line.order, [line], now=now)
    return line.order


def deliver_part(
    assignment: Assignment, quantities: Mapping[int, Decimal], rest_on: date, shown: Shown, *, by: Actor, now: datetime
) -> Assignment:
    """Some is delivered now and the rest on another day; the customer is told when. Returns what was delivered.

    What the customer wants to be shown of a delivery is shown of each part. Raises Refused.
    """
    part = adjusting.split_off(assignment, quantities, rest_on, by=by, now=now)
    rest, to_customer = adjusting.rest_words(assignment, now), handing.reaches_customer(part)
    if to_customer:
        proofs.check(needs_of(part.order.customer_id), shown)
        proofs.keep(part, shown, by=by, now=now)
    answers.deliver(part, by=by, now=now, for_customer=to_customer, words=rest)
    ended = questions.end(assignment, by=by, now=now)
    if to_customer:
        emails.tell_delivered(part, rest=rest, ended=ended, now=now)
    orderflow.finish(part.order, now=now)
    return part


def propose(
    share: AssignmentLine, quantity: Decimal, instead: Instead, why: str, *, by: Actor, now: datetime
) -> OrderQuestion:
    """The member would rather deliver something else of its own; the customer says yes or no."""
    return _asked(questions.propose(share, quantity, instead, why, by=by, now=now), now=now)


def answer(question: OrderQuestion, *, yes: bool, by: User | None, now: datetime) -> Order:
    """The customer answers. What the member cannot deliver after a no is asked of others.

    A yes that brings the order above the customer's limit is for somebody who may approve it. Raises Refused.
    """
    order = question.order_line.order
    if yes:
        before = order.net
        questions.agree(question, by=by, now=now)
        approvals.agree_raised(order, before, by=by, now=now)
    else:
        line = questions.refuse(question, by=by, now=now)
        if line is not None:
            orderflow.share_out(order, [line], now=now)
    emails.tell_answer(question, now=now)
    return order


def _asked(question: OrderQuestion, *, now: datetime) -> OrderQuestion:
    emails.ask_customer(question, now=now)
    approval_emails.ask_of_question(question, now=now)
    return question
