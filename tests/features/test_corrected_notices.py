"""The buyer corrects its notice: the tender follows, what was entered by hand stays, and people are told."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from sqlalchemy import func, select

from app import bidflow, noticeflow
from app.accounts.queries import account_with
from app.db import db
from app.money import Money
from app.tenders import bid_actions
from app.tenders.models import Tender, TenderState
from app.tenders.noticing.models import ChangeState, TenderChange, TenderNotice
from app.tenders.noticing.receipt import Outcome
from bids.kinds import BidForm, PartyRole
from tests.features.notice_case import BEFORE, CHANGED, FIRST, FIRST_ID, FOLDER, PLAN, RESULT, changes, take, upload
from tests.furnished import furnished
from tests.make import make_ljungbacken, make_sam
from tests.people import document, text

pytestmark = pytest.mark.both
LATER = (
    CHANGED.replace("000000000119", "000000000117").replace("2026-04-20", "2026-04-21").replace("8000000", "9000000")
)


@furnished
def tender(app):
    """The fruit tender as its first notice has it."""
    make_sam()
    return noticeflow.take_in(FIRST.encode(), "annons.xml", by=None, now=BEFORE).tender


@furnished
def bid(tender):
    """Our bid on it, with one party invited and one not."""
    sam = our_sam()
    made = bidflow.start_bid(tender, BidForm.GROUP, by=sam, now=BEFORE)
    party = bid_actions.add_party(made, make_ljungbacken(), PartyRole.TENDERER, by=sam, now=BEFORE)
    party.invited_at = BEFORE
    db.session.flush()
    return made


def our_sam():
    return account_with("sam@samklang.example")


@pytest.fixture
def sales(visit):
    return visit("sam@samklang.example")


def test_the_tender_follows_and_lists_what_changed_deadlines_first(tender, sales):
    where = upload(sales, CHANGED).location
    found = changes()
    assert list(found)[:2] == ["Sista anbudsdag", "Anbudet ska gälla till och med"]
    due = found["Sista anbudsdag"]
    assert (due.before, due.after) == ("12\u00a0maj 2026 klockan\u00a023.59", "19\u00a0maj 2026 klockan\u00a023.59")
    assert {change.state for change in found.values()} == {ChangeState.APPLIED, ChangeState.TOLD}
    tender = db.session.scalars(select(Tender)).one()
    assert tender.deadline == datetime(2026, 5, 19, 21, 59, tzinfo=UTC)
    assert tender.ceiling == Money.kronor(8_000_000)
    assert [lot.ref for lot in tender.lots] == ["LOT-0001", "LOT-0002", "LOT-0003"]
    page = text(document(sales.get(where)))
    assert "Köparen har publicerat något nytt" in page
    assert "Många frågor har kommit in." in page


def test_what_was_entered_by_hand_stays_until_somebody_chooses(tender, sales):
    tender.deadline, tender.ceiling = datetime(2026, 5, 11, 10, 0, tzinfo=UTC), Money.kronor(7_000_000)
    tender.title = "Frukt, vår egen rubrik"
    db.session.commit()
    where = upload(sales, CHANGED).location
    found = changes()
    assert found["Sista anbudsdag"].state is ChangeState.KEPT
    assert "Rubrik" not in found
    tender = db.session.scalars(select(Tender)).one()
    assert tender.deadline == datetime(2026, 5, 11, 10, 0, tzinfo=UTC)
    assert tender.title == "Frukt, vår egen rubrik"
    page = sales.page(f"{where}/andringar")
    assert "Ta annonsens värde" in text(page)
    assert sales.post(f"{where}/andringar/{found['Sista anbudsdag'].id}/ta").status_code == 303
    assert db.session.scalars(select(Tender)).one().deadline == datetime(2026, 5, 19, 21, 59, tzinfo=UTC)
    assert changes()["Sista anbudsdag"].state is ChangeState.TAKEN
    again = sales.post(f"{where}/andringar/{found['Sista anbudsdag'].id}/ta", follow_redirects=True)
    assert "gäller redan" in text(document(again))


def test_a_form_that_was_open_meanwhile_does_not_change_it_back(tender, sales):
    where = f"/personal/upphandlingar/{tender.id}"
    form = next(one for one in sales.page(f"{where}/uppgifter").forms if "deadline" in one.fields)
    stale = {name: value for name, value in form.fields.items() if value is not None}
    upload(sales, CHANGED)
    answer = sales.post(f"{where}/uppgifter", data=stale)
    assert answer.status_code == 422
    assert "Någon annan har ändrat" in text(document(answer))
    assert db.session.scalars(select(Tender)).one().deadline == datetime(2026, 5, 19, 21, 59, tzinfo=UTC)


def test_it_stands_on_every_page_until_somebody_has_read_it(bid, sales):
    where = upload(sales, CHANGED).location
    for page in ("", "/rader", "/krav", "/anbud", "/priser", "/lamna"):
        assert "Köparen har publicerat något nytt" in text(sales.page(f"{where}{page}")), page
    newest = db.session.scalar(select(func.max(TenderChange.id)))
    seen = sales.post(f"{where}/andringar/sett", data={"upto": newest})
    assert seen.status_code == 303
    assert "Köparen har publicerat något nytt" not in text(sales.page(where))
    assert "läst av Sam" in text(sales.page(f"{where}/andringar"))


def test_what_comes_after_the_page_was_shown_still_stands_there(tender, sales):
    where = upload(sales, CHANGED).location
    shown = db.session.scalar(select(func.max(TenderChange.id)))
    take(LATER)
    sales.post(f"{where}/andringar/sett", data={"upto": shown})
    unseen = text(sales.page(where).cssselect(".unseen")[0])
    assert "Takvärde: 8 000 000,00 kr → 9 000 000,00 kr" in unseen
    assert "Anbudet ska gälla" not in unseen


def test_people_of_the_bid_and_invited_parties_are_told(bid, outbox):
    take(CHANGED)
    (ours,) = outbox.to("sam@samklang.example")
    assert ours.subject == "Ny annons: Fruktkorgar till arbetsplatser"
    assert ours.body.index("Sista anbudsdag") < ours.body.index("Takvärde")
    (theirs,) = outbox.to(bid.parties[-1].member.email)
    assert "Anbudet ska nu vara inne: 19\u00a0maj 2026" in theirs.body


def test_nobody_is_written_to_where_no_bid_is_begun(tender, outbox):
    take(CHANGED)
    assert list(outbox) == []


def test_parties_hear_nothing_when_the_last_day_stays(bid, outbox):
    take(CHANGED.replace("2026-05-19+02:00</cbc:EndDate>", "2026-05-12+02:00</cbc:EndDate>"))
    assert outbox.to(bid.parties[-1].member.email) == []


def test_a_correction_of_a_tender_that_we_do_not_have_is_a_tender(app):
    done = take(CHANGED)
    assert done.outcome is Outcome.NEW
    assert "rättar en annons som vi inte har" in done.words
    late = take(FIRST)
    assert late.outcome is Outcome.OLDER
    assert late.tender.id == done.tender.id
    assert late.tender.deadline == datetime(2026, 5, 19, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "older",
    [
        FIRST.replace("<cbc:VersionID>02<", "<cbc:VersionID>01<").replace("2026-03-30", "2026-04-25"),
        FIRST.replace(FIRST_ID, "00000000-0000-4000-8000-000000000113").replace("2026-03-30", "2026-03-29"),
    ],
)
def test_an_older_version_after_a_newer_changes_nothing_and_says_so(tender, older):
    done = take(older.replace("7500000", "1"))
    assert done.outcome is Outcome.OLDER
    assert "äldre än den vi redan har" in done.words
    assert (done.tender.id, done.tender.ceiling) == (tender.id, Money.kronor(7_500_000))
    assert db.session.scalar(select(func.count()).select_from(TenderNotice)) == 2


def test_a_later_version_of_the_same_notice_is_a_correction(tender):
    done = take(FIRST.replace("<cbc:VersionID>02<", "<cbc:VersionID>03<").replace("7500000", "8500000"))
    assert done.outcome is Outcome.CHANGED
    assert done.tender.ceiling == Money.kronor(8_500_000)


@pytest.mark.parametrize("order", list(permutations([FIRST, CHANGED, LATER])))
def test_in_whatever_order_they_come_the_newest_holds(app, order):
    done = [take(source) for source in order]
    tender = done[-1].tender
    assert {one.tender.id for one in done} == {tender.id}
    assert (tender.ceiling, tender.deadline) == (Money.kronor(9_000_000), datetime(2026, 5, 19, 21, 59, tzinfo=UTC))


def test_a_plan_becomes_the_call_for_bids_that_follows_it(app):
    number = '<cbc:ID schemeName="notice-id">'
    plan = PLAN.replace(number, f"<cbc:ContractFolderID>{FOLDER}</cbc:ContractFolderID>{number}", 1)
    first = take(plan)
    assert first.tender.deadline is None
    done = take(FIRST)
    assert (done.outcome, done.tender.id) == (Outcome.CHANGED, first.tender.id)
    assert done.changes[0].label == "Sista anbudsdag"
    assert done.tender.deadline == datetime(2026, 5, 12, 21, 59, tzinfo=UTC)
    assert "förhandsannons" not in done.tender.missing_facts


def test_a_notice_without_number_or_procedure_is_known_by_its_bytes(app):
    bare = FIRST.replace(f'<cbc:ID schemeName="notice-id">{FIRST_ID}</cbc:ID>', "").replace(FOLDER, "")
    assert [take(bare).outcome, take(bare).outcome] == [Outcome.NEW, Outcome.SAME]


def test_a_lot_that_the_buyer_takes_away_keeps_its_work(tender):
    start = FIRST.index('  <cac:ProcurementProjectLot>\n    <cbc:ID schemeName="Lot">LOT-0002')
    end = FIRST.index("</cac:ProcurementProjectLot>", start) + len("</cac:ProcurementProjectLot>")
    done = take((FIRST[:start] + FIRST[end:]).replace("<cbc:VersionID>02<", "<cbc:VersionID>03<"))
    assert [lot.ref for lot in done.tender.lots] == ["LOT-0001", "LOT-0002"]
    assert "Vi har det kvar" in changes()["Anbudsområde"].after


def test_a_lots_own_last_day_that_moves_is_told(tender):
    take(FIRST.replace("<cbc:VersionID>02<", "<cbc:VersionID>03<").replace("2026-05-20", "2026-05-27"))
    assert "anbudsområde LOT-0002" in next(iter(changes()))


def test_a_buyer_that_calls_off_ends_a_tender_without_a_bid(tender):
    done = take(CHANGED.replace("update-add", "cancel"))
    assert (done.outcome, done.tender.state) == (Outcome.CANCELLED, TenderState.CANCELLED)


def test_with_a_bid_people_decide(bid, outbox):
    done = take(CHANGED.replace("update-add", "cancel"))
    assert done.tender.state == TenderState.BIDDING
    assert "Upphandlingen är avbruten" in outbox.to("sam@samklang.example")[0].body


def test_what_is_decided_stays_and_is_told(tender):
    take(RESULT)
    tender.state = TenderState.NOTICED
    tender.state = TenderState.CANCELLED
    db.session.commit()
    done = take(CHANGED)
    assert done.tender.ceiling == Money.kronor(7_500_000)
    assert {change.state for change in done.changes} == {ChangeState.TOLD}


def test_another_tenders_change_is_not_there(tender, sales):
    where = upload(sales, CHANGED).location
    change = db.session.scalars(select(TenderChange)).first()
    elsewhere = where.replace(str(tender.id), str(tender.id + 1))
    assert sales.post(f"{elsewhere}/andringar/{change.id}/ta").status_code == 404
    assert sales.get(f"{where}/andringar/999999.xml").status_code == 404


def test_what_is_new_is_read_with_the_rest_of_the_page(bid, sales, queries):
    where = f"/personal/upphandlingar/{bid.tender_id}"
    pages = ("", "/rader", "/lamna")
    before = [_asked(sales, f"{where}{page}", queries) for page in pages]
    upload(sales, CHANGED)
    assert "Köparen har publicerat något nytt" in text(sales.page(where))
    assert [_asked(sales, f"{where}{page}", queries) for page in pages] == before


def _asked(sales, page: str, queries) -> int:
    with queries() as asked:
        sales.page(page)
    return len([one for one in asked if "tender_change" in one or "tender_notice" in one])
