"""Loads the framework agreement behind one of the demonstration's price lists."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import clock
from app.catalog.models import Article
from app.catalog.pricing.models import PriceList
from app.db import db
from app.members.models import Member
from app.money import Money
from app.orders.agreements import actions
from app.orders.agreements.actions import AgreementDraft, OptionDraft, PartDraft
from app.orders.agreements.models import AgreementList

FILE = Path(__file__).parent / "agreements.toml"

Entry = dict[str, Any]


def load_agreements(now: datetime) -> None:
    """Load the agreements that are missing. Members, articles and price lists are there already."""
    for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["agreement"]:
        price_list = db.session.scalars(select(PriceList).where(PriceList.name == entry["price_list"])).one()
        if price_list.valid_to is not None and db.session.get(AgreementList, price_list.id) is None:
            _agreement(entry, price_list, now)


def _agreement(entry: Entry, price_list: PriceList, now: datetime) -> None:
    today = clock.local_date(now)
    draft = AgreementDraft(
        number=price_list.agreement,
        name=price_list.name,
        buyer_name=entry["buyer"],
        ceiling=Money.kronor(entry["ceiling"]),
        first_day=price_list.valid_from,
        last_day=price_list.valid_to or today,
        index_name=entry["index_name"],
        index_base=Decimal(entry["index_base"]),
        index_threshold=Decimal(entry["index_threshold"]),
        index_first=today + timedelta(days=entry["index_begins"]),
        report_every=entry["report_every"],
        report_within=entry["report_within"],
        report_words=entry["report_words"],
    )
    options = [
        OptionDraft(today + timedelta(days=last), today + timedelta(days=use_by)) for last, use_by in entry["options"]
    ]
    actions.on_list(price_list, draft, options, [_part(one) for one in entry["part"]], by=None, now=now)


def _part(entry: Entry) -> PartDraft:
    member = db.session.scalars(select(Member).where(Member.slug == entry["member"])).one()
    article = db.session.scalars(select(Article).where(Article.number == entry["article"])).one()
    return PartDraft(member, article, "", Decimal(entry["yearly"]), None)
