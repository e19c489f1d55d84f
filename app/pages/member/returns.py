"""What comes back to the member: in order or not."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, deliveryflow
from app.db import db
from app.errors import Refused
from app.orders.cart import read_quantity
from app.orders.delivery.returns import return_of
from app.orders.queries import hold
from app.pages import doors, web
from app.pages.member.door_forms import ReceiveForm

bp = Blueprint("returns", __name__, url_prefix="/returer")


@bp.route("/<int:return_id>", methods=["GET", "POST"])
def show(return_id: int) -> ResponseReturnValue:
    """Say that it is back."""
    form = ReceiveForm()
    if form.validate_on_submit():
        with web.refusals(form):
            one = return_of(doors.member(), return_id, lock=True)
            hold(one.assignment.order_id)
            in_order = _read(form.in_order.data or "", one.order_line.unit)
            deliveryflow.receive(one, in_order, form.answer.data or "", by=doors.actor(), now=clock.now())
            db.session.commit()
            flash(_("Thank you. The customer has been told."), "success")
            return doors.done(one.assignment.order)
    return render_template("member/return.html", form=form, one=return_of(doors.member(), return_id)), web.status(form)


def _read(typed: str, unit: str) -> Decimal:
    """None in order is an answer too. Raises Refused."""
    try:
        return Decimal(0) if typed.strip() == "0" else read_quantity(typed, unit)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
