"""What is typed on the page of an answer travels with every button of the page, and is there again afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from flask import Response, flash, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import clock
from app.db import db
from app.pages import web
from app.tenders.working import unsaved
from app.tenders.working.models import UnsavedAnswer

FORM = "svaret"
"""The id of the form that holds the whole page."""
FOR, ON = "typed_for", "typed_on"
TASK, REMARK = "task-", "remark-"
PARTS = {TASK: ("who", "due_on", "what"), REMARK: ("text",)}
"""The parts beside the answer, and which of their fields somebody must have filled in."""
NOT_TYPED = {"csrf_token", FOR, ON, "till", "use", "upto"}
OF_ANSWER = ("says", "text", "responsible", "confidential", "confidential_reason", "proof_appendix", "proof_title")
MORE_OF_ANSWER = ("proof_valid_to", "taken")
SAVING = "staff.tenders.answers.edit"
WENT_ELSEWHERE = {302, 303}


def mark_of(fields: Mapping[str, str]) -> str:
    """A fingerprint of what an answer's fields say, by which is seen whether anybody has typed in them."""
    said = (fields.get(name, "").replace("\r\n", "\n").strip() for name in (*OF_ANSWER, *MORE_OF_ANSWER))
    return sha256("\0".join(said).encode()).hexdigest()[:16]


def sent(part: str) -> None:
    """A part of the page, `TASK` or `REMARK`, has been done what it was sent for: it need not come back."""
    g.sent_part = part


def given_back(kept: UnsavedAnswer | None, *, beside: bool = False) -> MultiDict[str, str] | None:
    """What a form of the page is filled with: what was just sent, else what was kept of it."""
    if request.form.get(FOR):
        return MultiDict(request.form) if beside else None
    if kept is None or not (beside or "text" in kept.typed):
        return None
    return MultiDict([(name, value) for name, values in kept.typed.items() for value in values])


def keep_typed(response: Response) -> Response:
    """After an act on the page that was not to save the answer: keep what was typed, whatever became of the act."""
    if request.method != "POST" or response.status_code not in WENT_ELSEWHERE:
        return response
    requirement_id = request.form.get(FOR, type=int)
    tender_id, viewer = (request.view_args or {}).get("tender_id"), web.viewer().user
    if viewer is None or tender_id is None or not requirement_id or requirement_id > web.LARGEST_ID:
        return response
    db.session.rollback()
    if not unsaved.keep(tender_id, requirement_id, _typed(), by=viewer.id, now=clock.now()):
        flash(_("What you had typed was too long to be kept."), "error")
    db.session.commit()
    file = request.files.get("proof_file")
    if file is not None and file.filename and request.endpoint != SAVING:
        flash(_("Choose the file once more when you save the answer: it is not kept until then."), "error")
    return response


def _typed() -> dict[str, list[str]]:
    fields = {name: request.form.getlist(name) for name in request.form if name not in NOT_TYPED}
    of_answer = request.endpoint != SAVING and mark_of(request.form) != request.form.get(ON)
    parts = {part for part, names in PARTS.items() if part != g.get("sent_part") and _has(part, names)}
    if not of_answer and not parts:
        return {}
    return {name: values for name, values in fields.items() if _is_part(name, parts, of_answer=of_answer)}


def _has(part: str, names: Sequence[str]) -> bool:
    return any(request.form.get(f"{part}{name}", "").strip() for name in names)


def _is_part(name: str, parts: set[str], *, of_answer: bool) -> bool:
    part = next((part for part in (TASK, REMARK) if name.startswith(part)), "")
    return part in parts if part else of_answer
