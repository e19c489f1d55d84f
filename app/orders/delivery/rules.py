"""What staff have set: what must be shown when something is handed over, and what a second try costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.delivery.event_models import DeliveryRule
from app.orders.delivery.terms import DEAREST


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be shown when something is handed over; all of it may be."""

    photograph: bool = False
    name: bool = False
    signature: bool = False

    @property
    def any(self) -> bool:
        """Whether the plain report will not do."""
        return self.photograph or self.name or self.signature


def needs_of(customer_id: int) -> Needs:
    """What the customer wants, or else what the house does."""
    wanted = (DeliveryRule.customer_id == customer_id) | DeliveryRule.house.is_(True)
    rows = db.session.scalars(select(DeliveryRule).where(wanted)).all()
    rule = next((one for one in rows if one.customer_id), None) or next(iter(rows), None)
    return Needs(rule.needs_photograph, rule.needs_name, rule.needs_signature) if rule else Needs()


def again_fee() -> Money:
    """What a second try costs without VAT."""
    house = house_rule()
    return house.again_fee if house else NOUGHT


def house_rule() -> DeliveryRule | None:
    """What holds where a customer has no rule of its own; None while nothing is set."""
    return db.session.scalar(select(DeliveryRule).where(DeliveryRule.house.is_(True)))


def rule_of(customer: Customer) -> DeliveryRule | None:
    """The customer's own rule."""
    return db.session.scalar(select(DeliveryRule).where(DeliveryRule.customer_id == customer.id))


def set_rule(
    customer: Customer | None, needs: Needs, fee: Money = NOUGHT, *, by: User | None, now: datetime
) -> DeliveryRule:
    """Set what must be shown from now on, for one customer or for all; the fee for a second try is for all.

    Raises Refused for a fee that cannot be.
    """
    if not NOUGHT <= fee <= DEAREST:
        raise Refused(f"Skriv ett belopp från {NOUGHT} till {DEAREST}.")
    row = rule_of(customer) if customer else house_rule()
    row = row or _new(customer)
    row.needs_photograph, row.needs_name, row.needs_signature = needs.photograph, needs.name, needs.signature
    row.again_fee = NOUGHT if customer else fee
    audit.record(row, "set", by=by, now=now, customer=customer.name if customer else "", fee=row.again_fee.ore)
    return row


def _new(customer: Customer | None) -> DeliveryRule:
    """Two of us may set the first one at the same moment: the database says who came first."""
    made = DeliveryRule(customer_id=customer.id if customer else None, house=None if customer else True)
    made.needs_photograph = made.needs_name = made.needs_signature = False
    made.again_fee = NOUGHT
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as second:
        raise Refused("Någon annan sparade något liknande i samma stund. Försök igen.") from second
    return made
