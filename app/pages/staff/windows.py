"""Batches: when articles made in batches can be ordered, how far each is, and calling one off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app import clock, windowflow
from app.catalog.models import Article
from app.db import db
from app.errors import NotYours
from app.orders.windows import actions, queries
from app.orders.windows.actions import LONGEST_NAME, LONGEST_REASON, MOST_ARTICLES, WindowFacts
from app.orders.windows.models import WindowState
from app.orders.windows.queries import NONE
from app.pages import web
from app.pages.bid_fields import BelievableDay, Needed, Positive, QuantityField, SwedishMomentField
from app.pages.plain_fields import DateField

bp = Blueprint("windows", __name__, url_prefix="/omgangar")

STATES = {
    WindowState.OPEN: (_l("Gathers orders"), "wait"),
    WindowState.SENT: (_l("Sent to members"), "good"),
    WindowState.CALLED_OFF: (_l("Batch called off"), "neutral"),
}


class WindowForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """When articles can be ordered, when they come, and how many there must be."""

    name = StringField(
        _l("What is the batch called?"), [InputRequired(_l("Give it a name.")), Length(max=LONGEST_NAME)]
    )
    opens_at = SwedishMomentField(_l("Opens"), [Needed(_l("Write day and time.")), BelievableDay()])
    closes_at = SwedishMomentField(_l("Closes"), [Needed(_l("Write day and time.")), BelievableDay()])
    delivery_day = DateField(_l("Day of delivery"), [InputRequired(_l("Choose a day.")), BelievableDay()])
    least = QuantityField(
        _l("Least quantity"),
        [Optional(), Positive()],
        description=_l("With less of its articles together it is called off. Left empty, one is enough."),
    )
    articles = StringField(
        _l("Article numbers"),
        [InputRequired(_l("Write at least one article number.")), Length(max=500)],
        description=_l("Several with a comma between them."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """All that is wrong is said at once: also a number that nothing has, and times that do not follow."""
        good: bool = super().validate(extra_validators)
        opens, closes, day = self.opens_at.moment(), self.closes_at.moment(), self.delivery_day.data
        if closes is None or self.closes_at.errors:
            pass
        elif opens is not None and closes <= opens:
            self.closes_at.errors = [_("It must close later than it opens.")]
        elif closes <= clock.now():
            self.closes_at.errors = [_("It must close later than now.")]
        elif day and not self.delivery_day.errors and day < clock.local_date(closes):
            self.delivery_day.errors = [_("The day of delivery cannot come before it closes.")]
        if "articles" in self and not self.articles.errors and (unknown := _find(self.articles.data)[1]):
            numbers = ", ".join(number[:40] for number in unknown[:5])
            self.articles.errors = [_("There is no article with the number %(number)s.", number=numbers)]
        return good and not self.errors

    def facts(self) -> WindowFacts:
        """What was typed, as a value."""
        return WindowFacts(
            name=web.given(self.name.data),
            opens_at=web.given(self.opens_at.moment()),
            closes_at=web.given(self.closes_at.moment()),
            delivery_day=web.given(self.delivery_day.data),
            least=self.least.data or NONE,
        )


class CallOffForm(FlaskForm):  # type: ignore[misc]
    """Why a batch is called off."""

    why = StringField(
        _l("Why is it called off?"),
        [InputRequired(_l("Write why; the customers read it.")), Length(max=LONGEST_REASON)],
    )


@bp.before_request
def _sales_change() -> None:
    """Finance may look, but sales decide."""
    if request.method == "POST" or (request.endpoint or "").endswith((".new", ".change")):
        web.sales_only()


@bp.route("")
def index() -> ResponseReturnValue:
    """All batches, and how far each is."""
    page = queries.page(request.args.get("sida", 1, type=int))
    return render_template(
        "staff/windows.html",
        page=page,
        ordered=queries.ordered(page.rows),
        states=STATES,
        now=clock.now(),
        address=lambda n: url_for(".index", sida=n),
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Set up a batch."""
    form = WindowForm(articles=request.args.get("artikel", "")[:40])
    if form.validate_on_submit():
        with web.refusals(form):
            made = actions.enter(form.facts(), _find(form.articles.data)[0], by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The batch is set up. Its articles can be ordered in batches only from now on."), "success")
            return web.back_to(".show", window_id=made.id)
    return render_template("staff/window_form.html", form=form, window=None, shown=None), web.status(form)


@bp.route("/<int:window_id>")
def show(window_id: int) -> ResponseReturnValue:
    """One batch: who has ordered what."""
    return _page(window_id, CallOffForm(formdata=None))


@bp.route("/<int:window_id>/andra", methods=["GET", "POST"])
def change(window_id: int) -> ResponseReturnValue:
    """Other times, or another least quantity."""
    window = queries.window_with(window_id, lock=web.changing())
    form = WindowForm(obj=window)
    del form.articles
    mark = web.Shown.of(window.name, window.opens_at, window.closes_at, window.delivery_day, window.least)
    if form.validate_on_submit():
        with web.refusals(form):
            mark.check()
            actions.change(window, form.facts(), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Saved."), "success")
            return web.back_to(".show", window_id=window_id)
    window = queries.window_with(window_id)
    return render_template("staff/window_form.html", form=form, window=window, shown=mark), web.status(form)


@bp.route("/<int:window_id>/stall-in", methods=["POST"])
def call_off(window_id: int) -> ResponseReturnValue:
    """Call a batch off before it closes."""
    window, form = queries.window_with(window_id, lock=True), CallOffForm()
    if form.validate_on_submit():
        with web.refusals(form):
            windowflow.call_off(window, web.given(form.why.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The batch is called off. Its customers get a letter."), "success")
            return web.back_to(".show", window_id=window_id)
    return _page(window_id, form)


@bp.route("/som-vanligt/<int:article_id>", methods=["POST"])
def sell_as_usual(article_id: int) -> ResponseReturnValue:
    """Let an article be ordered at any time again."""
    article = db.session.get(Article, article_id)
    if article is None:
        raise NotYours
    actions.sell_as_usual(article, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("It can be ordered at any time again."), "success")
    return web.back_to("staff.catalog.show", article_id=article_id)


def _page(window_id: int, form: CallOffForm) -> ResponseReturnValue:
    window = queries.window_with(window_id)
    quantity, orders = queries.ordered([window])[window.id]
    page = render_template(
        "staff/window.html",
        window=window,
        quantity=quantity,
        orders=orders,
        lines=queries.lines_in(window),
        states=STATES,
        form=form,
        now=clock.now(),
        may_change=bool(web.viewer().roles & {"sales", "admin"}),
    )
    return page, web.status(form)


def _find(typed: str | None) -> tuple[list[Article], list[str]]:
    """The articles that were named, no more than are refused anyway, and the numbers that nothing has."""
    named = dict.fromkeys(part.strip().upper() for part in (typed or "").split(",") if part.strip())
    numbers = list(named)[: MOST_ARTICLES + 1]
    found = {one.number: one for one in db.session.scalars(select(Article).where(Article.number.in_(numbers)))}
    return [found[number] for number in numbers if number in found], [one for one in numbers if one not in found]
