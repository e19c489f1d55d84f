"""What every counter needs: who is there, and may they enter; refusals.py shows a no."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar

from flask import Response, abort, current_app, g, has_request_context, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import bindparam, or_, select
from werkzeug.routing import IntegerConverter, Map

from app.accounts.models import RoleName, Seat, User
from app.customers.models import Customer
from app.db import Question, db, only_reading
from app.errors import NotYours, Refused
from app.members.models import Member
from app.pages import seats_chosen

LANGUAGES = ("sv", "en")
Given = TypeVar("Given")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
WRITES_LATE = "writes_late"
LARGEST_ID = 2**31 - 1
MOST_SEATS = 50
LARGEST_FORM = 500_000
"""Bytes. Files come as multipart and have a limit of their own."""
LONGEST_PATH = 1000
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page, and for whom."""

    user: User | None
    roles: frozenset[str]
    member: Member | None
    customer: Customer | None
    seats: int = 0
    """For so many organisations the person may act; one of them is chosen."""

    @property
    def is_staff(self) -> bool:
        """Whether the sales company employs this person."""
        return bool(self.roles)

    @property
    def sees_vat(self) -> bool:
        """Private people and visitors see prices with VAT unless they chose otherwise; organisations without."""
        chosen: bool | None = session.get("with_vat")
        if chosen is not None:
            return chosen
        return not (self.is_staff or self.member) and (self.customer is None or self.customer.sees_vat)


NOBODY = Viewer(None, frozenset(), None, None)


class RowNumber(IntegerConverter):
    """A number in an address. One that no row can have leads nowhere, as any other wrong address does."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002  the library's name
        super().__init__(map, *args, **{"max": LARGEST_ID, **kwargs})


def number_asked_for(name: str) -> int | None:
    """A number in the query of the address, such as where a list goes on; None when there is none to be had."""
    asked = request.args.get(name, type=int)
    return asked if asked is not None and 0 <= asked <= LARGEST_ID else None


def viewer() -> Viewer:
    """The viewer of this request, looked up once."""
    if "viewer" not in g:
        g.viewer = _look_up()
    found: Viewer = g.viewer
    return found


def _look_up() -> Viewer:
    if "_user_id" not in session or not current_user.is_authenticated:
        return NOBODY
    user: User = current_user._get_current_object()  # noqa: SLF001  the only way from the proxy to the row
    seats = db.session.execute(_seats(), {"user": user.id}).all()
    chosen = seats_chosen.chosen_seat(user)
    found = [(member, customer) for seat_id, member, customer in seats if chosen in {None, seat_id}]
    member, customer = found[0] if found else (None, None)
    return Viewer(user, user.role_names, member, customer, len(seats))


@cache
def _seats() -> Question:
    """For whom somebody acts. Put together once: each page asks it."""
    return (
        select(Seat.id, Member, Customer)
        .select_from(Seat)
        .outerjoin(Member, Seat.member_id == Member.id)
        .outerjoin(Customer, or_(Seat.customer_id == Customer.id, Seat.member_id == Customer.member_id))
        .where(Seat.user_id == bindparam("user"))
        .order_by(Seat.id)
        .limit(MOST_SEATS)
    )


def user() -> User:
    """The person signed in. Only for pages behind a guard."""
    found = viewer().user
    if found is None:
        raise NotYours
    return found


def member() -> Member:
    """The member for which the person signed in acts. Only for pages behind the members' guard."""
    found = viewer().member
    if found is None:
        raise NotYours
    return found


def staff_only() -> ResponseReturnValue | None:
    """The staff's door."""
    return None if viewer().is_staff else _turn_away()


def members_only() -> ResponseReturnValue | None:
    """The members' door."""
    return None if viewer().member else _turn_away()


def sales_only() -> None:
    """For acts that finance may look at but not do: bids, approvals, routing."""
    if not viewer().roles & {RoleName.SALES, RoleName.ADMIN}:
        abort(403)


def finance_only() -> None:
    """For acts on invoices: sales may look at them, but what is sent to customers' books finance answers for."""
    if not viewer().roles & {RoleName.FINANCE, RoleName.ADMIN}:
        abort(403)


def sales_decide() -> None:
    """A door for pages that finance may read, and on which only sales change anything."""
    if changing():
        sales_only()


