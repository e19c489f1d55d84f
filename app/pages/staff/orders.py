"""The order desk: every order, what became of it, and the hands-on acts."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app import clock, files, orderflow
from app.db import db
from app.errors import NotYours
from app.invoicing import queries as invoices
from app.members import queries as members
from app.members.models import Member
from app.orders import change_queries, complaint_queries, explaining, queries
from app.orders.delivery import missed, proofs, returns
from app.orders.delivery import queries as delivery
from app.orders.delivery.fees import ShownFees
from app.orders.models import Order, OrderLine
from app.orders.progress import by_purchase, progress
from app.orders.quotes.queries import order_quote
from app.pages import web
from app.pages.missed_form import Wrong
from app.pages.plain_fields import SelectField
from app.pages.relief_shown import relief_of_order
from app.pages.way_form import ways_to_choose

bp = Blueprint("orders", __name__, url_prefix="/bestallningar")

HEAPS = {
    "all": _l("All"),
    "open": _l("With us"),
    "unanswered": _l("Waiting for an answer"),
    "late": _l("Late"),
    "accepted": _l("Confirmed"),
    "delivered": _l("Delivered"),
    "awaiting": _l("Waiting for approval"),
    "unpaid": _l("Waiting for payment"),
}
BY_THE_RULES = "0"


class MoveForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Move an assignment by hand."""

    to = SelectField(_l("To whom"))
    reason = StringField(_l("Why"), [InputRequired(_l("Write why the work is moved.")), Length(max=500)])

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.to.choices = [(BY_THE_RULES, _l("Whom the rules choose")), *members.choices()]


class CallOffForm(FlaskForm):  # type: ignore[misc]
    """Strike what nobody can deliver."""

    reason = StringField(
        _l("What did you agree on with the customer?"),
        [InputRequired(_l("Write what you agreed on; the customer gets it in a letter.")), Length(max=500)],
    )


@bp.route("")
def index() -> ResponseReturnValue:
    """One heap of orders, newest first."""
    heap = request.args.get("hog", "all")
    text = request.args.get("q", "").strip()[:100]
    before = web.number_asked_for("fore")
    found = queries.desk(heap, clock.now(), before=before, text=text)
    shown = found[: queries.PAGE]
    return render_template(
        "staff/orders.html",
        orders=shown,
        heap=heap if heap in HEAPS else "all",
        heaps=HEAPS,
        counts=queries.desk_counts(clock.now()),
        text=text,
        more=shown[-1].number if len(found) > len(shown) else None,
    )


@bp.route("/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """One order with everything: who was asked, why, and what they said."""
    return page(queries.order_numbered(number))


@bp.route("/<int:number>/flytta/<int:assignment_id>", methods=["POST"])
def move(number: int, assignment_id: int) -> ResponseReturnValue:
    """Take the work from one member and give it to another, with a reason."""
    web.sales_only()
    order = queries.order_numbered(number, lock=True)
    assignment = queries.assignment_of_order(order, assignment_id)
    form = MoveForm()
    if form.validate_on_submit():
        with web.refusals(form):
            reason, to = web.given(form.reason.data), _member(form.to.data)
            orderflow.reroute(assignment, reason, to=to, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The work has been moved."), "success")
            return web.back_to(".show", number=number)
    return page(queries.order_numbered(number), form)


@bp.route("/<int:number>/fordela", methods=["POST"])
def share_out(number: int) -> ResponseReturnValue:
    """Ask the members once more for what lies with us."""
    web.sales_only()
    order = queries.order_numbered(number, lock=True)
    orderflow.try_again(order, to=_member(request.form.get("to", BY_THE_RULES)), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The members have been asked."), "success")
    return web.back_to(".show", number=number)


@bp.route("/<int:number>/stryk/<int:line_id>", methods=["POST"])
def call_off(number: int, line_id: int) -> ResponseReturnValue:
    """Strike what nobody can deliver."""
    web.sales_only()
    order = queries.order_numbered(number, lock=True)
    form = CallOffForm()
    if form.validate_on_submit():
        with web.refusals(form):
            reason = web.given(form.reason.data)
            orderflow.call_off(_line(order, line_id), reason, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Struck from the order. The customer gets a letter."), "success")
            return web.back_to(".show", number=number)
    return page(queries.order_numbered(number), form)


@bp.route("/<int:number>/fakturor/<int:invoice_id>.pdf")
def invoice(number: int, invoice_id: int) -> ResponseReturnValue:
    """An invoice or a credit note of the order."""
    record = invoices.invoice_in(queries.order_numbered(number), invoice_id)
    return web.pdf(files.read(invoices.printed(record)), record.file_name)


def page(order: Order, wrong: FlaskForm | None = None, wrong_day: Wrong | None = None) -> ResponseReturnValue:
    """The order's page; with what somebody has just tried to do with it, if that was refused."""
    visits = missed.visits_in(order)
    parcels = delivery.parcels_in(order)
    shown = render_template(
        "staff/order.html",
        order=order,
        parcels=parcels,
        charges=delivery.charges_in(order),
        ways=ways_to_choose(parcels),
        fees=ShownFees(with_vat=False, day=order.delivery_day),
        visits=visits,
        again=missed.coming_again(visits),
        wrong_day=wrong_day,
        proofs=proofs.proofs_in(order),
        returns=returns.returns_in(order),
        progress=progress(order),
        purchases=by_purchase(order),
        invoices=invoices.invoices_of(order),
        quote=order_quote(order),
        relief=relief_of_order(order),
        decisions=explaining.decisions(order),
        wrong=wrong,
        complaints=complaint_queries.complaints_in(order),
        credits=invoices.credits_due_of(order),
        questions=[one for one in change_queries.questions_in(order) if one.is_open],
        move=MoveForm(formdata=None),
        strike=CallOffForm(formdata=None),
        may_change=bool(web.viewer().roles & {"sales", "admin"}),
        now=clock.now(),
    )
    return shown, 422 if wrong is not None or wrong_day is not None else 200


def _member(chosen: str) -> Member | None:
    return None if chosen == BY_THE_RULES else members.member_with(chosen)


def _line(order: Order, line_id: int) -> OrderLine:
    found = next((line for line in order.lines if line.id == line_id), None)
    if found is None:
        raise NotYours
    return found
