"""Deliveries show up in the calendars of members and of those who receive the goods, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app import changeflow, orderflow
from app import clock as app_clock
from app.audit import AuditEvent
from app.customers.models import Customer, Site
from app.db import db
from app.members.models import Member
from app.orders.calendars.models import CalendarAddress
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, NEXT_FRIDAY, furnish, member, order
from tests.people import text, together

LJUNGBACKEN, RULLANDE = "ljungbacken@medlem.example", "rullande@medlem.example"


@furnished
def fruit(app):
    """Nordbyn's kitchen is one of its places; fruit is ordered to the office."""
    article = furnish()
    customer = db.session.scalars(select(Customer)).one()
    make.make_site(customer, name="Köket", street="Köksgatan 9", postcode="411 03")
    return article


def user(email: str) -> make.User:
    return db.session.scalars(select(make.User).where(make.User.email == email)).one()


def members_link(visitor) -> str:
    visitor.post("/medlem/kalender/ny")
    return path(visitor.page("/medlem/kalender"))


def path(page) -> str:
    return page.cssselect("input[readonly]")[0].get("value").removeprefix("http://localhost")


def sites_link(visitor, name: str) -> str:
    site = db.session.scalars(select(Site).where(Site.name == name)).one()
    visitor.post(f"/bestallningar/kalender/{site.id}/ny")
    return (
        visitor.page("/bestallningar/kalender")
        .cssselect(f"#address-{site.id}")[0]
        .get("value")[len("http://localhost") :]
    )


def events(visitor, link: str) -> list[tuple[str, int, str]]:
    answer = visitor.get(link)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return [(str(one["STATUS"]), one["SEQUENCE"], str(one["SUMMARY"])) for one in found]


def test_an_offer_becomes_a_delivery_and_one_that_is_called_off_goes_away(fruit, visit, clock):
    made = order({fruit.id: Decimal(6)})
    link, stranger = members_link(visit(LJUNGBACKEN)), visit(None)
    [(state, first, summary)] = events(stranger, link)
    assert (state, summary) == ("TENTATIVE", "Obesvarat: 6 st Fruktkorg 5 kg till Kontoret")
    orderflow.accept(made.assignments[0], {}, by=user(LJUNGBACKEN), now=clock.move(hours=1))
    db.session.commit()
    [(state, second, summary)] = events(stranger, link)
    assert (state, summary) == ("CONFIRMED", "6 st Fruktkorg 5 kg till Kontoret")
    before = Calendar.from_ical(stranger.get(link).data).walk("VEVENT")[0]["UID"]
    changeflow.cancel(made, by=user(BUYER), now=clock.move(hours=1))
    db.session.commit()
    [(state, third, _)] = events(stranger, link)
    assert state == "CANCELLED"
    assert first < second < third
    assert Calendar.from_ical(stranger.get(link).data).walk("VEVENT")[0]["UID"] == before


def test_what_somebody_else_got_is_cancelled_and_is_no_news_to_them(fruit, visit, clock):
    made = order({fruit.id: Decimal(6)})
    first, second = members_link(visit(LJUNGBACKEN)), members_link(visit(RULLANDE))
    assert events(visit(None), second) == []
    orderflow.decline(made.assignments[0], "Fullt", by=user(LJUNGBACKEN), now=app_clock.now())
    db.session.commit()
    assert [state for state, *_ in events(visit(None), first)] == ["CANCELLED"]
    assert [state for state, *_ in events(visit(None), second)] == ["TENTATIVE"]


def test_a_place_sees_what_comes_there_and_who_has_said_yes(fruit, visit):
    made = order({fruit.id: Decimal(6)})
    buyer, stranger = visit(BUYER), visit(None)
    office, kitchen = sites_link(buyer, "Kontoret"), sites_link(buyer, "Köket")
    assert events(stranger, kitchen) == []
    assert [(state, summary) for state, _, summary in events(stranger, office)] == [
        ("TENTATIVE", "Inte bekräftat: 6 st Fruktkorg 5 kg")
    ]
    assert "Ljungbacken" not in stranger.get(office).text
    orderflow.accept(made.assignments[0], {}, by=user(LJUNGBACKEN), now=app_clock.now())
    db.session.commit()
    assert [state for state, *_ in events(stranger, office)] == ["CONFIRMED"]
    assert "Ljungbacken Frukt" in stranger.get(office).text.replace("\r\n ", "")


