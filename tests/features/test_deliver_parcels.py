"""What each parcel of an order costs to bring is promised, charged when it has come, and paid to whoever drove."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app import clock, deliveryflow, moneyflow, orderflow
from app.catalog.models import Article
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.invoicing import actions as invoicing
from app.money import NOUGHT, Money
from app.orders.delivery import carriages
from app.orders.delivery.models import Carriage
from app.orders.delivery.parcels import Choice
from app.orders.delivery.proofs import Shown
from app.orders.delivery.queries import charges_in, parcels_in
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Assignment, Order
from tests import make, order_case
from tests.furnished import furnished
from tests.order_case import member
from tests.people import text

FRIDAY_VAN = Terms(weekdays=(4,), municipalities=("1480",), per_stop=Money.kronor(120))
FEE = Money.kronor(120)


@furnished
def fruit(app):
    """Only Ljungbacken makes fruit baskets unless a test says otherwise."""
    return order_case.furnish()


def says(slug: str, kind: WayKind, terms: Terms, **more: object) -> None:
    set_way(member(slug), None, kind, terms, by=None, now=clock.now(), **more)
    db.session.commit()


def only_ljungbacken(fruit: Article) -> None:
    fruit.offerings[1].capacity_per_week = Decimal(1)
    db.session.commit()


def answered(order: Order) -> Assignment:
    assignment = next(one for one in order.assignments if one.state == "offered")
    user = make.make_user()
    orderflow.accept(assignment, {}, by=user, now=clock.now())
    db.session.commit()
    return assignment


def fees(order: Order) -> list[tuple[str, Money, Money]]:
    return [(one.member.slug, one.charged, one.earned) for one in charges_in(order) if one.member]


def test_the_fee_is_charged_with_the_delivery_and_stands_on_the_invoice(fruit):
    says("ljungbacken", WayKind.OWN, FRIDAY_VAN)
    only_ljungbacken(fruit)
    order = order_case.order({fruit.id: Decimal(2)})
    assert [(one.kind, one.fee) for one in parcels_in(order)] == [(WayKind.OWN, FEE)]
    assert fees(order) == []
    orderflow.deliver(answered(order), by=make.make_user(), now=clock.now())
    db.session.commit()
    assert fees(order) == [("ljungbacken", FEE, FEE)]
    values = invoicing.values_of(order_case.the_invoice(order))
    assert [(line.name, line.net, line.parts[0].rate) for line in values.lines] == [
        ("Fruktkorg 5 kg", Money(42400), 6),
        ("Leverans: Fruktkorg 5 kg", FEE, 25),
    ]
    assert moneyflow.invoice(order, now=clock.now()) == [], "nothing is charged twice"
    assert order_case.the_invoice(order).net == Money(42400) + FEE


def test_a_private_person_reads_the_fee_with_vat_wherever_it_stands(fruit, visit, outbox):
    says("ljungbacken", WayKind.OWN, FRIDAY_VAN)
    only_ljungbacken(fruit)
    ida = make.make_customer(kind=CustomerKind.PRIVATE, name="Ida Exempel", email="ida@hem.example")
    make.make_user("ida@hem.example", customer=ida)
    order = order_case.order({fruit.id: Decimal(2)}, customer=ida)
    page = text(visit("ida@hem.example").page(f"/bestallningar/{order.number}")).replace("\xa0", " ")
    letter = outbox.to("ida@hem.example")[0].body.replace("\xa0", " ")
    assert page.count("Avgift 150,00 kr inkl. moms") == 2
    assert "Avgift 150,00 kr inkl. moms" in letter
    assert "exkl. moms" not in page + letter


def test_whoever_has_said_nothing_delivers_within_the_price(fruit):
    order = order_case.order({fruit.id: Decimal(2)})
    assert parcels_in(order) == []
    orderflow.deliver(answered(order), by=make.make_user(), now=clock.now())
    assert fees(order) == []


def test_work_goes_to_whoever_can_bring_it_that_day(fruit):
    says("ljungbacken", WayKind.OWN, replace(FRIDAY_VAN, weekdays=(0,)))
    order = order_case.order({fruit.id: Decimal(2)})
    assert order_case.parts(order) == [("rullande", "offered", Decimal(2))]


def test_the_promise_holds_when_somebody_else_makes_it(fruit):
    says("ljungbacken", WayKind.OWN, FRIDAY_VAN)
    says("rullande", WayKind.OWN, replace(FRIDAY_VAN, per_stop=Money.kronor(500)))
    order = order_case.order({fruit.id: Decimal(2)})
    assert [one.fee for one in parcels_in(order)] == [FEE]
    orderflow.decline(order.assignments[0], "Fullt", by=make.make_user(), now=clock.now())
    assert [(one.member.slug, one.fee, one.asked_again) for one in parcels_in(order)] == [("rullande", FEE, "")]
    orderflow.deliver(answered(order), by=make.make_user(), now=clock.now())
    assert fees(order) == [("rullande", FEE, FEE)]


def test_a_way_that_the_new_maker_does_not_have_is_chosen_anew_and_never_dearer(fruit, outbox):
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8-16"))
    says("ljungbacken", WayKind.OWN, replace(FRIDAY_VAN, per_stop=Money.kronor(40)))
    says("rullande", WayKind.OWN, FRIDAY_VAN)
    collect = {str(member("ljungbacken").id): Choice("1", NOUGHT)}
    order = order_case.order({fruit.id: Decimal(2)}, choices=collect)
    parcel = parcels_in(order)[0]
    assert (parcel.kind, parcel.fee) == (WayKind.COLLECT, NOUGHT)
    assert "Provgatan 1" in parcel.place
    orderflow.decline(order.assignments[0], "Fullt", by=make.make_user(), now=clock.now())
    assert parcel.asked_again
    assert any("Hur ska det komma" in subject for subject in outbox.subjects_to(order_case.BUYER))
    deliveryflow.choose_way(parcel, Choice("3", FEE), by=None, now=clock.now())
    assert (parcel.kind, parcel.fee, parcel.asked_again) == (WayKind.OWN, NOUGHT, "")
    with pytest.raises(Refused):
        deliveryflow.choose_way(parcel, Choice("3", FEE), by=None, now=clock.now())


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (None, "Se hur varorna kommer"),
        (Choice("1", Money.kronor(119)), "Se hur varorna kommer"),
        (Choice("7", FEE), "Se hur varorna kommer"),
        (Choice("1", FEE, "08:00–12:00"), "Den tiden går inte"),
    ],
)
def test_nothing_is_ordered_at_a_fee_that_was_not_shown(fruit, choice, words):
    says("ljungbacken", WayKind.OWN, FRIDAY_VAN)
    only_ljungbacken(fruit)
    choices = {} if choice is None else {str(member("ljungbacken").id): choice}
    with pytest.raises(Refused, match=words):
        order_case.order({fruit.id: Decimal(2)}, choices=choices)


def test_what_cannot_come_that_day_is_refused_with_the_day_on_which_it_can(fruit):
    says("ljungbacken", WayKind.OWN, replace(FRIDAY_VAN, weekdays=(0,)))
    says("rullande", WayKind.OWN, replace(FRIDAY_VAN, municipalities=("1490",)))
    with pytest.raises(Refused, match=r"kan inte levereras till Göteborg .*Det går mån.7.dec"):
        order_case.order({fruit.id: Decimal(2)}, choices={})


def carried(fruit: Article) -> Order:
    """Ljungbacken makes it, and Rullande, which makes none this week, carries it."""
    only_ljungbacken(fruit)
    says("rullande", WayKind.OWN, replace(FRIDAY_VAN, carries=True))
    says("ljungbacken", WayKind.CARRIED, Terms(), carrier=member("rullande"))
    return order_case.order({fruit.id: Decimal(2)})


def test_a_carrier_is_asked_says_yes_fetches_and_delivers_and_has_the_fee(fruit, outbox):
    order = carried(fruit)
    assert "Kör åt en annan medlem" in outbox.subjects_to("rullande@medlem.example")[0]
    carriage = parcels_in(order)[0].carriage
    assert carriage
    by = make.make_user()
    maker = answered(order)
    with pytest.raises(Refused, match="Rullande Hjälpen"):
        orderflow.deliver(maker, by=by, now=clock.now())
    with pytest.raises(Refused):
        carriages.hand_over(maker, by=by, now=clock.now())
    with pytest.raises(Refused, match="Svara ja"):
        deliveryflow.arrive(carriage, Shown(), by=by, now=clock.now())
    carriages.accept(carriage, by=by, now=clock.now())
    carriages.hand_over(maker, by=by, now=clock.now())
    deliveryflow.arrive(carriage, Shown(), by=by, now=clock.now())
    db.session.commit()
    assert order_case.parts(order) == [("ljungbacken", "delivered", Decimal(2))]
    assert fees(order) == [("rullande", FEE, FEE)]
    assert order_case.the_invoice(order).net == Money(42400) + FEE
    with pytest.raises(Refused, match="redan levererat"):
        deliveryflow.arrive(carriage, Shown(), by=by, now=clock.now())


def test_the_customer_reads_who_handed_over_and_for_whom(fruit, visit):
    order, by = carried(fruit), make.make_user()
    carriage, maker = parcels_in(order)[0].carriage, answered(order)
    carriages.accept(carriage, by=by, now=clock.now())
    carriages.hand_over(maker, by=by, now=clock.now())
    deliveryflow.arrive(carriage, Shown(received_by="Eva Exempel"), by=by, now=clock.now())
    db.session.commit()
    page = " ".join(visit(order_case.BUYER).page(f"/bestallningar/{order.number}").text_content().split())
    assert "Rullande Hjälpen ek. för., åt Ljungbacken Frukt ek. för." in page


def test_a_carrier_that_says_no_lets_the_way_be_chosen_anew(fruit, outbox):
    order = carried(fruit)
    parcel = parcels_in(order)[0]
    with pytest.raises(Refused):
        deliveryflow.decline_carriage(parcel.carriages[0], " ", by=make.make_user(), now=clock.now())
    deliveryflow.decline_carriage(parcel.carriages[0], "Bilen är trasig", by=make.make_user(), now=clock.now())
    db.session.commit()
    assert parcel.asked_again
    assert parcel.carriage is None
    assert not any("trasig" in letter.body for letter in outbox.to(order_case.BUYER))
    with pytest.raises(Refused):
        deliveryflow.choose_way(parcel, Choice("2.1", FEE), by=None, now=clock.now())
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8-16"))
    deliveryflow.choose_way(parcel, Choice("3", NOUGHT), by=None, now=clock.now())
    assert (parcel.kind, parcel.fee) == (WayKind.COLLECT, NOUGHT)


def test_a_carrier_that_does_not_answer_is_taken_off(fruit, clock, work_off):
    order = carried(fruit)
    answered(order)
    carriage = db.session.get_one(Carriage, parcels_in(order)[0].carriages[0].id)
    clock.set(carriage.answer_before)
    clock.move(minutes=1)
    deliveryflow.expire_carriages(clock.now)
    work_off()
    db.session.expire_all()
    assert carriage.state == "expired"
    assert parcels_in(order)[0].asked_again


def test_the_carrier_is_no_longer_wanted_when_the_goods_are_not(fruit, outbox):
    order = carried(fruit)
    carriage = parcels_in(order)[0].carriage
    orderflow.decline(order.assignments[0], "Fullt", by=make.make_user(), now=clock.now())
    orderflow.call_off(order.lines[0], "Kunden vill inte", by=make.make_user(), now=clock.now())
    assert carriage
    assert carriage.state == "called_off"
    assert any("inte köra" in subject for subject in outbox.subjects_to("rullande@medlem.example"))
    assert date(2026, 12, 4) == carriage.delivery_day
