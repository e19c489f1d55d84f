"""Payments by card: a list, one with all that has happened to it, refunds, payouts, and what finance has to look at."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import clock, payoutflow, settleflow
from app.db import db
from app.errors import NotYours, Refused
from app.invoicing import crediting
from app.invoicing import queries as invoices
from app.invoicing.models import InvoiceLine
from app.money import NOUGHT, Money
from app.orders import queries
from app.pages import web
from app.payments import actions as payments
from app.payments import payouts
from app.payments import queries as paid
from app.payments.models import Payment
from app.payments.states import PaymentState

bp = Blueprint("payments", __name__, url_prefix="/betalningar")

HEAPS = {
    "all": _l("All"),
    "open": _l("Waiting for payment"),
    "held": _l("Held on cards"),
    "drawn": _l("Drawn from cards"),
    "refunds": _l("With refunds"),
    "surplus": _l("Paid twice"),
}


class LineForm(Form):
    """What of one invoice line goes back."""

    line = HiddenField()
    amount = StringField(_l("Back, excl. VAT"), [Length(max=20)])
    borne = StringField(_l("The member bears, excl. VAT"), [Length(max=20)])


class RefundForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What goes back, line by line, and why."""

    ticket = HiddenField(validators=[Length(max=64)])
    why = TextAreaField(_l("Why"), [InputRequired(_l("Write why. The customer reads it.")), Length(max=500)])
    lines = FieldList(FormField(LineForm))


class DoneForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What has been done about it."""

    note = StringField(_l("What was done"), [InputRequired(_l("Write what was done.")), Length(max=500)])


@dataclass(frozen=True, slots=True)
class Left:
    """An invoice line of which something can go back."""

    line: InvoiceLine
    name: str
    document: str
    most: Money


@bp.route("")
def index() -> ResponseReturnValue:
    """Payments, the newest first."""
    heap, number = request.args.get("hog", "all"), web.number_asked_for("sida") or 1
    heap = heap if heap in HEAPS else "all"
    found = paid.on_page(heap, number)
    lost = paid.lost_among(found.rows)
    return render_template(
        "staff/payments.html", found=found, lost=lost, heap=heap, heaps=HEAPS, tasks=paid.task_count()
    )


@bp.route("/for/<int:number>")
def of_order(number: int) -> ResponseReturnValue:
    """The newest payment of an order. Raises NotYours where it has none."""
    found = paid.payments_of(queries.order_numbered(number))
    if not found:
        raise NotYours
    return web.back_to(".show", payment_id=found[-1].id)


@bp.route("/uppgifter")
def tasks() -> ResponseReturnValue:
    """What finance has to look at, the oldest first."""
    number = web.number_asked_for("sida") or 1
    found = paid.tasks(number)
    return render_template(
        "staff/payment_tasks.html",
        found=found,
        heaps=HEAPS,
        form=DoneForm(),
        acts=_acts(),
        invoices=invoices.with_ids({one.invoice_id for one in found.rows if one.invoice_id}),
    )


@bp.route("/uppgifter/<int:task_id>/klar", methods=["POST"])
def finish(task_id: int) -> ResponseReturnValue:
    """It is seen to."""
    web.finance_only()
    form = DoneForm()
    if not form.validate_on_submit():
        raise Refused("Skriv vad som är gjort.")
    payments.finish_task(paid.the_task(task_id, lock=True), form.note.data or "", by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("Marked as done."), "success")
    return web.back_to(".tasks")


@bp.route("/<int:payment_id>")
def show(payment_id: int) -> ResponseReturnValue:
    """One payment."""
    return _page(paid.the_payment(payment_id))


@bp.route("/<int:payment_id>/aterbetala", methods=["POST"])
def refund(payment_id: int) -> ResponseReturnValue:
    """Give back so much of lines."""
    web.finance_only()
    payment = _held(payment_id)
    form, lines = RefundForm(), _lines(payment)
    if form.ticket.data and paid.refund_by_ticket(form.ticket.data) is not None:
        return web.back_to(".show", payment_id=payment_id)  # a second press
    if form.validate_on_submit():
        with web.refusals(form):
            _give_back(payment, form, lines)
            db.session.commit()
            flash(_("The money goes back. The credit note is made, and the customer gets a letter."), "success")
            return web.back_to(".show", payment_id=payment_id)
    return _page(paid.the_payment(payment_id), form)


def _give_back(payment: Payment, form: RefundForm, lines: Sequence[Left]) -> None:
    known = {str(one.line.id): one.line for one in lines}
    parts, borne = {}, {}
    for one in form.lines.entries:
        amount, member = _amount(one.form.amount.data), _amount(one.form.borne.data)
        if not amount and not member:
            continue
        line = known.get(one.form.line.data or "")
        if line is None:
            raise Refused("Fakturan har ändrats sedan du öppnade sidan. Titta på den igen.")
        if not amount:
            raise Refused("Medlemmen kan bara bära något av det som betalas tillbaka på samma rad.")
        parts[line] = amount
        if member:
            borne[line] = member
    ticket, why = form.ticket.data or secrets.token_urlsafe(24), form.why.data or ""
    settleflow.give_back(payment, parts, why, borne=borne, ticket=ticket, by=web.user(), now=clock.now())


@bp.route("/<int:payment_id>/betala-ut/<int:member_id>", methods=["POST"])
def pay_out(payment_id: int, member_id: int) -> ResponseReturnValue:
    """Pass on what a member has earned of it."""
    web.finance_only()
    payoutflow.pay_out(_held(payment_id), member_id, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The money is passed on to the member."), "success")
    return web.back_to(".show", payment_id=payment_id)


@bp.route("/utbetalningar/<int:payout_id>/igen", methods=["POST"])
def pay_out_again(payout_id: int) -> ResponseReturnValue:
    """Ask once more for one that Stripe refused."""
    web.finance_only()
    payout = payoutflow.try_again(payouts.the_payout(payout_id), by=web.user(), now=clock.now())
    db.session.commit()
    return web.back_to(".show", payment_id=payout.payment_id)


def _held(payment_id: int) -> Payment:
    queries.hold(paid.order_of_payment(payment_id))
    payment = db.session.get(Payment, payment_id, populate_existing=True)
    if payment is None:
        raise NotYours
    return payment


def _amount(typed: str | None) -> Money:
    """An amount in kronor; nought where nothing was typed. Raises Refused."""
    text = (typed or "").strip()
    try:
        amount = Money.parse(text) if text else NOUGHT
    except ValueError as wrong:
        raise Refused("Skriv beloppet i kronor, till exempel 120,50.") from wrong
    if amount < NOUGHT:
        raise Refused("Skriv beloppen utan minustecken.")
    return amount


def _lines(payment: Payment) -> list[Left]:
    """What can go back of the order's invoices, once something is drawn."""
    if payment.state != PaymentState.CAPTURED:
        return []
    found = []
    for record in invoices.documents_of(payment.order):
        if not record.is_credit_note:
            left, names = crediting.left_of(record), record.document["lines"]
            rows = ((line, left.of(line)) for line in record.lines if line.net > NOUGHT)
            found += [Left(line, names[line.place]["name"], record.name, most) for line, most in rows if most]
    return found


def _acts() -> bool:
    return bool(web.viewer().roles & {"finance", "admin"})


def _page(payment: Payment, tried: RefundForm | None = None) -> ResponseReturnValue:
    lines = _lines(payment)
    form = tried or RefundForm(
        formdata=None, ticket=secrets.token_urlsafe(24), lines=[{"line": one.line.id} for one in lines]
    )
    page = render_template(
        "staff/payment.html",
        payment=payment,
        order=payment.order,
        stands=paid.standing(payment),
        lost=paid.lost_among([payment]),
        refunds=paid.refunds_of(payment),
        disputes=paid.disputes_of(payment),
        tasks=[one for one in paid.tasks_of(payment) if one.done_at is None],
        lines=lines,
        form=form,
        payouts=payouts.payouts_of(payment),
        owed=payoutflow.owed(payment) if payment.state == PaymentState.CAPTURED else [],
        acts=_acts(),
    )
    return page, 422 if tried else 200
