"""What staff do with price lists. Every act makes a new edition of the catalogue, so that pages show it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, clock, particulars
from app.accounts.models import User
from app.catalog.drafts import check_price
from app.catalog.models import ApprovalState, Article
from app.catalog.pricing import marks
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind, ListState
from app.catalog.pricing.steps import Step, adjusted, check_steps
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours, Refused
from app.money import Money
from app.units import LARGEST_QUANTITY, figure, unit

MOST_STEPS = 6
LARGEST_CHANGE = 90
"""Per cent up or down when a list is copied. More is a slip of the finger."""
_TAKEN = "Det finns redan en prislista som heter så."
_ENDED = "Prislistan är avslutad och kan inte ändras. Kopiera den i stället."


@dataclass(frozen=True, slots=True)
class ListDraft:
    """What is written about a price list."""

    name: str
    valid_from: date
    valid_to: date | None = None
    agreement: str = ""
    only_listed: bool = False
    note: str = ""

    def checked(self, kind: ListKind) -> ListDraft:
        """The same, as it is kept. Raises Refused for what no list of the kind can be."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Refused("Prislistans sista dag ligger före den första.")
        if kind == ListKind.CAMPAIGN and self.valid_to is None:
            raise Refused("En kampanj måste ha en sista dag, annars är det inget tillfälligt pris.")
        agreed = kind == ListKind.FRAMEWORK
        return replace(
            self,
            name=particulars.line(self.name, "Namnet"),
            agreement=particulars.line(self.agreement, "Avtalsnumret", longest=60) if agreed else "",
            only_listed=self.only_listed and agreed,
            note=particulars.paragraphs(self.note, "Anteckningen", longest=1000),
        )


@dataclass(frozen=True, slots=True)
class RowDraft:
    """One step of an article's price in a list."""

    min_quantity: Decimal
    """Nought for any quantity."""
    price: Money
    member_price: Money | None = None


def create_list(
    kind: ListKind,
    draft: ListDraft,
    *,
    group_id: int | None = None,
    customers: Iterable[Customer] = (),
    by: User | None,
    now: datetime,
) -> PriceList:
    """A new list as a draft: it has no say before it is activated. Raises Refused."""
    if (kind == ListKind.GROUP) != (group_id is not None):
        raise Refused("Välj vilken kundgrupp prislistan gäller.")
    made = PriceList(kind=kind, created_at=now, group_id=group_id, customers=list(customers))
    _write(made, draft.checked(kind))
    audit.record(made, "created", by=by, now=now, kind=kind.value)
    return made


def change_list(price_list: PriceList, draft: ListDraft, *, by: User, now: datetime) -> PriceList:
    """Change what is written about a list. Raises Refused, also for a beginning that has been.

    What customers have been shown can be read from the list's days, so days that have been are not rewritten.
    """
    _must_live(price_list)
    draft, today = draft.checked(price_list.kind), clock.local_date(now)
    if price_list.state == ListState.ACTIVE:
        _check_first_day(price_list, draft, today)
        _check_last_day(price_list, draft, today)
    changed = [name for name, value in asdict(draft).items() if getattr(price_list, name) != value]
    _write(price_list, draft)
    audit.record(price_list, "changed", by=by, now=now, fields=", ".join(changed))
    marks.follow(price_list, now=now)
    return price_list


def add_customer(price_list: PriceList, customer: Customer, *, by: User, now: datetime) -> PriceList:
    """It is this customer's list, or the customer may call off from the agreement. Raises Refused."""
    _must_live(price_list)
    if price_list.kind not in {ListKind.CUSTOMER, ListKind.FRAMEWORK}:
        raise Refused("Prislistan är inte till för enskilda kunder.")
    if customer in price_list.customers:
        raise Refused(f"{customer.name} har redan prislistan.")
    if price_list.kind == ListKind.CUSTOMER and price_list.customers:
        raise Refused("Prislistan har redan sin kund. Kopiera den för en kund till, eller gör en kundgrupp.")
    price_list.customers.append(customer)
    audit.record(price_list, "customer added", by=by, now=now, customer=customer.name)
    return price_list


