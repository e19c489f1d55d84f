"""A party without a price row is invited too, where it has something to sign or declare."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import bidflow
from app import clock as app_clock
from app.db import db
from app.errors import Refused
from app.tenders import bid_actions
from app.tenders.models import Bid, BidParty
from bids.kinds import BidForm, PartyRole
from tests.features.bid_case import Case
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text

SALES, FRUIT = "sam@samklang.example", "ljungbacken@medlem.example"
GIVEN = {"name": "Lova Hittepå", "right": "Ensam firmatecknare", "how": "alone", "read": "y", "entitled": "y"}


@furnished
def case(app) -> Case:
    """We bid by ourselves and rely on Ljungbacken, which delivers nothing."""
    made, now = Case(app_clock.now()), app_clock.now()
    made.fruit.signatories = "Lova Hittepå"
    make_user(FRUIT, member=made.fruit)
    bidflow.choose_form(made.bid, BidForm.RELIED_ON, [made.lot], by=made.sam, now=now)
    made.bid.parties[0].role = PartyRole.TENDERER
    made.party = bid_actions.add_party(made.bid, made.fruit, PartyRole.RELIED_ON, by=made.sam, now=now)
    made.party.does = "Leder arbetet med stämningen på plats."
    db.session.commit()
    return made


@pytest.fixture
def own(case) -> str:
    return f"/medlem/anbud/{case.bid.id}"


def invite(browser, case):
    return browser.post(f"{case.where}/priser/bjud-in/{case.party.id}")


def test_the_one_we_rely_on_is_invited_and_signs_on_its_own_page(case, own, visit, outbox):
    staff, fruit = visit(SALES), visit(FRUIT)
    assert fruit.get(own).status_code == 404
    assert "Bjud in för att skriva under" in text(staff.page(f"{case.where}/priser"))
    assert invite(staff, case).status_code == 303
    (letter,) = outbox.to(FRUIT)
    assert "Åtagande" in letter.body
    assert "ert pris" not in letter.body
    page = fruit.page(own)
    assert "Läs och skriv under" in text(page)
    assert "Era rader" not in text(page)
    assert not page.cssselect("main input[name=signed_by]")
    assert "Väntar på ert svar" in text(fruit.page("/medlem/anbud"))
    assert fruit.fill(f"{own}/underskrift/commitment_letter", GIVEN).status_code == 303
    assert fruit.get(f"{own}/forsakran/espd").status_code == 200


def test_who_has_not_signed_is_reminded(case, visit, outbox):
    staff = visit(SALES)
    invite(staff, case)
    assert staff.post(f"{case.where}/priser/paminn/{case.party.id}").status_code == 303
    assert [letter.subject.partition(":")[0] for letter in outbox.to(FRUIT)] == [
        "Vill ni vara med? Frukt",
        "Påminnelse",
    ]


def test_it_may_say_no(case, own, visit, outbox):
    invite(visit(SALES), case)
    fruit = visit(FRUIT)
    assert fruit.post(f"{own}/nej", data={"reason": "Vi hinner inte."}).status_code == 303
    assert "Ni har tackat nej" in text(fruit.page(own))
    assert "Väntar på ert svar" not in text(fruit.page("/medlem/anbud"))


def test_who_is_asked_for_a_row_afterwards_is_told(case, visit, outbox):
    invite(visit(SALES), case)
    bid, now = db.session.get_one(Bid, case.bid.id), app_clock.now()
    party = next(one for one in bid.parties if one.member.slug == "ljungbacken")
    bidflow.ask(party, bid.tender.rows[0], Decimal(5), by=case.sam, now=now)
    db.session.commit()
    assert [letter.subject.partition(":")[0] for letter in outbox.to(FRUIT)][-1] == "Ändrad fråga"


def test_who_has_nothing_to_sign_and_no_row_is_not_invited(case, visit, outbox):
    now = app_clock.now()
    party = bid_actions.add_party(case.bid, case.van, PartyRole.SUBCONTRACTOR, by=case.sam, now=now)
    db.session.commit()
    with pytest.raises(Refused, match="har inga prisrader"):
        bidflow.invite([party], by=case.sam, now=now)
    db.session.rollback()
    answer = visit(SALES).post(f"{case.where}/priser/bjud-in/{party.id}")
    assert answer.status_code == 409
    assert db.session.get_one(BidParty, party.id).invited_at is None
    assert visit(SALES).post(f"{case.where}/priser/bjud-in/99999").status_code == 404
