"""Parties declare in a bid: the buyer's request is read, what is known is filled in, the rest is asked and signed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import etree
from sqlalchemy import select

from app import bidflow, declareflow, files
from app import clock as app_clock
from app.audit import AuditEvent
from app.db import db
from app.errors import Refused
from app.money import Money
from app.tenders import actions as tender_actions
from app.tenders import bid_actions, paper_actions, promise_actions, versions
from app.tenders.actions import TenderFacts
from app.tenders.espd import frozen, printing
from app.tenders.espd.models import Declaration, EspdRequest, PartyFact, VersionDeclaration
from app.tenders.models import Bid, BidParty
from app.tenders.offers import offer_of
from app.tenders.packing import limits, making
from bids.canonical import loads
from bids.espd.answering import LONGEST
from bids.espd.document import chapters_of
from bids.espd.snapshot import Sheet
from bids.kinds import BidForm, DocumentKind, PartyRole
from tests.espd_requests import GROUNDS, NAMES, espd_request, ground, yearly
from tests.features.bid_case import DEADLINE, Case, count, gaps
from tests.furnished import furnished
from tests.make import make_document, make_member_year, make_user
from tests.pdf_parts import words
from tests.people import document, save, text

FRUIT, VAN = "ljungbacken@medlem.example", "rullande@medlem.example"


@furnished
def case(app):
    """A reserved tender above the threshold, in which Ljungbacken and Rullande bid together; both are invited."""
    now = app_clock.now()
    made = Case(now)
    made.tender.above_threshold = True
    for member, email in ((made.fruit, FRUIT), (made.van, VAN)):
        bid_actions.add_party(made.bid, member, PartyRole.TENDERER, by=made.sam, now=now)
        make_user(email, member=member)
        for year, amount in ((2023, "9000000"), (2024, "10000000"), (2025, "11000000")):
            make_member_year(member, year, Money.kronor(amount), employees=36)
    db.session.flush()
    for party in made.bid.parties[1:]:
        bidflow.ask(party, made.row, Decimal(50), by=made.sam, now=now)
        promise_actions.mark_invited(party, by=made.sam, now=now)
    db.session.flush()
    made.list = f"{made.where}/egenforsakran"
    made.espd = f"{made.list}/{party_of(made, made.fruit).id}/espd"
    made.own = f"/medlem/anbud/{made.bid.id}/forsakran/espd"
    return made


@furnished
def asked(case):
    """The same, when the buyer's request has been read."""
    declareflow.take_in(case.tender, case.bid, read_request(), by=case.sam, now=app_clock.now())
    return case


def read_request(*criteria) -> declareflow.ReadRequest:
    """A buyer's request, read."""
    return declareflow.read(espd_request(*criteria), "espd.xml")


def party_of(case, member) -> BidParty:
    return next(party for party in case.bid.parties if party.member_id == member.id)


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def fruit(case, visit):
    return visit(FRUIT)


def request_file(data: bytes | None = None, name: str = "espd-request.xml") -> dict[str, object]:
    return {"file": (BytesIO(data if data is not None else espd_request()), name)}


def questions(page) -> dict[str, str]:
    """Which fields a page asks, by what stands above them."""
    found = {}
    for part in page.cssselect("section.asked"):
        for field in part.cssselect("input[type=radio][value=false], textarea, input[type=text]"):
            found.setdefault(text(part.cssselect("h3")[0]), []).append(field.get("name"))
    return found


def answer(browser, where: str, **given: str):
    """Answer by the criteria's names; all other grounds are answered no."""
    asked = questions(browser.page(where))
    sent = {field: given[name] for name, fields in asked.items() for field in fields if name in given}
    return browser.fill(where, {**sent, "all_no": "1"}, form="form:has(section.asked)")


def sign(browser, where: str, name: str = "Anna Berg"):
    values = {"signed_by": name, "read": "y", "authorised": "y"}
    return browser.fill(where, values, form="form[action$='/underteckna']")


def declare(browser, where: str, name: str = "Anna Berg") -> None:
    """Answer all that is left, and sign."""
    for _page in range(4):
        asked = questions(browser.page(where))
        if not asked:
            break
        answer(browser, where, **dict.fromkeys(asked, "false"))
    assert sign(browser, where, name).status_code == 303


def declare_all(case, sales) -> None:
    for member in (case.fruit, case.van):
        for kind in ("espd", "sanktioner"):
            declare(sales, f"{case.list}/{party_of(case, member).id}/{kind}")


def row() -> Declaration:
    return db.session.scalars(select(Declaration).order_by(Declaration.id).limit(1)).one()


