"""People hear how near an agreement is to its ceiling, and why it was changed or ended."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import changeflow, jobs
from app import clock as app_clock
from app.db import db
from app.money import Money
from app.orders.agreements.models import Agreement
from app.orders.models import Order
from tests import make, standing_case
from tests.agreement_case import NUMBER, counted
from tests.features.ceiling_case import customer, furnish, order, sam
from tests.furnished import furnished
from tests.people import text

pytestmark = pytest.mark.both


@furnished
def agreement(app) -> Agreement:
    return furnish()


def test_each_level_is_told_once_to_staff_and_stands_on_the_page(agreement, outbox, visit):
    def letters() -> list[str]:
        jobs.work_off()
        return [one for one in outbox.subjects_to("sam@samklang.example") if NUMBER in one]

    first = order(agreement, 34)
    assert letters() == []
    order(agreement, 1)
    assert letters() == ["70 % av takvärdet är avropat: INK 2026/114"]
    changeflow.cancel(db.session.get_one(Order, first.id), by=sam(), now=app_clock.now())
    db.session.commit()
    assert counted(agreement) == Money.kronor(200)
    order(agreement, 49)
    assert letters()[1:] == [
        "85 % av takvärdet är avropat: INK 2026/114",
        "95 % av takvärdet är avropat: INK 2026/114",
        "Takvärdet är nått: INK 2026/114",
    ]
    page = text(visit("sam@samklang.example").page(f"/personal/ramavtal/{agreement.id}").cssselect("main")[0])
    assert "100 %" in page
    assert "0,00 kr kvar" in page.replace("\xa0", " ")


def test_each_level_is_told_anew_under_a_ceiling_that_was_changed(agreement, outbox, visit):
    def told() -> list[str]:
        jobs.work_off()
        heads = [one for one in outbox.subjects_to("sam@samklang.example") if NUMBER in one]
        return [one.split(" % ")[0] for one in heads]

    def change(ceiling: str) -> str:
        typed = {"ceiling": ceiling, "reason": "Köparen har skrivit om avtalet"}
        browser = visit("sam@samklang.example")
        assert browser.post(f"/personal/ramavtal/{agreement.id}/takvarde", data=typed).status_code == 303
        return text(browser.page(f"/personal/ramavtal/{agreement.id}").cssselect("main")[0])

    order(agreement, 48)
    assert told() == ["70", "85", "95"]
    page = change("20000")
    assert "48 %" in page.replace("\xa0", " ")
    assert "nåddes" not in page, "no level is reached under the new ceiling"
    order(agreement, 25)
    assert told()[3:] == ["70"], "73 per cent of the new ceiling"
    assert "85 % nåddes" in change("16000").replace("\xa0", " "), "14 600 of it are called off"
    assert told()[4:] == ["85"], "said as soon as it is so"


def test_why_it_was_changed_and_ended_stands_on_the_page_and_buyers_are_told(agreement, visit, outbox):
    standing_case.start({agreement.price_list.rows[0].article_id: Decimal(2)}, customer=customer("Nordbyn Teknik AB"))
    browser, page = visit("sam@samklang.example"), f"/personal/ramavtal/{agreement.id}"
    browser.post(f"{page}/takvarde", data={"ceiling": "20000", "reason": "Beslut KS 12"})
    ended = {"end-last_day": "2026-12-31", "end-reason": "Köparen har hävt avtalet"}
    assert browser.post(f"{page}/avsluta", data=ended).status_code == 303
    told = text(browser.page(page).cssselect("main")[0]).replace("\xa0", " ")
    assert "taket blev 20 000,00 kr i stället för 10 000,00 kr. Beslut KS 12" in told
    assert "Köparen har hävt avtalet" in told
    jobs.work_off()
    (letter,) = [one for one in outbox.to(make.NORDBYN["email"]) if "slutar i förtid" in one.subject]
    assert "Köparen har hävt avtalet" in letter.body
    assert "- Fruktkorgar" in letter.body
