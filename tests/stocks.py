"""What a database holds when a test begins: bare tables, the law's values, or the demonstration."""

from __future__ import annotations

import importlib
import importlib.util
import tomllib
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app.catalog.models import VatRate
from app.db import db
from app.vat import VatClass
from config import ROOT

NEEDS = {"law": "tables", "demo": "tables"}
"""Which stock must lie in the database before another is added."""


def fill(app: Flask, stock: str, now: datetime) -> None:
    """Add a stock to the database."""
    with app.app_context():
        {"tables": _tables, "law": _law, "demo": _demo}[stock](now)
        db.session.commit()


def _tables(_now: datetime) -> None:
    if Path(ROOT / "app" / "migrations" / "versions").exists():
        upgrade()
    else:
        db.create_all()


def _law(_now: datetime) -> None:
    table = tomllib.loads((ROOT / "app" / "data" / "vat.toml").read_text(encoding="utf-8"))
    for row in table["rate"]:
        parts = [[share, rate, row["category"]] for share, rate in row["parts"]]
        db.session.add(
            VatRate(
                vat_class=VatClass(row["class"]),
                valid_from=row["valid_from"],
                parts={"parts": parts},
                note=row["legal"],
            )
        )


def _demo(now: datetime) -> None:
    if importlib.util.find_spec("app.demo.load") is None:
        _law(now)
        return
    importlib.import_module("app.demo.load").load(now=now)
