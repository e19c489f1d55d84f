"""Secrecy is asked for with concrete harm, and what is secret is gone from the masked copy."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids import checks, masking, schedule, secrecy_print
from bids.document import to_pdf
from bids.kinds import GapArea
from bids.look import Look, Section
from bids.offer import Answer, Evidence, Reference, from_json, to_json
from bids.pricing import grand_total
from bids.secrecy import PHRASES, Secret, SecretKind, harm_problem, until_problem
from tests.core import bid_files
from tests.core.bid_samples import tender_a
from tests.pdf_parts import everything, words

UNTIL = date(2030, 12, 31)
HARM = "Konkurrenter kan räkna ut våra inköpsavtal med odlarna och bjuda under oss nästa gång."
ANSWER = "Skutans förskola i Björkviken, 412 korgar om året till ett dolt specialpris."


def secret(kind, **where) -> Secret:
    return Secret(kind=kind, what="Det som är hemligt", harm=HARM, until=UNTIL, **where)


def blank() -> bytes:
    return secrecy_print.blank_page()


def masked(offer):
    return masking.masked(offer, hashlib.sha256(blank()).hexdigest())


def with_secrets(*secrets, offer=None):
    return replace(offer or tender_a(), secrets=secrets)


def answering(text=ANSWER, files=MappingProxyType({}), **more):
    """Tender A, where the answer to A5 is secret and says this."""
    offer = tender_a(files)
    said = Answer(
        requirement_ref="A5",
        answered=True,
        text=text,
        confidential=True,
        confidential_reason=HARM,
        confidential_until=UNTIL,
        **more,
    )
    return replace(offer, answers=(*(one for one in offer.answers if one.requirement_ref != "A5"), said))


def attached(data: bytes) -> str:
    """What lies in the file for machines to read."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return "".join(one.get_file().read_bytes().decode("utf-8", "replace") for one in pdf.attachments.values())


@given(st.lists(st.sampled_from(sorted(PHRASES)), max_size=40))
def test_a_general_phrase_is_no_harm_however_long(said):
    assert harm_problem(" ".join(said))


@pytest.mark.parametrize(
    "general",
    [
        "",
        "   ",
        "Affärshemlighet",
        "Vi kan lida skada om uppgiften röjs.",
        "Konkurrensskäl enligt OSL 31 kap. 16 §",
        "Uppgifterna är känsliga för oss och kan skada vårt företag om konkurrenter får del av dem.",
        "xx yy zz åå ab cd ef gh",
        "odlare odlare odlare odlare odlare",
    ],
)
def test_what_says_nothing_of_this_bid_is_refused(general):
    assert harm_problem(general)
    asked = replace(secret(SecretKind.PRICES), harm=general)
    assert [gap.area for gap in checks.gaps(with_secrets(asked))] == [GapArea.SECRECY]


def test_concrete_harm_and_a_last_day_are_enough():
    assert harm_problem(HARM) == ""
    assert checks.gaps(with_secrets(secret(SecretKind.PRICES))) == ()
    assert "Välj till och med" in until_problem(None, date(2026, 12, 1))
    assert "senare dag" in until_problem(date(2026, 12, 1), date(2026, 12, 1))
    assert until_problem(date(2026, 12, 2), date(2026, 12, 1)) == ""


def test_a_single_hidden_price_can_be_counted_and_is_told_of():
    alone = with_secrets(secret(SecretKind.ROW, ref="1.1", lot_ref="1"))
    (gap,) = checks.gaps(alone)
    assert "räkna ut ur summan" in gap.sentence
    assert gap.blocking
    with pytest.raises(ValueError, match="räkna ut"):
        masked(alone)
    two = with_secrets(*(secret(SecretKind.ROW, ref=ref, lot_ref="1") for ref in ("1.1", "1.2")))
    assert checks.gaps(two) == ()


