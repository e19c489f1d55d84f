"""A private person asks for the deduction at the checkout, and the invoice has it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from app import moneyflow
from app.audit import AuditEvent
from app.db import db
from app.household import actions, queries
from app.household.models import ReliefAsk, ReliefDeduction, ReliefPerson
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.jobs import Job
from app.mail import Letter
from app.money import Money
from app.reliefs import Relief, Work
from tests import make
from tests.features.relief_case import FRIDAY, OTHER, WHERE, deliver, fill, furnish, the_ask, the_order, wish
from tests.furnished import furnished
from tests.people import text
from tests.tax_persons import TOLVAN, number


@furnished
def town(app):
    return furnish()


def order(browser, town, *lines, quantities, **changed):
    fill(browser, town, **quantities)
    return browser.fill("/kassa", wish(town, *lines, **changed))


def the_invoice() -> InvoiceRecord:
    db.session.expire_all()
    return db.session.scalars(select(InvoiceRecord)).one()


def test_half_of_the_labour_is_taken_off_the_invoice(town, visit):
    guest = visit(None)
    answer = order(guest, town, "cleaning", quantities={"cleaning": "3", "fruit": "1"})
    assert answer.status_code == 303, answer.text
    ask = the_ask()
    assert (ask.relief, [line.work for line in ask.lines]) == (Relief.RUT, [Work.CLEANING])
    assert "Arbetet görs i eller vid ett hem" in ask.confirmed
    deliver(the_order())
    record = the_invoice()
    values = values_of(record)
    assert values.deduction.kind == "rut"
    assert values.deduction.labour == Money.kronor(1500), "three hours with VAT; fruit is no work"
    assert values.deduction.amount == Money.kronor(750)
    assert values.deduction.persons == ("1212",)
    assert values.payable == record.gross - Money.kronor(750)
    (found,) = db.session.scalars(select(ReliefDeduction)).all()
    assert [(one.work, one.hours, one.material) for one in found.done] == [(Work.CLEANING, 3, Money(0))]
    assert [(part.labour, part.amount) for part in found.parts] == [(Money.kronor(1500), Money.kronor(750))]


def test_of_a_washing_half_is_labour_whatever_it_took(town, visit):
    order(visit(None), town, "washing", quantities={"washing": "1"})
    deliver(the_order())
    deduction = values_of(the_invoice()).deduction
    assert (deduction.labour, deduction.amount) == (Money.kronor(375), Money.kronor(187))


def test_rot_takes_thirty_per_cent_and_knows_the_home(town, visit):
    guest = visit(None)
    fill(guest, town, painting="10")
    refused = guest.fill("/kassa", wish(town, "painting"))
    assert refused.status_code == 422
    assert 'id="designation-error"' in refused.text
    both = wish(town, "painting", designation="Mölndal Krokslätt 1:23", cooperative="769999-0011", apartment="1102")
    assert "Skriv bara det ena: fastighetsbeteckningen, eller" in guest.fill("/kassa", both).text
    half = guest.fill("/kassa", wish(town, "painting", cooperative="769999-0011")).text
    assert "Skriv fastighetsbeteckningen, eller bostadsrättsföreningens" in half
    answer = guest.fill("/kassa", wish(town, "painting", cooperative="769999-0011", apartment="1102"))
    assert answer.status_code == 303, answer.text
    ask = the_ask()
    assert (ask.relief, ask.cooperative, ask.apartment, ask.designation) == (Relief.ROT, "769999-0011", "1102", "")
    deliver(the_order())
    deduction = values_of(the_invoice()).deduction
    assert (deduction.labour, deduction.amount) == (Money.kronor(5000), Money.kronor(1500)), "80 per cent is labour"


def test_two_who_live_together_share_it(town, visit):
    guest = visit(None)
    answer = order(
        guest, town, "cleaning", quantities={"cleaning": "4"}, other_person=OTHER, other_share="25",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    deliver(the_order())
    (found,) = db.session.scalars(select(ReliefDeduction)).all()
    assert [part.amount for part in found.parts] == [Money.kronor(750), Money.kronor(250)]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"person": ""}, "person"),
        ({"person": "191212121213"}, "person"),
        ({"person": "121212-1212"}, "person"),
        ({"person": "9" * 10_000}, "person"),
        ({"person": number("20091224")}, "person"),
        ({"living": ""}, "living"),
        ({"other_person": TOLVAN, "other_share": "50"}, "other_person"),
        ({"other_person": OTHER, "other_share": ""}, "other_person"),
        ({"other_person": OTHER, "other_share": "100"}, "other_person"),
        ({"other_person": "abc", "other_share": "50"}, "other_person"),
    ],
)
def test_what_the_tax_agency_would_not_take_is_said_beside_its_field(town, visit, changed, field):
    guest = visit(None)
    fill(guest, town, cleaning="2")
    sent = wish(town, "cleaning", **changed)
    answer = guest.fill("/kassa", {name: value for name, value in sent.items() if value != "" or name == "person"})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.session.scalar(select(ReliefAsk)) is None
    assert guest.fill("/kassa", WHERE).status_code == 303, "without the deduction it is an order like any other"


def test_rut_and_rot_are_asked_for_one_by_one(town, visit):
    guest = visit(None)
    fill(guest, town, cleaning="2", painting="2")
    answer = guest.fill("/kassa", wish(town, "cleaning", "painting", designation="Mölndal Krokslätt 1:23"))
    assert answer.status_code == 422
    assert "Rut och rot kan inte begäras i samma beställning" in answer.text


def test_only_who_has_the_right_is_asked(town, visit):
    nordbyn = make.make_nordbyn()
    make.make_user("kontor@nordbyn.example", customer=nordbyn)
    office, guest = visit("kontor@nordbyn.example"), visit(None)
    for browser in (office, guest):
        fill(browser, town, cleaning="2", fruit="1")
    assert not office.page("/kassa").cssselect("[name=person]"), "organisations have no deduction"
    assert "Betala den via banken, inte kontant." in text(guest.page("/kassa")), "with a card there is no deduction"
    labels = [text(one) for one in guest.page("/kassa").cssselect("#relief_lines label, [name=relief_lines] + label")]
    assert labels == ["Hemstäd (rut)"]
    office.post("/varukorg/lagg-i", data={"article": town["cleaning"], "quantity": "1"})


def test_what_a_member_sells_in_its_own_name_it_must_claim_itself(town, visit):
    rena_rum = db.session.scalars(select(make.Member).where(make.Member.slug == "renarum")).one()
    rena_rum.seller_model = "agent"
    guest = visit(None)
    fill(guest, town, cleaning="2")
    assert not guest.page("/kassa").cssselect("[name=person]")


def test_a_second_press_asks_once(town, visit):
    guest = visit(None)
    fill(guest, town, cleaning="2")
    page = guest.page("/kassa")
    ticket = page.cssselect("[name=ticket]")[0].get("value")
    seen = page.cssselect("[name=seen]")[0].get("value")
    for _press in range(2):
        assert guest.post("/kassa", data={**wish(town, "cleaning"), "ticket": ticket, "seen": seen,
                                          "site": "other"}).status_code == 303  # fmt: skip
    assert len(db.session.scalars(select(ReliefPerson)).all()) == 1


def test_a_person_gets_no_more_than_the_year_has_room_for(town, visit):
    guest = visit(None)
    db.session.get_one(make.Article, town["cleaning"]).price = Money.kronor(39_867)
    order(guest, town, "cleaning", quantities={"cleaning": "3"})
    deliver(the_order())
    assert values_of(the_invoice()).deduction.amount == Money.kronor(74_750)
    assert queries.had(TOLVAN, FRIDAY.year) == {Relief.RUT: Money.kronor(74_750)}
    order(guest, town, "cleaning", quantities={"cleaning": "1"})
    last = db.session.scalars(select(ReliefAsk).order_by(ReliefAsk.id.desc())).first()
    deliver(last.order)
    newest = db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id.desc())).first()
    assert values_of(newest).deduction.amount == Money.kronor(250), "of half only what was left"


def test_the_number_lies_sealed_and_nowhere_else(town, visit, outbox):
    guest = visit(None)
    order(guest, town, "cleaning", quantities={"cleaning": "3"})
    deliver(the_order())
    person = db.session.scalars(select(ReliefPerson)).one()
    assert person.sealed
    assert TOLVAN not in person.sealed
    wanted = (TOLVAN, "19121212-1212", "121212-1212", "1212121212")
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sql(f'SELECT * FROM "{table.name}"')):  # noqa: S608  our own names
            written = json.dumps([str(value) for value in row])
            assert not any(one in written for one in wanted), table.name
    assert db.session.scalars(select(AuditEvent)).all()
    assert db.session.scalars(select(Job)).all()
    assert db.session.scalars(select(Letter)).all()


def test_the_order_page_tells_what_was_asked_for(town, visit):
    guest = visit(None)
    answer = order(guest, town, "cleaning", quantities={"cleaning": "3"})
    page = text(guest.page(answer.location))
    assert "RUT-avdrag" in page
    assert "••••••••-1212" in page
    assert TOLVAN not in page


def test_a_credited_part_gives_back_only_what_was_paid(town, visit):
    guest = visit(None)
    order(guest, town, "cleaning", quantities={"cleaning": "4"})
    deliver(the_order())
    record, by = the_invoice(), db.session.scalars(select(make.User)).first()
    (line,) = [one for one in record.lines if one.order_line_id]
    note = moneyflow.credit(record, {line: Money.kronor(400)}, "En timme blev inte av.", by=by, now=make.clock.now())
    values = values_of(note)
    assert (values.gross, values.payable) == (Money.kronor(500), Money.kronor(250))
    (found,) = db.session.scalars(select(ReliefDeduction)).all()
    assert (found.amount, found.parts[0].labour) == (Money.kronor(750), Money.kronor(1500))
    assert [one.hours for one in found.done] == [3], "only what is left is asked for"
    rest = moneyflow.credit_whole(record, "Allt krediteras.", by=by, now=make.clock.now())
    assert values_of(rest).payable == Money.kronor(750)
    assert found.amount == Money(0)
    assert found.parts[0].state == "withdrawn"
    assert actions.forget(found.parts[0].person, by=by, now=make.clock.now()).sealed is None
