"""What each party can make in a year, what others count on, and what this bid promises: nothing twice."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.leaves import Leaf, nearest
from app.pages.staff.tenders_room import open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.legal.double_promises import years_of

bp = Blueprint("capacity", __name__, url_prefix="/<int:tender_id>/kapacitet")
PER_PAGE = 50


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Party by party and article by article, those that promise too much first."""
    room = open_room(tender_id)
    if room.bid is None:
        return show_tab("no_bid", room, "bid")
    years = sorted(years_of(room.bid, now=room.now), key=lambda year: (not year.over, year.name, year.what))
    number = nearest(request.args.get("sida", 1, type=int), len(years), PER_PAGE)
    leaf = Leaf(years[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(years), PER_PAGE)
    return show_tab(
        "capacity",
        room,
        "bid",
        years=leaf,
        page_number_url=lambda page: url_for(".show", tender_id=tender_id, sida=page),
    )
