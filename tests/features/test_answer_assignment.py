"""A member answers: yes, yes to a part, no - and what it leaves goes to the next before the customer notices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.db import db
from app.errors import Refused
from app.orders.cart import Delivery
from app.orders.models import Assignment, Order
from app.orders.states import AssignmentState, OrderState
from tests import make
from tests.furnished import furnished
from tests.people import text, together

FRIDAY = date(2026, 11, 27)
DELIVERY = Delivery(FRIDAY, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480")


@furnished
def kiosk(app):
    """Ljungbacken and Rullande can both make fruit baskets; Ljungbacken is asked first. Nordbyn has ordered six."""
    make.make_sales_company()
    ljungbacken, rullande = make.make_ljungbacken(), make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")
    fruit = make.make_article()
    make.make_offering(fruit, ljungbacken)
    make.make_offering(fruit, rullande)
    for member in (ljungbacken, rullande):
        make.make_user(member.email, member=member)
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_sam()
    return make_order({fruit.id: Decimal(6)})


def make_order(cart) -> Order:
    customer = db.session.scalars(select(make.Customer)).one()
    user = db.session.scalars(select(make.User).where(make.User.email == "kontor@nordbyn.example")).one()
    order = orderflow.checkout(
        cart, DELIVERY, customer=customer, ticket=f"ticket-{len(cart)}", by=user, now=app_clock.now()
    )
    db.session.commit()
    return order


def parts(order: Order) -> list[tuple[str, str, Decimal]]:
    db.session.expire_all()
    return [(one.member.slug, one.state.value, sum(line.quantity for line in one.lines)) for one in order.assignments]


def path(order: Order, place: int = 0) -> str:
    return f"/medlem/uppdrag/{order.assignments[place].id}"


def test_yes_confirms_the_order(kiosk, visit):
    ljungbacken = visit("ljungbacken@medlem.example")
    assert ljungbacken.fill(path(kiosk), {}, form="form[action$='/ja']").status_code == 303
    assert parts(kiosk) == [("ljungbacken", "accepted", 6)]
    assert kiosk.state == OrderState.CONFIRMED
    page = text(visit("kontor@nordbyn.example").page(f"/bestallningar/{kiosk.number}"))
    assert "6 kommer från Ljungbacken" in page


def test_after_a_yes_the_member_reads_whom_it_is_for_and_what_is_known_of_the_door(kiosk, visit):
    kiosk.customer.phone, kiosk.customer.sites[0].note = "031-390 06 44", "Köket till höger"
    kiosk.note, kiosk.lines[0].article.deposit = "Ring på", make.Money(6000)
    db.session.commit()
    ljungbacken, page = visit("ljungbacken@medlem.example"), f"/medlem/uppdrag/{kiosk.assignments[0].id}"
    told = ("Nordbyn Teknik AB", "031-390 06 44", "Köket till höger", "tomt emballage med pant")
    before = text(ljungbacken.page(page))
    assert [words for words in told if words in before] == []
    ljungbacken.post(f"{page}/ja")
    after = text(ljungbacken.page(page))
    assert [words for words in (*told, "Ring på") if words not in after] == []


def test_no_with_a_reason_passes_the_work_on_and_the_customer_never_learns_of_it(kiosk, visit, outbox):
    ljungbacken = visit("ljungbacken@medlem.example")
    assert ljungbacken.fill(path(kiosk), {"reason": "Semester"}, form="form[action$='/nej']").status_code == 303
    assert parts(kiosk) == [("ljungbacken", "declined", 6), ("rullande", "offered", 6)]
    assert len(outbox.to("rullande@medlem.example")) == 1
    page = visit("kontor@nordbyn.example").get(f"/bestallningar/{kiosk.number}").text
    assert "Ljungbacken" not in page
    assert "Semester" not in page
    staff = text(visit("sam@samklang.example").page(f"/personal/bestallningar/{kiosk.number}"))
    assert "Semester" in staff


def test_yes_to_a_part_leaves_the_rest_to_the_next(kiosk, visit):
    ljungbacken = visit("ljungbacken@medlem.example")
    line = kiosk.assignments[0].lines[0].id
    ljungbacken.fill(path(kiosk), {f"quantity-{line}": "4"}, form="form[action$='/ja']")
    assert parts(kiosk) == [("ljungbacken", "accepted", 4), ("rullande", "offered", 2)]


def test_when_all_have_said_no_it_lies_with_staff(kiosk, visit):
    visit("ljungbacken@medlem.example").post(f"{path(kiosk)}/nej", data={"reason": "Fullt"})
    db.session.expire_all()
    visit("rullande@medlem.example").post(f"{path(kiosk, 1)}/nej", data={"reason": "Fullt"})
    assert parts(kiosk) == [("ljungbacken", "declined", 6), ("rullande", "declined", 6)]
    assert kiosk.lines[0].unassigned == 6
    page = text(visit("kontor@nordbyn.example").page(f"/bestallningar/{kiosk.number}"))
    assert "6: vi återkommer" in page


@pytest.mark.parametrize("quantity", ["7", "-1", "1,5", "x", "1e3", "9" * 50])
def test_more_than_was_asked_for_or_nonsense_is_refused(kiosk, visit, quantity):
    ljungbacken = visit("ljungbacken@medlem.example")
    line = kiosk.assignments[0].lines[0].id
    assert ljungbacken.post(f"{path(kiosk)}/ja", data={f"quantity-{line}": quantity}).status_code == 422
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]


def test_all_noughts_is_no_yes(kiosk, visit):
    line = kiosk.assignments[0].lines[0].id
    answer = visit("ljungbacken@medlem.example").post(f"{path(kiosk)}/ja", data={f"quantity-{line}": "0"})
    assert answer.status_code == 422
    assert "Tacka nej i stället" in answer.text


def test_no_without_a_reason_is_asked_for_one(kiosk, visit):
    answer = visit("ljungbacken@medlem.example").post(f"{path(kiosk)}/nej", data={"reason": "  "})
    assert answer.status_code == 422
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]


def test_another_members_assignment_looks_as_if_it_were_not_there(kiosk, visit):
    rullande = visit("rullande@medlem.example")
    assert rullande.get(path(kiosk)).status_code == 404
    for act in ("ja", "nej", "levererat"):
        assert rullande.post(f"{path(kiosk)}/{act}", data={"reason": "x"}).status_code == 404
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]


def test_customers_and_strangers_stay_outside(kiosk, visit):
    assert visit("kontor@nordbyn.example").get(path(kiosk)).status_code == 403
    answer = visit(None).get(path(kiosk))
    assert answer.status_code == 302
    assert "/logga-in" in answer.location


def test_too_late_is_refused(kiosk, visit, clock):
    clock.set(kiosk.assignments[0].answer_before)
    clock.move(minutes=1)
    ljungbacken = visit("ljungbacken@medlem.example")
    assert "Svarstiden har gått ut" in text(ljungbacken.page(path(kiosk)))
    assert ljungbacken.post(f"{path(kiosk)}/ja").status_code == 422
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]


def test_silence_passes_the_work_on(kiosk, clock, work_off, outbox):
    clock.set(kiosk.assignments[0].answer_before)
    clock.move(minutes=1)
    orderflow.expire_all(app_clock.now())
    work_off()
    assert parts(kiosk) == [("ljungbacken", "expired", 6), ("rullande", "offered", 6)]
    assert any("gått vidare" in subject for subject in outbox.subjects_to("ljungbacken@medlem.example"))
    orderflow.expire_all(app_clock.now())
    work_off()
    assert len(parts(kiosk)) == 2, "run twice it finds nothing left to do"


@pytest.mark.both
def test_two_people_answer_at_once_one_wins_and_the_other_is_told(kiosk, visit):
    one, other = visit("ljungbacken@medlem.example"), visit("ljungbacken@medlem.example")
    where = path(kiosk)
    answers = together(
        lambda: one.post(f"{where}/ja").status_code,
        lambda: other.post(f"{where}/nej", data={"reason": "Fullt"}).status_code,
    )
    db.session.rollback()
    assert sorted(answers) == [303, 422]
    states = [state for _member, state, _quantity in parts(kiosk)]
    assert states in (["accepted"], ["declined", "offered"])


def test_delivery_is_reported_on_the_day_and_brings_the_invoice(kiosk, visit, clock, work_off, outbox):
    ljungbacken = visit("ljungbacken@medlem.example")
    assert ljungbacken.post(f"{path(kiosk)}/levererat").status_code == 409, "nobody has said yes"
    ljungbacken.post(f"{path(kiosk)}/ja")
    assert "inte kommit än" in text(ljungbacken.page(path(kiosk)))
    clock.move(days=4)
    assert ljungbacken.post(f"{path(kiosk)}/levererat").status_code == 303
    db.session.expire_all()
    assert kiosk.state == OrderState.DELIVERED
    assert ljungbacken.post(f"{path(kiosk)}/levererat").status_code == 409, "once is enough"
    work_off()
    letters = outbox.to("kontor@nordbyn.example")
    assert [letter.kind for letter in letters] == ["order_confirmation", "order_delivered", "invoice"]
    assert letters[-1].attachment.name == "faktura-10001.pdf"
    answer = visit("kontor@nordbyn.example").get(f"/bestallningar/{kiosk.number}/fakturor/1.pdf")
    assert answer.data.startswith(b"%PDF-")


@pytest.mark.both
def test_two_members_who_deliver_last_at_the_same_moment_bring_one_invoice(kiosk, visit, clock, work_off):
    line = kiosk.assignments[0].lines[0].id
    visit("ljungbacken@medlem.example").post(f"{path(kiosk)}/ja", data={f"quantity-{line}": "3"})
    db.session.expire_all()
    visit("rullande@medlem.example").post(f"{path(kiosk, 1)}/ja")
    db.session.expire_all()
    clock.move(days=4)
    first, second = path(kiosk), path(kiosk, 1)
    one, other = visit("ljungbacken@medlem.example"), visit("rullande@medlem.example")
    answers = together(
        lambda: one.post(f"{first}/levererat").status_code, lambda: other.post(f"{second}/levererat").status_code
    )
    assert answers == [303, 303]
    db.session.rollback()
    db.session.expire_all()
    assert kiosk.state == OrderState.DELIVERED
    staff = visit("sam@samklang.example")
    where = f"/personal/bestallningar/{kiosk.number}"
    assert staff.get(f"{where}/fakturor/1.pdf").status_code == 409, "a worker has not printed it yet"
    assert "Fakturan skrivs ut" in text(staff.page(where))
    work_off()
    assert staff.get(f"{where}/fakturor/1.pdf").status_code == 200


def test_a_member_sees_only_its_own_lines(kiosk, visit):
    make.make_kokljus()
    sandwich = make.make_article("Smörgås med hemligt pris", price=make.Money(777700))
    make.make_offering(sandwich, db.session.scalars(select(make.Member).where(make.Member.slug == "kokljus")).one())
    order = make_order(
        {
            sandwich.id: Decimal(3),
            db.session.scalars(select(make.Article).order_by(make.Article.id)).first().id: Decimal(2),
        }
    )
    mine = next(one for one in order.assignments if one.member.slug in {"ljungbacken", "rullande"})
    page = visit(mine.member.email).get(f"/medlem/uppdrag/{mine.id}").text
    assert "Fruktkorg" in page
    assert "Smörgås" not in page
    assert "7 777" not in page


def test_states_cannot_be_gone_round(kiosk):
    assignment = db.session.scalars(select(Assignment)).one()
    with pytest.raises(Refused, match="obesvarat"):
        assignment.state = AssignmentState.DELIVERED


def test_after_a_no_the_customers_address_is_gone_from_the_members_page(kiosk, visit):
    kiosk.note = "Portkod 1234"
    ljungbacken = visit("ljungbacken@medlem.example")
    assert "Portkod 1234" in text(ljungbacken.page(path(kiosk)))
    ljungbacken.post(f"{path(kiosk)}/nej", data={"reason": "Fullt"})
    page = text(ljungbacken.page(path(kiosk)))
    assert "Portkod" not in page
    assert "Köpgatan" not in page


def test_the_customer_does_not_learn_that_a_member_took_only_a_part(kiosk, visit):
    line = kiosk.assignments[0].lines[0].id
    visit("ljungbacken@medlem.example").post(f"{path(kiosk)}/ja", data={f"quantity-{line}": "4"})
    assert "en del" not in text(visit("kontor@nordbyn.example").page(f"/bestallningar/{kiosk.number}"))


@pytest.mark.parametrize("number", ["2147483648", "9" * 25])
def test_a_number_that_no_row_can_have_is_just_not_there(kiosk, visit, number):
    assert visit("kontor@nordbyn.example").get(f"/bestallningar/{number}").status_code == 404
    assert visit("ljungbacken@medlem.example").get(f"/medlem/uppdrag/{number}").status_code == 404
    sam = visit("sam@samklang.example")
    for page in ("bestallningar", "brev", "upphandlingar", "katalog", "medlemmar"):
        assert sam.get(f"/personal/{page}/{number}").status_code == 404
    assert sam.get(f"/personal/bestallningar?fore={number}").status_code == 200
