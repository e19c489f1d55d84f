"""Loads how the demonstration's work is shared out."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.catalog.pricing.models import PriceList
from app.customers.models import Customer
from app.db import db
from app.members.actions import add_workplace
from app.members.facts import WorkplaceFacts
from app.members.models import Member
from app.orders import routing_actions as actions
from app.orders.routing_models import CustomerWish, Wish
from app.orders.routing_values import PolicyKind

FILE = Path(__file__).parent / "routing.toml"

Entry = dict[str, Any]


def load_routing(now: datetime) -> None:
    """Load the policies, wishes and places that are missing. Members, customers and price lists are there already."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for entry in data["policy"]:
        _policy(entry, now)
    for entry in data["wish"]:
        _wish(entry, now)
    for entry in data["workplace"]:
        _workplace(entry, now)


def _policy(entry: Entry, now: datetime) -> None:
    price_list = db.session.scalars(select(PriceList).where(PriceList.name == entry["price_list"])).one()
    if actions.policy_of(price_list) is None:
        places = {_member(slug).id: rank for rank, slug in enumerate(entry["ranking"], start=1)}
        actions.set_policy(price_list, actions.PolicyDraft(PolicyKind.RANKED, places), by=None, now=now)


def _wish(entry: Entry, now: datetime) -> None:
    customer = db.session.scalars(select(Customer).where(Customer.name == entry["customer"])).one()
    member = _member(entry["member"])
    if db.session.get(CustomerWish, (customer.id, member.id)) is None:
        actions.wish(customer, member, Wish(entry["wish"]), entry["reason"], by=None, now=now)


def _workplace(entry: Entry, now: datetime) -> None:
    member = _member(entry["member"])
    facts = WorkplaceFacts(**{name: value for name, value in entry.items() if name != "member"})
    if facts.name not in {place.name for place in member.workplaces}:
        add_workplace(member, facts, by=None, now=now)


def _member(slug: str) -> Member:
    return db.session.scalars(select(Member).where(Member.slug == slug)).one()
