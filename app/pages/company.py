"""What surrounds every page: the sales company's name and address, the viewer, the basket's count."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, render_template, request, session
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from app.catalog.house import house
from app.pages import web
from app.shelf import remember


class Company:
    """The sales company, looked up when a template first asks for it."""

    @property
    def name(self) -> str:
        """Its name."""
        return house().name

    @property
    def email(self) -> str:
        """Where to write."""
        return house().email

    @property
    def phone(self) -> str:
        """Where to call."""
        return house().phone


def surroundings() -> dict[str, Any]:
    """What base.html needs beside the page's own values; a letter that a worker writes has no page around it."""
    if not has_request_context():
        return {}
    basket: dict[str, str] = session.get("basket", {})
    language, section = web.language(), (request.endpoint or "").rpartition(".")[0]
    return {
        "viewer": _viewer(),
        "basket_count": len(basket),
        "language": language,
        "visitors_masthead": lambda: visitors_masthead(language, section, len(basket)),
    }


@remember
def visitors_masthead(language: str, section: str, basket_count: int) -> Markup:  # noqa: ARG001  what it depends on
    """The top of a page for somebody who is not signed in: the same for all of them, and drawn once."""
    return Markup(render_template("_masthead.html"))  # noqa: S704  our own template has escaped it


def _viewer() -> web.Viewer:
    """Nobody, when the database does not answer: the page that says so must still be shown."""
    try:
        return web.viewer()
    except SQLAlchemyError:
        return web.NOBODY
