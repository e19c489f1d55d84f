"""Staff read a tender from an eForms notice, in the browser and from the command line."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.db import db
from app.files import StoredFile
from app.tenders.models import Tender
from tests.make import make_sam
from tests.people import document, text

pytestmark = pytest.mark.both

NOTICES = Path(__file__).parents[1] / "contracts" / "notices"
REAL = Path(__file__).parents[3] / "shared" / "data" / "eforms"
IMPORT = "/personal/upphandlingar/importera"
HOSTILE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
REFUSED = {
    "a DOCTYPE": (HOSTILE, "DOCTYPE"),
    "no XML": (b"hej", "inte XML"),
    "not well-formed": (b"<a><b></a>", ""),
    "no notice": (b"<rss/>", "ingen eForms-annons"),
    "empty": (b"", "tom"),
}


def upload(browser, data: bytes, name: str = "annons.xml"):
    return browser.post(IMPORT, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def stored() -> tuple[int, int]:
    counts = [db.session.scalar(select(func.count()).select_from(kind)) for kind in (Tender, StoredFile)]
    db.session.rollback()
    return counts[0], counts[1]


@pytest.fixture
def sales(app, visit):
    make_sam()
    return visit("sam@samklang.example")


def test_a_notice_becomes_a_tender_with_what_it_tells(sales):
    answer = upload(sales, (NOTICES / "fruktkorgar.xml").read_bytes(), "../../annons.xml")
    assert answer.status_code == 303
    tender = db.session.scalars(select(Tender)).one()
    assert tender.buyer_name
    assert tender.deadline is not None
    assert tender.lots
    assert tender.notice_file.name == "annons.xml"
    page = text(document(sales.get(answer.location)))
    assert tender.title in page
    assert tender.lots[0].ref in text(sales.page(f"{answer.location}/rader"))


def test_a_plan_is_imported_and_shows_what_is_missing(sales):
    answer = upload(sales, (NOTICES / "plan.xml").read_bytes())
    page = text(document(sales.get(answer.location)))
    assert "Annonsen är en förhandsannons" in page
    assert "Fyll i sista anbudsdag först" in page
    assert db.session.scalars(select(Tender)).one().deadline is None


def test_codes_that_do_not_exist_are_named_and_kept_as_written(sales):
    text_of = (NOTICES / "fruktkorgar.xml").read_text(encoding="utf-8")
    strange = text_of.replace(">60100000<", ">99999999<").replace(">SE232<", ">XX999<")
    place = upload(sales, strange.encode()).location
    tender = db.session.scalars(select(Tender)).one()
    assert tender.cpv == "03222000, 99999999"
    assert tender.place == "Västerhamn (XX999)"
    shown = text(sales.page(place))
    assert "Att se över i annonsen" in shown
    assert "inte finns i EU:s listor: CPV-koden ”99999999” och NUTS-koden ”XX999”." in shown


def test_codes_that_exist_are_not_spoken_of(sales):
    shown = text(sales.page(upload(sales, (NOTICES / "fruktkorgar.xml").read_bytes()).location))
    assert "EU:s listor" not in shown


def test_places_are_shown_with_the_countys_name(sales):
    text_of = (NOTICES / "fruktkorgar.xml").read_text(encoding="utf-8")
    begun = text_of.index("<cac:RealizedLocation>")
    location = text_of[begun : text_of.index("</cac:ProcurementProject>")].replace(
        "<cbc:CityName>Västerhamn</cbc:CityName>", ""
    )
    lots = text_of.replace("Centrum</cbc:Name>", f"Centrum</cbc:Name>{location}")
    place = upload(sales, lots.encode()).location
    assert db.session.scalars(select(Tender)).one().lots[0].place == "SE232"
    shown = text(sales.page(f"{place}/rader"))
    assert "Västra Götalands län" in shown
    assert "SE232" not in shown
    assert "Västerhamn (Västra Götalands län)" in text(sales.page(place))


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_notice_is_refused_in_words_and_nothing_is_stored(sales, what):
    data, words = REFUSED[what]
    answer = upload(sales, data)
    assert answer.status_code == 422
    assert words in text(document(answer))
    assert stored() == (0, 0)


def test_an_enormous_upload_is_refused(sales):
    answer = sales.post(IMPORT, data=b"x" * 32_000_000, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert stored() == (0, 0)


def test_the_same_notice_twice_is_one_tender_and_that_is_told(sales):
    data = (NOTICES / "fruktkorgar.xml").read_bytes()
    first, second = upload(sales, data), upload(sales, data)
    assert first.location == second.location
    assert "Annonsen är redan inläst" in text(sales.page(second.location))
    assert stored() == (1, 1)


def test_no_file_is_refused(sales):
    assert sales.post(IMPORT, data={}).status_code == 422


def test_the_notice_is_handed_back_as_a_file_and_never_shown(sales):
    place = upload(sales, (NOTICES / "fruktkorgar.xml").read_bytes()).location
    answer = sales.get(f"{place}/annons")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data == (NOTICES / "fruktkorgar.xml").read_bytes()


def test_the_command_tells_the_number_and_what_is_missing(app):
    done = app.test_cli_runner().invoke(args=["import-notice", str(NOTICES / "plan.xml")])
    tender = db.session.scalars(select(Tender)).one()
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Upphandling {tender.id}: ")
    assert "Att se över: Annonsen är en förhandsannons" in done.stdout


def test_the_command_writes_one_full_stop_after_a_name_that_has_its_own(app, tmp_path):
    file = tmp_path / "ltd.xml"
    text = (NOTICES / "fruktkorgar.xml").read_text(encoding="utf-8")
    file.write_text(text.replace("Västerhamns bostäder AB", "Fruit Ltd."), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["import-notice", str(file)])
    assert "Fruit Ltd. " in done.stdout
    assert "Ltd.." not in done.stdout
    assert "Att se över: Sista anbudsdag har redan passerat" in done.stdout
    assert "Saknas" not in done.stdout


def test_the_command_refuses_on_stderr(app, tmp_path):
    bad = tmp_path / "bad.xml"
    bad.write_bytes(HOSTILE)
    done = app.test_cli_runner().invoke(args=["import-notice", str(bad)])
    assert done.exit_code == 1
    assert "DOCTYPE" in done.stderr
    assert not done.stdout
    assert stored() == (0, 0)


@pytest.mark.skipif(not REAL.exists(), reason="the published notices lie outside the project")
@pytest.mark.parametrize("name", ["cn_24_minimal", "cn_24_multilingual", "cn_24_open", "pin-cfc-social_24"])
def test_published_notices_are_imported(sales, name):
    answer = upload(sales, (REAL / f"{name}.xml").read_bytes())
    assert answer.status_code == 303
    assert sales.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [
        (f"http://localhost{IMPORT}", True),
        ("https://annan.example/personal/upphandlingar/las-in", False),
        ("http://localhost//annan.example/", False),
        ("", False),
    ],
)
def test_an_enormous_upload_is_told_how_much_is_taken_and_leads_back_to_the_form(sales, came_from, leads_back):
    large = {"data": b"x" * 32_000_000, "content_type": "multipart/form-data; boundary=x"}
    page = document(sales.post(IMPORT, **large, headers={"Referer": came_from}))
    assert "högst 30 MB" in text(page)
    links = [link.get("href") for link in page.cssselect("main a") if "formuläret" in text(link)]
    assert links == ([IMPORT] if leads_back else [])
