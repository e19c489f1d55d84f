"""A member leaves a framework agreement: a plan, others take over from a day, and what was is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import jobs
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.members.models import Member
from app.money import Money
from app.orders import routing_actions as routing
from app.orders.agreements.models import Agreement, AgreementLeaving, AgreementPart
from app.orders.models import Assignment, Order
from app.orders.routing_actions import PolicyDraft
from app.orders.routing_values import PolicyKind
from app.orders.states import AssignmentState
from tests import make, standing_case
from tests.agreement_case import DELIVERY, agreement_with, call_off, make_agreement
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import document, text
from tests.price_lists import make_list

SAM = "sam@samklang.example"
FIRST = date(2026, 12, 1)


@furnished
def agreement(app) -> Agreement:
    """Ljungbacken makes 1 500 baskets a year and Rullande 500; Rullande could make 1 000 more."""
    make.make_sales_company()
    members = [make.make_ljungbacken(), make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")]
    fruit = make.make_article()
    for member, weekly in zip(members, (50, 29), strict=True):
        make.make_offering(fruit, member, capacity_per_week=Decimal(weekly))
        make.make_user(member.email, member=member)
    make.make_vasterhamn()
    sam = make.make_sam()
    made = make_agreement({fruit: 20_000}, db.session.scalars(select(Customer)).all(), ceiling=1_000_000)
    places = {members[0].id: 750, members[1].id: 250}
    draft = PolicyDraft(PolicyKind.SHARES, places, only_listed=True)
    routing.set_policy(made.price_list, draft, by=sam, now=house_clock.now())
    for member, yearly in zip(members, (1500, 500), strict=True):
        db.session.add(
            AgreementPart(
                agreement_id=made.id,
                member=member,
                article=fruit,
                ref="1",
                yearly=Decimal(yearly),
                first_day=made.first_day,
            )
        )
    db.session.commit()
    return made


def member(slug: str) -> Member:
    return db.session.scalars(select(Member).where(Member.slug == slug)).one()


def where(agreement: Agreement) -> str:
    return f"/personal/ramavtal/{agreement.id}/medlem/{member('ljungbacken').id}"


def leave(agreement: Agreement, visit, **values: str):
    """Read the plan for a day, and confirm it; or only read it."""
    browser, typed = visit(SAM), {"from_day": FIRST.isoformat(), "reason": "Lägger ner köket", **values}
    seen = browser.fill(where(agreement), {**typed, "then": "look"})
    if values.get("then") == "look":
        return seen
    form = document(seen).cssselect("main form[method=post]")
    return browser.post(where(agreement), data={**dict(form[0].form_values()), **typed, "then": "decide"})


def parts() -> list[tuple[str, Decimal, str, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(AgreementPart).order_by(AgreementPart.id))
    return [(one.member.slug, one.yearly, str(one.first_day), str(one.last_day)) for one in rows]


def shares(agreement: Agreement) -> dict[str, int]:
    db.session.expire_all()
    return {one.member.slug: one.place for one in routing.policy_of(agreement.price_list).places}


def test_the_plan_is_shown_and_nothing_is_changed(agreement, visit):
    before = parts()
    answer = leave(agreement, visit, then="look")
    words = text_of(answer)
    assert answer.status_code == 200
    assert "Rullande Hjälpen ek. för.: 1 008" in words, "29 a week make 1 508 a year, of which 500 are taken"
    assert "492" in words, "nobody can carry the rest, and it says so"
    assert parts() == before
    assert db.session.scalars(select(AgreementLeaving)).all() == []


def priced(agreement: Agreement, **kronor: str | None) -> None:
    """What each has promised to make the row for."""
    for part in db.session.scalars(select(AgreementPart)):
        price = kronor.get(part.member.slug)
        part.member_price = Money.kronor(price) if price else None
    db.session.commit()


def taken_over() -> AgreementPart:
    db.session.expire_all()
    return db.session.scalars(select(AgreementPart).order_by(AgreementPart.id.desc())).first()


def test_who_takes_over_is_paid_what_it_has_promised_itself(agreement, visit):
    priced(agreement, ljungbacken="430", rullande="432")
    assert "till sitt eget pris, 432,00 kr" in text(document(leave(agreement, visit, then="look"))).replace(
        "\u00a0", " "
    )
    assert leave(agreement, visit).status_code == 303
    assert taken_over().member_price == Money.kronor(432)
    page = text(visit(member("rullande").email).page(f"/medlem/ramavtal/{agreement.id}").cssselect("main")[0])
    assert page.replace("\u00a0", " ").count("432,00 kr") == 2
    assert "430" not in page, "what another member has promised is its own"


@pytest.mark.parametrize("said", [{}, {"price": "431"}, {"said_by": "Kim Exempel"}, {"price": "0", "said_by": "Kim"}])
def test_who_has_no_price_of_its_own_must_have_said_yes_to_one(agreement, visit, said):
    priced(agreement, ljungbacken="430", rullande=None)
    before = parts()
    left = select(AgreementPart.id).where(AgreementPart.member_id == member("ljungbacken").id)
    key = f"agreed-{db.session.scalar(left)}-{member('rullande').id}"
    refused = leave(agreement, visit, **{f"{key}-{name}": value for name, value in said.items()})
    assert refused.status_code == 422
    assert "0" in said.values() or "har inget eget pris för" in text_of(refused)
    assert parts() == before
    agreed = {f"{key}-price": "431", f"{key}-said_by": "Kim Exempel"}
    assert leave(agreement, visit, **agreed).status_code == 303
    assert taken_over().member_price == Money.kronor(431)
    (row,) = db.session.scalars(select(AgreementLeaving)).one().plan["rows"]
    assert row["taken"][0]["said_by"] == "Kim Exempel"


def test_from_the_day_others_have_its_rows_and_its_share(agreement, visit, clock, outbox):
    assert leave(agreement, visit).status_code == 303
    assert parts() == [
        ("ljungbacken", 1500, "2026-11-23", "2026-11-30"),
        ("rullande", 500, "2026-11-23", "None"),
        ("rullande", 1008, "2026-12-01", "None"),
    ]
    jobs.work_off()
    assert shares(agreement) == {"ljungbacken": 750, "rullande": 250}, "the day has not come"
    assert outbox.subjects_to(SAM) == ["Ljungbacken Frukt ek. för. lämnar avtalet: INK 2026/114"]
    clock.set(datetime(2026, 12, 1, 6, 0, tzinfo=UTC))
    jobs.work_off()
    assert shares(agreement) == {"rullande": 1000}
    page = text(visit(SAM).page(f"/personal/ramavtal/{agreement.id}").cssselect("main")[0])
    assert "Lägger ner köket" in page
    assert "492 om året kan ingen ta" in page


def test_what_it_has_in_hand_from_that_day_goes_to_others(agreement, visit):
    order = call_off(agreement.price_list.rows[0].article_id, 10, db.session.scalars(select(Customer)).one())
    assert [one.member.slug for one in order.assignments] == ["ljungbacken"]
    number = str(order.number)
    assert number in text_of(leave(agreement, visit, then="look"))
    leave(agreement, visit)
    jobs.work_off()
    db.session.expire_all()
    found = db.session.scalars(select(Assignment).where(Assignment.order_id == order.id).order_by(Assignment.id)).all()
    assert [(one.member.slug, one.state) for one in found] == [
        ("ljungbacken", AssignmentState.WITHDRAWN),
        ("rullande", AssignmentState.OFFERED),
    ]


def test_a_plan_that_has_changed_since_it_was_read_is_shown_again(agreement, visit):
    browser, typed = visit(SAM), {"from_day": FIRST.isoformat(), "reason": "Lägger ner köket"}
    seen = browser.fill(where(agreement), {**typed, "then": "look"})
    call_off(agreement.price_list.rows[0].article_id, 10, db.session.scalars(select(Customer)).one())
    form = dict(document(seen).cssselect("main form[method=post]")[0].form_values())
    before = parts()
    answer = browser.post(where(agreement), data={**form, **typed, "then": "decide"})
    assert answer.status_code == 422
    assert "Planen är en annan" in answer.text
    assert parts() == before
    form = dict(document(answer).cssselect("main form[method=post]")[0].form_values())
    assert browser.post(where(agreement), data={**form, **typed, "then": "decide"}).status_code == 303


def test_what_comes_before_the_day_stays(agreement, visit):
    order = call_off(agreement.price_list.rows[0].article_id, 10, db.session.scalars(select(Customer)).one())
    leave(agreement, visit, from_day="2026-12-07")
    jobs.work_off()
    db.session.expire_all()
    states = [one.state for one in db.session.get_one(Order, order.id).assignments]
    assert states == [AssignmentState.OFFERED]


def test_nobody_gets_what_it_cannot_take(agreement, visit):
    """Lövskogen does not deliver to the buyer, and Rullande leaves itself."""
    stranger = make.make_member(slug="lovskogen", name="Lövskogen")
    make.make_offering(
        agreement.price_list.rows[0].article, stranger, municipalities=["2080"], capacity_per_week=Decimal(100)
    )
    db.session.add(
        AgreementLeaving(
            agreement_id=agreement.id,
            member_id=member("rullande").id,
            from_day=date(2027, 3, 1),
            reason="Konkurs",
            plan={"rows": []},
            at=house_clock.now(),
            by_name="Sam",
        )
    )
    db.session.commit()
    plan = text_of(leave(agreement, visit, then="look"))
    assert "Lövskogen:" not in plan
    assert "Rullande Hjälpen ek. för.:" not in plan
    leave(agreement, visit)
    kept = db.session.scalars(select(AgreementLeaving).where(AgreementLeaving.reason == "Lägger ner köket")).one()
    assert [(row["taken"], row["uncarried"]) for row in kept.plan["rows"]] == [([], "1500")]


def test_what_is_promised_in_another_agreement_is_no_room(agreement, visit):
    fruit, rullande = agreement.price_list.rows[0].article, member("rullande")
    named = {"name": "Andra korgar", "agreement": "INK 2026/200", "customers": [make.make_nordbyn()]}
    other = agreement_with(make_list(ListKind.FRAMEWORK, {fruit: 20_000}, **named))
    part = {"member": rullande, "article": fruit, "first_day": other.first_day}
    db.session.add(AgreementPart(agreement_id=other.id, yearly=Decimal(800), **part))
    db.session.commit()
    assert "Rullande Hjälpen ek. för.: 208" in text_of(leave(agreement, visit, then="look"))


def test_the_plan_says_which_assignments_nobody_can_take(agreement, visit):
    """Rullande makes 29 in a week; of forty it takes those, and eleven lie with us."""
    order = call_off(agreement.price_list.rows[0].article_id, 40, db.session.scalars(select(Customer)).one())
    assert [one.member.slug for one in order.assignments] == ["ljungbacken"]
    plan = text_of(leave(agreement, visit, then="look"))
    assert "Det här kan ingen ta" in plan
    assert f"{order.number}: 11 st" in plan
    leave(agreement, visit)
    jobs.work_off()
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).lines[0].unassigned == 11, "as the plan said"


def test_who_takes_over_and_who_leaves_are_written_to(agreement, visit, outbox):
    leave(agreement, visit)
    jobs.work_off()
    (taker,) = [one for one in outbox.to(member("rullande").email) if "tar över" in one.subject]
    assert "1 008 om året" in taker.body.replace("\xa0", " ")
    assert "Ljungbacken Frukt ek. för. lämnar avtalet INK 2026/114" in taker.body
    assert f"/medlem/ramavtal/{agreement.id}" in taker.body
    assert "Ni lämnar avtalet: INK 2026/114" in outbox.subjects_to(member("ljungbacken").email)


@pytest.mark.parametrize("day", ["2026-11-01", "2045-01-01"])
def test_the_plan_of_an_impossible_day_is_refused_at_once(agreement, visit, day):
    answer = leave(agreement, visit, from_day=day, then="look")
    assert answer.status_code == 422
    assert "Dagen har redan varit" in answer.text or "Avtalet går ut" in answer.text


def test_who_has_left_is_not_asked_for_a_delivery_from_that_day(agreement, visit):
    """Ordered before the member is gone, but delivered after: the day of delivery counts."""
    article, whose = agreement.price_list.rows[0].article_id, db.session.scalars(select(Customer)).one()
    leave(agreement, visit)
    late = call_off(article, 10, whose)
    assert [one.member.slug for one in late.assignments] == ["rullande"]
    early = call_off(article, 10, whose, delivery=replace(DELIVERY, day=date(2026, 11, 30)))
    assert [one.member.slug for one in early.assignments] == ["ljungbacken"], "it makes what comes before the day"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"from_day": "2026-11-01"}, "Dagen har redan varit"),
        ({"from_day": "2028-12-01"}, "Avtalet går ut"),
        ({"reason": " "}, "Skriv"),
        ({"from_day": "snart"}, "2026-11-30"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(agreement, visit, values, words):
    before = parts()
    answer = leave(agreement, visit, **values)
    assert answer.status_code == 422
    assert words in answer.text
    assert parts() == before


def test_standing_orders_that_hold_what_it_makes_are_named(agreement, visit):
    whose = db.session.scalars(select(Customer)).one()
    whose.needs_order_reference = whose.needs_buyer_reference = False
    make.make_user(BUYER, customer=whose)
    standing_case.start({agreement.price_list.rows[0].article_id: Decimal(2)}, name="Torsdagsfrukt", customer=whose)
    assert "Torsdagsfrukt" in text_of(visit(SAM).get(where(agreement)))
    leave(agreement, visit)
    assert db.session.scalars(select(AgreementLeaving)).one().plan["standing"] == ["Torsdagsfrukt"]


def test_twice_is_once(agreement, visit):
    leave(agreement, visit)
    first = parts()
    typed = {"from_day": FIRST.isoformat(), "reason": "En gång till", "then": "decide"}
    browser = visit(SAM)
    assert browser.post(where(agreement), data=typed).status_code == 303
    assert parts() == first
    assert db.session.scalars(select(AgreementLeaving)).one().reason == "Lägger ner köket"
    page = browser.page(f"/personal/ramavtal/{agreement.id}")
    assert where(agreement) not in [one.get("href") for one in page.cssselect("main a")], "who leaves leaves once"


def test_a_stranger_to_the_agreement_cannot_leave_it(agreement, visit):
    stranger, before = make.make_kokljus().id, parts()
    db.session.commit()
    where_none_is = f"/personal/ramavtal/{agreement.id}/medlem/{stranger}"
    assert visit(SAM).get(where_none_is).status_code == 404
    assert visit(SAM).post(where_none_is, data={"from_day": FIRST.isoformat(), "then": "decide"}).status_code == 404
    assert parts() == before


def text_of(answer) -> str:
    return " ".join(answer.text.replace("\xa0", " ").split())
