"""What every page of a tender's workspace has: its tabs, and the gap list with links to where each gap is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.accounts.models import RoleName
from app.errors import NotYours, Refused
from app.leaves import Leaf, leaf_of
from app.pages import bid_words, call_words, web
from app.pages.staff.tenders_tabs import tabs
from app.tenders import wanting
from app.tenders.calls.offered import entries_in
from app.tenders.legal import beside, shares
from app.tenders.models import Bid, BidState, Tender, TenderPriceRow, TenderState
from app.tenders.noticing.models import TenderChange
from app.tenders.offers import key_of, offer_of
from app.tenders.queries import HasId
from app.tenders.whole import tender_with_bid
from app.tenders.working import duties
from app.tenders.working.duties import Act
from app.tenders.working.queries import Team, duty_at, team_of
from bids import checks
from bids.gap import Gap
from bids.kinds import DocumentKind, GapArea
from bids.offer import Offer
from bids.promised_twice import UNTIED

PROCUREMENT_ONLY = frozenset(
    {
        *("agreement", "allocation", "beside_acts", "capacity", "changes", "competition", "declarations"),
        *("evaluation", "figures", "index", "legal_forms", "loss", "prices", "reckoning"),
        *("rows", "secrecy", "withdrawals"),
    }
)
"""Pages by blueprint about what a call has not: prices, lots, the law of procurement, buyers' notices."""
PER_PAGE = 50
"""So many rows or requirements a page shows."""
PARTY_PAGES = {
    GapArea.DOCUMENT: "documents",
    GapArea.SANCTIONS: "documents",
    GapArea.ECONOMY: "figures",
    GapArea.COMPETITION: "competition",
    GapArea.CAPACITY: "capacity",
    GapArea.SECRECY: "secrecy",
}
"""Where gaps are closed that lie with parties."""
DECLARED = {DocumentKind.ESPD, DocumentKind.SANCTIONS_DECLARATION}
"""Papers that are made here, from what parties answer."""
MOST_GAPS = 200
"""So many gaps a page lists; the first are the worst."""


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
    unseen: Sequence[TenderChange] = ()
    """What notices have said anew that nobody has acknowledged, the newest first."""

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

    @property
    def may_change_facts(self) -> bool:
        """Whether the viewer may correct what the buyer says, which may change after the bid is handed in."""
        return self.may(Act.WRITE) and self.tender.is_known


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
    tender, bid, unseen = tender_with_bid(tender_id, lock=lock)
    if tender.is_call:
        _keep_to_calls()
    offer = offer_of(bid, now=now) if bid is not None and tender.deadline is not None else None
    is_open = bid is not None and bid.state == BidState.DRAFT
    gaps: tuple[Gap, ...] = ()
    if bid is not None and offer is not None and is_open:
        gaps = (*checks.gaps(offer, now=now), *beside.found_beside(bid, offer))
    team = team_of(bid, web.user()) if bid is not None else None
    return Room(tender, bid, offer, gaps, now, team, unseen)


def _keep_to_calls() -> None:
    """The page speaks of calls. Raises NotYours for pages that only a procurement has."""
    if (request.blueprint or "").rpartition(".")[2] in PROCUREMENT_ONLY:
        raise NotYours
    call_words.speak()


def open_for_change(tender_id: int, act: Act = Act.WRITE) -> Room:
    """The room for somebody who may do that in it. Aborts with 403 for those who do not work with bids.

    Nobody else changes it meanwhile. Raises Refused when the role in the bid does not allow the act.
    """
    web.sales_only()
    room = open_room(tender_id, lock=web.changing())
    if room.team is not None:
        duties.check(room.team.duty, act)
    return room


def check_writer(tender_id: int) -> None:
    """The same door for acts that need not open the whole room."""
    web.sales_only()
    duties.check(duty_at(tender_id, web.user()), Act.WRITE)


def bid_in(room: Room) -> Bid:
    """The room's bid. Raises Refused when none has been begun."""
    if room.bid is None:
        raise Refused(_("There is no bid yet. Begin one first."))
    return room.bid


def show(template: str, room: Room, current: str, **values: object) -> str:
    """A page of the workspace."""
    g.room = room
    return render_template(
        f"staff/tenders/{template}.html",
        room=room,
        tender=room.tender,
        bid=room.bid,
        offer=room.offer,
        tabs=tabs(room.tender, room.bid, room.team.news if room.team else {}, current),
        gap_links=_gap_links(room),
        words=bid_words,
        stands=_stands(room),
        days_left=days_left(room.tender, room.now),
        unseen=room.unseen,
        may_sell_here=may_sell(),
        shares_in_trouble=shares.troubled(room.bid, clock.local_date(room.now)) if room.bid else (),
        **{"page_url": _page_url, "within": "", **values},
    )


def _stands(room: Room) -> tuple[str, str]:
    """Where the tender stands, with the tone of its badge; a grant in part is not a whole one."""
    if room.tender.state == TenderState.WON and room.bid is not None and room.bid.is_partly_granted:
        return call_words.decided(room.bid)
    label, tone = bid_words.TENDER_STATES[room.tender.state]
    return str(label), tone


def _page_url(number: int) -> str:
    """The same page, further on in its list."""
    return url_for(request.endpoint or "", **{**(request.view_args or {}), "sida": number})


def _gap_links(room: Room) -> list[GapLink]:
    """The first gaps, which are the worst; the page says how many there are."""
    places = _Places(room)
    return [GapLink(gap, str(bid_words.AREAS[gap.area]), places.url(gap)) for gap in room.gaps[:MOST_GAPS]]


def days_left(tender: Tender, now: datetime) -> int | None:
    """Whole Swedish days until the deadline; under nought when it has passed, None when there is none."""
    if tender.deadline is None:
        return None
    left = (clock.local_date(tender.deadline) - clock.local_date(now)).days
    return left if tender.deadline > now or left < 0 else -1


