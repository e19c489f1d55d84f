"""What every page of a tender's workspace has: its tabs, and the gap list with links to where each gap is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _

from app import bidflow, clock
from app.accounts.models import RoleName
from app.errors import Refused
from app.pages import bid_words, web
from app.tenders import queries
from app.tenders.models import Bid, BidState, Tender, TenderRequirement, TenderState
from app.tenders.offers import key_of, offer_of
from app.tenders.working import duties
from app.tenders.working.duties import Act
from app.tenders.working.news import Part
from app.tenders.working.queries import Team, team_of
from bids import checks
from bids.gap import Gap
from bids.kinds import GapArea
from bids.offer import Offer


@dataclass(frozen=True, slots=True)
class Room:
    """A tender with our bid on it, and what the bid lacks at this moment."""

    tender: Tender
    bid: Bid | None
    offer: Offer | None
    gaps: tuple[Gap, ...]
    now: datetime
    team: Team | None = None
    """Who is in the bid, and what is new to the viewer; None where there is no bid."""

    def may(self, act: Act) -> bool:
        """Whether the viewer may do it, by the role in the bid."""
        return may_sell() and (self.team is None or self.team.may(act))

    @property
    def blocking(self) -> int:
        """How many gaps stand in the way."""
        return sum(gap.blocking for gap in self.gaps)

    @property
    def may_change(self) -> bool:
        """Whether the viewer may change the bid, and the bid may be changed."""
        return self.may_change_tender and (self.bid is None or self.bid.is_draft)

    @property
    def may_change_tender(self) -> bool:
        """Whether the viewer may change the tender, and it is still open."""
        return self.may(Act.WRITE) and self.tender.state in {TenderState.NOTICED, TenderState.BIDDING}


@dataclass(frozen=True, slots=True)
class GapLink:
    """A gap, and where it is closed."""

    gap: Gap
    area: str
    url: str


def may_sell() -> bool:
    """Whether the viewer works with sales and bids, rather than only looking."""
    return bool(web.viewer().roles & {RoleName.SALES, RoleName.ADMIN})


def open_room(tender_id: int, *, lock: bool = False) -> Room:
    """Everything about the tender and our bid. Raises NotYours when there is no such tender."""
    now = clock.now()
    tender = queries.tender_by_id(tender_id, lock=lock)
    bid = queries.bid_of(tender, lock=lock)
    offer = offer_of(bid, now=now) if bid is not None and tender.deadline is not None else None
    is_open = bid is not None and bid.state == BidState.DRAFT
    gaps = checks.gaps(offer, now=now) if offer is not None and is_open else ()
    team = team_of(bid, web.user()) if bid is not None else None
    return Room(tender, bid, offer, gaps, now, team)


def open_for_change(tender_id: int, act: Act = Act.WRITE) -> Room:
    """The room for somebody who may do that in it. Aborts with 403 for those who do not work with bids.

    Raises Refused when the role in the bid does not allow the act.
    """
    web.sales_only()
    room = open_room(tender_id, lock=True)
    if room.team is not None:
        duties.check(room.team.duty, act)
    return room


def bid_in(room: Room) -> Bid:
    """The room's bid. Raises Refused when none has been begun."""
    if room.bid is None:
        raise Refused(_("There is no bid yet. Begin one first."))
    return room.bid


def show(template: str, room: Room, current: str, **values: object) -> str:
    """A page of the workspace."""
    return render_template(
        f"staff/tenders/{template}.html",
        room=room,
        tender=room.tender,
        bid=room.bid,
        offer=room.offer,
        tabs=_tabs(room, current),
        gap_links=[GapLink(gap, str(bid_words.AREAS[gap.area]), gap_url(room, gap)) for gap in room.gaps],
        words=bid_words,
        days_left=days_left(room.tender, room.now),
        **values,
    )


def days_left(tender: Tender, now: datetime) -> int | None:
    """Whole Swedish days until the deadline; under nought when it has passed, None when there is none."""
    if tender.deadline is None:
        return None
    left = (clock.local_date(tender.deadline) - clock.local_date(now)).days
    return left if tender.deadline > now or left < 0 else -1


