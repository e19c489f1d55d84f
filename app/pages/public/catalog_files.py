"""The catalogue as files to take along: printed, and as JSON for other systems."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import files, formats
from app.catalog import print_queries
from app.customers.models import CustomerKind
from app.pages import web

bp = Blueprint("catalog_files", __name__)


@dataclass(frozen=True, slots=True)
class Printed:
    """The printed catalogue that a viewer can fetch, in words."""

    words: str


def printed_for(viewer: web.Viewer) -> Printed | None:
    """What the catalogue's page says of the newest printed catalogue for this viewer; None when there is none."""
    found = print_queries.published(audience_of(viewer))
    if found is None:
        return None
    size = formats.quantity(Decimal(found.size).scaleb(-6).quantize(Decimal("0.1")))
    return Printed(
        _("%(pages)s pages, %(size)s MB, of %(day)s", pages=found.pages, size=size, day=formats.day(found.made_at))
    )


def audience_of(viewer: web.Viewer) -> CustomerKind:
    """As whom somebody buys: visitors are met as private people."""
    return viewer.customer.kind if viewer.customer else CustomerKind.PRIVATE


@bp.get("/katalog.pdf")
def printed() -> ResponseReturnValue:
    """The newest catalogue that has been published for customers of the viewer's kind."""
    file = print_queries.published_file(audience_of(web.viewer()))
    response: Response = web.pdf(files.read(file), file.name)
    return response
