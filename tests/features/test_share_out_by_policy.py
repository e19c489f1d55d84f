"""Staff decide how work is shared out: by an agreement's order, a customer's wish, places of work, and what is held."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.orders import routing_actions as actions
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.routing_models import CapacityHold, CustomerWish, RoutingPolicy, Wish
from app.orders.routing_values import PolicyKind
from tests import make
from tests.people import text, together
from tests.price_lists import make_list, publish

WEDNESDAY = date(2026, 12, 2)
RULES = "/personal/fordelning"
SAM = "sam@samklang.example"


class Case:
    """Ljungbacken and Rullande make fruit baskets, 100 a week each; Rullande in Borås has had a little more work."""

    def __init__(self) -> None:
        make.make_sales_company()
        self.ljungbacken = make.make_ljungbacken()
        self.rullande = make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.", municipality=make.BORAS)
        self.fruit = make.make_article(number="FRU-001")
        self.ours = make.make_offering(self.fruit, self.ljungbacken)
        make.make_offering(self.fruit, self.rullande)
        publish(self.fruit)
        self.nordbyn = make.make_nordbyn()
        self.vasterhamn = make.make_vasterhamn()
        make.make_sam()
        make.make_user("eko@samklang.example", roles=[RoleName.FINANCE])
        self.agreement = make_list(ListKind.FRAMEWORK, {self.fruit: 19800}, customers=[self.vasterhamn])
        db.session.commit()

    def order(self, quantity: int, customer: make.Customer, *, day: date = WEDNESDAY, street: str = "Köpgatan 2"):
        delivery = Delivery(day, "Kontoret", street, "411 02", "Göteborg", "1480", "Kim", "4711")
        made = orderflow.checkout(
            {self.fruit.id: Decimal(quantity)},
            delivery,
            customer=customer,
            ticket=f"{street}-{day}-{quantity}-{customer.id}",
            by=None,
            now=app_clock.now(),
        )
        db.session.commit()
        return made


@pytest.fixture
def case(app):
    return Case()


@pytest.fixture
def sam(case, visit):
    return visit(SAM)


def who(order: Order) -> list[tuple[str, Decimal]]:
    db.session.expire_all()
    return [(one.member.slug, line.quantity) for one in order.assignments for line in one.lines]


def ranking(case: Case) -> dict[str, str]:
    return {
        "kind": "ranked",
        "places-0-member": str(case.rullande.id),
        "places-0-place": "1",
        "places-1-member": str(case.ljungbacken.id),
        "places-1-place": "2",
    }


def test_an_agreement_gets_a_ranking_and_its_orders_follow_it(case, sam):
    assert "Frukt" not in text(sam.page(RULES)).split("Ramavtal")[0]
    page = f"{RULES}/regel/{case.agreement.id}"
    assert sam.fill(page, ranking(case)).status_code == 303
    assert "Rangordning" in text(sam.page(RULES))
    assert [one for one, _quantity in who(case.order(5, case.vasterhamn))] == ["rullande"]
    assert [one for one, _quantity in who(case.order(5, case.nordbyn))] == ["ljungbacken"], "no agreement of theirs"
    order = case.order(120, case.vasterhamn, street="Torget 1")
    assert who(order) == [("rullande", 95), ("ljungbacken", 25)], "divided in the agreement's order"
    told = text(sam.page(f"/personal/bestallningar/{order.number}"))
    assert "Regel: rangordning enligt avtal INK 2026/114." in told
    assert "Nummer 1 i avtalets ordning" in told
    assert ("set", "Sam Exempel") in {(one.what, one.by_name) for one in db.session.scalars(select(AuditEvent))}


def test_the_agreements_rule_is_shown_changed_and_taken_away(case, sam):
    page = f"{RULES}/regel/{case.agreement.id}"
    sam.fill(page, ranking(case))
    assert sam.page(page).cssselect("input[name=places-1-place]")[0].get("value") == "2"
    shares = {**ranking(case), "kind": "shares", "places-0-place": "33,5", "places-1-place": "66,5"}
    assert sam.fill(page, shares).status_code == 303
    db.session.expire_all()
    assert sorted(one.place for one in actions.policy_of(case.agreement).places) == [335, 665]
    assert sam.page(page).cssselect("input[name=places-0-place]")[0].get("value") == "33,5"
    assert sam.post(f"{page}/bort").status_code == 303
    assert db.session.scalars(select(RoutingPolicy)).all() == []
    assert sam.post(f"{page}/bort").status_code == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"places-1-place": "1"}, "Två medlemmar har samma nummer"),
        ({"places-1-place": ""}, "Välj en medlem och skriv en siffra"),
        ({"places-1-place": "0"}, "Skriv hela tal från 1"),
        ({"places-1-place": "1,5"}, "Skriv hela tal från 1"),
        ({"places-1-place": "1001"}, "från 1 till 1000"),
        ({"places-1-member": "999999"}, "Välj i listan"),
        ({"kind": "shares"}, "100 procent"),
        ({"kind": "nearest"}, "Välj ett av alternativen"),
        ({"kind": "fair", "only_listed": "y", "places-0-member": "", "places-0-place": "",
          "places-1-member": "", "places-1-place": ""}, "Välj vilka medlemmar"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_and_changes_nothing(case, sam, change, words):
    answer = sam.fill(f"{RULES}/regel/{case.agreement.id}", {**ranking(case), **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(RoutingPolicy)).all() == []


def test_only_framework_agreements_have_rules_of_their_own(case, sam):
    other = make_list(ListKind.CUSTOMER, {case.fruit: 20000}, name="Nordbyn", customers=[case.nordbyn])
    assert sam.get(f"{RULES}/regel/{other.id}").status_code == 404
    assert sam.get(f"{RULES}/regel/999999").status_code == 404


@pytest.mark.both
def test_two_who_write_the_first_house_rule_at_once_leave_one(case, visit):
    one, other = visit(SAM), visit(SAM)
    acts = [lambda person=person: person.post(f"{RULES}/regel", data={"kind": "fair", "near_first": "y"}).status_code
            for person in (one, other)]  # fmt: skip
    assert sorted(set(together(*acts))) in ([303], [303, 422])
    db.session.rollback()
    assert [policy.near_first for policy in db.session.scalars(select(RoutingPolicy))] == [True]


def test_finance_reads_and_others_never_see_it(case, visit):
    finance = visit("eko@samklang.example")
    assert finance.get(RULES).status_code == 200
    assert finance.get(f"{RULES}/regel").status_code == 403
    assert finance.post(f"{RULES}/regel/{case.agreement.id}/bort").status_code == 403
    assert finance.post(f"/personal/kunder/{case.nordbyn.id}/medlemmar").status_code == 403
    make.make_user(case.ljungbacken.email, member=case.ljungbacken)
    assert visit(case.ljungbacken.email).get(RULES).status_code == 403


def test_a_customers_preference_and_bar_are_kept_with_the_customer(case, sam):
    page = f"/personal/kunder/{case.nordbyn.id}"
    wish = {"member": str(case.rullande.id), "wish": "preferred", "reason": "De känner huset."}
    assert sam.fill(f"{page}/medlemmar", wish).status_code == 303
    assert "De känner huset." in text(sam.page(page))
    order = case.order(5, case.nordbyn)
    assert who(order) == [("rullande", 5)]
    assert order.assignments[0].lines[0].chosen_because == "Kunden vill helst ha den."
    barred = {**wish, "wish": "barred", "reason": "Tvist om nycklar."}
    assert sam.fill(f"{page}/medlemmar", barred).status_code == 303
    assert db.session.scalars(select(CustomerWish.wish)).all() == [Wish.BARRED], "one wish about each member"
    assert who(case.order(150, case.nordbyn)) == [("ljungbacken", 100)], "nobody barred, not even for the rest"
    assert sam.post(f"{page}/medlemmar/{case.rullande.id}/bort").status_code == 303
    assert sam.post(f"{page}/medlemmar/{case.rullande.id}/bort").status_code == 409


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"wish": "loved"}, {"member": ""}, {"reason": "x" * 301}])
def test_a_wish_that_cannot_be_is_refused(case, sam, wrong):
    wish = {"member": str(case.rullande.id), "wish": "barred", "reason": "Tvist.", **wrong}
    assert sam.fill(f"/personal/kunder/{case.nordbyn.id}/medlemmar", wish).status_code == 422
    assert db.session.scalars(select(CustomerWish)).all() == []


def test_staff_do_not_hand_work_to_a_barred_member_either(case, sam):
    order = case.order(5, case.nordbyn)
    actions.wish(case.nordbyn, case.rullande, Wish.BARRED, "Tvist.", by=None, now=app_clock.now())
    db.session.commit()
    values = {"to": str(case.rullande.id), "reason": "Flytta"}
    answer = sam.post(f"/personal/bestallningar/{order.number}/flytta/{order.assignments[0].id}", data=values)
    assert answer.status_code == 422
    assert "är spärrad för kunden" in answer.text
    assert who(order) == [("ljungbacken", 5)]


def test_a_place_of_work_in_the_municipality_shortens_the_way(case, sam):
    assert sam.post(f"{RULES}/regel", data={"kind": "fair", "near_first": "y"}).status_code == 303
    case.order(5, case.nordbyn)
    assert [one for one, _q in who(case.order(6, case.vasterhamn, street="Torget 1"))] == ["ljungbacken"]
    place = {"name": "Verkstan", "street": "Ågatan 1", "postcode": "41103", "city": "Göteborg", "municipality": "1480"}
    page = f"/personal/medlemmar/{case.rullande.id}"
    assert sam.fill(f"{page}/arbetsplatser", place).status_code == 303
    assert "Verkstan, Ågatan 1, 411 03 Göteborg" in text(sam.page(page))
    assert [one for one, _q in who(case.order(7, case.vasterhamn, street="Ån 1"))] == ["rullande"], "as near, had less"
    assert sam.fill(f"{page}/arbetsplatser", {**place, "municipality": "9999"}).status_code == 422
    place_id = case.rullande.workplaces[0].id
    assert sam.post(f"/personal/medlemmar/{case.ljungbacken.id}/arbetsplatser/{place_id}/bort").status_code == 409
    assert sam.post(f"{page}/arbetsplatser/{place_id}/bort").status_code == 303


def test_the_next_order_to_the_same_place_that_day_goes_to_who_comes_anyway(case):
    assert who(case.order(5, case.nordbyn)) == [("ljungbacken", 5)]
    order = case.order(6, case.nordbyn)
    assert who(order) == [("ljungbacken", 6)]
    assert order.assignments[0].lines[0].chosen_because == "Kommer ändå till kunden den dagen."
    assert who(case.order(7, case.nordbyn, street="Annangatan 3")) == [("rullande", 7)], "another place: fair turn"
    assert who(case.order(8, case.nordbyn, day=date(2026, 12, 3))) == [("rullande", 8)], "another day"


def test_who_declines_has_had_its_turn(case):
    first = case.order(50, case.nordbyn)
    by = make.make_user(member=case.ljungbacken)
    orderflow.decline(first.assignments[0], "Sjuka", by=by, now=app_clock.now())
    assert who(first) == [("ljungbacken", 50), ("rullande", 50)]
    order = case.order(5, case.vasterhamn, street="Torget 1")
    assert who(order) == [("rullande", 5)], "as much asked of both, but one of them failed"


def test_what_is_held_for_an_agreement_is_left_for_its_orders(case, sam):
    found = sam.page(f"{RULES}/hall-undan?q=frukt").cssselect("main ul a")
    assert text(found[0]).startswith("Fruktkorg 5 kg, Ljungbacken")
    values = {
        "price_list": str(case.agreement.id),
        "per_week": "80",
        "first_day": "2026-11-30",
        "last_day": "2027-01-31",
        "why": "Skolorna väntas börja",
    }
    assert sam.fill(f"{RULES}/hall-undan?erbjudande={case.ours.id}", values).status_code == 303
    assert "Skolorna väntas börja" in text(sam.page(RULES))
    assert who(case.order(110, case.nordbyn)) == [("ljungbacken", 20), ("rullande", 90)]
    assert who(case.order(75, case.vasterhamn)) == [("ljungbacken", 75)], "its own hold never stops it"
    assert who(case.order(12, case.nordbyn, street="Ån 1")) == [("rullande", 10)], "five are held still"
    hold = db.session.scalars(select(CapacityHold)).one()
    assert sam.post(f"{RULES}/hall-undan/{hold.id}/bort").status_code == 303
    assert who(case.order(4, case.nordbyn, street="Ån 2")) == [("ljungbacken", 4)]


@pytest.mark.parametrize(
    "wrong",
    [{"per_week": "101"}, {"per_week": "0"}, {"per_week": "1,5"}, {"last_day": "2026-11-01"}, {"why": " "},
     {"price_list": "999"}, {"last_day": "2099-01-01"}, {"per_week": "1e9"}],
)  # fmt: skip
def test_a_hold_that_cannot_be_is_refused(case, sam, wrong):
    values = {"price_list": "", "per_week": "8", "first_day": "2026-11-30", "last_day": "2027-01-31", "why": "Anbud"}
    assert sam.fill(f"{RULES}/hall-undan?erbjudande={case.ours.id}", {**values, **wrong}).status_code == 422
    assert db.session.scalars(select(CapacityHold)).all() == []
    assert sam.get(f"{RULES}/hall-undan?erbjudande=999999").status_code == 404


def test_fixed_shares_hold_over_many_orders(case):
    draft = actions.PolicyDraft(PolicyKind.SHARES, {case.ljungbacken.id: 250, case.rullande.id: 750})
    actions.set_policy(case.agreement, draft, by=None, now=app_clock.now())
    got = [who(case.order(5, case.vasterhamn, street=f"Gatan {number}"))[0][0] for number in range(8)]
    assert (got.count("ljungbacken"), got.count("rullande")) == (2, 6)


def test_why_each_was_asked_or_not_is_kept_and_shown_to_staff_only(case, sam, visit):
    order = case.order(6, case.nordbyn)
    page = text(sam.page(f"/personal/bestallningar/{order.number}"))
    assert "Varför de här medlemmarna?" in page
    assert "Har erbjudits lika mycket av sin andel av årets arbete, men har längre väg." in page
    assert "Rullande Hjälpen ek. för." in page
    make.make_user(case.nordbyn.email, customer=case.nordbyn)
    assert "Rullande" not in visit(case.nordbyn.email).get(f"/bestallningar/{order.number}").text
