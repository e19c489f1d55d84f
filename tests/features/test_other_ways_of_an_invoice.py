"""An invoice that is laid into a folder, goes as a letter, or is sent by hand."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from app import audit
from app.customers.models import InvoiceRoute
from app.db import db
from app.errors import Refused
from app.invoicing.sending import actions, attempts, drop_folder, letters, queries
from app.invoicing.sending.states import NO_WAY, ON_PAPER, DispatchRoute, DispatchState
from app.jobs import Job, JobState
from app.mail import LetterState
from tests.furnished import furnished
from tests.sending_case import PDF, accepted, give_documents, invoice_xml, issued, send_due, the_dispatch
from tests.servers import mail_server

pytestmark = pytest.mark.both
SAM = audit.Acting(None, "Sam")


@furnished
def sold(app, visit):
    """Ljungbacken is about to deliver six fruit baskets to Nordbyn."""
    return accepted(visit)


@pytest.fixture
def folder(app, tmp_path) -> Path:
    """Another program fetches invoices from it."""
    place = tmp_path / "fakturor"
    place.mkdir()
    app.config["INVOICE_DROP_FOLDER"] = place
    return place


@pytest.fixture
def dispatch(sold, visit, folder):
    return issued(sold, visit, InvoiceRoute.PEPPOL)


def lies_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))


def again(dispatch, now) -> None:
    actions.send_again(queries.dispatch_with(dispatch.id, lock=True), by=SAM, now=now)


def test_it_is_laid_into_the_folder_whole_and_once(app, dispatch, folder, clock):
    assert dispatch.route == DispatchRoute.FOLDER
    assert send_due(app) == 1
    name = dispatch.invoice.name
    assert lies_in(folder) == [f"{name}.pdf", f"{name}.xml"]
    assert ((folder / f"{name}.pdf").read_bytes(), (folder / f"{name}.xml").read_bytes()) == (PDF, invoice_xml(name))
    assert dispatch.state == DispatchState.SENT
    assert list((folder / drop_folder.READY).iterdir()) == []
    clock.move(days=1)
    assert send_due(app) == 0


def test_it_waits_for_both_documents(app, sold, visit, folder):
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL, documents=False)
    give_documents(dispatch.invoice)
    dispatch.invoice.file = None
    assert send_due(app) == 0


@pytest.mark.parametrize("how_far", ["prepared", "half", "laid", "fetched"])
def test_a_worker_that_died_before_its_commit_leaves_one_of_each(app, dispatch, folder, clock, how_far):
    """Wherever it was killed, also when the other program had fetched the files by then."""
    name, key = dispatch.invoice.name, dispatch.key
    documents = {f"{name}.pdf": PDF, f"{name}.xml": invoice_xml(name)}
    attempts.claim(dispatch.id, clock.now)
    drop_folder.prepare(folder, key, documents)
    if how_far != "prepared":
        dispatch.prepared_in = str(folder)
        drop_folder.publish(folder, key, *list(documents)[: 1 if how_far == "half" else 2])
    fetched = lies_in(folder) if how_far == "fetched" else []
    for one in fetched:
        (folder / one).unlink()
    db.session.commit()
    assert send_due(app) == 0
    clock.move(minutes=2)
    assert send_due(app) == 1
    assert the_dispatch().state == DispatchState.SENT
    assert sorted(fetched + lies_in(folder)) == sorted(documents)


def test_a_folder_that_is_away_is_tried_again_and_nothing_taken_for_fetched(app, dispatch, folder, clock):
    away = folder.rename(folder.with_name("borta"))
    send_due(app)
    assert (dispatch.state, dispatch.why) == (DispatchState.QUEUED, "Mappen finns inte.")
    away.rename(folder)
    drop_folder.prepare(folder, dispatch.key, {f"{dispatch.invoice.name}.xml": b"<a/>"})
    dispatch.prepared_in = str(folder)
    away = folder.rename(folder.with_name("borta"))
    folder.mkdir()  # The place where the share is to appear is there, and empty.
    clock.move(hours=1)
    send_due(app)
    assert (dispatch.state, dispatch.tries, lies_in(folder)) == (DispatchState.QUEUED, 2, [])
    folder.rmdir()
    away.rename(folder)
    clock.move(days=1)
    send_due(app)
    assert (dispatch.state, lies_in(folder)) == (DispatchState.SENT, [f"{dispatch.invoice.name}.xml"])


def test_a_full_disk_leaves_nothing_half_and_is_tried_again(app, dispatch, folder, clock, monkeypatch):
    def full(_door: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        send_due(app)
    assert (dispatch.state, dispatch.why, lies_in(folder)) == (DispatchState.QUEUED, "Disken är full.", [])
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    clock.move(minutes=1)
    send_due(app)
    assert (dispatch.state, len(lies_in(folder))) == (DispatchState.SENT, 2)


def test_a_folder_chosen_anew_gets_what_still_lay_ready_in_the_old_one(app, dispatch, folder, clock, tmp_path):
    drop_folder.prepare(folder, dispatch.key, {f"{dispatch.invoice.name}.xml": b"<a/>"})
    dispatch.prepared_in = str(folder)
    app.config["INVOICE_DROP_FOLDER"] = other = tmp_path / "ny"
    other.mkdir()
    send_due(app)
    assert (lies_in(folder), len(lies_in(other))) == ([], 2)


def test_another_file_of_that_name_is_never_written_over(app, dispatch, folder, clock):
    other = folder / f"{dispatch.invoice.name}.xml"
    other.write_bytes(b"<annat/>")
    send_due(app)
    assert (dispatch.state, other.read_bytes()) == (DispatchState.FAILED, b"<annat/>")
    assert other.name in dispatch.why
    other.unlink()
    again(dispatch, clock.now)
    send_due(app)
    assert (dispatch.state, other.read_bytes()) == (DispatchState.SENT, invoice_xml(dispatch.invoice.name))


@pytest.mark.parametrize("name", ["../1.xml", "a/1.xml", ".1.xml", "1.exe", "", "1.xml\n"])
def test_nothing_is_laid_outside_the_folder(tmp_path, name):
    with pytest.raises(ValueError, match="no names"):
        drop_folder.prepare(tmp_path, "abc", {name: b""})
    assert list(tmp_path.iterdir()) == []


def test_a_letter_with_the_pdf_is_sent_when_the_mail_server_has_it(app, sold, visit, work_off, clock):
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL, documents=False)
    assert (dispatch.route, dispatch.state) == (DispatchRoute.EMAIL, DispatchState.QUEUED)
    letters.follow_letters(clock.now)
    assert dispatch.state == DispatchState.QUEUED
    work_off()
    letters.follow_letters(clock.now)
    assert (dispatch.state, dispatch.sent_at) == (DispatchState.SENT, clock.now)
    assert dispatch.invoice.letter.attachment.name.endswith(".pdf")


@pytest.mark.parametrize("moved", [True, False])
def test_a_letter_that_is_not_taken_fails_and_goes_again(app, sold, visit, work_off, clock, outbox, moved):
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL, documents=False)
    address, first = dispatch.invoice.customer.email, dispatch.invoice.letter_id
    with mail_server() as box:
        app.config["MAIL_URL"] = box.url
        box.refused.add(address)
        work_off()
        letters.follow_letters(clock.now)
        assert (dispatch.state, dispatch.why) == (DispatchState.FAILED, letters.LOST_LETTER)
        box.refused.clear()
        if moved:
            dispatch.invoice.customer.email = address = "ekonomi@nordbyn.example"
        again(dispatch, clock.now)
        work_off()
        letters.follow_letters(clock.now)
    assert dispatch.state == DispatchState.SENT
    subject = f"Faktura {dispatch.invoice.name}"
    assert [to for to, one in box.taken if one["Subject"] == subject] == [address]
    failed = db.session.scalars(select(Job).where(Job.state == JobState.FAILED)).all()
    assert [one.args for one in failed if one.args["letter_id"] in {first, dispatch.invoice.letter_id}] == (
        [{"letter_id": first}] if moved else []
    )


def test_a_letter_that_nobody_knows_of_is_for_a_person(app, sold, visit, work_off, clock):
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL, documents=False)
    with mail_server() as box:
        app.config["MAIL_URL"] = box.url
        box.hangs_up = True
        work_off()
        letters.follow_letters(clock.now)
        assert (dispatch.state, dispatch.why) == (DispatchState.FAILED, letters.DOUBTFUL_LETTER)
        box.hangs_up = False
        again(dispatch, clock.now)
        assert dispatch.invoice.letter.state == LetterState.WAITING
        work_off()
        letters.follow_letters(clock.now)
    assert dispatch.state == DispatchState.SENT


@pytest.mark.parametrize(("wanted", "why"), [(InvoiceRoute.PEPPOL, NO_WAY), (InvoiceRoute.PAPER, ON_PAPER)])
def test_what_cannot_go_by_itself_is_sent_by_hand(app, sold, visit, clock, wanted, why):
    dispatch = issued(sold, visit, wanted)
    assert (dispatch.route, dispatch.why, send_due(app)) == (DispatchRoute.HAND, why, 0)
    with pytest.raises(Refused, match="Ändra hur kunden får fakturor"):
        again(dispatch, clock.now)
    db.session.rollback()
    actions.mark_by_hand(queries.dispatch_with(dispatch.id, lock=True), "Post", by=SAM, now=clock.now)
    assert (the_dispatch().state, the_dispatch().attempts[0].said) == (DispatchState.BY_HAND, "Post (Sam)")
    with pytest.raises(Refused, match="redan på väg"):
        again(dispatch, clock.now)


def test_what_was_to_go_by_hand_goes_by_itself_once_there_is_a_way(app, sold, visit, clock, tmp_path):
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL)
    app.config["INVOICE_DROP_FOLDER"] = tmp_path
    again(dispatch, clock.now)
    assert (send_due(app), dispatch.route, dispatch.state) == (1, DispatchRoute.FOLDER, DispatchState.SENT)


def test_what_is_delivered_stays_delivered(app, sold, visit, clock):
    dispatch = issued(sold, visit, InvoiceRoute.PAPER)
    attempts.note_delivered(dispatch, now=clock.now)
    for state in (DispatchState.QUEUED, DispatchState.FAILED, DispatchState.BY_HAND, DispatchState.SENT):
        with pytest.raises(Refused, match="är framme"):
            dispatch.state = state
