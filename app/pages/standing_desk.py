"""The counter of standing orders: the same for their customers and for staff who act for one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms.validators import InputRequired, Optional

from app import clock, standingflow
from app.catalog import bundles
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.pricing import price_cart
from app.orders.standing import actions, planning, queries, selling
from app.orders.standing.actions import Wish
from app.orders.standing.limits import Under, limit_now, limit_passed, under, under_now
from app.orders.standing.models import StandingOrder
from app.orders.standing.rhythm import Time, merged
from app.pages import standing_coming, web
from app.pages.bid_fields import BelievableDay
from app.pages.plain_fields import DateField
from app.pages.standing_coming import EachTime
from app.pages.standing_form import StandingForm
from app.pages.standing_goods import Goods, goods
from app.pages.standing_words import STATES, WISHED_WAYS, rhythm_said

SHOWN = 10
Cart = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Door:
    """Who stands at the counter."""

    customer: Callable[[], Customer]
    """For whom something new is made. Raises NotYours."""
    cart: Callable[[Customer], Cart]
    """What it begins with."""
    standing: Callable[[int, bool], StandingOrder]
    """A standing order, perhaps locked. Raises NotYours."""
    notice: bool
    """Whether notice must be given."""


class PauseForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """From which day nothing comes, and until when."""

    first = DateField(_l("First day of the pause"), [InputRequired(_l("Choose a day.")), BelievableDay()])
    last = DateField(
        _l("Last day of the pause"),
        [Optional(), BelievableDay()],
        description=_l("Left empty, it lasts until you let it go on."),
    )


class ResumeForm(FlaskForm):  # type: ignore[misc]
    """From which day it goes on."""

    first = DateField(_l("It goes on from"), [InputRequired(_l("Choose a day.")), BelievableDay()])


class EndForm(FlaskForm):  # type: ignore[misc]
    """The last day."""

    last = DateField(_l("The last day"), [InputRequired(_l("Choose a day.")), BelievableDay()])


FORMS: Mapping[str, type[FlaskForm]] = {"uppehall": PauseForm, "fortsatt": ResumeForm, "avsluta": EndForm}


@dataclass(frozen=True, slots=True)
class Look:
    """What a wish would bring: its first times, what one of them costs, and the fingerprint of what was looked at."""

    times: list[Time]
    merged: list[Time]
    """Those among them that fall together with another one."""
    total: Money
    """With what it costs to bring."""
    each: EachTime
    with_vat: bool
    mark: str
    limit: Money | None
    """The customer's limit that each time is above, so that another person must approve it."""
    under: list[Under]
    """The framework agreements that each time is called off under."""


def open_desk(door: Door, index: Callable[[], ResponseReturnValue]) -> Blueprint:
    """The counter as a blueprint; the list of what there is differs."""
    bp = Blueprint("standing", __name__, url_prefix="/staende")
    bp.add_url_rule("", "index", index)
    for rule, view, methods in (
        ("/ny", new, ["GET", "POST"]),
        ("/<int:standing_id>", show, ["GET"]),
        ("/<int:standing_id>/andra", change, ["GET", "POST"]),
        ("/<int:standing_id>/<any(uppehall,fortsatt,avsluta):act>", act_on, ["POST"]),
        ("/<int:standing_id>/gang/<int:occurrence_id>/<any(hoppa,angra):act>", act_on_time, ["POST"]),
    ):
        bp.add_url_rule(rule, view.__name__, _for(door, view), methods=methods)
    return bp


