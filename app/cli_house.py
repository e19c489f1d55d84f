"""Commands of whoever looks after a real house: open it, and seal people's numbers with a new key."""

from __future__ import annotations

from typing import Any

import click

from app import clock, places
from app.accounts import actions as accounts
from app.accounts.models import RoleName
from app.db import db
from app.errors import Refused
from app.household.actions import reseal_all
from app.members import actions as members
from app.members.facts import MemberFacts


@click.command("open-house")
@click.option("--name", required=True, help="The sales company's name.")
@click.option("--org-number", required=True, help="Ten figures: NNNNNN-NNNN.")
@click.option("--email", required=True, help="The sales company's own address.")
@click.option("--admin-email", required=True, help="The first administrator's address.")
@click.option("--admin-name", required=True)
@click.option("--legal-form", default="ekonomisk förening", show_default=True)
@click.option("--street", default="")
@click.option("--postcode", default="")
@click.option("--city", default="")
@click.option("--municipality", default="", help="Name, or SCB's four figures.")
@click.option("--phone", default="")
@click.option("--vat-number", default="", help="SE and twelve figures.")
@click.option("--bankgiro", default="")
def open_house(admin_email: str, admin_name: str, **given: str) -> None:
    """Enter the sales company into an empty house, and open its first administrator's account.

    No letter may go out yet, so the link to choose a password is printed.
    """
    try:
        link = _open(MemberFacts(**_with_code(given)), admin_email, admin_name)
    except Refused as no:
        db.session.rollback()
        raise click.ClickException(str(no)) from no
    db.session.commit()
    click.echo(f"{given['name']} är inskrivet. {admin_name} väljer lösenord här inom ett dygn:\n\n{link}\n")
    click.echo("Fyll sedan i det som saknas på sidan Medlemmar: adress, momsnummer och bankgiro står på varje faktura.")


def _open(facts: MemberFacts, admin_email: str, admin_name: str) -> str:
    now = clock.now()
    members.enter_sales_company(facts, now=now)
    return accounts.password_link(accounts.admit(admin_email, admin_name, roles=(RoleName.ADMIN,), by=None, now=now))


def _with_code(given: dict[str, str]) -> dict[str, Any]:
    found = places.by_name(given["municipality"])
    return {**given, "municipality": found.code if found else given["municipality"].strip()}


@click.command("reseal-personal-data")
def reseal() -> None:
    """Seal all personal identity numbers with the first key of PERSONAL_DATA_KEY, so that the others can go."""
    count = reseal_all()
    db.session.commit()
    click.echo(f"{count} personnummer är förseglade med den första nyckeln. De andra nycklarna kan tas bort.")