def missing(case) -> set[tuple[str, str]]:
    """Which papers of which parties the bid lacks."""
    db.session.expire_all()
    found = bidflow.gaps_of(db.session.get_one(Bid, case.bid.id), now=app_clock.now())
    return {(gap.party_key, gap.document.value) for gap in found if gap.document}


# The buyer's request


def test_the_buyers_request_is_read_kept_and_asked(case, sales):
    answered = sales.post(f"{case.list}/begaran", data=request_file())
    assert answered.status_code == 303
    page = text(sales.page(case.list))
    assert "ESPD 4.1.0, 6 kriterier" in page
    assert "Köket" in page
    assert sales.get(f"{case.list}/begaran/fil").data == espd_request()
    kept = db.session.scalars(select(EspdRequest)).one()
    assert (kept.criteria, kept.unknown, kept.by_name) == (6, 1, case.sam.name)


def test_the_same_file_twice_is_one_request(case, sales):
    for _click in range(2):
        sales.post(f"{case.list}/begaran", data=request_file())
    assert count(EspdRequest) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (espd_request(before='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), "DOCTYPE"),
        (espd_request(version="ESPD-EDMv3.3.0"), "ESPD version 3.3.0. Här läses version 4.1"),
        (b"%PDF-1.7", "inte XML"),
        (b"", "tom"),
    ],
)
def test_another_file_is_refused_in_words_and_the_one_before_still_counts(asked, sales, data, said):
    refused = sales.post(f"{asked.list}/begaran", data=request_file(data))
    assert refused.status_code == 422
    assert said in text(document(refused).cssselect(".error-summary")[0])
    assert count(EspdRequest) == 1
    assert sales.get(f"{asked.list}/begaran/fil").data == espd_request()


def test_a_newer_request_takes_the_olders_place_and_what_was_signed_is_opened(asked, sales, work_off):
    declare(sales, asked.espd)
    work_off()
    sales.post(f"{asked.list}/begaran", data=request_file(espd_request([*map(ground, (*GROUNDS, "fraud"))])))
    assert count(EspdRequest) == 2
    assert not row().is_signed
    assert (asked.fruit.slug, "espd") in missing(asked)
    assert set(questions(sales.page(asked.espd))) == {"Bedrägerier"}


def test_without_the_request_the_parties_sign_our_own_form(asked, sales, work_off):
    sales.post(f"{asked.list}/begaran/ta-bort")
    assert "Ingen ESPD-begäran har kommit" in text(sales.page(asked.list))
    declare(sales, asked.espd)
    work_off()
    assert row().xml is None
    assert sales.get(f"{asked.espd}/pdf").data.startswith(b"%PDF")
    assert sales.get(f"{asked.espd}/xml").status_code == 404
    assert sales.get(f"{asked.list}/begaran/fil").status_code == 404


# Answering


def test_a_party_is_asked_only_what_is_not_known(asked, fruit):
    page = fruit.page(asked.own)
    assert set(questions(page)) == {
        "Deltagande i en kriminell organisation",
        "Korruption",
        "Intressekonflikt på grund av deltagande i upphandlingen",
        "Köket",
    }
    known = text(page.cssselect("details")[0])
    assert "Genomsnittlig årlig omsättning" in known
    assert "10\u00a0000\u00a0000 kr" in page.cssselect("details")[0].text_content()
    assert "Rullande Hjälpen (769999-0060)" in known


def test_answers_are_kept_a_few_at_a_time_and_a_yes_leads_further(asked, fruit):
    first = questions(fruit.page(asked.own))["Korruption"][0]
    fruit.fill(asked.own, {first: "true"}, form="form:has(section.asked)")
    page = fruit.page(asked.own)
    assert len(questions(page)["Korruption"]) == 1
    assert "Beskriv" in text(page)
    assert "5 frågor återstår" in text(page)


def test_one_no_answers_the_grounds_and_nothing_else(asked, fruit):
    fruit.fill(asked.own, {"all_no": "1"}, form="form:has(section.asked)")
    assert set(questions(fruit.page(asked.own))) == {"Köket"}


def test_an_answer_of_another_kind_is_refused_beside_its_field_and_nothing_typed_is_lost(asked, fruit):
    fields = questions(fruit.page(asked.own))["Köket"]
    refused = fruit.fill(asked.own, {fields[0]: "true", fields[1]: "x" * (LONGEST + 1)}, form="form:has(section.asked)")
    assert refused.status_code == 422
    page = document(refused)
    assert "högst 4000 tecken" in text(page.cssselect(".error-summary")[0])
    assert page.cssselect(f"[name={fields[1]}]")[0].get("value") == "x" * (LONGEST + 1)
    assert page.cssselect(f"[name={fields[0]}][value=true]")[0].get("checked") is not None
    assert count(Declaration) == 0


