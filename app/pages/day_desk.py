"""The counter at which a day's papers are had: the same for a member and for staff, who see all members' days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import clock, files
from app.db import db
from app.errors import NotYours, Refused
from app.leaves import Leaf
from app.members import queries as members
from app.orders.models import Assignment
from app.orders.sheets import actions, making, queries, reading
from app.orders.sheets.labels import FORMATS, MOST_COPIES, LabelSheet
from app.orders.sheets.making import Wish
from app.orders.sheets.reading import Asked
from app.orders.sheets.values import Parcel, SheetKind, by_customer, fetched_here, stops
from app.pages import web

EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
AT_ONCE = 60
"""So many assignments are printed while somebody waits; more by a worker."""
LISTS = {
    "dagslista": SheetKind.DAY,
    "packa-per-kund": SheetKind.BY_CUSTOMER,
    "packa-per-artikel": SheetKind.BY_ARTICLE,
    "korlista": SheetKind.ROUTE,
}
PAPERS = {**LISTS, "foljesedlar": SheetKind.NOTES, "etiketter": SheetKind.LABELS}
NAMES = {
    "dagslista": _l("Day list"),
    "packa-per-kund": _l("Pack by customer"),
    "packa-per-artikel": _l("Pack by article"),
    "korlista": _l("Route list"),
    "foljesedlar": _l("Delivery notes"),
    "etiketter": _l("Labels"),
}
LABELS = {
    "3x8": _l("24 on a sheet, 70 × 37 mm"),
    "2x7": _l("14 on a sheet, 99 × 38 mm"),
    "2x4": _l("8 on a sheet, 99 × 68 mm"),
    "1": _l("One on a page, A6"),
}


@dataclass(frozen=True, slots=True)
class Here:
    """Whose day, which day, and which links lead on from it."""

    asked: Asked
    staff: bool

    @property
    def links(self) -> dict[str, Any]:
        """What the desk's own addresses carry."""
        chosen = {"medlem": self.asked.member_id} if self.staff and self.asked.member_id else {}
        return {"dag": self.asked.day.isoformat(), **chosen}


def open_desk(whose: Callable[[], int | None], *, staff: bool) -> Blueprint:
    """The desk as a blueprint. `whose` gives the member whose day it is; None for all, which staff alone may see."""
    bp = Blueprint("days", __name__, url_prefix="/dag")
    lists, papers = (",".join(f'"{name}"' for name in names) for names in (LISTS, PAPERS))
    for rule, view, methods in (
        (f"/<any({lists}):name>", show, ["GET"]),
        (f"/<any({papers}):name>.pdf", paper, ["GET"]),
        (f"/<any({papers}):name>", order, ["POST"]),
        ("/utskrift/<int:print_id>.pdf", printed, ["GET"]),
        ("/foljesedel/<int:assignment_id>.pdf", note, ["GET"]),
    ):
        bp.add_url_rule(rule, view.__name__, _for(whose, view, staff=staff), methods=methods)
    bp.add_url_rule("", "start", _for(whose, show, staff=staff))
    return bp


def _for(whose: Callable[[], int | None], view: Callable[..., ResponseReturnValue], *, staff: bool) -> Any:
    def answer(**values: Any) -> ResponseReturnValue:
        return view(Here(Asked(_day(), _today(), whose()), staff), **values)

    return answer


def show(here: Here, name: str = "dagslista") -> ResponseReturnValue:
    """One of the lists on screen."""
    kind = LISTS[name]
    page = reading.page_of(here.asked, request.args.get("sida", 1, type=int))
    found = making.shown(kind, _parcels(here, page)) if kind != SheetKind.BY_ARTICLE else []
    prints = queries.newest(here.asked.member_id)
    return render_template(
        "days/show.html",
        here=here,
        name=name,
        page=page,
        parcels=found,
        shown=_arranged(kind, found),
        fetched_here=fetched_here(found),
        sums=reading.sums(here.asked) if kind in making.SUMMED else [],
        unanswered=reading.unanswered(here.asked),
        members=members.choices() if here.staff else [],
        lists=LISTS,
        names=NAMES,
        labels=LABELS,
        formats=FORMATS,
        most_copies=MOST_COPIES,
        at_once=page.total <= AT_ONCE,
        prints=prints,
        printing=any(one.waits for one in prints),
        name_of=lambda one: NAMES[next(name for name, kind in PAPERS.items() if kind == one.kind)],
        days=_days(here.asked),
        to_page=lambda number: url_for(".show", name=name, sida=number, **here.links),
    )


