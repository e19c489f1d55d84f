"""The order desk and a member's day with a million orders behind them against the same with a thousand.

On both databases: ``python -m tests.benchmarks order_desk``. In both sizes as many orders are going on; the others have
been delivered, some a month ago and some years. What is asked is what staff and a work supervisor ask all day; the
member and the customer that are asked about have more than a page of it in both sizes.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, text, update

from app import clock
from app.catalog.models import Article, Offering
from app.customers.models import Customer, CustomerKind
from app.db import Base, db
from app.factory import create_app
from app.members.models import Member
from app.money import Money
from app.orders.models import Assignment, AssignmentLine, Order, OrderEvent, OrderLine
from app.orders.states import AssignmentState, EventKind, OrderState
from config import ROOT, from_env
from tests import make
from tests.benchmarks.bench_large_catalog import _database
from tests.people import Visitor, sign_in
from tests.servers import flask

SMALL, LARGE = 1_000, 1_000_000
GOING_ON = 600
"""Orders that are not delivered, in either size."""
CUSTOMERS, MEMBERS, ARTICLES = 500, 200, 400
OFTEN = 10
"""One order in so many is of the customer that is sought, and one of the member that looks: a full page in both."""
MOST_TIMES = 1.5
ROUNDS = 15
DRAWN, BATCH = 10_000, 5_000
SELDOM = 30
"""So many customers have ordered once each; their orders are the oldest."""
SAM, KIM, KAJ = "sam@samklang.example", "kim@medlem.example", "kaj@kund.example"
PAGES = {
    SAM: (
        "/personal/",
        "/personal/bestallningar",
        "/personal/bestallningar?hog=open",
        "/personal/bestallningar?hog=unanswered",
        "/personal/bestallningar?hog=late",
        "/personal/bestallningar?hog=accepted",
        "/personal/bestallningar?hog=delivered",
        "/personal/bestallningar?q=Kund+77",
        "/personal/bestallningar?q=Kund",
        "/personal/bestallningar?q=Enstaka",
        "/personal/bestallningar?q=AVTAL-1",
        "/personal/bestallningar?hog=open&q=Kund",
        "/personal/bestallningar?hog=late&q=Kund+77",
        "/personal/bestallningar?hog=late&q=AVTAL-1",
        "/personal/bestallningar?q=INK-500",
        "/personal/dag/korlista",
        "/personal/dag/packa-per-artikel",
    ),
    KIM: ("/medlem/", "/medlem/uppdrag", "/medlem/dag", "/medlem/dag/korlista", "/medlem/dag/packa-per-artikel"),
    KAJ: ("/bestallningar",),
}


def measure() -> Iterator[tuple[str, float, float]]:
    """For each page on each database, how many times as long it takes."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as environ:
            yield from _compared(kind, environ)


def _compared(kind: str, environ: Mapping[str, str]) -> Iterator[tuple[str, float, float]]:
    for command in (["migrate"], ["seed", f"--articles={ARTICLES}", f"--members={MEMBERS}"]):
        subprocess.run(flask(*command), cwd=ROOT, env=environ, check=True, capture_output=True)
    app = create_app(from_env(environ))
    app.test_client_class = Visitor
    with app.app_context():
        people()
        fill(SMALL)
        small = timed(app)
        fill(LARGE)
        for page, milliseconds in timed(app).items():
            yield f"{kind}, {page}: times slower than with {SMALL}", milliseconds / small[page], MOST_TIMES
        db.session.remove()
        db.engine.dispose()


def timed(app: Flask) -> dict[str, float]:
    """The median of what each page takes, in ms."""
    found = {}
    for email, pages in PAGES.items():
        visitor = sign_in(app, email)
        for page in pages:
            found[page] = median(_milliseconds(visitor, page) for _ in range(ROUNDS))
    return found


def _milliseconds(visitor: Visitor, page: str) -> float:
    began = time.perf_counter()
    answer = visitor.get(page)
    if answer.status_code != 200:
        raise ValueError(answer.status)
    return (time.perf_counter() - began) * 1000


def people() -> None:
    """Sam at the desk, Kim at the first member's, and those who buy: Kaj at the customer that buys most."""
    make.make_sales_company()
    make.make_sam()
    makers = select(Member).join(Offering, Offering.member_id == Member.id).order_by(Member.id)
    make.make_user(KIM, member=db.session.scalars(makers).first())
    address = {"street": "Köpgatan 2", "postcode": "411 02", "city": "Göteborg", "municipality": "1480"}
    names = [*(f"Kund {n} AB" for n in range(CUSTOMERS)), *(f"Enstaka {n} AB" for n in range(SELDOM))]
    _put(
        Customer,
        [
            {"kind": CustomerKind.COMPANY, "name": name, "email": f"k{n}@kund.example", **address}
            for n, name in enumerate(names)
        ],
    )
    make.make_user(KAJ, customer=db.session.get(Customer, _customers("Kund %")[77]))
    db.session.commit()


def _customers(like: str) -> list[int]:
    return list(db.session.scalars(select(Customer.id).where(Customer.name.like(like)).order_by(Customer.id)))


