"""Files go with an order's invoice: a time sheet is laid with the order, and the customer gets it in the letter."""

from __future__ import annotations

import csv
from decimal import Decimal
from email import policy
from email.parser import BytesParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from app import clock as house_clock
from app import files, mail, orderflow
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.invoicing.actions import values_of
from app.invoicing.attaching.checking import LARGEST, checked
from app.invoicing.attaching.models import OrderAttachment
from app.invoicing.models import InvoiceRecord
from app.mail import Letter
from app.orders.models import Order
from tests import make, order_case, photos
from tests.core.bid_files import paper
from tests.furnished import furnished
from tests.people import document, text, together

HERE = "/personal/bestallningar/1001/bilagor"
SAM = "sam@samklang.example"


def book(*sheets: str, **parts: bytes) -> bytes:
    made, out = Workbook(), BytesIO()
    made.active.title = "Tid"
    for name in sheets:
        made.create_sheet(name)["A1"] = 7
    made.save(out)
    with ZipFile(out, "a") as parcel:
        for name, data in parts.items():
            parcel.writestr(f"xl/{name}.bin", data)
    return out.getvalue()


@furnished
def accepted(app) -> None:
    """Nordbyn has ordered two baskets and Ljungbacken has said yes."""
    fruit = order_case.furnish()
    made = order_case.order({fruit.id: Decimal(2)})
    orderflow.accept(made.assignments[0], {}, by=make.make_user(), now=house_clock.now())


@pytest.fixture
def sam(accepted, visit):
    return visit(SAM)


def add(browser, data: bytes, name: str = "tidrapport.pdf", about: str = "Timmar i november"):
    return browser.post(HERE, data={"file": (BytesIO(data), name), "about": about}, content_type="multipart/form-data")


def attached() -> list[OrderAttachment]:
    db.session.expire_all()
    return list(db.session.scalars(select(OrderAttachment).order_by(OrderAttachment.id)))


def deliver() -> InvoiceRecord:
    order = db.session.scalars(select(Order)).one()
    orderflow.deliver(order.assignments[0], by=make.make_user(), now=house_clock.now())
    db.session.commit()
    return db.session.scalars(select(InvoiceRecord)).one()


def test_a_time_sheet_goes_with_the_invoice_and_into_its_letter(sam, work_off):
    sheet = paper("Tidrapport", "Måndag 4 timmar.")
    assert add(sam, sheet).status_code == 303
    assert "Väntar på fakturan" in text(sam.page(HERE))
    record = deliver()
    (one,) = values_of(record).attachments
    assert (one.name, one.media_type, one.about) == ("tidrapport.pdf", "application/pdf", "Timmar i november")
    work_off()
    db.session.expire_all()
    letter = db.session.scalars(select(Letter).where(Letter.kind == "invoice")).one()
    sent = BytesParser(policy=policy.SMTP).parsebytes(mail.message(letter).as_bytes())
    assert [part.get_filename() for part in sent.iter_attachments()] == ["faktura-10001.pdf", "tidrapport.pdf"]
    assert [part.get_content() for part in sent.iter_attachments()][1] == sheet
    assert "Skickad med fakturan" in text(sam.page(HERE))


def test_what_has_gone_with_an_invoice_stays(sam):
    add(sam, paper("Tidrapport", "x"))
    deliver()
    (one,) = attached()
    answer = sam.post(f"{HERE}/{one.id}/ta-bort", follow_redirects=True)
    assert "redan utfärdad" in text(document(answer))
    assert len(attached()) == 1


def test_what_is_taken_away_goes_with_nothing_and_is_deleted(sam, work_off):
    add(sam, paper("Tidrapport", "x"))
    (one,) = attached()
    assert sam.post(f"{HERE}/{one.id}/ta-bort").status_code == 303
    assert attached() == []
    assert values_of(deliver()).attachments == ()
    work_off()
    db.session.expire_all()
    assert db.session.scalars(select(StoredFile.name)).all() == ["faktura-10001.pdf"]


def test_what_comes_after_the_invoice_waits_for_the_next(sam):
    record = deliver()
    add(sam, paper("Tidrapport", "x"))
    assert values_of(record).attachments == ()
    assert [one.invoice_id for one in attached()] == [None]


