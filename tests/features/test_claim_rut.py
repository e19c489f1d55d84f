"""Finance asks the tax agency for what was taken off, writes down what it says, and forgets whom it was for."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta

import pytest
from lxml import etree
from sqlalchemy import select

from app import claimflow, sealed
from app.audit import AuditEvent
from app.db import db
from app.household import actions
from app.household.models import PartState, ReliefClaim, ReliefDeduction, ReliefPart, ReliefPerson
from app.invoicing.actions import values_of
from app.invoicing.archive import LIST, Export
from app.invoicing.einvoice.findings import Rulebook, fatal
from app.invoicing.einvoice.inspecting import check
from app.invoicing.models import InvoiceRecord
from app.invoicing.queries import invoices_of
from app.invoicing.ubl import to_archive
from app.money import Money
from tests import make
from tests.features.relief_case import FIA, OTHER, deliver, fill, furnish, the_order, wish
from tests.furnished import furnished
from tests.people import text, together
from tests.tax_persons import TOLVAN

PAGE = "/personal/rut-rot"
PAID = "2026-11-23"
pytestmark = pytest.mark.both


@furnished
def town(app):
    return furnish()


@pytest.fixture
def guest(visit):
    """Ingrid's browser, which keeps the right to see her order."""
    return visit(None)


@pytest.fixture
def ordered(town, guest):
    """Two persons who share a cleaning and a washing, delivered and invoiced."""
    fill(guest, town, cleaning="4", washing="2")
    asked = wish(town, "cleaning", "washing", other_person=OTHER, other_share="50")
    assert guest.fill("/kassa", asked).status_code == 303
    deliver(the_order())
    return the(ReliefDeduction)


def the(kind):
    db.session.expire_all()
    return db.session.scalars(select(kind)).one()


def parts():
    db.session.expire_all()
    return db.session.scalars(select(ReliefPart).order_by(ReliefPart.id)).all()


def pay(fia, deduction, **changed):
    values = {"paid_on": PAID, "electronic": "y", **changed}
    return fia.fill(f"{PAGE}/avdrag/{deduction.id}", values)


def claim(fia) -> ReliefClaim:
    answer = fia.fill(PAGE, {}, form=f"form[action='{PAGE}/fil']")
    assert answer.status_code == 303, answer.text
    return the(ReliefClaim)


