"""What one installation needs to know, read once from the environment; a missing secret stops the start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.policy import default as mail_rules
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("demo", "production")
OCR_CONTROLS = ("none", "check", "length", "fixed")
DEMO_SENDER = "Samklang Sälj <post@samklang.example>"


class ConfigError(Exception):
    """The environment lacks something, or says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running installation."""

    env: str
    secret_key: str
    password_salt: str
    instance: Path
    database_url: str
    base_url: str
    mail_from: str
    """Whom letters come from, as ``Name <address>``."""
    mail_url: str | None = None
    personal_data_keys: tuple[str, ...] = ()
    """With what personal identity numbers are sealed: the first one seals, and each opens what it sealed once."""
    redis_url: str | None = None
    access_point_url: str | None = None
    """Where e-invoices are handed over, see docs/access-point.md; none where they are not."""
    access_point_key: str | None = None
    drop_folder: Path | None = None
    """Where invoices are laid for a program that fetches them; none where nothing does."""
    proxies: int = 0
    """How many proxies stand in front and may be believed about the caller's address."""
    ocr_control: str = "length"
    """How the bank checks references on our bankgiro, as agreed with it."""
    ocr_lengths: tuple[int, ...] = ()
    """One or two numbers of digits, where they are fixed."""
    stripe_secret_key: str | None = None
    """With it we ask Stripe; set together with the next, or card is not offered."""
    stripe_webhook_secret: str | None = None
    """With it Stripe signs what it tells us."""
    stripe_base: str | None = None
    """Where Stripe is asked, when it is not at its own address."""

    @property
    def takes_cards(self) -> bool:
        """Whether customers may pay by card."""
        return self.stripe_secret_key is not None

    @property
    def production(self) -> bool:
        """Whether real people's orders are at stake."""
        return self.env == "production"

    @property
    def hosts(self) -> list[str]:
        """The host names under which the site answers."""
        own = urlsplit(self.base_url).hostname or ""
        return [own] if self.production else [own, "127.0.0.1", "localhost"]


