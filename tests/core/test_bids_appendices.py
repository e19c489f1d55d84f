"""Uploaded appendices: what is taken, what is refused, and that each page looks in the bid as it did alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from bids import fonts_in
from bids.appendices import AppendixRefused, attach, check_appendix, check_image, check_pdf
from bids.document import to_pdf
from bids.offer import Appendix
from bids.pictures import printable
from tests.core import bid_files as files
from tests.core.bid_samples import tender_a

BARE = replace(tender_a(), requirements=(), answers=(), rows=(), lots=(), references=())


def with_file(data: bytes):
    appendix = Appendix(number=1, title="Provet", media_type="", sha256=hashlib.sha256(data).hexdigest())
    return replace(BARE, appendices=(appendix,))


def encrypted(user: str, owner: str) -> bytes:
    with pikepdf.open(BytesIO(files.paper("Låst", "Text."))) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def many_pages(number: int) -> bytes:
    pdf = pikepdf.new()
    for _ in range(number):
        pdf.add_blank_page()
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def sized(width: float, height: float) -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    page.mediabox = pikepdf.Array([0, 0, width, height])
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def bomb(kind: str) -> bytes:
    """A page of a hundred megabytes of spaces, packed into very little."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    spaces = pdf.make_stream(b" " * 100 * 1024 * 1024)
    if kind == "form":
        spaces.Subtype, spaces.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 9, 9])
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=spaces))
    else:
        page.obj.Contents = spaces
    out = BytesIO()
    pdf.save(out, compress_streams=True)
    return out.getvalue()


def huge_picture() -> bytes:
    """A small file that unpacks to 41 megapixels."""
    out = BytesIO()
    Image.new("1", (8_200, 5_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tom"),
        (b"MZ\x90\x00", "ingen PDF"),
        (b"%PDF-1.7\nhello", "trasig"),
        (files.paper("Avbruten", "Text.")[:400], "trasig"),
        (encrypted("secret", "secret"), "låst"),
        (encrypted("", "secret"), "låst"),
        (many_pages(201), "201 sidor"),
        (many_pages(0), "inga sidor"),
        (sized(0, 100), "omöjlig storlek"),
        (sized(100_000, 100), "omöjlig storlek"),
        (bomb("page"), "orimligt stor"),
        (bomb("form"), "orimligt stor"),
        (b"%PDF-" + b"0" * 25 * 1024 * 1024, "25 MB"),
    ],
)
def test_a_pdf_that_cannot_go_along(data, words):
    with pytest.raises(AppendixRefused, match=words) as refusal:
        check_pdf(data)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tom"),
        (b"GIF89a", "varken"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (files.picture()[:3_000], "trasig"),
        (huge_picture(), "40 megapixlar"),
    ],
)
def test_a_picture_that_cannot_go_along(data, words):
    with pytest.raises(AppendixRefused, match=words):
        check_image(data)
    with pytest.raises(AppendixRefused):
        check_appendix(data)


def test_a_decompression_bomb_is_stopped_at_its_header():
    header = files.picture()[:16] + (60_000).to_bytes(4, "big") * 2 + files.picture()[24:]
    with pytest.raises(AppendixRefused):
        check_image(header)


def test_what_is_taken():
    assert check_pdf(many_pages(200)) == 200
    assert check_image(files.picture(1200, 800)) == (1200, 800)
    looked = [check_appendix(data) for data in files.appendices_a().values()]
    assert [(one.media_type, one.pages) for one in looked] == [
        ("application/pdf", 1),
        ("application/pdf", 1),
        ("application/pdf", 1),
        ("application/pdf", 3),
        ("image/png", 1),
    ]
    assert check_appendix(files.picture(kind="JPEG")).media_type == "image/jpeg"


def test_the_content_decides_and_not_the_name():
    offer = with_file(files.picture())
    lying = replace(offer, appendices=(replace(offer.appendices[0], media_type="application/pdf"),))
    assert attach(lying, {1: files.picture()})[0].sheets[0].picture is not None


@pytest.mark.parametrize(
    ("data", "as_it_is"),
    [
        (files.paper("Vanlig", "Text."), True),
        (files.nested(), True),
        (files.unembedded(), False),
        (files.signed(), False),
        (files.layered(), False),
    ],
)
def test_a_page_is_set_in_as_it_is_only_when_nothing_is_lost(data, as_it_is):
    (sheet,) = attach(with_file(data), {1: data})[0].sheets
    assert (sheet.picture is None) is as_it_is


