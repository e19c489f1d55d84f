"""A member leaves an agreement: first the plan, then it is confirmed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import agreementflow, clock
from app.db import db
from app.errors import Refused
from app.orders.agreements import leaving, queries
from app.orders.agreements.leaving import Leaving
from app.orders.agreements.models import Agreement
from app.pages import web
from app.pages.agreement_forms import LeaveForm, agreed_in, leave_form

bp = Blueprint("leaving", __name__, url_prefix="/<int:agreement_id>/medlem")


@bp.route("/<int:member_id>", methods=["GET", "POST"])
def leave(agreement_id: int, member_id: int) -> ResponseReturnValue:
    """Who takes over what from which day, and what nobody can carry; with the second button it is so."""
    agreement = queries.agreement_with(agreement_id, lock=web.changing())
    first, now = LeaveForm(), clock.now()
    if leaving.has_left(agreement, member_id):
        flash(_("It is written down already that the member leaves. The plan stands here."), "info")
        return web.back_to("staff.agreements.show", agreement_id=agreement_id, _anchor="medlemmar")
    plan = leaving.look(agreement, member_id, first.from_day.data or clock.local_date(now), now=now)
    form, mark = leave_form(plan), _mark(plan)
    if form.validate_on_submit():
        with web.refusals(form):
            leaving.check_day(agreement, plan.from_day, now=now)
            if request.form.get("then") == "decide":
                return _decide(agreement, plan, mark, form)
        agreement = queries.agreement_with(agreement_id)
        plan = leaving.look(agreement, member_id, plan.from_day, now=now)
    page = render_template(
        "staff/agreement_leaving.html",
        agreement=agreement,
        form=form,
        plan=plan,
        mark=mark,
        shown=form.from_day.data is not None and request.method == "POST",
    )
    return page, web.status(form)


def _decide(agreement: Agreement, plan: Leaving, mark: str, form: Any) -> ResponseReturnValue:
    """It is so, if the plan is the one that was read. Raises Refused."""
    if request.form.get("plan") != mark:
        raise Refused(_("The plan is another than the one you read. Read it here, and confirm it then."))
    agreed = agreed_in(form, plan)
    agreementflow.leave(agreement, plan, form.reason.data or "", agreed, by=web.user(), now=clock.now())
    name = plan.member.name
    db.session.commit()
    flash(_("%(name)s leaves the agreement. The plan is kept here.", name=name), "success")
    return web.back_to("staff.agreements.show", agreement_id=agreement.id, _anchor="medlemmar")


def _mark(plan: Leaving) -> str:
    """A fingerprint of what the plan says."""
    return hashlib.sha256(json.dumps([plan.from_day.isoformat(), leaving.told(plan)]).encode()).hexdigest()[:24]
