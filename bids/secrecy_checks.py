"""The gaps of what is to be kept secret. A bad request stops no bid: it only leaves it public.

A single secret price does: no masked copy can be made that keeps it, and it would be public the moment it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bids.gap import Gap
from bids.kinds import GapArea
from bids.masking import hidden_appendices, open_users, secrets_of, why_not_masked
from bids.offer import Offer
from bids.secrecy import Secret, SecretKind, problem
from bids.swedish import listing, local_day


def secrecy_gaps(offer: Offer) -> Iterator[Gap]:
    """Reasons that will not do, and prices that can be counted although they are hidden.

    An answer without any reason is told of with the answer.
    """
    due = local_day(offer.deadline, offer.zone)
    for secret in secrets_of(offer):
        if secret.kind is SecretKind.ANSWER and not secret.harm.strip():
            continue
        words = problem(secret, due)
        if words:
            yield _gap(_key(secret), f"{secret.where} ska vara hemligt. {words}", secret)
    words = why_not_masked(offer)
    if words:
        yield replace(_gap("derivable", words), blocking=True)
    yield from _shared(offer)


def _shared(offer: Offer) -> Iterator[Gap]:
    """Secret appendices that an answer which is not secret rests on: they are masked there too."""
    for number in sorted(hidden_appendices(offer)):
        users = open_users(offer, number)
        if users:
            refs = listing(list(dict.fromkeys(one.requirement_ref for one in users)))
            words = (
                f"Bilaga {number} är hemlig och maskeras, men visar också svaret på krav {refs}, som inte är hemligt. "
                "Lägg en egen bilaga till det svaret, om den ska kunna läsas."
            )
            yield _gap(f"shared:{number}", words)


def _key(secret: Secret) -> str:
    return ":".join(filter(None, (secret.kind, secret.lot_ref or "", secret.ref, str(secret.number or ""))))


def _gap(key: str, words: str, secret: Secret | None = None) -> Gap:
    is_answer = secret is not None and secret.kind is SecretKind.ANSWER
    return Gap(
        key=f"secrecy:{key}",
        area=GapArea.SECRECY,
        blocking=False,
        sentence=words,
        requirement_ref=secret.ref if is_answer and secret else None,
        lot_ref=secret.lot_ref if secret else None,
    )
