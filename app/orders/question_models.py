"""What a member asks the customer about its part, and the answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.models import Offering
from app.db import Base, Quantity
from app.errors import Refused
from app.money import Money
from app.orders.models import Assignment, OrderLine
from app.orders.states import AssignmentState, QuestionKind, QuestionState


class OrderQuestion(Base):
    """May it be more than was ordered, or something else? Prices are those that the customer reads and says yes to."""

    __tablename__ = "order_question"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[QuestionKind]
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.OPEN)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[Quantity]
    """So much of the line goes; or, for more, so much it is to be in all."""
    offering_id: Mapped[int | None] = mapped_column(ForeignKey("offering.id"))
    """What the member would rather deliver."""
    new_quantity: Mapped[Quantity | None]
    unit_price: Mapped[Money | None]
    member_price: Mapped[Money | None]
    why: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")
    assignment: Mapped[Assignment] = relationship()
    order_line: Mapped[OrderLine] = relationship()
    offering: Mapped[Offering | None] = relationship()

    @validates("state")
    def _legal_move(self, _key: str, to: QuestionState) -> QuestionState:
        if self.state is not None and self.state != QuestionState.OPEN:
            raise Refused("Frågan är redan besvarad. Ladda om sidan.")
        return to

    @property
    def is_open(self) -> bool:
        """Whether an answer is still wanted."""
        return self.state == QuestionState.OPEN and self.assignment.state == AssignmentState.ACCEPTED

    @property
    def new_net(self) -> Money:
        """What the customer would pay for what is proposed, without VAT."""
        if self.unit_price is None or self.new_quantity is None:
            return self.order_line.price_of(self.quantity)
        return self.unit_price.times(self.new_quantity)

    @property
    def net_after(self) -> Money:
        """What the order would come to after a yes, without VAT."""
        line, order = self.order_line, self.order_line.order
        others = order.net - line.net
        if self.offering_id is not None:
            return others + line.price_of(line.remaining - self.quantity) + self.new_net
        held = sum(one.quantity for one in self.assignment.lines if one.order_line_id == line.id)
        return others + line.price_of(line.remaining - held + self.quantity)
