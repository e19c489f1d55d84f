"""The form of the library with which people sign in, where ours differs."""

from __future__ import annotations

from flask_security.forms import LoginForm
from wtforms import Field

from app.pages import web


class SignInForm(LoginForm):
    """A link that would lead to another site leads home: it is no fault of whoever signs in."""

    def validate_next(self, field: Field) -> None:
        """Forget it."""
        if field.data and web.own_path(field.data) is None:
            field.data = ""
