"""What a member asks the customer about an order, and the customer's yes or no."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import adjustflow, clock
from app.db import db
from app.orders import change_queries
from app.pages import web
from app.pages.buyer.orders import own

bp = Blueprint("questions", __name__, url_prefix="/bestallningar/<int:number>/fragor")


@bp.route("/<int:question_id>/<any(ja,nej):answer>", methods=["POST"])
def reply(number: int, question_id: int, answer: str) -> ResponseReturnValue:
    """Yes or no; the question itself stands on the order's page."""
    order = own(number, lock=True)
    if FlaskForm().validate_on_submit():
        question = change_queries.question_in(order, question_id)
        adjustflow.answer(question, yes=answer == "ja", by=web.viewer().user, now=clock.now())
        db.session.commit()
        flash(_("Thank you. The member has been told."), "success")
    return web.back_to("buyer.orders.show", number=number)
