"""Pictures come with an assortment, in a zip file or from the web."""

from __future__ import annotations

import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

from sqlalchemy import select

from app import clock as app_clock
from app import fetching
from app.catalog import picture_actions
from app.catalog.imports.models import BatchState
from app.catalog.models import Offering
from app.catalog.picture_models import ArticlePicture
from app.db import db
from app.pictures import Picture
from tests import make, sheets
from tests.features.import_case import (
    DESK,
    count,
    faults,
    newest,
)
from tests.photos import photo
from tests.servers import free_port
from tests.sheets import BASKET


def test_pictures_from_a_zip_file_are_proposed_with_their_descriptions(take_in, visit, kim):
    rows = {**BASKET, "Bilder": "korg.jpg; låda.jpg", "Bildbeskrivningar": "En korg med frukt; En låda"}
    take_in(rows, pictures=sheets.parcel(korg__jpg=photo(), låda__jpg=photo(shade=40)))
    hung = db.session.scalars(select(ArticlePicture).order_by(ArticlePicture.position)).all()
    assert [(one.description, one.state, one.handed_in_by.slug) for one in hung] == [
        ("En korg med frukt", "waiting", "ljungbacken"),
        ("En låda", "waiting", "ljungbacken"),
    ]


def test_pictures_are_found_without_their_folder_and_in_any_letters(take_in):
    rows = {**BASKET, "Bilder": "gps.jpg; lada.jpg", "Bildbeskrivningar": "En korg; En låda"}
    take_in(
        rows, pictures=sheets.parcel(**{"bilder/GPS__JPG": photo(), "lada__jpg": photo(shade=9), "b/LADA__jpg": b""})
    )
    assert count(ArticlePicture) == 2


def test_a_picture_that_several_files_may_be_is_a_fault_that_names_them(read):
    read(
        {**BASKET, "Bilder": "gps.jpg", "Bildbeskrivningar": "En korg"},
        pictures=sheets.parcel(**{"a/gps__jpg": photo(), "b/GPS__jpg": photo(shade=9)}),
    )
    ((where, said),) = faults()
    assert where == "F2"
    assert "Flera filer i zip-filen passar: a/gps.jpg; b/GPS.jpg. Skriv hela namnet, med mapp." in said


def test_a_picture_from_the_web_is_fetched_once_however_many_rows_name_it(take_in, monkeypatch):
    asked: list[str] = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(photo())

        def log_message(self, *_args: object) -> None:
            """Nobody reads it."""

    monkeypatch.setattr(fetching, "CHILD", "tests.fetching_here")
    monkeypatch.setattr(fetching, "target", lambda address: address)
    with HTTPServer(("127.0.0.1", free_port()), Web) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = {"Bilder": f"http://127.0.0.1:{server.server_port}/korg.jpg", "Bildbeskrivningar": "En korg"}
        take_in({**BASKET, **seen}, {**BASKET, "Namn": "Päron", **seen})
        server.shutdown()
    assert asked == ["/korg.jpg"]
    assert (count(Picture), count(ArticlePicture)) == (1, 2)


def test_pictures_that_an_article_has_no_room_for_are_told_with_their_row(read, visit, kim, member, fruit, work_off):
    article = make.make_article("Äpplen", category=fruit, number="FRU-007")
    make.make_offering(article, member)
    sam = make.make_sam()
    for shade in range(8):
        picture_actions.add_picture(article, photo(shade=shade * 5), "En bild", by=sam, now=app_clock.now())
    batch = read(
        {"Artikelnummer": "FRU-007", "Bilder": "ny.jpg", "Bildbeskrivningar": "En till", "Kapacitet per vecka": 7},
        pictures=sheets.parcel(ny__jpg=photo(shade=90)),
    )
    visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
    work_off()
    assert newest().state is BatchState.CHECKED
    assert newest().problem == "Rad 2: Det finns redan 8 bilder. Ta bort en först. Inget är intaget."
    assert db.session.scalars(select(Offering.capacity_per_week)).one() == Decimal(100)


def test_a_picture_that_is_none_or_not_there_is_a_fault_of_its_row(read):
    read(
        {**BASKET, "Bilder": "finns-inte.jpg", "Bildbeskrivningar": "Korg"},
        {**BASKET, "Namn": "Päron", "Bilder": "text.jpg", "Bildbeskrivningar": "Päron"},
        {**BASKET, "Namn": "Plommon", "Bilder": "https://127.0.0.1/bild.jpg", "Bildbeskrivningar": "Plommon"},
        {**BASKET, "Namn": "Druvor", "Bilder": "text.jpg", "Bildbeskrivningar": ""},
        {**BASKET, "Namn": "Kiwi", "Bilder": "../../etc/passwd", "Bildbeskrivningar": "Kiwi"},
        pictures=sheets.parcel(text__jpg=b"ingen bild"),
    )
    told = faults()
    assert [where for where, _reason in told] == ["F2", "F3", "F4", "G5", "F6"]
    assert "Zip-filen har ingen fil" in told[0][1]
    assert "öppen webbplats" in told[2][1]
    assert "Zip-filen har ingen fil" in told[4][1]
    assert count(Picture) == 0
