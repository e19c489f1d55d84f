"""Staff see before and after, and decide once: nobody's change is overwritten, and nobody decides on what is unread."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import catalogflow
from app import clock as app_clock
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog import versions
from app.catalog.changing.actions import Wish
from app.catalog.changing.models import ChangeState
from app.catalog.models import ApprovalState
from app.db import db
from app.orders.models import OrderLine
from tests import make
from tests.features.change_case import again, make_case, page_of, requests
from tests.furnished import furnished
from tests.people import document, text, together


@furnished
def case(app):
    return make_case()


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


def test_the_inbox_counts_each_heap(case, sam):
    case.ask(description="Sex kilo.", note="Vi packar mer nu.")
    case.ask(case.offering, member_price=19900)
    proposed = make.make_article("Blomkorg", state=ApprovalState.PROPOSED)
    make.make_offering(proposed, case.member, state=ApprovalState.PROPOSED)
    page = sam.page("/personal/katalog/forslag")
    counts = {text(one).rsplit(" ", 1)[0]: text(one.cssselect(".count")[0]) for one in page.cssselect(".heaps a")}
    assert counts == {
        "Allt som väntar": "3",
        "Nya artiklar": "1",
        "Nya erbjudanden": "0",
        "Ändringar av artiklar": "1",
        "Ändringar av erbjudanden": "1",
        "Skickade tillbaka": "0",
    }
    shown = text(page)
    for words in ("Vi packar mer nu.", "Lena Exempel", "Ljungbacken", "Det här ingår", "Till medlemmen, exkl. moms"):
        assert words in shown, words
    assert len(sam.page("/personal/katalog/forslag?hog=artiklar").cssselect(".change-card")) == 1
    assert sam.get("/personal/katalog/forslag?hog=allt").status_code == 404


def test_before_and_after_with_what_it_means_for_us(case, sam):
    asked = case.ask(case.offering, member_price=22000, note="Dyrare äpplen.")
    page = sam.page(page_of(asked))
    shown = text(page).replace("\xa0", " ")
    assert [text(one).replace("\xa0", " ") for one in page.cssselect("del")] == ["190,00 kr"]
    assert [text(one).replace("\xa0", " ") for one in page.cssselect("ins")] == ["220,00 kr"]
    for words in ("nu 22,00 kr (10,4 %)", "efter −8,00 kr förlust", "Dyrare äpplen.", "Inga öppna beställningar"):
        assert words in shown, words


def test_approved_is_published_and_names_its_request(case, sam, visit, outbox, work_off):
    asked = case.ask(name="Fruktkorg sex kilo", description="Sex kilo.")
    answer = sam.post(f"{page_of(asked)}/ja", data={"revision": "1", "words": "Fint!"})
    assert answer.status_code == 303
    article = again(case.article)
    assert (article.name, article.description, article.version) == ("Fruktkorg sex kilo", "Sex kilo.", 2)
    newest, first = versions.versions_of(article)
    assert (newest.change_request_id, newest.published_by, first.change_request_id) == (asked.id, "Sam Exempel", None)
    assert first.content["description"] == "Fem kilo frukt."
    assert "Sex kilo." in text(visit().page("/katalog/fruktkorg"))
    assert "Fruktkorg sex kilo" in text(visit().page("/katalog?q=sex")), "the search knows"
    (letter,) = outbox.to(case.member.email)
    assert letter.subject.startswith("Ändringen gäller nu")
    assert "Fint!" in letter.body
    assert work_off() == 1
    acts = db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "ChangeRequest")).all()
    assert list(acts) == ["asked", "approved"]


def test_what_is_ordered_keeps_its_words_and_price(case, sam, visit):
    visitor = visit(None)
    visitor.post("/varukorg/lagg-i", data={"article": case.article.id, "quantity": "2"})
    address = {"street": "Provgatan 3", "postcode": "411 01", "city": "Göteborg", "municipality": make.GOTHENBURG}
    person = {"recipient": "Ingrid Exempel", "name": "Ingrid Exempel", "email": "ingrid@exempel.example"}
    assert visitor.fill("/kassa", {"day": "2026-12-01", **address, **person}).status_code == 303
    asked = case.ask(name="Fruktlåda")
    assert "1 beställning av artikeln är inte levererad än" in text(sam.page(page_of(asked)))
    assert sam.post(f"{page_of(asked)}/ja", data={"revision": "1"}).status_code == 303
    db.session.expire_all()
    line = db.session.scalars(select(OrderLine)).one()
    assert (line.name, line.article_version, again(case.article).version) == ("Fruktkorg", 1, 2)


def test_declined_needs_a_reason_and_changes_nothing(case, sam, outbox):
    asked = case.ask(description="Sex kilo.")
    for empty in ({"revision": "1"}, {"revision": "1", "words": "  "}, {"revision": "1", "words": "x" * 501}):
        answer = sam.post(f"{page_of(asked)}/nej", data=empty)
        assert answer.status_code == 422
        assert document(answer).cssselect(".error-summary")
        assert sam.post(f"{page_of(asked)}/tillbaka", data=empty).status_code == 422
    assert again(asked).state == ChangeState.WAITING
    assert sam.post(f"{page_of(asked)}/nej", data={"revision": "1", "words": "För mycket."}).status_code == 303
    assert (again(asked).state, again(asked).answer) == (ChangeState.DECLINED, "För mycket.")
    assert again(case.article).version == 1
    assert "Allt är som förut" in outbox.to(case.member.email)[0].body


def test_two_who_decide_at_once_one_wins_and_the_other_is_told_who_and_what(case, sam, visit, outbox):
    make.make_user("stina@samklang.example", name="Stina Exempel", roles=[RoleName.ADMIN])
    stina, path = visit("stina@samklang.example"), page_of(case.ask(description="Sex kilo."))
    yes, no = together(
        lambda: sam.post(f"{path}/ja", data={"revision": "1"}),
        lambda: stina.post(f"{path}/nej", data={"revision": "1", "words": "Nej tack."}),
    )
    assert sorted([yes.status_code, no.status_code]) == [303, 409]
    (asked,) = requests()
    if yes.status_code == 303:
        assert "Sam Exempel hann före: förslaget är godkänt" in no.text
    else:
        assert "Stina Exempel hann före: förslaget är avböjt" in yes.text
    won = yes.status_code == 303
    assert (asked.state == ChangeState.APPROVED, again(case.article).version) == (won, 2 if won else 1)
    assert len(outbox.to(case.member.email)) == 1


def test_two_requests_approved_at_once_never_overwrite_each_other(case, sam, visit):
    make.make_user("stina@samklang.example", name="Stina Exempel", roles=[RoleName.ADMIN])
    stina = visit("stina@samklang.example")
    other = make.make_kokljus()
    case.article.proposed_by = other
    mine = page_of(case.ask(description="Sex kilo."))
    user, case.member, case.user = case.user, other, make.make_user(other.email, member=other)
    theirs = page_of(case.ask(description="Sju kilo."))
    case.user = user
    answers = together(
        lambda: sam.post(f"{mine}/ja", data={"revision": "1"}),
        lambda: stina.post(f"{theirs}/ja", data={"revision": "1"}),
    )
    assert sorted(one.status_code for one in answers) == [303, 409]
    assert "har ändrats sedan förslaget skrevs" in next(one for one in answers if one.status_code == 409).text
    assert [version.number for version in versions.versions_of(again(case.article))] == [2, 1]
    assert sorted(str(one.state) for one in requests()) == ["approved", "waiting"]


def test_a_form_sent_twice_publishes_once(case, sam, outbox):
    asked = case.ask(description="Sex kilo.")
    data = {"revision": "1"}
    assert sam.post(f"{page_of(asked)}/ja", data=data).status_code == 303
    answer = sam.post(f"{page_of(asked)}/ja", data=data)
    assert answer.status_code == 409
    assert "Sam Exempel hann före" in answer.text
    assert again(case.article).version == 2
    assert len(outbox.to(case.member.email)) == 1


@pytest.mark.parametrize("revision", ["", "0", "2", "-1", "ett", "9" * 40])
def test_who_has_not_read_it_cannot_decide(case, sam, revision):
    asked = case.ask(description="Sex kilo.")
    assert sam.post(f"{page_of(asked)}/ja", data={"revision": revision}).status_code == 409
    assert again(asked).state == ChangeState.WAITING


def test_finance_reads_and_does_not_decide(case, visit):
    asked = case.ask(description="Sex kilo.")
    make.make_user("pia@samklang.example", roles=[RoleName.FINANCE])
    pia = visit("pia@samklang.example")
    page = pia.page(page_of(asked))
    assert page.cssselect("main form") == []
    for act in ("ja", "nej", "tillbaka", "gor-om", "ta-tillbaka"):
        assert pia.post(f"{page_of(asked)}/{act}", data={"revision": "1", "words": "x"}).status_code == 403
    assert pia.get(f"/personal/katalog/artikel/{case.article.id}/historik").status_code == 200
    assert again(asked).state == ChangeState.WAITING


def test_members_and_strangers_have_no_business_here(case, visit):
    path = page_of(case.ask(description="Sex kilo."))
    assert visit(case.user.email).get(path).status_code == 403
    assert visit(case.user.email).post(f"{path}/ja", data={"revision": "1"}).status_code == 403
    assert visit().get(path).status_code == 302
    assert visit(case.sam.email).get("/personal/katalog/andringar/999999").status_code == 404


def test_the_inbox_takes_a_steady_number_of_statements(case, sam, queries):
    for number in range(10):
        article = make.make_article(f"Korg {number}")
        make.make_offering(article, case.member)
        case.ask(article, description=f"Ny text {number}.")
    sam.page("/personal/katalog/forslag")
    with queries() as few:
        sam.page("/personal/katalog/forslag")
    assert len(few) < 20, "\n".join(few)


def test_all_that_was_said_stands_on_both_pages_with_who_and_when(case, sam, visit):
    """What was said before the last turn was lost: only the last words of each side were shown."""
    member = visit(case.member.email)
    asked = case.ask(description="Sex kilo.", note="Vi packar mer nu.")
    path = f"/personal/katalog/andringar/{asked.id}"
    sam.post(f"{path}/tillbaka", data={"revision": 1, "words": "Skriv vilken frukt."})
    wish = Wish({"description": "Sex kilo äpplen."}, note="Det är äpplen.")
    catalogflow.send_again(again(asked), wish, by=case.user, now=app_clock.now())
    sam.post(f"{path}/ja", data={"revision": 2, "words": "Bra, tack!"})
    for page in (sam.page(path), member.page(f"/medlem/andringar/{asked.id}")):
        turns = [text(one) for one in page.cssselect(".change-talk li")]
        assert len(turns) == 4
        for turn, who, words in zip(
            turns,
            ("Lena Exempel", case.sam.name, "Lena Exempel", case.sam.name),
            ("Vi packar mer nu.", "Skriv vilken frukt.", "Det är äpplen.", "Bra, tack!"),
            strict=True,
        ):
            assert turn.startswith(who)
            assert turn.endswith(words)
        assert len(page.cssselect(".change-talk time")) == 4


def test_of_what_was_said_before_the_log_kept_words_the_last_is_shown(case, sam):
    asked = case.ask(description="Sex kilo.", note="Vi packar mer nu.")
    sam.post(f"/personal/katalog/andringar/{asked.id}/tillbaka", data={"revision": 1, "words": "Vilken frukt?"})
    db.session.expire_all()
    for act in db.session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "ChangeRequest")):
        act.details = {key: value for key, value in act.details.items() if key != "said"}
    turns = [text(one) for one in sam.page(f"/personal/katalog/andringar/{asked.id}").cssselect(".change-talk li")]
    assert turns[0].endswith("Vi packar mer nu.")
    assert turns[1].endswith("Vilken frukt?")
