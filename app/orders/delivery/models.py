"""How members deliver, and each order's parcels with what is charged beside the lines."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.models import Offering
from app.db import Base
from app.errors import Refused
from app.members.models import Member, Workplace
from app.money import NOUGHT, Money
from app.orders.delivery.states import ChargeKind
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order, OrderEvent, OrderLine
from app.orders.states import ASSIGNMENT_MOVES, IN_SWEDISH, TO_COME, AssignmentState
from app.vat import VatClass
from bids import canonical


class DeliveryWay(Base):
    """One way in which a member's goods reach customers."""

    __tablename__ = "delivery_way"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[WayKind]
    workplace_id: Mapped[int | None] = mapped_column(ForeignKey("workplace.id", ondelete="CASCADE"))
    """Where it is collected, or driven from; none is the member's own address."""
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    """The member that carries, by those of its own ways that are for others too."""
    details: Mapped[dict[str, Any]]
    """`ways.Terms` as canonical JSON."""
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    carrier: Mapped[Member | None] = relationship(foreign_keys=[carrier_id])
    workplace: Mapped[Workplace | None] = relationship()

    @property
    def terms(self) -> Terms:
        """When, where and for how much."""
        return canonical.loads(json.dumps(self.details), Terms)

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.details = json.loads(canonical.dumps(terms))


class OnlyWay(Base):
    """Something that a member makes and that comes in one way only: collected, or brought by the member itself."""

    __tablename__ = "only_way"
    __table_args__ = (CheckConstraint("kind <> 'carried'", name="own_or_collect"),)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[WayKind]
    offering: Mapped[Offering] = relationship()


IS_ASKED_AGAIN = "asked_again <> ''"
"""Few are, among very many, so they have an index of their own."""


class Parcel(Base):
    """What the customer was promised about how one member's lines come. The promise holds whoever makes them."""

    __tablename__ = "parcel"
    __table_args__ = (
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        Index("ix_parcel_open", "id", sqlite_where=text(IS_ASKED_AGAIN), postgresql_where=text(IS_ASKED_AGAIN)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    """Who makes it now."""
    kind: Mapped[WayKind]
    day: Mapped[date]
    """For which the way was chosen."""
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    window: Mapped[str] = mapped_column(default="")
    """As ``08:00–12:00``; empty when any will do."""
    place: Mapped[str] = mapped_column(default="")
    """Where it is collected, and when."""
    fee: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the customer was promised to pay for it, without VAT. It is charged when the goods have come."""
    asked_again: Mapped[str] = mapped_column(default="")
    """Why the way has to be chosen anew; empty when it stands."""
    order: Mapped[Order] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    carrier: Mapped[Member | None] = relationship(foreign_keys=[carrier_id])
    lines: Mapped[list[ParcelLine]] = relationship(
        back_populates="parcel", order_by="ParcelLine.order_line_id", cascade="all, delete-orphan", lazy="selectin"
    )
    carriages: Mapped[list[Carriage]] = relationship(back_populates="parcel", order_by="Carriage.id", lazy="selectin")

    @property
    def line_ids(self) -> set[int]:
        """The order lines of which something lies in it."""
        return {one.order_line_id for one in self.lines}

    @property
    def driver_id(self) -> int:
        """Who brings it: the carrier, else whoever makes it."""
        return self.carrier_id if self.kind == WayKind.CARRIED and self.carrier_id else self.member_id

    @property
    def carriage(self) -> Carriage | None:
        """The assignment to carry it that is under way."""
        return next((one for one in self.carriages if one.state in TO_COME), None)


class ParcelLine(Base):
    """An order line that lies in a parcel, whole or in part."""

    __tablename__ = "parcel_line"
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id", ondelete="CASCADE"), primary_key=True)
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    parcel: Mapped[Parcel] = relationship(back_populates="lines")


class Carriage(Base):
    """A member's assignment to carry what another member makes. It is answered as other assignments are."""

    __tablename__ = "carriage"
    __table_args__ = (
        Index("ix_carriage_carrier_state", "carrier_id", "state"),
        Index("ix_carriage_state_answer_before", "state", "answer_before"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id", ondelete="CASCADE"), index=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    sender_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    """Where it is fetched."""
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.OFFERED)
    delivery_day: Mapped[date]
    pay: Mapped[Money]
    """What the carrier earns by it, without VAT."""
    offered_at: Mapped[datetime]
    answer_before: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    """When the maker said that the carrier has it."""
    delivered_at: Mapped[datetime | None]
    declined_because: Mapped[str | None]
    parcel: Mapped[Parcel] = relationship(back_populates="carriages")
    carrier: Mapped[Member] = relationship(foreign_keys=[carrier_id])
    sender: Mapped[Member] = relationship(foreign_keys=[sender_id])

    @validates("state")
    def _legal_move(self, _key: str, to: AssignmentState) -> AssignmentState:
        if self.state is not None and to not in ASSIGNMENT_MOVES[self.state]:
            raise Refused(f"Uppdraget är redan {IN_SWEDISH[self.state]} och kan inte bli {IN_SWEDISH[to]}.")
        return to


class OrderCharge(Base):
    """What an event charges, or gives back, beside the price of the lines. Never changed."""

    __tablename__ = "order_charge"
    __table_args__ = (
        Index("ix_order_charge_kind", "kind", "id"),
        Index("ix_order_charge_member_event", "member_id", "event_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("order_event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ChargeKind]
    name: Mapped[str]
    """As it stands on the invoice."""
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    vat_class: Mapped[VatClass]
    charged: Mapped[Money]
    """What the customer pays more, without VAT; less than nought is given back."""
    earned: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the member earns more, or less, without VAT."""
    event: Mapped[OrderEvent] = relationship()
    parcel: Mapped[Parcel | None] = relationship()
    order_line: Mapped[OrderLine | None] = relationship()
    member: Mapped[Member | None] = relationship()
