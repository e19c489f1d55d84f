"""Staff choose a legal form with open eyes, weigh the buyer's figures, and write down why a bid is joint."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock, files
from app.db import db
from app.demo.papers import paper
from app.members.models import MemberDocument, MemberYear
from app.money import Money
from app.tenders.models import Bid, BidParty, TenderFigure
from tests.features.bid_case import count, gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_document, make_user
from tests.people import document, text

TABS = ("anbudsformer", "anbudsformer/byt?till=relied_on", "kvalificering", "konkurrens", "kapacitet", "avhopp")


@furnished
def case(app) -> JointCase:
    made = JointCase(clock.now())
    for member, turnover in ((made.fruit, 7_000_000), (made.van, 4_000_000)):
        member.years = [MemberYear(year=2025, turnover=Money.kronor(turnover), employees=20)]
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def plain(node) -> str:
    return text(node).replace("\u00a0", " ")


def figure(sales, case, **values):
    given = {"kind": "turnover", "amount": "10 000 000", "lot": "", "document": "register_extract", **values}
    return sales.post(f"{case.where}/kvalificering", data=given)


def test_the_three_forms_stand_side_by_side(case, sales):
    page = sales.page(f"{case.where}/anbudsformer")
    cards = [plain(card) for card in page.cssselect(".party-list .card")]
    assert len(cards) == 3
    assert "Anbudets form" in cards[0]
    assert "LOU 14 kap. 6–8 §§" in cards[1]
    assert "Se vad som ändras" in cards[2]
    assert all("hindrar" in card for card in cards)
    whole = plain(page)
    assert "tillsammans med andra (II A): ja" in whole
    assert "åberopar andra (II C): ja" in whole
    assert "Anbudsgivaren ensam. Underleverantörernas" in whole


def test_a_change_is_shown_before_it_is_made(case, sales):
    asked = sales.post(
        f"{case.where}/anbud/form", data={"form": "relied_on", "lots": [str(case.lot.id), case.north.id]}
    )
    assert asked.status_code == 303
    assert asked.location.endswith("/anbudsformer/byt?till=relied_on")
    assert db.session.scalars(select(Bid.form)).one() == "group"
    page = plain(sales.page(asked.location))
    assert "Inget är ändrat än" in page
    assert "Åtagande från åberopat företag saknas för Ljungbacken" in page
    assert "Fullmakt saknas för Ljungbacken" in page
    changed = sales.fill(asked.location, {}, form="form[action$='/anbudsformer/byt']")
    assert changed.status_code == 303
    roles = {party.member.slug: party.role for party in db.session.scalars(select(BidParty))}
    assert roles == {"samklang": "tenderer", "ljungbacken": "relied_on", "rullande": "relied_on"}
    assert "Fullmakt saknas" not in gaps(sales, case.where)


def test_a_form_that_there_is_not_is_not_found(case, sales):
    for path in ("byt", "byt?till=", "byt?till=kartell"):
        assert sales.get(f"{case.where}/anbudsformer/{path}").status_code == 404
    assert sales.post(f"{case.where}/anbudsformer/byt", data={"till": "x"}).status_code == 404


def test_the_group_meets_a_turnover_that_nobody_meets_alone(case, sales):
    assert figure(sales, case).status_code == 303
    page = plain(sales.page(f"{case.where}/kvalificering"))
    assert (
        "Uppfyllt 2025: Ljungbacken Frukt ek. för. 7 000 000 kr + Rullande Hjälpen 4 000 000 kr = 11 000 000 kr."
        in page
    )
    beside = plain(sales.page(f"{case.where}/anbudsformer"))
    assert "räknas inte i den här formen" in beside
    assert figure(sales, case, amount="12 000 000", lot=str(case.north.id), ref="K4").status_code == 303
    listed = gaps(sales, case.where).replace("\u00a0", " ")
    assert "Krav K4: anbudsområde 2 kräver en omsättning på minst 12 000 000 kr" in listed
    assert "Gruppen når inte upp: 1 000 000 kr fattas för 2025." in listed


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": ""}, "Skriv beloppet"),
        ({"amount": "-5"}, "mer än noll"),
        ({"years": "4"}, "högst tre år"),
        ({"kind": "references", "number": ""}, "hur många referenser"),
        ({"kind": "bribes"}, "Välj"),
        ({"lot": "999999"}, "Välj"),
        ({"ref": "x" * 41}, "högst 40"),
    ],
)
def test_a_figure_that_says_nothing_is_refused(case, sales, values, words):
    answer = figure(sales, case, **values)
    assert answer.status_code == 422
    assert words in text(document(answer).cssselect(".error-summary")[0])
    assert count(TenderFigure) == 0


def test_a_figure_of_another_tender_is_not_touched(case, sales, clock):
    figure(sales, case)
    (id_,) = db.session.scalars(select(TenderFigure.id))
    assert sales.post(f"/personal/upphandlingar/999/kvalificering/{id_}/ta-bort").status_code == 404
    assert sales.post(f"{case.where}/kvalificering/{id_ + 1}/ta-bort").status_code == 404
    assert sales.post(f"{case.where}/kvalificering/{id_}/ta-bort").status_code == 303
    assert count(TenderFigure) == 0


def test_an_insurance_counts_by_the_sum_of_its_certificate(case, sales, clock):
    kept = files.save(paper("Försäkring", ["Ett prov."]), name="f.pdf", media_type="application/pdf", now=clock.now)
    certificate = make_document(case.fruit, "insurance", file=kept)
    figure(sales, case, kind="insurance")
    assert "Ingen vars försäkring räknas" in gaps(sales, case.where)
    where = f"{case.where}/kvalificering/parter/{case.fruity.id}/forsakring/{certificate.id}"
    assert sales.post(where, data={"amount": "10 000 000"}).status_code == 303
    assert db.session.scalars(select(MemberDocument.insured)).one() == Money.kronor(10_000_000)
    listed = gaps(sales, case.where)
    assert "Ingen vars försäkring räknas" not in listed
    assert "Rullande Hjälpen har lägre belopp" in listed
    other = f"{case.where}/kvalificering/parter/{case.driver.id}/forsakring/{certificate.id}"
    assert sales.post(other, data={"amount": "1"}).status_code == 404
    assert sales.post(where, data={"amount": "mycket"}).status_code == 422


def test_reasons_are_written_lot_by_lot(case, sales):
    assert "skäl till att Rullande Hjälpen inte kan lämna eget anbud" in gaps(sales, case.where)
    where = f"{case.where}/konkurrens/{case.driver.id}"
    one, two = str(case.lot.id), str(case.north.id)
    said = {f"kinds_{one}": ["capacity", "time"], f"words_{one}": "Två bilar räcker inte", "general": ""}
    assert sales.fill(where, said).status_code == 303
    assert "om anbudsområde 2" in gaps(sales, case.where)
    page = plain(sales.page(f"{case.where}/konkurrens"))
    assert "Kapacitet Tid Två bilar räcker inte" in page
    assert sales.fill(where, {f"kinds_{two}": ["geography"]}).status_code == 303
    assert "Rullande Hjälpen inte kan lämna" not in gaps(sales, case.where)
    words_only = {f"kinds_{one}": [], f"words_{one}": "Bara ord"}
    answer = sales.post(where, data=words_only)
    assert answer.status_code == 422
    assert "Bara ord" in answer.text
    assert sales.post(where, data={f"kinds_{one}": ["love"]}).status_code == 422


def test_a_member_says_whether_it_has_another_bid(case, sales, visit):
    lena = visit(make_user(member=case.fruit).email)
    where = f"/medlem/anbud/{case.bid.id}/annat-anbud"
    assert "Inte besvarat" in text(lena.page(f"/medlem/anbud/{case.bid.id}")) or lena.get(where).status_code == 200
    assert lena.post(where, data={"says": "yes", "words": " "}).status_code == 422
    assert lena.post(where, data={}).status_code == 422
    answer = lena.post(where, data={"says": "yes", "words": "Med Bageriet Kringlan"})
    assert answer.status_code == 422
    assert "Kryssa i vilka anbudsområden" in answer.text
    said = {"says": "yes", "words": "Med Bageriet Kringlan", "lots": [str(case.north.id)]}
    assert lena.post(where, data=said).status_code == 303
    assert [box.get("value") for box in lena.page(where).cssselect("input[name=lots][checked]")] == [str(case.north.id)]
    listed = gaps(sales, case.where)
    assert "i anbudsområde 2: ”Med Bageriet Kringlan”" in listed
    assert "Med Bageriet Kringlan" in listed
    assert "Samordnade anbud" in listed
    assert lena.post(where, data={"says": "no"}).status_code == 303
    assert "Samordnade anbud" not in gaps(sales, case.where)
    assert "Nej" in text(sales.page(f"{case.where}/konkurrens").cssselect(f"#part-{case.fruity.id}")[0])
    outsider = visit(make_user(member=case.company).email)
    assert outsider.get(where).status_code == 404
    assert outsider.post(where, data={"says": "no"}).status_code == 404


def test_finance_looks_and_changes_nothing(case, visit):
    finance = visit(make_user(roles=("finance",)).email)
    for tab in TABS:
        assert finance.get(f"{case.where}/{tab}").status_code == 200, tab
    for path in (f"konkurrens/{case.driver.id}", f"avhopp/{case.driver.id}"):
        assert finance.get(f"{case.where}/{path}").status_code == 403
    assert finance.post(f"{case.where}/anbudsformer/byt", data={"till": "relied_on"}).status_code == 403
    assert figure(finance, case).status_code == 403


def test_the_pages_take_few_statements(case, sales, queries):
    figure(sales, case)
    sales.get(case.where)  # What every page of the house shows is remembered after the first.
    for tab in TABS:
        with queries() as seen:
            assert sales.get(f"{case.where}/{tab}").status_code == 200
        assert len(seen) <= 15, (tab, len(seen), seen)
