"""Staff write a bid: the gate, the gaps, the parties' promises, and who may do what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow
from app.accounts.models import RoleName
from app.db import db
from app.demo.papers import paper
from app.money import Money
from app.tenders import actions, bid_actions, promise_actions
from app.tenders.actions import NewLot, NewRequirement, NewRow, TenderFacts
from app.tenders.models import Bid, Promise, Tender
from app.tenders.promise_actions import RowAnswer
from bids.kinds import BidForm, PartyRole, RequirementKind, RequirementStage
from tests.features.bid_case import DEADLINE, Case, count, gaps
from tests.make import make_user
from tests.people import document, text

PDF = paper("Intyg", ["Ett prov."])


@pytest.fixture
def case(app, clock) -> Case:
    return Case(clock.now)


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_samklang_alone_fails_the_reserved_gate_and_the_group_passes(case, sales, clock):
    bid_actions.choose_form(case.bid, BidForm.SUBCONTRACTORS, [case.lot], by=case.sam, now=clock.now)
    case.bid.parties[0].role = PartyRole.TENDERER
    alone = gaps(sales, case.where)
    assert "2 av 8 sysselsatta" in alone
    assert "Reserverad upphandling" in alone
    bid_actions.choose_form(case.bid, BidForm.GROUP, [case.lot], by=case.sam, now=clock.now)
    case.bid.parties[0].role = PartyRole.REPRESENTATIVE
    for member in (case.fruit, case.van):
        bid_actions.add_party(case.bid, member, PartyRole.TENDERER, by=case.sam, now=clock.now)
    assert "Reserverad upphandling" not in gaps(sales, case.where)
    page = text(sales.page(f"{case.where}/anbud"))
    assert page.count("Klarar kravet") == 2
    assert "62 %" in page.replace("\u00a0", " ")


def test_no_bid_leaves_while_a_blocking_gap_is_open(case, sales):
    answer = sales.post(f"{case.where}/lamna")
    assert answer.status_code == 409
    assert "kan inte lämnas än" in text(document(answer))
    assert document(answer).cssselect(".gap-list .blocking a")
    assert case.tender.state == "bidding"


def test_every_gap_links_to_a_page_that_is_there(case, sales, clock):
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    promise_actions.ask(party, case.row, Decimal(100), by=case.sam, now=clock.now)
    links = sales.page(case.where).cssselect(".gap-list a")
    assert len(links) > 5
    for address in {link.get("href") for link in links}:
        path, _sign, anchor = address.partition("#")
        page = sales.page(path)
        assert not anchor or page.cssselect(f"#{anchor}"), address


def test_staff_write_down_what_a_member_says_by_telephone(case, sales, clock):
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    promise = promise_actions.ask(party, case.row, Decimal(100), by=case.sam, now=clock.now)
    db.session.flush()
    values = {"rows-0-promise": promise.id, "rows-0-price": "190,80", "rows-0-capacity": "120"}
    path = f"{case.where}/priser/svara-at/{party.id}"
    assert sales.post(path, data={**values, "signed_by": "Lova Hittepå", "authorised": "y"}).status_code == 303
    page = text(sales.page(f"{case.where}/priser"))
    assert "undertecknat av Lova Hittepå, nedskrivet av Sam Exempel" in page


def test_a_promise_must_be_given_anew_when_the_quantity_changes(case, sales, clock, outbox):
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    promise = promise_actions.ask(party, case.row, Decimal(60), by=case.sam, now=clock.now)
    bidflow.invite([party], by=case.sam, now=clock.now)
    bidflow.promise(party, [RowAnswer(promise, Money(1000), Decimal(60))], "Lova", by=case.sam, now=clock.now)
    db.session.flush()
    data = {"ask-party": party.id, "ask-what": f"row-{case.row.id}", "ask-quantity": "100"}
    assert sales.post(f"{case.where}/priser/fordela", data=data).status_code == 303
    found = db.session.scalars(select(Promise)).one()
    assert (found.state, found.signed_by, found.quantity) == ("asked", "", Decimal(100))
    assert outbox.to(case.fruit.email)[-1].kind == "bid_changed"
    too_much = {**data, "ask-quantity": "101"}
    assert sales.post(f"{case.where}/priser/fordela", data=too_much).status_code == 422


def test_a_party_that_leaves_is_told_and_its_promises_go(case, sales, clock, outbox):
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    promise_actions.ask(party, case.row, Decimal(100), by=case.sam, now=clock.now)
    bidflow.invite([party], by=case.sam, now=clock.now)
    db.session.flush()
    assert sales.post(f"{case.where}/priser/paminn/{party.id}").status_code == 303
    assert sales.post(f"{case.where}/anbud/parter/{party.id}/ta-bort").status_code == 303
    kinds = [letter.kind for letter in outbox.to(case.fruit.email)]
    assert kinds == ["bid_invitation", "bid_reminder", "bid_withdrawal"]
    assert count(Promise) == 0


def test_a_bid_is_begun_once(case, sales):
    assert sales.post(f"{case.where}/borja", data={"form": "group"}).status_code == 422
    assert len(db.session.scalars(select(Bid)).all()) == 1


def test_a_lot_that_is_left_out_is_taken_from_the_parties(case, sales, clock, outbox):
    second = actions.add_lot(case.tender, NewLot(ref="2", title="Norr"), by=case.sam, now=clock.now)
    db.session.flush()
    case.bid.lots.append(second)
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    promise_actions.ask(party, case.row, Decimal(100), by=case.sam, now=clock.now)
    bidflow.invite([party], by=case.sam, now=clock.now)
    db.session.flush()
    data = {"form": "group", "lots": [str(second.id)]}
    assert sales.post(f"{case.where}/anbud/form", data=data).status_code == 303
    assert count(Promise) == 0
    assert outbox.to(case.fruit.email)[-1].kind == "bid_changed"
    assert sales.post(f"{case.where}/anbud/form", data={"form": "group"}).status_code == 422


def test_finance_looks_and_does_not_touch(case, visit):
    finance = visit(make_user("ekonomi@exempel.example", roles=[RoleName.FINANCE]).email)
    for tab in ("", "/rader", "/krav", "/anbud", "/priser", "/svar", "/handlingar", "/lamna"):
        assert not finance.page(case.where + tab).cssselect("main form[method=post]"), tab
    for path in ("/lamna", "/avsta", "/priser/bjud-in", "/krav/klistra", "/anbud/texter"):
        assert finance.post(case.where + path, data={"reason": "x"}).status_code == 403
    assert finance.get("/personal/upphandlingar/ny").status_code == 403


def test_ids_of_other_tenders_look_as_if_they_were_not_there(case, sales, clock):
    other = actions.register(TenderFacts(title="B", buyer_name="K", deadline=DEADLINE), by=case.sam, now=clock.now)
    bidflow.start_bid(other, BidForm.GROUP, by=case.sam, now=clock.now)
    db.session.flush()
    there = f"/personal/upphandlingar/{other.id}"
    for path in (f"/rader/{case.row.id}", f"/krav/{case.requirements[0].id}", f"/svar/{case.requirements[0].id}"):
        assert sales.get(there + path).status_code == 404
    assert sales.post(f"{there}/anbud/parter/{case.bid.parties[0].id}/ta-bort").status_code == 404
    assert sales.get("/personal/upphandlingar/9999").status_code == 404


def test_texts_beyond_measure_are_refused(case, sales):
    facts = {"title": "x" * 500, "buyer_name": "K", "award_basis": "price"}
    assert sales.post("/personal/upphandlingar/ny", data=facts).status_code == 422
    answer = sales.post("/personal/upphandlingar/ny", data={**facts, "description": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "Texten är för lång" in answer.get_data(as_text=True), "no file was sent, and none is spoken of"
    assert count(Tender) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": "0205-12-18T12:00"},
        {"ceiling": "-1"},
        {"ceiling": "1e9"},
        {"term_years": "-2"},
        {"options": "1++1"},
        {"documents_url": "javascript:alert(1)"},
        {"award_basis": "luck"},
    ],
)
def test_facts_that_cannot_be_are_refused(case, sales, wrong):
    facts = {"title": "Frukt", "buyer_name": "Kommunen", "award_basis": "price", **wrong}
    assert sales.post("/personal/upphandlingar/ny", data=facts).status_code == 422
    assert count(Tender) == 1


def test_we_do_not_bid_and_then_we_do(case, sales, clock, outbox):
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    promise_actions.ask(party, case.row, Decimal(100), by=case.sam, now=clock.now)
    bidflow.invite([party], by=case.sam, now=clock.now)
    assert sales.post(f"{case.where}/avsta", data={"reason": "För stort"}).status_code == 303
    assert "För stort" in text(sales.page(case.where))
    assert outbox.to(case.fruit.email)[-1].kind == "bid_withdrawal"
    assert sales.post(f"{case.where}/ta-upp").status_code == 303
    assert db.session.scalars(select(Tender.state)).one() == "bidding"


def test_the_board_searches_filters_and_says_when_it_is_empty(case, sales):
    assert "Frukt" in text(sales.page("/personal/upphandlingar"))
    assert "25 dagar" in text(sales.page("/personal/upphandlingar"))
    assert "Frukt" in text(sales.page("/personal/upphandlingar?q=kommunen+frukt"))
    assert "Ingen upphandling passar" in text(sales.page("/personal/upphandlingar?q=%25"))
    assert "Ingen upphandling passar" in text(sales.page("/personal/upphandlingar?state=won"))
    assert sales.get("/personal/upphandlingar?sida=99999999999999999999").status_code == 200


def test_statements_do_not_grow_with_the_bid_or_the_board(app, clock, visit, queries):
    small = Case(clock.now)
    browser = visit(small.sam.email)
    tabs = ("", "/krav", "/priser", "/svar", "/handlingar", "/lamna")

    def cost(path: str) -> int:
        with queries() as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    browser.get(small.where)  # What every page of the house shows is remembered after the first.
    few = {tab: cost(small.where + tab) for tab in tabs}
    board = cost("/personal/upphandlingar")
    more = [
        NewRequirement(ref=f"C{n}", kind=RequirementKind.MUST, stage=RequirementStage.AWARD, text="Mer")
        for n in range(60)
    ]
    rows = [NewRow(ref=f"9.{n}", text="Rad", unit="H87", quantity=Decimal(10)) for n in range(60)]
    actions.add_requirements(small.tender, more, None, by=small.sam, now=clock.now)
    added = actions.add_rows(small.tender, rows, small.lot, by=small.sam, now=clock.now)
    db.session.flush()
    for member in (small.fruit, small.van):
        party = bid_actions.add_party(small.bid, member, PartyRole.TENDERER, by=small.sam, now=clock.now)
        for row in added:
            promise_actions.ask(party, row, Decimal(5), by=small.sam, now=clock.now)
    for n in range(40):
        actions.register(TenderFacts(title=f"T{n}", buyer_name="K"), by=small.sam, now=clock.now)
    assert {tab: cost(small.where + tab) for tab in tabs} == few
    assert max(few.values()) <= 15
    assert cost("/personal/upphandlingar") == board
    assert board <= 8


def test_every_page_leads_past_the_tabs_and_to_what_is_missing(case, sales):
    page = sales.page(f"{case.where}/krav")
    for link in page.cssselect("a.to-gaps, a[href='#delen']"):
        assert page.cssselect(link.get("href")), link.text
    assert len(page.cssselect("a.to-gaps, a[href='#delen']")) == 2
    assert text(page.cssselect("a.to-gaps .count")[0]) == text(page.cssselect("#gaps-title .count")[0])
