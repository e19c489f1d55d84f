"""What finance does by hand to invoicing: charge a customer together now, and credit what has been decided."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock, moneyflow
from app.customers import queries as customers
from app.db import db
from app.invoicing import desk
from app.pages import web

bp = Blueprint("invoicing", __name__)
bp.before_request(web.finance_only)


@bp.route("/kunder/<int:customer_id>/fakturera", methods=["POST"])
def collect(customer_id: int) -> ResponseReturnValue:
    """Charge together, today with it, what the customer has got and is not charged for."""
    customer, now = customers.customer_with(customer_id, lock=True), clock.now()
    made = moneyflow.collect(customer, until=clock.local_date(now) + timedelta(days=1), now=now)
    db.session.commit()
    if made:
        words = ngettext("One invoice is made: %(names)s.", "%(num)s invoices are made: %(names)s.", len(made),
                         names=", ".join(one.name for one in made))  # fmt: skip
        flash(words, "success")
    else:
        flash(_("There is nothing to charge. All that was delivered stands on an invoice."), "info")
    return web.back_to("staff.customers.show", customer_id=customer_id)


@bp.route("/fakturor/<int:invoice_id>/kreditera-beslutat", methods=["POST"])
def credit_dues(invoice_id: int) -> ResponseReturnValue:
    """Make a credit note of all that is to be credited of an invoice."""
    note = moneyflow.credit_dues(desk.invoice_with(invoice_id), by=web.user(), now=clock.now())
    db.session.commit()
    if note is not None:
        flash(_("Credit note %(number)s is made. The customer gets it in a letter.", number=note.name), "success")
    else:
        flash(_("Somebody was first: it is credited already."), "info")
    return web.back_to("staff.complaints.index")
