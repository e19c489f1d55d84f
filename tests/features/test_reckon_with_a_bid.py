"""Staff see what a bid gives: rows with transport and hours, lots, margins and volumes, an index, the evaluation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.models import RoleName
from app.db import db
from app.tenders.models import BidReckoning, BidRival
from app.tenders.offers import offer_of
from bids import pricing
from bids.document import to_html
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_user
from tests.people import document, text


@furnished
def case(app) -> JointCase:
    return JointCase(clock.now())


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def plain(page) -> str:
    return text(page).replace("\u00a0", " ")


def price(case) -> str:
    db.session.expire_all()
    offer = offer_of(case.bid, now=clock.now())
    return pricing.unit_price(next(row for row in offer.rows if row.ref == "1.1")).amount()


def test_transport_and_hours_of_a_row(case, sales):
    path = f"{case.prices}/rad/{case.row.id}"
    assert sales.post(path, data={"transport": "0,90", "hours": "0,5"}).status_code == 303
    assert price(case) == "12,80"
    told = plain(sales.page(case.prices))
    assert "0,90" in told
    assert "lägst 11,76" in told
    assert sales.page(path).cssselect("#transport")[0].get("value") == "0,90"


@pytest.mark.parametrize("wrong", [{"transport": "-1"}, {"hours": "-1"}, {"hours": "1e3"}, {"fixed": "0"}])
def test_what_a_row_cannot_cost(case, sales, wrong):
    answer = sales.post(f"{case.prices}/rad/{case.row.id}", data=wrong)
    assert answer.status_code == 422
    (name, typed), *_rest = wrong.items()
    assert document(answer).cssselect(f"#{name}")[0].get("value") == typed
    assert price(case) == "11,80"


def test_a_loss_is_said_with_what_the_price_must_cover(case, sales):
    sales.post(f"{case.prices}/rad/{case.row.id}", data={"fixed": "10,00", "transport": "1,00"})
    told = plain(sales.page(case.prices))
    assert "Förlust" in told
    assert "medlemspris 10,62 kr, transport 1,00 kr och ramavtalsavgift 2 %" in told


def test_a_price_that_does_not_pay_for_the_work(case, sales):
    sales.post(f"{case.prices}/rad/{case.row.id}", data={"hours": "0,04"})
    assert sales.post(f"{case.prices}/kalkyl/arbete", data={"labour-floor": "250"}).status_code == 303
    told = plain(sales.page(f"{case.prices}/kalkyl"))
    assert "Ljungbacken Frukt ek. för.: 9,00 kr" in told
    assert "Rullande Hjälpen: 10,80 kr" not in told
    assert "0,04 timmar à 250,00 kr är 10,00 kr" in told
    assert sales.post(f"{case.prices}/kalkyl/arbete", data={"labour-floor": "0"}).status_code == 422
    sales.post(f"{case.prices}/kalkyl/arbete", data={"labour-floor": ""})
    assert "timmar à" not in plain(sales.page(f"{case.prices}/kalkyl"))


def test_a_bid_on_one_lot_only(case, sales):
    told = plain(sales.page(f"{case.prices}/kalkyl?omrade=2"))
    assert "Bara område 2" in told
    assert "1 500,00 kr" in told
    assert "2 680,00 kr" in told
    assert "Bara område" not in plain(sales.page(f"{case.prices}/kalkyl?omrade=9"))


def test_margins_and_volumes(case, sales):
    told = plain(sales.page(f"{case.prices}/kalkyl"))
    assert "Påslag -2 procentenheter" in told.replace("−", "-")
    assert "Volym +20 procent" in told
    assert "3 216,00 kr" in told
    assert "2 144,00 kr" in told


def test_an_index_clause_shows_each_year(case, sales):
    case.tender.term_years, case.tender.options = 3, "1"
    db.session.commit()
    data = {"name": "Städindex", "base": "100", "threshold": "2", "part": "100", "fixed_years": "1"}
    assert sales.post(f"{case.prices}/index", data={**data, "values": "101,9 102,5"}).status_code == 303
    told = plain(sales.page(f"{case.prices}/index"))
    assert "Förs vidare" in told
    assert "2 747,50 kr" in told
    assert "12,10" in told
    for wrong in ({"values": "ett två"}, {"values": "0"}, {"base": ""}, {"threshold": "101"}, {"fixed_years": "x"}):
        answer = sales.post(f"{case.prices}/index", data={**data, **wrong})
        assert answer.status_code == 422, wrong
        (name, typed), *_rest = wrong.items()
        assert (document(answer).cssselect(f"#{name}")[0].get("value") or "") == typed
    assert db.session.scalars(select(BidReckoning.index_values)).one() == "101.9 102.5"


def test_rivals_and_the_price_that_wins(case, sales):
    where = f"{case.prices}/utvardering"
    assert "1 av 1" in plain(sales.page(where))
    data = {"rival-name": "Storstäd AB", "rival-price": "2 500", "rival-quality": "40"}
    assert sales.post(f"{where}/andra", data=data).status_code == 303
    told = plain(sales.page(where))
    assert "2 av 2" in told
    assert "2 500,00 kr per år är det högsta pris som ger första plats" in told
    assert len(sales.page(where).cssselect("figure.bars svg.bar")) == 2
    terms = {"terms-model": "relative", "terms-price_weight": "50", "terms-our_quality": "90"}
    assert sales.post(where, data=terms).status_code == 303
    told = plain(sales.page(where))
    assert "1 av 2" in told
    assert "91,64" in told
    remove = f"{where}/andra/{db.session.scalars(select(BidRival.id)).one()}/ta-bort"
    assert sales.post(remove).status_code == 303
    assert sales.post(remove).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms-price_weight": "101"},
        {"terms-our_quality": "-1"},
        {"terms-model": "luck"},
        {"terms-model": "weights"},
        {"terms-model": "weights", "terms-full_at": "900", "terms-none_at": "800"},
    ],
)
def test_terms_that_cannot_be(case, sales, wrong):
    good = {"terms-model": "relative", "terms-price_weight": "50", "terms-our_quality": "90"}
    assert sales.post(f"{case.prices}/utvardering", data={**good, **wrong}).status_code == 422
    assert db.session.scalar(select(BidReckoning)) is None


def test_a_rival_that_cannot_be(case, sales):
    for wrong in ({"rival-name": ""}, {"rival-price": "0"}, {"rival-price": "x"}, {"rival-quality": "101"}):
        data = {"rival-name": "A", "rival-price": "10", **wrong}
        assert sales.post(f"{case.prices}/utvardering/andra", data=data).status_code == 422, wrong
    assert db.session.scalars(select(BidRival)).all() == []


def test_a_fee_that_leaves_nothing_of_a_row_with_its_own_margin_is_refused(case, sales):
    sales.post(f"{case.prices}/rad/{case.row.id}", data={"margin": "90"})
    assert sales.post(f"{case.prices}/procent", data={"percent-fee": "10", "percent-margin": "1"}).status_code == 422
    assert sales.get(case.prices).status_code == 200


def test_others_look_and_do_not_touch(case, visit):
    finance = visit(make_user("ekonomi@exempel.example", roles=[RoleName.FINANCE]).email)
    for part in ("fordelning", "fordelning/forslag", "kalkyl", "index", "utvardering"):
        assert not finance.page(f"{case.prices}/{part}").cssselect("main form[method=post]"), part
    for path in ("kalkyl/arbete", "index", "utvardering", "utvardering/andra", "fordelning/forslag"):
        assert finance.post(f"{case.prices}/{path}").status_code == 403
    member = visit(make_user("lova@medlem.example", member=case.fruit).email)
    for part in ("kalkyl", "index", "utvardering", "fordelning"):
        assert member.get(f"{case.prices}/{part}").status_code in {403, 404}


def test_a_member_sees_nothing_of_what_staff_reckon_with(case, sales, visit):
    sales.post(f"{case.prices}/rad/{case.row.id}", data={"transport": "0,77", "hours": "3"})
    sales.post(f"{case.prices}/utvardering/andra", data={"rival-name": "Storstäd AB", "rival-price": "2 500"})
    member = visit(make_user("lova@medlem.example", member=case.fruit).email)
    told = text(member.page(f"/medlem/anbud/{case.bid.id}"))
    for secret in ("0,77", "10,80", "Storstäd", "Rullande"):
        assert secret not in told


def test_what_the_buyer_reads_says_nothing_of_it(case, sales):
    sales.post(f"{case.prices}/rad/{case.row.id}", data={"transport": "0,77", "hours": "3"})
    sales.post(f"{case.prices}/kalkyl/arbete", data={"labour-floor": "251"})
    db.session.expire_all()
    html = to_html(offer_of(case.bid, now=clock.now()))
    assert "12,66" in html
    assert "0,77" not in html
    assert "251" not in html
