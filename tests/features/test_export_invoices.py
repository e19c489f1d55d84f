"""A period's invoices as files, for the archive and for auditors: all there, each what it was, and again the same."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import files, moneyflow, orderflow
from app.accounts.models import User
from app.db import db
from app.invoicing import queries
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import Rulebook
from app.invoicing.models import InvoiceRecord
from app.members.queries import sales_company
from tests import make, order_case
from tests.features import relief_case
from tests.furnished import furnished
from tests.people import save
from tests.tax_persons import TOLVAN

LIST = "forteckning.csv"


@furnished
def sold(app) -> None:
    """Three invoices, two of November and one of December; only the first is printed."""
    fruit = order_case.furnish()
    sales_company().vat_number = "SE769999000301"
    for number in (1, 2, 3):
        made = order_case.order({fruit.id: Decimal(number)})
        for step in (orderflow.accept, orderflow.deliver):
            _do(step, made)
    db.session.commit()


def _do(step: Callable, order) -> None:
    assignment, by, now = order.assignments[0], make.make_user(), house_clock.now()
    if step is orderflow.accept:
        orderflow.accept(assignment, {}, by=by, now=now)
    else:
        orderflow.deliver(assignment, by=by, now=now)
    db.session.commit()


@pytest.fixture
def invoices(app, sold) -> list[InvoiceRecord]:
    found = list(db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.number)))
    found[2].issued_at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # In Sweden it is December.
    db.session.commit()
    return found


@pytest.fixture
def export(app, tmp_path) -> Callable:
    def run(*words: str, to: Path = tmp_path / "arkiv"):
        save()
        return app.test_cli_runner().invoke(args=["export-invoices", str(to), *words])

    return run


def listed(folder: Path) -> list[dict[str, str]]:
    with (folder / LIST).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def papers(folder: Path) -> list[dict[str, str]]:
    return [row for row in listed(folder) if row["Format"] == "PDF"]


def all_files(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_everything_is_written_and_listed_with_its_hash(invoices, export, tmp_path):
    done = export()
    assert done.exit_code == 0, done.output
    rows = listed(tmp_path / "arkiv")
    assert [(row["Nummer"], row["Format"], row["Kund"]) for row in rows] == [
        (str(one.number), form, "Nordbyn Teknik AB") for one in invoices for form in ("PDF", "XML")
    ]
    found = all_files(tmp_path / "arkiv")
    assert {row["Fil"]: row["SHA-256"] for row in rows} == {
        name: digest for name, digest in found.items() if name.endswith((".pdf", ".xml"))
    }
    assert [row["Fil"] for row in rows[:2]] == ["2026-11/faktura-10001.pdf", "2026-11/faktura-10001.xml"]
    assert [row["Summa"] for row in rows if row["Format"] == "PDF"] == [
        format(one.gross.in_kronor(), "f").replace(".", ",") for one in invoices
    ]
    assert "3 fakturor och kreditfakturor" in done.output


def test_what_no_worker_has_printed_yet_is_printed_and_kept(invoices, export, tmp_path):
    assert [one.file_id for one in invoices] == [None, None, None]
    assert export().exit_code == 0
    db.session.expire_all()
    kept = [one.file.sha256 for one in db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.number))]
    assert [row["SHA-256"] for row in papers(tmp_path / "arkiv")] == kept


@pytest.mark.both
@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ([], ["10001", "10002", "10003"]),
        (["--to", "2026-11-30"], ["10001", "10002"]),
        (["--from", "2026-12-01"], ["10003"]),
        (["--from", "2026-12-02"], []),
        (["--from", "2026-11-23", "--to", "2026-12-01"], ["10001", "10002", "10003"]),
    ],
)
def test_a_day_is_a_swedish_day(invoices, export, tmp_path, words, numbers):
    assert export(*words).exit_code == 0
    assert [row["Nummer"] for row in papers(tmp_path / "arkiv")] == numbers


def test_few_are_held_at_a_time_and_none_is_left_out(invoices, export, tmp_path, monkeypatch):
    monkeypatch.setattr(queries, "AT_A_TIME", 2)
    assert export().exit_code == 0
    assert [row["Nummer"] for row in papers(tmp_path / "arkiv")] == ["10001", "10002", "10003"]


def test_again_gives_the_same_and_writes_nothing(invoices, export, tmp_path):
    assert export().exit_code == 0
    before = all_files(tmp_path / "arkiv")
    again = export()
    assert "0 filer skrevs" in again.output
    assert all_files(tmp_path / "arkiv") == before
    other = tmp_path / "annan"
    assert export(to=other).exit_code == 0
    assert all_files(other) == before


def test_a_run_that_was_broken_off_goes_on_and_mends_what_it_left(invoices, export, tmp_path):
    folder = tmp_path / "arkiv"
    assert export().exit_code == 0
    before = all_files(folder)
    (folder / "2026-11/faktura-10001.pdf").write_bytes(b"halv")
    (folder / "2026-11/faktura-10002.pdf").unlink()
    (folder / "2026-11/faktura-10002.xml").write_bytes(b"<Invoice/>")
    (folder / LIST).unlink()
    (folder / ".utkast-4711").write_bytes(b"x")
    assert "3 filer skrevs" in export().output
    assert all_files(folder) == before


def test_the_mark_says_what_it_comes_to(invoices, export, tmp_path):
    export("--from", "2026-11-01")
    said = json.loads((tmp_path / "arkiv/export.json").read_text(encoding="utf-8"))
    assert (said["from"], said["to"], said["documents"], said["faults"]) == ("2026-11-01", None, 3, 0)
    assert Decimal(said["sum"]) == sum((one.gross.in_kronor() for one in invoices), Decimal(0))
    assert said["sha256"] == hashlib.sha256((tmp_path / "arkiv" / LIST).read_bytes()).hexdigest()


def test_a_lost_and_a_damaged_file_are_named_and_the_rest_is_written(invoices, export, tmp_path, app):
    assert export(to=tmp_path / "forst").exit_code == 0
    first, second, _third = (row["SHA-256"] for row in papers(tmp_path / "forst"))
    (files.folder() / first[:2] / first).unlink()
    (files.folder() / second[:2] / second).write_bytes(b"%PDF-1.7 en annan")
    done = export()
    assert done.exit_code == 1
    assert "faktura-10001.pdf: filen finns inte kvar" in done.output
    assert "faktura-10002.pdf: filen på disken är inte den som sparades" in done.output
    assert "2 filer saknas eller är skadade." in done.output
    assert [row["Nummer"] for row in papers(tmp_path / "arkiv")] == ["10003"]
    assert sorted(name for name in all_files(tmp_path / "arkiv") if name.endswith(".pdf")) == [
        "2026-11/faktura-10003.pdf"
    ]


def test_the_e_invoice_lies_there_as_it_was_made_to_be_sent(invoices, export, tmp_path):
    now = house_clock.now()
    invoices[0].xml = files.save(b"<Invoice/>", name="10001.xml", media_type="application/xml", now=now)
    assert export("--to", "2026-11-30").exit_code == 0
    rows = {row["Fil"]: row["Kontrollerad enligt"] for row in listed(tmp_path / "arkiv")}
    assert rows == {
        "2026-11/faktura-10001.pdf": "", "2026-11/faktura-10001.xml": "Peppol BIS Billing 3",
        "2026-11/faktura-10002.pdf": "", "2026-11/faktura-10002.xml": "EN 16931",
    }  # fmt: skip
    assert (tmp_path / "arkiv/2026-11/faktura-10001.xml").read_bytes() == b"<Invoice/>"


def test_without_an_electronic_address_the_xml_keeps_to_the_european_standard(invoices, export, tmp_path):
    """Peppol needs the buyer's address, and an archive does not: only the network's own rules are broken."""
    assert export().exit_code == 0
    xml = (tmp_path / "arkiv/2026-11/faktura-10001.xml").read_bytes()
    assert check(xml, Rulebook.EUROPEAN) == []
    assert {one.rule for one in check(xml)} == {
        "PEPPOL-EN16931-R001", "PEPPOL-EN16931-R004", "PEPPOL-EN16931-R010",
    }  # fmt: skip
    assert {row["Anmärkningar"] for row in listed(tmp_path / "arkiv")} == {""}


def test_what_the_rules_say_of_an_old_invoice_stands_in_the_list(invoices, export, tmp_path):
    """It is what was sent, and so it is kept; whoever reads it is told."""
    document = invoices[0].document
    invoices[0].document = {**document, "seller": {**document["seller"], "name": ""}}
    done = export()
    assert done.exit_code == 0
    assert "faktura-10001.xml: BR-06: Säljarens namn saknas på fakturan." in done.output
    told = {row["Fil"]: row["Anmärkningar"] for row in listed(tmp_path / "arkiv") if row["Anmärkningar"]}
    assert list(told) == ["2026-11/faktura-10001.xml"]
    assert "BR-06" in told["2026-11/faktura-10001.xml"]


def test_a_credit_note_is_there_too_and_is_taken_off_the_sum(invoices, export, tmp_path):
    by = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    note = moneyflow.credit_whole(invoices[1], "Allt var skadat.", by=by, now=house_clock.now())
    db.session.commit()
    assert export("--to", "2026-11-30").exit_code == 0
    *_first, second, last = papers(tmp_path / "arkiv")
    assert (last["Fil"], last["Slag"], last["Krediterar"]) == (
        "2026-11/kreditfaktura-10004.pdf", "Kreditfaktura", "10002",
    )  # fmt: skip
    assert last["Summa"] == f"-{second['Summa']}"
    said = json.loads((tmp_path / "arkiv/export.json").read_text(encoding="utf-8"))
    assert Decimal(said["sum"]) == invoices[0].gross.in_kronor()
    assert note.gross == invoices[1].gross


@furnished
def cleaned(app) -> dict[str, int]:
    return relief_case.furnish()


def test_a_private_customers_invoice_has_its_xml_and_never_a_whole_personal_number(app, cleaned, visit, tmp_path):
    guest = visit(None)
    relief_case.fill(guest, cleaned, cleaning="4")
    assert guest.fill("/kassa", relief_case.wish(cleaned, "cleaning")).status_code == 303
    relief_case.deliver(relief_case.the_order())
    folder = tmp_path / "arkiv"
    done = app.test_cli_runner().invoke(args=["export-invoices", str(folder)])
    assert (done.exit_code, "2 filer skrevs" in done.output) == (0, True), done.output
    (xml,) = (file.read_bytes() for file in folder.rglob("*.xml"))
    assert check(xml, Rulebook.EUROPEAN) == []
    assert b"RUT-avdrag" in xml
    (pdf,) = folder.rglob("*.pdf")
    paper = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout
    everything = b"".join((paper, *(file.read_bytes() for file in folder.rglob("*") if file.is_file())))
    assert TOLVAN[-4:].encode() in paper
    for written in (TOLVAN, TOLVAN[2:], f"{TOLVAN[:8]}-{TOLVAN[8:]}", f"{TOLVAN[2:8]}-{TOLVAN[8:]}"):
        assert written.encode() not in everything


@pytest.mark.parametrize("left", ["anteckningar.txt", "export.json", "2025-01/faktura.pdf"])
def test_somebody_elses_folder_is_left_alone(invoices, export, tmp_path, left):
    file = tmp_path / "arkiv" / left
    file.parent.mkdir(parents=True)
    file.write_text("{}", encoding="utf-8")
    done = export()
    assert done.exit_code == 1
    assert "ingen fakturaexport" in done.output
    assert list(all_files(tmp_path / "arkiv")) == [left]


def test_another_period_does_not_go_into_the_same_folder(invoices, export, tmp_path):
    assert export("--to", "2026-11-30").exit_code == 0
    before = all_files(tmp_path / "arkiv")
    done = export()
    assert done.exit_code == 1
    assert "en annan period" in done.output
    assert all_files(tmp_path / "arkiv") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "igår"], "igår är inget datum"),
        (["--to", "2026-02-30"], "2026-02-30 är inget datum"),
        (["--to", "20261201"], "20261201 är inget datum"),
        (["--from", "2026-12-02", "--to", "2026-12-01"], "slutar (2026-12-01) innan den börjar (2026-12-02)"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(app, export, tmp_path, words, said):
    done = export(*words)
    assert done.exit_code != 0
    assert said in done.output
    assert not (tmp_path / "arkiv").exists()


def test_a_folder_that_cannot_be_written_is_said_in_words(app, export, tmp_path):
    (tmp_path / "fil").write_text("x", encoding="utf-8")
    done = export(to=tmp_path / "fil" / "arkiv")
    assert done.exit_code == 1
    assert "är ingen mapp. Välj en annan plats." in done.output