def _tabs(room: Room, current: str) -> list[dict[str, object]]:
    tender, bid = room.tender, room.bid
    answered = sum(answer.says is not None for answer in bid.answers) if bid else 0
    pages: Sequence[tuple[str, str, str]] = (
        ("facts.show", _("Overview"), ""),
        ("rows.show", _("Lots and rows"), str(len(tender.rows))),
        ("requirements.show", _("Requirements"), str(len(tender.requirements))),
        ("bid.show", _("The bid"), str(len(bid.parties)) if bid else ""),
        ("prices.show", _("Prices"), ""),
        ("answers.show", _("Answers"), f"{answered}/{len(tender.requirements)}" if bid else ""),
        ("documents.show", _("Documents"), str(len(bid.appendices)) if bid else ""),
        ("together.show", _("Work together"), ""),
        ("questions.show", _("Questions"), ""),
        ("addenda.show", _("Addenda"), str(len(tender.addenda) or "")),
        ("news.show", _("What is new"), ""),
        ("send.show", _("Hand in"), ""),
    )
    news = room.team.news if room.team else {}
    return [
        {
            "label": label,
            "url": url_for(f"staff.tenders.{endpoint}", tender_id=tender.id),
            "current": endpoint.startswith(f"{current}."),
            **({"count": count} if count else {}),
            **_fresh(endpoint, news),
        }
        for endpoint, label, count in pages
    ]


def _fresh(endpoint: str, news: dict[Part, int]) -> dict[str, int]:
    """How much others have done on a tab since the viewer looked."""
    part = endpoint.partition(".")[0]
    many = sum(news.values()) if part == "news" else news.get(next((one for one in Part if one == part), Part.SEND), 0)
    return {"fresh": many} if many else {}


def gap_url(room: Room, gap: Gap) -> str:
    """Where the gap is closed."""
    tender_id = room.tender.id
    if gap.area == GapArea.REQUIREMENT:
        return _requirement_url(room, gap)
    if gap.area == GapArea.PRICE and gap.key == "price:ceiling":
        return url_for("staff.tenders.prices.show", tender_id=tender_id)
    if gap.area == GapArea.PRICE:
        row = next((row for row in room.tender.rows if _is(gap, row.ref, row.lot.ref if row.lot else None)), None)
        endpoint = "staff.tenders.prices.show" if row else "staff.tenders.rows.show"
        return url_for(endpoint, tender_id=tender_id, _anchor=f"rad-{row.id}" if row else None)
    if gap.area in {GapArea.DOCUMENT, GapArea.SANCTIONS}:
        return url_for("staff.tenders.documents.show", tender_id=tender_id, _anchor=_party_anchor(room, gap))
    if gap.area in {GapArea.DEADLINE, GapArea.ADDENDUM}:
        endpoint = "facts.edit" if gap.area == GapArea.DEADLINE else "addenda.show"
        return url_for(f"staff.tenders.{endpoint}", tender_id=tender_id)
    anchor = "texter" if gap.area == GapArea.VALIDITY or gap.key == "party:contact" else _party_anchor(room, gap)
    return url_for("staff.tenders.bid.show", tender_id=tender_id, _anchor=anchor)


def _is(gap: Gap, ref: str, lot_ref: str | None) -> bool:
    return gap.row_ref == ref and gap.lot_ref == lot_ref


def _requirement_url(room: Room, gap: Gap) -> str:
    for requirement in room.tender.requirements:
        if requirement.ref == gap.requirement_ref and _lot_ref(room, requirement) == gap.lot_ref:
            endpoint = "staff.tenders.answers.edit"
            return url_for(endpoint, tender_id=room.tender.id, requirement_id=requirement.id)
    return url_for("staff.tenders.answers.show", tender_id=room.tender.id)


def _lot_ref(room: Room, requirement: TenderRequirement) -> str | None:
    return next((lot.ref for lot in room.tender.lots if lot.id == requirement.lot_id), None)


def _party_anchor(room: Room, gap: Gap) -> str:
    parties = room.bid.parties if room.bid else []
    found = next((party for party in parties if key_of(party.member) == gap.party_key), None)
    return f"part-{found.id}" if found else "parter"


def waits_for(room: Room) -> list[str]:
    """The names of the parties that have not answered all they were asked."""
    parties = room.bid.parties if room.bid else []
    return [party.member.name for party in parties if party.invited_at and bidflow.waits_for(party)]
