"""A picture is taken in: what it shows is kept, everything else is left at the door."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from time import monotonic

import pytest
from PIL import Image
from sqlalchemy import func, select

from app import clock, files, pictures
from app.catalog import picture_actions
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.pictures import Picture
from config import ROOT
from tests import make, photos
from tests.people import save, together


def take_in(data: bytes) -> Picture:
    return pictures.take_in(data, now=clock.now())


def seen(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def rows() -> tuple[int, int]:
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (Picture, StoredFile))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_in_widths_and_never_enlarged(app, kind):
    picture = take_in(photos.photo(900, 600, kind=kind))
    assert (picture.width, picture.height) == (900, 600)
    assert [(file.width, file.height) for file in picture.files] == [(400, 267), (800, 533), (900, 600)]
    for file in picture.files:
        image = seen(files.read(file.file))
        assert (image.format, image.size) == ("JPEG", (file.width, file.height))
    assert [file.width for file in take_in(photos.photo(2400, 1600)).files] == [400, 800, 1600]
    assert [file.width for file in take_in(photos.photo(300, 200)).files] == [300]


def test_one_gets_the_width_one_asks_for_or_the_next(app):
    picture = take_in(photos.photo(900, 600))
    widths = {asked: seen(pictures.read(picture, asked)).width for asked in (1, 400, 401, 800, 1600)}
    assert widths == {1: 400, 400: 400, 401: 800, 800: 800, 1600: 900}


def test_place_camera_and_remarks_are_gone(app):
    data = photos.photo()
    assert photos.CAMERA.encode() in data
    assert seen(data).getexif().get_ifd(photos.GPS)[1] == "N"
    for file in take_in(data).files:
        served = files.read(file.file)
        assert not dict(seen(served).getexif())
        for hidden in (b"Exif", b"GPS", photos.CAMERA.encode(), b"hemma hos oss", b"photoshop", b"http"):
            assert hidden not in served


@pytest.mark.parametrize("turned", range(1, 9))
def test_it_stands_upright_however_the_camera_was_held(app, turned):
    """The pixels are laid as a camera held that way lays them; what comes out is red to the left again."""
    upright = seen(photos.photo(600, 400))
    lay = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image, out, exif = upright.transpose(lay[turned]) if turned > 1 else upright, BytesIO(), Image.Exif()
    exif[photos.ORIENTATION] = turned
    image.save(out, "JPEG", exif=exif)
    picture = take_in(out.getvalue())
    assert (picture.width, picture.height) == (600, 400)
    shown = seen(pictures.read(picture, 600))
    assert shown.size == (600, 400)
    left, right = shown.getpixel((50, 200)), shown.getpixel((550, 200))
    assert left[0] > 150 > left[2]
    assert right[2] > 150 > right[0]


def test_what_is_see_through_stands_on_white(app):
    assert seen(pictures.read(take_in(photos.see_through()), 300)).getpixel((150, 100)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "I;16", "RGBA", "CMYK"])
def test_every_kind_of_colour_comes_out_as_it_looks(app, mode):
    """Grey 204 is one of the colours that a palette has."""
    image, out = Image.new("RGB", (200, 200), (204, 204, 204)), BytesIO()
    image = Image.new("I;16", (200, 200), 204 * 257) if mode == "I;16" else image.convert(mode)
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert seen(out.getvalue()).mode == mode
    shade = seen(pictures.read(take_in(out.getvalue()), 200)).getpixel((100, 100))
    assert max(abs(part - 204) for part in shade) <= 3


def test_the_second_picture_in_a_telephones_file_is_no_animation(app):
    out = BytesIO()
    frames = [seen(photos.photo(shade=shade)) for shade in (0, 50)]
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    assert take_in(out.getvalue()).width == 900


def test_the_same_bytes_give_the_same_bytes_and_are_kept_once(app):
    data = photos.photo()
    assert pictures.develop(data) == pictures.develop(data)
    first = take_in(data)
    before = rows()
    assert take_in(data) is first
    assert rows() == before


def test_two_who_hand_in_the_same_picture_at_once_share_a_row(app, house):
    data = photos.photo()

    def hand_in() -> int:
        with house.app.app_context():
            picture = take_in(data)
            db.session.commit()
            return picture.id

    first, second = together(hand_in, hand_in)
    assert first == second
    assert rows()[0] == 1


REFUSED = {
    "nothing": (b"", "tom"),
    "an SVG with a script": (photos.SVG, "SVG"),
    "HTML": (photos.HTML, "ingen bild"),
    "a PDF": (b"%PDF-1.7\n%%EOF", "ingen bild"),
    "a GIF": (b"GIF89a" + b"\0" * 100, "ingen bild"),
    "HEIC": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
    "a program": (b"MZ\x90\0" * 100, "ingen bild"),
    "a JPEG cut off": (photos.photo()[:3000], "trasig"),
    "a PNG cut off": (photos.photo(kind="PNG")[:60], "trasig"),
    "a moving PNG": (photos.moving("PNG"), "stillbild"),
    "a moving WebP": (photos.moving("WEBP"), "stillbild"),
    "a picture too small": (photos.photo(99, 400), "för liten"),
    "a picture too narrow": (photos.photo(2000, 200), "för smal"),
    "41 megapixels": (photos.huge(6500), "megapixlar"),
    "16 MB": (photos.photo() + b"\0" * (16 * 1024 * 1024), "15 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(app, name):
    data, word = REFUSED[name]
    before = rows()
    with pytest.raises(Refused, match=word):
        take_in(data)
    assert rows() == before


def test_a_picture_of_400_megapixels_in_fifty_kilobytes_costs_nothing(app):
    data = photos.huge()
    assert len(data) < 100_000
    began = monotonic()
    with pytest.raises(Refused, match="40 megapixlar"):
        take_in(data)
    assert monotonic() - began < 10
    assert memory_for(data) < 100


def test_a_text_that_unpacks_to_half_a_gigabyte_is_not_unpacked(app):
    data = photos.text_bomb()
    assert len(data) < 1_000_000
    with pytest.raises(Refused):
        take_in(data)
    assert memory_for(data) < 100


def memory_for(data: bytes) -> int:
    """The most memory that the press takes for a file, in megabytes."""
    watched = "import sys; from app import picture_press as press; press.main(); "
    watched += "sys.stderr.write(open('/proc/self/status').read())"
    done = subprocess.run([sys.executable, "-c", watched], input=data, capture_output=True, cwd=ROOT, check=True)
    return int(re.search(r"VmHWM:\s+(\d+) kB", done.stderr.decode())[1]) // 1024


def test_forty_megapixels_are_taken_in_within_bounds(app):
    data = photos.photo(7700, 5190, kind="PNG")
    began = monotonic()
    picture = take_in(data)
    assert [file.width for file in picture.files] == [400, 800, 1600]
    assert monotonic() - began < 30
    assert memory_for(data) < 600


def test_what_hides_behind_a_picture_does_not_come_along(app):
    """Polyglots: a JPEG that is also a web page and an archive is a JPEG afterwards, and nothing else."""
    picture = take_in(photos.photo() + photos.HTML + b"PK\x03\x04" + b"evil" * 50)
    for file in picture.files:
        served = files.read(file.file)
        assert b"script" not in served
        assert b"PK\x03\x04" not in served
        assert served.endswith(b"\xff\xd9")


def test_it_is_served_under_what_its_bytes_are(app, visit):
    row = picture_actions.add_picture(
        make.make_article(), photos.photo(), "En korg", by=make.make_sam(), now=clock.now()
    )
    save()
    address = pictures.address(row.picture, pictures.CARD)
    answer = visit().get(address)
    assert answer.status_code == 200
    assert answer.data == pictures.read(row.picture, pictures.CARD)
    assert answer.content_type == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_what_lies_in_no_album_is_shown_to_nobody(app, visit):
    picture = take_in(photos.photo())
    save()
    assert visit().get(pictures.address(picture, pictures.CARD)).status_code == 404


def test_no_other_file_of_the_house_has_such_an_address(app, visit):
    kept = files.save(b"%PDF-hemligt", name="avtal.pdf", media_type="application/pdf", now=clock.now())
    save()
    for name in (f"{kept.sha256}.jpg", kept.sha256, "0" * 64 + ".jpg", "x.jpg", f"{'A' * 64}.jpg", "..%2fx.jpg"):
        assert visit().get(f"/bild/{name}").status_code == 404, name


def kept_files(house) -> int:
    return sum(1 for place in (house.folder / "files").rglob("*") if place.is_file())


def test_a_picture_that_nothing_shows_is_forgotten_and_its_bytes_deleted(app, visit, house, work_off):
    before = kept_files(house)
    picture = take_in(photos.photo())
    address = pictures.address(picture, 400)
    save()
    assert kept_files(house) == before + 3
    pictures.let_go(picture)
    save()
    assert visit().get(address).status_code == 404
    assert work_off() == 3
    assert rows() == (0, 0)
    assert kept_files(house) == before


def test_bytes_that_another_picture_has_too_are_kept(app, visit, house, work_off):
    """The same picture with another remark in its file: another original, the same prints."""
    first = take_in(photos.photo() + b"ett")
    basket, sam = make.make_article(), make.make_sam()
    second = picture_actions.add_picture(basket, photos.photo() + b"annat", "En korg", by=sam, now=clock.now())
    address = pictures.address(first, 400)
    assert address == pictures.address(second.picture, 400)
    pictures.let_go(first)
    work_off()
    assert visit().get(address).status_code == 200
