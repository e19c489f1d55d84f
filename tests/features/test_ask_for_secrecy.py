"""Staff mark what is to be secret, with its harm; the request and a masked copy are made, for a version once."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest
from sqlalchemy import select

from app import bidflow, files, jobs, legalflow
from app import clock as app_clock
from app.db import db
from app.demo.papers import paper
from app.tenders import answer_actions, bid_actions, paper_actions, versions
from app.tenders.answer_actions import GivenAnswer
from app.tenders.models import Bid, SecrecyPrint
from app.tenders.offers import offer_of
from app.tenders.paper_actions import Upload
from tests.features.bid_case import count, gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_user
from tests.people import document, text

HARM = "Konkurrenter kan räkna ut våra inköpsavtal med odlarna och bjuda under oss nästa gång."
GIVEN = {"subject": "prices", "what": "Priser per enhet", "harm": HARM, "until": "2030-12-31"}
SECRET = "Skutans förskola i Björkviken betalar ett dolt specialpris."


@furnished
def case(app) -> JointCase:
    made = JointCase(app_clock.now())
    now = app_clock.now()
    bid_actions.add_reference(made.bid, customer="Dolda Kunden AB", what="Frukt i två år", by=made.sam, now=now)
    kept = paper_actions.keep(Upload("cv.pdf", paper("Meriter", ["Yngve Osynlig"])), now=now)
    paper_actions.attach(made.bid, kept, title="CV Yngve Osynlig", by=made.sam, now=now)
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def here(case) -> str:
    return f"{case.where}/sekretess"


def refused(answer) -> str:
    assert answer.status_code == 422
    return text(document(answer).cssselect(".error-summary")[0])


def mark(sales, here, **values):
    answer = sales.post(here, data={**GIVEN, **values})
    assert answer.status_code == 303, refused(answer)


def bid(case) -> Bid:
    db.session.expire_all()
    return db.session.get_one(Bid, case.bid.id)


def words(file) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=files.read(file), capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def printed() -> dict[str, SecrecyPrint]:
    db.session.expire_all()
    return {one.kind.value: one for one in db.session.scalars(select(SecrecyPrint).order_by(SecrecyPrint.id))}


def test_prices_appendices_and_references_are_marked_and_unmarked(case, sales, here):
    mark(sales, here)
    mark(sales, here, subject=f"appendix:{case.bid.appendices[0].id}", what="Meriter")
    mark(sales, here, subject=f"reference:{case.bid.references[0].id}", what="Kundens namn")
    page = sales.page(here)
    shown = text(page.cssselect("main")[0])
    for said in ("Alla priser per enhet", "Bilaga 1", "Referens 1", HARM):
        assert said in shown, said
    assert [one.number for one in offer_of(bid(case), now=app_clock.now()).secrets] == [None, 1, 1]
    (first, *_others) = page.cssselect("form[action$=ta-bort]")
    sales.post(first.get("action"))
    assert "Alla priser per enhet" not in text(sales.page(here).cssselect("main table")[0])
    assert sales.post(first.get("action")).status_code == 404


def test_the_same_marked_again_gets_the_new_words(case, sales, here):
    mark(sales, here)
    mark(sales, here, what="Styckpriser")
    (only,) = bid(case).secrecy
    assert only["what"] == "Styckpriser"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"harm": ""}, "Skriv vilken skada"),
        ({"harm": "Affärshemlighet som kan skada oss om den sprids till konkurrenter."}, "för allmänt"),
        ({"harm": "x" * 1001}, "1"),
        ({"what": ""}, "Skriv vad det är"),
        ({"until": ""}, "Skriv till och med vilken dag"),
        ({"until": "31/12"}, "Skriv datumet"),
        ({"until": "2026-12-18"}, "efter sista anbudsdag"),
        ({"subject": "appendix:99999"}, ""),
        ({"subject": "row", "rows": ""}, "Skriv radernas nummer"),
        ({"subject": "row", "rows": "9.9"}, "Ingen prisrad heter 9.9"),
    ],
)
def test_a_mark_that_would_not_help_is_refused_and_nothing_is_lost(case, sales, here, wrong, says):
    answer = sales.post(here, data={**GIVEN, **wrong})
    assert says in refused(answer)
    assert document(answer).cssselect("input[name=what]")[0].get("value") == {**GIVEN, **wrong}["what"]
    assert bid(case).secrecy == []


def test_a_single_row_can_be_counted_and_the_gap_says_so(case, sales, here):
    mark(sales, here, subject="row", rows="1.1; 2/2.1")
    assert "räkna ut ur summan" in gaps(sales, case.where)
    assert "räkna ut" in text(document(sales.post(f"{here}/papper", follow_redirects=True)))
    assert count(SecrecyPrint) == 0


def test_an_answer_is_secret_only_with_concrete_harm_and_a_last_day(case, sales):
    def save(**values):
        sent = {"says": "yes", "text": SECRET, "confidential": "y", **values}
        return sales.fill(case.answer_url, sent)

    assert "för allmänt" in refused(save(confidential_reason="Affärshemlighet"))
    assert "Välj till och med" in refused(save(confidential_reason=HARM))
    assert save(confidential_reason=HARM, confidential_until="2030-12-31").status_code == 303
    (answer,) = bid(case).answers
    assert (answer.confidential, answer.confidential_until) == (True, date(2030, 12, 31))
    assert HARM in text(sales.page(f"{case.where}/sekretess"))


def test_a_reason_that_was_given_before_stops_nobody_from_writing_on(case):
    now, _loaded = app_clock.now(), case.sam.name
    answer = answer_actions.answer(
        case.bid, case.requirements[0], GivenAnswer(says=True, text="Ja"), revision=0, by=case.sam, now=now
    )
    answer.confidential, answer.confidential_reason = True, "Affärshemlighet"
    given = GivenAnswer(says=True, text="Mer", confidential=True, confidential_reason="Affärshemlighet")
    answer_actions.answer(case.bid, case.requirements[0], given, revision=1, by=case.sam, now=now)
    assert answer.text == "Mer"


def all_secret(case, sales, here) -> None:
    reason = {"confidential": "y", "confidential_reason": HARM, "confidential_until": "2030-12-31"}
    assert sales.fill(case.answer_url, {"says": "yes", "text": SECRET, **reason}).status_code == 303
    case.bid.delivery_plan = f"Så här gör vi. {SECRET}"
    db.session.commit()
    mark(sales, here, subject=f"appendix:{case.bid.appendices[0].id}", what="Meriter")
    mark(sales, here, subject=f"reference:{case.bid.references[0].id}", what="Kundens namn")


def test_the_papers_of_a_draft_are_made_and_made_anew(case, sales, here):
    all_secret(case, sales, here)
    assert sales.post(f"{here}/papper").status_code == 303
    assert (
        "Görs" in text(sales.page(here))
        or "Tillverkas" in text(sales.page(here))
        or sales.page(here).cssselect("[data-wait]")
    )
    jobs.work_off()
    both = printed()
    request, copy = words(both["request"].file), words(both["masked"].file)
    for said in ("Svaret på krav A1", "Bilaga 1", "Referens 1", "Utkast"):
        assert said in request, said
    for gone in ("Björkviken", "specialpris", "Yngve Osynlig", "Dolda Kunden"):
        assert gone not in copy, gone
    assert "maskerad kopia" in copy
    assert "Så här gör vi." in copy
    first = both["masked"].file.sha256
    assert [answer.status_code for answer in map(sales.get, hrefs(sales, here))] == [200, 200]
    sales.post(f"{here}/papper")
    jobs.work_off()
    again = printed()
    assert count(SecrecyPrint) == 2
    assert again["masked"].file.sha256 == first


def test_a_page_on_which_two_papers_are_made_names_the_waiting_script_once(case, sales, here):
    all_secret(case, sales, here)
    sales.post(f"{here}/papper")
    page = sales.page(here)
    assert len(page.cssselect("[data-wait]")) == 2
    assert len(page.cssselect("script[src*='wait.js']")) == 1


def hrefs(sales, here) -> list[str]:
    return [link.get("href") for link in sales.page(here).cssselect("a[href$='.pdf']")]


def test_what_is_handed_in_has_its_papers_once_and_for_ever(case, sales, here):
    all_secret(case, sales, here)
    now = app_clock.now()
    version = versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()
    jobs.work_off()
    both = printed()
    assert {one.version_id for one in both.values()} == {version.id}
    kept = {kind: one.file.sha256 for kind, one in both.items()}
    assert "Björkviken" not in words(both["masked"].file)
    assert "Utkast" not in words(both["request"].file)
    for one in both.values():
        jobs.enqueue("app.tenders.secrecy.printing.make", print_id=one.id)
    case.bid.delivery_plan = "Något annat"
    db.session.commit()
    jobs.work_off()
    assert {kind: one.file.sha256 for kind, one in printed().items()} == kept
    assert "Version 1" in text(sales.page(here))
    assert sales.post(here, data=GIVEN).status_code == 422
    assert bidflow.gaps_of(case.bid, now=now) is not None


def test_a_bid_without_secrets_gets_no_such_papers(case, sales, here):
    now = app_clock.now()
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()
    assert count(SecrecyPrint) == 0
    assert "Inget" in text(sales.page(here))


def test_what_is_taken_out_of_the_bid_is_marked_no_longer(case, sales, here):
    mark(sales, here, subject=f"appendix:{case.bid.appendices[0].id}", what="Meriter")
    paper_actions.detach(bid(case), bid(case).appendices[0], by=case.sam, now=app_clock.now())
    db.session.commit()
    assert offer_of(bid(case), now=app_clock.now()).secrets == ()
    assert sales.get(here).status_code == 200


def test_a_secret_name_that_an_open_appendix_shows_is_told_of_until_it_is_marked(case, sales, here):
    now = app_clock.now()
    for title, said in (("Referenser", "Vi levererar till Dolda   Kunden AB."), ("Policy", "Vi är rädda om miljön.")):
        kept = paper_actions.keep(Upload("bilaga.pdf", paper(title, [said])), now=now)
        paper_actions.attach(bid(case), kept, title=title, by=case.sam, now=now)
    db.session.commit()
    mark(sales, here, subject=f"reference:{case.bid.references[0].id}", what="Kundens namn")
    jobs.work_off()
    said = gaps(sales, case.where)
    assert "I bilaga 2 går det att läsa Dolda Kunden AB" in said
    assert "I bilaga 3" not in said
    legalflow.look_again(case.bid.id, int(now.timestamp()))
    db.session.commit()
    assert "I bilaga 2" in gaps(sales, case.where)
    mark(sales, here, subject=f"appendix:{bid(case).appendices[1].id}", what="Referenser")
    assert "I bilaga 2" not in gaps(sales, case.where)


def test_nobody_else_reads_the_papers(case, sales, here, visit):
    all_secret(case, sales, here)
    sales.post(f"{here}/papper")
    jobs.work_off()
    (path, _other) = hrefs(sales, here)
    make_user("van@medlem.example", member=case.van)
    assert visit("van@medlem.example").get(path).status_code == 403
    assert sales.get(f"{here}/papper/99999.pdf").status_code == 404


def test_the_page_asks_the_database_no_more_than_others(case, sales, here, queries):
    mark(sales, here)
    sales.get(here)
    with queries() as seen:
        sales.get(here)
    assert len(seen) <= 15
    with queries() as seen:
        sales.get(f"{case.where}/underskrifter")
    assert len(seen) <= 15