def remove_customer(price_list: PriceList, customer_id: int, *, by: User, now: datetime) -> PriceList:
    """The customer no longer has the list's prices. Raises NotYours for one that never had, Refused."""
    _must_live(price_list)
    customer = next((one for one in price_list.customers if one.id == customer_id), None)
    if customer is None:
        raise NotYours
    if price_list.state == ListState.ACTIVE and len(price_list.customers) == 1:
        raise Refused("En prislista i bruk måste ha en kund. Avsluta den i stället.")
    price_list.customers.remove(customer)
    audit.record(price_list, "customer removed", by=by, now=now, customer=customer.name)
    return price_list


def set_rows(
    price_list: PriceList, article: Article, drafts: Sequence[RowDraft], *, by: User | None, now: datetime
) -> list[PriceRow]:
    """The steps of an article's price; none takes it out of the list. Returns what holds now. Raises Refused.

    A row that is the same stays. In a list that has been in use, others are kept as they were, with the moment they
    went.
    """
    _must_live(price_list)
    wanted = _checked_rows(article, drafts)
    kept: list[PriceRow] = []
    gone: list[PriceRow] = []
    for row in rows_now(price_list, article.id):
        same = next((one for one in wanted if _is(row, one)), None)
        (gone if same is None else kept).append(row)
        wanted = [one for one in wanted if one is not same]
    for row in gone:
        if price_list.state == ListState.DRAFT:
            db.session.delete(row)
        else:
            row.gone_at = now
    db.session.flush()
    made = [_row(price_list, article, one, now) for one in wanted]
    db.session.add_all(made)
    steps = ", ".join(f"{figure(one.min_quantity)}: {one.price}" for one in sorted(drafts, key=_by_quantity))
    audit.record(price_list, "rows set", by=by, now=now, article=article.number, steps=steps)
    marks.follow(price_list, article.id, now=now)
    return [*kept, *made]


def fill_list(price_list: PriceList, prices: Mapping[Article, RowDraft], *, by: User | None, now: datetime) -> None:
    """Write many articles' prices into a draft that is empty, as when an agreement is made. Raises Refused."""
    for article, draft in prices.items():
        _checked_rows(article, [draft])
    db.session.add_all(_row(price_list, article, draft, now) for article, draft in prices.items())
    audit.record(price_list, "filled", by=by, now=now, articles=len(prices))
    db.session.flush()


def activate_list(price_list: PriceList, *, by: User | None, now: datetime) -> PriceList:
    """The list has a say from its first day on. Raises Refused when something is missing."""
    if price_list.state != ListState.DRAFT:
        raise Refused("Prislistan är redan i bruk eller avslutad.")
    if price_list.kind in {ListKind.CUSTOMER, ListKind.FRAMEWORK} and not price_list.customers:
        raise Refused("Prislistan har ingen kund. Välj vem den gäller.")
    if not rows_now(price_list):
        raise Refused("Prislistan har inga priser. Lägg till en artikel först.")
    if price_list.valid_to is not None and price_list.valid_to < clock.local_date(now):
        raise Refused("Prislistans sista dag har redan varit. Ändra dagarna först.")
    price_list.state, price_list.activated_at = ListState.ACTIVE, now
    audit.record(price_list, "activated", by=by, now=now)
    marks.follow(price_list, now=now)
    return price_list


def end_list(price_list: PriceList, *, by: User, now: datetime) -> PriceList:
    """The list has no say from now on. Orders that are placed keep their prices. Raises Refused for one that ended."""
    _must_live(price_list)
    marks.follow(price_list, now=now)
    price_list.state, price_list.ended_on = ListState.ENDED, clock.local_date(now)
    audit.record(price_list, "ended", by=by, now=now)
    return price_list


