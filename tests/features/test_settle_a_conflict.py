"""Something newer holds than what a change began from: staff see both, and choose."""

from __future__ import annotations

import pytest

from app import catalogflow
from app import clock as app_clock
from app.accounts.models import RoleName
from app.catalog.changing import queries as change_queries
from app.catalog.changing.actions import Wish
from app.catalog.changing.models import ChangeState
from app.money import Money
from tests import make
from tests.features.change_case import again, article_form, make_case, page_of, requests
from tests.furnished import furnished
from tests.people import document, text


@furnished
def case(app):
    return make_case()


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


def test_something_newer_stops_it_and_three_columns_tell_why(case, sam):
    asked = case.ask(name="Fruktlåda", description="Sex kilo.")
    case.publish(description="Fem kilo frukt, tvättad.")
    page = sam.page(page_of(asked))
    for words in ("Något nyare har publicerats", "Fem kilo frukt, tvättad.", "Sex kilo.", "ändrad från båda håll"):
        assert words in text(page), words
    assert len(page.cssselect(".change.is-met")) == 1
    assert not page.cssselect(f"form[action='{page_of(asked)}/ja']")
    answer = sam.post(f"{page_of(asked)}/ja", data={"revision": "1"})
    assert answer.status_code == 409
    assert "Inget är sparat" in answer.text
    article = again(case.article)
    assert (article.name, article.description, article.version) == ("Fruktkorg", "Fem kilo frukt, tvättad.", 2)


def test_done_anew_it_keeps_what_nobody_touched_and_asks_about_the_rest(case, sam):
    asked = case.ask(name="Fruktlåda", description="Sex kilo.")
    case.publish(description="Fem kilo frukt, tvättad.")
    path = page_of(asked)
    unchosen = sam.post(f"{path}/gor-om", data={"revision": "1"})
    assert unchosen.status_code == 422
    assert "Välj för var och en" in unchosen.text
    nonsense = sam.post(f"{path}/gor-om", data={"revision": "1", "val-description": "both", "val-price": "wanted"})
    assert nonsense.status_code == 422
    assert (again(asked).revision, len(again(asked).rows)) == (1, 2)
    assert sam.post(f"{path}/gor-om", data={"revision": "1", "val-description": "now"}).status_code == 303
    asked = again(asked)
    assert (asked.revision, asked.base_version, [one.slot for one in asked.actions]) == (2, 2, ["name"])
    assert sam.post(f"{path}/ja", data={"revision": "2"}).status_code == 303
    article = again(case.article)
    assert (article.name, article.description, article.version) == ("Fruktlåda", "Fem kilo frukt, tvättad.", 3)


def test_done_anew_it_can_take_what_was_asked_for(case, sam):
    asked = case.ask(description="Sex kilo.")
    case.publish(description="Fem kilo frukt, tvättad.")
    path = page_of(asked)
    assert sam.post(f"{path}/gor-om", data={"revision": "1", "val-description": "wanted"}).status_code == 303
    (action,) = again(asked).actions
    assert (action.before, action.after) == ("Fem kilo frukt, tvättad.", "Sex kilo.")
    assert sam.post(f"{path}/ja", data={"revision": "2"}).status_code == 303
    assert again(case.article).description == "Sex kilo."


def test_done_anew_nothing_may_be_left(case, sam):
    asked = case.ask(description="Sex kilo.")
    case.publish(description="Fem kilo frukt, tvättad.")
    answer = sam.post(f"{page_of(asked)}/gor-om", data={"revision": "1", "val-description": "now"})
    assert answer.status_code == 422
    assert "inget kvar att ändra" in answer.text
    assert again(asked).base_version == 1