def from_env(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings.

    Raises ConfigError when a secret is missing in production or a value cannot be.
    """
    env = environ.get("SAMSALJ_ENV", "demo")
    if env not in ENVIRONMENTS:
        raise ConfigError(f"SAMSALJ_ENV is {env!r}; it must be one of {', '.join(ENVIRONMENTS)}.")
    instance = Path(environ.get("SAMSALJ_INSTANCE", ROOT / "instance")).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    return Config(
        env=env,
        secret_key=_secret("SECRET_KEY", environ, env, instance),
        password_salt=_secret("PASSWORD_SALT", environ, env, instance),
        instance=instance,
        database_url=_database_url(environ.get("DATABASE_URL"), instance),
        base_url=_base_url(environ, env),
        mail_from=_mail_from(environ, env),
        mail_url=environ.get("MAIL_URL") or None,
        redis_url=environ.get("REDIS_URL") or None,
        personal_data_keys=_personal_data_keys(environ, env, instance),
        access_point_url=_access_point(environ),
        access_point_key=environ.get("ACCESS_POINT_KEY") or None,
        drop_folder=_folder("INVOICE_DROP_FOLDER", environ),
        proxies=_count("TRUSTED_PROXIES", environ),
        ocr_control=_ocr_control(environ),
        ocr_lengths=_ocr_lengths(environ),
        **_stripe(environ),
    )


def _stripe(environ: Mapping[str, str]) -> dict[str, str | None]:
    """Both secrets or neither: with one alone we would take money and never hear of it. Neither has a default."""
    key, hook = environ.get("STRIPE_SECRET_KEY") or None, environ.get("STRIPE_WEBHOOK_SECRET") or None
    if (key is None) != (hook is None):
        raise ConfigError("STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together. Set both, or neither.")
    if key is not None and not key.startswith(("sk_", "rk_")):
        raise ConfigError("STRIPE_SECRET_KEY is no secret key: those begin with sk_ or rk_.")
    if hook is not None and not hook.startswith("whsec_"):
        raise ConfigError("STRIPE_WEBHOOK_SECRET is no signing secret: those begin with whsec_.")
    return {"stripe_secret_key": key, "stripe_webhook_secret": hook, "stripe_base": _stripe_base(environ)}


def _stripe_base(environ: Mapping[str, str]) -> str | None:
    """Any server over https, and this machine also without: keys and amounts cross no network in the clear."""
    given = environ.get("STRIPE_BASE")
    if not given:
        return None
    parts = urlsplit(given)
    here = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if not (parts.hostname and (parts.scheme == "https" or here)) or parts.username or parts.query:
        raise ConfigError(f"STRIPE_BASE is {given!r}; it must be an https address, or http on 127.0.0.1.")
    return given.rstrip("/")


def _secret(name: str, environ: Mapping[str, str], env: str, instance: Path) -> str:
    """A secret from the environment; only a demonstration may draw one by lot and keep it with its data."""
    if given := environ.get(name):
        if len(given) < 32:
            raise ConfigError(f"{name} is shorter than 32 characters.")
        return given
    if env == "production":
        raise ConfigError(f"{name} is missing. Set it to a long random text, and keep it secret.")
    kept = instance / f"{name.lower()}.txt"
    if not kept.exists():
        _write_once(kept, secrets.token_urlsafe(48))
    return kept.read_text(encoding="utf-8")


def _personal_data_keys(environ: Mapping[str, str], env: str, instance: Path) -> tuple[str, ...]:
    """One key, or several with commas between them while an older one is being replaced."""
    name = "PERSONAL_DATA_KEY"
    given = [key.strip() for key in environ.get(name, "").split(",") if key.strip()] or [""]
    return tuple(_secret(name, {name: key}, env, instance) for key in given)


def _write_once(path: Path, text: str) -> None:
    """Two processes may start at the same moment; a hard link lets only the first one's secret count."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _database_url(given: str | None, instance: Path) -> str:
    if not given:
        return f"sqlite:///{instance / 'samsalj.db'}"
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            return "postgresql+psycopg://" + given.removeprefix(short)
    return given


def _base_url(environ: Mapping[str, str], env: str) -> str:
    given = environ.get("SAMSALJ_URL")
    if not given:
        if env == "production":
            raise ConfigError("SAMSALJ_URL is missing. Set it to the address people use, such as https://salj.example.")
        return f"http://127.0.0.1:{environ.get('PORT', '8000')}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(f"SAMSALJ_URL is {given!r}, which is no web address.")
    return given.rstrip("/")


def _access_point(environ: Mapping[str, str]) -> str | None:
    """Invoices hold what is nobody else's business, so they go over TLS, but to a gateway on this very machine."""
    given, key = environ.get("ACCESS_POINT_URL", "").strip(), environ.get("ACCESS_POINT_KEY", "")
    if not given and not key:
        return None
    parts = urlsplit(given)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ConfigError(f"ACCESS_POINT_URL is {given!r}; it must be an https address that ends with its path.")
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError("ACCESS_POINT_KEY is missing, or is no key: it is what the access point knows us by.")
    return given.rstrip("/")


def _folder(name: str, environ: Mapping[str, str]) -> Path | None:
    """It need not be there now: a share may be away for a while."""
    given = environ.get(name, "").strip()
    if not given:
        return None
    if not Path(given).is_absolute():
        raise ConfigError(f"{name} is {given!r}; it must be a whole path, from the root.")
    return Path(given)


def _mail_from(environ: Mapping[str, str], env: str) -> str:
    """Letters that leave the house need a sender who can be answered; those laid as files may have a made-up one."""
    given = environ.get("MAIL_FROM", "").strip()
    if given:
        return _sender(given)
    if env == "production" and environ.get("MAIL_URL"):
        raise ConfigError("MAIL_FROM is missing. Set it to whom letters come from: Name <address>.")
    return DEMO_SENDER


def _sender(given: str) -> str:
    """Raises ConfigError for anything but one address, with or without a name before it (RFC 5322 3.6.2)."""
    try:
        field = mail_rules.header_factory("From", given)
    except (ValueError, IndexError, MessageError) as wrong:  # The parser stumbles over some of what it should refuse.
        raise ConfigError(f"MAIL_FROM is {given!r}, which is no address.") from wrong
    addresses = field.addresses
    if field.defects or len(addresses) != 1 or not (addresses[0].username and addresses[0].domain):
        raise ConfigError(f"MAIL_FROM is {given!r}, which is not one address: Name <address>.")
    return given


def _count(name: str, environ: Mapping[str, str]) -> int:
    given = environ.get(name, "0")
    if not given.isdecimal():
        raise ConfigError(f"{name} is {given!r}; it must be a number.")
    return int(given)


def _ocr_control(environ: Mapping[str, str]) -> str:
    given = environ.get("OCR_CONTROL") or "length"
    if given not in OCR_CONTROLS:
        raise ConfigError(f"OCR_CONTROL is {given!r}; it must be one of {', '.join(OCR_CONTROLS)}.")
    return given


def _ocr_lengths(environ: Mapping[str, str]) -> tuple[int, ...]:
    """Digits in all, as ``11`` or ``11,20``. Raises ConfigError for lengths that no reference of ours can have."""
    given = environ.get("OCR_LENGTHS", "").strip()
    fixed = _ocr_control(environ) == "fixed"
    lengths = tuple(int(one) for one in given.split(",") if one.strip().isdecimal())
    if fixed != bool(given):
        raise ConfigError("OCR_LENGTHS goes with OCR_CONTROL=fixed, and fixed wants it: one or two lengths.")
    if fixed and (len(lengths) != given.count(",") + 1 or len(lengths) > 2 or not all(8 <= n <= 25 for n in lengths)):
        raise ConfigError(f"OCR_LENGTHS is {given!r}; it must be one or two lengths of 8 to 25 digits, as 11,20.")
    return lengths
