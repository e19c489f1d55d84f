"""Customers, signed in or guests: basket, checkout, orders."""

from flask import Blueprint

from app.pages.buyer import (
    again,
    agreements,
    approvals,
    basket,
    calendars,
    card,
    changes,
    checkout,
    complaints,
    direct_purchases,
    drafts,
    invoices,
    orders,
    parcels,
    questions,
    quotes,
    standing,
)

PAGES = (
    again,
    agreements,
    approvals,
    basket,
    calendars,
    card,
    changes,
    checkout,
    complaints,
    direct_purchases,
    drafts,
    invoices,
    orders,
    parcels,
    questions,
    quotes,
    standing,
)

bp = Blueprint("buyer", __name__)
for page in PAGES:
    bp.register_blueprint(page.bp)
