"""Finding in a browser: a misspelt word, a choice beside the list, by keyboard; and what staff keep behind it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

STAFF = "salj@samklang.example"
PHONE = {"width": 360, "height": 740}
BEHIND_THE_PRICES = ("prislistor", "prislistor/ny", "vilket-pris", "katalog/synonymer", "katalog/tryck")
"""What staff keep behind prices and words, under /personal."""


def test_from_a_misspelt_word_to_the_basket_by_keyboard_alone(page, look):
    page.goto("/katalog")
    look(page)
    page.locator("#q").focus()
    page.keyboard.type("stdäning")
    page.keyboard.press("Enter")
    expect(page.locator(".meant")).to_contain_text("Visar träffar för ”städning”")
    look(page)
    page.locator(".facet a", has_text="Städning").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".facet a[aria-current]")).to_contain_text("Städning")
    page.locator("li.article a", has_text="Kontorsstädning").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kontorsstädning")
    look(page)
    page.locator("#quantity").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Varukorg")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_choices_are_behind_one_press(new_page, look, scheme):
    page = new_page(color_scheme=scheme, viewport=PHONE)
    page.goto("/katalog?q=städ")
    choice = page.locator(".facet a", has_text="Städning").first
    expect(choice).not_to_be_visible()
    page.get_by_text("Begränsa listan").first.click()
    expect(choice).to_be_visible()
    look(page)
    choice.click()
    expect(page).to_have_url(re.compile("kategori=stad"))


def test_where_there_is_room_the_choices_stand_open(page):
    page.goto("/katalog")
    expect(page.locator(".facet a").first).to_be_visible()
    expect(page.locator(".facets > summary")).not_to_be_visible()


def test_what_staff_keep_behind_words_and_prices(page, sign_in, look):
    sign_in(page, STAFF)
    for path in BEHIND_THE_PRICES:
        answer = page.goto(f"/personal/{path}")
        assert answer is not None
        assert answer.status == 200, path
        look(page)
    page.goto("/personal/prislistor")
    page.locator("main table a, main .card a").first.click()
    look(page)
    page.get_by_role("link", name="Ändra").first.click()
    expect(page).to_have_url(re.compile(r"/prislistor/\d+/andra$"))
    look(page)