def test_the_member_writes_anew_on_the_ground_of_what_holds_now(case, visit, sam):
    asked = case.ask(name="Fruktlåda", description="Sex kilo.")
    case.publish(description="Fem kilo frukt, tvättad.")
    lena = visit(case.user.email)
    assert "Gör om ändringen" in text(lena.page(f"/medlem/andringar/{asked.id}"))
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    assert page.cssselect("#name")[0].get("value") == "Fruktlåda"
    assert page.cssselect("#description")[0].value.strip() == "Sex kilo.", "the wish is not thrown away"
    assert "Fem kilo frukt, tvättad." in text(page.get_element_by_id("description-now"))
    kept = {"description": "Fem kilo frukt, tvättad."}
    assert lena.fill(f"/medlem/andringar/{asked.id}/skriv-om", kept).status_code == 303
    asked = again(asked)
    assert (asked.base_version, asked.revision, [one.slot for one in asked.actions]) == (2, 2, ["name"])


def stale_price(case, sam) -> str:
    """Sam has set 195 kr, and then 200 kr from a page that still said 190: where that leads."""
    path = f"/personal/katalog/erbjudande/{case.offering.id}/pris"
    assert sam.post(path, data={"price": "195", "base": "1"}).status_code == 303
    return sam.post(path, data={"price": "200", "base": "1"}).location


def test_a_member_price_in_conflict_is_written_anew_on_the_conflicts_page(case, sam):
    path = stale_price(case, sam)
    page = sam.page(path)
    shown = text(page).replace("\xa0", " ")
    for words in ("190,00 kr", "195,00 kr", "200,00 kr", "ändrad från båda håll", "Eller skriv något annat"):
        assert words in shown, words
    form = f"form[action='{path}/nytt-pris']"
    assert page.cssselect(f"{form} input[name=price]")[0].get("value") == "200"
    for wrong in ("", "0", "-1", "gratis", "10000000", "195"):
        refused = sam.fill(path, {"price": wrong}, form=form)
        assert refused.status_code == 422, wrong
        assert document(refused).cssselect(".error-summary"), wrong
        assert document(refused).cssselect(f"{form} input[name=price]")[0].get("value") == wrong, "what was typed stays"
    assert again(case.offering).version == 2
    assert sam.fill(path, {"price": "197,50"}, form=form).status_code == 303
    offering, asked = again(case.offering), requests()[-1]
    assert (offering.member_price, offering.version) == (Money(19750), 3)
    assert (asked.state, asked.made_by, asked.decided_by) == (ChangeState.APPROVED, "Sam Exempel", "Sam Exempel")
    assert sam.post(f"{path}/nytt-pris", data={"price": "210", "base": "3"}).status_code == 422, "it is settled"


def test_a_price_that_has_moved_once_more_is_a_conflict_once_more(case, sam):
    path = stale_price(case, sam)
    case.publish(case.offering, member_price=19600)
    answer = sam.post(f"{path}/nytt-pris", data={"price": "198", "base": "2"})
    assert answer.status_code == 303
    assert answer.location == path
    assert again(case.offering).member_price == Money(19600), "nothing newer is overwritten"
    assert "196,00" in text(sam.page(path))
    assert sam.post(f"{path}/nytt-pris", data={"price": "198", "base": "77"}).status_code == 404, "no such version"


@pytest.mark.parametrize(("choice", "price", "state"), [("wanted", 20000, "approved"), ("now", 19500, "withdrawn")])
def test_a_member_price_in_conflict_is_mine_or_theirs(case, sam, choice, price, state):
    path = stale_price(case, sam)
    answer = sam.post(f"{path}/gor-om", data={"revision": "1", "val-member_price": choice})
    if choice == "wanted":
        assert answer.status_code == 303
        assert sam.post(f"{path}/ja", data={"revision": "2"}).status_code == 303
    else:
        assert "inget kvar att ändra" in answer.text
        assert sam.post(f"{path}/ta-tillbaka").status_code == 303
    assert (again(case.offering).member_price, str(requests()[-1].state)) == (Money(price), state)


