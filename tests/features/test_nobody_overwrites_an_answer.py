"""Two answer for the same member, or we change what we ask meanwhile: whoever saves last reads what is new first."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow
from app import clock as app_clock
from app.db import db
from app.money import Money
from app.tenders import actions, bid_actions, promise_actions
from app.tenders.actions import NewRow
from app.tenders.models import BudgetEntry, Promise
from bids.kinds import PartyRole
from tests.features.bid_case import Case
from tests.features.call_case import CallCase, yes
from tests.furnished import furnished
from tests.make import make_user
from tests.people import document, text

LOVA, LEO = "lova@ljungbacken.example", "leo@ljungbacken.example"
FORM = "main form[method=post]"


@furnished
def case(app) -> Case:
    """Ljungbacken is asked for sixty baskets a year; two people there may answer."""
    now = app_clock.now()
    made = Case(now)
    made.party = bid_actions.add_party(made.bid, made.fruit, PartyRole.TENDERER, by=made.sam, now=now)
    made.asked = bidflow.ask(made.party, made.row, Decimal(60), by=made.sam, now=now)
    db.session.flush()
    promise_actions.mark_invited(made.party, by=made.sam, now=now)
    for email in (LOVA, LEO):
        make_user(email, member=made.fruit)
    made.invitation = f"/medlem/anbud/{made.bid.id}"
    made.for_it = f"{made.where}/priser/svara-at/{made.party.id}"
    return made


@furnished
def call(app) -> CallCase:
    """An application, in which the same two answer for Ljungbacken's rows of the budget."""
    now = app_clock.now()
    made = CallCase(now)
    promise_actions.mark_invited(made.partner, by=made.sam, now=now)
    for email in (LOVA, LEO):
        make_user(email, member=made.fruit)
    return made


def opened(page) -> dict[str, str]:
    """What a browser would send of a page's form."""
    return dict(page.cssselect(FORM)[0].form_values())


def price(kronor: str) -> dict[str, str]:
    return {"rows-0-price": kronor, "rows-0-capacity": "60", "signed_by": "Lova Hittepå", "authorised": "y"}


def promised(case) -> Promise:
    db.session.expire_all()
    found = db.session.get_one(Promise, case.asked.id)
    db.session.rollback()
    return found


def plain(element) -> str:
    return text(element).replace("\xa0", " ")


@pytest.mark.both
@pytest.mark.parametrize("first_is_us", [False, True])
def test_a_price_that_another_has_given_meanwhile_is_read_first(case, visit, first_is_us):
    leo = visit(LEO)
    seen = opened(leo.page(case.invitation))
    first, where = (visit(case.sam.email), case.for_it) if first_is_us else (visit(LOVA), case.invitation)
    assert first.fill(where, price("120"), form=FORM).status_code == 303

    answer = leo.post(case.invitation, data={**seen, **price("95")})
    assert answer.status_code == 422
    assert promised(case).member_price == Money.kronor(120), "nothing is overwritten"
    shown = document(answer)
    assert "Någon annan har ändrat" in text(shown.cssselect(".error-summary")[0])
    told = plain(shown.cssselect("fieldset .field-now")[0])
    assert "När du öppnade sidan: 1.1 Fruktkorg, 60 st per år" in told
    assert "Nu står det: 1.1 Fruktkorg, 60 st per år; svar: 120,00 kr, högst 60 st per år" in told
    assert len(shown.cssselect(".field-now")) == 1, "the name and the tick are nobody else's"
    assert opened(shown)["rows-0-price"] == "95", "what was typed is still there"

    assert leo.post(case.invitation, data=opened(shown)).status_code == 303
    assert promised(case).member_price == Money.kronor(95)


@pytest.mark.both
def test_an_answer_to_another_quantity_is_no_answer(case, visit):
    leo = visit(LEO)
    seen = opened(leo.page(case.invitation))
    bidflow.ask(case.party, case.row, Decimal(80), by=case.sam, now=app_clock.now())
    db.session.commit()
    answer = leo.post(case.invitation, data={**seen, **price("95")})
    assert answer.status_code == 422
    assert "Nu står det: 1.1 Fruktkorg, 80 st per år" in plain(document(answer).cssselect(".field-now")[0])
    assert not promised(case).signed_by


