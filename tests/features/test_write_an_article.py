"""Staff and members write an article: the kind first, then only what that kind has."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.models import Article
from app.db import db
from app.money import Money
from tests import make
from tests.people import text

NEW = "/personal/katalog/ny"
BASKET = {
    "name": "Fruktkorg 4 kg", "description": "Fyra kilo frukt.", "unit": "XBK", "vat_class": "food", "price": "180",
    "cpv": "", "number": "",
}  # fmt: skip


@pytest.fixture
def sam(app, visit):
    """Sam writes; Ljungbacken is a member; there is a shelf and a CPV code."""
    member = make.make_ljungbacken()
    make.make_user(member.email, member=member)
    make.make_category()
    make.make_sam()
    db.session.commit()
    return visit("sam@samklang.example")


def newest() -> Article:
    db.session.expire_all()
    return db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()


def test_the_kind_is_chosen_first_and_what_is_no_kind_leads_nowhere(sam, visit):
    links = [a.get("href") for a in sam.page(NEW).cssselect("main .kinds a")]
    assert len(links) == len(ArticleKind)
    assert all(sam.get(link).status_code == 200 for link in links)
    member = visit("ljungbacken@medlem.example")
    offered = [a.get("href") for a in member.page("/medlem/erbjudanden/ny").cssselect("main .kinds a")]
    assert len(offered) == len(ArticleKind) - 1, "bundles are put together by staff"
    assert all(member.get(link).status_code == 200 for link in offered)
    assert sam.get(f"{NEW}?sort=nonsens").status_code == 404
    assert member.get("/medlem/erbjudanden/ny?sort=bundle").status_code == 404


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("goods", {"pack_size", "ingredients", "deposit", "content"}, {"rut", "parts-0-number"}),
        ("timed_service", {"rut", "quantity_step"}, {"deposit", "ingredients", "pack_size"}),
        ("dated_service", {"rut", "ingredients"}, {"deposit", "content"}),
        ("placement", {"min_quantity"}, {"rut", "deposit", "withdrawal", "ingredients"}),
        ("second_hand", {"vat_class"}, {"min_quantity", "pack_size", "deposit", "rut"}),
        ("bundle", {"parts-0-number", "min_quantity"}, {"vat_class", "deposit", "ingredients"}),
    ],
)
def test_a_form_asks_only_what_its_kind_has(sam, kind, has, lacks):
    names = {field.get("name") for field in sam.page(f"{NEW}?sort={kind}").cssselect("main [name]")}
    assert has <= names
    assert not lacks & names


def test_units_stand_under_headings_and_are_those_of_the_kind(sam):
    page = sam.page(f"{NEW}?sort=timed_service")
    assert [group.get("label") for group in page.cssselect("#unit optgroup")] == ["Tid"]
    assert "HUR" in {option.get("value") for option in page.cssselect("#unit option")}
    assert "H87" not in {option.get("value") for option in page.cssselect("#unit option")}


def test_food_with_all_that_it_must_say(sam):
    values = {
        **BASKET, "pack_size": "2", "min_quantity": "4", "content": "4", "content_unit": "KGM",
        "ingredients": "Äpple, hasselnöt", "allergens": ["nuts"], "withdrawal": "perishable", "deposit": "60",
    }  # fmt: skip
    assert sam.fill(f"{NEW}?sort=goods", values).status_code == 303
    made = newest()
    assert (made.kind, made.pack_size, made.min_quantity) == (ArticleKind.GOODS, 2, 4)
    assert (made.content, made.content_unit, made.allergens) == (4, "KGM", ["nuts"])
    assert (made.withdrawal, made.deposit) == (Withdrawal.PERISHABLE, Money(6000))
    page = sam.page(f"/personal/katalog/{made.id}")
    assert page.cssselect("#pack_size")[0].get("value") == "2"
    assert page.cssselect("input[name=allergens][value=nuts]")[0].get("checked") is not None
    again = sam.fill(f"/personal/katalog/{made.id}", {"deposit": ""}, form=f"form[action$='/{made.id}']")
    assert again.status_code == 303
    assert (newest().deposit, newest().pack_size) == (Money(0), 2)


def test_food_without_ingredients_is_taken_and_staff_are_warned(sam):
    sam.fill(f"{NEW}?sort=goods", BASKET)
    assert "Ingredienser saknas" in text(sam.page(f"/personal/katalog/{newest().id}"))


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("goods", {"min_quantity": "5", "pack_size": "2"}, "helt antal steg"),
        ("goods", {"pack_size": "0"}, "mer än noll"),
        ("goods", {"pack_size": "sex"}, "Skriv ett tal"),
        ("goods", {"content": "4"}, "inget av dem"),
        ("goods", {"vat_class": "standard", "ingredients": "Socker"}, "bara för mat"),
        ("goods", {"deposit": "99999"}, "Panten ska vara"),
        ("goods", {"allergens": ["arsenik"]}, ""),
        ("timed_service", {"unit": "H87"}, ""),
        ("timed_service", {"unit": "HUR", "vat_class": "food", "rut": "y"}, "25 procents moms"),
    ],
)
def test_what_does_not_go_together_changes_nothing(sam, kind, wrong, sentence):
    answer = sam.fill(f"{NEW}?sort={kind}", {**BASKET, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(Article.id)) is None


def bundle_parts() -> list[Article]:
    bag = make.make_article("Kasse", price=Money(6000), unit="H87", vat_class="standard", number="TEX-1")
    packing = make.make_article(
        "Packning", price=Money(29500), unit="HUR", vat_class="standard", number="PAK-1", kind=ArticleKind.TIMED_SERVICE
    )
    for article in (bag, packing):
        make.make_offering(article, make.make_member())
    db.session.commit()
    return [bag, packing]


BUNDLE = {
    "name": "Kasse, packad", "description": "Sydd och packad.", "unit": "H87", "price": "75", "cpv": "", "number": "",
    "parts-0-number": "pak-1", "parts-0-quantity": "0,05", "parts-0-place": "2",
    "parts-1-number": "TEX-1", "parts-1-quantity": "1", "parts-1-place": "1", "parts-1-to_next": "y",
}  # fmt: skip


def test_a_bundle_is_written_in_rows_and_sorted_by_their_place(sam):
    bundle_parts()
    assert sam.fill(f"{NEW}?sort=bundle", BUNDLE).status_code == 303
    made = newest()
    assert [(part.article.number, part.quantity, part.to_next) for part in made.parts] == [
        ("TEX-1", 1, True), ("PAK-1", Decimal("0.05"), False),
    ]  # fmt: skip
    assert made.vat_class.value == "standard"
    page = sam.page(f"/personal/katalog/{made.id}")
    assert page.cssselect("[name=parts-0-number]")[0].get("value") == "TEX-1"
    assert page.cssselect("[name=parts-4-number]"), "there is room for more"
    assert "Medlem" in text(page)


def test_more_rows_come_without_a_script_and_nothing_is_saved(sam):
    bundle_parts()
    answer = sam.fill(f"{NEW}?sort=bundle", {**BUNDLE, "more": "1"})
    assert answer.status_code == 200
    assert 'name="parts-5-number"' in answer.text
    assert "Kasse, packad" in answer.text
    assert db.session.scalar(select(Article.id).where(Article.kind == ArticleKind.BUNDLE)) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"parts-0-number": "FINNS-EJ"}, "Det finns ingen artikel med numret FINNS-EJ"),
        ({"parts-0-number": ""}, "minst två"),
        ({"parts-0-number": "TEX-1"}, "två gånger"),
        ({"parts-0-to_next": "y"}, "Den sista delen"),
        ({"parts-0-quantity": ""}, "Skriv hur många av pak-1"),
        ({"parts-0-quantity": "0,005"}, "högst 2 decimaler"),
        ({"parts-1-quantity": "-1"}, "mer än noll"),
    ],
)
def test_a_bundle_that_cannot_be_made_is_refused(sam, wrong, sentence):
    bundle_parts()
    answer = sam.fill(f"{NEW}?sort=bundle", {**BUNDLE, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(Article.id).where(Article.kind == ArticleKind.BUNDLE)) is None


def test_no_bundle_lies_in_a_bundle_and_a_part_stays_what_it_is(sam):
    bag, _packing = bundle_parts()
    sam.fill(f"{NEW}?sort=bundle", BUNDLE)
    inner = newest()
    answer = sam.fill(f"{NEW}?sort=bundle", {**BUNDLE, "parts-0-number": inner.number, "parts-0-quantity": "1"})
    assert answer.status_code == 422
    assert "är själv ett paket" in answer.text
    changed = sam.fill(
        f"/personal/katalog/{bag.id}?sort=second_hand", {"vat_class": "margin"}, form="form[action*='sort=']"
    )
    assert changed.status_code == 422
    assert "ingår i Kasse, packad" in changed.text


def test_the_kind_of_an_article_can_be_changed(sam):
    sam.fill(f"{NEW}?sort=goods", {**BASKET, "unit": "H87", "vat_class": "standard"})
    made = newest()
    assert "Byt typ" in text(sam.page(f"/personal/katalog/{made.id}"))
    assert sam.get(f"/personal/katalog/{made.id}/typ").status_code == 200
    where = f"/personal/katalog/{made.id}?sort=measured_service"
    assert "Inget ändras förrän ni sparar" in text(sam.page(where))
    assert sam.fill(where, {"rut": "y"}, form="form[action*='sort=']").status_code == 303
    assert (newest().kind, newest().rut) == (ArticleKind.MEASURED_SERVICE, True)


def test_a_member_proposes_a_used_thing(sam, visit):
    member = visit("ljungbacken@medlem.example")
    values = {"name": "Hylla", "description": "Begagnad hylla.", "unit": "H87", "vat_class": "margin", "price": "400",
              "lead_days": "2", "areas": ["1480"]}  # fmt: skip
    assert member.fill("/medlem/erbjudanden/ny?sort=second_hand", values).status_code == 303
    made = newest()
    assert (made.kind, made.offerings[0].capacity_per_week) == (ArticleKind.SECOND_HAND, 1)


def test_nobody_makes_a_whole_bundle(sam):
    bundle_parts()
    sam.fill(f"{NEW}?sort=bundle", BUNDLE)
    made = newest()
    member = db.session.scalars(select(make.Member).where(make.Member.slug == "ljungbacken")).one()
    values = {"member": str(member.id), "capacity": "1", "lead_days": "2", "areas": ["1480"], "price": "50"}
    answer = sam.fill(f"/personal/katalog/{made.id}/medlem", values)
    assert answer.status_code == 422
    assert "görs av dem som gör delarna" in answer.text


def test_staff_see_what_is_left_of_a_bundles_price_when_the_dearest_makers_are_paid(sam):
    bundle_parts()
    sam.fill(f"{NEW}?sort=bundle", BUNDLE)
    page = text(sam.page(f"/personal/katalog/{newest().id}"))
    assert "48,00 kr" in page
    assert "11,80 kr" in page
    assert "15,20 kr" in page, "75 kr less four fifths of 60 kr and of a twentieth of 295 kr"


def test_staff_read_the_kind_and_what_is_missing_before_they_approve(sam, visit):
    member = visit("ljungbacken@medlem.example")
    values = {**BASKET, "lead_days": "2", "areas": ["1480"], "capacity": "10"}
    assert member.fill("/medlem/erbjudanden/ny?sort=goods", values).status_code == 303
    page = text(sam.page("/personal/katalog/forslag"))
    assert "Vara, " in page
    assert "Ingredienser saknas" in page


def test_nobody_is_told_that_the_parts_of_a_bundle_are_optional(sam):
    page = sam.page(f"{NEW}?sort=bundle")
    labels = {text(label) for label in page.cssselect("#parts label")}
    assert {"Artikelnummer", "Antal i ett paket"} <= labels
    assert not any("frivilligt" in label for label in labels)
