"""A member asks for something to be otherwise; what customers see stays as it is until staff have said yes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import catalogflow, orderflow
from app import clock as app_clock
from app.audit import AuditEvent
from app.catalog import change_actions, change_queries, changes
from app.catalog.change_actions import Wish
from app.catalog.change_kinds import same
from app.catalog.change_models import ChangeAction, ChangeRequest, ChangeState
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, BundlePart, OfferingPause
from app.catalog.versions import publish_article
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.routing import route
from app.orders.routing_values import Demand
from app.orders.situation import candidates_for
from app.pages.kind_fields import HAS
from app.vat import VatClass
from tests import make
from tests.features.change_case import again, make_case, requests
from tests.people import document, save, text, together


@pytest.fixture
def case(app):
    return make_case()


@pytest.fixture
def lena(case, visit):
    return visit(case.user.email)


def article_page(case) -> str:
    return f"/medlem/andringar/artikel/{case.article.id}"


def offering_page(case) -> str:
    return f"/medlem/andringar/erbjudande/{case.offering.id}"


def test_words_are_asked_for_and_the_article_stays_in_the_shop(case, lena, visit):
    answer = lena.fill(article_page(case), {"description": "Sex kilo frukt.", "note": "Vi packar mer nu."})
    assert answer.status_code == 303
    (asked,) = requests()
    assert (asked.state, asked.base_version, asked.made_by) == (ChangeState.WAITING, 1, "Lena Exempel")
    assert [(row.position, row.kind.value) for row in asked.rows] == [(0, "set_field")]
    assert asked.rows[0].details == {"field": "description", "before": "Fem kilo frukt.", "after": "Sex kilo frukt."}
    assert again(case.article).version == 1
    shown = text(visit().page("/katalog/fruktkorg"))
    assert "Fem kilo frukt." in shown
    assert "Sex kilo" not in shown
    mine = text(lena.page("/medlem/erbjudanden"))
    assert "Ni har bett om en ändring" in mine
    page = lena.page(f"/medlem/andringar/{asked.id}")
    assert [text(node) for node in page.cssselect("del")] == ["Fem"]
    assert [text(node) for node in page.cssselect("ins")] == ["Sex"]


def test_price_and_places_are_asked_for_together(case, lena):
    answer = lena.fill(offering_page(case), {"price": "199,50", "areas": [make.GOTHENBURG, make.BORAS]})
    assert answer.status_code == 303
    (asked,) = requests()
    kinds = [(row.kind.value, row.details) for row in asked.rows]
    assert kinds == [
        ("set_member_price", {"before": 19000, "after": 19950}),
        ("add_place", {"municipality": make.BORAS}),
        ("remove_place", {"municipality": make.MOLNDAL}),
    ]
    offering = again(case.offering)
    assert (offering.member_price, offering.municipalities) == (Money.kronor(190), frozenset(make.SOLD_IN))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"description": ""},
        {"description": "x" * 5001},
        {"description": "x" * 10_000_000},
        {"ingredients": "x" * 5001},
        {"category": "9999"},
        {"category": "ett"},
        {"allergens": ["radium"]},
        {"note": "x" * 501},
        {"name": "Frukt\u202ekorg\ud83d"},
        {},
    ],
    ids=lambda wrong: next((f"{name}={str(value)[:9]!r}" for name, value in wrong.items()), "nothing changed"),
)
def test_an_impossible_wish_is_refused_and_nothing_is_lost(case, lena, wrong):
    if any("\ud83d" in str(value) for value in wrong.values()):
        wrong = {"name": "Frukt\x07korg"}
    answer = lena.fill(article_page(case), {"name": "Fruktkorg", **wrong})
    assert 400 <= answer.status_code < 500
    assert requests() == []
    if answer.status_code == 422:
        assert document(answer).cssselect(".error-summary")


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


@pytest.mark.parametrize("wrong", [{"price": "0"}, {"price": "gratis"}, {"price": "10000000"}, {"areas": []}, {}])
def test_an_impossible_offer_is_refused(case, lena, wrong):
    assert lena.fill(offering_page(case), {"price": "190", **wrong}).status_code == 422
    assert requests() == []


def test_two_presses_make_one_request(case, visit):
    first, second = visit(case.user.email), visit(case.user.email)
    data, page = {"price": "195", "areas": list(make.SOLD_IN), "base": "1"}, offering_page(case)
    answers = together(
        lambda: first.post(page, data=data).status_code,
        lambda: second.post(page, data=data).status_code,
    )
    assert sorted(answers) == [303, 422]
    assert len(requests()) == 1


def test_who_has_asked_already_comes_to_what_was_asked(case, lena):
    asked = case.ask(description="Sex kilo.")
    answer = lena.get(article_page(case))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/medlem/andringar/{asked.id}/skriv-om")
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    assert page.cssselect("#description")[0].value.strip() == "Sex kilo."


def test_what_was_sent_back_is_put_right_and_sent_again(case, lena, visit, outbox):
    asked = case.ask(case.offering, member_price=30000, note="Dyrare äpplen.")
    sam = visit(case.sam.email)
    path = f"/personal/katalog/andringar/{asked.id}"
    assert sam.post(f"{path}/tillbaka", data={"revision": "1", "words": "Högst 200 kr."}).status_code == 303
    assert again(asked).state == ChangeState.RETURNED
    (letter,) = outbox.to(case.member.email)
    assert letter.subject == "Er ändring behöver skrivas om: Fruktkorg"
    assert "Högst 200 kr." in letter.body
    assert f"/medlem/andringar/{asked.id}" in letter.body
    assert "Högst 200 kr." in text(lena.page(f"/medlem/andringar/{asked.id}"))
    assert lena.fill(f"/medlem/andringar/{asked.id}/skriv-om", {"price": "200"}).status_code == 303
    asked = again(asked)
    assert (asked.state, asked.revision, len(asked.rows)) == (ChangeState.WAITING, 2, 1)
    assert asked.rows[0].details["after"] == 20000
    old_page = sam.post(f"{path}/ja", data={"revision": "1"})
    assert old_page.status_code == 409
    assert "skrivits om" in old_page.text
    assert sam.post(f"{path}/ja", data={"revision": "2"}).status_code == 303
    assert again(case.offering).member_price == Money.kronor(200)


def test_taken_back_it_is_gone_from_the_inbox(case, lena, visit):
    asked = case.ask(description="Sex kilo.")
    assert lena.post(f"/medlem/andringar/{asked.id}/ta-tillbaka").status_code == 303
    assert again(asked).state == ChangeState.WITHDRAWN
    again_pressed = lena.post(f"/medlem/andringar/{asked.id}/ta-tillbaka")
    assert again_pressed.status_code == 409
    assert lena.get(f"/medlem/andringar/{asked.id}/skriv-om").status_code == 303
    sam = visit(case.sam.email)
    late = sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"})
    assert late.status_code == 409
    assert "Lena Exempel har tagit tillbaka förslaget" in late.text
    assert again(case.article).version == 1


def test_another_members_request_is_not_there(case, visit):
    asked = case.ask(description="Sex kilo.")
    other = make.make_kokljus()
    make.make_user(other.email, member=other)
    stranger = visit(other.email)
    path = f"/medlem/andringar/{asked.id}"
    assert [stranger.get(path).status_code, stranger.get(f"{path}/skriv-om").status_code] == [404, 404]
    assert stranger.post(f"{path}/ta-tillbaka").status_code == 404
    assert stranger.post(f"{path}/skriv-om", data={"name": "Min"}).status_code == 404
    assert stranger.get(article_page(case)).status_code == 404
    assert stranger.get(offering_page(case)).status_code == 404
    assert stranger.post(offering_page(case), data={"price": "1"}).status_code == 404
    assert stranger.get("/medlem/andringar/999999").status_code == 404
    assert again(asked).state == ChangeState.WAITING


def test_an_article_that_others_make_too_is_not_the_members_to_change(case, lena):
    make.make_offering(case.article, make.make_kokljus())
    assert lena.get(article_page(case)).status_code == 404
    case.article.proposed_by = case.member
    assert lena.get(article_page(case)).status_code == 200


def test_what_is_not_sold_cannot_be_changed(case, lena, visit):
    sam = visit(case.sam.email)
    asked = case.ask(description="Sex kilo.")
    assert sam.post(f"/personal/katalog/article/{case.article.id}/withdraw").status_code == 303
    assert lena.get(article_page(case)).status_code == 404
    late = sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"})
    assert late.status_code == 409
    assert "borttagen" in late.text
    assert again(case.article).description == "Fem kilo frukt."
    case.offering.state = ApprovalState.WITHDRAWN
    refused = lena.post(offering_page(case), data={"price": "195", "areas": list(make.SOLD_IN)})
    assert refused.status_code == 422


def test_a_member_asks_us_to_stop_selling(case, lena, visit):
    assert lena.post(f"{article_page(case)}/sluta").status_code == 303
    (asked,) = requests()
    assert again(case.article).state == ApprovalState.APPROVED
    sam = visit(case.sam.email)
    assert sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"}).status_code == 303
    assert again(case.article).state == ApprovalState.WITHDRAWN
    assert visit().get("/katalog/fruktkorg").status_code == 404


def test_a_pause_holds_at_once_for_orders_and_on_the_page(case, lena, visit):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    sent = lena.post(f"{page}/paus", data={"first_day": "2026-11-25", "last_day": "2026-11-27"})
    assert sent.status_code == 303
    assert "ons 25 nov" in text(lena.page(page)).replace("\xa0", " ")
    shop = text(visit().page("/katalog/fruktkorg")).replace("\xa0", " ")
    assert "Gör uppehåll ons 25 nov till fre 27 nov" in shop
    assert "Tidigast leverans mån 30 nov" in shop or "mån 30 nov" in shop
    assert "Tidigast mån 30 nov" in text(visit().page("/katalog")).replace("\xa0", " ")
    for last, found in (("2026-11-25", 0), ("2026-11-27", 0), ("2026-11-29", 0), ("2026-11-30", 1)):
        assert len(visit().page(f"/katalog?senast={last}").cssselect("li.article")) == found, last
    buyer = visit()
    buyer.post("/varukorg/lagg-i", data={"article": case.article.id, "quantity": "1"})
    assert buyer.page("/kassa").cssselect("input[name=day]")[0].get("value") == "2026-11-30", "as soon as it can"
    line = make_line(case)
    for day, obstacle in ((date(2026, 11, 26), "gör uppehåll med artikeln den dagen"), (date(2026, 11, 30), None)):
        (one,) = candidates_for([line], day=day, municipality=make.GOTHENBURG, now=app_clock.now())
        assert one.obstacle == obstacle
        taken = route([Demand(line.id, make.Decimal(1))], [one])
        assert bool(taken.shares) == (obstacle is None)
    pause_id = db.session.scalars(select(OfferingPause.id)).one()
    assert lena.post(f"{page}/paus/{pause_id}/ta-bort").status_code == 303
    assert lena.post(f"{page}/paus/{pause_id}/ta-bort").status_code == 409
    assert db.session.scalars(select(OfferingPause)).all() == []
    assert {"paused", "pause struck"} <= set(db.session.scalars(select(AuditEvent.what)))


def make_line(case):
    """An order line that nobody has yet."""
    line = orderflow.OrderLine()
    line.id, line.article_id = 1, case.article.id
    return line


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-27", "2026-11-25"),
        ("2026-11-01", "2026-11-20"),
        ("2026-11-25", "2099-01-01"),
        ("", "2026-11-25"),
        ("i morgon", "2026-11-25"),
        ("0001-01-01", "9999-12-31"),
    ],
)
def test_a_pause_that_cannot_be(case, lena, first, last):
    page = f"/medlem/erbjudanden/{case.offering.id}/paus"
    assert lena.post(page, data={"first_day": first, "last_day": last}).status_code == 422
    assert db.session.scalars(select(OfferingPause)).all() == []


def test_pauses_that_overlap_become_one_and_the_page_says_so(case, lena):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    for first, last in (("2026-12-24", "2026-12-27"), ("2027-01-04", "2027-01-05"), ("2026-12-26", "2026-12-30")):
        answer = lena.post(f"{page}/paus", data={"first_day": first, "last_day": last})
        assert answer.status_code == 303
    told = text(lena.page(answer.headers["Location"])).replace("\xa0", " ")
    assert "De är nu en: tors 24 dec till ons 30 dec." in told
    held = select(OfferingPause.first_day, OfferingPause.last_day).order_by(OfferingPause.first_day)
    assert [tuple(row) for row in db.session.execute(held)] == [
        (date(2026, 12, 24), date(2026, 12, 30)),
        (date(2027, 1, 4), date(2027, 1, 5)),
    ]
    inside = lena.post(f"{page}/paus", data={"first_day": "2026-12-25", "last_day": "2026-12-25"})
    assert inside.status_code == 422
    assert "ingår redan i pausen tors 24 dec till ons 30 dec" in inside.text.replace("\xa0", " ")


@pytest.mark.parametrize("typed", ["1e5", "1E2", "NaN", "Infinity", "1_000", "٣"])
def test_a_quantity_is_written_in_figures(case, lena, typed):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    before = again(case.offering).capacity_per_week
    answer = lena.post(page, data={"capacity": typed, "lead_days": "2"})
    assert answer.status_code == 422
    assert again(case.offering).capacity_per_week == before


def test_what_is_wrong_is_said_in_plain_words(case, lena):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    assert "Skriv ett helt tal." in lena.post(page, data={"capacity": "5", "lead_days": "snart"}).text
    assert "Skriv datumet som 2026-11-30." in lena.post(f"{page}/paus", data={"first_day": "i morgon"}).text


def test_another_members_pause_is_out_of_reach(case, visit, lena):
    other = make.make_kokljus()
    make.make_user(other.email, member=other)
    change_actions.pause(case.offering, date(2026, 12, 1), date(2026, 12, 2), by=case.user, now=app_clock.now())
    pause = db.session.scalars(select(OfferingPause)).one()
    theirs = make.make_offering(make.make_article("Kaffe"), other)
    stranger = visit(other.email)
    assert stranger.post(f"/medlem/erbjudanden/{case.offering.id}/paus/{pause.id}/ta-bort").status_code == 404
    assert stranger.post(f"/medlem/erbjudanden/{theirs.id}/paus/{pause.id}/ta-bort").status_code == 409
    assert db.session.scalars(select(OfferingPause)).all() == [pause]


def test_a_request_concerns_one_thing(case):
    asked = case.ask(description="Sex kilo.")
    asked.offering_id = case.offering.id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_action_of_a_kind_that_nobody_knows_is_refused_and_does_nothing(case):
    asked = case.ask(description="Sex kilo.")
    asked.rows[0].details = {"field": "state", "before": "approved", "after": "withdrawn"}
    db.session.flush()
    with pytest.raises(Refused, match="går inte att läsa"):
        catalogflow.approve(asked, 1, "", by=case.sam, now=app_clock.now())
    assert case.article.version == 1


def test_a_settled_request_moves_no_more(case):
    asked = case.ask(description="Sex kilo.")
    catalogflow.take_back(asked, by=case.user, now=app_clock.now())
    with pytest.raises(Refused, match="återtaget"):
        asked.state = ChangeState.WAITING
    with pytest.raises(Refused):
        catalogflow.send_again(asked, Wish({"description": "Sju."}), by=case.user, now=app_clock.now())


def test_the_list_of_requests_takes_a_steady_number_of_statements(case, lena, queries):
    for number in range(8):
        article = make.make_article(f"Korg {number}")
        make.make_offering(article, case.member)
        case.ask(article, description=f"Ny text {number}.")
    lena.page("/medlem/andringar")
    with queries() as few:
        lena.page("/medlem/andringar")
    assert len(few) < 16, "\n".join(few)
    assert len(change_queries.requests_of(case.member)) == 8
    assert len(db.session.scalars(select(ChangeAction)).all()) == 8
    assert len(db.session.scalars(select(ChangeRequest)).all()) == 8


def test_what_was_wished_is_filled_in_with_what_holds_now_beside_it(case, lena):
    """In a conflict the member's words were thrown away: the form came with what others had written."""
    asked = case.ask(description="Sex kilo.", name="Fruktkorg stor")
    case.publish(description="Sju kilo.")
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    described = page.cssselect("textarea[name=description]")[0]
    assert described.text_content().strip() == "Sex kilo."
    now = page.get_element_by_id("description-now")
    assert "Sju kilo." in text(now)
    assert "description-now" in described.get("aria-describedby").split()
    assert page.cssselect("#name-now") == [], "nobody else has touched the name"
    path = f"/medlem/andringar/{asked.id}/skriv-om"
    assert lena.fill(path, {"description": "Sex kilo."}).status_code == 303
    assert not again(asked).has_moved_on
    assert changes.apply(change_queries.state_now(case.article), again(asked).actions)["description"] == "Sex kilo."


def test_a_wished_price_stands_beside_the_one_that_holds_now(case, lena):
    asked = case.ask(case.offering, member_price=19900, municipalities=["1490"])
    case.publish(case.offering, member_price=18500)
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    assert page.cssselect("input[name=price]")[0].get("value") == "199"
    assert "185,00 kr" in text(page.get_element_by_id("price-now"))
    chosen = [one.get("value") for one in page.cssselect("input[name=areas]") if one.get("checked") is not None]
    assert chosen == ["1490"]