def test_sums_stay_and_hidden_prices_and_all_that_they_were_made_of_are_gone():
    offer = with_secrets(*(secret(SecretKind.ROW, ref=ref, lot_ref="1") for ref in ("1.1", "1.2")))
    copy = masked(offer)
    before, after = schedule.lots(offer), schedule.lots(copy)
    assert [lot.total for lot in after] == [lot.total for lot in before]
    shown = {one.row.ref: one.price for lot in after for one in lot.rows}
    assert (shown["1.1"], shown["1.2"]) == (None, None)
    assert shown["1.3"] == Money.kronor("149")
    assert schedule.parts_of_value(copy) == {}
    for row in copy.rows:
        assert (row.fee_percent, row.margin_percent) == (0, 0)
        assert {share.member_price for share in row.shares} == {None}


@given(st.integers(0, 63))
def test_no_choice_of_rows_tells_a_hidden_price(chosen):
    offer = tender_a()
    rows = [row for place, row in enumerate(offer.rows) if chosen >> place & 1]
    offer = with_secrets(*(secret(SecretKind.ROW, ref=row.ref, lot_ref=row.lot_ref) for row in rows))
    if masking.why_not_masked(offer):
        assert any([row.lot_ref for row in rows].count(row.lot_ref) == 1 for row in rows)
        return
    copy = masked(offer)
    assert from_json(to_json(copy)) == copy
    for lot in schedule.lots(copy):
        hidden = [one for one in lot.rows if one.price is None]
        assert len(hidden) != 1
        assert {(one.row.ref, one.row.lot_ref) for one in hidden} <= {(row.ref, row.lot_ref) for row in rows}
    assert sum(lot.total.ore for lot in schedule.lots(copy)) == grand_total(tender_a()).ore


def test_a_secret_answer_is_gone_wherever_it_was_repeated():
    offer = answering(evidence=(Evidence("Intyg från Skutans förskola"),))
    offer = replace(
        offer,
        letter=f"Vi nämner särskilt\n  {ANSWER.replace(' ', '  ').upper()}",
        delivery_plan="Se Intyg från  Skutans förskola.",
        references=(Reference(customer="Byskolan", what="412 korgar om året"),),
    )
    told = to_json(masked(offer)).casefold()
    for gone in ("skutans", "specialpris"):
        assert gone in to_json(offer).casefold()
        assert gone not in told, gone
    assert "byskolan" in told


def test_names_that_are_public_are_left_alone():
    offer = tender_a()
    known = Reference(customer=offer.buyer.name, what="Frukt")
    copy = masked(with_secrets(secret(SecretKind.REFERENCE, number=1), offer=replace(offer, references=(known,))))
    assert copy.buyer == offer.buyer
    assert copy.references[0].customer == masking.HIDDEN


def test_the_masked_copy_holds_no_trace_of_what_is_secret():
    files = bid_files.appendices_a()
    offer = replace(
        answering(), references=(Reference(customer="Hemliga Kunden AB", what="Frukt", contact="Dold Kontakt"),)
    )
    offer = replace(tender_a(files), answers=offer.answers, references=offer.references)
    numbered = offer.appendices[0].number
    offer = replace(
        offer,
        appendices=tuple(
            replace(one, title="CV Yngve Osynlig") if one.number == numbered else one for one in offer.appendices
        ),
        secrets=(
            secret(SecretKind.PRICES),
            secret(SecretKind.APPENDIX, number=numbered),
            secret(SecretKind.REFERENCE, number=1),
        ),
    )
    copy = masked(offer)
    given = {**files, numbered: blank()}
    printed, original = to_pdf(copy, given), to_pdf(offer, files)
    traces = ("Björkviken", "specialpris", "Hemliga Kunden", "Dold Kontakt", "Yngve Osynlig", "212,00", "149,00")
    for trace in traces:
        assert trace in words(original), trace
        assert trace not in words(printed), trace
        assert trace not in everything(printed), trace
    assert "Yngve Osynlig" in everything(original)
    assert "Maskerad bilaga" in everything(printed)
    for figure in ("212.00", "149.00", "190.80", "21200", "19080", "Björkviken", "Yngve Osynlig"):
        assert figure not in attached(printed), figure
    assert "maskerad kopia" in words(printed)
    assert "1 446 500,00" in words(printed).replace("\u00a0", " ")
    assert to_pdf(copy, given) == printed


def proved(offer, ref, *numbers):
    """The same offer, where the answer to this requirement is proved by these appendices and no others."""
    pieces = tuple(Evidence(f"Bevis {number}", number) for number in numbers)
    answers = tuple(replace(one, evidence=pieces) if one.requirement_ref == ref else one for one in offer.answers)
    return replace(offer, answers=answers)


