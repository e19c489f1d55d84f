"""The staff's desk: what waits for somebody, each heap with its next step."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import clock, jobs, mail
from app.catalog.changing import queries as change_queries
from app.invoicing.einvoice import queries as einvoices
from app.invoicing.sending import queries as dispatches
from app.members.paper import queries as paper
from app.orders import complaint_queries, queries
from app.orders.delivery import missed
from app.orders.delivery import queries as delivery
from app.orders.quotes import queries as quote_queries
from app.orders.standing import queries as standing
from app.pages import web
from app.pages.staff.pictures import waiting_count
from app.payments import queries as money
from app.tenders.working.queries import late_for

bp = Blueprint("desk", __name__)


@bp.route("/")
def show() -> ResponseReturnValue:
    """The heaps with their counts, and the most urgent orders."""
    now = clock.now()
    return render_template(
        "staff/desk.html",
        counts=queries.desk_counts(now),
        orders=queries.desk("open", now)[:10],
        standing_trouble=standing.trouble_count(now),
        ways=delivery.asked_again_count(),
        visits=missed.waiting_count(),
        complaints=complaint_queries.waiting_count(),
        money_tasks=money.task_count(),
        quotes=quote_queries.waiting_count(),
        proposals=change_queries.waiting().total,
        waiting_pictures=waiting_count(),
        failed_jobs=len(jobs.failed()),
        invoices=dispatches.counts().tasks,
        held_invoices=einvoices.how_many_held(),
        paper_letters=paper.waiting_count(),
        uncertain_letters=len(mail.uncertain()),
        my_tasks=late_for(web.user(), clock.local_date(now)),
        worker=jobs.worker_alive(now),
    )
