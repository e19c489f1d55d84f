"""An assignment: answer it, all or a part, and report it delivered."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, deliveryflow, orderflow
from app.db import db
from app.orders import adjusting, change_queries, handing, queries
from app.orders.delivery import missed
from app.orders.delivery.proofs import Shown
from app.orders.delivery.queries import parcel_of, parcels_in
from app.orders.delivery.rules import needs_of
from app.orders.models import Assignment
from app.orders.sheets import reading
from app.orders.sheets.values import Parcel
from app.orders.states import AssignmentState
from app.pages import doors, web
from app.pages.answer_form import AnswerForm, DeclineForm, read_quantities, typed_for

bp = Blueprint("assignments", __name__, url_prefix="/uppdrag")


@bp.route("")
def index() -> ResponseReturnValue:
    """All the member's assignments: those going on, and the latest that are over."""
    member = doors.member()
    going_on = queries.assignments_of(member, [AssignmentState.OFFERED, AssignmentState.ACCEPTED])
    over = queries.assignments_of(member, [AssignmentState.DELIVERED], newest=True)
    return render_template("member/assignments.html", going_on=going_on, over=over)


@bp.route("/<int:assignment_id>")
def show(assignment_id: int) -> ResponseReturnValue:
    """What is asked for, and the answer."""
    return _page(queries.assignment_of(doors.member(), assignment_id))


@bp.route("/<int:assignment_id>/ja", methods=["POST"])
def accept(assignment_id: int) -> ResponseReturnValue:
    """Take on all, or the quantities that were changed."""
    assignment = queries.assignment_of(doors.member(), assignment_id, lock=True)
    form = AnswerForm()
    typed = typed_for(assignment)
    if form.validate_on_submit():
        with web.refusals(form):
            orderflow.accept(assignment, read_quantities(assignment, typed), by=doors.actor(), now=clock.now())
            db.session.commit()
            flash(_("Thank you! The work is yours."), "success")
            return web.back_to(".show", assignment_id=assignment_id)
    return _page(queries.assignment_of(doors.member(), assignment_id), answer=form, typed=typed)


@bp.route("/<int:assignment_id>/nej", methods=["POST"])
def decline(assignment_id: int) -> ResponseReturnValue:
    """Say no, with a reason; somebody else is asked at once."""
    assignment = queries.assignment_of(doors.member(), assignment_id, lock=True)
    form = DeclineForm()
    if form.validate_on_submit():
        with web.refusals(form):
            orderflow.decline(assignment, web.given(form.reason.data), by=doors.actor(), now=clock.now())
            db.session.commit()
            flash(_("You have declined. We ask somebody else."), "info")
            return doors.done(assignment.order)
    return _page(queries.assignment_of(doors.member(), assignment_id), no=form)


@bp.route("/<int:assignment_id>/levererat", methods=["POST"])
def deliver(assignment_id: int) -> ResponseReturnValue:
    """Report that everything has been handed over."""
    assignment = queries.assignment_of(doors.member(), assignment_id, lock=True)
    to_customer = handing.reaches_customer(assignment)
    deliveryflow.deliver(assignment, Shown(), by=doors.actor(), now=clock.now())
    db.session.commit()
    done = _("Well done! The customer has been told.") if to_customer else _("Well done! The next member can begin.")
    flash(done, "success")
    return doors.done(assignment.order)


def _page(
    assignment: Assignment,
    *,
    answer: AnswerForm | None = None,
    no: DeclineForm | None = None,
    typed: dict[int, str | None] | None = None,
) -> ResponseReturnValue:
    answer, no = answer or AnswerForm(formdata=None), no or DeclineForm(formdata=None)
    status = 422 if answer.errors or no.errors else 200
    now = clock.now()
    return (
        render_template(
            "member/assignment.html",
            assignment=assignment,
            handovers=handing.handovers(assignment),
            to_customer=handing.reaches_customer(assignment),
            not_here=handing.not_here_yet(assignment),
            weighed=any(adjusting.is_weighed(line.order_line) for line in assignment.lines),
            asked=[one for one in change_queries.questions_in(assignment.order) if one.assignment_id == assignment.id],
            coming=[sender for line in assignment.lines for sender in handing.waiting_for(line.order_line)],
            parcel=parcel_of(parcels_in(assignment.order), assignment),
            door=_door(assignment),
            needs=needs_of(assignment.order.customer_id),
            missed=missed.open_of(assignment),
            answer=answer,
            no=no,
            typed=typed or {},
            in_time=assignment.answer_before >= now,
            due=assignment.delivery_day <= clock.local_date(now),
        ),
        status,
    )


def _door(assignment: Assignment) -> Parcel | None:
    """What the day's papers say of the customer and its door; nothing before the member has said yes."""
    if assignment.state not in reading.ON_PAPER:
        return None
    whole = reading.assignment_on_paper(assignment.id, assignment.member_id)
    return next((one for one in reading.parcels([whole]) if not one.to_member), None)
