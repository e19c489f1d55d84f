"""A member gives a power of attorney for one bid, and it is used for no other."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest

from app import bidflow
from app.db import db
from app.tenders import actions as tender_actions
from app.tenders import bid_actions
from app.tenders.actions import TenderFacts
from app.tenders.models import Bid
from app.tenders.offers import offer_of
from bids.kinds import BidForm, PartyRole
from tests.features.bid_case import DEADLINE
from tests.features.vault_case import FRUIT, NEWER, OWN, PDF, furnish, lay_in
from tests.furnished import furnished
from tests.people import document, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_a_power_of_attorney_that_was_given_for_another_tender_is_not_used_here(case, clock):
    given = lay_in(case.fruit, "power_of_attorney", "Fullmakt", date(2028, 1, 1))

    def seen() -> list[str]:
        db.session.commit()
        offer = offer_of(case.bid, now=clock.now)
        return [one.title for party in offer.parties for one in party.documents if one.kind == "power_of_attorney"]

    given.added_at = case.bid.created_at - timedelta(days=1)
    assert seen() == []
    given.added_at = case.bid.created_at + timedelta(hours=1)
    assert seen() == ["Fullmakt"]


def another_bid(case, now) -> Bid:
    """One more tender with a bid in which Ljungbacken is asked."""
    facts = TenderFacts(title="Städ", buyer_name="Regionen", deadline=DEADLINE)
    tender = tender_actions.register(facts, by=case.sam, now=now)
    db.session.flush()
    bid = bidflow.start_bid(tender, BidForm.GROUP, by=case.sam, now=now)
    db.session.flush()
    party = bid_actions.add_party(bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=now)
    party.invited_at = now
    db.session.commit()
    return bid


def attorneys(bid, clock) -> list[str]:
    db.session.expire_all()
    offer = offer_of(bid, now=clock.now)
    return [one.title for party in offer.parties for one in party.documents if one.kind == "power_of_attorney"]


def sent(title: str, **more: str) -> dict[str, object]:
    return {"kind": "power_of_attorney", "title": title, "file": (BytesIO(PDF), "fullmakt.pdf"), **more}


def test_a_power_of_attorney_is_for_the_bid_that_was_chosen_and_for_no_other(case, visit, clock):
    other = another_bid(case, clock.now)
    case.bid.parties[1].invited_at = clock.now
    lena = visit(FRUIT)
    page = lena.page(f"{OWN}/ny")
    titles = [text(each) for each in page.cssselect("select[name=for_bid] option")]
    assert titles == ["Välj i listan", "Frukt", "Städ"]
    nothing = lena.post(f"{OWN}/ny", data=sent("Fullmakt", for_bid="0"))
    assert nothing.status_code == 422
    assert "Välj vilket anbud den gäller" in text(document(nothing))
    assert lena.post(f"{OWN}/ny", data=sent("Fullmakt", for_bid=str(other.id))).status_code == 303
    assert (attorneys(other, clock), attorneys(case.bid, clock)) == (["Fullmakt"], [])
    policy = {"kind": "policy", "title": "Miljö", "for_bid": "0", "file": (BytesIO(PDF), "miljo.pdf")}
    assert lena.post(f"{OWN}/ny", data=policy).status_code == 303


def test_one_that_is_handed_in_at_a_bid_is_for_that_bid_also_when_another_is_older(case, sales, visit, clock):
    other = another_bid(case, clock.now)
    lena = visit(FRUIT)
    clock.move(hours=1)
    assert lena.post(f"/medlem/anbud/{other.id}/handling", data=sent("För städ")).status_code == 303
    party = case.bid.parties[1]
    where = f"{case.where}/handlingar/part/{party.id}"
    assert sales.post(where, data=sent("För frukt")).status_code == 303
    assert (attorneys(other, clock), attorneys(case.bid, clock)) == (["För städ"], ["För frukt"])
    assert "För städ" not in text(sales.page(f"{case.where}/handlingar"))
    elsewhere = next(one for one in case.fruit.documents if one.title == "För städ")
    refused = sales.post(f"{where}/bifoga/{elsewhere.id}", follow_redirects=True)
    assert "gäller ett annat anbud" in text(document(refused))
    newer = {"title": "För städ, ny", "file": (BytesIO(NEWER), "ny.pdf")}
    assert lena.post(f"{OWN}/{elsewhere.id}/fornya", data=newer).status_code == 303
    assert "För städ, ny" in attorneys(other, clock)
    assert attorneys(case.bid, clock) == ["För frukt"]


def test_who_is_in_no_bid_is_asked_for_none(case, visit):
    page = visit(FRUIT).page(f"{OWN}/ny")
    assert not page.cssselect("select[name=for_bid]")
