"""A member answers an invitation, and learns nothing of anybody else's part."""

from __future__ import annotations

import threading
import time
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import db
from app.demo.papers import paper
from app.members.models import MemberDocument
from app.tenders import versions
from app.tenders.models import Bid, BidParty, BidVersion, Promise, Tender
from bids.offer import from_json
from tests.people import document, text, together

SALES, STAIRS, GREEN, FRUIT = (
    f"{name}.example" for name in ("salj@samklang", "renarum@medlem", "gronahander@medlem", "ljungbacken@medlem")
)
PDF = paper("Intyg", ["Ett prov."])


@pytest.fixture
def bid(demo) -> int:
    found = db.session.scalar(select(Bid.id).join(Bid.tender).where(Tender.diary_number == "26-031"))
    db.session.rollback()
    return found


def promises(email: str) -> list[Promise]:
    query = select(Promise).join(Promise.party).join(BidParty.member).order_by(Promise.id)
    return [promise for promise in db.session.scalars(query) if promise.party.member.email == email]


def test_the_page_tells_nothing_of_others_nor_of_the_bid_price(bid, visit):
    page = visit(STAIRS).get(f"/medlem/anbud/{bid}").text.replace("\u00a0", " ")
    assert "760,50" in page
    for secret in ("4,86", "432", "37,80", "Gröna Händer", "845,00", "Påslag", "778 960", "1 708 660", "Snöskottning"):
        assert secret not in page, secret


def test_a_bid_without_a_part_in_it_looks_as_if_it_were_not_there(bid, visit):
    for path in (f"/medlem/anbud/{bid}", "/medlem/anbud/9999", f"/medlem/anbud/{bid}/handling"):
        assert visit(FRUIT).get(path).status_code == 404
    assert visit(FRUIT).post(f"/medlem/anbud/{bid}", data={}).status_code == 404
    assert visit(FRUIT).post(f"/medlem/anbud/{bid}/nej", data={"reason": "Nej"}).status_code == 404


def test_a_bid_to_which_one_is_not_yet_invited_is_hidden(demo, visit):
    hidden = db.session.scalar(select(Bid.id).join(Bid.tender).where(Tender.diary_number == "INK 2026/114"))
    assert visit(FRUIT).get(f"/medlem/anbud/{hidden}").status_code == 404
    assert "Fruktkorgar" not in visit(FRUIT).get("/medlem/anbud").text


def test_an_answer_can_be_changed_until_the_bid_is_handed_in(bid, visit):
    browser = visit(STAIRS)
    answer = browser.fill(
        f"/medlem/anbud/{bid}", {"rows-0-price": "770", "signed_by": "Renata Fabel", "authorised": "y"}
    )
    assert answer.status_code == 303
    assert promises(STAIRS)[0].member_price.ore == 77_000
    tender_id = db.session.get_one(Bid, bid).tender_id
    visit(SALES).post(f"/personal/upphandlingar/{tender_id}/lamna")
    late = browser.post(f"/medlem/anbud/{bid}", data={"rows-0-promise": promises(STAIRS)[0].id})
    assert late.status_code == 422
    assert "kan inte ändras" in text(browser.page(f"/medlem/anbud/{bid}")) or "går inte att ändra" in late.text
    forced = {"rows-0-promise": promises(STAIRS)[0].id, "rows-0-price": "1", "rows-0-capacity": "1"}
    refused = browser.post(f"/medlem/anbud/{bid}", data={**forced, "signed_by": "Renata", "authorised": "y"})
    assert refused.status_code == 422
    assert promises(STAIRS)[0].member_price.ore == 77_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows-0-price": "-5"},
        {"rows-0-price": "0"},
        {"rows-0-price": "gratis"},
        {"rows-0-price": "1,005"},
        {"rows-0-capacity": "-1"},
        {"rows-0-capacity": "NaN"},
        {"rows-0-capacity": "900,5"},
        {"rows-0-capacity": ""},
        {"signed_by": ""},
        {"signed_by": "x" * 201},
        {"authorised": None},
    ],
)
def test_values_that_cannot_be_are_refused_and_what_was_typed_comes_back(bid, visit, wrong):
    given = {"rows-0-price": "777", "authorised": "y", **wrong}
    answer = visit(STAIRS).fill(f"/medlem/anbud/{bid}", {k: v for k, v in given.items() if v is not None})
    assert answer.status_code == 422
    assert document(answer).cssselect(".error-summary li")
    typed = document(answer).cssselect("#rows-0-price")[0].get("value")
    assert typed == given["rows-0-price"]
    assert promises(STAIRS)[0].member_price.ore == 76_050