def _for(door: Door, view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    return lambda **values: view(door, **values)


def new(door: Door) -> ResponseReturnValue:
    """Fill in, see the days, and start."""
    form = StandingForm(customer := door.customer())
    if form.is_submitted() and (made := queries.by_ticket(form.ticket.data or "")) and made.customer_id == customer.id:
        return web.back_to(".show", standing_id=made.id)
    what, look = _read(form, door.cart(customer)), None
    if form.validate_on_submit() and what.good:
        with web.refusals(form):
            wish = actions.anchored(form.wish(what.cart))
            look = _look(wish, actions.beginning(wish, customer, now=clock.now()), customer)
            if _wants_to_save(form, look):
                return _start(form, wish, customer)
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(24)
    return _form_page(form, what, look, None, None)


def change(door: Door, standing_id: int) -> ResponseReturnValue:
    """Fill in what is to hold from a day on, see the days, and save."""
    standing = door.standing(standing_id, web.changing())
    first = _soonest(door, standing)
    version = standing.version_on(first) or standing.versions[-1]
    form = StandingForm.showing(version, standing.name, first)
    what, look = _read(form, {line.article_id: line.quantity for line in version.lines}), None
    mark = web.Shown.of(standing.last_day, *(one.id for one in standing.versions))
    if form.validate_on_submit() and what.good:
        with web.refusals(form):
            mark.check()
            wish = actions.anchored(form.wish(what.cart), standing)
            actions.check_notice(standing, wish.first, now=clock.now(), notice=door.notice)
            articles = actions.articles_of(wish, standing.customer, now=clock.now())
            look = _look(wish, articles, standing.customer)
            if _wants_to_save(form, look):
                standingflow.change(standing, wish, by=web.user(), now=clock.now(), notice=door.notice)
                return _saved(standing_id, _("Saved. What is ordered already comes as it was ordered."))
    return _form_page(form, what, look, door.standing(standing_id, False), mark)


def show(door: Door, standing_id: int) -> ResponseReturnValue:
    """What comes, when, what has come, and what can be done about it."""
    return _page(door, standing_id, None, "")


def act_on(door: Door, standing_id: int, act: str) -> ResponseReturnValue:
    """A pause, the end of one, or the end of it all."""
    standing = door.standing(standing_id, True)
    form = FORMS[act](prefix=act)
    if form.validate_on_submit():
        with web.refusals(form):
            given: dict[str, Any] = {"by": web.user(), "now": clock.now()}
            if act == "uppehall":
                standingflow.pause(standing, form.first.data, form.last.data, **given, notice=door.notice)
            elif act == "fortsatt":
                standingflow.resume(standing, form.first.data, **given)
            else:
                standingflow.end(standing, form.last.data, **given, notice=door.notice)
            return _saved(standing_id, _("Saved. You see below what comes."))
    return _page(door, standing_id, form, act)


def act_on_time(door: Door, standing_id: int, occurrence_id: int, act: str) -> ResponseReturnValue:
    """Skip one time, or want it after all."""
    standing = door.standing(standing_id, True)
    one = queries.occurrence_of(standing, occurrence_id)
    if act == "hoppa":
        actions.skip(standing, one, by=web.user(), now=clock.now(), notice=door.notice)
    else:
        actions.want_after_all(standing, one, by=web.user(), now=clock.now())
    return _saved(standing_id, _("Saved. You see below what comes."))


def _read(form: StandingForm, present: Cart) -> Goods:
    what = goods(present, form.more_number.data or "", form.more_quantity.data or "")
    form.ask_consent(what.articles)
    return what


def _look(wish: Wish, articles: Mapping[int, Article], customer: Customer) -> Look:
    """Raises Refused for a wish that brings nothing."""
    times = actions.first_times(wish, SHOWN)
    day = times[0].day
    priced = price_cart(articles.values(), wish.cart, customer, day)
    sums = [
        bundles.gross(bundles.taxed(articles[id_], priced[id_].unit_price), day, quantity)
        if customer.sees_vat
        else priced[id_].unit_price.times(quantity)
        for id_, quantity in wish.cart.items()
    ]
    each = standing_coming.look(wish, day, articles, priced, customer)
    total, together = Money.total(sums) + each.fee, list(merged(wish.rhythm, wish.first, times[-1].nominal))
    limit = limit_passed(wish.cart, articles.values(), customer, day, each.fee)
    called = under(wish.cart, priced)
    return Look(times, together, total, each, customer.sees_vat, web.Shown.of(*times, wish, total).now, limit, called)


def _wants_to_save(form: StandingForm, look: Look) -> bool:
    """Only what was looked at is saved; what has been changed since is shown first."""
    seen, form.looked.data = form.looked.data, look.mark
    return request.form.get("then") == "save" and seen == look.mark


def _start(form: StandingForm, wish: Wish, customer: Customer) -> ResponseReturnValue:
    given = form.ticket.data or ""
    ticket = given if 20 <= len(given) <= 64 else secrets.token_urlsafe(24)
    try:
        name = web.given(form.name.data)
        made = standingflow.start(wish, name, customer=customer, ticket=ticket, by=web.user(), now=clock.now())
        return _saved(made.id, _("It is started. You get a letter about it, and one each time it is ordered."))
    except IntegrityError:
        db.session.rollback()
        found = queries.by_ticket(ticket)
        if found is None or found.customer_id != customer.id:
            raise
        return web.back_to(".show", standing_id=found.id)


def _form_page(
    form: StandingForm, what: Goods, look: Look | None, standing: StandingOrder | None, mark: web.Shown | None
) -> ResponseReturnValue:
    wrong = bool(form.errors) or not what.good
    shown = {"form": form, "goods": what, "look": None if wrong else look, "standing": standing, "shown": mark}
    return render_template("standing/form.html", **shown), 422 if wrong else 200


def _page(door: Door, standing_id: int, wrong: FlaskForm | None, act: str) -> ResponseReturnValue:
    standing, today = door.standing(standing_id, False), clock.local_date(clock.now())
    soonest = _soonest(door, standing)
    begun = {"uppehall": {"first": soonest}, "fortsatt": {"first": soonest}, "avsluta": {"last": soonest}}
    forms = {name: kind(formdata=None, prefix=name, data=begun[name]) for name, kind in FORMS.items()}
    page = render_template(
        "standing/show.html",
        standing=standing,
        forms_of_page={**forms, **({act: wrong} if wrong is not None else {})},
        wrong=act if wrong is not None else "",
        coming=queries.coming(standing, today),
        past=queries.past(standing, today),
        resting=[one for one in standing.pauses if one.last_day is None or one.last_day >= today],
        now_holds=standing.holds_on(today),
        later=standing.versions_after(today),
        gone=selling.gone(standing, today),
        soonest=soonest,
        limit=None if standing.last_day and standing.last_day < today else limit_now(standing, clock.now()),
        under=[] if standing.last_day and standing.last_day < today else under_now(standing, today),
        states=STATES,
        said=rhythm_said,
        wished_ways=WISHED_WAYS,
        may_act=not door.notice or web.viewer().customer is not None,
        for_staff=not door.notice,
        today=today,
    )
    return page, 422 if wrong is not None else 200


def _soonest(door: Door, standing: StandingOrder) -> date:
    """The first day for which something can still be changed."""
    today = clock.local_date(clock.now())
    return planning.noticed(today, standing.notice_days) if door.notice else today + timedelta(days=1)


def _saved(standing_id: int, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "success")
    return web.back_to(".show", standing_id=standing_id)


def refuse_empty(cart: Cart) -> Cart:
    """Raises Refused when there is nothing to begin with."""
    if not cart:
        raise Refused(_("The basket is empty. Put something in it first."))
    return cart