@pytest.mark.both
def test_two_at_the_same_party_do_not_overwrite_each_other_unseen(asked, fruit, sales):
    form = fruit.page(asked.own).cssselect("form:has(section.asked)")[0]
    sent = {name: value for name, value in form.form_values() if name != "csrf_token"}
    stove = questions(fruit.page(asked.own))["Köket"][1]
    sales.fill(asked.espd, {stove: "Gas"}, form="form:has(section.asked)")
    token = form.cssselect("[name=csrf_token]")
    late = {**sent, stove: "El", **({"csrf_token": token[0].get("value")} if token else {})}
    refused = fruit.post(asked.own, data=late)
    assert refused.status_code == 422
    assert "Någon annan har svarat ”Gas”" in text(document(refused))
    again = document(refused).cssselect("form:has(section.asked)")[0]
    assert fruit.post(asked.own, data=dict(again.form_values())).status_code == 303
    assert "El" in row().answers.values()


def test_a_field_that_the_page_did_not_ask_changes_nothing(asked, fruit):
    sent = fruit.page(asked.own).cssselect("form:has(section.asked)")[0].form_values()
    fruit.post(asked.own, data={**dict(sent), "q0123456789abcdef": "x", "asked": "q0123456789abcdef"})
    assert count(Declaration) == 0 or row().answers == {}


def test_a_known_answer_can_be_changed_and_is_then_the_partys_own(asked, fruit):
    page = fruit.page(f"{asked.own}?visa=alla")
    field = questions(page)["Genomsnittlig årlig omsättning"][0]
    assert page.cssselect(f"[name={field}]") != []
    shown = {one.get("value"): one.get("name") for one in page.cssselect("section.asked input[type=text]")}
    average = shown["10\u00a0000\u00a0000"]
    fruit.fill(f"{asked.own}?visa=alla", {average: "12 000 000 kr"}, form="form:has(section.asked)")
    assert list(row().answers.values()) == ["12000000.00"]


# Signing, and what follows


@pytest.mark.both
def test_nothing_is_signed_while_something_is_left(asked, fruit):
    page = fruit.page(asked.own)
    assert not page.cssselect("form[action$='/underteckna']")
    sent = {"signed_by": "Anna Berg", "read": "y", "authorised": "y"}
    token = page.cssselect("[name=csrf_token]")
    refused = fruit.post(
        f"{asked.own}/underteckna", data={**sent, **({"csrf_token": token[0].get("value")} if token else {})}
    )
    assert refused.status_code == 422
    assert "5 frågor är obesvarade" in text(document(refused))
    assert count(Declaration) == 0


@pytest.mark.parametrize("left_out", ["read", "authorised", "signed_by"])
def test_whoever_signs_has_read_it_and_may_sign_for_the_firm(asked, fruit, left_out):
    answer(fruit, asked.own, Köket="true")
    given = {"signed_by": "Anna Berg", "read": "y", "authorised": "y"}
    form = "form[action$='/underteckna']"
    values = {**given, left_out: "" if left_out == "signed_by" else None}
    sent = dict(fruit.page(asked.own).cssselect(form)[0].form_values())
    sent = {name: value for name, value in {**sent, **values}.items() if value is not None}
    refused = fruit.post(f"{asked.own}/underteckna", data=sent)
    assert refused.status_code == 422
    assert not any(one.is_signed for one in db.session.scalars(select(Declaration)))
    half = fruit.post(f"{asked.own}/underteckna", data={**sent, **given, "signed_by": "Anna"})
    assert "både förnamn och efternamn" in text(document(half))


def test_somebody_else_than_the_registered_signatory_is_told_of(asked, fruit, sales):
    asked.fruit.signatories = "Lova Hittepå"
    db.session.commit()
    answer(fruit, asked.own, Köket="true")
    assert "Lova Hittepå" in text(fruit.page(asked.own).cssselect("main")[0])
    assert sign(fruit, asked.own, "Anna Berg").status_code == 303
    said = gaps(sales, asked.where)
    assert "undertecknad av Anna Berg. Registrerad firmatecknare är Lova Hittepå" in said
    assert "Registrerad firmatecknare är Lova Hittepå" in text(sales.page(asked.list))


def test_a_ground_that_applies_is_seen_by_staff_and_stops_nobody(asked, fruit, sales):
    first = questions(fruit.page(asked.own))["Korruption"][0]
    fruit.fill(asked.own, {first: "true"}, form="form:has(section.asked)")
    for said in (gaps(sales, asked.where), text(sales.page(asked.list))):
        assert "svarat ja på uteslutningsgrunden Korruption" in said


