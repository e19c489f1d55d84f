"""Staff let customers fetch a printed catalogue."""

from __future__ import annotations

import pytest

from app import files
from app.catalog import queries
from app.catalog.printing import queries as print_queries
from app.customers.models import CustomerKind
from tests import make
from tests.features.print_case import (
    PAGE,
    PUBLIC,
    make_sold,
    make_town,
    the_print,
)
from tests.furnished import furnished


@furnished
def sold(app):
    return make_sold()


@pytest.fixture
def sam(sold, visit):
    return visit(make.make_sam().email)


@furnished
def town(sold):
    return make_town(sold)


def test_customers_fetch_what_is_published_for_their_kind(sam, sold, visit, work_off):
    town = visit(make.make_user(customer=make.make_vasterhamn()).email)
    assert town.get("/katalog.pdf").status_code == 404
    assert "Katalogen som PDF" not in town.get("/katalog").text
    sam.post(PAGE, data=PUBLIC)
    work_off()
    row = the_print()
    assert town.get("/katalog.pdf").status_code == 404
    assert sam.post(f"{PAGE}/{row.id}/publish").status_code == 303
    assert "Katalogen som PDF" in town.get("/katalog").text
    assert town.get("/katalog.pdf").data == files.read(row.file)
    assert visit(None).get("/katalog.pdf").status_code == 404
    sam.post(f"{PAGE}/{row.id}/unpublish")
    assert town.get("/katalog.pdf").status_code == 404


@pytest.mark.parametrize("act", ["unpublish", "remove"])
def test_visitors_are_told_of_the_one_for_private_people_as_soon_as_it_is_published(sam, sold, visit, work_off, act):
    """Only who was signed in was told. Publishing makes old what any process remembers, not only this one."""
    visitor = visit(None)
    assert "Katalogen som PDF" not in visitor.get("/katalog").text
    sam.post(PAGE, data={**PUBLIC, "audience": "private", "prices": "gross"})
    work_off()
    before = queries.edition()
    sam.post(f"{PAGE}/{the_print().id}/publish")
    assert queries.edition() == before + 1
    assert "Katalogen som PDF" in visitor.get("/katalog").text
    assert visitor.get("/katalog.pdf").data.startswith(b"%PDF-")
    sam.post(f"{PAGE}/{the_print().id}/{act}")
    assert queries.edition() == before + 2
    assert "Katalogen som PDF" not in visitor.get("/katalog").text
    assert visitor.get("/katalog.pdf").status_code == 404


def test_the_newest_published_counts(sam, sold, visit, work_off, clock):
    for _ in range(2):
        sam.post(PAGE, data={**PUBLIC, "audience": "private", "prices": "gross"})
        work_off()
        sam.post(f"{PAGE}/{the_print().id}/publish")
        clock.move(days=1)
    assert print_queries.published_file(CustomerKind.PRIVATE).id == the_print().file_id
    sam.post(f"{PAGE}/{the_print().id}/remove")
    assert visit(None).get("/katalog.pdf").status_code == 200


def test_a_part_of_the_catalogue_cannot_be_published(sam, sold, work_off):
    sam.post(PAGE, data={**PUBLIC, "municipality": make.MOLNDAL})
    work_off()
    answer = sam.post(f"{PAGE}/{the_print().id}/publish")
    assert answer.status_code == 409
    assert the_print().published_at is None


def test_own_prices_are_never_published(sam, town, work_off):
    sam.post(PAGE, data={**PUBLIC, "price_list": str(town[1].id)})
    work_off()
    assert sam.post(f"{PAGE}/{the_print().id}/publish").status_code == 409
    assert the_print().published_at is None
