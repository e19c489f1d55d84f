"""Invoices and credit notes: all of them, one with its lines, and crediting it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import bankflow, clock, files, moneyflow, restflow
from app.db import db
from app.errors import NotYours, Refused
from app.household import queries as household
from app.invoicing import actions as invoicing
from app.invoicing import crediting, desk
from app.invoicing import queries as invoices
from app.invoicing.einvoice import queries as einvoices
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import actions as sending
from app.invoicing.sending import queries as dispatches
from app.money import NOUGHT, Money
from app.pages import web
from app.pages.credit_form import CreditForm, RestForm, amounts, shown, typed
from app.pages.dispatch_words import WORDS
from app.payments import receipts

bp = Blueprint("invoices", __name__)

HEAPS = {
    "all": _l("All"),
    "invoices": _l("Invoices"),
    "credit_notes": _l("Credit notes"),
    "to_credit": _l("To be credited"),
}


@bp.route("/fakturor")
def index() -> ResponseReturnValue:
    """One heap of them, newest first."""
    asked, text = request.args.get("hog", "all"), request.args.get("q", "").strip()[:100]
    heap = asked if asked in HEAPS else "all"
    page = desk.listed(heap, web.number_asked_for("sida") or 1, text)
    return render_template(
        "staff/invoices.html",
        page=page,
        sums=bankflow.asked_for(page.rows),
        heap=heap,
        heaps=HEAPS,
        to_credit=desk.to_credit_count(),
        text=text,
        address=lambda n: url_for(".index", hog=heap, q=text or None, sida=n),
    )


@bp.route("/fakturor/<int:invoice_id>")
def show(invoice_id: int) -> ResponseReturnValue:
    """One of them: what it charges, what has been credited of it, and where it has gone."""
    return _page(desk.invoice_with(invoice_id), None)


@bp.route("/fakturor/<int:invoice_id>/faktura.pdf")
def pdf(invoice_id: int) -> ResponseReturnValue:
    """As the customer gets it."""
    record = desk.invoice_with(invoice_id)
    return web.pdf(files.read(invoices.printed(record)), f"{record.name}.pdf")


@bp.route("/fakturor/<int:invoice_id>/faktura.xml")
def xml(invoice_id: int) -> ResponseReturnValue:
    """The e-invoice, where there is one."""
    record = desk.invoice_with(invoice_id)
    if record.xml is None:
        raise NotYours
    answer = web.unkept(files.read(record.xml), "application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{record.name}.xml")
    return answer


@bp.route("/fakturor/<int:invoice_id>/kreditera", methods=["POST"])
def credit(invoice_id: int) -> ResponseReturnValue:
    """So much of each line, all that is left, or what was decided before."""
    web.finance_only()
    record = desk.invoice_with(invoice_id)
    form, seen = CreditForm(), shown(crediting.left_of(record))
    if form.validate_on_submit():
        with web.refusals(form):
            seen.check()
            note = _credit(record, web.given(form.why.data))
            db.session.commit()
            flash(_("Credit note %(number)s is issued, and the customer gets it.", number=note.name), "success")
            return web.back_to(".show", invoice_id=note.id)
    return _page(desk.invoice_with(invoice_id), form)


def _credit(record: InvoiceRecord, why: str) -> InvoiceRecord:
    by, now, borne = web.user(), clock.now(), amounts(record, "borne")
    if "whole" in request.form:
        return moneyflow.credit_whole(record, why, by=by, now=now, borne=borne)
    return moneyflow.credit(record, amounts(record, "amount"), why, by=by, now=now, borne=borne)


@bp.route("/fakturor/<int:invoice_id>/kreditera-rest", methods=["POST"])
def credit_rest(invoice_id: int) -> ResponseReturnValue:
    """So much of what the tax agency did not pay, or all that is left of it: such an invoice has no lines."""
    web.finance_only()
    record, rest = desk.invoice_with(invoice_id), household.rest_on(invoice_id)
    if rest is None:
        raise NotYours
    form, seen = RestForm(), web.Shown.of(rest.left)
    if form.validate_on_submit():
        with web.refusals(form):
            amount = None if "whole" in request.form else form.amount.data or NOUGHT
            _check_seen(seen, record, amount, web.given(form.why.data))
            note = restflow.credit(record, amount, web.given(form.why.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Credit note %(number)s is issued, and the customer gets it.", number=note.name), "success")
            return web.back_to(".show", invoice_id=note.id)
    return _page(desk.invoice_with(invoice_id), form)


def _check_seen(seen: web.Shown, record: InvoiceRecord, amount: Money | None, why: str) -> None:
    """Whoever presses twice reads that it is done; all others, that somebody was first. Raises Refused."""
    try:
        seen.check()
    except Refused:
        for note in desk.credit_notes_of(record)[-1:]:
            made = invoicing.values_of(note)
            if made.why == why.strip() and amount in {None, made.payable}:
                raise Refused(
                    _("It is credited already: credit note %(number)s. Nothing more is credited now.", number=note.name)
                ) from None
        raise


def _page(record: InvoiceRecord, form: CreditForm | None) -> ResponseReturnValue:
    left, ways = crediting.left_of(record), dispatches.dispatches_of(record.id)
    notes, rest = desk.credit_notes_of(record), household.rest_on(record.id)
    document = invoicing.values_of(record)
    has_deduction = document.deduction is not None and web.is_finance() and not (rest or record.is_credit_note)
    page = render_template(
        "staff/invoice.html",
        record=record,
        document=document,
        deductions=household.deductions_on([record.id]) if has_deduction else [],
        left=left,
        notes=notes,
        sums=bankflow.asked_for(notes),
        rest=rest,
        dues=desk.dues_of(record),
        balance=None if record.is_credit_note else bankflow.balance_of(record),
        receipts=receipts.receipts_of(record.id),
        form=form or (RestForm if rest else CreditForm)(formdata=None),
        tried=form is not None,
        typed=typed(record),
        shown=web.Shown.of(rest.left) if rest else shown(left),
        may_credit=web.is_finance() and not record.is_credit_note,
        ways=ways,
        einvoice=sending.offer(record, ways[0] if ways else None),
        answers=dispatches.responses_to(record),
        held=bool(einvoices.holds_of([record])[record.id]),
        words=WORDS,
        may_change=web.is_finance(),
    )
    return page, 422 if form is not None else 200
