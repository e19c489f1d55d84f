"""Flask-Security's letters go the way of all letters: written in the transaction, delivered by a worker."""

from __future__ import annotations

from typing import Any

from flask_security.mail_util import MailUtil

from app import clock, mail


class LetterPost(MailUtil):
    """Where the library would send, we write a letter."""

    def send_mail(  # noqa: PLR0917  the library calls it so
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],  # noqa: ARG002  all our letters have one sender
        body: str | None,
        html: str | None,  # noqa: ARG002  our letters are plain text
        **context: Any,
    ) -> None:
        """Write the letter; the library commits at the end of the request."""
        user = context.get("user")
        address = recipient if isinstance(recipient, str) else recipient[1]
        name = user.name if user else address
        mail.write(kind=template, to=(name, address), subject=subject, body=body or "", now=clock.now())