def test_proofs_of_a_secret_answer_are_masked_pages_with_no_trace_of_what_they_held():
    proof = bid_files.paper("Årsredovisning", "Rena Rum redovisar ett dolt resultat.", "Noter om Dolda Banken.")
    files = {**bid_files.appendices_a(), 1: proof}
    offer = proved(answering(files=files), "A5", 1)
    titled = (replace(one, title="Årsbokslut Rena Rum") if one.number == 1 else one for one in offer.appendices)
    offer = replace(offer, appendices=tuple(titled), look=Look((own("Se **Årsbokslut** *Rena Rum* i bilagan."),)))
    assert masking.hidden_appendices(offer) == {1}
    copy = masked(offer)
    given = {**files, 1: blank()}
    printed, original = to_pdf(copy, given), to_pdf(offer, files)
    assert "dolt resultat" in words(original)
    assert "Årsbokslut" in everything(original)
    for trace in ("dolt resultat", "Dolda Banken", "Årsbokslut", "Rena Rum", hashlib.sha256(proof).hexdigest()):
        for whole in (words(printed), everything(printed), attached(printed), to_json(copy)):
            assert trace not in whole, trace
    assert "Maskerad bilaga" in words(printed)
    with pikepdf.open(io.BytesIO(printed)) as less, pikepdf.open(io.BytesIO(original)) as more:
        assert len(less.pages) < len(more.pages)


def own(text: str) -> Section:
    return Section(name="own-1", title="Vårt eget", text=text)


def test_a_text_of_the_bids_own_keeps_no_secret_phrase_also_between_marks():
    said = "Så: **Skutans förskola** i Björkviken, *412 korgar* om året till\n> ett dolt specialpris."
    offer = replace(answering(), look=Look((own(said),)))
    assert "Björkviken" not in to_json(masked(offer))


def test_the_same_file_under_another_number_is_masked_too():
    offer = with_secrets(secret(SecretKind.APPENDIX, number=1), offer=tender_a(bid_files.appendices_a()))
    first, second, *others = offer.appendices
    offer = replace(offer, appendices=(first, replace(second, sha256=first.sha256), *others))
    assert masking.hidden_appendices(offer) == {first.number, second.number}
    assert first.sha256 not in {one.sha256 for one in masked(offer).appendices}


def test_a_secret_proof_that_an_open_answer_uses_too_is_masked_and_told_of():
    alone = answering(files=bid_files.appendices_a())
    alone = replace(alone, answers=tuple(replace(one, evidence=()) for one in alone.answers))
    alone = proved(alone, "A5", 1)
    offer = proved(alone, "A1", 1)
    (gap,) = [one for one in checks.gaps(offer) if one.key == "secrecy:shared:1"]
    assert not gap.blocking
    assert "krav A1" in gap.sentence
    assert "maskeras" in gap.sentence
    assert masking.hidden_appendices(offer) == {1}
    assert masked(offer).appendices[0].title == masking.HIDDEN_APPENDIX
    assert not [one for one in checks.gaps(alone) if one.key.startswith("secrecy:shared")]


def test_the_request_lists_each_secret_with_its_harm_and_last_day():
    offer = replace(answering(), secrets=(secret(SecretKind.PRICES), secret(SecretKind.APPENDIX, number=2)))
    said = words(secrecy_print.to_pdf(offer))
    for part in ("31 kap. 16 §", "19 kap. 3 §", "Svaret på krav A5", "Alla priser per enhet", "Bilaga 2"):
        assert part in said, part
    assert said.count("Konkurrenter kan räkna ut våra inköpsavtal") == 3
    assert said.count("31 december 2030") == 3
    assert "Björkviken" not in said
    assert secrecy_print.to_pdf(offer) == secrecy_print.to_pdf(offer)


@given(st.dates(date(2026, 12, 31), date(2031, 1, 1)), st.integers(-400, 4000))
def test_secrecy_ends_after_the_deadline(deadline, days):
    until = deadline + timedelta(days=days)
    assert (until_problem(until, deadline) == "") is (days > 0)
