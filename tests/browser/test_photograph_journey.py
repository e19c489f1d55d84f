"""A photograph goes from a telephone in the workshop by staff to the catalogue; members' pages work for everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import photos

MEMBER, SALES = "tradotryck@medlem.example", "salj@samklang.example"
TELEPHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
WORDS = "Två personer lagar ett par arbetsbyxor"


def handed_over(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def test_from_the_telephone_to_the_catalogue(new_page, sign_in, look):
    phone = new_page(**TELEPHONE)
    sign_in(phone, MEMBER)
    phone.get_by_role("link", name="Er sida").click()
    look(phone)
    phone.get_by_role("link", name="Lägg till och ändra bilder").click()
    look(phone)
    before = phone.locator(".album > li").count()
    phone.get_by_role("button", name="Lägg till bilden").click()
    assert phone.locator("input[name=picture]:invalid").count() == 1, "the browser itself asks for a photograph"
    phone.locator("input[name=picture]").set_input_files(handed_over("IMG_0001.jpg", photos.photo(1200, 900)))
    phone.locator("input[name=description]").fill(WORDS)
    phone.get_by_role("button", name="Lägg till bilden").click()
    expect(phone.get_by_role("status").first).to_contain_text("Bilden är hos oss")
    expect(phone.locator(".album > li")).to_have_count(before + 1)
    look(phone)
    desk = new_page()
    sign_in(desk, SALES)
    desk.goto("/personal/katalog/bilder")
    look(desk)
    desk.get_by_role("button", name=re.compile(f"Avböj ?: {WORDS}")).click()
    expect(desk.get_by_role("alert").first).to_be_focused()
    look(desk)
    desk.get_by_role("button", name=re.compile(f"Visa den för alla ?: {WORDS}")).click()
    expect(desk.get_by_role("status").first).to_contain_text("Nu kan alla se bilden")
    stranger = new_page()
    stranger.goto("/medlemmar/tradotryck")
    picture = stranger.get_by_alt_text(WORDS)
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    stranger.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


def test_what_is_no_photograph_is_told_beside_the_form(new_page, sign_in, look, live):
    phone = new_page(**TELEPHONE)
    sign_in(phone, MEMBER)
    phone.goto("/medlem/sida/bilder")
    phone.locator("input[name=picture]").set_input_files(handed_over("katt.jpg", photos.SVG))
    phone.locator("input[name=description]").fill("En katt")
    phone.get_by_role("button", name="Lägg till bilden").click()
    expect(phone.get_by_role("alert").first).to_be_focused()
    expect(phone.get_by_role("alert").first).to_contain_text("SVG-bilder kan bära program")
    expect(phone.locator("input[name=description]")).to_have_value("En katt")
    look(phone)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_members_pages_shut_nobody_out(new_page, look, scheme):
    page = new_page(color_scheme=scheme)
    page.goto("/")
    page.get_by_role("link", name="Möt våra medlemmar").click()
    look(page)
    page.get_by_label("Finns i eller levererar till").select_option(label="Vadstena")
    page.get_by_role("button", name="Visa", exact=True).click()
    look(page)
    page.get_by_role("link", name="Lövskogens Café & Konferens").click()
    expect(page.locator("h1")).to_have_text("Lövskogens Café & Konferens")
    look(page)
    page.goto("/katalog/fruktkorg-5-kg")
    look(page)
    page.get_by_role("link", name="Ljungbacken Frukt").first.click()
    look(page)


def test_staff_write_down_what_proves_it(new_page, sign_in, look):
    page = new_page()
    sign_in(page, SALES)
    page.goto("/personal/medlemmar")
    look(page)
    page.get_by_role("link", name="Stegvis Arbetsväg ek. för., 2025").click()
    look(page)
    page.get_by_role("button", name="De stämmer").click()
    expect(page.get_by_role("status").first).to_contain_text("Sparat")
    page.get_by_role("link", name=re.compile("Kontrollera ?: Ändamål")).click()
    look(page)
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Lägg till ett certifikat").click()
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    look(page)
