"""The customer's orders: one time line each, and the invoice."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app import changeflow, clock, files
from app.catalog.facets import vat_rules
from app.errors import NotYours
from app.invoicing import queries as invoices
from app.invoicing.taxing import sold_without_vat
from app.money import Money
from app.orders import change_queries, complaint_queries, emails, exports, queries
from app.orders.approvals import queries as approvals
from app.orders.delivery import missed, proofs, returns
from app.orders.delivery import queries as delivery
from app.orders.delivery.fees import ShownFees
from app.orders.deposits import deposits
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.progress import by_purchase
from app.orders.quotes.queries import order_quote
from app.orders.states import OrderState
from app.pages import downloads, guesses, web
from app.pages.missed_form import Wrong
from app.pages.relief_shown import relief_of_order
from app.pages.way_form import ways_to_choose
from app.payments import queries as paid

bp = Blueprint("orders", __name__, url_prefix="/bestallningar")


@bp.route("")
def index() -> ResponseReturnValue:
    """All of the customer's, or those that this guest's browser holds keys to."""
    viewer = web.viewer()
    if viewer.user and not viewer.customer:
        return redirect(url_for("public.home.mine"))
    found = queries.orders_of(viewer.customer) if viewer.customer else queries.guest_orders(_keys())
    extras, rules = delivery.extras_of(found), vat_rules()
    prices = {
        order.id: shown_prices(order, rules, with_vat=viewer.sees_vat, extras=extras[order.id]).total for order in found
    }
    return render_template("buyer/orders.html", orders=found, prices=prices)


@bp.route("/export.<any(xlsx,csv):kind>")
def export(kind: str) -> ResponseReturnValue:
    """All lines of all the customer's orders."""
    customer = web.viewer().customer
    if customer is None:
        raise NotYours
    rows, count = exports.lines(customer), exports.count(customer)
    return downloads.table(downloads.dated("bestallningar"), kind, exports.HEADINGS, rows, count)


@bp.route("/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """One order. A guest's key from the letter moves into the session, so that it is not passed on with the address."""
    key = request.args.get("nyckel", "")
    if key and emails.opens(key, number):
        session["orders"] = [*(kept for kept in _keys() if kept != number), number][-20:]
        return redirect(url_for(".show", number=number))
    if key:
        guesses.note()
    return page(own(number))


def page(order: Order, approval_form: FlaskForm | None = None, wrong: Wrong | None = None) -> ResponseReturnValue:
    """The order's page; with what somebody has just tried to decide about it, if that was refused."""
    visits = missed.visits_in(order)
    again = missed.coming_again(visits)
    waits = order.state == OrderState.AWAITING
    parcels, charges = delivery.parcels_in(order), delivery.charges_in(order)
    extras = delivery.extras(order, parcels, charges)
    prices = shown_prices(order, vat_rules(), with_vat=web.viewer().sees_vat, extras=extras)
    questions = [
        (one, emails.question_sums(one), approvals.limit_passed(order, order.net, one.net_after))
        for one in change_queries.questions_in(order)
        if one.is_open
    ]
    changed = change_queries.taken_back(order)
    shown = render_template(
        "buyer/order.html",
        order=order,
        approval=approvals.approval_of(order) if waits else None,
        approvers=approvals.approvers(order)
        if waits or any(limit is not None for *_question, limit in questions)
        else [],
        approval_form=approval_form,
        parcels=parcels,
        promised=Money.total(parcel.fee for parcel in parcels),
        charges=charges,
        ways=ways_to_choose(parcels),
        visits=visits,
        again=again,
        only_again=bool(again) and missed.is_all(order, again),
        wrong=wrong,
        proofs=proofs.proofs_in(order),
        carried=delivery.carriers_in(order, parcels),
        returns=returns.returns_in(order),
        purchases=by_purchase(order),
        taken_back={line.id: changed[line.id].back for line in order.lines},
        lost={line.id: line.called_off - changed[line.id].less for line in order.lines},
        prices=prices,
        without_vat=sold_without_vat(order) if prices.with_vat else [],
        fees=ShownFees(prices.with_vat, order.delivery_day),
        deposits=deposits(order, with_vat=web.viewer().sees_vat),
        card=paid.paid_by_card(order),
        invoices=invoices.invoices_of(order),
        quote=order_quote(order),
        relief=relief_of_order(order),
        questions=questions,
        complaints=complaint_queries.complaints_in(order),
        wrong_until=max((one.until for one in complaint_queries.delivered_in(order)), default=None),
        until=change_queries.may_change_until(order),
        may_cancel=changeflow.may_cancel(order),
        now=clock.now(),
    )
    status = web.status(approval_form) if approval_form is not None else 200
    return shown, 422 if wrong else status


@bp.route("/<int:number>/fakturor/<int:invoice_id>.pdf")
def invoice(number: int, invoice_id: int) -> ResponseReturnValue:
    """An invoice or a credit note of the order, printed from its frozen values."""
    record = invoices.invoice_in(own(number), invoice_id)
    return web.pdf(files.read(invoices.printed(record)), record.file_name)


def own(number: int, *, lock: bool = False) -> Order:
    """The viewer's order, or a guest's whose key the browser holds. Raises NotYours."""
    customer = web.viewer().customer
    if customer:
        return queries.order_of(customer, number, lock=lock)
    if number not in _keys():
        raise NotYours
    return queries.order_numbered(number, lock=lock)


def _keys() -> list[int]:
    found: list[int] = session.get("orders", [])
    return found
