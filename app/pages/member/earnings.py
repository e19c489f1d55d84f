"""What the member has earned, month by month, the invoices that were issued in its own name, and those for it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock, files
from app.invoicing import desk
from app.invoicing.queries import printed
from app.pages import earnings_page, web
from app.settlement import commissions
from app.settlement.earned import added_up

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
    member, number = web.member(), web.number_asked_for("sida") or 1
    waiting = commissions.unclaimed(member, clock.now())
    return render_template(
        "member/invoices.html",
        page=desk.of_seller(member, number),
        commissions=commissions.of_member(member, web.number_asked_for("provision") or 1),
        waiting=added_up(waiting),
        next_=commissions.next_of(member, waiting),
        of_commissions=lambda n: url_for(".invoices", provision=n),
    )


@bp.route("/provision/<int:invoice_id>.pdf")
def commission_pdf(invoice_id: int) -> ResponseReturnValue:
    """What we have charged it in commission."""
    record = commissions.of_them(web.member(), invoice_id)
    return web.pdf(files.read(printed(record)), record.file_name)


@bp.route("/fakturor/<int:invoice_id>.pdf")
def pdf(invoice_id: int) -> ResponseReturnValue:
    """One of them, as the customer gets it."""
    record = desk.sold_by(web.member(), invoice_id)
    return web.pdf(files.read(printed(record)), f"{record.name}.pdf")
