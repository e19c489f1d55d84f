"""Sends what waits: each webhook in its own order and by itself, so that a slow one keeps nobody else waiting."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog

from app import clock, jobs, posting
from app.db import db, only_reading
from app.hooks import actions, emails, queries, signing
from app.hooks.actions import Outcome
from app.hooks.models import HookMessage
from app.posting import Answer
from app.queue import InApp

log = structlog.get_logger()

IN_ONE_GO = 5
"""So many messages go to one address before others have their turn."""
SIDE_BY_SIDE = 8
"""So many addresses are sent to at the same time by one worker."""


def run(in_app: InApp, stop: threading.Event) -> None:
    """Beside the jobs: look each second for what is due. A database that is away for a while comes back."""
    only_reading.set(True)  # to look takes nobody's place; what is sent has threads of its own
    going_on: set[int] = set()
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="webhook") as pool:
        while not stop.wait(1):
            try:
                with in_app():
                    found = queries.due(clock.now())
                    db.session.rollback()
                for hook_id in set(found) - going_on:
                    going_on.add(hook_id)
                    pool.submit(_send_in_thread, in_app, hook_id, going_on)
            except Exception as trouble:  # A worker goes on with its jobs, and so with this.
                log.warning("webhooks not looked after", trouble=str(trouble))


def _send_in_thread(in_app: InApp, hook_id: int, going_on: set[int]) -> None:
    try:
        with in_app():
            send_to(hook_id)
    except Exception:
        log.exception("webhook failed", webhook=hook_id)
    finally:
        going_on.discard(hook_id)


def send_due() -> int:
    """Send to all that are due, one after the other; returns how many there were."""
    found = queries.due(clock.now())
    for hook_id in found:
        send_to(hook_id)
    return len(found)


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
