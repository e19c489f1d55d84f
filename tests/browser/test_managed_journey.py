"""Members that do not sign in, in a browser: one answers by the link in its letter, the other gets letters on paper."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

from playwright.sync_api import Page, expect

from tests.browser.test_order_journey import NORDBYN, soon
from tests.servers import wait_until

STAFF = "salj@samklang.example"
LJUNGBACKEN, ADDRESS = "Ljungbacken Frukt ek. för.", "ljungbacken@medlem.example"


def reach(staff: Page, how: str, look) -> None:
    """Choose how Ljungbacken is reached."""
    staff.goto("/personal/medlemmar?q=Ljungbacken")
    staff.get_by_role("link", name=LJUNGBACKEN).first.click()
    staff.get_by_role("link", name="Välj ett annat sätt").click()
    look(staff)
    staff.get_by_label(re.compile(how)).check()
    staff.get_by_role("button", name="Spara").click()
    expect(staff.locator(".flash")).to_contain_text("Sparat")
    look(staff)


def buy_baskets(buyer: Page) -> str:
    """Nordbyn orders two fruit baskets; returns the order's number."""
    buyer.goto("/katalog/fruktkorg-5-kg")
    buyer.locator("input[name=quantity]").fill("2")
    buyer.get_by_role("button", name="Lägg i varukorgen").click()
    buyer.get_by_role("button", name="Gå till kassan").click()
    buyer.locator("input[name=day]").fill(soon())
    buyer.locator("input[name=order_reference]").fill("PO-79")
    buyer.get_by_role("button", name=re.compile("Beställ för")).click()
    return re.search(r"\d+", buyer.locator("h1").inner_text())[0]


def link_in_letter(live) -> str:
    """The path of the link by which Ljungbacken answers."""

    def links() -> list[str]:
        letters = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in live.letters()]
        bodies = [one.get_content() for one in letters if ADDRESS in one["To"]]
        return [found[0] for body in bodies if (found := re.search(r"/svar/\S+", body))]

    wait_until(lambda: links() != [], what="the letter with the link")
    return links()[-1]


def test_answered_by_a_link_and_asked_on_paper(new_page, sign_in, look, live):
    staff, buyer, member = new_page(), new_page(), new_page(viewport={"width": 390, "height": 780})
    sign_in(staff, STAFF)
    sign_in(buyer, NORDBYN)
    reach(staff, "Med e-post", look)
    number = buy_baskets(buyer)
    link = link_in_letter(live)
    member.goto(link)
    expect(member.locator("h1")).to_contain_text(number)
    look(member)
    member.get_by_text("Nej, vi kan inte").click()
    look(member)
    member.get_by_role("button", name="Ja, vi tar det").click()
    expect(member.locator(".flash")).to_contain_text("Tack")
    look(member)

    staff.goto(f"/personal/bestallningar/{number}")
    expect(staff.locator(".timeline")).to_contain_text("via länk")
    look(staff)
    staff.get_by_role("link", name="Gör det åt dem").first.click()
    expect(staff.locator(".masthead")).to_contain_text(f"Du handlar för {LJUNGBACKEN}")
    look(staff)
    staff.get_by_role("link", name="Något är slut").click()
    look(staff)
    staff.go_back()
    staff.locator("summary", has_text="Vi har levererat allt").click()
    look(staff)
    staff.locator(".confirm-body button", has_text="Vi har levererat allt").click()
    expect(staff.locator(".timeline")).to_contain_text(f"för {LJUNGBACKEN}")

    reach(staff, "På papper", look)
    member.goto(link)
    expect(member.locator("h1")).to_contain_text("Länken gäller inte längre")
    look(member)
    second = buy_baskets(buyer)
    staff.goto("/personal/")
    look(staff)
    staff.get_by_role("link", name=re.compile("att skriva ut och posta")).click()
    expect(staff.locator("main")).to_contain_text(second)
    look(staff)
    staff.get_by_role("button", name="Samla dem till en utskrift").click()
    look(staff)
    with staff.expect_response(re.compile(r"/personal/brev/papper/\d+\.pdf")) as got:
        staff.evaluate("fetch(document.querySelector('a[href$=\".pdf\"]').href)")
    assert got.value.headers["content-type"] == "application/pdf"
    staff.locator("summary", has_text="De är postade").click()
    staff.locator(".confirm-body button").click()
    expect(staff.locator("main")).to_contain_text("Postat")
    look(staff)
    staff.goto("/personal/brev/papper")
    look(staff)
