"""Members keep their papers, are told in time, and renew them; staff check; bids that were handed in stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import flask_migrate
import pytest
from PIL import Image
from sqlalchemy import select

from app import bidflow, files, jobs, migrating
from app import clock as app_clock
from app.accounts.models import RoleName
from app.db import db
from app.demo.papers import paper
from app.members.models import Member, MemberDocument, Reach
from app.members.vault import actions, reminding
from app.members.vault.actions import VaultPaper
from app.members.vault.models import DocumentReminder, VaultDay
from app.serve import MORNING_ROUNDS
from app.tenders import actions as tender_actions
from app.tenders import answer_actions, bid_actions, paper_actions, versions
from app.tenders.actions import TenderFacts
from app.tenders.answer_actions import GivenAnswer
from app.tenders.models import Bid, VersionDocument
from app.tenders.offers import offer_of
from bids.kinds import BidForm, PartyRole
from bids.offer import from_json
from tests.features.bid_case import DEADLINE, Case, count, gaps
from tests.furnished import furnished
from tests.make import make_document, make_sam, make_user
from tests.people import document, text

OWN, ALL = "/medlem/handlingar", "/personal/handlingar"
FRUIT, VAN = "ljungbacken@medlem.example", "rullande@medlem.example"
PDF, NEWER = paper("Intyg", ["Ett prov."]), paper("Intyg", ["Ett nyare prov."])
DAY = date(2026, 11, 23)


@furnished
def case(app):
    """A draft in which Ljungbacken and Rullande bid together; Ljungbacken has an insurance until 15 January."""
    now = app_clock.now()
    made = Case(now)
    for member, email in ((made.fruit, FRUIT), (made.van, VAN)):
        bid_actions.add_party(made.bid, member, PartyRole.TENDERER, by=made.sam, now=now)
        make_user(email, member=member)
    lay_in(made.fruit, "insurance", "Ansvarsförsäkring", date(2027, 1, 15))
    db.session.flush()
    return made


def lay_in(member: Member, kind: str, title: str, valid_to: date | None, data: bytes = PDF) -> MemberDocument:
    now = app_clock.now()
    kept = files.save(data, name=f"{title}.pdf", media_type="application/pdf", now=now)
    made = make_document(member, kind, title=title, valid_to=valid_to, file=kept)
    db.session.flush()
    return made


@pytest.fixture
def fruit(case, visit):
    return visit(FRUIT)


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def insurance() -> MemberDocument:
    return db.session.scalars(select(MemberDocument).where(MemberDocument.title == "Ansvarsförsäkring")).first()


def upload(data: bytes = NEWER, **values: str) -> dict[str, object]:
    return {"title": "Ansvarsförsäkring 2027", "valid_to": "2028-01-15", "file": (BytesIO(data), "f.pdf"), **values}


def morning(clock, work_off, day: date) -> None:
    clock.set(datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC))
    reminding.look_each_morning(clock.now)
    db.session.commit()
    work_off()


# ------------------------------------------------------------------ the member


def test_a_member_sees_what_runs_out_first_and_what_to_do(case, fruit):
    lay_in(case.fruit, "policy", "Miljöpolicy", None)
    db.session.commit()
    page = fruit.page(OWN)
    assert [text(title) for title in page.cssselect(".card-title")] == ["Ansvarsförsäkring", "Miljöpolicy"]
    assert "1 handling går ut inom två månader" in text(page)
    assert "1 handling behöver förnyas" in text(fruit.page("/medlem/"))


def test_a_member_hands_in_a_photograph_of_a_paper(case, fruit):
    picture = BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "JPEG")
    given = {**upload(picture.getvalue()), "kind": "tax_certificate", "file": (BytesIO(picture.getvalue()), "bild.jpg")}
    answer = fruit.post(f"{OWN}/ny", data=given, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert "Ansvarsförsäkring 2027" in text(fruit.page(OWN))


def test_renewing_lays_the_newer_in_the_place_of_the_older(case, fruit):
    older = insurance()
    answer = fruit.post(f"{OWN}/{older.id}/fornya", data=upload(), content_type="multipart/form-data")
    assert answer.status_code == 303
    db.session.expire_all()
    (newer,) = db.session.scalars(select(MemberDocument).where(MemberDocument.replaces_id == older.id))
    assert (newer.kind, newer.valid_to, newer.added_by) == ("insurance", date(2028, 1, 15), newer.added_by)
    assert [text(title) for title in fruit.page(OWN).cssselect(".card-title")] == ["Ansvarsförsäkring 2027"]
    assert "Ersatt av en nyare" in text(fruit.page(f"{OWN}/{older.id}"))
    again = fruit.post(f"{OWN}/{older.id}/fornya", data=upload(), content_type="multipart/form-data")
    assert again.status_code == 422
    assert "redan förnyad" in text(document(again))
    assert count(MemberDocument) == 2


def test_one_that_is_renewed_ahead_holds_until_the_newer_does(case, fruit, clock):
    older = insurance()
    given = upload(valid_from="2027-01-15")
    answer = fruit.post(
        f"{OWN}/{older.id}/fornya", data=given, content_type="multipart/form-data", follow_redirects=True
    )
    assert "Till dess gäller den äldre" in text(document(answer))
    titles = [text(title) for title in fruit.page(OWN).cssselect(".card-title")]
    assert titles == ["Ansvarsförsäkring", "Ansvarsförsäkring 2027"]
    assert "Ersatt av en nyare" not in text(fruit.page(f"{OWN}/{older.id}"))
    clock.set(datetime(2027, 1, 15, 8, 0, tzinfo=UTC))
    assert [text(title) for title in fruit.page(OWN).cssselect(".card-title")] == ["Ansvarsförsäkring 2027"]


@pytest.mark.parametrize("data", [b"", b"hej", b"MZ\x90\x00" * 50, b"%PDF-1.7 men inte mer", b"<svg onload='x'/>"])
def test_a_file_that_is_none_is_refused_and_what_was_typed_comes_back(case, fruit, data):
    where = f"{OWN}/{insurance().id}/fornya"
    answer = fruit.post(where, data=upload(data, title="Ny"), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert document(answer).cssselect("#title")[0].get("value") == "Ny"
    assert count(MemberDocument) == 1


@pytest.mark.parametrize(
    "wrong", [{"valid_from": "2028-02-01"}, {"title": ""}, {"title": "x" * 201}, {"valid_to": "0205-01-01"}]
)
def test_days_and_titles_that_cannot_be_are_refused(case, fruit, wrong):
    answer = fruit.post(f"{OWN}/{insurance().id}/fornya", data=upload(**wrong), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert count(MemberDocument) == 1


def test_another_members_papers_look_as_if_they_were_not_there(case, visit):
    theirs, van = insurance(), visit(VAN)
    for path in ("", "/fornya", "/fil"):
        assert van.get(f"{OWN}/{theirs.id}{path}").status_code == 404
    answer = van.post(f"{OWN}/{theirs.id}/fornya", data=upload(), content_type="multipart/form-data")
    assert answer.status_code == 404
    assert "Ansvarsförsäkring" not in text(van.page(OWN))
    assert van.get(ALL).status_code == 403
    assert visit(None).get(OWN).status_code == 302


# ------------------------------------------------------------------ staff


def test_staff_check_a_paper_or_say_what_is_wrong(case, sales, fruit):
    where = f"{ALL}/{insurance().id}"
    assert sales.post(f"{where}/ratt").status_code == 303
    db.session.expire_all()
    assert insurance().checked_by == case.sam.name
    assert "2027. Vi har kontrollerat den." in text(fruit.page(OWN))
    assert sales.post(f"{where}/fel", data={"fault": " "}).status_code == 422
    assert sales.post(f"{where}/fel", data={"fault": "Sidan två saknas."}).status_code == 303
    assert "Sidan två saknas." in text(fruit.page(OWN))
    assert "Stämmer inte" in text(sales.page(f"{ALL}?gar_ut=faulty"))
    refused = sales.post(f"{case.where}/handlingar/part/{case.bid.parties[1].id}/bifoga/{insurance().id}")
    db.session.expire_all()
    assert refused.status_code == 409
    assert case.bid.appendices == []


def test_what_is_wrong_proves_nothing(case, clock):
    lay_in(case.fruit, "espd", "Egenförsäkran", None)
    db.session.commit()
    papers = [gap.sentence for gap in bidflow.gaps_of(case.bid, now=clock.now) if gap.document == "espd"]
    assert not any("Ljungbacken" in sentence for sentence in papers)
    espd = db.session.scalars(select(MemberDocument).where(MemberDocument.kind == "espd")).one()
    actions.find_wrong(espd, "Fel år", by=case.sam, now=clock.now)
    papers = [gap.sentence for gap in bidflow.gaps_of(case.bid, now=clock.now) if gap.document == "espd"]
    assert any("Ljungbacken" in sentence for sentence in papers)


def test_finance_looks_and_changes_nothing(case, visit):
    make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    db.session.commit()
    finance, where = visit("fia@samklang.example"), f"{ALL}/{insurance().id}"
    assert finance.get(where).status_code == 200
    for path in ("/ratt", "/fel", "/fornya"):
        assert finance.post(f"{where}{path}").status_code == 403
    assert finance.get(f"{where}/fornya").status_code == 403


def test_the_list_is_searched_narrowed_sorted_and_paged(case, sales):
    for n in range(30):
        lay_in(case.van, "policy", f"Policy {n:02d}", date(2026, 10, 1))
    db.session.commit()
    expired = f"{ALL}?gar_ut=expired&typ=policy&ordning=title"
    assert "Policy 24" in text(sales.page(expired))
    assert "Policy 25" not in text(sales.page(expired))
    assert "Policy 29" in text(sales.page(f"{expired}&sida=2"))
    found = text(sales.page(f"{ALL}?q=ljungbacken&okontrollerade=1").cssselect("table")[0])
    assert "Ansvarsförsäkring" in found
    assert "Policy" not in found
    for odd in ("?sida=-1", "?ordning=x", "?typ=x", "?gar_ut=x", "?q=%25_'\"", "?sida=99999999999999"):
        assert sales.get(f"{ALL}{odd}").status_code == 200
    for sort in ("valid_to", "member", "title", "added"):
        assert sales.get(f"{ALL}?ordning={sort}").status_code == 200


# ------------------------------------------------------------------ bids


def hand_in(case, now) -> None:
    """Freeze the draft as it stands; whether it may leave is another test's business."""
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()


