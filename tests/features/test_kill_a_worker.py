"""Workers are killed, stopped and woken as real processes: no letter is lost, and none is sent twice."""

from __future__ import annotations

from collections import Counter
from contextvars import Context

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app import jobs, mail
from app.db import db
from app.mail import Letter, LetterState
from app.workers import Worker
from tests.installation import Installation
from tests.servers import mail_server, redis_server, wait_until

pytestmark = pytest.mark.both


@pytest.fixture
def installation(house, tmp_path):
    return Installation(tmp_path, house.another(tmp_path, "law"))


@pytest.fixture
def own(installation):
    """The web server's side of the installation."""
    app = installation.app()
    yield app
    with app.app_context():
        db.engine.dispose()


def write_letters(own, count: int) -> None:
    def write() -> None:
        with own.app_context():
            for number in range(count):
                address = f"kim-{number}@exempel.example"
                mail.write(kind="test", to=("Kim", address), subject="Brev", body="Hej!", now=app_clock.now())
                db.session.commit()

    Context().run(write)


def letters(own) -> Counter[LetterState]:
    def look() -> Counter[LetterState]:
        with own.app_context():
            return Counter(db.session.scalars(select(Letter.state)))

    return Context().run(look)


def test_a_worker_killed_in_the_middle_loses_no_letter_and_lays_none_twice(installation, own):
    write_letters(own, 60)
    laid = installation.folder / "letters"
    installation.kill_worker(lambda: len(list(laid.glob("*.eml"))) > 5)
    assert letters(own)[LetterState.WAITING] > 0
    with installation.worker():
        wait_until(lambda: letters(own) == {LetterState.SENT: 60}, seconds=40, what="the work")
    assert len(list(laid.glob("*.eml"))) == 60


def test_a_worker_killed_in_the_middle_sends_no_letter_twice(installation, own):
    write_letters(own, 30)
    with mail_server() as box:
        box.seconds = 0.05
        installation.kill_worker(lambda: len(box.taken) > 5, MAIL_URL=box.url)
        with installation.worker(MAIL_URL=box.url):
            under_way = {LetterState.WAITING, LetterState.SENDING}
            wait_until(lambda: not under_way & set(letters(own)), seconds=40, what="the work")
    arrived = Counter(recipient for recipient, _ in box.taken)
    assert max(arrived.values()) == 1
    uncertain = letters(own)[LetterState.UNCERTAIN]
    assert uncertain <= 2, "the worker has two threads, and each held one letter at most"
    assert 30 - uncertain <= len(arrived) <= 30


def test_a_worker_told_to_stop_finishes_what_it_has_begun(installation, own):
    write_letters(own, 10)
    with mail_server() as box:
        box.seconds = 1
        with installation.worker(MAIL_URL=box.url) as process:
            wait_until(lambda: letters(own)[LetterState.SENDING] > 0, what="sending")
            process.terminate()
            assert process.wait(20) == 0
    states = letters(own)
    assert states[LetterState.SENDING] == states[LetterState.UNCERTAIN] == 0
    assert states[LetterState.SENT] == len(box.taken) > 0


def test_with_redis_the_worker_hears_of_a_job_at_once(installation, own, tmp_path):
    with redis_server(tmp_path) as url:
        told = installation.app(REDIS_URL=url)
        storage = told.extensions[jobs.QUEUE].huey.storage
        with installation.worker(REDIS_URL=url):
            wait_until(lambda: worker_count(own), what="the worker")
            write_letters(told, 5)
            wait_until(lambda: letters(own) == {LetterState.SENT: 5}, seconds=10, what="delivery")
        left = storage.queue_size()  # What was handed over twice, when the worker was told to stop before it looked.
        write_letters(told, 1)
        assert storage.queue_size() == left + 1
        storage.pool.disconnect()
    write_letters(told, 1)  # Redis is gone; the letter is saved all the same.
    with told.app_context():
        db.engine.dispose()
    assert letters(own) == {LetterState.SENT: 5, LetterState.WAITING: 2}


def worker_count(own) -> int:
    def look() -> int:
        with own.app_context():
            return db.session.scalar(select(func.count(Worker.id))) or 0

    return Context().run(look)
