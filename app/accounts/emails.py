"""Flask-Security's letters go the way of all letters: written in the transaction, delivered by a worker."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request
from flask_security.mail_util import MailUtil

from app import clock, jobs, mail


class LetterPost(MailUtil):
    """Where the library would send, we write a letter."""

    def validate(self, email: str) -> str:
        """An address that has an account has been used before; asking the net about it would only be slow."""
        normal: str = self.normalize(email)
        return normal

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
        """Write the letter, and save it with whatever else the request did: not all of the library's views commit."""
        user = context.get("user")
        address = recipient if isinstance(recipient, str) else recipient[1]
        name = user.name if user else address
        mail.write(kind=template, to=(name, address), subject=subject, body=body or "", now=clock.now())
        after_this_request(_save)


def _save(response: Response) -> Response:
    jobs.checkpoint()
    return response
