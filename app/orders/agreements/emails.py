"""Letters about agreements: to those of us who sell, and to buyers. Their words are in templates/emails/."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import current_app

from app import mail
from app.customers.models import Customer
from app.db import db
from app.formats import swedish_day
from app.mail import Letter
from app.members.emails import send_to
from app.members.models import Member
from app.orders.agreements import queries
from app.orders.agreements.models import Agreement, AgreementLeaving, CeilingWarning, IndexRise, Noticed
from app.units import figure

SUBJECTS = {
    Noticed.OPTION: "Avtalet kan förlängas",
    Noticed.END: "Avtalet går snart ut",
    Noticed.REPORT: "Statistik ska lämnas",
    Noticed.WINDOW: "Nya priser kan begäras",
}


def ceiling_reached(agreement: Agreement, warning: CeilingWarning, *, now: datetime) -> list[Letter]:
    """So much of the ceiling has been called off."""
    subject = "Takvärdet är nått" if warning.percent >= 100 else f"{warning.percent} % av takvärdet är avropat"
    return _to_staff("agreement_ceiling", subject, agreement, now, warning=warning)


def reminder(agreement: Agreement, kind: Noticed, day: date, *, now: datetime, words: str = "") -> list[Letter]:
    """A day comes on which somebody must have done something."""
    told = swedish_day(day, now.date())
    return _to_staff("agreement_reminder", SUBJECTS[kind], agreement, now, about=kind.value, day=told, words=words)


def member_leaves(agreement: Agreement, leaving: AgreementLeaving, *, now: datetime) -> list[Letter]:
    """A member leaves: who takes over, and what nobody can carry."""
    day = swedish_day(leaving.from_day, now.date())
    return _to_staff(
        "agreement_member_leaves", f"{leaving.member.name} lämnar avtalet", agreement, now, leaving=leaving, day=day
    )


def tell_members(agreement: Agreement, leaving: AgreementLeaving, *, now: datetime) -> None:
    """Who takes over learns what is expected of it, and who leaves that it is written down."""
    day = swedish_day(leaving.from_day, now.date())
    given = {"agreement": agreement, "leaving": leaving, "day": day}
    for member, rows in _taken_over(leaving):
        body = mail.words("agreement_taken_over", rows=rows, link=_link(member, agreement), **given)
        subject = f"Ni tar över en del av avtalet: {agreement.number}"
        send_to(member, kind="agreement_taken_over", subject=subject, body=body, now=now)
    leaver = leaving.member
    body = mail.words("agreement_left", link=_link(leaver, agreement), **given)
    send_to(leaver, kind="agreement_left", subject=f"Ni lämnar avtalet: {agreement.number}", body=body, now=now)


def _taken_over(leaving: AgreementLeaving) -> list[tuple[Member, list[dict[str, str]]]]:
    """Each that takes over, with how much of which article."""
    found: dict[int, list[dict[str, str]]] = {}
    for row in leaving.plan["rows"]:
        for one in row["taken"]:
            yearly = figure(Decimal(one["yearly"]))
            found.setdefault(one["member_id"], []).append({"article": row["article"], "yearly": yearly})
    return [(db.session.get_one(Member, id_), rows) for id_, rows in found.items()]


def _link(member: Member, agreement: Agreement) -> str:
    page = "personal" if member.is_sales_company else "medlem"
    return f"{current_app.config['BASE_URL']}/{page}/ramavtal/{agreement.id}"


def new_prices(agreement: Agreement, rise: IndexRise, customer: Customer, *, now: datetime) -> Letter:
    """A buyer learns of the prices that hold from a day on."""
    link = f"{current_app.config['BASE_URL']}/bestallningar/ramavtal/{agreement.id}"
    body = mail.words(
        "agreement_new_prices",
        agreement=agreement,
        rise=rise,
        customer=customer,
        day=swedish_day(rise.from_day, now.date()),
        link=link,
    )
    subject = f"Nya priser från {swedish_day(rise.from_day, now.date())}: {agreement.number}"
    to = (customer.name, customer.email)
    return mail.write(kind="agreement_new_prices", to=to, subject=subject, body=body, now=now)


def ends(agreement: Agreement, why: str, *, now: datetime) -> list[Letter]:
    """Every buyer learns that it ends before its time, and which of its standing orders it concerns."""
    day, link = swedish_day(agreement.last_day, now.date()), f"{current_app.config['BASE_URL']}/bestallningar/ramavtal"
    standing = queries.standing_under(agreement, now.date())
    written = []
    for customer in queries.buyers(agreement):
        mine = [one for one in standing if one.customer_id == customer.id]
        body = mail.words("agreement_ends", agreement=agreement, why=why, day=day, standing=mine, link=link)
        to, subject = (customer.name, customer.email), f"Avtalet slutar i förtid: {agreement.number}"
        written.append(mail.write(kind="agreement_ends", to=to, subject=subject, body=body, now=now))
    return written


def _to_staff(kind: str, subject: str, agreement: Agreement, now: datetime, **values: object) -> list[Letter]:
    link = f"{current_app.config['BASE_URL']}/personal/ramavtal/{agreement.id}"
    written = []
    for user in queries.staff_to_tell():
        body = mail.words(kind, agreement=agreement, user=user, link=link, **values)
        to, headline = (user.name, user.email), f"{subject}: {agreement.number}"
        written.append(mail.write(kind=kind, to=to, subject=headline, body=body, now=now))
    return written
