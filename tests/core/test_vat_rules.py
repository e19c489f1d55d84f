"""The VAT rules that the house starts with: every class has one for each day."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from app.vat import VatClass, VatPart, VatRule, rule_on
from tests.core.demo_files import APP


def vat_rules():
    with (APP / "data" / "vat.toml").open("rb") as file:
        rows = tomllib.load(file)["rate"]
    for row in rows:
        parts = tuple(VatPart(share, rate, row["category"]) for share, rate in row["parts"])
        yield VatRule(VatClass(row["class"]), row["valid_from"], parts, row["legal"])


def test_every_vat_class_has_a_rule_whose_parts_make_a_whole():
    rules = list(vat_rules())
    assert {rule.vat_class for rule in rules} == set(VatClass)
    assert all(sum(part.share for part in rule.parts) == 100 for rule in rules)
    assert {part.rate for rule in rules for part in rule.parts if part.category == "S"} == {25, 12, 6}
    assert all(bool(rule.note) == (part.category == "E") for rule in rules for part in rule.parts)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 3, 31), 12),
        (date(2026, 4, 1), 6),
        (date(2027, 12, 31), 6),
        (date(2028, 1, 1), 12),
    ],
)
def test_food_is_cheaper_for_a_while(day, rate):
    assert [part.rate for part in rule_on(vat_rules(), VatClass.FOOD, day).parts] == [rate]
    assert [part.rate for part in rule_on(vat_rules(), VatClass.RESTAURANT, day).parts] == [12]
    conference = rule_on(vat_rules(), VatClass.CONFERENCE, day).parts
    assert [(part.share, part.rate) for part in conference] == [(60, 12), (40, 25)]
