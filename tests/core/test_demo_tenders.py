"""The demonstration's tenders: sums are as published, rows are carried in full, and requirements can be proven."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app import units
from app.money import Money
from bids.kinds import AwardBasis, BidForm, PartyRole, RequirementKind, RequirementStage
from tests.core.demo_files import ARTICLES, CPV, CUSTOMERS, MEMBERS, PARTIES, TENDERS, share

STARTED = datetime(2026, 11, 23, 12, tzinfo=UTC)
TENDER_A = TENDERS["fruktkorgar-till-arbetsplatser"]
TENDER_B = TENDERS["trappstad-fonsterputs-gronyta"]


def row_sum(lot):
    return Money.total(Money.kronor(row["price"]).times(row["quantity"]) for row in lot["row"])


def test_lots_come_to_the_published_sums():
    sums = {(tender["diary_number"], lot["ref"]): row_sum(lot) for tender in TENDERS.values() for lot in tender["lot"]}
    assert sums == {
        ("INK 2026/114", "1"): Money.kronor(940_400),
        ("INK 2026/114", "2"): Money.kronor(506_100),
        ("26-031", "A"): Money.kronor(778_960),
        ("26-031", "B"): Money.kronor(151_800),
        ("26-031", "C"): Money.kronor(777_900),
    }


def test_the_stated_sums_are_the_sums():
    for tender in TENDERS.values():
        assert all(row_sum(lot) == Money.parse(lot["total_per_year"]) for lot in tender["lot"])


def test_a_stays_below_its_ceiling_for_four_years():
    years = TENDER_A["term_years"] + sum(TENDER_A["option_years"])
    whole = Money.total(row_sum(lot) for lot in TENDER_A["lot"]).times(years)
    assert whole == Money.kronor(5_786_000)
    assert whole < Money.parse(TENDER_A["ceiling"])


def test_the_comparison_figure_of_b():
    deducted = Money.total(
        Money.parse(one["max_amount"]).percent(one["expected_percent"]) for one in TENDER_B["deduction"]
    )
    figure = Money.total(row_sum(lot) for lot in TENDER_B["lot"]) - deducted
    assert figure == Money.parse(TENDER_B["comparison_figure"]) == Money.kronor(1_578_660)
    assert all(one["expected_percent"] in one["grades_percent"] for one in TENDER_B["deduction"])


@pytest.mark.parametrize("tender", TENDERS.values(), ids=lambda tender: tender["diary_number"])
def test_rows_are_carried_in_full_at_member_prices_that_give_the_bid_price(tender):
    kept = 100 - Decimal(tender["framework_fee_percent"]) - Decimal(tender["margin_percent"])
    parties = {party["member"] for party in tender["party"]}
    for row in (row for lot in tender["lot"] for row in lot["row"]):
        assert sum(carrier["quantity"] for carrier in row["carriers"]) == row["quantity"]
        assert units.unit(row["unit"])
        assert row["article"] in {"", *ARTICLES}
        for carrier in row["carriers"]:
            assert Money.parse(carrier["price"]).times(100) == Money.parse(row["price"]).times(kept)
            assert carrier["quantity"] <= carrier["capacity"]
            assert carrier["member"] in parties


def test_in_a_the_packer_has_92_per_cent_of_the_value_and_the_driver_8():
    values = {"ljungbacken": Money(0), "rullande": Money(0)}
    for row in (row for lot in TENDER_A["lot"] for row in lot["row"]):
        for carrier in row["carriers"]:
            values[carrier["member"]] += Money.parse(row["price"]).times(carrier["quantity"])
    whole = Money.total(values.values())
    assert values == {"ljungbacken": whole.percent(92), "rullande": whole.percent(8)}
    stated = {party["member"]: party["share_percent"] for party in TENDER_A["party"]}
    assert stated == {"samklang": "0", "ljungbacken": "92", "rullande": "8"}


def test_the_group_of_a_passes_the_gate_and_the_sales_company_alone_does_not():
    tenderers = [party["member"] for party in TENDER_A["party"] if party["role"] == "tenderer"]
    assert tenderers == ["ljungbacken", "rullande"]
    assert all(share(PARTIES[slug]) >= TENDER_A["reserved_share_percent"] == 30 for slug in tenderers)
    assert share(PARTIES["samklang"]) < 30


@pytest.mark.parametrize(
    ("tender", "refs"),
    [
        (TENDER_A, [f"A{n}" for n in range(1, 15)]),
        (TENDER_B, [*(f"B{n}" for n in range(1, 11)), "U1", "U2"]),
    ],
    ids=["A", "B"],
)
def test_every_requirement_is_there_answered_and_provable(tender, refs):
    requirements = tender["requirement"]
    assert [one["ref"] for one in requirements] == refs
    lots = {"", *(lot["ref"] for lot in tender["lot"])}
    for one in requirements:
        assert (RequirementKind(one["kind"]) == "contract") == (RequirementStage(one["stage"]) == "contract")
        assert one["lot"] in lots
        assert one["text"]
        assert one["answer"]
        assert one["proof"] == ("document" in one)
    scored = {one["ref"] for one in requirements if one["kind"] == "scored"}
    assert scored == {one["requirement"] for one in tender.get("deduction", [])}


@pytest.mark.parametrize("tender", TENDERS.values(), ids=lambda tender: tender["diary_number"])
def test_what_must_be_proven_by_a_paper_is_valid_on_the_deadline(tender):
    day = tender["deadline"].date()
    for party in (party for party in tender["party"] if party["role"] == "tenderer"):
        papers = [*MEMBERS[party["member"]]["document"], *party["documents"]]
        held = {(p["kind"], p["title"]) for p in papers if p["valid_from"] <= day <= p.get("valid_to", date.max)}
        for one in (one for one in tender["requirement"] if one.get("per_party")):
            title = one.get("document_title")
            assert any(kind == one["document"] and title in {None, name} for kind, name in held), (party, one)


@pytest.mark.parametrize("tender", TENDERS.values(), ids=lambda tender: tender["diary_number"])
def test_a_tender_is_open_and_its_words_are_known(tender):
    assert tender["deadline"] > STARTED
    assert tender["required_validity"] > tender["deadline"].date()
    assert tender["buyer"] in CUSTOMERS
    assert CUSTOMERS[tender["buyer"]]["name"] == tender["buyer_name"]
    assert BidForm(tender["form"])
    assert AwardBasis(tender["award_basis"])
    assert {*tender["cpv"], *(code for lot in tender["lot"] for code in lot["cpv"])} <= CPV
    lots = {lot["ref"] for lot in tender["lot"]}
    for party in tender["party"]:
        assert PartyRole(party["role"])
        assert set(party["lots"]) <= lots
        assert party["signed_by"] == PARTIES[party["member"]]["signatories"]
        assert bool(party["reason_not_alone"]) == (party["role"] != "representative")
