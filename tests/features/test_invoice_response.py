"""Receivers answer: each answer is kept once on its invoice, and what asks for something is a task of finance's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import audit, clock
from app.audit import AuditEvent
from app.customers.models import InvoiceRoute
from app.db import db
from app.errors import Refused
from app.invoicing.sending import answering, queries
from app.invoicing.sending.models import InvoiceResponse
from app.invoicing.sending.states import DispatchState
from tests.access_point import access_point
from tests.furnished import furnished
from tests.sending_case import WRONG_REFERENCE, accepted, connect, issued, look, response_xml, send_due

pytestmark = pytest.mark.both
SAM = audit.Acting(None, "Sam")


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
def dispatch(app, sold, visit, point):
    """The invoice has been sent."""
    made = issued(sold, visit, InvoiceRoute.PEPPOL)
    send_due(app)
    return made


@pytest.fixture
def comes(app, point, dispatch, clock):
    """Lay an answer to the invoice into the inbox, and look; returns how many were new."""

    def come(code: str, **values: str) -> int:
        number = values.pop("number", dispatch.invoice.name)
        point.inbox[f"in-{len(point.asked)}"] = response_xml(number, code, **values)
        clock.move(minutes=3)
        return look(app)

    return come


def kept() -> list[tuple[str | None, bool]]:
    """The code of each answer, and whether it is a task."""
    rows = db.session.scalars(select(InvoiceResponse).order_by(InvoiceResponse.id))
    return [(one.code.value if one.code else None, one.waits) for one in rows]


@pytest.mark.parametrize(
    ("code", "is_task"),
    [("AB", False), ("IP", False), ("UQ", True), ("CA", True), ("RE", True), ("AP", False), ("PD", False)],
)
def test_each_code_is_kept_on_its_invoice_and_some_are_tasks(dispatch, point, comes, code, is_task):
    assert comes(code) == 1
    assert kept() == [(code, is_task)]
    assert queries.responses_to(dispatch.invoice)[0].code == code
    assert (dispatch.state, point.inbox) == (DispatchState.DELIVERED, {})


def test_its_reasons_are_kept(dispatch, comes):
    comes("UQ", status=WRONG_REFERENCE, note="Ring Åsa", time="10:30:00+01:00")
    (answer,) = queries.responses_to(dispatch.invoice)
    assert (answer.note, answer.said_at, answer.problem) == ("Ring Åsa", "2026-11-24T10:30:00", "")
    assert answer.reasons == [
        {
            "list_id": "OPStatusReason",
            "code": "REF",
            "words": "Ordernumret finns inte hos oss",
            "fields": [["BT-13", "PO-4711"]],
        },
        {"list_id": "OPStatusAction", "code": "NIN", "words": "", "fields": []},
    ]


def test_repeats_are_kept_once_and_late_ones_undo_nothing(dispatch, comes):
    assert [comes("AP", day="2026-11-26"), comes("AP", day="2026-11-26")] == [1, 0]
    assert [comes("UQ", day="2026-11-25"), comes("AB", day="2026-11-24")] == [1, 1]
    assert kept() == [("AP", False), ("UQ", False), ("AB", False)]
    assert [one.code.value for one in queries.responses_to(dispatch.invoice)] == ["AB", "UQ", "AP"]


def test_what_is_said_later_settles_an_earlier_question(dispatch, comes):
    comes("UQ", day="2026-11-24")
    comes("IP", day="2026-11-25")
    assert kept() == [("UQ", True), ("IP", False)]
    comes("AP", day="2026-11-26")
    assert kept() == [("UQ", False), ("IP", False), ("AP", False)]
    assert db.session.scalars(select(InvoiceResponse.handled_by).order_by(InvoiceResponse.id)).all() == [
        "Samsälj",
        "",
        "",
    ]


def test_a_message_that_is_offered_again_because_we_died_is_known(app, dispatch, point, comes):
    data = response_xml(dispatch.invoice.name, "RE")
    answering.store("in-9", data, now=clock.now())
    db.session.commit()
    point.inbox["in-9"] = data
    assert (comes("RE"), point.inbox, kept()) == (0, {}, [("RE", True)])


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"number": "99999"}, answering.NOBODYS),
        ({"number": "x"}, answering.NOBODYS),
        ({"number": "9" * 40}, answering.NOBODYS),
        (
            {"ours": "0007:5560360793"},
            "Svaret är ställt till fel adress: 0007:5560360793. Fakturan skickades från 0007:7699990003.",
        ),
        ({"theirs": "0007:5560360793"}, "Svaret kommer från 0007:5560360793, men fakturan skickades till"),
    ],
)
def test_what_is_not_about_what_we_sent_changes_nothing_and_is_shown(dispatch, comes, values, problem):
    assert comes("RE", **values) == 1
    row = db.session.scalars(select(InvoiceResponse)).one()
    assert row.problem.startswith(problem)
    assert (row.waits, dispatch.state) == (True, DispatchState.SENT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hej",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        b"<ApplicationResponse",
        response_xml("1", "XX"),
        response_xml("1", "AP", day="igar"),
        response_xml("", "AP"),
        response_xml("1", "AP").replace(b"invoice_response:3<", b"mlr:3<"),
        b"<a>" + b" " * 10_000_000 + b"</a>",
    ],
    ids=["empty", "text", "other", "doctype", "broken", "code", "day", "number", "another kind", "10 MB"],
)
def test_what_is_no_answer_is_kept_for_a_person_and_holds_up_nothing(app, dispatch, point, comes, data):
    point.inbox["in-0"] = data
    assert comes("AP") == 2
    assert (kept(), point.inbox) == ([(None, True), ("AP", False)], {})
    bad = db.session.scalars(select(InvoiceResponse).where(InvoiceResponse.code.is_(None))).one()
    assert bad.problem
    assert bad.file.size <= 1024 * 1024 + 1


@pytest.mark.parametrize("trouble", ["500", "drop", "garbage", "huge", "short", "401"])
def test_an_inbox_in_trouble_is_looked_into_later(app, dispatch, point, comes, clock, trouble):
    point.trouble = [trouble]
    assert (comes("AP"), len(point.inbox)) == (0, 1)
    assert look(app) == 0
    clock.move(minutes=3)
    assert (look(app), point.inbox) == (1, {})


def test_a_task_is_handled_once(dispatch, comes):
    comes("RE")
    row = db.session.scalars(select(InvoiceResponse)).one()
    answering.handle(row, by=SAM, now=clock.now())
    assert (row.waits, row.handled_by) == (False, "Sam")
    with pytest.raises(Refused, match="redan"):
        answering.handle(row, by=SAM, now=clock.now())
    assert "answer handled" in set(db.session.scalars(select(AuditEvent.what)))
