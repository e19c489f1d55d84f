"""By which ways invoices can leave this installation, as whoever runs it has set it up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import current_app


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """Who hands our e-invoices over, and what it knows us by."""

    url: str
    key: str


def access_point() -> AccessPoint | None:
    """The access point; none where there is none."""
    url, key = current_app.config["ACCESS_POINT_URL"], current_app.config["ACCESS_POINT_KEY"]
    return AccessPoint(url, key) if url and key else None


def drop_folder() -> Path | None:
    """The folder from which another program fetches invoices; none where nothing does."""
    folder: Path | None = current_app.config["INVOICE_DROP_FOLDER"]
    return folder
