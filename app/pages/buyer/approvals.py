"""The organisation's limit, what waits for approval, and the decision on an order."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from app import approvalflow, clock
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours, Refused
from app.money import Money
from app.orders.approvals import queries
from app.pages import web
from app.pages.buyer.orders import own, page

bp = Blueprint("approvals", __name__)


class LimitForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Above how much another person must approve."""

    limit = StringField(_l("Limit, excl. VAT"), [Length(max=20)])

    def amount(self) -> Money | None:
        """What was typed; None where it was left empty. Raises Refused for what is no amount."""
        typed = (self.limit.data or "").strip()
        try:
            return Money.parse(typed) if typed else None
        except ValueError as wrong:
            raise Refused(_("Write the limit in kronor, such as 5 000.")) from wrong


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """Why it is not approved."""

    reason = TextAreaField(_l("Why not?"), [Length(max=500)])


@bp.route("/organisation", methods=["GET", "POST"])
def organisation() -> ResponseReturnValue:
    """The limit, who may approve, and what waits."""
    if web.viewer().user is None:
        return redirect(url_for("security.login", next=request.path))
    form = LimitForm()
    if form.validate_on_submit():
        with web.refusals(form):
            customer = _customer(lock=True)
            approvalflow.set_limit(customer, form.amount(), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The limit is saved. Everybody else in the organisation gets a letter."), "success")
            return web.back_to(".organisation")
    customer = _customer()
    rule, contact = queries.rule_of(customer), queries.contact_of(customer)
    if rule is not None and not form.is_submitted():
        form.limit.data = rule.limit.amount()
    shown = render_template(
        "buyer/organisation.html",
        customer=customer,
        rule=rule,
        form=form,
        contact=contact,
        is_contact=contact is not None and contact.id == web.user().id,
        people=queries.members_of(customer),
        waiting=queries.waiting_for(customer),
    )
    return shown, web.status(form)


@bp.route("/bestallningar/<int:number>/<any(godkann,avsla,aterta):act>", methods=["POST"])
def decide(number: int, act: str) -> ResponseReturnValue:
    """Approve, decline with a reason, or take back what waits."""
    _customer()
    order, form, by, now = own(number, lock=True), DecisionForm(), web.user(), clock.now()
    if form.validate_on_submit():
        with web.refusals(form):
            if act == "godkann":
                approvalflow.approve(order, by=by, now=now)
                said = _("The order is approved, and the members are asked.")
            elif act == "avsla":
                approvalflow.decline(order, form.reason.data or "", by=by, now=now)
                said = _("The order is not approved. Whoever ordered gets a letter.")
            else:
                approvalflow.take_back(order, by=by, now=now)
                said = _("The order is taken back. Nothing is delivered or charged.")
            db.session.commit()
            flash(said, "success")
            return web.back_to("buyer.orders.show", number=number)
    return page(own(number), form)


def _customer(*, lock: bool = False) -> Customer:
    """The organisation for which the viewer acts, held by whoever changes its limit. Raises NotYours."""
    customer = web.viewer().customer
    if customer is None or not customer.has_references:
        raise NotYours
    if lock:
        db.session.refresh(customer, with_for_update=True)
    return customer
