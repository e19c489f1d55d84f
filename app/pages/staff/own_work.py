"""The sales company's own part of an order, such as bookkeeping for a member: staff answer for it."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, orderflow
from app.db import db
from app.errors import NotYours
from app.orders import queries
from app.pages import web

bp = Blueprint("own_work", __name__, url_prefix="/bestallningar")


@bp.route("/<int:number>/eget/<int:assignment_id>/<any(ja,levererat):act>", methods=["POST"])
def answer(number: int, assignment_id: int, act: str) -> ResponseReturnValue:
    """Take it on, or report that it is done. To say no is to move it, as with any other assignment."""
    web.sales_only()
    assignment = queries.assignment_of_order(queries.order_numbered(number, lock=True), assignment_id)
    if not assignment.member.is_sales_company:
        raise NotYours
    if act == "ja":
        orderflow.accept(assignment, {}, by=web.user(), now=clock.now())
    else:
        orderflow.deliver(assignment, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("We have taken it on.") if act == "ja" else _("Reported as done. The customer has been told."), "success")
    return web.back_to("staff.orders.show", number=number)