def test_a_signature_makes_pdf_and_xml_and_closes_the_gap(asked, fruit, work_off):
    assert (asked.fruit.slug, "espd") in missing(asked)
    declare(fruit, asked.own)
    assert "Handlingarna görs" in text(fruit.page(asked.own))
    work_off()
    assert (asked.fruit.slug, "espd") not in missing(asked)
    assert fruit.get(f"{asked.own}/pdf").data.startswith(b"%PDF")
    root = etree.fromstring(fruit.get(f"{asked.own}/xml").data)
    assert len(root.findall("cac:TenderingCriterion", NAMES)) == 6
    assert root.findtext("cac:EconomicOperatorParty/cac:Party/cac:PartyName/cbc:Name", namespaces=NAMES) == (
        asked.fruit.name
    )
    signed = row()
    assert (signed.signed_by, signed.entered_by) == ("Anna Berg", "")
    assert signed.sha256 in text(fruit.page(asked.own))
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "declared")).one()
    assert (told.details["member"], told.details["sha256"]) == (asked.fruit.name, signed.sha256)
    assert [one.title for one in db.session.get_one(Bid, asked.bid.id).appendices] == [
        f"Egenförsäkran (ESPD), {asked.fruit.name}"
    ]


def test_papers_are_made_once_however_often_the_job_runs(asked, sales, work_off):
    declare(sales, asked.espd)
    work_off()
    before = row().pdf_id
    printing.make_papers(row().id)
    db.session.commit()
    assert row().pdf_id == before
    assert len(db.session.get_one(Bid, asked.bid.id).appendices) == 1


def test_staff_write_down_what_a_party_has_signed_and_it_says_so(asked, sales):
    declare(sales, asked.espd)
    assert row().entered_by == asked.sam.name
    assert f"Nedskrivet av {asked.sam.name}" in text(sales.page(asked.espd))


def test_signing_twice_is_signing_once(asked, fruit):
    answer(fruit, asked.own, Köket="true")
    page = fruit.page(asked.own).cssselect("form[action$='/underteckna']")[0]
    sent = {**dict(page.form_values()), "signed_by": "Anna Berg", "read": "y", "authorised": "y"}
    for name in ("Anna Berg", "Bo Ek"):
        assert fruit.post(f"{asked.own}/underteckna", data={**sent, "signed_by": name}).status_code == 303
    assert row().signed_by == "Anna Berg"


def test_a_signed_declaration_is_opened_before_it_is_changed(asked, fruit, work_off):
    declare(fruit, asked.own)
    work_off()
    assert not questions(fruit.page(asked.own))
    fruit.fill(asked.own, {}, form="form[action$='/oppna']")
    assert (asked.fruit.slug, "espd") in missing(asked)
    declare(fruit, asked.own)
    work_off()
    assert (asked.fruit.slug, "espd") not in missing(asked)
    assert len(db.session.get_one(Bid, asked.bid.id).appendices) == 1


def test_a_party_in_another_role_must_sign_again(asked, sales, work_off):
    declare(sales, asked.espd)
    work_off()
    party_of(asked, asked.fruit).role = PartyRole.RELIED_ON
    db.session.commit()
    assert (asked.fruit.slug, "espd") in missing(asked)
    assert "Måste undertecknas igen" in text(sales.page(asked.list))


def test_when_a_fact_changes_after_the_signature_it_says_so(asked, fruit, work_off):
    declare(fruit, asked.own)
    work_off()
    assert "Något har ändrats" not in text(fruit.page(asked.own))
    make_member_year(asked.fruit, 2026, Money.kronor("14000000"), employees=40)
    assert "Något har ändrats" in text(fruit.page(asked.own))


def test_a_paper_that_was_taken_out_of_the_bid_goes_in_again(asked, sales, work_off):
    declare(sales, asked.espd)
    work_off()
    bid = db.session.get_one(Bid, asked.bid.id)
    paper_actions.detach(bid, bid.appendices[0], by=asked.sam, now=app_clock.now())
    assert (asked.fruit.slug, "espd") in missing(asked)
    sales.fill(asked.list, {}, form="form[action$='/lagg-in']")
    assert (asked.fruit.slug, "espd") not in missing(asked)


def test_a_paper_from_elsewhere_is_told_of_and_then_nothing_need_be_answered(asked, sales):
    kept = files.save(b"%PDF-1.7 old", name="gammal.pdf", media_type="application/pdf", now=app_clock.now())
    make_document(asked.fruit, "espd", title="Lämnad i köparens system", file=kept)
    told = [text(card) for card in sales.page(asked.list).cssselect(".card")]
    assert ["En annan handling är inlämnad" in card for card in told] == [True, False, False, False]


