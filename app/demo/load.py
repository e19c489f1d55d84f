"""Loads the demonstration. A second run finds everything there and changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import files
from app.accounts.actions import open_account
from app.accounts.models import RoleName
from app.catalog import indexing, start, versions
from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.models import ApprovalState, Article, BundlePart, Category, Offering, OfferingArea
from app.customers.models import Customer, CustomerKind, Site
from app.db import db
from app.demo.agreements import load_agreements
from app.demo.calls import load_calls
from app.demo.changes import load_changes
from app.demo.library import load_library
from app.demo.papers import paper
from app.demo.prices import load_prices
from app.demo.profiles import load_profiles
from app.demo.routing import load_routing
from app.demo.tenders import load_tenders
from app.members.models import HeadCount, Member, MemberDocument, MemberKind, MemberYear, Reach
from app.money import Money
from app.orders.members_buy import let_buy
from app.reliefs import Work
from app.vat import VatClass

HERE = Path(__file__).parent
PASSWORD = "samklang-demo"  # noqa: S105  the demonstration's, known to all; the command refuses it in production
CHECKER = "Sixten Låtsasberg"
"""Who has read the members' papers."""
OUT_FOR = timedelta(days=90)
"""The catalogue has been out for a while, so that a campaign has earlier prices to be compared with."""

AMOUNTS = ("min_quantity", "quantity_step", "pack_size", "content")

Entry = dict[str, Any]


def load(now: datetime) -> None:
    """Load what is missing. The caller commits."""
    start.load_law()
    company = _read("company")
    _member(company["company"], MemberKind.SALES_COMPANY, now)
    for person in company["staff"]:
        open_account(person["email"], person["name"], PASSWORD, roles=(RoleName(person["role"]),))
    for entry in _read("members")["member"]:
        member = _member(entry, MemberKind.MEMBER, now)
        if not member.is_managed:
            open_account(entry["email"], entry["contact_name"], PASSWORD, member_id=member.id)
    _load_catalog(now - OUT_FOR)
    load_profiles(now)
    load_changes(now)
    for entry in _read("customers")["customer"]:
        _customer(entry)
    for member in db.session.scalars(select(Member).where(Member.kind == MemberKind.MEMBER).order_by(Member.id)).all():
        let_buy(member, by=None, now=now)
    load_prices(now)
    load_routing(now)
    load_agreements(now)
    load_library(now)
    load_tenders(now)
    load_calls(now)
    db.session.flush()


def accounts() -> Iterator[tuple[str, str]]:
    """(address, who it is) of every demonstration account, for the start-up message."""
    company = _read("company")
    yield from ((person["email"], f"{company['company']['name']}, {person['role']}") for person in company["staff"])
    members = (member for member in _read("members")["member"] if "reached_by" not in member)
    yield from ((member["email"], member["name"]) for member in members)
    for customer in _read("customers")["customer"]:
        yield from ((contact["email"], customer["name"]) for contact in customer["contact"])


def is_empty() -> bool:
    """Whether nobody has moved in yet."""
    return db.session.scalar(select(Member.id).limit(1)) is None


def _read(name: str) -> Entry:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def _member(entry: Entry, kind: MemberKind, now: datetime) -> Member:
    found = db.session.scalar(select(Member).where(Member.slug == entry["slug"]))
    if found is not None:
        return found
    plain = ("slug", "name", "org_number", "vat_number", "legal_form", "f_tax", "about", "purpose", "street")
    also = ("postcode", "city", "municipality", "email", "phone", "contact_name", "signatories", "bankgiro")
    member = Member(kind=kind, **{name: entry[name] for name in (*plain, *also) if name in entry})
    member.reached_by = Reach(entry.get("reached_by", Reach.CONNECTED))
    looked = {
        "counted_by": entry["contact_name"],
        "verified_by": _read("company")["staff"][0]["name"],
        "verified_at": now,
    }
    member.head_counts = [HeadCount(**count, **looked) for count in entry["head_count"]]
    member.years = [
        MemberYear(year=year["year"], turnover=Money.kronor(year["turnover"]), employees=year["employees"])
        for year in entry.get("year", [])
    ]
    member.documents = [_document(member, document, now) for document in entry.get("document", [])]
    db.session.add(member)
    db.session.flush()
    return member


