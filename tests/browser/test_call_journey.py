"""An application to a call in a browser: the workspace, a member's answer, and an answer that is counted."""

from __future__ import annotations

import re

from playwright.sync_api import expect

TABS = (
    *("", "/val", "/krav", "/anbud", "/budget", "/svar", "/handlingar", "/underskrifter", "/arbete", "/datum"),
    *("/kompletteringar", "/nytt", "/lamna", "/utformning", "/utlysning", "/fragor", "/efter", "/formular"),
)
CALL = re.compile("Vägar som håller")


def test_a_member_answers_for_its_part_and_staff_see_it(new_page, sign_in, look):
    staff = new_page()
    sign_in(staff, "salj@samklang.example")
    staff.goto("/personal/upphandlingar")
    staff.get_by_role("link", name=CALL).first.click()
    where = staff.url
    for tab in TABS:
        assert staff.goto(f"{where}{tab}").status == 200
        look(staff)
    staff.goto("/personal/upphandlingar/ny-utlysning")
    look(staff)

    member = new_page(viewport={"width": 390, "height": 800})
    sign_in(member, "rullande@medlem.example")
    member.goto("/medlem/anbud")
    member.get_by_role("link", name=CALL).first.click()
    look(member)
    member.locator("[name=rows-1-amount]").fill("12 500")
    member.locator("[name=authorised]").check()
    member.get_by_role("button", name="Skicka svaret").click()
    expect(member.locator(".flash-success")).to_be_visible()
    member.get_by_role("link", name=re.compile("Läs och skriv under")).click()
    expect(member.locator("main")).to_contain_text(re.compile("372.500"))
    look(member)

    staff.goto(f"{where}/budget")
    expect(staff.locator("main")).to_contain_text("Rut Rullander")
    staff.goto(f"{where}/svar")
    staff.get_by_role("link", name="1.2").first.click()
    staff.locator("[name=text]").fill("å" * 4_001)
    expect(staff.locator("[data-count-of]")).to_have_class(re.compile("too-long"))
    expect(staff.locator("[data-count-of]")).to_contain_text("av 4")
    look(staff)
