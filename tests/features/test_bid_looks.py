"""Staff choose which sections a bid has and in which order, write own texts, add pictures, and print it."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from app import clock, files, jobs
from app.accounts.models import RoleName
from app.db import db
from app.tenders.looks.models import BidPicture, BidSection, HouseStyle
from app.tenders.models import Bid, BidPreview, BidState
from tests import make
from tests.features.bid_case import Case, count
from tests.furnished import furnished
from tests.people import document, text

TEXT = "Vi kör **egna bilar**.\n\n```diagram Turer per vecka\nCentrum: 12\nNorr: 5\n```\n"


@furnished
def case(app) -> Case:
    made = Case(clock.now())
    db.session.commit()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def look(case) -> str:
    return f"{case.where}/utformning"


def a_picture(width: int = 400, height: int = 300) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (width, height), "#a9744f").save(out, "JPEG")
    out.seek(0)
    return out


def sections(sales, look) -> list[str]:
    return [text(one) for one in sales.page(look).cssselect("tbody th[scope=row]")]


def write(sales, look, title="Så kör vi", words=TEXT, where="/avsnitt/nytt", **more):
    return sales.post(f"{look}{where}", data={"title": title, "text": words, **more})


def printed(case, sales) -> list[str]:
    sales.post(f"{case.where}/lamna/forhandsgranska")
    jobs.work_off()
    data = sales.get(f"{case.where}/lamna/utkast.pdf").data
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded().replace("\xa0", " ") for page in pdf]


def test_an_own_section_is_written_moved_and_printed(case, sales, look):
    assert write(sales, look).status_code == 303
    assert sections(sales, look)[-2:] == ["Så kör vi", "Bilagor"]
    sales.post(f"{look}/ordning", data={"plats-own-1": "0", "med-own-1": "on"})
    assert sections(sales, look)[0] == "Så kör vi"
    told = printed(case, sales)
    assert "1. Så kör vi" in told[1]
    assert "egna bilar" in told[2]
    assert "Turer per vecka" in told[2]
    assert "Sida 3 av" in told[2]


def test_a_section_can_be_left_out_but_not_one_that_is_asked_for(case, sales, look):
    sales.post(f"{look}/ordning", data={"plats-delivery": "10", "plats-letter": "1", "med-letter": "on"})
    assert not db.session.scalars(db.select(BidSection).filter_by(name="delivery")).one().shown
    sales.post(f"{look}/ordning", data={"plats-letter": "1", "plats-prices": "2"})
    rows = {row.name: row.shown for row in db.session.scalars(db.select(BidSection))}
    assert rows["letter"] is rows["prices"] is True
    told = "".join(printed(case, sales))
    assert "Prisbilaga" in told
    assert "Leverans\n" not in told


def test_what_is_typed_is_kept_and_a_file_must_be_chosen_again(case, sales, look):
    refused = document(
        sales.post(f"{look}/bilder", data={"description": "En korg", "file": (BytesIO(b"text"), "a.png")})
    )
    told = text(refused.cssselect(".error-summary")[0])
    assert "Det du har skrivit finns kvar, men filer måste väljas på nytt." in told
    assert refused.cssselect("[name=description]")[0].get("value") == "En korg"
    only_words = document(sales.post(f"{look}/avsnitt/nytt", data={"title": "Om oss", "text": ""}))
    assert "väljas på nytt" not in text(only_words.cssselect(".error-summary")[0])


@pytest.mark.parametrize("place", ["abc", "", "-1", "1,5"])
def test_what_is_no_place_is_refused_and_changes_nothing(case, sales, look, place):
    write(sales, look)
    before = sections(sales, look)
    answer = sales.post(f"{look}/ordning", data={"plats-own-1": place, "plats-prices": "1", "med-own-1": "on"})
    assert answer.status_code == 422
    page = document(answer)
    assert "Skriv platsen med en siffra, till exempel 3" in text(page.cssselect(".error-summary")[0])
    assert page.cssselect("#plats-own-1")[0].get("value") == place
    assert page.cssselect("#plats-prices")[0].get("value") == "1"
    assert sections(sales, look) == before


def test_a_section_that_the_bid_has_not_is_not_placed(case, sales, look):
    before = sections(sales, look)
    assert sales.post(f"{look}/ordning", data={"plats-hej": "1"}).status_code == 303
    assert sections(sales, look) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("<script>alert(1)</script>", "HTML"),
        ("Text <b>fet</b>", "HTML"),
        ("![x](http://127.0.0.1/a.png)", "hämtas"),
        ("![x](file:///etc/passwd)", "hämtas"),
        ("![x](bild:9)", "finns ingen bild:9"),
        ("[x](javascript:alert(1))", "leder ingenstans"),
        ("```diagram X\nKorgar\n```", "Diagrammet"),
        ("a" * 50_001, "50"),
    ],
)
def test_a_text_that_cannot_be_printed_as_meant_comes_back_with_the_reason(case, sales, look, words, said):
    answer = write(sales, look, words=words)
    assert answer.status_code == 422
    page = document(answer)
    assert said in text(page.cssselect(".error-summary")[0])
    assert page.cssselect("textarea")[0].text.strip() == words
    assert count(BidSection) == 0


def test_whoever_writes_over_another_unseen_is_told(case, sales, look):
    write(sales, look)
    page = sales.page(f"{look}/avsnitt/own-1")
    shown = page.cssselect("input[name=shown]")[0].get("value")
    write(sales, look, words="Den andras.", where="/avsnitt/own-1", shown=shown)
    answer = write(sales, look, words="Min egen.", where="/avsnitt/own-1", shown=shown)
    assert answer.status_code == 422
    assert "Den andras." in text(document(answer))
    assert "Min egen." in document(answer).cssselect("textarea")[0].text


def test_a_picture_is_added_shown_and_kept_while_a_text_shows_it(case, sales, look):
    sales.post(f"{look}/bilder", data={"file": (a_picture(), "korg.jpg"), "description": "En fruktkorg"})
    assert "bild:1" in text(sales.page(look))
    write(sales, look, words="![En fruktkorg](bild:1)")
    page = sales.post(f"{look}/bilder/1/ta-bort", follow_redirects=True)
    assert "visas i avsnittet" in page.get_data(as_text=True)
    assert count(BidPicture) == 1
    told = printed(case, sales)
    preview = db.session.scalars(db.select(BidPreview)).one()
    with pikepdf.open(BytesIO(files.read(preview.pdf))) as pdf:
        words = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert "En fruktkorg" in words
    assert told
    sales.post(f"{look}/avsnitt/own-1/ta-bort")
    sales.post(f"{look}/bilder/1/ta-bort")
    assert count(BidPicture) == 0


def test_a_picture_of_twenty_thousand_points_is_refused_in_words(case, sales, look):
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    out.seek(0)
    answer = sales.post(f"{look}/bilder", data={"file": (out, "stor.png"), "description": "Stor"})
    assert answer.status_code == 422
    assert "megapixlar" in text(document(answer).cssselect(".error-summary")[0])
    assert count(BidPicture) == 0


def test_the_house_style_is_on_the_front_page_and_white_can_be_read_on_it(case, sales):
    style = "/personal/upphandlingar/utseende"
    answer = sales.post(style, data={"colour": "#ffee88"})
    assert answer.status_code == 422
    assert "kontrasten" in text(document(answer).cssselect(".error-summary")[0])
    assert count(HouseStyle) == 0
    sales.post(style, data={"colour": "#7A1F3D", "logo": (a_picture(400, 200), "logo.jpg")})
    chosen = db.session.scalars(db.select(HouseStyle)).one()
    assert (chosen.colour, chosen.logo_id is not None) == ("#7a1f3d", True)
    told = printed(case, sales)
    preview = db.session.scalars(db.select(BidPreview)).one()
    assert '"colour":"#7a1f3d"' in preview.offer_json
    assert told
    sales.post(f"{style}/logotyp/ta-bort")
    assert db.session.scalars(db.select(HouseStyle)).one().logo_id is None


def test_finance_may_look_and_not_change(case, visit, look):
    finance = visit(make.make_user("fia@samklang.example", roles=[RoleName.FINANCE]).email)
    assert finance.get(look).status_code == 200
    assert finance.post(f"{look}/ordning", data={}).status_code == 403
    assert finance.post("/personal/upphandlingar/utseende", data={"colour": "#000000"}).status_code == 403


def test_another_bids_section_is_not_there(case, sales, look):
    assert sales.get(f"{look}/avsnitt/own-7").status_code == 404
    assert sales.get(f"{look}/avsnitt/letter").status_code == 404


def test_a_bid_that_nobody_has_arranged_is_frozen_as_ever(case, sales):
    printed(case, sales)
    preview = db.session.scalars(db.select(BidPreview)).one()
    assert '"look"' not in preview.offer_json
    assert preview.done == 100
    assert count(Bid) == 1


def test_a_section_comes_to_the_very_place_that_was_typed(case, sales, look):
    before = sections(sales, look)
    names = [one.get("id").removeprefix("plats-") for one in sales.page(look).cssselect("input.place")]
    typed = {f"plats-{name}": str(place) for place, name in enumerate(names, 1)}
    sales.post(f"{look}/ordning", data={**typed, f"plats-{names[-1]}": "2"})
    moved = [before[0], before[-2], *before[1:-2], before[-1]]
    assert sections(sales, look) == moved
    now_typed = {f"plats-{name}": str(place) for place, name in enumerate([names[0], names[-1], *names[1:-1]], 1)}
    sales.post(f"{look}/ordning", data={**now_typed, f"plats-{names[0]}": "4", f"plats-{names[-1]}": "9999"})
    assert sections(sales, look) == [*moved[2:5], moved[0], *moved[5:-1], moved[1], moved[-1]]


def test_who_may_not_change_the_bid_sees_no_form(case, sales, look):
    assert sales.page(look).cssselect("form[action$='/ordning']")
    case.bid.state = BidState.SUBMITTED
    db.session.commit()
    page = sales.page(look)
    assert not page.cssselect("main form")
    assert sections(sales, look)[-1] == "Bilagor"
