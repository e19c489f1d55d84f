"""Everybody sees in the menu in which room one is, and a page's name fits in a browser's tab."""

from __future__ import annotations

import pytest
from flask import g, render_template, request
from lxml import html

from app.accounts.models import RoleName
from app.pages.web import Viewer
from tests import make
from tests.furnished import furnished
from tests.people import text

FILES = {"staff.exports."}
"""Counters that hand out files alone."""


@furnished
def offering(app):
    member = make.make_ljungbacken()
    make.make_user(member.email, member=member)
    return make.make_offering(make.make_article("Fruktkorg", unit="DAY"), member)


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/medlem/erbjudanden", "Erbjudanden"),
        ("/medlem/erbjudanden/import", "Erbjudanden"),
        ("/medlem/artiklar/{article}/bilder", "Erbjudanden"),
        ("/medlem/andringar", "Erbjudanden"),
        ("/medlem/sida/bilder", "Er sida"),
        ("/medlem/sida", "Er sida"),
    ],
)
def test_the_menu_says_where_one_is(offering, visit, path, room):
    page = visit(offering.member.email).page(path.format(article=offering.article_id))
    assert [text(one) for one in page.cssselect(".main-nav a[aria-current]")] == [room]


@pytest.mark.parametrize("counter", ["buyer", "member", "staff"])
def test_every_page_lies_in_one_room_of_the_menu(app, counter):
    member, customer = make.make_ljungbacken(), make.make_nordbyn()
    viewer = {
        "buyer": Viewer(None, frozenset(), None, customer),
        "member": Viewer(None, frozenset(), member, None),
        "staff": Viewer(None, frozenset({RoleName.ADMIN}), None, None),
    }[counter]
    for rule in app.url_map.iter_rules():
        shown = "GET" in (rule.methods or ()) and not rule.endpoint.startswith(tuple(FILES))
        if not shown or not rule.endpoint.startswith(f"{counter}."):
            continue
        with app.test_request_context("/"):
            g.viewer, request.url_rule, request.view_args = viewer, rule, {}
            menu = html.document_fromstring(render_template("_masthead.html"))
        assert len(menu.cssselect(".main-nav a[aria-current]")) == 1, rule.endpoint


def test_on_a_phone_a_member_reads_for_whom_it_acts(offering, visit):
    page = visit(offering.member.email).page("/medlem/")
    assert text(page.cssselect(".acting-phone")[0]) == offering.member.name


def test_the_names_of_the_photograph_pages_are_short(offering, visit):
    browser = visit(offering.member.email)
    assert text(browser.page("/medlem/sida/bilder").cssselect("title")[0]) == "Bilder: Er sida – Samsälj"
    own = browser.page(f"/medlem/artiklar/{offering.article_id}/bilder")
    assert text(own.cssselect("title")[0]) == "Bilder: Fruktkorg – Samsälj"


def test_staff_are_not_addressed_as_the_member(offering, visit):
    make.make_sam(RoleName.SALES)
    sam, other = visit("sam@samklang.example"), make.make_kokljus()
    path = f"/personal/katalog/{offering.article_id}/medlem"
    words = text(sam.page(path).cssselect("main")[0])
    for ours in ("Vad medlemmen får betalt per enhet", "Hur mycket medlemmen klarar", "Dit medlemmen levererar"):
        assert ours in words, ours
    for theirs in (" ni ", " Ni ", " er ", " era "):
        assert theirs not in words, theirs
    answer = sam.fill(path, {"member": str(other.id), "price": "", "capacity": "", "lead_days": "1"})
    assert answer.status_code == 422
    assert "Skriv vad medlemmen får betalt." in answer.text
    answer = sam.fill(path, {"member": str(other.id), "price": "90", "capacity": "2", "lead_days": "1"})
    assert answer.status_code == 422
    assert "Välj minst en kommun att leverera till." in answer.text


def test_a_week_of_days_is_not_mistaken_for_today(offering, visit):
    words = text(visit(offering.member.email).page(f"/medlem/erbjudanden/{offering.id}"))
    assert "Räkna i dag" not in words
    assert "Enhet: dag." in words
