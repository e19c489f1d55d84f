"""Staff take requirements and price rows out of the buyer's own form, point out its columns and look through it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.db import db
from app.tenders import actions
from app.tenders.actions import NewLot
from app.tenders.forms import door
from app.tenders.forms.models import BuyerForm, FormPlace
from app.tenders.models import BidAnswer, RowPrice, TenderPriceRow, TenderRequirement
from bids.kinds import RequirementKind as Kind
from bids.kinds import RequirementStage as Stage
from tests import buyers_forms
from tests.features.bid_case import Case, gaps
from tests.furnished import furnished
from tests.people import document, save, text

pytestmark = pytest.mark.both


@furnished
def case(app):
    """A tender with one row, one requirement (A1) and a draft bid."""
    made = Case(app_clock.now())
    save()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def upload(browser, case, data: bytes, name: str = "krav.xlsx", ticket: str = "t1"):
    sent = {"file": (BytesIO(data), name), "ticket": ticket}
    return browser.post(f"{case.where}/formular", data=sent, content_type="multipart/form-data")


def handed_in(browser, case, work_off, data: bytes, name: str = "krav.xlsx", ticket: str = "t1") -> str:
    """The form's address, once it has been read."""
    answer = upload(browser, case, data, name, ticket)
    assert answer.status_code == 303, answer.text
    work_off()
    return answer.headers["Location"]


def review(browser, where: str, position: int = 0, **chosen: str):
    """The page that shows what would be taken in, after the columns as they were guessed or chosen."""
    page = browser.page(f"{where}/tabell/{position}")
    form = page.cssselect("main form[method=get]")[0]
    values = dict(form.form_values()) | chosen
    return browser.get(form.get("action"), query_string=values)


def take_in(browser, where: str, position: int = 0, **chosen: str):
    seen = review(browser, where, position, **chosen)
    assert seen.status_code == 200, seen.text
    form = document(seen).cssselect("main form[method=post]")[0]
    return browser.post(form.get("action"), data=dict(form.form_values()))


def requirements(case) -> dict[str, TenderRequirement]:
    db.session.expire_all()
    query = select(TenderRequirement).where(TenderRequirement.tender_id == case.tender.id)
    return {each.ref: each for each in db.session.scalars(query.order_by(TenderRequirement.position))}


def answered(case, ref: str, words: str) -> int:
    """Somebody has answered yes; the requirement's id."""
    requirement_id = requirements(case)[ref].id
    now = app_clock.now()
    db.session.add(BidAnswer(bid_id=case.bid.id, requirement_id=requirement_id, says=True, text=words, saved_at=now))
    save()
    return requirement_id


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


def test_another_form_is_not_taken_for_a_newer_one_of_the_first(case, sales, work_off):
    take_in(sales, handed_in(sales, case, work_off, buyers_forms.workbook()))
    other = buyers_forms.workbook(
        ("7.1", "Anbudsgivaren ska ha en miljöpolicy.", "Ska"), ("7.2", "Och följa den.", "Ska")
    )
    second = handed_in(sales, case, work_off, other, "miljo.xlsx", "t2")
    chosen = sales.page(f"{second}/tabell/0").cssselect("select[name=replaces] option[selected]")[0]
    assert text(chosen) == "Inget: det här är nytt"
    take_in(sales, second)
    found = requirements(case)
    assert {"1.1", "1.2", "7.1", "7.2"} <= found.keys()
    assert not any(one.withdrawn for one in found.values())


def test_a_newer_form_shows_what_changed_and_loses_no_answer(case, sales, work_off, clock):
    first = handed_in(sales, case, work_off, buyers_forms.workbook())
    take_in(sales, first)
    for ref in ("1.1", "1.2"):
        answered(case, ref, f"Vårt svar på {ref}")
    rows = [("1.1.", "Leverantören ska ha F-skatt och moms.", "Ska"), ("1.3", "Nytt krav", "Ska"),
            ("1.10", "Fakturan  skickas som\nPeppol.", "Kontrakt, särskild uppföljning")]  # fmt: skip
    second = handed_in(sales, case, work_off, buyers_forms.workbook(*rows), "krav-v2.xlsx", "t2")
    page = document(review(sales, second))
    assert [text(tab) for tab in page.cssselect("nav.tab-row li")] == ["Nya 1", "Ändrade 1", "Borta 1", "Oförändrade 1"]
    changed = text(document(review(sales, second, visa="changed")))
    assert "Leverantören ska ha F-skatt.Leverantören ska ha F-skatt och moms." in changed
    assert "Är besvarat" in changed
    take_in(sales, second)
    found = requirements(case)
    assert [ref for ref, each in found.items() if not each.withdrawn] == ["A1", "1.1", "1.3", "1.10"]
    assert (found["1.2"].withdrawn, found["1.1"].earlier_text) == (True, "Leverantören ska ha F-skatt.")
    answers = {a.requirement_id: a for a in db.session.scalars(select(BidAnswer))}
    assert answers[found["1.2"].id].text == "Vårt svar på 1.2"
    assert (answers[found["1.1"].id].look_again, answers[found["1.1"].id].text) == (True, "Vårt svar på 1.1")
    assert "Köparen har ändrat 1.1 sedan det besvarades" in gaps(sales, case.where)
    assert "1.2" not in gaps(sales, case.where)
    listed = text(sales.page(f"{case.where}/svar"))
    assert "Ändrat: läs igen" in listed
    assert "Struket av köparen" in listed
    one = f"{case.where}/svar/{found['1.1'].id}"
    assert "Leverantören ska ha F-skatt." in text(sales.page(one))
    sales.fill(one, {"text": "Vi har båda"}, form="form[enctype]")
    db.session.expire_all()
    assert not db.session.scalar(select(BidAnswer).where(BidAnswer.look_again))


