"""An organisation lets orders above a limit wait until another person in it has said yes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders.approvals.models import ApprovalRule, OrderApproval
from app.orders.models import Assignment
from app.orders.states import OrderState
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, in_balance, parts
from tests.people import document, text, together
from tests.quote_case import FRIDAY, SAM, accept, ask, orders, send

BO, CIA = "bo@nordbyn.example", "cia@nordbyn.example"


@furnished
def fruit(app, visit):
    """Nordbyn's contact, Bo and Cia; above 1 000 kronor another of them must say yes."""
    article = furnish()
    customer = db.session.scalars(select(Customer)).one()
    for address, name in ((BO, "Bo Exempel"), (CIA, "Cia Exempel")):
        make.make_user(address, customer=customer, name=name)
    assert visit(BUYER).fill("/organisation", {"limit": "1 000"}).status_code == 303
    return article.id


def checkout(browser, article, quantity="6", **values):
    browser.post("/varukorg/lagg-i", data={"article": article, "quantity": quantity})
    return browser.fill("/kassa", {"day": FRIDAY.isoformat(), **values})


@furnished
def waiting(fruit, visit):
    """Bo has ordered six baskets, 1 272 kronor."""
    assert checkout(visit(BO), fruit).status_code == 303
    return orders()[0]


def decide(browser, order, act, **values):
    return decision(browser, order.number, act, **values)()


def decision(browser, number, act, **values):
    """The same, to be done by a thread that has no session of the test's."""
    return lambda: browser.post(f"/bestallningar/{number}/{act}", data=values)


def test_what_comes_again_says_that_each_time_must_be_approved(fruit, visit, outbox):
    said = "Varje gång kostar mer än 1 000,00 kr exkl. moms"
    browser = visit(BO)
    browser.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    values = {"name": "Frukt", "day": FRIDAY.isoformat(), "weekdays": ["4"], "then": "look"}
    preview = browser.fill("/staende/ny", values)
    assert said in text(document(preview)).replace("\xa0", " ")
    looked = document(preview).cssselect("input[name=looked]")[0].get("value")
    ticket = document(preview).cssselect("input[name=ticket]")[0].get("value")
    started = browser.fill("/staende/ny", {**values, "looked": looked, "ticket": ticket, "then": "save"})
    assert said in text(browser.page(started.location)).replace("\xa0", " ")
    assert said in outbox.to(BUYER)[-1].body.replace("\xa0", " ")
    visit(BUYER).fill("/organisation", {"limit": "1 272"})
    assert "måste godkänna" not in text(browser.page(started.location))


def test_below_and_at_the_limit_nobody_is_asked(fruit, visit):
    visit(BUYER).fill("/organisation", {"limit": "1 272"})
    checkout(visit(BO), fruit)
    assert orders()[0].state == OrderState.PLACED
    assert db.session.scalar(select(func.count(OrderApproval.id))) == 0


def test_above_it_the_order_waits_and_no_member_is_asked(waiting, visit, outbox):
    assert waiting.state == OrderState.AWAITING
    assert db.session.scalar(select(func.count(Assignment.id))) == 0
    assert outbox.to("ljungbacken@medlem.example") == []
    assert outbox.subjects_to(CIA)[-1] == f"Godkänn beställning {waiting.number}?"
    assert f"Beställning {waiting.number} väntar på godkännande" in outbox.subjects_to(BO)
    assert "Tack för beställning" not in " ".join(outbox.subjects_to(BUYER))
    page = text(visit(BO).page(f"/bestallningar/{waiting.number}"))
    assert "Väntar på godkännande" in page
    assert "Cia Exempel" in page
    assert "Vi återkommer" not in page
    desk = text(visit(SAM).page(f"/personal/bestallningar/{waiting.number}"))
    assert "Väntar på godkännande" in desk
    assert "Ingen har tillfrågats än." in desk
    assert str(waiting.number) in text(visit(SAM).page("/personal/bestallningar?hog=awaiting"))
    assert str(waiting.number) in text(visit(CIA).page("/organisation"))


