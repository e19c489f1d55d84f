"""A catalogue that has no categories begins with the usual ones; one that has some keeps its own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.catalog import start
from app.catalog.models import Category
from app.db import db
from tests import make
from tests.people import text

pytestmark = pytest.mark.both


def test_a_new_house_has_shelves_that_customers_see(app, visit):
    make.make_sales_company()
    assert start.load_shelves() == 11
    db.session.commit()
    assert "Frukt och dryck" in text(visit(None).page("/"))
    assert start.load_shelves() == 0


def test_shelves_that_staff_have_chosen_are_left_alone(app):
    own = make.make_category(slug="egen")
    assert start.load_shelves() == 0
    assert db.session.scalars(select(Category)).all() == [own]
