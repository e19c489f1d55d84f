"""A stand-in for Stripe: a real server over HTTP that remembers, refuses what Stripe refuses, and signs what it tells.

In a test: ``with stand_in() as stripe``. By hand, with pages to click on:
``python -m tests.stripe_stand_in PORT SECRET_KEY WEBHOOK_SECRET http://127.0.0.1:8000/stripe/webhook``
"""

from __future__ import annotations

import html
import json
import re
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests import stripe_params
from tests.stripe_books import Books, No, Row, no

KEY = "sk_test_of_the_stand_in"
SECRET = "whsec_of_the_stand_in"


@dataclass
class Trouble:
    """What goes wrong with the next requests whose address begins so."""

    path: str
    how: str
    """``500`` nothing is done; ``500 after`` it is done, and the answer to its key is an error for good; ``drop`` it
    is done, and nobody hears of it; ``slow`` it is done, and answered after `seconds`; ``slow 500`` it is not done, and
    that is answered after `seconds`."""
    times: int = 1
    seconds: float = 0


@dataclass
class Answer:
    """What a key has been answered."""

    asked: str
    status: int | None = None
    body: Row = field(default_factory=dict)


@dataclass
class Stripe:
    """The server, as a test sees it."""

    books: Books
    address: str = ""
    key: str = KEY
    secret: str = SECRET
    hook: str = ""
    """To which address events go by themselves; empty when the test carries them."""
    requests: list[tuple[str, Row, str]] = field(default_factory=list)
    """Each request with its parameters and its key."""
    troubles: list[Trouble] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    told: int = 0

    def asked(self, request: str) -> list[Row]:
        """The parameters of all requests of a kind, such as ``POST /v1/refunds``."""
        return [params for name, params, _key in self.requests if name == request]

    def signed(self, event: Row, *, at: float | None = None, secret: str | None = None) -> tuple[bytes, str]:
        """An event as it is sent, and its signature."""
        body = json.dumps(event, indent=2)
        moment = int(self.books.clock() if at is None else at)
        return body.encode(), stripe.WebhookSignature.generate_signature_header(body, secret or self.secret, moment)

    def new_events(self) -> list[Row]:
        """What has happened since this was last asked."""
        found, self.told = self.books.events[self.told :], len(self.books.events)
        return found

    def tell(self) -> None:
        """Send what is new to the address that wants it."""
        for event in self.new_events() if self.hook else []:
            body, signature = self.signed(event)
            headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
            with suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(self.hook, body, headers), timeout=10).close()  # noqa: S310


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    @property
    def stripe(self) -> Stripe:
        return self.server.stripe  # type: ignore[attr-defined,no-any-return]

    def do_GET(self) -> None:
        path, query = urlsplit(self.path)[2:4]
        if path.startswith("/pay/"):
            return self._page(path)
        return self._ask("GET", path, query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = urlsplit(self.path).path
        if path.startswith("/pay/"):
            return self._press(path, dict(parse_qsl(body)))
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, encoded: str) -> None:
        params = stripe_params.decoded(parse_qsl(encoded, keep_blank_values=True))
        with self.stripe.lock:
            trouble = next((one for one in self.stripe.troubles if path.startswith(one.path) and one.times), None)
            if trouble:
                trouble.times -= 1
        if trouble and trouble.how == "slow 500":
            time.sleep(trouble.seconds)
        if trouble and trouble.how in {"500", "slow 500"}:
            return self._send(500, {"error": {"type": "api_error", "message": "Something went wrong on Stripe's end."}})
        with self.stripe.lock:
            status, answer = self._answered(method, path, params, bool(trouble and trouble.how == "500 after"))
        if trouble and trouble.how == "slow":
            time.sleep(trouble.seconds)
        if trouble and trouble.how == "drop":
            self.close_connection = True
            return self.connection.close()
        self._send(status, answer)
        return self.stripe.tell()

    def _answered(self, method: str, path: str, params: Row, spoilt: bool) -> tuple[int, Row]:
        key = self.headers.get("Idempotency-Key") or ""
        try:
            if self.headers.get("Authorization") != f"Bearer {self.stripe.key}":
                raise No(401, "invalid_request_error", "Invalid API Key provided")
            name, does = _route(method, path, self.stripe.books)
            self.stripe.requests.append((name, params, key))
            if wrong := stripe_params.faults(name, params):
                raise no("Received unknown or missing parameters: " + "; ".join(wrong), "parameter_unknown")
            if method == "POST" and not key:
                raise no("the stand-in wants an idempotency key with each POST")
        except No as nay:
            return nay.status, nay.body
        asked = f"{method} {path} {json.dumps(params, sort_keys=True)}"
        before = self.stripe.answers.setdefault(key, Answer(asked)) if key else Answer(asked)
        if before.asked != asked:
            words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            return 400, {"error": {"type": "idempotency_error", "message": words}}
        if before.status is None:
            before.status, before.body = self._done(does, params)
            if spoilt:
                before.status = 500
                before.body = {"error": {"type": "api_error", "message": "Something went wrong on Stripe's end."}}
        return before.status, before.body

    def _done(self, does: Callable[[Row], Row], params: Row) -> tuple[int, Row]:
        try:
            found = does(params)
        except No as nay:
            return nay.status, nay.body
        shown = {name: value for name, value in found.items() if not name.startswith("_")}
        if "latest_charge" in params.get("expand", []) and shown.get("latest_charge"):
            shown["latest_charge"] = self.stripe.books.rows[shown["latest_charge"]]
        return 200, json.loads(json.dumps(shown))

    def _send(self, status: int, answer: Row | str, **headers: str) -> None:
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        with suppress(OSError):
            self.send_response(status)
            kind = "text/html; charset=utf-8" if isinstance(answer, str) else "application/json"
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def _page(self, path: str) -> None:
        """Where a person pays who tries it by hand."""
        session = self.stripe.books.rows.get(path.removeprefix("/pay/"), {})
        kronor = f"{session.get('amount_total', 0) / 100:.2f}"
        buttons = "".join(
            f"<p><button name='act' value='{act}'>{html.escape(words)}</button></p>"
            for act, words in (("pay", "Betala"), ("decline", "Låt banken neka"), ("back", "Avbryt"))
        )
        title = "<title>Stripes ersättare</title><html lang='sv'>"
        self._send(200, f"{title}<h1>Betala {kronor} kr</h1><form method='post'>{buttons}</form>")

    def _press(self, path: str, typed: dict[str, str]) -> None:
        session = self.stripe.books.rows[path.removeprefix("/pay/")]
        act = typed.get("act")
        with self.stripe.lock, suppress(No):
            if act == "pay":
                self.stripe.books.pay(session["id"])
            elif act == "decline":
                self.stripe.books.decline(session["id"])
        to = {"pay": session["success_url"], "back": session["cancel_url"]}.get(act or "", self.path)
        self.stripe.tell()
        self._send(303, "", Location=to)


