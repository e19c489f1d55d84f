"""A customer buys a bundle: one price, several members, each step delivered to whoever makes the next."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock as house_clock
from app import orderflow
from app.catalog import indexing
from app.catalog.changing import actions as change_actions
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, BundlePart, OfferingArea
from app.catalog.pricing.rules import Priced
from app.db import db
from app.invoicing import actions as invoicing
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders import handing
from app.orders import lines as written
from app.orders.cart import Delivery
from app.orders.models import Assignment, Order
from app.orders.states import AssignmentState, OrderState
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.people import text

TUESDAY = date(2026, 12, 1)
"""Six working days after the tests' Monday: as long as the three steps take together."""
PRICE = Money(13999)
EVERYWHERE = (make.GOTHENBURG, make.MOLNDAL, make.BORAS)


@furnished
def workshop(app):
    """A bag is sewn in Göteborg (3 days), printed in Mölndal (2) and packed in Borås (1).

    Coffee goes straight to the customer. The sales company, Nordbyn and everybody's accounts are there.
    """
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    sewers = make.make_member(slug="sommen", name="Sömmen ek. för.", street="Sygatan 1")
    printers = make.make_member(
        slug="trycket", name="Trycket ek. för.", municipality=make.MOLNDAL, street="Tryckgatan 2"
    )
    packers = make.make_member(slug="packet", name="Packet ek. för.", municipality=make.BORAS, street="Packgatan 3")
    roasters = make.make_ljungbacken()
    steps = [
        (sewers, make.make_article("Kasse, sydd", price=Money(6000), unit="H87", vat_class="standard"), 3, "1", True),
        (printers, make.make_article("Tryck", price=Money(3000), unit="H87", vat_class="standard"), 2, "1", True),
        (
            packers,
            make.make_article("Packning", price=Money(29500), unit="HUR", vat_class="standard"),
            1,
            "0.05",
            False,
        ),
        (roasters, make.make_article("Kaffe", price=Money(18900), unit="KGM"), 2, "0.25", False),
    ]
    bundle = make.make_article("Kaffekasse", price=PRICE, unit="H87", vat_class="standard", kind=ArticleKind.BUNDLE)
    for place, (member, article, lead, quantity, to_next) in enumerate(steps):
        make.make_offering(article, member, lead_days=lead, municipalities=EVERYWHERE, capacity_per_week=Decimal(500))
        make.make_user(member.email, member=member)
        bundle.parts.append(BundlePart(article=article, quantity=Decimal(quantity), position=place, to_next=to_next))
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_sam()
    db.session.commit()
    return bundle


def buy(visit, bundle: Article, quantity: str = "100", day: date = TUESDAY) -> Order:
    nordbyn = visit("kontor@nordbyn.example")
    assert nordbyn.post("/varukorg/lagg-i", data={"article": bundle.id, "quantity": quantity}).status_code == 303
    assert nordbyn.fill("/kassa", {"day": day.isoformat()}).status_code == 303
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def held_by(order: Order, slug: str) -> Assignment:
    db.session.expire_all()
    return next(one for one in order.assignments if one.member.slug == slug and one.is_live)


def answer(visit, assignment: Assignment, word: str, **values: str) -> None:
    member = visit(assignment.member.email)
    assert member.post(f"/medlem/uppdrag/{assignment.id}/{word}", data=values).status_code == 303
    db.session.expire_all()


def test_each_part_goes_to_its_maker_at_its_share_of_the_price(workshop, visit):
    order = buy(visit, workshop)
    assert order.net == PRICE.times(100)
    assert [(line.name, line.quantity, line.priced_per) for line in order.lines] == [
        ("Kasse, sydd", 100, 1), ("Tryck", 100, 1), ("Packning", 5, Decimal("0.05")), ("Kaffe", 25, Decimal("0.25")),
    ]  # fmt: skip
    assert Money.total(line.unit_price for line in order.lines) == PRICE
    assert [line.vat_class for line in order.lines] == [VatClass.STANDARD] * 3 + [VatClass.FOOD]
    assert {one.member.slug for one in order.assignments} == {"sommen", "trycket", "packet", "ljungbacken"}
    assert all(line.bundle.name == "Kaffekasse" for line in order.lines)


def test_earlier_steps_are_due_earlier_and_say_where_they_go(workshop, visit, outbox):
    order = buy(visit, workshop)
    days = {one.member.slug: one.delivery_day for one in order.assignments}
    assert days == {
        "sommen": date(2026, 11, 26), "trycket": date(2026, 11, 30), "packet": TUESDAY, "ljungbacken": TUESDAY,
    }  # fmt: skip
    sewing = text(visit("sommen@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'sommen').id}"))
    assert "Trycket ek. för." in sewing
    assert "Tryckgatan 2" in sewing
    assert "Köpgatan 2" not in sewing, "the customer's address is not the sewers' business"
    packing = text(visit("packet@medlem.example").page(f"/medlem/uppdrag/{held_by(order, 'packet').id}"))
    assert "Köpgatan 2" in packing
    assert "Trycket ek. för." in packing
    letter = outbox.to("sommen@medlem.example")[0].body
    assert "Trycket ek. för., Tryckgatan 2" in letter
    assert "Köpgatan" not in letter


def test_the_earliest_day_is_that_of_the_whole_chain(workshop, visit):
    page = visit(None).page(f"/katalog/{workshop.slug}")
    assert page.cssselect(f"time[datetime='{TUESDAY}']")
    nordbyn = visit("kontor@nordbyn.example")
    nordbyn.post("/varukorg/lagg-i", data={"article": workshop.id, "quantity": "1"})
    assert nordbyn.page("/kassa").cssselect("#day")[0].get("value") == TUESDAY.isoformat()


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


