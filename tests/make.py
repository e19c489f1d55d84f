"""Rows for tests, with sensible values for all that a test does not care about.

The cast is the same in all tests: Ljungbacken, Köksljus and Rena Rum are members, Nordbyn and Västerhamn buy,
Sam works for the sales company. Nobody of them exists. Rows are flushed, so that they have ids, and saved when
the test asks for a page or lets the worker work.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.actions import datastore
from app.accounts.models import Role, RoleName, Seat, User
from app.catalog import indexing
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, BundlePart, Category, Offering, OfferingArea
from app.customers.models import Customer, CustomerKind, Site
from app.db import Base, OneDatabase, db
from app.members.models import Absence, HeadCount, Member, MemberDocument, MemberKind, MemberYear
from app.money import Money
from app.vat import VatClass

GOTHENBURG, MOLNDAL, BORAS = "1480", "1481", "1490"
SOLD_IN = (GOTHENBURG, MOLNDAL)

PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c2Ftc2FsanNhbHQ$unusable"
"""No password has it: tests that sign in with a password open their account with `accounts.actions.open_account`."""

_counter = itertools.count(1)
TO_INDEX = "articles to index"
Row = TypeVar("Row", bound=Base)

LJUNGBACKEN = {"name": "Ljungbacken Frukt ek. för.", "slug": "ljungbacken", "org_number": "769999-0011"}
KOKSLJUS = {"name": "Köksljus Catering ek. för.", "slug": "kokljus", "org_number": "769999-0029"}
RENA_RUM = {"name": "Rena Rum Städkooperativ ek. för.", "slug": "renarum", "org_number": "769999-0037"}
NORDBYN = {"name": "Nordbyn Teknik AB", "org_number": "559999-2020", "email": "kontor@nordbyn.example"}
VASTERHAMN = {"name": "Västerhamns kommun", "org_number": "212099-9012", "email": "inkop@vasterhamn.example"}


def _add(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def _make_findable(article: Article) -> None:
    """Write it into the search index when the test saves: to do so for each article by itself takes half the time."""
    db.session.info.setdefault(TO_INDEX, set()).add(article.id)


@event.listens_for(OneDatabase, "before_commit")
def _index(session: Session) -> None:
    if not session.in_nested_transaction() and (ids := session.info.pop(TO_INDEX, None)):
        indexing.reindex_many(ids)


@event.listens_for(OneDatabase, "after_rollback")
def _index_nothing(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(TO_INDEX, None)


def make_member(**values: Any) -> Member:
    """A member; two of them need different slugs and organisation numbers, which are drawn when not given."""
    number = next(_counter)
    slug = values.get("slug", f"medlem-{number}")
    return _add(
        Member(
            **{
                "slug": slug,
                "name": f"Medlem {number} ek. för.",
                "org_number": f"769998-{number:04d}",
                "legal_form": "Ekonomisk förening",
                "street": "Provgatan 1",
                "postcode": "411 01",
                "city": "Göteborg",
                "municipality": GOTHENBURG,
                "email": f"{slug}@medlem.example",
                "contact_name": "Kim Exempel",
                **values,
            }
        )
    )


def make_ljungbacken(**values: Any) -> Member:
    """Ljungbacken packs fruit baskets in Göteborg."""
    return make_member(**{**LJUNGBACKEN, **values})


def make_kokljus(**values: Any) -> Member:
    """Köksljus makes sandwiches in Göteborg."""
    return make_member(**{**KOKSLJUS, **values})


def make_rena_rum(**values: Any) -> Member:
    """Rena Rum cleans offices in Mölndal."""
    return make_member(**{**RENA_RUM, "city": "Mölndal", "municipality": MOLNDAL, **values})


def make_sales_company(**values: Any) -> Member:
    """Samklang, which the members own together."""
    fixed = {"kind": MemberKind.SALES_COMPANY, "slug": "samklang", "name": "Samklang Sälj ek. för."}
    return make_member(**{**fixed, "org_number": "769999-0003", "email": "post@samklang.example", **values})


def make_category(**values: Any) -> Category:
    """A shelf of the catalogue."""
    number = next(_counter)
    fixed = {"slug": f"kategori-{number}", "name_sv": f"Kategori {number}", "name_en": f"Category {number}"}
    return _add(Category(**{**fixed, "illustration": "fruit", "position": number, **values}))


def any_category() -> Category:
    """The first shelf there is, or a new one."""
    return db.session.scalar(select(Category).order_by(Category.position)) or make_category()


def make_article(name: str = "Fruktkorg 5 kg", **values: Any) -> Article:
    """An approved article at 212 kr a piece, food VAT."""
    number = next(_counter)
    values.setdefault("category", any_category())
    return _add(
        Article(
            **{
                "number": f"T{number:04d}",
                "slug": f"artikel-{number}",
                "name": name,
                "description": f"{name}, levererad.",
                "unit": "C62",
                "vat_class": VatClass.FOOD,
                "price": Money(21200),
                "state": ApprovalState.APPROVED,
                "created_at": clock.now(),
                **values,
            }
        )
    )


def make_offering(
    article: Article, member: Member, *, municipalities: Iterable[str] = SOLD_IN, **values: Any
) -> Offering:
    """A member makes the article: 100 a week, two working days ahead, for four fifths of the price. It can be found."""
    made = _add(
        Offering(
            **{
                "article": article,
                "member": member,
                "member_price": article.price.times(Decimal("0.8")),
                "capacity_per_week": Decimal(100),
                "lead_days": 2,
                "state": ApprovalState.APPROVED,
                "created_at": clock.now(),
                "areas": [OfferingArea(municipality=code) for code in municipalities],
                **values,
            }
        )
    )
    _make_findable(article)
    return made


def make_bundle(name: str, *parts: tuple[Article, str, bool], **values: Any) -> Article:
    """A bundle of so much of each article, and whether it goes to whoever makes the next part. It can be found."""
    bundle = make_article(name, **{"unit": "H87", "kind": ArticleKind.BUNDLE, **values})
    bundle.parts = [
        BundlePart(article=article, quantity=Decimal(quantity), position=place, to_next=to_next)
        for place, (article, quantity, to_next) in enumerate(parts)
    ]
    _make_findable(bundle)
    return bundle


def make_customer(*, with_site: bool = True, **values: Any) -> Customer:
    """A company in Göteborg with one site."""
    number = next(_counter)
    address = {"street": "Köpgatan 2", "postcode": "411 02", "city": "Göteborg", "municipality": GOTHENBURG}
    fixed = {
        "kind": CustomerKind.COMPANY,
        "name": f"Kund {number} AB",
        "org_number": f"559998-{number:04d}",
        "email": f"kund-{number}@kund.example",
        **address,
    }
    customer = _add(Customer(**{**fixed, **values}))
    if with_site:
        make_site(customer, **{key: values.get(key, address[key]) for key in address})
    return customer


def make_nordbyn(**values: Any) -> Customer:
    """Nordbyn, a company that pays within 20 days."""
    return make_customer(**{**NORDBYN, "payment_days": 20, **values})


def make_vasterhamn(**values: Any) -> Customer:
    """Västerhamn, a municipality that wants references on its invoices."""
    fixed = {"kind": CustomerKind.PUBLIC, "needs_buyer_reference": True, "needs_order_reference": True}
    return make_customer(**{**VASTERHAMN, **fixed, **values})


def make_site(customer: Customer, **values: Any) -> Site:
    """A place to which the customer has things delivered."""
    address = {"street": "Köpgatan 2", "postcode": "411 02", "city": "Göteborg", "municipality": GOTHENBURG}
    return _add(Site(**{"customer": customer, "name": "Kontoret", **address, **values}))


def make_user(
    email: str | None = None,
    *,
    roles: Iterable[RoleName] = (),
    member: Member | None = None,
    customer: Customer | None = None,
    **values: Any,
) -> User:
    """A person with an account, and a seat when a member or a customer is given. `visit(user.email)` signs in."""
    number = next(_counter)
    address = email or f"person-{number}@exempel.example"
    fixed = {"email": address, "name": f"Person {number}", "password": PASSWORD_HASH, "active": True}
    user: User = datastore.create_user(**{**fixed, **values})
    user.roles = [_role(name) for name in roles]
    db.session.flush()
    if member or customer:
        _add(Seat(user=user, member_id=member.id if member else None, customer_id=customer.id if customer else None))
    return user


def make_sam(*roles: RoleName, **values: Any) -> User:
    """Sam, who works for the sales company; with sales when no role is given."""
    fixed = {"email": "sam@samklang.example", "name": "Sam Exempel"}
    return make_user(**{**fixed, **values}, roles=roles or (RoleName.SALES,))


def _role(name: RoleName) -> Role:
    return db.session.scalar(select(Role).where(Role.name == name)) or Role(name=name)


def make_absence(member: Member, first_day: date, last_day: date, **values: Any) -> Absence:
    """Days on which the member takes no work."""
    return _add(Absence(**{"member": member, "first_day": first_day, "last_day": last_day, **values}))


def make_head_count(member: Member, **values: Any) -> HeadCount:
    """Ten occupied, six of them of the target group; somebody has looked at it."""
    fixed = {"counted_on": date(2026, 10, 1), "occupied": 10, "target_group": 6, "method": "Räknat i personallistan"}
    fixed |= {"verified_by": "Vera Exempel", "verified_at": clock.now()}
    return _add(HeadCount(**{"member": member, **fixed, **values}))


def make_member_year(member: Member, year: int, turnover: Money, employees: int = 10) -> MemberYear:
    """What a year's accounts say."""
    return _add(MemberYear(member=member, year=year, turnover=turnover, employees=employees))


def make_document(member: Member, kind: str, **values: Any) -> MemberDocument:
    """A paper in the member's vault, without a file."""
    fixed: dict[str, str | date | datetime] = {"title": kind, "valid_from": date(2026, 1, 1), "added_at": clock.now()}
    return _add(MemberDocument(**{"member": member, "kind": kind, **fixed, **values}))
