"""Quotes: those that customers wait for, and writing, sending and taking back one."""

from __future__ import annotations

import secrets
from decimal import Decimal

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from app import clock, files, quoteflow, workdays
from app.catalog.models import Article
from app.catalog.pricing import queries as price_queries
from app.catalog.quantities import first_amount
from app.customers import queries as customers
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.orders.cart import Delivery, read_quantity
from app.orders.quotes import actions, checks, paper, queries
from app.orders.quotes.costs import member_prices
from app.orders.quotes.models import Quote, QuoteVersion
from app.orders.quotes.states import OPEN, QuoteState
from app.orders.quotes.sums import sums_of
from app.pages import web
from app.pages.quote_forms import BeginForm, ReasonForm, WordingForm, shown, typed_line

bp = Blueprint("quotes", __name__)

HEAPS = {
    "to_answer": _l("To write"),
    "draft": _l("Being written"),
    "open": _l("With the customer"),
    "expired": _l("Expired"),
    "accepted": _l("Quote accepted"),
    "declined": _l("Quote declined"),
    "withdrawn": _l("Withdrawn"),
    "all": _l("All"),
}
SOON = 5
"""Working days from today, when staff begin a quote."""


@bp.route("/offerter")
def index() -> ResponseReturnValue:
    """One heap of quotes, newest first."""
    now, asked = clock.now(), request.args.get("hog", "to_answer")
    heap = asked if asked in HEAPS else "all"
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "staff/quotes.html",
        page=queries.desk(heap, now, web.number_asked_for("sida") or 1, text),
        heap=heap,
        heaps=HEAPS,
        counts=queries.desk_counts(now),
        text=text,
        today=clock.local_date(now),
        address=lambda n: url_for(".index", hog=heap, q=text or None, sida=n),
    )


@bp.route("/kunder/<int:customer_id>/offert", methods=["GET", "POST"])
def begin(customer_id: int) -> ResponseReturnValue:
    """Begin a quote for a customer: where and when."""
    web.sales_only()
    customer = customers.customer_with(customer_id)
    form = BeginForm(customer)
    if form.is_submitted() and (made := queries.quote_by_ticket(form.ticket.data or "")):
        return web.back_to(".show", number=made.number)
    if form.validate_on_submit():
        with web.refusals(form):
            return _begin(form, customer)
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(24)
        form.day.data = workdays.working_days_after(clock.local_date(clock.now()), SOON)
    page = render_template("staff/quote_new.html", form=form, customer=customers.customer_with(customer_id))
    return page, web.status(form)


