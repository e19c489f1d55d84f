"""What each party can make, what others count on, and what this bid promises: when and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotYours
from app.leaves import Leaf, nearest
from app.pages.staff.tenders_room import Room, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.legal import beside
from app.tenders.legal.double_promises import years_of
from app.tenders.legal.queries import capacity_warnings
from app.tenders.models import Bid
from bids.promised_twice import Year, untied_gaps

bp = Blueprint("capacity", __name__, url_prefix="/<int:tender_id>/kapacitet")
PER_PAGE = 50


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Party by party and article by article, those in trouble first."""
    room = open_room(tender_id)
    if room.bid is None:
        return show_tab("no_bid", room, "bid")
    found = years_of(room.bid, now=room.now)
    years = sorted(found, key=lambda year: (not year.over, not year.in_trouble, year.name, year.what))
    number = nearest(request.args.get("sida", 1, type=int), len(years), PER_PAGE)
    leaf = Leaf(years[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(years), PER_PAGE)
    return show_tab(
        "capacity",
        as_counted_now(room, room.bid, found),
        "bid",
        years=leaf,
        page_number_url=lambda page: url_for(".show", tender_id=tender_id, sida=page),
    )


@bp.get("/part/<int:party_id>/rad/<int:row_id>")
def periods(tender_id: int, party_id: int, row_id: int) -> ResponseReturnValue:
    """One party's article by month in the contract's first year and by quarter in the others."""
    room = open_room(tender_id)
    if room.bid is None:
        raise NotYours
    years = years_of(room.bid, now=room.now)
    year = next((one for one in years if (one.party_id, one.row_id) == (party_id, row_id)), None)
    if year is None or year.calendar is None:
        raise NotYours
    return show_tab(
        "capacity_periods",
        as_counted_now(room, room.bid, years),
        "bid",
        year=year,
        periods=year.calendar.periods(),
    )


def as_counted_now(room: Room, bid: Bid, years: Sequence[Year]) -> Room:
    """The room with the warnings that the page has just counted in place of those that were kept with the bid."""
    if room.offer is None or not bid.is_draft:
        return room
    known = beside.found_beside(bid, room.offer)
    others = [gap for gap in room.gaps if gap not in known or not beside.is_of_capacity(gap)]
    return replace(room, gaps=(*others, *capacity_warnings(years), *untied_gaps(years)))
