"""Opening accounts."""

from __future__ import annotations

from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.utils import hash_password
from sqlalchemy import select

from app.accounts.models import Role, RoleName, Seat, User
from app.db import db

datastore = SQLAlchemyUserDatastore(db, User, Role)


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


def _role(name: RoleName) -> Role:
    return db.session.scalar(select(Role).where(Role.name == name)) or Role(name=name)
