"""Real servers beside the tests: processes of ours, a mail server, Redis. Each ends by its own id."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config import ROOT

HIGHEST_PORT = 32767


def free_port() -> int:
    """A port of this machine that nobody uses, below those the kernel lends to callers."""
    for port in range(20000 + os.getpid() % 5000, HIGHEST_PORT):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def wait_until(true: Callable[[], Any], *, seconds: float = 20, what: str = "it") -> None:
    """Look again and again until something is true. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not happen within {seconds} seconds")


def environment(instance: Path, **more: str) -> dict[str, str]:
    """The environment of an installation of its own; nothing of the tester's own settings gets in.

    Its programs are kept compiled even if the tester's are not: a house starts a dozen processes of the same ones.
    """
    ours = (
        "SAMSALJ_",
        "DATABASE_URL",
        "MAIL_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "PASSWORD_SALT",
        "PERSONAL_DATA_KEY",
        "PORT",
        "FLASK_",
        "ACCESS_POINT_",
        "INVOICE_DROP_",
    )
    outside = {name: value for name, value in os.environ.items() if not name.startswith((*ours, "PYTHONDONT"))}
    return {**outside, "SAMSALJ_INSTANCE": str(instance), "PYTHONUNBUFFERED": "1", **more}


def flask(*arguments: str) -> list[str]:
    """A command line of ours."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


@contextmanager
def running(command: list[str], environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as it is needed: asked to stop at the end, and made to after twenty seconds."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environ), stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def house_up(folder: Path, **more: str) -> Iterator[str]:
    """The house as `make run` starts it, on an instance folder of its own; gives its address."""
    port = free_port()
    with running(flask("up"), environment(folder, **{**more, "PORT": str(port)}), folder / "up.log") as process:
        try:
            wait_until(lambda: process.poll() is not None or _is_well(port), seconds=180, what="the start")
        except TimeoutError as late:
            raise AssertionError((folder / "up.log").read_text()) from late
        assert process.poll() is None, (folder / "up.log").read_text()
        yield f"http://127.0.0.1:{port}"


def _is_well(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/halsa")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


@dataclass
class Mailbox:
    """A mail server that keeps what it gets, and can misbehave."""

    taken: list[tuple[str, Message]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Addresses that the server says do not exist."""
    hangs_up: bool = False
    """Whether the server takes the letter's text and then hangs up without a word."""
    seconds: float = 0
    """How long the server thinks before it takes a letter."""
    url: str = ""

    def to(self, address: str) -> list[Message]:
        """What came to one address."""
        return [message for recipient, message in self.taken if recipient == address]

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient or not."""
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the letter."""
        await asyncio.sleep(self.seconds)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content)
        self.taken += [(address, message) for address in envelope.rcpt_tos]
        if self.hangs_up:
            assert server.transport is not None
            server.transport.abort()
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on this machine."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; gives its address."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, os.environ, folder / "redis.log"):
        wait_until(lambda: _answers(port), what="Redis")
        yield f"redis://127.0.0.1:{port}/0"


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
