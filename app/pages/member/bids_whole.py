"""An application as it stands, for a party that is to sign that it has read it and stands behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import clock
from app.errors import NotYours
from app.pages import bid_words, call_words, web
from app.tenders import promise_actions, queries
from app.tenders.looks.queries import sections_of
from app.tenders.offers import offer_of
from bids import markdown
from bids.budget_view import BudgetView
from bids.chapter_titles import CALL_TITLES
from bids.look import Section
from bids.offer import Offer

bp = Blueprint("bids_whole", __name__, url_prefix="/anbud/<int:bid_id>/ansokan")
TEXTS = {
    "summary": "letter",
    "plan": "delivery_plan",
    "follow_up": "quality_plan",
    "inclusion": "social_commitments",
}
"""The chapters that are one text, by the offer's name for it. The comment on the budget may tell what others cost."""
TABLES = frozenset({"parties", "questions", "budget", "appendices"})
"""Those that the page shows in its own way."""
PICTURE = re.compile(r"!\[([^\]]*)\]\(bild:\d+\)")


@dataclass(frozen=True, slots=True)
class Read:
    """A chapter as the party reads it; without text where the page shows it in its own way."""

    name: str
    title: str
    text: Markup


@bp.get("")
def show(bid_id: int) -> ResponseReturnValue:
    """All that is said, and of the money the whole and the party's own. Raises NotYours for a bid, and after a no."""
    party = queries.invitation_of(web.member(), bid_id)
    if not party.bid.tender.is_call or party.has_declined:
        raise NotYours
    call_words.speak()
    bid = queries.bid_by_id(bid_id)
    offer = offer_of(bid, now=clock.now())
    return render_template(
        "member/bids/whole.html",
        party=party,
        tender=bid.tender,
        offer=offer,
        chapters=[_read(one, offer) for one in sections_of(bid) if one.shown and _is_there(one, offer)],
        answers={(one.requirement_ref, one.lot_ref): one for one in offer.answers},
        total=BudgetView(offer).total,
        entries=promise_actions.entries_of(party),
        kinds=call_words.KINDS,
        words=bid_words,
    )


def _is_there(section: Section, offer: Offer) -> bool:
    return section.name in TABLES or bool(_text(section, offer).strip())


def _text(section: Section, offer: Offer) -> str:
    if section.is_own:
        return section.text
    return str(getattr(offer, TEXTS[section.name])) if section.name in TEXTS else ""


def _read(section: Section, offer: Offer) -> Read:
    """Pictures are told of in words: they are set in when it is printed."""
    told = PICTURE.sub(r"*Bild: \1*", _text(section, offer))
    return Read(section.name, section.title or CALL_TITLES[section.name], markdown.to_html(told))
