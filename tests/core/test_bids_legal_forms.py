"""The three legal forms: who brings what, whose figures count, and what a change of form means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids import legal_forms
from bids.checks import documents_wanted, gaps
from bids.competition import lots_without_reason
from bids.form_choice import as_form, change, compared, roles_in
from bids.kinds import BidForm, DocumentKind, GapArea, PartyRole
from bids.legal_forms import BID_FORMS
from bids.legal_values import LotReason, Qualification, QualificationKind, ReasonKind
from bids.offer import Buyer, Lot, Offer, PriceRow, Reference, Share, from_json, to_json
from bids.parties import HeadCount, Party, PartyDocument, Turnover
from bids.qualification import standings

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DEADLINE = datetime(2026, 5, 12, 21, 59, tzinfo=UTC)
ESPD, ATTORNEY, COMMITMENT = DocumentKind.ESPD, DocumentKind.POWER_OF_ATTORNEY, DocumentKind.COMMITMENT_LETTER


def party(key: str, role: PartyRole, **values) -> Party:
    return Party(key=key, name=key.title(), org_number="769999-0011", role=role, f_tax=True, **values)


def insured(kronor: int, **values) -> PartyDocument:
    return PartyDocument(DocumentKind.INSURANCE, "Försäkring", amount=Money.kronor(kronor), **values)


def bid(*parties: Party, form: BidForm = BidForm.GROUP, by: tuple[str, ...] = ("frukt", "bud"), **values) -> Offer:
    shares = tuple(Share(party_key=key, quantity=Decimal(10), member_price=Money(100)) for key in by)
    row = PriceRow(
        ref="1.1", text="Fruktkorg", unit="H87", unit_label="st", quantity=Decimal(20), lot_ref="1", shares=shares
    )
    fixed = {"lots": (Lot("1", "Centrum"), Lot("2", "Norr")), "rows": (row,), "deadline": DEADLINE, "made_on": NOW}
    return Offer(**{"title": "Frukt", "buyer": Buyer("Kommunen"), "form": form, "parties": parties, **fixed, **values})


COMPANY = party("samklang", PartyRole.REPRESENTATIVE, is_sales_company=True)
FRUIT = party(
    "frukt",
    PartyRole.TENDERER,
    turnover=(Turnover(2024, Money.kronor(6_000_000)), Turnover(2025, Money.kronor(7_000_000))),
)
COURIER = party("bud", PartyRole.TENDERER, turnover=(Turnover(2025, Money.kronor(4_000_000)),))


def turnover(kronor: int, **values) -> Qualification:
    return Qualification(kind=QualificationKind.TURNOVER, amount=Money.kronor(kronor), **values)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("form", "role", "papers", "in_group", "relies", "counts"),
    [
        (BidForm.GROUP, PartyRole.TENDERER, (ESPD, ATTORNEY), True, False, True),
        (BidForm.GROUP, PartyRole.REPRESENTATIVE, (), None, None, False),
        (BidForm.RELIED_ON, PartyRole.TENDERER, (ESPD,), False, True, True),
        (BidForm.RELIED_ON, PartyRole.RELIED_ON, (ESPD, COMMITMENT), False, False, True),
        (BidForm.SUBCONTRACTORS, PartyRole.TENDERER, (ESPD,), False, False, True),
        (BidForm.SUBCONTRACTORS, PartyRole.SUBCONTRACTOR, (), None, None, False),
    ],
)
def test_the_table_says_who_brings_what_and_whose_figures_count(form, role, papers, in_group, relies, counts):
    rule = legal_forms.rule_of(form, role)
    assert tuple(duty.document for duty in rule.duties) == papers
    assert (rule.in_group, rule.relies, rule.counts) == (in_group, relies, counts)
    assert all(duty.law.startswith("LOU") for duty in rule.duties)


def test_a_group_adds_its_turnover_up_and_a_main_supplier_stands_alone():
    group = bid(COMPANY, FRUIT, COURIER, qualifications=(turnover(10_000_000),))
    (met,) = standings(group)
    assert met.is_met
    assert plain(met.words) == "2025: Frukt 7 000 000 kr + Bud 4 000 000 kr = 11 000 000 kr."
    (alone,) = standings(as_form(group, BidForm.SUBCONTRACTORS))
    assert not alone.is_met
    assert "Frukt och Bud räknas inte" in alone.missing
    relying = as_form(group, BidForm.RELIED_ON)
    assert standings(relying)[0].is_met
    gap = next(gap for gap in gaps(as_form(group, BidForm.SUBCONTRACTORS)) if gap.area is GapArea.ECONOMY)
    assert gap.blocking


def test_every_year_that_is_asked_for_counts_by_itself():
    (standing,) = standings(bid(COMPANY, FRUIT, COURIER, qualifications=(turnover(10_000_000, years=2),)))
    assert plain(standing.missing).startswith("Gruppen når inte upp: 4 000 000 kr fattas för 2024.")
    (none,) = standings(bid(party("frukt", PartyRole.TENDERER), COURIER, qualifications=(turnover(1, years=3),)))
    assert "fattas för 2023" in none.missing


def test_each_tenderer_alone_where_the_documents_say_so():
    (standing,) = standings(bid(FRUIT, COURIER, qualifications=(turnover(5_000_000, each=True),)))
    assert plain(standing.missing).startswith("Bud når inte upp: 1 000 000 kr fattas för 2025.")


def test_turnover_over_twice_the_contract_is_worth_a_question():
    asked = turnover(9_000_000, contract_value=Money.kronor(4_000_000))
    gap = next(gap for gap in gaps(bid(FRUIT, COURIER, qualifications=(asked,))) if "14 kap. 4" in gap.sentence)
    assert not gap.blocking
    fair = turnover(8_000_000, contract_value=Money.kronor(4_000_000))
    assert not [gap for gap in gaps(bid(FRUIT, COURIER, qualifications=(fair,))) if "14 kap. 4" in gap.sentence]


def test_insurances_do_not_add_up_and_cover_their_holder_only():
    asked = Qualification(kind=QualificationKind.INSURANCE, amount=Money.kronor(10_000_000))
    six = replace(FRUIT, documents=(insured(6_000_000),))
    (short,) = standings(bid(six, replace(COURIER, documents=(insured(5_000_000),)), qualifications=(asked,)))
    assert "4 000 000 kr fattas" in plain(short.missing)
    ten = replace(FRUIT, documents=(insured(10_000_000),))
    offer = bid(ten, COURIER, qualifications=(asked,))
    assert standings(offer)[0].is_met
    (warning,) = [gap for gap in gaps(offer) if gap.area is GapArea.ECONOMY]
    assert not warning.blocking
    assert "Bud har lägre" in warning.sentence
    ended = replace(FRUIT, documents=(insured(10_000_000, valid_to=date(2026, 5, 11)),))
    assert not standings(bid(ended, COURIER, qualifications=(asked,)))[0].is_met


def reference(key: str | None, period: str = "2024–2026", value: int | None = 500_000) -> Reference:
    amount = Money.kronor(value) if value else None
    return Reference(customer="Västerhamn", what="Frukt", period=period, value=amount, party_key=key)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (reference("frukt"), ""),
        (reference("frukt", "2022"), "för gammal"),
        (reference("frukt", ""), "inte när"),
        (reference("frukt", value=None), "inte ifyllt"),
        (reference("frukt", value=10), "under"),
        (reference(None), "ingen part"),
        (reference("samklang"), "räknas inte i den här formen"),
    ],
)
def test_a_reference_counts_when_it_is_new_large_and_of_somebody_who_counts(one, why):
    asked = Qualification(
        kind=QualificationKind.REFERENCES, number=1, years=3, amount=Money.kronor(100_000), lot_ref="1"
    )
    (standing,) = standings(bid(COMPANY, FRUIT, COURIER, references=(one,), qualifications=(asked,)))
    assert standing.is_met is (why == "")
    assert why in standing.missing


def test_borrowed_experience_counts_only_where_its_owner_does_the_work():
    asked = Qualification(kind=QualificationKind.REFERENCES, number=1, years=3)
    relied = replace(FRUIT, role=PartyRole.RELIED_ON)
    main = replace(COMPANY, role=PartyRole.TENDERER)
    values = {"form": BidForm.RELIED_ON, "references": (reference("frukt"),), "qualifications": (asked,)}
    assert standings(bid(main, relied, by=("frukt",), **values))[0].is_met
    (idle,) = standings(bid(main, relied, by=("samklang",), **values))
    assert "utför inget av arbetet" in idle.missing


def test_the_right_to_practise_cannot_be_borrowed():
    asked = Qualification(kind=QualificationKind.PRACTISE, document=DocumentKind.FOOD_REGISTRATION, lot_ref="1")
    registered = replace(FRUIT, documents=(PartyDocument(DocumentKind.FOOD_REGISTRATION, "Registrering"),))
    group = bid(COMPANY, registered, COURIER, by=("frukt",), qualifications=(asked,))
    assert standings(group)[0].is_met
    (relying,) = standings(as_form(group, BidForm.RELIED_ON))
    assert relying.missing.startswith("Samklang saknar livsmedelsregistrering")
    (both,) = standings(bid(COMPANY, registered, COURIER, qualifications=(asked,)))
    assert both.missing.startswith("Bud saknar")


def test_a_change_of_form_tells_what_opens_and_what_closes():
    espds = (PartyDocument(ESPD, "ESPD"),)
    group = bid(COMPANY, replace(FRUIT, documents=espds), replace(COURIER, documents=espds))
    told = change(group, BidForm.RELIED_ON, now=NOW)
    assert {gap.document for gap in told.opens if gap.blocking} == {ESPD, COMMITMENT}
    assert {gap.document for gap in told.closes if gap.blocking} == {ATTORNEY}
    assert {gap.party_key for gap in told.opens if gap.document is ESPD} == {"samklang"}
    assert roles_in(group, BidForm.RELIED_ON)["samklang"] is PartyRole.TENDERER
    back = as_form(told.after.offer, BidForm.GROUP)
    assert [one.role for one in back.parties] == [one.role for one in group.parties]


def test_all_three_forms_stand_side_by_side():
    found = compared(bid(COMPANY, FRUIT, COURIER), now=NOW)
    assert [one.form for one in found] == list(BID_FORMS)
    assert {one.form: [who.party.key for who in one.parties if who.signs] for one in found} == {
        form: ["samklang"] for form in BID_FORMS
    }
    assert found[0].blocking == sum(gap.blocking for gap in gaps(bid(COMPANY, FRUIT, COURIER), now=NOW))


@given(st.sampled_from(list(BID_FORMS)), st.sampled_from(list(BID_FORMS)), st.booleans())
def test_every_form_fits_the_roles_that_it_gives(first, then, with_company):
    parties = (COMPANY, FRUIT, COURIER) if with_company else (FRUIT, COURIER)
    there = as_form(as_form(bid(*parties), first), then)
    assert not [gap for gap in gaps(there, now=NOW) if gap.area is GapArea.FORM]
    for one in there.parties:
        assert set(documents_wanted(there, one)) <= {ESPD, ATTORNEY, COMMITMENT}


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.integers(1, 10**9))
def test_more_in_the_group_never_makes_a_met_turnover_unmet(amounts, need):
    def group(count: int) -> Offer:
        made = [
            party(f"m{n}", PartyRole.TENDERER, turnover=(Turnover(2025, Money.kronor(amount)),))
            for n, amount in enumerate(amounts[:count])
        ]
        return bid(*made, qualifications=(turnover(need),))

    met = [standings(group(count))[0].is_met for count in range(1, len(amounts) + 1)]
    assert met == sorted(met)
    assert met[-1] is (sum(amounts) >= need)


def test_a_reason_is_asked_for_lot_by_lot():
    offer = bid(FRUIT, COURIER)
    assert lots_without_reason(offer, FRUIT) == ("1",)
    given_reason = replace(FRUIT, reasons=(LotReason("1", (ReasonKind.CAPACITY,), "Två bilar"),))
    assert lots_without_reason(offer, given_reason) == ()
    elsewhere = replace(FRUIT, reasons=(LotReason("2", (ReasonKind.TIME,)),))
    gap = next(gap for gap in gaps(bid(elsewhere, COURIER)) if gap.key == "party:alone:frukt")
    assert "anbudsområde 1" in gap.sentence
    general = replace(FRUIT, reason_not_alone="Har bara en bil")
    assert lots_without_reason(offer, general) == ("1",)
    assert "anbudsområde 1" in next(
        gap.sentence for gap in gaps(bid(general, COURIER)) if gap.key == "party:alone:frukt"
    )
    assert lots_without_reason(replace(offer, lots=offer.lots[:1]), general) == ()


def doubts(offer):
    return [gap.sentence for gap in gaps(offer) if gap.key.startswith("party:doubt:")]


def test_a_reason_that_the_figures_speak_against_is_doubted():
    short = replace(FRUIT, reasons=(LotReason("1", (ReasonKind.CAPACITY, ReasonKind.TURNOVER)),))
    asked = turnover(7_000_000, lot_ref="1")
    offer = bid(short, COURIER, qualifications=(replace(asked, amount=Money.kronor(7_000_001)),))
    assert doubts(offer) == []
    (rich,) = doubts(bid(short, COURIER, qualifications=(asked,)))
    assert "att omsättningen inte räcker för anbudsområde 1" in rich
    (row,) = offer.rows
    able = Share(party_key="frukt", quantity=Decimal(10), member_price=Money(100), yearly_capacity=Decimal(20))
    (strong,) = doubts(replace(offer, rows=(replace(row, shares=(able, row.shares[1])),)))
    assert "att kapaciteten inte räcker" in strong


def test_another_bid_of_a_member_is_a_warning():
    gap = next(
        gap
        for gap in gaps(
            bid(replace(FRUIT, bids_too=True, bids_too_words="Med Bageriet", bids_too_lots=("2",)), COURIER)
        )
        if gap.key == "party:bids_too:frukt"
    )
    assert gap.area is GapArea.COMPETITION
    assert "i anbudsområde 2: ”Med Bageriet”" in gap.sentence
    assert not gap.blocking


def test_an_unverified_count_is_a_reminder_only():
    count = HeadCount(date(2026, 4, 1), 10, 6, "Räknat", verified=False)
    both = [replace(one, head_count=count) for one in (FRUIT, COURIER)]
    found = [gap for gap in gaps(bid(*both, reserved=True)) if gap.area is GapArea.RESERVED]
    assert [gap.blocking for gap in found] == [False, False]


def test_what_came_later_is_left_out_of_old_texts_and_survives_new_ones():
    old = bid(FRUIT, COURIER)
    assert "qualifications" not in to_json(old)
    assert "bids_too" not in to_json(old)
    new = bid(
        replace(FRUIT, reasons=(LotReason("1", (ReasonKind.TIME,), "Hinner inte"),), bids_too=False),
        replace(COURIER, documents=(insured(5),)),
        qualifications=(turnover(5, years=2, each=True),),
    )
    assert from_json(to_json(new)) == new


@pytest.mark.parametrize("form", list(BID_FORMS))
def test_who_signs_the_bid_needs_no_power_of_attorney(form):
    """In a group without a representative all sign, and there is nobody to give a power of attorney to."""
    alone = bid(party("frukt", PartyRole.TENDERER), party("bud", PartyRole.TENDERER), form=form)
    assert legal_forms.signing(alone) == alone.parties
    assert not [one for one in alone.parties if ATTORNEY in documents_wanted(alone, one)]
    assert not [gap for gap in gaps(alone) if gap.document is ATTORNEY]


@pytest.mark.parametrize("form", list(BID_FORMS))
def test_with_a_representative_only_a_group_gives_powers_of_attorney(form):
    members = party("frukt", PartyRole.TENDERER), party("bud", PartyRole.TENDERER)
    led = bid(party("samklang", PartyRole.REPRESENTATIVE, is_sales_company=True), *members, form=form)
    wanted = {one.key for one in led.parties if ATTORNEY in documents_wanted(led, one)}
    assert wanted == ({"frukt", "bud"} if form is BidForm.GROUP else set())
    assert {gap.party_key for gap in gaps(led) if gap.document is ATTORNEY} == wanted
