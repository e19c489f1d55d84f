"""What must be shown when something is handed over, and what a second try costs: for all, and for one customer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app import clock
from app.customers.models import Customer
from app.customers.queries import customer_with
from app.db import db
from app.money import NOUGHT
from app.orders.delivery import rules
from app.orders.delivery.event_models import DeliveryRule
from app.orders.delivery.rules import Needs
from app.pages import web
from app.pages.bid_fields import MoneyField

bp = Blueprint("delivery_rules", __name__)
bp.before_request(web.sales_only)


class NeedsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What must be shown."""

    photograph = BooleanField(_l("A photograph"))
    received_by = BooleanField(_l("The name of who received it"))
    signature = BooleanField(_l("A signature"))

    def show(self, rule: DeliveryRule | None) -> None:
        """Fill in what holds."""
        if rule is not None and not self.is_submitted():
            self.photograph.data, self.received_by.data = rule.needs_photograph, rule.needs_name
            self.signature.data = rule.needs_signature

    def needs(self) -> Needs:
        """What was ticked."""
        return Needs(bool(self.photograph.data), bool(self.received_by.data), bool(self.signature.data))


class HouseForm(NeedsForm):
    """That, and the fee."""

    fee = MoneyField(_l("A second try costs, in kronor without VAT"))

    def show(self, rule: DeliveryRule | None) -> None:
        """Fill in what holds."""
        super().show(rule)
        if rule is not None and not self.is_submitted():
            self.fee.data = rule.again_fee or None


@bp.route("/leveranser/regler", methods=["GET", "POST"])
def house() -> ResponseReturnValue:
    """For all that have no rule of their own."""
    form = HouseForm()
    form.show(rules.house_rule())
    if form.validate_on_submit():
        with web.refusals(form):
            fee = form.fee.data if form.fee.data is not None else NOUGHT
            rules.set_rule(None, form.needs(), fee, by=web.user(), now=clock.now())
            return _saved(url_for("staff.deliveries.index"))
    return _page(form, None, url_for("staff.deliveries.index"))


@bp.route("/kunder/<int:customer_id>/leverans", methods=["GET", "POST"])
def customer(customer_id: int) -> ResponseReturnValue:
    """For one customer."""
    one, form, back = customer_with(customer_id), NeedsForm(), url_for("staff.customers.show", customer_id=customer_id)
    form.show(rules.rule_of(one) or rules.house_rule())
    if form.validate_on_submit():
        with web.refusals(form):
            rules.set_rule(one, form.needs(), by=web.user(), now=clock.now())
            return _saved(back)
    return _page(form, customer_with(customer_id), back)


def _saved(back: str) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Saved. It holds for deliveries from now on."), "success")
    return redirect(back, code=303)


def _page(form: NeedsForm, one: Customer | None, back: str) -> ResponseReturnValue:
    return render_template("staff/delivery_rule.html", form=form, customer=one, back=back), web.status(form)
