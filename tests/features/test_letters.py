"""Letters: written with what they tell of, and delivered once."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import files, mail
from app.db import db
from app.jobs import Job, JobState
from app.mail import Letter, LetterState
from tests.servers import mail_server

pytestmark = pytest.mark.both


def write(to: str = "kontor@nordbyn.example", **values) -> Letter:
    fixed = {"kind": "test", "subject": "Tack för din beställning", "body": "Hej!\n\nVi återkommer."}
    return mail.write(to=("Åsa på Nordbyn", to), now=app_clock.now(), **{**fixed, **values})


def laid(app) -> list[Path]:
    return sorted(app.config["LETTERS"].glob("*.eml"))


def state(letter: Letter) -> LetterState:
    return db.session.scalars(select(Letter.state).where(Letter.id == letter.id)).one()


@pytest.fixture
def mailbox(app):
    with mail_server() as box:
        app.config["MAIL_URL"] = box.url
        yield box


def test_a_letter_is_laid_as_a_file_that_a_mail_program_opens(app, work_off):
    letter = write()
    work_off()
    (file,) = laid(app)
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == (
        "Åsa på Nordbyn <kontor@nordbyn.example>",
        "Tack för din beställning",
    )
    assert message.get_content().splitlines() == ["Hej!", "", "Vi återkommer."]
    assert message["Message-ID"] == letter.message_id
    assert letter.state == LetterState.SENT
    assert letter.sent_at == app_clock.now()


def test_a_file_is_laid_once_however_often_its_job_runs(app, work_off):
    letter = write()
    work_off()
    file = laid(app)[0]
    first = file.stat().st_mtime_ns
    mail.post(letter)
    assert work_off() == 1
    assert laid(app) == [file]
    assert file.stat().st_mtime_ns == first


def test_a_letter_goes_only_with_what_it_tells_of(app, work_off):
    write()
    db.session.rollback()
    assert work_off() == 0
    assert not laid(app)


def test_a_letter_that_waits_for_its_document_takes_it_along(app, work_off):
    letter = write(send=False)
    assert work_off() == 0
    letter.attachment = files.save(b"%PDF-1.7 x", name="faktura.pdf", media_type="application/pdf", now=app_clock.now())
    mail.post(letter)
    work_off()
    message = message_from_bytes(laid(app)[0].read_bytes(), policy=policy.default)
    (attachment,) = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("faktura.pdf", b"%PDF-1.7 x")


@pytest.mark.parametrize("name", ['Kim "Kimpan" Ek', "Kim\\", "Kim, Ek & Co <kim>", "Kim\r\nBcc: alla@exempel.example"])
def test_a_name_cannot_break_out_of_its_place(app, work_off, name):
    letter = mail.write(
        kind="test", to=(name, "kim@exempel.example"), subject="A\r\nBcc: b@c.example", body="", now=app_clock.now()
    )
    work_off()
    message = message_from_bytes(laid(app)[0].read_bytes(), policy=policy.default)
    (recipient,) = message["To"].addresses
    assert (recipient.display_name, recipient.addr_spec) == (letter.to_name, "kim@exempel.example")
    assert message["Bcc"] is None


def test_over_smtp_a_letter_arrives_once(mailbox, work_off):
    letter = write()
    work_off()
    mail.post(letter)
    work_off()
    (message,) = mailbox.to("kontor@nordbyn.example")
    assert message["Message-ID"] == letter.message_id
    assert state(letter) == LetterState.SENT


def test_a_recipient_who_does_not_exist_is_shown_to_staff_at_once(mailbox, work_off):
    mailbox.refused.add("borta@nordbyn.example")
    lost, fine = write("borta@nordbyn.example"), write()
    work_off()
    assert [address for address, _ in mailbox.taken] == ["kontor@nordbyn.example"]
    assert (state(lost), state(fine)) == (LetterState.WAITING, LetterState.SENT)
    failed = db.session.scalars(select(Job).where(Job.state == JobState.FAILED)).one()
    assert failed.args == {"letter_id": lost.id}
    assert "no such mailbox" in failed.error


def test_a_server_that_is_away_is_tried_again(mailbox, app, work_off, clock):
    open_address = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = "smtp://127.0.0.1:9"
    letter = write()
    work_off()
    assert state(letter) == LetterState.WAITING
    app.config["MAIL_URL"] = open_address
    assert work_off() == 0
    clock.move(minutes=1)
    work_off()
    assert len(mailbox.taken) == 1
    assert state(letter) == LetterState.SENT


def test_a_server_that_hangs_up_leaves_the_letter_for_a_person_to_judge(mailbox, work_off, clock):
    mailbox.hangs_up = True
    letter = write()
    work_off()
    assert state(letter) == LetterState.UNCERTAIN
    mailbox.hangs_up = False
    for _ in range(10):
        clock.move(hours=1)
        work_off()
    assert len(mailbox.taken) == 1

    mail.send_again(letter.id, now=app_clock.now())
    work_off()
    assert len(mailbox.taken) == 2
    assert state(letter) == LetterState.SENT


def test_a_worker_that_died_while_the_server_held_the_letter_leaves_it_for_a_person(mailbox, work_off):
    letter = write()
    letter.state = LetterState.SENDING
    work_off()
    assert not mailbox.taken
    assert state(letter) == LetterState.UNCERTAIN


def test_only_an_uncertain_letter_is_sent_again(mailbox, work_off):
    letter = write()
    work_off()
    assert mail.send_again(letter.id, now=app_clock.now()) is None
    assert work_off() == 0


def send(to: str) -> None:
    mail.send(kind="test", to=("Åsa", to), subject="Hej", body="Hej.", now=app_clock.now())


def test_letters_are_numbered_as_they_were_written_however_they_are(app):
    send("one@nordbyn.example")
    write("two@nordbyn.example")
    send("three@nordbyn.example")
    db.session.commit()
    found = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [letter.to_address.partition("@")[0] for letter in found] == ["one", "two", "three"]
    jobs = db.session.scalars(select(Job).order_by(Job.id)).all()
    assert [job.args["letter_id"] for job in jobs] == [letter.id for letter in found]


def test_a_letter_of_a_savepoint_that_is_undone_is_not_there_and_those_before_it_are(app):
    send("kept@nordbyn.example")
    savepoint = db.session.begin_nested()
    send("undone@nordbyn.example")
    write("undone-too@nordbyn.example")
    savepoint.rollback()
    with db.session.begin_nested():
        send("inside@nordbyn.example")
    db.session.commit()
    kept = set(db.session.scalars(select(Letter.to_address)))
    assert kept == {"kept@nordbyn.example", "inside@nordbyn.example"}
    assert len(db.session.scalars(select(Job)).all()) == 2


def test_a_letter_of_a_transaction_that_is_undone_is_not_there(app):
    send("undone@nordbyn.example")
    db.session.rollback()
    db.session.commit()
    assert db.session.scalars(select(Letter)).all() == []
    assert db.session.scalars(select(Job)).all() == []
