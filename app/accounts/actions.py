"""Opening accounts, inviting people to them, and closing them."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from flask import current_app
from flask_security.core import UserMixin
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.recoverable import generate_reset_password_token
from flask_security.utils import hash_password
from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app import audit, mail, particulars
from app.accounts import queries
from app.accounts.models import Role, RoleName, Seat, User
from app.db import Question, db
from app.errors import Refused

MOST_COLLEAGUES = 50


class Accounts(SQLAlchemyUserDatastore):
    """Where the library finds accounts. Who is signed in is asked of it by each page."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> UserMixin | None:
        """The account with this address, number or whatever it is asked for by."""
        if by.keys() != {"fs_uniquifier"}:
            return super().find_user(case_insensitive, **by)
        found: User | None = db.session.scalars(_signed_in(), by).unique().one_or_none()
        return found


@cache
def _signed_in() -> Question:
    """Put together once."""
    mine = User.fs_uniquifier == bindparam("fs_uniquifier")
    return select(User).where(mine).options(joinedload(User.roles))


datastore = Accounts(db, User, Role)


def open_account(
    email: str,
    name: str,
    password: str,
    *,
    roles: tuple[RoleName, ...] = (),
    member_id: int | None = None,
    customer_id: int | None = None,
) -> User:
    """Open an account, or return the one that the address already has, untouched."""
    found = db.session.scalar(select(User).where(User.email == email))
    if found is not None:
        return found
    user = datastore.create_user(email=email, name=name, password=hash_password(password), active=True)
    assert isinstance(user, User)  # noqa: S101  the library promises less than it keeps
    user.roles = [_role(role) for role in roles]
    db.session.flush()
    if member_id or customer_id:
        db.session.add(Seat(user_id=user.id, member_id=member_id, customer_id=customer_id))
    return user


def invite(
    email: str,
    name: str,
    *,
    organisation: str,
    roles: tuple[RoleName, ...] = (),
    member_id: int | None = None,
    customer_id: int | None = None,
    by: User | None,
    now: datetime,
) -> User:
    """Open an account as `admit` does, and write to its owner with a link by which to choose a password.

    Whoever has one already is told that it acts for one more. `organisation` is the name of whom the person will act
    for. Raises Refused as `admit` does.
    """
    user = admit(email, name, roles=roles, member_id=member_id, customer_id=customer_id, by=by, now=now)
    return _write_to(user, organisation, now=now)


def invite_colleague(
    email: str,
    name: str,
    *,
    organisation: str,
    contact: str,
    member_id: int | None = None,
    customer_id: int | None = None,
    by: User,
    now: datetime,
) -> User:
    """The contact of an organisation, whose account has its address `contact`, invites somebody who works there.

    Raises Refused when `by` is somebody else, when there are many people already, and as `admit` does.
    """
    if not is_contact(by, contact) or not _sits(by, member_id, customer_id):
        raise Refused(f"Bara den som har adressen {contact} bjuder in. Be den personen, eller ring oss.")
    if len(queries.people_of(member_id=member_id, customer_id=customer_id)) >= MOST_COLLEAGUES:
        raise Refused("Ni är redan många som har konto här. Ring oss så hjälps vi åt.")
    user = _admit(email, name, (), member_id, customer_id, by=by, now=now)
    return _write_to(user, organisation, now=now)


def is_contact(user: User, contact: str) -> bool:
    """Whether an account is that of the organisation's own address."""
    return user.email.lower() == contact.lower()


def _write_to(user: User, organisation: str, *, now: datetime) -> User:
    if user.password is not None:
        return _tell_of_seat(user, organisation, now=now)
    values = {"user": user, "organisation": organisation, "link": password_link(user)}
    body = mail.words("account_invitation", **values, again=f"{current_app.config['BASE_URL']}{_reset_path()}")
    mail.write(
        kind="account_invitation", to=(user.name, user.email), subject="Ditt konto är öppnat", body=body, now=now
    )
    return user


def admit(
    email: str,
    name: str,
    *,
    roles: tuple[RoleName, ...] = (),
    member_id: int | None = None,
    customer_id: int | None = None,
    by: User | None,
    now: datetime,
) -> User:
    """Open an account without a password, for staff with roles or for a person with a seat in an organisation.

    Whoever was invited to the same organisation before and has not chosen a password yet is invited once more. Whoever
    has an account for other organisations gets a seat in this one too. `by` is None on the command line. Raises Refused
    when `by` may not, when the name or the address cannot be, and when the address has an account here already.
    """
    _must_be_allowed(by, staff=bool(roles))
    return _admit(email, name, roles, member_id, customer_id, by=by, now=now)


