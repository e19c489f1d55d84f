"""What a party signs follows from the offer alone, and a signature holds for that text only."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids import checks, party_documents
from bids.canonical import dumps, loads
from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.parties import PartyDocument
from bids.party_document_pdf import to_html, to_pdf
from bids.party_documents import Fact, PartySheet, PartyText, Signed, text_hash, text_of, why_not
from tests.core.bid_samples import tender_a

POWER, COMMITMENT, LIABILITY = party_documents.SIGNED_KINDS[:3]
FRUIT, VAN = "ljungbacken", "rullande"


def party(offer, key):
    return next(one for one in offer.parties if one.key == key)


def with_party(offer, key, **changes):
    parties = tuple(replace(one, **changes) if one.key == key else one for one in offer.parties)
    return replace(offer, parties=parties)


def relying(offer):
    """Ljungbacken bids alone and relies on Rullande."""
    there = replace(offer, form=BidForm.RELIED_ON, parties=offer.parties[1:])
    return with_party(there, VAN, role=PartyRole.RELIED_ON)


def signed(offer, key, kind, *, text=None, number=1):
    """The same offer with the party's paper in it, signed on screen, in the place of all it had of that kind."""
    own = party(offer, key)
    paper = PartyDocument(kind, kind.label, None, None, number, signed_text=text or text_hash(offer, own, kind))
    others = tuple(one for one in own.documents if one.kind is not kind)
    return with_party(offer, key, documents=(*others, paper))


def about(offer, key, kind) -> str:
    return " ".join(gap.sentence for gap in checks.gaps(offer) if gap.party_key == key and gap.document is kind)


def test_a_power_of_attorney_names_tender_representative_group_and_what_may_be_done():
    words = text_of(tender_a(), party(tender_a(), FRUIT), POWER).plain
    for said in ("Fullmaktsgivare: Ljungbacken", "Ombud: Samklang", "INK 2026/114", "Västerhamns kommun", "1 Centrum"):
        assert said in words, said
    assert "tillsammans med Rullande Hjälpen" in words
    assert "förlänga den tid som anbudet är bindande" in words
    assert "Ombudet får inte underteckna kontraktet" in words


def test_a_commitment_names_rows_requirements_and_what_is_done():
    offer = relying(tender_a())
    words = text_of(offer, party(offer, VAN), COMMITMENT).plain
    assert "14 kap. 6 §" in words
    assert "prisrad 2.1 i anbudsområde 2, Fruktkorg 5 kg: 450 st per år" in words
    assert party(offer, VAN).does in words
    answers = tuple(replace(one, responsible=VAN) if one.requirement_ref == "A5" else one for one in offer.answers)
    asked = replace(offer, answers=answers)
    assert "krav A5" in text_of(asked, party(asked, VAN), COMMITMENT).plain


def test_a_commitment_to_nothing_cannot_be_written():
    offer = relying(tender_a())
    rows = tuple(replace(row, shares=()) for row in offer.rows)
    answers = tuple(replace(one, responsible=None) for one in offer.answers)
    idle = with_party(replace(offer, rows=rows, answers=answers), VAN, does=" ")
    assert "ställer till förfogande" in why_not(idle, party(idle, VAN), COMMITMENT)
    assert text_hash(idle, party(idle, VAN), COMMITMENT) == ""
    with pytest.raises(ValueError, match="förfogande"):
        text_of(idle, party(idle, VAN), COMMITMENT)


def test_without_a_representative_there_is_nobody_to_give_power_to():
    offer = replace(tender_a(), parties=tender_a().parties[1:])
    assert "inget ombud" in why_not(offer, party(offer, FRUIT), POWER)


def test_joint_liability_is_declared_only_where_the_buyer_wants_it_and_by_whom_the_form_says():
    for offer, wanted in ((tender_a(), {FRUIT, VAN}), (relying(tender_a()), {VAN})):
        assert not [one for one in checks.papers_wanted(offer) if one[1] is LIABILITY]
        asked = replace(offer, joint_liability=True)
        assert {one.key for one, kind in checks.papers_wanted(asked) if kind is LIABILITY} == wanted
        for key in wanted:
            assert "saknas" in about(asked, key, LIABILITY)
            assert about(signed(asked, key, LIABILITY), key, LIABILITY) == ""
            assert "solidariskt" in text_of(asked, party(asked, key), LIABILITY).plain


