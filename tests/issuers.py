"""A process that delivers an order and so issues its invoice, and can be killed in the midst of it."""

from __future__ import annotations

import os
import sys

from app import clock, orderflow
from app.accounts.models import User
from app.db import db
from app.factory import create_app
from app.orders.models import Assignment
from app.orders.queries import assignment_of
from config import from_env

READY, ISSUED = "ready\n", "issued\n"


def deliver(assignment_id: int, *, halt: bool) -> None:
    """Deliver a member's part as a web process does. With `halt` it stops before it is saved, until it is killed."""
    by = db.session.query(User).order_by(User.id).first()
    assignment = assignment_of(db.session.get_one(Assignment, assignment_id).member, assignment_id, lock=True)
    assert by is not None
    orderflow.deliver(assignment, by=by, now=clock.now())
    if halt:
        db.session.flush()
        sys.stdout.write(ISSUED)
        sys.stdout.flush()
        sys.stdin.readline()
        os._exit(0)
    db.session.commit()


if __name__ == "__main__":
    with create_app(from_env(dict(os.environ))).app_context():
        sys.stdout.write(READY)
        sys.stdout.flush()
        sys.stdin.readline()
        for number in sys.argv[2:]:
            deliver(int(number), halt=sys.argv[1] == "halt")
