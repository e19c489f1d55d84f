"""Sends what waits: each webhook in its own order and by itself, so that a slow one keeps nobody else waiting."""

from __future__ import annotations

import threading
import time

from app import beside, clock, jobs, posting
from app.db import db
from app.hooks import actions, emails, queries, signing
from app.hooks.actions import Outcome
from app.hooks.models import HookMessage
from app.posting import Answer
from app.queue import InApp

IN_ONE_GO = 5
"""So many messages go to one address before others have their turn."""
SIDE_BY_SIDE = 8
"""So many addresses are sent to at the same time by one worker."""


def run(in_app: InApp, stop: threading.Event) -> None:
    """Beside the jobs: look each second for what is due."""
    beside.look_after(
        in_app, stop, what="webhook", due=lambda: queries.due(clock.now()), do=send_to, side_by_side=SIDE_BY_SIDE
    )


def send_to(hook_id: int) -> None:
    """Send a webhook its oldest messages. When we die in the midst of it, another sends the same one again later."""
    if not actions.claim(hook_id, clock.now()):
        db.session.rollback()
        return
    for _turn in range(IN_ONE_GO):
        message = queries.next_message(hook_id)
        if message is None or not _send(hook_id, message):
            break
    actions.release(hook_id)
    jobs.checkpoint()


def _send(hook_id: int, message: HookMessage) -> bool:
    """One attempt. While it lasts nothing is held in the database."""
    message_id, key, body = message.id, message.key, message.body.encode()
    address, secret = queries.target(hook_id)
    jobs.checkpoint()
    headings = signing.headings(secret, key, body, clock.now())
    began = time.monotonic()
    answer: Answer = posting.post(address, headings, body)
    milliseconds = round((time.monotonic() - began) * 1000)
    outcome = actions.note_attempt(message_id, answer, milliseconds, now=clock.now())
    if outcome == Outcome.PAUSED:
        emails.tell_paused(queries.hook_with(hook_id), answer, now=clock.now())
    jobs.checkpoint()
    return outcome == Outcome.GOES_ON