def attach_insurance(case, now) -> None:
    appendix = paper_actions.attach_document(case.bid, case.bid.parties[1], insurance(), by=case.sam, now=now)
    db.session.flush()
    answer = answer_actions.answer(
        case.bid, case.requirements[0], GivenAnswer(says=True, text="Ja"), revision=0, by=case.sam, now=now
    )
    answer_actions.add_evidence(
        answer, title=appendix.title, appendix=appendix, valid_to=insurance().valid_to, by=case.sam, now=now
    )
    db.session.commit()


def renew(case, now, begins: date = date(2027, 1, 1)) -> MemberDocument:
    says = VaultPaper("insurance", "Ansvarsförsäkring 2027", begins, date(2028, 1, 15))
    kept = files.save(NEWER, name="ny.pdf", media_type="application/pdf", now=now)
    newer = actions.renew(insurance(), says, kept, by=case.sam, now=now)
    db.session.commit()
    return newer


def test_a_bid_that_was_handed_in_keeps_the_older_and_the_draft_changes_on_demand(case, sales, clock):
    attach_insurance(case, clock.now)
    older = insurance()
    hand_in(case, clock.now)
    before = case.bid.versions[0].offer_json
    newer = renew(case, clock.now, begins=date(2026, 11, 1))
    versions.reopen(case.bid, by=case.sam, now=clock.now)
    db.session.commit()
    assert "Det finns en nyare" in text(sales.page(f"{case.where}/handlingar"))
    (appendix,) = case.bid.appendices
    assert sales.post(f"{case.where}/handlingar/bilagor/{appendix.id}/byt").status_code == 303
    db.session.expire_all()
    (appendix,), (piece,) = case.bid.appendices, case.bid.answers[0].evidence
    assert (appendix.number, appendix.document_id, appendix.file_id) == (1, newer.id, newer.file_id)
    assert (piece.appendix_id, piece.valid_to) == (appendix.id, date(2028, 1, 15))
    assert piece.title == f"Ansvarsförsäkring 2027, {case.fruit.name}"
    assert case.bid.versions[0].offer_json == before
    assert from_json(before).appendices[0].sha256 == older.file.sha256
    shown = text(sales.page(f"{ALL}/{older.id}").cssselect("table")[0])
    assert "Frukt" in shown
    assert "version 1" in shown
    again = sales.post(f"{case.where}/handlingar/bilagor/{appendix.id}/byt")
    assert again.status_code == 404


