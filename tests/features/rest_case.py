"""What finance does when the tax agency has answered: writes it down, invoices the rest, and credits it again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.db import db
from app.household.models import ReliefClaim, ReliefDeduction, ReliefPart
from app.invoicing.models import InvoiceRecord
from app.money import Money
from tests.features.relief_case import FIA, deliver, fill, the_order, wish
from tests.people import text

PAGE = "/personal/rut-rot"
PAID, REFUSED, LATER = "2026-11-23", "2026-11-24", "2026-11-25"
ASKED = Money.kronor(1000)
"""Four hours at 400 kr with VAT are 2 000 kr of labour; half of it is the deduction."""


def asked_for(town: dict[str, int], guest: Any, visit: Any, clock: Any) -> Any:
    """Ingrid's cleaning is done, invoiced, paid and asked for; Fia of finance, who is returned, has the answer."""
    fill(guest, town, cleaning="4")
    assert guest.fill("/kassa", wish(town, "cleaning")).status_code == 303
    deliver(the_order())
    (deduction,) = rows(ReliefDeduction)
    fia = visit(FIA)
    fia.fill(f"{PAGE}/avdrag/{deduction.id}", {"paid_on": PAID, "electronic": "y"})
    fia.fill(PAGE, {}, form=f"form[action='{PAGE}/fil']")
    assert len(rows(ReliefClaim)) == 1
    assert part().amount == ASKED
    clock.move(days=2)
    return fia


def rows(kind: Any) -> list[Any]:
    """All rows of a kind, read anew."""
    db.session.expire_all()
    return list(db.session.scalars(select(kind).order_by(kind.id)))


def part() -> ReliefPart:
    (found,) = rows(ReliefPart)
    return found


def invoices() -> list[InvoiceRecord]:
    return rows(InvoiceRecord)


def refuse(fia: Any, approved: str = "0") -> InvoiceRecord:
    """The agency has decided, and the customer gets an invoice for the rest."""
    assert fia.fill(f"{PAGE}/del/{part().id}", {"approved": approved, "decided_on": REFUSED}).status_code == 303
    return invoice_the_rest(fia)


def invoice_the_rest(fia: Any) -> InvoiceRecord:
    assert fia.post(f"{PAGE}/del/{part().id}/faktura").status_code == 303
    return invoices()[-1]


def change_its_mind(fia: Any, approved: str, on: str = LATER) -> Any:
    return fia.fill(f"{PAGE}/del/{part().id}/omprovning", {"approved": approved, "decided_on": on})


def credit(fia: Any, record: InvoiceRecord, amount: str = "", **more: str) -> Any:
    where = f"/personal/fakturor/{record.id}"
    values = {"amount": amount, "why": "Vi bjuder på det.", **more}
    return fia.fill(where, values, form=f"form[action='{where}/kreditera-rest']")


def row_of_the_agency(fia: Any) -> list[str]:
    page = fia.page(f"/personal/bestallningar/{the_order().number}/pengarna")
    (table,) = (one for one in page.cssselect("table") if "Skatteverket" in text(one.cssselect("caption")[0]))
    return [one.text_content().strip() for one in table.cssselect("tbody td")]


def shown(browser: Any, where: str) -> str:
    return text(browser.page(where)).replace("\xa0", " ")
