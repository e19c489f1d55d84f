"""Proof that goods came into somebody's hands: a photograph, a name, a signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app import audit, pictures
from app.audit import Actor
from app.db import db
from app.errors import NotYours, Refused
from app.orders.delivery.event_models import DeliveryProof
from app.orders.delivery.rules import Needs
from app.orders.models import Assignment, Order
from app.orders.states import AssignmentState
from app.pictures import Developed, Picture

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """What whoever delivers shows."""

    received_by: str = ""
    photograph: Developed | None = None
    signature: Developed | None = None

    @property
    def anything(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.received_by.strip() or self.photograph or self.signature)


def check(needs: Needs, shown: Shown) -> None:
    """Raises Refused for what the customer wants and was not shown. A name that is typed stands for the signature.

    Whoever cannot draw on the screen, or has nobody who can, is not shut out by it.
    """
    name = shown.received_by.strip()
    if len(name) > LONGEST_NAME:
        raise Refused(f"Skriv namnet med högst {LONGEST_NAME} tecken.")
    if needs.photograph and shown.photograph is None:
        raise Refused("Kunden vill ha ett foto av leveransen. Ta ett foto.")
    if needs.name and not name:
        raise Refused("Kunden vill veta vem som tog emot. Skriv namnet.")
    if needs.signature and shown.signature is None and not name:
        raise Refused("Kunden vill ha en underskrift. Låt den som tar emot rita den, eller skriv namnet.")


def keep(assignment: Assignment, shown: Shown, *, by: Actor, now: datetime) -> DeliveryProof | None:
    """Keep what was shown for a member's part; nothing where nothing was."""
    if not shown.anything:
        return None
    made = DeliveryProof(
        assignment=assignment,
        received_by=" ".join(shown.received_by.split()),
        photograph=pictures.take_in(shown.photograph, now=now) if shown.photograph else None,
        signature=pictures.take_in(shown.signature, now=now) if shown.signature else None,
        at=now,
        by_name=by.name,
    )
    db.session.add(made)
    audit.record(made, "kept", by=by, now=now, assignment=assignment.id)
    return made


def proofs_in(order: Order) -> dict[int, DeliveryProof]:
    """The proofs of the order's parts, by assignment. Nothing is looked up before anything has come."""
    done = [one.id for one in order.assignments if one.state == AssignmentState.DELIVERED]
    if not done:
        return {}
    rows = db.session.scalars(select(DeliveryProof).where(DeliveryProof.assignment_id.in_(done)))
    return {row.assignment_id: row for row in rows}


def picture_in(order: Order, proof_id: int, which: str) -> Picture:
    """The photograph (`foto`) or the signature of one of the order's proofs. Raises NotYours."""
    proof = next((one for one in proofs_in(order).values() if one.id == proof_id), None)
    found = (proof.photograph if which == "foto" else proof.signature) if proof else None
    if found is None:
        raise NotYours
    return found
