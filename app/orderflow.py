"""THE STORY of an order: checkout, offered, answered, routed again, delivered - and then the invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from app import audit, clock, jobs, moneyflow
from app.accounts.models import User
from app.audit import Actor
from app.catalog.pricing.rules import Priced
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.orders import actions as orders
from app.orders import answers, complaint_queries, complaints, emails, explaining, handing, queries, questions
from app.orders.approvals import actions as approvals
from app.orders.approvals import emails as approval_emails
from app.orders.approvals.queries import rule_of
from app.orders.cart import Again, Cart, Delivery
from app.orders.delivery import carriages, parcels
from app.orders.delivery import emails as letters
from app.orders.delivery.models import Parcel
from app.orders.delivery.parcels import Choices
from app.orders.delivery.preview import fees_ahead
from app.orders.delivery.queries import parcels_in
from app.orders.handing import Stage
from app.orders.models import Assignment, Order, OrderLine
from app.orders.offers import offer
from app.orders.pricing import Goods, Seen
from app.orders.routing import route, together
from app.orders.routing_values import Routing
from app.orders.situation import Situation, read_situation
from app.orders.states import ENDED, AssignmentState, EventKind, OrderState
from app.payments import actions as payments


def checkout(
    cart: Cart,
    delivery: Delivery,
    *,
    customer: Customer,
    ticket: str,
    by: User | None,
    now: datetime,
    seen: Seen | None = None,
    consent: str = "",
    quoted: Mapping[int, Priced] | None = None,
    again: Again | None = None,
    choices: Choices | None = None,
    words: str = "",
    goods: Goods | None = None,
) -> Order:
    """A customer orders: the order is written, shared out among members, and the letters with it.

    Above the limit that the customer has set, what it costs to bring counted in, the order waits until another person
    there approves it.

    `seen` is what the customer saw as unit prices; where one has changed since, the order is refused and they decide.
    `consent` is the sentence that a private person has ticked, when something in the basket wants one. `quoted` is
    what an accepted quote says that each article costs. `again` says of which standing order it is one time. `choices`
    is how each parcel comes, as the page showed it; who was shown nothing gets the best way there is. `words` says how
    the order came about, where nobody filled in the checkout. `goods` is what the caller has just read of the cart.
    """
    order = orders.place(
        cart,
        delivery,
        customer=customer,
        ticket=ticket,
        by=by,
        now=now,
        seen=seen,
        consent=consent,
        quoted=quoted,
        again=again,
        goods=goods,
        words=words,
    )
    rule = rule_of(customer) if customer.has_references else None
    if rule is not None:
        net = order.net + fees_ahead(order, choices, now=now)
        if net > rule.limit:
            approval_emails.ask(approvals.hold(order, rule.limit, net, choices, by=by, now=now), by=by, now=now)
            return order
    return begin(order, choices, now=now)


def begin(order: Order, choices: Choices | None, *, now: datetime, asking: bool = True) -> Order:
    """What is ordered, and approved where that is needed, is shared out among members; the customer gets its letter.

    `asking` says whether somebody looks at the page who can choose another way for a parcel.
    """
    orders.plan(order, queries.chain_leads(order), now=now)
    days = [line.day for line in order.lines]
    scene = read_situation(
        order.lines,
        days=(min(days), max(days)),
        now=now,
        customers=[order.customer_id],
        new=not order.assignments,
    )
    share_out(order, order.lines, now=now, scene=scene)
    promised = parcels.promise(order, choices, scene.ways, now=now, asking=asking)
    _ask_carriers(order, promised, now=now)
    if promised:
        db.session.flush()
    with db.session.no_autoflush:  # What waits to be written now is letters and time line, which no letter asks for.
        emails.confirm_order(order, now=now)
    return order


def share_out(
    order: Order,
    lines: Iterable[OrderLine],
    *,
    now: datetime,
    only: Member | None = None,
    scene: Situation | None = None,
) -> Routing:
    """Place what lies with nobody: ask members, and keep for staff what none of them can take.

    What waits for its batch is left alone. `scene` is how things stand, where it has been read for many orders at once.
    """
    _check_approved(order)
    waiting = [line for line in lines if line.unassigned and not line.waits_for_window]
    turns = handing.stages(order, waiting, today=clock.local_date(now))
    answer = together([_share_out_stage(order, stage, only, scene, now=now) for stage in turns])
    _tell_of_unplaced(order, waiting, answer, now=now)
    orders.settle_state(order)
    see_to_parcels(order, now=now)
    return answer


def see_to_parcels(order: Order, *, now: datetime) -> None:
    """What was promised of parcels goes along with the work; the customer is asked where it cannot be kept."""
    for parcel in parcels.follow(order, now=now):
        letters.ask_for_way(parcel, now=now)
    _ask_carriers(order, parcels_in(order), now=now)


def _ask_carriers(order: Order, some: Sequence[Parcel], *, now: datetime) -> None:
    asked, ended = carriages.arrange(order, some, now=now)
    for carriage in asked:
        letters.ask_carrier(carriage, now=now)
    for carriage in ended:
        letters.tell_carrier_off(carriage, now=now)


def _share_out_stage(
    order: Order, stage: Stage, only: Member | None, known: Situation | None, *, now: datetime
) -> Routing:
    """Ask the members for one step; who makes the step before is told where to deliver it now."""
    scene = known or read_situation(stage.lines, days=(stage.day, stage.day), now=now, customers=[order.customer_id])
    demands = [scene.demand(line, line.unassigned) for line in stage.lines]
    candidates = scene.candidates(stage, order)
    answer = route(demands, [one for one in candidates if only is None or one.member == only.id])
    orders.take_from_desk(answer.shares, order)
    explaining.keep(order, stage.lines, demands, answer, by_hand=only.name if only else "", now=now)
    scene.give(answer.shares, candidates, order, stage.day)
    for assignment in offer(order, answer.shares, day=stage.day, now=now):
        emails.offer_assignment(assignment, now=now)
    for line in stage.lines:
        for waiting in handing.waiting_for(line):
            emails.tell_receiver(waiting, now=now)
    return answer


def accept(assignment: Assignment, quantities: Mapping[int, Decimal], *, by: Actor, now: datetime) -> Assignment:
    """A member takes on all or a part; what it leaves goes to the next."""
    left = answers.accept(assignment, quantities, by=by, now=now)
    if left:
        share_out(assignment.order, left, now=now)
    return assignment


def decline(assignment: Assignment, reason: str, *, by: Actor, now: datetime) -> Assignment:
    """A member says no, and the work goes to the next before the customer notices."""
    answers.decline(assignment, reason, by=by, now=now)
    share_out(assignment.order, _lines(assignment), now=now)
    return assignment


def expire(order: Order, *, now: datetime) -> int:
    """Whoever has not answered in time loses the work to the next; returns how many did."""
    late = [one for one in order.assignments if one.state == AssignmentState.OFFERED and one.answer_before < now]
    for assignment in late:
        answers.expire(assignment, now=now)
        emails.tell_moved(assignment, now=now)
        share_out(order, _lines(assignment), now=now)
    return len(late)


def reroute(assignment: Assignment, reason: str, *, to: Member | None, by: User, now: datetime) -> Assignment:
    """Staff move the work by hand: to a member they name, or to whom the rules choose.

    Raises Refused when the named member cannot take it all: then nothing is moved.
    """
    answers.withdraw(assignment, reason, by=by, now=now)
    emails.tell_moved(assignment, now=now)
    answer = share_out(assignment.order, _lines(assignment), now=now, only=to)
    if to is not None and any(answer.unplaced.values()):
        raise Refused(f"{to.name} kan inte ta allt. {why_not(answer, to)}")
    return assignment


def try_again(order: Order, *, to: Member | None, by: User, now: datetime) -> Routing:
    """Staff ask the members once more for what lies with nobody, as when one has got room.

    Raises Refused when still nobody can.
    """
    before = {line.id: line.unassigned for line in order.lines}
    answer = share_out(order, order.lines, now=now, only=to)
    if not answer.shares:
        raise Refused(f"Ingen kan ta det som är kvar. {why_not(answer, to)}")
    orders.note(order, EventKind.ASKED_AGAIN, now=now, by=by, member=to.name if to else "")
    audit.record(order, "shared out again", by=by, now=now, lines=sum(1 for quantity in before.values() if quantity))
    return answer


def call_off(line: OrderLine, reason: str, *, by: User, now: datetime) -> Order:
    """Staff strike what nobody can deliver; if all else is delivered, the invoice follows.

    Who makes the step before a struck one is told where to deliver instead.
    """
    _check_approved(line.order)
    senders, struck = handing.waiting_for(line), line.unassigned
    orders.call_off(line, reason, by=by, now=now)
    pay_back(line, struck, by=by, now=now)
    emails.tell_called_off(line, reason, now=now)
    if not line.remaining:
        for sender in senders:
            emails.tell_receiver(sender, now=now)
    see_to_parcels(line.order, now=now)
    return finish(line.order, now=now)


def pay_back(line: OrderLine, quantity: Decimal, *, by: User, now: datetime) -> None:
    """What was to come anew after a complaint will not: then what was wrong is not paid for."""
    complaint = complaint_queries.replacing(line.order).get(line.id)
    if complaint is not None and quantity > 0:
        most = moneyflow.room_of(complaint)
        amount = complaints.pay_back(complaint, quantity, most=most, by=by, now=now)
        moneyflow.owe_credit(complaint, amount, by=by, now=now)


def deliver(assignment: Assignment, *, by: Actor, now: datetime) -> Order:
    """A member has delivered its part; the last part brings the invoice, in the same transaction.

    A step that goes to the next member is nothing the customer is written to about.
    """
    to_customer = handing.reaches_customer(assignment)
    answers.deliver(assignment, by=by, now=now, for_customer=to_customer)
    ended = questions.end(assignment, by=by, now=now)
    if to_customer:
        emails.tell_delivered(assignment, ended=ended, now=now)
    return finish(assignment.order, now=now)


@jobs.every_minute
def expire_all(now: datetime) -> None:
    """Look for offers that nobody has answered in time; each order is a job of its own."""
    for order_id in queries.expired(now):
        jobs.enqueue(expire_order, order_id=order_id, moment=int(now.timestamp()))


@jobs.job
def expire_order(order_id: int, moment: int) -> None:
    """Run twice, it finds nothing left to do."""
    order = queries.hold(order_id)
    expire(order, now=datetime.fromtimestamp(moment, tz=order.placed_at.tzinfo))


def finish(order: Order, *, now: datetime) -> Order:
    """The customer is charged for what came, in the rhythm that it has; at the end a card payment is settled."""
    moneyflow.charge(order, now=now)
    if order.state in ENDED:
        payments.settle_later(order)
    return order


def _check_approved(order: Order) -> None:
    """Raises Refused for an order that another person at the customer's must approve first, or that is to be paid."""
    if order.state == OrderState.AWAITING:
        raise Refused("Beställningen väntar på godkännande hos kunden. Till dess frågar vi ingen medlem.")
    if order.state == OrderState.UNPAID:
        raise Refused("Beställningen väntar på att kunden betalar med kort. Till dess frågar vi ingen medlem.")


def _lines(assignment: Assignment) -> list[OrderLine]:
    return [line.order_line for line in assignment.lines]


def _tell_of_unplaced(order: Order, waiting: Iterable[OrderLine], answer: Routing, *, now: datetime) -> None:
    for line in waiting:
        if answer.unplaced.get(line.id):
            why = " ".join(answer.obstacles[line.id]) or "Ingen medlem erbjuder den."
            orders.note(order, EventKind.UNPLACED, now=now, words=f"{line.name}: {why}")
            audit.record(order, "unplaced", by=None, now=now, line=line.id)


def why_not(answer: Routing, to: Member | None) -> str:
    """What stopped the members, or the one that was named, in sentences for staff."""
    sentences = dict.fromkeys(sentence for group in answer.obstacles.values() for sentence in group)
    about = [sentence for sentence in sentences if to is None or sentence.startswith(to.name)]
    return " ".join(about) or "Medlemmen har inte nog med kapacitet den veckan, eller erbjuder inte artikeln."
