"""A member's signatory reads a paper on screen and signs it; the paper lies in the vault and in the bid."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app import bidflow, files, jobs, legalflow
from app import clock as app_clock
from app.db import db
from app.demo.papers import paper
from app.members.models import MemberDocument
from app.tenders import bid_actions, paper_actions
from app.tenders.models import Bid, PaperSignature, PartyPaper, SigningLink
from app.tenders.offers import offer_of
from app.tenders.paper_actions import Upload
from app.tenders.signing.forgetting import KEPT
from bids.kinds import BidForm, DocumentKind, PartyRole
from tests.features.bid_case import count, gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_document, make_user
from tests.people import document, text, together

FRUIT = "ljungbacken@medlem.example"
GIVEN = {"name": "Lova Hittepå", "right": "Ensam firmatecknare", "how": "alone", "read": "y", "entitled": "y"}


@furnished
def case(app) -> JointCase:
    made = JointCase(app_clock.now())
    made.fruit.signatories = "Lova Hittepå"
    make_user(FRUIT, member=made.fruit)
    return made


@pytest.fixture
def here(case) -> str:
    return f"/medlem/anbud/{case.bid.id}/underskrift/power_of_attorney"


@pytest.fixture
def fruit(case, visit):
    return visit(FRUIT)


def about(case, kind=DocumentKind.POWER_OF_ATTORNEY) -> str:
    db.session.expire_all()
    found = bidflow.gaps_of(case.bid, now=app_clock.now())
    said = " ".join(gap.sentence for gap in found if gap.party_key == "ljungbacken" and gap.document is kind)
    db.session.rollback()
    return said


def refused(answer) -> str:
    assert answer.status_code == 422
    return text(document(answer).cssselect(".error-summary")[0])


def test_who_signs_reads_the_whole_text_first(fruit, here, case):
    page = text(fruit.page(here))
    for said in ("Ombud", "Samklang Sälj ek. för.", "Rullande Hjälpen", "förlänga den tid", "Lova Hittepå", "två år"):
        assert said in page, said
    assert "Läs och skriv under" in text(fruit.page(f"/medlem/anbud/{case.bid.id}"))


def test_a_signature_closes_the_gap_and_the_pdf_is_an_appendix(fruit, here, case):
    assert "saknas" in about(case)
    answer = fruit.fill(here, GIVEN)
    assert answer.status_code == 303
    assert about(case) == ""
    signature = db.session.scalars(select(PaperSignature)).one()
    assert (signature.name, signature.right, signature.address) == ("Lova Hittepå", "Ensam firmatecknare", "127.0.0.1")
    assert signature.signed_at <= app_clock.now()
    (appendix,) = db.session.get_one(Bid, case.bid.id).appendices
    assert appendix.kind is DocumentKind.POWER_OF_ATTORNEY
    assert files.read(appendix.file).startswith(b"%PDF-")
    kept = db.session.get_one(MemberDocument, appendix.document_id)
    assert (kept.signed_text, kept.for_bid_id) == (signature.paper.sha256, case.bid.id)
    assert "Undertecknad" in text(fruit.page(here))
    assert not fruit.page(here).cssselect("main form input[name=name]")


def test_another_text_takes_the_signature_away_and_a_new_one_takes_the_appendix_place(fruit, here, case):
    fruit.fill(here, GIVEN)
    case.tender.diary_number = "INK 7"
    db.session.commit()
    assert "stämmer inte längre" in about(case)
    assert "annan än den som undertecknades" in text(fruit.page(here))
    fruit.fill(here, GIVEN)
    assert about(case) == ""
    (appendix,) = db.session.get_one(Bid, case.bid.id).appendices
    older = db.session.scalars(select(MemberDocument).order_by(MemberDocument.id)).first()
    assert appendix.document.replaces_id == older.id
    assert count(PartyPaper) == 2


@pytest.mark.both
def test_a_text_that_changed_while_it_was_read_is_shown_anew(fruit, here, case):
    (form,) = fruit.page(here).cssselect("main form")
    values = dict(form.form_values())
    case.tender.title = "Frukt och grönt"
    db.session.commit()
    answer = fruit.post(here, data={**values, **GIVEN})
    assert "Texten har ändrats" in refused(answer)
    page = document(answer)
    assert "Frukt och grönt" in text(page)
    assert page.cssselect("input[name=name]")[0].get("value") == "Lova Hittepå"
    assert count(PaperSignature) == 0
    values = dict(page.cssselect("main form")[0].form_values())
    assert fruit.post(here, data={**values, **GIVEN}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "förnamn och efternamn"),
        ({"name": "Lova"}, "både förnamn och efternamn"),
        ({"name": "L" * 121}, "121"),
        ({"right": " "}, "vilken rätt"),
        ({"read": None}, "Läs handlingen"),
        ({"entitled": None}, "Bara en firmatecknare"),
        ({"seen": "0" * 64}, "Texten har ändrats"),
        ({"how": "x"}, ""),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_signed(fruit, here, wrong, says):
    values = {name: value for name, value in {**GIVEN, **wrong}.items() if value is not None}
    answer = fruit.fill(here, values)
    assert says in refused(answer) or says == "121"
    assert count(PaperSignature) == count(MemberDocument) == 0


@pytest.mark.both
def test_two_who_sign_together_must_be_two(fruit, here, case):
    fruit.fill(here, {**GIVEN, "how": "together"})
    assert "saknas" in about(case)
    assert count(MemberDocument) == 0
    assert "redan skrivit under" in refused(fruit.fill(here, {**GIVEN, "name": "lova  HITTEPÅ"}))
    assert fruit.fill(here, {**GIVEN, "name": "Kim Exempel"}).status_code == 303
    assert about(case) == ""
    assert [one.name for one in db.session.scalars(select(PaperSignature))] == ["Lova Hittepå", "Kim Exempel"]


def test_who_has_signed_of_two_is_seen_by_both_sides(fruit, here, case, visit):
    sales = visit(case.sam.email)
    pages = (fruit, f"/medlem/anbud/{case.bid.id}"), (sales, f"{case.where}/handlingar")
    fruit.fill(here, {**GIVEN, "how": "together"})
    for browser, where in pages:
        said = text(browser.page(where))
        assert "En underskrift till behövs" in said
        assert "Undertecknat av Lova Hittepå" in said
    fruit.fill(here, {**GIVEN, "name": "Kim Exempel"})
    for browser, where in pages:
        assert "En underskrift till behövs" not in text(browser.page(where))


def hand_in_older(case) -> MemberDocument:
    """A power of attorney that came as a file, before anybody signed on screen."""
    kind = DocumentKind.POWER_OF_ATTORNEY
    kept = paper_actions.keep(Upload("fullmakt.pdf", paper("Fullmakt", ["Vi ger fullmakt."])), now=app_clock.now())
    made = make_document(case.fruit, kind, title="Fullmakt för Samklang Sälj", file=kept)
    db.session.commit()
    return made


def test_an_older_file_in_the_vault_does_not_stand_in_when_the_text_has_changed(fruit, here, case, visit):
    hand_in_older(case)
    assert "saknas" not in about(case)
    fruit.fill(here, GIVEN)
    case.tender.diary_number = "INK 7"
    db.session.commit()
    assert "stämmer inte längre" in about(case)
    sales = visit(case.sam.email)
    pages = (fruit, f"/medlem/anbud/{case.bid.id}"), (sales, f"{case.where}/handlingar")
    for browser, where in (*pages, (sales, f"{case.where}/underskrifter")):
        said = text(browser.page(where))
        assert "Undertecknad, men texten har ändrats" in said
        assert "Lova Hittepå" in said
    assert "Inlämnad som fil" not in text(sales.page(f"{case.where}/underskrifter"))
    fruit.fill(here, GIVEN)
    for browser, where in pages:
        assert "texten har ändrats" not in text(browser.page(where))


def test_the_outdated_paper_is_no_appendix_and_what_is_handed_in_instead_takes_its_place(fruit, here, case, visit):
    fruit.fill(here, GIVEN)
    sales, now = visit(case.sam.email), app_clock.now()
    assert len(offer_of(db.session.get_one(Bid, case.bid.id), now=now).appendices) == 1
    case.tender.diary_number = "INK 7"
    db.session.commit()
    bid = db.session.get_one(Bid, case.bid.id)
    assert offer_of(bid, now=now).appendices == ()
    assert "Ligger inte i anbudet" in text(sales.page(f"{case.where}/handlingar"))
    newer = hand_in_older(case)
    assert "stämmer inte" not in about(case)
    db.session.expire_all()
    bid = db.session.get_one(Bid, case.bid.id)
    bidflow.preview(bid, by=case.sam, now=now)
    (appendix,) = bid.appendices
    assert appendix.document_id == newer.id
    assert [one.number for one in offer_of(bid, now=now).appendices] == [1]


def test_what_nobody_signs_anew_leaves_the_bid_when_it_is_handed_in(fruit, here, case):
    now = app_clock.now()
    bid = db.session.get_one(Bid, case.bid.id)
    kept = paper_actions.keep(Upload("sist.pdf", paper("Sist", ["Sist"])), now=now)
    fruit.fill(here, GIVEN)
    paper_actions.attach(bid, kept, title="Sist", by=case.sam, now=now)
    bid.tender.diary_number = "INK 7"
    db.session.flush()
    paper_actions.take_out_outdated(bid, offer_of(bid, now=now), by=case.sam, now=now)
    assert [(one.number, one.title) for one in bid.appendices] == [(1, "Sist")]


def test_the_second_signatory_is_told_also_where_a_file_lies_in_the_vault(fruit, here, case, visit):
    hand_in_older(case)
    sales = visit(case.sam.email)
    fruit.fill(here, {**GIVEN, "how": "together"})
    for browser, where in ((fruit, f"/medlem/anbud/{case.bid.id}"), (sales, f"{case.where}/handlingar")):
        assert "En underskrift till behövs" in text(browser.page(where))


def test_a_half_signed_paper_of_another_text_is_no_half(fruit, here, case):
    fruit.fill(here, {**GIVEN, "how": "together"})
    case.tender.diary_number = "INK 7"
    db.session.commit()
    assert "En underskrift till behövs" not in text(fruit.page(f"/medlem/anbud/{case.bid.id}"))


def test_the_same_name_with_an_accent_is_no_second_person(fruit, here, case):
    fruit.fill(here, {**GIVEN, "name": "Greta Sagander", "how": "together"})
    assert "redan skrivit under" in refused(fruit.fill(here, {**GIVEN, "name": "Greta Sagandér"}))
    assert count(PaperSignature) == 1


def test_somebody_else_may_sign_and_staff_are_reminded(fruit, here, case, visit):
    assert fruit.fill(here, {**GIVEN, "name": "Kalle Utomstående"}).status_code == 303
    assert about(case) == ""
    said = gaps(visit(case.sam.email), case.where)
    assert "undertecknad av Kalle Utomstående. Registrerad firmatecknare är Lova Hittepå" in said
    fruit_member = db.session.get_one(Bid, case.bid.id).parties
    next(one.member for one in fruit_member if one.member.slug == "ljungbacken").signatories = "Kalle Utomstående"
    legalflow.look_again(case.bid.id, int(app_clock.now().timestamp()))
    db.session.commit()
    assert "Kalle Utomstående" not in gaps(visit(case.sam.email), case.where)


@pytest.mark.both
def test_pressed_twice_it_is_signed_once(fruit, here, case, visit):
    values = {**dict(fruit.page(here).cssselect("main form")[0].form_values()), **GIVEN}
    other = visit(FRUIT)
    answers = together(lambda: fruit.post(here, data=values), lambda: other.post(here, data=values))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert count(PaperSignature) == count(MemberDocument) == 1


def test_nobody_else_reads_or_signs_it(case, here, visit):
    make_user("van@medlem.example", member=case.van)
    make_user("annan@medlem.example", member=case.company)
    assert visit(case.sam.email).get(here).status_code == 403
    assert visit("annan@medlem.example").get(here).status_code == 404
    visit("van@medlem.example").fill(here, {**GIVEN, "name": "Rut Rullander"})
    assert [one.member_id for one in db.session.scalars(select(PartyPaper))] == [case.van.id]
    for wrong in ("espd", "commitment_letter", "../x"):
        assert visit(FRUIT).get(f"/medlem/anbud/{case.bid.id}/underskrift/{wrong}").status_code == 404


def test_a_paper_signed_for_one_bid_counts_in_no_other(fruit, here, case):
    fruit.fill(here, GIVEN)
    kept = db.session.scalars(select(MemberDocument)).one()
    kept.for_bid_id = None
    db.session.commit()
    case.bid.appendices.clear()
    db.session.commit()
    assert "saknas" in about(case)


def test_after_the_bid_is_handed_in_or_its_time_is_over_nothing_is_signed(fruit, here, case, clock):
    values = {**dict(fruit.page(here).cssselect("main form")[0].form_values()), **GIVEN}
    clock.now = case.tender.deadline + timedelta(minutes=1)
    assert "Sista anbudsdag har passerat" in refused(fruit.post(here, data=values))
    assert count(PaperSignature) == 0


def test_what_was_handed_in_keeps_the_older_signature(fruit, here, case):
    fruit.fill(here, GIVEN)
    first = offer_of(db.session.get_one(Bid, case.bid.id), now=app_clock.now()).appendices[0].sha256
    case.tender.title = "Frukt igen"
    db.session.commit()
    fruit.fill(here, GIVEN)
    second = offer_of(db.session.get_one(Bid, case.bid.id), now=app_clock.now()).appendices[0].sha256
    assert first != second
    assert db.session.scalar(select(files.StoredFile.id).where(files.StoredFile.sha256 == first)) is not None


def test_it_can_be_printed_and_signed_by_hand(fruit, here, case, visit):
    answer = fruit.get(f"{here}/utskrift.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    by_staff = visit(case.sam.email).get(f"{case.where}/underskrifter/part/{case.fruity.id}/power_of_attorney.pdf")
    assert by_staff.data == answer.data
    sent = {"kind": "power_of_attorney", "title": "Fullmakt", "file": (BytesIO(paper("Fullmakt", ["x"])), "f.pdf")}
    assert fruit.post(f"/medlem/anbud/{case.bid.id}/handling", data=sent).status_code == 303
    assert about(case) == ""
    assert "Inlämnad som fil" in text(visit(case.sam.email).page(f"{case.where}/underskrifter"))


def test_the_buyer_may_want_joint_liability(fruit, case, visit):
    sales, kind = visit(case.sam.email), DocumentKind.LIABILITY_DECLARATION
    assert about(case, kind) == ""
    sales.fill(f"{case.where}/underskrifter", {"wanted": "y"}, form="form[action$=gemensamt-ansvar]")
    assert "saknas" in about(case, kind)
    answer = fruit.fill(f"/medlem/anbud/{case.bid.id}/underskrift/liability_declaration", GIVEN)
    assert answer.status_code == 303
    assert about(case, kind) == ""


def test_a_relied_on_company_signs_its_commitment(fruit, case):
    bid_actions.choose_form(case.bid, BidForm.RELIED_ON, case.bid.lots, by=case.sam, now=app_clock.now())
    case.fruity.role = PartyRole.RELIED_ON
    db.session.commit()
    here = f"/medlem/anbud/{case.bid.id}/underskrift/commitment_letter"
    assert "prisrad 1.1" in text(fruit.page(here))
    fruit.fill(here, GIVEN)
    assert about(case, DocumentKind.COMMITMENT_LETTER) == ""


def link(case, sales, **values):
    given = {"provider": "Signera AB", "url": "https://sign.example/a?b=1", "sent_on": "2026-11-02", **values}
    return sales.post(f"{case.where}/underskrifter/lank", data={"what": f"{case.fruity.id}:power_of_attorney", **given})


def test_a_link_to_an_e_signature_is_noted_with_its_host(case, visit):
    sales = visit(case.sam.email)
    assert link(case, sales).status_code == 303
    page = sales.page(f"{case.where}/underskrifter")
    (shown,) = page.cssselect("a[rel~=external]")
    assert (text(shown), shown.get("href")) == ("sign.example", "https://sign.example/a?b=1")
    assert "Antecknad av Sam Exempel" in text(page)
    assert "saknas" in about(case)
    (remove,) = page.cssselect("form[action$=ta-bort]")
    sales.post(remove.get("action"))
    assert count(SigningLink) == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://sign.example/",
        "javascript:alert(1)",
        "https://",
        "https://localhost/",
        "https://bank.example@evil.example/",
        "https://sign.example\\@evil.example/",
        "https://signera.exämple/",
        "https://sign.example/a b",
        "https://[::1",
    ],
)
def test_a_link_that_does_not_say_where_it_leads_is_refused(case, visit, url):
    assert "https://" in refused(link(case, visit(case.sam.email), url=url))
    assert count(SigningLink) == 0


def test_the_address_is_forgotten_after_two_years_and_the_signature_stays(fruit, here, case, clock):
    fruit.fill(here, GIVEN)
    clock.now += KEPT + timedelta(days=1)
    jobs.work_off()
    for routine in jobs.routines:
        if routine.__module__.endswith("signing.forgetting"):
            routine(app_clock.now())
    db.session.commit()
    jobs.work_off()
    db.session.expire_all()
    signature = db.session.scalars(select(PaperSignature)).one()
    assert (signature.address, signature.name) == ("", "Lova Hittepå")


def test_staff_see_who_has_signed(fruit, here, case, visit):
    sales = visit(case.sam.email)
    assert "Inte undertecknad" in text(sales.page(f"{case.where}/underskrifter"))
    fruit.fill(here, GIVEN)
    page = sales.page(f"{case.where}/underskrifter")
    assert "Lova Hittepå, Ensam firmatecknare" in re.sub(r"\s+", " ", text(page))
    assert "127.0.0.1" not in page.text_content()
    assert "Fullmakt saknas för Ljungbacken" not in gaps(sales, case.where)
