"""Everything that happens to an order stands in its time line and in the audit log, whoever did it."""

from __future__ import annotations

import ast
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import adjustflow, orderflow
from app import clock as app_clock
from app.audit import AuditEvent
from app.catalog.models import Article, Offering
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.models import Assignment, Order, OrderEvent
from app.orders.questions import Instead
from app.orders.states import AssignmentState
from config import ROOT
from tests import make
from tests.order_acts import ACTS, Actor
from tests.order_case import furnish, member, order

MORE_ACTS = ("expire", "move", "again", "strike", "instead")
STORIES = ("orderflow", "changeflow", "adjustflow", "complaintflow")
TIME_LINE, LOG = {"app.orders.actions.note"}, {"app.audit.record", "app.audit.record_many"}
ONLY_BEGIN_JOBS = {"app.orderflow.expire_all"}
"""What it lets a job do is written down by the job."""


class Everybody(Actor):
    """Does also what staff, the clock and a member with another idea do."""

    def expire(self, _which: int, _number: Decimal) -> None:
        late = max((one.answer_before for one in self.order.assignments if one.state == "offered"), default=None)
        if late is not None:
            orderflow.expire(self.order, now=late + timedelta(seconds=1))

    def move(self, which: int, _number: Decimal) -> None:
        orderflow.reroute(
            self.one(AssignmentState.ACCEPTED, which), "Flyttas", to=None, by=self.sam, now=app_clock.now()
        )

    def again(self, _which: int, _number: Decimal) -> None:
        orderflow.try_again(self.order, to=None, by=self.sam, now=app_clock.now())

    def strike(self, which: int, _number: Decimal) -> None:
        line = self.order.lines[which % len(self.order.lines)]
        orderflow.call_off(line, "Avtalat", by=self.sam, now=app_clock.now())

    def instead(self, which: int, number: Decimal) -> None:
        share = self.one(AssignmentState.ACCEPTED, which).lines[0]
        pears = db.session.scalars(select(Offering).join(Article).where(Article.name == "Päron")).one()
        question = adjustflow.propose(
            share, min(number, share.quantity), Instead(pears, Decimal(2)), "Slut", by=self.sam, now=app_clock.now()
        )
        adjustflow.answer(question, yes=bool(which % 2), by=self.sam, now=app_clock.now())


def snapshot(made: Order) -> dict[tuple[str, int], Any]:
    """What an act can change of an order, by what it is of."""
    db.session.expire_all()
    seen: dict[tuple[str, int], Any] = {("Order", made.id): (made.state, made.delivery_day, made.note)}
    for line in made.lines:
        seen["OrderLine", line.id] = (line.quantity, line.called_off, line.unassigned)
    for one in made.assignments:
        held = [(share.order_line_id, share.quantity) for share in one.lines]
        seen["Assignment", one.id] = (one.state, one.delivery_day, held)
    return seen


def last(model: type[OrderEvent] | type[AuditEvent]) -> int:
    return db.session.scalar(select(model.id).order_by(model.id.desc()).limit(1)) or 0


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS + MORE_ACTS), st.integers(0, 3), st.integers(0, 12)), max_size=14))
def test_whatever_changes_is_written_down_with_whom_it_is_about(app, clock, acts):
    db.session.rollback()
    if db.session.scalar(select(Order.id).limit(1)) is None:
        furnish()
        for name, price in (("Äpplen", 3333), ("Päron", 4000)):
            article = make.make_article(name, unit="KGM", price=Money(price))
            make.make_offering(article, member("ljungbacken"), capacity_per_week=Decimal(1000))
        db.session.commit()
    articles = {one.name: one.id for one in db.session.scalars(select(Article))}
    made = order({articles["Fruktkorg 5 kg"]: Decimal(6), articles["Äpplen"]: Decimal(10)})
    actor = Everybody(made)
    for act, which, number in [("accept", 0, 12), *acts]:
        clock.move(minutes=1)
        before, event_id, record_id = snapshot(actor.order), last(OrderEvent), last(AuditEvent)
        actor.do(act, which, number)
        after = snapshot(actor.order)
        changed = {one for one in after.keys() | before.keys() if after.get(one) != before.get(one)}
        events = db.session.scalars(select(OrderEvent).where(OrderEvent.id > event_id)).all()
        records = db.session.scalars(select(AuditEvent).where(AuditEvent.id > record_id)).all()
        assert bool(events) == bool(records), (
            f"{act}: {[one.kind for one in events]} but {[one.what for one in records]}"
        )
        assert not changed or events, f"{act} changed {changed}"
        told, kept = {one.member_name for one in events}, {(one.subject_kind, one.subject_id) for one in records}
        for kind, row_id in changed:
            if kind == "Assignment":
                assert db.session.get_one(Assignment, row_id).member.name in told, act
                assert (kind, row_id) in kept, act


@cache
def _tree(module: str) -> ast.Module | None:
    place = ROOT / f"{module.replace('.', '/')}.py"
    return ast.parse(place.read_text(encoding="utf-8")) if place.is_file() else None


@cache
def _names(module: str) -> dict[str, str]:
    """What each imported or own name of a module means, as a dotted path."""
    tree = _tree(module)
    if tree is None:
        return {}
    found = {one.name: f"{module}.{one.name}" for one in tree.body if isinstance(one, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found


@cache
def called_by(path: str) -> frozenset[str]:
    """All of our functions that a function can come to call, by their dotted paths."""
    seen: set[str] = set()
    waiting = [path]
    while waiting:
        module, _, name = waiting.pop().rpartition(".")
        tree = _tree(module)
        for function in tree.body if tree is not None else ():
            if isinstance(function, ast.FunctionDef) and function.name == name:
                for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                    first, _, rest = ast.unparse(call.func).partition(".")
                    meant = _names(module).get(first, "") + (f".{rest}" if rest else "")
                    if meant.startswith("app.") and meant not in seen:
                        seen.add(meant)
                        waiting.append(meant)
    return frozenset(seen)


def acts_of(story: str) -> list[str]:
    """The functions of a story by which something happens: they say when."""
    tree = _tree(f"app.{story}")
    assert tree is not None
    return [
        f"app.{story}.{one.name}"
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
        if any(arg.arg == "now" for arg in (*one.args.args, *one.args.kwonlyargs))
    ]


@pytest.mark.parametrize("act", [act for story in STORIES for act in acts_of(story) if act not in ONLY_BEGIN_JOBS])
def test_every_act_of_the_stories_comes_to_write_both(act):
    """So that an act that is added later and writes nothing is found before anybody misses it."""
    assert called_by(act) & TIME_LINE
    assert called_by(act) & LOG


def test_the_walk_finds_what_it_should():
    assert len([act for story in STORIES for act in acts_of(story)]) >= 18
    assert "app.orders.answers.decline" in called_by("app.orderflow.decline")
    assert not called_by("app.changeflow.nothing_more") & LOG


def test_a_refused_act_writes_nothing(app):
    made = order({furnish().id: Decimal(6)})
    before = (last(OrderEvent), last(AuditEvent))
    with pytest.raises(Refused):
        orderflow.deliver(made.assignments[0], by=made.assignments[0].member, now=app_clock.now())
    db.session.rollback()
    assert (last(OrderEvent), last(AuditEvent)) == before