def _document(member: Member, entry: Entry, now: datetime) -> MemberDocument:
    """Staff have checked it the day after it came, unless the file says otherwise."""
    data = paper(entry["title"], [member.name, entry.get("text", "")])
    name = f"{entry['title']}, {member.name}.pdf"
    added, checked = _morning(entry.get("valid_from"), now), entry.get("checked", True)
    return MemberDocument(
        kind=entry["kind"],
        title=entry["title"],
        valid_from=entry.get("valid_from"),
        valid_to=entry.get("valid_to"),
        file=files.save(data, name=name, media_type="application/pdf", now=now),
        added_at=added,
        added_by=member.contact_name,
        checked_at=added + timedelta(days=1) if checked else None,
        checked_by=CHECKER if checked else "",
    )


def _morning(day: date | None, now: datetime) -> datetime:
    return datetime.combine(day, time(8), UTC) if day else now


def _load_catalog(now: datetime) -> None:
    start.load_shelves()
    data = _read("articles")
    members = {member.slug: member for member in db.session.scalars(select(Member))}
    categories = {category.slug: category for category in db.session.scalars(select(Category))}
    for entry in data["article"]:
        if db.session.scalar(select(Article.id).where(Article.number == entry["number"])) is None:
            _article(entry, categories[entry["category"]], members, data["areas"], now)
    for entry in data["article"]:
        if "parts" in entry:
            _fill_bundle(entry, now)


def _article(
    entry: Entry, category: Category, members: dict[str, Member], areas: dict[str, list[str]], now: datetime
) -> None:
    listed = entry.get("in_catalogue", True)
    on_sale = ApprovalState.MEMBERS if entry.get("for_members", False) else ApprovalState.APPROVED
    article = Article(
        **{name: entry[name] for name in ("number", "slug", "name", "description", "unit", "unit_text")},
        category=category,
        cpv=entry["cpv"] or None,
        vat_class=VatClass(entry["vat_class"]),
        price=Money.kronor(entry["price"]),
        state=on_sale if listed else ApprovalState.WITHDRAWN,
        created_at=now,
        kind=ArticleKind(entry["kind"]),
        withdrawal=Withdrawal(entry.get("withdrawal", "right")),
        **{name: Decimal(entry[name]) for name in AMOUNTS if name in entry},
        content_unit=entry.get("content_unit"),
        ingredients=entry.get("ingredients", ""),
        allergens=entry.get("allergens", []),
        deposit=Money.kronor(entry.get("deposit", "0")),
        rut=entry.get("rut", False),
        work=Work(entry["work"]) if "work" in entry else None,
        labour_percent=entry.get("labour_percent"),
    )
    article.offerings = [_offering(one, members[one["member"]], areas, now) for one in entry["offerings"]]
    db.session.add(article)
    if "parts" not in entry:
        versions.publish_article(article, by=None, now=now)
    for offering in article.offerings:
        versions.publish_offering(offering, by=None, now=now)
    indexing.reindex(article)


def _fill_bundle(entry: Entry, now: datetime) -> None:
    """The parts of a bundle, when all articles are there. One that has its parts is left as it is."""
    bundle = db.session.scalars(select(Article).where(Article.number == entry["number"])).one()
    if bundle.parts:
        return
    for place, part in enumerate(entry["parts"]):
        article = db.session.scalars(select(Article).where(Article.number == part["number"])).one()
        bundle.parts.append(
            BundlePart(article=article, quantity=Decimal(part["quantity"]), position=place, to_next=part["to_next"])
        )
    versions.publish_article(bundle, by=None, now=now)
    indexing.reindex(bundle)


def _offering(entry: Entry, member: Member, areas: dict[str, list[str]], now: datetime) -> Offering:
    served = sorted({code for area in entry["areas"] for code in areas[area]})
    return Offering(
        member=member,
        member_price=Money.kronor(entry["price"]),
        capacity_per_week=Decimal(str(entry["capacity_per_week"])),
        lead_days=entry["lead_days"],
        state=ApprovalState.APPROVED,
        created_at=now,
        areas=[OfferingArea(municipality=code) for code in served],
    )


def _customer(entry: Entry) -> None:
    if db.session.scalar(select(Customer.id).where(Customer.email == entry["email"])) is not None:
        return
    plain = ("name", "email", "phone", "street", "postcode", "city", "municipality", "payment_days")
    flags = ("needs_order_reference", "needs_buyer_reference")
    customer = Customer(
        kind=CustomerKind(entry["kind"]),
        org_number=entry["org_number"] or None,
        electronic_address=entry["electronic_address"] or None,
        **{name: entry[name] for name in (*plain, *flags)},
        sites=[Site(**site) for site in entry["site"]],
    )
    db.session.add(customer)
    db.session.flush()
    for contact in entry["contact"]:
        open_account(contact["email"], contact["name"], PASSWORD, customer_id=customer.id)
