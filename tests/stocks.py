"""What a database holds when a test begins: bare tables, the law's values, or the demonstration."""

from __future__ import annotations

import importlib
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import migrating
from app.catalog import start
from app.db import db
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
        migrating.prepare()
        upgrade()
    else:
        db.create_all()


def _law(_now: datetime) -> None:
    start.load_law()


def _demo(now: datetime) -> None:
    importlib.import_module("app.demo.load").load(now=now)
