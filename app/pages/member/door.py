"""At the customer's door: hand over with proof, or report that nobody was there. For own work and what is carried."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, deliveryflow
from app.db import db
from app.errors import Refused
from app.orders import change_queries, queries
from app.orders.delivery import carriages
from app.orders.delivery.models import Carriage
from app.orders.delivery.queries import carriage_of
from app.orders.delivery.rules import needs_of
from app.orders.models import Assignment
from app.pages import doors, web
from app.pages.asking_once import Once, early_words
from app.pages.member.door_forms import NobodyHomeForm, ProofForm

bp = Blueprint("door", __name__)
OF = "/<any(uppdrag,korningar):of>/<int:number>"
Task = Assignment | Carriage


@bp.route(f"{OF}/lamna", methods=["GET", "POST"])
def hand_over(of: str, number: int) -> ResponseReturnValue:
    """The customer has it, and here is who took it."""
    form, task, once = ProofForm(), _task(of, number), Once()
    if form.validate_on_submit():
        with web.refusals(form):
            shown = form.shown()
            if not shown.anything:
                raise Refused(_("Take a photograph, write who received it, or let them sign. One of them is enough."))
            task = _task(of, number, lock=True)
            once.ask(*early_words(task.delivery_day, _unanswered(task)))
            if isinstance(task, Carriage):
                deliveryflow.arrive(task, shown, by=doors.actor(), now=clock.now())
            else:
                deliveryflow.deliver(task, shown, by=doors.actor(), now=clock.now())
            db.session.commit()
            flash(_("Well done! The customer has been told."), "success")
            return doors.done(task.parcel.order if isinstance(task, Carriage) else task.order)
    task = _task(of, number)
    order = task.parcel.order if isinstance(task, Carriage) else task.order
    needs, back = needs_of(order.customer_id), _back(of, number)
    # It is said before anybody signs: a page that comes back has no drawing and no photograph.
    early = once.tell(*early_words(task.delivery_day, _unanswered(task)))
    page = render_template(
        "member/hand_over.html", form=form, once=once, early=early, order=order, needs=needs, back=back
    )
    return page, web.status(form)


@bp.route(f"{OF}/ingen-hemma", methods=["GET", "POST"])
def nobody_home(of: str, number: int) -> ResponseReturnValue:
    """Nobody took it; the customer is asked what now."""
    form, task = NobodyHomeForm(), _task(of, number)
    if form.validate_on_submit():
        with web.refusals(form):
            photograph = form.developed()
            part = _part(_task(of, number, lock=True))
            words = web.given(form.words.data)
            deliveryflow.nobody_home(part, doors.member(), words, photograph, by=doors.actor(), now=clock.now())
            db.session.commit()
            flash(_("Thank you for telling us. The customer is asked what now, and you get a letter."), "success")
            return doors.done(part.order)
    task = _task(of, number)
    order = task.parcel.order if isinstance(task, Carriage) else task.order
    return render_template("member/nobody_home.html", form=form, order=order, back=_back(of, number)), web.status(form)


def _task(of: str, number: int, *, lock: bool = False) -> Task:
    if of == "korningar":
        return carriage_of(doors.member(), number, lock=lock)
    return queries.assignment_of(doors.member(), number, lock=lock)


def _unanswered(task: Task) -> list[str]:
    """What the customer has been asked about of this, and has not answered."""
    parts = carriages.carried(task) if isinstance(task, Carriage) else [task]
    return [name for part in parts for name in change_queries.unanswered(part)]


def _part(task: Task) -> Assignment:
    """What was to be handed over. Who has let somebody else carry it was not at the door."""
    if isinstance(task, Assignment):
        carriages.check_not_carried(task)
        return task
    parts = carriages.carried(task)
    if not parts:
        raise Refused("Ingen har sagt ja till att göra varorna än. Ring oss.")
    return parts[0]


def _back(of: str, number: int) -> str:
    if of == "korningar":
        return doors.page("carriages.show", carriage_id=number)
    return doors.page("assignments.show", assignment_id=number)
