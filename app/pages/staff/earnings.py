"""What a member has earned, as the member sees it, and what it is charged in commission."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, commissionflow, files
from app.db import db
from app.errors import NotYours
from app.invoicing import desk
from app.invoicing.queries import printed
from app.members import queries as members
from app.members.models import Member
from app.pages import earnings_page, web
from app.settlement import commissions
from app.settlement.earned import added_up

bp = Blueprint("earnings", __name__, url_prefix="/medlemmar/<int:member_id>/ersattning")


@bp.route("")
def show(member_id: int) -> ResponseReturnValue:
    """One month."""
    member = _member(member_id)
    return earnings_page.show(
        member,
        "staff/earnings.html",
        "staff.earnings.show",
        member_id=member_id,
        sells_itself=desk.sells_itself(member),
    )


@bp.get("/provision")
def commission(member_id: int) -> ResponseReturnValue:
    """What the member has been charged, newest first, and what it is still to be charged."""
    member = _member(member_id)
    waiting = commissions.unclaimed(member, clock.now())
    return render_template(
        "staff/commission.html",
        member=member,
        next_=commissions.next_of(member, waiting),
        commissions=commissions.of_member(member, web.number_asked_for("provision") or 1),
        waiting=added_up(waiting),
        of_commissions=lambda n: url_for(".commission", member_id=member_id, provision=n),
        acts=web.is_finance(),
    )


@bp.post("/provision")
def charge(member_id: int) -> ResponseReturnValue:
    """Charge it now, without waiting for the end of the month."""
    web.finance_only()
    made = commissionflow.charge_now(_member(member_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("%(name)s is made.", name=", ".join(one.name for one in made)), "success")
    return web.back_to(".commission", member_id=member_id)


@bp.get("/provision/<int:invoice_id>.pdf")
def commission_pdf(member_id: int, invoice_id: int) -> ResponseReturnValue:
    """One of them."""
    record = commissions.of_them(_member(member_id), invoice_id)
    return web.pdf(files.read(printed(record)), record.file_name)


def _member(member_id: int) -> Member:
    member = members.member_named(member_id)
    if member.is_sales_company:
        raise NotYours
    return member