def _turn_away() -> ResponseReturnValue:
    """A visitor is asked to sign in; somebody with another errand is told that the door is not theirs."""
    if viewer().user is None:
        return to_sign_in()
    return abort(403)


def own_path(wanted: str) -> str | None:
    """A path of ours to go on to, or None: nobody is led out through us, however another site is written."""
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if inside and len(wanted) < LONGEST_PATH else None


def to_sign_in() -> ResponseReturnValue:
    """Sign in, and come back. A guest's key that opens nothing stays behind."""
    path = request.path if "nyckel" in request.args else request.full_path.rstrip("?")
    return redirect(url_for("security.login", next=path))


class HasErrors(Protocol):
    """A form."""

    form_errors: list[str]
    errors: dict[str | None, object]


@contextmanager
def refusals(form: HasErrors) -> Iterator[None]:
    """Turn a business rule's no into an error of the form: the page comes back with all that was typed."""
    try:
        yield
    except Refused as no:
        db.session.rollback()
        g.pop("viewer", None)
        form.form_errors.append(str(no))


def somebody_was_first() -> str:
    """What whoever saves second is told, before anything is overwritten."""
    return str(
        _(
            "Somebody else has changed this since you opened the page. "
            "Compare with what stands there now, and save again if yours is to hold."
        )
    )


@dataclass(slots=True)
class Shown:
    """What a page showed of something that others may change too, so that nobody overwrites what they have not seen.

    The form carries a fingerprint of it (``forms.shown``). The caller holds the row, and asks before it writes.
    """

    now: str
    """The fingerprint of what holds."""
    changed: bool = False
    """Whether somebody else was first: the page says what stands there now, and the next answer is to that."""

    @classmethod
    def of(cls, *values: object) -> Shown:
        """What holds now."""
        return cls(hashlib.sha256("\x1f".join(map(str, values)).encode()).hexdigest()[:24])

    def check(self) -> None:
        """Raises Refused when something else was shown. Who sends no fingerprint has seen no page of ours."""
        if request.form.get("shown", self.now) == self.now:
            return
        self.changed = True
        raise Refused(somebody_was_first())

    @property
    def mark(self) -> str:
        """What the form carries: of what was seen first, while it comes back for other reasons."""
        return self.now if self.changed else request.form.get("shown", self.now)


def given(value: Given | None) -> Given:
    """What a valid form holds: its validators have made sure that something was typed."""
    if value is None:
        raise ValueError("a field that validation let pass is empty")
    return value


def status(form: HasErrors) -> int:
    """422 when the form says no, else 200."""
    return 422 if form.errors else 200


def language() -> str:
    """Swedish unless the viewer chose English; a worker has no viewer."""
    return str(session.get("language", "sv")) if has_request_context() else "sv"


def changing() -> bool:
    """Whether the request may write: then it holds the rows that it reads."""
    return request.method not in SAFE_METHODS


def writes_late(view: View) -> View:
    """A view that reads and checks what was sent before it writes, and says itself when it begins to.

    On SQLite its callers need the writer's place for a part of the time only: see `take_writers_place`.
    """
    setattr(view, WRITES_LATE, True)
    return view


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def begin() -> None:
    """Before each request: one that only asks must not take the writer's place in the database.

    One that brings no files is turned away when it is larger than any form of ours can be.
    """
    only_reading.set(not changing() or getattr(_view(), WRITES_LATE, False))
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_FORM
    if any("\0" in text for text in (request.path, *request.args.values(), *request.form.values())):
        abort(400)  # No keyboard makes that sign, and PostgreSQL keeps it in no text.


def viewer_known() -> bool:
    """Whether this page was made for one person: shared computers must not keep it."""
    found: Viewer | None = g.get("viewer")
    return found is not None and found.user is not None


def back_to(endpoint: str, **values: object) -> ResponseReturnValue:
    """After an act: see what came of it."""
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[arg-type]


def pdf(data: bytes, name: str) -> Response:
    """A PDF to look at or keep."""
    response = Response(data, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def must_choose() -> str:
    """The message of a list in which nothing was chosen."""
    return str(_("Choose one in the list."))


def unkept(data: bytes, media_type: str) -> Response:
    """Something for one person's eyes: nobody's browser keeps it."""
    response = Response(data, mimetype=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def immutable(data: bytes, media_type: str) -> Response:
    """Something that never changes under its address; browsers may keep it for a year."""
    response = Response(data, mimetype=media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
