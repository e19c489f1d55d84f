"""THE STORY of our commission: what a member sells in its own name is charged for month by month, and set off.

The member sells, and the customer pays us; what it is to have of that is what is left when our commission and the VAT
on it are taken off (`app/settlement`). So the invoice for the commission is paid when it is issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app import clock, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.invoicing import collecting
from app.invoicing.models import RoundKind
from app.members.models import Member
from app.settlement import actions as settlement
from app.settlement import commissions
from app.settlement.models import CommissionInvoice


@jobs.every_minute
def charge_last_month(now: datetime) -> None:
    """In the first minute of a month, or when a worker is there again: a job for each member that may have sold."""
    until = clock.local_date(now).replace(day=1)
    if collecting.begin(RoundKind.COMMISSIONS, until, now=now):
        for member_id in commissions.members_to_charge():
            jobs.enqueue(charge_member, member_id=member_id, until=until.toordinal())


@jobs.job
def charge_member(member_id: int, until: int) -> None:
    """Charge what a member sold before a day. Run twice, it finds nothing left."""
    member = db.session.get_one(Member, member_id)
    settlement.charge_commission(member, clock.start_of(date.fromordinal(until)), by=None, now=clock.now())


def charge_now(member: Member, *, by: User, now: datetime) -> Sequence[CommissionInvoice]:
    """Charge all that a member has sold until now, or credit it. Raises Refused when there is nothing that can be."""
    made = settlement.charge_commission(member, now, by=by, now=now)
    if not made:
        raise Refused("Det finns ingen provision att fakturera just nu.")
    return made
