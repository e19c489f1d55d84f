"""Staff change an order for its customer, at any time before it is delivered, and say why."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import changeflow, clock
from app.db import db
from app.orders import change_queries, changes, queries
from app.orders.handing import groups
from app.orders.models import Order
from app.pages import web
from app.pages.asking_once import Once
from app.pages.order_change_form import StaffChangeForm, say_prices, shown, typed

bp = Blueprint("order_changes", __name__, url_prefix="/bestallningar/<int:number>")


@bp.route("/andra", methods=["GET", "POST"])
def change(number: int) -> ResponseReturnValue:
    """Other quantities, another day, other references, and why."""
    web.sales_only()
    order = queries.order_numbered(number, lock=web.changing())
    form, mark, once = StaffChangeForm(order), shown(order), Once()
    if form.validate_on_submit():
        with web.refusals(form):
            mark.check()
            why = web.given(form.why.data)
            wish = form.wish(order)
            say_prices(order, wish, once)
            changeflow.change_for_customer(order, wish, why, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The order is changed. The customer and the members get letters about it."), "success")
            return web.back_to("staff.orders.show", number=number)
    return _page(queries.order_numbered(number), form, mark, once)


def _page(order: Order, form: StaffChangeForm, mark: web.Shown, once: Once) -> ResponseReturnValue:
    page = render_template(
        "staff/order_change.html",
        order=order,
        form=form,
        shown=mark,
        once=once,
        groups=groups(order),
        least={group.lines[0].id: changes.least(group) for group in groups(order)},
        typed=typed(order),
        until=change_queries.may_change_until(order),
    )
    return page, web.status(form)
