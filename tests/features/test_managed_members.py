"""A member at which nobody signs in answers by the link in its letter, and by nothing else."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app import orderflow
from app.audit import AuditEvent
from app.db import db
from app.mail import Letter
from app.members.models import Reach
from app.orders import emails
from app.orders.models import Order
from app.orders.states import AssignmentState
from tests import make
from tests.order_case import BUYER, furnish, member, order, parts
from tests.people import document, text, together

LJUNGBACKEN, SAM = "ljungbacken@medlem.example", "sam@samklang.example"
NO, YES, DELIVERED = ({"reason": "Fullt"}, "nej"), ({}, "ja"), ({}, "levererat")


@pytest.fixture
def asked(app) -> Order:
    """Ljungbacken answers by link. Nordbyn has ordered six, and Ljungbacken is asked."""
    fruit = furnish()
    member("ljungbacken").reached_by = Reach.LINK
    return order({fruit.id: Decimal(6)})


def link_in(letter: Letter) -> str:
    """The path of the link in a letter."""
    return re.search(r"http://localhost(/svar/\S+)", letter.body)[1]


@pytest.fixture
def link(asked, outbox) -> str:
    """The link in the letter that Ljungbacken got."""
    return link_in(outbox.to(LJUNGBACKEN)[0])


def sam() -> make.User:
    return db.session.scalars(select(make.User).where(make.User.email == SAM)).one()


def events(made: Order) -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(event.kind.value, event.by_name) for event in made.events]


def test_the_link_shows_the_assignment_and_takes_a_yes(asked, link, visit):
    street = visit(None)
    page = text(street.page(link))
    assert "Fruktkorg 5 kg" in page
    assert "Köpgatan 2" in page
    assert street.fill(link, {}, form="form[action$='/ja']").status_code == 303
    assert parts(asked) == [("ljungbacken", "accepted", 6)]
    assert ("accepted", "Kim Exempel via länk") in events(asked)
    kept = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "by link")).one()
    assert (kept.by_id, kept.by_name, kept.details["address"]) == (None, "Kim Exempel via länk", LJUNGBACKEN)
    assert "Ni har tackat ja" in text(street.page(link))


def test_a_part_can_be_taken_and_nonsense_comes_back(asked, link, visit):
    line, street = asked.assignments[0].lines[0].id, visit(None)
    for wrong in ("7", "-1", "x", "9" * 40):
        answer = street.post(f"{link}/ja", data={f"quantity-{line}": wrong})
        assert answer.status_code == 422
        assert wrong in answer.text
    street.post(f"{link}/ja", data={f"quantity-{line}": "4"})
    assert parts(asked) == [("ljungbacken", "accepted", 4), ("rullande", "offered", 2)]


def test_a_no_wants_a_reason_and_passes_the_work_on(asked, link, visit):
    street = visit(None)
    assert street.post(f"{link}/nej", data={"reason": " "}).status_code == 422
    answer = street.post(f"{link}/nej", data={"reason": "Fullt"})
    assert answer.status_code == 303
    assert parts(asked) == [("ljungbacken", "declined", 6), ("rullande", "offered", 6)]
    closed = street.get(answer.location)
    assert closed.status_code == 410
    assert "Köpgatan" not in closed.text


def test_delivery_is_reported_by_the_link_too(asked, link, visit, clock):
    street = visit(None)
    street.post(f"{link}/ja")
    clock.move(days=11)
    assert street.fill(link, {}, form="form[action$='/levererat']").status_code == 303
    assert parts(asked) == [("ljungbacken", "delivered", 6)]
    assert street.get(link).status_code == 410
    assert street.post(f"{link}/levererat").status_code == 410


def test_delivery_is_no_answer_to_an_offer(asked, link, visit):
    assert visit(None).post(f"{link}/levererat").status_code == 422
    assert parts(asked) == [("ljungbacken", "offered", 6)]


def test_a_scanner_that_opens_every_link_changes_nothing(asked, link, visit):
    before = db.session.scalar(select(func.count(AuditEvent.id)))
    scanner = visit(None)
    for path in (link, f"{link}/ja", f"{link}/nej", f"{link}/levererat"):
        scanner.get(path)
        scanner.head(path)
        scanner.options(path)
    assert scanner.get(f"{link}/ja").status_code == 405
    assert parts(asked) == [("ljungbacken", "offered", 6)]
    assert db.session.scalar(select(func.count(AuditEvent.id))) == before


def test_the_page_is_kept_by_nobody_and_tells_no_other_site_where_it_is(asked, link, visit):
    for answer in (visit(None).get(link), visit(None).get("/svar/xyz"), visit(None).post(f"{link}/ja")):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_form_from_elsewhere_is_turned_away_and_the_pages_own_is_not_also_over_https(asked, link, visit, app):
    app.config["WTF_CSRF_ENABLED"] = True
    street, safe = visit(None), {"base_url": "https://localhost"}
    assert street.post(f"{link}/ja", **safe).status_code == 400
    page = document(street.get(link, **safe))
    token = page.cssselect("form[action$='/ja'] input[name=csrf_token]")[0].get("value")
    referrer = {"Referer": f"https://localhost{link}"}
    assert street.post(f"{link}/ja", data={"csrf_token": token}, headers=referrer, **safe).status_code == 303
    assert parts(asked) == [("ljungbacken", "accepted", 6)]


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: f"x{key}", lambda key: key.swapcase(), lambda _: "x"]
)
def test_an_altered_link_looks_as_if_it_were_not_there(asked, link, visit, change):
    altered = f"/svar/{change(link.removeprefix('/svar/'))}"
    assert visit(None).get(altered).status_code == 404
    assert visit(None).post(f"{altered}/ja").status_code == 404
    assert parts(asked) == [("ljungbacken", "offered", 6)]


def test_keys_of_other_pages_open_nothing(asked, visit):
    for key in (emails.order_key(asked.number), "WzEsMSwxLCIiXQ.x"):
        assert visit(None).get(f"/svar/{key}").status_code == 404


def test_each_link_opens_its_own_assignment_and_no_other(asked, link, visit, outbox):
    other = order({asked.lines[0].article_id: Decimal(2)})
    own = link_in(outbox.to(LJUNGBACKEN)[1])
    street = visit(None)
    assert f"beställning {other.number}" in text(street.page(own))
    assert f"beställning {asked.number}" not in text(street.page(own))
    line = asked.assignments[0].lines[0].id
    street.post(f"{own}/ja", data={f"quantity-{line}": "1"})
    assert parts(asked) == [("ljungbacken", "offered", 6)]
    assert parts(other) == [("ljungbacken", "accepted", 2)]


def test_the_link_opens_no_other_page(asked, link, visit):
    street = visit(None)
    street.get(link)
    for path in (f"/medlem/uppdrag/{asked.assignments[0].id}", "/medlem/", f"/bestallningar/{asked.number}"):
        assert street.get(path).status_code in {302, 404}


def test_it_ends_two_weeks_after_the_day(asked, link, visit, clock):
    visit(None).post(f"{link}/ja")
    clock.move(days=11 + 14)
    assert visit(None).get(link).status_code == 200
    clock.move(days=1)
    assert visit(None).get(link).status_code == 410
    assert visit(None).post(f"{link}/levererat").status_code == 410
    assert parts(asked) == [("ljungbacken", "accepted", 6)]


def test_too_late_is_said_and_refused(asked, link, visit, clock):
    clock.set(asked.assignments[0].answer_before)
    clock.move(minutes=1)
    assert "Svarstiden har gått ut" in text(visit(None).page(link))
    assert visit(None).post(f"{link}/ja").status_code == 422
    orderflow.expire(asked, now=app_clock.now())
    db.session.commit()
    assert visit(None).get(link).status_code == 410


def test_replayed_after_somebody_else_has_answered_it_does_nothing(asked, link, visit):
    orderflow.accept(asked.assignments[0], {}, by=sam(), now=app_clock.now())
    street = visit(None)
    answer = street.post(f"{link}/ja")
    assert answer.status_code == 422
    assert "Någon har redan svarat" in answer.text
    assert street.post(f"{link}/nej", data={"reason": "Nej"}).status_code == 422
    assert parts(asked) == [("ljungbacken", "accepted", 6)]
    orderflow.reroute(asked.assignments[0], "Ringde", to=None, by=sam(), now=app_clock.now())
    for values, act in (YES, NO, DELIVERED):
        assert street.post(f"{link}/{act}", data=values).status_code == 410
    assert parts(asked) == [("ljungbacken", "withdrawn", 6), ("rullande", "offered", 6)]


@pytest.mark.both
@pytest.mark.parametrize("how", [Reach.CONNECTED, Reach.PAPER])
def test_a_member_that_is_reached_otherwise_meanwhile_has_no_links(asked, link, visit, how):
    member("ljungbacken").reached_by = how
    assert visit(None).get(link).status_code == 410
    assert visit(None).post(f"{link}/ja").status_code == 410
    assert parts(asked) == [("ljungbacken", "offered", 6)]


def test_whoever_had_the_old_address_can_no_longer_answer(asked, link, visit):
    member("ljungbacken").email = "ny@medlem.example"
    assert visit(None).post(f"{link}/ja").status_code == 410
    assert parts(asked) == [("ljungbacken", "offered", 6)]


@pytest.mark.both
def test_two_presses_at_once_are_one_answer(asked, link, visit):
    one, other = visit(None), visit(None)
    answers = together(
        lambda: one.post(f"{link}/ja").status_code, lambda: other.post(f"{link}/nej", data={"reason": "x"}).status_code
    )
    db.session.rollback()
    assert sorted(answers) in ([303, 410], [303, 422])
    assert sum(event[0] in {"accepted", "declined"} for event in events(asked)) == 1


def test_guessing_is_slowed(asked, link, visit, app):
    for limiter in app.extensions["limiter"]:
        limiter.enabled = True
        limiter.reset()
    street = visit(None)
    answers = [street.get("/svar/gissning").status_code for _ in range(31)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_who_reads_letters_cannot_answer_by_their_links(asked, link, visit, outbox, app):
    app.config["PRODUCTION"] = True
    page = text(visit(SAM).page(f"/personal/brev/{outbox.to(LJUNGBACKEN)[0].id}"))
    assert "dold" in page
    assert link.removeprefix("/svar/") not in page


def test_letters_about_other_things_say_where_to_call(asked, link, visit, outbox):
    orderflow.decline(asked.assignments[0], "Fullt", by=sam(), now=app_clock.now())
    db.session.commit()
    emails.tell_less(asked.assignments[0], ["2 st Fruktkorg"], now=app_clock.now())
    db.session.commit()
    letter = outbox.to(LJUNGBACKEN)[-1]
    assert "Ring oss på 031-700 00 00" in letter.body
    assert "http" not in letter.body


def test_the_customer_sees_nothing_of_how_the_member_is_reached(asked, link, visit):
    visit(None).post(f"{link}/ja")
    page = visit(BUYER).get(f"/bestallningar/{asked.number}").text
    assert "via länk" not in page
    assert asked.assignments[0].state == AssignmentState.ACCEPTED