@pytest.mark.parametrize(
    ("data", "name", "kept", "media_type"),
    [
        (photos.photo(), "kvitto.JPG", "kvitto.JPG", "image/jpeg"),
        (photos.photo(kind="PNG"), "kvitto.pdf", "kvitto.png", "image/png"),
        (b"Dag;Timmar\n1;4\n", "tid.csv", "tid.csv", "text/csv"),
        (book("Vecka 48", "Vecka 49"), "tid.xlsx", "tid.xlsx",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (paper("T", "x"), "../../etc/passwd", "passwd.pdf", "application/pdf"),
    ],
)  # fmt: skip
def test_a_file_is_what_it_is_whatever_it_is_called(sam, data, name, kept, media_type):
    assert add(sam, data, name).status_code == 303
    (one,) = attached()
    assert (one.name, one.file.media_type) == (kept, media_type)
    answer = sam.get(f"{HERE}/{one.id}")
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "tom.pdf", "tom"),
        (b"%PDF-1.7\ntrasig", "trasig.pdf", "trasig och går inte att öppna"),
        (b"MZ\x90\x00", "program.exe", "ska vara en PDF"),
        (b"\0\1\2", "tid.csv", "går inte att läsa som text"),
        (b"PK\3\4skrap", "tid.xlsx", "Filen är skadad"),
        (book(vbaProject=b"x"), "tid.xlsx", "makron"),
    ],
)
def test_what_no_receiver_should_open_is_refused_in_words(sam, data, name, said):
    answer = add(sam, data, name)
    assert answer.status_code == 422
    assert said in text(document(answer))
    assert attached() == []


def test_a_file_above_five_megabytes_is_refused_unread():
    with pytest.raises(Refused, match="större än 5 MB"):
        checked(b"%PDF-1.7" + b"0" * LARGEST, "stor.pdf")


def test_five_files_and_no_more_and_each_with_its_own_name(sam):
    for number in range(5):
        assert add(sam, b"a;b\n1;2\n", f"tid-{number}.csv").status_code == 303
    assert "får inte plats" in text(document(add(sam, b"a;b\n1;2\n", "tid-6.csv")))
    sam.post(f"{HERE}/{attached()[0].id}/ta-bort")
    assert "redan en fil som heter TID-1.csv" in text(document(add(sam, b"a;b\n1;2\n", "TID-1.csv")))
    assert len(attached()) == 4


@pytest.mark.both
def test_two_who_add_the_last_file_together_are_not_both_let_in(sam, visit):
    for number in range(4):
        add(sam, b"a;b\n1;2\n", f"tid-{number}.csv")
    other = visit(SAM)
    together(lambda: add(sam, b"a;b\n1;2\n", "x.csv"), lambda: add(other, b"a;b\n1;2\n", "y.csv"))
    assert len(attached()) == 5


def test_only_sales_may_add_and_nobody_sees_another_orders_file(sam, visit):
    add(sam, b"a;b\n1;2\n", "tid.csv")
    (one,) = attached()
    assert sam.get(f"/personal/bestallningar/4711/bilagor/{one.id}").status_code == 404
    assert visit(order_case.BUYER).get(f"{HERE}/{one.id}").status_code in {303, 403, 404}
    assert sam.get(f"{HERE}/{one.id + 1}").status_code == 404


def test_the_export_has_it_too(sam, app, tmp_path, work_off):
    add(sam, b"a;b\n1;2\n", "tid.csv")
    deliver()
    work_off()
    app.test_cli_runner().invoke(args=["export-invoices", str(tmp_path / "arkiv")])
    with (tmp_path / "arkiv/forteckning.csv").open(encoding="utf-8-sig", newline="") as listed:
        rows = list(csv.DictReader(listed, delimiter=";"))
    assert [(row["Fil"], row["Format"]) for row in rows] == [
        ("2026-11/faktura-10001.pdf", "PDF"), ("2026-11/faktura-10001.xml", "XML"),
        ("2026-11/faktura-10001-bilaga-1.csv", "Bilaga"),
    ]  # fmt: skip
    assert (tmp_path / "arkiv" / rows[2]["Fil"]).read_bytes() == b"a;b\n1;2\n"
    assert files.folder().exists()
