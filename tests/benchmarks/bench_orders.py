"""Placing orders of five lines for three members, eight people at once on two web processes, on both databases.

Each order is a checkout as a browser sends it: prices compared with what was seen, shared out among members who are
asked by letter, noted in the time line and in the audit log. The figure is the time that so many orders took.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

from app import clock, workdays
from app.catalog import start
from app.customers.models import CustomerKind
from app.db import db
from app.factory import create_app
from config import ROOT, from_env
from tests import make
from tests.benchmarks.bench_catalog import CALLERS, _served
from tests.databases import PostgresServer
from tests.people import Visitor, sign_in
from tests.servers import environment, flask

AT_LEAST = {"PostgreSQL": 60, "SQLite": 40}
"""Orders a second."""
LINES, MEMBERS, OF_EACH = 5, 12, 2
"""Each member makes two articles, and five that follow on each other are made by three. Neighbours order the same."""
PLENTY = Decimal(1_000_000)
WARM_UP, SECONDS = 3, 10
SCRIPT = """
local people = {%s}
local place = 0
request = function()
  place = place + 1
  local who = people[place %% #people + 1]
  local ticket = string.format("bench%%08x%%08x%%08x", math.random(0, 2^31), math.random(0, 2^31), place)
  return wrk.format("POST", "/kassa", who.headers, who.body .. "&ticket=" .. ticket)
end
math.randomseed(os.time())
"""


def measure() -> Iterator[tuple[str, float, float]]:
    """For each database the seconds in which as many orders were placed as a second must hold."""
    for kind, wanted in AT_LEAST.items():
        with tempfile.TemporaryDirectory() as folder, _database(kind, Path(folder)) as environ:
            subprocess.run(flask("migrate"), cwd=ROOT, env=environ, check=True, capture_output=True)
            (Path(folder) / "order.lua").write_text(SCRIPT % ",".join(_people(environ)), encoding="utf-8")
            with _served("wsgi:app", environ, Path(folder)) as (port, _process):
                _place_orders(port, Path(folder) / "order.lua", seconds=WARM_UP)
                _count_rows(environ)
                rate = _place_orders(port, Path(folder) / "order.lua", seconds=SECONDS)
            yield f"{kind}: seconds for {wanted} orders of {LINES} lines, {CALLERS} at once", wanted / rate, 1.0


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    if kind == "SQLite":
        yield environment(folder)
        return
    server = PostgresServer()
    try:
        yield environment(folder, DATABASE_URL=server.url)
    finally:
        server.close()


def _people(environ: Mapping[str, str]) -> Iterator[str]:
    """Eight customers before a filled checkout, as tables of Lua: the headers and the form that each of them sends."""
    app = create_app(from_env(environ))
    app.test_client_class = Visitor
    with app.app_context():
        start.load_law()
        makers = [make.make_member() for _ in range(MEMBERS)]
        articles = [make.make_article(f"Vara {number}") for number in range(MEMBERS * OF_EACH)]
        for number, article in enumerate(articles):
            make.make_offering(article, makers[number // OF_EACH], capacity_per_week=PLENTY, lead_days=1)
        for number in range(CALLERS):
            customer = make.make_customer(kind=CustomerKind.COMPANY, name=f"Kund {number} AB")
            make.make_user(f"kund{number}@kund.example", customer=customer)
        db.session.commit()
        ids = [str(article.id) for article in articles]
        for number in range(CALLERS):
            wanted = ids[number * OF_EACH :][:LINES]
            yield _caller(sign_in(app, f"kund{number}@kund.example"), dict.fromkeys(wanted, "2"))


def _caller(visitor: Visitor, basket: Mapping[str, str]) -> str:
    with visitor.session_transaction() as kept:
        kept["basket"] = dict(basket)
    form = visitor.page("/kassa").cssselect("main form[method=post]")[0]
    cookie = visitor.get_cookie("session", "localhost")
    day = workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=14), 0)
    sent = {**{name: value for name, value in form.form_values() if name != "ticket"}, "day": day.isoformat()}
    answer = visitor.post("/kassa", data={**sent, "ticket": secrets.token_hex(16)})
    if cookie is None or answer.status_code != 303:
        raise ValueError(answer.text)
    headers = {
        "Cookie": f"{cookie.key}={cookie.value}",
        "User-Agent": visitor.environ_base["HTTP_USER_AGENT"],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return f"{{headers={_table(headers)}, body={json.dumps(urlencode(sent))}}}"


def _table(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"[{json.dumps(name)}]={json.dumps(value)}" for name, value in values.items()) + "}"


def _count_rows(environ: Mapping[str, str]) -> None:
    """What a house that has stood for a minute knows of its rows: autovacuum looks once in each."""
    app = create_app(from_env(environ))
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _place_orders(port: int, script: Path, *, seconds: int) -> float:
    """By wrk; returns how many a second. Raises ValueError when an answer was no order."""
    command = ["wrk", "--threads=1", f"--connections={CALLERS}", f"--duration={seconds}s", "--script", str(script)]
    said = subprocess.run([*command, f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None or "Non-2xx" in said or "Socket errors" in said:
        raise ValueError(said)
    return float(rate[1])