class _Places:
    """Where gaps are closed: on which page, and at which row."""

    def __init__(self, room: Room) -> None:
        self.room = room
        refs = {lot.id: lot.ref for lot in room.tender.lots}
        self.requirements = {(one.ref, refs.get(one.lot_id or 0)): one.id for one in room.tender.requirements}
        self.rows = {
            (row.ref, refs.get(row.lot_id or 0)): (row.id, page_of(place))
            for place, row in enumerate(priced_rows(room))
        }

    def url(self, gap: Gap) -> str:
        """The address."""
        tender_id = self.room.tender.id
        if gap.area == GapArea.REQUIREMENT or (gap.area == GapArea.SECRECY and gap.requirement_ref):
            return self._requirement_url(gap)
        if gap.area in {GapArea.BUDGET, GapArea.PRICE}:
            return self._money_url(gap)
        if gap.area in PARTY_PAGES:
            page = "declarations" if gap.document in DECLARED else PARTY_PAGES[gap.area]
            anchor = _party_anchor(self.room, gap)
            return url_for(f"staff.tenders.{page}.show", tender_id=tender_id, _anchor=anchor)
        if gap.area in {GapArea.DEADLINE, GapArea.ADDENDUM}:
            facts = "calls.edit" if self.room.tender.is_call else "facts.edit"
            endpoint = facts if gap.area == GapArea.DEADLINE else "addenda.show"
            return url_for(f"staff.tenders.{endpoint}", tender_id=tender_id)
        to_texts = gap.area == GapArea.VALIDITY or gap.key in {"party:contact", "text:summary"}
        anchor = "texter" if to_texts else _party_anchor(self.room, gap)
        return url_for("staff.tenders.bid.show", tender_id=tender_id, _anchor=anchor)

    def _requirement_url(self, gap: Gap) -> str:
        found = self.requirements.get((gap.requirement_ref or "", gap.lot_ref))
        if found is None:
            return url_for("staff.tenders.answers.show", tender_id=self.room.tender.id)
        return url_for("staff.tenders.answers.edit", tender_id=self.room.tender.id, requirement_id=found)

    def _money_url(self, gap: Gap) -> str:
        if gap.area == GapArea.BUDGET:
            return self._budget_url(gap)
        if gap.key == "price:ceiling":
            return url_for("staff.tenders.prices.show", tender_id=self.room.tender.id)
        return self._tie_url(gap) if gap.key.startswith(UNTIED) else self._row_url(gap)

    def _budget_url(self, gap: Gap) -> str:
        """The gap names a row by its number among those in the application."""
        tender_id, bid = self.room.tender.id, self.room.bid
        if gap.key == "budget:term":
            return url_for("staff.tenders.calls.edit", tender_id=tender_id)
        rows = entries_in(bid) if bid is not None else []
        if gap.row_ref is None or gap.key.startswith("budget:unsigned"):
            return url_for("staff.tenders.budget.show", tender_id=tender_id, _anchor="svar" if gap.party_key else None)
        return url_for("staff.tenders.budget.edit", tender_id=tender_id, entry_id=rows[int(gap.row_ref) - 1].id)

    def _tie_url(self, gap: Gap) -> str:
        found = self.rows.get((gap.row_ref or "", gap.lot_ref))
        if found is None:
            return url_for("staff.tenders.rows.show", tender_id=self.room.tender.id)
        return url_for("staff.tenders.rows.edit", tender_id=self.room.tender.id, row_id=found[0], _anchor="artikel")

    def _row_url(self, gap: Gap) -> str:
        found = self.rows.get((gap.row_ref or "", gap.lot_ref))
        if found is None:
            return url_for("staff.tenders.rows.show", tender_id=self.room.tender.id)
        row_id, page = found
        if gap.key.endswith(":loss"):
            return url_for("staff.tenders.loss.show", tender_id=self.room.tender.id, row_id=row_id)
        return url_for(
            "staff.tenders.prices.show", tender_id=self.room.tender.id, sida=page or None, _anchor=f"rad-{row_id}"
        )


def priced_rows(room: Room) -> list[TenderPriceRow]:
    """The rows that the bid prices, lot by lot, and last those of the whole tender."""
    lots = room.bid.lots if room.bid else []
    place: dict[int | None, int] = {lot.id: number for number, lot in enumerate(lots)} | {None: len(lots)}
    return sorted((row for row in room.tender.rows if row.lot_id in place), key=lambda row: place[row.lot_id])


def page_of(place: int) -> int:
    """On which page of a list the row stands that has so many before it; 0 for the first, which needs no number."""
    return place // PER_PAGE + 1 if place >= PER_PAGE else 0


def page_with(rows: Sequence[HasId], row_id: int) -> int | None:
    """On which page of the list a row stands, for its address; None for the first."""
    return page_of(next((place for place, row in enumerate(rows) if row.id == row_id), 0)) or None


def leafed(rows: Sequence[Any]) -> Leaf[Any]:
    """The page of a list that is asked for; one beyond the last gives the last."""
    return leaf_of(rows, request.args.get("sida", 1, type=int), PER_PAGE)


def _party_anchor(room: Room, gap: Gap) -> str:
    parties = room.bid.parties if room.bid else []
    found = next((party for party in parties if key_of(party.member) == gap.party_key), None)
    return f"part-{found.id}" if found else "parter"


def waits_for(room: Room) -> list[str]:
    """The names of the parties that have not answered all they were asked."""
    parties = room.bid.parties if room.bid else []
    asked = [party for party in parties if party.invited_at]
    return [one.member.name for one in asked if wanting.waits_for(one, now=room.now, offer=room.offer)]
