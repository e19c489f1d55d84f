"""What the customer collects, and what another member drives, is no stop of the maker's; the papers say who fetches."""

from __future__ import annotations

from decimal import Decimal

import pytest
from icalendar import Calendar

from app import clock as house_clock
from app import deliveryflow, orderflow
from app.db import db
from app.money import NOUGHT, Money
from app.orders.delivery import carriages, missed
from app.orders.delivery.parcels import Choice
from app.orders.delivery.queries import parcels_in
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind, Window
from app.orders.models import Order
from tests import make, order_case
from tests.features.test_day_on_paper import printed_words
from tests.order_case import BUYER, NEXT_FRIDAY, member
from tests.people import text

LJUNGBACKEN, RULLANDE = "ljungbacken@medlem.example", "rullande@medlem.example"
THAT_DAY = f"dag={NEXT_FRIDAY}"
VAN = Terms(weekdays=(4,), municipalities=("1480",), per_stop=Money.kronor(120), windows=(Window("08:00", "12:00"),))


def says(slug: str, kind: WayKind, terms: Terms, **more: object) -> None:
    set_way(member(slug), None, kind, terms, by=None, now=house_clock.now(), **more)
    db.session.commit()


@pytest.fixture
def fruit(app) -> int:
    """Only Ljungbacken makes fruit baskets this week."""
    fruit = order_case.furnish()
    fruit.offerings[1].capacity_per_week = Decimal(1)
    db.session.commit()
    return fruit.id


def accepted(fruit: int, **more: object) -> Order:
    made = order_case.order({fruit: Decimal(2)}, **more)
    orderflow.accept(made.assignments[0], {}, by=make.make_user(), now=house_clock.now())
    db.session.commit()
    return made


@pytest.fixture
def collected(fruit) -> Order:
    """The customer collects at Ljungbacken's."""
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8-16"))
    return accepted(fruit, choices={str(member("ljungbacken").id): Choice("1", NOUGHT)})


@pytest.fixture
def carried(fruit) -> Order:
    """Rullande drives for Ljungbacken, and has said yes."""
    says(
        "rullande",
        WayKind.OWN,
        Terms(weekdays=(4,), municipalities=("1480",), per_stop=Money.kronor(120), carries=True),
    )
    says("ljungbacken", WayKind.CARRIED, Terms(), carrier=member("rullande"))
    made = accepted(fruit)
    carriage = parcels_in(made)[0].carriage
    assert carriage
    carriages.accept(carriage, by=make.make_user(), now=house_clock.now())
    db.session.commit()
    return made


def route(visit, who: str):
    return visit(who).page(f"/medlem/dag/korlista?{THAT_DAY}")


def events(visit, who: str, make_at: str, page: str) -> list[tuple[str, str]]:
    visitor = visit(who)
    visitor.post(make_at)
    link = visitor.page(page).cssselect("input[readonly]")[0].get("value").removeprefix("http://localhost")
    found = Calendar.from_ical(visit(None).get(link).data).walk("VEVENT")
    return [(str(one["SUMMARY"]), str(one.get("LOCATION", ""))) for one in found]


def test_what_is_collected_is_no_stop_and_every_list_says_so(collected, visit):
    page = route(visit, LJUNGBACKEN)
    assert "Köpgatan" not in text(page)
    assert len(page.cssselect(".stops .card")) == 0
    for name in ("korlista", "dagslista", "packa-per-kund"):
        said = text(visit(LJUNGBACKEN).page(f"/medlem/dag/{name}?{THAT_DAY}"))
        assert "Kunden hämtar" in said
        assert "8-16" in said
        assert "Köpgatan" not in said


@pytest.mark.parametrize("paper", ["korlista", "dagslista", "packa-per-kund", "foljesedlar", "etiketter"])
def test_on_paper_too_the_customer_comes(collected, visit, paper, tmp_path):
    said = printed_words(visit(LJUNGBACKEN).get(f"/medlem/dag/{paper}.pdf?{THAT_DAY}").data, tmp_path)
    assert "ämta" in said
    assert "Köpgatan" not in said


