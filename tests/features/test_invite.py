"""People are invited, choose a password by the letter's link, and lose their account again."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.actions import close_account, invite, open_account
from app.accounts.models import RoleName, Seat, User
from app.audit import AuditEvent
from app.db import db
from app.errors import Refused
from app.mail import Letter
from tests import make
from tests.furnished import furnished
from tests.people import save, text, together

ADA, SAM = "ada@samklang.example", "sam@samklang.example"
KIM = "kim@ljungbacken.example"
STAFF = "/personal/konton"
PASSWORD = "tre-ord-som-ingen-vet"
CHOICE = {"password": PASSWORD, "password_confirm": PASSWORD}


@furnished
def member(app):
    """Ljungbacken; Ada is administrator, Sam sells."""
    make.make_sales_company()
    make.make_sam()
    make.make_sam(RoleName.ADMIN, email=ADA, name="Ada Exempel")
    return make.make_ljungbacken()


@furnished
def place(member):
    """Where Ljungbacken's people are invited."""
    return f"/personal/medlemmar/{member.id}/personer"


def user(email: str) -> User | None:
    save()
    return db.session.scalar(select(User).where(User.email == email))


def link_in(letter: Letter) -> str:
    return re.search(r"http://localhost(/nytt-losenord/\S+)", letter.body)[1]


def sign_in(browser, email: str, password: str = PASSWORD) -> bool:
    return browser.post("/logga-in", data={"email": email, "password": password}).status_code == 302


def test_an_invited_person_chooses_a_password_and_is_in(member, place, visit, outbox, work_off):
    answer = visit(SAM).post(place, data={"person": "Kim Exempel", "address": "Kim@Ljungbacken.example"})
    assert answer.status_code == 303
    (letter,) = outbox.to(KIM)
    assert letter.subject == "Ditt konto är öppnat"
    assert letter.body.startswith("Hej Kim Exempel!")
    assert "Samklang Sälj ek. för. för Ljungbacken Frukt ek. för." in letter.body
    assert user(KIM).password is None
    assert not sign_in(visit(None), KIM, "")
    kim = visit(None)
    assert kim.post(link_in(letter), data=CHOICE).status_code == 302
    assert sign_in(visit(None), KIM)
    browser = visit(None)
    sign_in(browser, KIM)
    assert "Ljungbacken" in text(browser.page("/medlem/"))
    assert "Kan logga in" in text(visit(SAM).page(f"/personal/medlemmar/{member.id}"))
    events = db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "User")).all()
    assert list(events) == ["invited"]


def test_the_link_works_once(place, visit, outbox):
    visit(SAM).post(place, data={"person": "Kim", "address": KIM})
    link = link_in(outbox.to(KIM)[0])
    visit(None).post(link, data=CHOICE)
    visit(None).post(link, data={"password": "ett-annat-losenord", "password_confirm": "ett-annat-losenord"})
    assert not sign_in(visit(None), KIM, "ett-annat-losenord")
    assert sign_in(visit(None), KIM)


def test_whoever_was_too_late_gets_a_new_letter(member, place, visit, outbox):
    sam = visit(SAM)
    sam.post(place, data={"person": "Kim", "address": KIM})
    kim = user(KIM).id
    assert "Inbjuden, har inget lösenord än" in text(sam.page(f"/personal/medlemmar/{member.id}"))
    assert sam.post(f"{place}/{kim}/inbjudan").status_code == 303
    assert len(outbox.to(KIM)) == 2
    visit(None).post(link_in(outbox.to(KIM)[1]), data=CHOICE)
    assert sam.post(f"{place}/{kim}/inbjudan").status_code == 409, "who has a password needs no invitation"
    assert len(db.session.scalars(select(Seat)).all()) == 1


def test_a_forgotten_invitation_is_mended_on_the_way_in(place, visit, outbox):
    visit(SAM).post(place, data={"person": "Kim", "address": KIM})
    visit(None).post("/nytt-losenord", data={"email": KIM})
    assert len(outbox.to(KIM)) == 2
    visit(None).post(link_in(outbox.to(KIM)[1]), data=CHOICE)
    assert sign_in(visit(None), KIM)


