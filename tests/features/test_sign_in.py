"""Signing in and out, a forgotten password, and what protects everybody: forged forms, guesses, foreign frames."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.actions import open_account
from app.accounts.models import User
from app.db import db
from app.orders.models import Order
from config import ConfigError, from_env
from tests import make
from tests.furnished import furnished
from tests.people import document, text

EMAIL, PASSWORD = "kontor@nordbyn.example", "ett-langt-losenord"


@furnished
def nora(app):
    """Nora buys for Nordbyn."""
    make.make_sales_company()
    customer = make.make_nordbyn()
    open_account("kontor@nordbyn.example", "Nora Exempel", PASSWORD, customer_id=customer.id)
    db.session.commit()
    return app


def sign_in(browser, email="kontor@nordbyn.example", password=PASSWORD, **more):
    return browser.post("/logga-in", data={"email": email, "password": password, **more})


def test_signing_in_leads_home_and_out_again(nora, visit):
    browser = visit(None)
    assert sign_in(browser).status_code == 302
    assert "Nordbyn" in text(browser.page("/bestallningar"))
    assert browser.get("/logga-ut").status_code == 405, "signing out is an act, and wants a form"
    browser.post("/logga-ut")
    assert "Nordbyn" not in text(browser.page("/"))


def test_signing_out_leaves_no_basket_to_the_next_person(nora, visit):
    article = make.make_article()
    make.make_offering(article, make.make_ljungbacken())
    browser = visit(None)
    browser.post("/varukorg/lagg-i", data={"article": article.id, "quantity": "2"})
    sign_in(browser)
    assert article.name in text(browser.page("/varukorg")), "what a guest put in goes along"
    browser.post("/sprak", data={"language": "en"})
    browser.post("/logga-ut")
    assert "The basket is empty" in text(browser.page("/varukorg")), "the language stays"
    browser.post("/logga-ut")
    browser.post("/varukorg/lagg-i", data={"article": article.id, "quantity": "2"})
    browser.post("/logga-ut")
    assert article.name in text(browser.page("/varukorg")), "a guest who is nobody has nothing to leave"


@pytest.mark.parametrize(
    ("email", "password"),
    [("kontor@nordbyn.example", "fel"), ("ingen@nordbyn.example", PASSWORD), ("", ""), ("x", "y")],
)
def test_a_wrong_password_and_an_unknown_address_sound_the_same(nora, visit, email, password):
    browser = visit(None)
    answer = sign_in(browser, email, password)
    assert answer.status_code == 422
    assert "Nordbyn Teknik" not in answer.text
    assert browser.get("/personal/").status_code == 302


@pytest.mark.parametrize("target", ["https://ond.example/", "//ond.example", "/\\ond.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(nora, visit, target):
    for answer in (
        sign_in(visit(None), next=target),
        visit(None).post("/logga-in", query_string={"next": target}, data={"email": EMAIL, "password": PASSWORD}),
    ):
        assert (answer.status_code, answer.location) in {(302, "/min-sida"), (302, "/%5Cond.example")}
    answer = visit(None).post("/sprak", data={"language": "en", "next": target})
    assert answer.location == "/"


def test_the_password_is_kept_as_argon2_only(nora):
    kept = db.session.scalars(select(User)).one().password
    assert kept.startswith("$argon2id$")


def test_a_forgotten_password_is_replaced_by_the_letters_link_once(nora, visit, outbox):
    browser = visit(None)
    browser.post("/nytt-losenord", data={"email": "kontor@nordbyn.example"})
    letter = outbox.to("kontor@nordbyn.example")[0]
    assert letter.subject == "Välj ett nytt lösenord"
    assert letter.body.startswith("Hej Nora Exempel!")
    link = next(word for word in letter.body.split() if "/nytt-losenord/" in word)
    path = link[link.index("/nytt-losenord/") :]
    fresh = {"password": "ett-annat-losenord", "password_confirm": "ett-annat-losenord"}
    assert browser.post(path, data=fresh).status_code == 302
    assert sign_in(visit(None), password="ett-annat-losenord").status_code == 302
    again = visit(None).post(path, data={"password": "tredje-losenordet", "password_confirm": "tredje-losenordet"})
    assert sign_in(visit(None), password="tredje-losenordet").status_code != 302, again.status
    assert visit(None).post("/nytt-losenord", data={"email": "ingen@nordbyn.example"}).status_code == 200


def test_a_form_without_its_token_changes_nothing(nora, visit):
    nora.config["WTF_CSRF_ENABLED"] = True
    article = make.make_article()
    make.make_offering(article, make.make_ljungbacken())
    browser = visit("kontor@nordbyn.example")
    for path, values in {
        "/varukorg/lagg-i": {"article": article.id, "quantity": "1"},
        "/kassa": {},
        "/logga-in": {"email": "kontor@nordbyn.example", "password": PASSWORD},
        "/logga-ut": {},
        "/sprak": {"language": "en"},
    }.items():
        assert browser.post(path, data=values).status_code == 400, path
    assert db.session.scalar(select(Order)) is None


def test_every_form_that_changes_something_carries_a_token(nora, visit):
    nora.config["WTF_CSRF_ENABLED"] = True
    browser = visit(None)
    for path in ("/", "/katalog", "/varukorg", "/logga-in", "/nytt-losenord"):
        answer = browser.get(path, follow_redirects=True)
        for form in document(answer).cssselect("form[method=post]"):
            assert form.cssselect("input[name=csrf_token]"), (path, form.get("action"))


def test_guessing_is_slow(nora, visit):
    for limiter in nora.extensions["limiter"]:
        limiter.enabled = True
    browser = visit(None)
    answers = [sign_in(browser, password=f"gissning-{n}").status_code for n in range(14)]
    assert 429 in answers
    assert answers[:10].count(429) == 0
    assert sign_in(browser).status_code == 429, "also with the right one"


def test_pages_tell_the_browser_to_protect_the_viewer(nora, visit):
    browser = visit("kontor@nordbyn.example")
    answer = browser.get("/bestallningar")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    sent = sign_in(visit(None)).headers.getlist("Set-Cookie")
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in sent)


def test_a_foreign_host_name_is_not_answered_to(nora):
    answer = nora.test_client().get("/", headers={"Host": "ond.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize("missing", ["SECRET_KEY", "PASSWORD_SALT", "PERSONAL_DATA_KEY", "SAMSALJ_URL"])
def test_production_does_not_start_without_its_secrets(tmp_path, missing):
    whole = {"SECRET_KEY": "x" * 40, "PASSWORD_SALT": "y" * 40, "PERSONAL_DATA_KEY": "z" * 40}
    whole["SAMSALJ_URL"] = "https://salj.example"
    environ = {"SAMSALJ_ENV": "production", "SAMSALJ_INSTANCE": str(tmp_path), **whole}
    assert from_env(environ).production
    with pytest.raises(ConfigError, match=missing):
        from_env({name: value for name, value in environ.items() if name != missing})


def test_a_short_secret_or_an_odd_environment_stops_the_start(tmp_path):
    with pytest.raises(ConfigError, match="shorter"):
        from_env({"SAMSALJ_INSTANCE": str(tmp_path), "SECRET_KEY": "kort"})
    with pytest.raises(ConfigError, match="SAMSALJ_ENV"):
        from_env({"SAMSALJ_INSTANCE": str(tmp_path), "SAMSALJ_ENV": "prod"})


def test_the_demonstration_draws_its_secret_by_lot_and_keeps_it(tmp_path):
    one = from_env({"SAMSALJ_INSTANCE": str(tmp_path)})
    assert one.secret_key == from_env({"SAMSALJ_INSTANCE": str(tmp_path)}).secret_key
    assert one.secret_key != from_env({"SAMSALJ_INSTANCE": str(tmp_path / "andra")}).secret_key
    assert (tmp_path / "secret_key.txt").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("path", ["/katalog?q=a%00b", "/katalog/fru%00kt", "/personal/medlemmar?q=%00"])
def test_a_sign_that_no_database_keeps_is_turned_away(nora, visit, path):
    page = visit(None).page(path, status=400)
    assert text(page.cssselect("h1")[0]) == "Adressen går inte att läsa"
    assert "formulär" not in text(page).lower()
    assert visit(None).post("/varukorg/lagg-i", data={"article": "1\0", "quantity": "1"}).status_code == 400
