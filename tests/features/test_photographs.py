"""Members and staff hand in photographs, staff look at them, and customers see them."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app import clock
from app.albums import PictureState
from app.catalog import indexing, picture_actions, search
from app.catalog.picture_models import ArticlePicture
from app.db import db
from app.members.picture_models import MemberPicture
from tests import make, photos
from tests.furnished import furnished
from tests.people import document, save, text

SAM = "sam@samklang.example"
WORDS = "Tre korgar på ett bord"


@furnished
def ljungbacken(app):
    """Ljungbacken alone makes the fruit basket; Köksljus alone makes the sandwich."""
    make.make_sales_company()
    category = make.make_category(slug="frukt", illustration="fruit")
    member, other = make.make_ljungbacken(), make.make_kokljus()
    for owner, name, slug in ((member, "Fruktkorg", "fruktkorg"), (other, "Smörgås", "smorgas")):
        make.make_user(owner.email, member=owner)
        make.make_offering(make.make_article(name, slug=slug, category=category), owner)
    make.make_sam()
    indexing.reindex_all()
    save()
    return member


def sent(data: bytes | None = None, words: str = WORDS, name: str = "IMG_0001.jpg") -> dict[str, object]:
    return {"picture": (BytesIO(photos.photo() if data is None else data), name), "description": words}


def article_id(slug: str = "fruktkorg") -> int:
    return db.session.scalars(select(search.Article.id).where(search.Article.slug == slug)).one()


def rows(model=ArticlePicture):
    db.session.expire_all()
    return list(db.session.scalars(select(model).order_by(model.position)))


def hang(words: str = WORDS, shade: int = 0) -> ArticlePicture:
    article = db.session.get_one(search.Article, article_id())
    sam = db.session.scalars(select(make.User).where(make.User.email == SAM)).one()
    row = picture_actions.add_picture(article, photos.photo(shade=shade), words, by=sam, now=clock.now())
    save()
    return row


def test_a_members_photograph_goes_by_staff_to_the_card_and_the_page(ljungbacken, visit):
    lova, sam, stranger = visit(ljungbacken.email), visit(SAM), visit()
    assert stranger.page("/katalog").cssselect("li.article img[srcset]") == []
    path = f"/medlem/artiklar/{article_id()}/bilder"
    assert path in [link.get("href") for link in lova.page("/medlem/erbjudanden").cssselect("a")]
    assert lova.post(path, data=sent()).status_code == 303
    assert "Väntar på säljbolagets svar" in text(lova.page(path))
    assert stranger.page("/katalog").cssselect("li.article img[srcset]") == []
    assert stranger.page("/katalog/fruktkorg").cssselect(".gallery") == []
    inbox = sam.page("/personal/katalog/bilder")
    assert WORDS in text(inbox)
    assert text(inbox.cssselect(".tab-row [aria-current]")[0]) == "Bilder 1"
    assert sam.post(f"/personal/katalog/bilder/katalog/{rows()[0].id}/ja").status_code == 303
    face = stranger.page("/katalog").cssselect("li.article img[srcset]")[0]
    assert face.get("alt") == WORDS
    assert face.get("src").startswith("/bild/")
    page = stranger.page("/katalog/fruktkorg")
    large = page.cssselect(".gallery-main img")[0]
    assert (large.get("alt"), large.get("width"), large.get("height")) == (WORDS, "900", "600")
    assert [part.split()[1] for part in large.get("srcset").split(", ")] == ["400w", "800w", "900w"]
    for address in (part.split()[0] for part in large.get("srcset").split(", ")):
        assert stranger.get(address).content_type == "image/jpeg"


def test_before_staff_have_said_yes_only_they_and_the_member_see_it(ljungbacken, visit):
    lova, sam, stranger, other = visit(ljungbacken.email), visit(SAM), visit(), visit("kokljus@medlem.example")
    lova.post(f"/medlem/artiklar/{article_id()}/bilder", data=sent())
    lova.post("/medlem/sida/bilder", data=sent(photos.photo(shade=60)))
    in_both = {model: rows(model)[0].picture.files[0].address for model in (ArticlePicture, MemberPicture)}
    for address in in_both.values():
        for nobody in (stranger, other):
            assert nobody.get(address).status_code == 404
        for somebody in (lova, sam):
            answer = somebody.get(address)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    sam.post(f"/personal/katalog/bilder/katalog/{rows()[0].id}/ja")
    sam.post(f"/personal/katalog/bilder/medlemmar/{rows(MemberPicture)[0].id}/nej", data={"reason": "Otydlig."})
    answer = stranger.get(in_both[ArticlePicture])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert stranger.get(in_both[MemberPicture]).status_code == 404
    assert lova.get(in_both[MemberPicture]).status_code == 200


def test_others_stand_in_a_row_and_lead_to_their_large_print(ljungbacken, visit):
    for shade, words in enumerate(("ett", "två", "tre")):
        hang(words, shade)
    page = visit().page("/katalog/fruktkorg")
    assert [image.get("alt") for image in page.cssselect(".gallery-main img")] == ["ett"]
    links = page.cssselect(".gallery-more a")
    assert [link.cssselect("img")[0].get("alt") for link in links] == ["två", "tre"]
    assert all(link.cssselect("img")[0].get("loading") == "lazy" for link in links)
    assert links[0].get("href") == rows()[1].picture.files[-1].address


def test_a_declined_photograph_is_told_of_and_seen_by_nobody(ljungbacken, visit):
    lova, sam = visit(ljungbacken.email), visit(SAM)
    lova.post("/medlem/sida/bilder", data=sent())
    row = rows(MemberPicture)[0]
    where = f"/personal/katalog/bilder/medlemmar/{row.id}"
    assert sam.post(f"{where}/nej", data={"reason": ""}).status_code == 422
    assert sam.post(f"{where}/nej", data={"reason": "Man kan läsa en kunds adress."}).status_code == 303
    assert sam.post(f"{where}/ja").status_code == 409
    assert "Man kan läsa en kunds adress." in text(lova.page("/medlem/sida/bilder"))
    assert visit().page(f"/medlemmar/{ljungbacken.slug}").cssselect(".gallery") == []
    assert rows(MemberPicture)[0].state == PictureState.DECLINED


def test_a_better_description_is_live_at_once(ljungbacken, visit):
    lova, sam = visit(ljungbacken.email), visit(SAM)
    path = f"/medlem/artiklar/{article_id()}/bilder"
    lova.post(path, data=sent())
    sam.post(f"/personal/katalog/bilder/katalog/{rows()[0].id}/ja")
    assert visit().page("/katalog").cssselect(f'img[alt="{WORDS}"]')
    assert lova.post(f"{path}/{rows()[0].id}/beskriv", data={"description": "Äpplen"}).status_code == 303
    assert visit().page("/katalog").cssselect('img[alt="Äpplen"]'), "the remembered page is old now"
    assert visit().page("/katalog/fruktkorg").cssselect('img[alt="Äpplen"]')
    wrong = lova.post(f"{path}/{rows()[0].id}/beskriv", data={"description": ""})
    assert wrong.status_code == 422
    assert "Beskriv bilden" in wrong.text
    assert rows()[0].description == "Äpplen"


def test_the_order_is_changed_and_a_photograph_taken_away(ljungbacken, visit):
    sam, lova = visit(SAM), visit(ljungbacken.email)
    for shade, words in enumerate(("ett", "två")):
        lova.post("/medlem/sida/bilder", data=sent(photos.photo(shade=shade), words))
    first, second = rows(MemberPicture)
    assert lova.post(f"/medlem/sida/bilder/{second.id}/fram").status_code == 303
    assert [row.description for row in rows(MemberPicture)] == ["två", "ett"]
    path = f"/personal/medlemmar/{ljungbacken.id}/bilder"
    assert sam.post(f"{path}/{second.id}/bak").status_code == 303
    assert [row.description for row in rows(MemberPicture)] == ["ett", "två"]
    address = first.picture.files[0].address
    assert lova.post(f"/medlem/sida/bilder/{first.id}/bort").status_code == 303
    assert [row.description for row in rows(MemberPicture)] == ["två"]
    assert visit().get(address).status_code == 404


def test_staffs_own_photograph_is_seen_at_once(ljungbacken, visit):
    sam = visit(SAM)
    path = f"/personal/katalog/{article_id()}/bilder"
    assert path in [link.get("href") for link in sam.page(f"/personal/katalog/{article_id()}").cssselect("a")]
    assert sam.post(path, data=sent()).status_code == 303
    assert visit().page("/katalog").cssselect(f'img[alt="{WORDS}"]')
    assert sam.post(f"/personal/medlemmar/{ljungbacken.id}/bilder", data=sent()).status_code == 303
    assert visit().page("/medlemmar").cssselect(f'img[alt="{WORDS}"]')


def test_staffs_photograph_is_not_the_members_to_change(ljungbacken, visit):
    row, lova = hang(), visit(ljungbacken.email)
    path = f"/medlem/artiklar/{article_id()}/bilder"
    assert lova.page(path).cssselect("textarea") == []
    assert lova.post(f"{path}/{row.id}/beskriv", data={"description": "Mina ord"}).status_code == 404
    assert lova.post(f"{path}/{row.id}/bort").status_code == 404
    assert rows()[0].description == WORDS


def test_anothers_album_is_not_there(ljungbacken, visit):
    lova, kokljus = visit(ljungbacken.email), visit("kokljus@medlem.example")
    theirs = f"/medlem/artiklar/{article_id('smorgas')}/bilder"
    assert lova.get(theirs).status_code == 404
    assert lova.post(theirs, data=sent()).status_code == 404
    kokljus.post("/medlem/sida/bilder", data=sent())
    row = rows(MemberPicture)[0]
    for act in ("bort", "fram", "beskriv"):
        assert lova.post(f"/medlem/sida/bilder/{row.id}/{act}", data={"description": "x"}).status_code == 404
    assert rows(MemberPicture)[0].description == WORDS
    assert rows() == []


def test_the_doors(ljungbacken, visit):
    finance = make.make_user("fia@samklang.example", roles=[make.RoleName.FINANCE])
    for path in ("/personal/katalog/bilder", f"/personal/katalog/{article_id()}/bilder"):
        assert visit().get(path).status_code == 302
        assert visit(ljungbacken.email).get(path).status_code == 403
        assert visit(finance.email).get(path).status_code == 200
    assert visit(finance.email).post(f"/personal/katalog/{article_id()}/bilder", data=sent()).status_code == 403
    assert visit().get("/medlem/sida/bilder").status_code == 302
    assert rows() == []


HOSTILE = {
    "an SVG with a script, called a JPEG": (photos.SVG, "katt.jpg", "SVG-bilder kan bära program"),
    "HTML called a PNG": (photos.HTML, "katt.png", "ingen bild i JPEG, PNG eller WebP"),
    "20,000 x 20,000 points": (photos.huge(), "stor.png", "40 megapixlar"),
    "half a JPEG": (photos.photo()[:3000], "halv.jpg", "trasig"),
    "16 MB": (photos.photo() + b"\0" * (16 * 1024 * 1024), "tung.jpg", "15 MB"),
    "nothing": (b"", "tom.jpg", "Filen är tom"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("whose", ["member", "article"])
def test_what_is_no_photograph_is_refused_in_words_and_what_was_typed_is_kept(ljungbacken, visit, name, whose):
    data, file, sentence = HOSTILE[name]
    path = "/medlem/sida/bilder" if whose == "member" else f"/medlem/artiklar/{article_id()}/bilder"
    answer = visit(ljungbacken.email).post(path, data=sent(data, "Det jag skrev", file))
    answer.request.environ["wsgi.input"].close()  # the client's own, which lies on disk when it is large
    assert answer.status_code == 422
    page = document(answer)
    assert sentence in text(page.cssselect(".error-summary")[0])
    assert page.cssselect("input[name=description]")[0].get("value") == "Det jag skrev"
    assert rows() == rows(MemberPicture) == []


@pytest.mark.parametrize("wrong", [{"description": ""}, {"description": "x" * 301}, {"picture": ""}])
def test_a_form_half_filled_is_refused(ljungbacken, visit, wrong):
    assert visit(ljungbacken.email).post("/medlem/sida/bilder", data={**sent(), **wrong}).status_code == 422
    assert rows(MemberPicture) == []


def test_no_token_no_photograph(ljungbacken, visit, app):
    app.config["WTF_CSRF_ENABLED"] = True
    assert visit(ljungbacken.email).post("/medlem/sida/bilder", data=sent()).status_code == 400
    assert rows(MemberPicture) == []


def test_a_catalogue_full_of_photographs_takes_one_statement_more(ljungbacken, visit, queries):
    stranger = visit()
    stranger.get("/katalog")
    hang()
    with queries() as seen:
        stranger.get("/katalog")
    assert sum("picture_file" in statement for statement in seen) == 1
    assert len(seen) <= 12
    with queries() as seen:
        stranger.get("/katalog")
    assert not any("picture" in statement for statement in seen), "it is remembered by edition"