def test_the_draft_says_that_its_paper_is_replaced_or_wrong(case, clock):
    attach_insurance(case, clock.now)
    newer = renew(case, clock.now)

    def found() -> dict[str, bool]:
        gaps_now = bidflow.gaps_of(case.bid, now=clock.now)
        return {gap.key: gap.blocking for gap in gaps_now if gap.document == "insurance"}

    assert found() == {}, "the newer one begins after the last day for bids"
    newer.valid_from = date(2026, 12, 18)
    assert found() == {"document:ljungbacken:insurance:newer:1": False}
    actions.find_wrong(insurance(), "Fel belopp.", by=case.sam, now=clock.now)
    assert found() == {"document:ljungbacken:insurance:fault:1": True}
    paper_actions.exchange(case.bid, case.bid.appendices[0], newer, by=case.sam, now=clock.now)
    assert found() == {}


@pytest.mark.usefixtures("own_tables")
def test_what_was_handed_in_before_papers_were_counted_is_found_in_it(case, clock):
    attach_insurance(case, clock.now)
    hand_in(case, clock.now)
    expected = db.session.execute(select(VersionDocument.version_id, VersionDocument.document_id)).all()
    db.session.rollback()
    migrating.prepare()
    flask_migrate.downgrade(revision="0028")
    flask_migrate.upgrade()
    assert db.session.execute(select(VersionDocument.version_id, VersionDocument.document_id)).all() == expected
    assert len(expected) == 1


