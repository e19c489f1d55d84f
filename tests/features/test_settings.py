"""Whom letters come from is a setting; a real house must have one before its letters leave."""

from __future__ import annotations

from email.utils import parseaddr

import pytest

from app import mail
from config import ConfigError, from_env

PRODUCTION = {
    "SAMSALJ_ENV": "production",
    "SECRET_KEY": "x" * 40,
    "PASSWORD_SALT": "y" * 40,
    "PERSONAL_DATA_KEY": "z" * 40,
    "SAMSALJ_URL": "https://salj.example",
}
POST = {"MAIL_URL": "smtps://post.example"}


def test_the_demonstration_has_a_sender(tmp_path):
    sender = from_env({"SAMSALJ_INSTANCE": str(tmp_path)}).mail_from
    assert sender == "Samklang Sälj <post@samklang.example>"


def test_production_needs_a_sender_before_letters_leave(tmp_path):
    environ = {**PRODUCTION, "SAMSALJ_INSTANCE": str(tmp_path)}
    assert parseaddr(from_env(environ).mail_from)[1], "letters laid as files need one as well"
    for nothing in ({}, {"MAIL_FROM": ""}, {"MAIL_FROM": "  "}):
        with pytest.raises(ConfigError, match="MAIL_FROM is missing"):
            from_env({**environ, **POST, **nothing})
    given = from_env({**environ, **POST, "MAIL_FROM": "Norrsken Sälj <post@norrsken.example>"})
    assert given.mail_from == "Norrsken Sälj <post@norrsken.example>"


@pytest.mark.parametrize(
    "wrong",
    [
        "Norrsken",
        "post@",
        "@norrsken.example",
        "Norrsken <>",
        "Norrsken <post@norrsken.example",
        "a@norrsken.example, b@norrsken.example",
        "post@norrsken.example\r\nBcc: alla@norrsken.example",
        "Norrsken Sälj post@norrsken.example",
    ],
)
def test_a_sender_that_is_no_address_stops_the_start(tmp_path, wrong):
    with pytest.raises(ConfigError, match="MAIL_FROM"):
        from_env({**PRODUCTION, **POST, "SAMSALJ_INSTANCE": str(tmp_path), "MAIL_FROM": wrong})


def test_letters_carry_the_sender(app, clock):
    app.config["MAIL_FROM"] = "Norrsken Sälj <post@norrsken.example>"
    letter = mail.write(kind="x", to=("Kim", "kim@a.example"), subject="Hej", body="Hej", now=clock.now)
    sender = mail.message(letter)["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Norrsken Sälj", "post@norrsken.example")
