"""Staff see to what nobody took: move work by hand, ask again, strike - and every act says why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.db import db
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.states import OrderState
from tests import make
from tests.furnished import furnished
from tests.people import text, together

pytestmark = pytest.mark.both

FRIDAY = date(2026, 11, 27)
DELIVERY = Delivery(FRIDAY, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480")
SAM = "sam@samklang.example"


@furnished
def desk(app):
    """Ljungbacken makes 100 baskets a week, Rullande 40. Nordbyn has ordered six, and Ljungbacken has been asked."""
    make.make_sales_company(bankgiro="999-0003")
    ljungbacken, rullande = make.make_ljungbacken(), make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")
    fruit = make.make_article()
    make.make_offering(fruit, ljungbacken)
    make.make_offering(fruit, rullande, capacity_per_week=Decimal(40))
    for member in (ljungbacken, rullande):
        make.make_user(member.email, member=member)
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_sam()
    make.make_user("eko@samklang.example", roles=[RoleName.FINANCE])
    return order_of(6)


def order_of(quantity: int) -> Order:
    customer = db.session.scalars(select(make.Customer)).one()
    user = db.session.scalars(select(make.User).where(make.User.email == "kontor@nordbyn.example")).one()
    article = db.session.scalars(select(make.Article)).one()
    cart = {article.id: Decimal(quantity)}
    order = orderflow.checkout(
        cart, DELIVERY, customer=customer, ticket=f"ticket-{quantity}", by=user, now=app_clock.now()
    )
    db.session.commit()
    return order


def parts(order: Order) -> list[tuple[str, str, Decimal]]:
    db.session.expire_all()
    return [(one.member.slug, one.state.value, sum(line.quantity for line in one.lines)) for one in order.assignments]


def where(order: Order) -> str:
    return f"/personal/bestallningar/{order.number}"


def test_work_is_moved_to_a_named_member_with_a_reason(desk, visit, outbox):
    rullande = db.session.scalars(select(make.Member).where(make.Member.slug == "rullande")).one()
    values = {"to": str(rullande.id), "reason": "Ljungbacken ringde och är sjuka."}
    sam = visit(SAM)
    assert sam.post(f"{where(desk)}/flytta/{desk.assignments[0].id}", data=values).status_code == 303
    assert parts(desk) == [("ljungbacken", "withdrawn", 6), ("rullande", "offered", 6)]
    assert outbox.subjects_to("ljungbacken@medlem.example")[-1] == f"Uppdraget har gått vidare, {desk.number}"
    assert "är sjuka" in text(sam.page(where(desk)))
    acts = [(event.what, event.by_name) for event in db.session.scalars(select(AuditEvent))]
    assert ("withdrawn", "Sam Exempel") in acts


def test_a_move_that_the_named_member_cannot_carry_changes_nothing(desk, visit):
    order = order_of(90)
    rullande = db.session.scalars(select(make.Member).where(make.Member.slug == "rullande")).one()
    before = parts(order)
    values = {"to": str(rullande.id), "reason": "För att"}
    answer = visit(SAM).post(f"{where(order)}/flytta/{order.assignments[0].id}", data=values)
    assert answer.status_code == 422
    assert "kan inte ta allt" in answer.text
    assert parts(order) == before


@pytest.mark.parametrize("values", [{"to": "0", "reason": ""}, {"to": "999", "reason": "x"}, {"reason": "x" * 501}])
def test_a_forged_or_empty_move_is_refused(desk, visit, values):
    answer = visit(SAM).post(f"{where(desk)}/flytta/{desk.assignments[0].id}", data=values)
    assert 400 <= answer.status_code < 500
    assert parts(desk) == [("ljungbacken", "offered", 6)]


def test_finance_may_look_but_not_move(desk, visit):
    finance = visit("eko@samklang.example")
    assert finance.get(where(desk)).status_code == 200
    values = {"to": "0", "reason": "x"}
    assert finance.post(f"{where(desk)}/flytta/{desk.assignments[0].id}", data=values).status_code == 403


@pytest.mark.parametrize("email", ["kontor@nordbyn.example", "ljungbacken@medlem.example"])
def test_others_never_reach_the_desk(desk, visit, email):
    for path in ("/personal/", where(desk), "/personal/brev", "/personal/medlemmar"):
        assert visit(email).get(path).status_code == 403


def test_two_who_move_the_same_work_at_once_do_not_double_it(desk, visit):
    one, other = visit(SAM), visit(SAM)
    path = f"{where(desk)}/flytta/{desk.assignments[0].id}"
    values = {"to": "0", "reason": "Flytta"}
    answers = together(
        lambda: one.post(path, data=values).status_code, lambda: other.post(path, data=values).status_code
    )
    assert sorted(answers) == [303, 422]
    db.session.rollback()
    assert parts(desk) == [("ljungbacken", "withdrawn", 6), ("rullande", "offered", 6)]


def test_what_lies_with_us_is_asked_for_again_when_somebody_has_got_room(desk, visit):
    order = order_of(150)
    assert order.lines[0].unassigned == 16, "94 left at Ljungbacken and 40 at Rullande"
    sam = visit(SAM)
    assert sam.post(f"{where(order)}/fordela", data={"to": "0"}).status_code == 409, "still nobody has room"
    offering = db.session.scalars(select(make.Offering)).first()
    offering.capacity_per_week = Decimal(200)
    db.session.commit()
    assert sam.post(f"{where(order)}/fordela", data={"to": "0"}).status_code == 303
    db.session.expire_all()
    assert order.lines[0].unassigned == 0


def test_what_nobody_can_make_is_struck_and_the_rest_is_invoiced(desk, visit, clock, outbox, work_off):
    order = order_of(150)
    sam = visit(SAM)
    for assignment in list(order.assignments):
        visit(assignment.member.email).post(f"/medlem/uppdrag/{assignment.id}/ja")
    clock.move(days=4)
    for assignment in list(order.assignments):
        visit(assignment.member.email).post(f"/medlem/uppdrag/{assignment.id}/levererat")
    db.session.expire_all()
    assert order.state == OrderState.PLACED, "sixteen baskets still lie with us"
    line = order.lines[0]
    assert sam.post(f"{where(order)}/stryk/{line.id}", data={"reason": ""}).status_code == 422
    answer = sam.post(f"{where(order)}/stryk/{line.id}", data={"reason": "Kunden klarar sig med 134."})
    assert answer.status_code == 303
    db.session.expire_all()
    assert order.state == OrderState.DELIVERED
    assert order.net == make.Money(21200).times(134)
    assert any("klarar sig med 134" in letter.body for letter in outbox.to("kontor@nordbyn.example"))
    work_off()
    assert sam.get(f"{where(order)}/fakturor/1.pdf").status_code == 200


def test_the_heaps_count_and_find(desk, visit):
    order = order_of(150)
    sam = visit(SAM)
    page = text(sam.page("/personal/"))
    assert "1 ligger hos oss" in page
    assert "2 väntar på svar" in page
    found = text(sam.page(f"/personal/bestallningar?q={order.number}"))
    assert str(order.number) in found
    assert str(desk.number) not in found.replace(str(order.number), "")
    assert "Inga beställningar här" in text(sam.page("/personal/bestallningar?q=%25_%27"))


def test_the_desk_asks_as_few_questions_for_forty_orders_as_for_two(desk, visit, queries):
    sam = visit(SAM)
    sam.get("/personal/bestallningar")
    with queries() as few:
        sam.get("/personal/bestallningar")
    for quantity in range(200, 240):
        order_of(quantity)
    with queries() as many:
        sam.get("/personal/bestallningar")
    assert len(many) <= len(few) <= 14


def test_an_absent_member_is_not_asked(desk, visit):
    ljungbacken = db.session.scalars(select(make.Member).where(make.Member.slug == "ljungbacken")).one()
    values = {"first_day": FRIDAY.isoformat(), "last_day": FRIDAY.isoformat(), "reason": "Studiedag"}
    assert visit(SAM).post(f"/personal/medlemmar/{ljungbacken.id}/franvaro", data=values).status_code == 303
    assert parts(order_of(3)) == [("rullande", "offered", 3)]
