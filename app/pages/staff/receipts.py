"""What has come by bank: entered by OCR or invoice number, and undone when it was a mistake."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app import bankflow, clock
from app.db import db
from app.errors import Refused
from app.invoicing import desk
from app.invoicing import queries as invoices
from app.pages import web
from app.pages.asking_once import Once
from app.pages.bid_fields import MoneyField
from app.pages.plain_fields import DateField
from app.payments import receipts

bp = Blueprint("receipts", __name__, url_prefix="/inbetalningar")
bp.before_request(web.finance_only)


class ReceiptForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What stands on the bank's list."""

    ticket = HiddenField(validators=[Length(max=64)])
    reference = StringField(_l("OCR or invoice number"), [InputRequired(_l("Write the number.")), Length(max=40)])
    amount = MoneyField(_l("Amount, incl. VAT"), [InputRequired(_l("Write an amount."))])
    paid_on = DateField(_l("Paid on"), [InputRequired(_l("Choose a day."))])


class UndoForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Why it was a mistake."""

    why = StringField(_l("Why"), [InputRequired(_l("Write why.")), Length(max=500)])


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Enter one, and see those that were entered last."""
    form, once = ReceiptForm(data=_begun()), Once()
    if form.validate_on_submit():
        with web.refusals(form):
            _enter(form, once)
            db.session.commit()
            return web.back_to(".index")
    found = receipts.latest(web.number_asked_for("sida") or 1)
    page = render_template(
        "staff/receipts.html",
        form=form,
        once=once,
        found=found,
        invoices=invoices.with_ids({one.invoice_id for one in found.rows}),
        undoing=UndoForm(formdata=None),
        address=lambda number: url_for(".index", sida=number),
    )
    return page, web.status(form)


def _begun() -> dict[str, object]:
    """A new receipt's form: of an invoice whose page led here, what is still to be paid of it."""
    begun: dict[str, object] = {"ticket": secrets.token_urlsafe(24), "paid_on": clock.local_date(clock.now())}
    asked = web.number_asked_for("faktura")
    if asked is not None and request.method == "GET":
        record = desk.invoice_with(asked)
        begun |= {"reference": record.name, "amount": bankflow.balance_of(record).outstanding}
    return begun


def _enter(form: ReceiptForm, once: Once) -> None:
    """Enter what was typed. What is too much, or typed a second time, is asked about once."""
    reference, amount, day = web.given(form.reference.data), web.given(form.amount.data), web.given(form.paid_on.data)
    record = bankflow.find(reference)
    ticket = form.ticket.data or secrets.token_urlsafe(24)
    if receipts.by_ticket(ticket) is None:
        once.ask(*bankflow.doubts(record, amount, day))
    bankflow.enter(record, amount, day, reference=reference, ticket=ticket, by=web.user(), now=clock.now())
    flash(_said(record.id, record.name), "success")


def _said(invoice_id: int, name: str) -> str:
    stands = bankflow.balance_of(desk.invoice_with(invoice_id))
    if stands.overpaid:
        return str(_("Entered. Invoice %(name)s is paid with %(sum)s too much.", name=name, sum=stands.overpaid))
    if stands.outstanding:
        return str(_("Entered. Of invoice %(name)s %(sum)s is still to be paid.", name=name, sum=stands.outstanding))
    return str(_("Entered. Invoice %(name)s is paid.", name=name))


@bp.route("/<int:receipt_id>/ta-tillbaka", methods=["POST"])
def undo(receipt_id: int) -> ResponseReturnValue:
    """It was a mistake."""
    form = UndoForm()
    if not form.validate_on_submit():
        raise Refused("Skriv varför inbetalningen tas tillbaka.")
    row = bankflow.undo(receipts.receipt_with(receipt_id), form.why.data or "", by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The payment is taken back. The invoice is as unpaid as before."), "success")
    return web.back_to("staff.invoices.show", invoice_id=row.invoice_id)
