"""A customer's or a member's server that takes webhooks, and answers as a test says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flask import Flask

from app import clock
from app.hooks import queries, sending
from tests.people import Visitor, document, save

HOOKS = "/system/webhookar"
FORM = "form[action$='/webhookar']"


@dataclass
class Receiver:
    """The server: what has come, and what it answers."""

    address: str
    port: int
    status: int = 200
    slow: threading.Event = field(default_factory=threading.Event)
    """Set, it lets those go whom it keeps waiting; see `hang`."""
    hang: bool = False
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The messages that have come, as their JSON says."""
        return [json.loads(body) for _headings, body in self.heard]

    @property
    def kinds(self) -> list[str]:
        """What they are about."""
        return [one["type"] for one in self.told]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server that runs until the test ends."""
    door = ThreadingHTTPServer(("127.0.0.1", 0), _Taking)
    port = door.server_address[1]
    door.about = Receiver(f"http://127.0.0.1:{port}/in", port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield door.about  # type: ignore[attr-defined]
    finally:
        door.about.slow.set()  # type: ignore[attr-defined]
        door.shutdown()
        door.server_close()
        thread.join(5)


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        about: Receiver = self.server.about  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if about.hang:
            about.slow.wait(30)
            return
        about.heard.append((dict(self.headers.items()), body))
        self.send_response(about.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_args: object) -> None:
        pass


def add(visitor: Visitor, address: str, **values: Any) -> str:
    """Name an address as a person does; returns the secret as it is shown."""
    answer = visitor.fill(HOOKS, {"address": address, **values}, form=FORM)
    assert answer.status_code == 200, answer.text
    return str(document(answer).cssselect(".secret code")[0].text)


def is_ours(secret: str, headings: dict[str, str], body: bytes) -> bool:
    """As Standard Webhooks has the other side check: the secret after its mark, over id, time and body."""
    signed = f"{headings['webhook-id']}.{headings['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in headings["webhook-signature"].split()


def send_due(app: Flask) -> int:
    """Be the worker that sends, until nothing is due."""
    save()

    def work() -> int:
        with app.app_context():
            due = queries.due(clock.now())
            for hook_id in due:
                sending.send_to(hook_id)
            return len(due)

    return Context().run(work)
