"""Invoices of twenty lines: issued, printed and made into checked e-invoices by one worker; numbered by twenty at once.

The customer's words are a thousand in eight minutes with one worker on two cores. A sample goes the whole way, from the
delivered order to both files, through a worker as `flask worker` starts it, when that has warmed up with a few. What is
counted is processor time, so that others on the machine do not count: what the worker's own process takes, which is
one processor's at most, or half of what all take together, whichever is more.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import func, select, update

from app import clock, migrating, moneyflow, orderflow, workdays
from app.catalog import start
from app.catalog.models import Article
from app.customers.models import Customer, InvoiceRhythm, InvoiceRoute
from app.db import db
from app.factory import create_app
from app.invoicing.actions import values_of
from app.invoicing.document import Invoice
from app.invoicing.einvoice import inspecting
from app.invoicing.einvoice.findings import fatal
from app.invoicing.models import InvoiceRecord
from app.invoicing.ubl import to_ubl
from app.orders.cart import Delivery
from app.orders.models import Order
from app.vat import VatClass
from config import from_env
from tests import make
from tests.benchmarks.bench_bid_document import _family, _held
from tests.databases import PostgresServer
from tests.servers import environment, flask, running, wait_until

LINES, WARM, SAMPLE, WHOLE = 20, 6, 60, 1_000
SECONDS, MILLISECONDS, FLAT = 8 * 60.0, 50.0, 1.15
AT_ONCE, EACH = 20, 2
PATIENCE = 300.0


def measure() -> Iterator[tuple[str, float, float]]:
    """By the clock on PostgreSQL, and the race on both databases."""
    for kind in ("PostgreSQL", "SQLite"):
        with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as environ:
            app = create_app(from_env(environ))
            timed = WARM + SAMPLE if kind == "PostgreSQL" else 0
            with app.app_context():
                ids = _fill(timed + AT_ONCE * EACH)
                db.engine.dispose()
            if timed:
                yield from _through_a_worker(app, ids[:timed], environ, Path(folder))
                yield _made_and_checked(app)
            wrong = _all_at_once(app, ids[timed:], environ)
            yield f"{kind}: {AT_ONCE} processes issuing at once, gaps and doubles in the series", wrong, 0.0


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Mapping[str, str]]:
    more = {"SAMSALJ_URL": "http://localhost"}
    if kind == "SQLite":
        yield environment(folder, **more)
        return
    server = PostgresServer()
    try:
        yield environment(folder, DATABASE_URL=server.url, **more)
    finally:
        server.close()


def _fill(orders: int) -> list[int]:
    """So many delivered orders of a customer that gets e-invoices, none of them charged; their ids."""
    migrating.prepare()
    flask_migrate.upgrade()
    start.load_law()
    own = {"vat_number": "SE769999000301", "bankgiro": "999-0003", "f_tax": True, "phone": "031-390 06 01"}
    make.make_sales_company(**own)
    maker = make.make_ljungbacken()
    articles = [_article(number) for number in range(LINES)]
    for article in articles:
        make.make_offering(article, maker, capacity_per_week=Decimal(1_000_000))
    buyer = make.make_nordbyn(electronic_address="0007:5599992020", invoice_rhythm=InvoiceRhythm.MONTH)
    buyer.invoice_route = InvoiceRoute.PEPPOL
    db.session.commit()
    found = [_delivered({article.id: Decimal(4) for article in articles}, buyer) for _number in range(orders)]
    db.session.execute(update(Customer).values(invoice_rhythm=InvoiceRhythm.ORDER))
    db.session.commit()
    return found


def _article(number: int) -> Article:
    kind = (VatClass.STANDARD, VatClass.FOOD, VatClass.RESTAURANT)[number % 3]
    return make.make_article(f"Fruktkorg nummer {number}", vat_class=kind)


def _delivered(cart: dict[int, Decimal], customer: Customer) -> int:
    day = workdays.working_days_after(clock.local_date(clock.now()), 10)
    where = Delivery(day, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", make.GOTHENBURG, buyer_reference="Alva")
    values = {"customer": customer, "ticket": secrets.token_hex(16), "by": None, "now": clock.now()}
    made = orderflow.checkout(cart, where, **values)
    for assignment in made.assignments:
        orderflow.accept(assignment, {}, by=None, now=clock.now())
    for assignment in made.assignments:
        orderflow.deliver(assignment, by=None, now=clock.now())
    db.session.commit()
    return made.id


def _through_a_worker(
    app: Flask, ids: list[int], environ: Mapping[str, str], folder: Path
) -> Iterator[tuple[str, float, float]]:
    """From the first that is issued to the last that lies there as PDF and XML."""
    with running(flask("worker"), environ, folder / "worker.log") as worker:
        _go(app, ids[:WARM])
        thirds, held = [ids[WARM:][place::3] for place in range(3)], list[float]()
        before = time.process_time(), *_taken(worker.pid)
        for third in thirds:
            _go(app, third, of=WARM + len(third) * (len(held) + 1))
            held.append(sum(map(_held, _family(worker.pid))))
        after = time.process_time(), *_taken(worker.pid)
        ours, own, others = (now - then for now, then in zip(after, before, strict=True))
        seconds = max(own, (ours + own + others) / 2) * WHOLE / SAMPLE
    yield f"{WHOLE} invoices of {LINES} lines to PDF and checked XML, one worker, seconds", seconds, SECONDS
    yield "the same, megabytes of the worker at the last against the first third", held[-1] / held[0], FLAT


def _taken(pid: int) -> tuple[float, float]:
    """Seconds of processor time that a process has taken, and its children beside it, those that have ended too."""
    own, *others = [_clocked(one) for one in _family(pid)]
    return own[0], own[1] + sum(sum(one) for one in others)


def _clocked(pid: int) -> tuple[float, float]:
    said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(one) / os.sysconf("SC_CLK_TCK") for one in said[11:15])
    return user + system, ended_user + ended_system


def _go(app: Flask, ids: list[int], of: int = WARM) -> None:
    """Issue these, and wait until there are so many with both files."""
    with app.app_context():
        for order_id in ids:
            moneyflow.invoice(db.session.get_one(Order, order_id), now=clock.now())
            db.session.commit()
        wait_until(lambda: _ready() >= of, seconds=PATIENCE, what="the last PDF and XML")


def _ready() -> int:
    both = InvoiceRecord.file_id.is_not(None), InvoiceRecord.xml_file_id.is_not(None)
    found: int = db.session.scalar(select(func.count()).where(*both)) or 0
    db.session.rollback()
    return found


def _made_and_checked(app: Flask) -> tuple[str, float, float]:
    """Milliseconds for one once warm, in this process and the inspector's together."""
    with app.app_context():
        some = [values_of(one) for one in db.session.scalars(select(InvoiceRecord).limit(WARM + SAMPLE))]
    _check(some[:WARM])
    before = sum(_taken(os.getpid()))
    _check(some[WARM:])
    each = (sum(_taken(os.getpid())) - before) * 1000 / (len(some) - WARM)
    return f"XML of {LINES} lines made and checked, milliseconds", each, MILLISECONDS


