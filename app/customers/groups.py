"""Groups of customers that share something, such as a price list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from app import audit, particulars
from app.accounts.models import User
from app.customers.models import Customer
from app.db import Base, db
from app.errors import NotYours, Refused
from app.particulars import LONGEST_LINE

MOST_GROUPS = 500
_TAKEN = "Det finns redan en kundgrupp som heter så."


class CustomerGroup(Base):
    """Customers that are treated alike, such as all housing associations."""

    __tablename__ = "customer_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")
    """For staff: who belongs here."""
    customers: Mapped[list[Customer]] = relationship(secondary="customer_group_member", order_by=Customer.name)


class CustomerGroupMember(Base):
    """That a customer belongs to a group."""

    __tablename__ = "customer_group_member"
    group_id: Mapped[int] = mapped_column(ForeignKey("customer_group.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def all_groups() -> Sequence[tuple[CustomerGroup, int]]:
    """Every group by name, and how many customers belong to it."""
    count = func.count(CustomerGroupMember.customer_id)
    query = select(CustomerGroup, count).outerjoin(CustomerGroupMember).group_by(CustomerGroup.id)
    rows = db.session.execute(query.order_by(CustomerGroup.name).limit(MOST_GROUPS))
    return [(group, number) for group, number in rows]


def group_with(group_id: int) -> CustomerGroup:
    """A group by id with its customers, for staff. Raises NotYours."""
    query = select(CustomerGroup).where(CustomerGroup.id == group_id).options(selectinload(CustomerGroup.customers))
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def groups_of(customer: Customer) -> Sequence[CustomerGroup]:
    """The groups to which a customer belongs, by name."""
    query = select(CustomerGroup).join(CustomerGroupMember).where(CustomerGroupMember.customer_id == customer.id)
    return db.session.scalars(query.order_by(CustomerGroup.name)).all()


def make_group(name: str, note: str, *, by: User | None, now: datetime) -> CustomerGroup:
    """A new group, with nobody in it. Raises Refused for a name that another group has."""
    group = CustomerGroup(name=particulars.line(name, "Namnet"), note=_note(note))
    _write(group)
    audit.record(group, "entered", by=by, now=now)
    return group


def rename_group(group: CustomerGroup, name: str, note: str, *, by: User, now: datetime) -> CustomerGroup:
    """Call a group something else. Placed orders keep the words under which they were priced. Raises Refused."""
    before, name = group.name, particulars.line(name, "Namnet")
    note = _note(note)
    with db.session.no_autoflush:
        group.name, group.note = name, note
    _write(group)
    audit.record(group, "changed", by=by, now=now, name_before=before)
    return group


def join_group(group: CustomerGroup, customer: Customer, *, by: User | None, now: datetime) -> CustomerGroup:
    """A customer belongs to a group from now on. Raises Refused when it does already."""
    if customer in group.customers:
        raise Refused(f"{customer.name} är redan med i gruppen.")
    group.customers.append(customer)
    audit.record(group, "joined", by=by, now=now, customer=customer.name)
    return group


def leave_group(group: CustomerGroup, customer_id: int, *, by: User, now: datetime) -> CustomerGroup:
    """A customer no longer belongs to a group. Raises NotYours for one that does not."""
    customer = next((one for one in group.customers if one.id == customer_id), None)
    if customer is None:
        raise NotYours
    group.customers.remove(customer)
    audit.record(group, "left", by=by, now=now, customer=customer.name)
    return group


def _note(note: str) -> str:
    return particulars.line(note, "Anteckningen", longest=LONGEST_LINE, needed=False)


def _write(group: CustomerGroup) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(group)
    except IntegrityError as second:
        raise Refused(_TAKEN) from second
