"""A member asks for what its kind of article can say, and for nothing that means nothing there."""

from __future__ import annotations

import pytest

from app import clock as app_clock
from app.catalog.changing import queries as change_queries
from app.catalog.changing.kinds import same
from app.catalog.kinds import ArticleKind
from app.catalog.models import BundlePart
from app.catalog.versions import publish_article
from app.pages.kind_fields import HAS
from app.vat import VatClass
from tests import make
from tests.features.change_case import (
    again,
    article_page,
    make_case,
    requests,
)
from tests.furnished import furnished
from tests.people import document, save, text

GOODS = (
    {
        "unit_text": "korg", "vat_class": "restaurant", "cpv": "15500000-3", "content": "5,5", "content_unit": "KGM",
        "min_quantity": "4", "quantity_step": "2", "ingredients": "Äpple, hasselnöt", "allergens": ["nuts"],
        "withdrawal": "perishable", "deposit": "60",
    },
    {
        "Vad enheten kallas": "korg", "CPV-kod": "15500000-3", "Innehåll i en": "5,5 kg", "Innehållets enhet": "kg",
        "Minsta antal": "4 korg", "Steg i antal": "2 korg", "Ingredienser": "Äpple, hasselnöt",
        "Allergener": "nötter", "Ångerrätt": "Ingen: blir snabbt dålig", "Pant": "60,00 kr",
        "Moms": "Restaurang och catering, 12 %",
    },
)  # fmt: skip
SERVICE = (
    {"unit_text": "trapphus", "min_quantity": "2", "quantity_step": "0,5", "withdrawal": "service", "rut": "y"},
    {"Minsta antal": "2 trapphus", "Steg i antal": "0,5 trapphus", "Ångerrätt": "Tills tjänsten är utförd",
     "RUT-avdrag": "ja"},
)  # fmt: skip
USED = (
    {"name": "Stol, lagad", "vat_class": "margin"},
    {"Namn": "Stol, lagad", "Moms": "Begagnat, vinstmarginalbeskattning"},
)
PLACEMENT = ({"min_quantity": "5", "vat_class": "exempt"}, {"Minsta antal": "5 dag"})
ON_A_DATE = (
    {"ingredients": "Ost, mjölk", "allergens": ["milk"], "withdrawal": "dated", "min_quantity": "10"},
    {"Allergener": "mjölk", "Ångerrätt": "Ingen: på en viss dag", "Minsta antal": "10 pers"},
)
OF_KIND = [
    (ArticleKind.GOODS, {"unit": "C62", "vat_class": VatClass.FOOD}, GOODS),
    (ArticleKind.TIMED_SERVICE, {"unit": "HUR", "vat_class": VatClass.STANDARD}, SERVICE),
    (ArticleKind.MEASURED_SERVICE, {"unit": "MTK", "vat_class": VatClass.STANDARD}, SERVICE),
    (ArticleKind.DATED_SERVICE, {"unit": "IE", "vat_class": VatClass.RESTAURANT}, ON_A_DATE),
    (ArticleKind.SECOND_HAND, {"unit": "C62", "vat_class": VatClass.STANDARD}, USED),
    (ArticleKind.PLACEMENT, {"unit": "DAY", "vat_class": VatClass.STANDARD}, PLACEMENT),
]


@furnished
def case(app):
    return make_case()


@pytest.fixture
def lena(case, visit):
    return visit(case.user.email)


@pytest.mark.parametrize(("kind", "values", "wish"), OF_KIND, ids=[str(one[0]) for one in OF_KIND])
def test_all_that_a_kind_has_can_be_asked_for_and_staff_read_it_in_words(case, lena, visit, kind, values, wish):
    """What staff change on their page a member may ask for on its own, and approved it is there."""
    typed, words = wish
    become(case.article, kind=kind, **values)
    form = lena.page(article_page(case)).cssselect("main form[method=post]")[0]
    shown = {one.get("name") for one in form.cssselect("[name]")}
    assert {name for name, kinds in HAS.items() if kind in kinds} <= shown
    assert not {name for name, kinds in HAS.items() if kind not in kinds} & shown
    assert {"name", "category", "description", "unit_text", "cpv"} <= shown
    assert "unit" not in shown, "members are paid and manage in it"
    sent = lena.fill(article_page(case), typed)
    assert sent.status_code == 303, [text(one) for one in document(sent).cssselect(".error-summary")]
    (asked,) = requests()
    assert {row.kind.value for row in asked.rows} == {"set_field"}
    assert {one.slot for one in asked.actions} == set(typed), "nothing that was not touched is asked for"
    sam = visit(case.sam.email)
    page = sam.page(f"/personal/katalog/andringar/{asked.id}")
    told = {
        text(one.cssselect(".change-field")[0]): text(one.cssselect(".change-sides > div")[-1])
        for one in page.cssselect("section.change")
    }
    for label, value in words.items():
        assert told[label].replace("\xa0", " ").removeprefix("Önskat").startswith(value), (label, told[label])
    codes = {"KGM", "MTK", "HUR", "IE", "perishable", "service", "dated", "restaurant", "margin", "exempt", "nuts"}
    assert not codes & set(text(page).split())
    assert sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"}).status_code == 303
    content = change_queries.state_now(again(case.article))
    assert all(same(one.field, content[one.field], one.after) for one in asked.actions)


