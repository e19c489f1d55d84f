"""Reading accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from app.accounts.models import Role, RoleName, Seat, User
from app.db import db
from app.errors import NotYours

MOST = 200
"""So many accounts are listed for one organisation."""
LARGEST_ID = 2**31 - 1


def account_with(email: str) -> User | None:
    """The account with an address, whatever its capitals."""
    return db.session.scalar(select(User).where(func.lower(User.email) == email.lower()))


def people_of(*, member_id: int | None = None, customer_id: int | None = None) -> Sequence[User]:
    """The accounts of a member or of a customer by name, closed ones last."""
    return _listed(_sits(member_id, customer_id))


def person_of(user_id: int, *, member_id: int | None = None, customer_id: int | None = None) -> User:
    """One account of a member or of a customer. Raises NotYours."""
    return _one(user_id, _sits(member_id, customer_id))


def staff() -> Sequence[User]:
    """The accounts of the sales company's own people by name, closed ones last."""
    return _listed(User.roles.any())


def staff_member(user_id: int) -> User:
    """One account of the sales company's own people. Raises NotYours."""
    return _one(user_id, User.roles.any())


def hold(user: User) -> None:
    """Lock an account, so that whoever else gives it a seat waits, and then finds the seat."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())


def seat_of(user: User, seat_id: int) -> Seat:
    """One of the person's own seats. Raises NotYours."""
    found = db.session.scalar(select(Seat).where(Seat.id == seat_id, Seat.user_id == user.id))
    if found is None:
        raise NotYours
    return found


def lock_administrators() -> frozenset[int]:
    """The ids of all administrators with an open account, held until the transaction ends.

    Two who close each other's accounts at the same moment would else leave nobody who can open any.
    """
    query = select(User.id).where(User.active, User.roles.any(Role.name == RoleName.ADMIN)).order_by(User.id)
    return frozenset(db.session.scalars(query.with_for_update()))


def _sits(member_id: int | None, customer_id: int | None) -> ColumnElement[bool]:
    return User.seats.any(
        (Seat.member_id.is_not_distinct_from(member_id)) & (Seat.customer_id.is_not_distinct_from(customer_id))
    )


def _listed(condition: ColumnElement[bool]) -> Sequence[User]:
    query = select(User).where(condition).order_by(User.active.desc(), User.name, User.id)
    return db.session.scalars(query.limit(MOST)).all()


def _one(user_id: int, condition: ColumnElement[bool]) -> User:
    found = None
    if user_id <= LARGEST_ID:
        found = db.session.scalar(select(User).where(User.id == user_id, condition))
    if found is None:
        raise NotYours
    return found
