"""Framework agreements: how much is called off, options, statistics, new prices, and members that leave."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import agreementflow, audit, clock
from app.catalog.drafts import slugify
from app.db import db
from app.errors import NotYours
from app.money import Money
from app.orders.agreements import actions, queries, statistics
from app.orders.agreements.models import Agreement
from app.pages import downloads, web
from app.pages.agreement_forms import EVERY, SELLERS, WHO, CeilingForm, EndForm, SellerForm, asked_day
from app.pages.staff import agreements_index, agreements_leaving
from app.pages.staff.price_lists import typed
from app.pages.staff.tenders_room import may_sell
from app.spreadsheets.writing import xlsx

MOST_ACTS = 100
TOLD = {"ceiling changed", "ended", "seller decided"}
"""The acts of which the page tells why."""

bp = Blueprint("agreements", __name__, url_prefix="/ramavtal")
bp.before_request(web.sales_decide)
for page in (agreements_index, agreements_leaving):
    bp.register_blueprint(page.bp)


@bp.get("")
def index() -> ResponseReturnValue:
    """All agreements, the first to end first."""
    text = typed("q")
    return render_template(
        "staff/agreements.html",
        page=queries.agreement_page(text, web.number_asked_for("sida") or 1),
        text=text,
        today=clock.local_date(clock.now()),
        address=lambda number: url_for(".index", q=text or None, sida=number),
    )


@bp.get("/<int:agreement_id>")
def show(agreement_id: int) -> ResponseReturnValue:
    """One agreement with all that hangs on it."""
    return _page(queries.agreement_with(agreement_id))


def _page(
    agreement: Agreement,
    ceiling: CeilingForm | None = None,
    end: EndForm | None = None,
    seller: SellerForm | None = None,
) -> ResponseReturnValue:
    today = clock.local_date(clock.now())
    orders = queries.call_offs(agreement, web.number_asked_for("sida") or 1)
    sent, periods = queries.reports_of(agreement), queries.periods_of(agreement)
    rises = queries.rises_of(agreement)
    form = ceiling or CeilingForm(formdata=None, ceiling=agreement.ceiling)
    page = render_template(
        "staff/agreement.html",
        agreement=agreement,
        today=today,
        orders=orders,
        counted=queries.counted_of(agreement, orders.rows),
        buyers=queries.buyers(agreement),
        parts=queries.parts_of(agreement)[: queries.PAGE],
        leavings=queries.leavings_of(agreement),
        history=[one for one in audit.acts_on(agreement, MOST_ACTS) if one.what in TOLD],
        rises=rises,
        decided={one.from_day for one in rises},
        windows=[one for one in queries.windows_of(agreement) if one.from_day > today][:3],
        periods=statistics.to_show(periods, sent, today),
        sent=sent,
        every=EVERY,
        who=WHO,
        may_change=may_sell(),
        form=form,
        amount=Money,
        ending=end or EndForm(formdata=None),
        selling=seller or SellerForm(formdata=None, data={"model": agreement.seller_model or ""}),
        sellers=SELLERS,
        address=lambda number: url_for(".show", agreement_id=agreement.id, sida=number, _anchor="avrop"),
    )
    return page, web.status(seller or end or form)


@bp.post("/<int:agreement_id>/takvarde")
def change_ceiling(agreement_id: int) -> ResponseReturnValue:
    """The buyer has changed it."""
    agreement, form = queries.agreement_with(agreement_id, lock=True), CeilingForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.change_ceiling(agreement, form.ceiling.data, form.reason.data, by=web.user(), now=clock.now())
            return _done(_("The ceiling is changed."), agreement_id)
        agreement = queries.agreement_with(agreement_id)
    return _page(agreement, form)


@bp.post("/<int:agreement_id>/saljare")
def say_who_sells(agreement_id: int) -> ResponseReturnValue:
    """The member in its own name, or the sales company, for what is called off under it."""
    agreement, form = queries.agreement_with(agreement_id, lock=True), SellerForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.say_who_sells(agreement, form.chosen, web.given(form.reason.data), by=web.user(), now=clock.now())
            return _done(_("It holds for what is delivered from now on."), agreement_id)
        agreement = queries.agreement_with(agreement_id)
    return _page(agreement, seller=form)


@bp.post("/<int:agreement_id>/avsluta")
def end(agreement_id: int) -> ResponseReturnValue:
    """It ends before its time."""
    agreement, form = queries.agreement_with(agreement_id, lock=True), EndForm()
    if form.validate_on_submit():
        with web.refusals(form):
            agreementflow.end(agreement, form.last_day.data, form.reason.data, by=web.user(), now=clock.now())
            return _done(_("The agreement ends that day."), agreement_id)
        agreement = queries.agreement_with(agreement_id)
    return _page(agreement, end=form)


@bp.post("/<int:agreement_id>/forlang/<int:option_id>")
def go_on(agreement_id: int, option_id: int) -> ResponseReturnValue:
    """An option is used."""
    agreement = queries.agreement_with(agreement_id, lock=True)
    agreementflow.go_on(agreement, queries.option_of(agreement, option_id), by=web.user(), now=clock.now())
    return _done(_("The agreement goes on."), agreement_id)


@bp.get("/<int:agreement_id>/statistik.xlsx")
def report(agreement_id: int) -> ResponseReturnValue:
    """The statistics of a period, by organisation and by article."""
    agreement = queries.agreement_with(agreement_id)
    first = asked_day(request.args.get("fran", ""))
    period = next((one for one in queries.periods_of(agreement) if one.first == first), None)
    if period is None:
        raise NotYours
    name = f"statistik-{slugify(agreement.number)}-{period.first}"
    return downloads.workbook(name, xlsx(statistics.sheets(agreement, period)))


@bp.post("/<int:agreement_id>/statistik")
def reported(agreement_id: int) -> ResponseReturnValue:
    """It was sent to the buyer."""
    first = asked_day(request.form.get("fran", ""))
    if first is None:
        raise NotYours
    actions.record_report(queries.agreement_with(agreement_id, lock=True), first, by=web.user(), now=clock.now())
    return _done(_("Written down as sent."), agreement_id)


def _done(sentence: str, agreement_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show", agreement_id=agreement_id)