def test_a_declaration_takes_the_place_of_a_paper_from_the_vault(asked, sales, work_off):
    kept = files.save(b"%PDF-1.7 old", name="gammal.pdf", media_type="application/pdf", now=app_clock.now())
    paper = make_document(asked.fruit, "espd", title="Gammal", file=kept)
    db.session.flush()
    party = party_of(asked, asked.fruit)
    paper_actions.attach_document(asked.bid, party, paper, by=asked.sam, now=app_clock.now())
    declare(sales, asked.espd)
    work_off()
    appendices = db.session.get_one(Bid, asked.bid.id).appendices
    assert [(one.number, one.document_id, one.declaration_id) for one in appendices] == [(1, None, row().id)]


# Sanctions


def test_the_sanctions_declaration_is_asked_of_tenderers_above_the_threshold(case, sales, fruit, work_off):
    where = case.own.replace("/espd", "/sanktioner")
    assert (case.fruit.slug, "sanctions_declaration") in missing(case)
    assert len(questions(fruit.page(where))["Sanktionerna mot Ryssland"]) == 4
    declare(fruit, where)
    work_off()
    assert (case.fruit.slug, "sanctions_declaration") not in missing(case)
    case.tender.above_threshold = False
    assert fruit.get(where).status_code == 404


def test_the_signer_is_shown_whom_the_declaration_covers_and_the_paper_names_them(case, fruit, work_off):
    where = case.own.replace("/espd", "/sanktioner")
    assert "Det går inte att räkna än" in text(fruit.page(where))
    bid_actions.set_percentages(case.bid, Decimal(2), Decimal(8), by=case.sam, now=app_clock.now())
    party_of(case, case.van).role = PartyRole.SUBCONTRACTOR
    for party in case.bid.parties[1:]:
        party.promises[0].member_price = Money.kronor(10)
    db.session.commit()
    shown = text(fruit.page(where))
    assert "Rullande Hjälpen (769999-0060)" in shown
    assert "50 %" not in shown.replace("\u00a0", " "), "how much another member delivers is its own"
    declare(fruit, where)
    work_off()
    assert "Rullande Hjälpen (769999-0060)" in words(fruit.get(f"{where}/pdf").data)
    promise = party_of(case, case.van).promises[0]
    promise.quantity = Decimal(1)
    db.session.commit()
    assert "Något har ändrats sedan" in text(fruit.page(where))
    assert "Ingen av dem står för mer än 10 procent" in text(fruit.page(where))


def test_a_yes_about_sanctions_is_never_signed(case, fruit):
    where = case.own.replace("/espd", "/sanktioner")
    page = fruit.page(where)
    assert "svara nej på de frågor ovan" in text(page.cssselect("[name=all_no]")[0])
    first = questions(page)["Sanktionerna mot Ryssland"][0]
    fruit.fill(where, {first: "true", "all_no": "1"}, form="form:has(section.asked)")
    refused = sign(fruit, where)
    assert refused.status_code == 422
    assert "artikel 5k" in text(document(refused).cssselect(".error-summary")[0])
    assert not row().is_signed


# The next bid


@furnished
def later(asked):
    """Ljungbacken has signed in the first bid, and is invited to a second one by the same buyer."""
    now = app_clock.now()
    party = party_of(asked, asked.fruit)
    for _round in range(3):
        one = next(one for one in declareflow.stand_of(party, now=now) if one.kind == DocumentKind.ESPD)
        typed = {line.question.id: "x" if line.question.data_type == "STOVE" else "false" for line in one.left}
        if typed:
            declareflow.answer(one, typed, revision=9, by=asked.sam, now=now)
    declareflow.sign(one, "Anna Berg", by=asked.sam, now=now)
    facts = TenderFacts(title="Städ", buyer_name="Kommunen", deadline=DEADLINE)
    asked.second = tender_actions.register(facts, by=asked.sam, now=now)
    bid = bidflow.start_bid(asked.second, BidForm.GROUP, by=asked.sam, now=now)
    bid_actions.add_party(bid, asked.fruit, PartyRole.TENDERER, by=asked.sam, now=now).invited_at = now
    bid_actions.add_party(bid, asked.van, PartyRole.TENDERER, by=asked.sam, now=now)
    declareflow.take_in(asked.second, bid, read_request(), by=asked.sam, now=now)
    db.session.flush()
    asked.next = f"/medlem/anbud/{bid.id}/forsakran/espd"
    return asked


def test_the_next_bid_knows_what_was_signed_and_asks_what_concerns_it_alone(later, fruit):
    page = fruit.page(later.next)
    assert set(questions(page)) == {"Intressekonflikt på grund av deltagande i upphandlingen"}
    assert "som sagt förut" in text(page.cssselect("details")[0])
    assert "Inget av det som sades förra gången har ändrats" not in text(page)  # The group has another name.


