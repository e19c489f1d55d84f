"""How goods come, in a browser: said by the member, seen before the order, signed for at the door, and sent back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Look
from tests.browser.test_order_journey import NORDBYN, PHONE, open_assignment, soon

LJUNGBACKEN, STAFF = "ljungbacken@medlem.example", "salj@samklang.example"


def draw(page: Page) -> None:
    """A signature, drawn with a finger."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + 60 + (step % 2) * 30)
    page.mouse.up()


def test_said_seen_signed_for_and_sent_back(new_page, sign_in, look, live):
    member, buyer, staff = new_page(**PHONE), new_page(), new_page()
    sign_in(member, LJUNGBACKEN)
    say_how_it_comes(member, look)
    sign_in(staff, STAFF)
    ask_for_signatures(staff, look)
    sign_in(buyer, NORDBYN)
    number = order_two_baskets(buyer, look)
    hand_over(member, number, look)
    send_one_back(buyer, member, look)
    staff.goto(f"/personal/bestallningar/{number}")
    expect(staff.locator("main")).to_contain_text("Retur: Fruktkorg")
    look(staff)
    staff.goto("/personal/leveranser")
    look(staff)


def say_how_it_comes(member: Page, look: Look) -> None:
    """The member drives itself for a fee, or the customer fetches."""
    member.goto("/medlem/leverans")
    look(member)
    member.get_by_role("link", name="Vi levererar själva").click()
    member.get_by_label("Tid 1, från").fill("8")
    member.get_by_label("Tid 1, till").fill("12.00")
    member.get_by_label("Avgift per stopp").fill("95")
    look(member)
    member.get_by_role("button", name="Spara").click()
    look(member)
    member.goto("/medlem/leverans/ny/hamta")
    member.get_by_label("När är det öppet?").fill("Kl. 8–16, ring på vid grinden.")
    for day in ("Måndag", "Onsdag"):
        member.get_by_label(day).check()
    look(member)
    member.get_by_role("button", name="Spara").click()
    expect(member.locator(".flash")).to_contain_text("Sparat")


def ask_for_signatures(staff: Page, look: Look) -> None:
    """From now on whoever gets something signs for it."""
    staff.goto("/personal/leveranser/regler")
    staff.get_by_label("En underskrift").check()
    staff.get_by_label("Ett nytt försök kostar").fill("75")
    look(staff)
    staff.get_by_role("button", name="Spara").click()
    look(staff)


def order_two_baskets(buyer: Page, look: Look) -> str:
    """How they come and what that costs is seen before it is ordered. Gives the order's number."""
    buyer.goto("/katalog/fruktkorg-5-kg")
    buyer.locator("input[name=quantity]").fill("2")
    buyer.get_by_role("button", name="Lägg i varukorgen").click()
    look(buyer)
    buyer.get_by_role("button", name="Gå till kassan").click()
    buyer.locator("input[name=day]").fill(soon())
    buyer.get_by_role("button", name="Visa hur det kommer").click()
    expect(buyer.locator("#coming")).to_contain_text("Levereras till dig, 95,00")
    look(buyer)
    buyer.get_by_label("Vilken tid passar?").select_option("08:00–12:00")
    buyer.locator("input[name=order_reference]").fill("PO-78")
    buyer.get_by_role("button", name=re.compile("Beställ för")).click()
    number = re.search(r"\d+", buyer.locator("h1").inner_text())[0]
    expect(buyer.locator("main")).to_contain_text("Avgift 95,00")
    look(buyer)
    return number


def hand_over(member: Page, number: str, look: Look) -> None:
    """The customer signs, and what was drawn stays when something else is refused."""
    open_assignment(member, number)
    member.get_by_role("button", name="Ja, vi tar det").click()
    member.get_by_role("link", name="Lämna över").click()
    expect(member.locator("canvas")).to_be_visible()
    look(member)
    draw(member)
    drawn = member.locator("input[name=signature]").input_value()
    member.locator("input[name=photograph]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    member.get_by_role("button", name="Kunden har fått det").click()
    expect(member.get_by_role("alert")).to_be_visible()
    expect(member.locator("input[name=signature]")).to_have_value(drawn)
    assert member.locator("canvas").evaluate("canvas => canvas.toDataURL('image/png')") == drawn
    member.get_by_role("button", name="Kunden har fått det").click()
    expect(member.locator(".flash")).to_contain_text("Kunden har fått besked")


def send_one_back(buyer: Page, member: Page, look: Look) -> None:
    """The customer sees the signature and sends a basket back, and the member takes it in."""
    buyer.reload()
    expect(buyer.get_by_alt_text("Underskrift")).to_be_visible()
    look(buyer)
    buyer.get_by_role("link", name="Lämna tillbaka något").click()
    buyer.get_by_label("Hur mycket av det?").fill("1")
    look(buyer)
    buyer.get_by_role("button", name="Registrera returen").click()
    member.goto("/medlem/")
    look(member)
    member.locator("a", has_text="Fruktkorg").first.click()
    look(member)
    member.get_by_label("Hur många är som de ska?").fill("1")
    member.get_by_role("button", name="Vi har tagit emot det").click()
