"""A row that runs at a loss: somebody decides that it may, with a reason; and other sums of a bid that must agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app import bidflow, clock
from app.db import db
from app.errors import Refused
from app.money import Money
from app.tenders import bid_actions
from app.tenders.bid_actions import RowCost
from app.tenders.models import BidReckoning, BidState, TenderState
from tests.features.bid_case import gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.people import document, text


@furnished
def case(app) -> JointCase:
    made = JointCase(clock.now())
    bid_actions.price_row(made.bid, made.second, RowCost(fixed=Money.kronor(20)), by=made.sam, now=clock.now())
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def where(case) -> str:
    return f"{case.prices}/rad/{case.second.id}/forlust"


def test_the_gap_leads_to_the_decision_and_the_decision_closes_it(case, sales):
    page = sales.page(case.where)
    (link,) = [a.get("href") for a in page.cssselect(".gap-list a") if a.get("href").endswith("/forlust")]
    assert link == where(case)
    assert sales.post(link, data={"reason": " "}).status_code == 422
    assert sales.fill(link, {"reason": "Kaffet säljer fruktkorgarna"}).status_code == 303
    assert "ger förlust" not in gaps(sales, case.where)
    shown = text(sales.page(link)).replace("\u00a0", " ")
    assert "Vid 20,00 kr per enhet eller mer." in shown
    assert "Kaffet säljer fruktkorgarna" in shown


def test_a_lower_price_is_asked_anew_and_a_decision_can_be_taken_back(case, sales, clock):
    sales.fill(where(case), {"reason": "Prov"})
    bid_actions.price_row(case.bid, case.second, RowCost(fixed=Money.kronor(19)), by=case.sam, now=clock.now)
    db.session.commit()
    assert "ger förlust" in gaps(sales, case.where)
    assert sales.post(where(case), data={"reason": "Prov igen"}).status_code == 303
    assert "ger förlust" not in gaps(sales, case.where)
    assert sales.post(f"{where(case)}/bort").status_code == 303
    assert "ger förlust" in gaps(sales, case.where)


def test_a_row_without_a_loss_has_nothing_to_decide(case, sales):
    address = f"{case.prices}/rad/{case.row.id}/forlust"
    answer = sales.post(address, data={"reason": "Ändå"})
    assert "går inte med förlust" in text(document(answer))
    assert sales.get(f"{case.prices}/rad/999999/forlust").status_code == 404


def test_the_index_years_are_the_sum_of_the_rows(case, sales):
    """Each row's price is rounded each year, and so the whole is what the rows come to."""
    case.bid.reckoning = BidReckoning(
        index_name="KPI",
        index_base=Decimal(100),
        index_threshold=Decimal(0),
        index_part=Decimal(100),
        index_fixed_years=0,
        index_values="103.33 107.77",
    )
    case.tender.term_years = 3
    db.session.commit()
    page = sales.page(f"{case.prices}/index")
    tables = page.cssselect("main table")
    whole = [text(row.cssselect("td")[-1]) for row in tables[0].cssselect("tbody tr")]
    prices = [[money(cell) for cell in row.cssselect("td.number")[-3:]] for row in tables[1].cssselect("tbody tr")]
    sums = [
        Money.total(row[year].times(many) for row, many in zip(prices, (100, 50), strict=True)) for year in range(3)
    ]
    assert [one.replace("\u00a0", " ") for one in whole] == [str(one).replace("\u00a0", " ") for one in sums]


def money(cell) -> Money:
    return Money.parse(text(cell).replace("\u00a0", "").removesuffix("kr"))


def hand_in(case) -> None:
    case.bid.state, case.tender.state = BidState.SUBMITTED, TenderState.SUBMITTED
    db.session.commit()


def test_nobody_wins_before_the_last_day(case, clock):
    hand_in(case)
    given = {"by": case.sam, "now": clock.now}
    with pytest.raises(Refused, match="före sista anbudsdag"):
        bidflow.settle(case.bid, BidState.WON, decided_on=date(2026, 12, 17), **given)
    bidflow.settle(case.bid, BidState.WON, decided_on=date(2026, 12, 18), **given)
    assert case.bid.state == BidState.WON


def test_the_days_of_a_bid_that_is_won_do_not_ask_for_what_is_there(case, sales, clock):
    hand_in(case)
    clock.move(days=90)
    bidflow.settle(case.bid, BidState.WON, decided_on=date(2027, 1, 20), by=case.sam, now=clock.now)
    db.session.commit()
    assert "Fyll i sista anbudsdag" not in text(sales.page(f"{case.where}/datum"))


def test_one_row_is_one_row(case, sales):
    data = {"ask-party": str(case.fruity.id), "ask-what": f"row-{case.second.id}", "ask-quantity": "5"}
    answer = sales.post(f"{case.prices}/fordela", data=data, follow_redirects=True)
    assert "tillfrågas om 1 rad." in text(document(answer))