def _admit(
    email: str,
    name: str,
    roles: tuple[RoleName, ...],
    member_id: int | None,
    customer_id: int | None,
    *,
    by: User | None,
    now: datetime,
) -> User:
    address, name = particulars.email(email), particulars.line(name, "Namnet")
    user = queries.account_with(address)
    if user is None:
        user = _open(address, name, roles, Seat(member_id=member_id, customer_id=customer_id))
    else:
        queries.hold(user)
        _must_fit(user, roles, member_id, customer_id)
        if user.is_waiting:
            user.name = name
        if not roles and not _sits(user, member_id, customer_id):
            user.seats.append(Seat(member_id=member_id, customer_id=customer_id))
    audit.record(user, "invited", by=by, now=now, member=member_id, customer=customer_id, roles=", ".join(roles))
    return user


def password_link(user: User) -> str:
    """Where the user chooses a password. It works once, for as long as Flask-Security's letters say."""
    token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]
    return f"{current_app.config['BASE_URL']}{_reset_path()}/{token}"


def close_account(user: User, *, by: User, now: datetime) -> None:
    """Let nobody sign in with the account, end its sessions, and make links sent to it worthless.

    Raises Refused when `by` may not, and for one's own account: so there is always an administrator left.
    """
    _must_be_allowed(by, staff=user.is_staff)
    if user.id == by.id:
        raise Refused("Du kan inte stänga ditt eget konto. Be en annan administratör.")
    if user.is_staff and by.id not in queries.lock_administrators():
        raise Refused("Ditt eget konto har just stängts.")
    if not user.active:
        raise Refused("Kontot är redan stängt.")
    user.active = False
    datastore.set_uniquifier(user)
    audit.record(user, "account closed", by=by, now=now)


def reopen_account(user: User, *, by: User, now: datetime) -> None:
    """Let the person in again, with the password from before. Raises Refused when `by` may not."""
    _must_be_allowed(by, staff=user.is_staff)
    if user.active:
        raise Refused("Kontot är redan öppet.")
    user.active = True
    audit.record(user, "account opened again", by=by, now=now)


def _must_be_allowed(by: User | None, *, staff: bool) -> None:
    """Administrators decide about staff; sales also about the people of members and customers."""
    names = by.role_names if by is not None else {RoleName.ADMIN}
    if RoleName.ADMIN in names or (RoleName.SALES in names and not staff):
        return
    raise Refused("Bara en administratör får öppna och stänga det här kontot.")


def _open(address: str, name: str, roles: tuple[RoleName, ...], seat: Seat) -> User:
    """Two of us may invite the same person at the same moment: the database says who came first."""
    try:
        with db.session.begin_nested():
            user = datastore.create_user(email=address, name=name, password=None, active=True)
            assert isinstance(user, User)  # noqa: S101  the library promises less than it keeps
            user.roles = [_role(role) for role in roles]
            if not roles:
                user.seats.append(seat)
    except IntegrityError as second:
        raise Refused("Någon annan har just bjudit in den adressen. Ladda om sidan.") from second
    return user


def take_seat_away(
    user: User, *, member_id: int | None = None, customer_id: int | None = None, by: User, now: datetime
) -> None:
    """The person no longer acts for one of several organisations, nor do its systems. Raises Refused for the last."""
    _must_be_allowed(by, staff=user.is_staff)
    seat = _sits(user, member_id, customer_id)
    if seat is None or len(user.seats) < 2:
        raise Refused("Personen företräder ingen annan. Stäng kontot i stället.")
    audit.record(user, "seat taken away", by=by, now=now, member=member_id, customer=customer_id)
    db.session.execute(delete(Seat).where(Seat.id == seat.id))
    db.session.expire(user, ["seats"])


def _tell_of_seat(user: User, organisation: str, *, now: datetime) -> User:
    link = f"{current_app.config['BASE_URL']}/system/byt"
    body = mail.words("account_seat", user=user, organisation=organisation, link=link)
    subject = f"Nu kan du också handla för {organisation}"
    mail.write(kind="account_seat", to=(user.name, user.email), subject=subject, body=body, now=now)
    return user


def _sits(user: User, member_id: int | None, customer_id: int | None) -> Seat | None:
    wanted = (member_id, customer_id)
    return next((seat for seat in user.seats if (seat.member_id, seat.customer_id) == wanted), None)


def _must_fit(user: User, roles: tuple[RoleName, ...], member_id: int | None, customer_id: int | None) -> None:
    """Staff act for nobody else, and nobody else is staff: whoever is to be both needs another address."""
    is_waiting_colleague = user.role_names == frozenset(roles) and not user.seats
    if (roles or user.is_staff) and not (roles and is_waiting_colleague):
        raise Refused("Adressen har redan ett konto för något annat här. Be personen om en annan adress.")
    if not user.active:
        raise Refused("Kontot finns men är stängt. Öppna det igen i listan.")
    if user.password is not None and (roles or _sits(user, member_id, customer_id)):
        raise Refused("Personen har redan ett konto. Den som glömt lösenordet väljer ett nytt på sidan Logga in.")


def _reset_path() -> str:
    return str(current_app.config["SECURITY_RESET_URL"])


def _role(name: RoleName) -> Role:
    return db.session.scalar(select(Role).where(Role.name == name)) or Role(name=name)