def test_a_new_address_makes_the_old_one_worthless_also_when_it_is_closed_and_opened(fruit, visit):
    visitor, stranger = visit(LJUNGBACKEN), visit(None)
    links = [members_link(visitor), members_link(visitor)]
    visitor.post("/medlem/kalender/stang")
    assert "Gör en adress" in text(visitor.page("/medlem/kalender"))
    links.append(members_link(visitor))
    assert [stranger.get(link).status_code for link in links] == [404, 404, 200]
    assert len(set(links)) == 3
    acts = db.session.scalars(select(AuditEvent.what).where(AuditEvent.what.contains("calendar"))).all()
    assert acts == [f"calendar address {what}" for what in ("made", "renewed", "closed", "made")]


@pytest.mark.parametrize("key", ["x", "IngEnUnderskrift.abc", "1", "ö" * 20, "a" * 3000])
def test_a_key_that_was_guessed_opens_nothing(fruit, visit, key):
    assert visit(None).get(f"/kalender/{key}.ics").status_code == 404


def test_nobody_renews_the_calendar_of_somebody_elses_place(fruit, visit):
    theirs = make.make_customer(name="Västra AB").sites[0]
    assert visit(BUYER).post(f"/bestallningar/kalender/{theirs.id}/ny").status_code == 404
    assert visit(LJUNGBACKEN).get("/bestallningar/kalender").status_code == 404
    assert visit(None).get("/bestallningar/kalender").status_code == 302
    assert visit(None).post(f"/bestallningar/kalender/{theirs.id}/ny").status_code == 404
    assert visit(BUYER).post("/medlem/kalender/ny").status_code == 403
    assert db.session.scalars(select(CalendarAddress)).all() == []


def test_who_has_it_already_gets_no_second_copy(fruit, visit, clock):
    order({fruit.id: Decimal(6)})
    link, stranger = members_link(visit(LJUNGBACKEN)), visit(None)
    first = stranger.get(link)
    assert stranger.get(link, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert stranger.get(link, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    clock.move(minutes=5)
    order({fruit.id: Decimal(1)})
    assert stranger.get(link, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert stranger.get(link, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_only_the_days_around_today(fruit, visit, clock):
    order({fruit.id: Decimal(6)})
    link = members_link(visit(LJUNGBACKEN))
    clock.set(clock.now.replace(month=12, day=4) + timedelta(days=30))
    assert len(events(visit(None), link)) == 1
    clock.move(days=1)
    assert events(visit(None), link) == []
    assert NEXT_FRIDAY.isoformat() == "2026-12-04"


def test_two_who_press_at_once_leave_one_address(fruit, visit):
    one, other = visit(LJUNGBACKEN), visit(LJUNGBACKEN)
    answers = together(lambda: one.post("/medlem/kalender/ny"), lambda: other.post("/medlem/kalender/ny"))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(db.session.scalars(select(CalendarAddress)).all()) == 1


def test_a_calendar_asks_as_few_questions_for_ten_deliveries_as_for_one(fruit, visit, queries):
    order({fruit.id: Decimal(1)})
    links = [members_link(visit(LJUNGBACKEN)), sites_link(visit(BUYER), "Kontoret")]
    stranger = visit(None)
    counts = []
    for _round in range(2):
        for link in links:
            with queries() as seen:
                stranger.get(link)
            counts.append(len(seen))
        for _ in range(9):
            order({fruit.id: Decimal(1)})
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
    assert db.session.get_one(Member, member("ljungbacken").id)