def test_a_closed_account_is_out_at_once(member, place, visit, outbox):
    open_account(KIM, "Kim Exempel", PASSWORD, member_id=member.id)
    kim, sam = visit(None), visit(SAM)
    assert sign_in(kim, KIM)
    assert kim.get("/medlem/").status_code == 200
    assert sam.post(f"{place}/{user(KIM).id}/stang").status_code == 303
    assert kim.get("/medlem/").status_code == 302, "the session has ended"
    assert not sign_in(visit(None), KIM)
    visit(None).post("/nytt-losenord", data={"email": KIM})
    assert outbox.to(KIM) == [], "no way in by a forgotten password either"
    assert sam.post(f"{place}/{user(KIM).id}/stang").status_code == 409
    assert sam.post(f"{place}/{user(KIM).id}/oppna").status_code == 303
    assert sign_in(visit(None), KIM)


def test_closing_makes_links_worthless(place, visit, outbox):
    sam = visit(SAM)
    sam.post(place, data={"person": "Kim", "address": KIM})
    sam.post(f"{place}/{user(KIM).id}/stang")
    visit(None).post(link_in(outbox.to(KIM)[0]), data=CHOICE)
    assert user(KIM).password is None
    answer = sam.post(place, data={"person": "Kim", "address": KIM})
    assert answer.status_code == 422
    assert "Öppna det igen i listan." in answer.text


@pytest.mark.parametrize("address", [SAM, SAM.upper()])
def test_a_colleagues_address_is_refused(member, place, visit, outbox, address):
    answer = visit(SAM).post(place, data={"person": "Kim Exempel", "address": address})
    assert answer.status_code == 422
    assert "Adressen har redan ett konto för något annat här." in answer.text
    assert 'value="Kim Exempel"' in answer.text
    assert list(outbox) == []
    db.session.rollback()
    assert db.session.scalar(select(Seat).where(Seat.member_id == member.id)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": ""},
        {"address": "kim"},
        {"address": "kim@a.example, lo@a.example"},
        {"address": "kim@a.example\r\nBcc: lo@a.example"},
        {"address": "åsa@a.example"},
        {"address": "x" * 5000 + "@a.example"},
        {"person": ""},
        {"person": "x" * 500},
    ],
)
def test_an_invitation_that_cannot_be(place, visit, outbox, wrong):
    answer = visit(SAM).post(place, data={"person": "Kim Exempel", "address": KIM, **wrong})
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert list(outbox) == []
    assert user(KIM) is None


def test_two_of_us_invite_the_same_person_at_once(place, visit, outbox):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    sam, sara = visit(SAM), visit("sara@samklang.example")
    values = {"person": "Kim", "address": KIM}
    answers = together(lambda: sam.post(place, data=values), lambda: sara.post(place, data=values))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses in ([303, 303], [303, 422]), "the second is refused, or writes once more: nobody is there twice"
    assert len(db.session.scalars(select(Seat)).all()) == 1
    assert len(outbox.to(KIM)) == statuses.count(303)


def test_somebody_elses_people_are_not_found(member, place, visit):
    other = make.make_kokljus()
    lo = make.make_user("lo@kokljus.example", member=other)
    nora = make.make_user("nora@nordbyn.example", customer=make.make_nordbyn())
    sam = visit(SAM)
    for stranger in (lo.id, nora.id, user(ADA).id, 999, 10**30):
        for act in ("stang", "oppna", "inbjudan"):
            assert sam.post(f"{place}/{stranger}/{act}").status_code == 404
    assert sam.post(f"{place}/{lo.id}/radera").status_code == 404
    assert user("lo@kokljus.example").active


def test_a_customers_person_can_order(member, visit, outbox):
    customer = make.make_nordbyn()
    place = f"/personal/kunder/{customer.id}/personer"
    assert visit(SAM).post(place, data={"person": "Nora", "address": "nora@nordbyn.example"}).status_code == 303
    visit(None).post(link_in(outbox.to("nora@nordbyn.example")[0]), data=CHOICE)
    nora = visit(None)
    assert sign_in(nora, "nora@nordbyn.example")
    assert "Nordbyn Teknik AB" in text(nora.page("/bestallningar"))
    assert visit(SAM).post(f"{place}/{user('nora@nordbyn.example').id}/stang").status_code == 303
    assert "Nordbyn" not in text(nora.page("/bestallningar"))


