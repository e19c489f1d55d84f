"""Staff set what each party may have, look at the cheapest sharing beside what stands, and take it over or not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app import bidflow, clock
from app.db import db
from app.money import Money
from app.orders import routing_actions
from app.tenders import actions, articles, bid_actions
from app.tenders.actions import NewRow
from app.tenders.joint import proposing
from app.tenders.offers import offer_of
from bids.kinds import PartyRole
from tests import make
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.people import document, text

pytestmark = pytest.mark.both


@furnished
def case(app) -> JointCase:
    return JointCase(clock.now())


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def mark(page) -> str:
    return page.cssselect("input[name=mark]")[0].get("value")


def test_a_proposal_changes_nothing_until_it_is_taken_over(case, sales, outbox):
    page = sales.page(f"{case.prices}/fordelning/forslag")
    told = text(page)
    assert "Alla rader bärs inom gränserna" in told
    assert "Ljungbacken Frukt ek. för.: 80" in told
    assert case.parts()["ljungbacken", "1.1"] == 10
    before = len(outbox.to(case.fruit.email))
    answer = sales.post(f"{case.prices}/fordelning/forslag", data={"mark": mark(page)})
    assert answer.status_code == 303
    assert case.parts() == {("ljungbacken", "1.1"): 80, ("rullande", "1.1"): 20, ("rullande", "2.1"): 50}
    assert [letter.kind for letter in outbox.to(case.fruit.email)[before:]] == ["bid_changed"]
    assert "Raderna fördelas redan så" in text(sales.page(f"{case.prices}/fordelning/forslag"))


def test_cost_and_parts_stand_beside_one_another(case, sales):
    told = text(sales.page(f"{case.prices}/fordelning/forslag")).replace("\u00a0", " ")
    now, after = 10 * 9 + 90 * 10.8 + 50 * 27, 80 * 9 + 20 * 10.8 + 50 * 27
    for sum_ in (now, after):
        assert f"{sum_:,.2f} kr".replace(",", " ").replace(".", ",") in told


def test_what_changed_since_it_was_shown_is_not_taken_over(case, sales, clock):
    seen = mark(sales.page(f"{case.prices}/fordelning/forslag"))
    case.promise(case.fruity, case.row, 10, "20.00", 80, clock.now)
    db.session.commit()
    answer = sales.post(f"{case.prices}/fordelning/forslag", data={"mark": seen}, follow_redirects=True)
    assert "har ändrats sedan du såg förslaget" in text(document(answer))
    assert case.parts()["ljungbacken", "1.1"] == 10


def test_while_a_proposal_is_found_others_write_and_what_they_change_counts(case, sales, visit):
    seen = mark(sales.page(f"{case.prices}/fordelning/forslag"))
    elsewhere = visit(case.sam.email)
    answers = []

    def meanwhile() -> None:
        """A colleague sets a limit at the moment when the solver begins."""
        answers.append(elsewhere.post(f"{case.prices}/fordelning/part/{case.fruity.id}", data={"largest": "20"}))

    with solver_begins(meanwhile):
        answer = sales.post(f"{case.prices}/fordelning/forslag", data={"mark": seen}, follow_redirects=True)
    assert [each.status_code for each in answers] == [303]
    assert "har ändrats sedan du såg förslaget" in text(document(answer))
    assert case.parts()["ljungbacken", "1.1"] == 10
    assert "20 %" in text(sales.page(f"{case.prices}/fordelning")).replace("\u00a0", " ")


def test_what_has_nothing_to_do_with_the_proposal_does_not_stop_it(case, sales, visit):
    seen = mark(sales.page(f"{case.prices}/fordelning/forslag"))
    elsewhere = visit(case.sam.email)
    said = {"revision": "0", "says": "yes", "responsible": "0", "proof_appendix": "0", "text": "Ja."}
    with solver_begins(lambda: elsewhere.post(case.answer_url, data=said)):
        assert sales.post(f"{case.prices}/fordelning/forslag", data={"mark": seen}).status_code == 303
    assert case.parts()["ljungbacken", "1.1"] == 80
    assert case.bid.answers[0].text == "Ja."


@contextmanager
def solver_begins(act: Callable[[], object]) -> Iterator[None]:
    """Do something at the moment when the process that finds a sharing is started, once."""
    _AT_SOLVER.append(act)
    try:
        yield
    finally:
        assert not _AT_SOLVER, "no solver was started"


_AT_SOLVER: list[Callable[[], object]] = []


def _on_audit(event: str, told: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and _AT_SOLVER and "app.tenders.joint.solver" in str(told):
        _AT_SOLVER.pop()()


sys.addaudithook(_on_audit)


def test_the_second_press_finds_it_done(case, sales):
    seen = mark(sales.page(f"{case.prices}/fordelning/forslag"))
    sales.post(f"{case.prices}/fordelning/forslag", data={"mark": seen})
    first = case.parts()
    sales.post(f"{case.prices}/fordelning/forslag", data={"mark": seen})
    assert case.parts() == first


def test_limits_hold_and_are_shown(case, sales):
    path = f"{case.prices}/fordelning/part/{case.fruity.id}"
    data = {"largest": "20", "wish": "15", "lots": [str(case.lot.id)]}
    assert sales.post(path, data=data).status_code == 303
    shown = text(sales.page(f"{case.prices}/fordelning")).replace("\u00a0", " ")
    assert "20 %" in shown
    assert "Område 1" in shown or "Anbudsområde 1" in shown
    offer = offer_of(case.bid, now=clock.now())
    found = proposing.proposal_for(case.bid, offer, now=clock.now())
    assert found.after["ljungbacken"].percent <= 15
    assert found.allocation.carries_all


def test_what_cannot_be_is_refused_and_nothing_is_lost(case, sales):
    path = f"{case.prices}/fordelning/part/{case.fruity.id}"
    answer = sales.post(path, data={"smallest": "40", "largest": "30"})
    assert answer.status_code == 422
    page = document(answer)
    assert "Den minsta delen kan inte vara större" in text(page)
    assert page.cssselect("#smallest")[0].get("value") == "40"
    assert sales.post(path, data={"smallest": "140"}).status_code == 422
    assert sales.post(path, data={"smallest": "tio"}).status_code == 422
    assert case.fruity.limit is None


def test_when_it_cannot_be_done_the_page_says_why(case, sales):
    sales.post(f"{case.prices}/fordelning/part/{case.driver.id}", data={"under_line": "y"})
    told = text(sales.page(f"{case.prices}/fordelning/forslag")).replace("\u00a0", " ")
    assert "Alla rader kan inte bäras" in told
    assert "Prisrad 2.1 Kaffe bärs inte fullt ut" in told
    assert "Rullande Hjälpen ska hållas på högst 10 %, där sanktionsförsäkran krävs" in told


def test_a_part_that_nobody_has_answered_is_not_taken_back(case, sales, clock, outbox):
    third = bid_actions.add_party(
        case.bid, make.make_member(slug="kiosken", name="Kiosken"), PartyRole.TENDERER, by=case.sam, now=clock.now
    )
    db.session.flush()
    rows = [NewRow(ref="1.9", text="Te", unit="H87", quantity=Decimal(30))]
    (tea,) = actions.add_rows(case.tender, rows, case.tender.lots[0], by=case.sam, now=clock.now)
    db.session.flush()
    bidflow.ask(third, tea, Decimal(30), by=case.sam, now=clock.now)
    bidflow.invite([third], by=case.sam, now=clock.now)
    db.session.commit()
    seen = sales.page(f"{case.prices}/fordelning/forslag")
    assert "om resten kostar lika mycket" in text(seen)
    assert sales.fill(f"{case.prices}/fordelning/forslag", {}, form="form[action$=forslag]").status_code == 303
    assert case.parts()["kiosken", "1.9"] == 30
    assert [one.kind for one in outbox.to(third.member.email)] == ["bid_invitation"]


def test_a_row_that_was_declined_is_not_proposed_to_the_same_party(case, sales, clock):
    bidflow.decline_part(case.fruity, "Fullt upp", by=case.sam, now=clock.now)
    db.session.commit()
    offer = offer_of(case.bid, now=clock.now)
    found = proposing.proposal_for(case.bid, offer, now=clock.now)
    assert {part.party_key for part in found.allocation.parts} == {"rullande"}
    assert found.allocation.carries_all


def test_what_others_count_on_is_not_promised_again(case, sales, clock):
    article = make.make_article()
    offering = make.make_offering(article, case.fruit, capacity_per_week=Decimal(2))
    db.session.flush()
    articles.tie(case.row, article.number, newest=True, by=case.sam, now=clock.now)
    days = date(2026, 12, 28), date(2026, 12, 28) + timedelta(days=700)
    routing_actions.hold(offering, None, days, Decimal(1), "anbudet till grannkommunen", by=case.sam, now=clock.now)
    db.session.commit()
    told = text(sales.page(f"{case.prices}/fordelning")).replace("\u00a0", " ")
    assert "anbudet till grannkommunen" in told
    found = proposing.proposal_for(case.bid, offer_of(case.bid, now=clock.now), now=clock.now)
    part = next(part for part in found.allocation.parts if part.party_key == "ljungbacken")
    assert part.quantity == 52


def test_a_party_that_has_not_answered_can_be_reckoned_with_at_its_price_in_the_catalogue(case, clock):
    third = make.make_member(slug="kiosken", name="Kiosken")
    bid_actions.add_party(case.bid, third, PartyRole.TENDERER, by=case.sam, now=clock.now)
    article = make.make_article()
    make.make_offering(article, third, member_price=Money(500), capacity_per_week=Decimal(1))
    db.session.flush()
    articles.tie(case.row, article.number, newest=True, by=case.sam, now=clock.now)
    db.session.commit()
    found = proposing.proposal_for(case.bid, offer_of(case.bid, now=clock.now), now=clock.now)
    assert {p.party_key: p.quantity for p in found.allocation.parts if p.ref == "1.1"} == {
        "kiosken": 52,
        "ljungbacken": 48,
    }


def test_members_and_finance_cannot_set_or_use_it(case, visit):
    member = visit(make.make_user("lova@medlem.example", member=case.fruit).email)
    for path in ("", "/forslag", f"/part/{case.fruity.id}"):
        assert member.get(f"{case.prices}/fordelning{path}").status_code in {403, 404}
    assert member.post(f"{case.prices}/fordelning/forslag").status_code in {403, 404}


def test_another_tenders_party_is_not_there(case, sales):
    assert sales.get(f"{case.prices}/fordelning/part/99999").status_code == 404


def test_a_bid_that_is_handed_in_is_not_shared_anew(case, sales):
    case.bid.state = "submitted"
    db.session.commit()
    assert not sales.page(f"{case.prices}/fordelning/forslag").cssselect("input[name=mark]")
    sales.post(f"{case.prices}/fordelning/forslag", data={"mark": "x"})
    assert case.parts()["ljungbacken", "1.1"] == 10