def test_another_person_approves_and_it_goes_on_as_any_order(waiting, visit, outbox):
    path = f"/bestallningar/{waiting.number}"
    assert visit(CIA).fill(path, {}, form="form[action$='/godkann']").status_code == 303
    assert parts(waiting) == [("ljungbacken", "offered", 6)]
    assert waiting.state == OrderState.PLACED
    for who in (BUYER, BO):
        assert outbox.subjects_to(who).count(f"Tack för beställning {waiting.number}") == 1
        assert f"Beställning {waiting.number} är godkänd av Cia Exempel" in outbox.to(who)[-1].body
    assert not any("Tack" in subject for subject in outbox.subjects_to(CIA))
    assert "Godkänd av Cia Exempel" in text(visit(BO).page(path))
    assert in_balance(waiting).to_come == 6


def test_who_ordered_can_never_approve_it(waiting, visit):
    page = visit(BO).page(f"/bestallningar/{waiting.number}")
    assert page.cssselect("form[action$='/godkann']") == []
    answer = decide(visit(BO), waiting, "godkann")
    assert answer.status_code == 422
    assert "Du har själv beställt" in answer.text
    assert orders()[0].state == OrderState.AWAITING
    visit(BUYER).fill("/organisation", {"limit": ""})
    assert decide(visit(BO), waiting, "godkann").status_code == 422, "nor when the limit is gone"


def test_declined_with_a_reason_costs_nothing(waiting, visit, outbox):
    assert decide(visit(CIA), waiting, "avsla", reason=" ").status_code == 422
    assert decide(visit(CIA), waiting, "avsla", reason="Vi har frukt.").status_code == 303
    order = orders()[0]
    assert (order.state, order.net) == (OrderState.CALLED_OFF, Money(0))
    letter = outbox.to(BO)[-1]
    assert "Vi har frukt." in letter.body
    assert "Cia Exempel har inte godkänt" in letter.body
    assert in_balance(order).charged == Money(0)
    answer = decide(visit(CIA), waiting, "godkann")
    assert answer.status_code == 422
    assert "redan avslagen av Cia Exempel" in answer.text


@pytest.mark.both
def test_two_who_approve_at_once_make_one_order(waiting, visit):
    cia, contact = visit(CIA), visit(BUYER)
    answers = together(decision(cia, waiting.number, "godkann"), decision(contact, waiting.number, "godkann"))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert "redan godkänd av" in next(answer.text for answer in answers if answer.status_code == 422)
    assert parts(waiting) == [("ljungbacken", "offered", 6)]


