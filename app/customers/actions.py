"""What staff enter about customers and the places to which they have things delivered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, clock, jobs, particulars
from app.accounts.models import User
from app.customers.facts import CustomerFacts, SiteFacts
from app.customers.models import Customer, InvoiceRhythm, Site
from app.db import db
from app.errors import Refused

CHARGING = "app.moneyflow.charge_customer"
_TAKEN = "Det finns redan en kund med det organisationsnumret. Sök efter den i listan."


def enter_customer(facts: CustomerFacts, *, by: User | None, now: datetime) -> Customer:
    """Enter a customer.

    Raises Refused for facts that cannot be, such as more than 30 days to pay that nobody has agreed on (RänteL 2 a §),
    and Taken for an organisation number that a customer has already.
    """
    customer = Customer()
    _write(customer, _checked(facts, now))
    audit.record(customer, "entered", by=by, now=now)
    return customer


def change_customer(customer: Customer, facts: CustomerFacts, *, by: User, now: datetime) -> Customer:
    """Change what is known of a customer. Orders and invoices are frozen copies and stay as they are.

    Raises Refused for facts that cannot be, Taken for another customer's organisation number.
    """
    facts = _checked(facts, now)
    changed = [name for name, value in asdict(facts).items() if getattr(customer, name) != value]
    set_rhythm(customer, facts.invoice_rhythm, by=by, now=now)
    _write(customer, facts)
    audit.record(customer, "changed", by=by, now=now, fields=", ".join(changed))
    return customer


def set_rhythm(customer: Customer, rhythm: InvoiceRhythm, *, by: User, now: datetime) -> Customer:
    """Choose when what the customer gets is charged. What the rhythm before has left is charged at once by a job."""
    if rhythm != customer.invoice_rhythm:
        audit.record(customer, "invoice rhythm", by=by, now=now, before=customer.invoice_rhythm.value, to=rhythm.value)
        customer.invoice_rhythm = rhythm
        jobs.enqueue(CHARGING, customer_id=customer.id, until=clock.local_date(now).replace(day=1).toordinal())
    return customer


def add_site(customer: Customer, facts: SiteFacts, *, by: User, now: datetime) -> Site:
    """Add a place to deliver to. Raises Refused for facts that cannot be."""
    site = Site(**asdict(facts.checked()))
    customer.sites.append(site)
    audit.record(site, "entered", by=by, now=now, customer=customer.name)
    return site


def change_site(site: Site, facts: SiteFacts, *, by: User, now: datetime) -> Site:
    """Change a place. Orders that are placed keep the old address. Raises Refused for facts that cannot be."""
    for name, value in asdict(facts.checked()).items():
        setattr(site, name, value)
    audit.record(site, "changed", by=by, now=now, customer=site.customer.name)
    return site


def remove_site(site: Site, *, by: User, now: datetime) -> None:
    """Take away a place that is no longer used; orders hold copies of the address."""
    audit.record(site, "removed", by=by, now=now, customer=site.customer.name, name=site.name)
    site.customer.sites.remove(site)
    db.session.flush()


def _checked(facts: CustomerFacts, now: datetime) -> CustomerFacts:
    facts = facts.checked()
    if facts.longer_terms_on is not None and facts.longer_terms_on > clock.local_date(now):
        raise Refused("Den längre betalningstiden kan inte vara avtalad en dag som inte har varit.")
    return facts


def _write(customer: Customer, facts: CustomerFacts) -> None:
    """Two of us may enter the same organisation at the same moment: the database says who came first."""
    own_id = customer.id or 0
    if _is_taken(facts.org_number, own_id):
        raise particulars.Taken(_TAKEN)
    try:
        with db.session.begin_nested():
            for name, value in asdict(facts).items():
                setattr(customer, name, value)
            db.session.add(customer)
    except IntegrityError as second:
        raise particulars.Taken(_TAKEN) from second


def _is_taken(org_number: str | None, own_id: int) -> bool:
    if org_number is None:
        return False
    same = select(Customer.id).where(Customer.org_number == org_number, Customer.id != own_id)
    return db.session.scalar(same) is not None
