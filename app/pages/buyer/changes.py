"""The customer changes its order, or calls it off, until whoever makes it must begin."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import changeflow, clock
from app.db import db
from app.orders import change_queries, changes
from app.orders.complaint_queries import replacing
from app.orders.handing import groups
from app.orders.models import Order
from app.pages import web
from app.pages.asking_once import Once
from app.pages.buyer.orders import own
from app.pages.order_change_form import ChangeForm, say_prices, say_room, shown, typed

bp = Blueprint("changes", __name__, url_prefix="/bestallningar/<int:number>")


@bp.route("/andra", methods=["GET", "POST"])
def change(number: int) -> ResponseReturnValue:
    """Other quantities, another day, other references."""
    order = own(number, lock=web.changing())
    form, mark, once = ChangeForm(order), shown(order), Once()
    if form.validate_on_submit():
        with web.refusals(form):
            mark.check()
            wish, before = form.wish(order), {line.id: line.unassigned for line in order.lines}
            say_prices(order, wish, once)
            changeflow.change(order, wish, by=web.viewer().user, now=clock.now())
            say_room(order, before, once)
            db.session.commit()
            flash(_("The order is changed. You get a letter about it."), "success")
            return web.back_to("buyer.orders.show", number=number)
    return _page(own(number), form, mark, once)


@bp.route("/avbestall", methods=["POST"])
def cancel(number: int) -> ResponseReturnValue:
    """Call off all that is still to come."""
    order = own(number, lock=True)
    form = FlaskForm()
    if form.validate_on_submit():
        changeflow.cancel(order, by=web.viewer().user, now=clock.now())
        db.session.commit()
        flash(_("The order is called off. You get a letter about it."), "success")
    return web.back_to("buyer.orders.show", number=number)


def _page(order: Order, form: ChangeForm, mark: web.Shown, once: Once) -> ResponseReturnValue:
    page = render_template(
        "buyer/order_change.html",
        order=order,
        form=form,
        shown=mark,
        once=once,
        groups=groups(order),
        least={group.lines[0].id: changes.least(group) for group in groups(order)},
        typed=typed(order),
        anew=replacing(order),
        until=change_queries.may_change_until(order),
        now=clock.now(),
    )
    return page, web.status(form)
