"""An assignment: answer it, all or a part, and report it delivered."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app import clock, deliveryflow, orderflow
from app.db import db
from app.errors import Refused
from app.orders import adjusting, change_queries, handing, queries
from app.orders.cart import read_quantity
from app.orders.delivery import missed
from app.orders.delivery.proofs import Shown
from app.orders.delivery.queries import parcel_of, parcels_in
from app.orders.delivery.rules import needs_of
from app.orders.models import Assignment
from app.orders.sheets import reading
from app.orders.sheets.values import Parcel
from app.orders.states import AssignmentState
from app.pages import web

bp = Blueprint("assignments", __name__, url_prefix="/uppdrag")


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Yes. The quantities stand in the page, one a line, under `quantity-ID`."""


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """No, and why."""

    reason = TextAreaField(
        _l("Why do you decline?"), [InputRequired(_l("Write a few words about why.")), Length(max=500)]
    )


@bp.route("")
def index() -> ResponseReturnValue:
    """All the member's assignments: those going on, and the latest that are over."""
    member = web.member()
    going_on = queries.assignments_of(member, [AssignmentState.OFFERED, AssignmentState.ACCEPTED])
    over = queries.assignments_of(member, [AssignmentState.DELIVERED], newest=True)
    return render_template("member/assignments.html", going_on=going_on, over=over)


@bp.route("/<int:assignment_id>")
def show(assignment_id: int) -> ResponseReturnValue:
    """What is asked for, and the answer."""
    return _page(queries.assignment_of(web.member(), assignment_id))


@bp.route("/<int:assignment_id>/ja", methods=["POST"])
def accept(assignment_id: int) -> ResponseReturnValue:
    """Take on all, or the quantities that were changed."""
    assignment = queries.assignment_of(web.member(), assignment_id, lock=True)
    form = AnswerForm()
    typed = {line.id: request.form.get(f"quantity-{line.id}") for line in assignment.lines}
    if form.validate_on_submit():
        with web.refusals(form):
            orderflow.accept(assignment, _quantities(assignment, typed), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Thank you! The work is yours."), "success")
            return web.back_to(".show", assignment_id=assignment_id)
    return _page(queries.assignment_of(web.member(), assignment_id), answer=form, typed=typed)


@bp.route("/<int:assignment_id>/nej", methods=["POST"])
def decline(assignment_id: int) -> ResponseReturnValue:
    """Say no, with a reason; somebody else is asked at once."""
    assignment = queries.assignment_of(web.member(), assignment_id, lock=True)
    form = DeclineForm()
    if form.validate_on_submit():
        with web.refusals(form):
            orderflow.decline(assignment, web.given(form.reason.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("You have declined. We ask somebody else."), "info")
            return web.back_to("member.today.show")
    return _page(queries.assignment_of(web.member(), assignment_id), no=form)


@bp.route("/<int:assignment_id>/levererat", methods=["POST"])
def deliver(assignment_id: int) -> ResponseReturnValue:
    """Report that everything has been handed over."""
    assignment = queries.assignment_of(web.member(), assignment_id, lock=True)
    to_customer = handing.reaches_customer(assignment)
    deliveryflow.deliver(assignment, Shown(), by=web.user(), now=clock.now())
    db.session.commit()
    done = _("Well done! The customer has been told.") if to_customer else _("Well done! The next member can begin.")
    flash(done, "success")
    return web.back_to("member.today.show")


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


def _quantities(assignment: Assignment, typed: dict[int, str | None]) -> dict[int, Decimal]:
    """What was typed for each line; all that was offered where nothing was. Raises Refused for what is no quantity."""
    found = {}
    for line in assignment.lines:
        text = typed[line.id]
        try:
            found[line.id] = line.offered if text is None else _quantity(text, line.order_line.unit)
        except ValueError as wrong:
            raise Refused(f"{line.order_line.name}: {wrong}") from wrong
    return found


def _quantity(typed: str, unit: str) -> Decimal:
    """Nought is an answer too: none of this line."""
    return Decimal(0) if typed.strip() in {"0", ""} else read_quantity(typed, unit)
