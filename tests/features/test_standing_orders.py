"""The customer lets something come again, sees the days before it saves, pauses, changes and ends it; staff can too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.audit import AuditEvent
from app.catalog.kinds import Withdrawal
from app.customers.models import CustomerKind
from app.db import db
from app.orders.models import Order
from app.orders.standing.models import StandingOrder
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, furnish
from tests.order_case import order as make_order
from tests.people import document, text, together
from tests.standing_case import minute, start, times

SAM = "sam@samklang.example"
DUE = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)


@furnished
def fruit(app):
    """Two members make fruit baskets."""
    return furnish()


@furnished
def weekly(fruit):
    """Nordbyn has two baskets each Thursday from 3 December."""
    return start({fruit.id: Decimal(2)})


@pytest.fixture
def nordbyn(fruit, visit):
    """Somebody at Nordbyn, with two baskets in the basket."""
    visitor = visit(BUYER)
    visitor.post("/varukorg/lagg-i", data={"article": fruit.id, "quantity": "2"})
    return visitor


def typed(page: str, visitor, **values):
    """All fields of the form as they come, with other values; the way a browser would send them again."""
    shown = document(visitor.get(page)).cssselect("main form[method=post]")[0]
    sent: dict[str, list[str]] = {}
    for name, value in shown.form_values():
        sent.setdefault(name, []).append(value)
    return {**sent, **values}


def look_and_save(page: str, visitor, **values):
    """See the days first, then save what was seen; returns both answers."""
    sent = typed(page, visitor, **values)
    look = visitor.post(page, data={**sent, "then": "look"})
    assert look.status_code == 200, text(document(look))
    seen = document(look).cssselect("input[name=looked]")[0].get("value")
    return look, visitor.post(page, data={**sent, "looked": seen, "then": "save"})


FRUIT = {"name": "Frukt till kontoret", "day": "2026-12-01", "every": "weeks", "weekdays": ["1", "3"]}


def made() -> StandingOrder:
    return db.session.scalars(select(StandingOrder)).one()


def test_a_day_that_falls_together_with_another_is_told(nordbyn):
    values = {**FRUIT, "day": "2026-12-17", "weekdays": ["3", "4"], "holiday": "previous"}
    look = nordbyn.post("/staende/ny", data={**typed("/staende/ny", nordbyn, **values), "then": "look"})
    said = text(document(look).cssselect("main")[0]).replace("\xa0", " ")
    assert "fre 25 dec får ingen egen leverans: den faller samman med ons 23 dec" in said


def test_the_customer_sees_the_days_before_it_starts_anything(nordbyn, outbox):
    look, saved = look_and_save("/staende/ny", nordbyn, **FRUIT)
    page = text(document(look).cssselect("main")[0])
    assert "tis 1 dec" in page
    assert "mån 28 dec (i stället för tors 24 dec)" in page, "Christmas Eve"
    assert "424,00 kr" in page
    assert saved.status_code == 303
    assert [day for day, _state in times(made())][:3] == ["2026-12-01", "2026-12-03", "2026-12-08"]
    assert "Stående beställning: Frukt till kontoret" in outbox.subjects_to(BUYER)
    assert "Varje vecka på tisdag och torsdag" in text(nordbyn.page("/staende"))


def test_what_was_not_looked_at_is_not_started(nordbyn):
    sent = typed("/staende/ny", nordbyn, **FRUIT)
    assert nordbyn.post("/staende/ny", data={**sent, "then": "save"}).status_code == 200
    look = nordbyn.post("/staende/ny", data={**sent, "then": "look"})
    seen = document(look).cssselect("input[name=looked]")[0].get("value")
    other = {**sent, "weekdays": ["2"], "looked": seen, "then": "save"}
    assert nordbyn.post("/staende/ny", data=other).status_code == 200, "other days than were seen"
    assert db.session.scalar(select(func.count()).select_from(StandingOrder)) == 0


def test_a_double_click_starts_one(nordbyn, app):
    sent = typed("/staende/ny", nordbyn, **FRUIT)
    look = nordbyn.post("/staende/ny", data={**sent, "then": "look"})
    seen = document(look).cssselect("input[name=looked]")[0].get("value")
    ready = {**sent, "looked": seen, "then": "save"}
    answers = together(*(lambda: nordbyn.post("/staende/ny", data=ready) for _click in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert made().name == "Frukt till kontoret"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekdays": []}, "Välj minst en veckodag"),
        ({"every": "day", "month_day": "0"}, "Skriv en dag från 1 till 31"),
        ({"every": "day", "month_day": ""}, "Skriv en dag från 1 till 31"),
        ({"day": "2026-11-20"}, "tidigast"),
        ({"day": "9999-12-31"}, "Kontrollera året"),
        ({"season_first": "2026-04-15"}, "Skriv både första och sista dagen"),
        ({"step": "5000"}, "Välj i listan"),
        ({"weekdays": ["9"]}, "Välj i listan"),
        ({"site": "other", "street": ""}, "Skriv gata och nummer"),
        ({"name": "x" * 81}, "80"),
        ({"more_number": "FINNS-EJ"}, "Det finns ingen artikel med det numret"),
        ({"season_first": "2027-07-01", "season_last": "2027-07-01", "weekdays": ["0"], "step": "12"}, "ett helt år"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_started(nordbyn, wrong, said):
    answer = nordbyn.post("/staende/ny", data=typed("/staende/ny", nordbyn, **{**FRUIT, **wrong}))
    assert answer.status_code == 422
    assert said in text(document(answer))
    assert db.session.scalar(select(func.count()).select_from(StandingOrder)) == 0


def test_a_quantity_that_cannot_be_is_told_beside_its_field(nordbyn, fruit):
    answer = nordbyn.post("/staende/ny", data=typed("/staende/ny", nordbyn, **{**FRUIT, f"quantity-{fruit.id}": "fem"}))
    assert answer.status_code == 422
    assert "Skriv antalet med siffror" in text(document(answer))
    empty = nordbyn.post("/staende/ny", data=typed("/staende/ny", nordbyn, **{**FRUIT, f"quantity-{fruit.id}": "0"}))
    assert empty.status_code == 422


def test_it_is_made_of_an_earlier_order_with_another_article_besides(fruit, visit):
    rolls = make.make_article("Bullar", number="BUL-1")
    make.make_offering(rolls, fruit.offerings[0].member)
    order, visitor = make_order({fruit.id: Decimal(6)}), visit(BUYER)
    page = f"/staende/ny?bestallning={order.number}"
    _look, saved = look_and_save(page, visitor, **FRUIT, more_number="bul-1", more_quantity="12")
    assert saved.status_code == 303
    assert [(line.article.name, line.quantity) for line in made().versions[0].lines] == [
        ("Fruktkorg 5 kg", 6),
        ("Bullar", 12),
    ]
    stranger = make.make_user(customer=make.make_customer())
    assert visit(stranger.email).get(page).status_code == 404


def test_nobody_sees_anothers(weekly, visit):
    stranger = make.make_user(customer=make.make_customer())
    other, anybody = visit(stranger.email), visit(None)
    for path in (f"/staende/{weekly.id}", f"/staende/{weekly.id}/andra"):
        assert other.get(path).status_code == 404
        assert anybody.get(path).status_code == 404
    assert other.post(f"/staende/{weekly.id}/avsluta", data={"avsluta-last": "2026-12-31"}).status_code == 404
    assert anybody.get("/staende").status_code == 404
    assert "Fruktkorgar" not in text(other.page("/staende"))


def test_a_pause_with_notice_leaves_what_is_ordered(app, weekly, visit, clock, outbox):
    clock.set(DUE)
    minute(app)
    visitor = visit(BUYER)
    path = f"/staende/{weekly.id}"
    near = visitor.post(f"{path}/uppehall", data={"uppehall-first": "2026-11-30", "uppehall-last": ""})
    assert near.status_code == 422
    assert "Tidigaste dag är tors 3 dec" in text(document(near))
    paused = visitor.post(f"{path}/uppehall", data={"uppehall-first": "2026-12-03", "uppehall-last": "2026-12-11"})
    assert paused.status_code == 303
    assert [day for day, _state in times(weekly)][:2] == ["2026-12-03", "2026-12-17"]
    assert times(weekly)[0] == ("2026-12-03", "ordered"), "what is ordered comes"
    letter = outbox.to(BUYER)[-1].body
    assert "redan beställt och kommer ändå" in letter
    assert f"beställning {db.session.scalars(select(Order)).one().number}" in letter
    assert "Inget kommer från tors 3 dec till fre 11 dec" in text(visitor.page(path))
    visitor.post(f"{path}/fortsatt", data={"fortsatt-first": "2026-12-08"})
    assert [day for day, _state in times(weekly)][1] == "2026-12-10"


def test_it_ends(app, weekly, visit, outbox):
    visitor = visit(BUYER)
    ended = visitor.post(f"/staende/{weekly.id}/avsluta", data={"avsluta-last": "2026-12-13"})
    assert ended.status_code == 303
    assert [day for day, _state in times(weekly)] == ["2026-12-03", "2026-12-10"]
    again = visitor.post(f"/staende/{weekly.id}/avsluta", data={"avsluta-last": "2026-12-20"})
    assert again.status_code == 422
    assert "sista dagen är sön 13 dec" in " ".join(outbox.to(BUYER)[-1].body.split())


def test_it_changes_from_a_day(weekly, visit, fruit):
    visitor = visit(BUYER)
    page = f"/staende/{weekly.id}/andra"
    changes = {"day": "2026-12-14", "weekdays": ["0"], f"quantity-{fruit.id}": "5"}
    _look, saved = look_and_save(page, visitor, **changes)
    assert saved.status_code == 303
    assert [day for day, _state in times(weekly)][:4] == ["2026-12-03", "2026-12-10", "2026-12-14", "2026-12-21"]
    shown = text(visitor.page(f"/staende/{weekly.id}"))
    assert "Från mån 14 dec" in shown
    assert "5 st Fruktkorg" in shown
    near = visitor.post(page, data=typed(page, visitor, day="2026-11-25"))
    assert near.status_code == 422
    assert "Ring oss om det brådskar" in text(document(near))


def test_of_two_who_change_it_the_second_is_told(weekly, visit, fruit):
    nordbyn, sam = visit(BUYER), visit(SAM)
    page = f"/staende/{weekly.id}/andra"
    slow = typed(page, nordbyn, day="2026-12-14", **{f"quantity-{fruit.id}": "9"})
    look_and_save(f"/personal{page}", sam, **{f"quantity-{fruit.id}": "5"})
    answer = nordbyn.post(page, data={**slow, "then": "look"})
    assert answer.status_code == 422
    assert "Någon annan har ändrat" in text(document(answer))


def test_one_time_is_skipped_and_wanted_after_all(app, weekly, visit, clock):
    visitor = visit(BUYER)
    page = visitor.page(f"/staende/{weekly.id}")
    (skip, *_others) = [form.get("action") for form in page.cssselect("form.post-button")]
    visitor.post(skip)
    assert times(weekly)[0] == ("2026-12-03", "skipped")
    clock.set(DUE)
    minute(app)
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0
    visitor.post(skip.replace("/hoppa", "/angra"))
    minute(app)
    assert times(weekly)[0] == ("2026-12-03", "ordered")
    assert visitor.post(skip).status_code == 409, "it is ordered already"


def test_staff_act_for_the_customer_without_notice(app, weekly, visit, fruit, clock):
    sam = visit(SAM)
    assert "Fruktkorgar" in text(sam.page("/personal/staende?q=nordbyn"))
    sam.post(f"/personal/staende/{weekly.id}/uppehall", data={"uppehall-first": "2026-11-24", "uppehall-last": ""})
    assert times(weekly) == []
    sam.post(f"/personal/staende/{weekly.id}/fortsatt", data={"fortsatt-first": "2026-12-04"})
    assert times(weekly)[0] == ("2026-12-10", "coming")
    order = make_order({fruit.id: Decimal(3)})
    page = f"/personal/staende/ny?bestallning={order.number}"
    _look, saved = look_and_save(page, sam, **FRUIT)
    assert saved.status_code == 303
    who = db.session.scalars(select(AuditEvent.by_name).where(AuditEvent.what == "made").order_by(AuditEvent.id)).all()
    assert who[-1] == "Sam Exempel"
    answer = sam.post(f"/personal/staende/{weekly.id}/uppsagning", data={"days": "1"})
    assert answer.status_code == 303
    assert "mån 24" not in text(visit(BUYER).page(f"/staende/{weekly.id}"))
    assert sam.post(f"/personal/staende/{weekly.id}/uppsagning", data={"days": "x"}).status_code == 409


def test_staff_see_what_could_not_be_ordered(app, weekly, visit, clock):
    clock.set(datetime(2026, 12, 4, 7, 0, tzinfo=UTC))
    minute(app)
    sam = visit(SAM)
    assert "1 stående beställning gick inte att beställa" in text(sam.page("/personal/"))
    assert "Fruktkorgar" in text(sam.page("/personal/staende?hog=fel"))
    page = text(sam.page(f"/personal/staende/{weekly.id}"))
    assert "Blev inte beställd" in page


def test_the_order_leads_back_to_what_it_came_from(app, weekly, visit, clock):
    clock.set(DUE)
    minute(app)
    number = db.session.scalars(select(Order.number)).one()
    page = visit(BUYER).page(f"/bestallningar/{number}")
    assert "En gång av den stående beställningen Fruktkorgar." in text(page)
    assert page.cssselect(f"a[href='/staende/{weekly.id}']")
    assert visit(SAM).page(f"/personal/bestallningar/{number}").cssselect(f"a[href='/personal/staende/{weekly.id}']")


def test_a_private_person_lets_services_begin_once_for_all_times(app, visit, fruit, clock):
    customer = make.make_customer(kind=CustomerKind.PRIVATE, org_number=None)
    lawn = make.make_article("Gräsklippning", withdrawal=Withdrawal.SERVICE)
    make.make_offering(lawn, fruit.offerings[0].member)
    visitor = visit(make.make_user(customer=customer).email)
    visitor.post("/varukorg/lagg-i", data={"article": lawn.id, "quantity": "1"})
    refused = visitor.post("/staende/ny", data=typed("/staende/ny", visitor, **FRUIT))
    assert refused.status_code == 422
    assert "Kryssa i rutan" in text(document(refused))
    _look, saved = look_and_save("/staende/ny", visitor, **FRUIT, consent=str(lawn.id))
    assert saved.status_code == 303
    clock.set(DUE)
    minute(app)
    order = db.session.scalars(select(Order)).first()
    assert "Gräsklippning" in order.consent
    assert order.consent_at < order.placed_at
    assert date(2026, 11, 23) == order.consent_at.date()