def test_one_paper_shows_all_bids_that_use_it_to_its_member_too(case, fruit, clock):
    attach_insurance(case, clock.now)
    assert "Frukt, Kommunen" in text(fruit.page(f"{OWN}/{insurance().id}"))


def test_what_runs_out_before_the_buyer_decides_is_a_reminder(case, sales, clock):
    assert "men inte när köparen beslutar (vi räknar med 16\u00a0februari 2027)" in " ".join(
        gap.sentence for gap in bidflow.gaps_of(case.bid, now=clock.now)
    )
    assert sales.post(f"{case.where}/handlingar/beslut", data={"award_on": "2026-12-01"}).status_code == 422
    assert sales.post(f"{case.where}/handlingar/beslut", data={"award_on": "2027-01-15"}).status_code == 303
    assert "när köparen beslutar" not in gaps(sales, case.where)
    assert sales.post(f"{case.where}/handlingar/beslut", data={"award_on": ""}).status_code == 303
    assert "när köparen beslutar" in gaps(sales, case.where)


def test_what_goes_along_and_expires_before_the_last_day_stops_the_bid(case, clock):
    insurance().valid_to = date(2026, 12, 17)
    paper_actions.attach_document(case.bid, case.bid.parties[1], insurance(), by=case.sam, now=clock.now)
    db.session.flush()
    found = {gap.key: gap.blocking for gap in bidflow.gaps_of(case.bid, now=clock.now)}
    assert found["document:ljungbacken:insurance:expired"] is True


