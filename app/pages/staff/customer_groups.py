"""Groups of customers, and who belongs to each."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.catalog.pricing import queries as price_queries
from app.customers import groups
from app.customers.queries import customer_with
from app.db import db
from app.errors import NotYours
from app.pages import web
from app.pages.price_forms import SHORT_KINDS, STATES, GroupForm
from app.pages.staff.price_lists import typed

bp = Blueprint("customer_groups", __name__, url_prefix="/kundgrupper")


@bp.before_request
def _sales_change() -> None:
    """Finance may read, but sales change."""
    if request.method == "POST":
        web.sales_only()


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """All groups, and a form for a new one."""
    form = GroupForm()
    if form.validate_on_submit():
        with web.refusals(form):
            made = groups.make_group(form.name.data, form.note.data or "", by=web.user(), now=clock.now())
            return _done(_("The group is made. Now say who belongs to it."), made.id)
    return render_template("staff/customer_groups.html", form=form, groups=groups.all_groups()), web.status(form)


@bp.route("/<int:group_id>", methods=["GET", "POST"])
def show(group_id: int) -> ResponseReturnValue:
    """One group: its customers, its price lists, its name."""
    group, form = groups.group_with(group_id), GroupForm()
    if request.method == "GET":
        form.name.data, form.note.data = group.name, group.note
    elif form.validate_on_submit():
        with web.refusals(form):
            groups.rename_group(group, form.name.data, form.note.data or "", by=web.user(), now=clock.now())
            return _done(_("Saved."), group_id)
    group, wanted = groups.group_with(group_id), typed("kund")
    page = render_template(
        "staff/customer_group.html",
        group=group,
        form=form,
        wanted=wanted,
        found=[one for one in price_queries.customers_found(wanted) if one not in group.customers],
        lists=price_queries.lists_of_group(group),
        kinds=SHORT_KINDS,
        states=STATES,
    )
    return page, web.status(form)


@bp.route("/<int:group_id>/kunder", methods=["POST"])
def join(group_id: int) -> ResponseReturnValue:
    """A customer belongs to the group from now on."""
    group, chosen = groups.group_with(group_id), request.form.get("customer", type=int)
    if not chosen or chosen < 1:
        raise NotYours
    customer = customer_with(chosen)
    groups.join_group(group, customer, by=web.user(), now=clock.now())
    return _done(_("%(customer)s belongs to the group.", customer=customer.name), group_id)


@bp.route("/<int:group_id>/kunder/<int:customer_id>/bort", methods=["POST"])
def leave(group_id: int, customer_id: int) -> ResponseReturnValue:
    """A customer no longer belongs to the group."""
    groups.leave_group(groups.group_with(group_id), customer_id, by=web.user(), now=clock.now())
    return _done(_("Saved."), group_id)


def _done(sentence: str, group_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show", group_id=group_id)
