"""Staff decide what is sold, by whom and at what price."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog import actions, indexing
from app.catalog.drafts import Draft, Terms
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.people import document, text, together

TERMS = Terms(make.Decimal(20), 2, frozenset({"1480"}))


@furnished
def proposal(app):
    """Ljungbacken proposes a flower basket. Sam is at the desk."""
    category, member = make.make_category(), make.make_ljungbacken()
    user = make.make_user(member.email, member=member)
    make.make_sam()
    draft = Draft("Blomkorg", "En korg med blommor.", category.id, "H87", "", VatClass.STANDARD, cpv="03222000-3")
    return actions.propose_article(member, draft, TERMS, Money.kronor(180), by=user, now=app_clock.now())


@pytest.fixture
def sam(proposal, visit):
    return visit("sam@samklang.example")


@furnished
def offered(proposal):
    """Köksljus offers to make an article that is sold already."""
    article, member = make.make_article("Kaffe", slug="kaffe"), make.make_kokljus()
    user = make.make_user(member.email, member=member)
    return actions.propose_offering(article, member, TERMS, Money.kronor(150), by=user, now=app_clock.now())


def again(row):
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.what).order_by(AuditEvent.id)))


def test_what_waits_is_counted_and_shown_with_its_terms(sam, offered):
    page = sam.page("/personal/katalog/forslag")
    assert len(page.cssselect("article.decide")) == 2
    for words in ("Blomkorg", "180,00 kr", "Kaffe", "Köksljus", "62,00 kr"):
        assert words in text(page), words
    assert text(page.cssselect(".tab-row [aria-current] .count")[0]) == "2"


def test_nothing_is_sold_at_a_loss_or_without_the_code_that_buyers_look_for(proposal, sam):
    where = f"/personal/katalog/forslag/artikel/{proposal.id}/ja"
    answer = sam.post(where, data={"price": "179"})
    assert answer.status_code == 422
    page = document(answer)
    field = page.cssselect("input[name=price]")[0]
    assert field.get("value") == "179", "what was typed is still there"
    assert "ligger under medlemmens" in text(page.get_element_by_id(f"{field.get('id')}-error"))
    proposal.cpv = None
    answer = sam.post(where, data={"price": "219,50", "cpv": ""})
    assert answer.status_code == 422
    page = document(answer)
    assert page.cssselect("input[name=price]")[0].get("value") == "219,50"
    assert "saknar CPV-kod" in text(page.get_element_by_id(f"{page.cssselect('input[name=cpv]')[0].get('id')}-error"))
    assert "Fyll i innan du godkänner" in text(page)
    answer = sam.post(where, data={"price": "219,50", "cpv": "99999999-9"})
    assert answer.status_code == 422
    assert "finns inte i listan" in answer.text
    assert again(proposal).state == ApprovalState.PROPOSED


def test_the_code_that_is_missing_is_filled_in_where_one_approves(proposal, sam):
    proposal.cpv = None
    path = f"/personal/katalog/forslag/artikel/{proposal.id}"
    words = text(sam.page(path).cssselect("article.decide")[0])
    assert "Fyll i innan du godkänner" in words
    assert "frivilligt" not in words
    form = f"form[action^='{path}/ja']"
    assert sam.fill(path, {"price": "219,50", "cpv": "03222000-3"}, form=form).status_code == 303
    assert (again(proposal).state, again(proposal).cpv) == (ApprovalState.APPROVED, "03222000-3")


def test_approved_is_sold_at_the_price_that_staff_set(proposal, sam, visit, outbox):
    answer = sam.post(f"/personal/katalog/forslag/artikel/{proposal.id}/ja", data={"price": "219,50"})
    assert answer.status_code == 303
    article = again(proposal)
    assert (article.state, article.price) == (ApprovalState.APPROVED, Money.kronor("219.50"))
    assert [one.state for one in article.offerings] == [ApprovalState.APPROVED]
    assert "274,38 kr" in text(visit().page("/katalog?q=blomkorg"))
    assert acts() == ["proposed", "approved"]
    assert outbox.subjects_to("ljungbacken@medlem.example") == ["Ja till ert förslag: Blomkorg"]


def test_declined_with_a_reason_that_the_member_reads(proposal, sam, visit, outbox):
    path = f"/personal/katalog/forslag/artikel/{proposal.id}/nej"
    assert sam.post(path, data={"reason": "Vi säljer inte blommor."}).status_code == 303
    assert again(proposal).state == ApprovalState.DECLINED
    assert "Vi säljer inte blommor." in text(visit("ljungbacken@medlem.example").page("/medlem/erbjudanden"))
    assert visit().get("/katalog/blomkorg").status_code == 404
    (letter,) = outbox.to("ljungbacken@medlem.example")
    assert letter.subject == "Nej till ert förslag: Blomkorg"
    assert "Vi säljer inte blommor." in letter.body


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        ("ja", {"price": ""}),
        ("ja", {"price": "0"}),
        ("ja", {"price": "-5"}),
        ("ja", {"price": "fri"}),
        ("ja", {"price": "10 000 000"}),
        ("nej", {"reason": "  "}),
        ("nej", {"reason": "x" * 501}),
        ("nej", {}),
    ],
)
def test_half_a_decision_is_none(proposal, sam, answer, data):
    response = sam.post(f"/personal/katalog/forslag/artikel/{proposal.id}/{answer}", data=data)
    assert response.status_code in {409, 422}
    assert again(proposal).state == ApprovalState.PROPOSED
    assert acts() == ["proposed"]


def test_two_who_decide_at_once_one_wins_and_the_other_is_told(proposal, sam, visit):
    make.make_user("stina@samklang.example", roles=[RoleName.ADMIN])
    stina = visit("stina@samklang.example")
    path = f"/personal/katalog/forslag/artikel/{proposal.id}"
    yes, no = together(
        lambda: sam.post(f"{path}/ja", data={"price": "200"}),
        lambda: stina.post(f"{path}/nej", data={"reason": "Nej tack."}),
    )
    assert sorted([yes.status_code, no.status_code]) == [303, 409]
    assert "Någon hann före" in (yes if yes.status_code == 409 else no).text
    won = ApprovalState.APPROVED if yes.status_code == 303 else ApprovalState.DECLINED
    article = again(proposal)
    assert article.state == won
    assert {one.state for one in article.offerings} == {won}
    assert len(acts()) == 2


def test_one_more_member_is_approved(sam, offered, visit, outbox):
    assert visit().get("/katalog/kaffe").status_code == 404
    assert sam.post(f"/personal/katalog/forslag/erbjudande/{offered.id}/ja").status_code == 303
    assert "Köksljus" in text(visit().page("/katalog/kaffe"))
    assert sam.post(f"/personal/katalog/forslag/erbjudande/{offered.id}/ja").status_code == 409
    again_no = sam.post(f"/personal/katalog/forslag/erbjudande/{offered.id}/nej", data={"reason": "För sent."})
    assert again_no.status_code == 409
    assert again(offered).state == ApprovalState.APPROVED
    assert outbox.subjects_to(offered.member.email) == ["Ja till ert förslag: Kaffe"]


def test_one_more_member_is_declined(sam, offered):
    path = f"/personal/katalog/forslag/erbjudande/{offered.id}/nej"
    assert sam.post(path, data={"reason": ""}).status_code == 422
    assert sam.post(path, data={"reason": "Priset är för högt."}).status_code == 303
    assert (again(offered).state, again(offered).declined_because) == (ApprovalState.DECLINED, "Priset är för högt.")


def test_staff_write_an_article_and_say_who_makes_it(sam, visit):
    values = {"name": "Äggkorg", "description": "Tolv ägg.", "unit": "H87", "vat_class": "food", "price": "89"}
    answer = sam.fill("/personal/katalog/ny?sort=goods", {**values, "cpv": "03222000-3"})
    assert answer.status_code == 303
    assert visit().get("/katalog/aggkorg").status_code == 404
    member = db.session.scalars(select(make.Member).where(make.Member.slug == "ljungbacken")).one()
    offer = {"member": str(member.id), "price": "80", "capacity": "10", "lead_days": "1", "areas": ["1480"]}
    assert sam.fill(answer.location, offer).status_code == 303
    assert "Äggkorg" in text(visit().page("/katalog/aggkorg"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": "0"},
        {"cpv": "99999999-9"},
        {"number": "<b>"},
        {"number": "T" * 21},
        {"name": ""},
        {"unit": "XYZ"},
    ],
)
def test_an_impossible_article_is_not_saved_and_nothing_typed_is_lost(sam, proposal, wrong):
    values = {"name": "Äggkorg", "description": "Tolv goda ägg.", "unit": "H87", "vat_class": "food", "price": "89"}
    answer = sam.fill("/personal/katalog/ny?sort=goods", {**values, **wrong})
    assert answer.status_code == 422
    assert "Tolv goda ägg." in answer.text
    assert db.session.scalars(select(Article.id)).all() == [proposal.id]


def test_a_taken_number_is_refused(sam, offered):
    taken = offered.article.number
    values = {"name": "Ny", "description": "Ny.", "unit": "H87", "vat_class": "food", "price": "89", "number": taken}
    answer = sam.fill("/personal/katalog/ny?sort=goods", values)
    assert answer.status_code == 422
    assert "upptaget" in answer.text


def test_an_edited_article_is_found_by_its_new_words_under_its_old_address(sam, offered, visit):
    actions.approve_offering(offered, by=make.make_user(), now=app_clock.now())
    path = f"/personal/katalog/{offered.article_id}"
    words = {"name": "Bryggt te", "description": "I termos.", "price": "99,90"}
    assert sam.fill(path, words, form=f"form[action$='{path}']").status_code == 303
    page = visit().page("/katalog?q=bryggt")
    assert [link.get("href") for link in page.cssselect("li.article a")] == ["/katalog/kaffe"]
    assert again(offered).article.price == Money.kronor("99.90")
    assert visit().page("/katalog?q=kaffe").cssselect("li.article") == []


def test_the_unit_stays_while_prices_are_counted_in_it(sam, offered):
    path = f"/personal/katalog/{offered.article_id}"
    answer = sam.fill(path, {"unit": "KGM"}, form=f"form[action$='{path}']")
    assert answer.status_code == 422
    assert "Enheten kan inte ändras" in answer.text
    assert again(offered).article.unit == "C62"


def test_the_member_price_is_staffs(sam, offered):
    path = f"/personal/katalog/erbjudande/{offered.id}/pris"
    assert sam.post(path, data={"price": "155,25"}).status_code == 303
    assert again(offered).member_price == Money.kronor("155.25")
    page = text(sam.page(f"/personal/katalog/{offered.article_id}"))
    assert "56,75 kr" in page
    assert "26,8 %" in page
    for wrong in ("0", "-1", "", "x"):
        answer = sam.post(path, data={"price": wrong})
        assert answer.status_code == 422
        assert "Priset sparades inte" in answer.text
    assert again(offered).member_price == Money.kronor("155.25")


def test_a_loss_is_named(sam, offered):
    sam.post(f"/personal/katalog/erbjudande/{offered.id}/pris", data={"price": "300"})
    assert "förlust" in text(sam.page(f"/personal/katalog/{offered.article_id}"))


def test_out_of_the_catalogue_and_back(sam, offered, visit):
    actions.approve_offering(offered, by=make.make_user(), now=app_clock.now())
    path = f"/personal/katalog/article/{offered.article_id}"
    for act, status in (("withdraw", 404), ("restore", 200)):
        assert sam.post(f"{path}/{act}").status_code == 303
        assert sam.post(f"{path}/{act}").status_code == 409, "it has been done already"
        assert visit().get("/katalog/kaffe").status_code == status
    path = f"/personal/katalog/offering/{offered.id}"
    for act, status in (("withdraw", 404), ("restore", 200)):
        assert sam.post(f"{path}/{act}").status_code == 303
        assert visit().get("/katalog/kaffe").status_code == status


def test_the_list_is_searched_and_filtered(sam, offered):
    indexing.reindex_all()

    def rows(query: str) -> list[str]:
        return [text(row) for row in sam.page(f"/personal/katalog{query}").cssselect("tbody th")]

    assert rows("") == ["Kaffe"]
    assert rows("?lage=proposed") == ["Blomkorg"]
    assert rows("?lage=proposed&q=ljungbacken+blom") == []
    assert rows("?lage=proposed&q=blom") == ["Blomkorg"]
    assert rows(f"?q={offered.article.number}") == ["Kaffe"]
    assert rows("?lage=declined") == []
    assert sam.get("/personal/katalog?lage=hittepå").status_code == 404
    assert sam.get("/personal/katalog?kategori=hittepå").status_code == 404


def test_finance_may_look_but_not_decide(proposal, visit):
    make.make_user("ekonomi@samklang.example", roles=[RoleName.FINANCE])
    finance = visit("ekonomi@samklang.example")
    assert finance.get("/personal/katalog/forslag").status_code == 200
    answer = finance.post(f"/personal/katalog/forslag/artikel/{proposal.id}/ja", data={"price": "200"})
    assert answer.status_code == 403
    assert again(proposal).state == ApprovalState.PROPOSED


def test_the_door_is_the_staffs(proposal, visit):
    path = f"/personal/katalog/forslag/artikel/{proposal.id}/ja"
    assert visit("ljungbacken@medlem.example").post(path, data={"price": "1"}).status_code == 403
    assert visit().post(path, data={"price": "1"}).status_code == 302
    assert again(proposal).state == ApprovalState.PROPOSED


def test_what_is_not_there_is_404(sam):
    for path in ("/personal/katalog/99999", "/personal/katalog/99999/medlem"):
        assert sam.get(path).status_code == 404
    for path in ("forslag/artikel/99999/ja", "forslag/erbjudande/99999/nej", "erbjudande/99999/pris"):
        assert sam.post(f"/personal/katalog/{path}", data={"price": "1", "reason": "x"}).status_code == 404
    assert db.session.scalars(select(Offering.state)).all() == [ApprovalState.PROPOSED]