def _check(some: list[Invoice]) -> None:
    for one in some:
        if fatal(inspecting.check(to_ubl(one))):
            raise ValueError(f"invoice {one.name} is not right")


def _all_at_once(app: Flask, ids: list[int], environ: Mapping[str, str]) -> float:
    """How many numbers are missing or double when so many processes begin together."""
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(AT_ONCE)
    crowd = [fork.Process(target=_issuer, args=(environ, gate, ids[place::AT_ONCE])) for place in range(AT_ONCE)]
    with app.app_context():
        before = db.session.scalar(select(func.max(InvoiceRecord.number))) or 10_000
        db.engine.dispose()
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with app.app_context():
        got = list(db.session.scalars(select(InvoiceRecord.number).where(InvoiceRecord.number > before)))
        db.engine.dispose()
    wanted = set(range(before + 1, before + 1 + len(ids)))
    return len(wanted - set(got)) + len(got) - len(set(got) & wanted)


def _issuer(environ: Mapping[str, str], gate: object, ids: list[int]) -> None:
    """One of them; all begin at the same moment, each with an app and connections of its own."""
    app = create_app(from_env(environ))
    with app.app_context():
        gate.wait()  # type: ignore[attr-defined]
        for order_id in ids:
            moneyflow.invoice(db.session.get_one(Order, order_id), now=clock.now())
            db.session.commit()
    os._exit(0)


if __name__ == "__main__":
    for name, figure, limit in measure():
        print(f"{name}: {figure:.2f} (limit {limit})")  # noqa: T201
