"""The days of all tenders, a month at a time; who is reminded of them by letter, and one's own secret calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from app import clock
from app.accounts.queries import hold
from app.db import db
from app.pages import date_words, tender_calendar_links, web
from app.pages.plain_fields import IntegerField
from app.pages.rules import Between
from app.pages.staff.tenders_room import may_sell
from app.tenders.dates import actions, queries, reminding

bp = Blueprint("calendar", __name__, url_prefix="/kalender")
FIRST, LAST = date(2020, 1, 1), date(2099, 12, 1)
MORNING = reminding.MORNING


class WishForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How long ahead a letter comes."""

    days_ahead = IntegerField(_l("Days ahead"), [Optional(), Between(0, 30, _l("Write 0 to 30 days."))])


@bp.get("")
def show() -> ResponseReturnValue:
    """One month."""
    return _page()


@bp.post("/paminnelser")
def remind() -> ResponseReturnValue:
    """Letters, or none."""
    web.sales_only()
    form = WishForm()
    if not form.validate_on_submit():
        return _page(form)
    user, ahead = web.user(), form.days_ahead.data
    hold(user)
    actions.want_reminders(user, ahead, now=clock.now())
    db.session.commit()
    flash(_("You get letters.") if ahead is not None else _("You get no letters."), "success")
    return web.back_to(".show", manad=request.args.get("manad"), _anchor="paminnelser")


@bp.post("/adress/<any(ny,stang):act>")
def address(act: str) -> ResponseReturnValue:
    """Make an address or another one, or close the calendar."""
    user = web.user()
    hold(user)
    if act == "ny":
        actions.renew_calendar(user, now=clock.now())
        flash(_("The calendar has an address of its own now. Whoever knows it can read it."), "success")
    else:
        actions.close_calendar(user, now=clock.now())
        flash(_("The calendar is closed. The old address shows nothing any longer."), "success")
    db.session.commit()
    return web.back_to(".show", _anchor="adress")


def _page(form: WishForm | None = None) -> ResponseReturnValue:
    today = clock.local_date(clock.now())
    first = _month(request.args.get("manad", ""), today)
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    wish, calendar = queries.wish_of(web.user()), queries.calendar_of(web.user())
    found = queries.between(first, last)
    page = render_template(
        "staff/tenders/calendar.html",
        month=format_date(first, "LLLL y").capitalize(),
        days=found.rows,
        more=found.more,
        today=today,
        before=_address(_moved(first, -1)),
        after=_address(_moved(first, 1)),
        this_month=(first.year, first.month) == (today.year, today.month),
        kinds=date_words.KINDS,
        origins=date_words.ORIGINS,
        explained={},
        form=form or WishForm(formdata=None, obj=wish),
        wish=wish,
        calendar=calendar,
        link=tender_calendar_links.link(calendar) if calendar else "",
        may_wish=may_sell(),
        morning=MORNING,
    )
    return page, web.status(form) if form else 200


def _month(asked: str, today: date) -> date:
    """The first day of the month asked for; of this one where that is none."""
    try:
        found = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return found if FIRST <= found <= LAST else today.replace(day=1)


def _moved(first: date, by: int) -> date | None:
    """Another month's first day, or None beyond what is shown."""
    count = first.year * 12 + first.month - 1 + by
    found = date(count // 12, count % 12 + 1, 1)
    return found if FIRST <= found <= LAST else None


def _address(first: date | None) -> str:
    return url_for(".show", manad=f"{first:%Y-%m}") if first else ""
