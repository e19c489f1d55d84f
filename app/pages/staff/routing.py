"""How work is shared out: the policies, what is kept back of the week, and "what if"."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, legalflow
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.queries import list_with
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.errors import NotYours
from app.orders import routing_actions as actions
from app.orders import routing_queries as queries
from app.orders.routing_models import RoutingPolicy
from app.orders.standing import holding
from app.orders.what_if import MOST_ASSIGNMENTS, what_if
from app.pages import web
from app.pages.routing_forms import SHORT_KINDS, HoldForm, PolicyForm, WhatIfForm
from app.pages.staff.price_lists import typed

bp = Blueprint("routing", __name__, url_prefix="/fordelning")

WEEKS_SHOWN = timedelta(weeks=6)
"""So far ahead it is shown what standing orders will take."""
FOR_SALES = (".house", ".agreement", ".hold")


@bp.before_request
def _sales_change() -> None:
    """Finance may read how work is shared out, but sales decide it."""
    if request.method == "POST" or (request.endpoint or "").endswith(FOR_SALES):
        web.sales_only()


@bp.route("")
def index() -> ResponseReturnValue:
    """The house's policy, the agreements', and what is kept back."""
    today = clock.local_date(clock.now())
    return render_template(
        "staff/routing.html",
        standing=holding.weeks_wanted(today, today + WEEKS_SHOWN),
        house=queries.house_policy(),
        agreements=queries.agreements(),
        holds=queries.holds_from(today),
        kinds=SHORT_KINDS,
    )


@bp.route("/regel", methods=["GET", "POST"])
def house() -> ResponseReturnValue:
    """The policy that holds where no agreement says anything."""
    return _policy_page(None)


@bp.route("/regel/<int:list_id>", methods=["GET", "POST"])
def agreement(list_id: int) -> ResponseReturnValue:
    """The policy of a framework agreement."""
    return _policy_page(_agreement(list_id))


@bp.route("/regel/<int:list_id>/bort", methods=["POST"])
def drop(list_id: int) -> ResponseReturnValue:
    """Let the house's policy hold for the agreement too."""
    actions.drop_policy(_agreement(list_id), by=web.user(), now=clock.now())
    return _done(_("The agreement has no rule of its own any longer: ours holds."))


@bp.route("/hall-undan", methods=["GET", "POST"])
def hold() -> ResponseReturnValue:
    """Keep back a part of a member's week."""
    offering_id, wanted = web.number_asked_for("erbjudande"), typed("q")
    if offering_id is None:
        found = queries.offerings_found(wanted)
        return render_template("staff/routing_hold.html", offering=None, form=None, wanted=wanted, found=found)
    offering = queries.offering_to_hold(offering_id, lock=request.method == "POST")
    form = HoldForm([(str(one.id), f"{one.name}, {one.agreement}") for one, _policy in queries.agreements()])
    if form.validate_on_submit():
        with web.refusals(form):
            chosen = _agreement(int(form.price_list.data)) if form.price_list.data else None
            days = web.given(form.first_day.data), web.given(form.last_day.data)
            amount, why = web.given(form.per_week.data), web.given(form.why.data)
            actions.hold(offering, chosen, days, amount, why, by=web.user(), now=clock.now())
            legalflow.look_at_members([offering.member_id], now=clock.now())
            return _done(_("It is kept back from now on."))
    page = render_template(
        "staff/routing_hold.html", offering=queries.offering_to_hold(offering_id), form=form, wanted="", found=[]
    )
    return page, web.status(form)


@bp.route("/hall-undan/<int:hold_id>/bort", methods=["POST"])
def release(hold_id: int) -> ResponseReturnValue:
    """Let anybody's orders use it again."""
    kept = queries.hold_with(hold_id)
    member_id = kept.offering.member_id
    actions.release(kept, by=web.user(), now=clock.now())
    legalflow.look_at_members([member_id], now=clock.now())
    return _done(_("It is free for all orders again."))


@bp.route("/tank-om")
def simulate() -> ResponseReturnValue:
    """What if some members are closed some weeks? Nothing is saved."""
    now = clock.now()
    form = WhatIfForm(request.args) if "member" in request.args else WhatIfForm(None, **_next_week())
    asked = "member" in request.args and form.validate()
    outcome = what_if(form.closed, *form.days, now=now) if asked else None
    page = render_template("staff/what_if.html", form=form, outcome=outcome, most=MOST_ASSIGNMENTS)
    return page, 422 if form.errors else 200


def _next_week() -> dict[str, int]:
    year, week, _day = clock.local_date(clock.now()).isocalendar()
    return {"year": year, "first": week, "last": week}


def _policy_page(price_list: PriceList | None) -> ResponseReturnValue:
    form = PolicyForm() if request.method == "POST" else PolicyForm.showing(_written(price_list))
    list_id = price_list.id if price_list else None
    if form.validate_on_submit():
        with web.refusals(form):
            actions.set_policy(price_list, form.draft(), by=web.user(), now=clock.now())
            return _done(_("Saved. It holds for what is shared out from now on."))
    price_list = _agreement(list_id) if list_id else None
    written = _written(price_list)
    page = render_template("staff/routing_policy.html", form=form, price_list=price_list, policy=written)
    return page, web.status(form)


def _written(price_list: PriceList | None) -> RoutingPolicy | None:
    return queries.house_policy() if price_list is None else queries.policy_with_places(price_list)


def _agreement(list_id: int) -> PriceList:
    found = list_with(list_id)
    if found.kind != ListKind.FRAMEWORK:
        raise NotYours
    return found


def _done(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".index")
