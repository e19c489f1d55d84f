"""Idag: what to answer, what to make, what to deliver."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.members.vault import queries as vault
from app.orders import queries
from app.orders.delivery.queries import carriages_of
from app.orders.delivery.returns import coming_back
from app.orders.states import TO_COME, AssignmentState
from app.pages import web
from app.tenders import queries as tenders
from app.tenders.working.at_party import tasks_at
from bids.kinds import TenderKind

bp = Blueprint("today", __name__)


@bp.route("/")
def show() -> ResponseReturnValue:
    """First what waits for an answer, then the work by day."""
    member = web.member()
    offered = queries.assignments_of(member, [AssignmentState.OFFERED])
    accepted = queries.assignments_of(member, [AssignmentState.ACCEPTED])
    now = clock.now()
    today = clock.local_date(now)
    due = [one for one in accepted if one.delivery_day <= today]
    coming = [one for one in accepted if one.delivery_day > today]
    waiting = tenders.unanswered_for(member, now)
    return render_template(
        "member/today.html",
        member=member,
        offered=offered,
        due=due,
        coming=coming,
        today=today,
        returns=coming_back(member),
        to_carry=carriages_of(member, *TO_COME),
        bids=waiting[TenderKind.PROCUREMENT],
        applications=waiting[TenderKind.CALL],
        to_write=len(tasks_at(member)),
        papers=vault.to_renew(member, today),
    )
