"""Members keep their papers and renew them, and staff check them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from app.accounts.models import RoleName
from app.db import db
from app.members.models import MemberDocument
from tests.features.bid_case import count
from tests.features.vault_case import ALL, FRUIT, NEWER, OWN, VAN, furnish, insurance, lay_in
from tests.furnished import furnished
from tests.make import make_sam
from tests.people import document, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def fruit(case, visit):
    return visit(FRUIT)


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def upload(data: bytes = NEWER, **values: str) -> dict[str, object]:
    return {"title": "Ansvarsförsäkring 2027", "valid_to": "2028-01-15", "file": (BytesIO(data), "f.pdf"), **values}


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
