"""The catalogue with 20,000 articles of 200 members, against a bare page on the same server and the same database."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

from sqlalchemy import event

from app.db import db
from app.factory import create_app
from app.serve import LEAN, THREADS, WEB_PROCESSES
from config import ROOT, from_env
from tests.servers import environment, flask, free_port, running, wait_until

ARTICLES, MEMBERS = 20_000, 200
PAGES = {
    "/katalog": "/katalog",
    "a search": f"/katalog?q={quote('frukt korg')}",
    "a search in a municipality": f"/katalog?q={quote('städ')}&kommun=1480",
    "page 200": "/katalog?sida=200",
}
SLOWEST = 2.5
"""A page may take two and a half times as long as the bare one: 0.4 of its requests a second."""
MOST_STATEMENTS = 12
MOST_MEMORY = 150
"""MB that one process of the web server may hold."""
ROUNDS, SECONDS, CALLERS = 3, 4, 8


def measure() -> Iterator[tuple[str, float, float]]:
    """Slowness of each page, its number of SQL statements, and the size of a process."""
    with tempfile.TemporaryDirectory() as folder:
        environ = environment(Path(folder))
        for command in (["migrate"], ["seed", f"--articles={ARTICLES}", f"--members={MEMBERS}"]):
            subprocess.run(flask(*command), cwd=ROOT, env=environ, check=True, capture_output=True)
        yield from _speed(Path(folder), environ)
        yield from _statements(environ)


def _speed(folder: Path, environ: Mapping[str, str]) -> Iterator[tuple[str, float, float]]:
    bare_environ = {**environ, "BARE_DATABASE": f"sqlite:///{folder / 'samsalj.db'}"}
    with ExitStack() as stack:
        ours, process = stack.enter_context(_served("wsgi:app", environ, folder))
        bare, _ = stack.enter_context(_served("tests.benchmarks.bare_page:app", bare_environ, folder))
        for name, path in PAGES.items():
            ratios = [_requests_a_second(bare, "/") / _requests_a_second(ours, path) for _ in range(ROUNDS)]
            yield f"{name}: how many times slower than a bare page", median(ratios), SLOWEST
        yield "memory of one web process after that, MB", _largest_child(process.pid), MOST_MEMORY


@contextmanager
def _served(app: str, environ: Mapping[str, str], folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The same server as `make run` starts, with the same settings."""
    port = free_port()
    size = [f"--workers={WEB_PROCESSES}", f"--blocking-threads={THREADS}"]
    command = [sys.executable, "-m", "granian", "--interface=wsgi", f"--port={port}", *size, "--log-level=warning", app]
    with running(command, {**LEAN, **environ}, folder / f"{port}.log") as process:
        wait_until(lambda: _answers(port), seconds=120, what=f"{app} on port {port}")
        yield port, process


def _answers(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def _requests_a_second(port: int, path: str) -> float:
    """By wrk, after a short run that nobody counts. Raises ValueError when an answer was no page."""
    said = ""
    for seconds in (1, SECONDS):
        command = ["wrk", "--threads=1", f"--connections={CALLERS}", f"--duration={seconds}s"]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True
        ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None or "Non-2xx" in said or "Socket errors" in said:
        raise ValueError(f"{path}: {said}")
    return float(rate[1])


def _largest_child(parent: int) -> float:
    """MB in memory of the largest process that the server has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return max(_resident(child) for child in children)


def _resident(process: str) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0


def _statements(environ: Mapping[str, str]) -> Iterator[tuple[str, float, float]]:
    app = create_app(from_env(environ))
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    for name, path in PAGES.items():
        seen.clear()
        answer = app.test_client().get(path)
        if answer.status_code != 200:
            raise ValueError(f"{path}: {answer.status}")
        asked = [one for one in seen if not one.startswith("BEGIN")]
        yield f"{name}: SQL statements, with nothing remembered", len(asked), MOST_STATEMENTS
    with app.app_context():
        db.engine.dispose()
