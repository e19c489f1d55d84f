"""Flask-Security's letters go the way of all letters: written in the transaction, delivered by a worker."""

from __future__ import annotations

from typing import Any

from flask_security.mail_util import MailUtil

from app import clock, mail


class LetterPost(MailUtil):  # type: ignore[misc]  # the base is untyped
    """Where the library would send, we write a letter."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str,
        sender: str | tuple[str, str],  # noqa: ARG002  all our letters have one sender
        body: str | None,
        html: str | None,  # noqa: ARG002  our letters are plain text
        **context: Any,
    ) -> None:
        """Write the letter; the library commits at the end of the request."""
        user = context.get("user")
        name = user.name if user else recipient
        mail.write(kind=template, to=(name, recipient), subject=subject, body=body or "", now=clock.now())
