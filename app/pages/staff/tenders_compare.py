"""Two versions of a bid that were handed in, side by side: what the later one says otherwise."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.leaves import leaf_of
from app.pages.staff.tenders_room import PER_PAGE, bid_in, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from bids.differences import Area, differences
from bids.offer import from_json

bp = Blueprint("compare", __name__, url_prefix="/<int:tender_id>/lamna/jamfor")
AREAS = {
    Area.FACTS: _l("The bid"),
    Area.PARTIES: _l("Parties"),
    Area.ANSWERS: _l("Answers"),
    Area.PRICES: _l("Prices"),
    Area.TEXTS: _l("Texts and sections"),
    Area.PAPERS: _l("Appendices and references"),
}
AREAS_OF_CALLS = {**AREAS, Area.PRICES: _l("Budget")}


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The two versions that the address names, else the last two."""
    room = open_room(tender_id)
    versions = queries.versions_of(bid_in(room))
    numbers = [version.number for version in versions]
    later = _asked("till", numbers, numbers[0] if numbers else None)
    earlier = _asked("fran", numbers, next((number for number in numbers if later and number < later), None))
    found = None
    if earlier is not None and later is not None and earlier != later:
        texts = {version.number: version.offer_json for version in versions}
        old, new = sorted((earlier, later))
        found = differences(from_json(texts[old]), from_json(texts[new]))
    leaf = leaf_of(found or (), request.args.get("sida", 1, type=int), PER_PAGE)
    return show_tab(
        "compare",
        room,
        "send",
        versions=versions,
        earlier=earlier,
        later=later,
        leaf=leaf,
        found=found,
        areas=AREAS_OF_CALLS if room.tender.is_call else AREAS,
        page_url=lambda number: url_for(".show", tender_id=tender_id, fran=earlier, till=later, sida=number),
    )


def _asked(name: str, numbers: list[int], usual: int | None) -> int | None:
    """A version that there is."""
    asked = request.args.get(name, type=int)
    return asked if asked in numbers else usual
