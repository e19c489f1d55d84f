"""Runs the whole house in one terminal: the web server and one worker, which live and end together."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType
from urllib.parse import urlsplit

import click
from flask import current_app

from app import clock, migrating, queue, watchflow
from app.db import db
from app.demo import load as demonstration
from app.members.vault import reminding
from config import ROOT

WEB_PROCESSES = 2
THREADS = 4
WEB_PATIENCE = 5
"""Seconds that a web process told to stop may take to finish its pages; one that hangs is ended then."""
WORKER_PAUSE = 2
"""Seconds before a worker that died has a successor, so that one which cannot start does not fill the screen."""
START_SECONDS = 60
STOP_SECONDS = 25
"""A little longer than the worker's patience with what it has begun."""
ONE_HEAP = {"MALLOC_ARENA_MAX": "2"}
"""A heap for each thread would make a process half as large again."""
LEAN = {**ONE_HEAP, "PYTHONOPTIMIZE": "2"}
"""A web process leaves its docstrings out: 8 MB. A worker needs them, for the parser that finds the printing press."""
PARENT_DEATH = 1
"""PR_SET_PDEATHSIG of Linux's prctl(2)."""

MORNING_ROUNDS = (watchflow.look_each_morning, reminding.look_each_morning)
"""What a worker does each morning and no page needs: named here, so that a worker that has just begun knows of it."""

_libc = ctypes.CDLL(None)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", type=click.IntRange(1, 65535), default=8000, show_default=True)
def up(host: str, port: int) -> None:
    """Bring the database up to date and run the web server and a worker until Ctrl-C."""
    _refuse_a_taken_port(host, port)
    _prepare()
    signal.signal(signal.SIGTERM, _end)
    os.environ["PORT"] = str(port)  # The children's links must lead here.
    house = {"web server": _web(host, port), "worker": _worker()}
    try:
        _wait_until_well(house, host, port)
        _welcome(os.environ.get("SAMSALJ_URL", f"http://{host}:{port}"))
        died = _watch(house)
        raise click.ClickException(f"The {died} has ended, so everything is stopped.")
    except KeyboardInterrupt:
        click.echo("\nStopping.")
    finally:
        _stop(house)


@click.command()
def worker() -> None:
    """Do the work that waits: letters, documents, deadlines. Runs until it is stopped."""
    queue.of_app().work()


@click.command()
def demo() -> None:
    """Load what is missing of the demonstration company. Never in production: its password is known to all."""
    if current_app.config["PRODUCTION"]:
        raise click.ClickException("The demonstration's accounts do not belong in production.")
    demonstration.load(now=clock.now())
    db.session.commit()


def _prepare() -> None:
    """An empty demonstration gets its company."""
    migrating.bring_up_to_date()
    if not current_app.config["PRODUCTION"] and demonstration.is_empty():
        click.echo("Loading the demonstration company.")
        demonstration.load(now=clock.now())
    db.session.commit()
    db.engine.dispose()


def _end(_signal: int, _frame: FrameType | None) -> None:
    """A polite request to stop is the same as Ctrl-C."""
    raise KeyboardInterrupt


def _refuse_a_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            advice = f"Stop it, or choose another port: PORT={port + 1} make run"
            raise click.ClickException(f"Another program uses port {port} ({taken.strerror}). {advice}") from taken


def _web(host: str, port: int) -> subprocess.Popen[bytes]:
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "workers": WEB_PROCESSES,
        "blocking-threads": THREADS,
        "workers-kill-timeout": f"{WEB_PATIENCE}s",
        "log-level": "warning",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return _start("granian", *flags, "--respawn-failed-workers", "wsgi:app", env=LEAN)


def _start(module: str, *arguments: str, env: Mapping[str, str] = ONE_HEAP) -> subprocess.Popen[bytes]:
    """In a process group of its own: Ctrl-C reaches only us, and we stop each child with all that it has started."""
    return subprocess.Popen(  # noqa: S603  nothing of it comes from outside
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**env, **os.environ},
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  no thread of ours runs yet
    )


def _end_with_parent() -> None:
    """Also when we are killed without warning the children are told to stop."""
    if sys.platform == "linux":
        _libc.prctl(PARENT_DEATH, signal.SIGTERM)


def _wait_until_well(house: Mapping[str, subprocess.Popen[bytes]], host: str, port: int) -> None:
    for _ in range(START_SECONDS * 10):
        if died := _dead(house):
            raise click.ClickException(f"The {died} did not start.")
        if _is_well(host, port):
            return
        time.sleep(0.1)
    raise click.ClickException(f"The house did not answer within {START_SECONDS} seconds.")


def _is_well(host: str, port: int) -> bool:
    line = HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", "/halsa", headers={"Host": urlsplit(current_app.config["BASE_URL"]).netloc})
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def _welcome(address: str) -> None:
    """The address comes last, where the eye is."""
    if not current_app.config["PRODUCTION"]:
        click.echo(f"\nThe demonstration's accounts, all with the password {demonstration.PASSWORD}:")
        for email, who in demonstration.accounts():
            click.echo(f"  {email:28} {who}")
    click.echo(f"\nSamsälj answers at {address}\nCtrl-C stops everything.")


def _watch(house: dict[str, subprocess.Popen[bytes]]) -> str:
    """Until the web server dies. A worker that dies has another in its place: the shop stays open meanwhile."""
    while (died := _dead(house)) != "web server":
        time.sleep(0.3)
        if died == "worker":
            click.echo("The worker has ended; another takes its place.")
            _clear_away(house["worker"].pid)
            time.sleep(WORKER_PAUSE)
            house["worker"] = _worker()
    return died


def _worker() -> subprocess.Popen[bytes]:
    return _start("flask", "--app", "wsgi", "worker")


def _dead(house: Mapping[str, subprocess.Popen[bytes]]) -> str | None:
    return next((name for name, process in house.items() if process.poll() is not None), None)


def _stop(house: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Ask all at once, wait for each, and clear away what is left of its group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for process in house.values():
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in house.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            click.echo("Something would not stop in time and is ended.")
        _clear_away(process.pid)


def _clear_away(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
