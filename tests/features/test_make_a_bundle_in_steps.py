"""Members make a bundle in steps: each hands on to the next, and none is done before what it is made of has come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app import clock as house_clock
from app import orderflow
from app.catalog.models import Article
from app.db import db
from app.invoicing import actions as invoicing
from app.invoicing.models import InvoiceRecord
from app.orders import handing
from app.orders.cart import Delivery
from app.orders.models import Assignment, Order
from app.orders.states import AssignmentState, OrderState
from tests import make
from tests.features.bundle_case import EVERYWHERE, PRICE, TUESDAY, buy, furnish, held_by
from tests.furnished import furnished
from tests.people import text


@furnished
def workshop(app):
    return furnish()


def answer(visit, assignment: Assignment, word: str, **values: str) -> None:
    member = visit(assignment.member.email)
    assert member.post(f"/medlem/uppdrag/{assignment.id}/{word}", data=values).status_code == 303
    db.session.expire_all()


def test_when_a_step_goes_to_another_member_the_step_before_gets_the_new_address(workshop, visit, outbox):
    other = make.make_member(slug="andra", name="Andra Trycket ek. för.", street="Bredvid 9", municipality=make.MOLNDAL)
    make.make_offering(
        workshop.parts[1].article, other, lead_days=2, municipalities=EVERYWHERE, capacity_per_week=Decimal(500)
    )
    make.make_user(other.email, member=other)
    order = buy(visit, workshop)
    first = next(one for one in order.assignments if one.member.slug in {"trycket", "andra"})
    answer(visit, held_by(order, "sommen"), "ja")
    answer(visit, first, "nej", reason="Fullt")
    now_with = {"trycket": "andra", "andra": "trycket"}[first.member.slug]
    printing = held_by(order, now_with)
    assert printing.delivery_day == date(2026, 11, 30)
    page = text(visit("sommen@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'sommen').id}"))
    assert printing.member.street in page
    assert first.member.street not in page
    last = outbox.to("sommen@medlem.example")[-1]
    assert last.kind == "assignment_receiver"
    assert printing.member.street in last.body


def test_a_step_that_nobody_can_take_lies_with_staff_and_the_step_before_waits_for_an_address(workshop, visit):
    order = buy(visit, workshop)
    answer(visit, held_by(order, "trycket"), "nej", reason="Fullt")
    assert [line.unassigned for line in order.lines] == [0, 100, 0, 0]
    page = text(visit("sommen@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'sommen').id}"))
    assert "Vem som tar nästa steg är inte klart" in page
    staff = text(visit("sam@samklang.example").page(f"/personal/bestallningar/{order.number}"))
    assert "Kaffekasse" in staff


def test_a_member_takes_on_whole_bundles_only(workshop, visit):
    order = buy(visit, workshop)
    packing = held_by(order, "packet")
    packet = visit("packet@medlem.example")
    refused = packet.post(f"/medlem/uppdrag/{packing.id}/ja", data={f"quantity-{packing.lines[0].id}": "2,52"})
    assert refused.status_code == 422
    assert "0,05 i taget" in refused.text


def test_the_customer_has_it_when_the_last_part_is_there(workshop, visit, clock, outbox, work_off):
    order = buy(visit, workshop)
    for slug in ("sommen", "trycket", "packet", "ljungbacken"):
        answer(visit, held_by(order, slug), "ja")
    for slug, on in (("sommen", 26), ("trycket", 30)):
        clock.set(clock.now.replace(day=on))
        answer(visit, held_by(order, slug), "levererat")
    assert outbox.subjects_to("kontor@nordbyn.example") == [f"Tack för beställning {order.number}"]
    page = text(visit("kontor@nordbyn.example").page(f"/bestallningar/{order.number}"))
    assert "100 klart hos Sömmen ek. för. och lämnat vidare" in page
    assert "Sömmen ek. för. har levererat" not in page
    clock.move(days=1)
    for slug in ("packet", "ljungbacken"):
        answer(visit, held_by(order, slug), "levererat")
    assert order.state == OrderState.DELIVERED
    record = db.session.scalars(select(InvoiceRecord)).one()
    document = invoicing.values_of(record)
    assert record.net == PRICE.times(100)
    assert len({line.delivered_on for line in document.lines}) == 1, (
        "the steps are supplied when the customer gets them"
    )
    assert [(bundle.name if bundle else None, len(lines)) for bundle, lines in document.groups] == [("Kaffekasse", 4)]
    assert {one.rate for one in document.vat_sums} == {25, 6}
    work_off()


def test_a_step_is_not_done_before_the_step_before_it_is_handed_over(workshop, visit):
    order = buy(visit, workshop)
    for slug in ("sommen", "trycket", "packet", "ljungbacken"):
        answer(visit, held_by(order, slug), "ja")
    printing, printers = held_by(order, "trycket"), visit("trycket@medlem.example")
    page = printers.page(f"/medlem/uppdrag/{printing.id}")
    assert "Sömmen ek. för. har inte rapporterat att de har lämnat Kasse, sydd till er" in text(page)
    assert not page.cssselect("form[action$=levererat]"), "what would be refused is not offered"
    refused = printers.post(f"/medlem/uppdrag/{printing.id}/levererat")
    assert refused.status_code == 409
    assert "Kasse, sydd" in refused.text
    assert "Ingenting är sparat" in refused.text
    assert held_by(order, "trycket").state == AssignmentState.ACCEPTED
    assert held_by(order, "trycket").delivered_at is None
    packing = held_by(order, "packet")
    assert visit("packet@medlem.example").post(f"/medlem/uppdrag/{packing.id}/levererat").status_code == 409
    answer(visit, held_by(order, "ljungbacken"), "levererat")
    for slug in ("sommen", "trycket", "packet"):
        answer(visit, held_by(order, slug), "levererat")
    assert order.state == OrderState.DELIVERED


def test_a_step_may_go_on_with_as_much_as_has_come(workshop, visit):
    """Sixty bags have come from one sewer: sixty can be printed and handed on, but not all hundred."""
    share_step(workshop, 0, Decimal(60), lead_days=3)
    share_step(workshop, 1, Decimal(60), lead_days=2)
    order = buy(visit, workshop)
    for assignment in list(order.assignments):
        answer(visit, assignment, "ja")
    sewing, printing = (shares(order, place) for place in (0, 1))
    assert sorted(sewing) == sorted(printing) == [40, 60]
    printers = visit(printing[60].member.email)
    answer(visit, sewing[40], "levererat")
    assert printers.post(f"/medlem/uppdrag/{printing[60].id}/levererat").status_code == 409
    answer(visit, printing[40], "levererat")
    assert printers.post(f"/medlem/uppdrag/{printing[60].id}/levererat").status_code == 409
    answer(visit, sewing[60], "levererat")
    answer(visit, printing[60], "levererat")
    answer(visit, held_by(order, "packet"), "levererat")


def test_a_step_waits_no_longer_for_what_staff_have_struck(workshop, visit):
    share_step(workshop, 0, Decimal(60), lead_days=3)
    order = buy(visit, workshop)
    sewing = shares(order, 0)
    answer(visit, sewing[60], "ja")
    answer(visit, sewing[40], "nej", reason="Tråden är slut")
    order = again(order)
    left = order.lines[0].unassigned
    assert left == 40
    for slug in ("trycket", "packet", "ljungbacken"):
        answer(visit, held_by(order, slug), "ja")
    answer(visit, shares(order, 0)[60], "levererat")
    printing, printers = held_by(order, "trycket"), visit("trycket@medlem.example")
    assert printers.post(f"/medlem/uppdrag/{printing.id}/levererat").status_code == 409
    sam = visit("sam@samklang.example")
    where = f"/personal/bestallningar/{order.number}/stryk/{order.lines[0].id}"
    assert sam.post(where, data={"reason": "Kunden har egna kassar"}).status_code == 303
    answer(visit, printing, "levererat")


def share_step(bundle: Article, place: int, most: Decimal, *, lead_days: int) -> None:
    """A second member makes a step of the bundle, and its first maker no more than `most` of it a week."""
    article = bundle.parts[place].article
    article.offerings[0].capacity_per_week = most
    other = make.make_member(slug=f"andra-{place}", name=f"Andra {place} ek. för.", municipality=make.MOLNDAL)
    make.make_user(other.email, member=other)
    make.make_offering(
        article, other, lead_days=lead_days, municipalities=EVERYWHERE, capacity_per_week=Decimal(100) - most
    )


def shares(order: Order, place: int) -> dict[Decimal, Assignment]:
    """Who holds how much of the order's line at a place."""
    order = again(order)
    return {
        share.quantity: one
        for one in order.assignments
        if one.is_live
        for share in one.lines
        if share.order_line is order.lines[place]
    }


