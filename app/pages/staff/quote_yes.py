"""The customer has said yes to a quote by telephone or e-mail, and staff write it down."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, quoteflow
from app.db import db
from app.orders.approvals.queries import limit_for, members_of
from app.orders.checks import needing_consent
from app.orders.quotes import queries
from app.orders.quotes.models import Quote, QuoteVersion
from app.orders.quotes.states import OPEN, QuoteState
from app.orders.quotes.sums import sums_of
from app.pages import quote_coming, web
from app.pages.buyer import coming, said_first
from app.pages.line_marks import typed_mark
from app.pages.quote_forms import HeardForm

bp = Blueprint("quote_yes", __name__)


@bp.route("/offerter/<int:number>/ja", methods=["GET", "POST"])
def record(number: int) -> ResponseReturnValue:
    """Who said yes, how and when: it becomes an order as if the customer had accepted on its own page."""
    web.sales_only()
    quote = queries.quote_numbered(number, lock=request.method == "POST")
    if quote.state == QuoteState.ACCEPTED and quote.order is not None:
        flash(_("The quote is accepted already. This is the order that came of it."), "info")
        return web.back_to("staff.orders.show", number=quote.order.number)
    version = quote.offered
    if version is None or quote.state not in OPEN:
        return web.back_to("staff.quotes.show", number=number)
    form = _form(quote, version)
    looking = request.form.get("then") == "coming" or said_first.take_other_day(form.day)
    if not looking and form.validate_on_submit():
        with web.refusals(form):
            said_first.check(*quote_coming.asked(version, form.day.data))
            acceptance, heard = form.acceptance([line.article for line in version.lines]), form.heard_by(web.user())
            order = quoteflow.accept(quote, acceptance, by=form.user, now=clock.now(), heard=heard)
            coming.check_fees(order, coming.read_choices(), lambda: quote_coming.look(version, acceptance.day))
            db.session.commit()
            flash(_("The quote is accepted, and the order is placed. The customer gets a confirmation."), "success")
            return web.back_to("staff.orders.show", number=order.number)
    return _page(number, form)


def _form(quote: Quote, version: QuoteVersion) -> HeardForm:
    services = needing_consent((line.article for line in version.lines), quote.customer)
    form = HeardForm(quote.customer, services, members_of(quote.customer))
    if not form.is_submitted():
        form.version.data, form.day.data = str(version.number), version.delivery_day
        form.said_at.process_data(clock.now().replace(second=0, microsecond=0))
        form.how.data = "telephone"
    return form


def _page(number: int, form: HeardForm) -> ResponseReturnValue:
    quote = queries.quote_numbered(number)
    offered = web.given(quote.offered)
    found = quote_coming.look(offered, form.day.data)
    page = render_template(
        "staff/quote_yes.html",
        quote=quote,
        offered=offered,
        sums=sums_of(offered, with_vat=False),
        form=form,
        typed_mark=typed_mark,
        coming=found,
        limit=limit_for(quote.customer, found.net),
    )
    return page, web.status(form)
