"""Choosing anew how a parcel comes: the same for its customer and for staff."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import request

from app import clock, deliveryflow
from app.accounts.models import User
from app.errors import Refused
from app.money import Money
from app.orders.delivery.loads import Parcelled
from app.orders.delivery.models import Parcel
from app.orders.delivery.parcels import Choice, ways_left
from app.pages import web

_KEY = re.compile(r"[0-9.]{1,40}", re.ASCII)


def ways_to_choose(parcels: Iterable[Parcel]) -> dict[int, Parcelled]:
    """In which ways each parcel that must be chosen anew can come, by its id."""
    return {one.id: ways_left(one, now=clock.now()) for one in parcels if one.asked_again}


def choose(parcel: Parcel, *, by: User | None) -> Parcel:
    """Take what the page says. Raises Refused."""
    key = request.form.get("way", "")
    if not _KEY.fullmatch(key):
        raise Refused(web.must_choose())
    return deliveryflow.choose_way(parcel, Choice(key, Money(0)), by=by, now=clock.now())
