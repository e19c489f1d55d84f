"""An article with a price, who buys it and who sells it, for the tests of price lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.accounts.models import RoleName
from app.catalog.pricing.models import PriceRow
from app.db import db
from tests import make
from tests.price_lists import publish

LISTS = "/personal/prislistor"


def furnish() -> dict[str, Any]:
    """An article that Ljungbacken makes for 169,60 kr, Nordbyn who buys, and Sam who sells."""
    fruit = make.make_article("Fruktkorg 5 kg", number="FRU-001")
    make.make_offering(fruit, make.make_ljungbacken())
    publish(fruit)
    nordbyn = make.make_nordbyn()
    make.make_sam()
    make.make_user("ekonomi@samklang.example", roles=[RoleName.FINANCE])
    db.session.commit()
    return {"fruit": fruit, "nordbyn": nordbyn}


def rows() -> list[tuple[int, int, int | None]]:
    db.session.expire_all()
    now = select(PriceRow).where(PriceRow.gone_at.is_(None)).order_by(PriceRow.min_quantity)
    cost = [(row, row.member_price.ore if row.member_price else None) for row in db.session.scalars(now)]
    return [(int(row.min_quantity), row.price.ore, agreed) for row, agreed in cost]


def step(number: int, least: str, price: str, cost: str = "") -> dict[str, str]:
    names = ("min_quantity", "price", "member_price")
    return {f"steps-{number}-{name}": value for name, value in zip(names, (least, price, cost), strict=True)}