def paper(here: Here, name: str) -> ResponseReturnValue:
    """One of the papers as PDF, at once. A long one is asked for instead."""
    wish = _wish(here, name)
    if reading.page_of(here.asked, 1).total > AT_ONCE:
        flash(_("It is so long that a worker prints it. Press the button again on this page."), "info")
        return web.back_to(".show", name=_list_beside(name), **here.links)
    return web.pdf(making.printed(making.sheet_of(wish)), f"{name}-{here.asked.day.isoformat()}.pdf")


def order(here: Here, name: str) -> ResponseReturnValue:
    """Let a worker print a long paper."""
    actions.order_print(_wish(here, name), by=web.user(), now=clock.now())
    db.session.commit()
    return web.back_to(".show", name=_list_beside(name), _anchor="utskrifter", **here.links)


def printed(here: Here, print_id: int) -> ResponseReturnValue:
    """A paper that a worker has made."""
    row = queries.print_of(print_id, member_id=here.asked.member_id, staff=here.staff)
    if row.file is None:
        raise NotYours
    return web.pdf(files.read(row.file), row.file.name)


def note(here: Here, assignment_id: int) -> ResponseReturnValue:
    """The delivery note of one assignment."""
    assignment = reading.assignment_on_paper(assignment_id, here.asked.member_id)
    sheet = making.note_of(assignment, here.asked, prices=_with_prices(here))
    return web.pdf(making.printed(sheet), f"foljesedel-{assignment.order.number}-{assignment.id}.pdf")


def _parcels(here: Here, page: Leaf[Assignment]) -> list[Parcel]:
    """What is on the page; what is carried for others stands on the first."""
    carried = reading.carried(here.asked) if page.number == 1 else []
    return [*reading.parcels(page.rows), *carried]


def _arranged(kind: SheetKind, parcels: list[Parcel]) -> Any:
    """The parcels as the list shows them."""
    if kind == SheetKind.BY_CUSTOMER:
        return by_customer(parcels)
    return stops(parcels) if kind == SheetKind.ROUTE else parcels


def _list_beside(name: str) -> str:
    """The list on whose page a paper is asked for: notes and labels have no page of their own."""
    return name if name in LISTS else "dagslista"


def _wish(here: Here, name: str) -> Wish:
    kind = PAPERS[name]
    return Wish(kind, here.asked, _with_prices(here), _labels() if kind == SheetKind.LABELS else None)


def _labels() -> LabelSheet:
    """What was chosen of labels. Raises Refused for a sheet that there is not."""
    try:
        start, copies = (int(request.values.get(field) or 1) for field in ("start", "antal"))
    except ValueError as wrong:
        raise Refused(_("Write the first label and how many of each parcel as whole numbers.")) from wrong
    try:
        return LabelSheet(request.values.get("ark", "3x8"), start, copies)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


def _with_prices(here: Here) -> bool:
    """Prices stand on a delivery note only when staff have chosen so."""
    return here.staff and request.values.get("priser") == "1"


def _day() -> date:
    """The day in the address; today when there is none that could be."""
    try:
        asked = date.fromisoformat(request.args.get("dag", "")[:10])
    except ValueError:
        return _today()
    return asked if EARLIEST <= asked <= LATEST else _today()


def _today() -> date:
    return clock.local_date(clock.now())


def _days(asked: Asked) -> dict[str, date]:
    """The days to which the page leads."""
    one = timedelta(days=1)
    return {"before": asked.day - one, "after": asked.day + one, "today": asked.today, "tomorrow": asked.today + one}