def test_somebody_elses_row_cannot_be_answered(bid, visit):
    theirs = promises(GREEN)[0]
    forged = {"rows-0-promise": str(theirs.id), "rows-0-price": "1", "rows-0-capacity": "1"}
    answer = visit(STAIRS).post(f"/medlem/anbud/{bid}", data={**forged, "signed_by": "R", "authorised": "y"})
    assert answer.status_code == 404
    assert promises(GREEN)[0].member_price.ore == 486


def test_declining_leaves_the_rows_to_others_and_opens_gaps(bid, visit):
    assert visit(STAIRS).post(f"/medlem/anbud/{bid}/nej", data={"reason": ""}).status_code == 422
    assert visit(STAIRS).post(f"/medlem/anbud/{bid}/nej", data={"reason": "Ingen tid"}).status_code == 303
    assert {promise.state for promise in promises(STAIRS)} == {"declined"}
    tender_id = db.session.get_one(Bid, bid).tender_id
    page = visit(SALES).page(f"/personal/upphandlingar/{tender_id}/priser")
    assert "Ingen tid" in text(page)
    assert page.cssselect(".gap-list .blocking")
    assert visit(SALES).post(f"/personal/upphandlingar/{tender_id}/lamna").status_code == 409


def test_a_member_hands_in_a_paper(bid, visit):
    values = {"kind": "insurance", "title": "Ny försäkring", "valid_to": "2028-01-01", "file": (BytesIO(PDF), "f.pdf")}
    answer = visit(STAIRS).post(f"/medlem/anbud/{bid}/handling", data=values, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert "Ny försäkring" in visit(STAIRS).get(f"/medlem/anbud/{bid}").text


@pytest.mark.parametrize("data", [b"", b"hej", b"MZ\x90\x00" * 50, b"%PDF-1.7 men inte mer", b"<svg onload='x'/>"])
def test_a_file_that_is_none_is_refused(bid, visit, data):
    before = db.session.scalar(select(func.count()).select_from(MemberDocument))
    values = {"kind": "other", "title": "Fil", "file": (BytesIO(data), "f.pdf")}
    answer = visit(STAIRS).post(f"/medlem/anbud/{bid}/handling", data=values, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(MemberDocument)) == before


def test_a_customer_and_a_stranger_do_not_get_in(bid, visit):
    assert visit("kontor@nordbyn.example").get(f"/medlem/anbud/{bid}").status_code == 403
    assert visit(None).get(f"/medlem/anbud/{bid}").status_code == 302


@pytest.mark.both
def test_a_price_that_changes_as_the_bid_is_handed_in_is_either_in_it_or_refused(bid, visit, monkeypatch):
    """The member presses when the bid has been read and is not frozen yet; the freezing takes its time."""
    been_read, freeze = threading.Event(), versions.freeze

    def freeze_slowly(*args: Any, **named: Any) -> BidVersion:
        been_read.set()
        time.sleep(1)
        return freeze(*args, **named)

    monkeypatch.setattr(versions, "freeze", freeze_slowly)
    tender_id = db.session.get_one(Bid, bid).tender_id
    member, sales, own = visit(STAIRS), visit(SALES), promises(STAIRS)
    given = {"signed_by": "Renata Fabel", "authorised": "y"}
    for n, promise in enumerate(own):
        price, capacity = f"{promise.member_price.ore - 1000:d}", f"{promise.yearly_capacity:f}"
        given |= {f"rows-{n}-promise": str(promise.id), f"rows-{n}-capacity": capacity.replace(".", ",")}
        given |= {f"rows-{n}-price": f"{price[:-2]},{price[-2:]}"}
    assert member.post(f"/medlem/anbud/{bid}", data=given).status_code == 303, "there is nothing wrong with it"
    given["rows-0-price"] = "750"
    sales.post(f"/personal/upphandlingar/{tender_id}/lamna/forhandsgranska")  # Papers are attached, and no row is new.
    handed_in, changed = together(
        lambda: sales.post(f"/personal/upphandlingar/{tender_id}/lamna"),
        lambda: been_read.wait(20) and member.post(f"/medlem/anbud/{bid}", data=given),
    )
    assert handed_in.status_code == 303
    assert changed.status_code == 422
    frozen = from_json(db.session.scalars(select(BidVersion.offer_json)).one())
    shares = {row.ref: share for row in frozen.rows for share in row.shares if share.party_key == "renarum"}
    db.session.expire_all()
    assert {ref: share.member_price for ref, share in shares.items()} == {
        promise.row.ref: promise.member_price for promise in promises(STAIRS)
    }
