"""A member asks the customer: may it be more, or something else instead? And what comes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app import audit, clock, units
from app.audit import Actor
from app.catalog.models import ApprovalState, Offering
from app.catalog.quantities import allowed
from app.db import db
from app.errors import Refused
from app.orders.actions import entry, note
from app.orders.adjusting import NONE, check_going_on, is_weighed, note_resized, report_sold_out, resize, room
from app.orders.change_queries import open_question_about, questions_in
from app.orders.changes import said, shrink
from app.orders.checks import check_audience, needing_consent
from app.orders.lines import new_line
from app.orders.models import Assignment, AssignmentLine, OrderLine
from app.orders.pricing import price_cart
from app.orders.question_models import OrderQuestion
from app.orders.states import AssignmentState, EventKind, QuestionKind, QuestionState
from app.units import figure


@dataclass(frozen=True, slots=True)
class Instead:
    """What a member would rather deliver, and how much of it."""

    offering: Offering
    quantity: Decimal


def ask_for_more(share: AssignmentLine, quantity: Decimal, why: str, *, by: Actor, now: datetime) -> OrderQuestion:
    """It came out larger than may be without asking; until the customer says yes nothing changes. Raises Refused."""
    line = share.order_line
    check_going_on(share.assignment)
    if not is_weighed(line) or quantity <= room(share)[1]:
        raise Refused(f"{line.name}: det behöver ni inte fråga om.")
    question = _question(share, QuestionKind.MORE, quantity, why, now=now)
    return _ask(question, f"Får det bli {said(line, quantity)} i stället för {figure(share.quantity)}?", by=by, now=now)


def propose(
    share: AssignmentLine, quantity: Decimal, instead: Instead, why: str, *, by: Actor, now: datetime
) -> OrderQuestion:
    """Offer the customer something else of the member's own, at the customer's own price of today.

    Raises Refused when it is not the member's, cannot be sold to this customer, or is more than it has promised.
    """
    line, article, assignment = share.order_line, instead.offering.article, share.assignment
    check_going_on(assignment)
    if line.bundle_id:
        raise Refused(f"{line.name} ingår i ett paket. Ring oss, så talar vi med kunden.")
    if not NONE < quantity <= share.quantity:
        raise Refused(f"{line.name}: ni har lovat {figure(share.quantity)}. Skriv högst så mycket.")
    approved = instead.offering.state == article.state == ApprovalState.APPROVED
    if instead.offering.member_id != assignment.member_id or not approved or article.id == line.article_id:
        raise Refused("Välj något annat som ni själva säljer.")
    check_audience([article], line.order.customer)
    if needing_consent([article], line.order.customer):
        raise Refused(f"{article.name} är en tjänst som kunden måste beställa själv. Ring oss.")
    try:
        allowed(instead.quantity, article)
    except ValueError as wrong:
        raise Refused(f"{article.name}: {wrong}") from wrong
    customer, today = line.order.customer, clock.local_date(now)
    priced = price_cart([article], {article.id: instead.quantity}, customer, today)[article.id]
    question = _question(share, QuestionKind.SUBSTITUTE, quantity, why, now=now)
    question.offering, question.new_quantity = instead.offering, instead.quantity
    question.unit_price, question.member_price = priced.unit_price, priced.cost or instead.offering.member_price
    name = article.unit_text or units.unit(article.unit).symbol_sv
    words = f"{figure(instead.quantity)} {name} {article.name} i stället för {said(line, quantity)}?"
    return _ask(question, words, by=by, now=now)


def agree(question: OrderQuestion, *, by: Actor | None, now: datetime) -> OrderQuestion:
    """The customer says yes, and it is so. Raises Refused when it is no longer asked."""
    share = _answer(question, QuestionState.YES, by=by, now=now)
    audit.record(question, "agreed", by=by, now=now)
    if question.kind == QuestionKind.MORE:
        note_resized(share, EventKind.AGREED, resize(share, question.quantity), "är bra, säger kunden", by=by, now=now)
        return question
    _swap(question, share, by=by, now=now)
    return question


def refuse(question: OrderQuestion, *, by: Actor | None, now: datetime) -> OrderLine | None:
    """The customer says no; returns the line of which a part must now be found elsewhere, if there is one."""
    share = _answer(question, QuestionState.NO, by=by, now=now)
    line, member = question.order_line, share.assignment.member.name
    note(line.order, EventKind.REFUSED, now=now, by=by, member=member, words=f"{line.name}.", for_customer=True)
    audit.record(question, "refused", by=by, now=now)
    if question.kind == QuestionKind.MORE:
        return None
    return report_sold_out(share, share.quantity - question.quantity, question.why, by=by, now=now)


def end(assignment: Assignment, *, by: Actor, now: datetime) -> list[str]:
    """What was delivered needs no answer any longer; returns what the questions were about, for the customer."""
    held = {share.order_line_id for share in assignment.lines if share.quantity}
    done = assignment.state == AssignmentState.DELIVERED
    ended = [
        one
        for one in questions_in(assignment.order)
        if one.assignment is assignment and one.state == QuestionState.OPEN
        if done or one.order_line_id not in held
    ]
    for one in ended:
        one.state, one.answered_at = QuestionState.ENDED, now
        name, member = one.order_line.name, assignment.member.name
        words = f"Frågan om {name} är avslutad, för det är redan levererat. Du behöver inte svara."
        note(assignment.order, EventKind.ASKED, now=now, by=by, member=member, words=words, for_customer=True)
        audit.record(one, "ended", by=by, now=now)
    return [one.order_line.name for one in ended]


def _question(
    share: AssignmentLine, kind: QuestionKind, quantity: Decimal, why: str, *, now: datetime
) -> OrderQuestion:
    if not why.strip():
        raise Refused("Skriv varför. Kunden läser det.")
    if open_question_about(share) is not None:
        raise Refused(f"Ni har redan frågat kunden om {share.order_line.name}. Vänta på svaret, eller ring oss.")
    return OrderQuestion(
        kind=kind,
        state=QuestionState.OPEN,
        assignment=share.assignment,
        order_line=share.order_line,
        quantity=quantity,
        why=why.strip()[:500],
        asked_at=now,
    )


def _ask(question: OrderQuestion, words: str, *, by: Actor, now: datetime) -> OrderQuestion:
    db.session.add(question)
    order, member = question.order_line.order, question.assignment.member.name
    note(order, EventKind.ASKED, now=now, by=by, member=member, words=f"{words} {question.why}", for_customer=True)
    audit.record(question, "asked", by=by, now=now)
    return question


def _answer(question: OrderQuestion, state: QuestionState, *, by: Actor | None, now: datetime) -> AssignmentLine:
    """Keep the answer; returns the part that it is about. Raises Refused when the part is gone, or answered before."""
    question.state = state
    question.answered_at, question.answered_by = now, by.name if by else ""
    line, assignment = question.order_line, question.assignment
    share = next((one for one in assignment.lines if one.order_line is line and one.quantity), None)
    enough = share is not None and (question.kind == QuestionKind.MORE or question.quantity <= share.quantity)
    if share is None or not enough:
        raise Refused("Beställningen har ändrats sedan frågan ställdes, så den gäller inte längre.")
    check_going_on(assignment)
    return share


def _swap(question: OrderQuestion, share: AssignmentLine, *, by: Actor | None, now: datetime) -> None:
    """What was ordered is called off, and the other stands as a line of its own in the same member's hand."""
    line, offering, assignment = question.order_line, question.offering, question.assignment
    if offering is None or question.unit_price is None or question.new_quantity is None:
        raise ValueError(f"question {question.id} proposes nothing")
    customer, today = line.order.customer, clock.local_date(now)
    priced = price_cart([offering.article], {offering.article_id: question.new_quantity}, customer, today)
    new = new_line(offering.article, question.new_quantity, priced[offering.article_id], question.unit_price)
    new.unassigned, new.price_row_id, new.agreement_id = NONE, None, line.agreement_id
    new.price_because = f"I stället för {line.name}"
    new.cost_centre, new.reference = line.cost_centre, line.reference
    line.order.lines.append(new)
    line.called_off += question.quantity
    shrink(share, question.quantity)
    assignment.lines.append(
        AssignmentLine(
            order_line=new,
            offering=offering,
            offering_version=offering.version or None,
            offered=question.new_quantity,
            quantity=question.new_quantity,
            member_price=question.member_price,
            chosen_because="Kunden sa ja till förslaget.",
        )
    )
    member = assignment.member
    entries = [
        entry(line, member=member.id, called_off=question.quantity),
        entry(new, member=member.id, ordered=question.new_quantity),
    ]
    words = f"{said(new, question.new_quantity)} i stället för {said(line, question.quantity)}."
    note(
        line.order,
        EventKind.AGREED,
        now=now,
        by=by,
        member=member.name,
        words=words,
        for_customer=True,
        entries=entries,
    )
    audit.record(assignment, EventKind.AGREED.value, by=by, now=now, line=line.id, instead=words)
