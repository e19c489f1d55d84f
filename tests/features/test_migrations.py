"""The migrations make exactly the tables that the models mean, on an empty database, and take them away again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app import migrating
from app.catalog import indexing, versions, vocabulary
from app.catalog.hits import ListedArticle
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.postings import SearchPosting
from app.customers.models import Customer, CustomerKind
from app.db import Base, db
from app.money import Money
from app.orders.models import OrderEntry
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.dates.models import TenderDates
from tests import make
from tests.features.relief_case import deliver
from tests.money_case import MoneyActor, furnish_money
from tests.order_case import order

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("own_tables")]


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return [one for one in compare_metadata(context, Base.metadata) if "article_search" not in str(one)]


def test_up_from_nothing_gives_what_the_models_mean(app):
    db.session.rollback()
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    migrating.prepare()
    flask_migrate.upgrade()
    assert differences() == []
    names = set(sa.inspect(db.engine).get_table_names())
    assert {"article", "order", "invoice", "bid", "article_search"} <= names
    flask_migrate.downgrade(revision="base")
    left = {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith("article_search")}
    assert left <= {"alembic_version"}
    db.create_all()


def columns_of(table: str) -> str:
    return ", ".join(column["name"] for column in sa.inspect(db.engine).get_columns(table))


def test_what_was_sold_before_versions_becomes_version_one_and_nothing_is_lost(app):
    """The first tables hold two articles and an offering; the newest still do."""
    member = make.make_ljungbacken()
    sold, proposed = make.make_article("Fruktkorg"), make.make_article("Blomkorg", state=ApprovalState.PROPOSED)
    offering = make.make_offering(sold, member)
    ids = sold.id, proposed.id, offering.id
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0001")
    assert "version" not in columns_of("article")
    flask_migrate.upgrade()
    db.session.expire_all()
    sold, proposed, offering = (
        db.session.get_one(kind, id_) for kind, id_ in zip((Article, Article, Offering), ids, strict=True)
    )
    assert (sold.version, proposed.version, offering.version) == (1, 0, 1)
    assert offering.municipalities == frozenset(make.SOLD_IN)
    kept = db.session.get_one(versions.ArticleVersion, (sold.id, 1))
    assert kept.content == versions.article_content(sold)
    terms = db.session.get_one(versions.OfferingVersion, (offering.id, 1))
    assert terms.content == versions.offering_content(offering)
    assert db.session.get(versions.ArticleVersion, (proposed.id, 1)) is None
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_members_that_are_there_become_customers_or_are_bound_to_those_they_are(app):
    new, known = make.make_ljungbacken(), make.make_kokljus()
    bound = make.make_customer(org_number=known.org_number, name="Köksljus", payment_days=10).id
    make.make_sales_company()
    make.make_nordbyn()
    ids = new.id, known.id
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0015")
    assert "member_id" not in columns_of("customer")
    flask_migrate.upgrade()
    db.session.expire_all()
    found = {one.member_id: one for one in db.session.scalars(sa.select(Customer)) if one.member_id is not None}
    assert set(found) == set(ids)
    entered, kept = (found[id_] for id_ in ids)
    assert (kept.id, kept.name, kept.payment_days) == (bound, "Köksljus", 10)
    assert (entered.kind, entered.name, entered.municipality) == (CustomerKind.COMPANY, new.name, new.municipality)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Customer)) == 3


def test_the_last_moment_for_questions_goes_to_two_places_and_back(app):
    """It stood as a day for the calendar, and as a moment for the questions."""
    moment, sam = datetime(2026, 12, 1, 15, 30, tzinfo=UTC), make.make_sam()
    tender = actions.register(TenderFacts(title="Frukt", buyer_name="Kommunen"), by=sam, now=moment)
    db.session.add(TenderDates(tender_id=tender.id, is_urgent=True, questions_until=moment))
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0032")
    assert "questions_on" in columns_of("tender_dates")
    flask_migrate.upgrade()
    db.session.expire_all()
    (row,) = db.session.scalars(sa.select(TenderDates))
    assert (row.questions_until, row.questions_on, row.is_urgent) == (moment, date(2026, 12, 1), True)


def test_what_was_credited_before_is_about_who_made_it(app):
    """Of a line that one member alone has made."""
    fruit = furnish_money()["fruit"]
    made = order({fruit.id: Decimal(3)})
    deliver(made)
    MoneyActor(made).do("cheaper", 0, Decimal(9))
    maker = made.assignments[0].member_id
    charging = sa.select(OrderEntry).where(OrderEntry.charged != Money(0))
    assert {one.member_id for one in db.session.scalars(charging)} == {maker}
    db.session.execute(sa.update(OrderEntry).where(OrderEntry.charged < Money(0)).values(member_id=None))
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0059")
    flask_migrate.upgrade()
    db.session.expire_all()
    found = db.session.scalars(charging).all()
    assert [one.member_id for one in found] == [maker] * 2


def test_how_soon_articles_come_is_written_from_what_is_offered(app):
    """As if each of them had been written to the index anew; what is not sold has no tokens."""
    fruit, cleaning = make.make_ljungbacken(), make.make_rena_rum()
    for name, state in (("Fruktkorg", "approved"), ("Fönsterputs", "approved"), ("Dold", "withdrawn")):
        article = make.make_article(name, state=state)
        make.make_offering(article, fruit, municipalities=["1480", "1481"], lead_days=3)
        make.make_offering(article, cleaning, municipalities=["1481", "1490"], lead_days=1)
    indexing.reindex_all()
    before = _how_soon()
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0059")
    assert "leads" not in columns_of("listed_article")
    assert not vocabulary.going_on("q")
    db.session.commit()
    flask_migrate.upgrade()
    db.session.expire_all()
    assert _how_soon() == before
    assert vocabulary.going_on("q") == {"d1": 2, "1480d3": 2, "1481d1": 2, "1490d1": 2}


def _how_soon() -> tuple[object, ...]:
    posted = sa.select(SearchPosting).where(SearchPosting.term.startswith("q")).order_by(SearchPosting.term)
    listed = db.session.execute(sa.select(ListedArticle.article_id, ListedArticle.leads).order_by("article_id"))
    return (
        [(one.term, one.block, one.ids) for one in db.session.scalars(posted)],
        listed.all(),
        vocabulary.going_on("q"),
    )