def test_what_is_signed_closes_the_gap_until_the_text_is_another():
    offer = signed(tender_a(), FRUIT, POWER)
    assert about(offer, FRUIT, POWER) == ""
    for other in (
        replace(offer, title="Fruktkorgar till skolor"),
        replace(offer, diary_number="INK 2026/115"),
        replace(offer, lots=offer.lots[:1]),
        with_party(offer, "samklang", name="Någon annan ek. för."),
        with_party(offer, VAN, name="Rullande Hjulen"),
    ):
        assert "stämmer inte längre" in about(other, FRUIT, POWER)
    for same in (
        replace(offer, offered_validity=date(2028, 1, 1)),
        replace(offer, letter="Ett annat brev"),
        with_party(offer, FRUIT, address="Nygatan 1", contact="Någon Annan"),
    ):
        assert about(same, FRUIT, POWER) == ""


def test_what_is_signed_must_lie_among_the_appendices():
    assert "ligger inte bland bilagorna" in about(signed(tender_a(), FRUIT, POWER, number=None), FRUIT, POWER)


def test_a_paper_that_was_handed_in_holds_whatever_the_text_would_be():
    offer = signed(tender_a(), FRUIT, POWER)
    paper = PartyDocument(POWER, "Fullmakt på papper", None, None, 1)
    both = with_party(offer, FRUIT, documents=(*party(offer, FRUIT).documents, paper))
    assert about(replace(both, title="Något annat"), FRUIT, POWER) == ""


WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=40)


@given(WORDS, WORDS)
def test_equal_texts_have_equal_hashes_however_they_are_typed(title, line):
    def text(title, line):
        facts = (Fact("Upphandling", title),)
        return PartyText(kind=POWER, title="Fullmakt", facts=facts, paragraphs=(line,))

    once = text(title, line)
    again = text(unicodedata.normalize("NFD", title), f"  {line}   ")
    assert once.sha256 == again.sha256
    assert text(title, f"{line} och mer").sha256 != once.sha256
    assert loads(dumps(once), PartyText) == once


@given(st.decimals(1, 10_000, places=2))
def test_another_quantity_is_another_commitment(quantity):
    offer = relying(tender_a())
    row = next(row for row in offer.rows if row.ref == "2.3")
    share = replace(row.shares[0], quantity=quantity)
    rows = tuple(replace(one, shares=(share,)) if one is row else one for one in offer.rows)
    changed = text_hash(replace(offer, rows=rows), party(offer, VAN), COMMITMENT)
    same = quantity == row.shares[0].quantity
    assert (changed == text_hash(offer, party(offer, VAN), COMMITMENT)) is same


def test_the_print_shows_names_right_time_and_hash_but_no_address():
    text = text_of(tender_a(), party(tender_a(), FRUIT), POWER)
    at = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
    names = (Signed("Lova Hittepå", "Ensam firmatecknare", at),)
    sheet = PartySheet(text=text, signer="Ljungbacken", names=names)
    shown = to_html(sheet)
    for said in ("Lova Hittepå", "Ensam firmatecknare", "3\u00a0november 2026 klockan\u00a012.00", text.sha256):
        assert said in shown, said
    assert to_pdf(sheet) == to_pdf(sheet)
    assert "namnförtydligande" in to_html(replace(sheet, names=()))


def test_texts_are_escaped_when_printed():
    offer = replace(tender_a(), title="<script>alert(1)</script>")
    shown = to_html(PartySheet(text=text_of(offer, party(offer, FRUIT), POWER), signer="<b>"))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_other_papers_are_not_written_here():
    assert "Ladda upp" in why_not(tender_a(), party(tender_a(), FRUIT), DocumentKind.ESPD)