def become(article: make.Article, **values: object) -> None:
    """Another article is published."""
    for name, value in values.items():
        setattr(article, name, value)
    publish_article(article, by=None, now=app_clock.now())
    save()


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (ArticleKind.GOODS, {"pack_size": "6", "quantity_step": "2"}, "antingen steg eller förpackning"),
        (ArticleKind.GOODS, {"content": "5"}, "både hur mycket en enhet innehåller och i vilket mått"),
        (ArticleKind.GOODS, {"min_quantity": "0"}, "mer än noll"),
        (ArticleKind.GOODS, {"deposit": "10001"}, "Panten ska vara mellan"),
        (ArticleKind.GOODS, {"vat_class": "margin"}, "Något behöver rättas"),
        (ArticleKind.GOODS, {"cpv": "03222000"}, "CPV"),
        (ArticleKind.GOODS, {"rut": "y"}, "RUT-avdrag går inte att ange för den här typen: vara"),
        (ArticleKind.GOODS, {"parts-0-number": "T1"}, "Delar går inte att ange"),
        (ArticleKind.TIMED_SERVICE, {"deposit": "60", "pack_size": "6"}, "I en förpackning, Pant går inte att ange"),
        (ArticleKind.TIMED_SERVICE, {"rut": "y", "vat_class": "repair"}, "25 procents moms"),
        (ArticleKind.PLACEMENT, {"withdrawal": "right"}, "Ångerrätt går inte att ange"),
        (ArticleKind.SECOND_HAND, {"min_quantity": "2"}, "Minsta antal går inte att ange"),
    ],
)
def test_what_means_nothing_for_the_kind_is_refused_in_words(case, lena, kind, typed, sentence):
    units = {ArticleKind.TIMED_SERVICE: "HUR", ArticleKind.PLACEMENT: "DAY"}
    vat_class = VatClass.FOOD if kind == ArticleKind.GOODS else VatClass.STANDARD
    become(case.article, kind=kind, unit=units.get(kind, "C62"), vat_class=vat_class)
    answer = lena.fill(article_page(case), {"description": "Nya ord.", **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Nya ord." in answer.text, "nothing typed is lost"
    assert requests() == []


def test_the_parts_of_a_bundle_can_be_asked_for_and_the_handing_on_is_told(case, lena, visit):
    paper = make.make_article("Papper", number="PAP-1", unit="KGM", vat_class="standard")
    box = make.make_article("Låda", number="LAD-1", vat_class="standard")
    bundle = make.make_article("Paket", unit="H87", vat_class="standard", kind=ArticleKind.BUNDLE)
    bundle.proposed_by = case.member
    bundle.parts = [
        BundlePart(article=one, quantity=make.Decimal(1), position=place) for place, one in enumerate((paper, box))
    ]
    save()
    path = f"/medlem/andringar/artikel/{bundle.id}"
    assert "unit" in {one.get("name") for one in lena.page(path).cssselect("[name]")}, "nobody is paid by it"
    assert lena.fill(path, {"more": "1"}).status_code == 200
    assert requests() == []
    missing = lena.fill(path, {"parts-2-number": "XYZ-1"})
    assert "Det finns ingen artikel med numret XYZ-1" in missing.text
    assert lena.fill(path, {"parts-0-quantity": "2,5", "parts-0-to_next": "y"}).status_code == 303
    (asked,) = requests()
    assert {row.kind.value for row in asked.rows} == {"remove_part", "add_part"}
    page = visit(case.sam.email).page(f"/personal/katalog/andringar/{asked.id}")
    before, after = (text(one).replace("\xa0", " ") for one in page.cssselect(".change-sides > div"))
    assert before == "Gäller nu1 kg Papper 1 st Låda"
    assert after == "Önskat2,5 kg Papper, lämnas vidare till nästa steg 1 st Låda"
