"""A member's part of an application: what it does, its rows of the budget, and who answers for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import callflow, clock
from app.db import db
from app.pages import bid_words, call_words, web
from app.pages.budget_form import BudgetForm
from app.tenders import promise_actions
from app.tenders.models import BidParty


def page(
    party: BidParty,
    decline_form: FlaskForm,
    *,
    is_open: bool,
    papers: Sequence[Any],
    form: BudgetForm | None = None,
) -> ResponseReturnValue:
    """Its own rows and papers, and nothing of anybody else's."""
    call_words.speak()
    entries = promise_actions.entries_of(party)
    shown = render_template(
        "member/bids/budget.html",
        party=party,
        tender=party.bid.tender,
        entries=entries,
        own={str(entry.id): entry for entry in entries},
        kinds=call_words.KINDS,
        is_open=is_open,
        form=form or BudgetForm(party, entries, formdata=None),
        decline=decline_form,
        papers=papers,
        words=bid_words,
    )
    return shown, 422 if form or decline_form.errors else 200


def answer(party: BidParty, again: Callable[[BudgetForm], ResponseReturnValue]) -> ResponseReturnValue:
    """Answer for the rows. `again` shows the page with what was wrong."""
    call_words.speak()
    bid_id, now = party.bid_id, clock.now()
    form = BudgetForm(party, promise_actions.entries_of(party))
    if form.validate_on_submit():
        with web.refusals(form):
            callflow.answer(party, form.answers(), form.signed_by.data, form.does.data or "", by=web.user(), now=now)
            db.session.commit()
            flash(_("Thank you! Your answer is saved. You can change it until the bid is handed in."), "success")
            return web.back_to("member.bids.show", bid_id=bid_id)
    return again(form)
