"""Staff take requirements and price rows out of the buyer's own form, point out its columns and look through it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.db import db
from app.tenders import actions
from app.tenders.actions import NewLot
from app.tenders.forms import door
from app.tenders.forms.models import BuyerForm, FormPlace
from app.tenders.models import TenderPriceRow
from bids.kinds import RequirementKind as Kind
from bids.kinds import RequirementStage as Stage
from tests import buyers_forms
from tests.features.buyers_form_case import furnish, handed_in, requirements, review, take_in, upload
from tests.furnished import furnished
from tests.people import document, save, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_requirements_come_out_of_the_form_with_the_buyers_numbers(case, sales, work_off):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    assert "Kravformulär" in text(sales.page(where))
    seen = text(document(review(sales, where)))
    assert "Alla rader kan tas in" in seen
    assert "Leverantören ska ha F-skatt." in seen
    assert list(requirements(case)) == ["A1"]
    assert take_in(sales, where).headers["Location"] == where
    found = requirements(case)
    assert list(found) == ["A1", "1.1", "1.2", "1.10"]
    assert (found["1.1"].kind, found["1.1"].stage) == (Kind.MUST, Stage.QUALIFICATION)
    assert (found["1.2"].kind, found["1.2"].stage) == (Kind.SCORED, Stage.AWARD)
    assert (found["1.10"].kind, found["1.10"].stage, found["1.10"].followed_up) == (Kind.CONTRACT, Stage.CONTRACT, True)
    assert "Särskild uppföljning" in text(sales.page(f"{case.where}/krav"))


def test_a_document_is_read_like_a_sheet(case, sales, work_off):
    where = handed_in(sales, case, work_off, buyers_forms.requirement_document(), "krav.docx")
    assert "Tabell 1: Kravformulär" in text(sales.page(where))
    take_in(sales, where)
    found = requirements(case)
    assert list(found) == ["A1", "1.1", "1.2", "1.10"]
    assert found["1.2"].text == "Beskriv ert kvalitetsarbete."


def test_an_answer_goes_into_a_column_without_heading_too(case, sales, work_off):
    blank = buyers_forms.document(buyers_forms.row("Nr", "Krav", "") + buyers_forms.row("1", "A", ""))
    where = handed_in(sales, case, work_off, blank, "krav.docx")
    assert "k2" in dict(sales.page(f"{where}/tabell/0").cssselect("main form[method=get]")[0].form_values())


def test_price_rows_come_out_of_the_price_sheet(case, sales, work_off):
    where = handed_in(sales, case, work_off, buyers_forms.rich_workbook())
    assert "Listor" not in text(sales.page(where))
    take_in(sales, where, 1)
    rows = db.session.scalars(select(TenderPriceRow).order_by(TenderPriceRow.position)).all()
    assert [(row.ref, row.text, row.quantity, row.unit) for row in rows if row.lot_id is None] == [
        ("1.1", "Fruktkorg", Decimal(100), "H87"),
        ("1.2", "Extra frukt", Decimal("12.5"), "KGM"),
    ]
    seen = text(document(review(sales, where, 1)))
    assert "Inget skulle ändras" in seen


SAID_OF_FAULTS = (
    *("6 rader behöver rättas", "C6", "inget slag av krav", "A7", "Numret saknas", "B8", "Texten saknas", "rad 9"),
    *("Numret finns redan på rad 5", "A10", "formel utan sparat värde", "A11", "högst 20 tecken"),
)


def test_faulty_rows_are_named_by_cell_and_the_good_ones_taken_in(case, sales, work_off):
    rows = [
        ("1", "Kvalificering", None),
        ("1.1", "F-skatt", "Ska"),
        ("1.2", "Beskriv", "kanske"),
        (None, "Utan nummer", "Ska"),
        ("1.3", None, "Ska"),
        ("1.1", "Samma nummer", "Ska"),
        ("=A4", "Formel", "Ska"),
        ("1.4" + "x" * 20, "Långt nummer", "Ska"),
        buyers_forms.HEADINGS,
        ("1.5", "Efter rubriken", "Bör"),
        (None, "En rubrik för sig", None),
    ]
    where = handed_in(sales, case, work_off, buyers_forms.workbook(*rows))
    seen = text(document(review(sales, where)))
    for sign in SAID_OF_FAULTS:
        assert sign in seen, sign
    left = text(document(review(sales, where, visa="skipped")))
    for sign in ("Kvalificering", "rubrik till numren under den", "Rubrikraden upprepas", "En rubrik för sig"):
        assert sign in left, sign
    take_in(sales, where)
    assert list(requirements(case)) == ["A1", "1.1", "1.5"]


def test_merged_cells_give_their_lot_down_but_never_their_number(case, sales, work_off, clock):
    actions.add_lot(case.tender, NewLot(ref="2", title="Norr"), by=case.sam, now=clock.now)

    def merge(sheet):
        sheet["D3"] = "Område"
        sheet.merge_cells("D4:D5")
        sheet.merge_cells("A6:A7")

    rows = [("1", "Ett", "Ska", "Norr"), ("2", "Två", "Ska"), ("3", "Tre", "Ska"), (None, "Fyra", "Ska")]
    where = handed_in(sales, case, work_off, buyers_forms.workbook(*rows, change=merge))
    assert "A7" in (seen := text(document(review(sales, where))))
    assert "sammanslagen med raden ovanför" in seen
    take_in(sales, where)
    found = requirements(case)
    assert [found[ref].lot.title if found[ref].lot else "" for ref in ("1", "2", "3")] == ["Norr", "Norr", ""]


def test_two_headings_above_each_other_are_read_as_one(case, sales, work_off):
    def two(sheet):
        sheet.insert_rows(4)
        for place, word in enumerate(("Nr", "Krav", "Typ", "Anbudsgivarens svar"), 1):
            sheet.cell(3, place, word)
        for place, word in ((4, "Ja"), (5, "Nej"), (6, "Kommentar")):
            sheet.cell(4, place, word)
        for letter in "ABC":
            sheet.merge_cells(f"{letter}3:{letter}4")
        sheet.merge_cells("D3:F3")

    where = handed_in(sales, case, work_off, buyers_forms.workbook(change=two))
    form = sales.page(f"{where}/tabell/0").cssselect("main form[method=get]")[0]
    chosen = dict(form.form_values())
    assert (chosen["header"], [chosen[f"k{place}"] for place in range(6)]) == (
        "4",
        ["ref", "text", "kind", "yes", "no", "comment"],
    )
    take_in(sales, where)
    assert list(requirements(case)) == ["A1", "1.1", "1.2", "1.10"]


def test_a_wrong_guess_is_put_right_and_what_is_missing_is_said(case, sales, work_off):
    odd = buyers_forms.workbook(("a", "b", "7.1", "Skörda"), headings=("X", "Y", "Z", "Q"))
    where = handed_in(sales, case, work_off, odd)
    nothing = review(sales, where)
    assert nothing.status_code == 422
    assert "Välj i vilken kolumn texten står" in nothing.text
    listed = handed_in(sales, case, work_off, buyers_forms.workbook(), ticket="t2")
    assert "går det bara att välja JA, NEJ" in review(sales, listed, yes="Uppfylls").text
    assert review(sales, where, k2="ref", k3="text", k1="ref").status_code == 422
    take_in(sales, where, header="3", k2="ref", k3="text", kind="contract")
    assert requirements(case)["7.1"].kind is Kind.CONTRACT
    assert sales.get(f"{where}/tabell/0/granska?header=hej&takes=ingenting").status_code == 422
    assert sales.get(f"{where}/tabell/7").status_code == 404


def test_a_long_list_is_leafed_through(case, sales, work_off):
    many = [(f"9.{n}", f"Krav {n}", "Ska") for n in range(150)]
    take_in(sales, handed_in(sales, case, work_off, buyers_forms.workbook(*many)))
    for tab in ("krav", "svar"):
        assert len(sales.page(f"{case.where}/{tab}").cssselect("tbody tr[id^=krav]")) == 50
        assert len(sales.page(f"{case.where}/{tab}?sida=4").cssselect("tbody tr[id^=krav]")) == 1
    last = requirements(case)["9.149"].id
    changed = sales.fill(f"{case.where}/krav/{last}", {"text": "Rättat"})
    assert changed.headers["Location"] == f"{case.where}/krav?sida=4#krav-{last}"


def test_what_has_changed_since_it_was_shown_is_not_taken_in(case, sales, work_off, clock):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    page = document(review(sales, where))
    form = page.cssselect("main form[method=post]")[0]
    first = sales.post(form.get("action"), data=dict(form.form_values()))
    again = sales.post(form.get("action"), data=dict(form.form_values()))
    assert first.headers["Location"] == where
    assert "/granska" in again.headers["Location"]
    assert "har ändrats sedan du tittade" in text(sales.page(again.headers["Location"]))
    assert len(requirements(case)) == 4


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(case, sales, monkeypatch):
    monkeypatch.setattr(door, "LARGEST", 1000)
    answer = upload(sales, case, b"PK" + b"\0" * 1000)
    assert answer.status_code == 422
    assert "större än 20 MB" in answer.text
    assert db.session.scalar(select(func.count()).select_from(BuyerForm)) == 0


def test_a_file_that_is_no_form_says_so_and_is_kept_as_it_was(case, sales, work_off):
    where = handed_in(sales, case, work_off, b"Nr;Krav\n1;F-skatt", "krav.xlsx")
    assert "Filen är en textfil (csv)" in text(sales.page(where))
    assert sales.get(f"{where}/fil").data == b"Nr;Krav\n1;F-skatt"
    for path in ("/tabell/0", "/tabell/0/granska", "/svar"):
        assert sales.get(where + path).status_code == 404


def test_a_double_click_makes_one_form(case, sales):
    one, two = (upload(sales, case, buyers_forms.workbook()) for _ in range(2))
    assert one.headers["Location"] == two.headers["Location"]
    assert db.session.scalar(select(func.count()).select_from(BuyerForm)) == 1


def test_only_sales_may_and_another_tenders_form_is_not_there(case, sales, visit, work_off, clock):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    number = where.rsplit("/", 1)[1]
    other = actions.register(actions.TenderFacts(title="Annan", buyer_name="K"), by=case.sam, now=clock.now)
    save()
    elsewhere = f"/personal/upphandlingar/{other.id}/formular/{number}"
    for path in ("", "/fil", "/lage", "/svar", "/tabell/0", "/tabell/0/granska"):
        assert sales.get(elsewhere + path).status_code == 404, path
    assert visit().get(where).status_code == 302


def test_a_form_that_was_a_mistake_is_removed_and_the_rest_stays(case, sales, work_off):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    take_in(sales, where)
    sales.post(f"{where}/ta-bort")
    assert sales.get(where).status_code == 404
    assert len(requirements(case)) == 4
    assert db.session.scalar(select(func.count()).select_from(FormPlace)) == 0


def test_a_bid_that_is_handed_in_takes_no_form(case, sales, work_off):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    case.tender.state = "submitted"
    save()
    assert upload(sales, case, buyers_forms.workbook(), ticket="t9").status_code == 422
    assert "/granska" in take_in(sales, where).headers["Location"]
    assert len(requirements(case)) == 1


def test_statements_do_not_grow_with_the_form(case, sales, work_off, queries):
    def cost(path: str) -> int:
        with queries() as seen:
            assert sales.get(path).status_code == 200
        return len(seen)

    few = handed_in(sales, case, work_off, buyers_forms.workbook())
    many = [(f"9.{n}", f"Krav {n}", "Ska") for n in range(300)]
    more = handed_in(sales, case, work_off, buyers_forms.workbook(*many), "många.xlsx", "t2")
    paths = (
        "",
        "/tabell/0",
        "/tabell/0/granska?header=3&takes=requirements&k0=ref&k1=text&kind=must&yes=Ja&no=Nej&lot=0&replaces=0",
    )
    cost(few)
    small = [cost(few + path) for path in paths]
    assert [cost(more + path) for path in paths] == small
    assert max(small) <= 15
    take_in(sales, few)
    take_in(sales, more)
    for path in (f"{case.where}/formular", f"{more}/svar", f"{more}/svar/fil"):
        assert cost(path) <= 15, path