def test_we_too_read_what_the_member_has_said_meanwhile(case, visit):
    sales = visit(case.sam.email)
    seen = opened(sales.page(case.for_it))
    assert visit(LEO).fill(case.invitation, {**price("95"), "rows-0-declined": "y"}, form=FORM).status_code == 303
    answer = sales.post(case.for_it, data={**seen, **price("120")})
    assert answer.status_code == 422
    assert "60 st per år; tas inte" in plain(document(answer).cssselect(".field-now")[0])
    assert promised(case).state == "declined"


@pytest.mark.both
def test_a_row_that_has_come_meanwhile_stands_in_the_form_that_comes_back(case, visit):
    leo = visit(LEO)
    seen = opened(leo.page(case.invitation))
    new = NewRow(ref="1.2", text="Kaffekorg", unit="H87", quantity=Decimal(40))
    row = actions.add_rows(case.tender, [new], case.lot, by=case.sam, now=app_clock.now())[0]
    db.session.flush()
    bidflow.ask(case.party, row, Decimal(30), by=case.sam, now=app_clock.now())
    db.session.commit()
    answer = leo.post(case.invitation, data={**seen, **price("95")})
    assert answer.status_code == 422
    fieldsets = document(answer).cssselect("fieldset.promise-row")
    assert [text(one.cssselect("legend")[0]) for one in fieldsets] == ["1.1 Fruktkorg", "1.2 Kaffekorg"]
    assert [bool(one.cssselect(".field-now")) for one in fieldsets] == [False, True]
    assert "Tillagt sedan du öppnade sidan." in text(fieldsets[1])
    more = {"rows-1-price": "70", "rows-1-capacity": "30"}
    assert leo.post(case.invitation, data={**opened(document(answer)), **more}).status_code == 303
    said = db.session.scalars(select(Promise.member_price).order_by(Promise.id)).all()
    assert said == [Money.kronor(95), Money.kronor(70)]


@pytest.mark.both
def test_a_row_of_the_budget_that_has_come_or_gone_meanwhile_is_told(call, visit):
    leo, typed = visit(LEO), yes(call)
    seen = opened(leo.page(call.invitation))
    sales = visit(call.sam.email)
    row = {"party": str(call.partner.id), "kind": "travel", "year": "2027", "amount": "5 000", "text": "Bussresor"}
    assert sales.fill(call.budget, row, form="#ny-rad form").status_code == 303
    assert sales.post(f"{call.budget}/{call.own.id}/ta-bort").status_code == 303

    answer = leo.post(call.invitation, data={**seen, **typed})
    assert answer.status_code == 422
    shown = document(answer)
    rows = [text(one.cssselect("legend")[0]) for one in shown.cssselect("fieldset.promise-row")]
    assert rows == ["Personal, 2027: Handledare", "Resor och logi, 2027: Bussresor"]
    assert "Tillagt sedan du öppnade sidan." in text(shown.cssselect("fieldset.promise-row")[1])
    summary = plain(shown.cssselect(".error-summary")[0])
    assert "Den här raden frågar vi inte längre om: Egen insats, 2027, 100 000,00 kr." in summary
    assert leo.post(call.invitation, data=opened(shown)).status_code == 303
    signed = db.session.scalars(select(BudgetEntry.signed_by).order_by(BudgetEntry.id)).all()
    assert signed == ["Lova Hittepå", "Lova Hittepå"]


def test_a_row_that_another_has_declined_and_what_it_wrote_are_read_first(call, visit):
    lova, leo = visit(LOVA), visit(LEO)
    seen = opened(leo.page(call.invitation))
    said = yes(call, **{"rows-1-amount": "", "rows-1-declined": "y", "does": "Tar emot tio."})
    assert lova.fill(call.invitation, said, form=FORM).status_code == 303
    answer = leo.post(call.invitation, data={**seen, **yes(call)})
    assert answer.status_code == 422
    told = [plain(one) for one in document(answer).cssselect(".field-now")]
    assert len(told) == 2
    assert "tas inte" in told[0]
    assert "Tar emot tio." in told[1]
    assert db.session.get_one(BudgetEntry, call.own.id).declined


def test_a_no_without_a_reason_leaves_the_rows_of_prices_on_the_page(case, visit):
    assert rows_after_a_no_without_a_reason(visit(LEO), case.invitation) == 1


def test_a_no_without_a_reason_leaves_the_rows_of_the_budget_on_the_page(call, visit):
    assert rows_after_a_no_without_a_reason(visit(LEO), call.invitation) == 2


def rows_after_a_no_without_a_reason(browser, where: str) -> int:
    answer = browser.fill(where, {"reason": ""}, form="form[action$=nej]")
    assert answer.status_code == 422
    return len(document(answer).cssselect("fieldset.promise-row"))
