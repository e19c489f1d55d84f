"""What the member carries for others: answer, fetch, and report that the customer has it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import clock, deliveryflow
from app.db import db
from app.orders import queries
from app.orders.delivery import carriages
from app.orders.delivery.models import Carriage
from app.orders.delivery.queries import carriage_of
from app.pages import doors, web
from app.pages.answer_form import DeclineForm

bp = Blueprint("carriages", __name__)


@bp.route("/korningar/<int:carriage_id>")
def show(carriage_id: int) -> ResponseReturnValue:
    """From where, to where, and when."""
    return _page(carriage_of(doors.member(), carriage_id), DeclineForm(formdata=None))


@bp.route("/korningar/<int:carriage_id>/ja", methods=["POST"])
def accept(carriage_id: int) -> ResponseReturnValue:
    """Take it on."""
    carriage = carriage_of(doors.member(), carriage_id, lock=True)
    if FlaskForm().validate_on_submit():
        carriages.accept(carriage, by=doors.actor(), now=clock.now())
        db.session.commit()
        flash(_("Thank you! The work is yours."), "success")
    return web.back_to(".show", carriage_id=carriage_id)


@bp.route("/korningar/<int:carriage_id>/nej", methods=["POST"])
def decline(carriage_id: int) -> ResponseReturnValue:
    """Say no, with a reason."""
    carriage, form = carriage_of(doors.member(), carriage_id, lock=True), DeclineForm()
    if form.validate_on_submit():
        with web.refusals(form):
            deliveryflow.decline_carriage(carriage, web.given(form.reason.data), by=doors.actor(), now=clock.now())
            db.session.commit()
            flash(_("You have declined. We see to it that it comes otherwise."), "info")
            return doors.done(carriage.parcel.order)
    return _page(carriage_of(doors.member(), carriage_id), form)


@bp.route("/uppdrag/<int:assignment_id>/hamtat", methods=["POST"])
def hand_over(assignment_id: int) -> ResponseReturnValue:
    """Whoever made the goods says that the carrier has them."""
    assignment = queries.assignment_of(doors.member(), assignment_id, lock=True)
    if FlaskForm().validate_on_submit():
        carriages.hand_over(assignment, by=doors.actor(), now=clock.now())
        db.session.commit()
        flash(_("Noted. The carrier reports when the customer has it."), "success")
    return doors.back_to("assignments.show", assignment_id=assignment_id)


def _page(carriage: Carriage, no: DeclineForm) -> ResponseReturnValue:
    order, now = carriage.parcel.order, clock.now()
    page = render_template(
        "member/carriage.html",
        carriage=carriage,
        order=order,
        lines=[line for line in order.lines if line.id in carriage.parcel.line_ids and line.remaining],
        no=no,
        in_time=carriage.answer_before >= now,
        due=carriage.delivery_day <= clock.local_date(now),
    )
    return page, web.status(no)
