"""Price lists: for whom, from when to when, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.catalog import review
from app.catalog.models import Article
from app.catalog.pricing import actions, queries
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind, ListState
from app.customers import groups
from app.customers.models import Customer
from app.customers.queries import customer_with
from app.db import db
from app.errors import NotYours
from app.orders.agreements import actions as agreements
from app.pages import web
from app.pages.price_forms import KINDS, SHORT_KINDS, STATES, CopyForm, ListForm, NewListForm, StepsForm

bp = Blueprint("price_lists", __name__, url_prefix="/prislistor")

LONGEST_TEXT = 100
FOR_SALES = (".new", ".change", ".copy", ".rows")
Chosen = TypeVar("Chosen", bound=StrEnum)


@bp.before_request
def _sales_change() -> None:
    """Finance may read prices, but sales set them."""
    if request.method == "POST" or (request.endpoint or "").endswith(FOR_SALES):
        web.sales_only()


@bp.route("")
def index() -> ResponseReturnValue:
    """All price lists, or those that a search finds."""
    text, kind, state = typed("q"), _one_of(ListKind, "sort"), _one_of(ListState, "lage")
    customer = _customer()
    page = queries.list_page(text, kind, state, customer, web.number_asked_for("sida") or 1)
    kund = customer.id if customer else None
    return render_template(
        "staff/price_lists.html",
        page=page,
        articles=queries.article_counts(page.rows),
        text=text,
        kind=kind,
        state=state,
        customer=customer,
        kinds=SHORT_KINDS,
        states=STATES,
        address=lambda n: url_for(".index", q=text or None, sort=kind, lage=state, kund=kund, sida=n),
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new list, as a draft; for a customer when one is named in the address."""
    customer, today = _customer(), clock.local_date(clock.now())
    chosen = ListKind.CUSTOMER if customer else ListKind.STANDARD
    form = NewListForm(groups.all_groups(), kind=chosen.value, valid_from=today)
    if form.validate_on_submit():
        with web.refusals(form):
            mine = [customer] if customer and form.list_kind in {ListKind.CUSTOMER, ListKind.FRAMEWORK} else []
            made = actions.create_list(
                form.list_kind, form.draft(), group_id=form.group_id, customers=mine, by=web.user(), now=clock.now()
            )
            agreements.belongs(made)
            return _done(_("The price list is a draft. Put in the prices, and then take it into use."), made.id)
    return render_template("staff/price_list_form.html", form=form, price_list=None, shown=None), web.status(form)


@bp.route("/<int:list_id>")
def show(list_id: int) -> ResponseReturnValue:
    """One list: its facts, its prices beside what members are paid, and what can be done to it."""
    price_list, text = queries.list_with(list_id), typed("q")
    wanted, buyer = typed("artikel"), typed("kund")
    page = queries.row_page(price_list, text, web.number_asked_for("sida") or 1)
    return render_template(
        "staff/price_list.html",
        price_list=price_list,
        page=page,
        text=text,
        wanted=wanted,
        found=queries.articles_found(wanted),
        buyer=buyer,
        buyers=queries.customers_found(buyer),
        kinds=KINDS,
        states=STATES,
        address=lambda n: url_for(".show", list_id=list_id, q=text or None, sida=n),
    )


@bp.route("/<int:list_id>/andra", methods=["GET", "POST"])
def change(list_id: int) -> ResponseReturnValue:
    """Change what is written about a list."""
    price_list, form = queries.list_with(list_id, lock=request.method == "POST"), ListForm()
    shown = web.Shown.of(*(getattr(price_list, name) for name in form.FACTS))
    if request.method == "GET":
        form.show(price_list)
    elif form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            actions.change_list(price_list, form.draft(), by=web.user(), now=clock.now())
            return _done(_("Saved."), list_id)
    now = queries.list_with(list_id)
    page = render_template("staff/price_list_form.html", form=form, price_list=now, shown=shown)
    return page, web.status(form)