# ------------------------------------------------------------------ reminders


def test_members_are_told_sixty_thirty_and_seven_days_before_once_each_and_staff_get_the_list(
    case, clock, work_off, outbox
):
    told = {date(2026, 11, 16): 60, date(2026, 12, 16): 30, date(2027, 1, 8): 7}
    day = date(2026, 11, 10)
    while day < date(2027, 1, 20):
        before = len(outbox.to(case.fruit.email))
        morning(clock, work_off, day)
        assert len(outbox.to(case.fruit.email)) - before == (day in told), day
        day = date.fromordinal(day.toordinal() + (1 if day.day < 18 else 3))
    assert sorted(db.session.scalars(select(DocumentReminder.days))) == [7, 30, 60]
    last = outbox.to(case.fruit.email)[-1]
    assert last.subject == "1 handling går snart ut"
    assert "fre 15 jan" in last.body.replace("\u00a0", " ")
    assert "7 dagar kvar" in last.body
    assert "/medlem/handlingar" in last.body
    assert len(outbox.to(case.sam.email)) == 3
    assert case.fruit.name in outbox.to(case.sam.email)[0].body
    assert outbox.to(case.van.email) == []


def test_a_worker_that_was_down_sends_the_nearest_only(case, clock, work_off, outbox):
    morning(clock, work_off, date(2027, 1, 10))
    assert len(outbox.to(case.fruit.email)) == 1
    assert db.session.scalars(select(DocumentReminder.days)).all() == [7]


def test_what_was_renewed_and_what_has_run_out_is_not_reminded_of(case, clock, work_off, outbox):
    renew(case, clock.now)
    morning(clock, work_off, date(2026, 12, 16))
    assert list(outbox) == []


@pytest.mark.both
def test_a_day_is_looked_at_once_however_many_workers(case, clock, work_off, outbox):
    for _worker in range(3):
        reminding.look_each_morning(clock.now)
        db.session.commit()
    work_off()
    reminding.remind(DAY.toordinal())
    db.session.commit()
    assert len(outbox.to(case.fruit.email)) == 1
    assert count(VaultDay) == 1


def test_a_member_on_paper_is_told_by_post(case, clock, work_off, outbox):
    case.fruit.reached_by = Reach.PAPER
    db.session.commit()
    morning(clock, work_off, DAY)
    (letter,) = [letter for letter in outbox if letter.kind == "document_runs_out"]
    assert letter.state == "paper"
    assert "/medlem/" not in letter.body


def test_a_worker_knows_of_its_morning_rounds():
    assert set(MORNING_ROUNDS) <= set(jobs.routines)
    assert reminding.look_each_morning in MORNING_ROUNDS


# ------------------------------------------------------------------ size


def test_many_papers_cost_no_more_statements(case, sales, fruit, queries):
    def cost(browser, path: str) -> int:
        with queries() as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    where = ((sales, ALL), (fruit, OWN), (sales, f"{ALL}/{insurance().id}"), (sales, "/personal/medlemmar"))
    for browser, path in where:
        cost(browser, path)
    few = [cost(browser, path) for browser, path in where]
    for n in range(40):
        lay_in(case.fruit if n % 2 else case.van, "policy", f"Policy {n}", date(2027, 1, 1))
    db.session.commit()
    assert [cost(browser, path) for browser, path in where] == few
    assert max(few) <= 15


