"""What a bid lacks: nothing for a complete one, and one gap in words for each thing taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids.checks import GapArea, carried, gaps, reserved_gate
from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.offer import Answer, Evidence
from bids.parties import HeadCount
from tests.core.bid_parties import LJUNGBACKEN, RULLANDE, SAMKLANG
from tests.core.bid_samples import tender_a
from tests.core.bid_samples_b import tender_b


def with_party(offer, party):
    return replace(offer, parties=tuple(party if p.key == party.key else p for p in offer.parties))


def with_answer(offer, ref, **changes):
    return replace(
        offer, answers=tuple(replace(a, **changes) if a.requirement_ref == ref else a for a in offer.answers)
    )


def with_row(offer, place, **changes):
    rows = list(offer.rows)
    rows[place] = replace(rows[place], **changes)
    return replace(offer, rows=tuple(rows))


def without(party, kind):
    return replace(party, documents=tuple(d for d in party.documents if d.kind is not kind))


def blocking(offer, **kwargs):
    return [gap for gap in gaps(offer, **kwargs) if gap.blocking]


def the_one(offer, area):
    (gap,) = blocking(offer)
    assert gap.area is area
    assert gap.sentence.endswith(".")
    return gap


def test_the_sample_bids_lack_nothing():
    assert gaps(tender_a(), now=datetime(2026, 5, 10, tzinfo=UTC)) == ()
    assert gaps(tender_b()) == ()


def test_deadline_passed():
    offer = tender_a()
    assert gaps(offer, now=offer.deadline) == ()
    (gap,) = gaps(offer, now=offer.deadline + timedelta(seconds=1))
    assert gap.area is GapArea.DEADLINE
    assert "12\u00a0maj 2026 klockan\u00a023.59" in gap.sentence


def test_unanswered_must_blocks():
    gap = the_one(with_answer(tender_a(), "A7", answered=None), GapArea.REQUIREMENT)
    assert gap.requirement_ref == "A7"
    assert gap.key == "requirement::A7:unanswered"
    no_answer = replace(tender_a(), answers=tender_a().answers[1:])
    assert the_one(no_answer, GapArea.REQUIREMENT).requirement_ref == "A1"


def test_no_to_a_must_or_a_contract_term_blocks():
    assert "nej" in the_one(with_answer(tender_a(), "A9", answered=False), GapArea.REQUIREMENT).sentence
    assert "förbehåll" in the_one(with_answer(tender_a(), "A13", answered=False), GapArea.REQUIREMENT).sentence


def test_an_answer_from_before_the_buyer_changed_the_requirement_must_be_read_again():
    for ref, stops in (("A9", True), ("A13", True)):
        gap = the_one(with_answer(tender_a(), ref, look_again=True), GapArea.REQUIREMENT)
        assert (gap.blocking, f"Köparen har ändrat {ref}" in gap.sentence) == (stops, True)
    scored = gaps(with_answer(tender_b(), "B11", look_again=True))
    assert [gap.blocking for gap in scored] == [False]


def test_unconfirmed_term_and_unanswered_scored_only_remind():
    term = with_answer(tender_a(), "A11", answered=None)
    scored = with_answer(tender_b(), "B11", answered=None)
    for offer in (term, scored):
        (gap,) = gaps(offer)
        assert not gap.blocking


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ((), "saknar bevis"),
        ((Evidence("Bevis", 9),), "bilaga 9"),
        ((Evidence("Bevis", 4, date(2026, 5, 11)),), "11\u00a0maj 2026"),
    ],
)
def test_unproven(evidence, words):
    assert words in the_one(with_answer(tender_a(), "A4", evidence=evidence), GapArea.REQUIREMENT).sentence


def test_proof_valid_on_the_deadline_day_is_enough_to_hand_in():
    assert blocking(with_answer(tender_a(), "A4", evidence=(Evidence("Bevis", 4, date(2026, 5, 12)),))) == []


def test_secrecy_wants_a_reason():
    (gap,) = gaps(with_answer(tender_a(), "A5", confidential_reason=" "))
    assert not gap.blocking
    assert "skälet saknas" in gap.sentence


def test_answers_belong_to_their_lot():
    offer = tender_a()
    requirement = replace(offer.requirements[6], lot_ref="2")
    offer = replace(offer, requirements=(*offer.requirements[:6], requirement, *offer.requirements[7:]))
    assert the_one(offer, GapArea.REQUIREMENT).lot_ref == "2"
    answer = Answer(requirement_ref="A7", lot_ref="2", answered=True)
    assert gaps(replace(offer, answers=(*offer.answers, answer))) == ()


@pytest.mark.parametrize("price", [None, Money(0)])
def test_unpriced_row_blocks(price):
    shares = tuple(replace(share, member_price=price) for share in tender_a().rows[0].shares)
    gap = the_one(with_row(tender_a(), 0, shares=shares), GapArea.PRICE)
    assert (gap.row_ref, gap.lot_ref) == ("1.1", "1")
    assert "saknar pris" in gap.sentence


def test_percent_that_cannot_be_taken_is_a_gap_and_no_crash():
    assert "går att ta ut" in the_one(with_row(tender_a(), 0, fee_percent=Decimal(95)), GapArea.PRICE).sentence


def test_what_nobody_carries_is_named():
    offer = tender_a()
    first, second = offer.rows[3].shares
    gap = the_one(with_row(offer, 3, shares=(first, replace(second, yearly_capacity=Decimal("199.5")))), GapArea.PRICE)
    assert "250,5 av 1\u00a0500 st" in gap.sentence
    gap = the_one(with_row(offer, 3, shares=(first, replace(second, signed_by=" "))), GapArea.PRICE)
    assert "450 av 1\u00a0500 st" in gap.sentence
    assert "Rullande Hjälpen Flytt & Bud ek. för. har inte skrivit under" in gap.sentence


def test_rows_and_lots_belong_together():
    offer = tender_a()
    assert "inga prisrader" in the_one(replace(offer, rows=offer.rows[:3]), GapArea.PRICE).sentence
    assert "inte omfattar" in the_one(with_row(offer, 0, lot_ref="3"), GapArea.PRICE).sentence
    assert "mängd" in the_one(with_row(offer, 0, quantity=Decimal(0)), GapArea.PRICE).sentence
    assert the_one(replace(tender_b(), lots=(), rows=()), GapArea.PRICE).key == "price::empty"


def test_ceiling_only_reminds():
    (gap,) = gaps(replace(tender_a(), ceiling=Money.kronor(5_785_999)))
    assert (gap.area, gap.blocking) == (GapArea.PRICE, False)
    assert gaps(replace(tender_a(), ceiling=Money.kronor(5_786_000))) == ()


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.booleans()), min_size=1, max_size=4))
def test_carried_never_beyond_capacity_or_promise(promises):
    row = tender_a().rows[0]
    shares = tuple(
        replace(row.shares[0], quantity=Decimal(q), yearly_capacity=Decimal(c), signed_by="Lena" if signed else "")
        for q, c, signed in promises
    )
    assert carried(replace(row, shares=shares)) == sum(min(q, c) for q, c, signed in promises if signed)


def test_samklang_alone_fails_the_gate_and_the_group_passes():
    alone = replace(tender_a(), parties=(replace(SAMKLANG, role=PartyRole.TENDERER),))
    (result,) = reserved_gate(alone)
    assert (result.percent, result.passes) == (25, False)
    assert any(gap.area is GapArea.RESERVED and gap.party_key == "samklang" for gap in blocking(alone))
    assert [(r.party.key, r.percent, r.passes) for r in reserved_gate(tender_a())] == [
        ("ljungbacken", 62, True),
        ("rullande", 44, True),
    ]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, "inte räknat"),
        (HeadCount(date(2026, 4, 1), 0, 0), "går inte ihop"),
        (HeadCount(date(2026, 4, 1), 10, 11), "går inte ihop"),
        (HeadCount(date(2026, 5, 13), 10, 9), "efter sista anbudsdag"),
        (HeadCount(date(2025, 5, 11), 10, 9), "äldre än tolv månader"),
        (HeadCount(date(2026, 4, 1), 100, 28), "28\u00a0%"),
        (HeadCount(date(2026, 4, 1), 100_000, 29_999), "29,99\u00a0%"),
    ],
)
def test_a_count_that_passes_nobody(count, words):
    gap = the_one(with_party(tender_a(), replace(RULLANDE, head_count=count)), GapArea.RESERVED)
    assert gap.party_key == "rullande"
    assert words in gap.sentence


@pytest.mark.parametrize("count", [HeadCount(date(2025, 5, 12), 10, 3), HeadCount(date(2026, 5, 12), 10, 3)])
def test_a_count_just_good_enough(count):
    assert gaps(with_party(tender_a(), replace(RULLANDE, head_count=count))) == ()


def test_a_leap_day_deadline_has_a_year_before_it():
    offer = replace(tender_a(), deadline=datetime(2028, 2, 29, 12, tzinfo=UTC), offered_validity=date(2029, 1, 1))
    assert not any(result.passes for result in reserved_gate(offer))


def test_group_wants_two_tenderers():
    gap = the_one(with_party(tender_a(), replace(RULLANDE, role=PartyRole.SUBCONTRACTOR)), GapArea.FORM)
    assert "minst två" in gap.sentence


def test_subcontractor_needs_no_documents_but_relied_on_does():
    sub = replace(RULLANDE, role=PartyRole.SUBCONTRACTOR, documents=())
    offer = replace(tender_a(), form=BidForm.SUBCONTRACTORS, parties=(LJUNGBACKEN, sub))
    assert blocking(offer) == []
    relied = replace(offer, form=BidForm.RELIED_ON, parties=(LJUNGBACKEN, replace(sub, role=PartyRole.RELIED_ON)))
    assert [gap.document for gap in blocking(relied)] == [DocumentKind.ESPD, DocumentKind.COMMITMENT_LETTER]


def test_form_and_roles_must_agree():
    offer = replace(tender_a(), form=BidForm.SUBCONTRACTORS)
    keys = {gap.key for gap in blocking(offer)}
    assert {"form:tenderers", "form:representative", "form:partner"} <= keys
    relied = with_party(replace(offer, parties=offer.parties[1:]), replace(RULLANDE, role=PartyRole.RELIED_ON))
    assert {"form:partner", "form:relied_on:rullande"} <= {gap.key for gap in blocking(relied)}


def test_only_parties_deliver_and_no_representative():
    offer = tender_a()
    stranger = tuple(replace(share, party_key="okänd") for share in offer.rows[0].shares)
    assert "inte är part" in the_one(with_row(offer, 0, shares=stranger), GapArea.FORM).sentence
    ours = tuple(replace(share, party_key="samklang") for share in offer.rows[0].shares)
    assert the_one(with_row(offer, 0, shares=ours), GapArea.FORM).party_key == "samklang"


@pytest.mark.parametrize("kind", [DocumentKind.ESPD, DocumentKind.POWER_OF_ATTORNEY])
def test_missing_and_expired_documents_block(kind):
    gap = the_one(with_party(tender_a(), without(RULLANDE, kind)), GapArea.DOCUMENT)
    assert (gap.party_key, gap.document) == ("rullande", kind)
    old = replace(
        RULLANDE,
        documents=tuple(replace(d, valid_to=date(2026, 5, 11)) if d.kind is kind else d for d in RULLANDE.documents),
    )
    assert "gäller inte" in the_one(with_party(tender_a(), old), GapArea.DOCUMENT).sentence
    lost = replace(
        RULLANDE, documents=tuple(replace(d, appendix_number=77) if d.kind is kind else d for d in RULLANDE.documents)
    )
    assert "inte finns" in the_one(with_party(tender_a(), lost), GapArea.DOCUMENT).sentence


def test_a_sales_company_that_leads_the_group_signs_for_itself():
    lead = replace(
        SAMKLANG, role=PartyRole.TENDERER, documents=without(RULLANDE, DocumentKind.POWER_OF_ATTORNEY).documents
    )
    assert blocking(replace(tender_b(), parties=(*tender_b().parties, lead))) == []


def test_sanctions_line_is_ten_per_cent_for_others_than_tenderers():
    kind = DocumentKind.SANCTIONS_DECLARATION
    assert the_one(with_party(tender_a(), without(RULLANDE, kind)), GapArea.SANCTIONS).party_key == "rullande"
    sub = without(replace(RULLANDE, role=PartyRole.SUBCONTRACTOR), kind)
    small = replace(tender_a(), form=BidForm.SUBCONTRACTORS, parties=(LJUNGBACKEN, sub))
    assert blocking(small) == []
    big = replace(small, rows=small.rows[2:])
    big = replace(big, rows=tuple(replace(row, lot_ref="1") if row.ref == "1.3" else row for row in big.rows))
    gap = the_one(big, GapArea.SANCTIONS)
    assert gap.document is kind
    assert blocking(replace(big, above_threshold=False)) == []


@pytest.mark.parametrize("day", [None, date(2026, 9, 11)])
def test_validity_too_short(day):
    assert "12\u00a0september 2026" in the_one(replace(tender_a(), offered_validity=day), GapArea.VALIDITY).sentence


def test_validity_before_the_deadline():
    offer = replace(tender_a(), required_validity=None, offered_validity=date(2026, 5, 1))
    assert the_one(offer, GapArea.VALIDITY).blocking


def test_reminders_block_nothing():
    forgetful = replace(RULLANDE, reason_not_alone="", reasons=(), f_tax=False)
    found = gaps(replace(with_party(tender_a(), forgetful), contact=None))
    assert [gap.key for gap in found] == ["party:alone:rullande", "party:f_tax:rullande", "party:contact"]
    assert not any(gap.blocking for gap in found)


def test_keys_are_unique_and_stable():
    empty = replace(tender_a(), answers=(), rows=(), parties=(), contact=None, offered_validity=None)
    found = gaps(empty)
    assert len({gap.key for gap in found}) == len(found)
    assert found == gaps(empty)
    assert [gap.blocking for gap in found] == sorted((gap.blocking for gap in found), reverse=True)
