"""The places that the house knows a customer by, so that nobody types its own address again."""

from __future__ import annotations

from dataclasses import dataclass

from app.customers.models import Customer, Site
from app.db import db
from app.members.models import Member, Workplace


@dataclass(frozen=True, slots=True)
class Place:
    """One of them, by the key under which a form names it."""

    key: str
    name: str
    street: str
    postcode: str
    city: str
    municipality: str
    buyer_reference: str = ""


def known_places(customer: Customer | None) -> list[Place]:
    """A customer's own sites; else the address it is entered with, and where it works if it is a member."""
    if customer is None:
        return []
    if customer.sites:
        return [_place(str(site.id), site, site.buyer_reference) for site in customer.sites]
    member = db.session.get(Member, customer.member_id) if customer.member_id else None
    works = [_place(f"work-{one.id}", one) for one in member.workplaces] if member else []
    return [_place("own", customer), *works]


def _place(key: str, of: Customer | Site | Workplace, reference: str = "") -> Place:
    return Place(key, of.name, of.street, of.postcode, of.city, of.municipality, reference)