def test_the_letter_and_the_page_show_one_thing_with_its_parts(workshop, visit, outbox):
    order = buy(visit, workshop)
    letter = outbox.to("kontor@nordbyn.example")[0].body
    assert "- Kaffekasse: 100 st, 139,99\u00a0kr per st. I det ingår:\n  - Kasse, sydd: 100 st" in letter
    page = text(visit("kontor@nordbyn.example").page(f"/bestallningar/{order.number}"))
    assert "139,99 kr" in page
    assert "13 999,00 kr" in page
    assert "60,00 kr" not in page, "the parts' own prices are not the bundle's"


def test_a_bundle_with_a_part_that_is_gone_is_not_sold(workshop, visit):
    nordbyn = visit("kontor@nordbyn.example")
    nordbyn.post("/varukorg/lagg-i", data={"article": workshop.id, "quantity": "1"})
    workshop.parts[1].article.state = ApprovalState.WITHDRAWN
    db.session.commit()
    assert "säljs inte längre" in text(nordbyn.page("/varukorg"))
    assert nordbyn.get(f"/katalog/{workshop.slug}").status_code == 404
    assert nordbyn.post("/varukorg/lagg-i", data={"article": workshop.id, "quantity": "1"}).status_code == 409


def standard(article):
    """What everybody pays."""
    return Priced(article.price, "Standardpris", article.price)


def test_private_people_see_the_price_with_the_vat_of_each_part(workshop, visit):
    page = text(visit(None).page(f"/katalog/{workshop.slug}"))
    shares = [line.unit_price for line in written._bundle_lines(workshop, Decimal(1), standard(workshop))]
    taxed = PRICE + Money.total([Money.total(shares[:3]).percent(25), shares[3].percent(6)])
    assert str(taxed).replace("\u00a0", " ") in page
    assert "25 % och 6 %" in page
    assert "Görs av Sömmen." in page


def test_it_is_found_in_the_catalogue_where_its_last_step_delivers(workshop, visit):
    indexing.reindex_all()
    db.session.commit()
    anybody = visit(None)
    assert "Kaffekasse" in text(anybody.page("/katalog"))
    assert "Kaffekasse" in text(anybody.page("/katalog?kommun=1490"))
    assert "Kaffekasse" not in text(anybody.page("/katalog?kommun=0180"))
    assert "Kaffekasse" in text(anybody.page("/katalog?medlem=sommen"))
    assert "Kaffekasse" in text(anybody.page("/katalog?q=kaffekasse&senast=2026-12-01"))
    assert "Kaffekasse" not in text(anybody.page("/katalog?q=kaffekasse&senast=2026-11-30"))


def test_the_figures_beside_the_list_count_it_too(workshop, visit):
    indexing.reindex_all()
    db.session.commit()
    page = visit(None).page("/katalog?q=kaffekasse")
    for field in ("medlem=sommen", "medlem=packet", "kommun=1490", "slag=bundle"):
        (figure,) = (text(one) for one in page.cssselect(f".facet a[href*='{field}'] + .facet-count"))
        assert figure.split()[-1] == "1", field


def test_in_a_municipality_only_those_who_can_bring_it_there_count(workshop, visit):
    """Packers that are quicker but only come to Stockholm make nothing earlier in Borås, and are not named there."""
    quick = make.make_member(slug="snabbpack", name="Snabbpack ek. för.", municipality="0180")
    packing, coffee = (workshop.parts[place].article for place in (2, 3))
    packing.offerings[0].lead_days = 9
    make.make_offering(packing, quick, lead_days=1, municipalities=["0180"])
    make.make_offering(coffee, quick, lead_days=1, municipalities=["0180"])
    indexing.reindex_all()
    db.session.commit()
    card = "li.article:contains('Kaffekasse')"
    (there,) = visit(None).page("/katalog?kommun=1490&q=kaffekasse").cssselect(card)
    (stockholm,) = visit(None).page("/katalog?kommun=0180&q=kaffekasse").cssselect(card)
    assert "Tidigast fre 11 dec" in text(there)
    assert "Tidigast tis 1 dec" in text(stockholm)


def test_what_can_be_brought_nowhere_is_not_listed(workshop, visit):
    workshop.parts[3].article.offerings[0].areas = [OfferingArea(municipality="0180")]
    indexing.reindex_all()
    db.session.commit()
    assert "Kaffekasse" not in text(visit(None).page("/katalog"))
    assert visit(None).page("/katalog?q=kaffekasse").cssselect("li.article") == []


def test_it_comes_later_while_one_of_its_makers_rests(workshop, visit):
    packing = workshop.parts[2].article.offerings[0]
    rest = (date(2026, 11, 23), date(2026, 12, 4))
    change_actions.pause(packing, *rest, by=make.make_sam(email="siv@samklang.example"), now=house_clock.now())
    indexing.reindex_all()
    db.session.commit()
    anybody = visit(None)
    assert "Kaffekasse" not in text(anybody.page("/katalog?q=kaffekasse&senast=2026-12-07"))
    assert "Kaffekasse" in text(anybody.page("/katalog?q=kaffekasse&senast=2026-12-14"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 400), st.integers(0, 400))
def test_quantity_times_price_is_the_sum_on_every_line_and_the_lines_are_the_bundle(workshop, ore, count, struck):
    workshop.price = Money(ore)
    lines = written._bundle_lines(workshop, Decimal(count), standard(workshop))
    struck = min(struck, count)
    assert Money.total(line.price_of(line.quantity) for line in lines) == Money(ore).times(count)
    for line in lines:
        line.called_off = line.priced_per * struck
        assert line.net == line.unit_price.times(count - struck)
    db.session.expunge_all()
    db.session.rollback()


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
