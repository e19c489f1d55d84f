"""What an application to a call lacks, what a party signs of it, and what its document says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.money import Money
from bids import party_documents
from bids.binding import archive
from bids.budget_values import Budget
from bids.call_checks import characters
from bids.checks import gaps
from bids.differences import differences
from bids.document import to_html
from bids.kinds import BudgetKind, DocumentKind, PartyRole, RequirementKind, RequirementStage
from bids.offer import Requirement, from_json, to_json
from bids.package import Entry, Limits, generated, listing
from bids.package_sheets import budget_sheet
from bids.structured import to_structured
from tests.core.call_samples import ANSWER, ROWS, TERMS, application, row

LETTER = DocumentKind.LETTER_OF_INTENT
OF_A_BID = ("anbud", "köpare", "upphandling", "leverantör")
"""Words that do not belong in what a funder reads."""


def keys(**changes) -> list[str]:
    return [gap.key for gap in gaps(application(**changes))]


def test_a_whole_application_lacks_nothing_and_travels_as_json():
    offer = application()
    assert gaps(offer, now=offer.made_on) == ()
    assert from_json(to_json(offer)) == offer


def test_a_bid_keeps_the_text_it_had_before_there_were_applications():
    bid = replace(application(), budget=None)
    assert "budget" not in to_json(bid)
    assert '"most_characters":2000' in to_json(bid)


def test_after_the_last_day_it_may_not_go():
    late = application().deadline.replace(hour=14)
    (gap,) = gaps(application(), now=late)
    assert gap.key == "deadline"
    assert gap.blocking


@pytest.mark.parametrize("text", ["", "   "])
def test_a_question_without_words_is_not_answered(text):
    answers = application().answers
    assert keys(answers=(replace(answers[0], text=text), *answers[1:])) == ["requirement::1.1:unanswered"]


def test_an_answer_may_be_as_long_as_the_form_takes():
    answers = application().answers
    assert not keys(answers=(replace(answers[0], text="ö" * 2_000), *answers[1:]))
    assert keys(answers=(replace(answers[0], text="ö" * 2_001), *answers[1:])) == ["requirement::1.1:long"]


def test_a_line_break_counts_as_one_sign():
    assert characters("ett\r\n\r\ntvå ") == characters("ett\n\ntvå") == 8


def test_a_condition_is_answered_with_yes_or_no():
    asked = Requirement("V1", RequirementKind.MUST, RequirementStage.AWARD, "Projektet ska ha en projektledare.")
    assert keys(requirements=(asked,), answers=()) == ["requirement::V1:unanswered"]


def test_precisely_one_applies():
    parties = tuple(replace(party, role=PartyRole.APPLICANT) for party in application().parties)
    assert "form:applicant" in keys(parties=parties)
    partners = tuple(replace(party, role=PartyRole.PARTNER) for party in application().parties)
    assert "form:applicant" in keys(parties=partners)


def test_each_partner_brings_a_letter_and_it_lies_among_the_appendices():
    parties = application().parties
    bare = replace(parties[1], documents=())
    assert keys(parties=(parties[0], bare, parties[2])) == ["document:ljungbacken:letter_of_intent"]
    beside = replace(parties[1], documents=(replace(parties[1].documents[0], appendix_number=None),))
    assert keys(parties=(parties[0], beside, parties[2])) == ["document:ljungbacken:letter_of_intent"]


def test_a_signed_letter_holds_as_long_as_the_money_is_the_same():
    offer = application()
    party = offer.parties[1]
    signed = replace(party.documents[0], signed_text=party_documents.text_hash(offer, party, LETTER))
    parties = (offer.parties[0], replace(party, documents=(signed,)), offer.parties[2])
    assert not keys(parties=parties)
    more = Budget(TERMS, (*ROWS, row(BudgetKind.TRAVEL, "ljungbacken", 2027, 1_000)))
    assert keys(parties=parties, budget=more) == ["document:ljungbacken:letter_of_intent"]
    others = Budget(TERMS, (*ROWS, row(BudgetKind.TRAVEL, "rullande", 2027, 1_000)))
    assert not keys(parties=parties, budget=others)


def test_a_letter_tells_who_wants_what_for_which_money():
    offer = application()
    text = party_documents.text_of(offer, offer.parties[1], LETTER)
    assert text.items == ("2027: kostnader 425\u00a0000 kr", "2027: egen insats 95\u00a0000 kr, Handledares arbetstid")
    assert "Samklang Sälj ek. för." in text.plain
    assert "Fonden för ett öppet arbetsliv" in text.plain
    assert not any(word in text.plain.lower() for word in OF_A_BID)


def test_no_letter_before_it_is_said_what_the_party_does():
    offer = application()
    assert "Skriv det" in party_documents.why_not(offer, replace(offer.parties[1], does=""), LETTER)
    unsaid = Budget(TERMS, (*ROWS, row(BudgetKind.TRAVEL, "ljungbacken", 2027, None)))
    assert "saknar belopp" in party_documents.why_not(replace(offer, budget=unsaid), offer.parties[1], LETTER)


def test_the_document_speaks_to_a_funder():
    html = to_html(application())
    assert "Projektansökan" in html
    assert "Svar på utlysningens frågor" in html
    body = html[html.index("<body>") :].lower()
    assert not [word for word in OF_A_BID if word in body]


def test_the_data_in_the_file_says_what_the_tables_say():
    told = json.loads(to_structured(application()))
    assert told["format"] == "samsalj-ansokan"
    assert (told["costs"], told["other_funding"], told["applied_for"]) == ("1857990.00", "845000.00", "1012990.00")
    assert sum(float(one["amount"]) for one in told["budget"] if one["is_cost"]) == float(told["costs"])
    assert archive.Facts("", "", application().made_on, b"").offer_name == "anbud.json"


def test_what_is_copied_from_has_the_budget_and_the_answers():
    made = {item.words: data.decode("utf-8-sig") for item, data in generated(application())}
    assert set(made) == {"budget", "svar"}
    assert "1;Personal;Projektledare, 75 %;Samklang Sälj ek. för.;2027;420000,00\r\n" in made["budget"]
    assert made["budget"].endswith(";Sökt stöd;;;;1012990,00\r\n")
    assert made["svar"].startswith("Fråga 1.1\r\n")
    assert "Svar: Ja" not in made["svar"]
    assert budget_sheet(application()).startswith(b"\xef\xbb\xbf")


def test_the_checklist_speaks_to_a_funder():
    too_large = Entry(path="gemensamt/a.pdf", words="a", sha256="0", size=9_000_000, upload=True)
    told = listing(application(), [too_large], Limits(most_bytes=1_000_000)).decode()
    assert "finansiärens system tar högst" in told
    assert not any(word in told.lower() for word in OF_A_BID)


def test_two_versions_tell_what_became_of_the_budget():
    before = application()
    rows = (replace(ROWS[0], amount=Money.kronor(430_000)), *ROWS[1:-1])
    after = application(budget=Budget(TERMS, rows), letter="En annan sammanfattning.")
    told = {one.what: (one.before, one.after) for one in differences(before, after)}
    assert told["Sammanfattning"][1] == "En annan sammanfattning."
    assert told["Personal 2027, Samklang Sälj ek. för.: Projektledare, 75 %"] == (
        "420\u00a0000,00\u00a0kr",
        "430\u00a0000,00\u00a0kr",
    )
    assert told["Offentlig medfinansiering 2028, Norrviks samordningsförbund"][1] == ""
    assert "Sökt stöd" in told
    assert ANSWER not in str(told)
