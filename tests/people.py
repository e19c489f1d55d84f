"""People at their browsers: a client whose every request stands on its own, as it would in the world."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Any, TypeVar

from flask import Flask, has_app_context, session
from flask.testing import FlaskClient
from flask_security.utils import login_user
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.db import db

Got = TypeVar("Got")


class Visitor(FlaskClient):
    """A browser without a window.

    What the test has made is saved before a page is asked for, and the request gets a context of its own: with the
    test's own context it would share the session, the transaction and ``g`` with the test and with other visitors.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page."""
        save()
        return Context().run(super().open, *args, **kwargs)

    def page(self, path: str, *, status: int = 200) -> html.HtmlElement:
        """The page as a parsed document."""
        answer = self.get(path)
        assert answer.status_code == status, f"{path}: {answer.status}\n{answer.text[:2000]}"
        return document(answer)

    soup = page

    def fill(self, path: str, values: Mapping[str, Any], *, form: str = "main form[method=post]") -> TestResponse:
        """Open a page, fill its first form that matches a CSS selector, and send it as a browser would."""
        found = self.page(path).cssselect(form)
        assert found, f"{path} has no {form}"
        sent: dict[str, Any] = {}
        for name, value in found[0].form_values():
            sent.setdefault(name, []).append(value)
        return self.post(found[0].get("action") or path, data={**sent, **values})

    def press(self, path: str, button: str, values: Mapping[str, Any] | None = None) -> TestResponse:
        """Open a page and press a button, found by a CSS selector, that sends a form elsewhere than the form says."""
        page = self.page(path)
        found = page.cssselect(button)
        assert found, f"{path} has no {button}"
        form = page.cssselect(f"form#{found[0].get('form')}")[0]
        sent: dict[str, Any] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        return self.post(found[0].get("formaction"), data={**sent, **(values or {})})


def document(answer: TestResponse) -> html.HtmlElement:
    """A response as a parsed document."""
    return html.document_fromstring(answer.text)


def text(node: html.HtmlElement) -> str:
    """What a person reads in a part of a page, with ordinary single spaces."""
    return " ".join(node.text_content().split())


def save() -> None:
    """End the test's own transaction, so that others see its rows and may write."""
    if has_app_context():
        db.session.commit()


def sign_in(app: Flask, email: str | None) -> Visitor:
    """A visitor who is signed in, without the cost of a password; None gives a visitor from the street."""
    visitor = app.test_client()
    if email is not None:
        save()
        values = Context().run(_session_of, app, email, visitor.environ_base)
        with visitor.session_transaction() as kept:
            kept.update(values)
    return visitor


def _session_of(app: Flask, email: str, environ: dict[str, Any]) -> dict[str, Any]:
    """What Flask-Security itself puts into the session of somebody who signs in."""
    with app.test_request_context(environ_base=environ):
        user = db.session.scalar(select(User).where(User.email == email))
        if user is None:
            raise LookupError(f"there is no account {email}")
        login_user(user)
        db.session.commit()
        return dict(session)


def together(*acts: Callable[[], Got]) -> list[Got]:
    """Do several things at the same moment, each in a thread of its own; returns what they returned, in order.

    Raises what the first of them raised that failed.
    """
    save()
    start = threading.Barrier(len(acts))
    got: list[Got | BaseException] = [RuntimeError("never ran")] * len(acts)

    def run(place: int, act: Callable[[], Got]) -> None:
        start.wait(10)
        try:
            got[place] = act()
        except BaseException as trouble:  # It is raised again below, where the test sees it.
            got[place] = trouble

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for one in got:
        if isinstance(one, BaseException):
            raise one
    return got  # type: ignore[return-value]