def test_what_is_paid_is_asked_for_and_decided(ordered, visit):
    fia = visit(FIA)
    assert "Inget här" in text(fia.page(PAGE)), "nothing is asked for before the customer has paid"
    assert ordered.invoice_name in text(fia.page(f"{PAGE}?hog=obetalda"))
    assert pay(fia, ordered).status_code == 303
    page = text(fia.page(PAGE))
    assert "RUT 2026" in page
    assert "Det gäller 2 avdrag. Sista dagen att begära är" in page
    assert "städning: 4" in page
    found = claim(fia)
    file = fia.post(f"{PAGE}/fil/{found.id}/hamta")
    assert hashlib.sha256(file.data).hexdigest() == found.sha256
    assert file.headers["Cache-Control"] == "private, no-store"
    root = etree.fromstring(file.data)
    buyers = [element.text for element in root.iter("{*}Kopare")]
    assert buyers == [TOLVAN, OTHER]
    asked = sum(int(element.text) for element in root.iter("{*}BegartBelopp"))
    assert Money.kronor(asked) == ordered.amount
    assert [element.text for element in root.iter("{*}AntalTimmar")] == ["2", "2"]
    first, second = parts()
    assert (first.state, second.state) == (PartState.ASKED, PartState.ASKED)
    for part, approved in ((first, str(first.amount.ore // 100)), (second, "100")):
        answer = fia.fill(f"{PAGE}/del/{part.id}", {"approved": approved, "decided_on": PAID})
        assert answer.status_code == 303, answer.text
    first, second = parts()
    assert (first.state, second.state, second.approved) == (PartState.APPROVED, PartState.PARTLY, Money.kronor(100))


def test_pages_say_begard_of_what_the_agency_is_asked(ordered, visit):
    fia = visit(FIA)
    pay(fia, ordered)
    found = claim(fia)
    first, _second = parts()
    pages = {path: text(fia.page(f"{PAGE}{path}"))
             for path in ("", f"/fil/{found.id}", f"/del/{first.id}", f"/avdrag/{ordered.id}")}  # fmt: skip
    assert "Att begära" in pages[""]
    assert "Begärda" in pages[""]
    assert "Begärt belopp" in pages[f"/fil/{found.id}"]
    assert "Begärt belopp" in pages[f"/del/{first.id}"]
    assert "Begärd" in pages[f"/avdrag/{ordered.id}"]
    assert not [path for path, words in pages.items() if "Efterfrågad" in words or "efterfrågas" in words]


def test_who_fetches_the_file_is_written_down_for_each_person(ordered, visit):
    fia = visit(FIA)
    pay(fia, ordered)
    found = claim(fia)
    fia.post(f"{PAGE}/fil/{found.id}/hamta")
    read = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "personal number read")).all()
    people = {person.id for person in db.session.scalars(select(ReliefPerson))}
    assert {event.subject_id for event in read} == people
    assert {event.by_name for event in read} == {"Fia Exempel"}
    assert not any(TOLVAN in str(event.details) for event in read)
    for path in (PAGE, f"{PAGE}?hog=filer", f"{PAGE}/fil/{found.id}", f"{PAGE}/avdrag/{ordered.id}"):
        shown = fia.get(path).text
        assert TOLVAN not in shown
        assert "121212-1212" not in shown


def test_only_finance_comes_in(ordered, visit):
    make.make_sam()
    assert visit("sam@samklang.example").get(PAGE).status_code == 403
    assert visit(None).get(PAGE).status_code == 302
    assert visit(FIA).get(f"{PAGE}/avdrag/{ordered.id + 9}").status_code == 404
    assert visit(FIA).get(f"{PAGE}/fil/99").status_code == 404
    assert visit(FIA).get(f"{PAGE}?hog=annat").status_code == 404
    assert visit(FIA).post(f"{PAGE}/fil", data={"relief": "rut", "year": "9" * 30}).status_code in {404, 409}


@pytest.mark.parametrize(
    "changed",
    [{"paid_on": "2026-11-22"}, {"paid_on": "2027-01-01"}, {"paid_on": ""}, {"electronic": []},
     {"hours_cleaning": "1000"}, {"hours_cleaning": "9" * 400}],
)  # fmt: skip
def test_a_payment_that_gives_no_deduction_is_refused(ordered, visit, changed):
    fia = visit(FIA)
    assert pay(fia, ordered, **changed).status_code == 422
    assert the(ReliefDeduction).paid_on is None


def test_nobody_overwrites_a_payment_unseen(ordered, visit, clock):
    clock.move(days=2)
    fia, path = visit(FIA), f"{PAGE}/avdrag/{ordered.id}"
    seen = fia.page(path).cssselect("[name=seen]")[0].get("value")
    assert pay(fia, ordered, paid_on="2026-11-24").status_code == 303
    late = fia.post(path, data={"paid_on": "2026-11-25", "electronic": "y", "hours_cleaning": "4", "seen": seen})
    assert late.status_code == 422
    assert the(ReliefDeduction).paid_on == date(2026, 11, 24)


def test_two_who_make_the_file_at_once_ask_once(ordered, visit):
    make.make_sam(make.RoleName.FINANCE, email="finn@samklang.example")
    fia, finn = visit(FIA), visit("finn@samklang.example")
    pay(fia, ordered)
    pages = [browser.page(PAGE) for browser in (fia, finn)]
    assert all(page.cssselect(f"form[action='{PAGE}/fil']") for page in pages)
    answers = together(*(lambda one=one: one.post(f"{PAGE}/fil", data={"relief": "rut", "year": "2026"})
                         for one in (fia, finn)))  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(the(ReliefClaim).parts) == 2


def test_hours_are_needed_where_the_price_was_fixed(town, visit):
    cleaning = db.session.get_one(make.Article, town["cleaning"])
    cleaning.unit = "C62"
    guest, fia = visit(None), visit(FIA)
    fill(guest, town, cleaning="2")
    guest.fill("/kassa", wish(town, "cleaning"))
    deliver(the_order())
    deduction = the(ReliefDeduction)
    pay(fia, deduction)
    refused = fia.post(f"{PAGE}/fil", data={"relief": "rut", "year": "2026"})
    assert refused.status_code == 409
    assert "timmarna för städning saknas" in refused.text
    assert parts()[0].state == PartState.OPEN
    assert pay(fia, deduction, hours_cleaning="5").status_code == 303
    claim(fia)
    assert parts()[0].state == PartState.ASKED


def test_a_decision_stands_and_cannot_be_more_than_was_asked_for(ordered, visit):
    fia = visit(FIA)
    pay(fia, ordered)
    claim(fia)
    part, path = parts()[0], f"{PAGE}/del/{parts()[0].id}"
    for wrong in ({"approved": "999999"}, {"approved": "-1"}, {"approved": "10,50"}, {"decided_on": "2026-11-22"}):
        assert fia.fill(path, {"approved": "1", "decided_on": PAID, **wrong}).status_code == 422, wrong
    assert fia.fill(path, {"approved": "0", "decided_on": PAID}).status_code == 303
    assert parts()[0].state == PartState.REFUSED
    again = fia.post(path, data={"approved": "5", "decided_on": PAID, "seen": ""})
    assert again.status_code == 422
    assert (parts()[0].approved, part.id) == (Money(0), parts()[0].id)


def test_the_order_page_tells_what_was_taken_off_and_what_came_of_it(ordered, visit, guest):
    """First what stands on the invoice, then what was decided, and the invoice for what was not approved."""
    fia, where = visit(FIA), f"/bestallningar/{the_order().number}"
    first = text(guest.page(where)).replace("\xa0", " ")
    taken = f"På faktura {ordered.invoice_name} är {ordered.amount} avdraget".replace("\xa0", " ")
    assert taken in first
    assert "Som beställningen ser ut nu" not in first
    pay(fia, ordered)
    claim(fia)
    for part, approved in zip(parts(), ("100", str(parts()[1].amount.ore // 100)), strict=True):
        fia.fill(f"{PAGE}/del/{part.id}", {"approved": approved, "decided_on": PAID})
    fia.post(f"{PAGE}/del/{parts()[0].id}/faktura")
    left, approved = parts()[0].left, parts()[0].approved + parts()[1].approved
    page = guest.page(where)
    words = text(page).replace("\xa0", " ")
    decided = f"Skatteverket har godkänt {approved}. Du har fått en egen faktura på resten, {left}."
    assert decided.replace("\xa0", " ") in words
    assert [one.name for one in invoices_of(the_order())] == [ordered.invoice_name, f"{int(ordered.invoice_name) + 1}"]


def test_what_the_agency_refuses_the_customer_gets_an_invoice_for_once(ordered, visit, outbox):
    fia = visit(FIA)
    pay(fia, ordered)
    claim(fia)
    part = parts()[0]
    fia.fill(f"{PAGE}/del/{part.id}", {"approved": "100", "decided_on": PAID})
    for _press in range(2):
        fia.post(f"{PAGE}/del/{part.id}/faktura")
    first, extra = db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id)).all()
    values = values_of(extra)
    assert (extra.net, extra.gross) == (Money(0), Money(0)), "nothing is sold anew, and the books stay as they were"
    assert values.payable == part.amount - Money.kronor(100)
    assert f"faktura {first.name}" in values.why
    assert (extra.number, values.ocr != values_of(first).ocr) == (first.number + 1, True)
    assert "Kunden har fått en faktura på resten" in text(fia.page(f"{PAGE}/del/{part.id}"))
    assert len(outbox.to("ingrid@exempel.example")) >= 2


def test_the_money_page_says_what_the_agency_pays(ordered, visit):
    fia = visit(FIA)

    def row() -> list[str]:
        page = fia.page(f"/personal/bestallningar/{the_order().number}/pengarna")
        (table,) = (one for one in page.cssselect("table") if "Skatteverket" in text(one.cssselect("caption")[0]))
        return [one.text_content().strip() for one in table.cssselect("tbody td")]

    none, whole = str(Money(0)), str(ordered.amount)
    assert row() == ["RUT", whole, none, whole, none]
    pay(fia, ordered)
    claim(fia)
    part = parts()[0]
    fia.fill(f"{PAGE}/del/{part.id}", {"approved": "100", "decided_on": PAID})
    approved, rest = Money.kronor(100), parts()[0].amount - Money.kronor(100)
    assert row() == ["RUT", whole, str(approved), str(parts()[1].amount), str(rest)]


def test_the_invoice_for_the_rest_is_a_claim_wherever_it_is_read(ordered, visit, tmp_path):
    """It sells nothing anew: in lists, in the archive and in XML by the rules it still says what is to be paid."""
    fia = visit(FIA)
    pay(fia, ordered)
    claim(fia)
    part = parts()[0]
    fia.fill(f"{PAGE}/del/{part.id}", {"approved": "100", "decided_on": PAID})
    fia.post(f"{PAGE}/del/{part.id}/faktura")
    extra = db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id.desc())).first()
    rest, values = part.amount - Money.kronor(100), values_of(extra)
    xml = to_archive(values)
    assert fatal(check(xml, Rulebook.EUROPEAN)) == []
    root = etree.fromstring(xml)
    assert root.xpath("string(//*[local-name()='PayableAmount'])") == str(rest.in_kronor())
    assert "godkändes inte och är kvar att betala" in root.xpath("string(/*/*[local-name()='Note'])")
    listed = fia.page("/personal/fakturor").cssselect("tbody tr")[0]
    assert str(rest) in listed.cssselect("td.number")[0].text_content()
    Export(tmp_path / "arkiv").run()
    with (tmp_path / "arkiv" / LIST).open(encoding="utf-8-sig", newline="") as written:
        rows = [row for row in csv.DictReader(written, delimiter=";") if row["Nummer"] == extra.name]
    assert {row["Att betala"] for row in rows} == {str(rest.in_kronor()).replace(".", ",")}
    assert {row["Anmärkningar"] for row in rows} == {""}


