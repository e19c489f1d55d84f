"""One act after the other on an order, each as the stories tell it; what is refused leaves no trace."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app import adjustflow, changeflow, complaintflow, orderflow
from app import clock as app_clock
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.complaint_queries import complaints_in, delivered_in
from app.orders.complaints import Told
from app.orders.delivery.proofs import Shown
from app.orders.handing import groups
from app.orders.models import Assignment, Order
from app.orders.states import AssignmentState, ComplaintState
from app.workdays import working_days_after

ACTS = ("accept", "decline", "change", "day", "cancel", "weigh", "sold_out", "part", "deliver", "complain", "decide")


class Actor:
    """Does one thing to an order, as the stories tell it; what is refused leaves no trace."""

    def __init__(self, made: Order) -> None:
        self.order, self.id = made, made.id
        self.sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()

    def do(self, act: str, which: int, number: int) -> None:
        """The act, on one of what there is to act on, with a number."""
        try:
            getattr(self, act)(which, Decimal(number))
            db.session.commit()
        except Refused:
            db.session.rollback()
        self.order = db.session.get_one(Order, self.id)

    def one(self, state: AssignmentState, which: int) -> Assignment:
        """One of the assignments in a state. Raises Refused when there is none."""
        found = [one for one in self.order.assignments if one.state == state]
        if not found:
            raise Refused("Det finns inget.")
        return found[which % len(found)]

    def accept(self, which: int, number: Decimal) -> None:
        offer = self.one(AssignmentState.OFFERED, which)
        taken = {line.id: min(line.offered, number) for line in offer.lines}
        orderflow.accept(offer, taken, by=self.sam, now=app_clock.now())

    def decline(self, which: int, _number: Decimal) -> None:
        orderflow.decline(self.one(AssignmentState.OFFERED, which), "Nej", by=self.sam, now=app_clock.now())

    def change(self, which: int, number: Decimal) -> None:
        group = groups(self.order)[which % len(groups(self.order))]
        wish = changeflow.Wish({group.lines[0].id: number}, self.order.delivery_day, changeflow.marks_of(self.order))
        changeflow.change_for_customer(self.order, wish, "Ändrat", by=self.sam, now=app_clock.now())

    def day(self, which: int, _number: Decimal) -> None:
        day = working_days_after(self.order.delivery_day, which)
        wish = changeflow.Wish({}, day, changeflow.marks_of(self.order))
        changeflow.change_for_customer(self.order, wish, "Ny dag", by=self.sam, now=app_clock.now())

    def cancel(self, which: int, number: Decimal) -> None:
        if which == 0 and number > 9:
            changeflow.cancel(self.order, by=self.sam, now=app_clock.now())

    def weigh(self, which: int, number: Decimal) -> None:
        share = self.one(AssignmentState.ACCEPTED, which).lines[-1]
        weight = share.quantity + (number - 6) / 10
        question = adjustflow.weigh(share, weight, "Stort", by=self.sam, now=app_clock.now())
        if question is not None:
            adjustflow.answer(question, yes=which % 2 == 0, by=self.sam, now=app_clock.now())

    def sold_out(self, which: int, number: Decimal) -> None:
        share = self.one(AssignmentState.ACCEPTED, which).lines[0]
        adjustflow.sold_out(share, number, "Slut", by=self.sam, now=app_clock.now())

    def part(self, which: int, number: Decimal) -> None:
        work = self.one(AssignmentState.ACCEPTED, which)
        now = {line.id: min(line.quantity, number) for line in work.lines}
        rest_on = working_days_after(self.order.delivery_day, 1)
        adjustflow.deliver_part(work, now, rest_on, Shown(), by=self.sam, now=app_clock.now())

    def deliver(self, which: int, _number: Decimal) -> None:
        orderflow.deliver(self.one(AssignmentState.ACCEPTED, which), by=self.sam, now=app_clock.now())

    def complain(self, which: int, number: Decimal) -> None:
        parts = delivered_in(self.order)
        if parts:
            told = Told(number, "Fel")
            complaintflow.complain(parts[which % len(parts)], told, by=self.sam, now=app_clock.now())

    def decide(self, which: int, number: Decimal) -> None:
        waiting = [one for one in complaints_in(self.order) if one.state == ComplaintState.OPEN]
        if not waiting:
            return
        given = {"borne": Money(int(number) * 100), "by": self.sam, "now": app_clock.now()}
        if which % 2:
            on = working_days_after(app_clock.local_date(app_clock.now()) + timedelta(days=1), which)
            complaintflow.replace(waiting[0], on, "På nytt", **given)
        else:
            complaintflow.make_cheaper(waiting[0], Money(int(number) * 1000), "Billigare", **given)