def fill(orders: int) -> None:
    """Fill up to so many orders; the first `GOING_ON` are to be delivered about now, and all others have been.

    What is beyond the first `DRAWN` are copies of those that are done, which the database makes by itself.
    """
    offerings = db.session.execute(
        select(Offering.id, Offering.member_id, Offering.member_price, Article)
        .join(Article, Offering.article_id == Article.id)
        .order_by(Offering.member_id, Offering.id)
        .limit(2000)
    ).all()
    customers, seldom = _customers("Kund %"), _customers("Enstaka %")
    there = db.session.scalar(select(func.max(Order.id))) or 0
    for first in range(there, min(orders, DRAWN), BATCH):
        _add(range(first, min(first + BATCH, orders, DRAWN)), offerings, customers)
        db.session.commit()
    for number, customer in enumerate(seldom):
        db.session.execute(update(Order).where(Order.id == number + 1).values(customer_id=customer))
    db.session.commit()
    for offset in range(DRAWN, orders, DRAWN):
        _copy(offset)
        db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def _copy(offset: int) -> None:
    """The drawn orders that are done, once more under other numbers. An order has two lines, each with a member."""
    moved = {
        Order: {"id": offset, "number": offset},
        OrderLine: {"id": 2 * offset, "order_id": offset},
        Assignment: {"id": 2 * offset, "order_id": offset},
        AssignmentLine: {"assignment_id": 2 * offset, "order_line_id": 2 * offset},
        OrderEvent: {"order_id": offset},
    }
    first = {"id": GOING_ON, "order_id": GOING_ON, "assignment_id": 2 * GOING_ON + 1}
    for model, moves in moved.items():
        table = db.metadata.tables[model.__tablename__]
        names = [column.name for column in table.columns if column.name != "id" or "id" in moves]
        known = next(name for name in ("order_id", "assignment_id", "id") if name in moves)
        drawn = DRAWN * 2 + 1 if known == "assignment_id" else DRAWN
        values = [table.c[name] + moves[name] if name in moves else table.c[name] for name in names]
        if model is Order:
            values[names.index("ticket")] = table.c.ticket + f"-{offset}"
        some = select(*values).where(table.c[known] > first[known], table.c[known] <= drawn)
        db.session.connection().execute(insert(table).from_select(names, some))


def _add(numbers: range, offerings: Any, customers: Any) -> None:
    rows: dict[type[Base], list[dict[str, Any]]] = {
        model: [] for model in (Order, OrderLine, Assignment, AssignmentLine, OrderEvent)
    }
    for number in numbers:
        for model, row in _rows(number, offerings, customers):
            rows[model].append(row)
    for model, some in rows.items():
        _put(model, some)


def _rows(number: int, offerings: Any, customers: Any) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """One order of two lines, each with a member, and what happened to it."""
    lot = Random(number)  # noqa: S311  made-up orders, not secrets
    now, id_ = clock.now(), number + 1
    done = number >= GOING_ON
    day = _day(lot, done, clock.local_date(now))
    placed = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) - timedelta(days=5)
    states = [AssignmentState.DELIVERED] * 2 if done else lot.choices(
        (AssignmentState.OFFERED, AssignmentState.ACCEPTED), (1, 5), k=2
    )  # fmt: skip
    open_part = not done and number % 40 == 0
    confirmed = not open_part and AssignmentState.OFFERED not in states
    state = OrderState.DELIVERED if done else OrderState.CONFIRMED if confirmed else OrderState.PLACED
    yield (
        Order,
        {
            "id": id_,
            "number": 1000 + number,
            "ticket": f"t{number}",
            "customer_id": customers[77] if number % OFTEN == 0 else lot.choice(customers),
            "placed_at": placed,
            "state": state,
            "delivery_day": day,
            "delivery_name": "Kontoret",
            "street": f"Köpgatan {number % 90}",
            "postcode": f"4{number % 9000:04d}",
            "city": "Göteborg",
            "municipality": "1480",
            "order_reference": "AVTAL-1" if number % (2 * OFTEN) == OFTEN else f"INK-{number}",
        },
    )
    for place, held in enumerate(states):
        offering_id, member_id, price, article = offerings[0] if number % OFTEN == place else lot.choice(offerings)
        line_id = id_ * 2 + place
        yield OrderLine, _line(line_id, id_, article, Decimal(int(open_part and place == 0)))
        assignment = {"id": line_id, "order_id": id_, "member_id": member_id, "state": held, "delivery_day": day}
        yield Assignment, {**assignment, **_times(held, placed, now)}
        yield AssignmentLine, _share(line_id, offering_id, price)
    for kind in (EventKind.PLACED, EventKind.OFFERED, EventKind.OFFERED, EventKind.ACCEPTED):
        yield OrderEvent, {"order_id": id_, "at": placed, "kind": kind, "for_customer": True}


def _day(lot: Random, done: bool, today: date) -> date:
    """Today or up to two weeks ahead, a few late; what is done lies up to five years back."""
    return today - timedelta(days=lot.randint(1, 1800)) if done else today + timedelta(days=lot.randint(-1, 14))


def _times(held: AssignmentState, placed: datetime, now: datetime) -> dict[str, datetime | None]:
    delivered = placed if held == AssignmentState.DELIVERED else None
    return {"offered_at": placed, "answer_before": now + timedelta(days=1), "delivered_at": delivered}


def _share(line_id: int, offering_id: int, price: Money) -> dict[str, Any]:
    return {
        "assignment_id": line_id,
        "order_line_id": line_id,
        "offering_id": offering_id,
        "offered": Decimal(3),
        "quantity": Decimal(3),
        "member_price": price,
        "chosen_because": "Närmast.",
    }


def _line(line_id: int, order_id: int, article: Article, unassigned: Decimal) -> dict[str, Any]:
    return {
        "id": line_id,
        "order_id": order_id,
        "article_id": article.id,
        "number": article.number,
        "name": article.name,
        "unit": article.unit,
        "unit_text": article.unit_text,
        "unit_price": Money(10000),
        "to_next": False,
        "vat_class": article.vat_class,
        "quantity": Decimal(4),
        "unassigned": unassigned,
    }


def _put(model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Past the session, which would keep a record of every row."""
    db.session.connection().execute(insert(db.metadata.tables[model.__tablename__]), rows)
