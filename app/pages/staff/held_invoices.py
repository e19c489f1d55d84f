"""Invoices that have not become e-invoices: why, where it is mended, and another try."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app import clock
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.einvoice import actions, queries
from app.invoicing.einvoice.models import InvoiceHold
from app.invoicing.einvoice.reasons import field_of
from app.invoicing.models import InvoiceRecord
from app.invoicing.readiness import Mend
from app.members.queries import sales_company
from app.pages import web
from app.pages.seen import SeenForm

bp = Blueprint("held_invoices", __name__, url_prefix="/fakturor/hallna")

ADVICE = {
    Mend.CUSTOMER: _l("Put the customer's address for e-invoices right, and try again."),
    Mend.REFERENCES: _l("Add the reference below. The invoice itself stays as it was issued."),
    Mend.SELLER: _l("Put it right with the seller. This invoice keeps the fault: credit it and issue a new one."),
    Mend.BUYER: _l("Put it right with the customer. This invoice keeps the fault: credit it and issue a new one."),
    Mend.INVOICE: _l("Credit the invoice, put right what is wrong, and issue a new one."),
}
PLACES = {
    Mend.CUSTOMER: _l("To the customer's address"),
    Mend.REFERENCES: _l("To the references"),
    Mend.SELLER: _l("To the seller"),
    Mend.BUYER: _l("To the customer"),
    Mend.INVOICE: _l("To the order"),
}


class ReferencesForm(SeenForm):
    """References that the invoice lacks. What it has is not asked for."""

    buyer_reference = StringField(_l("Buyer reference"), [Optional(), Length(max=actions.LONGEST_REFERENCE)])
    order_reference = StringField(
        _l("The customer's order number"), [Optional(), Length(max=actions.LONGEST_REFERENCE)]
    )

    @classmethod
    def about(cls, record: InvoiceRecord) -> ReferencesForm:
        """With what has been added before."""
        form = cls(obj=queries.completion_of(record))
        invoice = values_of(record)
        for name in ("buyer_reference", "order_reference"):
            if getattr(invoice, name):
                del form[name]
        missing = {one.element for one in queries.holds_of([record])[record.id]}
        for field in form:
            if field.short_name in missing:
                field.flags.optional = False  # It may be left, but is what is waited for.
        return form

    def typed(self, name: str) -> str:
        """What was typed; empty for what is not asked for."""
        return (self[name].data or "") if name in self else ""


class LettingGoForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Why it is not to become an e-invoice."""

    why = StringField(_l("Why"), [InputRequired(_l("Write why.")), Length(max=120)])


@bp.route("")
def index() -> ResponseReturnValue:
    """All of them, the oldest first."""
    page = queries.held(web.number_asked_for("sida") or 1)
    return render_template("staff/held_invoices.html", page=page, holds=queries.holds_of(page.rows), advice=ADVICE)


@bp.route("/<int:invoice_id>", methods=["GET", "POST"])
def show(invoice_id: int) -> ResponseReturnValue:
    """One, and the references that it lacks."""
    record = queries.held_invoice(invoice_id, lock=web.changing())
    form = ReferencesForm.about(record)
    if form.validate_on_submit():
        with web.refusals(form):
            references = form.typed("buyer_reference"), form.typed("order_reference")
            actions.complete(record, *references, by=web.user(), now=clock.now())
            return _on_its_way()
    return _page(invoice_id, form, LettingGoForm(formdata=None)), web.status(form)


@bp.route("/<int:invoice_id>/igen", methods=["POST"])
def again(invoice_id: int) -> ResponseReturnValue:
    """Make it anew, of what holds now."""
    actions.try_again(queries.held_invoice(invoice_id, lock=True), by=web.user(), now=clock.now())
    return _on_its_way()


@bp.route("/<int:invoice_id>/slapp", methods=["POST"])
def let_go(invoice_id: int) -> ResponseReturnValue:
    """It is not to become an e-invoice."""
    record, form = queries.held_invoice(invoice_id, lock=True), LettingGoForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.let_go(record, web.given(form.why.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The invoice is no longer waiting to become an e-invoice."), "success")
            return web.back_to(".index")
    page = _page(invoice_id, ReferencesForm.about(queries.held_invoice(invoice_id)), form)
    return page, web.status(form)


def _on_its_way() -> ResponseReturnValue:
    db.session.commit()
    flash(_("The e-invoice is being made again. If something is still wrong, it comes back here."), "success")
    return web.back_to(".index")


def _page(invoice_id: int, form: ReferencesForm, letting_go: LettingGoForm) -> str:
    record = queries.held_invoice(invoice_id)
    return render_template(
        "staff/held_invoice.html",
        record=record,
        holds=queries.holds_of([record])[record.id],
        form=form,
        letting_go=letting_go,
        advice=ADVICE,
        places=PLACES,
        link=lambda hold: _link(record, hold),
    )


def _link(record: InvoiceRecord, hold: InvoiceHold) -> str:
    """The field where it is put right, as far as the viewer may go: finance reads customers, sales change them."""
    sells = not web.viewer().roles.isdisjoint(("sales", "admin"))
    if hold.mend is Mend.REFERENCES:
        return f"#{field_of(hold.rule, hold.element) or 'references'}"
    if hold.mend is Mend.INVOICE and record.order is not None:
        return url_for("staff.orders.show", number=record.order.number)
    anchor = field_of(hold.rule, hold.element) if sells else ""
    if hold.mend is Mend.SELLER:
        seller_id = record.seller_id or sales_company().id
        page = url_for("staff.members.change" if sells else "staff.members.show", member_id=seller_id)
    else:
        page = url_for("staff.customers.change" if sells else "staff.customers.show", customer_id=record.customer_id)
    return f"{page}#{anchor}" if anchor else page
