"""The letter to whoever has named an address that no longer answers."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from app import mail
from app.hooks.models import Webhook
from app.mail import Letter
from app.posting import Answer


def tell_paused(hook: Webhook, answer: Answer, *, now: datetime) -> Letter:
    """Nothing is sent any more, and what can be done about it."""
    user = hook.seat.user
    link = f"{current_app.config['BASE_URL']}/system/webhookar/{hook.id}"
    said = f"svarade {answer.status}" if answer.status else answer.said
    body = mail.words("webhook_paused", user=user, hook=hook, said=said, link=link)
    return mail.write(
        kind="webhook_paused", to=(user.name, user.email), subject="Din webhook är pausad", body=body, now=now
    )
