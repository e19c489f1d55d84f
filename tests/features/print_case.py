"""What is printed: a fruit basket, window cleaning and a placement, and Västerhamn with its agreement."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.pricing.rules import ListKind
from app.catalog.printing.gathering import gather
from app.catalog.printing.models import CataloguePrint
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import db
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.price_lists import make_list

PAGE = "/personal/katalog/tryck"
PUBLIC = {"audience": "public", "prices": "net", "municipality": "", "category": "", "price_list": ""}
NET = PrintOptions(CustomerKind.PUBLIC, PrintedPrices.NET)
GROSS = PrintOptions(CustomerKind.PRIVATE, PrintedPrices.GROSS)


def named(options, clock):
    return [article.name for article in gather(options, now=clock.now).articles]


def the_print() -> CataloguePrint:
    db.session.expire_all()
    return db.session.scalars(select(CataloguePrint).order_by(CataloguePrint.id.desc())).first()


def words_of(data: bytes, tmp_path) -> str:
    """What is read aloud, in the order of the tags."""
    (tmp_path / "it.pdf").write_bytes(data)
    done = subprocess.run(
        ["pdfinfo", "-struct-text", str(tmp_path / "it.pdf")], capture_output=True, text=True, check=True
    )
    return " ".join(" ".join(re.findall(r'"(.*)"', done.stdout)).split())


def prices_in(options, clock):
    return {one.number: one.price for one in gather(options, now=clock.now).articles}


def make_sold():
    """A fruit basket made by two, window cleaning in Mölndal only, and a placement."""
    fruit, clean = make.make_category(name_sv="Frukt", position=1), make.make_category(name_sv="Städning", position=2)
    make.make_sales_company()
    ljungbacken, rena_rum = make.make_ljungbacken(about="Vi packar frukt."), make.make_rena_rum()
    make.make_head_count(ljungbacken)
    basket = make.make_article(
        number="FRU-001",
        category=fruit,
        content=Decimal(5),
        content_unit="KGM",
        allergens=["milk", "nuts"],
        withdrawal=Withdrawal.PERISHABLE,
        deposit=Money(6000),
    )
    window = make.make_article(
        "Fönsterputs",
        number="STA-001",
        category=clean,
        unit="MTK",
        rut=True,
        price=Money(1350),
        vat_class=VatClass.STANDARD,
    )
    place = make.make_article(
        "Arbetsträningsplats",
        number="ARB-001",
        category=clean,
        kind=ArticleKind.PLACEMENT,
        unit="DAY",
        vat_class=VatClass.STANDARD,
    )
    make.make_offering(basket, ljungbacken)
    make.make_offering(basket, rena_rum, lead_days=5)
    make.make_offering(window, rena_rum, municipalities=[make.MOLNDAL])
    make.make_offering(place, rena_rum)
    db.session.commit()
    return {"basket": basket, "window": window, "place": place, "fruit": fruit, "clean": clean}


def make_town(sold):
    """Västerhamn, which may call off from a framework agreement about fruit."""
    town = make.make_vasterhamn()
    rows = {sold["basket"]: [(0, 19000), (10, 18000)]}
    agreement = make_list(ListKind.FRAMEWORK, rows, name="Frukt", customers=[town], valid_to=date(2027, 6, 30))
    return town, agreement
