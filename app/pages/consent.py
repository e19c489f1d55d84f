"""The sentence by which a private person asks us to begin a service before the days of withdrawal have passed."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.catalog.models import Article


def words(services: Iterable[Article]) -> str:
    """What is agreed to, naming the services; the order keeps it as it was read."""
    said = _(
        "I ask you to begin the work before the 14 days of withdrawal have passed, and accept that the right of "
        "withdrawal ends when the service has been carried out in full. It concerns: %(articles)s.",
        articles=", ".join(article.name for article in services),
    )
    return str(said)