def copy_list(
    price_list: PriceList, draft: ListDraft, percent: Decimal, nearest: Money, *, by: User, now: datetime
) -> PriceList:
    """A new draft with the same audience and rows, so many per cent dearer or cheaper, to the nearest whole so much.

    What members are paid is agreed with them, so it is copied as it is. Raises Refused.
    """
    if not -LARGEST_CHANGE <= percent <= LARGEST_CHANGE:
        raise Refused(f"Priserna kan höjas eller sänkas med högst {LARGEST_CHANGE} %.")
    customers = list(price_list.customers)
    made = create_list(price_list.kind, draft, group_id=price_list.group_id, customers=customers, by=by, now=now)
    for row in rows_now(price_list):
        amount = check_price(adjusted(row.price, percent, nearest))
        step = RowDraft(row.min_quantity, amount, row.member_price)
        db.session.add(_row(made, row.article, step, now))
    audit.record(made, "copied", by=by, now=now, origin=price_list.name, percent=str(percent))
    return made


def rows_now(price_list: PriceList, article_id: int | None = None) -> list[PriceRow]:
    """The rows that hold, of one article or of all, by article and quantity."""
    query = select(PriceRow).where(PriceRow.price_list_id == price_list.id, PriceRow.gone_at.is_(None))
    if article_id is not None:
        query = query.where(PriceRow.article_id == article_id)
    return list(db.session.scalars(query.order_by(PriceRow.article_id, PriceRow.min_quantity)))


def _check_first_day(price_list: PriceList, draft: ListDraft, today: date) -> None:
    if draft.valid_from != price_list.valid_from and (price_list.valid_from <= today or draft.valid_from < today):
        raise Refused("Prislistan har börjat gälla. Den första dagen kan inte ändras längre.")


def _check_last_day(price_list: PriceList, draft: ListDraft, today: date) -> None:
    if draft.valid_to == price_list.valid_to:
        return
    if price_list.valid_to is not None and price_list.valid_to < today:
        raise Refused("Prislistan har slutat gälla. Kopiera den om den ska börja om.")
    if draft.valid_to is not None and draft.valid_to < today:
        raise Refused("Den sista dagen har redan varit. Avsluta prislistan i stället.")


def _checked_rows(article: Article, drafts: Sequence[RowDraft]) -> list[RowDraft]:
    if len(drafts) > MOST_STEPS:
        raise Refused(f"En artikel kan ha högst {MOST_STEPS} steg i en prislista.")
    if drafts and article.state not in {ApprovalState.APPROVED, ApprovalState.AGREED}:
        raise Refused("Artikeln finns inte i katalogen, så ingen kan köpa den.")
    for one in drafts:
        check_price(one.price)
        if one.member_price is not None:
            check_price(one.member_price, "Medlemspriset")
        _check_quantity(article, one.min_quantity)
    check_steps([Step(one.min_quantity, one.price) for one in drafts])
    return list(drafts)


def _check_quantity(article: Article, quantity: Decimal) -> None:
    measure = unit(article.unit)
    if not 0 <= quantity <= LARGEST_QUANTITY or quantity != round(quantity, measure.decimals):
        raise Refused(f"{figure(quantity)} är inget antal som {article.name} kan säljas i.")


def _is(row: PriceRow, draft: RowDraft) -> bool:
    return (row.min_quantity, row.price, row.member_price) == (draft.min_quantity, draft.price, draft.member_price)


def _row(price_list: PriceList, article: Article, draft: RowDraft, now: datetime) -> PriceRow:
    return PriceRow(
        price_list=price_list,
        article=article,
        article_version=article.version or None,
        min_quantity=draft.min_quantity,
        price=draft.price,
        member_price=draft.member_price,
        set_at=now,
    )


def _by_quantity(draft: RowDraft) -> Decimal:
    return draft.min_quantity


def _must_live(price_list: PriceList) -> None:
    if price_list.state == ListState.ENDED:
        raise Refused(_ENDED)


def _write(price_list: PriceList, draft: ListDraft) -> None:
    """Two of us may choose the same name at the same moment: the database says who came first."""
    with db.session.no_autoflush:
        for name, value in asdict(draft).items():
            setattr(price_list, name, value)
    try:
        with db.session.begin_nested():
            db.session.add(price_list)
    except IntegrityError as second:
        raise Refused(_TAKEN) from second
