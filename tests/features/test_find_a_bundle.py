"""A bundle is found in the catalogue where all of it can be brought, on the day when it can, and at its price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app import clock as house_clock
from app.catalog import indexing
from app.catalog.changing import actions as change_actions
from app.catalog.models import OfferingArea
from app.db import db
from app.money import Money
from app.orders import lines as written
from tests import make
from tests.features.bundle_case import PRICE, TUESDAY, furnish, standard
from tests.furnished import furnished
from tests.people import text


@furnished
def workshop(app):
    return furnish()


def test_the_earliest_day_is_that_of_the_whole_chain(workshop, visit):
    page = visit(None).page(f"/katalog/{workshop.slug}")
    assert page.cssselect(f"time[datetime='{TUESDAY}']")
    nordbyn = visit("kontor@nordbyn.example")
    nordbyn.post("/varukorg/lagg-i", data={"article": workshop.id, "quantity": "1"})
    assert nordbyn.page("/kassa").cssselect("#day")[0].get("value") == TUESDAY.isoformat()


def test_private_people_see_the_price_with_the_vat_of_each_part(workshop, visit):
    page = text(visit(None).page(f"/katalog/{workshop.slug}"))
    shares = [line.unit_price for line in written._bundle_lines(workshop, Decimal(1), standard(workshop))]
    taxed = PRICE + Money.total([Money.total(shares[:3]).percent(25), shares[3].percent(6)])
    assert str(taxed).replace("\u00a0", " ") in page
    assert "25 % och 6 %" in page
    assert "Görs av Sömmen." in page


def test_it_is_found_in_the_catalogue_where_its_last_step_delivers(workshop, visit):
    indexing.reindex_all()
    db.session.commit()
    anybody = visit(None)
    assert "Kaffekasse" in text(anybody.page("/katalog"))
    assert "Kaffekasse" in text(anybody.page("/katalog?kommun=1490"))
    assert "Kaffekasse" not in text(anybody.page("/katalog?kommun=0180"))
    assert "Kaffekasse" in text(anybody.page("/katalog?medlem=sommen"))
    assert "Kaffekasse" in text(anybody.page("/katalog?q=kaffekasse&senast=2026-12-01"))
    assert "Kaffekasse" not in text(anybody.page("/katalog?q=kaffekasse&senast=2026-11-30"))


def test_the_figures_beside_the_list_count_it_too(workshop, visit):
    indexing.reindex_all()
    db.session.commit()
    page = visit(None).page("/katalog?q=kaffekasse")
    for field in ("medlem=sommen", "medlem=packet", "kommun=1490", "slag=bundle"):
        (figure,) = (text(one) for one in page.cssselect(f".facet a[href*='{field}'] + .facet-count"))
        assert figure.split()[-1] == "1", field


def test_in_a_municipality_only_those_who_can_bring_it_there_count(workshop, visit):
    """Packers that are quicker but only come to Stockholm make nothing earlier in Borås, and are not named there."""
    quick = make.make_member(slug="snabbpack", name="Snabbpack ek. för.", municipality="0180")
    packing, coffee = (workshop.parts[place].article for place in (2, 3))
    packing.offerings[0].lead_days = 9
    make.make_offering(packing, quick, lead_days=1, municipalities=["0180"])
    make.make_offering(coffee, quick, lead_days=1, municipalities=["0180"])
    indexing.reindex_all()
    db.session.commit()
    card = "li.article:contains('Kaffekasse')"
    (there,) = visit(None).page("/katalog?kommun=1490&q=kaffekasse").cssselect(card)
    (stockholm,) = visit(None).page("/katalog?kommun=0180&q=kaffekasse").cssselect(card)
    assert "Tidigast fre 11 dec" in text(there)
    assert "Tidigast tis 1 dec" in text(stockholm)


def test_what_can_be_brought_nowhere_is_not_listed(workshop, visit):
    workshop.parts[3].article.offerings[0].areas = [OfferingArea(municipality="0180")]
    indexing.reindex_all()
    db.session.commit()
    assert "Kaffekasse" not in text(visit(None).page("/katalog"))
    assert visit(None).page("/katalog?q=kaffekasse").cssselect("li.article") == []


def test_it_comes_later_while_one_of_its_makers_rests(workshop, visit):
    packing = workshop.parts[2].article.offerings[0]
    rest = (date(2026, 11, 23), date(2026, 12, 4))
    change_actions.pause(packing, *rest, by=make.make_sam(email="siv@samklang.example"), now=house_clock.now())
    indexing.reindex_all()
    db.session.commit()
    anybody = visit(None)
    assert "Kaffekasse" not in text(anybody.page("/katalog?q=kaffekasse&senast=2026-12-07"))
    assert "Kaffekasse" in text(anybody.page("/katalog?q=kaffekasse&senast=2026-12-14"))
