"""What a customer has been invoiced and credited for, on paper too."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import bankflow, files
from app.customers.models import Customer
from app.errors import NotYours
from app.invoicing import desk
from app.invoicing import queries as invoices
from app.invoicing.actions import values_of
from app.money import NOUGHT
from app.pages import web

bp = Blueprint("invoices", __name__, url_prefix="/fakturor")


@bp.before_request
def _signed_in() -> ResponseReturnValue | None:
    if web.viewer().user is None:
        return redirect(url_for("security.login", next=request.path))
    return None


@bp.route("")
def index() -> ResponseReturnValue:
    """All of them, newest first, with what is left to pay when card, bank, credit and deductions are counted."""
    page = desk.of_customer(_own(), web.number_asked_for("sida") or 1)
    documents = {record: values_of(record) for record in page.rows}
    stands = bankflow.balances(page.rows)
    to_pay = {one: stands[one.id].outstanding if one.id in stands else NOUGHT for one in page.rows}
    sums = bankflow.asked_for(page.rows)
    return render_template("buyer/invoices.html", page=page, to_pay=to_pay, documents=documents, sums=sums)


@bp.route("/<int:invoice_id>.pdf")
def pdf(invoice_id: int) -> ResponseReturnValue:
    """One of them."""
    record = desk.own_of(_own(), invoice_id)
    return web.pdf(files.read(invoices.printed(record)), f"{record.name}.pdf")


def _own() -> Customer:
    """For whom the viewer buys. Raises NotYours for whoever buys for nobody."""
    customer = web.viewer().customer
    if customer is None:
        raise NotYours
    return customer
