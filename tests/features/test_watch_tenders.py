"""Staff say what they look for; each morning what fits is listed with a score, and sent to whoever wants it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import noticeflow, watchflow
from app.accounts.models import RoleName
from app.catalog.models import CpvCode
from app.db import db
from app.money import Money
from app.tenders.models import Tender, TenderState
from app.tenders.watching.models import TenderHit, TenderProfile, TenderWatchDay
from tests.features.notice_case import FIRST, another
from tests.furnished import furnished
from tests.make import make_article, make_head_count, make_ljungbacken, make_offering, make_sam
from tests.people import document, text

WATCH = "/personal/upphandlingar/bevakning"
OPEN = FIRST.replace("2026-05-12", "2027-05-12").replace("2026-05-20", "2027-05-20")


@furnished
def office(app):
    """Sam, and Ljungbacken that sells fruit in the west."""
    make_sam()
    fruit = make_ljungbacken()
    make_head_count(fruit, occupied=50, target_group=31, counted_on=date(2026, 9, 30))
    db.session.add(CpvCode(code="03222000", label_sv="Frukt och nötter", label_en="Fruit and nuts"))
    article = make_article(cpv="03222000", price=Money.kronor(200))
    make_offering(article, fruit, capacity_per_week=Decimal(100))


@pytest.fixture
def sales(office, visit):
    return visit("sam@samklang.example")


def take(source: str, now) -> Tender:
    tender = noticeflow.take_in(source.encode(), "annons.xml", by=None, now=now).tender
    db.session.commit()
    return tender


def make_profile(browser, **values):
    form = {"name": "Frukt i väst", "words": "fruktkorg", "cpv": "0322", "counties": ["14"], **values}
    return browser.post(f"{WATCH}/ny", data=form)


def morning(clock, work_off) -> None:
    clock.move(days=1)
    watchflow.look_each_morning(clock.now)
    db.session.commit()
    work_off()


def hits() -> list[TenderHit]:
    return list(db.session.scalars(select(TenderHit).order_by(TenderHit.id)))


def test_what_is_open_is_looked_through_when_a_profile_is_made(sales, clock, work_off, outbox):
    take(OPEN, clock.now)
    assert make_profile(sales).status_code == 303
    work_off()
    page = text(sales.page(WATCH))
    assert "Fruktkorgar till arbetsplatser" in page
    assert "Ord: fruktkorg." in page
    assert "Ljungbacken Frukt ek. för. säljer det som efterfrågas." in page
    assert "Ljungbacken Frukt ek. för. visar minst 30 procent" in page
    morning(clock, work_off)
    assert list(outbox) == []


def test_the_daily_list_has_what_is_new_once_and_goes_to_who_wants_it(sales, clock, work_off, outbox, visit):
    make_sam(RoleName.SALES, email="siv@samklang.example", name="Siv Exempel")
    make_profile(sales)
    make_profile(sales, name="All frukt", words="", counties=[])
    work_off()
    take(OPEN, clock.now)
    morning(clock, work_off)
    (letter,) = outbox.to("sam@samklang.example")
    assert letter.subject == "1 ny upphandling att titta på"
    assert letter.body.count("Fruktkorgar till arbetsplatser") == 1
    assert "Profil: All frukt, Frukt i väst." in letter.body or "Profil: Frukt i väst, All frukt." in letter.body
    assert outbox.to("siv@samklang.example") == []
    morning(clock, work_off)
    assert len(list(outbox)) == 1
    profile = db.session.scalars(select(TenderProfile)).first()
    siv = visit("siv@samklang.example")
    assert siv.post(f"{WATCH}/{profile.id}/brev").status_code == 303
    assert sales.post(f"{WATCH}/{profile.id}/inget-brev").status_code == 303
    take(another(300, OPEN), clock.now)
    morning(clock, work_off)
    assert len(outbox.to("siv@samklang.example")) == 1


@pytest.mark.both
def test_a_day_is_looked_at_once_however_many_workers_there_are(sales, clock, work_off):
    for _worker in range(3):
        watchflow.look_each_morning(clock.now)
        db.session.commit()
    work_off()
    (day,) = db.session.scalars(select(TenderWatchDay))
    assert day.finished_at is not None
    watchflow.look(day.day.toordinal())


def test_nothing_before_six_in_the_morning(sales, clock):
    watchflow.look_each_morning(clock.now.replace(hour=3))
    assert db.session.scalars(select(TenderWatchDay)).all() == []


def test_only_what_can_be_bid_for_is_listed(sales, clock, work_off):
    late, declined = take(OPEN, clock.now), take(another(300, OPEN), clock.now)
    make_profile(sales)
    work_off()
    assert len(hits()) == 2
    late.deadline, declined.state = clock.now, TenderState.DECLINED
    db.session.commit()
    clock.move(minutes=1)
    assert "Inget öppet hittat" in text(sales.page(WATCH))


def test_a_profile_that_looks_for_something_else_forgets_what_it_found(sales, clock, work_off):
    take(OPEN, clock.now)
    make_profile(sales)
    work_off()
    profile = db.session.scalars(select(TenderProfile)).one()
    page = sales.page(f"{WATCH}/{profile.id}")
    form = next(one for one in page.forms if "cpv" in one.fields)
    assert form.fields["cpv"] == "0322"
    assert "14" in [box.get("value") for box in page.cssselect("input[name=counties][checked]")]
    stale = form.fields["shown"]
    answer = sales.post(f"{WATCH}/{profile.id}", data={"name": "Tak", "words": "", "cpv": "45", "shown": stale})
    assert answer.status_code == 303
    work_off()
    assert hits() == []
    again = sales.post(f"{WATCH}/{profile.id}", data={"name": "Min", "cpv": "03", "shown": stale})
    assert again.status_code == 422
    assert "Någon annan har ändrat" in text(document(again))
    sales.post(f"{WATCH}/{profile.id}/ta-bort")
    assert db.session.scalars(select(TenderProfile)).all() == []
    assert len(db.session.scalars(select(Tender)).all()) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Skriv ett namn"),
        ({"cpv": "frukt"}, "är ingen CPV-kod"),
        ({"cpv": "1"}, "är ingen CPV-kod"),
        ({"least": "2000", "most": "1000"}, "Det minsta värdet är större"),
        ({"words": "frukt\n---"}, "har inget ord att söka efter"),
        ({"least": "hej"}, "Skriv beloppet i kronor"),
        ({"counties": ["99"]}, "Välj i listan"),
        ({"words": ",".join(f"o{n}" for n in range(101))}, "Högst 100 sökord"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_words(sales, values, words):
    answer = make_profile(sales, **values)
    assert answer.status_code == 422
    assert words in text(document(answer))
    assert db.session.scalars(select(TenderProfile)).all() == []


def test_the_list_asks_as_little_with_many_hits_as_with_one(sales, clock, work_off, queries):
    make_profile(sales)
    sales.page(WATCH)
    counts = []
    for first in (300, 310):
        for number in range(first, first + 4):
            take(another(number, OPEN), clock.now)
        morning(clock, work_off)
        sales.page(WATCH)  # What every page shows is looked up anew after a night.
        with queries() as asked:
            sales.page(WATCH)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_finance_may_look_and_nothing_more(sales, visit):
    make_profile(sales)
    make_sam(RoleName.FINANCE, email="finn@samklang.example", name="Finn Exempel")
    finance = visit("finn@samklang.example")
    assert finance.get(WATCH).status_code == 200
    assert make_profile(finance).status_code == 403
    profile = db.session.scalars(select(TenderProfile)).one()
    assert finance.post(f"{WATCH}/{profile.id}/ta-bort").status_code == 403
    assert sales.get(f"{WATCH}/999999").status_code == 404


def test_the_overview_says_how_well_it_fits_before_anybody_has_decided(sales, clock, queries):
    tender = take(OPEN, clock.now)
    with queries() as asked:
        page = text(sales.page(f"/personal/upphandlingar/{tender.id}"))
    assert len(asked) <= 15, len(asked)
    assert "Så väl passar den oss" in page
    assert "Vi klarar högst 1 miljon kronor om året" in page
