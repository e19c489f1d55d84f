"""A bag of coffee that several members make in steps, for the tests of finding, ordering and making it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.catalog.kinds import ArticleKind
from app.catalog.models import Article, BundlePart
from app.catalog.pricing.rules import Priced
from app.db import db
from app.money import Money
from app.orders.models import Assignment, Order
from tests import make

TUESDAY = date(2026, 12, 1)
"""Six working days after the tests' Monday: as long as the three steps take together."""
PRICE = Money(13999)
EVERYWHERE = (make.GOTHENBURG, make.MOLNDAL, make.BORAS)


def furnish() -> Article:
    """A bag is sewn in Göteborg (3 days), printed in Mölndal (2) and packed in Borås (1).

    Coffee goes straight to the customer. The sales company, Nordbyn and everybody's accounts are there.
    """
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    sewers = make.make_member(slug="sommen", name="Sömmen ek. för.", street="Sygatan 1")
    printers = make.make_member(
        slug="trycket", name="Trycket ek. för.", municipality=make.MOLNDAL, street="Tryckgatan 2"
    )
    packers = make.make_member(slug="packet", name="Packet ek. för.", municipality=make.BORAS, street="Packgatan 3")
    roasters = make.make_ljungbacken()
    steps = [
        (sewers, make.make_article("Kasse, sydd", price=Money(6000), unit="H87", vat_class="standard"), 3, "1", True),
        (printers, make.make_article("Tryck", price=Money(3000), unit="H87", vat_class="standard"), 2, "1", True),
        (
            packers,
            make.make_article("Packning", price=Money(29500), unit="HUR", vat_class="standard"),
            1,
            "0.05",
            False,
        ),
        (roasters, make.make_article("Kaffe", price=Money(18900), unit="KGM"), 2, "0.25", False),
    ]
    bundle = make.make_article("Kaffekasse", price=PRICE, unit="H87", vat_class="standard", kind=ArticleKind.BUNDLE)
    for place, (member, article, lead, quantity, to_next) in enumerate(steps):
        make.make_offering(article, member, lead_days=lead, municipalities=EVERYWHERE, capacity_per_week=Decimal(500))
        make.make_user(member.email, member=member)
        bundle.parts.append(BundlePart(article=article, quantity=Decimal(quantity), position=place, to_next=to_next))
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_sam()
    db.session.commit()
    return bundle


def buy(visit, bundle: Article, quantity: str = "100", day: date = TUESDAY) -> Order:
    nordbyn = visit("kontor@nordbyn.example")
    assert nordbyn.post("/varukorg/lagg-i", data={"article": bundle.id, "quantity": quantity}).status_code == 303
    assert nordbyn.fill("/kassa", {"day": day.isoformat()}).status_code == 303
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def held_by(order: Order, slug: str) -> Assignment:
    db.session.expire_all()
    return next(one for one in order.assignments if one.member.slug == slug and one.is_live)


def standard(article):
    """What everybody pays."""
    return Priced(article.price, "Standardpris", article.price)
