"""Who asks, and where the customer has things delivered."""

from __future__ import annotations

from typing import Any

from flask import g

from app.customers.models import Customer, Site
from app.members.models import Member
from app.orders.models import Order
from app.orders.quotes.models import QuoteVersion
from app.pages import web
from app.pages.api.operations import offered
from app.pages.problems import Problem


def customer() -> Customer:
    """The customer for whom the token acts. Raises Problem for a member's."""
    found = web.viewer().customer
    if found is None:
        raise Problem("not-for-this-account", "Orders and sites are for customers. This token acts for a member.")
    return found


def member_only() -> None:
    """Raises Problem for a customer's token."""
    if web.viewer().member is None:
        raise Problem("not-for-this-account", "Assignments are for members. This token acts for a customer.")


def place(of: Site | Order | Member | QuoteVersion, name: str) -> dict[str, str]:
    """An address."""
    return {
        "name": name,
        "street": of.street,
        "postcode": of.postcode,
        "city": of.city,
        "municipality": of.municipality,
    }


@offered("GET", "/me", answer="Me")
def me(_asked: dict[str, Any]) -> dict[str, Any]:
    """Whom the token acts for."""
    viewer = web.viewer()
    organisation = viewer.member or viewer.customer
    return {
        "person": web.user().name,
        "organisation": organisation.name if organisation else "",
        "acts_as": "member" if viewer.member else "customer",
        "token": {"name": g.token.name, "expires_at": g.token.expires_at.isoformat()},
    }


@offered("GET", "/sites", answer="Sites")
def sites(_asked: dict[str, Any]) -> dict[str, Any]:
    """Places to deliver to, as staff have entered them for the customer."""
    return {
        "data": [
            {"id": site.id, "place": place(site, site.name), "buyer_reference": site.buyer_reference, "note": site.note}
            for site in customer().sites
        ]
    }
