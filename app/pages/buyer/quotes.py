"""The customer's quotes: asked for from the basket, read, accepted, declined, or wished otherwise."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app import clock, files, quoteflow
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.orders import actions as orders
from app.orders.approvals.queries import limit_for
from app.orders.checks import needing_consent
from app.orders.quotes import emails, paper, queries
from app.orders.quotes.models import Quote, QuoteVersion
from app.orders.quotes.states import OPEN, QuoteState
from app.orders.quotes.sums import sums_of
from app.pages import guesses, quote_coming, web
from app.pages.buyer import baskets, coming, said_first
from app.pages.buyer.checkout import arrive, own_ticket
from app.pages.buyer.checkout_form import REFERENCES, CheckoutForm, GuestForm, delivery_in, guest_in
from app.pages.line_marks import typed_mark
from app.pages.quote_forms import AcceptForm, ReasonForm, number_in

bp = Blueprint("quotes", __name__, url_prefix="/offerter")


@bp.route("")
def index() -> ResponseReturnValue:
    """All of the customer's, or those that this guest's browser holds keys to."""
    viewer = web.viewer()
    if viewer.user and not viewer.customer:
        return redirect(url_for("public.home.mine"))
    page = queries.quotes_of(viewer.customer, web.number_asked_for("sida") or 1) if viewer.customer else None
    found = page.rows if page else queries.guest_quotes(_keys())
    return render_template("buyer/quotes.html", quotes=found, page=page, today=clock.local_date(clock.now()))


@bp.route("/fraga", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask what the basket would cost, with a message and a wished day."""
    viewer = web.viewer()
    if viewer.user and not viewer.customer:
        abort(403)
    form = _asking(viewer.customer)
    if form.is_submitted() and (made := queries.quote_by_ticket(form.ticket.data or "")):
        return _asked(made)
    basket = baskets.read()
    if not basket.rows:
        return baskets.nothing_left()
    if form.validate_on_submit():
        with web.refusals(form):
            return _ask(form, basket, viewer.customer)
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(24)
        form.day.data = date.fromisoformat(baskets.earliest_day(basket))
    page = render_template("buyer/quote_ask.html", form=form, basket=basket, customer=web.viewer().customer)
    return page, web.status(form)


def _asking(customer: Customer | None) -> CheckoutForm:
    """The checkout's form without what only an order needs."""
    form = CheckoutForm(customer) if customer else GuestForm(None)
    for name in (*REFERENCES, "consent", "seen"):
        if name in form:
            del form[name]
    return form


