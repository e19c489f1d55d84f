"""What waits about deliveries: ways to choose anew, nobody at home, what comes back; and the rules."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import clock, deliveryflow
from app.db import db
from app.errors import NotYours
from app.orders import queries
from app.orders.delivery.queries import asked_again, parcel_in
from app.pages import way_form, web

bp = Blueprint("deliveries", __name__)


@bp.route("/leveranser")
def index() -> ResponseReturnValue:
    """What waits."""
    return render_template("staff/deliveries.html", parcels=asked_again())


@bp.route("/bestallningar/<int:number>/paket/<int:parcel_id>/satt", methods=["POST"])
def choose(number: int, parcel_id: int) -> ResponseReturnValue:
    """Choose the way anew for the customer, as agreed with it."""
    web.sales_only()
    parcel = parcel_in(queries.order_numbered(number, lock=True), parcel_id)
    if FlaskForm().validate_on_submit():
        way_form.choose(parcel, by=web.user())
        db.session.commit()
        flash(_("The way is chosen. The customer sees it on the order's page."), "success")
    return web.back_to("staff.orders.show", number=number)


@bp.route("/bestallningar/<int:number>/paket/<int:parcel_id>/ta-tillbaka", methods=["POST"])
def take_back(number: int, parcel_id: int) -> ResponseReturnValue:
    """Take the carrying back from a carrier, with a reason."""
    web.sales_only()
    carriage = parcel_in(queries.order_numbered(number, lock=True), parcel_id).carriage
    if carriage is None:
        raise NotYours
    if FlaskForm().validate_on_submit():
        reason = request.form.get("reason", "")[:500]
        deliveryflow.withdraw_carriage(carriage, reason, by=web.user(), now=clock.now())
        db.session.commit()
        flash(_("The carrier need not come. Choose another way."), "success")
    return web.back_to("staff.orders.show", number=number)
