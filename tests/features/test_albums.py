"""Pictures of articles and members: added, described, moved, removed, and decided on by staff."""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy import func, select

from app import clock
from app.albums import PictureState
from app.audit import AuditEvent
from app.catalog import indexing, picture_actions, picture_queries, queries
from app.catalog.models import ApprovalState
from app.catalog.picture_models import ArticlePicture
from app.db import db
from app.errors import NotYours, Refused
from app.members import picture_actions as member_pictures
from app.members import picture_queries as member_albums
from app.pictures import Picture
from tests import make, photos
from tests.furnished import furnished


@furnished
def cast(app):
    """Ljungbacken proposed the basket and alone makes it; Sam is staff."""
    member = make.make_ljungbacken()
    article = make.make_article("Fruktkorg", slug="fruktkorg", proposed_by=member)
    make.make_offering(article, member)
    indexing.reindex_all()
    return member, article, make.make_sam(), make.make_user(member=member)


def names(album) -> list[str]:
    return [row.description for row in album]


def add(article, by, description: str, shade: int) -> ArticlePicture:
    data = photos.photo(300, 200, shade=shade)
    return picture_actions.add_picture(article, data, description, by=by, now=clock.now())


def test_they_stand_in_the_order_they_are_given(cast):
    _member, article, sam, _lova = cast
    rows = [add(article, sam, name, shade) for shade, name in enumerate(("ett", "två", "tre"))]
    picture_actions.move(rows[2], -1, by=sam, now=clock.now())
    assert names(picture_queries.album_of(article.id)) == ["ett", "tre", "två"]
    picture_actions.move(rows[0], -1, by=sam, now=clock.now())
    picture_actions.move(rows[1], 1, by=sam, now=clock.now())
    assert names(picture_queries.album_of(article.id)) == ["ett", "tre", "två"], "at the ends nothing happens"
    picture_actions.remove(rows[0], by=sam, now=clock.now())
    assert names(picture_queries.album_of(article.id)) == ["tre", "två"]
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 2
    noted = select(AuditEvent.what).where(AuditEvent.subject_kind == "ArticlePicture").order_by(AuditEvent.id)
    acts = db.session.scalars(noted).all()
    assert acts == ["added", "added", "added", "moved", "removed"]


@pytest.mark.parametrize("description", ["", "  \n ", "x" * 301, "en \x07 ton"])
def test_a_picture_without_a_description_is_refused(cast, description):
    _member, article, sam, _lova = cast
    with pytest.raises(Refused):
        add(article, sam, description, 0)
    row = add(article, sam, "  Korg   på ett bord ", 0)
    assert row.description == "Korg på ett bord"
    with pytest.raises(Refused):
        picture_actions.describe(row, description, by=sam, now=clock.now())


def test_the_same_picture_hangs_once_and_there_is_room_for_eight(cast):
    _member, article, sam, _lova = cast
    add(article, sam, "ett", 0)
    with pytest.raises(Refused, match="finns redan här"):
        add(article, sam, "ett till", 0)
    for shade in range(1, picture_actions.MOST):
        add(article, sam, str(shade), shade)
    with pytest.raises(Refused, match="redan 8 bilder"):
        add(article, sam, "en för mycket", 99)
    assert len(picture_queries.album_of(article.id)) == picture_actions.MOST


def test_the_same_photograph_in_another_file_is_the_same_photograph(cast):
    """A telephone, a letter and an album write different files of what looks the same."""
    member, article, sam, lova = cast
    first, second = photos.photo(300, 200), photos.photo(300, 200, camera="Telefon Exempel")
    assert first != second
    for hang in (
        lambda data: picture_actions.add_picture(article, data, "Korg", by=sam, now=clock.now()),
        lambda data: picture_actions.propose_picture(article, member, data, "Korg", by=lova, now=clock.now()),
        lambda data: member_pictures.add_picture(member, data, "Korg", by=sam, now=clock.now()),
        lambda data: member_pictures.propose_picture(member, data, "Korg", by=lova, now=clock.now()),
    ):
        for data in (first, second):
            with contextlib.suppress(Refused):
                hang(data)
            with pytest.raises(Refused, match="finns redan här"):
                hang(data)
    assert len(picture_queries.album_of(article.id)) == len(member_albums.album_of(member)) == 1


