"""The letters about what is sold. Their words are in templates/emails; here is who gets which."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from app import mail
from app.catalog.change_models import ChangeRequest, ChangeState

SUBJECTS = {
    ChangeState.APPROVED: "Ändringen gäller nu",
    ChangeState.RETURNED: "Er ändring behöver skrivas om",
    ChangeState.DECLINED: "Ändringen blir inte av",
}


def tell_decided(request: ChangeRequest, *, now: datetime) -> None:
    """To the member: what we say to the change it has asked for."""
    if request.member is None:
        return
    link = f"{current_app.config['BASE_URL']}/medlem/andringar/{request.id}"
    body = mail.words("change_decided", request=request, article=request.about, link=link)
    subject = f"{SUBJECTS[request.state]}: {request.about.name}"
    to = (request.member.name, request.member.email)
    mail.write(kind="change_decided", to=to, subject=subject, body=body, now=now)