def again(order: Order) -> Order:
    """The order as it lies in the database now."""
    db.session.expire_all()
    return db.session.get_one(Order, order.id)


def test_handing_on_passes_over_what_is_called_off(workshop, app):
    customer = db.session.scalars(select(make.Customer)).one()
    user = db.session.scalars(select(make.User).where(make.User.email == "kontor@nordbyn.example")).one()
    where = Delivery(TUESDAY, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480")
    order = orderflow.checkout(
        {workshop.id: Decimal(4)}, where, customer=customer, ticket="ticket-1", by=user, now=house_clock.now()
    )
    sewn, printed, packed, coffee = order.lines
    assert (handing.next_of(sewn), handing.next_of(printed), handing.next_of(packed)) == (printed, packed, None)
    assert handing.previous_of(printed) is sewn
    assert handing.last_of(sewn) is packed
    assert handing.previous_of(coffee) is None
    printed.called_off, printed.unassigned = printed.quantity, Decimal(0)
    assert handing.next_of(sewn) is packed
    assert handing.previous_of(packed) is sewn
    packed.called_off = packed.quantity
    assert handing.next_of(sewn) is None, "then it goes to the customer"
    db.session.rollback()


def test_when_two_members_share_the_next_step_the_first_reads_how_much_goes_where(workshop, visit):
    other = make.make_member(slug="andra", name="Andra Trycket ek. för.", street="Bredvid 9", municipality=make.MOLNDAL)
    printing = workshop.parts[1].article
    make.make_offering(printing, other, lead_days=2, municipalities=EVERYWHERE, capacity_per_week=Decimal(40))
    next(one for one in printing.offerings if one.member is not other).capacity_per_week = Decimal(60)
    order = buy(visit, workshop)
    assert [line.unassigned for line in order.lines] == [0, 0, 0, 0]
    page = text(visit("sommen@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'sommen').id}"))
    assert "Trycket ek. för.: 60 st" in page
    assert "Andra Trycket ek. för.: 40 st" in page


def test_staff_strike_a_step_and_the_customer_pays_its_share_less(workshop, visit, outbox):
    order = buy(visit, workshop)
    printed = order.lines[1]
    share = printed.unit_price
    answer(visit, held_by(order, "trycket"), "nej", reason="Fullt")
    sam = visit("sam@samklang.example")
    where = f"/personal/bestallningar/{order.number}/stryk/{printed.id}"
    assert sam.post(where, data={"reason": "Otryckt går bra"}).status_code == 303
    db.session.expire_all()
    assert order.net == (PRICE - share).times(100)
    page = text(visit("sommen@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'sommen').id}"))
    assert "Packgatan 3" in page, "the bags go straight to be packed"
    assert "Packgatan 3" in outbox.to("sommen@medlem.example")[-1].body
    answer(visit, held_by(order, "packet"), "nej", reason="Fullt")
    where = f"/personal/bestallningar/{order.number}/stryk/{order.lines[2].id}"
    assert sam.post(where, data={"reason": "Opackat går bra"}).status_code == 303
    assert "direkt till kunden: Kontoret, Köpgatan 2" in outbox.to("sommen@medlem.example")[-1].body
