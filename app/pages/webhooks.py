"""Stripe knocks here. Nothing is believed at the door: what it has signed is kept, and looked into later."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app import clock, stripeflow
from app.db import db
from app.payments import stripe_client
from app.payments.stripe_values import NotGenuine

bp = Blueprint("webhooks", __name__)
LARGEST = 256 * 1024
"""Bytes. Stripe's events are a few thousand."""


@bp.route("/stripe/webhook", methods=["POST"])
def stripe() -> ResponseReturnValue:
    """Keep what Stripe tells, once, and answer at once. What it has not signed is turned away, and nothing is kept."""
    if not stripe_client.takes_cards():
        abort(404)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    body = request.get_data(cache=False)
    try:
        stripeflow.receive(body, request.headers.get("Stripe-Signature", ""), now=clock.now())
    except NotGenuine:
        return {"taken": False}, 400
    db.session.commit()
    return {"taken": True}, 200
