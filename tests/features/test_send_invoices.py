"""An invoice is handed over to the access point: once, whatever happens on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import audit, files, outlets
from app.audit import AuditEvent
from app.customers.models import InvoiceRoute
from app.db import db
from app.errors import Refused
from app.invoicing.sending import access_point as door
from app.invoicing.sending import actions, attempts, queries
from app.invoicing.sending.models import DispatchAttempt
from app.invoicing.sending.states import RETRIES, DispatchRoute, DispatchState
from tests.access_point import access_point
from tests.furnished import furnished
from tests.people import together
from tests.sending_case import OURS, THEIRS, accepted, connect, give_documents, issued, send_due, the_dispatch

pytestmark = pytest.mark.both

TAKES = ["after 500", "after drop", "after short", "after garbage", "after huge"]
REFUSES = ["500", "503", "429", "408", "drop", "short", "garbage", "huge"]


@furnished
def sold(app, visit):
    """Ljungbacken is about to deliver six fruit baskets to Nordbyn."""
    return accepted(visit)


@pytest.fixture
def point(app):
    with access_point() as server:
        connect(app, server)
        yield server


@pytest.fixture
def dispatch(sold, visit, point):
    """The invoice waits to be handed over, and its documents are made."""
    return issued(sold, visit, InvoiceRoute.PEPPOL)


def said() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "InvoiceRecord")))


def test_it_goes_with_its_addresses_and_is_followed_until_it_is_there(app, dispatch, point, clock):
    assert (dispatch.route, dispatch.state) == (DispatchRoute.ACCESS_POINT, DispatchState.QUEUED)
    assert dispatch.invoice.letter is None
    assert send_due(app) == 1
    (document,) = point.taken.values()
    assert {name: value for name, value in document.headings.items() if name.startswith("Peppol")} == {
        "Peppol-Sender": f"iso6523-actorid-upis::{OURS}",
        "Peppol-Receiver": f"iso6523-actorid-upis::{THEIRS}",
        "Peppol-Document-Type": "busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice"
        "##urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1",
        "Peppol-Process": "cenbii-procid-ubl::urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    }
    assert f"<cbc:ID>{dispatch.invoice.name}</cbc:ID>".encode() in document.xml
    assert (dispatch.state, dispatch.message_id, dispatch.sent_at) == (DispatchState.SENT, "msg/1", clock.now)
    assert send_due(app) == 0
    clock.move(minutes=2)
    assert (send_due(app), dispatch.state) == (1, DispatchState.SENT)
    document.state = "delivered"
    clock.move(minutes=10)
    assert send_due(app) == 1
    assert (dispatch.state, dispatch.delivered_at) == (DispatchState.DELIVERED, clock.now)
    clock.move(days=10)
    assert send_due(app) == 0
    assert said() == ["invoice queued", "invoice sent", "invoice delivered"]


def test_it_waits_for_its_documents(app, sold, visit, point):
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL, documents=False)
    assert send_due(app) == 0
    give_documents(dispatch.invoice)
    assert send_due(app) == 1


@pytest.mark.parametrize("trouble", TAKES + REFUSES)
def test_what_nobody_knows_of_is_sent_again_and_arrives_once(app, dispatch, point, clock, trouble):
    point.trouble = [trouble]
    send_due(app)
    assert (dispatch.state, dispatch.tries) == (DispatchState.QUEUED, 1)
    assert dispatch.why
    assert send_due(app) == 0
    clock.move(minutes=1)
    send_due(app)
    assert (dispatch.state, point.posts, len(point.taken)) == (DispatchState.SENT, 2, 1)
    assert dispatch.message_id == "msg/1"


def test_an_answer_that_never_comes_is_not_waited_for(app, dispatch, point, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 2)
    point.trouble = ["hang"]
    send_due(app)
    assert (dispatch.state, dispatch.why) == (DispatchState.QUEUED, "Servern svarade inte i tid.")


def test_a_repeated_key_that_is_answered_by_409_is_sent(app, dispatch, point, clock):
    point.conflict, point.trouble = True, ["after drop"]
    send_due(app)
    clock.move(minutes=1)
    send_due(app)
    assert (dispatch.state, dispatch.message_id, len(point.taken)) == (DispatchState.SENT, "msg/1", 1)


@pytest.mark.parametrize("no", ["400", "401", "404", "422", "elsewhere"])
def test_a_refusal_fails_with_its_words_and_no_redirect_is_followed(app, dispatch, point, clock, no):
    point.trouble = [no]
    send_due(app)
    assert dispatch.state == DispatchState.FAILED
    assert dispatch.why == ("Åtkomstpunkten svarade 307." if no == "elsewhere" else f"Nej ({no})")
    clock.move(days=1)
    assert (send_due(app), point.posts) == (0, 1)
    assert point.asked == [("POST", "/documents")]


def test_a_wrong_key_is_said(app, dispatch, point):
    app.config["ACCESS_POINT_KEY"] = "fel"
    send_due(app)
    assert (dispatch.state, dispatch.why) == (DispatchState.FAILED, "Okänd nyckel")


def test_after_three_days_without_an_answer_a_person_decides_and_the_key_stays(app, dispatch, point, clock, visit):
    key = dispatch.key
    point.trouble = ["500"] * len(RETRIES) + ["after drop"]
    while dispatch.state == DispatchState.QUEUED:
        send_due(app)
        clock.move(hours=1)
    assert len(dispatch.attempts) == len(RETRIES) + 1
    assert dispatch.why.startswith(attempts.GIVEN_UP)
    actions.send_again(queries.dispatch_with(dispatch.id, lock=True), by=sam(), now=clock.now)
    send_due(app)
    assert (dispatch.state, dispatch.key, len(point.taken)) == (DispatchState.SENT, key, 1)


def sam():
    return audit.Acting(None, "Sam")


def test_what_was_lost_on_the_way_is_sent_under_a_new_key(app, dispatch, point, clock):
    send_due(app)
    first, (document,) = dispatch.key, point.taken.values()
    document.state, document.words = "failed", "Mottagaren är inte registrerad i Peppol"
    clock.move(minutes=1)
    send_due(app)
    assert (dispatch.state, dispatch.why) == (DispatchState.FAILED, document.words)
    actions.send_again(queries.dispatch_with(dispatch.id, lock=True), by=sam(), now=clock.now)
    send_due(app)
    assert (dispatch.state, dispatch.message_id) == (DispatchState.SENT, "msg/2")
    assert list(point.taken) == [first, dispatch.key]


def test_what_was_refused_goes_by_the_way_that_is_set_when_it_is_sent_again(app, dispatch, point, clock, tmp_path):
    """The house has no access point any longer; another program fetches invoices from a folder."""
    point.trouble = ["400"]
    send_due(app)
    app.config.update(ACCESS_POINT_URL=None, ACCESS_POINT_KEY=None, INVOICE_DROP_FOLDER=tmp_path)
    actions.send_again(queries.dispatch_with(dispatch.id, lock=True), by=sam(), now=clock.now)
    send_due(app)
    assert (dispatch.route, dispatch.state, dispatch.why) == (DispatchRoute.FOLDER, DispatchState.SENT, "")
    assert (tmp_path / f"{dispatch.invoice.name}.xml").exists()
    assert point.posts == 1


def test_what_was_refused_waits_for_its_own_way_where_there_is_no_other(app, dispatch, point, clock):
    point.trouble = ["400"]
    send_due(app)
    app.config["ACCESS_POINT_URL"] = None
    actions.send_again(queries.dispatch_with(dispatch.id, lock=True), by=sam(), now=clock.now)
    send_due(app)
    assert (dispatch.route, dispatch.state) == (DispatchRoute.ACCESS_POINT, DispatchState.QUEUED)


def test_garbage_about_its_arrival_is_asked_about_again_and_not_for_ever(app, dispatch, point, clock):
    send_due(app)
    point.trouble = ["500", "garbage", "huge", "drop", "404"] + ["503"] * 20
    for _ in range(30):
        clock.move(days=1)
        send_due(app)
    assert dispatch.state == DispatchState.SENT
    assert 8 <= point.asked.count(("GET", "/documents/msg/1".replace("msg/1", "msg%2F1"))) <= 10


def test_two_workers_hand_it_over_once(app, dispatch, point):
    together(*[lambda: send_due(app)] * 3)
    assert (point.posts, len(point.taken)) == (1, 1)
    assert the_dispatch().state == DispatchState.SENT


def test_a_worker_that_died_between_the_answer_and_its_commit_leaves_one_invoice(app, dispatch, point, clock):
    """It had claimed the row, posted, and was killed: all that is left is the claim."""
    assert attempts.claim(dispatch.id, clock.now)
    db.session.commit()
    key = dispatch.key
    door.send(outlets.access_point(), key, door.Envelope("1", OURS, THEIRS, "d", "p"), b"<a/>")
    assert (send_due(app), len(point.taken)) == (0, 1)
    with pytest.raises(Refused, match="skickas just nu"):
        actions.mark_by_hand(queries.dispatch_with(dispatch.id, lock=True), "Post", by=sam(), now=clock.now)
    db.session.rollback()
    clock.move(minutes=2)
    assert send_due(app) == 1
    assert (dispatch.state, dispatch.message_id, list(point.taken)) == (DispatchState.SENT, "msg/1", [key])


def test_without_an_access_point_it_waits(app, dispatch, point, clock):
    app.config["ACCESS_POINT_URL"] = None
    send_due(app)
    assert (dispatch.state, dispatch.why) == (DispatchState.QUEUED, "Ingen åtkomstpunkt är inställd.")


def test_a_document_that_the_disk_has_lost_or_that_is_none_is_said(app, dispatch, point):
    dispatch.invoice.xml = files.save(b"<html/>", name="x.xml", media_type="application/xml", now=dispatch.queued_at)
    send_due(app)
    assert (dispatch.state, dispatch.why) == (
        DispatchState.FAILED,
        "Filen är varken en faktura eller en kreditfaktura.",
    )
    assert point.posts == 0


def test_each_attempt_is_written_down(app, dispatch, point, clock):
    point.trouble = ["503"]
    send_due(app)
    clock.move(minutes=1)
    send_due(app)
    rows = db.session.scalars(select(DispatchAttempt).order_by(DispatchAttempt.id)).all()
    assert [(one.status, one.at) for one in rows] == [(503, clock.now - timedelta(minutes=1)), (202, clock.now)]
    assert rows[0].said == "Nej (503)"


@pytest.mark.parametrize("heard", [door.Heard.REFUSED, door.Heard.NOT_NOW])
def test_what_a_slow_worker_hears_later_undoes_nothing(app, dispatch, point, clock, heard):
    """Its claim had run out, and another has sent the invoice meanwhile."""
    send_due(app)
    attempts.note_outcome(dispatch.id, door.Outcome(heard, 400, "Nej"), 9, now=clock.now)
    db.session.commit()
    assert (dispatch.state, dispatch.why, dispatch.next_at) == (DispatchState.SENT, "", None)
    assert send_due(app) == 0
