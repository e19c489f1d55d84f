"""The customer chooses anew how a parcel comes, when it cannot come as it was said."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.db import db
from app.orders.delivery.queries import parcel_in
from app.pages import way_form, web
from app.pages.buyer.orders import own

bp = Blueprint("parcels", __name__, url_prefix="/bestallningar/<int:number>/paket/<int:parcel_id>")


@bp.route("/satt", methods=["POST"])
def choose(number: int, parcel_id: int) -> ResponseReturnValue:
    """Another way, at no more than was promised."""
    parcel = parcel_in(own(number, lock=True), parcel_id)
    if FlaskForm().validate_on_submit():
        way_form.choose(parcel, by=web.viewer().user)
        db.session.commit()
        flash(_("Thank you. It comes as you have chosen."), "success")
    return web.back_to("buyer.orders.show", number=number)
