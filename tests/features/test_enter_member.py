"""Staff enter a member and change what is known of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.db import db
from app.members.models import Member, MemberKind
from tests import make
from tests.people import document, text, together

SAM, FIA = "sam@samklang.example", "fia@samklang.example"
NEW = "/personal/medlemmar/ny"
GOOD = {
    "name": "  Björkö   Snickeri & Såg ek. för. ",
    "org_number": "7699990011",
    "legal_form": "ekonomisk förening",
    "vat_number": "se 769999001101",
    "f_tax": "y",
    "about": "Vi bygger hyllor.",
    "purpose": "Föreningen har till ändamål att\r\nskapa arbete.",
    "street": "Sågvägen 4",
    "postcode": "41100",
    "city": "Göteborg",
    "municipality": "1480",
    "email": "Post@Bjorko.Example",
    "phone": "031-390 06 01",
    "contact_name": "Kim Exempel",
    "signatories": "Kim Exempel",
    "bankgiro": "9990003",
    "stripe_account": " acct_1LjungbackenProv ",
    "work_share": "2",
}


@pytest.fixture
def sam(app, visit):
    """Sam sells; the sales company is entered already, as it always is."""
    make.make_sales_company()
    make.make_sam()
    return visit(SAM)


def members() -> list[Member]:
    db.session.rollback()
    return list(db.session.scalars(select(Member).where(Member.kind == MemberKind.MEMBER).order_by(Member.id)))


def test_a_member_is_entered_and_kept_in_one_form(sam, visit):
    answer = sam.fill(NEW, GOOD)
    (member,) = members()
    assert answer.status_code == 303
    assert answer.location == f"/personal/medlemmar/{member.id}"
    assert (member.name, member.slug) == ("Björkö Snickeri & Såg ek. för.", "bjorko-snickeri-sag-ek-for")
    assert (member.org_number, member.vat_number, member.bankgiro) == ("769999-0011", "SE769999001101", "999-0003")
    assert member.stripe_account == "acct_1LjungbackenProv"
    assert (member.postcode, member.email, member.work_share) == ("411 00", "post@bjorko.example", 2)
    assert member.purpose == "Föreningen har till ändamål att\nskapa arbete."
    assert "Björkö Snickeri" in text(sam.page("/personal/medlemmar"))
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "Member")).one()
    assert (event.what, event.by_name, event.subject_id) == ("entered", "Sam Exempel", member.id)


def test_two_of_the_same_name_get_addresses_of_their_own(sam):
    sam.fill(NEW, GOOD)
    sam.fill(NEW, {**GOOD, "org_number": "769999-0029", "vat_number": ""})
    first, second = members()
    assert (first.slug, second.slug) == ("bjorko-snickeri-sag-ek-for", "bjorko-snickeri-sag-ek-for-2")
    assert second.vat_number is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("org_number", "769999-0012"),
        ("org_number", "769999"),
        ("org_number", ""),
        ("org_number", "٧٦٩٩٩٩-٠٠١١"),
        ("vat_number", "769999001101"),
        ("vat_number", "SE769999001102"),
        ("bankgiro", "999-0004"),
        ("bankgiro", "12"),
        ("stripe_account", "1234567890"),
        ("stripe_account", "acct_1"),
        ("street", ""),
        ("postcode", "4110"),
        ("postcode", "abcde"),
        ("municipality", ""),
        ("municipality", "9999"),
        ("email", "inte en adress"),
        ("email", "kim@exempel.example\r\nBcc: alla@exempel.example"),
        ("phone", "ring mig"),
        ("work_share", "0"),
        ("work_share", "1001"),
        ("work_share", "1,5"),
        ("work_share", "9" * 400),
        ("purpose", "x" * 300_000),
        ("about", "a\x07b"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(sam, field, wrong):
    answer = sam.fill(NEW, {**GOOD, "contact_name": "Det här får inte försvinna", field: wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Det här får inte försvinna" in answer.text
    assert members() == []


def test_a_form_larger_than_any_is_turned_away(sam):
    assert sam.post(NEW, data={**GOOD, "about": "x" * 10_000_000}).status_code == 413
    assert members() == []


def test_a_number_that_is_taken_is_said_beside_the_field(sam):
    make.make_ljungbacken()
    answer = sam.fill(NEW, {**GOOD, "org_number": "769999 0011"})
    assert answer.status_code == 422
    assert "Det finns redan en medlem med det organisationsnumret." in answer.text
    assert 'id="org_number-error"' in answer.text
    assert [member.slug for member in members()] == ["ljungbacken"]


def test_two_of_us_enter_the_same_member_at_once(app, sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    sara = visit("sara@samklang.example")
    answers = together(lambda: sam.post(NEW, data=GOOD), lambda: sara.post(NEW, data={**GOOD, "name": "Björkö"}))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "Det finns redan en medlem" in refused.text
    assert len(members()) == 1


def test_a_member_is_changed_and_keeps_its_address(sam):
    member = make.make_ljungbacken(about="Vi packar korgar.", vat_number="SE769999001101")
    path = f"/personal/medlemmar/{member.id}/andra"
    assert "Vi packar korgar." in sam.get(path).text, "what holds now stands in the form"
    assert sam.fill(path, {"name": "Ljungbacken Frukt och Grönt", "vat_number": "", "f_tax": []}).status_code == 303
    (changed,) = members()
    assert (changed.name, changed.slug) == ("Ljungbacken Frukt och Grönt", "ljungbacken")
    assert (changed.vat_number, changed.f_tax, changed.about) == (None, False, "Vi packar korgar.")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "changed")).one()
    assert event.details == {"fields": "name, vat_number, f_tax"}


def test_a_member_cannot_take_anothers_number(sam):
    make.make_kokljus()
    member = make.make_ljungbacken()
    path = f"/personal/medlemmar/{member.id}/andra"
    answer = sam.fill(path, {"org_number": "769999-0029", "city": "Borås"})
    assert answer.status_code == 422
    assert 'value="Borås"' in answer.text
    assert sam.fill(path, {"org_number": "769999-0011"}).status_code == 303, "its own it may keep"
    assert {one.org_number for one in members()} == {"769999-0011", "769999-0029"}


def test_the_sales_company_is_changed_with_the_same_form(sam, visit):
    company = db.session.scalars(select(Member).where(Member.kind == MemberKind.SALES_COMPANY)).one()
    assert sam.fill(f"/personal/medlemmar/{company.id}/andra", {"name": "Samklang Sälj AB"}).status_code == 303
    assert "Samklang Sälj AB" in text(visit(None).page("/")), "its name stands at the foot of every page, at once"
    answer = sam.post(f"/personal/medlemmar/{company.id}/personer", data={"person": "Kim", "address": "kim@a.example"})
    assert answer.status_code == 404, "its people are staff"


def test_only_sales_enter_and_change(app, sam, visit):
    member = make.make_ljungbacken()
    make.make_user("medlem@ljungbacken.example", member=member)
    make.make_sam(RoleName.FINANCE, email=FIA, name="Fia Exempel")
    for email, status in ((FIA, 403), ("medlem@ljungbacken.example", 403), (None, 302)):
        browser = visit(email)
        for path in (NEW, f"/personal/medlemmar/{member.id}/andra"):
            assert browser.get(path).status_code == status
            assert browser.post(path, data={**GOOD, "org_number": "769999-0037"}).status_code == status
    assert "Ny medlem" not in text(visit(FIA).page("/personal/medlemmar"))
    assert [one.name for one in members()] == [member.name]


@pytest.mark.parametrize("path", ["99", "99999999999999999999999", "99/andra"])
def test_a_member_that_is_not_there(sam, path):
    assert sam.get(f"/personal/medlemmar/{path}").status_code == 404


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    member, sara = make.make_ljungbacken(f_tax=True), visit("sara@samklang.example")
    path = f"/personal/medlemmar/{member.id}/andra"
    opened = dict(sam.page(path).cssselect("main form[method=post]")[0].form_values())
    assert sara.fill(path, {"phone": "031-390 06 99", "municipality": "1490", "f_tax": []}).status_code == 303
    answer = sam.post(path, data={**opened, "city": "Borås"})
    page = document(answer)
    assert answer.status_code == 422
    assert "Någon annan har ändrat det här sedan du öppnade sidan." in text(page.cssselect("[role=alert]")[0])
    assert {one.get("id"): text(one) for one in page.cssselect(".field-now")} == {
        "f_tax-now": "Nu står det: Nej",
        "phone-now": "Nu står det: 031-390 06 99",
        "city-now": "Nu står det: Göteborg",
        "municipality-now": "Nu står det: Borås",
    }
    (still,) = members()
    assert (still.city, still.phone) == ("Göteborg", "031-390 06 99")
    again = dict(page.cssselect("main form[method=post]")[0].form_values())
    assert (again["city"], again["phone"]) == ("Borås", opened["phone"]), "what Sam typed is still there"
    assert sam.post(path, data={**again, "phone": "031-390 06 99"}).status_code == 303, "now Sam has seen it"
    (changed,) = members()
    assert (changed.city, changed.phone, changed.municipality) == ("Borås", "031-390 06 99", opened["municipality"])


def test_a_colleague_is_not_overwritten_by_who_mistypes_first(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    member, sara = make.make_ljungbacken(), visit("sara@samklang.example")
    path = f"/personal/medlemmar/{member.id}/andra"
    opened = dict(sam.page(path).cssselect("main form[method=post]")[0].form_values())
    assert sara.fill(path, {"about": "Vi packar korgar."}).status_code == 303
    mistyped = document(sam.post(path, data={**opened, "postcode": "x"}))
    again = dict(mistyped.cssselect("main form[method=post]")[0].form_values())
    assert sam.post(path, data={**again, "postcode": "411 01"}).status_code == 422
    assert members()[0].about == "Vi packar korgar."


def test_two_of_us_change_the_same_member_at_once(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    member, sara = make.make_ljungbacken(), visit("sara@samklang.example")
    path = f"/personal/medlemmar/{member.id}/andra"
    opened = dict(sam.page(path).cssselect("main form[method=post]")[0].form_values())
    answers = together(
        lambda: sam.post(path, data={**opened, "city": "Borås"}),
        lambda: sara.post(path, data={**opened, "phone": "031-390 06 99"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
