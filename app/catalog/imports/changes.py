"""The seam to change requests: what an assortment changes of what the sales company has approved."""

from __future__ import annotations

from datetime import datetime

from app.accounts.models import User
from app.catalog.changing import actions as change_actions
from app.catalog.changing import changes
from app.catalog.changing import queries as change_queries
from app.catalog.changing.actions import Wish
from app.catalog.changing.kinds import State
from app.catalog.drafts import written
from app.catalog.imports.plan import WRITTEN, Outcome
from app.catalog.models import Article, Offering
from app.members.models import Member

NOTE = "Ur en fil, rad {row}."


def ask_for_change(outcome: Outcome, offering: Offering, member: Member, *, by: User | None, now: datetime) -> None:
    """Ask the sales company to approve what a row changes: one request about the article, one about the offering.

    What the member has asked already is written anew, and left alone where it says the same. Raises Refused.
    """
    keys = {change.key for change in outcome.ask}
    draft = written(outcome.draft)
    about_article = {key: draft[key] for key in WRITTEN if key in keys}
    about_offering: dict[str, object] = {}
    if "member_price" in keys:
        about_offering["member_price"] = outcome.member_price.ore
    if "municipalities" in keys:
        about_offering["municipalities"] = sorted(outcome.terms.municipalities)
    note = NOTE.format(row=outcome.row)
    if about_article:
        _ask(offering.article, about_article, member, note, by=by, now=now)
    if about_offering:
        _ask(offering, about_offering, member, note, by=by, now=now)


def _ask(
    subject: Article | Offering, state: State, member: Member, note: str, *, by: User | None, now: datetime
) -> None:
    wish = Wish(state, note=note)
    there = change_queries.open_request(subject, member)
    if there is None:
        change_actions.ask(subject, wish, member=member, by=by, now=now)
    elif _wanted(subject, state) != there.actions:
        change_actions.send_again(there, wish, by=by, now=now)


def _wanted(subject: Article | Offering, state: State) -> tuple[object, ...]:
    now = change_queries.state_now(subject)
    return changes.difference(now, {**now, **state})
