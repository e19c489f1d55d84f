"""A stand-in for the access point: a real server that keeps to docs/access-point.md, and can misbehave as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "en-hemlig-nyckel-till-ombudet"


@dataclass
class Document:
    """Something it has taken for a receiver."""

    id: str
    headings: dict[str, str]
    xml: bytes
    state: str = "pending"
    words: str = ""


@dataclass
class AccessPoint:
    """What it has taken and what lies in its inbox; `trouble` says how it misbehaves next, oldest first."""

    url: str = ""
    taken: dict[str, Document] = field(default_factory=dict)
    """By idempotency key: what reached a receiver."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each call."""
    trouble: list[str] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    """Set, it lets those go whom it keeps waiting."""
    inbox: dict[str, bytes] = field(default_factory=dict)
    says: bytes | None = None
    """What it answers to everything, instead of what it should."""
    seconds: float = 0
    """How long it thinks between taking a document and saying so."""
    conflict: bool = False
    """Whether a repeated key is answered by 409, else by the first answer again."""

    @property
    def posts(self) -> int:
        """So many times something was handed over, anew or again."""
        return self.asked.count(("POST", "/documents"))

    def document(self, message_id: str) -> Document | None:
        """What it calls so."""
        return next((one for one in self.taken.values() if one.id == message_id), None)


@contextmanager
def access_point() -> Iterator[AccessPoint]:
    """A server that runs until the test ends."""
    about = AccessPoint()
    door = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    door.daemon_threads = True
    door.about = about  # type: ignore[attr-defined]
    about.url = f"http://127.0.0.1:{door.server_address[1]}/v1"
    thread = threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield about
    finally:
        about.let_go.set()
        door.shutdown()
        door.server_close()
        thread.join(5)


class _Answering(BaseHTTPRequestHandler):
    """Trouble comes before it has taken the document, or after: ``500``, ``after 500``, ``after drop`` and so on."""

    @property
    def about(self) -> AccessPoint:
        found: AccessPoint = self.server.about  # type: ignore[attr-defined]
        return found

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self._begin()
        if self.about.says is not None:
            self._send(202, self.about.says, "application/json")
        elif path == "/documents":
            trouble = self.about.trouble.pop(0) if self.about.trouble else ""
            if trouble.startswith("after "):
                self._take(body)
            if trouble:
                self._misbehave(trouble.removeprefix("after "))
            else:
                answer = self._take(body)
                self.about.let_go.wait(self.about.seconds)
                self._answer(*answer)
        elif path and path.endswith("/taken"):
            self.about.inbox.pop(unquote(path.split("/")[2]), None)
            self._answer(204, None)

    def do_GET(self) -> None:
        path = self._begin()
        if path is None:
            return
        if self.about.says is not None:
            self._send(200, self.about.says, "application/json")
        elif self.about.trouble:
            self._misbehave(self.about.trouble.pop(0))
        elif path.startswith("/documents/"):
            found = self.about.document(unquote(path.rpartition("/")[2]))
            said = {"id": found.id, "state": found.state, "words": found.words} if found else {"words": "unknown"}
            self._answer(200 if found else 404, said)
        elif path == "/inbox":
            asked = parse_qs(urlsplit(self.path).query)
            assert asked["document_type"][0].endswith("##urn:fdc:peppol.eu:poacc:trns:invoice_response:3::2.1")
            self._answer(200, {"messages": [{"id": one} for one in self.about.inbox][: int(asked["limit"][0])]})
        else:
            self._send(200, self.about.inbox[unquote(path.rpartition("/")[2])], "application/xml")

    def _begin(self) -> str | None:
        path = urlsplit(self.path).path.removeprefix("/v1")
        self.about.asked.append((self.command, path))
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self._answer(401, {"words": "Okänd nyckel"})
            return None
        return path

    def _take(self, body: bytes) -> tuple[int, dict[str, Any]]:
        key = self.headers["Idempotency-Key"]
        if key in self.about.taken:
            return (409 if self.about.conflict else 202), {"id": self.about.taken[key].id}
        made = Document(f"msg/{len(self.about.taken) + 1}", dict(self.headers.items()), body)
        self.about.taken[key] = made
        return 202, {"id": made.id}

    def _misbehave(self, how: str) -> None:
        if how == "hang":
            self.about.let_go.wait(60)
        elif how == "drop":
            with suppress(OSError):
                self.connection.shutdown(2)
        elif how == "garbage":
            self._send(202, b"\xff\0<html>hej", "text/html")
        elif how == "huge":
            self._send(202, b'{"id": "' + b"x" * 10_000_000 + b'"}', "application/json")
        elif how == "short":
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\n{")
        elif how == "elsewhere":
            self._send(307, b"", "text/plain", Location=f"{self.about.url}/documents/annat")
        else:
            self._answer(int(how), {"words": f"Nej ({how})"})

    def _answer(self, status: int, said: dict[str, Any] | None) -> None:
        self._send(status, b"" if said is None else json.dumps(said).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, **more: str) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass
