"""What staff wish to change, between the form and the request to change it."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from flask import request

from app.catalog.changing import changes
from app.catalog.changing import queries as change_queries
from app.catalog.changing.actions import Wish, stand
from app.catalog.models import Article
from app.money import Money


def as_wished(article: Article, request_id: int | None) -> Any:
    """The article as it is, or as a change of ours that has been sent back would have it."""
    if request_id is None:
        return article
    found = change_queries.request_by_staff(request_id, article)
    state = changes.rebase(*stand(found)) if found.is_open else change_queries.state_now(article)
    draft = changes.draft_from(state)
    values = {one.name: getattr(draft, one.name) for one in fields(draft)}
    return SimpleNamespace(**values, number=state["number"], price=Money(state["price"]))


def wish(state: dict[str, Any]) -> Wish:
    """What was typed, and on the ground of which version."""
    note, colleague = request.form.get("note", ""), "colleague" in request.form
    return Wish(state, request.form.get("base", type=int), note, colleague)
