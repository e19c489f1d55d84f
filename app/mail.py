"""Letters: written in the transaction of what they tell of, delivered by a worker, readable by staff."""

from __future__ import annotations

import os
import re
import secrets
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import ForeignKey, event, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app import clock, files, jobs
from app.db import Base, db, holds, write_rows
from app.errors import NotYours
from app.files import StoredFile

POSTED = "posted letters"
SENT = "letters sent"
SENT_IDS = "letters sent, by id"
_ABBREVIATED = re.compile(r"(?<!\.)\.\.(?!\.)")
"""A name such as *Ljungbacken ek. för.* ends its sentence by itself."""


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """The server has been handed the letter and has not answered yet."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """We died while the server held the letter. Sending it again might send it twice, so a person decides."""
    PAPER = "paper"
    """It goes by post, and has not been taken there yet."""


class Refusal(smtplib.SMTPResponseException, jobs.Hopeless):
    """The mail server will never take the letter, as when the address does not exist."""


class Letter(Base):
    """One letter as it was written. Its address and words are its own; nothing is looked up when it is sent."""

    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    to_address: Mapped[str]
    to_name: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING, index=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    attachment: Mapped[StoredFile | None] = relationship()
    enclosures: Mapped[list[Enclosure]] = relationship(
        order_by="Enclosure.place", cascade="all, delete-orphan", passive_deletes=True
    )
    """What goes with the attachment; a letter without one has none."""

    @property
    def files(self) -> list[StoredFile]:
        """All that is enclosed, the attachment first."""
        return [self.attachment, *(one.file for one in self.enclosures)] if self.attachment else []


class Enclosure(Base):
    """One more file of a letter."""

    __tablename__ = "letter_enclosure"
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile] = relationship(lazy="joined")


def words(kind: str, **values: object) -> str:
    """The words of a letter, from templates/emails: in Swedish, also when whoever causes it reads English.

    What surrounds our pages is not around a letter.
    """
    with force_locale("sv"):
        return one_stop(current_app.jinja_env.get_template(f"emails/{kind}.txt").render(values))


def one_stop(words: str) -> str:
    """The words with one full stop where a sentence ends in a name that has one of its own."""
    return _ABBREVIATED.sub(".", words)


def write(*, kind: str, to: tuple[str, str], subject: str, body: str, now: datetime, send: bool = True) -> Letter:
    """Write a letter to (name, address). With `send=False` it lies until `post` is called, as when a PDF is due."""
    if not db.session().in_nested_transaction():
        _write_sent(db.session())  # Letters are numbered as they were written.
    letter = Letter(**_written(kind, to, subject, body, now))
    db.session.add(letter)
    if send:
        post(letter)
    return letter


def send(*, kind: str, to: tuple[str, str], subject: str, body: str, now: datetime) -> None:
    """Write a letter to (name, address) with which nobody goes on: it is there once the transaction is saved.

    In a savepoint it is written as others are, and goes with it when it is undone.
    """
    session = db.session()
    if session.in_nested_transaction():
        write(kind=kind, to=to, subject=subject, body=body, now=now)
        return
    session.connection()  # Only what has begun can be undone.
    row = {**_written(kind, to, subject, body, now), "state": LetterState.WAITING}
    session.info.setdefault(SENT, []).append(row)


def _written(kind: str, to: tuple[str, str], subject: str, body: str, now: datetime) -> dict[str, Any]:
    name, address = to
    domain = address.rpartition("@")[2] or "localhost"
    return {
        "kind": kind,
        "to_name": " ".join(name.split()),
        "to_address": address,
        "subject": " ".join(subject.split()),
        "body": body.strip() + "\n",
        "message_id": f"<{secrets.token_hex(16)}@{urlsplit(current_app.config['BASE_URL']).hostname or domain}>",
        "created_at": now,
    }


def enclose(letter: Letter, attachment: StoredFile, more: Sequence[StoredFile] = ()) -> None:
    """Put files into a letter that has not gone."""
    letter.attachment = attachment
    letter.enclosures = [Enclosure(place=place, file=file) for place, file in enumerate(more)]


def post(letter: Letter) -> None:
    """Let a worker deliver the letter once the transaction is saved. Its job is written then, with all the others'."""
    db.session().info.setdefault(POSTED, []).append(letter)


@event.listens_for(Session, "before_commit", insert=True)  # before new jobs are counted
def _enqueue(session: Session) -> None:
    """All letters of the transaction are written in one go, and so are their jobs. The end of a savepoint is none."""
    if session.in_nested_transaction():
        return
    posted: list[Letter] = session.info.pop(POSTED, [])
    there = [letter for letter in posted if letter in session]
    if there:
        session.flush()
    _write_sent(session)
    ids = [*(letter.id for letter in there), *session.info.pop(SENT_IDS, [])]
    jobs.enqueue_many(deliver, [{"letter_id": id_} for id_ in sorted(ids)])


def _write_sent(session: Session) -> None:
    if rows := session.info.pop(SENT, []):
        session.info.setdefault(SENT_IDS, []).extend(write_rows(Letter, rows))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(POSTED, None)
        session.info.pop(SENT, None)
        session.info.pop(SENT_IDS, None)


def send_again(letter_id: int, *, now: datetime) -> Letter | None:
    """A person has decided that an uncertain letter is to go once more; None when there is no such letter."""
    query = select(Letter).where(Letter.id == letter_id, Letter.state == LetterState.UNCERTAIN).with_for_update()
    letter = db.session.scalar(query)
    if letter is not None:
        letter.state, letter.created_at = LetterState.WAITING, now
        post(letter)
    return letter


def uncertain(limit: int = 100) -> Sequence[Letter]:
    """Letters of which we do not know whether they went, newest first."""
    query = select(Letter).where(Letter.state == LetterState.UNCERTAIN).order_by(Letter.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def latest(text: str = "", before: int | None = None, limit: int = 50) -> Sequence[Letter]:
    """Letters for staff to read, newest first; `before` is the id from which to go on. One more tells of more."""
    query = select(Letter).order_by(Letter.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(Letter.id < before)
    if text:
        said = (holds(Letter.to_address, text), holds(Letter.subject, text))
        query = query.where(or_(*said))
    return db.session.scalars(query).all()


def letter_with(letter_id: int) -> Letter:
    """One letter, for staff. Raises NotYours when there is none."""
    found = db.session.get(Letter, letter_id)
    if found is None:
        raise NotYours
    return found


@jobs.job
def deliver(letter_id: int) -> None:
    """Send one letter over SMTP, or lay it as a file where there is no server. Never twice."""
    letter = db.session.scalars(select(Letter).where(Letter.id == letter_id).with_for_update()).one()
    mail_url: str | None = current_app.config["MAIL_URL"]
    if letter.state == LetterState.SENDING:
        letter.state = LetterState.UNCERTAIN
    elif letter.state == LetterState.WAITING and mail_url:
        _send(letter, mail_url)
    elif letter.state == LetterState.WAITING:
        _lay_as_file(letter)
        letter.state, letter.sent_at = LetterState.SENT, clock.now()


def message(letter: Letter) -> EmailMessage:
    """The letter as an e-mail message."""
    made = EmailMessage(policy=SMTP)
    made["From"] = current_app.config["MAIL_FROM"]
    made["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    made["Subject"] = letter.subject
    made["Date"] = letter.created_at
    made["Message-ID"] = letter.message_id
    made["Content-Language"] = "sv"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.body, cte="quoted-printable")
    for file in letter.files:
        main, sub = file.media_type.split("/")
        made.add_attachment(files.read(file), maintype=main, subtype=sub, filename=file.name)
    return made


def _lay_as_file(letter: Letter) -> None:
    """Under the letter's own number, so that a second try writes the same file once more and no other."""
    folder: Path = current_app.config["LETTERS"]
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{letter.id:06d}.{os.getpid()}"
    draft.write_bytes(message(letter).as_bytes())
    draft.replace(folder / f"{letter.id:06d}.eml")


def _send(letter: Letter, mail_url: str) -> None:
    """Nothing is locked while we wait for the server: a slow one must not keep the house from working."""
    made, letter_id, recipient = message(letter), letter.id, letter.to_address
    sender = str(made["From"].addresses[0].addr_spec)
    jobs.checkpoint()
    server = _server(mail_url)
    try:
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(sender), 250)
        _expect(server.rcpt(recipient), 250, 251)
        if _move(letter_id, LetterState.WAITING, to=LetterState.SENDING):
            _hand_over(server, made.as_bytes(), letter_id)
        with suppress(smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, data: bytes, letter_id: int) -> None:
    """From here until the server has answered nobody knows whether the letter went: dying now means asking a person."""
    try:
        _expect(server.data(data), 250)
    except smtplib.SMTPResponseException:
        _move(letter_id, LetterState.SENDING, to=LetterState.WAITING)  # It answered, and said no: nothing was sent.
        raise
    except OSError:
        _move(letter_id, LetterState.SENDING, to=LetterState.UNCERTAIN)
    else:
        _move(letter_id, LetterState.SENDING, LetterState.UNCERTAIN, to=LetterState.SENT)


def _move(letter_id: int, *origins: LetterState, to: LetterState) -> bool:
    """Change the state and save it at once; False when somebody else has changed it before."""
    sent_at = clock.now() if to == LetterState.SENT else None
    moved = db.session.execute(
        update(Letter).where(Letter.id == letter_id, Letter.state.in_(origins)).values(state=to, sent_at=sent_at)
    )
    jobs.checkpoint()
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]


def _server(mail_url: str) -> smtplib.SMTP:
    """Connect to ``smtp[s]://user:password@host:port[?starttls=1]``."""
    parts = urlsplit(mail_url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=30)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=30)
        if parse_qs(parts.query).get("starttls") == ["1"]:
            server.starttls()
    if parts.username and parts.password:
        server.login(unquote(parts.username), unquote(parts.password))
    return server


def _expect(answer: tuple[int, bytes], *good: int) -> None:
    """Raises Hopeless for a lasting no (5xx, RFC 5321 4.2.1), else SMTPResponseException: it may be yes later."""
    code, words = answer
    if code not in good:
        raise (Refusal if code >= 500 else smtplib.SMTPResponseException)(code, words)