def test_a_deduction_that_is_not_to_be_asked_for(ordered, visit):
    fia = visit(FIA)
    assert fia.post(f"{PAGE}/avdrag/{ordered.id}/avsta").status_code == 303
    assert {part.state for part in parts()} == {PartState.WITHDRAWN}
    assert fia.post(f"{PAGE}/avdrag/{ordered.id}/avsta").status_code == 409


# Forgetting


def test_a_number_goes_away_a_year_after_the_decision(ordered, visit, clock, work_off):
    fia = visit(FIA)
    pay(fia, ordered)
    claim(fia)
    for part in parts():
        fia.fill(f"{PAGE}/del/{part.id}", {"approved": str(part.amount.ore // 100), "decided_on": PAID})
    clock.move(days=300)
    assert claimflow.to_forget(clock.now) == []
    clock.move(days=90)
    gone = claimflow.to_forget(clock.now)
    assert len(gone) == 2
    for person_id in gone * 2:
        claimflow.forget(person_id)
    db.session.commit()
    assert {(one.sealed, one.mark, one.last) for one in db.session.scalars(select(ReliefPerson))} == {(None, None, "")}
    page = text(fia.page(f"{PAGE}/fil/{the(ReliefClaim).id}"))
    assert "1212" not in page.replace(OTHER, "")
    assert fia.post(f"{PAGE}/fil/{the(ReliefClaim).id}/hamta").status_code == 409


def test_a_number_goes_away_when_the_person_asks_but_not_before_the_decision(ordered, visit):
    fia = visit(FIA)
    person = db.session.scalars(select(ReliefPerson).order_by(ReliefPerson.id)).first()
    assert fia.post(f"{PAGE}/person/{person.id}/glom").status_code == 409
    fia.post(f"{PAGE}/avdrag/{ordered.id}/avsta")
    assert fia.post(f"{PAGE}/person/{person.id}/glom").status_code == 303
    db.session.expire_all()
    assert (person.sealed, person.last) == (None, "")
    assert fia.post(f"{PAGE}/person/{person.id}/glom").status_code == 409


def test_an_order_that_gave_nothing_keeps_no_number(town, visit, clock):
    guest = visit(None)
    fill(guest, town, cleaning="2")
    guest.fill("/kassa", wish(town, "cleaning"))
    order = the_order()
    assert claimflow.to_forget(clock.now + timedelta(days=400)) == [], "the order still runs"
    for assignment in order.assignments:
        for line in assignment.lines:
            line.quantity = 0
    order.state = "called_off"
    db.session.commit()
    assert claimflow.to_forget(clock.now + timedelta(days=10)) == []
    assert len(claimflow.to_forget(clock.now + timedelta(days=91))) == 1


# Keys


def test_a_new_key_takes_over_without_anything_being_lost(ordered, app):
    old = app.config["PERSONAL_DATA_KEYS"]
    person = db.session.scalars(select(ReliefPerson).order_by(ReliefPerson.id)).first()
    before = person.sealed
    app.config["PERSONAL_DATA_KEYS"] = ("n" * 40, *old)
    assert sealed.unseal(before) == TOLVAN
    assert person.mark in sealed.marks(TOLVAN), "the year's deductions are still known as the same person's"
    assert actions.reseal_all() == 2
    app.config["PERSONAL_DATA_KEYS"] = ("n" * 40,)
    assert sealed.unseal(person.sealed) == TOLVAN
    assert person.mark == sealed.marks(TOLVAN)[0]
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(before)
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(person.sealed[:-4] + "AAAA")


# By the end of January


def test_the_house_is_reminded_once_before_the_last_day(ordered, visit, clock, outbox):
    fia = visit(FIA)
    pay(fia, ordered)
    house = "post@samklang.example"
    for day in (date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 15)):
        clock.set(clock.now + (day - clock.now.date()))
        claimflow.remind(clock.now)
        db.session.commit()
    subjects = outbox.subjects_to(house)
    assert subjects == ["Begär rut och rot av Skatteverket senast den 31 januari"]
    (letter,) = outbox.to(house)
    assert "2027-01-31" in letter.body
    assert "1212" not in letter.body
    clock.set(clock.now + timedelta(days=30))
    assert "Sista dagen var" in text(fia.page(PAGE))
