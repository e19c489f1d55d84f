"""What the member has earned, month by month, and the invoices that were issued in its own name."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import files
from app.invoicing import desk
from app.invoicing.queries import printed
from app.pages import earnings_page, web

bp = Blueprint("earnings", __name__, url_prefix="/ersattning")


@bp.route("")
def show() -> ResponseReturnValue:
    """One month."""
    member = web.member()
    return earnings_page.show(
        member, "member/earnings.html", "member.earnings.show", sells_itself=desk.sells_itself(member)
    )


@bp.route("/fakturor")
def invoices() -> ResponseReturnValue:
    """What has been invoiced and credited in the member's own name, newest first: it belongs in its books."""
    page = desk.of_seller(web.member(), web.number_asked_for("sida") or 1)
    return render_template("member/invoices.html", page=page)


@bp.route("/fakturor/<int:invoice_id>.pdf")
def pdf(invoice_id: int) -> ResponseReturnValue:
    """One of them, as the customer gets it."""
    record = desk.sold_by(web.member(), invoice_id)
    return web.pdf(files.read(printed(record)), f"{record.name}.pdf")