def test_what_differs_from_last_time_is_shown(later, fruit):
    make_member_year(later.fruit, 2026, Money.kronor("14000000"), employees=40)
    told = text(fruit.page(later.next).cssselect("table")[0])
    assert "Genomsnittlig årlig omsättning" in told
    assert "10 000 000 kr" in told.replace("\u00a0", " ")


def test_what_a_party_has_said_stands_once_by_its_name(later):
    facts = db.session.scalars(select(PartyFact)).all()
    assert {fact.said_by for fact in facts} == {"Anna Berg"}
    assert len({fact.key for fact in facts}) == len(facts) == 4


# Doors


def test_a_party_sees_and_answers_only_its_own(asked, visit, fruit, sales, work_off):
    declare(fruit, asked.own)
    work_off()
    van = visit(VAN)
    assert van.get(f"{asked.own}/pdf").status_code == 404
    assert "Korruption" in questions(van.page(asked.own))
    assert "10\u00a0000\u00a0000" not in van.page(asked.own).cssselect("h1")[0].text_content()
    stranger = f"{asked.list}/{party_of(asked, asked.fruit).id}/espd"
    assert van.get(stranger).status_code in {302, 403}


@pytest.mark.parametrize("kind", ["fullmakt", "ESPD", "x" * 300])
def test_there_are_two_kinds_of_declaration(asked, fruit, sales, kind):
    assert fruit.get(asked.own.replace("/espd", f"/{kind}")).status_code == 404
    assert sales.get(asked.espd.replace("/espd", f"/{kind}")).status_code == 404


def test_a_representative_declares_nothing(asked, sales):
    company = party_of(asked, asked.company)
    assert sales.get(f"{asked.list}/{company.id}/espd").status_code == 404
    assert sales.get(f"{asked.list}/99999/espd").status_code == 404


def test_a_member_that_is_not_invited_finds_nothing(asked, fruit):
    party_of(asked, asked.fruit).invited_at = None
    assert fruit.get(asked.own).status_code == 404


@pytest.mark.parametrize("act", ["", "/underteckna", "/oppna"])
def test_after_the_last_day_a_member_changes_nothing(asked, fruit, work_off, act):
    declare(fruit, asked.own)
    work_off()
    asked.tender.deadline = app_clock.now()
    db.session.commit()
    sent = {"signed_by": "Bo Ek", "read": "y", "authorised": "y", "all_no": "1"}
    assert "tiden har gått ut" in text(document(fruit.post(f"{asked.own}{act}", data=sent, follow_redirects=True)))
    assert row().is_signed
    assert row().signed_by == "Anna Berg"


def test_after_the_bid_is_handed_in_nothing_is_changed(asked, sales, fruit, work_off):
    declare(fruit, asked.own)
    work_off()
    bid = db.session.get_one(Bid, asked.bid.id)
    version = versions.freeze(bid, offer_of(bid, now=app_clock.now()), by=asked.sam, now=app_clock.now())
    db.session.commit()
    kept = frozen.kept(version)
    assert [(one.member_id, one.kind, one.sha256) for one in kept] == [
        (asked.fruit.id, DocumentKind.ESPD, row().sha256)
    ]
    assert not fruit.page(asked.own).cssselect("form[action$='/oppna']")
    member, xml = asked.fruit.id, row().xml
    assert sales.get(f"{asked.list}/lamnad/{member}/espd/xml").data == files.read(xml)
    assert sales.get(f"{asked.list}/lamnad/{member}/sanktioner/pdf").status_code == 404
    refused = sales.post(f"{asked.list}/begaran", data=request_file(espd_request([ground("fraud")])))
    assert "Anbudet är lämnat" in text(document(refused))
    assert count(VersionDeclaration) == 1


def test_what_was_handed_in_stays_when_the_draft_goes_on(asked, sales, fruit, work_off):
    declare(fruit, asked.own)
    work_off()
    bid = db.session.get_one(Bid, asked.bid.id)
    version = versions.freeze(bid, offer_of(bid, now=app_clock.now()), by=asked.sam, now=app_clock.now())
    versions.reopen(bid, by=asked.sam, now=app_clock.now())
    db.session.commit()
    before = version.id, row().sha256
    fruit.fill(asked.own, {}, form="form[action$='/oppna']")
    declare(fruit, asked.own, name="Bo Ek")
    work_off()
    kept = db.session.scalars(select(VersionDeclaration)).one()
    assert (kept.version_id, kept.sha256) == before
    assert row().sha256 != kept.sha256


