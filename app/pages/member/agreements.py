"""The framework agreements in which a member has a part: its own rows, shares and figures, and nobody else's."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotYours
from app.orders import routing_queries
from app.orders.agreements import queries
from app.orders.routing_values import PolicyKind
from app.pages import web

bp = Blueprint("agreements", __name__, url_prefix="/ramavtal")


@bp.get("")
def index() -> ResponseReturnValue:
    """All of them."""
    agreements = queries.agreements_with(web.member())
    return render_template("member/agreements.html", agreements=agreements, today=clock.local_date(clock.now()))


@bp.get("/<int:agreement_id>")
def show(agreement_id: int) -> ResponseReturnValue:
    """The member's own part of one."""
    member, today = web.member(), clock.local_date(clock.now())
    agreement = next((one for one in queries.agreements_with(member) if one.id == agreement_id), None)
    if agreement is None:
        raise NotYours
    price_list = queries.list_on(agreement, today)
    policy = routing_queries.policy_with_places(price_list) if price_list else None
    place = next((one for one in policy.places if one.member_id == member.id), None) if policy else None
    return render_template(
        "member/agreement.html",
        agreement=agreement,
        parts=queries.parts_of(agreement, member=member),
        place=place,
        is_share=policy is not None and policy.kind == PolicyKind.SHARES,
        is_ranked=policy is not None and policy.kind == PolicyKind.RANKED,
        delivered=queries.delivered_by(member, agreement),
        today=today,
    )
