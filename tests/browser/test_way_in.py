"""A stranger finds the way in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("path", ["/", "/logga-in", "/nytt-losenord", "/finns-inte"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_pages_are_open_to_all(new_page, look, path, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(path)
    expect(page.locator("h1")).to_have_count(1)
    look(page)


def test_who_is_sent_to_the_door_comes_back_to_the_page(page):
    page.goto("/personal/")
    expect(page).to_have_url(re.compile(r"/logga-in\?next="))
    page.locator("input[name=email]").fill("salj@samklang.example")
    page.locator("input[name=password]").fill("samklang-demo")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/personal/$"))


def test_a_wrong_password_is_told_and_nothing_typed_is_lost(page, look):
    page.goto("/logga-in")
    page.locator("input[name=email]").fill("salj@samklang.example")
    page.locator("input[name=password]").fill("fel-losenord-123")
    page.locator("form[name=login_user_form] [type=submit]").click()
    expect(page.get_by_role("alert").first).to_contain_text("är fel")
    expect(page.locator("input[name=email]")).to_have_value("salj@samklang.example")
    look(page)


def test_the_first_page_is_light(new_page, live):
    """Under 150 kB on the wire, all of it from here."""
    page = new_page()
    sizes = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto("/", wait_until="networkidle")
    assert {url for url in sizes if not url.startswith(live.url)} <= {url for url in sizes if url.startswith("data:")}
    assert sum(sizes.values()) < 150_000, sizes


def test_without_a_mouse_one_gets_past_the_menu(page):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#"))


def test_each_signs_in_to_their_own_desk(new_page, sign_in):
    desks = {"salj@samklang.example": "/personal/", "kokljus@medlem.example": "/medlem/", "kontor@nordbyn.example": "/"}
    for email, desk in desks.items():
        page = new_page()
        sign_in(page, email)
        expect(page).to_have_url(re.compile(rf"127\.0\.0\.1:\d+{desk}$"))