def test_the_response_as_xml_lies_in_the_package(asked, fruit, work_off):
    declare(fruit, asked.own)
    work_off()
    bid = db.session.get_one(Bid, asked.bid.id)
    version = versions.freeze(bid, offer_of(bid, now=app_clock.now()), by=asked.sam, now=app_clock.now())
    db.session.flush()
    version.pdf = frozen.kept(version)[0].pdf
    packed = making.gathered(version, limits.read({}, ""))
    (response,) = [one for one in packed.contents if one.path.endswith(".xml")]
    assert "ljungbacken" in response.path.casefold()
    assert response.read() == files.read(frozen.kept(version)[0].xml)
    assert response.path in [entry.path for entry in packed.entries], "it stands in manifest and checklist"


def test_the_gap_leads_to_where_it_is_closed(asked, sales):
    where = f"{asked.list}#part-{party_of(asked, asked.fruit).id}"
    assert where in [one.get("href") for one in sales.page(asked.where).cssselect(".gaps a")]
    assert "Egenförsäkran (ESPD) saknas" in gaps(sales, asked.where)


def test_the_list_asks_few_statements_however_many_parties(asked, sales, fruit, queries):
    sales.get(asked.list)
    with queries() as said:
        sales.get(asked.list)
    assert len(said) <= 15, "\n".join(said)


def test_everybody_declares_and_the_list_says_so(asked, sales, work_off):
    declare_all(asked, sales)
    work_off()
    page = sales.page(asked.list)
    assert len([one for one in page.cssselect(".card") if "Undertecknad Bilaga" in text(one)]) == 4
    assert not {pair for pair in missing(asked) if pair[1] in {"espd", "sanctions_declaration"}}


# Several years, several references


@pytest.fixture
def repeated(case):
    """The buyer asks for the turnover of five years; three are known."""
    declareflow.take_in(case.tender, case.bid, read_request([yearly(5)]), by=case.sam, now=app_clock.now())
    save()
    return case


def test_years_that_are_missing_are_asked_one_by_one_and_more_can_be_added(repeated, fruit, work_off):
    page = fruit.page(repeated.own)
    asks = [text(one) for one in page.cssselect("section.asked label")]
    assert [one for one in asks if "Belopp" in one] == ["Belopp (nr 4)", "Belopp (nr 5)"]
    since = page.cssselect("section.asked input[type=text]")[-1].get("name")
    yes = page.cssselect("section.asked input[type=radio]")[0].get("name")
    assert (
        fruit.fill(repeated.own, {since: "2023-01-01", yes: "true"}, form="form:has(section.asked)").status_code == 303
    )
    assert "Allt är besvarat" in text(fruit.page(repeated.own))

    whole = f"{repeated.own}?visa=alla"
    assert "plats för en till" in text(fruit.page(whole))
    values = [one.get("value") for one in fruit.page(whole).cssselect("section.asked input[type=text]")]
    assert values[:2] == ["2025-01-01/2025-12-31", "11\u00a0000\u00a0000"], "as people write it"
    spare = [one.get("name") for one in fruit.page(whole).cssselect("section.asked input[type=text]")]
    period, amount = spare[-3:-1]
    said = {period: "2022-01-01/2022-12-31", amount: "8 000 000"}
    assert fruit.fill(whole, said, form="form:has(section.asked)").status_code == 303
    assert "8\u00a0000\u00a0000 kr" in fruit.page(repeated.own).text_content()
    assert sign(fruit, repeated.own).status_code == 303
    work_off()
    root = etree.fromstring(fruit.get(f"{repeated.own}/xml").data)
    amounts = root.findall(".//{*}ResponseAmount")
    assert [one.text for one in amounts] == ["11000000.00", "10000000.00", "9000000.00", "8000000.00"]
    paper = chapters_of(loads(row().signed_json, Sheet).signed)
    blocks = [block for chapter in paper for section in chapter.sections for block in section.blocks]
    assert [block.title for block in blocks] == ["", "Nr 1", "Nr 2", "Nr 3", "Nr 4", ""]
    assert blocks[4].answers[:2] == (
        ("Från och till", "1\u00a0januari 2022 – 31\u00a0december 2022"),
        ("Belopp", "8\u00a0000\u00a0000 kr"),
    )


def test_what_is_wrong_is_said_with_the_name_of_its_question(asked, fruit):
    """Several fields may want the same, such as a day."""
    where = f"{asked.own}?visa=alla"
    page = fruit.page(where)
    figures = {
        field.get("name"): "mycket"
        for field in page.cssselect("section.asked input[type=text]")
        if "Genomsnitt" in text(page.cssselect(f"label[for={field.get('id')}]")[0])
    }
    assert figures
    answer = fruit.fill(where, figures, form="form:has(section.asked)")
    assert answer.status_code == 422
    told = text(document(answer).cssselect(".error-summary li")[0])
    assert told.startswith("Genomsnittlig årlig omsättning, Genomsnitt för perioden: Skriv svaret med siffror")


def kept_files() -> set[str]:
    return {one.name for one in files.folder().rglob("*") if one.is_file()}


