"""What waits about deliveries: ways to choose anew, nobody at home, what comes back; and the rules."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import clock, deliveryflow, pictures
from app.db import db
from app.errors import NotYours
from app.orders import queries
from app.orders.delivery import missed, proofs
from app.orders.delivery.queries import asked_again, charges_due, parcel_in
from app.orders.delivery.returns import coming_back, returnable_in
from app.pages import missed_form, way_form, web
from app.pages.return_form import ReturnForm
from app.pages.staff import orders

bp = Blueprint("deliveries", __name__)


@bp.route("/leveranser")
def index() -> ResponseReturnValue:
    """What waits."""
    return render_template(
        "staff/deliveries.html",
        parcels=asked_again(),
        visits=missed.waiting(),
        returns=coming_back(),
        charges=charges_due(),
    )


@bp.route("/bestallningar/<int:number>/sandning/<int:parcel_id>/satt", methods=["POST"])
def choose(number: int, parcel_id: int) -> ResponseReturnValue:
    """Choose the way anew for the customer, as agreed with it."""
    web.sales_only()
    parcel = parcel_in(queries.order_numbered(number, lock=True), parcel_id)
    if FlaskForm().validate_on_submit():
        way_form.choose(parcel, by=web.user())
        db.session.commit()
        flash(_("The way is chosen. The customer sees it on the order's page."), "success")
    return web.back_to("staff.orders.show", number=number)


@bp.route("/bestallningar/<int:number>/sandning/<int:parcel_id>/ta-tillbaka", methods=["POST"])
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


@bp.route("/bestallningar/<int:number>/besok/<int:visit_id>", methods=["POST"])
def after_missed(number: int, visit_id: int) -> ResponseReturnValue:
    """Another day, or collect, as agreed with the customer."""
    web.sales_only()
    visit = missed.visit_in(queries.order_numbered(number, lock=True), visit_id)
    if FlaskForm().validate_on_submit():
        if (wrong := missed_form.choose(visit, by=web.user())) is not None:
            return orders.page(queries.order_numbered(number), wrong_day=wrong)
        db.session.commit()
        flash(_("Whoever delivers has been told."), "success")
    return web.back_to("staff.orders.show", number=number)


@bp.route("/bestallningar/<int:number>/besok/<int:visit_id>.jpg")
def missed_picture(number: int, visit_id: int) -> Response:
    """What it looked like at the door."""
    found = missed.picture_in(queries.order_numbered(number), visit_id)
    return web.unkept(pictures.read(found, pictures.PAGE), pictures.MEDIA_TYPE)


@bp.route("/bestallningar/<int:number>/kvitto/<int:proof_id>/<any(foto,underskrift):which>.jpg")
def proof_picture(number: int, proof_id: int, which: str) -> Response:
    """The photograph or the signature of a delivery."""
    found = proofs.picture_in(queries.order_numbered(number), proof_id, which)
    return web.unkept(pictures.read(found, pictures.PAGE), pictures.MEDIA_TYPE)


@bp.route("/bestallningar/<int:number>/retur", methods=["GET", "POST"])
def send_back(number: int) -> ResponseReturnValue:
    """Register for the customer that something comes back."""
    web.sales_only()
    form = ReturnForm(returnable_in(queries.order_numbered(number)))
    if form.validate_on_submit():
        with web.refusals(form):
            form.send_back(queries.order_numbered(number, lock=True), by=web.user())
            db.session.commit()
            flash(_("Whoever made it has been told."), "success")
            return web.back_to("staff.orders.show", number=number)
    order, back = queries.order_numbered(number), url_for("staff.orders.show", number=number)
    return render_template("send_back.html", order=order, form=form, back=back), web.status(form)
