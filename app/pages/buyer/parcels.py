"""What the customer sees and says of its deliveries: another way, another try, proof, and what comes back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import pictures
from app.db import db
from app.orders.delivery import missed, proofs
from app.orders.delivery.queries import parcel_in
from app.orders.delivery.returns import returnable_in
from app.pages import missed_form, way_form, web
from app.pages.buyer.orders import own, page
from app.pages.return_form import ReturnForm

bp = Blueprint("parcels", __name__, url_prefix="/bestallningar/<int:number>")


@bp.route("/sandning/<int:parcel_id>/satt", methods=["POST"])
def choose(number: int, parcel_id: int) -> ResponseReturnValue:
    """Another way, at no more than was promised."""
    parcel = parcel_in(own(number, lock=True), parcel_id)
    if FlaskForm().validate_on_submit():
        way_form.choose(parcel, by=web.viewer().user)
        db.session.commit()
        flash(_("Thank you. It comes as you have chosen."), "success")
    return web.back_to("buyer.orders.show", number=number)


@bp.route("/besok/<int:visit_id>", methods=["POST"])
def after_missed(number: int, visit_id: int) -> ResponseReturnValue:
    """Another day, or collect."""
    visit = missed.visit_in(own(number, lock=True), visit_id)
    if FlaskForm().validate_on_submit():
        if (wrong := missed_form.choose(visit, by=web.viewer().user)) is not None:
            return page(own(number), wrong=wrong)
        db.session.commit()
        flash(_("Thank you. We have told whoever delivers."), "success")
    return web.back_to("buyer.orders.show", number=number)


@bp.route("/besok/<int:visit_id>.jpg")
def missed_picture(number: int, visit_id: int) -> Response:
    """What it looked like at the door; nobody's browser keeps it."""
    found = missed.picture_in(own(number), visit_id)
    return web.unkept(pictures.read(found, pictures.PAGE), pictures.MEDIA_TYPE)


@bp.route("/kvitto/<int:proof_id>/<any(foto,underskrift):which>.jpg")
def proof_picture(number: int, proof_id: int, which: str) -> Response:
    """The photograph or the signature of a delivery; nobody's browser keeps it."""
    found = proofs.picture_in(own(number), proof_id, which)
    return web.unkept(pictures.read(found, pictures.PAGE), pictures.MEDIA_TYPE)


@bp.route("/retur", methods=["GET", "POST"])
def send_back(number: int) -> ResponseReturnValue:
    """Register that something comes back."""
    form = ReturnForm(returnable_in(own(number)))
    if form.validate_on_submit():
        with web.refusals(form):
            form.send_back(own(number, lock=True), by=web.viewer().user)
            db.session.commit()
            flash(_("Thank you. Whoever made it has been told."), "success")
            return web.back_to("buyer.orders.show", number=number)
    back = url_for("buyer.orders.show", number=number)
    return render_template("send_back.html", order=own(number), form=form, back=back), web.status(form)
