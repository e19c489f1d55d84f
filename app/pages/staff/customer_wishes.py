"""Whom a customer would rather have, and whom it is not to have."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.customers.queries import customer_with
from app.db import db
from app.members.queries import member_with
from app.orders import routing_actions as actions
from app.orders.routing_models import Wish
from app.pages import web
from app.pages.routing_forms import WishForm

bp = Blueprint("customer_wishes", __name__, url_prefix="/kunder")
bp.before_request(web.sales_only)


@bp.route("/<int:customer_id>/medlemmar", methods=["GET", "POST"])
def new(customer_id: int) -> ResponseReturnValue:
    """Write down a wish; a new one about the same member takes the old one's place."""
    customer, form = customer_with(customer_id), WishForm()
    if form.validate_on_submit():
        with web.refusals(form):
            member, wish = member_with(form.member.data), Wish(form.wish.data)
            actions.wish(customer, member, wish, web.given(form.reason.data), by=web.user(), now=clock.now())
            return _done(customer_id, _("Saved. It holds for what is shared out from now on."))
    page = render_template("staff/customer_wish.html", form=form, customer=customer_with(customer_id))
    return page, web.status(form)


@bp.route("/<int:customer_id>/medlemmar/<int:member_id>/bort", methods=["POST"])
def forget(customer_id: int, member_id: int) -> ResponseReturnValue:
    """The customer takes whoever comes."""
    actions.forget_wish(customer_with(customer_id), member_id, by=web.user(), now=clock.now())
    return _done(customer_id, _("The wish is taken away."))


def _done(customer_id: int, sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to("staff.customers.show", customer_id=customer_id)
