"""The buyer moves its last day: the facts follow, whom we asked is told, and what was handed in stays as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from app import bidflow, legalflow
from app import clock as app_clock
from app.db import db
from app.tenders import bid_actions, promise_actions
from app.tenders.dates import queries as dates
from app.tenders.dates.reckoning import DateKind
from app.tenders.models import BidState, Tender, TenderState
from bids.kinds import PartyRole
from tests.features.bid_case import DEADLINE, Case
from tests.features.call_case import CallCase
from tests.furnished import furnished
from tests.make import make_member
from tests.people import document, text

LATER = "2027-01-15T12:00"


@furnished
def case(app) -> Case:
    return handed_in(Case(app_clock.now()))


@furnished
def call(app) -> CallCase:
    return handed_in(CallCase(app_clock.now()))


@furnished
def draft(app) -> Case:
    """Three parties are asked, and one of them has said no; the notice named the second as well."""
    now = app_clock.now()
    made = Case(now)
    made.tender.deadline = DEADLINE.replace(second=59)
    third = make_member(slug="renarum", name="Rena Rum", org_number="769999-0045")
    made.asked = [made.fruit, made.van, third]
    for member in made.asked:
        party = bid_actions.add_party(made.bid, member, PartyRole.TENDERER, by=made.sam, now=now)
        bidflow.ask(party, made.row, Decimal(20), by=made.sam, now=now)
        db.session.flush()
        promise_actions.mark_invited(party, by=made.sam, now=now)
    legalflow.leave(party, "Ingen tid", by=made.sam, now=now)
    return made


def handed_in(made):
    made.bid.state, made.tender.state = BidState.SUBMITTED, TenderState.SUBMITTED
    db.session.commit()
    return made


def the_last_day(made) -> date:
    db.session.expire_all()
    tender = db.session.get_one(Tender, made.tender.id)
    found = {one.occasion.kind: one.occasion.day for one in dates.reckoned(tender, None, None)}
    db.session.rollback()
    return found[DateKind.DEADLINE]


def test_a_last_day_is_moved_after_the_bid_is_handed_in(case, visit):
    sales = visit(case.sam.email)
    where = f"{case.where}/uppgifter"
    assert where in [link.get("href") for link in sales.page(case.where).cssselect("a")]
    assert "står kvar som det var" in text(sales.page(where))
    assert sales.fill(where, {"deadline": LATER}).status_code == 303
    assert the_last_day(case) == date(2027, 1, 15)
    assert db.session.get_one(Tender, case.tender.id).deadline == datetime(2027, 1, 15, 11, tzinfo=UTC)


def test_a_last_day_of_what_is_handed_in_cannot_be_emptied(case, visit):
    answer = visit(case.sam.email).fill(f"{case.where}/uppgifter", {"deadline": ""})
    assert answer.status_code == 422
    assert the_last_day(case) == DEADLINE.date()


def test_a_tender_that_was_called_off_keeps_its_facts(case, visit):
    db.session.get_one(Tender, case.tender.id).state = TenderState.CANCELLED
    db.session.commit()
    sales = visit(case.sam.email)
    where = f"{case.where}/uppgifter"
    assert where not in [link.get("href") for link in sales.page(case.where).cssselect("a")]
    answer = sales.fill(where, {"title": "En annan"})
    assert answer.status_code == 422
    assert "avslutad för oss" in text(document(answer))


def test_a_funder_moves_its_last_day_and_its_project_after_we_have_applied(call, visit):
    sales = visit(call.sam.email)
    typed = {"deadline": LATER, "project_to": "2029-06-30"}
    assert sales.fill(f"{call.where}/utlysning", typed).status_code == 303
    assert the_last_day(call) == date(2027, 1, 15)
    assert db.session.get_one(Tender, call.tender.id).project_to == date(2029, 6, 30)


def test_a_new_draft_is_offered_to_the_last_day_and_no_longer(call, visit, clock):
    sales = visit(call.sam.email)
    clock.set(DEADLINE)
    assert "Börja ett nytt utkast" in text(sales.page(f"{call.where}/lamna"))
    clock.set(DEADLINE + timedelta(minutes=1))
    page = sales.page(f"{call.where}/lamna")
    assert "Börja ett nytt utkast" not in text(page)
    assert "Har finansiären flyttat sista dagen?" in text(page)
    sales.fill(f"{call.where}/utlysning", {"deadline": LATER})
    assert "Börja ett nytt utkast" in text(sales.page(f"{call.where}/lamna"))


def test_before_the_last_day_nothing_is_decided_and_the_day_can_be_put_right(case, visit):
    page = visit(case.sam.email).page(f"{case.where}/efter").cssselect("#delen")[0]
    assert "Ingen kan ha beslutat något" in text(page)
    assert "Har köparen flyttat sista dagen?" in text(page)
    assert [link.get("href") for link in page.cssselect("a")] == [f"{case.where}/uppgifter"]


def test_before_a_funders_last_day_its_day_can_be_put_right(call, visit):
    page = visit(call.sam.email).page(f"{call.where}/efter").cssselect("#delen")[0]
    assert "Har finansiären flyttat sista dagen?" in text(page)
    assert [link.get("href") for link in page.cssselect("a")] == [f"{call.where}/utlysning"]


def test_of_an_application_the_versions_are_sent_in(call, visit):
    headings = [text(one) for one in visit(call.sam.email).page(f"{call.where}/lamna").cssselect("#delen h2")]
    assert "Inskickade versioner" in headings


def told(made, outbox) -> list[int]:
    """How many letters of a new last day each of those who were asked has."""
    return [sum("Ny sista" in one.subject for one in outbox.to(member.email)) for member in made.asked]


def test_who_was_asked_is_told_once_of_another_last_day(draft, visit, outbox):
    where = f"{draft.where}/uppgifter"
    assert visit(draft.sam.email).fill(where, {"deadline": LATER}).status_code == 303
    assert told(draft, outbox) == [1, 1, 0], "nobody who has said no"
    assert "15 januari" in outbox.to(draft.fruit.email)[-1].body.replace("\xa0", " ")


def test_nobody_is_told_when_other_facts_are_put_right(draft, visit, outbox):
    """The field shows no seconds, and what is sent back as it was is the same day."""
    where = f"{draft.where}/uppgifter"
    assert visit(draft.sam.email).fill(where, {"place": "Västerhamn"}).status_code == 303
    assert told(draft, outbox) == [0, 0, 0]
    assert db.session.get_one(Tender, draft.tender.id).deadline == DEADLINE.replace(second=59)


def test_nobody_is_told_of_a_last_day_that_was_refused(draft, visit, outbox):
    where = f"{draft.where}/uppgifter"
    assert visit(draft.sam.email).fill(where, {"deadline": LATER, "title": ""}).status_code == 422
    assert told(draft, outbox) == [0, 0, 0]


def test_a_party_of_what_is_handed_in_is_not_asked_to_change_its_answer(draft, visit, outbox):
    handed_in(draft)
    assert visit(draft.sam.email).fill(f"{draft.where}/uppgifter", {"deadline": LATER}).status_code == 303
    assert told(draft, outbox) == [0, 0, 0]


def test_a_party_of_an_application_is_told_of_the_funders_new_day(app, visit, outbox):
    made = CallCase(app_clock.now())
    promise_actions.mark_invited(made.partner, by=made.sam, now=app_clock.now())
    made.asked = [made.fruit]
    db.session.commit()
    sales = visit(made.sam.email)
    assert sales.fill(f"{made.where}/utlysning", {"deadline": LATER}).status_code == 303
    assert told(made, outbox) == [1]
    assert sales.fill(f"{made.where}/utlysning", {"description": "Mer om utlysningen"}).status_code == 303
    assert told(made, outbox) == [1]
