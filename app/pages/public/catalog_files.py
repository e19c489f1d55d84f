"""The catalogue as files to take along: printed, and as JSON for other systems."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.http import is_resource_modified

from app import clock, files, formats
from app.catalog import queries
from app.catalog.feed import queries as feed
from app.catalog.house import house
from app.catalog.printing import queries as print_queries
from app.customers.models import CustomerKind
from app.pages import company, web
from config import ROOT

bp = Blueprint("catalog_files", __name__)

SCHEMA = ROOT / "docs" / "feed.schema.json"


@dataclass(frozen=True, slots=True)
class Printed:
    """The printed catalogue that a viewer can fetch, in words."""

    words: str


def printed_for(viewer: web.Viewer) -> Printed | None:
    """What the catalogue's page says of the newest printed catalogue for this viewer; None when there is none."""
    found = print_queries.published(audience_of(viewer)) if viewer.user else house().printed
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


@bp.get("/katalog.json")
def feed_page() -> ResponseReturnValue:
    """What is sold, or what has changed, for other systems; docs/feed.md tells what each field means."""
    now = clock.now()
    day, latest = clock.local_date(now), feed.moment()
    queries.edition()
    answer = Response(mimetype="application/json")
    answer.set_etag(
        hashlib.sha256(f"{latest.edition} {day} {request.query_string!r}".encode()).hexdigest()[:32], weak=True
    )
    midnight = datetime.combine(day, time(), clock.SWEDEN)
    answer.last_modified = max(midnight, latest.changed_at or midnight)
    answer.headers["Cache-Control"] = "public, no-cache"
    if is_resource_modified(request.environ, answer.headers.get("ETag"), last_modified=answer.last_modified):
        try:
            place = _place(latest.edition)
        except ValueError as wrong:
            return {"error": str(wrong)}, 400
        answer.set_data(json.dumps(_document(place, latest, day), ensure_ascii=False, separators=(",", ":")))
    else:
        answer.status_code = 304
    return answer


@bp.get("/katalog.schema.json")
def feed_schema() -> ResponseReturnValue:
    """The form of the feed, as JSON Schema."""
    return Response(SCHEMA.read_bytes(), mimetype="application/schema+json")


def _document(place: feed.Place, latest: feed.Moment, day: date) -> dict[str, object]:
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    page = feed.feed_page(place, day, base=base)
    return {
        "schema": f"{base}/katalog.schema.json",
        "seller": company.Company().name,
        "currency": "SEK",
        "edition": latest.edition,
        "articles": page.articles,
        "removed": page.removed,
        "next": f"{base}/katalog.json?cursor={_cursor(page.following)}" if page.following else None,
    }


def _place(present: int) -> feed.Place:
    """Where the page that was asked for begins. Raises ValueError with a Swedish sentence."""
    cursor, since = request.args.get("cursor", ""), request.args.get("changed_since", "")
    if cursor:
        return _read_cursor(cursor)
    return feed.Place(edition=_edition_of(since, present)) if since else feed.Place()


def _cursor(place: feed.Place) -> str:
    text = f"{place.article_id}" if place.edition is None else f"{place.article_id}.{place.edition}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> feed.Place:
    try:
        text = urlsafe_b64decode(cursor[:60] + "=" * (-len(cursor[:60]) % 4)).decode("ascii")
        numbers = [_whole(part) for part in text.split(".")]
        return feed.Place(*numbers) if len(numbers) < 3 else _wrong_cursor()
    except ValueError:
        return _wrong_cursor()


def _wrong_cursor() -> feed.Place:
    raise ValueError("cursor går inte att läsa. Ta hela adressen i next, eller börja om utan cursor.")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= web.LARGEST_ID):
        raise ValueError(text[:20])
    return int(text)


def _edition_of(since: str, present: int) -> int:
    try:
        return _whole(since)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(since)
        if not 2000 <= instant.year <= 2100:
            raise ValueError(since[:30])
    except ValueError as wrong:
        raise ValueError("changed_since ska vara numret på en utgåva, eller en dag som 2026-11-23.") from wrong
    return feed.edition_before(instant if instant.tzinfo else instant.replace(tzinfo=clock.SWEDEN), present)
