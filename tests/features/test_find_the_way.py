"""A member always sees in the menu in which room it is, and a page's name fits in a browser's tab."""

from __future__ import annotations

import pytest

from app.accounts.models import RoleName
from tests import make
from tests.furnished import furnished
from tests.people import text


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