def test_a_members_picture_waits_and_its_description_does_not(cast):
    member, article, sam, lova = cast
    data = photos.photo(300, 200)
    row = picture_actions.propose_picture(article, member, data, "Korg", by=lova, now=clock.now())
    assert (picture_queries.waiting_count(), picture_queries.faces([article.id])) == (1, {})
    before = queries.edition()
    picture_actions.approve(row, by=sam, now=clock.now())
    assert queries.edition() > before, "the catalogue shows it at once, in every process"
    assert picture_queries.faces([article.id])[article.id].description == "Korg"
    picture_actions.describe(row, "Korg med äpplen", by=lova, now=clock.now())
    assert picture_queries.faces([article.id])[article.id].description == "Korg med äpplen"
    assert row.state == PictureState.APPROVED


def test_who_comes_second_to_decide_is_told(cast):
    member, article, sam, lova = cast
    row = picture_actions.propose_picture(article, member, photos.photo(300, 200), "Korg", by=lova, now=clock.now())
    with pytest.raises(Refused, match="Skriv varför"):
        picture_actions.decline(row, " ", by=sam, now=clock.now())
    picture_actions.decline(row, "Man ser en kunds namn.", by=sam, now=clock.now())
    with pytest.raises(Refused, match="avböjd redan"):
        picture_actions.approve(row, by=sam, now=clock.now())
    assert picture_queries.shown(article.id) == []


def test_a_face_is_the_first_approved_picture(cast):
    member, article, sam, lova = cast
    waits = picture_actions.propose_picture(article, member, photos.photo(300, 200), "Väntar", by=lova, now=clock.now())
    add(article, sam, "Syns", 7)
    assert picture_queries.faces([article.id, 0])[article.id].description == "Syns"
    picture_actions.approve(waits, by=sam, now=clock.now())
    assert picture_queries.faces([article.id])[article.id].description == "Väntar"


def test_whose_pictures_an_articles_are(cast):
    member, article, _sam, _lova = cast
    other = make.make_kokljus()
    assert picture_queries.article_pictured_by(member, article.id) is article
    assert picture_queries.pictured_by(member, [article.id]) == {article.id}
    make.make_offering(article, other)
    assert picture_queries.pictured_by(member, [article.id]) == {article.id}, "it proposed the article"
    assert picture_queries.pictured_by(other, [article.id]) == frozenset()
    with pytest.raises(NotYours):
        picture_queries.article_pictured_by(other, article.id)
    article.proposed_by = None
    db.session.flush()
    assert picture_queries.pictured_by(member, [article.id]) == frozenset(), "two make it, and neither proposed it"
    with pytest.raises(NotYours):
        picture_queries.article_pictured_by(member, article.id)
    alone = make.make_article("Smörgås")
    offering = make.make_offering(alone, other)
    assert picture_queries.article_pictured_by(other, alone.id, lock=True) is alone
    offering.state = ApprovalState.WITHDRAWN
    db.session.flush()
    assert picture_queries.pictured_by(other, [article.id]) == frozenset(), "it makes it no longer"


def test_a_picture_used_twice_outlives_the_first_use(cast):
    member, article, sam, lova = cast
    data = photos.photo(300, 200)
    row = picture_actions.add_picture(article, data, "Korg", by=sam, now=clock.now())
    kept = member_pictures.propose_picture(member, data, "Vår korg", by=lova, now=clock.now())
    assert kept.picture is row.picture
    picture_actions.remove(row, by=sam, now=clock.now())
    assert [one.description for one in member_albums.album_of(member)] == ["Vår korg"]
    assert db.session.scalars(select(Picture)).one().files
