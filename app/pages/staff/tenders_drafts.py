"""A new draft of a bid that is handed in, and a draft that is thrown away."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import bidflow
from app.db import db
from app.pages import web
from app.pages.staff.tenders_room import bid_in, open_for_change
from app.tenders.looks.queries import dressed
from app.tenders.working.duties import Act
from bids.differences import differences
from bids.offer import from_json

bp = Blueprint("drafts", __name__, url_prefix="/<int:tender_id>/lamna")


@bp.post("/nytt-utkast")
def new_draft(tender_id: int) -> ResponseReturnValue:
    """Change something before the deadline; what was handed in stays."""
    room = open_for_change(tender_id, Act.SUBMIT)
    bid = bidflow.new_draft(bid_in(room), by=web.user(), now=room.now)
    db.session.commit()
    flash(_("Version %(number)s is a draft now.", number=bid.version), "success")
    return web.back_to("staff.tenders.send.show", tender_id=tender_id)


@bp.post("/kasta-utkast")
def throw_away(tender_id: int) -> ResponseReturnValue:
    """The draft was a mistake: what was handed in last stands again."""
    room = open_for_change(tender_id, Act.SUBMIT)
    bid = bid_in(room)
    version = bidflow.throw_away_draft(bid, by=web.user(), now=room.now)
    changed = () if room.offer is None else differences(from_json(version.offer_json), dressed(room.offer, bid))
    db.session.commit()
    flash(_("The draft is thrown away. Version %(number)s stands again.", number=version.number), "success")
    if changed:
        flash(_still_there(len(changed), version.number), "info")
    return web.back_to("staff.tenders.send.show", tender_id=tender_id)


def _still_there(many: int, number: int) -> str:
    return str(
        ngettext(
            "%(num)s thing was changed in the draft. It stays on the pages, but is no part of version %(number)s.",
            "%(num)s things were changed in the draft. They stay on the pages, but are no part of version %(number)s.",
            many,
            number=number,
        )
    )