def test_only_our_own_prices_are_written_anew_by_us(case, sam, visit):
    theirs = case.ask(case.offering, member_price=20000)
    case.publish(case.offering, member_price=19500)
    assert not sam.page(page_of(theirs)).cssselect("form[action$=nytt-pris]")
    assert sam.post(f"{page_of(theirs)}/nytt-pris", data={"price": "198", "base": "2"}).status_code == 404
    sam.post(f"/personal/katalog/{case.article.id}", data=article_form(case, description="Sju.", colleague="1"))
    about_article = requests()[-1]
    assert sam.post(f"{page_of(about_article)}/nytt-pris", data={"price": "198", "base": "1"}).status_code == 404
    make.make_user("pia@samklang.example", roles=[RoleName.FINANCE])
    path = stale_again(case)
    assert visit("pia@samklang.example").post(f"{path}/nytt-pris", data={"price": "198"}).status_code == 403
    assert not visit("pia@samklang.example").page(path).cssselect("form[action$=nytt-pris]")


def stale_again(case) -> str:
    """One more price of Sam's that collides with a newer one."""
    wish = Wish({"member_price": 19900}, base=1)
    return page_of(catalogflow.save(case.offering, wish, by=case.sam, now=app_clock.now()))


@pytest.mark.parametrize(
    ("field", "newer", "mine", "new", "holds"),
    [
        ("description", "Fem kilo, tvättad.", "Sex kilo.", "Sju kilo.", "Sju kilo."),
        ("name", "Fruktlåda", "Korg", "Frukt i korg", "Frukt i korg"),
        ("min_quantity", "2", "3", "4", "4"),
        ("content", "5", "6", "7", "7"),
        ("deposit", "5000", "70", "80", "8000"),
        ("withdrawal", "perishable", "custom_made", "right", "right"),
        ("price", "21900", "225", "230", "23000"),
        ("ingredients", "Äpple", "Päron", "Äpple och päron", "Äpple och päron"),
    ],
)
def test_an_articles_conflict_can_be_settled_by_something_new(case, sam, field, newer, mine, new, holds):
    """Sam's own stale form, whatever the field: chosen, or written anew on the article's page and published at once."""
    numbers = {"deposit", "price"}
    extra = {"content_unit": "KGM"} if field == "content" else {}
    path = f"/personal/katalog/{case.article.id}"
    case.publish(**{field: int(newer) if field in numbers else newer}, **extra)
    answer = sam.post(path, data=article_form(case, **{field: mine}, **extra, base="1"))
    conflict = sam.page(answer.location)
    assert conflict.cssselect(f"input[name=val-{field}][value=wanted]"), "mine or theirs can be chosen"
    link = conflict.cssselect("main a[href*='andring=']")[0].get("href")
    assert sam.fill(link, {field: new}, form="form[novalidate]").status_code == 303
    assert requests()[-1].state == ChangeState.APPROVED
    assert str(change_queries.state_now(again(case.article))[field]) == holds


def test_a_choice_that_cannot_be_sold_is_refused_when_it_is_made(case, sam):
    """Steps are asked for, and packages have come meanwhile: nobody has touched the same field, and both cannot be."""
    asked = case.ask(quantity_step="2")
    case.publish(pack_size="6")
    answer = sam.post(f"{page_of(asked)}/gor-om", data={"revision": "1"})
    assert answer.status_code == 422
    assert "antingen steg eller förpackning" in answer.text
    assert again(asked).revision == 1
    back = sam.post(f"{page_of(asked)}/tillbaka", data={"revision": "1", "words": "Nu säljs den i förpackningar."})
    assert back.status_code == 303


def test_a_number_that_is_taken_meanwhile_stops_the_change(case, sam):
    form = article_form(case, number="NY-1", colleague="1")
    sam.post(f"/personal/katalog/{case.article.id}", data=form)
    make.make_article("Annan", number="NY-1")
    (waiting,) = requests()
    waiting.by_colleague = False
    answer = sam.post(f"{page_of(waiting)}/ja", data={"revision": "1"})
    assert answer.status_code == 409
    assert "NY-1 är upptaget" in answer.text
    assert again(case.article).number == case.article.number != "NY-1"