@bp.route("/<int:list_id>/kopiera", methods=["GET", "POST"])
def copy(list_id: int) -> ResponseReturnValue:
    """The same prices for another time, dearer or cheaper."""
    price_list, form = queries.list_with(list_id), CopyForm()
    if request.method == "GET":
        form.show(price_list)
        form.name.data = _("%(name)s, copy", name=price_list.name)
        form.valid_from.data, form.valid_to.data = clock.local_date(clock.now()), None
    elif form.validate_on_submit():
        with web.refusals(form):
            percent, nearest = form.change
            made = actions.copy_list(price_list, form.draft(), percent, nearest, by=web.user(), now=clock.now())
            agreements.belongs(made, price_list)
            return _done(_("The copy is a draft. Look the prices through, and then take it into use."), made.id)
    page = render_template("staff/price_list_copy.html", form=form, price_list=queries.list_with(list_id))
    return page, web.status(form)


@bp.route("/<int:list_id>/<any(borja,avsluta):act>", methods=["POST"])
def change_state(list_id: int, act: str) -> ResponseReturnValue:
    """Take a list into use, or end it."""
    acts: dict[str, tuple[Callable[..., PriceList], str]] = {
        "borja": (actions.activate_list, _("The price list is in use.")),
        "avsluta": (actions.end_list, _("The price list has ended. Orders that are placed keep their prices.")),
    }
    do, sentence = acts[act]
    do(queries.list_with(list_id, lock=True), by=web.user(), now=clock.now())
    return _done(sentence, list_id)


@bp.route("/<int:list_id>/kunder", methods=["POST"])
def add_customer(list_id: int) -> ResponseReturnValue:
    """A customer gets the list."""
    customer = _named(request.form.get("customer", type=int))
    actions.add_customer(queries.list_with(list_id, lock=True), customer, by=web.user(), now=clock.now())
    return _done(_("%(customer)s has the list.", customer=customer.name), list_id)


@bp.route("/<int:list_id>/kunder/<int:customer_id>/bort", methods=["POST"])
def remove_customer(list_id: int, customer_id: int) -> ResponseReturnValue:
    """A customer no longer has the list."""
    actions.remove_customer(queries.list_with(list_id, lock=True), customer_id, by=web.user(), now=clock.now())
    return _done(_("Saved."), list_id)


@bp.route("/<int:list_id>/artikel/<int:article_id>", methods=["GET", "POST"])
def rows(list_id: int, article_id: int) -> ResponseReturnValue:
    """All steps of one article's price; an emptied form takes the article out of the list."""
    price_list = queries.list_with(list_id, lock=request.method == "POST")
    article = review.article(article_id)
    form = StepsForm() if request.method == "POST" else StepsForm.showing(actions.rows_now(price_list, article_id))
    if form.validate_on_submit():
        with web.refusals(form):
            actions.set_rows(price_list, article, form.drafts(), by=web.user(), now=clock.now())
            _warn_below_cost(price_list, article_id)
            _warn_no_lowering(price_list, article)
            return _done(_("The prices are saved."), list_id)
    page = render_template(
        "staff/price_rows.html",
        form=form,
        price_list=queries.list_with(list_id),
        article=review.article(article_id),
        listed=queries.price_list_rows(price_list, [article_id]),
        cost=queries.usual_costs([article_id]).get(article_id),
    )
    return page, web.status(form)


def typed(name: str) -> str:
    """A text of the address, with single spaces and not longer than people write."""
    return " ".join(request.args.get(name, "").split())[:LONGEST_TEXT]


def _warn_below_cost(price_list: PriceList, article_id: int) -> None:
    """It may be meant, so it is said and not forbidden."""
    if any(row.below_cost for row in queries.price_list_rows(price_list, [article_id])):
        flash(_("A price is lower than what the member is paid: each unit sold is a loss."), "error")


def _warn_no_lowering(price_list: PriceList, article: Article) -> None:
    """So is a campaign that nobody notices: what everybody pays on its first day is as low."""
    if price_list.kind == ListKind.CAMPAIGN:
        usual = queries.paid_anyway(price_list, article, clock.local_date(clock.now()))
        if usual is not None:
            told = _(
                "The campaign's price is not lower than what everybody pays anyway (%(price)s excl. VAT).", price=usual
            )
            flash(told, "error")


def _customer() -> Customer | None:
    asked = web.number_asked_for("kund")
    return _named(asked) if asked is not None else None


def _named(customer_id: int | None) -> Customer:
    if customer_id is None or customer_id < 1:
        raise NotYours
    return customer_with(customer_id)


def _one_of(kind: type[Chosen], name: str) -> Chosen | None:
    text = request.args.get(name, "")
    return kind(text) if text in set(kind) else None


def _done(sentence: str, list_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show", list_id=list_id)
