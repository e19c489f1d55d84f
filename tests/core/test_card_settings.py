"""Whether cards are taken is a matter of two secrets, and where Stripe is asked of one address."""

from __future__ import annotations

import pytest

from config import ConfigError, from_env

BOTH = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def settings(tmp_path, **more):
    return from_env({"SAMSALJ_INSTANCE": str(tmp_path), **more})


def test_without_secrets_no_card_is_taken(tmp_path):
    assert not settings(tmp_path).takes_cards
    assert not settings(tmp_path, STRIPE_SECRET_KEY="", STRIPE_WEBHOOK_SECRET="").takes_cards


def test_with_both_it_is(tmp_path):
    found = settings(tmp_path, **BOTH)
    assert (found.takes_cards, found.stripe_base) == (True, None)


@pytest.mark.parametrize("name", sorted(BOTH))
def test_one_alone_stops_the_start(tmp_path, name):
    with pytest.raises(ConfigError, match="go together"):
        settings(tmp_path, **{name: BOTH[name]})


@pytest.mark.parametrize("swapped", [{"STRIPE_SECRET_KEY": "pk_test_1"}, {"STRIPE_WEBHOOK_SECRET": "sk_test_1"}])
def test_another_kind_of_secret_stops_the_start(tmp_path, swapped):
    with pytest.raises(ConfigError, match="STRIPE_"):
        settings(tmp_path, **{**BOTH, **swapped})


@pytest.mark.parametrize("base", ["https://stripe.example", "http://127.0.0.1:21001", "http://127.0.0.1:21001/"])
def test_stripe_can_be_asked_elsewhere(tmp_path, base):
    assert settings(tmp_path, **BOTH, STRIPE_BASE=base).stripe_base == base.rstrip("/")


@pytest.mark.parametrize(
    "base",
    ["http://stripe.example", "http://localhost:1", "http://127.0.0.2:1", "ftp://127.0.0.1", "https://", "x",
     "https://a:b@stripe.example", "https://stripe.example/?a=b"],
)  # fmt: skip
def test_but_not_in_the_clear(tmp_path, base):
    with pytest.raises(ConfigError, match="STRIPE_BASE"):
        settings(tmp_path, **BOTH, STRIPE_BASE=base)
