"""People with an account."""

from __future__ import annotations

from enum import StrEnum

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base


class RoleName(StrEnum):
    """What staff may do. Members and customers have no role; they have a seat in an organisation."""

    ADMIN = "admin"
    SALES = "sales"
    FINANCE = "finance"


user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A role that staff may hold."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class User(Base, UserMixin):
    """A person who signs in."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    roles: Mapped[list[Role]] = relationship(secondary=user_role, lazy="selectin")  # type: ignore[assignment]
    seats: Mapped[list[Seat]] = relationship(back_populates="user", order_by="Seat.id")

    @property
    def role_names(self) -> frozenset[str]:
        """The names of the roles this person holds."""
        return frozenset(role.name for role in self.roles)

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the sales company."""
        return bool(self.roles)

    @property
    def is_waiting(self) -> bool:
        """Whether the person has been invited and has not chosen a password yet."""
        return self.active and self.password is None


class Seat(Base):
    """A person acts for a member or for a customer."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (customer_id IS NULL)", name="one_organisation"),
        UniqueConstraint("user_id", "member_id", "customer_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(back_populates="seats")