def test_what_was_withdrawn_comes_back_with_its_answer(case, sales, work_off, clock):
    for number, rows in enumerate(
        (buyers_forms.REQUIREMENTS, buyers_forms.REQUIREMENTS[:2], buyers_forms.REQUIREMENTS)
    ):
        where = handed_in(sales, case, work_off, buyers_forms.workbook(*rows), f"v{number}.xlsx", f"t{number}")
        take_in(sales, where)
        if not number:
            answered(case, "1.10", "Peppol")
        assert requirements(case)["1.10"].withdrawn is (number == 1)
    assert db.session.scalar(select(BidAnswer.text)) == "Peppol"


def test_a_requirement_that_was_not_withdrawn_after_all_holds_again(case, sales):
    requirement = requirements(case)["A1"]
    requirement.withdrawn = True
    save()
    assert "A1" not in gaps(sales, case.where)
    one = f"{case.where}/krav/{requirement.id}"
    assert "Struket av köparen" in text(sales.page(one))
    sales.post(f"{one}/galler")
    assert not requirements(case)["A1"].withdrawn
    assert "A1" in gaps(sales, case.where)


def test_a_long_list_is_leafed_through(case, sales, work_off):
    many = [(f"9.{n}", f"Krav {n}", "Ska") for n in range(150)]
    take_in(sales, handed_in(sales, case, work_off, buyers_forms.workbook(*many)))
    for tab in ("krav", "svar"):
        assert len(sales.page(f"{case.where}/{tab}").cssselect("tbody tr[id^=krav]")) == 50
        assert len(sales.page(f"{case.where}/{tab}?sida=4").cssselect("tbody tr[id^=krav]")) == 1
    last = requirements(case)["9.149"].id
    changed = sales.fill(f"{case.where}/krav/{last}", {"text": "Rättat"})
    assert changed.headers["Location"] == f"{case.where}/krav?sida=4#krav-{last}"


def test_whoever_writes_while_the_form_changes_is_told(case, sales, work_off, clock):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    take_in(sales, where)
    one = f"{case.where}/svar/{answered(case, '1.1', 'Först')}"
    form = dict(sales.page(one).cssselect("form[enctype]")[0].form_values())
    newer = buyers_forms.workbook(("1.1", "Något helt annat", "Ska"))
    take_in(sales, handed_in(sales, case, work_off, newer, "v2.xlsx", "t2"))
    late = sales.post(one, data={**form, "text": "Sent"})
    assert late.status_code == 409
    assert "Köparen har ändrat kravet medan du skrev" in late.text
    assert "Sent" in late.text


def test_a_price_row_that_somebody_has_priced_is_not_removed(case, sales, work_off, clock):
    rows = [("2.1", "Päron", 10, "kg"), ("2.2", "Äpple", 20, "kg"), ("2.3", "Banan", 30, "kg")]
    take_in(sales, handed_in(sales, case, work_off, buyers_forms.price_book(*rows)))
    priced = db.session.scalars(select(TenderPriceRow).where(TenderPriceRow.ref == "2.2")).one()
    db.session.add(RowPrice(bid_id=case.bid.id, row_id=priced.id, margin_percent=Decimal(5)))
    save()
    newer = buyers_forms.price_book(("2.1", "Päron", 15, "kg"))
    take_in(sales, handed_in(sales, case, work_off, newer, "v2.xlsx", "t2"))
    db.session.expire_all()
    left = {row.ref: row.quantity for row in db.session.scalars(select(TenderPriceRow)) if row.lot_id is None}
    assert left == {"2.1": Decimal(15), "2.2": Decimal(20)}


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
