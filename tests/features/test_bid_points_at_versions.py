"""A price row points at an article as it was, and a promise at the party's offering as it was."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import bidflow, catalogflow
from app.catalog import actions as catalog
from app.catalog.changing.actions import Wish
from app.catalog.drafts import Draft, Terms
from app.catalog.models import ApprovalState
from app.db import db
from app.money import Money
from app.tenders import bid_actions
from app.tenders.promise_actions import RowAnswer
from app.vat import VatClass
from bids.kinds import PartyRole
from tests import make
from tests.features.bid_case import Case
from tests.features.change_case import again
from tests.people import document, text


@pytest.fixture
def case(app, clock):
    return Case(clock.now)


@pytest.fixture
def article(case, clock):
    """A fruit basket that the fruit member packs for 190 kr."""
    draft = Draft("Fruktkorg 5 kg", "Fem kilo.", make.make_category().id, "H87", "", VatClass.FOOD)
    made = catalog.create_article(draft, Money.kronor(212), number="FRU-001", by=case.sam, now=clock.now)
    terms = Terms(Decimal(20), 2, frozenset(make.SOLD_IN))
    catalog.add_offering(made, case.fruit, terms, Money.kronor(190), by=case.sam, now=clock.now)
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def row_page(case) -> str:
    return f"{case.where}/rader/{case.row.id}"


def publish(case, subject, clock, **state):
    return catalogflow.save(subject, Wish(state), by=case.sam, now=clock.now)


def shown(page) -> str:
    return text(page).replace("\xa0", " ")


def test_a_row_keeps_the_version_that_it_was_tied_to(case, article, sales, clock):
    assert sales.fill(row_page(case), {"article": "fru-001"}).status_code == 303
    row = again(case.row)
    assert (row.article_id, row.article_version) == (article.id, 1)
    assert "Fruktkorg 5 kg, version 1 från mån 23 nov" in shown(sales.page(row_page(case)))
    publish(case, article, clock, name="Fruktlåda 5 kg")
    page = sales.page(row_page(case))
    assert "Fruktkorg 5 kg, version 1 från mån 23 nov" in shown(page), "as it was then"
    assert "Nu gäller version 2" in shown(page)
    assert sales.fill(row_page(case), {"text": "Korg"}).status_code == 303
    assert again(case.row).article_version == 1, "saving something else does not move it"
    assert sales.fill(row_page(case), {"newest": "y"}).status_code == 303
    assert again(case.row).article_version == 2
    assert "Fruktlåda 5 kg, version 2" in shown(sales.page(row_page(case)))
    assert sales.fill(row_page(case), {"article": ""}).status_code == 303
    assert (again(case.row).article_id, again(case.row).article_version) == (None, None)


@pytest.mark.parametrize("number", ["FRU-999", "'; DROP TABLE article; --", "x" * 21])
def test_an_article_that_is_not_there_is_refused_and_nothing_is_saved(case, article, sales, number):
    answer = sales.fill(row_page(case), {"article": number, "text": "Annat"})
    assert answer.status_code == 422
    assert document(answer).cssselect(".error-summary")
    assert (again(case.row).article_id, again(case.row).text) == (None, "Fruktkorg")


def test_a_withdrawn_article_cannot_be_tied_but_stays_where_it_is(case, article, sales):
    assert sales.fill(row_page(case), {"article": "FRU-001"}).status_code == 303
    article.state = ApprovalState.WITHDRAWN
    assert "version 1" in shown(sales.page(row_page(case)))
    assert sales.fill(row_page(case), {"article": ""}).status_code == 303
    assert sales.fill(row_page(case), {"article": "FRU-001"}).status_code == 422


def test_a_promise_rests_on_the_offering_as_it_was(case, article, sales, clock):
    assert sales.fill(row_page(case), {"article": "FRU-001"}).status_code == 303
    now, row = clock.now, again(case.row)
    parties = [
        bid_actions.add_party(case.bid, member, PartyRole.SUBCONTRACTOR, by=case.sam, now=now)
        for member in (case.fruit, case.van)
    ]
    for party in parties:
        promise = bidflow.ask(party, row, Decimal(50), by=case.sam, now=now)
        answers = [RowAnswer(promise, Money.kronor(185), Decimal(80))]
        bidflow.promise_for(party, answers, "Lena", by=case.sam, now=now)
    fruit, van = (party.promises[0] for party in parties)
    offering = article.offerings[0]
    assert (fruit.offering_id, fruit.offering_version) == (offering.id, 1)
    assert (van.offering_id, van.offering_version) == (None, None), "it has no offering of it"
    publish(case, offering, clock, member_price=20000)
    page = shown(sales.page(row_page(case)))
    assert "version 1 från mån 23 nov, 190,00 kr" in page
    assert again(fruit).offering_version == 1
    assert again(offering).version == 2


@pytest.mark.parametrize("what", ["rader", "krav"])
def test_a_page_that_is_saved_unchanged_leaves_a_row_in_its_lot(case, visit, what):
    one = case.row if what == "rader" else case.requirements[0]
    one.lot = case.lot
    db.session.commit()
    one_id, lot_id = one.id, case.lot.id
    kind = type(one)
    assert visit(case.sam.email).fill(f"{case.where}/{what}/{one_id}", {}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(kind, one_id).lot_id == lot_id