def _route(method: str, path: str, books: Books) -> tuple[str, Callable[[Row], Row]]:
    """What a request is called, and what it does. Raises No."""
    for pattern, does in _ROUTES.items():
        verb, _space, shape = pattern.partition(" ")
        found = re.fullmatch(re.sub(r"\{\w+\}", "([a-z]+_[A-Za-z0-9_]+)", shape), path)
        if verb == method and found:
            return pattern, partial(does, books, *found.groups())
    raise No(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")


_ROUTES: dict[str, Callable[..., Row]] = {
    "POST /v1/checkout/sessions": lambda books, params: books.open_session(params),
    "GET /v1/checkout/sessions/{session}": lambda books, id_, _p: books.get(id_, "checkout.session"),
    "POST /v1/checkout/sessions/{session}/expire": lambda books, id_, _p: books.expire(id_),
    "GET /v1/payment_intents/{intent}": lambda books, id_, _p: books.get(id_, "payment_intent"),
    "POST /v1/payment_intents/{intent}/capture": lambda books, id_, params: books.capture(id_, params),
    "POST /v1/payment_intents/{intent}/cancel": lambda books, id_, _p: books.cancel(id_),
    "POST /v1/refunds": lambda books, params: books.refund(params),
    "GET /v1/refunds": lambda books, params: books.listed("refund", "payment_intent", params["payment_intent"]),
    "GET /v1/transfers": lambda books, params: books.listed("transfer", "transfer_group", params["transfer_group"]),
    "GET /v1/transfers/{id}/reversals": lambda books, id_, _p: books.listed("transfer_reversal", "transfer", id_),
    "GET /v1/disputes/{dispute}": lambda books, id_, _p: books.get(id_, "dispute"),
    "POST /v1/transfers": lambda books, params: books.transfer(params),
    "POST /v1/transfers/{id}/reversals": lambda books, id_, params: books.reverse(id_, params),
}


@contextmanager
def stand_in(clock: Callable[[], float] = time.time, port: int = 0) -> Iterator[Stripe]:
    """A server that runs until the test ends."""
    door = ThreadingHTTPServer(("127.0.0.1", port), _Door)
    address = f"http://127.0.0.1:{door.server_address[1]}"
    door.stripe = Stripe(Books(address, clock), address)  # type: ignore[attr-defined]
    door.daemon_threads = True
    thread = threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield door.stripe  # type: ignore[attr-defined]
    finally:
        door.shutdown()
        door.server_close()


def main(arguments: list[str]) -> None:
    """Run it for somebody who wants to try."""
    port, key, secret, hook = arguments
    with stand_in(port=int(port)) as server:
        server.key, server.secret, server.hook = key, secret, hook
        sys.stdout.write(f"STRIPE_BASE={server.address}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
