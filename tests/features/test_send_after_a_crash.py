"""A worker that is killed while it sends invoices, and started again: each reaches its receiver once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, update

from app import clock, files
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchRoute, DispatchState
from app.money import NOUGHT
from tests import make
from tests.access_point import KEY, access_point
from tests.installation import Installation
from tests.sending_case import PDF, invoice_xml
from tests.servers import wait_until


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


def inside(own, act):
    """Do something in the installation."""

    def run():
        with own.app_context():
            found = act()
            db.session.commit()
            return found

    return Context().run(run)


def queue(own, count: int, route: DispatchRoute) -> dict[str, str]:
    """So many invoices wait to go that way; gives each one's key by its name."""

    def write() -> dict[str, str]:
        customer, now = make.make_nordbyn(), clock.now()
        pdf = files.save(PDF, name="1.pdf", media_type="application/pdf", now=now)
        for number in range(20001, 20001 + count):
            xml = files.save(invoice_xml(str(number)), name="1.xml", media_type="application/xml", now=now)
            record = InvoiceRecord(number=number, customer=customer, issued_at=now, due_on=now.date(), document={})
            record.net = record.vat = record.gross = NOUGHT
            record.file, record.xml = pdf, xml
            waiting = {"queued_at": now, "next_at": now, "key": f"k{number}"}
            db.session.add(InvoiceDispatch(invoice=record, route=route, **waiting))
        return {str(number): f"k{number}" for number in range(20001, 20001 + count)}

    return inside(own, write)


def states(own) -> Counter[DispatchState]:
    return inside(own, lambda: Counter(db.session.scalars(select(InvoiceDispatch.state))))


def let_a_minute_pass(own) -> int:
    """What the dead worker had claimed is free; returns how much that was."""

    def pass_by() -> int:
        late = {"claimed_until": clock.now() - timedelta(seconds=1)}
        held = update(InvoiceDispatch).where(InvoiceDispatch.claimed_until.is_not(None))
        return db.session.execute(held.values(**late).execution_options(synchronize_session=False)).rowcount

    return inside(own, pass_by)


def test_killed_between_the_post_and_its_commit_each_invoice_arrives_once(installation, own):
    keys = queue(own, 12, DispatchRoute.ACCESS_POINT)
    with access_point() as point:
        point.seconds = 1
        ways = {"ACCESS_POINT_URL": point.url, "ACCESS_POINT_KEY": KEY}
        installation.kill_worker(lambda: len(point.taken) > 5, **ways)
        assert let_a_minute_pass(own) > 0
        with installation.worker(**ways):
            wait_until(lambda: states(own) == {DispatchState.SENT: 12}, seconds=120, what="the sending")
        assert set(point.taken) == set(keys.values())
        assert point.posts > 12
        names = inside(
            own, lambda: dict(db.session.execute(select(InvoiceDispatch.key, InvoiceDispatch.message_id)).all())
        )
        assert names == {key: document.id for key, document in point.taken.items()}


def test_killed_between_the_file_and_its_commit_each_file_is_fetched_once(installation, own, tmp_path):
    names = queue(own, 60, DispatchRoute.FOLDER)
    folder = tmp_path / "fakturor"
    folder.mkdir()
    fetched, stop = Counter(), Event()
    fetcher = Thread(target=fetch, args=(folder, fetched, stop), daemon=True)
    fetcher.start()
    ways = {"INVOICE_DROP_FOLDER": str(folder)}
    installation.kill_worker(lambda: len(fetched) > 10, **ways)
    let_a_minute_pass(own)
    assert states(own)[DispatchState.QUEUED] > 0
    with installation.worker(**ways):
        wait_until(lambda: states(own) == {DispatchState.SENT: 60}, seconds=120, what="the sending")
    wait_until(lambda: len(fetched) == 120, what="the last one")
    stop.set()
    fetcher.join(5)
    assert fetched == dict.fromkeys((f"{name}.{kind}" for name in names for kind in ("pdf", "xml")), 1)
    assert list((folder / ".samsalj").iterdir()) == []


def fetch(folder: Path, fetched: Counter[str], stop: Event) -> None:
    """The other program: it takes away whatever appears, at once."""
    while not stop.wait(0.005):
        for one in folder.glob("*.*"):
            with suppress(FileNotFoundError):
                if one.is_file():
                    one.unlink()
                    fetched[one.name] += 1