def test_text_of_a_page_set_in_can_still_be_read():
    data = files.paper("Vanlig", "Ansvar tio miljoner.")
    with pypdfium2.PdfDocument(to_pdf(with_file(data), {1: data})) as pdf:
        assert "Ansvar tio miljoner." in pdf[len(pdf) - 1].get_textpage().get_text_bounded()


def look(data: bytes, index: int, scale: float, mode: str = "L") -> Image.Image:
    with pypdfium2.PdfDocument(data) as pdf:
        pdf.init_forms()
        return pdf[index % len(pdf)].render(scale=scale).to_pil().convert(mode)


def inked(image: Image.Image) -> Image.Image:
    """The smallest part of the picture that holds all of its ink."""
    return image.crop(ImageChops.invert(image).point(lambda ink: 255 if ink > 40 else 0).getbbox())


def between_head_and_foot(page: Image.Image, scale: float) -> Image.Image:
    """What stands on an appendix page between our own header and footer."""
    mm = scale * 72 / 25.4
    return page.crop((int(14 * mm), int(25 * mm), int(page.width - 14 * mm), int(page.height - 19 * mm)))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("size", ["A4", "A5 landscape"])
def test_a_turned_page_looks_in_the_bid_as_it_did_alone(degrees, size):
    paper = files.paper("Rätt väg upp", "Ett.", "Den här texten ska läsas åt samma håll.", size=size)
    data = files.turned(paper, degrees)
    bid = to_pdf(with_file(data), {1: data})
    alone = inked(look(data, 1, 3))
    found = inked(between_head_and_foot(look(bid, -1, 3), 3)).resize(alone.size)
    assert unlike(alone, found) < 25
    assert unlike(alone, found.rotate(180)) > 30
    assert unlike(alone, found.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 30


def unlike(one: Image.Image, other: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


def test_signatures_are_seen_and_hidden_layers_are_not():
    for data, blue, red in ((files.signed(), True, False), (files.layered(), False, False)):
        bid = to_pdf(with_file(data), {1: data})
        colours = {colour for _, colour in look(bid, -1, 1, "RGB").getcolors(10**6)}
        assert any(b > 200 and r < 60 and g < 60 for r, g, b in colours) is blue
        assert any(r > 200 and g < 60 and b < 60 for r, g, b in colours) is red


def test_scripts_and_attached_files_stay_behind():
    def plant(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.pages[0].obj.AA = pikepdf.Dictionary(
            O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
        )
        pdf.attachments["evil.exe"] = b"MZ"

    data = files.changed(files.paper("Planterad", "Text."), plant)
    with pikepdf.open(BytesIO(to_pdf(with_file(data), {1: data}))) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert list(pdf.attachments) == ["anbud.json"]
        assert not any("/AA" in page.obj for page in pdf.pages)
        kinds = [found.get("/S") for found in pdf.objects if isinstance(found, pikepdf.Dictionary)]
    assert pikepdf.Name.Launch not in kinds
    assert pikepdf.Name.JavaScript not in kinds


def test_pictures_lose_what_is_hidden_in_them_and_stand_upright():
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kameran"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (300, 200), "green").save(out, "JPEG", exif=exif)
    packed, width, height = printable(out.getvalue())
    assert (width, height) == (200, 300)
    assert b"Kameran" in out.getvalue()
    assert b"Kameran" not in packed
    assert not Image.open(BytesIO(packed)).getexif()


def test_large_pictures_are_made_smaller_and_clear_ones_white():
    assert printable(files.picture(4_000, 1_000))[1:] == (3_000, 750)
    image = Image.open(BytesIO(printable(files.transparent())[0]))
    assert (image.mode, image.getpixel((199, 99))) == ("RGB", (255, 255, 255))


def test_inherited_turns_and_odd_boxes():
    with pikepdf.open(BytesIO(files.cropped(files.paper("Beskuren", "Text.")))) as pdf:
        page = pdf.pages[0]
        assert fonts_in.shown_box(page) == (40, 400, 460, 400)
        page.obj.Parent.Rotate = 450
        assert fonts_in.turned(page) == 90
        assert fonts_in.shown_size(page) == (400, 460)
