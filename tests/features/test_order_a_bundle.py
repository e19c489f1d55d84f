"""A customer buys a bundle: one price and one thing in letter and page, with a share of it for each of its makers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog.models import ApprovalState
from app.db import db
from app.money import Money
from app.orders import lines as written
from app.vat import VatClass
from tests.features.bundle_case import PRICE, TUESDAY, buy, furnish, held_by, standard
from tests.furnished import furnished
from tests.people import text


@furnished
def workshop(app):
    return furnish()


def test_each_part_goes_to_its_maker_at_its_share_of_the_price(workshop, visit):
    order = buy(visit, workshop)
    assert order.net == PRICE.times(100)
    assert [(line.name, line.quantity, line.priced_per) for line in order.lines] == [
        ("Kasse, sydd", 100, 1), ("Tryck", 100, 1), ("Packning", 5, Decimal("0.05")), ("Kaffe", 25, Decimal("0.25")),
    ]  # fmt: skip
    assert Money.total(line.unit_price for line in order.lines) == PRICE
    assert [line.vat_class for line in order.lines] == [VatClass.STANDARD] * 3 + [VatClass.FOOD]
    assert {one.member.slug for one in order.assignments} == {"sommen", "trycket", "packet", "ljungbacken"}
    assert all(line.bundle.name == "Kaffekasse" for line in order.lines)


def test_earlier_steps_are_due_earlier_and_say_where_they_go(workshop, visit, outbox):
    order = buy(visit, workshop)
    days = {one.member.slug: one.delivery_day for one in order.assignments}
    assert days == {
        "sommen": date(2026, 11, 26), "trycket": date(2026, 11, 30), "packet": TUESDAY, "ljungbacken": TUESDAY,
    }  # fmt: skip
    sewing = text(visit("sommen@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'sommen').id}"))
    assert "Trycket ek. för." in sewing
    assert "Tryckgatan 2" in sewing
    assert "Köpgatan 2" not in sewing, "the customer's address is not the sewers' business"
    packing = text(visit("packet@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'packet').id}"))
    assert "Köpgatan 2" in packing
    assert "Trycket ek. för." in packing
    letter = outbox.to("sommen@medlem.example")[0].body
    assert "Trycket ek. för., Tryckgatan 2" in letter
    assert "Köpgatan" not in letter


def test_the_letter_and_the_page_show_one_thing_with_its_parts(workshop, visit, outbox):
    order = buy(visit, workshop)
    letter = outbox.to("kontor@nordbyn.example")[0].body
    assert "- Kaffekasse: 100 st, 139,99\u00a0kr per st. I det ingår:\n  - Kasse, sydd: 100 st" in letter
    page = text(visit("kontor@nordbyn.example").page(f"/bestallningar/{order.number}"))
    assert "139,99 kr" in page
    assert "13 999,00 kr" in page
    assert "60,00 kr" not in page, "the parts' own prices are not the bundle's"


def test_a_bundle_with_a_part_that_is_gone_is_not_sold(workshop, visit):
    nordbyn = visit("kontor@nordbyn.example")
    nordbyn.post("/varukorg/lagg-i", data={"article": workshop.id, "quantity": "1"})
    workshop.parts[1].article.state = ApprovalState.WITHDRAWN
    db.session.commit()
    assert "säljs inte längre" in text(nordbyn.page("/varukorg"))
    assert nordbyn.get(f"/katalog/{workshop.slug}").status_code == 404
    assert nordbyn.post("/varukorg/lagg-i", data={"article": workshop.id, "quantity": "1"}).status_code == 409


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 400), st.integers(0, 400))
def test_quantity_times_price_is_the_sum_on_every_line_and_the_lines_are_the_bundle(workshop, ore, count, struck):
    workshop.price = Money(ore)
    lines = written._bundle_lines(workshop, Decimal(count), standard(workshop))
    struck = min(struck, count)
    assert Money.total(line.price_of(line.quantity) for line in lines) == Money(ore).times(count)
    for line in lines:
        line.called_off = line.priced_per * struck
        assert line.net == line.unit_price.times(count - struck)
    db.session.expunge_all()
    db.session.rollback()
