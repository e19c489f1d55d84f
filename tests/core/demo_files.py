"""The demonstration's files as tables, and what can be reckoned from them."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

from app import cpv

APP = Path(__file__).parents[2] / "app"


def load(name):
    with (APP / "demo" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def by(key, rows):
    """Rows by a key that none of them may share."""
    found = {row[key]: row for row in rows}
    assert len(found) == len(rows)
    return found


COMPANY = load("company")
MEMBERS = by("slug", load("members")["member"])
ARTICLES = by("number", load("articles")["article"])
AREAS = load("articles")["areas"]
CUSTOMERS = by("slug", load("customers")["customer"])
TENDERS = by("slug", load("tenders")["tender"])
PARTIES = {"samklang": COMPANY["company"], **MEMBERS}
CPV = {entry.written for entry in cpv.builtin()}


def share(party):
    count = party["head_count"][-1]
    return Decimal(100 * count["target_group"]) / count["occupied"]
