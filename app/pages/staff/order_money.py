"""Follow the money of an order: from the promise and the member price to the invoice, the payment and the member."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import bankflow
from app.household import queries as household
from app.invoicing import queries as invoices
from app.money import Money
from app.orders import queries
from app.orders.quotes.queries import order_quote
from app.payments import queries as payments
from app.settlement import tracing

bp = Blueprint("order_money", __name__, url_prefix="/bestallningar/<int:number>/pengarna")


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """Line by line, and then how each invoice is paid. For staff: it shows what each member earns, and what is left."""
    order = queries.order_numbered(number)
    found = tracing.strands(order)
    documents = invoices.whole_of(order)
    balances = bankflow.balances(documents)
    deductions = household.deductions_on([one.id for one in documents])
    return render_template(
        "staff/order_money.html",
        order=order,
        strands=found,
        documents=[one for one in documents if not one.is_credit_note],
        balances=balances,
        deductions=deductions,
        to_agency=Money.total(one.to_agency for one in deductions),
        lost=Money.total(one.lost for one in balances.values()),
        quote=order_quote(order),
        card=payments.paid_by_card(order),
        charged=Money.total(one.charged for one in found),
        billed=Money.total(one.billed for one in found),
        kept=Money.total(one.kept for one in found),
        sold_by_members=any(one.sold_by_members for one in found),
        commission=Money.total(one.commission for one in found),
        commission_vat=Money.total(one.commission_vat for one in found),
        compensation=Money.total(one.compensation for one in found),
        margin_vat=Money.total(one.margin_vat for one in found),
    )
