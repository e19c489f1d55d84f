"""Staff keep what they say again and again: written, written anew, found, and taken out of use."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.accounts.models import RoleName
from app.db import db
from app.tenders.library import actions
from app.tenders.library.models import EntryKind, LibraryEntry, LibraryToken
from app.tenders.library.values import EntryText
from tests.features.bid_case import count
from tests.features.library_case import CLEANING, LIBRARY, entry_called, furnish, keep
from tests.furnished import furnished
from tests.make import make_sam, make_user
from tests.people import document, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_a_version_is_never_changed(case):
    version = entry_called("Returkorgar").versions[0]
    version.text = "Något annat"
    with pytest.raises(RuntimeError, match="was to be changed: text"):
        db.session.flush()


def test_an_answer_is_kept_for_the_next_time(case, sales):
    sales.fill(case.answer_url, {"text": "Så gör vi.", "says": "yes"}, form="#svaret")
    (link,) = sales.page(case.answer_url).xpath("//a[contains(@href, 'svar=')]")
    form = sales.page(link.get("href"))
    assert form.cssselect("#text")[0].text_content().strip() == "Så gör vi."
    assert form.cssselect("#title")[0].get("value").startswith("Beskriv hur trappstädning")
    assert sales.fill(link.get("href"), {"kind": "answer"}).status_code == 303
    assert sales.get(f"{LIBRARY}/ny?svar=999999").status_code == 200


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00" * 50, b"<svg onload='x'/>"])
def test_a_hostile_file_is_refused_and_what_was_typed_comes_back(case, sales, data):
    before = count(LibraryEntry)
    made = {"seen": "0", "kind": "cv", "title": "Ett CV", "owner": "0", "file": (BytesIO(data), "cv.pdf")}
    answer = sales.post(f"{LIBRARY}/ny", data=made, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert document(answer).cssselect("#title")[0].get("value") == "Ett CV"
    assert count(LibraryEntry) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"text": ""},
        {"text": "x" * 20_001},
        {"valid_to": "0205-01-01"},
        {"kind": "x"},
    ],
)
def test_a_text_that_cannot_be_is_refused(case, sales, wrong):
    before = count(LibraryEntry)
    good = {"seen": "0", "kind": "answer", "title": "Rubrik", "text": "Text", "owner": "0"}
    assert sales.post(f"{LIBRARY}/ny", data={**good, **wrong}).status_code == 422
    assert count(LibraryEntry) == before


def test_a_new_version_of_a_version_seen_too_long_ago_is_shown_beside_the_other(case, sales, clock):
    entry = entry_called("Returkorgar")
    where = f"{LIBRARY}/{entry.id}/ny-version"
    given = {"seen": "1", "title": "Returkorgar", "text": "Min.", "owner": "0"}
    actions.write_anew(
        entry, EntryText(title="Returkorgar", text="Deras."), seen=1, file=None, by=case.sam, now=clock.now
    )
    db.session.commit()
    late = sales.post(where, data=given)
    assert late.status_code == 422
    assert "Deras." in late.text
    assert "Min." in late.text
    assert document(late).cssselect("input[name=seen]")[0].get("value") == "2"
    assert sales.post(where, data={**given, "seen": "2"}).status_code == 303
    assert [version.text for version in entry_called("Returkorgar").versions] == [
        "Min.",
        "Deras.",
        "Tomma fruktkorgar hämtas vid nästa leverans.",
    ]


def test_what_is_retired_is_suggested_no_more_until_it_is_brought_back(case, sales):
    entry = entry_called("Trappstädning och uppföljning")
    for _press in range(2):
        assert sales.post(f"{LIBRARY}/{entry.id}/ur-bruk").status_code == 303
    assert "Trappstädning och uppföljning" not in text(sales.page(case.answer_url))
    assert "Trappstädning och uppföljning" not in text(sales.page(LIBRARY))
    assert "Trappstädning och uppföljning" in text(sales.page(f"{LIBRARY}?ur_bruk=1&q=trappstädning"))
    assert sales.post(f"{LIBRARY}/{entry.id}/i-bruk").status_code == 303
    assert "Trappstädning och uppföljning" in text(sales.page(case.answer_url).cssselect(".library")[0])


def test_the_list_is_searched_in_all_forms_narrowed_sorted_and_paged(case, sales, clock):
    for n in range(30):
        keep(case, f"Policy {n:02d}", "Dataskydd.", now=clock.now, kind=EntryKind.POLICY, valid_to=date(2026, 10, 1))
    db.session.commit()
    assert "Trappstädning och uppföljning" in text(sales.page(f"{LIBRARY}?q=städningar"))
    assert "Returkorgar" not in text(sales.page(f"{LIBRARY}?q=städningar"))
    first = text(sales.page(f"{LIBRARY}?slag=policy&skick=expired"))
    assert "Policy 24" in first
    assert "Policy 25" not in first
    assert "Policy 29" in text(sales.page(f"{LIBRARY}?slag=policy&skick=expired&sida=2"))
    assert "Inget stämmer" in text(sales.page(f"{LIBRARY}?slag=cv"))
    for odd in (
        "?sida=-3",
        "?agare=999999",
        "?agare=x",
        "?ordning=hopp",
        "?skick=x",
        "?q=%25_'\"",
        "?sida=99999999999",
    ):
        assert sales.get(f"{LIBRARY}{odd}").status_code == 200
    for sort in ("title", "valid_to", "review_on", "made_at", "uses"):
        assert sales.get(f"{LIBRARY}?ordning={sort}").status_code == 200


def test_finance_may_look_and_others_may_not(case, sales, visit):
    make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    make_user("ljungbacken@medlem.example", member=case.fruit)
    db.session.commit()
    entry = entry_called("Returkorgar")
    finance = visit("fia@samklang.example")
    assert finance.get(f"{LIBRARY}/{entry.id}").status_code == 200
    assert finance.post(f"{LIBRARY}/{entry.id}/ur-bruk").status_code == 403
    assert finance.get(f"{LIBRARY}/ny").status_code == 403
    assert visit("ljungbacken@medlem.example").get(LIBRARY).status_code == 403
    assert sales.get(f"{LIBRARY}/999999").status_code == 404
    assert sales.get(f"{LIBRARY}/{entry.id}/7").status_code == 404


def test_a_thousand_entries_cost_no_more_statements(case, sales, queries, clock):
    def cost(path: str) -> int:
        with queries() as seen:
            assert sales.get(path).status_code == 200
        return len(seen)

    cost(LIBRARY)  # what every page of ours asks once
    few = {path: cost(path) for path in (LIBRARY, case.answer_url)}
    for n in range(60):
        keep(case, f"Städning {n}", f"{CLEANING} Variant {n} för hus nummer {n}.", now=clock.now)
    db.session.commit()
    assert {path: cost(path) for path in few} == few
    assert few[LIBRARY] <= 10
    assert db.session.scalar(select(func.count()).select_from(LibraryToken)) > 60
