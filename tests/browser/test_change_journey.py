"""The whole way of a change in a browser: wished for in the workshop, sent back, put right, approved, in the shop."""

from __future__ import annotations

from playwright.sync_api import Page, expect

MEMBER, STAFF = "tradotryck@medlem.example", "salj@samklang.example"


def wish(member: Page, article: str, words: str) -> None:
    member.goto("/medlem/erbjudanden")
    section = member.locator("section", has=member.locator("h2", has_text=article))
    section.get_by_role("link", name="Ändra det som kunderna läser").click()
    member.locator("#description").fill(words)
    member.get_by_role("button", name="Skicka ändringen").click()
    expect(member.locator("h1")).to_contain_text("Ändring av")


def open_wish(staff: Page, article: str) -> None:
    staff.goto("/personal/katalog/forslag?hog=artiklar")
    staff.locator(".change-card a", has_text=article).click()
    expect(staff.locator("h1")).to_contain_text("Ändring av")


def test_from_a_wish_to_a_new_version(new_page, sign_in, look):
    member, staff, visitor = new_page(), new_page(), new_page()
    sign_in(member, MEMBER)
    sign_in(staff, STAFF)
    wish(member, "Folder i fyrfärg", "Foldern trycks på återvunnet papper.")
    look(member)
    staff.goto("/personal/katalog/forslag")
    look(staff)
    open_wish(staff, "Folder i fyrfärg")
    look(staff)
    staff.get_by_role("button", name="Skicka tillbaka").click()
    expect(staff.locator(".error-summary")).to_contain_text("Skriv varför")
    look(staff)
    staff.locator("#words").fill("Skriv formatet också.")
    staff.get_by_role("button", name="Skicka tillbaka").click()
    expect(staff.locator("h1")).to_have_text("Katalog")
    staff.goto("/personal/katalog/forslag?hog=tillbaka")
    look(staff)

    member.goto("/medlem/andringar")
    look(member)
    member.get_by_role("link", name="Folder i fyrfärg").click()
    expect(member.locator("main")).to_contain_text("Skriv formatet också.")
    look(member)
    member.get_by_role("link", name="Gör om ändringen").click()
    expect(member.locator("h1")).to_have_text("Ändra det som kunderna läser")
    look(member)
    member.locator("#description").fill("Foldern trycks på återvunnet papper, A5.")
    member.get_by_role("button", name="Skicka ändringen").click()
    expect(member.locator("main")).to_contain_text("Väntar på svar")

    open_wish(staff, "Folder i fyrfärg")
    staff.get_by_role("button", name="Godkänn").click()
    expect(staff.locator("h1")).to_have_text("Katalog")
    visitor.goto("/katalog?q=folder")
    visitor.locator("main a", has_text="Folder i fyrfärg").first.click()
    expect(visitor.locator("main")).to_contain_text("återvunnet papper, A5")


def test_what_has_moved_on_is_chosen_by_hand(new_page, sign_in, look):
    member, staff = new_page(), new_page()
    sign_in(member, MEMBER)
    sign_in(staff, STAFF)
    wish(member, "Tygkasse med tryck", "Kassen sys hos oss.")
    staff.goto("/personal/katalog?q=tygkasse")
    staff.get_by_role("link", name="Tygkasse med tryck", exact=True).click()
    staff.locator("#description").fill("Kassen är av bomull.")
    staff.get_by_role("button", name="Spara och publicera").click()
    expect(staff.locator("body")).to_contain_text("Sparat")
    look(staff)
    open_wish(staff, "Tygkasse med tryck")
    look(staff)
    expect(staff.get_by_role("button", name="Godkänn")).to_have_count(0)
    staff.get_by_label("Ta det önskade").check()
    staff.get_by_role("button", name="Gör om mot det som gäller nu").click()
    staff.get_by_role("button", name="Godkänn").click()
    expect(staff.locator("h1")).to_have_text("Katalog")
    staff.goto("/personal/katalog?q=tygkasse")
    staff.get_by_role("link", name="Tygkasse med tryck", exact=True).click()
    staff.get_by_role("link", name="Historik").click()
    expect(staff.locator("h1")).to_contain_text("Historik för")
    look(staff)
    staff.get_by_role("link", name="Version 1").click()
    expect(staff.locator("main")).to_contain_text("gäller inte längre")
    look(staff)


def test_a_pause_is_one_press_and_seen_in_the_shop(new_page, sign_in, look):
    member, visitor = new_page(), new_page()
    sign_in(member, MEMBER)
    member.goto("/medlem/erbjudanden")
    section = member.locator("section", has=member.locator("h2", has_text="Omklädd stol"))
    section.get_by_role("link", name="Ändra").first.click()
    expect(member.locator("h1")).to_have_text("Omklädd stol")
    look(member)
    for name, day in (("first_day", "2027-07-05"), ("last_day", "2027-07-30")):
        member.locator(f"#{name}").fill(day)
    member.get_by_role("button", name="Gör uppehåll").click()
    expect(member.locator("main")).to_contain_text("Ta bort uppehållet")
    look(member)
    visitor.goto("/katalog?q=omkl%C3%A4dd")
    visitor.locator("main a", has_text="Omklädd stol").first.click()
    expect(visitor.locator("main")).to_contain_text("Gör uppehåll")