def _ask(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> ResponseReturnValue:
    wish = delivery_in(form, customer)
    ticket = own_ticket(form.ticket.data or "")
    asker = customer or orders.register_guest(guest_in(form), wish)
    try:
        quote = quoteflow.ask(basket.cart, wish, customer=asker, ticket=ticket, by=web.viewer().user, now=clock.now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        made = queries.quote_by_ticket(ticket)
        if made is None:
            raise
        return _asked(made)
    baskets.empty()
    flash(_("We have got your question, and write to you when the quote is ready."), "success")
    return _asked(quote)


def _asked(quote: Quote) -> ResponseReturnValue:
    """The quote's page. A guest's browser keeps the right to see it."""
    if web.viewer().customer is None:
        session["quotes"] = [*(kept for kept in _keys() if kept != quote.number), quote.number][-20:]
    return web.back_to("buyer.quotes.show", number=quote.number)


@bp.route("/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """One quote. A guest's key from the letter moves into the session, so that it is not passed on with the address."""
    key = request.args.get("nyckel", "")
    if key and emails.opens(key, number):
        session["quotes"] = [*(kept for kept in _keys() if kept != number), number][-20:]
        return redirect(url_for(".show", number=number))
    if key:
        guesses.note()
    return _page(own(number))


@bp.route("/<int:number>/version-<int:version>.pdf")
def pdf(number: int, version: int) -> ResponseReturnValue:
    """A version as it was sent, on paper."""
    file, name = paper.printed(own(number), version)
    return web.pdf(files.read(file), name)


@bp.route("/<int:number>/anta", methods=["POST"])
def accept(number: int) -> ResponseReturnValue:
    """Accept the version that was read. Once accepted, the answer is the order that came of it."""
    quote = own(number, lock=True)
    if quote.state == QuoteState.ACCEPTED and quote.order is not None:
        flash(_("The quote is accepted already. This is the order that came of it."), "info")
        return arrive(quote.order)
    version = _offered(quote)
    form = AcceptForm(quote.customer, _services(version))
    looking = request.form.get("then") == "coming" or said_first.take_other_day(form.day)
    if not looking and form.validate_on_submit():
        with web.refusals(form):
            said_first.check(*quote_coming.asked(version, form.day.data))
            acceptance = form.acceptance([line.article for line in version.lines])
            order = quoteflow.accept(quote, acceptance, by=web.viewer().user, now=clock.now())
            coming.check_fees(order, coming.read_choices(), lambda: quote_coming.look(version, acceptance.day))
            db.session.commit()
            flash(_("Thank you. The quote is accepted, and the order is placed."), "success")
            return arrive(order)
    return _page(own(number), accepting=form)


@bp.route("/<int:number>/<any(avboj,andra):act>", methods=["POST"])
def answer(number: int, act: str) -> ResponseReturnValue:
    """Decline with a reason, or ask for a change."""
    quote, form = own(number, lock=True), ReasonForm(prefix=act)
    does = quoteflow.decline if act == "avboj" else quoteflow.ask_for_change
    if form.validate_on_submit():
        with web.refusals(form):
            version, by = number_in(form.version.data), web.viewer().user
            does(quote, version, form.words.data or "", by=by, now=clock.now())
            db.session.commit()
            flash(_("Thank you for your answer. You get a letter about it."), "success")
            return web.back_to(".show", number=number)
    return _page(own(number), **{act: form})


def own(number: int, *, lock: bool = False) -> Quote:
    """The viewer's quote, or a guest's whose key the browser holds. One never sent or asked for is not there."""
    customer = web.viewer().customer
    if not customer and number not in _keys():
        raise NotYours
    quote = queries.quote_of(customer, number, lock=lock) if customer else queries.quote_numbered(number, lock=lock)
    if not quote.is_for_customer:
        raise NotYours
    return quote


def _page(
    quote: Quote,
    *,
    accepting: AcceptForm | None = None,
    avboj: ReasonForm | None = None,
    andra: ReasonForm | None = None,
) -> ResponseReturnValue:
    offered, today, with_vat = quote.offered, clock.local_date(clock.now()), web.viewer().sees_vat
    answerable = offered is not None and quote.state in OPEN and offered.is_valid(today)
    tried = accepting or avboj or andra
    form = accepting
    if form is None and offered is not None:
        form = AcceptForm(quote.customer, _services(offered), formdata=None)
        form.day.data, form.name.data = offered.delivery_day, _name()
        if form.buyer_reference:
            form.buyer_reference.data = _reference_of(offered)
    if form is not None and offered is not None:
        form.version.data = str(offered.number)  # the next answer is to what stands there now
    found = quote_coming.look(offered, form.day.data) if form and offered and answerable else None
    page = render_template(
        "buyer/quote.html",
        quote=quote,
        offered=offered,
        sums={version.id: sums_of(version, with_vat=with_vat) for version in quote.sent},
        answerable=answerable,
        today=today,
        form=form if answerable else None,
        coming=found,
        decline=avboj or ReasonForm(prefix="avboj", formdata=None),
        wish=andra or ReasonForm(prefix="andra", formdata=None),
        wrong=tried,
        typed_mark=typed_mark,
        limit=limit_for(quote.customer, found.net) if found else None,
    )
    return page, web.status(tried) if tried else 200


def _offered(quote: Quote) -> QuoteVersion:
    if quote.offered is None:
        raise NotYours
    return quote.offered


def _name() -> str:
    user = web.viewer().user
    return user.name if user else ""


def _reference_of(version: QuoteVersion) -> str:
    """The buyer reference of the customer's own place for which it was quoted."""
    places = (site for site in version.quote.customer.sites if site.street == version.street)
    return next((site.buyer_reference for site in places if site.name == version.delivery_name), "")


def _services(version: QuoteVersion) -> list[Article]:
    return needing_consent((line.article for line in version.lines), version.quote.customer)


def _keys() -> list[int]:
    found: list[int] = session.get("quotes", [])
    return found
