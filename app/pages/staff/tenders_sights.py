"""Who of ours has seen which members' prices: noted as pages are opened, read and erased by administrators."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from flask import Blueprint, Response, abort, flash, g, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock
from app.accounts.models import RoleName
from app.catalog.pricing.models import PriceList
from app.db import db, only_reading
from app.pages import web
from app.pages.plain_fields import IntegerField
from app.pages.rules import Between
from app.pages.staff.tenders_room import Room
from app.tenders.legal import sights

bp = Blueprint("sights", __name__, url_prefix="/sedda-priser")
PAGES = {
    "prices": _l("Prices"),
    "rows.edit": _l("A row"),
    "withdrawals.show": _l("Who has left"),
    "allocation": _l("Sharing out"),
    "reckoning": _l("What the bid gives"),
    "evaluation": _l("Evaluation"),
    "index": _l("Index"),
}
"""The pages of the workspace that show what members ask: whole page groups, or single endpoints below ours."""
FILES = {
    "file.prices": _l("A file: the whole price list"),
    "file.price_list": _l("A file: a price list"),
}
"""What is taken out as a file, and shows what members are paid."""
ABOVE = "staff.tenders."
DAYS_KEPT = 730
"""Days: what the form proposes."""
SEEN = "prices_seen"
WITH_A_PAGE = {200, 409, 422}


class EraseForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How old."""

    days = IntegerField(
        _l("Older than so many days"),
        [
            InputRequired(_l("Write a whole number.")),
            Between(sights.LEAST_DAYS, 36_500, _l("Write a whole number from 30.")),
        ],
    )


def note_sight(response: Response) -> Response:
    """After a page that shows members' prices: note it, unless this hour has it.

    The page is made by then: nothing of the view's transaction is needed, and what was refused in it is undone.
    """
    page, tender_id = _page_with_prices(), (request.view_args or {}).get("tender_id")
    if not page or tender_id is None or response.status_code not in WITH_A_PAGE:
        return response
    viewer, now = web.user(), clock.now()
    who, name = viewer.id, viewer.name
    mark = "" if page == sights.OF_THOSE_WHO_LEFT else _mark(now)
    seen = session.get(SEEN, {})
    if mark and seen.get(page) == mark:
        return response
    db.session.rollback()
    sight = sights.sight_of(tender_id, who, page, now=now)
    if sight is not None and not sight.is_noted:
        db.session.rollback()
        only_reading.set(False)
        sights.note(sight, who, name, page, now=now)
        db.session.commit()
    if mark:
        session[SEEN] = {**seen, page: mark}
    return response


def note_file(page: str, name: str, price_list: PriceList | None = None) -> None:
    """Before a file with members' prices is given out: who takes it, each time."""
    viewer = web.user()
    who, called, now = viewer.id, viewer.name, clock.now()
    db.session.rollback()
    before = only_reading.set(False)
    sights.note_file(name, page, price_list, who, called, now=now)
    db.session.commit()
    only_reading.reset(before)


def _mark(now: datetime) -> str:
    """What the viewer's own session remembers of a page that is noted: the hour, the bid, and whose prices it has.

    It spares the database a question for each page; nothing where the page did not say which bid it shows.
    """
    room: Room | None = g.get("room")
    if room is None or room.bid is None:
        return ""
    whose = [party.member_id for party in room.bid.parties if any(one.member_price for one in party.promises)]
    told = sha256(" ".join(map(str, sorted(whose))).encode()).hexdigest()[:8]
    return f"{sights.hour(now):%y%m%d%H}.{room.bid.id}.{told}" if whose else ""


def _page_with_prices() -> str:
    """Under which name of `PAGES` this page goes, if under any."""
    page = (request.endpoint or "").removeprefix(ABOVE)
    group = page.partition(".")[0]
    return page if page in PAGES else group if group in PAGES and "." in page else ""


@bp.before_request
def _administrators_only() -> None:
    """The door below staff's own."""
    if RoleName.ADMIN not in web.viewer().roles:
        abort(403)


@bp.get("")
def show() -> ResponseReturnValue:
    """The latest first."""
    return _page(EraseForm(formdata=None, days=DAYS_KEPT))


@bp.post("/radera")
def erase() -> ResponseReturnValue:
    """What is older is of no use to anybody."""
    form = EraseForm()
    if form.validate_on_submit():
        with web.refusals(form):
            count = sights.erase(web.given(form.days.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("%(count)s lines are erased.", count=count), "success")
            return web.back_to(".show")
    return _page(form)


def _page(form: EraseForm) -> ResponseReturnValue:
    name = request.args.get("vem", "")[:200]
    leaf = sights.seen(request.args.get("sida", 1, type=int), name)
    page = render_template(
        "staff/price_sights.html",
        leaf=leaf,
        form=form,
        name=name,
        names=sights.names(),
        pages={**PAGES, **FILES},
        page_url=lambda number: url_for(".show", vem=name or None, sida=number),
    )
    return page, web.status(form)
