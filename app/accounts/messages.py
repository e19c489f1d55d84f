"""Flask-Security's sentences in the language of the house; the library has no Swedish of its own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

MESSAGES = {
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        _("The e-mail address or the password is wrong. Try again, or choose a new password."),
        "error",
    ),
    "SECURITY_MSG_GENERIC_RECOVERY": (
        _("If the address has an account here, a letter with a link to choose a new password is on its way to it."),
        "info",
    ),
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
        _("If the address has an account here, a letter with a link to choose a new password is on its way to it."),
        "info",
    ),
    "SECURITY_MSG_UNAUTHENTICATED": (_("Sign in to see the page."), "info"),
    "SECURITY_MSG_UNAUTHORIZED": (_("Your account does not have the right to see the page."), "error"),
    "SECURITY_MSG_EMAIL_NOT_PROVIDED": (_("Write your e-mail address."), "error"),
    "SECURITY_MSG_INVALID_EMAIL_ADDRESS": (_("That is not an e-mail address."), "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": (_("Write your password."), "error"),
    "SECURITY_MSG_PASSWORD_INVALID_LENGTH": (_("The password must have at least %(length)s characters."), "error"),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_("The two passwords are not the same."), "error"),
    "SECURITY_MSG_INVALID_PASSWORD": (_("The password is wrong."), "error"),
    "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (_("The link is not valid. Ask for a new one."), "error"),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (
        _("The link has expired. A new one has been sent to %(email)s."),
        "error",
    ),
    "SECURITY_MSG_PASSWORD_RESET": (_("You have a new password and are signed in."), "success"),
    "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (_("You have a new password. Sign in with it."), "success"),
    "SECURITY_MSG_PASSWORD_CHANGE": (_("You have a new password."), "success"),
    "SECURITY_MSG_PASSWORD_IS_THE_SAME": (_("The new password must not be the same as the old one."), "error"),
    "SECURITY_MSG_ANONYMOUS_USER_REQUIRED": (_("You are signed in already."), "info"),
    "SECURITY_MSG_DISABLED_ACCOUNT": (_("The account is closed. Call us."), "error"),
    "SECURITY_MSG_PASSWORD_TOO_SIMPLE": (_("The password is too easy to guess."), "error"),
    "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (_("Sign in again to go on."), "info"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": _("Choose a new password"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": _("Your password has been changed"),
}