@pytest.mark.both
def test_one_approves_and_one_declines_at_once(waiting, visit):
    cia, contact = visit(CIA), visit(BUYER)
    answers = together(
        decision(cia, waiting.number, "godkann"), decision(contact, waiting.number, "avsla", reason="Nej")
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    order = orders()[0]
    assert (order.state == OrderState.PLACED) == (len(order.assignments) == 1)
    assert in_balance(order).to_come in {0, 6}


def test_who_ordered_takes_it_back_and_others_do_not(waiting, visit):
    assert decide(visit(CIA), waiting, "aterta").status_code == 422
    assert decide(visit(BO), waiting, "aterta").status_code == 303
    assert orders()[0].state == OrderState.CALLED_OFF


def test_a_day_that_has_passed_cannot_be_approved(waiting, visit, clock):
    clock.move(days=14)
    answer = decide(visit(CIA), waiting, "godkann")
    assert answer.status_code == 422
    assert "Avslå, så kan Bo Exempel beställa igen" in answer.text
    assert orders()[0].state == OrderState.AWAITING


def test_when_nobody_is_left_to_approve_it_says_so(waiting, visit):
    for user in db.session.scalars(select(User).where(User.email.in_((CIA, BUYER)))):
        user.active = False
    page = text(visit(BO).page(f"/bestallningar/{waiting.number}"))
    assert "Ingen annan i er organisation har ett konto" in page
    assert decide(visit(BO), waiting, "godkann").status_code == 422, "being alone is no way round it"
    customer = db.session.scalars(select(Customer)).one()
    make.make_user("dag@nordbyn.example", customer=customer)
    assert decide(visit("dag@nordbyn.example"), waiting, "godkann").status_code == 303


@pytest.mark.both
def test_what_waits_is_not_changed_or_shared_out_meanwhile(waiting, visit):
    bo, sam = visit(BO), visit(SAM)
    assert "Ring oss" in text(bo.page(f"/bestallningar/{waiting.number}/andra"))
    changed = {f"quantity-{waiting.lines[0].id}": "2", "day": FRIDAY.isoformat(), "why": "För mycket"}
    for browser, path in ((bo, "/bestallningar"), (sam, "/personal/bestallningar")):
        assert browser.post(f"{path}/{waiting.number}/andra", data=changed).status_code == 422
    assert sam.post(f"/personal/bestallningar/{waiting.number}/fordela").status_code == 409
    line = waiting.lines[0].id
    assert sam.post(f"/personal/bestallningar/{waiting.number}/stryk/{line}", data={"reason": "x"}).status_code == 422
    assert bo.post(f"/bestallningar/{waiting.number}/avbestall").status_code == 409
    assert orders()[0].state == OrderState.AWAITING


def test_nobody_gets_round_the_limit_by_ordering_more_afterwards(fruit, visit):
    checkout(visit(BO), fruit, "4")
    order = orders()[0]
    values = {f"quantity-{order.lines[0].id}": "40"}
    answer = visit(BO).fill(f"/bestallningar/{order.number}/andra", values)
    assert answer.status_code == 422
    assert "måste en annan person" in answer.text
    assert orders()[0].lines[0].quantity == 4


def test_a_quote_above_the_limit_waits_too(fruit, visit):
    quote = send(visit(SAM), ask(visit(BO), fruit))
    assert accept(visit(BO), quote).status_code == 303
    assert orders()[0].state == OrderState.AWAITING
    assert decide(visit(CIA), orders()[0], "godkann").status_code == 303
    assert orders()[0].net == Money(114000)


def test_only_the_contact_sets_the_limit_and_the_others_are_told(fruit, visit, outbox):
    assert visit(CIA).page("/organisation").cssselect("form[method=post] input[name=limit]") == []
    assert visit(CIA).post("/organisation", data={"limit": "9"}).status_code == 422
    assert db.session.scalars(select(ApprovalRule)).one().limit == Money(100000)
    assert "över 1 000,00 kr exkl. moms" in outbox.to(CIA)[0].body.replace("\xa0", " ")
    assert visit(None).get("/organisation").status_code == 302
    assert visit("ljungbacken@medlem.example").get("/organisation").status_code == 404


@pytest.mark.parametrize("limit", ["tusen", "-5", "9999999999999"])
def test_a_limit_that_cannot_be_is_refused(fruit, visit, limit):
    assert visit(BUYER).fill("/organisation", {"limit": limit}).status_code == 422
    db.session.expire_all()
    assert db.session.scalars(select(ApprovalRule)).one().limit == Money(100000)


def test_who_is_alone_can_set_none(app, visit):
    furnish()
    answer = visit(BUYER).fill("/organisation", {"limit": "1 000"})
    assert answer.status_code == 422
    assert "Be oss bjuda in en till först" in answer.text


def test_another_organisation_has_no_part_in_it(waiting, visit):
    make.make_user("inkop@vasterhamn.example", customer=make.make_vasterhamn())
    for act in ("godkann", "avsla", "aterta"):
        assert decide(visit("inkop@vasterhamn.example"), waiting, act).status_code == 404
        assert decide(visit(None), waiting, act).status_code == 404