def test_an_administrator_invites_a_colleague_with_a_role(member, visit, outbox):
    ada = visit(ADA)
    invitation = {"person": "Fia", "address": "fia@samklang.example", "role": "finance"}
    answer = ada.fill(STAFF, invitation, form=f"form[action='{STAFF}']")
    assert answer.status_code == 303
    visit(None).post(link_in(outbox.to("fia@samklang.example")[0]), data=CHOICE)
    fia = visit(None)
    assert sign_in(fia, "fia@samklang.example")
    assert fia.get("/personal/").status_code == 200
    assert fia.get(STAFF).status_code == 403
    assert user("fia@samklang.example").role_names == {"finance"}


@pytest.mark.parametrize("role", ["kung", "", []])
def test_a_colleague_needs_a_role_that_there_is(member, visit, role):
    answer = visit(ADA).post(STAFF, data={"person": "Fia", "address": "fia@samklang.example", "role": role})
    assert answer.status_code == 422
    assert user("fia@samklang.example") is None


def test_only_administrators_see_and_change_the_accounts_of_staff(member, visit):
    make.make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    ada = user(ADA).id
    for email in (SAM, "fia@samklang.example"):
        browser = visit(email)
        assert browser.get(STAFF).status_code == 403
        values = {"person": "X", "address": "x@samklang.example", "role": "admin"}
        assert browser.post(STAFF, data=values).status_code == 403
        assert browser.post(f"{STAFF}/{ada}/stang").status_code == 403
        assert "/personal/konton" not in browser.get("/personal/").text
    assert user("x@samklang.example") is None
    assert user(ADA).active


def test_the_rule_holds_behind_the_page_too(member, clock):
    sam = user(SAM)
    with pytest.raises(Refused, match="administratör"):
        invite("x@a.example", "X", organisation="Y", roles=(RoleName.SALES,), by=sam, now=clock.now)
    with pytest.raises(Refused, match="administratör"):
        close_account(user(ADA), by=sam, now=clock.now)


def test_whoever_reads_letters_cannot_take_the_account(app, member, visit, outbox):
    visit(None).post("/nytt-losenord", data={"email": ADA})
    visit(ADA).post(STAFF, data={"person": "Fia", "address": "fia@samklang.example", "role": "admin"})
    letters = [*outbox.to(ADA), *outbox.to("fia@samklang.example")]
    secrets = [link_in(letter).removeprefix("/nytt-losenord/") for letter in letters]
    for production in (True, False):
        app.config["PRODUCTION"] = production
        for letter, secret in zip(letters, secrets, strict=True):
            page = text(visit(SAM).page(f"/personal/brev/{letter.id}"))
            assert (secret in page) is not production
            assert ("(dold: bara för mottagaren)" in page) is production


def test_finance_invites_nobody(member, place, visit, outbox):
    make.make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    fia = visit("fia@samklang.example")
    assert fia.post(place, data={"person": "Kim", "address": KIM}).status_code == 403
    assert "Bjud in" not in text(fia.page(f"/personal/medlemmar/{member.id}"))
    assert user(KIM) is None


def test_an_administrator_closes_others_and_never_herself(member, visit):
    ada, sam = visit(ADA), visit(SAM)
    assert ada.post(f"{STAFF}/{user(ADA).id}/stang").status_code == 409
    assert ada.post(f"{STAFF}/{user(SAM).id}/stang").status_code == 303
    assert sam.get("/personal/").status_code == 302
    assert "Stängt" in text(ada.page(STAFF))
    assert ada.post(f"{STAFF}/{user(SAM).id}/oppna").status_code == 303
    assert user(SAM).active
    assert user(ADA).active


def test_two_administrators_cannot_shut_each_other_out(member, visit):
    make.make_sam(RoleName.ADMIN, email="bo@samklang.example", name="Bo Exempel")
    ada, bo = visit(ADA), visit("bo@samklang.example")
    ids = user(ADA).id, user("bo@samklang.example").id
    together(lambda: ada.post(f"{STAFF}/{ids[1]}/stang"), lambda: bo.post(f"{STAFF}/{ids[0]}/stang"))
    assert [user(ADA).active, user("bo@samklang.example").active].count(True) == 1


def test_a_members_person_is_no_colleague(member, visit):
    kim = make.make_user(KIM, member=member)
    assert visit(ADA).post(f"{STAFF}/{kim.id}/stang").status_code == 404
    assert user(KIM).active