def test_the_calendars_say_who_collects_where(collected, visit):
    [(summary, where)] = events(visit, LJUNGBACKEN, "/medlem/kalender/ny", "/medlem/kalender")
    assert summary == "2 st Fruktkorg 5 kg hämtas av Nordbyn Teknik AB"
    assert where == ""
    site = collected.customer.sites[0].id
    [(summary, where)] = events(visit, BUYER, f"/bestallningar/kalender/{site}/ny", "/bestallningar/kalender")
    assert summary == "Hämta: 2 st Fruktkorg 5 kg"
    assert "Provgatan 1" in where


def test_what_another_member_drives_is_its_stop_and_not_the_makers(carried, visit):
    maker, carrier = route(visit, LJUNGBACKEN), route(visit, RULLANDE)
    assert len(maker.cssselect(".stops .card")) == 0
    assert "Rullande Hjälpen ek. för. hämtar" in text(maker)
    assert len(carrier.cssselect(".stops .card")) == 1
    assert "Köpgatan 2" in text(carrier)
    assert "Hämta hos Ljungbacken" in text(carrier)
    assert "Hämta hos Ljungbacken" in text(visit(RULLANDE).page(f"/medlem/dag?{THAT_DAY}"))
    link = carrier.cssselect(".stops a[href*='/korningar/']")[0].get("href")
    assert visit(RULLANDE).get(link).status_code == 200
    [(summary, where)] = events(visit, RULLANDE, "/medlem/kalender/ny", "/medlem/kalender")
    assert (summary, where[:10]) == ("Kör 2 st Fruktkorg 5 kg till Kontoret", "Köpgatan 2")


def test_the_carriers_papers_hold_what_it_carries_and_nobody_packs_it_twice(carried, visit, tmp_path):
    def said(who: str, paper: str) -> str:
        return printed_words(visit(who).get(f"/medlem/dag/{paper}.pdf?{THAT_DAY}").data, tmp_path)

    assert "Hämta hos Ljungbacken" in said(RULLANDE, "korlista")
    assert "Rullande Hjälpen ek. för., gjort av Ljungbacken" in said(RULLANDE, "foljesedlar")
    assert "Fruktkorg" not in said(RULLANDE, "packa-per-kund")
    assert "Fruktkorg" in said(LJUNGBACKEN, "packa-per-kund")


def test_a_way_that_has_to_be_chosen_anew_is_not_driven_yet(carried, visit):
    parcels_in(carried)[0].asked_again = "Bilen är trasig."
    db.session.commit()
    page = route(visit, LJUNGBACKEN)
    assert len(page.cssselect(".stops .card")) == 0
    assert "Kör inte än" in text(page)


def test_the_time_that_the_customer_chose_stands_on_the_list(fruit, visit, tmp_path):
    says("ljungbacken", WayKind.OWN, VAN)
    accepted(fruit, choices={str(member("ljungbacken").id): Choice("1", Money.kronor(120), "08:00–12:00")})
    assert "08:00–12:00" in text(route(visit, LJUNGBACKEN).cssselect(".stops .card")[0])
    label = printed_words(visit(LJUNGBACKEN).get(f"/medlem/dag/etiketter.pdf?{THAT_DAY}").data, tmp_path)
    assert "08:00–12:00" in label


def test_who_was_not_at_home_and_collects_is_no_stop_either(fruit, visit, clock):
    made = accepted(fruit)
    clock.move(days=11)
    by = make.make_user()
    missing = missed.report(made.assignments[0], member("ljungbacken"), "Ingen öppnade.", None, by=by, now=clock.now)
    deliveryflow.collect(missing, by=None, now=clock.now)
    db.session.commit()
    page = route(visit, LJUNGBACKEN)
    assert len(page.cssselect(".stops .card")) == 0
    assert "Kunden hämtar Ljungbacken" in text(page)
