"""Order again: what an earlier order held is put into the basket at today's prices."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.orders.change_queries import bought
from app.pages import web
from app.pages.buyer.orders import own
from app.pages.buyer.refilling import refill

bp = Blueprint("again", __name__, url_prefix="/bestallningar/<int:number>")


@bp.route("/igen", methods=["POST"])
def again(number: int) -> ResponseReturnValue:
    """Put it all into the basket, and say what could not be put."""
    order = own(number)
    if FlaskForm().validate_on_submit():
        refill(bought(order))
    return web.back_to("buyer.basket.show")