def _begin(form: BeginForm, customer: Customer) -> ResponseReturnValue:
    ticket = form.ticket.data or ""
    ticket = ticket if 20 <= len(ticket) <= 64 else secrets.token_urlsafe(24)
    try:
        quote = actions.begin(customer, _wish(form, customer), ticket=ticket, by=web.user(), now=clock.now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        made = queries.quote_by_ticket(ticket)
        if made is None:
            raise
        return web.back_to(".show", number=made.number)
    return web.back_to(".show", number=quote.number)


def _wish(form: BeginForm, customer: Customer) -> Delivery:
    place = next((site for site in customer.sites if str(site.id) == form.place.data), customer)
    address = {name: getattr(place, name) for name in actions.PLACE}
    return Delivery(day=web.given(form.day.data), name=place.name, **address)


@bp.route("/offerter/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """One quote: what is being written, what was sent, and what has happened."""
    return _page(queries.quote_numbered(number))


@bp.route("/offerter/<int:number>/version-<int:version>.pdf")
def pdf(number: int, version: int) -> ResponseReturnValue:
    """A version as it was sent, on paper."""
    file, name = paper.printed(queries.quote_numbered(number), version)
    return web.pdf(files.read(file), name)


@bp.route("/offerter/<int:number>/skriv", methods=["POST"])
def write(number: int) -> ResponseReturnValue:
    """Save what is being written; and send it, or put in one more article, if that was asked for."""
    web.sales_only()
    quote = queries.quote_numbered(number, lock=True)
    version = quote.draft
    if version is None:
        raise Refused(_("Somebody else has just sent it. Look at what was sent."))
    form, mark = WordingForm(), shown(version)
    if form.validate_on_submit():
        with web.refusals(form):
            mark.check()
            said = _write(version, form)
            db.session.commit()
            flash(said, "success")
            return web.back_to(".show", number=number)
    return _page(queries.quote_numbered(number), form, mark)


def _write(version: QuoteVersion, form: WordingForm) -> str:
    by, now = web.user(), clock.now()
    actions.write(version, form.wording(version), by=by, now=now)
    if request.form.get("article", "").strip():
        article = _article(request.form["article"])
        quantity = _quantity(request.form.get("quantity", ""), article)
        actions.put(version, article, quantity, by=by, now=now)
        return str(_("%(article)s is in the quote.", article=article.name))
    if request.form.get("then") == "send":
        form.ask_below_cost(version)
        quoteflow.send(version, by=by, now=now)
        return str(_("The quote is sent. The customer gets a letter."))
    return str(_("Saved."))


@bp.route("/offerter/<int:number>/ny-version", methods=["POST"])
def new_version(number: int) -> ResponseReturnValue:
    """Begin another version from the last one."""
    web.sales_only()
    quote = queries.quote_numbered(number, lock=True)
    if FlaskForm().validate_on_submit():
        actions.new_version(quote, by=web.user(), now=clock.now())
        db.session.commit()
    return web.back_to(".show", number=number)


@bp.route("/offerter/<int:number>/ta-tillbaka", methods=["POST"])
def withdraw(number: int) -> ResponseReturnValue:
    """Take the quote back, with a reason."""
    web.sales_only()
    quote, form = queries.quote_numbered(number, lock=True), ReasonForm(prefix="bort")
    if form.validate_on_submit():
        with web.refusals(form):
            quoteflow.withdraw(quote, form.words.data or "", by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The quote is taken back."), "success")
            return web.back_to(".show", number=number)
    return _page(queries.quote_numbered(number), taking_back=form)


def _article(typed: str) -> Article:
    """The article with that number, or the only one that a search finds. Raises Refused with those it may be."""
    found = price_queries.articles_found(typed.strip()[:100])
    exact = [article for article in found if article.number.casefold() == typed.strip().casefold()]
    if len(exact or found) != 1:
        names = ", ".join(f"{article.number} {article.name}" for article in found[:5])
        raise Refused(
            _("Several articles match: %(names)s. Write the number.", names=names)
            if found
            else _("No article in the catalogue matches. Write its number or a part of its name.")
        )
    return (exact or found)[0]


def _quantity(typed: str, article: Article) -> Decimal:
    try:
        return read_quantity(typed, article.unit) if typed.strip() else first_amount(article)
    except ValueError as wrong:
        raise Refused(f"{article.name}: {wrong}") from wrong


def _page(
    quote: Quote,
    form: WordingForm | None = None,
    mark: web.Shown | None = None,
    taking_back: ReasonForm | None = None,
) -> ResponseReturnValue:
    draft, wrong = quote.draft, form or taking_back
    if draft is not None and form is None:
        form = WordingForm(formdata=None, obj=draft)
    page = render_template(
        "staff/quote.html",
        quote=quote,
        draft=draft,
        form=form,
        mark=mark or (shown(draft) if draft else None),
        costs=member_prices(draft) if draft else {},
        typed={line.article_id: typed_line(line) for line in draft.lines} if draft else {},
        sums={version.id: sums_of(version, with_vat=False) for version in quote.versions},
        taking_back=taking_back or ReasonForm(prefix="bort", formdata=None),
        wrong=wrong,
        lacks_vat_number=draft is not None and checks.lacks_vat_number(draft),
        may_change=bool(web.viewer().roles & {"sales", "admin"}),
        may_record=quote.state in OPEN,
        may_withdraw=quote.state not in {QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.WITHDRAWN},
        today=clock.local_date(clock.now()),
    )
    return page, web.status(wrong) if wrong else 200
