"""The customer complains about what came, with words and photographs."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, pictures
from app.db import db
from app.errors import NotYours
from app.orders.complaint_queries import complaint_in, delivered_in
from app.pages import web
from app.pages.buyer.orders import own
from app.pages.complaint_form import ComplaintForm

bp = Blueprint("complaints", __name__, url_prefix="/bestallningar/<int:number>")


@bp.route("/reklamera", methods=["GET", "POST"])
def complain(number: int) -> ResponseReturnValue:
    """What is wrong, and with how much of what came."""
    now = clock.now()
    form = ComplaintForm([one for one in delivered_in(own(number)) if now <= one.until])
    if form.validate_on_submit():
        with web.refusals(form):
            photographs = form.developed()
            order = own(number, lock=True)
            form.complain(order, photographs, by=web.viewer().user, late=False)
            db.session.commit()
            flash(_("Thank you for telling us. We look at it and write to you."), "success")
            return web.back_to("buyer.orders.show", number=number)
    back = url_for("buyer.orders.show", number=number)
    return render_template("complain.html", order=own(number), form=form, back=back), web.status(form)


@bp.route("/reklamationer/<int:complaint_id>/<int:picture_id>.jpg")
def picture(number: int, complaint_id: int, picture_id: int) -> Response:
    """One of the customer's own photographs; nobody's browser keeps it."""
    complaint = complaint_in(own(number), complaint_id)
    found = next((one.picture for one in complaint.pictures if one.picture_id == picture_id), None)
    if found is None:
        raise NotYours
    return web.unkept(pictures.read(found, pictures.PAGE), pictures.MEDIA_TYPE)
