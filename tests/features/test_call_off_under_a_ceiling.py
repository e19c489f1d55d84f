"""Whatever is called off counts against the agreement's ceiling at once, and never passes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import adjustflow, approvalflow, changeflow, complaintflow, deliveryflow, jobs, orderflow
from app import clock as app_clock
from app.accounts.models import User
from app.catalog.models import ApprovalState
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders import complaint_queries, complaints
from app.orders import queries as order_queries
from app.orders.agreements.models import Agreement, CallOff, CeilingWarning
from app.orders.delivery import returns
from app.orders.models import Order, OrderLine
from app.orders.states import OrderState
from tests import make, price_lists, quote_case, standing_case
from tests.agreement_case import DELIVERY, NUMBER, call_off, counted, make_agreement
from tests.furnished import furnished
from tests.people import document, save, text, together

pytestmark = pytest.mark.both

ORDERS, AT_ONCE = 50, 8


@furnished
def agreement(app) -> Agreement:
    """Fruit baskets at 200 kr, and a ceiling of 10 000 kr: fifty baskets."""
    make.make_sales_company()
    member = make.make_ljungbacken()
    fruit = make.make_article()
    make.make_offering(fruit, member, capacity_per_week=Decimal(1000))
    make.make_user(member.email, member=member)
    make.make_user(make.VASTERHAMN["email"], customer=make.make_vasterhamn())
    make.make_user(make.NORDBYN["email"], customer=make.make_nordbyn())
    make.make_sam()
    return make_agreement({fruit: 20_000}, db.session.scalars(select(Customer)).all(), ceiling=10_000)


def customer(name: str) -> Customer:
    return db.session.scalars(select(Customer).where(Customer.name == name)).one()


def vasterhamn() -> Customer:
    return customer("Västerhamns kommun")


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()


def order(agreement: Agreement, quantity: int, **values) -> Order:
    article = agreement.price_list.rows[0].article_id
    return call_off(article, quantity, values.pop("customer", None) or vasterhamn(), **values)


def test_an_order_counts_at_once_and_for_each_buyer(agreement):
    order(agreement, 10)
    order(agreement, 5, customer=customer("Nordbyn Teknik AB"))
    assert counted(agreement) == Money.kronor(3000)
    assert agreement.left == Money.kronor(7000)
    rows = db.session.execute(select(CallOff.customer_id, CallOff.counted, CallOff.day).order_by(CallOff.counted))
    assert [(one.counted, one.day.isoformat()) for one in rows] == [
        (Money.kronor(1000), "2026-11-23"),
        (Money.kronor(2000), "2026-11-23"),
    ]


def test_what_would_pass_the_ceiling_is_refused_in_words_and_nothing_of_it_is_saved(agreement):
    order(agreement, 45)
    with pytest.raises(Refused, match=r"INK 2026/114 har 1\xa0000,00\xa0kr kvar .* det här kostar 1\xa0200,00\xa0kr"):
        order(agreement, 6)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
    assert counted(agreement) == Money.kronor(9000)
    order(agreement, 5)
    assert counted(agreement) == agreement.ceiling
    with pytest.raises(Refused, match="Avtalet INK 2026/114 är fullt"):
        order(agreement, 1)


def test_fifty_call_offs_at_the_same_moment_never_pass_the_ceiling(app, agreement):
    """Each wants three baskets: sixteen fit, and thirty-four are told that they do not."""
    article, whose = agreement.price_list.rows[0].article_id, vasterhamn().id

    def one(number: int) -> str:
        with app.app_context():
            try:
                orderflow.checkout(
                    {article: Decimal(3)},
                    DELIVERY,
                    customer=db.session.get_one(Customer, whose),
                    ticket=f"ticket-{number}",
                    by=None,
                    now=app_clock.now(),
                )
                db.session.commit()
            except Refused as no:
                db.session.rollback()
                return str(no)
            return "ordered"

    save()
    with ThreadPoolExecutor(AT_ONCE) as web:
        told = list(web.map(lambda number: Context().run(one, number), range(ORDERS)))
    db.session.rollback()
    assert told.count("ordered") == 16
    assert all("har 400,00\xa0kr kvar" in words or words == "ordered" for words in told)
    assert counted(agreement) == Money.kronor(9600)
    assert db.session.scalar(select(func.count()).select_from(Order)) == 16
    assert db.session.scalars(select(CeilingWarning.percent).order_by(CeilingWarning.percent)).all() == [70, 85, 95]


def test_each_level_is_told_once_to_staff_and_stands_on_the_page(agreement, outbox, visit):
    def letters() -> list[str]:
        jobs.work_off()
        return [one for one in outbox.subjects_to("sam@samklang.example") if NUMBER in one]

    first = order(agreement, 34)
    assert letters() == []
    order(agreement, 1)
    assert letters() == ["70 % av takvärdet är avropat: INK 2026/114"]
    changeflow.cancel(db.session.get_one(Order, first.id), by=sam(), now=app_clock.now())
    db.session.commit()
    assert counted(agreement) == Money.kronor(200)
    order(agreement, 49)
    assert letters()[1:] == [
        "85 % av takvärdet är avropat: INK 2026/114",
        "95 % av takvärdet är avropat: INK 2026/114",
        "Takvärdet är nått: INK 2026/114",
    ]
    page = text(visit("sam@samklang.example").page(f"/personal/ramavtal/{agreement.id}").cssselect("main")[0])
    assert "100 %" in page
    assert "0,00 kr kvar" in page.replace("\xa0", " ")


def test_each_level_is_told_anew_under_a_ceiling_that_was_changed(agreement, outbox, visit):
    def told() -> list[str]:
        jobs.work_off()
        heads = [one for one in outbox.subjects_to("sam@samklang.example") if NUMBER in one]
        return [one.split(" % ")[0] for one in heads]

    def change(ceiling: str) -> str:
        typed = {"ceiling": ceiling, "reason": "Köparen har skrivit om avtalet"}
        browser = visit("sam@samklang.example")
        assert browser.post(f"/personal/ramavtal/{agreement.id}/takvarde", data=typed).status_code == 303
        return text(browser.page(f"/personal/ramavtal/{agreement.id}").cssselect("main")[0])

    order(agreement, 48)
    assert told() == ["70", "85", "95"]
    page = change("20000")
    assert "48 %" in page.replace("\xa0", " ")
    assert "nåddes" not in page, "no level is reached under the new ceiling"
    order(agreement, 25)
    assert told()[3:] == ["70"], "73 per cent of the new ceiling"
    assert "85 % nåddes" in change("16000").replace("\xa0", " "), "14 600 of it are called off"
    assert told()[4:] == ["85"], "said as soon as it is so"


def test_changes_count_too_and_a_change_that_passes_the_ceiling_leaves_the_order_as_it_was(agreement, clock):
    made = order(agreement, 40)
    line = made.lines[0].id
    wish = changeflow.Wish({line: Decimal(30)}, made.delivery_day, changeflow.marks_of(made))
    changeflow.change(made, wish, by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(6000)
    order(agreement, 15)
    wish = changeflow.Wish({line: Decimal(36)}, made.delivery_day, changeflow.marks_of(made))
    with pytest.raises(Refused, match="har 1\xa0000,00\xa0kr kvar"):
        changeflow.change(db.session.get_one(Order, made.id), wish, by=sam(), now=clock.now)
    db.session.rollback()
    assert db.session.get_one(OrderLine, line).quantity - db.session.get_one(OrderLine, line).called_off == 30
    assert counted(agreement) == Money.kronor(9000)


def test_what_is_called_off_leaves_room_again(agreement, clock):
    first = order(agreement, 50)
    changeflow.cancel(first, by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(0)
    order(agreement, 50)
    assert counted(agreement) == agreement.ceiling


def test_an_order_that_waits_for_approval_counts_until_somebody_says_no(agreement, clock):
    whose = vasterhamn()
    approver = make.make_user("chef@vasterhamn.example", customer=whose)
    orderer = db.session.scalars(select(User).where(User.email == make.VASTERHAMN["email"])).one()
    approvalflow.set_limit(whose, Money.kronor(1000), by=orderer, now=clock.now)
    db.session.commit()
    made = order(agreement, 20, by=orderer)
    assert made.state == OrderState.AWAITING
    assert counted(agreement) == Money.kronor(4000)
    approvalflow.decline(made, "För dyrt", by=approver, now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(0)


def test_what_is_credited_after_a_complaint_no_longer_counts(agreement, clock):
    made = order(agreement, 10)
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    orderflow.deliver(assignment, by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(2000)
    complaint = complain(made)
    complaintflow.make_cheaper(complaint, Money.kronor(300), "Vi drar av", borne=Money(0), by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(1700)


def complain(made: Order):
    part = complaint_queries.delivered_in(made)[0]
    told = complaints.Told(Decimal(2), "Mosade päron")
    return complaintflow.complain(part, told, by=sam(), now=app_clock.now())


def test_what_is_beside_the_agreement_does_not_count(agreement):
    other = make.make_article("Blomkorg")
    make.make_offering(other, agreement.price_list.rows[0].article.offerings[0].member)
    db.session.commit()
    call_off(other.id, 3, vasterhamn())
    assert counted(agreement) == Money.kronor(0)


def test_the_checkout_says_it_in_words_and_keeps_what_was_typed(agreement, visit):
    order(agreement, 48)
    browser = visit(make.VASTERHAMN["email"])
    article = agreement.price_list.rows[0].article_id
    browser.post("/varukorg/lagg-i", data={"article": str(article), "quantity": "3"})
    typed = {"day": date(2026, 12, 4).isoformat(), "buyer_reference": "Kim", "order_reference": "4711"}
    answer = browser.fill("/kassa", typed)
    assert answer.status_code == 422
    assert "har 400,00\xa0kr kvar" in answer.text
    assert "4711" in answer.text
    assert counted(agreement) == Money.kronor(9600)


def test_the_ceiling_is_said_before_that_nobody_can_deliver_so_much(agreement, visit):
    browser, article = visit(make.VASTERHAMN["email"]), agreement.price_list.rows[0].article_id
    browser.post("/varukorg/lagg-i", data={"article": str(article), "quantity": "2000"})
    answer = browser.fill("/kassa", {"day": "2026-12-04", "buyer_reference": "Kim", "order_reference": "4711"})
    assert answer.status_code == 422
    said = text(document(answer).cssselect("[role=alert], .error-summary")[0])
    assert "kvar av sitt takvärde" in said, "at the first press"
    assert "Ingen kan leverera" not in said


def test_what_a_quote_sells_of_the_agreement_is_called_off_too(agreement, visit):
    """A buyer that is bound to an agreement cannot buy beside it, at a lower price, what stands in it."""
    browser, article = visit(make.NORDBYN["email"]), agreement.price_list.rows[0].article_id
    quote = quote_case.send(visit("sam@samklang.example"), quote_case.ask(browser, article, "6"), price="190")
    assert quote_case.accept(browser, quote).status_code == 303
    assert counted(agreement) == Money.kronor(1140)
    assert db.session.scalars(select(OrderLine)).one().price_because.startswith("Offert")


def test_each_time_of_a_standing_order_counts_when_it_is_ordered(app, agreement, clock, outbox):
    """Fifteen baskets a week are 3 000 kr: three times fit under the ceiling, and of the fourth people are told."""
    whose = customer("Nordbyn Teknik AB")
    standing = standing_case.start({agreement.price_list.rows[0].article_id: Decimal(15)}, customer=whose)
    assert counted(agreement) == Money(0), "what is agreed on is not called off yet"
    for _week in range(6):
        standing_case.minute(app, 2)
        clock.move(days=7)
    assert [state for _day, state in standing_case.times(standing)][:4] == ["ordered", "ordered", "ordered", "missed"]
    assert counted(agreement) == Money.kronor(9000)
    told = [one for one in outbox.to(make.NORDBYN["email"]) if "kvar av sitt takvärde" in one.body]
    assert told


def test_a_standing_order_says_before_and_after_it_starts_that_the_agreement_does_not_suffice(agreement, visit):
    order(agreement, 49)
    browser, article = visit(make.NORDBYN["email"]), agreement.price_list.rows[0].article_id
    browser.post("/varukorg/lagg-i", data={"article": str(article), "quantity": "2"})
    typed = {"name": "Frukt", "day": "2026-12-03", "weekdays": ["3"], "then": "look"}
    seen = browser.fill("/staende/ny", typed)
    said = "Varje gång kostar 400,00 kr av avtalet INK 2026/114, vars takvärde har 200,00 kr kvar"
    assert said in text(document(seen).cssselect("main")[0]).replace("\xa0", " ")
    whose = customer("Nordbyn Teknik AB")
    standing = standing_case.start({article: Decimal(2)}, customer=whose)
    page = text(browser.page(f"/staende/{standing.id}").cssselect("main")[0]).replace("\xa0", " ")
    assert said in page
    assert "i avtalet INK 2026/114, som gäller till och med" in page


def test_why_it_was_changed_and_ended_stands_on_the_page_and_buyers_are_told(agreement, visit, outbox):
    standing_case.start({agreement.price_list.rows[0].article_id: Decimal(2)}, customer=customer("Nordbyn Teknik AB"))
    browser, page = visit("sam@samklang.example"), f"/personal/ramavtal/{agreement.id}"
    browser.post(f"{page}/takvarde", data={"ceiling": "20000", "reason": "Beslut KS 12"})
    ended = {"end-last_day": "2026-12-31", "end-reason": "Köparen har hävt avtalet"}
    assert browser.post(f"{page}/avsluta", data=ended).status_code == 303
    told = text(browser.page(page).cssselect("main")[0]).replace("\xa0", " ")
    assert "taket blev 20 000,00 kr i stället för 10 000,00 kr. Beslut KS 12" in told
    assert "Köparen har hävt avtalet" in told
    jobs.work_off()
    (letter,) = [one for one in outbox.to(make.NORDBYN["email"]) if "slutar i förtid" in one.subject]
    assert "Köparen har hävt avtalet" in letter.body
    assert "- Fruktkorgar" in letter.body


def test_what_is_weighed_counts_as_it_came_out_and_never_passes_the_ceiling(agreement, clock):
    pears = make.make_article("Päron", unit="KGM")
    make.make_offering(pears, agreement.price_list.rows[0].article.offerings[0].member)
    price_lists.set_prices(agreement.price_list, pears, 10_000)
    made = call_off(pears.id, 95, vasterhamn())
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    db.session.commit()
    share = assignment.lines[0]
    adjustflow.weigh(share, Decimal("97.5"), "", by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(9750)
    with pytest.raises(Refused, match="har 250,00\xa0kr kvar"):
        adjustflow.weigh(db.session.get_one(type(share), share.id), Decimal("101.5"), "", by=sam(), now=clock.now)
    db.session.rollback()
    assert counted(agreement) == Money.kronor(9750)
    adjustflow.weigh(db.session.get_one(type(share), share.id), Decimal(90), "", by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(9000)


def test_goods_that_come_back_no_longer_count(agreement, clock):
    made = order(agreement, 10)
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    orderflow.deliver(assignment, by=sam(), now=clock.now)
    db.session.commit()
    back = deliveryflow.send_back(returns.returnable_in(made)[0], Decimal(4), "För många", by=sam(), now=clock.now)
    deliveryflow.receive(back, Decimal(4), "", by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(1200)


def test_two_changes_of_one_order_and_a_new_one_at_the_same_moment_stay_under_it(app, agreement):
    made, whose = order(agreement, 30), vasterhamn().id
    article, line, order_id = agreement.price_list.rows[0].article_id, made.lines[0].id, made.id

    def change(to: int) -> str:
        with app.app_context():
            held = order_queries.hold(order_id)
            wish = changeflow.Wish({line: Decimal(to)}, held.delivery_day, changeflow.marks_of(held))
            return tried(lambda: changeflow.change_for_customer(held, wish, "Fler", by=sam(), now=app_clock.now()))

    def new() -> str:
        with app.app_context():
            buyer = db.session.get_one(Customer, whose)
            values = {"customer": buyer, "ticket": "new", "by": None, "now": app_clock.now()}
            return tried(lambda: orderflow.checkout({article: Decimal(15)}, DELIVERY, **values))

    told = together(lambda: Context().run(change, 45), lambda: Context().run(change, 40), lambda: Context().run(new))
    db.session.rollback()
    assert told.count("done") >= 1
    assert counted(agreement) <= Money.kronor(10_000)
    kept = Money.total(one.net for one in db.session.scalars(select(Order)))
    assert kept == agreement.called_off


def tried(act) -> str:
    try:
        act()
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return str(no)
    return "done"


def test_an_order_without_an_agreement_asks_nothing_of_agreements(agreement, queries):
    other = make.make_article("Blomkorg")
    make.make_offering(other, agreement.price_list.rows[0].article.offerings[0].member)
    whose = make.make_customer()
    db.session.commit()
    with queries() as asked:
        call_off(other.id, 3, whose)
    assert not [one for one in asked if "call_off" in one.replace("order_line.called_off", "") and "call_off." in one]
    assert not [one for one in asked if " agreement " in one or "agreement_list" in one]


def test_what_stands_in_the_agreement_alone_has_its_page_for_staff(agreement, visit):
    article = agreement.price_list.rows[0].article
    article.state = ApprovalState.WITHDRAWN
    db.session.commit()
    own = make.make_article("Provsmakning", state=ApprovalState.AGREED)
    db.session.commit()
    browser = visit("sam@samklang.example")
    assert "Bara i ett ramavtal" in browser.get(f"/personal/katalog/{own.id}").text
    assert "Provsmakning" in browser.get("/personal/katalog?lage=agreed").text
