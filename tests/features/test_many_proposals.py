"""A member has proposed more than anybody reads at a sitting: staff leaf through it and say yes to many at once."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from app import clock as app_clock
from app.catalog import actions
from app.catalog.drafts import Draft, Terms
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.people import document, text

pytestmark = pytest.mark.both

TERMS = Terms(make.Decimal(20), 2, frozenset({"1480"}))
INBOX = "/personal/katalog/forslag"


def propose(member, count, *, cpv="03222000-3", name="Vara"):
    """So many new articles."""
    category, user = make.any_category(), make.make_user(member=member)
    return [
        actions.propose_article(
            member,
            Draft(f"{name} {number}", "Bra.", category.id, "H87", "", VatClass.STANDARD, cpv=cpv),
            TERMS,
            Money.kronor(100),
            by=user,
            now=app_clock.now(),
        )
        for number in range(1, count + 1)
    ]


@furnished
def members(app):
    """Ljungbacken has handed in a whole assortment, and Köksljus one thing after it."""
    make.make_sam()
    make.make_category()
    ljungbacken, kokljus = make.make_ljungbacken(), make.make_kokljus()
    propose(ljungbacken, 65)
    propose(kokljus, 1, name="Soppa")
    return ljungbacken, kokljus


@pytest.fixture
def sam(members, visit):
    return visit("sam@samklang.example")


def names(page) -> list[str]:
    return [text(one) for one in page.cssselect("article.decide h3")]


def chosen(page, *wanted: str) -> list[str]:
    """The values of the boxes beside these names."""
    rows = {text(one.cssselect("h3")[0]): one for one in page.cssselect("article.decide")}
    return [rows[name].cssselect("input[name=chosen]")[0].get("value") for name in wanted]


def state(name: str) -> tuple[str, list[str]]:
    db.session.expire_all()
    article = db.session.scalars(select(Article).where(Article.name == name)).one()
    return article.state, [one.state for one in article.offerings]


def test_a_heap_is_leafed_through_to_its_end(sam):
    found, path = [], f"{INBOX}?hog=nya-artiklar"
    while path:
        page = sam.page(path)
        found += names(page)
        path = next((link.get("href") for link in page.cssselect("a[rel=next]")), None)
    assert found == [*(f"Vara {number}" for number in range(1, 66)), "Soppa 1"]
    assert names(sam.page(f"{INBOX}?hog=nya-artiklar&sida=99"))[-1] == "Soppa 1", "beyond the last is the last"


def test_where_all_heaps_are_each_shows_its_first_and_leads_on(sam):
    page = sam.page(INBOX)
    assert len(names(page)) == 10
    assert f"{INBOX}?hog=nya-artiklar" in [link.get("href") for link in page.cssselect("main p a")]


def test_one_members_proposals_are_chosen_and_counted(sam, members):
    page = sam.page(f"{INBOX}?hog=nya-artiklar&medlem={members[1].id}")
    assert names(page) == ["Soppa 1"]
    choices = [text(one) for one in page.cssselect("select[name=medlem] option")]
    assert choices == ["Alla medlemmar", "Köksljus Catering ek. för. (1)", "Ljungbacken Frukt ek. för. (65)"]
    assert page.cssselect("a[rel=next]") == []
    assert "Inget från den medlemmen" in text(sam.page(f"{INBOX}?medlem=999"))


def test_the_articles_page_leads_to_that_very_proposal(sam):
    last = db.session.scalars(select(Article).where(Article.name == "Soppa 1")).one()
    links = {text(one): one.get("href") for one in sam.page(f"/personal/katalog/{last.id}").cssselect("main a")}
    page = sam.page(links["Ta ställning"])
    assert [text(one) for one in page.cssselect("article.decide h2")] == ["Soppa 1"]
    assert sam.get(f"{INBOX}/artikel/99999").status_code == 404
    assert sam.get(f"{INBOX}/erbjudande/99999").status_code == 404


def test_several_are_approved_in_one_press_and_one_letter(sam, members, outbox):
    path = f"{INBOX}?hog=nya-artiklar&medlem={members[0].id}&sida=2"
    page = sam.page(path)
    wanted = chosen(page, "Vara 31", "Vara 33", "Vara 40")
    form = page.get_element_by_id("chosen")
    answer = sam.post(form.get("action"), data={"chosen": wanted})
    assert answer.status_code == 303
    assert answer.location == f"{INBOX}?hog=nya-artiklar&medlem={members[0].id}&sida=2", "back to where one was"
    for name in ("Vara 31", "Vara 33", "Vara 40"):
        assert state(name) == ("approved", ["approved"])
    assert state("Vara 32") == ("proposed", ["proposed"])
    article = db.session.scalars(select(Article).where(Article.name == "Vara 31")).one()
    assert (article.price, article.version) == (Money.kronor(112), 1), "at the price that stood there"
    (letter,) = outbox.to(members[0].email)
    assert letter.subject == "Ja till 3 av era förslag"
    for name in ("- Vara 31\n", "- Vara 33\n", "- Vara 40\n"):
        assert name in letter.body


def test_what_cannot_be_approved_stays_and_is_told_by_name(sam, members, outbox):
    (codeless,) = propose(members[1], 1, cpv=None, name="Kodlös")
    (dear,) = propose(members[1], 1, name="Dyr")
    dear.offerings[0].member_price = Money.kronor(5000)
    page = sam.page(f"{INBOX}?medlem={members[1].id}")
    answer = sam.post(
        f"{INBOX}/valda/ja?medlem={members[1].id}",
        data={"chosen": chosen(page, "Soppa 1", codeless.name, dear.name)},
        follow_redirects=True,
    )
    page = document(answer)
    assert "1 förslag är godkänt" in text(page)
    told = [text(one) for one in page.cssselect(".note li")]
    assert len(told) == 2
    assert told[0].startswith("Kodlös 1: Artikeln saknar CPV-kod")
    assert told[1].startswith("Dyr 1: Kundens pris ligger under medlemmens")
    assert state("Soppa 1") == ("approved", ["approved"])
    assert state("Kodlös 1") == ("proposed", ["proposed"])
    assert state("Dyr 1") == ("proposed", ["proposed"])
    assert outbox.subjects_to(members[1].email) == ["Ja till ert förslag: Soppa 1"]


def test_more_who_make_an_article_are_approved_with_the_new_ones(sam, members):
    offering = make.make_offering(make.make_article("Kaffe"), members[1], state=ApprovalState.PROPOSED)
    page = sam.page(f"{INBOX}?medlem={members[1].id}")
    sam.post(f"{INBOX}/valda/ja", data={"chosen": chosen(page, "Kaffe", "Soppa 1")})
    db.session.expire_all()
    assert db.session.get_one(Offering, offering.id).state == ApprovalState.APPROVED
    assert state("Soppa 1")[0] == "approved"


@pytest.mark.parametrize("wrong", ["nothing", "two members", "too many", "nonsense", "not there"])
def test_an_impossible_choice_approves_nothing(sam, members, wrong):
    pages = [sam.page(f"{INBOX}?hog=nya-artiklar&sida={number}&medlem={members[0].id}") for number in (1, 2)]
    many = [one.get("value") for page in pages for one in page.cssselect("input[name=chosen]")]
    theirs = sam.page(f"{INBOX}/artikel/{db.session.scalar(select(Article.id).where(Article.name == 'Soppa 1'))}")
    key = theirs.cssselect("article.decide")[0].get("id").removeprefix("proposal-")
    sent = {
        "nothing": [],
        "two members": [many[0], f"{key}-x"],
        "too many": many[:51],
        "nonsense": ["x", "1", "-5-x", "99999999999999999999-x"],
        "not there": ["999999-x"],
    }
    assert sam.post(f"{INBOX}/valda/ja", data={"chosen": sent[wrong]}).status_code == 409
    db.session.expire_all()
    assert set(db.session.scalars(select(Article.state))) == {ApprovalState.PROPOSED}


def test_all_on_the_page_are_chosen_by_a_link(sam, members):
    page = sam.page(f"{INBOX}?hog=nya-artiklar&medlem={members[0].id}")
    link = next(one for one in page.cssselect("#chosen a") if "Välj alla" in text(one))
    boxes = sam.page(link.get("href")).cssselect("input[name=chosen]")
    assert len(boxes) == 30
    assert all(one.get("checked") is not None for one in boxes)
    assert [one for one in page.cssselect("input[name=chosen]") if one.get("checked") is not None] == []


def test_finance_cannot_approve_several(members, visit):
    make.make_user("ekonomi@samklang.example", roles=[make.RoleName.FINANCE])
    assert visit("ekonomi@samklang.example").post(f"{INBOX}/valda/ja", data={"chosen": ["1-x"]}).status_code == 403


def test_the_inbox_asks_no_more_of_the_database_when_more_wait(sam, members):
    def statements() -> int:
        asked: list[str] = []

        def note(_conn, _cursor, statement, *_rest):
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        sam.page(f"{INBOX}?hog=nya-artiklar")
        event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    statements()  # What a process looks up once is known from here on.
    few = statements()
    propose(members[0], 60, name="Mer")
    assert statements() == few


def test_what_nobody_makes_any_longer_neither_waits_nor_is_sold(sam, members):
    article = db.session.scalars(select(Article).where(Article.name == "Soppa 1")).one()
    article.offerings[0].state = ApprovalState.WITHDRAWN
    page = sam.page(INBOX)
    assert text(page.cssselect(".heaps .count")[0]) == "65"
    assert "Soppa 1" not in text(sam.page(f"{INBOX}?hog=nya-artiklar&sida=3"))
    answer = sam.post(f"{INBOX}/artikel/{article.id}/ja", data={"price": "200", "cpv": "03222000-3"})
    assert answer.status_code == 409
    assert "Ingen gör artikeln längre" in answer.text
    assert state("Soppa 1")[0] == "proposed"
    assert "ingen gör den" in text(sam.page(f"{INBOX}/artikel/{article.id}"))