def test_a_power_of_attorney_that_was_given_for_another_tender_is_not_used_here(case, clock):
    given = lay_in(case.fruit, "power_of_attorney", "Fullmakt", date(2028, 1, 1))

    def seen() -> list[str]:
        db.session.commit()
        offer = offer_of(case.bid, now=clock.now)
        return [one.title for party in offer.parties for one in party.documents if one.kind == "power_of_attorney"]

    given.added_at = case.bid.created_at - timedelta(days=1)
    assert seen() == []
    given.added_at = case.bid.created_at + timedelta(hours=1)
    assert seen() == ["Fullmakt"]


def another_bid(case, now) -> Bid:
    """One more tender with a bid in which Ljungbacken is asked."""
    facts = TenderFacts(title="Städ", buyer_name="Regionen", deadline=DEADLINE)
    tender = tender_actions.register(facts, by=case.sam, now=now)
    db.session.flush()
    bid = bidflow.start_bid(tender, BidForm.GROUP, by=case.sam, now=now)
    db.session.flush()
    party = bid_actions.add_party(bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=now)
    party.invited_at = now
    db.session.commit()
    return bid


def attorneys(bid, clock) -> list[str]:
    db.session.expire_all()
    offer = offer_of(bid, now=clock.now)
    return [one.title for party in offer.parties for one in party.documents if one.kind == "power_of_attorney"]


def sent(title: str, **more: str) -> dict[str, object]:
    return {"kind": "power_of_attorney", "title": title, "file": (BytesIO(PDF), "fullmakt.pdf"), **more}


def test_a_power_of_attorney_is_for_the_bid_that_was_chosen_and_for_no_other(case, visit, clock):
    other = another_bid(case, clock.now)
    case.bid.parties[1].invited_at = clock.now
    lena = visit(FRUIT)
    page = lena.page(f"{OWN}/ny")
    titles = [text(each) for each in page.cssselect("select[name=for_bid] option")]
    assert titles == ["Välj i listan", "Frukt", "Städ"]
    nothing = lena.post(f"{OWN}/ny", data=sent("Fullmakt", for_bid="0"))
    assert nothing.status_code == 422
    assert "Välj vilket anbud den gäller" in text(document(nothing))
    assert lena.post(f"{OWN}/ny", data=sent("Fullmakt", for_bid=str(other.id))).status_code == 303
    assert (attorneys(other, clock), attorneys(case.bid, clock)) == (["Fullmakt"], [])
    policy = {"kind": "policy", "title": "Miljö", "for_bid": "0", "file": (BytesIO(PDF), "miljo.pdf")}
    assert lena.post(f"{OWN}/ny", data=policy).status_code == 303


def test_one_that_is_handed_in_at_a_bid_is_for_that_bid_also_when_another_is_older(case, sales, visit, clock):
    other = another_bid(case, clock.now)
    lena = visit(FRUIT)
    clock.move(hours=1)
    assert lena.post(f"/medlem/anbud/{other.id}/handling", data=sent("För städ")).status_code == 303
    party = case.bid.parties[1]
    where = f"{case.where}/handlingar/part/{party.id}"
    assert sales.post(where, data=sent("För frukt")).status_code == 303
    assert (attorneys(other, clock), attorneys(case.bid, clock)) == (["För städ"], ["För frukt"])
    assert "För städ" not in text(sales.page(f"{case.where}/handlingar"))
    elsewhere = next(one for one in case.fruit.documents if one.title == "För städ")
    refused = sales.post(f"{where}/bifoga/{elsewhere.id}", follow_redirects=True)
    assert "gäller ett annat anbud" in text(document(refused))
    newer = {"title": "För städ, ny", "file": (BytesIO(NEWER), "ny.pdf")}
    assert lena.post(f"{OWN}/{elsewhere.id}/fornya", data=newer).status_code == 303
    assert "För städ, ny" in attorneys(other, clock)
    assert attorneys(case.bid, clock) == ["För frukt"]


def test_who_is_in_no_bid_is_asked_for_none(case, visit):
    page = visit(FRUIT).page(f"{OWN}/ny")
    assert not page.cssselect("select[name=for_bid]")
