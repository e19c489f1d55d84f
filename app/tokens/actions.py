"""Making and revoking tokens, and keeping the answers that may be asked for twice."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app import audit, jobs, particulars
from app.accounts.models import Seat, User
from app.db import db, only_reading
from app.errors import Refused
from app.tokens import queries
from app.tokens.models import ApiReply, ApiToken

MARK = "samsalj_"
"""How every token begins, so that whoever finds one in a log or a repository knows what it is."""
PREFIX = len(MARK) + 4
MOST_TOKENS = 20
LONGEST = timedelta(days=366)
SELDOM = timedelta(minutes=10)
KEPT = timedelta(days=7)
"""So long the same idempotency key is given the same answer."""


def make_token(seat: Seat, name: str, lifetime: timedelta, *, by: User, now: datetime) -> tuple[ApiToken, str]:
    """A new token for a seat, and its secret, which is to be shown once and kept nowhere. Raises Refused."""
    if not timedelta(0) < lifetime <= LONGEST:
        raise Refused("En nyckel gäller högst ett år.")
    if len(queries.live_tokens(seat, now)) >= MOST_TOKENS:
        raise Refused(f"Du har redan {MOST_TOKENS} nycklar som gäller. Återkalla en som inte används först.")
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        seat_id=seat.id,
        name=particulars.line(name, "Namnet"),
        prefix=secret[:PREFIX],
        digest=queries.digest(secret),
        created_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(token)
    audit.record(token, "token made", by=by, now=now, name=token.name)
    return token, secret


def revoke(token: ApiToken, *, by: User, now: datetime) -> ApiToken:
    """The token opens nothing any more. To revoke it twice is no fault."""
    if token.revoked_at is None:
        token.revoked_at = now
        audit.record(token, "token revoked", by=by, now=now, name=token.name)
    return token


def note_use(token: ApiToken, now: datetime) -> bool:
    """Write down that a token is used, now and then; whether it did, and so ended the transaction.

    It is a transaction of its own, as a request that only reads must not wait for the writer's place while it reads.
    """
    if token.last_used_at is not None and now - token.last_used_at < SELDOM:
        return False
    token_id = token.id
    db.session.rollback()
    before = only_reading.set(False)
    try:
        db.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
        jobs.checkpoint()
    finally:
        only_reading.reset(before)
    return True


def claim(seat_id: int, key: str, asked: str, *, now: datetime) -> tuple[ApiReply, bool]:
    """The reply that belongs to an idempotency key, and whether it has been given before.

    A new one is written at once: whoever comes with the same key at the same moment waits until this transaction has
    ended, and then finds the answer, or that nothing was done.
    """
    if found := queries.reply(seat_id, key):
        return found, True
    reply = ApiReply(seat_id=seat_id, key=key, asked=asked, status=0, body="", created_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(reply)
    except IntegrityError:
        found = queries.reply(seat_id, key)
        if found is None:
            raise
        return found, True
    return reply, False


@jobs.every_minute
def forget_replies(now: datetime) -> None:
    """Answers are kept as long as somebody may ask again."""
    db.session.execute(delete(ApiReply).where(ApiReply.created_at < now - KEPT))
