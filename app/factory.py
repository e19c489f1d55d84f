"""Puts the house together: settings, extensions, counters, error pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask_bootstrap
from flask import Flask
from flask_babel import Babel, get_locale
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import user_logged_out
from flask_security import Security
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, formats, jobs, queue
from app.accounts.actions import datastore
from app.accounts.emails import LetterPost
from app.accounts.messages import MESSAGES
from app.db import db
from app.errors import NotYours, Refused
from app.hooks import sending
from app.invoicing.sending import inbox, outgoing
from app.mail import one_stop
from app.ocr import OcrAgreement, OcrControl
from app.pages import (
    account,
    api,
    buyer,
    company,
    doors,
    guesses,
    links,
    member,
    public,
    refusals,
    signing_in,
    staff,
    web,
    webhooks,
)
from app.pages.buyer import baskets
from app.pages.public import by_link
from app.pages.requests import HouseRequest
from app.pages.stacking import stacked
from app.payments import stripe_client
from app.postgresql import BriefCursor
from app.tenders.watching import whereabouts
from app.turns import InTurn
from app.units import UNITS_BY_KIND, UnitKind
from config import ROOT, Config

LARGEST_UPLOAD = 30 * 1024 * 1024
SIGN_IN_LIMIT = "10 per minute; 50 per hour"

csrf = CSRFProtect()
babel = Babel()
bootstrap = flask_bootstrap.Bootstrap5()
compress = Compress()


def create_app(config: Config) -> Flask:
    """One app, ready to serve or to work."""
    app = Flask("app", template_folder=str(ROOT / "templates"))
    app.request_class = HouseRequest
    app.config.from_mapping(_settings(config))
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.before_request(web.begin)  # before any extension reads what was sent
    db.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=web.language)
    bootstrap.init_app(app)
    compress.init_app(app)
    security = Security(app, datastore, mail_util_cls=LetterPost, login_form=signing_in.SignInForm)
    # The library's own would read any JSON for a token, however large it is. Our tokens are the API's.
    security.login_manager.request_loader(lambda _request: None)
    user_logged_out.connect(baskets.leave, app)
    app.extensions[jobs.QUEUE] = queue.Queue(
        app, folder=str(config.instance), redis_url=config.redis_url, companions=[sending.run, outgoing.run, inbox.run]
    )
    app.url_map.converters["int"] = web.RowNumber
    _open_counters(app)
    _limit_requests(app, config)
    _prepare_templates(app, config)
    links.init_app(app)
    cli.init_app(app)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, config.proxies, config.proxies, config.proxies)  # type: ignore[method-assign]
    return app


def _settings(config: Config) -> dict[str, Any]:
    """Our settings in the names that Flask and its extensions know them by."""
    return {
        "SECRET_KEY": config.secret_key,
        "SECURITY_PASSWORD_SALT": config.password_salt,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config),
        "PERSONAL_DATA_KEYS": config.personal_data_keys,
        "PRODUCTION": config.production,
        "BASE_URL": config.base_url,
        "MAIL_URL": config.mail_url,
        "MAIL_FROM": config.mail_from,
        "ACCESS_POINT_URL": config.access_point_url,
        "ACCESS_POINT_KEY": config.access_point_key,
        "INVOICE_DROP_FOLDER": config.drop_folder,
        "OCR": OcrAgreement(OcrControl(config.ocr_control), config.ocr_lengths),
        "FILES": config.instance / "files",
        "FONTS": config.instance / "fonts",
        "LETTERS": config.instance / "letters",
        "STRIPE_SECRET_KEY": config.stripe_secret_key,
        "STRIPE_WEBHOOK_SECRET": config.stripe_webhook_secret,
        "STRIPE_BASE": config.stripe_base,
        "STRIPE_PATIENCE": stripe_client.PATIENCE,
        "TRUSTED_HOSTS": config.hosts,
        "MAX_CONTENT_LENGTH": LARGEST_UPLOAD,
        "MAX_FORM_PARTS": 5000,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=7),
        "SESSION_COOKIE_SECURE": config.base_url.startswith("https:"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": config.base_url.startswith("https:"),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "sv",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Stockholm",
        "BOOTSTRAP_SERVE_LOCAL": True,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "SECURITY_LOGIN_URL": "/logga-in",
        "SECURITY_LOGOUT_URL": "/logga-ut",
        "SECURITY_RESET_URL": "/nytt-losenord",
        "SECURITY_CHANGE_URL": "/byt-losenord",
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": 19456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
        "SECURITY_POST_LOGIN_VIEW": "public.home.mine",
        "SECURITY_POST_LOGOUT_VIEW": "public.home.start",
        "SECURITY_EMAIL_HTML": False,
        **MESSAGES,
    }


def _engine_options(config: Config) -> dict[str, Any]:
    if config.database_url.startswith("sqlite"):
        return {"pool_size": 20, "connect_args": {"factory": InTurn}}
    return {"pool_size": 10, "max_overflow": 10, "connect_args": {"cursor_factory": BriefCursor}}


def _open_counters(app: Flask) -> None:
    app.after_request(refusals.add_headers)
    for counter in (public, buyer, member, staff, account, api, webhooks):
        app.register_blueprint(counter.bp)
    csrf.exempt(api.bp)  # whoever shows a token is nobody's browser
    csrf.exempt(webhooks.bp)  # nor is Stripe, which signs what it sends
    app.register_error_handler(Refused, refusals.show_refusal)
    app.register_error_handler(NotYours, refusals.show_not_yours)
    app.register_error_handler(HTTPException, refusals.show_http_error)


def _limit_requests(app: Flask, config: Config) -> None:
    """Guessing passwords must be slow, and no system may crowd people out.

    Counted in Redis when there is one, else in each process.
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri=config.redis_url or "memory://")
    api.limit(limiter)
    by_link.limit(limiter)
    guesses.limit(limiter, app)
    for endpoint in ("security.login", "security.forgot_password", "security.reset_password"):
        limited: Any = limiter.limit(SIGN_IN_LIMIT, methods=["POST"])(app.view_functions[endpoint])
        app.view_functions[endpoint] = limited


def _prepare_templates(app: Flask, config: Config) -> None:
    app.jinja_env.filters.update(
        money=formats.money,
        kronor=formats.whole_kronor,
        exact_kronor=formats.exact_kronor,
        day=formats.day,
        moment=formats.moment,
        quantity=formats.quantity,
    )
    app.jinja_env.filters.update(stacked=stacked, where=whereabouts.in_words)
    app.jinja_env.globals.update(
        unit_name=formats.unit,
        how_much=formats.how_much,
        work_units=(*UNITS_BY_KIND[UnitKind.TIME], *UNITS_BY_KIND[UnitKind.WORK]),
        place_name=formats.place,
        demo=not config.production,
        get_locale=get_locale,
        company=company.Company(),
        acted_for=doors.acted_for,
        member_page=doors.page,
    )
    words: Any = app.jinja_env.globals["gettext"]
    app.jinja_env.globals["gettext"] = _ended_once(words)
    app.context_processor(company.surroundings)


def _ended_once(translated: Callable[..., str]) -> Callable[..., str]:
    """Screen words whose last name ends in a full stop, as *Ljungbacken ek. för.* does, have one and not two."""

    @pass_context
    def gettext(context: Context, words: str, /, **values: Any) -> str:
        said = translated(context, words, **values)
        return type(said)(one_stop(said)) if values else said

    return gettext
