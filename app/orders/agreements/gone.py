"""Who makes nothing more under which agreement, from which day: the routing asks it about each day of delivery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import or_, select

from app.db import db
from app.orders.agreements.models import AgreementLeaving, AgreementList
from app.orders.models import OrderLine

Gone = Mapping[tuple[int, int], date]
"""By order line and member, the first day on which it makes nothing more of it."""


def gone_from(lines: Collection[OrderLine], price_lists: Mapping[int, int]) -> Gone:
    """Who has left, or will leave, the agreements under which these lines are ordered. Without one, nothing is asked.

    `price_lists` is a framework agreement's price list by price row. What a quote sells has no such row, but knows its
    agreement.
    """
    lists = {line: price_lists.get(line.price_row_id or 0) for line in lines}
    found = _left({one for one in lists.values() if one}, {line.agreement_id for line in lines if line.agreement_id})
    return {
        (line.id, member): day
        for line, price_list in lists.items()
        for agreement, mine, member, day in found
        if line.agreement_id == agreement or price_list == mine
    }


def _left(price_lists: Collection[int], agreements: Collection[int]) -> list[tuple[int, int, int, date]]:
    """Agreement, one of its price lists, who leaves, and from which day."""
    if not price_lists and not agreements:
        return []
    leaving = AgreementLeaving
    query = select(leaving.agreement_id, AgreementList.price_list_id, leaving.member_id, leaving.from_day)
    query = query.join(AgreementList, AgreementList.agreement_id == leaving.agreement_id)
    wanted = or_(AgreementList.price_list_id.in_(price_lists), AgreementList.agreement_id.in_(agreements))
    rows = db.session.execute(query.where(wanted))
    return [(agreement, price_list, member, day) for agreement, price_list, member, day in rows]