def test_a_request_of_another_buyers_is_asked_about_first(case, sales):
    """The file says Västerhamns kommun and INK 2026/114."""
    case.tender.diary_number = "INK 2026/99"
    db.session.commit()
    where, form = case.list, "form[enctype]"
    before = kept_files()
    asked_about = sales.fill(where, request_file(), form=form)
    assert asked_about.status_code == 422
    said = text(document(asked_about).cssselect(".error-summary")[0])
    assert "Titta en gång till" in said
    assert "Något behöver rättas" not in said, "nothing is wrong yet"
    assert "från Västerhamns kommun, men köparen här är Kommunen" in said
    assert "Välj filen en gång till" in said
    assert "INK 2026/114, men upphandlingen har INK 2026/99" in said
    assert count(EspdRequest) == 0
    assert kept_files() == before, "what is asked about is not kept"
    carried = document(asked_about).cssselect(f"{form} [name=said]")[0].get("value")
    assert sales.post(f"{where}/begaran", data={**request_file(), "said": carried}).status_code == 303
    shown = text(sales.page(where))
    assert "Är det rätt begäran?" not in shown, "it was asked and answered"
    assert f"{case.sam.name} har sagt att den är rätt" in shown
    assert "en annan köpares frågor" not in gaps(sales, case.where)


def test_a_request_that_nobody_was_asked_about_can_be_confirmed_afterwards(asked, sales):
    asked.tender.diary_number = "INK 2026/99"
    db.session.commit()
    declareflow.leave_request(asked.tender, asked.bid, by=asked.sam, now=app_clock.now())
    declareflow.take_in(asked.tender, asked.bid, read_request(), by=asked.sam, now=app_clock.now())
    db.session.commit()
    assert "Är det rätt begäran?" in text(sales.page(asked.list))
    assert "en annan köpares frågor" in gaps(sales, asked.where)
    assert sales.fill(asked.list, {}, form="form[action$='/begaran/ratt']").status_code == 303
    assert "Är det rätt begäran?" not in text(sales.page(asked.list))
    assert "en annan köpares frågor" not in gaps(sales, asked.where)


def test_a_declaration_that_lay_in_the_vault_before_the_request_does_not_answer_it(case, sales):
    kept = files.save(b"%PDF-1.7 old", name="gammal.pdf", media_type="application/pdf", now=app_clock.now())
    before = app_clock.now() - timedelta(days=30)
    older = make_document(case.fruit, "espd", title="Förra upphandlingen", file=kept, added_at=before)
    db.session.commit()
    assert (case.fruit.slug, "espd") not in {(gap.party_key, str(gap.document)) for gap in open_gaps(case)}
    declareflow.take_in(case.tender, case.bid, read_request(), by=case.sam, now=app_clock.now())
    db.session.commit()
    assert (case.fruit.slug, "espd") in {(gap.party_key, str(gap.document)) for gap in open_gaps(case)}
    assert "En annan handling är inlämnad" not in text(sales.page(case.list))
    bid = db.session.get_one(Bid, case.bid.id)
    with pytest.raises(Refused, match="äldre än köparens ESPD-begäran"):
        paper_actions.attach_document(bid, party_of(case, case.fruit), older, by=case.sam, now=app_clock.now())
    bidflow.preview(bid, by=case.sam, now=app_clock.now())
    assert older.id not in {one.document_id for one in bid.appendices}


def open_gaps(case):
    """What is missing among the papers."""
    db.session.expire_all()
    return [gap for gap in bidflow.gaps_of(case.bid, now=app_clock.now()) if gap.area == "document"]


def test_paper_and_response_name_the_same_tender(asked, fruit, work_off):
    """The request's, whatever number of our own the tender has."""
    asked.tender.diary_number = "26-031"
    db.session.commit()
    declare(fruit, asked.own)
    work_off()
    paper = words(fruit.get(f"{asked.own}/pdf").data)
    root = etree.fromstring(fruit.get(f"{asked.own}/xml").data)
    assert root.findtext("cbc:ContractFolderID", namespaces=NAMES) == "INK 2026/114"
    assert "Diarienummer INK 2026/114" in paper
    assert "26-031" not in paper


@pytest.mark.parametrize(
    ("buyer", "number"),
    [("Västerhamns kommun, Inköp", "ink-2026 114"), ("Regionens inköp", "INK 2026/114"), ("", "")],
)
def test_a_request_for_the_tender_itself_is_not_asked_about(case, sales, buyer, number):
    case.tender.buyer_name, case.tender.diary_number = buyer, number
    db.session.commit()
    assert sales.fill(case.list, request_file(), form="form[enctype]").status_code == 303
    assert "Är det rätt begäran?" not in text(sales.page(case.list))
